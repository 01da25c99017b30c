"""What an actor code says, read by position: country, group, people, religion, roles, and an English name. For writers of dataset formats.

A flat look-up of three-letter codes is wrong for more than a hundred of them (MUS is Mauritius and Islam): the first triple is a country, a region,
an international kind, a religion or a people; those behind it are roles, known groups, religions and peoples.
"""

import csv
from collections.abc import Iterator
from functools import cache, lru_cache

from attrs import frozen

from coder.dictionaries import bundled_folder

UNKNOWN = "---"
INTERNATIONAL = frozenset({"IGO", "IMG", "INT", "MNC", "NGM", "NGO", "UIS"})
_GROUPS_AMONG_ROLES = frozenset({"AMN", "IRC", "UNO"})  # GDELT lists these organisations among its roles too

# role: (name as in "Police (Egypt)", sector in ICEWS, sector in PLOVER). Words of ICEWS as text_to_CAMEO lists them; "" where there is none.
ROLES = {
    "GOV": ("Government", "Government", "GOV"),
    "MIL": ("Military", "Military", "MIL"),
    "COP": ("Police", "Police", "COP"),
    "JUD": ("Judiciary", "Judicial", "JUD"),
    "LEG": ("Legislature", "Legislative / Parliamentary", "LEG"),
    "SPY": ("Intelligence", "Intelligence Ministry", "SPY"),
    "REB": ("Rebels", "Rebel", "REB"),
    "INS": ("Insurgents", "Insurgents", "REB"),
    "SEP": ("Separatists", "Separatists", "REB"),
    "OPP": ("Opposition", "Dissident", "OPP"),
    "PTY": ("Political Party", "Parties", "PTY"),
    "UAF": ("Unidentified Armed Forces", "Unidentified Forces", "UAF"),
    "CVL": ("Civilians", "General Population / Civilian / Social", "CVL"),
    "BUS": ("Business", "Business", "BUS"),
    "AGR": ("Agriculture", "Agricultural", "AGR"),
    "CRM": ("Criminals", "Criminals / Gangs", "CRM"),
    "EDU": ("Education", "Education", "EDU"),
    "ELI": ("Elites", "Elite", "ELI"),
    "LAB": ("Labor", "Labor", "LAB"),
    "MED": ("Media", "Media", "JRN"),
    "HLH": ("Health", "Medical / Health", "MED"),
    "REF": ("Refugees", "Refugees / Displaced", "REF"),
    "HRI": ("Human Rights Activists", "Human Rights NGOs", "SOC"),
    "ENV": ("Environmentalists", "Environment NGOs", "SOC"),
    "DEV": ("Development", "Development NGOs", "SOC"),
    "REL": ("Religious Figures", "National Religious", "REL"),
    "RAD": ("Radicals", "Radicals / Extremists / Fundamentalists", ""),
    "MOD": ("Moderates", "", ""),
    "SET": ("Settlers", "", "CVL"),
    "PKO": ("Peacekeepers", "", ""),
    "GRP": ("Greenpeace", "Environment NGOs", "SOC"),
    "IGO": ("International Organization", "International Government Organization", ""),
    "NGO": ("Nongovernmental Organization", "Nongovernmental Organizations / Activists", ""),
    "NGM": ("Nongovernmental Movement", "Nongovernmental Organizations / Activists", ""),
    "IMG": ("International Militarized Group", "International Radicals / Extremists / Fundamentalists", ""),
    "MNC": ("Multinational Corporation", "Multinational Corporation", ""),
    "INT": ("International Actor", "", ""),
    "UIS": ("Unidentified State", "", ""),
}


# Names of countries in ICEWS's files where they are not those of our table.
_ICEWS_NAMES = {
    "VGB": "British Virgin Islands", "BRN": "Brunei", "CPV": "Cape Verde", "COK": "Cook Island", "CIV": "Cote d'Ivoire", "CZE": "Czech Republic",
    "COD": "Democratic Republic of Congo", "FLK": "Falkland Islands", "VAT": "Holy See", "IMN": "Isle Of Man", "FSM": "Micronesia",
    "MDA": "Moldova, Republic of", "PSE": "Occupied Palestinian Territory", "REU": "Reunion", "BLM": "Saint Barthelemy", "SHN": "Saint Helena",
    "SXM": "Sint Maarten", "SWZ": "Swaziland", "MKD": "the former Yugoslav Republic of Macedonia", "TLS": "Timor-Leste", "TUR": "Turkey",
    "VIR": "U.S. Virgin Islands",
}  # fmt: skip


@frozen
class Country:
    """A country's identifiers: CAMEO, ISO 3166-1 alpha-3, PLOVER, FIPS 10-4, its present Correlates of War number; its name, and that in ICEWS."""

    cameo: str
    iso3: str
    plover: str
    fips: str
    cow: str
    name: str
    icews: str


@frozen
class ActorParts:
    """`country` is a CAMEO country or region; `groups`, `peoples` (lower case, as GDELT writes them), `religions` and `types` keep the order of the
    code; `name` is English ("Police (Egypt)", "Hamas"). `code` has no `---` before a role."""

    code: str
    country: str = ""
    groups: tuple[str, ...] = ()
    peoples: tuple[str, ...] = ()
    religions: tuple[str, ...] = ()
    types: tuple[str, ...] = ()
    name: str = ""


