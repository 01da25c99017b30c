"""Phoenix (OEDA): 26 columns, tab-separated, no header. One row a day for one source, target and code, with the sentences and sources of all."""

import itertools
from collections.abc import Iterable, Iterator
from functools import lru_cache
from operator import itemgetter

from coder.actor_parts import countries
from coder.told import Told, day, level, plain, version

PHOENIX_COLUMNS = (
    "EventID", "Date", "Year", "Month", "Day", "SourceActorFull", "SourceActorEntity", "SourceActorRole", "SourceActorAttribute", "TargetActorFull",
    "TargetActorEntity", "TargetActorRole", "TargetActorAttribute", "EventCode", "EventRootCode", "PentaClass", "GoldsteinScore", "Issues", "Lat",
    "Lon", "LocationName", "StateName", "CountryCode", "SentenceID", "URLs", "NewsSources",
)  # fmt: skip
phoenix_key = itemgetter(1, 5, 9, 13)  # what may stand once only: date, source, target, code
_SENTENCES = 23  # from here on: sentences, addresses, sources
_ENTITIES = frozenset({"IGO", "NGO", "IMG", "MNC"})
_AGENTS = frozenset({"GOV", "MIL", "REB", "OPP", "PTY", "COP", "JUD", "SPY", "MED", "EDU", "BUS", "CRM", "CVL"})
_PENTA = {"01": "0", "02": "0", "03": "1", "04": "1", "05": "1", "06": "2", "07": "2", "08": "2", "14": "4", "15": "4", "17": "4", "18": "4",
          "19": "4", "20": "4"}  # fmt: skip  # 09-13 and 16 are 3
# Where the scale that Phoenix uses (CAMEO.SCALE) differs from ours; it lacks codes, for which ours stands.
_GOLDSTEIN = {"016": "3.4", "022": "3.4", "124": "-5.0", "1246": "-5.0", "163": "-6.5", "165": "-7.0", "166": "-8.0"}


def phoenix_row(told: Told) -> tuple[str, ...]:
    """The 26 cells of one event, before `one_a_day`; the event id is empty."""
    event = told.event
    date = day(event.event_date)
    return (
        "",
        date.replace("-", ""), date[:4], date[5:7], date[8:],
        *_actor(event.source),
        *_actor(event.target),
        event.cameo,
        event.cameo[:2],
        _PENTA.get(event.cameo[:2], "3"),
        _GOLDSTEIN.get(event.cameo, event.goldstein),
        "",
        event.latitude,
        event.longitude,
        *_place(event.place, event.place_precision),
        event.place_country,
        f"{_name(event.story_id)}_{event.sentence}",
        plain(event.url).replace(";", "%3B"),
        _name(event.publisher),
    )  # fmt: skip


def one_a_day(rows: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """Rows sorted by `phoenix_key`: those of one day, source, target and code become one, which holds the sentences, addresses and sources of all.
    Rows without a date stay apart. Event ids are NUMBER_VERSION."""
    number = 0
    for key, group in itertools.groupby(rows, phoenix_key):
        for row in join_day(key[0], list(group)):
            number += 1
            yield (event_id(number), *row[1:])


def join_day(date: str, rows: list[tuple[str, ...]]) -> list[tuple[str, ...]]:
    """The rows of one date, source, target and code as one; as they are where the date is not known."""
    if len(rows) == 1 or not date:
        return rows
    joined = (";".join(cells) for cells in zip(*(row[_SENTENCES:] for row in rows), strict=True))
    return [(*rows[0][:_SENTENCES], *(text if text.strip(";") else "" for text in joined))]


def event_id(number: int) -> str:
    """Event ids of Phoenix: NUMBER_VERSION."""
    return f"{number}_{version()}"


@lru_cache(maxsize=65536)
def _actor(code: str) -> tuple[str, str, str, str]:
    """Full code, entity (country or IGO, NGO, IMG, MNC), role of Phoenix's thirteen, the other triples joined by ";"."""
    first = code[:3]
    entity = first if first in _ENTITIES or first in countries() else ""
    role = code[3:6] if code[3:6] in _AGENTS else ""
    rest = code[6:] if role else code[3:]
    return code, entity, role, ";".join(rest[i : i + 3] for i in range(0, len(rest), 3))


@lru_cache(maxsize=65536)
def _place(name: str, precision: str) -> tuple[str, str]:
    """LocationName, StateName."""
    kind = level(name, precision)
    return "" if kind == "country" else plain(name), plain(name) if kind == "region" else ""


@lru_cache(maxsize=4096)
def _name(text: str) -> str:
    return plain(text).replace(";", ",")
