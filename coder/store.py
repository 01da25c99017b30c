"""The parse store: a folder of gzip CoNLL-U parts with an index, written once by `waqai parse` and read by `waqai code` without torch.

A part holds the stories of one batch and is named after a hash of them and of the parser, so that the same command finds what an
interrupted run has left. A part is written under another name and renamed when it is whole; the index lists the parts in the order of the
input and ends with a line that says so, hence a store that was interrupted is known as such.
"""

import gzip
import hashlib
import json
import os
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import attrs
from attrs import frozen

from coder.batches import Batch, batches
from coder.conllu import write_conllu
from coder.crew import Work, map_in_order
from coder.model import InputError, Sentence, Story
from coder.parse import parser_digest
from coder.unpack import make_lasting

if TYPE_CHECKING:
    from coder.parse import Parser

INDEX = "index.waqai"
_FORMAT = 1


class StoreError(RuntimeError):
    """The store cannot be written or read. The message names the folder and the remedy."""


@frozen
class Part:
    """One part of a store: its file name and what it holds; `fresh` where this run has parsed it."""

    file: str
    stories: int
    sentences: int
    words: int
    fresh: bool = False


@frozen
class Store:
    """What the index of a store says. `whole` is False where parsing was interrupted."""

    folder: Path
    parser: str
    whole_words: str
    parts: tuple[Part, ...]
    whole: bool


def words_digest(words: Iterable[str]) -> str:
    """A short hash of the dictionaries' words that the tokenizer keeps whole."""
    return hashlib.sha256("\n".join(sorted(words)).encode()).hexdigest()[:16]


def is_store(path: Path) -> bool:
    """Whether `path` is a folder that `waqai parse` has written."""
    return (path / INDEX).is_file()


def read_store(folder: Path) -> Store:
    """The index of a store. Raises StoreError where it is none, or of another format."""
    parts: list[Part] = []
    head: dict[str, object] = {}
    whole = False
    for line in (folder / INDEX).read_text(encoding="utf-8").split("\n"):
        try:
            record = json.loads(line) if line else {}
        except ValueError:
            break  # the last line of an interrupted run
        if "format" in record:
            head = record
        elif "file" in record:
            parts.append(_listed(folder, record))
        whole = whole or bool(record.get("whole"))
    if head.get("format") != _FORMAT:
        raise StoreError(f"{folder}: not a store of this version of waqai (parse again: waqai parse INPUT --to {folder})")
    return Store(folder, str(head.get("parser")), str(head.get("whole_words")), tuple(parts), whole)


def _listed(folder: Path, record: dict[str, Any]) -> Part:
    """A part that the index lists. Raises StoreError for a path that leads elsewhere: a store may come from anybody."""
    try:
        part = Part(**record)
        if re.fullmatch(r"part-[0-9a-f]+\.conllu\.gz", part.file):
            return part
    except TypeError:
        pass
    raise StoreError(f"{folder / INDEX} lists {str(record)[:100]}, which is no part of a store (parse again: waqai parse INPUT --to {folder})")


def unlisted(folder: Path) -> int:
    """How many parts lie in the store's folder that its index does not list: those of other input, weights or dictionaries."""
    listed = {part.file for part in read_store(folder).parts}
    return sum(path.name not in listed for path in folder.glob("part-*.conllu.gz"))


def write_store(
    items: Iterable[Story | InputError],
    folder: Path,
    problems: list[InputError],
    *,
    whole_words: frozenset[str],
    package: str = "shipped",
    jobs: int = 1,
    cluster: str = "",
) -> Iterator[Part]:
    """Parse stories into the store at `folder`, yielding each part when it is there; parts that an earlier run has left are not parsed again.
    Problems are added to `problems`. Raises StoreError where the folder cannot be written, ParserError where the parser cannot start."""
    digest, words = parser_digest(package), words_digest(whole_words)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with open(folder / INDEX, "w", encoding="utf-8", newline="\n") as index:
            _note(index, {"format": _FORMAT, "parser": digest, "whole_words": words})
            work = Work(PartWriter, (folder.absolute(), digest + words, package, whole_words), split_batch, _set_aside)
            for results in map_in_order(work, batches(items), jobs, cluster):
                for part, found in results:
                    problems.extend(found)
                    if part is not None:
                        _note(index, {k: v for k, v in attrs.asdict(part).items() if k != "fresh"})
                        yield part
            _note(index, {"whole": True})
    except OSError as error:
        raise _cannot_write(folder, error) from error


