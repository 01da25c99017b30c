"""ICEWS: 20 columns, tab-separated with a header, no quoting. Names of countries and sectors are those of ICEWS's own files.

Event ID counts the events and Story ID the stories of the file from 1: readers of ICEWS keep them as 32-bit integers, which holds no hash; in
ICEWS's own files an Event ID may stand twice, in ours never.
"""

from functools import cache, lru_cache

from coder.actor_parts import ROLES, actor_parts, code_names, countries, country_name
from coder.told import Told, day, level, plain

ICEWS_COLUMNS = (
    "Event ID", "Event Date", "Source Name", "Source Sectors", "Source Country", "Event Text", "CAMEO Code", "Intensity", "Target Name",
    "Target Sectors", "Target Country", "Story ID", "Sentence Number", "Publisher", "City", "District", "Province", "Country", "Latitude", "Longitude",
)  # fmt: skip
# Where ICEWS's intensity differs from GDELT's Goldstein values, which our ontology holds.
_INTENSITY = {"016": "-5.0", "022": "3.4", "164": "-6.5", "165": "-7.0"}


def icews_row(told: Told) -> tuple[str, ...]:
    """The 20 cells of ICEWS."""
    event = told.event
    cameo = event.cameo
    return (
        str(told.number),
        day(event.event_date),
        *_actor(event.source),
        _text(cameo),
        cameo,
        _INTENSITY.get(cameo, event.goldstein),
        *_actor(event.target),
        str(told.story),
        str(event.sentence),
        plain(event.publisher),
        *_place(event.place, event.place_country, event.place_precision),
        event.latitude,
        event.longitude,
    )


@lru_cache(maxsize=4096)
def _text(cameo: str) -> str:
    """ICEWS's name of a code: CAMEO's, without its "not specified below" and with single quotes."""
    return code_names().get(cameo, "").removesuffix(", not specified below").replace('"', "'")


@lru_cache(maxsize=65536)
def _actor(code: str) -> tuple[str, str, str]:
    """Name, sectors, country of an actor; all empty for an unknown one."""
    parts = actor_parts(code)
    sectors = [ROLES[t][1] for t in parts.types if t in ROLES] + [_faiths()[r] for r in parts.religions if r in _faiths()]
    country = countries().get(parts.country)
    named = parts.name
    if country:
        named = country.icews if named == country.name else named.replace(f"({country.name})", f"({country.icews})")
    return named, ",".join(dict.fromkeys(filter(None, sectors))), country.icews if country else ""


@cache
def _faiths() -> dict[str, str]:
    return {
        "MOS": "Muslim", "SUN": "Sunni", "SHI": "Shia", "SFI": "Sufi", "ALE": "Alewi", "DRZ": "Druze", "HIN": "Hindu", "CHR": "Christian",
        "CTH": "Catholic", "PRO": "Protestant", "CPT": "Coptic", "JHW": "Jehovah's Witness", "MRN": "Maronite", "DOX": "Orthodox", "BUD": "Buddhist",
        "JEW": "Jewish", "SIK": "Sikh", "JAN": "Jain", "LDS": "Mormon", "ZRO": "Zoroastrian / Mazdi", "CON": "Confucian",
    }  # fmt: skip


@lru_cache(maxsize=65536)
def _place(name: str, code: str, precision: str) -> tuple[str, str, str, str]:
    """City, district, province, country."""
    country = countries().get(code)
    where = country.icews if country else country_name(code)
    place, kind = plain(name), level(name, precision)
    return place if kind == "city" else "", place if kind == "district" else "", place if kind == "region" else "", where
