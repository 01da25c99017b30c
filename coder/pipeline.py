"""The whole line: stories in, events out, problems collected. What `waqai code` and `coder.code_text` call."""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import asdict, evolve, frozen

from coder.batches import Batch, batches, map_in_order
from coder.conllu import read_conllu
from coder.dictionaries import Dictionaries, load_dictionaries
from coder.events import Coder
from coder.gazetteer import gazetteer_problems
from coder.model import Event, InputError, Sentence, Story
from coder.output import COLUMNS
from coder.parse import parser_digest
from coder.store import Part, StoreError, is_store, parse_batch, read_store, words_digest, write_store
from coder.stories import NO_DATE, read_stories

if TYPE_CHECKING:
    import pandas

    from coder.parse import Parser


OTHER_WORDS = "was parsed with other names and event words in the dictionaries"


@frozen
class StoredFile:
    """A CoNLL-U file, or a part of a parse store: read as it is, or parsed anew. `date` is used where a story has none."""

    path: Path
    date: str = ""
    reparse: bool = False


Unit = Batch | StoredFile


def units(
    inputs: Iterable[str], problems: list[InputError], *, dictionaries: Dictionaries, package: str = "shipped", stale: str = "refuse",
    date: str = "", encoding: str = "", columns: dict[str, str] | None = None,
) -> Iterator[Unit]:  # fmt: skip
    """Inputs in pieces that are coded at once: batches of stories, CoNLL-U files, parts of stores. `stale` says what to do with a store of
    another parser: refuse (StoreError), use or reparse."""
    for parsed, names in itertools.groupby(inputs, _is_parsed):
        if not parsed:
            yield from batches(read_stories(names, date=date, encoding=encoding, columns=columns))
            continue
        for path in map(Path, names):
            if path.is_file():
                yield StoredFile(path, date)
            else:
                yield from _stored_files(path, problems, dictionaries=dictionaries, package=package, stale=stale, date=date)


def _is_parsed(name: str) -> bool:
    return name.endswith((".conllu", ".conllu.gz")) and Path(name).is_file() or is_store(Path(name))


def _stored_files(
    folder: Path, problems: list[InputError], *, dictionaries: Dictionaries, package: str, stale: str, date: str
) -> Iterator[StoredFile]:  # fmt: skip
    store = read_store(folder)
    current = parser_digest(package)
    if store.parser != current and stale == "refuse":
        raise StoreError(
            f"{folder} was parsed by {store.parser}, the parser here is {current} "
            "(--stale use codes its trees all the same, --stale reparse parses its stories now, `waqai parse` renews it)"
        )
    if not store.whole:
        problems.append(InputError(str(folder), "parsing was interrupted before its end", "run the same `waqai parse` again; what is there is coded"))
    if store.parser == current and store.whole_words != words_digest(dictionaries.whole_words()):
        problems.append(InputError(str(folder), OTHER_WORDS, "`waqai parse` again where a new name is cut in two"))
    for part in store.parts:
        yield StoredFile(folder / part.file, date, store.parser != current and stale == "reparse")


class UnitReader:
    """Turns units into stories with trees. Loads the parser when the first unit needs it, so that coding a store needs no torch."""

    def __init__(self, whole_words: frozenset[str], package: str = "shipped") -> None:
        self._whole_words, self._package = whole_words, package
        self._parser: Parser | None = None

    def read(self, unit: Unit, problems: list[InputError]) -> Iterator[tuple[Story, list[Sentence]]]:
        """Stories of one unit with their sentences; problems are added to `problems`."""
        if isinstance(unit, StoredFile):
            stored = ((evolve(story, date=story.date or unit.date), sentences) for story, sentences in read_conllu(unit.path, problems))
            if not unit.reparse:
                yield from stored
                return
            unit = [story for story, _ in stored]
        problems.extend(item for item in unit if isinstance(item, InputError))
        stories = [item for item in unit if isinstance(item, Story)]
        if stories:
            yield from parse_batch(self._load(), stories, problems)

    def _load(self) -> "Parser":
        if self._parser is None:
            from coder.parse import Parser  # stanza and torch take seconds: only when something is to be parsed

            self._parser = Parser(self._package, self._whole_words)
        return self._parser


