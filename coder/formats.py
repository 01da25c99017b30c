"""The dataset formats by name: columns, file name ending, header, and the pure function that makes a row; and writers that stream them.

Datasets count an event once, and only what happened (`status` actual); the native table, Parquet and SQLite keep every mention. Each writer takes
the events of a run as they come and holds no more than one story, save Parquet, which holds a row group, and Phoenix, which sorts in a temporary file.
"""

import csv
import itertools
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache, partial
from operator import attrgetter, itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TextIO

import attrs
from attrs import define, field, frozen

from coder.gdelt import GDELT1_COLUMNS, GDELT2_COLUMNS, gdelt1_row, gdelt2_row
from coder.icews import ICEWS_COLUMNS, icews_row
from coder.model import Event
from coder.output import COLUMNS, native_row
from coder.phoenix import PHOENIX_COLUMNS, event_id, join_day, one_a_day, phoenix_key, phoenix_row
from coder.plover import MARKS, POLECAT_COLUMNS, has_type, plover_line, polecat_row
from coder.told import ACTUAL, Told, tell_once

if TYPE_CHECKING:
    import pyarrow

INTEGERS = frozenset({"sentence", "start", "end"})
NUMBERS = frozenset({"goldstein", "latitude", "longitude"})  # of Parquet and SQLite; text in the native table
QUADS = ("usual", "gdelt")
NO_PYARROW = "Parquet needs pyarrow: pip install 'waqai[parquet]'"
_ROW_GROUP = 50_000  # rows that the Parquet writer holds
_CHUNK = 2_000  # rows that go to a file or a database at once


class FormatError(ValueError):
    """A format that does not exist or cannot be written here, with the remedy."""


@frozen
class Format:
    """A dataset format: `row` makes the cells of one event. `suffix` follows the name of the output; `needs` tells which events have a row."""

    name: str
    suffix: str
    columns: tuple[str, ...]
    row: Callable[[Told], tuple[str, ...]]
    header: bool = False
    delimiter: str = "\t"
    statuses: frozenset[str] = frozenset({ACTUAL})
    needs: Callable[[Told], bool] = lambda told: True


DATASETS = {
    f.name: f
    for f in (
        Format("gdelt1", ".gdelt1.export.CSV", GDELT1_COLUMNS, gdelt1_row),
        Format("gdelt2", ".gdelt2.export.CSV", GDELT2_COLUMNS, gdelt2_row),
        Format("icews", ".icews.tab", ICEWS_COLUMNS, icews_row, header=True),
        Format("phoenix", ".phoenix.txt", PHOENIX_COLUMNS, phoenix_row),
        Format("polecat", ".polecat.txt", POLECAT_COLUMNS, polecat_row, header=True, needs=has_type),
        Format("plover", ".plover.jsonl", ("record",), plover_line, statuses=frozenset(MARKS), needs=has_type),
    )
}
TABLES = {"native": ".csv", "parquet": ".parquet", "sqlite": ".sqlite"}
FORMATS = ("native", *DATASETS, "parquet", "sqlite")


def dataset(name: str, quads: str = "usual") -> Format:
    """The format of that name, with GDELT's quad classes as asked."""
    found = DATASETS[name]
    gdelt = {"gdelt1": gdelt1_row, "gdelt2": gdelt2_row}.get(name)
    return attrs.evolve(found, row=partial(gdelt, quads=quads)) if gdelt else found


def format_names(text: str) -> list[str]:
    """Format names of a list with commas, each once, in the order given. Raises FormatError naming all that there are."""
    names = list(dict.fromkeys(part.strip().lower() for part in text.split(",") if part.strip()))
    unknown = [name for name in names if name not in FORMATS]
    if unknown or not names:
        raise FormatError(f"--format {text!r}: {', '.join(unknown) or 'nothing'} is no format; there are {', '.join(FORMATS)}")
    return names


def suffix(name: str) -> str:
    """What the file name of a format ends with."""
    return TABLES.get(name) or DATASETS[name].suffix


