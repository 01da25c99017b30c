"""CoNLL-U in and out, without torch. One `# newdoc` a story, the story itself as one JSON object in `# story = {...}` so that it comes
back exactly; offsets of each word in MISC as `start=..|end=..`."""

import gzip
import io
import itertools
import json
import zlib
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import IO

import attrs
from attrs import define, field, frozen

from coder.model import InputError, Sentence, Story, Token
from coder.progress import Meter
from coder.text import fold
from coder.unpack import bounded_lines, open_bytes

CHUNK_CHARACTERS = 600_000  # of CoNLL-U read at once: about 10,000 words
MAX_STORY = 500_000_000  # characters of CoNLL-U of one story
_PER_LINE = 50  # characters that each line counts for besides its own: what it takes in memory
_NEWDOC = "# newdoc id"


def link(tokens: list[Token]) -> list[Token]:
    """Fill in `parent`, `children` and `key` of the words of one sentence; heads out of range become roots."""
    for token in tokens:
        token.key = token.key or fold(token.form)
        token.children = []
    for token in tokens:
        if 0 < token.head <= len(tokens) and token.head != token.id:
            token.parent = tokens[token.head - 1]
            token.parent.children.append(token)
        else:
            token.parent = None
    return tokens


def normalise_root(tokens: list[Token]) -> None:
    """Where a tree roots the sentence in its opening و "and" (official PADT style), make the clause head the root and the conjunction its `cc`."""
    root = next((t for t in tokens if t.head == 0), None)
    if root is None or root.upos not in ("CCONJ", "PART", "SCONJ"):
        return
    heads = [t for t in tokens if t.head == root.id and t.upos not in ("PUNCT", "PART", "CCONJ")]
    if not heads:
        return
    clause = next((t for t in heads if t.upos == "VERB"), heads[0])
    clause.head, clause.deprel = 0, "root"
    root.head, root.deprel = clause.id, "cc"
    for token in tokens:
        if token.head == root.id:
            token.head = clause.id


def write_conllu(parsed: Iterable[tuple[Story, list[Sentence]]], path: Path, head: dict[str, object] | None = None) -> None:
    """Write parsed stories to `path`, compressed if its name ends in .gz; `head` is noted in the first line."""
    with _create(path) as stream:
        if head is not None:
            stream.write(f"# part = {json.dumps(head)}\n")
        for story, sentences in parsed:
            stream.write(f"# newdoc id = {' '.join(story.id.split())}\n# story = {json.dumps(attrs.asdict(story), ensure_ascii=False)}\n")
            for sentence in sentences:
                stream.write(_block(sentence))


def _block(sentence: Sentence) -> str:
    lines = [f"# sent_id = {sentence.number}", f"# paragraph = {sentence.paragraph}", f"# start = {sentence.start}", f"# end = {sentence.end}"]
    lines.append(f"# text = {' '.join(sentence.text.split())}")
    for t in sentence.tokens:
        feats = "|".join(f"{k}={v}" for k, v in t.feats.items()) or "_"
        upos, deprel = t.upos or "_", t.deprel or "_"
        lines.append(f"{t.id}\t{t.form}\t{t.lemma or '_'}\t{upos}\t_\t{feats}\t{t.head}\t{deprel}\t_\tstart={t.start}|end={t.end}")
    return "\n".join(lines) + "\n\n"


@define
class _Document:
    """What has been read of one story: its metadata, its sentences and their `# text` lines."""

    story: Story | None = None
    meta: dict[str, str] = field(factory=dict)
    sentences: list[Sentence] = field(factory=list)
    texts: list[str] = field(factory=list)

    def add(self, rows: list[list[str]]) -> None:
        """Add the sentence that `rows` hold. Raises ValueError or IndexError where its tree is broken."""
        exact = self.story is not None and bool(self.story.text)
        sentence = _sentence(rows, self.meta, len(self.sentences) + 1, normalise=not exact)
        if exact and self.story is not None:
            sentence.text = self.story.text[sentence.start : sentence.end]
        self.sentences.append(sentence)
        self.texts.append(self.meta.get("text", ""))

    def note(self, line: str) -> None:
        """Take up one comment line."""
        key, _, value = line[1:].partition("=")
        key = key.strip()
        self.meta[key] = value.strip()
        if key == "story" and value.startswith(" {"):
            self.story = _checked(Story(**json.loads(value)))
        elif key == "url" and self.story is None:
            self.story = Story(
                self.meta.get("newdoc id", ""), "", self.meta.get("story_date", ""), source=self.meta.get("publisher", ""), url=self.meta["url"]
            )