class UnitCoder:
    """Codes units: what each worker process of `waqai code` runs."""

    def __init__(self, dictionaries: Dictionaries, all_statuses: bool, package: str) -> None:
        self._coder = Coder(dictionaries, all_statuses=all_statuses)
        self._reader = UnitReader(dictionaries.whole_words(), package)

    def __call__(self, unit: Unit) -> Iterator[tuple[list[Event], list[InputError]]]:
        """Events and problems, story by story. A story that breaks the coder is reported and passed over."""
        problems: list[InputError] = []
        for story, sentences in self._reader.read(unit, problems):
            events: list[Event] = []
            try:
                events = self._coder.code(story, sentences)
            except Exception as error:  # one story must not stop a night's run
                problems.append(InputError(story.id, f"the coder failed on this story: {type(error).__name__}: {error}", "please report it"))
            yield events, problems[:]
            problems.clear()
        yield [], problems


def parsed_stories(
    inputs: Iterable[str], problems: list[InputError], *, dictionaries: Dictionaries, package: str = "shipped", stale: str = "refuse",
    date: str = "", encoding: str = "", columns: dict[str, str] | None = None,
) -> Iterator[tuple[Story, list[Sentence]]]:  # fmt: skip
    """Stories with their trees: CoNLL-U input and parse stores are read as they are, everything else is parsed. The parser is loaded when
    the first story needs it; problems are added to `problems`. Raises ParserError where the parser cannot start, StoreError for a stale store."""
    reader = UnitReader(dictionaries.whole_words(), package)
    options = {"stale": stale, "date": date, "encoding": encoding}
    for unit in units(inputs, problems, dictionaries=dictionaries, package=package, columns=columns, **options):
        yield from reader.read(unit, problems)


def is_failure(problem: InputError) -> bool:
    """Whether a problem kept something from being coded; a missing date or a repeated id did not."""
    return problem.what not in (NO_DATE, OTHER_WORDS) and "more than once" not in problem.what and "is not YYYY-MM-DD" not in problem.what


def code_inputs(
    inputs: Iterable[str], problems: list[InputError], *, dictionaries: Dictionaries, all_statuses: bool = False, package: str = "shipped",
    stale: str = "refuse", date: str = "", encoding: str = "", columns: dict[str, str] | None = None, jobs: int = 1,
) -> Iterator[Event]:  # fmt: skip
    """Events of all stories in `inputs`, in their order whatever the number of `jobs` (processes). A story that breaks the coder is
    reported in `problems` and passed over."""
    problems.extend(gazetteer_problems())
    options = {"stale": stale, "date": date, "encoding": encoding}
    work = units(inputs, problems, dictionaries=dictionaries, package=package, columns=columns, **options)
    for events, found in map_in_order(UnitCoder, (dictionaries, all_statuses, package), work, jobs):
        problems.extend(found)
        yield from events


def parse_inputs(
    inputs: Sequence[str], folder: Path, problems: list[InputError], *, dictionaries: Dictionaries, package: str = "shipped", date: str = "",
    encoding: str = "", columns: dict[str, str] | None = None, jobs: int = 1,
) -> Iterator[Part]:  # fmt: skip
    """Parse all stories in `inputs` into the store at `folder`; yields each part when it is there. Raises StoreError, ParserError."""
    parsed = [name for name in inputs if _is_parsed(name)]
    problems.extend(InputError(name, "is parsed already", "give it to `waqai code`") for name in parsed)
    stories = read_stories([name for name in inputs if name not in parsed], date=date, encoding=encoding, columns=columns)
    return write_store(stories, folder, problems, whole_words=dictionaries.whole_words(), package=package, jobs=jobs)


def code_text(text: str, date: str = "", *, dictionaries: Path | None = None, all_statuses: bool = False) -> "pandas.DataFrame":
    """Events of one text as a DataFrame with the columns of the native table, codes as text; empty text gives an empty frame."""
    import pandas

    tables = load_dictionaries(dictionaries)
    rows: list[dict[str, object]] = []
    if text.strip():
        from coder.parse import Parser

        story = Story("text", text, date)
        sentences = Parser(whole_words=tables.whole_words()).parse(story)
        rows = [asdict(event) for event in Coder(tables, all_statuses=all_statuses).code(story, sentences)]
    return pandas.DataFrame(rows, columns=list(COLUMNS))
