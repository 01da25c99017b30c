"""The CSV tables as frozen records and as indexes by folded word. Format: dictionaries/README.md.

Reading never stops at a bad row: every mistake is collected as `file:row: what (remedy)` in `Dictionaries.problems` and the row is left
out, so that one slip in a spreadsheet does not cost a night's coding. `waqai check` prints the same list.
"""

import csv
import datetime
import hashlib
import io
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter
from pathlib import Path

from attrs import define, field, frozen

from coder.cache import keep, no_collection, read_cached, tables_digest
from coder.gazetteer import KINDS as PLACE_KINDS
from coder.gazetteer import Place
from coder.model import InputError
from coder.morphology import adjective_forms, noun_forms, participle_stems, verb_forms
from coder.petrarch import Foreign, Known, is_foreign, read_folder
from coder.text import bare_alefs, fold, strip_marks

_MANY = 12  # names that begin with one word, from which on they are sorted by the second
FRAMES = ("object", "preposition", "none", "reciprocal", "mediation", "undergo", "possession")
ACTS = ("", "say", "appeal", "demand", "intend", "reject", "threaten", "accuse", "deny")
EFFECTS = (
    "light", "passive", "undergo", "happen", "aspect", "attempt", "intend", "able", "hypothetical", "negated", "end", "deny", "accuse", "say", "result",
)  # fmt: skip
COUNTRY_KINDS = ("name", "adjective", "people", "capital", "government")
TOPIC_ACTS = ("appeal", "intend", "demand", "reject", "threaten")
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0640\u00a0]")
# Words inside names whose first letter is a clitic (li- "for", bi- "in, with", wa- "and"): the tokenizer cuts them, so their keys are cut too.
# fmt: off
_PREFIXED = frozenset({
    "باسم", "باعمال", "بالابيض", "بالاعدام", "بالالغام", "بالامر", "بالانجليزيه", "بالانكليزيه", "بالايدز", "بالبيض", "بالتنميه", "بالرباط",
    "بالسويدا", "بالمخدرات", "بالمعروف", "بالمغرب", "ببلاد", "بتغير", "بتونس", "بزعامه", "بدون", "بسيراليون", "بشان", "بقياده", "بلبنان",
    "بليبيا", "لاجل", "لاستقلال", "لاسراييل", "لاسيا", "لاعاده", "لافريقيا", "لامريكا", "لاميركا", "لانقاذ", "لاهل", "لاوزبكستان", "لايران",
    "لبابوا", "لبحوث", "لتانغ", "لتحرير", "لتركستان", "لتركيا", "لتنسيق", "لجامعه", "لجرايم", "لجمعيات", "لحرس", "لحركات", "لحركه", "لحظر",
    "لحقوق", "لحلف", "لحماس", "لحمايه", "لداعش", "لدراسات", "لدعم", "لدول", "لرابطات", "لرعايه", "لرواندا", "لروسيا", "لساحل", "لشرق", "لشمال",
    "لشوون", "لطلبه", "لعلما", "لعمال", "لغرب", "لغوث", "لفتح", "لقاع", "لقانون", "لقوي", "لكارين", "لكره", "لكورسيكا", "لكوسوفو", "لمجلس",
    "لمحاربه", "لمراقبه", "لمساعده", "لمعلومات", "لمكافحه", "لمناهضه", "لمنظمه", "لنقابات", "لنواب", "لوحده", "لوسط", "ليوغوسلافيا", "واريتريا",
    "وافريقيا", "وتجاره", "وتشغيل", "وجزر", "وجنوب", "وحريه", "وديمقراطيه", "وديموقراطيه", "وسوريا", "وشرق", "وشرقها", "وكشمير",
})
# fmt: on
# Spellings that are nearly always a clitic with a function word (بأن "that", وإلى "and to"): a name that begins so must not forbid the cut.
_CUT_ALL_THE_SAME = frozenset(
    [
        "بان",
        "بانه",
        "والي",
        "والا",
        "والان",
        "والت",
        "والات",
        "والين",
        "والتين",
        "لان",
        "فان",
        "وان",
        "منها",
        "منه",
        "بها",
        "به",
        "فيه",
        "فيها",
        "لاي",
        "باي",
        "باسم",
        "انه",
        "انها",
        "انهم",
        "اليه",
        "اليها",
        "فقد",
        "نفسه",
        "نفسها",
    ]
)  # fmt: skip
_OPEN_START, _OPEN_END = "0000-00-00", "9999-99-99"


@frozen(eq=False)
class VerbRow:
    """One sense of an event word: a row of a verbs table. `object` and `complement` are sets of folded spellings, empty for "any"."""

    id: str
    frame: str
    cameo: str
    cameo_back: str
    act: str
    prepositions: frozenset[str]
    object: frozenset[str]
    complement: frozenset[str]
    example: str
    source: str
    target: str
    words: str
    where: str


