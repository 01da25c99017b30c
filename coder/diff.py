"""What a change of the dictionaries does to the events: gained, lost and changed ones, each with its sentence, under the row that caused it.

Only stories that hold a spelling of a changed row or name are coded, by the old tables and by the new (coder.table_changes says why the others
need not be). Two runs can be compared by their tables alone.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO

import attrs
from attrs import frozen

from coder.conllu import copied, holds, read_conllu
from coder.crew import Work, map_in_order
from coder.dictionaries import Dictionaries
from coder.events import Coder
from coder.model import Event, InputError, Sentence, Story
from coder.output import COLUMNS
from coder.passages import passage, story_texts
from coder.pipeline import StoredChunk, StoredFile, Unit, UnitReader, split_unit, units
from coder.table_changes import Changes

Row = Mapping[str, str]
_Story = tuple[list["Change"], list[InputError], int]
KINDS = ("gained", "lost", "changed")
SHOWN = ("source", "cameo", "target", "status", "event_date", "rule")
DIFF_COLUMNS = (
    "cause",
    "kind",
    "fields",
    "story_id",
    "sentence",
    *(f"{when}_{name}" for name in SHOWN for when in ("old", "new")),
    "event_text",
    "text",
)
_IGNORED = ("event_id",)  # a hash of the row's id and the actors, which are compared by themselves
_PAIRED_BY = ("source", "target", "cameo", "status", "rule")
_UNCAUSED = "a change in another sentence of the story"


@frozen
class Change:
    """One event that only one side tells, or that both tell differently: `fields` names the cells that differ, `cause` the row or name."""

    kind: str
    cause: str
    old: Row | None
    new: Row | None
    fields: tuple[str, ...] = ()
    text: str = ""

    @property
    def event(self) -> Row:
        """The event as it is now, or as it was where it is lost."""
        event = self.new or self.old
        assert event is not None
        return event


def as_row(event: Event) -> dict[str, str]:
    """The cells of an event as text, as a table's row has them."""
    return {name: str(value) for name, value in attrs.asdict(event).items()}


def compare(old: Sequence[Row], new: Sequence[Row]) -> Iterator[tuple[str, Row | None, Row | None, tuple[str, ...]]]:
    """(kind, old row, new row, differing columns) of one story's events. Rows that are alike in all but their ids go first; of the rest, those of one
    word of one sentence are paired, the most alike first."""
    unmatched = Counter(map(_content, new))
    only_old = []
    for row in old:
        if unmatched[_content(row)]:
            unmatched[_content(row)] -= 1
        else:
            only_old.append(row)
    only_new = []
    for row in reversed(new):
        if unmatched[_content(row)]:
            unmatched[_content(row)] -= 1
            only_new.append(row)
    only_new.reverse()
    pairs = [(sum(a[c] == b[c] for c in _PAIRED_BY), i, j) for i, a in enumerate(only_old) for j, b in enumerate(only_new) if _place(a) == _place(b)]
    partner: dict[int, int] = {}
    taken: set[int] = set()
    for _, i, j in sorted(pairs, key=lambda p: (-p[0], p[1], p[2])):
        if i not in partner and j not in taken:
            partner[i] = j
            taken.add(j)
    for i, row in enumerate(only_old):
        if i in partner:
            other = only_new[partner[i]]
            yield "changed", row, other, tuple(c for c in COLUMNS if c not in _IGNORED and _cell(row, c) != _cell(other, c))
        else:
            yield "lost", row, None, ()
    for j, row in enumerate(only_new):
        if j not in taken:
            yield "gained", None, row, ()


def _place(row: Row) -> tuple[str, str]:
    return row["sentence"], row["start"]


def _cell(row: Row, column: str) -> str:
    value = row.get(column, "")
    return ("repeat" if value else "") if column == "same_as" else value


def _content(row: Row) -> tuple[str, ...]:
    return tuple(_cell(row, c) for c in COLUMNS if c not in _IGNORED)


# ------------------------------------------------------------------------------------------------------------ two dictionaries


