"""Dictionaries in the formats of PETRARCH and UniversalPetrarch, turned into rows of our own tables.

The formats are those that the readers of PETRARCH 1, PETRARCH2 and UniversalPetrarch accept (`PETRreader.py`, github.com/openeventdata, MIT) and
that "PETRARCH Dictionary Formats" (github.com/openeventdata/Dictionaries) describes. Nothing here raises: what is wrong in a file becomes a
problem, and what is right but is not read (Latin script, patterns that no frame can express, periods hidden by others) becomes a note.
"""

import datetime
import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import TypeVar

from attrs import define, field, frozen

from coder.model import InputError
from coder.text import fold, folded, strip_marks

T = TypeVar("T")
Row = tuple[str, dict[str, str]]
_ARABIC = re.compile("[\u0621-\u064a]")
_LATIN = re.compile("[A-Za-z]")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_COMMENT = re.compile(r"\s*[#;].*$")
_FIRST, _LAST = datetime.date.min.toordinal(), datetime.date.max.toordinal()
# fmt: off
# First words of names that are organisations although they have a period: movement, party, front, force, army, council, ministry, president of ...
_BODIES = folded({"حركة", "حزب", "جبهة", "تنظيم", "منظمة", "مجلس", "اتحاد", "قوة", "قوات", "جيش", "كتائب", "كتيبة", "لواء", "لجنة",
                   "هيئة", "حكومة", "وزارة", "جماعة", "مجموعة", "شركة", "بنك", "مصرف", "جمعية", "مؤسسة", "رابطة", "تحالف", "ائتلاف",
                   "ديوان", "دولة", "سلطة", "جامعة", "محكمة", "بعثة", "وكالة", "شبكة", "قناة", "صحيفة", "رئيس", "وزير", "زعيم", "أمير",
                   "ملك", "عاهل", "نائب", "برلمان", "نظام", "ميليشيا", "اتفاق"})
_PREPOSITIONS = folded({"في", "على", "إلى", "من", "عن", "مع", "ب", "ل", "لل", "ك", "ضد", "بين", "نحو", "حول", "تحت", "تجاه", "باتجاه", "أمام", "إزاء", "بشأن",
                        "بحق", "لدى", "قرب", "داخل", "خارج", "خلال", "أثناء", "بعد", "قبل", "حتى", "خلف", "وراء", "فوق", "لأجل", "منذ", "عند"})
# fmt: on
_FOR_SAKE = fold("أجل")  # ل أجل, من أجل "for the sake of": what follows is the noun that counts
VERB_COLUMNS = ("id", "verb", "present", "masdar", "plural", "object", "preposition", "complement", "frame", "cameo", "cameo_back", "act", "example",
                "source", "target", "note")  # fmt: skip


@define
class Foreign:
    """What the foreign files of a folder hold: rows for our tables by table name, what is wrong, what is told, entries read by file."""

    rows: dict[str, list[Row]] = field(factory=lambda: defaultdict(list))
    problems: list[InputError] = field(factory=list)
    notes: list[InputError] = field(factory=list)
    entries: Counter[str] = field(factory=Counter)

    def problem(self, where: str, what: str, remedy: str = "") -> None:
        self.problems.append(InputError(where, what, remedy))

    def note(self, where: str, what: str, remedy: str = "") -> None:
        self.notes.append(InputError(where, what, remedy))


@frozen
class Known:
    """What a reader must know of our tables: the kind of every actor code, the CAMEO codes, folded names of countries, and our verbs
    (`present` by verb)."""

    kinds: Mapping[str, str]
    codes: Collection[str]
    countries: Collection[str]
    verbs: Mapping[str, str]


def is_foreign(where: str) -> bool:
    """Whether `file:row` points into a file that this module read."""
    return ".txt:" in where