@frozen(eq=False)
class Example:
    """An executed sentence for a code that no single row carries: a code made by a topic, or a construction (`examples*.csv`)."""

    id: str
    cameo: str
    example: str
    source: str
    target: str
    where: str


@frozen(eq=False)
class GoverningRow:
    """A word that changes how the event in its complement is read (effect), with the prepositions that lead to it."""

    effect: str
    prepositions: frozenset[str]
    words: str


@frozen(eq=False)
class Reading:
    """What one spelling may be: `kind` verb, masdar or participle; tense, voice and person as far as the spelling shows them; `rest` are
    the folded words that must follow (إطلاق النار); `rows` and `governing` belong to one dictionary word."""

    kind: str
    tense: str
    voice: str
    person: str
    number: str
    rest: tuple[str, ...]
    rows: tuple[VerbRow, ...]
    governing: tuple[GoverningRow, ...]
    citation: str


@frozen(eq=False)
class ActorName:
    """A name, adjective or role noun: folded words, what it is (country, adjective, capital, entity, person, people, role, carrier), its code and period."""

    keys: tuple[str, ...]
    kind: str
    code: str
    start: str
    end: str
    number: str
    name: str


@frozen
class Topic:
    """CAMEO's parallel codes for what is demanded, promised, refused or threatened; `codes` maps an act to its code."""

    name: str
    nouns: frozenset[str]
    prefixes: tuple[str, ...]
    codes: dict[str, str]


@frozen
class Code:
    """One CAMEO code with what follows from it: quad class, Goldstein value and PLOVER type, mode and context."""

    cameo: str
    name: str
    quad: str
    goldstein: str
    plover: str
    mode: str
    context: str


@define
class Dictionaries:
    """All tables, ready to be looked up. `triggers` and `actors` are keyed by the (first) folded word. `places` are the rows of places.csv, laid over the
    gazetteer (coder.gazetteer), `place_words` folded names that are everyday words too. `problems` are mistakes in the tables,
    `notes` what was left out or overruled in files of other formats, `foreign` how many entries of each of these files were read. `namesakes` gives
    for a family name that stands for one person alone the countries of the others who bear it (المالكي al-Mālikī: MAR, PSE, SAU beside IRQ)."""

    codes: dict[str, Code] = field(factory=dict)
    verb_rows: dict[str, VerbRow] = field(factory=dict)
    examples: list[Example] = field(factory=list)
    triggers: dict[str, tuple[Reading, ...]] = field(factory=dict)
    actors: dict[str, tuple[ActorName, ...]] = field(factory=dict)
    countries: frozenset[str] = frozenset()
    namesakes: dict[str, frozenset[str]] = field(factory=dict)
    topics: tuple[Topic, ...] = ()
    classes: dict[str, frozenset[str]] = field(factory=dict)
    nouns: frozenset[str] = frozenset()
    off_topic: dict[str, tuple[str, float]] = field(factory=dict)
    boilerplate: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    place_words: frozenset[str] = frozenset()
    problems: list[InputError] = field(factory=list)
    notes: list[InputError] = field(factory=list)
    foreign: dict[str, int] = field(factory=dict)
    digest: str = ""
    _whole: frozenset[str] = field(default=frozenset(), init=False, repr=False)
    _openings: frozenset[str] = field(default=frozenset(), init=False, repr=False)
    _seconds: dict[str, dict[str, list[tuple[int, ActorName]]]] = field(factory=dict, init=False, repr=False)

    def names_at(self, first: str, second: str) -> Sequence[ActorName]:
        """The names that may stand where the text has these two folded words, in the order of the tables: of a common first name (محمد has a
        thousand) only those with this second word, with or without its article."""
        names = self.actors.get(first, ())
        if len(names) < _MANY:
            return names
        groups = self._seconds.get(first)
        if groups is None:
            groups = self._seconds[first] = {}
            for place, name in enumerate(names):
                groups.setdefault(name.keys[1] if len(name.keys) > 1 else "", []).append((place, name))
        found = [entry for key in {"", second, second.removeprefix("ال")} for entry in groups.get(key, ())]
        return [name for _, name in sorted(found, key=itemgetter(0))]

    def phrase_openings(self) -> frozenset[str]:
        """The first words of the phrases of several words that rows and topics ask for, also with the article: no others are put together."""
        if not self._openings:
            asked = {phrase for row in self.verb_rows.values() for phrase in row.object | row.complement}
            asked.update(phrase for topic in self.topics for phrase in topic.nouns)
            first_words = {first for first, _, rest in (phrase.partition(" ") for phrase in asked) if rest}
            self._openings = frozenset(first_words | {"ال" + word for word in first_words})
        return self._openings

    def whole_words(self) -> frozenset[str]:
        """Folded spellings that the tokenizer must not cut: names and event words of three letters and more; event nouns that end in a hamza on
        the line (إنهاء "ending") with it as well, for without it they are spelt like others (إنها "that she")."""
        self._whole = self._whole or self._find_whole_words()
        return self._whole

    def _find_whole_words(self) -> frozenset[str]:
        words = {key for name in self.actors.values() for actor in name for key in actor.keys}
        nouns = {w for words in self.classes.values() for w in words if " " not in w and len(w) > 3}
        nouns |= {w for words in self.classes.values() for phrase in words for w in phrase.split() if len(w) > 5 and w[0] not in "بلكو"}
        known = {w for w in words | nouns | set(self.triggers) if len(w) > 2} - _CUT_ALL_THE_SAME
        whole = {w for w in known if not any(w.endswith(c) and len(w) > len(c) + 3 and w[: -len(c)] in known for c in ("ها", "هم", "هما"))}
        hamza = {strip_marks(bare_alefs(r.citation)) for readings in self.triggers.values() for r in readings if r.citation.endswith("ء")}
        return frozenset(whole | hamza)