def _note(index: IO[str], record: dict[str, object]) -> None:
    index.write(json.dumps(record, ensure_ascii=False) + "\n")
    index.flush()


def _cannot_write(place: Path, error: OSError) -> StoreError:
    return StoreError(
        f"{place} cannot be written: {error.strerror or error} (make room or choose another --to; the same command then goes on where it was)"
    )


def split_batch(batch: Batch) -> list[Batch]:
    """The stories and problems of a batch, each by itself."""
    return [[item] for item in batch]


def _set_aside(batch: Batch) -> list[tuple[Part | None, list[InputError]]]:
    """What is said of a story that kills its worker."""
    what, remedy = "killed the process that parsed it, three times", "the story is left out; please report it, or give the machine more memory"
    return [(None, [InputError(item.id, what, remedy) if isinstance(item, Story) else item for item in batch])]


class PartWriter:
    """Parses batches of stories into parts. Loads the parser when the first batch needs it."""

    def __init__(self, folder: Path, digest: str, package: str, whole_words: frozenset[str]) -> None:
        self.folder, self.digest, self.package, self.whole_words = folder, digest, package, whole_words
        self._parser: Parser | None = None

    def __call__(self, batch: Batch) -> Iterator[tuple[Part | None, list[InputError]]]:
        """Write one batch; gives its part (None if it holds no story) and its problems."""
        stories = [item for item in batch if isinstance(item, Story)]
        problems = [item for item in batch if isinstance(item, InputError)]
        if not stories:
            yield None, problems
            return
        path = self.folder / f"part-{self._key(stories)}.conllu.gz"
        part = _whole_part(path)
        if part is None:
            part = self._write(stories, path, problems)
        yield part, problems

    def _key(self, stories: list[Story]) -> str:
        record = json.dumps([self.digest, *(attrs.asdict(s) for s in stories)], ensure_ascii=False)
        return hashlib.sha256(record.encode("utf-8", "surrogatepass")).hexdigest()[:24]

    def _write(self, stories: list[Story], path: Path, problems: list[InputError]) -> Part:
        if self._parser is None:
            from coder.parse import Parser  # stanza and torch take seconds: only when something is to be parsed

            self._parser = Parser(self.package, self.whole_words)
        parsed = list(parse_batch(self._parser, stories, problems))
        words = sum(len(s.tokens) for _, sentences in parsed for s in sentences)
        part = Part(path.name, len(parsed), sum(len(sentences) for _, sentences in parsed), words, fresh=True)
        temporary = path.with_name(f".{path.stem}.{os.getpid()}.gz")
        try:
            write_conllu(parsed, temporary, attrs.asdict(part))
            make_lasting(temporary, path)
        except OSError as error:
            temporary.unlink(missing_ok=True)
            raise _cannot_write(path, error) from error
        return part


def parse_batch(parser: "Parser", stories: list[Story], problems: list[InputError]) -> Iterator[tuple[Story, list[Sentence]]]:
    """Stories with their sentences. Where the parser fails on the batch, its stories are parsed one by one and the failing ones reported."""
    try:
        yield from zip(stories, parser.parse_many(stories), strict=True)
        return
    except Exception:  # one story must not stop a night's run: which one is found below
        pass
    for story in stories:
        try:
            yield story, parser.parse(story)
        except Exception as error:
            problems.append(InputError(story.id, f"the parser failed on this story: {type(error).__name__}: {error}", "please report it"))


def _whole_part(path: Path) -> Part | None:
    """What the part at `path` says of itself, if it is there and its gzip is whole."""
    try:
        with gzip.open(path, "rt", encoding="utf-8", newline="\n") as stream:
            first = stream.readline()
            while stream.read(1 << 20):
                pass
        return Part(**{**json.loads(first.partition("=")[2]), "fresh": False})
    except (OSError, EOFError, zlib.error, ValueError, TypeError):
        return None
