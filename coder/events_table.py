"""Reading native events tables: ours, those of other versions, and what spreadsheets made of them. Every fault is told with file and row; the rest is kept.

What is mended: lost zeros of CAMEO codes (45 is 045), semicolons and tabs for commas, UTF-16, single lines in Windows-1256, the apostrophes that
our writer put before formulas.
"""

import csv
import gzip
import io
import itertools
import re
import sqlite3
import sys
import warnings
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from attrs import asdict

from coder.actor_parts import code_names
from coder.formats import INTEGERS, NO_PYARROW
from coder.model import Event, InputError
from coder.output import COLUMNS
from coder.told import unguarded

if TYPE_CHECKING:
    import pandas

_NEEDED = ("event_id", "source", "target", "cameo")
_SHOWN = ("story_id", "sentence", "source", "target", "cameo", "start", "end", "rule", "event_text")
_DEFAULTS = {"status": "actual"}
_DATE = re.compile(r"(\d{4}(-\d\d(-\d\d)?)?)?\Z")
_cells = itemgetter(*COLUMNS)
_WHOLE = [place for place, name in enumerate(COLUMNS) if name in INTEGERS]
_SAID = 5  # faults of one kind that are told row by row; the others are counted
_MAX_CELL = 10_000_000


class EventsError(ValueError):
    """A file that is no native events table at all, with the remedy."""


def read_events(path: str | Path, problems: list[InputError] | None = None) -> "pandas.DataFrame":
    """A native events table (CSV, gzip of it, Parquet, SQLite) as a DataFrame: codes as text ("045" stays "045", Namibia's NA stays NA), sentence
    numbers and offsets as integers (missing where they are none), columns that the file lacks empty, columns of its own behind ours. Faults are
    added to `problems`; without it each is a warning. Raises EventsError for a file that is no events table, OSError."""
    import pandas

    found: list[InputError] = []
    table = _Table(path, found)
    rows = [list(row.values()) for row in table.rows()]
    frame = pandas.DataFrame(rows, columns=table.columns, dtype=object)
    kinds = {c: "Int64" if c in INTEGERS else "str" for c in table.columns}
    frame = frame.assign(**{c: pandas.to_numeric(frame[c], errors="coerce") for c in INTEGERS}).astype(kinds)
    if problems is None:
        for problem in found:
            warnings.warn(str(problem), stacklevel=2)
    else:
        problems += found
    return frame


def read_table(path: str | Path, problems: list[InputError]) -> Iterator[Event]:
    """Events of a native table as they are read (`-`: standard input); faults are added to `problems`. Raises EventsError, OSError."""
    for row in _Table(path, problems).rows():
        cells = list(_cells(row))
        for place in _WHOLE:
            cells[place] = int(cells[place] or 0)
        yield Event(*cells)


def read_rows(path: str | Path, problems: list[InputError] | None = None) -> Iterator[dict[str, str]]:
    """The rows of a native table as text by column name, as they are read; faults are added to `problems`. Raises EventsError for a file that is none, or
    that lacks a column without which an event cannot be shown, OSError."""
    table = _Table(path, [] if problems is None else problems)
    lacking = table.lacking(_SHOWN)
    if lacking:
        raise EventsError(f"{path}: no native event table, it lacks the columns {', '.join(lacking)} (write one with `waqai code --out`)")
    for row in table.rows():
        yield {name: value if value.__class__ is str else str(value) for name, value in row.items()}


def event_of(row: dict[str, Any]) -> Event:
    """An event from the cells of a row by column name; columns that an Event has not are passed over, missing ones empty."""
    cells: dict[str, Any] = {name: _whole(row.get(name)) if name in INTEGERS else _text(row.get(name)) for name in COLUMNS}
    return Event(**cells)


@lru_cache(maxsize=65536)
def _is_date(text: str) -> bool:
    return _DATE.match(text) is not None


def _whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        return 0


def _text(value: Any) -> str:
    return value if isinstance(value, str) else "" if str(value) in ("None", "nan", "<NA>", "NaT") else str(value)


def is_loss(problem: InputError) -> bool:
    """Whether something of the table could not be kept; what was mended, or told only, was."""
    return "row is left out" in problem.remedy or "before it are kept" in problem.remedy


def _whole_code(code: str, quad: str, lost_zeros: bool) -> str:
    """The code with the zero that a spreadsheet has eaten: 45 is 045. 10 to 20 are what it makes of 010 to 020, and roots of CAMEO, which no row of
    ours has; where they come from 010 to 020 their quad is 1, that of the roots 3 or 4; `lost_zeros` decides where there is no quad."""
    padded = "0" + code
    if padded not in code_names() or code in code_names() and (quad != "1" if quad else not lost_zeros):
        return code
    return padded


