"""Reading stories from what users have: text, JSON lines, CSV, TSV, PETRARCH XML, folders, standard input, gzip of all of these.

Nothing is raised for bad content: every story comes out as a Story, every problem as an InputError that names file and row and says what to do.
"""

import codecs
import contextlib
import csv
import datetime
import hashlib
import io
import json
import re
import sys
import xml.etree.ElementTree as ElementTree
import zlib
from array import array
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, TextIO, cast

from coder.model import InputError, Story
from coder.progress import NO_DATE, Meter
from coder.text import arabic_share
from coder.unpack import bounded_lines, open_bytes

FIELDS = ("id", "date", "text", "title", "source", "url")
SUFFIXES = (".txt", ".jsonl", ".csv", ".tsv", ".xml")
MAX_TEXT = 10_000_000  # characters of one story, some hundred novels: what is larger is none
_PEEK = 65_536  # bytes looked at to tell what a file is
_MIN_ARABIC = 0.5
_NOT_ARABIC_LETTERS = re.compile("[پچژگٹڈڑےںھ]")  # Persian and Urdu only
_SURROGATES = re.compile("[\ud800-\udfff]")  # halves of characters, which JSON can hold and no file can be written with
_DATE_IN_NAME = re.compile(r"(?<!\d)((?:19|20)\d\d)[-_]?([01]\d)[-_]?([0-3]\d)(?!\d)")
_ISO = re.compile(r"^((?:19|20)\d\d)[-/.]?(\d\d)[-/.]?(\d\d)")


def read_stories(
    inputs: Iterable[str], *, date: str = "", encoding: str = "", columns: dict[str, str] | None = None, meter: Meter | None = None
) -> Iterator[Story | InputError]:  # fmt: skip
    """Stories of the named files and folders, `-` for standard input. `date` (YYYY-MM-DD) is used where a story has none; `encoding`
    where a file is not UTF-8; `columns` maps our field names (FIELDS) to the user's column names; `meter` follows the reading. Ids are made
    unique."""
    seen = _Ids()
    names = {field: (columns or {}).get(field, field) for field in FIELDS}
    for path, label in _files(inputs):
        if path is None:
            yield InputError(label, "no such file or folder", "check the spelling of the path")
            continue
        for item in _read_file(path, label, encoding, names, meter or Meter()):
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


def _read_file(path: Path, label: str, encoding: str, names: dict[str, str], meter: Meter) -> Iterator[Story | InputError]:
    """Stories of one file, ids not yet unique. Tables and JSON lines are streamed, other forms read whole."""
    try:
        with _opened(path) as stream:
            meter.follow(path, stream if str(path) != "-" else None)
            start = _peek(stream)
            chosen = _encoding(start, label, encoding)
            if isinstance(chosen, InputError):
                yield chosen
            elif not start.decode(chosen, errors="replace").strip():
                yield InputError(label, "the file is empty", "leave it out or fill it")
            else:
                suffix = (
                    _suffix(path) if str(path) != "-" else (".jsonl" if start.decode(chosen, errors="replace").lstrip().startswith("{") else ".txt")
                )
                lines = io.TextIOWrapper(stream, encoding=chosen, newline="")
                yield from _READERS.get(suffix, _plain)(lines, path, label, names)
                lines.detach()
    except UnicodeError as error:
        yield _wrong_encoding(error.object if isinstance(error, UnicodeDecodeError) else b"", label, encoding)
    except (OSError, EOFError, zlib.error) as error:
        yield InputError(label, f"cannot be read: {error}", "a gzip file may be cut; check permissions")


@contextlib.contextmanager
def _opened(path: Path) -> Iterator[io.BufferedReader]:
    """The bytes of a file, unpacked, or of standard input."""
    stream: Any = io.BufferedReader(cast(io.RawIOBase, sys.stdin.buffer), _PEEK) if str(path) == "-" else open_bytes(path, _PEEK)
    try:
        yield stream
    finally:
        if str(path) != "-":
            stream.close()
        else:
            stream.detach()  # standard input stays open


def _peek(stream: io.BufferedReader) -> bytes:
    """The first bytes of a stream, which stay in it; leading blanks of any length would hide its content, so few are expected."""
    return stream.peek(_PEEK)[:_PEEK]


