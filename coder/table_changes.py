"""What differs between two sets of dictionaries, by the folded words through which the coder looks it up.

The coder reads its tables only through the folded words of a sentence, and of two of them that touch (و + الي may be والي wālī "governor"), as
tests/test_diff.py records of every look-up, so a story that holds none of
the words below is coded alike by both sets, and need not be coded at all. A change that is not looked up by word touches every story.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import attrs
from attrs import define, field

from coder.dictionaries import ActorName, Dictionaries, GoverningRow, Reading, VerbRow, load_dictionaries, load_folder

SHIPPED = "shipped"
_BY_WORD = ("triggers", "actors", "nouns", "off_topic", "namesakes")
# Fields that coding does not read: rows and classes are read through `triggers`, the rest is for `waqai check`.
_NOT_READ = ("verb_rows", "classes", "examples", "problems", "notes", "foreign", "digest", "_seconds", "_whole")
_ROW_CELLS = ("id", "frame", "cameo", "cameo_back", "act", "prepositions", "object", "complement")


@define
class Changes:
    """`words` maps each folded word through which a change is looked up to what changed (row ids, names); `rows` are the ids of verb rows
    that were added, removed or altered; `everywhere` names the tables whose change may touch any story."""

    words: dict[str, set[str]] = field(factory=lambda: defaultdict(set))
    rows: set[str] = field(factory=set)
    everywhere: list[str] = field(factory=list)

    def note(self) -> str:
        """How much has to be coded, and why, in one sentence."""
        if self.everywhere:
            return f"every sentence is coded twice, because a change of {', '.join(self.everywhere)} may touch any"
        if not self.words:
            return "the two dictionaries code alike: no table that coding reads differs"
        return f"{len(self.words)} spellings of changed rows and names; only stories that hold one of them are coded"


def load_tables(name: str) -> Dictionaries:
    """The dictionaries that `name` means: `shipped`, a folder laid over the shipped tables, or a folder that holds all tables itself (it has
    an ontology.csv and verbs), which is read alone. Raises FileNotFoundError if there is no such folder."""
    if name == SHIPPED:
        return load_dictionaries()
    folder = Path(name)
    whole = (folder / "ontology.csv").is_file() and any(folder.glob("verbs*.csv"))
    return load_folder(folder) if whole else load_dictionaries(folder)


def table_changes(old: Dictionaries, new: Dictionaries) -> Changes:
    """Everything that may make the two code differently."""
    changes = Changes()
    changes.rows = _changed_rows(old, new)
    signs = _Signs()
    _compare(old.triggers, new.triggers, signs.readings, signs.told_of_readings, changes.words)
    _compare(old.actors, new.actors, lambda names: tuple(map(signs.name, names)), signs.told_of_names, changes.words)
    _compare(old.off_topic, new.off_topic, lambda entry: entry, lambda a, b: {"off_topic.csv"}, changes.words)
    _compare(old.namesakes, new.namesakes, sorted, lambda a, b: {"family names that several persons bear"}, changes.words)
    for word in old.nouns ^ new.nouns:
        changes.words[word].add("nouns.csv")
    for column in attrs.fields(Dictionaries):
        if column.name not in (*_BY_WORD, *_NOT_READ) and _plain(getattr(old, column.name)) != _plain(getattr(new, column.name)):
            changes.everywhere.append(column.name)
    return changes


def _compare(old: Mapping[str, Any], new: Mapping[str, Any], sign: Any, tell: Any, words: dict[str, set[str]]) -> None:
    for word in old.keys() | new.keys():
        a, b = old.get(word, ()), new.get(word, ())
        if a is not b and (sign(a) if a else None) != (sign(b) if b else None):
            words[word] |= tell(a, b)


def _changed_rows(old: Dictionaries, new: Dictionaries) -> set[str]:
    a, b = ({row.id: _row(row) for row in tables.verb_rows.values()} for tables in (old, new))
    return {id for id in a.keys() | b.keys() if a.get(id) != b.get(id)}


def _row(row: VerbRow) -> tuple[object, ...]:
    return tuple(getattr(row, cell) for cell in _ROW_CELLS)


class _Signs:
    """What a table entry says to the coder, as tuples that can be compared; where it stands in its file does not count."""

    def __init__(self) -> None:
        self._rows: dict[int, tuple[object, ...]] = {}

    def _of_row(self, row: VerbRow | GoverningRow) -> tuple[object, ...]:
        if id(row) not in self._rows:
            self._rows[id(row)] = _row(row) if isinstance(row, VerbRow) else (row.effect, row.prepositions, row.words)
        return self._rows[id(row)]

    def reading(self, r: Reading) -> tuple[object, ...]:
        rows, governing = tuple(map(self._of_row, r.rows)), tuple(map(self._of_row, r.governing))
        return (r.kind, r.tense, r.voice, r.person, r.number, r.rest, r.citation, rows, governing)

    def readings(self, readings: Iterable[Reading]) -> tuple[object, ...]:
        return tuple(map(self.reading, readings))

    def name(self, name: ActorName) -> tuple[object, ...]:
        return (name.keys, name.kind, name.code, name.start, name.end, name.number)

    def told_of_readings(self, old: Iterable[Reading], new: Iterable[Reading]) -> set[str]:
        """Ids of the rows in which they differ, else the words whose forms or order do."""
        a, b = (self._rows_of(readings) for readings in (old, new))
        differing = [(a.get(sign) or b[sign]) for sign in a.keys() ^ b.keys()]
        told = {row.id if isinstance(row, VerbRow) else f"governing.csv: {row.words}" for row in differing}
        return told or {f"forms or order of {word}" for word in sorted({r.citation for r in (*old, *new)})[:3]}

    def _rows_of(self, readings: Iterable[Reading]) -> dict[tuple[object, ...], VerbRow | GoverningRow]:
        rows: list[VerbRow | GoverningRow] = []
        for reading in readings:
            rows += [*reading.rows, *reading.governing]
        return {self._of_row(row): row for row in rows}

    def told_of_names(self, old: Iterable[ActorName], new: Iterable[ActorName]) -> set[str]:
        """The names in which they differ."""
        a, b = ({self.name(n): n for n in names} for names in (old, new))
        return {f"name {(a.get(sign) or b[sign]).name}" for sign in a.keys() ^ b.keys()} or {"order of names"}


def _plain(value: object) -> object:
    """Any value of the tables as something that compares by content: records as tuples of their fields but for where they stand."""
    kind: Any = type(value)
    if attrs.has(kind):
        return (kind.__name__, *(_plain(getattr(value, a.name)) for a in attrs.fields(kind) if a.name != "where"))
    if isinstance(value, Mapping):
        return {_plain(k): _plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return tuple(map(_plain, value))
    return value