def _checked(story: Story) -> Story:
    """The story, if all that it holds is text. Raises ValueError if not: a file from elsewhere may hold anything."""
    cells = (story.id, story.text, story.date, story.title, story.source, story.url)
    if not all(isinstance(cell, str) for cell in (*cells, *story.extra.keys(), *story.extra.values())):
        raise ValueError("a field of its `# story` is no text")
    "".join(cells).encode()  # raises ValueError for a lone surrogate, which cannot be written
    return story


def read_conllu(path: Path, problems: list[InputError] | None = None, wanted: frozenset[str] | None = None) -> Iterator[tuple[Story, list[Sentence]]]:
    """Parsed stories of a CoNLL-U file (with `wanted`: those in which one of these folded words stands), a file without `# newdoc` as one story. Sentences with a broken tree are left out and
    reported in `problems`; of a cut file the whole stories are read. Treebank files without offsets get offsets in the joined `# text` lines."""
    found = problems if problems is not None else []
    for item in read_chunks(path):
        if isinstance(item, InputError):
            found.append(item)
        else:
            for chunk in (item,) if wanted is None else item.holding(wanted):
                yield from chunk.stories(found)


@frozen
class Chunk:
    """Whole stories of a CoNLL-U file as they stand there: its lines, and the number of the first."""

    path: Path
    first: int
    lines: list[str] = field(repr=False)

    def stories(self, problems: list[InputError]) -> Iterator[tuple[Story, list[Sentence]]]:
        """The stories with their trees; what is broken is reported in `problems` and passed over."""
        for number, lines in self._documents():
            try:
                document = self._read(number, lines, problems)
                if document.sentences or document.story:
                    yield _finish(document, self.path)
            except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
                problems.append(InputError(f"{self.path}:{number}", f"damaged story: {str(error)[:200]}", "the story is left out"))

    def split(self) -> list["Chunk"]:
        """The same stories, each in a chunk of its own."""
        return [Chunk(self.path, number, lines) for number, lines in self._documents()]

    def holding(self, words: frozenset[str]) -> Iterator["Chunk"]:
        """The stories in which one of the folded words stands, each in a chunk of its own: told by the lines, before any tree is built."""
        for number, lines in self._documents():
            if holds([_key(line.split("\t", 2)[1]) for line in lines if line[:1].isdecimal() and line.count("\t") > 1], words):
                yield Chunk(self.path, number, lines)

    def _documents(self) -> Iterator[tuple[int, list[str]]]:
        starts = [i for i, line in enumerate(self.lines) if i and line.startswith(_NEWDOC)]
        for start, stop in zip([0, *starts], [*starts, len(self.lines)], strict=True):
            yield self.first + start, self.lines[start:stop]

    def _read(self, first: int, lines: list[str], problems: list[InputError]) -> _Document:
        document, rows, number = _Document(), list[list[str]](), first
        for number, line in enumerate([*lines, ""], first):
            if line and line[0] != "#":
                rows.append(line.split("\t"))
                continue
            if rows:
                try:
                    document.add(rows)
                except (ValueError, IndexError) as error:
                    problems.append(InputError(f"{self.path.name}:{number}", f"broken tree: {str(error)[:200]}", "the sentence is left out"))
                rows = []
            if line:
                document.note(line)
        return document


def read_chunks(path: Path, limit: int = CHUNK_CHARACTERS, meter: Meter | None = None) -> Iterator[Chunk | InputError]:
    """The stories of a file, unread, in chunks of about `limit` characters; an InputError at the end where the file is cut or damaged, whose
    last whole stories come before it."""
    lines, first, size, number = list[str](), 1, 0, 0
    try:
        with open_bytes(path) as raw, io.TextIOWrapper(raw, encoding="utf-8", newline="\n") as stream:
            if meter is not None:
                meter.follow(path, raw)
            for number, line in enumerate(bounded_lines(stream), 1):
                if size > limit and line.startswith(_NEWDOC):
                    yield Chunk(path, first, lines)
                    lines, first, size = [], number, 0
                if size > MAX_STORY:
                    raise OSError(f"a story of more than {MAX_STORY} characters")
                lines.append(line.rstrip("\n"))
                size += len(line) + _PER_LINE
    except (OSError, EOFError, zlib.error, ValueError) as error:
        whole = max((i for i, line in enumerate(lines) if line.startswith(_NEWDOC)), default=0)
        if whole:
            yield Chunk(path, first, lines[:whole])
        remedy = "the file is cut or damaged; the whole stories before are used"
        yield InputError(str(path), f"cannot be read beyond line {number}: {error}", remedy)
        return
    if lines:
        yield Chunk(path, first, lines)


