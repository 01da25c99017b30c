"""POLECAT (40 columns, tab-separated with a header) and PLOVER 0.8 as JSON lines. Events of codes that PLOVER drops (CAMEO 01x) have no type there.

Type, mode, quad and intensity are PLOVER's; countries are ISO3 with PLOVER's own codes for what is none (IGO, UNO, EUR, NGO, IMG, MNC, KOS).
"""

import calendar
import contextlib
import json
import math
from functools import lru_cache
from typing import Any

from coder.actor_parts import ROLES, actor_parts, code_names, countries, plover_scale
from coder.told import Told, day, level, plain, version

POLECAT_COLUMNS = (
    "Event ID", "Event Date", "Event Type", "Event Mode", "Intensity", "Quad Code", "Contexts", "Actor Name", "Actor Country", "Actor COW",
    "Primary Actor Sector", "Actor Sectors", "Actor Title", "Actor Name Raw", "Wikipedia Actor ID", "Recipient Name", "Recipient Country",
    "Recipient COW", "Primary Recipient Sector", "Recipient Sectors", "Recipient Title", "Recipient Name Raw", "Wikipedia Recipient ID", "Placename",
    "City", "District", "Province", "Country", "Latitude", "Longitude", "GeoNames ID", "Raw Placename", "Feature Type", "Source", "Publication Date",
    "Story People", "Story Organizations", "Story Locations", "Language", "Version",
)  # fmt: skip
_QUADS = {"1": "VERBAL COOPERATION", "2": "MATERIAL COOPERATION", "3": "VERBAL CONFLICT", "4": "MATERIAL CONFLICT"}
# PLOVER marks what did not happen by a mode; it has no mark for what is only alleged.
_quote = json.encoder.encode_basestring
_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
MARKS = {"actual": "", "future": "future", "hypothetical": "hypothetical", "negated": "negation"}


def polecat_row(told: Told) -> tuple[str, ...]:
    """The 40 cells of POLECAT."""
    event = told.event
    return (
        event.event_id,
        day(event.event_date),
        *_type(event.plover, event.plover_mode),
        event.plover_context,
        *_actor(event.source), plain(event.source_text), "",
        *_actor(event.target), plain(event.target_text), "",
        *_place(event.place, event.place_country, event.latitude, event.longitude, event.place_precision),
        plain(event.publisher),
        day(event.story_date),
        "", "", "", "ar", version(),
    )  # fmt: skip


def plover_line(told: Told) -> tuple[str, ...]:
    """One record of PLOVER JSON as a line, the only cell of its row. An event of a month or a year stands between `date` and `enddate`; without any
    date, `date` is empty. Keys that nothing is known for are left out. Put together from pieces: a JSON encoder takes three times as long."""
    event = told.event
    location = _location(event.place, event.place_country, event.latitude, event.longitude)
    losses = _loss("dead", event.killed) + _loss("injured", event.injured)
    cite = _cite(event.publisher) + (f',"url":{_quote(event.url)}' if event.url else "")
    return (
        f'{{"id":{_quote(event.event_id)},{_span(event.event_date)},"actor":[{_entity_with(event.source, event.source_text)}],'
        f'"recipient":[{_entity_with(event.target, event.target_text)}],{_what(event.plover, event.plover_mode, event.plover_context, event.status)}'
        f'{location},"event_text":{_quote(event.event_text)},"text_info":{{"sequence":{event.sentence},"start":{event.start},"end":{event.end},'
        f'"text_story":{_quote(event.story_id)}}},"cite_info":{{{cite}}}{losses},"coder":"waqai","comment":"{_comment(event.cameo, told.mentions)}"}}',
    )  # fmt: skip


def has_type(told: Told) -> bool:
    """Whether PLOVER has a type for the event."""
    return bool(told.event.plover)


@lru_cache(maxsize=4096)
def _scale(kind: str, mode: str) -> tuple[str, str, float | None, int | None, str]:
    """Type, mode, intensity and quad of the mode, or of the type where the mode has none; the intensity as text too."""
    quad, intensity = plover_scale().get((kind, mode)) or plover_scale().get((kind, ""), ("", ""))
    return kind, mode, float(intensity) if intensity else None, int(quad) if quad else None, intensity


@lru_cache(maxsize=4096)
def _type(kind: str, mode: str) -> tuple[str, str, str, str]:
    """Event Type, Event Mode, Intensity, Quad Code."""
    *_, quad, intensity = _scale(kind, mode)
    return kind, mode, intensity, _QUADS.get(str(quad), "")


@lru_cache(maxsize=65536)
def _country(code: str) -> tuple[str, str]:
    """The country slot of PLOVER and the COW number: a state, else UNO, EUR, IGO, NGO, IMG, MNC for what is none."""
    parts = actor_parts(code)
    country = countries().get(parts.country)
    if country:
        return country.plover, country.cow
    if "UNO" in parts.groups:
        return "UNO", ""
    if "EEC" in parts.groups or parts.code[:3] == "EUR":
        return "EUR", ""
    return next(({"NGM": "ISM"}.get(t, t) for t in parts.types if t in ("IGO", "NGO", "NGM", "IMG", "MNC")), ""), ""


