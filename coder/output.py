"""The native events table: its columns, declared once, and pure functions that write and read it."""

import csv
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, TextIO

import attrs

from coder.model import Event, InputError

if TYPE_CHECKING:
    import pandas

COLUMNS = tuple(f.name for f in attrs.fields(Event))
_TYPES = {"sentence": "Int64", "start": "Int64", "end": "Int64"}


def write_native(events: Iterable[Event], stream: TextIO) -> int:
    """Write the header and one row an event; returns the number of rows. A text cell that a spreadsheet would run as a formula gets an apostrophe."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for event in events:
        writer.writerow([cell(getattr(event, name)) for name in COLUMNS])
        count += 1
    return count


def cell(value: object) -> object:
    """A cell as CSV can hold it: text that a spreadsheet would run as a formula gets an apostrophe."""
    if isinstance(value, str) and value[:1] in "=+@\t\r-" and value and not value.startswith("---") and not _number(value):
        return "'" + value
    return value


def _number(value: str) -> bool:
    try:
        float(value)
    except ValueError:
        return False
    return True


def write_errors(errors: Iterable[InputError], path: Path) -> None:
    """Write the inputs that could not be coded, with the reason and the remedy."""
    with open(path, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("where", "what", "remedy"))
        writer.writerows((e.where, e.what, e.remedy) for e in errors)


def read_events(path: str | Path) -> "pandas.DataFrame":
    """A native events table as a DataFrame: codes as text ("045" stays "045", Namibia's NA stays NA), offsets and sentence numbers as integers."""
    import pandas

    frame = pandas.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig")
    return frame.astype({column: kind for column, kind in _TYPES.items() if column in frame})
