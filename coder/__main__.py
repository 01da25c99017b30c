"""Start the command line from a wheel (where it lies at `coder/cli.py`) and from a checkout (where it lies beside the package)."""

import importlib.util
from pathlib import Path
from types import ModuleType


def command_line() -> ModuleType:
    """The module with the Typer app, wherever it lies."""
    here = Path(__file__).parent
    path = next(p for p in (here / "cli.py", here.parent / "cli.py") if p.is_file())
    spec = importlib.util.spec_from_file_location("coder.cli", path)
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main() -> None:
    """Run the Typer app."""
    command_line().app()


if __name__ == "__main__":
    main()