def read_folder(folder: Path, known: Known) -> Foreign:
    """All foreign dictionaries of `folder`, in the order of their names; word sets (`&NAME`) of one verb file serve the others too."""
    found = Foreign()
    verbs: dict[str, list[str]] = {}
    for path in sorted(folder.glob("*.txt")):
        lines = _lines(path, found)
        kind = file_kind(path.name, lines)
        if kind == "actors":
            _ActorReader(path.name, known, found).read(lines)
        elif kind == "agents":
            _read_agents(path.name, lines, found)
        elif kind == "verbs":
            verbs[path.name] = lines
        else:
            found.note(f"{path.name}:1", "no dictionary of a known format, not read", "actors, agents or verbs of PETRARCH, or our own CSV tables")
    reader = _VerbReader(known, found)
    for name, lines in verbs.items():
        reader.read_sets(name, lines)
    for name, lines in verbs.items():
        reader.read(name, lines)
    return found


def file_kind(name: str, lines: Iterable[str]) -> str:
    """actors, agents or verbs, by the file's name, else by what most of its lines look like; "" for a file of another kind."""
    for ending in ("actors", "agents", "verbs"):
        if name.lower().endswith(f".{ending}.txt"):
            return ending
    if name.upper().startswith("CAMEO"):
        return "verbs"
    marks: Counter[str] = Counter()
    for line in lines:
        if re.match(r"---.*---|-\s*[^-\s].*\*|&[A-Z]|-\s*\*", line):
            marks["verbs"] += 1
        elif re.search(r"\[(~[A-Z]|[A-Z]{3,}~)", line):
            marks["agents"] += 1
        elif re.search(r"\[[A-Z]{3}", line):
            marks["actors"] += 1
    return marks.most_common(1)[0][0] if marks else ""


def _lines(path: Path, found: Foreign) -> list[str]:
    """The lines of a file without invisible marks, comments of XML made empty so that lines keep their numbers."""
    data = path.read_bytes()
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = data.count(b"\n", 0, error.start) + 1
        found.problem(f"{path.name}:{number}", "not UTF-8; the letters that cannot be read are left out", "save the file as UTF-8")
        text = data.decode("utf-8-sig", errors="ignore")
    text = re.sub(r"<!--.*?-->", lambda m: "\n" * m.group().count("\n"), text, flags=re.DOTALL)
    lines = [_INVISIBLE.sub("", line).rstrip("\r") for line in text.split("\n")]
    stop = next((i for i, line in enumerate(lines) if "---STOP---" in line), len(lines))
    return ["" if line.startswith("<") else line for line in lines[:stop]]


def _name(text: str) -> str:
    """A name as news writes it: underscores, which PETRARCH puts between words, made blanks."""
    return " ".join(text.replace("_", " ").split())


def _is_arabic(name: str) -> bool:
    return bool(_ARABIC.search(name)) and not _LATIN.search(name)


def _tell_latin(found: Foreign, file: str, entries: int, faults: int) -> None:
    if entries:
        among = f" ({faults} faults among them)" if faults else ""
        found.note(f"{file}:1", f"{entries} entries in Latin script are not read{among}", "they can never match Arabic text")


# ---------------------------------------------------------------------------------------------------- actors


@frozen
class _Period:
    start: int
    end: int
    code: str
    where: str

    @property
    def dated(self) -> bool:
        return (self.start, self.end) != (_FIRST, _LAST)


@define
class _Entry:
    """Names that share codes: a first name, its synonyms, and code lines `(where, text)`."""

    names: list[tuple[str, str]] = field(factory=list)
    codes: list[tuple[str, str]] = field(factory=list)