@lru_cache(maxsize=65536)
def _sectors(code: str) -> tuple[str, ...]:
    parts = actor_parts(code)
    sectors = [ROLES[t][2] for t in parts.types if t in ROLES]
    return tuple(dict.fromkeys(filter(None, sectors)))


@lru_cache(maxsize=65536)
def _actor(code: str) -> tuple[str, ...]:
    """Name, country, COW number, primary sector, sectors, title of an actor."""
    sectors = _sectors(code)
    return (actor_parts(code).name, *_country(code), sectors[0] if sectors else "", ";".join(sectors), "")


@lru_cache(maxsize=65536)
def _place(name: str, code: str, latitude: str, longitude: str, precision: str) -> tuple[str, ...]:
    """Placename, City, District, Province, Country, Latitude, Longitude, GeoNames ID, Raw Placename, Feature Type."""
    place, country = plain(name), countries().get(code)
    iso = country.plover if country else code
    kind = level(name, precision)
    city, district, province = (place if kind == wanted else "" for wanted in ("city", "district", "region"))
    feature = {"city": "PPL", "region": "ADM1", "country": "PCLI" if code else ""}.get(kind, "")
    return place, city, district, province, iso, latitude, longitude, "", place, feature


@lru_cache(maxsize=65536)
def _entity(code: str) -> str:
    """An entity but for its closing brace; "" for an actor that is not known."""
    if code == "---":
        return ""
    parts = actor_parts(code)
    entity = {"code": _country(code)[0], "sector": ";".join(_sectors(code)), "identifier_id": parts.code, "identifier_text": parts.name}
    entity["religion"] = parts.religions[-1] if parts.religions else ""
    entity["ethnicity"] = parts.peoples[-1] if parts.peoples else ""
    return _json({key: value for key, value in entity.items() if value})[:-1]


def _entity_with(code: str, text: str) -> str:
    """The entity with the words that name it."""
    entity = _entity(code)
    if not text:
        return entity + "}" if entity else ""
    return f'{entity},"entity_text":{_quote(text)}}}' if entity else f'{{"entity_text":{_quote(text)}}}'


@lru_cache(maxsize=4096)
def _what(kind: str, mode: str, context: str, status: str) -> str:
    """Type, mode, context, quad and intensity."""
    _, _, intensity, quad, _ = _scale(kind, mode)
    modes = [m for m in (mode, MARKS.get(status, "")) if m]
    content = {
        "event": [kind] if kind else [],
        "mode": modes,
        "context": context.split(";") if context else [],
        "quad_code": quad,
        "event_scale": intensity,
    }
    return _json(content)[1:-1]


@lru_cache(maxsize=65536)
def _location(name: str, code: str, latitude: str, longitude: str) -> str:
    if not name and not code:
        return ""
    country = countries().get(code)
    location: dict[str, Any] = {
        "extracted_place": name,
        "country": country.name if country else "",
        "country_code": country.plover if country else code,
    }
    with contextlib.suppress(ValueError):
        if math.isfinite(float(latitude)) and math.isfinite(float(longitude)):
            location["lat"], location["lon"] = float(latitude), float(longitude)
    return ',"event_loc":' + _json({key: value for key, value in location.items() if value != ""})


@lru_cache(maxsize=4096)
def _cite(publisher: str) -> str:
    cite = {"publication": publisher, "language": "ar", "coder": "waqai", "codebook": "PLOVER 0.8", "version": version()}
    return _json({key: value for key, value in cite.items() if value})[1:-1]


@lru_cache(maxsize=4096)
def _loss(key: str, value: str) -> str:
    """The dead or injured: a number where one is told, else the words of the table (20-99, 100+)."""
    return f',"{key}":{int(value) if value.isdecimal() else _quote(value)}' if value else ""


@lru_cache(maxsize=4096)
def _comment(cameo: str, mentions: int) -> str:
    return _quote(f"CAMEO {cameo} {code_names().get(cameo, '')}".strip() + f"; {mentions} mention{'s' * (mentions > 1)}")[1:-1]


@lru_cache(maxsize=65536)
def _span(date: str) -> str:
    """`date`, and `enddate` where the event's day is not known."""
    first, last = _first_and_last(date)
    return f'"date":{_quote(first)}' + (f',"enddate":{_quote(last)}' if last != first else "")


def _first_and_last(date: str) -> tuple[str, str]:
    """First and last day of a date of any precision; ("", "") for none."""
    if day(date):
        return date, date
    if len(date) == 7 and day(date + "-01"):
        return f"{date}-01", f"{date}-{calendar.monthrange(int(date[:4]), int(date[5:]))[1]:02}"
    if len(date) == 4 and day(date + "-01-01"):
        return f"{date}-01-01", f"{date}-12-31"
    return "", ""
