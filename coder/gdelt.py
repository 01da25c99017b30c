"""GDELT 1.0 (58 columns) and 2.0 (61): tab-separated, no header, no quoting. What we cannot know (tone, places of the actors) stays empty.

FractionDate is year + ((month - 1) * 30 + day) / 365, as GDELT's files have it and its codebook does not; EventCode has three digits at least
(190, not 19); a root event is one that the story's first sentence tells; DATEADDED is the story's date, at midnight in 2.0.
"""

from functools import lru_cache

from coder.actor_parts import actor_parts, countries, country_name
from coder.told import Told, day, id_number, level, plain

_ACTOR = ("Code", "Name", "CountryCode", "KnownGroupCode", "EthnicCode", "Religion1Code", "Religion2Code", "Type1Code", "Type2Code", "Type3Code")
_GEO1 = ("Type", "FullName", "CountryCode", "ADM1Code", "Lat", "Long", "FeatureID")
_GEO2 = ("Type", "FullName", "CountryCode", "ADM1Code", "ADM2Code", "Lat", "Long", "FeatureID")
_COUNTS = ("IsRootEvent", "EventCode", "EventBaseCode", "EventRootCode", "QuadClass", "GoldsteinScale", "NumMentions", "NumSources", "NumArticles")


def _columns(geo: tuple[str, ...]) -> tuple[str, ...]:
    actors = tuple(f"Actor{n}{c}" for n in "12" for c in _ACTOR)
    places = tuple(f"{who}Geo_{c}" for who in ("Actor1", "Actor2", "Action") for c in geo)
    return ("GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "FractionDate", *actors, *_COUNTS, "AvgTone", *places, "DATEADDED", "SOURCEURL")


GDELT1_COLUMNS = _columns(_GEO1)
GDELT2_COLUMNS = _columns(_GEO2)
_NO_PLACE1 = ("0", "", "", "", "", "", "")
_NO_PLACE2 = ("0", "", "", "", "", "", "", "")
# GDELT's own files put investigations (09) with material cooperation and protests (14) with verbal conflict.
_FILES_QUADS = {"09": "2", "14": "3"}


def gdelt1_row(told: Told, quads: str = "usual") -> tuple[str, ...]:
    """The 58 cells of GDELT 1.0. `quads`: "usual" (01-05, 06-08, 09-13, 14-20), or "gdelt" as in GDELT's own files (09 is 2, 14 is 3)."""
    event = told.event
    place = _place(event.place, event.place_country, event.latitude, event.longitude, event.place_precision)
    added = day(event.story_date).replace("-", "")
    return (*_start(told, quads), *_NO_PLACE1, *_NO_PLACE1, *place, added, plain(event.url))


def gdelt2_row(told: Told, quads: str = "usual") -> tuple[str, ...]:
    """The 61 cells of GDELT 2.0; `quads` as in `gdelt1_row`."""
    event = told.event
    place = _place(event.place, event.place_country, event.latitude, event.longitude, event.place_precision)
    added = day(event.story_date).replace("-", "")
    return (*_start(told, quads), *_NO_PLACE2, *_NO_PLACE2, *place[:4], "", *place[4:], added and added + "000000", plain(event.url))


def _start(told: Told, quads: str) -> tuple[str, ...]:
    event = told.event
    return (
        str(id_number(event.event_id)),
        *_dates(event.event_date),
        *_actor(event.source),
        *_actor(event.target),
        "1" if told.lead else "0",
        *_code(event.cameo, event.quad, event.goldstein, quads),
        str(told.mentions), "1", "1", "",
    )  # fmt: skip


@lru_cache(maxsize=65536)
def _dates(date: str) -> tuple[str, str, str, str]:
    """SQLDATE, MonthYear, Year, FractionDate; of a month or a year only what is known."""
    whole = day(date)
    if whole:
        year, month, number = (int(part) for part in whole.split("-"))
        return whole.replace("-", ""), whole[:7].replace("-", ""), whole[:4], f"{year + ((month - 1) * 30 + number) / 365:.4f}"
    if len(date) == 7 and day(date + "-01"):
        return "", date.replace("-", ""), date[:4], ""
    return "", "", date if len(date) == 4 and day(date + "-01-01") else "", ""


@lru_cache(maxsize=65536)
def _actor(code: str) -> tuple[str, ...]:
    parts = actor_parts(code)
    religions, types = (*parts.religions, "", "")[:2], (*parts.types, "", "", "")[:3]
    group = parts.groups[-1] if parts.groups else ""
    people = parts.peoples[-1] if parts.peoples else ""
    return (parts.code, parts.name.upper(), parts.country, group, people, *religions, *types)


@lru_cache(maxsize=4096)
def _code(cameo: str, quad: str, goldstein: str, quads: str) -> tuple[str, str, str, str, str]:
    """EventCode, EventBaseCode, EventRootCode, QuadClass, GoldsteinScale."""
    code = cameo + "0" if len(cameo) == 2 else cameo
    return code, code[:3], code[:2], _FILES_QUADS.get(code[:2], quad) if quads == "gdelt" else quad, goldstein


@lru_cache(maxsize=65536)
def _place(name: str, code: str, latitude: str, longitude: str, precision: str) -> tuple[str, ...]:
    """The seven cells of GDELT 1.0's ActionGeo: type 1 country, 2 and 3 state and city of the USA, 4 city, 5 region of another country."""
    country = countries().get(code)
    fips, where = (country.fips, country.name) if country else ("", country_name(code))
    if not name and not code:
        return _NO_PLACE1
    kind = level(name, precision)
    if kind == "country":
        return ("1", where, fips, fips, latitude, longitude, fips) if code else _NO_PLACE1
    region = kind in ("region", "water")
    kind = ("2" if region else "3") if code == "USA" else ("5" if region else "4")
    return (kind, plain(name) + (f", {where}" if where else ""), fips, "", latitude, longitude, "")