class DiffWorker:
    """Compares units of stories: what each process of `waqai diff` runs."""

    def __init__(self, old: Dictionaries, new: Dictionaries, changes: Changes, all_statuses: bool, package: str) -> None:
        self._coders = Coder(old, all_statuses=all_statuses), Coder(new, all_statuses=all_statuses)
        self._changes = changes
        self._wanted = None if changes.everywhere else frozenset(changes.words)
        self._reader = UnitReader(new.whole_words(), package)

    def __call__(self, unit: Unit) -> Iterator[tuple[list[Change], list[InputError], int]]:
        """Changes, problems and the number of sentences coded, story by story."""
        problems: list[InputError] = []
        for story, sentences in self._stories(unit, problems):
            changes, coded = list[Change](), 0
            if self._wanted is None or any(holds([t.key for t in s.tokens], self._wanted) for s in sentences):
                coded = len(sentences)
                try:
                    changes = list(self._compare(story, sentences))
                except Exception as error:  # one story must not stop the run
                    problems.append(InputError(story.id, f"the coder failed on this story: {type(error).__name__}: {error}", "please report it"))
            yield changes, problems[:], coded
            problems.clear()
        yield [], problems, 0

    def _stories(self, unit: Unit, problems: list[InputError]) -> Iterator[tuple[Story, list[Sentence]]]:
        if isinstance(unit, StoredFile) and not unit.reparse:
            stories = read_conllu(unit.path, problems, self._wanted)
        elif isinstance(unit, StoredChunk) and self._wanted is not None:
            stories = (found for chunk in unit.chunk.holding(self._wanted) for found in chunk.stories(problems))
        else:
            yield from self._reader.read(unit, problems)
            return
        for story, sentences in stories:
            yield attrs.evolve(story, date=story.date or unit.date), sentences

    def _compare(self, story: Story, sentences: list[Sentence]) -> Iterator[Change]:
        old, new = ([as_row(e) for e in coder.code(story, copied(sentences))] for coder in self._coders)
        for kind, before, after, fields in compare(old, new):
            event = after or before
            assert event is not None
            sentence = sentences[int(event["sentence"]) - 1]
            yield Change(kind, self._cause(before, after, sentence), before, after, fields, " ".join(sentence.text.split()))

    def _cause(self, old: Row | None, new: Row | None, sentence: Sentence) -> str:
        """The changed row that codes the event, now or before; else what changed for the nearest word of its sentence."""
        for event in (new, old):
            if event is not None and event["rule"] in self._changes.rows:
                return event["rule"]
        if self._changes.everywhere:
            return ", ".join(self._changes.everywhere)
        start = int((new or old or {})["start"])
        near = sorted((abs(t.start - start), t.id, t.key) for t in sentence.tokens if t.key in self._changes.words)
        return "; ".join(sorted(self._changes.words[near[0][2]])[:3]) if near else _UNCAUSED


def diff_inputs(
    old: Dictionaries, new: Dictionaries, changes: Changes, inputs: Iterable[str], problems: list[InputError], *, all_statuses: bool = False,
    package: str = "shipped", stale: str = "refuse", date: str = "", jobs: int = 1,
) -> tuple[list[Change], int]:  # fmt: skip
    """The changes over stories or parse stores, and how many sentences had to be coded for them. Raises ParserError, StoreError."""
    found: list[Change] = []
    coded = 0
    if not changes.words and not changes.everywhere:
        return found, coded
    tasks = units(inputs, dictionaries=new, package=package, stale=stale, date=date)
    work: Work[Unit, _Story] = Work(DiffWorker, (old, new, changes, all_statuses, package), split_unit)
    for stories in map_in_order(work, tasks, jobs):
        for some, told, count in stories:
            found += some
            problems += told
            coded += count
    return found, coded


# ------------------------------------------------------------------------------------------------------------ two runs


