"""Several formats in one pass: which file each goes to, the writing, and what stands beside them (`datapackage.json`, `manifest.json`)."""

import contextlib
import importlib.util
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TextIO

from attrs import evolve, frozen

from coder.formats import DATASETS, NO_PYARROW, FormatError, ParquetWriter, SqliteWriter, Writer, suffix, text_writer
from coder.model import Event
from coder.output import TEXTS, texts
from coder.unpack import make_lasting, whole_file

_CHUNK = 2_000  # events that go to the writers at once, and at least one story


@frozen
class Written:
    """What one format got: its file (none for standard output), rows, and events or mentions that it has no place for."""

    format: str
    path: Path | None
    rows: int
    left_out: int


def output_paths(out: Path, formats: Sequence[str]) -> dict[str, Path]:
    """The file of each format. One format: `out` itself, or in it, where it is a folder. Several: files in the folder `out`, all called `events` with
    the endings of their formats. Raises FormatError where a file stands in the way."""
    if len(formats) == 1 and not out.is_dir():
        return {formats[0]: out}
    if out.is_file() or out.suffix in (".csv", ".tab", ".txt", ".CSV", ".jsonl", ".parquet", ".sqlite"):
        raise FormatError(f"--out {out} is a file: several formats need a folder, such as --out {out.with_suffix('')}")
    return {name: out / f"events{suffix(name)}" for name in formats}


def check_targets(formats: Sequence[str], out: Path | None, inputs: Iterable[str]) -> None:
    """Raises FormatError for what could not be written after hours of work: no place for several formats or for what is no text, no pyarrow, an
    output that is one of the inputs."""
    if out is None and len(formats) > 1:
        raise FormatError("several formats need --out FOLDER")
    for name in formats:
        if out is None and name in ("parquet", "sqlite"):
            raise FormatError(f"{name} is no text: give --out FILE")
        if name == "parquet" and importlib.util.find_spec("pyarrow") is None:
            raise FormatError(NO_PYARROW)
    given = [Path(name) for name in inputs if Path(name).exists()]
    for path in output_paths(out, formats).values() if out is not None else ():
        if path.exists() and any(path.samefile(one) for one in given):
            raise FormatError(f"--out {path} is the input (choose another --out)")


def write_formats(events: Iterable[Event], paths: dict[str, Path], quads: str = "usual") -> tuple[int, list[Written]]:
    """Write all events in every format, in one pass; returns how many there were and what each format got. The folder of several files is made.
    Files appear when they are whole. Raises OSError, FormatError (before anything is written)."""
    count = 0
    if len(paths) > 1:
        next(iter(paths.values())).parent.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        writers = {name: stack.enter_context(_opened(name, path, quads)) for name, path in paths.items()}
        for batch in whole_stories(events):
            count += len(batch)
            for writer in writers.values():
                writer.write(batch)
        for writer in writers.values():
            writer.close()
    return count, [Written(name, paths[name], writer.rows, writer.left_out) for name, writer in writers.items()]


def write_stream(events: Iterable[Event], name: str, stream: TextIO, quads: str = "usual") -> tuple[int, list[Written]]:
    """Write all events in one text format into an open stream; returns what `write_formats` does. Raises FormatError for Parquet and SQLite."""
    writer, count = text_writer(name, stream, quads), 0
    for batch in whole_stories(events):
        count += len(batch)
        writer.write(batch)
    writer.close()
    return count, [Written(name, None, writer.rows, writer.left_out)]


def whole_stories(events: Iterable[Event]) -> Iterator[list[Event]]:
    """Events in lists that no story is cut by, with texts that UTF-8 can hold."""
    held: list[Event] = []
    for event in events:
        if len(held) >= _CHUNK and event.story_id != held[-1].story_id:
            yield _encodable(held)
            held = []
        held.append(event)
    if held:
        yield _encodable(held)


def _encodable(events: list[Event]) -> list[Event]:
    """The events; halves of surrogate pairs, as broken JSON gives them, are question marks. Looked for in all texts at once, since there are none."""
    try:
        "".join(map("".join, map(texts, events))).encode()
    except UnicodeEncodeError:
        return [evolve(event, **{c: getattr(event, c).encode("utf-8", "replace").decode() for c in TEXTS}) for event in events]
    return events


@contextlib.contextmanager
def _opened(name: str, path: Path, quads: str) -> Iterator[Writer]:
    """A writer of the format. The file has its name when it is whole; until then it is written beside it."""
    if name == "native" or name in DATASETS:
        with whole_file(path) as stream:
            yield text_writer(name, stream, quads)
        return
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        yield ParquetWriter(temporary) if name == "parquet" else SqliteWriter(temporary)
        make_lasting(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def left_out_notes(written: Iterable[Written]) -> Iterator[str]:
    """What formats have no place for, in words."""
    for one in written:
        if one.left_out:
            yield f"{one.format}: {one.left_out} mentions without a row (it takes {_takes(one.format)})"


def _takes(name: str) -> str:
    if name == "plover":
        return "events with a PLOVER type, not alleged ones"
    return "actual events with a PLOVER type" if name == "polecat" else "actual events"
