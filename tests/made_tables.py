"""Small events tables for the tests of duplicates and panels."""

import random

import pandas

from coder.output import COLUMNS

_DEFAULTS = {"status": "actual", "date_precision": "story", "sentence": "1", "start": "0"}
CODES = {  # cameo: quad, Goldstein, PLOVER type and mode
    "190": ("4", "-10.0", "ASSAULT", ""),
    "183": ("4", "-10.0", "ASSAULT", "explosives"),
    "112": ("3", "-2.0", "ACCUSE", ""),
    "042": ("1", "1.9", "CONSULT", "visit"),
    "070": ("2", "7.0", "AID", ""),
    "010": ("1", "0.0", "", ""),
}


def table(*rows: str, **more: list[str]) -> pandas.DataFrame:
    """Events from rows `event_id story_id date source cameo target`; the date is the story's too. `more` gives further columns."""
    cells = [dict(zip(("event_id", "story_id", "event_date", "source", "cameo", "target"), row.split(), strict=True)) for row in rows]
    for cell in cells:
        quad, goldstein, plover, mode = CODES[cell["cameo"]]
        cell |= {"story_date": cell["event_date"], "quad": quad, "goldstein": goldstein, "plover": plover, "plover_mode": mode}
    frame = pandas.DataFrame(cells, columns=list(COLUMNS), dtype="str").fillna("")
    for name, value in _DEFAULTS.items():
        frame[name] = frame[name].replace("", value)
    return frame.assign(**more)


def random_table(seed: int, size: int = 400) -> pandas.DataFrame:
    """Events as chance has them: few actors, days and places, so that many are told again; mentions, statuses and dates of every precision."""
    chance = random.Random(seed)
    rows = []
    for number in range(size):
        place = chance.randrange(size // 4)
        story, day = f"s{place}", f"2020-{place % 4 + 1:02}-{place % 3 + 1:02}"
        actors = [chance.choice(["SYRGOV", "IRQ", "TURMIL", "---", "USA", "IGOUNO", "---REB"]) for _ in range(2)]
        rows.append(f"e{number} {story} {day} {actors[0]} {chance.choice(list(CODES))} {actors[1]}")
    frame = table(*rows)
    frame["date_precision"] = [chance.choice(["story", "day", "month"]) for _ in rows]
    frame["event_date"] = [date[:7] if kind == "month" else date for date, kind in zip(frame["event_date"], frame["date_precision"], strict=True)]
    frame["status"] = [chance.choice(["actual", "actual", "alleged"]) for _ in rows]
    frame["same_as"] = [f"e{chance.randrange(number)}" if number and chance.random() < 0.2 else "" for number in range(size)]
    points = [chance.choice([("", ""), ("33.5", "36.3"), ("36.2", "37.1")]) for _ in rows]
    frame["latitude"], frame["longitude"] = zip(*points, strict=True)
    frame["killed"] = [chance.choice(["", "3", "10-20", "25+"]) for _ in rows]
    frame["publisher"] = [chance.choice(["", "a", "b"]) for _ in rows]
    return frame
