"""The tables as they are after loading, kept in the user's cache folder so that a run starts at once.

The name of a cache file is a hash of everything that its content depends on: the tables, the code that reads them, the versions. A changed
table therefore makes another file, and an old one is never read. The file can hold nothing but records of this package: names of anything else
in it are refused, so that it can run no code; and a file or folder that others may write is not read. Whatever fails, the tables are loaded.
"""

import contextlib
import gc
import hashlib
import io
import os
import pickle
import sys
import tempfile
from collections.abc import Iterable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import attrs

_KEPT = 6  # cache files; older ones are deleted


class _Records(pickle.Unpickler):
    """Reads our own records and nothing else."""

    def find_class(self, module: str, name: str) -> Any:
        """The record of that name. Raises UnpicklingError for anything that is none."""
        if (module, name) == ("builtins", "frozenset") or module.startswith("coder."):
            found = super().find_class(module, name)
            if found is frozenset or isinstance(found, type) and attrs.has(found):
                return found
        raise pickle.UnpicklingError(f"{module}.{name} has no place in the tables")


@contextlib.contextmanager
def no_collection() -> Iterator[None]:
    """Without the garbage collector, which would walk through a hundred thousand new records again and again and find nothing."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def cache_folder() -> Path:
    """Where cache files lie: `$WAQAI_CACHE`, else the user's cache folder of the system."""
    given = os.environ.get("WAQAI_CACHE")
    if given:
        return Path(given)
    from platformdirs import user_cache_path

    return user_cache_path("waqai", appauthor=False)


def code_digest() -> str:
    """A hash of this package's code."""
    digest = hashlib.sha256()
    for source in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(source.name.encode() + b"\0" + source.read_bytes())
    return digest.hexdigest()[:16]


def tables_digest(folders: Iterable[Path]) -> str:
    """A hash of all table files in some folders, of the code that reads them and of the versions."""
    digest = hashlib.sha256(f"{sys.version} {version('attrs')}".encode())
    digest.update(code_digest().encode())
    for folder in folders:
        for path in sorted([*folder.glob("*.csv"), *folder.glob("*.txt")]):
            data = path.read_bytes()
            digest.update(f"\0{path.name}\0{len(data)}\0".encode("utf-8", "surrogatepass") + data)
        digest.update(b"\0\0")
    return digest.hexdigest()[:32]


def read_cached(digest: str) -> Any:
    """The tables kept under that hash, or None."""
    path = cache_folder() / f"tables-{digest}.bin"
    try:
        if not (_is_private(path.parent) and _is_private(path)):
            return None
        with no_collection():
            return _Records(io.BytesIO(path.read_bytes())).load()
    except Exception:  # a damaged file can raise anything; the tables are then read from their CSV
        return None


def keep(digest: str, tables: object) -> None:
    """Keep the tables under that hash if the cache folder can be written; says nothing if not."""
    folder = cache_folder()
    temporary = ""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not _is_private(folder):
            return
        handle, temporary = tempfile.mkstemp(dir=folder)  # readable by its owner only
        with os.fdopen(handle, "wb") as stream:
            pickle.dump(tables, stream, pickle.HIGHEST_PROTOCOL)
        os.replace(temporary, folder / f"tables-{digest}.bin")
        for old in sorted(folder.glob("tables-*.bin"), key=lambda p: p.stat().st_mtime)[:-_KEPT]:
            old.unlink(missing_ok=True)
    except OSError:
        if temporary:
            with contextlib.suppress(OSError):
                Path(temporary).unlink(missing_ok=True)


def _is_private(path: Path) -> bool:
    """Whether the file or folder is the user's own and nobody else may write it."""
    if not hasattr(os, "getuid"):
        return True  # Windows: the user's cache folder is private by its place
    status = path.stat()
    return status.st_uid == os.getuid() and not status.st_mode & 0o022