def holds(keys: Sequence[str], words: frozenset[str]) -> bool:
    """Whether one of the folded `words` stands among the folded words of a text, or is made of two neighbours."""
    return not words.isdisjoint(keys) or any(a + b in words for a, b in itertools.pairwise(keys))


def copied(sentences: Iterable[Sentence]) -> list[Sentence]:
    """The same sentences in tokens of their own: reading clauses mends the trees in place, so two coders need two copies."""
    return [attrs.evolve(s, tokens=link([attrs.evolve(t, children=[], parent=None) for t in s.tokens])) for s in sentences]


def _finish(document: _Document, path: Path) -> tuple[Story, list[Sentence]]:
    story, sentences, texts = document.story, document.sentences, document.texts
    if story is not None and story.text:
        return story, sentences
    if any(s.start < 0 for s in sentences):
        position = 0
        for sentence, text in zip(sentences, texts, strict=True):
            _place(sentence, text, position)
            position += len(text) + 1
        body = "\n".join(texts)
    else:
        body = ""
        for sentence, text in zip(sentences, texts, strict=True):
            body = body.ljust(sentence.start) + text[: sentence.end - sentence.start]
    base = story or Story(document.meta.get("newdoc id", "") or path.stem, "")
    return attrs.evolve(base, id=base.id or path.stem, text=body), sentences


def _place(sentence: Sentence, text: str, offset: int) -> None:
    """Give the words of a treebank sentence offsets by finding them one after another in its text."""
    cursor = 0
    sentence.start, sentence.end = offset, offset + len(text)
    for token in sentence.tokens:
        found = text.find(token.form, cursor)
        start = found if 0 <= found < cursor + 20 else cursor
        token.start, token.end = offset + start, offset + min(start + len(token.form), len(text))
        cursor = min(start + len(token.form), len(text)) if found >= 0 else cursor


def _sentence(rows: list[list[str]], meta: dict[str, str], number: int, *, normalise: bool) -> Sentence:
    tokens = []
    for row in rows:
        if len(row) < 8:
            raise ValueError(f"a line with {len(row)} columns instead of 10")
        if "-" in row[0] or "." in row[0]:
            continue
        start, stop = _offsets(row[9]) if len(row) > 9 else (-1, -1)
        tokens.append(Token(int(row[0]), row[1], row[2], row[3], dict(_feats(row[5])), int(row[6]), row[7], start, stop, _key(row[1])))
    if any(t.id != i or not 0 <= t.head <= len(tokens) for i, t in enumerate(tokens, 1)):
        raise ValueError("word numbers or heads out of order")
    if normalise:
        normalise_root(tokens)
    if _reached(link(tokens)) < len(tokens):
        raise ValueError("heads go round in a circle")
    has_offsets = all(t.start >= 0 for t in tokens)
    first, last = (int(meta.get("start", -1)), int(meta.get("end", -1))) if has_offsets else (-1, -1)
    return Sentence(number, meta.get("text", ""), first, last, tokens, int(meta.get("paragraph", 0)))


def _reached(tokens: list[Token]) -> int:
    """How many words hang on a root: all of them in a tree."""
    count, level = 0, [t for t in tokens if t.head == 0]
    while level:
        count += len(level)
        level = [child for token in level for child in token.children]
    return count


def _offsets(misc: str) -> tuple[int, int]:
    start, end = -1, -1
    for pair in misc.split("|"):
        if pair.startswith("start="):
            start = int(pair[6:])
        elif pair.startswith("end="):
            end = int(pair[4:])
    return start, end


@lru_cache(10_000)
def _feats(cell: str) -> tuple[tuple[str, str], ...]:
    return tuple((key, value) for key, equals, value in (pair.partition("=") for pair in cell.split("|")) if equals)


@lru_cache(100_000)
def _key(form: str) -> str:
    return fold(form)


def _create(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "wt", compresslevel=6, encoding="utf-8", newline="\n")
    return open(path, "w", encoding="utf-8", newline="\n")