class _ActorReader:
    """An actor file: `NAME [CODE dates]`, synonyms `+NAME`, and indented lines of codes, of which the first whose dates fit counts."""

    def __init__(self, file: str, known: Known, found: Foreign) -> None:
        self.file, self.known, self.found = file, known, found
        self.periods: dict[str, list[_Period]] = defaultdict(list)
        self.latin = self.faults = 0

    def read(self, lines: Iterable[str]) -> None:
        """Collect the periods of every name, then make rows of them."""
        for entry in self._entries(lines):
            self._take(entry)
        for name, periods in self.periods.items():
            self._rows(name, periods)
        _tell_latin(self.found, self.file, self.latin, self.faults)

    def _entries(self, lines: Iterable[str]) -> Iterator[_Entry]:
        entry = _Entry()
        for number, raw in enumerate(lines, 1):
            where, line = f"{self.file}:{number}", _COMMENT.sub("", raw).strip()
            if not line:
                continue
            name, bracket, codes = line.partition("[")
            name = name.strip()
            if name and not name.startswith("+") and (entry.codes or bracket):
                yield entry
                entry = _Entry()
            if name:
                entry.names.append((where, _name(name.removeprefix("+"))))
            if bracket:
                entry.codes.append((where, bracket + codes))
        yield entry

    def _take(self, entry: _Entry) -> None:
        """The periods of one entry under each of its Arabic names; faults of entries in Latin script are only counted."""
        arabic = [(where, name) for where, name in entry.names if _is_arabic(name)]
        self.latin += len(entry.names) - len(arabic)
        if entry.names and not arabic:
            counter = _ActorReader(self.file, self.known, Foreign())
            for where, text in entry.codes:
                list(counter._codes(where, text))
            self.faults += len(counter.found.problems) + (not entry.codes)
            return
        if entry.names and not entry.codes:
            self.found.problem(arabic[0][0], f"{arabic[0][1]} has no code", "write it as NAME [CODE]")
        periods = [period for where, text in entry.codes for period in self._codes(where, text)]
        if periods and not entry.names:
            self.found.problem(periods[0].where, "a code without a name", "write the name on a line before it")
        for where, name in arabic:
            if len(name) < 3:
                self.found.problem(where, f"the name {name} is too short to be told from other words", "write it in full")
            else:
                self.periods[name].extend(periods)
                self.found.entries[self.file] += 1

    def _codes(self, where: str, text: str) -> Iterator[_Period]:
        """The periods of a line of codes; what is wrong in it is told."""
        if _CODES.fullmatch(text) is None:
            self.found.problem(where, f"malformed code {text}", "write it as [CODE], [CODE <YYMMDD], [CODE >YYMMDD] or [CODE YYMMDD-YYMMDD]")
            return
        for inner in re.findall(r"\[([^\[\]]*)\]", text):
            match = _RESTRICTED.fullmatch(inner.strip())
            code = match.group(1) if match else ""
            if match is None:
                self.found.problem(where, f"malformed code [{inner}]", "write it as [CODE], [CODE <YYMMDD], [CODE >YYMMDD] or [CODE YYMMDD-YYMMDD]")
            elif code != "---" and code[:3] not in self.known.kinds:
                self.found.problem(where, f"unknown actor code {code!r}", "see actor_codes.csv")
            else:
                span = self._span(where, *match.groups()[1:])
                if span:
                    yield _Period(*span, code, where)

    def _span(self, where: str, side: str | None, one: str | None, first: str | None, last: str | None) -> tuple[int, int] | None:
        """First and last day: `<D` ends the day before D, `>D` begins on D, a range holds both its days; reversed ranges are told and turned."""
        days = [_day(text) for text in (one, first, last) if text]
        if None in days:
            bad = next(text for text in (one, first, last) if text and _day(text) is None)
            self.found.problem(where, f"{bad!r} is not a date", "write YYYYMMDD, or YYMMDD where years up to 30 are of this century")
            return None
        dates = [day for day in days if day is not None]
        if not dates:
            return _FIRST, _LAST
        if side:
            return (_FIRST, dates[0] - 1) if side == "<" else (dates[0], _LAST)
        if dates[0] > dates[1]:
            self.found.problem(where, f"the period {first}-{last} ends before it starts; it is read turned round", "turn its dates round")
        return min(dates), max(dates)

    def _rows(self, name: str, periods: list[_Period]) -> None:
        """Rows of one name. A country goes to the countries, a bare role (جيش [MIL]) to the agents, people to the persons, the rest to the groups."""
        for piece in self._effective(name, periods):
            if piece.code == "---":
                continue
            start = "" if piece.start == _FIRST else _iso(piece.start)
            end = "" if piece.end == _LAST else _iso(piece.end)
            dates = {"from": start, "to": end}
            kind = self.known.kinds.get(piece.code, "") if len(piece.code) == 3 else ""
            if kind == "country":
                self._country(name, piece, dates)
            elif self.known.kinds.get(piece.code[:3]) == "role":
                if piece.dated:
                    self.found.note(piece.where, f"{name}: a role has no period here; it is read without", "")
                self._emit("agents", piece.where, {"noun": name, "plural": "", "code": piece.code, "kind": "role"})
            elif self._is_person(name, periods):
                self._emit("persons", piece.where, {"name": name, "code": piece.code, **dates, "source": self.file})
            else:
                for variant in _with_article(name):
                    self._emit("groups", piece.where, {"name": variant, "code": piece.code, **dates, "source": self.file})

    def _country(self, name: str, piece: _Period, dates: dict[str, str]) -> None:
        if name.endswith("ي") and len(name) > 3 and fold(name) not in self.known.countries:
            self._emit("countries", piece.where, {"code": piece.code, "kind": "adjective", "name": name, **dates})
            return
        for variant in _with_article(name):
            self._emit("countries", piece.where, {"code": piece.code, "kind": "name", "name": variant, **dates})

    def _emit(self, table: str, where: str, row: dict[str, str]) -> None:
        self.found.rows[table].append((where, row))

    def _is_person(self, name: str, periods: list[_Period]) -> bool:
        """Whoever held something for a time, or is former elite, is a person unless the name begins like an organisation's."""
        if self.known.kinds.get(periods[0].code[:3]) != "country" or fold(name.split()[0]).removeprefix("ال") in _BODIES:
            return False
        return any(p.dated or p.code[3:6] == "ELI" or p.code.endswith("ELI") for p in periods)

    def _effective(self, name: str, periods: list[_Period]) -> list[_Period]:
        """Periods that do not overlap, as PETRARCH reads them: dated ones first, in the order of the file, and the first that fits counts."""
        pieces: list[_Period] = []
        for period in sorted(periods, key=lambda p: not p.dated):
            free = [(period.start, period.end)]
            for taken in list(pieces):
                cut = [part for span in free for part in _without(span, (taken.start, taken.end))]
                if cut != free and taken.code != period.code and taken.dated == period.dated:
                    what = f"{name} is {taken.code} as well as {period.code} in one period"
                    self.found.note(period.where, what, f"the first is read: {taken.where}")
                free = cut
            pieces += [_Period(start, end, period.code, period.where) for start, end in free]
        return _joined(sorted(pieces, key=lambda p: p.start))


