"""What an actor code means, in words: RUSGOV is Russian Federation / Government."""

import csv
from functools import cache

from coder.actors import UNKNOWN
from coder.dictionaries import bundled_folder


@cache
def _names() -> tuple[dict[str, str], dict[str, str]]:
    """Names of what may stand first in a code (countries, kinds of organisations), and of what may follow."""
    first: dict[str, str] = {}
    later: dict[str, str] = {}
    with open(bundled_folder() / "actor_codes.csv", encoding="utf-8-sig", newline="") as stream:
        for row in csv.DictReader(stream):
            table = first if row["kind"] in ("country", "international-generic", "region") else later
            name = row["name"].partition(":")[0]
            table.setdefault(row["code"], name.partition(",")[0].partition(" sometimes")[0] if row["kind"] == "role" else name)
    return first, later


def in_words(code: str) -> str:
    """The code read triple by triple (Canada / Judiciary): "" for an actor that is not known, the triple itself where the tables lack it."""
    first, later = _names()
    words = []
    for place in range(0, len(code), 3):
        triple = code[place : place + 3]
        near, far = (later, first) if place else (first, later)
        if triple != UNKNOWN:
            words.append(near.get(triple) or far.get(triple, triple))
    return " / ".join(words)
