"""The list of date expressions (date_expressions.csv): each text with its story's date, the value and precision to be found, or none."""

import csv
import datetime
import re
from pathlib import Path

from coder.dates import find_dates
from coder.text import clean, fold

LIST = Path(__file__).parent / "date_expressions.csv"
FLOOR = 0.99


def words(text: str) -> list[str]:
    """Folded words, punctuation apart, the particles that the parser cuts off cut off."""
    pieces = re.findall(r"\w+|[^\w\s]", clean(text).text)
    cut = [re.sub(r"^([ولب])(?=ال|\d|لل)", r"\1 ", p) for p in pieces]
    cut = [re.sub(r"^ل(?=\w{3,}$)", "ل ", p) if i and "ذكرى" in " ".join(pieces[max(i - 2, 0) : i]) else p for i, p in enumerate(cut)]
    return [fold(w) for p in cut for w in p.split()]


def failures() -> tuple[list[str], int]:
    """The rows that are not resolved as told, and how many rows there are."""
    with LIST.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    wrong = []
    for row in rows:
        told = [(row["value"], row["precision"])] if row["value"] else []
        found = [(d.value, d.precision) for d in find_dates(words(row["text"]), datetime.date.fromisoformat(row["story_date"]))]
        if found != told:
            wrong.append(f"{row['text']} | {row['story_date']}: found {found}, told {told}")
    return wrong, len(rows)


def test_list_of_expressions_is_resolved():
    """At least the share of the list that was reached is right, traps without a date among it."""
    wrong, number = failures()
    assert number >= 250
    assert len(wrong) <= (1 - FLOOR) * number, "\n".join(wrong)