@cache
def countries() -> dict[str, Country]:
    """Countries of `country_codes.csv`, states of the past among them, by CAMEO code and by ISO3, which differ for Kosovo."""
    numbers = {row["iso3"]: row["number"] for row in _rows("state_numbers.csv") if row["list"] == "cow" and not row["to"]}
    found: dict[str, Country] = {}
    for row in _rows("country_codes.csv"):
        name, code, iso3 = _straight(row["name"]), row["code"], row["iso3"]
        current = code == iso3 or code == "KSV"
        icews = _ICEWS_NAMES.get(iso3, name) if current else name
        found[code] = Country(code, iso3, row["plover"], row["fips"], numbers.get(iso3, "") if current else "", name, icews)
    return {country.iso3: country for country in found.values()} | found


def _straight(name: str) -> str:
    """A name of ISO 3166 as it is said: "Palestine, State of" is State of Palestine, "Holy See (Vatican City State)" the Holy See."""
    before, comma, behind = name.partition(" (")[0].partition(", ")
    return before if not comma or " and " in behind else f"{behind} {before}"


@lru_cache(maxsize=65536)
def actor_parts(code: str) -> ActorParts:
    """Read an actor code; `---` alone gives empty parts, `---MIL` a role of an unknown country. Codes may hold triples that no table knows:
    behind the first they are taken for a group (IGOSCO)."""
    first, *rest = _triples(code) or [UNKNOWN]
    slots: dict[str, list[str]] = {"country": [], "group": [], "people": [], "religion": [], "type": []}
    for place, triple in enumerate([first, *rest]):
        if triple != UNKNOWN:
            slot = _slot(triple, first=place == 0)
            if slot == "people" and first in INTERNATIONAL:
                slot = "group"  # IGOSCO is the Shanghai organisation, not a Scottish one
            slots[slot].append(triple.lower() if slot == "people" else triple)
    country = slots["country"][0] if slots["country"] else ""
    groups, peoples, religions, types = (tuple(slots[s]) for s in ("group", "people", "religion", "type"))
    bare = code.removeprefix(UNKNOWN)
    return ActorParts(bare, country, groups, peoples, religions, types, _name(bare, country, groups, peoples, religions, types))


def country_name(code: str) -> str:
    """English name of a country, a state of the past or a region by its CAMEO or ISO3 code; "" for any other code."""
    country = countries().get(code)
    return country.name if country else _names("country").get(code) or _names("region").get(code, "").strip('"')


def _rows(name: str) -> Iterator[dict[str, str]]:
    with open(bundled_folder() / name, encoding="utf-8-sig", newline="") as stream:
        yield from csv.DictReader(stream)


@cache
def _kinds() -> dict[str, dict[str, str]]:
    """Names of actor codes by kind: role, country, region, organization, known-group, religion, ethnic, international-generic."""
    kinds: dict[str, dict[str, str]] = {}
    for row in _rows("actor_codes.csv"):
        kinds.setdefault(row["kind"], {})[row["code"]] = row["name"]
    return kinds


def _names(kind: str) -> dict[str, str]:
    return _kinds().get(kind, {})


def _triples(code: str) -> list[str]:
    """A code cut in threes; letters that are left over stay with the last triple (IGOSEOSC: IGO, SEOSC)."""
    parts = [code[i : i + 3] for i in range(0, len(code), 3)]
    if len(parts) > 1 and len(parts[-1]) < 3:
        parts[-2:] = ["".join(parts[-2:])]
    return parts


def _slot(triple: str, first: bool) -> str:
    """Where a triple belongs: country, group, people, religion or type."""
    if first and (triple in countries() or triple in _names("country") or triple in _names("region")):
        return "country"
    if triple in INTERNATIONAL or triple in ROLES and triple not in _GROUPS_AMONG_ROLES:
        return "type"
    if not first and triple in _names("known-group"):
        return "group"
    if triple in _names("religion"):
        return "religion"
    if triple in _names("region"):
        return "country"  # IGOEUREEC: GDELT writes EUR as the country
    return "people" if triple.lower() in _names("ethnic") else "group"


def _name(code: str, country: str, groups: tuple[str, ...], peoples: tuple[str, ...], religions: tuple[str, ...], types: tuple[str, ...]) -> str:
    """An English name: that of the organisation or group, else "Role (Country)", else the country, the people or the religion."""
    organization = _names("organization").get(code)
    if organization:
        return organization
    known = [_names("known-group").get(g) or country_name(g) for g in groups]
    if known and known[-1]:
        return known[-1]
    place = country_name(country)
    what = next((ROLES[t][0] for t in types if t in ROLES), "")
    if not what and peoples:
        what = _names("ethnic").get(peoples[-1], "")
    if not what and religions:
        what = _names("religion").get(religions[-1], "")
    if groups and not what:
        what = groups[-1]
    return f"{what} ({place})" if what and place else what or place


@cache
def code_names() -> dict[str, str]:
    """Names of the CAMEO codes."""
    return {row["cameo"]: row["name"] for row in _rows("ontology.csv")}


@cache
def plover_scale() -> dict[tuple[str, str], tuple[str, str]]:
    """(quad, intensity) of every PLOVER type, mode "", and of every (type, mode)."""
    return {(row["plover"], row["mode"]): (row["quad"], row["intensity"]) for row in _rows("plover.csv")}
