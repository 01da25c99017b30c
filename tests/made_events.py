"""Events made by code for the tests and benchmarks of the writers: all CAMEO codes, actors of every kind, awkward texts; the same for every run."""

import csv
import random
from collections.abc import Iterator

from coder.actor_parts import ROLES, countries
from coder.dictionaries import bundled_folder
from coder.model import Event

_TEXTS = ("الرئيس", "قوات\tالأمن", "سطر\nثان", 'لقب "الشبح"', "=1+1", "-قائمة", "'حرف", "'=ص", "NA", "001", "", "عربي ،, فاصلة", "\u200fيمين", "+963")
_DATES = (("2020-11-09", "day"), ("2020-11", "month"), ("2020", "year"), ("", "story"), ("2016-02-29", "day"), ("1999-12-31", "story"))
_PLACES = (
    ("", "", "", "", ""), ("غوريس", "ARM", "39.51", "46.34", "city"), ("", "NAM", "-22.0", "17.0", "country"), ("ديالى", "IRQ", "33.9", "44.9", "region"),
    ("Dallas", "USA", "32.8", "-96.8", "city"), ("بريشتينا", "XKX", "42.67", "21.17", "city"), ("خليج", "", "", "", "city"),
)  # fmt: skip
_GROUPS = (
    "IGOUNO",
    "IGOEUREEC",
    "PSEREBHMS",
    "IMGMOSALQ",
    "IMGMOSISI",
    "IGOSEOSC",
    "IGOSCO",
    "KUR",
    "MOSSHI",
    "NGOHRIAMN",
    "EUR",
    "---",
    "---MIL",
    "ISRPAL",
)


def actor_codes() -> list[str]:
    """Every country alone and with every role, groups, unknown ones."""
    states = sorted({country.cameo for country in countries().values()})
    return [*_GROUPS, *states, *(state + role for state in states for role in ROLES if role not in ("IGO", "IMG", "INT", "UIS"))]


def made_events(count: int, seed: int = 7) -> Iterator[Event]:
    """`count` events of every code in turn, a few mentions of earlier ones and a few that did not happen among them, about four a story."""
    rng = random.Random(seed)
    actors = actor_codes()
    with open(bundled_folder() / "ontology.csv", encoding="utf-8", newline="") as stream:
        codes = [row for row in csv.DictReader(stream) if len(row["cameo"]) > 2]
    first = ""
    for number in range(count):
        code = codes[number % len(codes)]
        date, precision = _DATES[number % len(_DATES)]
        place, country, latitude, longitude, exact = _PLACES[number % len(_PLACES)]
        new_story = number % 4 == 0
        identity = f"{number:016x}"[::-1]
        status = "actual" if number % 10 else ("alleged", "future", "hypothetical", "negated")[number // 10 % 4]
        same_as = first if not new_story and number % 7 == 0 else ""
        yield Event(
            identity, f"story-{number // 4}", 1 + number % 4, date, precision, actors[number % len(actors)], rng.choice(actors), code["cameo"],
            code["plover"], code["mode"], code["context"], code["quad"], code["goldstein"], status, same_as, _TEXTS[number % len(_TEXTS)], "قصف",
            _TEXTS[number * 3 % len(_TEXTS)], number, number + 3, place, country, latitude, longitude, exact, "20-99" if number % 5 == 0 else "",
            "3" if number % 9 == 0 else "", f"V{code['cameo']}-01", "2020-11-10" if number % 11 else "", _TEXTS[number * 5 % len(_TEXTS)],
            f"https://example.org/{number}?a=1;b=2" if number % 3 else "",
        )  # fmt: skip
        if new_story or not first:
            first = identity