class Writer(Protocol):
    """Writes the events of a run in one format; `rows` and `left_out` count."""

    rows: int
    left_out: int

    def write(self, events: Sequence[Event]) -> None:
        """Take the events of one or more whole stories."""

    def close(self) -> None:
        """Write what is left."""


@define
class NativeWriter:
    """The native table: every mention, UTF-8 CSV."""

    stream: TextIO
    rows: int = 0
    left_out: int = 0
    _csv: Any = None

    def __attrs_post_init__(self) -> None:
        self._csv = csv.writer(self.stream, lineterminator="\n")
        self._csv.writerow(COLUMNS)

    def write(self, events: Sequence[Event]) -> None:
        self._csv.writerows(map(native_row, events))
        self.rows += len(events)

    def close(self) -> None:
        self.stream.flush()


@define
class TextWriter:
    """A dataset format as lines of text. Numbers of events and stories go on from one call of `write` to the next."""

    stream: TextIO
    format: Format
    rows: int = 0
    left_out: int = 0
    _events: int = 0
    _stories: int = 0

    def __attrs_post_init__(self) -> None:
        if self.format.header:
            self.stream.write(self.format.delimiter.join(self.format.columns) + "\n")

    def write(self, events: Sequence[Event]) -> None:
        self.stream.writelines(f"{self.format.delimiter.join(row)}\n" for row in self._rows(events))

    def _rows(self, events: Sequence[Event]) -> Iterator[tuple[str, ...]]:
        row, needs = self.format.row, self.format.needs
        self.left_out += sum(e.status not in self.format.statuses for e in events)
        told = None
        events_before, stories_before = self._events, self._stories
        for told in tell_once(events, self.format.statuses):
            told.number += events_before
            told.story += stories_before
            if needs(told):
                self.rows += 1
                yield row(told)
            else:
                self.left_out += told.mentions
        if told is not None:
            self._events, self._stories = told.number, told.story

    def close(self) -> None:
        self.stream.flush()


@define
class PhoenixWriter(TextWriter):
    """Phoenix allows one row a day for a source, target and code: the rows are sorted in a temporary file and joined at the end."""

    _sorted: sqlite3.Connection = field(init=False)

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        self._sorted = sqlite3.connect("")  # SQLite's own temporary file, removed when it is closed
        self._sorted.execute("PRAGMA journal_mode=OFF")
        self._sorted.execute("CREATE TABLE rows (date TEXT, source TEXT, target TEXT, code TEXT, number INTEGER, cells TEXT)")

    def write(self, events: Sequence[Event]) -> None:
        before = self.rows
        keyed = ((*phoenix_key(row), number, "\t".join(row)) for number, row in enumerate(self._rows(events), before))
        self._sorted.executemany("INSERT INTO rows VALUES (?, ?, ?, ?, ?, ?)", keyed)

    def close(self) -> None:
        found = self._sorted.execute("SELECT date, source, target, code, cells FROM rows ORDER BY date, source, target, code, number")
        self.stream.writelines(self._lines(found))
        self._sorted.close()
        self.stream.flush()

    def _lines(self, found: Iterable[tuple[str, ...]]) -> Iterator[str]:
        """Lines of the sorted rows; cells begin with an empty event id."""
        self.rows = 0
        for (date, *_), group in itertools.groupby(found, itemgetter(0, 1, 2, 3)):
            lines = [line for *_, line in group]
            if len(lines) > 1:
                lines = ["\t".join(row) for row in join_day(date, [tuple(line.split("\t")) for line in lines])]
            for line in lines:
                self.rows += 1
                yield f"{event_id(self.rows)}{line}\n"