_CODES = re.compile(r"(\[[^\[\]]*\]\s*)+")
_RESTRICTED = re.compile(r"(---|[A-Z][A-Z0-9]{2,17})_?\s*(?:([<>])\s*(\d+)|(\d+)\s*-\s*(\d+))?")


def _day(text: str) -> int | None:
    """The day of YYYYMMDD or YYMMDD as a number; years 00 to 30 are 2000 to 2030, as in KEDS, TABARI and PETRARCH. None for no date."""
    if len(text) == 6:
        text = ("20" if int(text[:2]) <= 30 else "19") + text
    try:
        return datetime.datetime.strptime(text, "%Y%m%d").toordinal() if len(text) == 8 else None
    except ValueError:
        return None


def _iso(day: int) -> str:
    return datetime.date.fromordinal(day).isoformat()


def _without(span: tuple[int, int], other: tuple[int, int]) -> Iterator[tuple[int, int]]:
    """What is left of `span` outside `other`."""
    if other[1] < span[0] or span[1] < other[0]:
        yield span
        return
    if span[0] < other[0]:
        yield span[0], other[0] - 1
    if other[1] < span[1]:
        yield other[1] + 1, span[1]


def _joined(pieces: list[_Period]) -> list[_Period]:
    """Neighbouring periods of one code made one."""
    out: list[_Period] = []
    for piece in pieces:
        if out and out[-1].code == piece.code and out[-1].end + 1 == piece.start:
            out[-1] = _Period(out[-1].start, piece.end, piece.code, out[-1].where)
        else:
            out.append(piece)
    return out


