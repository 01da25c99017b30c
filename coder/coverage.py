"""What the dictionaries reach, and what they miss in a collection: CAMEO codes and how each is reached, event words and actors that no
table knows, with lines ready to paste, and rows that never fire. Cells that only a person can fill stand as `?`, which `waqai check` reports.
"""

import csv
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

import attrs
from attrs import define, field, frozen

from coder.check import CACHE, EXAMPLE_DATE
from coder.conllu import read_conllu
from coder.dictionaries import Dictionaries, bundled_folder
from coder.events import Coder
from coder.model import InputError
from coder.pipeline import parsed_stories
from coder.store import StoreError
from coder.survey import Entry, Survey

VERB_COLUMNS = ("id", "verb", "present", "masdar", "plural", "object", "preposition", "complement", "frame", "cameo", "cameo_back", "act", "example",
                "source", "target", "note")  # fmt: skip
_FIRST_NUMBER = 901  # of the ids in lines to paste


@frozen
class CodeLine:
    """A lower-level CAMEO code: `reached` says by what (row, example, topic; "" not at all), `by` names up to three of them, `told` counts the
    examples of the tables that yield it, `events` those of the input."""

    cameo: str
    name: str
    reached: str
    by: str
    rows: int
    told: int
    events: int


@frozen
class WordLine:
    """An event word that no trigger knows: sentences it stands in, those that name two known actors, and those where both depend on the word."""

    word: str
    kind: str
    sentences: int
    two_actors: int
    own_actors: int
    example: str
    snippet: str
    paste: str


@frozen
class ActorLine:
    """A name that no table knows: sentences it acts or suffers in, and those where it does so beside an event word of the tables."""

    name: str
    kind: str
    sentences: int
    with_event: int
    example: str
    snippet: str
    table: str
    paste: str


@frozen
class RowLine:
    """A row that gave no event; `met` counts how often its word was read in the input."""

    id: str
    cameo: str
    words: str
    met: int
    where: str


Line = CodeLine | WordLine | ActorLine | RowLine


@define
class Coverage:
    """The sections of the report; `sentences` is 0 where there was no input."""

    codes: list[CodeLine]
    words: list[WordLine] = field(factory=list)
    actors: list[ActorLine] = field(factory=list)
    rows: list[RowLine] = field(factory=list)
    sentences: int = 0

    def summary(self) -> str:
        """How many codes are reached, and by what; then the codes not reached, and those that no example tells."""
        by = Counter(line.reached for line in self.codes)
        lines = [
            f"reached {len(self.codes) - by['']} of {len(self.codes)} codes: {by['row']} by rows of their own, {by['example']} by executed "
            f"examples, {by['topic']} by a topic alone"
        ]
        for what, codes in (
            ("not reached", [line.cameo for line in self.codes if not line.reached]),
            ("reached, but told by no example of the tables", [line.cameo for line in self.codes if line.reached and not line.told]),
        ):
            if codes:
                lines.append(f"{what}: {' '.join(codes)}")
        return "\n".join(lines)


def lower_codes(dictionaries: Dictionaries) -> list[str]:
    """The CAMEO codes of three and four digits."""
    return [code for code in dictionaries.codes if len(code) > 2]


def code_lines(dictionaries: Dictionaries, told: Mapping[str, int] | None = None, events: Mapping[str, int] | None = None) -> list[CodeLine]:
    """Every lower-level code with what reaches it: rows, executed examples, topics whose act and nouns the tables have."""
    rows: dict[str, list[str]] = defaultdict(list)
    examples: dict[str, list[str]] = defaultdict(list)
    topics: dict[str, list[str]] = defaultdict(list)
    for row in dictionaries.verb_rows.values():
        for code in dict.fromkeys(filter(None, (row.cameo, row.cameo_back))):
            rows[code].append(row.id)
    for example in dictionaries.examples:
        examples[example.cameo].append(example.id)
    acts = {row.act for row in dictionaries.verb_rows.values()} | {"intend"}  # what is only planned becomes an intent without a row of its own
    for topic in dictionaries.topics:
        if topic.nouns or any(code.startswith(topic.prefixes or ("?",)) for code in rows):
            for act, code in topic.codes.items():
                if act in acts:
                    topics[code].append(f"{topic.name} ({act})")
    lines = []
    for code in lower_codes(dictionaries):
        ways = {"row": rows[code], "example": examples[code], "topic": topics[code]}
        reached = next((way for way, found in ways.items() if found), "")
        by = "; ".join([*rows[code], *examples[code], *topics[code]][:3])
        name = dictionaries.codes[code].name
        lines.append(CodeLine(code, name, reached, by, len(rows[code]), (told or {}).get(code, 0), (events or {}).get(code, 0)))
    return lines