@define
class SqliteWriter:
    """The native table as table `events` of an SQLite database; numbers are numbers, empty ones NULL."""

    path: Path
    rows: int = 0
    left_out: int = 0
    _base: sqlite3.Connection = field(init=False)

    def __attrs_post_init__(self) -> None:
        self.path.unlink(missing_ok=True)
        self._base = sqlite3.connect(self.path, isolation_level=None)
        self._base.execute("PRAGMA journal_mode=OFF")
        self._base.execute("PRAGMA synchronous=OFF")
        kinds = {**dict.fromkeys(INTEGERS, "INTEGER"), **dict.fromkeys(NUMBERS, "REAL")}
        self._base.execute("CREATE TABLE events (" + ", ".join(f'"{c}" {kinds.get(c, "TEXT")}' for c in COLUMNS) + ")")
        self._base.execute("BEGIN")

    def write(self, events: Sequence[Event]) -> None:
        marks = ", ".join("?" for _ in COLUMNS)
        self._base.executemany(f"INSERT INTO events VALUES ({marks})", map(typed_row, events))
        self.rows += len(events)

    def close(self) -> None:
        self._base.execute("COMMIT")
        self._base.close()


@define
class ParquetWriter:
    """The native table as Parquet (zstd), a row group of 50,000 rows at a time. Raises FormatError where pyarrow is not installed."""

    path: Path
    rows: int = 0
    left_out: int = 0
    _held: list[Event] = field(factory=list)
    _schema: "pyarrow.Schema" = field(init=False)
    _file: Any = field(init=False)

    def __attrs_post_init__(self) -> None:
        try:
            import pyarrow
            from pyarrow import parquet
        except ImportError as error:
            raise FormatError(NO_PYARROW) from error
        kinds = {**dict.fromkeys(INTEGERS, pyarrow.int64()), **dict.fromkeys(NUMBERS, pyarrow.float64())}
        self._schema = pyarrow.schema([(c, kinds.get(c, pyarrow.string())) for c in COLUMNS])
        self._file = parquet.ParquetWriter(self.path, self._schema, compression="zstd")

    def write(self, events: Sequence[Event]) -> None:
        self._held.extend(events)
        self.rows += len(events)
        while len(self._held) >= _ROW_GROUP:
            self._group(self._held[:_ROW_GROUP])
            del self._held[:_ROW_GROUP]

    def _group(self, events: Sequence[Event]) -> None:
        import pyarrow

        columns = zip(*map(_cells, events), strict=True)
        numbers = ([_number(cell) for cell in cells] if kind.name in NUMBERS else cells for cells, kind in zip(columns, self._schema, strict=True))
        arrays = [pyarrow.array(cells, kind.type) for cells, kind in zip(numbers, self._schema, strict=True)]
        self._file.write_table(pyarrow.table(arrays, schema=self._schema), row_group_size=_ROW_GROUP)

    def close(self) -> None:
        if self._held:
            self._group(self._held)
            self._held.clear()
        self._file.close()


_cells = attrgetter(*COLUMNS)
_NUMBER_PLACES = [place for place, name in enumerate(COLUMNS) if name in NUMBERS]


def typed_row(event: Event) -> list[Any]:
    """The cells of the native table with numbers as numbers; a number that is none (or empty) is None."""
    cells = list(_cells(event))
    for place in _NUMBER_PLACES:
        cells[place] = _number(cells[place])
    return cells


@lru_cache(maxsize=65536)
def _number(text: str) -> float | None:
    if not text:
        return None
    try:
        return float(text)
    except ValueError:
        return None


def text_writer(name: str, stream: TextIO, quads: str = "usual") -> Writer:
    """A writer of a text format into an open stream. Raises FormatError for a format that is no text."""
    if name == "native":
        return NativeWriter(stream)
    if name not in DATASETS:
        raise FormatError(f"{name} is no text: give --out FILE")
    return (PhoenixWriter if name == "phoenix" else TextWriter)(stream, dataset(name, quads))


def dataset_rows(name: str, events: Iterable[Event], quads: str = "usual") -> Iterator[tuple[str, ...]]:
    """The rows of a dataset format for the events of whole stories."""
    chosen = dataset(name, quads)
    rows = (chosen.row(told) for told in tell_once(events, chosen.statuses) if chosen.needs(told))
    yield from one_a_day(sorted(rows, key=phoenix_key)) if name == "phoenix" else rows


def records(lines: Iterable[tuple[str, ...]]) -> Iterator[dict[str, Any]]:
    """PLOVER records of `dataset_rows`."""
    return (json.loads(line) for (line,) in lines)
