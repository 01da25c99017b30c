"""The native events table: its columns, declared once, and the pure function that makes its rows."""

import csv
import re
from collections.abc import Iterable
from operator import attrgetter
from pathlib import Path
from typing import TextIO

import attrs

from coder.model import Event, InputError
from coder.told import is_formula

COLUMNS = tuple(f.name for f in attrs.fields(Event))
# Columns of our own codes, dates and numbers: no text that a spreadsheet could run.
_CODES = frozenset({
    "sentence", "event_date", "date_precision", "source", "target", "cameo", "plover", "plover_mode", "plover_context", "quad", "goldstein", "status",
    "start", "end", "latitude", "longitude", "place_precision", "killed", "injured", "story_date",
})  # fmt: skip
TEXTS = tuple(name for name in COLUMNS if name not in _CODES)
_TEXT_PLACES = [COLUMNS.index(name) for name in TEXTS]
_risky = re.compile("[=+@\\-\t\r']").match
_cells, texts = attrgetter(*COLUMNS), attrgetter(*TEXTS)


def write_native(events: Iterable[Event], stream: TextIO) -> int:
    """Write the header and one row an event; returns the number of rows."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for event in events:
        writer.writerow(native_row(event))
        count += 1
    return count


def native_row(event: Event) -> tuple[object, ...]:
    """The cells of one event. A text cell that a spreadsheet would run as a formula gets an apostrophe, which `read_events` takes off again."""
    cells = _cells(event)
    if not any(map(_risky, texts(event))):
        return cells
    guarded = list(cells)
    for place in _TEXT_PLACES:
        if is_formula(cells[place]):
            guarded[place] = "'" + cells[place]
    return tuple(guarded)


def cell(value: object) -> object:
    """One cell as CSV can hold it: text that a spreadsheet would run as a formula gets an apostrophe."""
    return "'" + value if isinstance(value, str) and _risky(value) and is_formula(value) else value


def write_errors(errors: Iterable[InputError], path: Path) -> None:
    """Write the inputs that could not be coded, with the reason and the remedy; names come from the input, hence the guard against formulas."""
    with open(path, "w", encoding="utf-8", errors="replace", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow(("where", "what", "remedy"))
        writer.writerows(map(cell, (e.where, e.what, e.remedy)) for e in errors)