class _Table:
    """One events table: its columns, ours first, and its rows with what can be mended mended."""

    def __init__(self, path: str | Path, problems: list[InputError]) -> None:
        self.path, self.label, self.problems = Path(path), "standard input" if str(path) == "-" else str(path), problems
        self._told: dict[str, int] = {}
        self._lost_zeros = False
        self._source = self._start()
        names = next(self._source, None)
        if names is None:
            raise EventsError(f"{self.label}: the file is empty (an events table has a header even without events)")
        self._names = [str(name).strip() for name in names]
        missing = [name for name in _NEEDED if name not in self._names]
        if missing:
            shown = ", ".join(self._names)[:200]
            raise EventsError(f"{self.label}: no column {', '.join(missing)}; it has {shown} (give a table that `waqai code` has written)")
        others = [name for name in self._names if name and name not in COLUMNS]
        self.columns = [*COLUMNS, *dict.fromkeys(others)]
        lacking = [name for name in COLUMNS if name not in self._names]
        if lacking:
            self._tell(1, f"no column {', '.join(lacking)}", "another version has written it; these cells are empty")

    def lacking(self, columns: Iterable[str]) -> list[str]:
        """Which of these columns the file has not."""
        return sorted(set(columns) - set(self._names))

    def rows(self) -> Iterator[dict[str, Any]]:
        """Every row by column name, in the order of `columns`."""
        blank = dict.fromkeys(self.columns, "") | dict.fromkeys(INTEGERS, "") | _DEFAULTS
        width, number = len(self._names), 1
        for cells in self._source:
            number += 1
            if not any(cells):
                continue
            if len(cells) > width and any(cells[width:]):
                self._tell(number, f"{len(cells)} cells where the header has {width}", "a text with commas needs quotes; the row is left out")
                continue
            if len(cells) < width:
                self._tell(number, f"{len(cells)} cells where the header has {width}", "the cells that are not there are empty")
            row = blank | dict(zip(self._names, cells, strict=False))
            row.pop("", None)
            self._mend(number, row)
            yield row
        for what, count in self._told.items():
            if count > _SAID:
                self.problems.append(InputError(self.label, f"{count - _SAID} more rows: {what}"))

    def _mend(self, number: int, row: dict[str, Any]) -> None:
        if len(row["cameo"]) == 2 or row["cameo"] not in code_names():
            self._mend_code(number, row)
        for name in INTEGERS:
            value = row[name]
            if value.__class__ is str and value and not value.isdecimal():
                row[name] = value[:-2] if value.endswith(".0") and value[:-2].isdecimal() else ""
                if row[name] == "":
                    self._tell(number, f"{name} is no whole number", f"it is {value!r}; the cell is empty")
        if not _is_date(row["event_date"]):
            self._tell(number, "event_date is not YYYY-MM-DD", f"it is {row['event_date']!r}; formats with dates leave it empty")

    def _mend_code(self, number: int, row: dict[str, Any]) -> None:
        code = str(row["cameo"]).removesuffix(".0").strip()
        whole = _whole_code(code, row["quad"], self._lost_zeros)
        if whole != code:
            self._lost_zeros = True
            self._tell(number, "a CAMEO code has lost its zero", f"read as {whole}; open CSV files in a spreadsheet with the column as text")
        elif code not in code_names():
            self._tell(number, f"unknown CAMEO code {code!r}", "see `waqai codes`; the row is kept")
        row["cameo"] = whole

    def _tell(self, number: int, what: str, remedy: str) -> None:
        self._told[what] = self._told.get(what, 0) + 1
        if self._told[what] <= _SAID:
            self.problems.append(InputError(f"{self.label}:{number}", what, remedy))

    # ------------------------------------------------------------------------------------------------ cells

    def _start(self) -> Iterator[list[Any]]:
        """The header and then the rows of whatever the file is."""
        if self.label == "standard input":
            return self._csv(sys.stdin.buffer)
        with open(self.path, "rb") as stream:
            magic = stream.read(16)
        if magic.startswith(b"PAR1"):
            return self._parquet()
        if magic.startswith(b"SQLite format 3"):
            return self._sqlite()
        return self._csv(gzip.open(self.path, "rb") if magic.startswith(b"\x1f\x8b") else open(self.path, "rb"))  # type: ignore[arg-type]

    def _csv(self, stream: BinaryIO) -> Iterator[list[Any]]:
        csv.field_size_limit(max(csv.field_size_limit(), _MAX_CELL))
        with stream:
            lines = self._lines(stream)
            first = next(lines, "")
            delimiter = max(",;\t", key=first.count)
            reader = csv.reader(itertools.chain([first] if first else [], lines), delimiter=delimiter)
            while True:
                try:
                    cells = next(reader, None)
                except csv.Error as error:  # the reader goes on with the next line
                    self._tell(reader.line_num, f"is no row: {error}", "the row is left out")
                    cells = []
                except (OSError, EOFError, zlib.error) as error:
                    fault = InputError(self.label, f"cannot be read behind row {reader.line_num}: {error}", "the rows before it are kept")
                    self.problems.append(fault)
                    return
                if cells is None:
                    return
                line = "\t".join(cells)
                yield [unguarded(cell) for cell in cells] if "\t'" in line or line[:1] == "'" else cells

    def _lines(self, stream: BinaryIO) -> Iterator[str]:
        """Lines as text. A line that is not UTF-8 is read as Windows-1256, the old Arabic encoding, and told by its line number."""
        start = stream.peek(2)[:2] if isinstance(stream, io.BufferedReader | gzip.GzipFile) else b""
        if start in (b"\xff\xfe", b"\xfe\xff"):
            self._tell(1, "is UTF-16", "read so; UTF-8 is what we write")
            yield from io.TextIOWrapper(stream, "utf-16", errors="replace", newline="")
            return
        for number, line in enumerate(stream, 1):
            try:
                text = line.decode("utf-8-sig" if number == 1 else "utf-8")
            except UnicodeDecodeError:
                text = line.decode("cp1256", errors="replace")
                self._tell(number, "is not UTF-8", "read as Windows-1256; files of two encodings have been joined")
            if "\0" in text:
                text = text.replace("\0", "")
                self._tell(number, "holds NUL characters", "taken out")
            yield text

    def _parquet(self) -> Iterator[list[Any]]:
        try:
            from pyarrow import parquet
        except ImportError as error:
            raise EventsError(f"{self.label}: {NO_PYARROW}") from error
        with parquet.ParquetFile(self.path) as file:
            yield file.schema_arrow.names
            for batch in file.iter_batches():
                yield from _texts(zip(*(column.to_pylist() for column in batch.columns), strict=True))

    def _sqlite(self) -> Iterator[list[Any]]:
        base = sqlite3.connect(f"{self.path.resolve().as_uri()}?mode=ro", uri=True)
        try:
            cursor = base.execute("SELECT * FROM events")
            yield [column[0] for column in cursor.description]
            yield from _texts(cursor)
        except sqlite3.Error as error:
            raise EventsError(f"{self.label}: {error} (an events database has a table `events`)") from error
        finally:
            base.close()


