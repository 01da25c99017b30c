"""What stands beside an output: `datapackage.json`, which describes the files (Frictionless), and `manifest.json`, with which a run can be repeated.

Neither holds a time or a path of its own: the same command gives the same bytes.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from coder.dictionaries import bundled_folder
from coder.formats import DATASETS, INTEGERS, NUMBERS
from coder.output import COLUMNS
from coder.outputs import Written

_NATIVE = {
    "event_id": "Stable hash of the mention", "story_id": "Id of the story", "sentence": "Sentence in the story, from 1",
    "event_date": "YYYY-MM-DD, YYYY-MM or YYYY", "date_precision": "day, week, month, year, or story (the story's date)",
    "source": "CAMEO actor code; --- unknown", "target": "CAMEO actor code; --- unknown", "cameo": "CAMEO event code, text",
    "plover": "PLOVER type", "plover_mode": "PLOVER mode", "plover_context": "PLOVER contexts, ; between",
    "quad": "Quad class: 01-05, 06-08, 09-13, 14-20", "goldstein": "Goldstein value", "status": "actual, alleged, future, hypothetical, negated",
    "same_as": "event_id of the first mention of this event in the story", "source_text": "Words of the source", "event_text": "Word of the event",
    "target_text": "Words of the target", "start": "Offset of event_text in the story, characters", "end": "End offset of event_text",
    "place": "Place of the event", "place_country": "Country of the place, ISO3", "latitude": "Degrees, WGS84", "longitude": "Degrees, WGS84",
    "place_precision": "How exact the place is", "killed": "Killed: 49, 20-99, 100+", "injured": "Injured: 49, 20-99, 100+",
    "rule": "Row of the verb table that gave the event", "story_date": "Date of the story, YYYY-MM-DD", "publisher": "Source of the story",
    "url": "Address of the story",
}  # fmt: skip
_DATASET_INTEGERS = frozenset({
    "GLOBALEVENTID", "SQLDATE", "MonthYear", "Year", "IsRootEvent", "QuadClass", "NumMentions", "NumSources", "NumArticles", "Actor1Geo_Type",
    "Actor2Geo_Type", "ActionGeo_Type", "DATEADDED", "Event ID", "Story ID", "Sentence Number", "PentaClass", "Actor COW", "Recipient COW",
})  # fmt: skip
_DATASET_NUMBERS = frozenset({"FractionDate", "GoldsteinScale", "AvgTone", "Intensity", "GoldsteinScore", "Lat", "Lon", "Latitude", "Longitude"})
_DATASET_DATES = frozenset({"Event Date", "Publication Date"})


def data_package(written: Iterable[Written]) -> dict[str, Any]:
    """A Frictionless data package of the files."""
    resources = [_resource(one) for one in written if one.path is not None]
    return {"profile": "data-package", "name": "waqai-events", "title": "Political events from Arabic news, coded by waqai", "resources": resources}


def manifest(
    written: Iterable[Written], *, command: str, options: Mapping[str, object], inputs: Mapping[str, str], counts: Mapping[str, int],
    folders: Sequence[Path] = (), parser: str = "",
) -> dict[str, Any]:  # fmt: skip
    """What made the files: versions, hashes of the dictionaries and of the input (name -> sha256), the parser's weights, options, counts."""
    from coder import __version__

    return {
        "waqai": __version__,
        "command": command,
        "options": dict(sorted(options.items())),
        "parser": parser,
        "dictionaries": dictionary_hashes([bundled_folder(), *folders]),
        "inputs": dict(inputs),
        "counts": dict(counts),
        "outputs": [
            {
                "format": w.format,
                "path": w.path.name,
                "rows": w.rows,
                "left_out": w.left_out,
                "bytes": w.path.stat().st_size,
                "sha256": file_hash(w.path),
            }
            for w in written
            if w.path is not None
        ],
    }


def write_beside(written: Sequence[Written], made: Mapping[str, Any]) -> None:
    """Write both files: into the folder of several outputs, or beside a single one with its name before theirs (events.csv.manifest.json)."""
    for name, content in (("datapackage.json", data_package(written)), ("manifest.json", made)):
        path = beside(written, name)
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def beside(written: Sequence[Written], name: str) -> Path:
    """Where a file that goes with the outputs stands."""
    first = next(one.path for one in written if one.path is not None)
    return first.with_name(name if len(written) > 1 else f"{first.name}.{name}")


def dictionary_hashes(folders: Iterable[Path]) -> dict[str, str]:
    """sha256 of every table, by file name; a table of a user's folder stands under its own name with `user/` before it."""
    found: dict[str, str] = {}
    for place, folder in enumerate(folders):
        for path in sorted(p for p in folder.iterdir() if p.is_file() and p.name.endswith((".csv", ".txt"))):
            found["user/" * bool(place) + path.name] = file_hash(path)
    return found


def input_hashes(inputs: Iterable[str]) -> dict[str, str]:
    """sha256 of every input file, and of every file in an input folder; standard input and what is not there have none."""
    found: dict[str, str] = {}
    for name in inputs:
        path = Path(name)
        files = sorted(p for p in path.rglob("*") if p.is_file()) if path.is_dir() else [path] if path.is_file() else []
        found.update({file.as_posix(): file_hash(file) for file in files})
    return found


def file_hash(path: Path) -> str:
    """sha256 of a file, read in pieces."""
    with open(path, "rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _resource(one: Written) -> dict[str, Any]:
    assert one.path is not None
    resource: dict[str, Any] = {"name": f"events-{one.format}", "path": one.path.name}
    if one.format in ("parquet", "sqlite"):
        resource |= {"format": one.format, "mediatype": f"application/vnd.{'apache.parquet' if one.format == 'parquet' else 'sqlite3'}"}
        return resource | {"schema": {"fields": [_native_field(name, typed=True) for name in COLUMNS], "missingValues": [""]}}
    if one.format == "plover":
        return resource | {"format": "jsonl", "mediatype": "application/jsonl", "encoding": "utf-8"}
    resource |= {"profile": "tabular-data-resource", "format": "csv", "mediatype": "text/csv", "encoding": "utf-8"}
    if one.format == "native":
        fields: list[dict[str, Any]] = [_native_field(name, typed=False) for name in COLUMNS]
        return resource | {"schema": {"fields": fields, "primaryKey": "event_id", "missingValues": [""]}}
    chosen = DATASETS[one.format]
    fields = [{"name": name, "type": _kind(name, chosen.name)} for name in chosen.columns]
    dialect = {"delimiter": chosen.delimiter, "header": chosen.header}
    return resource | {"dialect": dialect, "schema": {"fields": fields, "primaryKey": chosen.columns[0], "missingValues": [""]}}


def _native_field(name: str, typed: bool) -> dict[str, Any]:
    kind = "integer" if name in INTEGERS else "number" if name in NUMBERS else "string"
    described = {"description": _NATIVE[name]} if name in _NATIVE else {}
    return {"name": name, "type": kind, **described}


def _kind(name: str, dataset: str) -> str:
    if dataset == "polecat" and name == "Event ID":
        return "string"  # a number in ICEWS
    if name in _DATASET_DATES:
        return "date"
    if name in _DATASET_INTEGERS:
        return "integer"
    return "number" if name in _DATASET_NUMBERS or name.endswith(("_Lat", "_Long")) else "string"
