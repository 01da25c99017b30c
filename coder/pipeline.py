"""The whole line: stories in, events out, problems collected. What `waqai code` calls."""

import hashlib
import itertools
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from attrs import evolve, field, frozen

from coder.batches import Batch, batches
from coder.conllu import Chunk, read_chunks, read_conllu
from coder.crew import Work, map_in_order
from coder.dictionaries import Dictionaries
from coder.events import Coder
from coder.gazetteer import gazetteer_problems
from coder.model import Event, InputError, Sentence, Story
from coder.parse import parser_digest
from coder.progress import OTHER_WORDS, Meter, is_failure
from coder.store import Part, StoreError, is_store, parse_batch, read_store, split_batch, words_digest, write_store
from coder.stories import read_stories

if TYPE_CHECKING:
    from coder.parse import Parser

__all__ = ["code_inputs", "is_failure", "parse_inputs", "parsed_stories"]
KILLED = "killed the process that worked on it, three times"
KILLED_REMEDY = "the story is left out; please report it, or give the machine more memory"


@frozen
class StoredFile:
    """A part of a parse store: read as it is, or parsed anew. `date` is used where a story has none."""

    path: Path
    date: str = ""
    reparse: bool = False


@frozen
class StoredChunk:
    """Some stories of a CoNLL-U file. `date` is used where a story has none."""

    chunk: Chunk
    date: str = ""


Unit = Batch | StoredFile | StoredChunk


def units(
    inputs: Iterable[str], *, dictionaries: Dictionaries, package: str = "shipped", stale: str = "refuse", date: str = "", encoding: str = "",
    columns: dict[str, str] | None = None, meter: Meter | None = None,
) -> Iterator[Unit]:  # fmt: skip
    """Inputs in pieces that are coded at once: batches of stories and of problems, chunks of CoNLL-U files, parts of stores. `stale` says what
    to do with a store of another parser: refuse (StoreError), use or reparse."""
    meter = meter or Meter()
    for parsed, names in itertools.groupby(inputs, _is_parsed):
        if not parsed:
            yield from batches(read_stories(names, date=date, encoding=encoding, columns=columns, meter=meter))
            continue
        for path in map(Path, names):
            if path.is_file():
                for item in read_chunks(path, meter=meter):
                    yield [item] if isinstance(item, InputError) else StoredChunk(item, date)
            else:
                yield from _stored_files(path, meter, dictionaries=dictionaries, package=package, stale=stale, date=date)


def unit_key(unit: Unit) -> bytes:
    """What tells one unit from another: a hash of its text; of a stored file, whose name tells its text, the name."""
    digest = hashlib.sha256()
    if isinstance(unit, StoredFile):
        digest.update(f"{unit.path.name}\0{unit.date}\0{unit.reparse}".encode("utf-8", "surrogatepass"))
    elif isinstance(unit, StoredChunk):
        digest.update("\n".join([unit.date, *unit.chunk.lines]).encode("utf-8", "surrogatepass"))
    else:
        for item in unit:
            digest.update(repr(item).encode("utf-8", "surrogatepass"))
    return digest.digest()


def split_unit(unit: Unit) -> list[Unit]:
    """The stories of a unit, each a unit by itself."""
    if isinstance(unit, StoredChunk):
        return [StoredChunk(piece, unit.date) for piece in unit.chunk.split()]
    if isinstance(unit, StoredFile) and unit.reparse:
        unit = [story for story, _ in _dated(read_conllu(unit.path), unit.date)]
    if isinstance(unit, StoredFile):
        found: list[Unit] = []
        for item in read_chunks(unit.path):
            found += [[item]] if isinstance(item, InputError) else [StoredChunk(piece, unit.date) for piece in item.split()]
        return found
    return list(split_batch(unit))


def _dated(stories: Iterable[tuple[Story, list[Sentence]]], date: str) -> Iterator[tuple[Story, list[Sentence]]]:
    return ((story if story.date else evolve(story, date=date), sentences) for story, sentences in stories)


def _is_parsed(name: str) -> bool:
    return name.endswith((".conllu", ".conllu.gz")) and Path(name).is_file() or is_store(Path(name))


def _stored_files(folder: Path, meter: Meter, *, dictionaries: Dictionaries, package: str, stale: str, date: str) -> Iterator[Unit]:
    store = read_store(folder)
    current = parser_digest(package)
    if store.parser != current and stale == "refuse":
        raise StoreError(
            f"{folder} was parsed by {store.parser}, the parser here is {current} "
            "(--stale use codes its trees all the same, --stale reparse parses its stories now, `waqai parse` renews it)"
        )
    if not store.whole:
        yield [InputError(str(folder), "parsing was interrupted before its end", "run the same `waqai parse` again; what is there is coded")]
    if store.parser == current and store.whole_words != words_digest(dictionaries.whole_words()):
        yield [InputError(str(folder), OTHER_WORDS, "`waqai parse` again where a new name is cut in two")]
    for part in store.parts:
        path = (folder / part.file).absolute()  # a worker may have another current folder
        meter.follow(path)
        yield StoredFile(path, date, store.parser != current and stale == "reparse")


class UnitReader:
    """Turns units into stories with trees. Loads the parser when the first unit needs it, so that coding a store needs no torch."""

    def __init__(self, whole_words: frozenset[str], package: str = "shipped") -> None:
        self._whole_words, self._package = whole_words, package
        self._parser: Parser | None = None

    def read(self, unit: Unit, problems: list[InputError]) -> Iterator[tuple[Story, list[Sentence]]]:
        """Stories of one unit with their sentences; problems are added to `problems`."""
        if isinstance(unit, StoredChunk):
            yield from _dated(unit.chunk.stories(problems), unit.date)
            return
        if isinstance(unit, StoredFile):
            stored = _dated(read_conllu(unit.path, problems), unit.date)
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


