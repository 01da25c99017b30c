"""Country codes and the numbers of states in the lists of Gleditsch and Ward and of Correlates of War, as panels name their units.

Facts are in `dictionaries/country_codes.csv` and `state_numbers.csv`; a state's number holds in the days in which it was in the list.
"""

import csv
import difflib
from collections.abc import Iterable
from functools import cache

from attrs import frozen

from coder.dictionaries import bundled_folder


@frozen
class Country:
    """One country: the CAMEO code that actors begin with, ISO 3166-1 codes, English name and PLOVER code."""

    code: str
    iso3: str
    iso2: str
    name: str
    plover: str


@frozen
class StateNumber:
    """The number of a state in one list (`gw`, `cow`) from one day to another, both included; "" is open."""

    number: int
    start: str
    end: str


def shipped_rows(name: str) -> list[dict[str, str]]:
    """The rows of a shipped table by column name."""
    with open(bundled_folder() / name, encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


@cache
def countries() -> dict[str, Country]:
    """Countries by CAMEO code, those of history too."""
    rows = shipped_rows("country_codes.csv")
    return {r["code"]: Country(r["code"], r["iso3"], r["iso2"], r["name"], r["plover"]) for r in rows}


@cache
def names_by_iso3() -> dict[str, str]:
    """English names by ISO 3166-1 alpha-3 code; the present state where a code is shared with an older name."""
    found = {c.iso3: c.name for c in countries().values()}
    return {**found, **{c.iso3: c.name for c in countries().values() if c.iso2}}


@cache
def iso3_by_any() -> dict[str, str]:
    """ISO alpha-3 codes by CAMEO, ISO alpha-3, alpha-2 and PLOVER code; the first of these that has a code decides."""
    found: dict[str, str] = {}
    for key in ("code", "iso3", "iso2", "plover"):
        for country in countries().values():
            if getattr(country, key):
                found.setdefault(getattr(country, key), country.iso3)
    return found


@cache
def state_numbers() -> dict[tuple[str, str], tuple[StateNumber, ...]]:
    """The numbers of each state by ISO alpha-3 code and list, the latest first."""
    found: dict[tuple[str, str], list[StateNumber]] = {}
    for r in shipped_rows("state_numbers.csv"):
        found.setdefault((r["iso3"], r["list"]), []).append(StateNumber(int(r["number"]), r["from"], r["to"]))
    return {key: tuple(sorted(numbers, key=lambda n: n.end or "9999", reverse=True)) for key, numbers in found.items()}


def state_number(iso3: str, which: str, start: str, end: str) -> int | None:
    """The number of a state in a list at the end of the period `start` to `end` (YYYY-MM-DD), or None where it was in the list on no day of it."""
    for entry in state_numbers().get((iso3, which), ()):
        if (not entry.start or entry.start <= end) and (not entry.end or entry.end >= start):
            return entry.number
    return None


def known_countries(codes: Iterable[str]) -> tuple[list[str], list[str]]:
    """(ISO alpha-3 codes in order, without repeats; what is wrong with the codes that are none, with a near one)."""
    known: dict[str, None] = {}
    wrong = []
    for code in codes:
        iso3 = iso3_by_any().get(code.strip().upper())
        if iso3 is not None:
            known[iso3] = None
        else:
            near = difflib.get_close_matches(code.strip().upper(), [c for c in iso3_by_any() if len(c) == 3], 1)
            wrong.append(f"{code.strip()!r}" + (f" (perhaps {near[0]}?)" if near else ""))
    return list(known), wrong
