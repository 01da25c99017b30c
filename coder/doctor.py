"""Whether everything that waqai needs is here and whole: what `waqai doctor` tells, and what to send with a question."""

import hashlib
import importlib.metadata
import importlib.util
import locale
import platform
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from attrs import frozen

import coder
from coder.dictionaries import load_dictionaries
from coder.model import Story

_NEEDED = ("stanza", "torch", "attrs", "typer", "pandas", "numpy")
_EXTRAS = {"datasette": "waqai open", "fasttext": "waqai train --raw"}
_LEAST_DISK = 1_000_000_000  # bytes
_SENTENCE, _EXPECTED = "اتهمت تركيا اليونان.", ("TUR", "112", "GRC")  # ittahamat turkiyā al-yūnān "Turkey accused Greece."


@frozen
class Finding:
    """One thing looked at: `state` is ok, note (works, but worth knowing) or failed."""

    what: str
    state: str
    told: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.state:<7}{self.what}: {self.told}" + (f" ({self.remedy})" if self.remedy else "")


def examine(*, parse: bool = True, output: str = "utf-8") -> Iterator[Finding]:
    """Look at one thing after another; with `parse` a sentence is parsed and coded at the end, which takes seconds. `output` is the encoding of the
    terminal, as it was before anybody changed it."""
    yield Finding("waqai", "ok", f"{coder.__version__} in {Path(coder.__file__).parent}")
    yield Finding("Python", "ok", f"{platform.python_version()}, {platform.platform()}")
    checks: list[Callable[[], Iterator[Finding]]] = [_packages, _dictionaries, _weights, _gpu, partial(_encodings, output), _disk]
    for check in [*checks, _self_test] if parse else checks:
        try:
            yield from check()
        except Exception as error:  # a broken installation is what this command is for: it tells and goes on
            yield Finding(
                getattr(check, "__name__", "encodings").strip("_").replace("_", " "),
                "failed",
                f"{type(error).__name__}: {error}",
                "reinstall waqai, or report this",
            )


def _packages() -> Iterator[Finding]:
    required = [r.partition(";")[0].strip() for r in importlib.metadata.requires("waqai") or [] if "extra ==" not in r] if _installed("waqai") else []
    for name in _NEEDED:
        asked = next((r for r in required if r.startswith(name)), "")
        if _installed(name):
            yield Finding(name, "ok", importlib.metadata.version(name) + (f" (asked: {asked})" if asked else ""))
        else:
            yield Finding(name, "failed", "not installed", "pip install -c constraints.txt waqai")
    for name, use in _EXTRAS.items():
        there = importlib.util.find_spec(name) is not None
        yield Finding(name, "ok" if there else "note", "installed" if there else f"not installed; only {use} needs it")


def _installed(name: str) -> bool:
    try:
        importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return False
    return True


def _dictionaries() -> Iterator[Finding]:
    tables = load_dictionaries()
    told = f"sha256 {tables.digest[:16]}, {len(tables.verb_rows)} event rows, {sum(map(len, tables.actors.values()))} names"
    if not tables.verb_rows or tables.problems:
        first = str(tables.problems[0]) if tables.problems else "no event rows"
        yield Finding("dictionaries", "failed", f"{told}; {len(tables.problems)} problems, the first: {first}", "waqai check tells all")
    else:
        yield Finding("dictionaries", "ok", told)


def _weights() -> Iterator[Finding]:
    from coder.parse import WEIGHTS, ParserError, check_weights, parser_digest

    try:
        check_weights()
    except ParserError as error:
        yield Finding("parser weights", "failed", str(error))
        return
    yield Finding("parser weights", "ok", f"whole in {WEIGHTS}, parser {parser_digest('shipped')}")
    for line in (WEIGHTS / "MANIFEST.sha256").read_text(encoding="utf-8").splitlines():
        digest, name = line.split()
        yield Finding(f"  {name}", "ok", f"sha256 {digest[:16]}, {(WEIGHTS / name).stat().st_size / 1e6:.1f} MB")


def _gpu() -> Iterator[Finding]:
    import torch

    if torch.cuda.is_available():
        yield Finding("GPU", "ok", torch.cuda.get_device_name(0))
    else:
        yield Finding("GPU", "note", f"none that torch can use; parsing runs on {torch.get_num_threads()} CPU threads")


def _encodings(output: str) -> Iterator[Finding]:
    remedy = "set PYTHONUTF8=1 before you start waqai"
    for what, name in (
        ("standard output", output),
        ("file names", sys.getfilesystemencoding()),
        ("locale", locale.getpreferredencoding(False)),
    ):
        utf8 = name.lower().replace("-", "") in ("utf8", "cp65001")
        yield Finding(f"encoding of {what}", "ok" if utf8 else "note", name, "" if utf8 else remedy)


def _disk() -> Iterator[Finding]:
    for what, folder in (("here", Path.cwd()), ("for temporary files", Path(tempfile.gettempdir()))):
        free = shutil.disk_usage(folder).free
        enough = free >= _LEAST_DISK
        yield Finding(
            f"free disk {what}", "ok" if enough else "note", f"{free / 1e9:.1f} GB in {folder}", "" if enough else "make room before a long run"
        )


def _self_test() -> Iterator[Finding]:
    from coder.events import Coder
    from coder.parse import Parser

    begun = time.perf_counter()
    tables = load_dictionaries()
    story = Story("doctor", _SENTENCE, "2020-06-01")
    events = Coder(tables).code(story, Parser(whole_words=tables.whole_words()).parse(story))
    found = [(e.source, e.cameo, e.target) for e in events]
    told = f"{_SENTENCE} gave {' '.join(found[0]) if len(found) == 1 else found} in {time.perf_counter() - begun:.1f} s, loading included"
    whole = found == [_EXPECTED]
    yield Finding("self-test", "ok" if whole else "failed", told, "" if whole else f"expected {' '.join(_EXPECTED)}; reinstall waqai, or report this")


def fingerprint() -> str:
    """A short hash of version, dictionaries and parser: what a methods section can cite."""
    from coder.parse import parser_digest

    whole = "\n".join((coder.__version__, load_dictionaries().digest, parser_digest("shipped")))
    return hashlib.sha256(whole.encode()).hexdigest()[:16]