@frozen
class Outcome:
    """What coding gave of one story (`stories` is 1) or between two."""

    events: list[Event] = field(factory=list)
    problems: list[InputError] = field(factory=list)
    stories: int = 0


class UnitCoder:
    """Codes units: what each worker process of `waqai code` runs."""

    def __init__(self, dictionaries: Dictionaries, all_statuses: bool, package: str) -> None:
        self._coder = Coder(dictionaries, all_statuses=all_statuses)
        self._reader = UnitReader(dictionaries.whole_words(), package)

    def __call__(self, unit: Unit) -> Iterator[Outcome]:
        """Events and problems, story by story. A story that breaks the coder is reported and passed over."""
        problems: list[InputError] = []
        for story, sentences in self._reader.read(unit, problems):
            events: list[Event] = []
            try:
                events = self._coder.code(story, sentences)
            except Exception as error:  # one story must not stop a night's run
                problems.append(InputError(story.id, f"the coder failed on this story: {type(error).__name__}: {error}", "please report it"))
            yield Outcome(events, problems[:], 1)
            problems.clear()
        if problems:
            yield Outcome(problems=problems)


def coding(dictionaries: Dictionaries, all_statuses: bool, package: str) -> Work[Unit, Outcome]:
    """The work of `waqai code`: units in, events and problems out."""
    return Work(UnitCoder, (dictionaries, all_statuses, package), split_unit, _set_aside)


def _set_aside(unit: Unit) -> list[Outcome]:
    """What is said of a story that kills its worker."""
    if isinstance(unit, StoredChunk):
        where = f"{unit.chunk.path}:{unit.chunk.first} {unit.chunk.lines[0][:200].removeprefix('# newdoc id = ')}"
    elif isinstance(unit, StoredFile):
        where = str(unit.path)
    else:
        where = ", ".join(item.id if isinstance(item, Story) else item.where for item in unit)
    return [Outcome(problems=[InputError(where, KILLED, KILLED_REMEDY)])]


def parsed_stories(
    inputs: Iterable[str], problems: list[InputError], *, dictionaries: Dictionaries, package: str = "shipped", stale: str = "refuse",
    date: str = "", encoding: str = "", columns: dict[str, str] | None = None,
) -> Iterator[tuple[Story, list[Sentence]]]:  # fmt: skip
    """Stories with their trees: CoNLL-U input and parse stores are read as they are, everything else is parsed. The parser is loaded when
    the first story needs it; problems are added to `problems`. Raises ParserError where the parser cannot start, StoreError for a stale store."""
    reader = UnitReader(dictionaries.whole_words(), package)
    options = {"stale": stale, "date": date, "encoding": encoding}
    for unit in units(inputs, dictionaries=dictionaries, package=package, columns=columns, **options):  # type: ignore[arg-type]
        yield from reader.read(unit, problems)


def stored_stories(name: str, problems: list[InputError]) -> Iterator[tuple[Story, list[Sentence]]] | None:
    """The stories of a CoNLL-U file or of a parse store of any parser, as they lie there; None where `name` is neither."""
    if not _is_parsed(name):
        return None
    path = Path(name)
    files = [path] if path.is_file() else [path / part.file for part in read_store(path).parts]
    return itertools.chain.from_iterable(read_conllu(file, problems) for file in files)


def code_inputs(
    inputs: Iterable[str], problems: list[InputError], *, dictionaries: Dictionaries, all_statuses: bool = False, package: str = "shipped",
    stale: str = "refuse", date: str = "", encoding: str = "", columns: dict[str, str] | None = None, jobs: int = 1, cluster: str = "",
) -> Iterator[Event]:  # fmt: skip
    """Events of all stories in `inputs`, in their order whatever the number of `jobs` (processes). A story that breaks the coder, or kills
    its process, is reported in `problems` and passed over. `coder.archive` does the same in parts that outlast an interruption."""
    problems.extend(gazetteer_problems())
    options = {"stale": stale, "date": date, "encoding": encoding}
    work = units(inputs, dictionaries=dictionaries, package=package, columns=columns, **options)  # type: ignore[arg-type]
    for outcomes in map_in_order(coding(dictionaries, all_statuses, package), work, jobs, cluster):
        for outcome in outcomes:
            problems.extend(outcome.problems)
            yield from outcome.events


def parse_inputs(
    inputs: Sequence[str], folder: Path, problems: list[InputError], *, dictionaries: Dictionaries, package: str = "shipped", date: str = "",
    encoding: str = "", columns: dict[str, str] | None = None, jobs: int = 1, cluster: str = "",
) -> Iterator[Part]:  # fmt: skip
    """Parse all stories in `inputs` into the store at `folder`; yields each part when it is there. Raises StoreError, ParserError."""
    parsed = [name for name in inputs if _is_parsed(name)]
    problems.extend(InputError(name, "is parsed already", "give it to `waqai code`") for name in parsed)
    stories = read_stories([name for name in inputs if name not in parsed], date=date, encoding=encoding, columns=columns)
    return write_store(stories, folder, problems, whole_words=dictionaries.whole_words(), package=package, jobs=jobs, cluster=cluster)