def _with_article(name: str) -> list[str]:
    """A name and its forms in text. Arabic files of UniversalPetrarch hold lemmas, without article and with masculine adjectives
    (وزارة دفاع أميركي): the first word is entered with ال too, and adjectives in ـي at the end also in the feminine."""
    words = name.split()
    tail = len(words)
    while tail > 1 and _is_nisba(words[tail - 1]):
        tail -= 1
    spellings = [words]
    if tail < len(words) and words[0].endswith("ة"):
        spellings.append([*words[:tail], *(w + "ة" for w in words[tail:])])
    if not words[0].startswith("ال"):
        spellings += [["ال" + first, *rest] for first, *rest in spellings]
    return [" ".join(spelling) for spelling in spellings]


def _is_nisba(word: str) -> bool:
    return word.endswith("ي") and len(word) > 3 and not word.startswith("ال")


# ---------------------------------------------------------------------------------------------------- agents

_AGENT = re.compile(r"([^\[\]{}]*?)\s*(?:\{([^{}\[\]]*)\})?\s*\[\s*(~?)([A-Z]+)(~?)\s*\]")
_SETTING = re.compile(r"!([^!]+)!\s*=\s*(.+)")


def _read_agents(file: str, lines: Iterable[str], found: Foreign) -> None:
    """An agent file: `NOUN {PLURAL} [~CODE]`, and sets `!NAME! = A, B` whose NAME stands for each of its words."""
    sets: dict[str, list[str]] = {}
    latin = faults = 0
    for number, raw in enumerate(lines, 1):
        where, line = f"{file}:{number}", _COMMENT.sub("", raw).strip()
        setting = _SETTING.fullmatch(line)
        if setting:
            sets[setting.group(1)] = [item.strip() for item in setting.group(2).split(",") if item.strip()]
        elif line:
            nouns = list(_expanded(line.partition("[")[0].partition("{")[0], sets))
            match = _AGENT.fullmatch(line)
            if _ARABIC.search(line) is None and nouns:
                latin, faults = latin + 1, faults + (match is None)
            elif match is None or not nouns or not _name(nouns[0]):
                found.problem(where, f"malformed agent line {line}", "write it as NOUN [~CODE] or NOUN {PLURAL} [~CODE]")
            else:
                _agent_rows(where, nouns, match, found)
    _tell_latin(found, file, latin, faults)


def _expanded(noun: str, sets: Mapping[str, list[str]]) -> Iterator[str]:
    """`noun` with every word of the set that it names (!PERSON!)."""
    marker = re.search(r"!([^!]+)!", noun)
    if marker is None or marker.group(1) not in sets:
        yield noun.strip()
        return
    for word in sets[marker.group(1)]:
        yield from _expanded(noun[: marker.start()] + word + noun[marker.end() :], sets)


def _agent_rows(where: str, nouns: Iterable[str], match: re.Match[str], found: Foreign) -> None:
    before, code, after = match.group(3), match.group(4), match.group(5)
    if after or not before:
        what = f"{_name(match.group(1))} [{before}{code}{after}] is not read: its code stands before the actor's"
        found.note(where, what, "agents give [~CODE] only")
        return
    for noun in nouns:
        found.entries[where.rpartition(":")[0]] += 1
        for variant in _with_article(_name(noun)):
            if not variant.startswith("ال") or noun.startswith("ال"):  # agents make their own forms with ال
                row = {"noun": variant, "plural": _name(match.group(2) or ""), "code": code, "kind": "role"}
                found.rows["agents"].append((where, row))


# ---------------------------------------------------------------------------------------------------- verbs


class _Unread(Exception):
    """Why a verb or pattern is not read."""


@frozen
class _Verb:
    """A verb of a block: its spelling and present in our tables, or as written; the preposition it is written with; its code ("" for none)."""

    verb: str
    present: str
    preposition: str
    code: str
    where: str


@frozen
class _Pattern:
    """What a pattern asks for, in our columns, and its code."""

    object: str
    preposition: str
    complement: str
    code: str
    where: str


_HEADER = re.compile(r"---\s*(.*?)\s*(?:\[([^\]]*)\])?\s*---")