def told_by_examples(dictionaries: Dictionaries, folders: Iterable[Path]) -> Counter[str]:
    """How many of the parsed examples in `folders` yield each code as a fact."""
    coder, told = Coder(dictionaries), Counter[str]()
    wanted = {row.example for row in dictionaries.verb_rows.values()} | {example.example for example in dictionaries.examples}
    for folder in folders:
        path = folder / CACHE
        for story, sentences in read_conllu(path) if path.is_file() else ():
            if story.text in wanted:
                told.update({event.cameo for event in coder.code(attrs.evolve(story, date=EXAMPLE_DATE), sentences)})
    return told


def survey_inputs(
    inputs: Iterable[str], problems: list[InputError], dictionaries: Dictionaries, *, package: str = "shipped", stale: str = "refuse", date: str = "",
    encoding: str = "", columns: dict[str, str] | None = None,
) -> Survey:  # fmt: skip
    """One pass over stories or parse stores. A story that breaks the coder is reported in `problems` and passed over. Raises ParserError,
    StoreError as `parsed_stories` does."""
    found = Survey(dictionaries)
    options = {"package": package, "stale": stale, "date": date, "encoding": encoding}
    for story, sentences in parsed_stories(inputs, problems, dictionaries=dictionaries, columns=columns, **options):
        try:
            found.add(story, sentences)
        except Exception as error:  # one story must not stop a night's run
            problems.append(InputError(story.id, f"the coder failed on this story: {type(error).__name__}: {error}", "please report it"))
    return found


def coverage(dictionaries: Dictionaries, found: Survey | None = None, top: int = 50, folder: Path | None = None) -> Coverage:
    """The report: the codes, and with `found` what the input holds that the tables do not know, `top` lines a section. `folder` is that of
    the user's own tables, whose parsed examples count too."""
    told = told_by_examples(dictionaries, [bundled_folder(), *([folder] if folder else [])])
    if found is None:
        return Coverage(code_lines(dictionaries, told))
    words = [_word_line(entry, _FIRST_NUMBER + n) for n, (_, entry) in enumerate(found.words.best(top))]
    names = [_actor_line(entry) for _, entry in found.names.best(top)]
    return Coverage(code_lines(dictionaries, told, found.events), words, names, idle_rows(dictionaries, found)[:top], found.sentences)


def idle_rows(dictionaries: Dictionaries, found: Survey) -> list[RowLine]:
    """Rows that gave no event, those whose word was met most often first: their nouns, prepositions or frame never fitted."""
    idle = [row for row in dictionaries.verb_rows.values() if row.id not in found.fired]
    idle.sort(key=lambda row: (-found.met[row.id], row.id))
    return [RowLine(row.id, row.cameo, row.words, found.met[row.id], row.where) for row in idle]


def _word_line(entry: Entry, number: int) -> WordLine:
    word = entry.spelling()
    cells = dict.fromkeys(VERB_COLUMNS, "")
    cells |= {"id": f"V?-{number}", "frame": "object", "cameo": "?", "example": "?", "source": "?", "target": "?"}
    if entry.kind == "verb":
        cells |= {"verb": word, "present": entry.vote("present ") or ("?" if len(word) <= 3 else "")}
    else:
        cells["masdar"] = word
    preposition = entry.vote("after ")
    if preposition and entry.votes["after " + preposition] > entry.votes["object"]:
        cells |= {"frame": "preposition", "preposition": preposition}
    paste = _csv_line(cells.values())
    return WordLine(word, entry.kind, entry.sentences, entry.gain, entry.own, entry.example, entry.snippet, paste)


def _actor_line(entry: Entry) -> ActorLine:
    name = entry.spelling()
    table = "groups.csv" if entry.kind == "group" else "persons.csv"
    paste = _csv_line((name, entry.vote("code ") or "?", "", "", ""))
    return ActorLine(name, entry.kind, entry.sentences, entry.gain, entry.example, entry.snippet, table, paste)


def _csv_line(cells: Iterable[str]) -> str:
    """Cells as one line of CSV; none of ours holds a comma or a quote."""
    return ",".join(cells)


def write_coverage(report: Coverage, stream: IO[str], folder: Path | None = None) -> None:
    """Write each section as a CSV file into `folder`, made if it is not there, or without it as a table with tabs to `stream`. Raises
    StoreError where the folder cannot be written."""
    sections: dict[str, tuple[type[attrs.AttrsInstance], list[Line]]] = {"codes": (CodeLine, [*report.codes])}
    if report.sentences:
        sections |= {"words": (WordLine, [*report.words]), "actors": (ActorLine, [*report.actors]), "rows": (RowLine, [*report.rows])}
    for name, (kind, lines) in sections.items():
        table = [tuple(column.name for column in attrs.fields(kind)), *map(attrs.astuple, lines)]
        if folder is None:
            stream.write(f"# {name}\n" + "".join("\t".join(map(str, cells)) + "\n" for cells in table) + "\n")
            continue
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with open(folder / f"{name}.csv", "w", encoding="utf-8", newline="") as file:
                csv.writer(file, lineterminator="\n").writerows(table)
        except OSError as error:
            raise StoreError(f"{folder} cannot be written: {error.strerror or error} (make room or choose another --out)") from error
