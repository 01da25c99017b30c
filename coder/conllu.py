"""CoNLL-U in and out, without torch. One `# newdoc` a story, the story itself as one JSON object in `# story = {...}` so that it comes
back exactly; offsets of each word in MISC as `start=..|end=..`."""

import gzip
import json
import zlib
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import IO

import attrs
from attrs import define, field

from coder.model import InputError, Sentence, Story, Token
from coder.text import fold


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
    with _open(path, "wt") as stream:
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
            self.story = Story(**json.loads(value))
        elif key == "url" and self.story is None:
            self.story = Story(
                self.meta.get("newdoc id", ""), "", self.meta.get("story_date", ""), source=self.meta.get("publisher", ""), url=self.meta["url"]
            )


def read_conllu(path: Path, problems: list[InputError] | None = None, wanted: frozenset[str] | None = None) -> Iterator[tuple[Story, list[Sentence]]]:
    """Parsed stories of a CoNLL-U file, a file without `# newdoc` as one story. Sentences with a broken tree are left out and
    reported in `problems`; of a cut file the whole stories are read. Treebank files without offsets get offsets in the joined `# text` lines.
    With `wanted`, folded words, only the stories that hold one of them are built, which spares most of the time where they are rare."""
    found = problems if problems is not None else []
    document, rows, number = _Document(), list[list[str]](), 0
    try:
        with _open(path, "rt") as stream:
            for number, raw in enumerate(stream, 1) if wanted is None else _lines_of_stories_with(wanted, stream):
                line = raw.rstrip("\n")
                if line and line[0] != "#":
                    rows.append(line.split("\t"))
                    continue
                if rows:
                    _add(document, rows, path, number, found)
                    rows = []
                if line.startswith("# newdoc id"):
                    if document.sentences or document.story:
                        yield _finish(document, path)
                    document = _Document()
                if line:
                    document.note(line)
    except (OSError, EOFError, zlib.error, ValueError, TypeError) as error:
        found.append(
            InputError(str(path), f"cannot be read beyond line {number}: {error}", "the file is cut or damaged; the whole stories before are used")
        )
        return
    if rows:
        _add(document, rows, path, number, found)
    if document.sentences or document.story:
        yield _finish(document, path)


def _lines_of_stories_with(wanted: frozenset[str], stream: Iterable[str]) -> Iterator[tuple[int, str]]:
    """The numbered lines of the stories in which one of the words stands, story by story."""
    lines: list[tuple[int, str]] = []
    holds = False
    for number, line in enumerate(stream, 1):
        if line.startswith("# newdoc id"):
            if holds:
                yield from lines
            lines, holds = [], False
        lines.append((number, line))
        holds = holds or line[:1].isdigit() and _key(line.split("\t", 2)[1]) in wanted
    if holds:
        yield from lines


def copied(sentences: Iterable[Sentence]) -> list[Sentence]:
    """The same sentences in tokens of their own: reading clauses mends the trees in place, so two coders need two copies."""
    return [attrs.evolve(s, tokens=link([attrs.evolve(t, children=[], parent=None) for t in s.tokens])) for s in sentences]


def _add(document: _Document, rows: list[list[str]], path: Path, number: int, problems: list[InputError]) -> None:
    try:
        document.add(rows)
    except (ValueError, IndexError) as error:
        problems.append(InputError(f"{path.name}:{number}", f"broken tree: {error}", "the sentence is left out"))


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
    if any(t.id != i or t.head > len(tokens) for i, t in enumerate(tokens, 1)):
        raise ValueError("word numbers or heads out of order")
    if normalise:
        normalise_root(tokens)
    link(tokens)
    has_offsets = all(t.start >= 0 for t in tokens)
    first, last = (int(meta.get("start", -1)), int(meta.get("end", -1))) if has_offsets else (-1, -1)
    return Sentence(number, meta.get("text", ""), first, last, tokens, int(meta.get("paragraph", 0)))


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


def _open(path: Path, mode: str) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, mode, compresslevel=6, encoding="utf-8", newline="\n")  # type: ignore[return-value]
    return open(path, mode[0], encoding="utf-8", newline="\n")