class _VerbReader:
    """A verb file: word sets, blocks `--- VERB [CODE] ---` of verbs that share patterns, and patterns `- * NOUN (PREPOSITION +) [CODE]`."""

    def __init__(self, known: Known, found: Foreign) -> None:
        self.known, self.found = known, found
        self.sets: dict[str, list[str]] = defaultdict(list)
        self.ours: dict[str, list[str]] = defaultdict(list)
        for verb in known.verbs:
            self.ours[fold(verb)].append(verb)
        self.file = ""
        self.latin = 0
        self.arabic = True

    def read_sets(self, file: str, lines: Iterable[str]) -> None:
        """The word sets of a file: `&NAME` and its words, each on a line with `+`."""
        name = ""
        for number, raw in enumerate(lines, 1):
            line = _COMMENT.sub("", raw).strip()
            if line.startswith("&"):
                name = line.strip("&_ ")
            elif line and not line.startswith(("+", "_")):
                name = ""
            elif name and re.fullmatch(r"_.+\+", line):
                self.found.problem(f"{file}:{number}", f"the + of {line} stands at the end; it is read turned round", "put the + first")
                self.sets[name].append(_name(line[:-1]))
            elif name and line.startswith("+"):
                self.sets[name].append(_name(line[1:]))

    def read(self, file: str, lines: Collection[str]) -> None:
        """Blocks one after the other; a block ends where the next begins."""
        self.file, self.latin, self.arabic = file, 0, any(map(_ARABIC.search, lines))
        code, verbs, patterns, rows = "", list[_Verb](), list[_Pattern](), 0
        in_set, headed = False, any(_HEADER.fullmatch(line.strip()) for line in lines)
        for number, raw in enumerate(lines, 1):
            where, line = f"{file}:{number}", _COMMENT.sub("", raw).strip()
            header = _HEADER.fullmatch(line)
            in_set = line.startswith("&") or in_set and (not line or line.startswith(("+", "_")))
            if header:
                rows += self._block(verbs, patterns)
                code, verbs, patterns = header.group(2) or "", [], []
            elif line.startswith("-"):
                patterns += self._attempt(where, line, self._pattern)
            elif line.startswith("~"):
                self._attempt(where, line, _transformation)
            elif line and not line.startswith("&") and not (in_set and line.startswith(("+", "_"))):
                if patterns and not headed:  # a file of TABARI, where each verb is followed by its own patterns
                    rows += self._block(verbs, patterns)
                    verbs, patterns = [], []
                verbs += self._attempt(where, line, partial(self._verb, code))
        rows += self._block(verbs, patterns)
        self._tell(rows)

    def _tell(self, rows: int) -> None:
        self.found.entries[self.file] += rows
        _tell_latin(self.found, self.file, self.latin, 0)
        if rows:
            remedy = "copy those you need into verbs.csv and give each an example"
            self.found.note(f"{self.file}:1", f"{rows} event rows without an example: the check cannot try them", remedy)

    def _attempt(self, where: str, line: str, read: Callable[[str, str], T]) -> list[T]:
        """What `read` makes of the line, or nothing and a note with the reason."""
        if not self.arabic or _ARABIC.search(line) is None and re.search("[A-Z]", re.sub(r"&\w+|\[.*?\]", "", line)):
            self.latin += 1
            return []
        try:
            return [read(where, line)]
        except _Unread as reason:
            self.found.note(where, f"{line} is not read: {reason}")
            return []

    def _verb(self, default: str, where: str, line: str) -> _Verb:
        match = re.fullmatch(r"([^\[\]{}]+?)\s*(?:\{[^}]*\})?\s*(?:\[([^\]]*)\])?\s*(?:\{[^}]*\})?", line)
        if match is None:
            raise _Unread("malformed; write VERB [CODE]")
        words = [w for w in re.split(r"[_+]+", _strip_vowels(match.group(1))) if w]  # + stands before the verb or between the words
        if any(" " in w.strip() for w in words):
            raise _Unread("several words without + between them")
        preposition = words.pop() if len(words) > 1 and fold(words[-1]) in _PREPOSITIONS else ""
        if any(fold(w) in _PREPOSITIONS for w in words):
            raise _Unread("a noun after the verb's preposition; write it into the column complement of verbs.csv")
        verb = self._spelling(" ".join(words))
        return _Verb(verb, self.known.verbs.get(verb, ""), _plain(preposition), (match.group(2) or default).strip(), where)

    def _spelling(self, verb: str) -> str:
        """Our spelling of the verb (اظهر -> أظهر); one that we lack is taken as written if its present follows from its past."""
        ours = self.ours.get(fold(verb), [])
        if verb in ours or not ours and not _is_weak(verb.split()[0]):
            return verb
        if not ours:
            raise _Unread("the present of a short or weak verb cannot be known; write it into verbs.csv with its present")
        if len(ours) > 1 and fold(verb) not in map(strip_marks, ours):
            raise _Unread(f"may be {' or '.join(ours)}; write the shadda")
        return ours[0] if len(ours) == 1 else next((v for v in ours if v == strip_marks(v)), verb)

    # ------------------------------------------------------------------------------------------------ patterns

    def _pattern(self, where: str, line: str) -> _Pattern:
        match = re.fullmatch(r"-\s*([^\[\]]*?)\s*\[([^\[\]]*)\]\s*", line)
        if match is None:
            raise _Unread("malformed; write - * NOUN (PREPOSITION +) [CODE]")
        before, star, after = match.group(1).partition("*")
        if not star or "*" in after:
            raise _Unread("a pattern needs one * where the verb stands")
        if before.split() not in ([], ["$"]):
            raise _Unread("words before the verb; our frames look behind it")
        objects, prepositions, complements = self._parts(after)
        return _Pattern(self._cell(objects), "|".join(prepositions), self._cell(complements[0]) if complements else "", match.group(2).strip(), where)

    def _parts(self, text: str) -> tuple[list[str], list[str], list[list[str]]]:
        """(words of the object, prepositions before the target, nouns after other prepositions) of what stands behind the verb."""
        objects: list[str] = []
        prepositions: list[str] = []
        complements: list[list[str]] = []
        if re.search(r"[()]", re.sub(r"\([^()]*\)", "", text)):
            raise _Unread("brackets in brackets, or a bracket without its other half")
        for group in re.findall(r"\([^()]*\)|[^()]+", text):
            words = re.sub(r"[{}]", " ", group.strip("()")).split()
            if group.startswith("("):
                self._prepositional(words, prepositions, complements)
            elif any(c in group for c in "^%-"):
                raise _Unread("^, % and - (skip, both, extend) have no place in our frames")
            elif "$" in words:
                raise _Unread("the source behind the verb")
            else:
                at = next((i for i, w in enumerate(words) if fold(w) in _PREPOSITIONS), len(words))
                objects += [w for w in words[:at] if w != "+"]
                if at < len(words):
                    self._prepositional(words[at:], prepositions, complements)
        if len(prepositions) > 1 or len(complements) > 1:
            raise _Unread("two phrases of one kind; a row has one preposition before the target and one complement")
        return objects, prepositions, complements

    def _prepositional(self, words: list[str], prepositions: list[str], complements: list[list[str]]) -> None:
        """Sort a prepositional phrase: with a noun it is a complement, without one it leads to the target."""
        words = [*_split_clitic(words[0]), *words[1:]] if words else []
        if not words or fold(words[0]) not in _PREPOSITIONS:
            raise _Unread("no preposition that we know at the head of the bracket")
        if any(w in "$^%-" for w in words):
            raise _Unread("$, ^, % or - in a prepositional phrase")
        rest = [w for w in words[1:] if w != "+"]
        if len(rest) > 1 and fold(rest[0]) == _FOR_SAKE:
            rest = rest[1:]
        if not rest and fold(words[0]) in folded({"ك", "لأجل"}) or rest and fold(rest[0]) in (_FOR_SAKE, *_PREPOSITIONS):
            raise _Unread("nothing that can be looked for after the preposition")
        if rest:
            complements.append(rest)
        else:
            prepositions.append(_plain(words[0]))

    def _cell(self, words: list[str]) -> str:
        """A cell for nouns: the words of the phrase, every `&NAME` in it replaced by each word of its set, `|` between the spellings."""
        phrases = [""]
        for word in words:
            choices = [word]
            if word.startswith("&"):
                choices = self.sets.get(word.strip("&_"), [])
                if not choices:
                    raise _Unread(f"no word set {word}")
            phrases = [f"{phrase} {choice}".strip() for phrase in phrases for choice in choices]
            if len(phrases) > 2000:
                raise _Unread("more than 2,000 spellings of one phrase")
        kept = dict.fromkeys(_strip_vowels(p) for p in phrases if _is_arabic(p) and len(p.split()) <= 3)
        if words and not kept:
            raise _Unread("Latin letters, or a phrase of more than three words")
        return "|".join(kept)

    # ------------------------------------------------------------------------------------------------ rows

    def _block(self, verbs: Iterable[_Verb], patterns: Iterable[_Pattern]) -> int:
        """Rows of a block: each verb with its own code, and each verb with each pattern; how many there are."""
        before = len(self.found.rows["verbs"])
        good = [(p, codes) for p in patterns if (codes := self._event_codes(p.where, p.code))]
        told: set[str] = set()
        for number, verb in enumerate(verbs, 1):
            if verb.code and verb.code != "---" and (codes := self._event_codes(verb.where, verb.code)):
                self._emit(verb.where, verb, _Pattern("", "", "", "", verb.where), codes)
            for pattern, codes in good:
                if verb.preposition and pattern.preposition not in ("", verb.preposition) and pattern.where not in told:
                    told.add(pattern.where)
                    self.found.note(pattern.where, f"the preposition of {verb.verb} {verb.preposition} gives way to that of the pattern")
                self._emit(f"{pattern.where}-{number}", verb, pattern, codes)
        return len(self.found.rows["verbs"]) - before

    def _event_codes(self, where: str, code: str) -> tuple[str, str] | None:
        """(code, code of the other direction); None where our tables cannot say it."""
        forward, _, back = code.partition(":")
        if forward == "---":
            self.found.note(where, f"[{code}] is not read: a row of ours cannot forbid an event")
        elif not forward:
            self.found.note(where, f"[{code}] is not read: an event of the target upon the source has no frame")
        else:
            back = "" if back == "---" else back
            unknown = [c for c in (forward, back) if c and c not in self.known.codes]
            if not unknown:
                return forward, back
            self.found.problem(where, f"unknown CAMEO code {unknown[0]!r}", "see `waqai codes`")
        return None

    def _emit(self, id: str, verb: _Verb, pattern: _Pattern, codes: tuple[str, str]) -> None:
        preposition = pattern.preposition or verb.preposition
        row = dict.fromkeys(VERB_COLUMNS, "")
        row.update(
            id=id, verb=verb.verb, present=verb.present, object=pattern.object, preposition=preposition,
            complement=pattern.complement, frame="preposition" if preposition else "object", cameo=codes[0], cameo_back=codes[1], note=self.file,
        )  # fmt: skip
        self.found.rows["verbs"].append((pattern.where, row))


def _transformation(where: str, line: str) -> _Pattern:
    raise _Unread("transformations have no place in our tables")


def _strip_vowels(text: str) -> str:
    """`text` without vowels and tatweel, shadda kept."""
    return re.sub("[\u064b-\u0650\u0652-\u065f\u0670\u0640]", "", text)


def _split_clitic(word: str) -> list[str]:
    """ب, ل, ك and لل apart from the noun that they are written with (بمرارة -> ب مرارة); only where a preposition must stand."""
    if fold(word) not in _PREPOSITIONS:
        for clitic, least in (("لل", 3), ("ب", 4), ("ل", 4), ("ك", 4)):
            if word.startswith(clitic) and len(word) >= len(clitic) + least:
                return [clitic, word[len(clitic) :]]
    return [word]


def _plain(preposition: str) -> str:
    return "ل" if preposition == "لل" else preposition


def _is_weak(verb: str) -> bool:
    """Verbs of two or three letters whose present does not show in their past: doubled, hollow, or weak at an end."""
    letters = strip_marks(verb)
    return len(letters) < 3 or len(letters) == 3 and "\u0651" not in verb and any(c in "اويىءآ" for c in letters)