def bundled_folder() -> Path:
    """The shipped tables: `coder/tables` in an installed wheel, `dictionaries` beside the package in a checkout."""
    installed = Path(__file__).with_name("tables")
    return installed if installed.is_dir() else Path(__file__).resolve().parent.parent / "dictionaries"


def load_dictionaries(folder: Path | None = None) -> Dictionaries:
    """The shipped tables with the tables of `folder`, if given, laid over them, from the cache if nothing has changed since they were read.
    Raises FileNotFoundError if `folder` does not exist."""
    folders = [bundled_folder()]
    if folder is not None:
        if not folder.is_dir():
            raise FileNotFoundError(f"no dictionary folder {folder}")
        folders.append(folder)
    digest = tables_digest(folders)
    tables = read_cached(digest)
    if not isinstance(tables, Dictionaries):
        with no_collection():
            tables = _Loader(folders).load()
            tables.whole_words()
            keep(digest, tables)
    return tables


def load_folder(folder: Path) -> Dictionaries:
    """The tables of `folder` alone, which holds all of them: another version of the shipped ones. Raises FileNotFoundError if it does not exist."""
    if not folder.is_dir():
        raise FileNotFoundError(f"no dictionary folder {folder}")
    return _Loader([folder]).load()


class _Loader:
    """Reads the tables of several folders, later ones over earlier ones, into one Dictionaries."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self.folders = folders
        self.result = Dictionaries()
        self._nouns: dict[str, set[str]] = defaultdict(set)
        self._readings: dict[str, list[Reading]] = defaultdict(list)
        self._actors: dict[tuple[tuple[str, ...], str, str], ActorName] = {}
        self._actor_codes: dict[str, str] = {}
        self._cells: dict[str, frozenset[str]] = {}
        self._foreign: dict[Path, Foreign] = {}
        self._foreign_names: list[tuple[str, ActorName]] = []
        self._own_names: dict[tuple[str, ...], list[tuple[str, ActorName]]] = defaultdict(list)
        self._worded: dict[tuple[str, ...], tuple[str, str]] = {}
        self._told: set[tuple[str, str]] = set()
        self._verbs_worded: dict[tuple[str, ...], tuple[dict[str, str], str]] = {}

    def load(self) -> Dictionaries:
        """Read every table; the order matters, since later tables are checked against earlier ones."""
        self._load_codes()
        self._load_foreign()
        self._load_nouns()
        self._load_verbs()
        self._load_examples()
        self._load_topics()
        self._load_countries()
        for table in ("organizations", "groups", "persons"):
            self._load_names(table)
        self._load_agents()
        self._load_pages()
        self._load_places()
        self._finish()
        return self.result

    def problem(self, where: str, what: str, remedy: str = "") -> None:
        self.result.problems.append(InputError(where, what, remedy))

    def note(self, where: str, what: str, remedy: str = "") -> None:
        self.result.notes.append(InputError(where, what, remedy))

    def _load_foreign(self) -> None:
        """Dictionaries of PETRARCH and UniversalPetrarch in the user's folders, read as rows that follow those of the folder's own tables."""
        folders = [f for f in self.folders[1:] if any(f.glob("*.txt"))]
        if not folders:
            return
        before = len(self.result.problems)
        countries = frozenset(fold(r["name"]) for _, r in self.rows("countries.csv", ("kind", "name")) if r["kind"] not in ("adjective", "people"))
        verbs = {r["verb"]: r["present"] for _, r in self.rows("verbs*.csv", ("verb", "present")) if r["verb"]}
        del self.result.problems[before:]  # these tables are read once more, and their mistakes told then
        for folder in folders:
            found = read_folder(folder, Known(self._actor_codes, self.result.codes, countries, verbs))
            self._foreign[folder] = found
            self.result.problems += found.problems
            self.result.notes += found.notes
            self.result.foreign.update(found.entries)

    def rows(self, pattern: str, columns: Sequence[str]) -> Iterator[tuple[str, dict[str, str]]]:
        """(`file:row`, cells) of every row of the tables that fit `pattern`; rows are counted as a spreadsheet counts them, header = 1."""
        for folder in self.folders:
            for path in sorted(folder.glob(pattern)):
                with self._table(path) as stream:
                    reader = csv.DictReader(stream)
                    missing = [c for c in columns if c not in (reader.fieldnames or [])]
                    if missing:
                        self.problem(f"{path.name}:1", f"no column {', '.join(missing)}", "the columns are " + ", ".join(columns))
                        continue
                    for row in reader:
                        where = f"{path.name}:{reader.line_num}"
                        yield where, {c: self._cell(where, c, row.get(c)) for c in columns}
            if folder in self._foreign:
                yield from self._foreign[folder].rows.get(re.split(r"[*.]", pattern)[0], [])

    def _table(self, path: Path) -> io.StringIO:
        """The text of a table; an empty one where it is in another encoding."""
        try:
            return io.StringIO(path.read_text(encoding="utf-8-sig").replace("\0", ""), newline="")
        except UnicodeDecodeError as error:
            number = path.read_bytes().count(b"\n", 0, error.start) + 1
            self.problem(f"{path.name}:{number}", "not UTF-8: the table is not read", "save it as CSV UTF-8")
            return io.StringIO()

    def _cell(self, where: str, column: str, value: str | None) -> str:
        if value and _INVISIBLE.search(value):
            self.problem(where, f"invisible mark in column {column}", "run `waqai check --fix`")
            value = _INVISIBLE.sub("", value)
        return (value or "").strip()

    def _load_codes(self) -> None:
        for _, r in self.rows("ontology.csv", ("cameo", "name", "quad", "goldstein", "plover", "mode", "context")):
            self.result.codes[r["cameo"]] = Code(*r.values())
        self._actor_codes = {r["code"]: r["kind"] for _, r in self.rows("actor_codes.csv", ("code", "name", "kind"))}

    def _known_code(self, where: str, column: str, code: str) -> bool:
        if code in self.result.codes:
            return True
        padded = "0" + code
        hint = f"write {padded}: a spreadsheet has eaten the zero" if padded in self.result.codes else "see `waqai codes`"
        self.problem(where, f"unknown CAMEO code {code!r} in column {column}", hint)
        return False

    # ------------------------------------------------------------------------------------------------ event words

    def _load_nouns(self) -> None:
        for _, r in self.rows("nouns*.csv", ("class", "noun", "plural")):
            self._nouns[r["class"]].update(_spellings(r["noun"], r["plural"]))
        self.result.classes = {name: frozenset(words) for name, words in self._nouns.items()}
        self.result.nouns = frozenset().union(*self._nouns.values())

    def _word_set(self, where: str, column: str, cell: str) -> frozenset[str]:
        """The folded spellings that a cell allows: those of a class NAME, or of the noun itself."""
        if cell in self._cells:
            return self._cells[cell]
        words: set[str] = set()
        for item in filter(None, (part.strip() for part in cell.split("|"))):
            if item.isascii():
                if item not in self._nouns:
                    self.problem(where, f"unknown noun class {item} in column {column}", "known: " + ", ".join(sorted(self._nouns)))
                words |= self._nouns.get(item, set())
            else:
                words.update(_spellings(item, ""))
        if words:
            self._cells[cell] = frozenset(words)
        return frozenset(words)

    def _load_verbs(self) -> None:
        columns = ("id", "verb", "present", "masdar", "plural", "object", "preposition", "complement", "frame", "cameo", "cameo_back",
                   "act", "example", "source", "target", "note")  # fmt: skip
        lexemes: dict[str, dict[str, tuple[dict[str, str], VerbRow]]] = {}
        for where, cells in self.rows("verbs*.csv", columns):
            r = self._laid_over(where, cells)
            row = self._verb_row(where, r) if r is not None else None
            if r is not None and row is not None:
                if row.id in self.result.verb_rows and self.result.verb_rows[row.id].where.split(":")[0] == where.split(":")[0]:
                    self.problem(where, f"id {row.id} stands twice", f"first in {self.result.verb_rows[row.id].where}; give it a new one")
                    continue
                if not is_foreign(where):
                    self._report_twin(where, r)
                self.result.verb_rows[row.id] = row
                lexemes[row.id] = {"": (r, row)}
        governing = [(r, self._governing_row(where, r)) for where, r in
                     self.rows("governing.csv", ("verb", "present", "masdar", "preposition", "effect", "note"))]  # fmt: skip
        # Of rows equally specific the first is read: foreign ones, which are the user's, before ours.
        entries = sorted((entry[""] for entry in lexemes.values()), key=lambda entry: not is_foreign(entry[1].where))
        self._index_lexemes(entries, [(r, g) for r, g in governing if g])

    def _laid_over(self, where: str, r: dict[str, str]) -> dict[str, str] | None:
        """The row itself; a foreign one that asks for the words of a row before it gives that row its code (our frame and masdar stay), and
        none where the row before it is foreign too."""
        words = tuple(r[c] for c in ("verb", "object", "preposition", "complement"))
        first, first_where = self._verbs_worded.setdefault(words, (r, where))
        if first is r or not is_foreign(where):
            return r
        if first["cameo"] != r["cameo"] and (where, first_where) not in self._told:
            self._told.add((where, first_where))
            read = first["cameo"] if is_foreign(first_where) else r["cameo"]
            asked = " ".join(filter(None, (r["verb"], r["preposition"], r["object"].split("|")[0], r["complement"].split("|")[0])))
            self.note(where, f"{asked} is {r['cameo']} here but {first['cameo']} in {first_where}", f"{read} is read")
        if is_foreign(first_where) or first["cameo"] == r["cameo"]:
            return None
        self._verbs_worded[words] = (r, where)
        return {**first, "cameo": r["cameo"], "cameo_back": r["cameo_back"], "example": "", "note": r["note"]}

    def _report_twin(self, where: str, r: dict[str, str]) -> None:
        """Two rows that ask for the same words: only the first could ever match."""
        words = tuple(r[c] for c in ("verb", "masdar", "object", "preposition", "complement", "frame"))
        first_id, first_where = self._worded.setdefault(words, (r["id"], where))
        if first_id != r["id"]:
            self.problem(where, f"row {r['id']} asks for the same words as {first_id}", f"see {first_where}; keep one, or tell them apart by a noun")

    def _load_examples(self) -> None:
        for where, r in self.rows("examples*.csv", ("id", "cameo", "example", "source", "target", "note")):
            if self._known_code(where, "cameo", r["cameo"]):
                self.result.examples.append(Example(r["id"], r["cameo"], r["example"], r["source"], r["target"], where))

    def _verb_row(self, where: str, r: dict[str, str]) -> VerbRow | None:
        ok = self._known_code(where, "cameo", r["cameo"])
        ok &= not r["cameo_back"] or self._known_code(where, "cameo_back", r["cameo_back"])
        for column, legal in (("frame", FRAMES), ("act", ACTS)):
            if r[column] not in legal:
                self.problem(where, f"unknown {column} {r[column]!r}", "one of " + ", ".join(filter(None, legal)))
                ok = False
        if not r["id"] or not (r["verb"] or r["masdar"]):
            self.problem(where, "a row needs an id and a verb or a masdar")
            ok = False
        if not r["example"] and not is_foreign(where):
            self.problem(where, f"row {r['id']} has no example", "write one sentence of your own that the row should code")
        if not ok:
            return None
        return VerbRow(
            r["id"], r["frame"], r["cameo"], r["cameo_back"], r["act"], _prepositions(r["preposition"]),
            self._word_set(where, "object", r["object"]), self._word_set(where, "complement", r["complement"]),
            r["example"], r["source"], r["target"], r["verb"] or r["masdar"], where,
        )  # fmt: skip

    def _governing_row(self, where: str, r: dict[str, str]) -> GoverningRow | None:
        if r["effect"] not in EFFECTS:
            self.problem(where, f"unknown effect {r['effect']!r}", "one of " + ", ".join(EFFECTS))
            return None
        return GoverningRow(r["effect"], _prepositions(r["preposition"]), r["verb"] or r["masdar"])

    def _index_lexemes(self, verbs: Iterable[tuple[dict[str, str], VerbRow]], governing: Iterable[tuple[dict[str, str], GoverningRow]]) -> None:
        """Group the rows of one dictionary word, then enter all its spellings once."""
        by_verb: dict[str, tuple[str, list[VerbRow], list[GoverningRow]]] = {}
        by_masdar: dict[str, tuple[str, list[VerbRow], list[GoverningRow]]] = {}
        for r, row in [*verbs, *governing]:
            for table, word, extra in ((by_verb, r["verb"], r["present"]), (by_masdar, r["masdar"], r.get("plural", ""))):
                if word:
                    old_extra, rows, governs = table.get(word, ("", [], []))
                    (rows if isinstance(row, VerbRow) else governs).append(row)  # type: ignore[arg-type]
                    table[word] = (old_extra or extra, rows, governs)
        for verb, (present, rows, governs) in by_verb.items():
            self._index_verb(verb, present, _specific_first(rows), tuple(governs))
        for masdar, (plural, rows, governs) in by_masdar.items():
            self._index_masdar(masdar, plural, _specific_first(rows), tuple(governs))

    def _index_verb(self, verb: str, present: str, rows: tuple[VerbRow, ...], governs: tuple[GoverningRow, ...]) -> None:
        head, *rest = verb.split()
        following = tuple(_bare(fold(w)) for w in rest)
        seen: dict[str, set[tuple[str, str]]] = defaultdict(set)
        intransitive = all(row.frame in ("none", "preposition") for row in rows)
        for form in verb_forms(head, present.split()[0] if present else ""):
            if intransitive and form.voice == "pass" and form.person != "3ms":
                continue  # its passive is impersonal (أفرج عنه "he was released"): تثار is "is raised", not "revolts"
            if (form.tense, form.voice) not in seen[form.key]:
                seen[form.key].add((form.tense, form.voice))
                self._readings[form.key].append(Reading("verb", form.tense, form.voice, form.person, "", following, rows, governs, verb))
        for position, stem in enumerate(participle_stems(head, present.split()[0] if present else "")):
            voice = "pass" if position else ""
            for key, number in dict(noun_forms(stem, people=True)).items():
                self._readings[key].append(Reading("participle", "", voice, "", number, following, rows, governs, verb))

    def _index_masdar(self, masdar: str, plural: str, rows: tuple[VerbRow, ...], governs: tuple[GoverningRow, ...]) -> None:
        head = masdar.split()[0]
        following = tuple(_bare(k) for k in _keys(masdar)[1:])
        plurals = [p.split()[0] for p in plural.split("|") if p.strip()]
        for key, number in dict(noun_forms(head, plurals)).items():
            self._readings[key].append(Reading("masdar", "", "", "", number, following, rows, governs, masdar))

    def _load_topics(self) -> None:
        topics = []
        for where, r in self.rows("topics.csv", ("topic", "nouns", "cameo", *TOPIC_ACTS)):
            codes = {act: r[act] for act in TOPIC_ACTS if r[act] and self._known_code(where, act, r[act])}
            prefixes = tuple(p.strip() for p in r["cameo"].split("|") if p.strip())
            topics.append(Topic(r["topic"], self._word_set(where, "nouns", r["nouns"]), prefixes, codes))
        self.result.topics = tuple(topics)

    # ------------------------------------------------------------------------------------------------ actors

    def _load_countries(self) -> None:
        for where, r in self.rows("countries.csv", ("code", "kind", "name", "from", "to")):
            if r["kind"] not in COUNTRY_KINDS:
                self.problem(where, f"unknown kind {r['kind']!r}", "one of " + ", ".join(COUNTRY_KINDS))
            elif r["kind"] in ("adjective", "people"):
                for keys, number in _adjective_phrases(r["name"], plain=r["kind"] == "people"):
                    self._add_actor(where, keys, "adjective", r["code"], r, number)
            else:
                kind = "capital" if r["kind"] in ("capital", "government") else "country"
                self._add_actor(where, _keys(r["name"]), kind, r["code"] + ("GOV" if kind == "capital" else ""), r, "sing")

    def _load_names(self, table: str) -> None:
        kind = "person" if table == "persons" else "entity"
        for where, r in self.rows(f"{table}*.csv", ("name", "code", "from", "to", "source")):
            if not r["code"] or "?" in r["code"]:
                self.problem(where, f"{r['name']} has no code yet", "write an actor code such as EGYGOV")
                continue
            kind_here = "people" if where.startswith("groups_peoples") else kind
            for keys in _name_variants(r["name"]):
                self._add_actor(where, keys, kind_here, r["code"], r, "sing")

    def _load_agents(self) -> None:
        exact: set[tuple[str, ...]] = set()
        for where, r in self.rows("agents*.csv", ("noun", "plural", "code", "kind")):
            if r["kind"] not in ("role", "carrier"):
                self.problem(where, f"unknown kind {r['kind']!r}", "role or carrier")
                continue
            if r["kind"] == "role" and r["code"][:3] not in self._actor_codes:
                self.problem(where, f"unknown role code {r['code']!r}", "a role of actor_codes.csv such as GOV, MIL, COP")
                continue
            head = r["noun"].split()[0]
            plurals = [p.split()[0] for p in r["plural"].split("|") if p.strip()]
            following = tuple(_bare(k) for k in _keys(r["noun"])[1:])
            unsound = {fold(head + ending) for ending in ("ي", "و", "ون")} - set(map(fold, plurals)) if plurals else set()
            for key, number in dict(noun_forms(head, plurals, people=True)).items():
                if unsound and key.removeprefix("ال") in unsound:
                    continue  # a noun with a broken plural has no sound one: رئيسي is "main", شعبي "popular"
                if not {key, key.removeprefix("ال")}.isdisjoint(map(fold, (head, *plurals))):
                    exact.add((key, *following))
                elif (key, *following) in exact:
                    continue  # a word of the tables stands before a form that we have made: مقاتلات "fighter jets" before the feminine of مقاتل
                self._add_actor(where, (key, *following), r["kind"], r["code"], {"name": r["noun"], "from": "", "to": ""}, number)

    def _add_actor(self, where: str, keys: tuple[str, ...], kind: str, code: str, r: dict[str, str], number: str) -> None:
        start, end = r["from"] or _OPEN_START, r["to"] or _OPEN_END
        for column, value in (("from", r["from"]), ("to", r["to"])):
            if value and not _is_date(value):
                self.problem(where, f"{value!r} in column {column} is not a date", "write YYYY-MM-DD")
                return
        if start > end:
            self.problem(where, f"the period of {r['name']} ends before it starts", f"from {start} to {end}: turn them round")
            return
        if not keys:
            self.problem(where, "a row without a name")
            return
        actor = ActorName(keys, kind, code, start, end, number, r["name"])
        if is_foreign(where):
            self._foreign_names.append((where, actor))
        else:
            self._own_names[keys].append((where, actor))
        self._actors[(keys, start, kind)] = actor

    # ------------------------------------------------------------------------------------------------ page furniture, sport and the like

    def _load_pages(self) -> None:
        for where, r in self.rows("off_topic.csv", ("word", "topic", "weight")):
            try:
                weight = float(r["weight"])
            except ValueError:
                self.problem(where, f"weight {r['weight']!r} is not a number")
                continue
            for key in _spellings(r["word"], ""):
                self.result.off_topic[key] = (r["topic"], weight)
        self.result.boilerplate = tuple(fold(r["phrase"]) for _, r in self.rows("boilerplate.csv", ("phrase",)) if r["phrase"])

    # ------------------------------------------------------------------------------------------------ places

    def _load_places(self) -> None:
        """places.csv: of two folders' rows for one name in one country the later is kept."""
        codes = {code for code, kind in self._actor_codes.items() if kind == "country"} | {
            a.code[:3] for a in self._actors.values() if a.kind == "country"
        }
        places: dict[tuple[str, str, str], Place] = {}
        seen: dict[tuple[str, str, str], str] = {}
        words: set[str] = set()
        for where, r in self.rows("places.csv", ("place", "name", "country", "latitude", "longitude", "kind", "source")):
            names = tuple(dict.fromkeys(fold(n.strip()).replace("-", " ") for n in r["place"].split("|") if n.strip()))
            if r["kind"] == "word":
                words.update(names)
                continue
            place = self._place(where, r, names, codes)
            for name in names if place is not None else ():
                key = (name, r["country"], r["kind"])
                if key in seen and int(seen[key].split(":")[1]) < int(where.split(":")[1]):  # a second folder's rows are counted anew
                    self.problem(
                        where, f"{r['place']} stands twice in {r['country'] or 'no country'} as {r['kind']}", f"first in {seen[key]}; keep one"
                    )
                seen[key] = where
                places[key] = place  # type: ignore[assignment]
        self.result.places = tuple(dict.fromkeys(places.values()))
        self.result.place_words = frozenset(words)

    def _place(self, where: str, r: dict[str, str], names: tuple[str, ...], codes: set[str]) -> Place | None:
        """The record of a row of places.csv; None, and a problem, where it holds a mistake."""
        before = len(self.result.problems)
        if not names:
            self.problem(where, "a row without a place", "write its Arabic name, spellings separated by |")
        if r["kind"] not in PLACE_KINDS:
            self.problem(where, f"unknown kind {r['kind']!r} of place", "one of " + ", ".join((*PLACE_KINDS, "word")))
        if r["country"] and r["country"] not in codes:
            self.problem(where, f"unknown country code {r['country']!r}", "a country code of countries.csv such as SYR")
        if not r["country"] and r["kind"] in ("city", "district", "site"):
            self.problem(where, f"{r['place']} has no country", "a country code of countries.csv such as SYR")
        degrees = [self._degrees(where, column, r[column], bound) for column, bound in (("latitude", 90.0), ("longitude", 180.0))]
        if len(self.result.problems) > before:
            return None
        number = r["source"].removeprefix("GeoNames ") if r["source"].startswith("GeoNames ") else ""
        return Place(names, r["name"], r["country"], "", degrees[0], degrees[1], 0, r["kind"], number, own=True)

    def _degrees(self, where: str, column: str, value: str, bound: float) -> float:
        try:
            number = float(value)
        except ValueError:
            self.problem(where, f"{value!r} in column {column} is no number", "degrees with a decimal point, such as 36.201")
            return 0.0
        if not -bound <= number <= bound:
            self.problem(where, f"{value} in column {column} is out of range", f"from {-bound:g} to {bound:g} degrees")
        return number

    def _tell_conflicts(self) -> None:
        """Names to which a foreign file gives another code than the tables do in the same days."""
        for where, name in self._foreign_names:
            for own_where, own in self._own_names.get(name.keys, ()):
                if own.code != name.code and own.start <= name.end and name.start <= own.end and (where, own_where) not in self._told:
                    self._told.add((where, own_where))
                    remedy = "the narrower period is read, of equal ones this file's" if own.kind == name.kind else "both are kept"
                    self.note(where, f"{name.name} is {name.code} here but {own.code} in {own_where}", remedy)

    def _finish(self) -> None:
        self.result.triggers = {key: tuple(readings) for key, readings in self._readings.items()}
        index: dict[str, list[ActorName]] = defaultdict(list)
        for actor in self._actors.values():
            index[actor.keys[0]].append(actor)
        # The longest name first; of names equally long, an entity before a role, and the narrower period before the wider.
        self.result.countries = frozenset(a.code[:3] for a in self._actors.values() if a.kind in ("country", "adjective", "capital"))
        rank = {"entity": 0, "person": 1, "country": 2, "capital": 3, "adjective": 4, "people": 5, "role": 6, "carrier": 7}
        self.result.actors = {
            key: tuple(
                sorted(
                    names,
                    key=lambda a: (-len(a.keys), rank[a.kind], a.start == _OPEN_START, a.end == _OPEN_END, _days(a.end) - _days(a.start), a.start),
                )
            )
            for key, names in index.items()
        }
        self.result.namesakes = _namesakes(self._actors.values())
        self._tell_conflicts()
        digest = hashlib.sha256()
        for folder in self.folders:
            for path in sorted([*folder.glob("*.csv"), *(folder.glob("*.txt") if folder in self._foreign else ())]):
                digest.update(path.name.encode() + path.read_bytes())
        self.result.digest = digest.hexdigest()