def _encoding(start: bytes, label: str, encoding: str) -> str | InputError:
    """The encoding to read with: the one given, that of a byte order mark, or UTF-8."""
    if start[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = encoding or "utf-16"
    try:
        name = codecs.lookup(encoding or "utf-8-sig").name
        start.decode(name, errors="replace")  # raises LookupError for codecs that are none of text, UnicodeError for a few of no use here
        return name
    except (LookupError, UnicodeError):
        return InputError(label, f"unknown encoding {encoding!r}", "for example --encoding windows-1256")


def _wrong_encoding(data: bytes, label: str, encoding: str) -> InputError:
    """What to say of bytes that are not in the encoding: Windows-1256 is told by what its decoding looks like."""
    if not encoding and arabic_share(data[:20_000].decode("cp1256", errors="ignore")) > _MIN_ARABIC:
        return InputError(label, "not UTF-8; it looks like Windows-1256", "run again with --encoding windows-1256")
    return InputError(label, f"not {encoding or 'UTF-8'}", "name its encoding with --encoding")


def _whole(lines: TextIO) -> str:
    """All the text of a stream. Raises OSError for more than MAX_TEXT characters."""
    text = lines.read(MAX_TEXT + 1)
    if len(text) > MAX_TEXT:
        raise OSError(f"a story of more than {MAX_TEXT:,} characters (a table holds one story a row)")
    return text


def _plain(lines: TextIO, path: Path, label: str, names: dict[str, str]) -> Iterator[Story | InputError]:
    text = _whole(lines)
    found = _DATE_IN_NAME.search(path.name)
    yield Story(path.name.split(".")[0] if str(path) != "-" else "stdin", text, "-".join(found.groups()) if found else "")


def _json_lines(lines: TextIO, path: Path, label: str, names: dict[str, str]) -> Iterator[Story | InputError]:
    for number, line in enumerate(bounded_lines(lines), 1):
        if line.strip():
            try:
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise ValueError("not an object")
            except (ValueError, RecursionError) as error:
                yield InputError(f"{label}:{number}", f"malformed JSON: {str(error)[:80]}", "each line is one object with id, date and text")
                continue
            yield _story({k: "" if v is None else str(v) for k, v in row.items()}, f"{label}:{number}", f"{path.name.split('.')[0]}-{number}", names)


def _table(lines: TextIO, path: Path, label: str, names: dict[str, str]) -> Iterator[Story | InputError]:
    csv.field_size_limit(MAX_TEXT)  # a quote that is never closed would make one cell of the rest
    reader = csv.DictReader(bounded_lines(lines), delimiter="\t" if _suffix(path) == ".tsv" else ",")
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


class _Sentences:
    """Takes the <Sentence> elements out of PETRARCH's XML as they pass, so that memory stays flat. Raises ValueError for a document type, with
    which entities are declared that unfold to gigabytes."""

    def __init__(self) -> None:
        self.rows: list[dict[str, str]] = []
        self._row: dict[str, str] | None = None
        self._text: list[str] | None = None

    def doctype(self, name: str, public: str | None, system: str | None) -> None:
        """A document type begins: before any entity is declared."""
        raise ValueError("the XML has a document type")

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        """An element begins."""
        if tag == "Sentence":
            self._row = {name: attributes.get(name, "") for name in ("id", "date", "source")}
        elif tag == "Text" and self._row is not None and "text" not in self._row:
            self._text = []

    def data(self, text: str) -> None:
        """Text of an element."""
        if self._text is not None:
            self._text.append(text)

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag == "Text" and self._row is not None and self._text is not None:
            self._row["text"], self._text = "".join(self._text).strip(), None
        elif tag == "Sentence" and self._row is not None:
            self.rows.append({**self._row, "text": self._row.get("text", "")})
            self._row = None

    def close(self) -> None:
        """The document ends."""


def _xml(lines: TextIO, path: Path, label: str, names: dict[str, str]) -> Iterator[Story | InputError]:
    """PETRARCH input: <Sentences><Sentence date id source><Text>."""
    target, number = _Sentences(), 0
    parser = ElementTree.XMLParser(target=target)
    try:
        while text := lines.read(_PEEK):
            parser.feed(text)
            for row in target.rows:
                number += 1
                yield _story(row, f"{label}:Sentence {number}", f"{path.stem}-{number}", {f: f for f in FIELDS})
            target.rows.clear()
        parser.close()
    except ElementTree.ParseError as error:
        yield InputError(label, f"malformed XML: {error}", "check the file from that line on")
    except ValueError as error:
        if isinstance(error, UnicodeError):
            raise
        yield InputError(label, str(error), "take the <!DOCTYPE ...> out")


_READERS = {".jsonl": _json_lines, ".csv": _table, ".tsv": _table, ".xml": _xml}


def _story(row: dict[str, str], where: str, default_id: str, names: dict[str, str]) -> Story | InputError:
    """One record as a Story; a title that is not yet the first line of the text is put before it, so that offsets are in one text."""
    row = {_SURROGATES.sub("\ufffd", k): _SURROGATES.sub("\ufffd", v) for k, v in row.items()}
    cells = {field: row.get(names[field], "").strip() for field in FIELDS}
    if not cells["text"] and not cells["title"]:
        return InputError(where, f"no text in column {names['text']!r}", "the row is left out")
    text, title = cells["text"], cells["title"]
    if len(text) > MAX_TEXT:
        return InputError(where, f"a story of more than {MAX_TEXT:,} characters", "the row is left out: is it a whole archive?")
    if title and not text.startswith(title):
        text = f"{title}\n{text}"
    extra = {k: v for k, v in row.items() if k not in names.values()}
    return Story(cells["id"] or default_id, text, cells["date"], title, cells["source"], cells["url"], extra)


class _Ids:
    """How often each id has come, in some twenty bytes an id, so that millions fit: a hash table of 64-bit hashes. That two of five million
    ids share one, and a story is called ID#2 for it, happens once in a million runs."""

    def __init__(self) -> None:
        self._slots, self._used = array("Q", bytes(8 * 1024)), 0
        self._again: dict[str, int] = {}  # ids that came more than once

    def add(self, name: str) -> int:
        """Count one more, and give how many there are."""
        number = int.from_bytes(hashlib.blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little") or 1
        if not self._put(number):
            self._again[name] = self._again.get(name, 1) + 1
            return self._again[name]
        self._used += 1
        if 2 * self._used > len(self._slots):
            old, self._slots = self._slots, array("Q", bytes(16 * len(self._slots)))
            for other in old:
                if other:
                    self._put(other)
        return 1

    def _put(self, number: int) -> bool:
        """Enter a hash; False if it is there."""
        slots, last = self._slots, len(self._slots) - 1
        place = number & last
        while slots[place]:
            if slots[place] == number:
                return False
            place = (place + 1) & last
        slots[place] = number
        return True


def _valid_day(day: str) -> str:
    """The day, or nothing where the calendar has none such (2023-02-30)."""
    try:
        return datetime.date.fromisoformat(day).isoformat()
    except ValueError:
        return ""


def _checked(story: Story, label: str, date: str, seen: "_Ids") -> Iterator[Story | InputError]:
    """The story with a valid date and a unique id, or what is wrong with it."""
    where = f"{label} ({story.id})" if story.id not in label else label
    share = arabic_share(story.text)
    if share < _MIN_ARABIC or len(_NOT_ARABIC_LETTERS.findall(story.text)) > 0.02 * len(story.text):
        language = "Persian or Urdu" if share >= _MIN_ARABIC else "Latin or other letters"
        yield InputError(where, f"not Arabic: {language}", "the story is left out")
        return
    found = _ISO.match(story.date)
    day = _valid_day("-".join(found.groups())) if found else ""
    if story.date and not day:
        yield InputError(
            where,
            f"date {story.date!r} is not YYYY-MM-DD",
            "the date given with --date is used" if date else "the story is coded without a date",
        )
    elif not date and not day:
        yield InputError(where, NO_DATE, "give it with --date YYYY-MM-DD")
    times, name = seen.add(story.id), story.id
    if times > 1:
        name = f"{story.id}#{times}"
        yield InputError(where, f"the id {story.id} stands more than once", f"this one is called {name}")
    yield Story(name, story.text, day or date, story.title, story.source, story.url, story.extra)