def diff_runs(old: Path, new: Path, inputs: Iterable[str], problems: list[InputError]) -> list[Change]:
    """The changes between two native event tables, held in memory only where they differ; `inputs` are the stories, if their sentences are
    wanted. Raises ValueError where a file is no native table."""
    kept = Counter(hash((r["story_id"], _content(r))) for r in read_rows(old))
    by_story: dict[str, tuple[list[Row], list[Row]]] = defaultdict(lambda: ([], []))
    for row in read_rows(new):
        sign = hash((row["story_id"], _content(row)))
        if kept[sign]:
            kept[sign] -= 1
        else:
            by_story[row["story_id"]][1].append(row)
    for row in read_rows(old):
        sign = hash((row["story_id"], _content(row)))
        if kept[sign]:
            kept[sign] -= 1
            by_story[row["story_id"]][0].append(row)
    texts = story_texts(inputs, frozenset(by_story), problems)
    found = []
    for story_id, (before, after) in by_story.items():
        for kind, a, b, fields in compare(before, after):
            rules = dict.fromkeys(e["rule"] for e in (a, b) if e is not None)
            text = passage(b or a or {}, texts.get(story_id, "")).text
            found.append(Change(kind, " -> ".join(rules), a, b, fields, " ".join(text.split())))
    return found


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    """The rows of a native event table, cells as text, apostrophes before formulas taken off again. Raises ValueError naming the file and
    the remedy where it is none."""
    needed = {"story_id", "sentence", "source", "target", "cameo", "start", "end", "rule", "event_text"}
    with open(path, encoding="utf-8-sig", newline="") as stream:
        try:
            reader = csv.DictReader(stream)
            missing = sorted(needed - set(reader.fieldnames or ()))
            if missing:
                raise ValueError(f"{path}: no native event table, it lacks the columns {', '.join(missing)} (write one with `waqai code --out`)")
            for row in reader:
                yield {k: _plain_cell(v) for k, v in row.items() if k}
        except (UnicodeDecodeError, csv.Error) as error:
            raise ValueError(f"{path}: cannot be read as CSV in UTF-8: {error} (write it anew with `waqai code --out`)") from error


def _plain_cell(value: str | None) -> str:
    return value[1:] if value and value[0] == "'" and value[1:2] in ("=", "+", "@", "-", "\t") else value or ""


# ------------------------------------------------------------------------------------------------------------ what is written


def by_cause(changes: Iterable[Change]) -> dict[str, list[Change]]:
    """The changes of each cause, the cause of most changes first."""
    grouped: dict[str, list[Change]] = defaultdict(list)
    for change in changes:
        grouped[change.cause].append(change)
    return dict(sorted(grouped.items(), key=lambda item: (-len(item[1]), item[0])))


def write_diff(changes: Iterable[Change], stream: IO[str]) -> None:
    """One CSV row a change, grouped by cause."""
    from coder.output import cell

    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(DIFF_COLUMNS)
    for cause, group in by_cause(changes).items():
        for change in group:
            event = change.event
            sides = [(side or {}).get(name, "") for name in SHOWN for side in (change.old, change.new)]
            cells = (cause, change.kind, " ".join(change.fields), event["story_id"], event["sentence"], *sides, event["event_text"], change.text)
            writer.writerow([cell(c) for c in cells])


def told(changes: Iterable[Change]) -> Iterator[str]:
    """The changes as readable text: a heading a cause, two lines a change."""
    for cause, group in by_cause(changes).items():
        counts = Counter(change.kind for change in group)
        yield f"{cause}: " + ", ".join(f"{counts[kind]} {kind}" for kind in KINDS if counts[kind])
        for change in group:
            yield f"  {_line(change)}  [{change.event['story_id']}:{change.event['sentence']}]"
            yield f"    {change.text}"


def _line(change: Change) -> str:
    if change.kind != "changed":
        sign, e = ("+", change.new) if change.new is not None else ("-", change.old)
        assert e is not None
        return f"{sign} {e['source']} {e['cameo']} {e['target']} {e['status']} {e['event_date']} ({e['rule']})"
    assert change.old is not None and change.new is not None
    cells = [f"{name} {change.old[name] or 'none'} -> {change.new[name] or 'none'}" for name in change.fields if name in SHOWN]
    others = [name for name in change.fields if name not in SHOWN]
    e = change.new
    return f"~ {e['source']} {e['cameo']} {e['target']}: " + "; ".join(cells + (["other cells: " + ", ".join(others)] if others else []))