def _days(date: str) -> int:
    """A date as a number, good enough to compare how long periods are."""
    year, month, day = (int(part) for part in date.split("-"))
    return year * 372 + month * 31 + day


def _specific_first(rows: list[VerbRow]) -> tuple[VerbRow, ...]:
    """Rows that ask for more words come first, so that the first row that fits is the most specific one."""
    return tuple(sorted(rows, key=lambda r: -(2 * bool(r.object) + 2 * bool(r.complement) + bool(r.prepositions and r.frame == "preposition"))))


def _prepositions(cell: str) -> frozenset[str]:
    return frozenset(fold(p.strip()) for p in cell.split("|") if p.strip())


def _bare(key: str) -> str:
    """A folded word without the article ال."""
    return key[2:] if key.startswith("ال") and len(key) > 4 else key


def _keys(name: str) -> tuple[str, ...]:
    """Folded syntactic words of a name: clitics inside it stand apart as they do in parsed text (للطاقة -> ل الطاقة, والتعاون -> و التعاون)."""
    first, *rest = name.replace("-", " ").split() or [""]
    keys = [fold(first)] if first else []
    for word in map(fold, rest):
        if word.startswith("لل") and len(word) > 4:
            keys += ["ل", "ا" + word[1:]]
        elif word.startswith("وال") and len(word) > 5:
            keys += ["و", word[1:]]
        elif word in _PREFIXED:
            keys += [word[0], word[1:]]
        else:
            keys.append(word)
    return tuple(keys)


