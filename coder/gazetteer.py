"""The gazetteer: names of places with country and coordinates. GeoNames data (coder/gazetteer_data/LICENSE.md), and over it dictionaries/places.csv.

Names are keys folded as text is; a row of the packed file becomes a record only when its name is met, so that loading takes a fraction of a second.
"""

import csv
import gzip
import io
import math
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from attrs import define, evolve, field, frozen

from coder.model import InputError

# What a place is: a town or village; a quarter, camp or second-order division; a province or landscape; an airport, crossing or base; a sea or strait.
KINDS = ("city", "district", "region", "site", "water")
COLUMNS = ("names", "latin", "country", "admin1", "latitude", "longitude", "population", "kind", "geonames_id")
_REMEDY = "install waqai again, or build the file anew: python -m coder.gazetteer_build"
_EARTH = 6371.0  # kilometres
_SAME_PLACE = 30.0  # kilometres within which two entries of one name are one place


@frozen
class Place:
    """One place: its folded Arabic names, its name in Latin letters, CAMEO country code ("" for waters of nobody), GeoNames' code of the first-order
    division, degrees north and east, inhabitants (0 unknown), kind and GeoNames id ("" for a row of places.csv that has none). `own`: of places.csv."""

    names: tuple[str, ...]
    latin: str
    country: str
    admin1: str
    latitude: float
    longitude: float
    population: int
    kind: str
    geonames_id: str = ""
    own: bool = False

    def cells(self) -> tuple[object, ...]:
        """The row of the packed file."""
        return (
            "|".join(self.names), self.latin, self.country, self.admin1, f"{self.latitude:.4f}", f"{self.longitude:.4f}", self.population, self.kind,
            self.geonames_id,
        )  # fmt: skip


@define
class Gazetteer:
    """Places by folded name. `lengths` gives for a first word the numbers of words, long ones first, of names that begin with it."""

    names: dict[str, list[int]] = field(factory=dict)
    lengths: dict[str, tuple[int, ...]] = field(factory=dict)
    rows: list[Sequence[str] | Place] = field(factory=list)
    problems: list[InputError] = field(factory=list)

    def add(self, names: Iterable[str], row: Sequence[str] | Place) -> None:
        """Enter a row under its names; call `index` when all are in."""
        number = len(self.rows)
        self.rows.append(row)
        for name in names:
            known = self.names.get(name)
            if known is None:
                self.names[name] = [number]
            else:
                known.append(number)

    def index(self) -> None:
        """Make `lengths` from the names."""
        found: dict[str, set[int]] = {}
        for name in self.names:
            first, _, rest = name.partition(" ")
            lengths = found.get(first)
            if lengths is None:
                lengths = found[first] = set()
            lengths.add(1 + rest.count(" ") + 1 if rest else 1)
        self.lengths = {first: tuple(sorted(lengths, reverse=True)) for first, lengths in found.items()}

    def places(self, name: str) -> Iterator[Place]:
        """The places of a folded name."""
        for number in self.names.get(name, ()):
            row = self.rows[number]
            if not isinstance(row, Place):
                row = self.rows[number] = _place(row)
            yield row


def _place(cells: Sequence[str]) -> Place:
    names, latin, country, admin1, latitude, longitude, population, kind, number = cells
    return Place(tuple(names.split("|")), latin, country, admin1, float(latitude), float(longitude), int(population), kind, number)


def shipped_gazetteer() -> Path:
    """The packed file of this installation."""
    return Path(__file__).with_name("gazetteer_data") / "places.csv.gz"


@lru_cache(maxsize=2)
def _rows(path: Path) -> tuple[list[list[str]], tuple[InputError, ...]]:
    """The rows of a packed file, and what is wrong with it: no rows where it is missing, cut or of another form."""
    try:
        text = gzip.decompress(path.read_bytes()).decode()
    except FileNotFoundError:
        return [], (InputError(path.name, "the gazetteer is missing: events get only places of places.csv", _REMEDY),)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        return [], (InputError(path.name, f"the gazetteer is cut or damaged ({error}): events get only places of places.csv", _REMEDY),)
    header, *rows = csv.reader(io.StringIO(text))
    end = rows.pop() if rows else []
    if tuple(header) != COLUMNS or end != ["end", str(len(rows))]:
        return [], (InputError(path.name, "the gazetteer is cut or of another version: events get only places of places.csv", _REMEDY),)
    return rows, ()


def gazetteer_problems(path: Path | None = None) -> tuple[InputError, ...]:
    """What is wrong with the packed file (the shipped one by default): missing, cut, of another form."""
    return _rows(path or shipped_gazetteer())[1]


def load_gazetteer(own: Iterable[Place] = (), path: Path | None = None) -> Gazetteer:
    """The packed file (the shipped one by default) with the rows of places.csv laid over it: of two places that share a name and lie within 30 km of
    each other only the own one is kept. A bad file is told in `problems` and leaves the own rows."""
    rows, problems = _rows(path or shipped_gazetteer())
    result = Gazetteer(problems=list(problems))
    for place in own:
        result.add(place.names, place)
    result.index()
    own_names = dict(result.names)
    for cells in rows:
        names = cells[0].split("|")
        if own_names and any(name in own_names for name in names):
            there = _place(cells)
            names = [name for name in names if not any(_take_over(result, number, there) for number in own_names.get(name, ()))]
        if names:
            result.add(names, cells)
    result.index()
    return result


def _take_over(gazetteer: Gazetteer, number: int, there: Place) -> bool:
    """Whether the own place of this number is the packed one, which then lends it inhabitants, division and id."""
    own = gazetteer.rows[number]
    if not isinstance(own, Place) or distance(own, there) >= _SAME_PLACE:
        return False
    if own.kind == there.kind and there.population >= own.population:
        number_there = own.geonames_id or there.geonames_id
        gazetteer.rows[number] = evolve(own, population=there.population, admin1=there.admin1, geonames_id=number_there)
    return True


def distance(a: Place, b: Place) -> float:
    """Kilometres between two places, along the sphere."""
    north = math.radians(b.latitude - a.latitude)
    east = math.radians(b.longitude - a.longitude)
    chord = math.sin(north / 2) ** 2 + math.cos(math.radians(a.latitude)) * math.cos(math.radians(b.latitude)) * math.sin(east / 2) ** 2
    return 2 * _EARTH * math.asin(math.sqrt(chord))
