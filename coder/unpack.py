"""Files opened as bytes, gzip unpacked on the way; a file that unpacks to far more than any text would is refused while it is read."""

import contextlib
import gzip
import io
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TextIO

MAX_RATIO = 200  # unpacked to packed bytes: news reaches 20, a gzip bomb 1,000
_FREE = 200_000_000  # bytes that any file may unpack to, whatever its ratio
MAX_LINE = 50_000_000  # characters of one line


class _Unpacked(gzip.GzipFile):
    """A gzip file that counts what it gives. Raises OSError for a bomb."""

    _given = 0

    def readinto(self, buffer: Any) -> int:
        """The next bytes."""
        got = super().readinto(buffer)
        self._given += got
        if self._given > _FREE and self._given > MAX_RATIO * self.packed_position():
            raise OSError(f"unpacks to more than {MAX_RATIO} times its size, which no news does: a gzip bomb?")
        return got

    def packed_position(self) -> int:
        """How many bytes of the file itself have been read."""
        return int(self.fileobj.tell()) if self.fileobj else 0  # type: ignore[union-attr]


def open_bytes(path: Path, buffer: int = 65_536) -> io.BufferedReader:
    """The bytes of a file, unpacked if its name ends in .gz. Raises OSError."""
    raw: Any = _Unpacked(path) if path.suffix == ".gz" else open(path, "rb", buffering=0)
    return io.BufferedReader(raw, buffer)


def position(stream: io.BufferedReader) -> int:
    """How far a stream of `open_bytes` has come in the file as it lies on the disk, in bytes."""
    raw = stream.raw
    return raw.packed_position() if isinstance(raw, _Unpacked) else raw.tell()


def bounded_lines(lines: TextIO) -> Iterator[str]:
    """The lines of a stream. Raises OSError for a line of more than MAX_LINE characters, which would fill the memory."""
    while line := lines.readline(MAX_LINE + 1):
        if len(line) > MAX_LINE:
            raise OSError(f"a line of more than {MAX_LINE} characters")
        yield line


@contextlib.contextmanager
def whole_file(path: Path) -> Iterator[TextIO]:
    """A text file that appears at `path` when it is whole: until then it is written beside it. What cannot be replaced (a pipe, a device) is
    written directly. Raises OSError."""
    if path.exists() and not path.is_file():
        with open(path, "w", encoding="utf-8", newline="") as stream:
            yield stream
        return
    path = path.resolve()  # a link stays a link
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        with open(temporary, "w", encoding="utf-8", newline="") as stream:
            yield stream
        if path.exists():
            temporary.chmod(path.stat().st_mode & 0o777)
        make_lasting(temporary, path)
    except BaseException:
        with contextlib.suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise


def make_lasting(temporary: Path, path: Path) -> None:
    """Give a whole file its name, so that a power loss leaves either the old or the new one, never half of it. Raises OSError."""
    with open(temporary, "rb+") as stream:
        os.fsync(stream.fileno())
    os.replace(temporary, path)
    if os.name != "nt":  # Windows has no handle of a folder
        folder = os.open(path.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