def _texts(rows: Iterable[Iterable[Any]]) -> Iterator[list[Any]]:
    """Rows with nothing as "", numbers with a point as text."""
    return (["" if value is None else value if value.__class__ is not float else str(value) for value in row] for row in rows)


def events_of(table: "pandas.DataFrame | Iterable[Event]") -> Iterator[Event]:
    """Events of a DataFrame with the columns of the native table, or of any iterable of events. Lost zeros of CAMEO codes are mended with a warning.
    The mentions of a story are brought together, so that a frame sorted otherwise counts them right. Raises EventsError for a frame that is none."""
    if isinstance(table, Iterable) and not hasattr(table, "columns"):
        yield from table
        return
    missing = [name for name in _NEEDED if name not in table.columns]
    if missing:
        raise EventsError(f"the DataFrame has no column {', '.join(missing)} (give one that code_text, code_frame or read_events has made)")
    stories: dict[str, list[Event]] = {}
    mended = 0
    for row in table.to_dict("records"):
        event = event_of(_DEFAULTS | row)
        whole = _whole_code(event.cameo, event.quad, mended > 0)
        mended += whole != event.cameo
        event.cameo = whole
        stories.setdefault(event.story_id, []).append(event)
    if mended:
        warnings.warn(f"{mended} CAMEO codes had lost their zeros (read events with coder.read_events, or with dtype=str)", stacklevel=2)
    for story in stories.values():
        yield from story


def frame_of(events: Iterable[Event]) -> "pandas.DataFrame":
    """A DataFrame with the columns of the native table; all columns even where there is no event."""
    import pandas

    frame = pandas.DataFrame([asdict(event) for event in events], columns=list(COLUMNS))
    return frame.astype({c: "Int64" if c in INTEGERS else "str" for c in COLUMNS})
