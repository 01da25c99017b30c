"""Reading stories from what users have: text, JSON lines, CSV, TSV, PETRARCH XML, folders, standard input, gzip of all of these.

Nothing is raised for bad content: every story comes out as a Story, every problem as an InputError that names file and row and says what to do.
"""

import csv
import gzip
import io
import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from collections.abc import Iterable, Iterator
from pathlib import Path

from coder.model import InputError, Story
from coder.text import arabic_share

FIELDS = ("id", "date", "text", "title", "source", "url")
SUFFIXES = (".txt", ".jsonl", ".csv", ".tsv", ".xml")
MAX_BYTES = 2_000_000_000  # of one file once unpacked: what is larger is a gzip bomb or should come as several files
_MIN_ARABIC = 0.5
_NOT_ARABIC_LETTERS = re.compile("[پچژگٹڈڑےںھ]")  # Persian and Urdu only
_DATE_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_]?([01]\d)[-_]?([0-3]\d)(?!\d)")
_ISO = re.compile(r"^((?:19|20)\d\d)[-/.]?(\d\d)[-/.]?(\d\d)")
NO_DATE = "no date: dates in it stay relative to nothing"


def read_stories(inputs: Iterable[str], *, date: str = "", encoding: str = "", columns: dict[str, str] | None = None) -> Iterator[Story | InputError]:
    """Stories of the named files and folders, `-` for standard input. `date` (YYYY-MM-DD) is used where a story has none; `encoding`
    where a file is not UTF-8; `columns` maps our field names (FIELDS) to the user's column names. Ids are made unique."""
    seen: dict[str, int] = {}
    names = {field: (columns or {}).get(field, field) for field in FIELDS}
    for path, label in _files(inputs):
        if path is None:
            yield InputError(label, "no such file or folder", "check the spelling of the path")
            continue
        for item in _read_file(path, label, encoding, names):
            if isinstance(item, Story):
                yield from _checked(item, label, date, seen)
            else:
                yield item


def _files(inputs: Iterable[str]) -> Iterator[tuple[Path | None, str]]:
    for name in inputs:
        path = Path(name)
        if name == "-":
            yield path, "standard input"
        elif path.is_dir():
            for inner in sorted(p for p in path.rglob("*") if p.is_file() and _suffix(p) in SUFFIXES):
                yield inner, str(inner)
        else:
            yield (path, name) if path.is_file() else (None, name)


def _suffix(path: Path) -> str:
    return Path(path.stem).suffix.lower() if path.suffix == ".gz" else path.suffix.lower()


def _read_file(path: Path, label: str, encoding: str, names: dict[str, str]) -> Iterator[Story | InputError]:
    """Stories of one file, ids not yet unique."""
    try:
        data = _bytes(path)
    except (OSError, EOFError) as error:
        yield InputError(label, f"cannot be read: {error}", "a gzip file may be cut; check permissions")
        return
    text = _decode(data, label, encoding)
    if isinstance(text, InputError):
        yield text
    elif not text.strip():
        yield InputError(label, "the file is empty", "leave it out or fill it")
    else:
        suffix = _suffix(path) if str(path) != "-" else (".jsonl" if text.lstrip().startswith("{") else ".txt")
        reader = {".jsonl": _json_lines, ".csv": _table, ".tsv": _table, ".xml": _xml}.get(suffix, _plain)
        yield from reader(text, path, label, names)


def _bytes(path: Path) -> bytes:
    if str(path) == "-":
        return sys.stdin.buffer.read()
    if path.suffix != ".gz":
        return path.read_bytes()
    with gzip.open(path) as stream:
        data = stream.read(MAX_BYTES + 1)
    if len(data) > MAX_BYTES:
        raise OSError(f"unpacks to more than {MAX_BYTES} bytes")
    return data


def _decode(data: bytes, label: str, encoding: str) -> str | InputError:
    """The text, or an error that names the likely encoding: Windows-1256 is told by what its decoding looks like."""
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = encoding or "utf-16"
    try:
        return data.decode(encoding or "utf-8-sig")
    except LookupError:
        return InputError(label, f"unknown encoding {encoding!r}", "for example --encoding windows-1256")
    except UnicodeDecodeError:
        if not encoding and arabic_share(data[:20_000].decode("cp1256", errors="ignore")) > _MIN_ARABIC:
            return InputError(label, "not UTF-8; it looks like Windows-1256", "run again with --encoding windows-1256")
        return InputError(label, f"not {encoding or 'UTF-8'}", "name its encoding with --encoding")