def _spellings(noun: str, plural: str) -> set[str]:
    """Folded spellings of a noun or of a phrase; a phrase is entered by its words joined with a blank, without articles."""
    if " " in noun.strip():
        head, *rest = noun.split()
        tail = " ".join(_bare(fold(w)) for w in rest)
        return {f"{_bare(key)} {tail}" for key, _ in noun_forms(head)}
    return {key for key, _ in noun_forms(noun, [p.strip() for p in plural.split("|")])}


def _name_variants(name: str) -> Iterator[tuple[str, ...]]:
    keys = _keys(name)
    yield keys
    if any(k.endswith("ون") for k in keys):  # المسلمون / المسلمين: the case ending follows the sentence
        yield tuple(k[:-2] + "ين" if k.endswith("ون") and len(k) > 5 else k for k in keys)


def _adjective_phrases(name: str, plain: bool) -> Iterator[tuple[tuple[str, ...], str]]:
    """Keys of an adjective in all forms; of a broken plural (`plain`) with and without ال; of a compound (جنوب أفريقي) by its last word."""
    *first, last = strip_marks(name).split()
    if len(first) == 1 and first[0][-1] == "ي" and last[-1] == "ي" and not plain:  # two adjectives agree: الكورية الشمالية, الكوريون الشماليون
        for (lead, number), (tail, _) in zip(adjective_forms(first[0]), adjective_forms(last), strict=True):
            yield (lead, _bare(tail)), number
        return
    forms = dict([(fold(last), "plur"), ("ال" + fold(last), "plur"), (fold(last + "ا"), "plur")] if plain else adjective_forms(last))
    for key, number in forms.items():
        if not first:
            yield (key,), number
        else:
            head = tuple(fold(w) for w in first)
            yield (*head, key), number
            yield ("ال" + head[0], *head[1:], key), number


def _is_date(value: str) -> bool:
    try:
        datetime.date.fromisoformat(value)
    except ValueError:
        return False
    return True


def _namesakes(names: Iterable[ActorName]) -> dict[str, frozenset[str]]:
    """For each family name that is a person's whole entry, the countries of persons of other countries whose full names end in it."""
    alone: dict[str, set[str]] = defaultdict(set)
    full: dict[str, set[str]] = defaultdict(set)
    for name in names:
        if name.kind == "person":
            (full if len(name.keys) > 1 else alone)[name.keys[-1]].add(name.code[:3])
    return {key: frozenset(full[key] - own) for key, own in alone.items() if full[key] - own}