def _plain(text: str, path: Path, label: str, names: dict[str, str]) -> Iterator[Story | InputError]:
    found = _DATE_IN_NAME.search(path.name)
    yield Story(path.name.split(".")[0] if str(path) != "-" else "stdin", text, "-".join(found.groups()) if found else "")


def _json_lines(text: str, path: Path, label: str, names: dict[str, str]) -> Iterator[Story | InputError]:
    for number, line in enumerate(text.splitlines(), 1):
        if line.strip():
            try:
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise ValueError("not an object")
            except (ValueError, RecursionError) as error:
                yield InputError(f"{label}:{number}", f"malformed JSON: {str(error)[:80]}", "each line is one object with id, date and text")
                continue
            yield _story({k: "" if v is None else str(v) for k, v in row.items()}, f"{label}:{number}", f"{path.name.split('.')[0]}-{number}", names)


def _table(text: str, path: Path, label: str, names: dict[str, str]) -> Iterator[Story | InputError]:
    csv.field_size_limit(min(sys.maxsize, 2**31 - 1))
    reader = csv.DictReader(io.StringIO(text, newline=""), delimiter="\t" if _suffix(path) == ".tsv" else ",")
    header = reader.fieldnames or []
    if names["text"] not in header:
        yield InputError(f"{label}:1", f"no column {names['text']!r}; the columns are {', '.join(header)[:200]}", "name it with --column text=NAME")
        return
    try:
        for row in reader:
            cells = {k: v for k, v in row.items() if isinstance(k, str) and isinstance(v, str)}
            yield _story(cells, f"{label}:{reader.line_num}", f"{path.name.split('.')[0]}-{reader.line_num}", names)
    except csv.Error as error:
        yield InputError(f"{label}:{reader.line_num}", f"malformed table: {error}", "check the quotes of that row")


def _xml(text: str, path: Path, label: str, names: dict[str, str]) -> Iterator[Story | InputError]:
    """PETRARCH input: <Sentences><Sentence date id source><Text>. A document type is refused, since entities can be bombs."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        yield InputError(label, "the XML has a document type", "take the <!DOCTYPE ...> out")
        return
    try:
        root = ElementTree.fromstring(text)
    except ElementTree.ParseError as error:
        yield InputError(label, f"malformed XML: {error}", "check the file from that line on")
        return
    for number, node in enumerate(root.iter("Sentence"), 1):
        row = {
            "id": node.get("id", ""),
            "date": node.get("date", ""),
            "source": node.get("source", ""),
            "text": (node.findtext("Text") or "").strip(),
        }
        yield _story(row, f"{label}:Sentence {number}", f"{path.stem}-{number}", {f: f for f in FIELDS})


def _story(row: dict[str, str], where: str, default_id: str, names: dict[str, str]) -> Story | InputError:
    """One record as a Story; a title that is not yet the first line of the text is put before it, so that offsets are in one text."""
    cells = {field: row.get(names[field], "").strip() for field in FIELDS}
    if not cells["text"] and not cells["title"]:
        return InputError(where, f"no text in column {names['text']!r}", "the row is left out")
    text, title = cells["text"], cells["title"]
    if title and not text.startswith(title):
        text = f"{title}\n{text}"
    extra = {k: v for k, v in row.items() if k not in names.values()}
    return Story(cells["id"] or default_id, text, cells["date"], title, cells["source"], cells["url"], extra)


def _checked(story: Story, label: str, date: str, seen: dict[str, int]) -> Iterator[Story | InputError]:
    """The story with a valid date and a unique id, or what is wrong with it."""
    where = f"{label} ({story.id})" if story.id not in label else label
    share = arabic_share(story.text)
    if share < _MIN_ARABIC or len(_NOT_ARABIC_LETTERS.findall(story.text)) > 0.02 * len(story.text):
        language = "Persian or Urdu" if share >= _MIN_ARABIC else "Latin or other letters"
        yield InputError(where, f"not Arabic: {language}", "the story is left out")
        return
    found = _ISO.match(story.date)
    day = "-".join(found.groups()) if found else ""
    if story.date and not found:
        yield InputError(
            where, f"date {story.date!r} is not YYYY-MM-DD", "the date given with --date is used" if date else "the story is coded without a date"
        )
    day = day or date
    if not day:
        yield InputError(where, NO_DATE, "give it with --date YYYY-MM-DD")
    seen[story.id] = seen.get(story.id, 0) + 1
    name = story.id
    if seen[name] > 1:
        name = f"{story.id}#{seen[story.id]}"
        yield InputError(where, f"the id {story.id} stands more than once", f"this one is called {name}")
    yield Story(name, story.text, day, story.title, story.source, story.url, story.extra)
