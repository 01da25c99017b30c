"""CoNLL-U in and out: the parse store, without torch. One `# newdoc` a story, offsets of each word in MISC as `start=..|end=..`."""

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO

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


def write_conllu(parsed: Iterable[tuple[Story, list[Sentence]]], path: Path) -> None:
    """Write parsed stories to `path`, compressed if its name ends in .gz."""
    with _open(path, "wt") as stream:
        for story, sentences in parsed:
            stream.write(f"# newdoc id = {story.id}\n# story_date = {story.date}\n# publisher = {story.source}\n# url = {story.url}\n")
            for sentence in sentences:
                stream.write(f"# sent_id = {sentence.number}\n# paragraph = {sentence.paragraph}\n")
                stream.write(f"# start = {sentence.start}\n# end = {sentence.end}\n# text = {' '.join(sentence.text.split())}\n")
                for t in sentence.tokens:
                    feats = "|".join(f"{k}={v}" for k, v in t.feats.items()) or "_"
                    row = (
                        str(t.id),
                        t.form,
                        t.lemma or "_",
                        t.upos or "_",
                        "_",
                        feats,
                        str(t.head),
                        t.deprel or "_",
                        "_",
                        f"start={t.start}|end={t.end}",
                    )
                    stream.write("\t".join(row) + "\n")
                stream.write("\n")


def read_conllu(path: Path, problems: list[InputError] | None = None) -> Iterator[tuple[Story, list[Sentence]]]:
    """Parsed stories of a CoNLL-U file, a file without `# newdoc` as one story. Sentences with a broken tree are left out and
    reported in `problems`. Treebank files without offsets get offsets in the joined `# text` lines."""
    meta: dict[str, str] = {}
    story: Story | None = None
    sentences: list[Sentence] = []
    rows: list[list[str]] = []
    texts: list[str] = []

    def flush(line_number: int) -> None:
        if rows:
            try:
                sentences.append(_sentence(rows, meta, len(sentences) + 1))
                texts.append(meta.get("text", ""))
            except (ValueError, IndexError) as error:
                if problems is not None:
                    problems.append(InputError(f"{path.name}:{line_number}", f"broken tree: {error}", "the sentence is left out"))
            rows.clear()

    number = 0
    with _open(path, "rt") as stream:
        for number, raw in enumerate(stream, 1):
            line = raw.rstrip("\n")
            if line.startswith("#"):
                key, _, value = line[1:].partition("=")
                if key.strip() == "newdoc id":
                    flush(number)
                    if sentences:
                        yield _finish(story, sentences, texts, path)
                    sentences, texts, meta, story = [], [], {}, None
                meta[key.strip()] = value.strip()
                if key.strip() == "url":
                    story = Story(meta.get("newdoc id", path.stem), "", meta.get("story_date", ""), source=meta.get("publisher", ""), url=meta["url"])
            elif line:
                rows.append(line.split("\t"))
            else:
                flush(number)
    flush(number)
    if sentences:
        yield _finish(story, sentences, texts, path)


def _finish(story: Story | None, sentences: list[Sentence], texts: list[str], path: Path) -> tuple[Story, list[Sentence]]:
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
    base = story or Story(path.stem, "")
    return Story(base.id, body, base.date, base.title, base.source, base.url), sentences


def _place(sentence: Sentence, text: str, offset: int) -> None:
    """Give the words of a treebank sentence offsets by finding them one after another in its text."""
    cursor = 0
    sentence.start, sentence.end = offset, offset + len(text)
    for token in sentence.tokens:
        found = text.find(token.form, cursor)
        start = found if 0 <= found < cursor + 20 else cursor
        token.start, token.end = offset + start, offset + min(start + len(token.form), len(text))
        cursor = min(start + len(token.form), len(text)) if found >= 0 else cursor


def _sentence(rows: list[list[str]], meta: dict[str, str], number: int) -> Sentence:
    tokens = []
    for row in rows:
        if len(row) < 8:
            raise ValueError(f"a line with {len(row)} columns instead of 10")
        if "-" in row[0] or "." in row[0]:
            continue
        feats = dict(pair.split("=", 1) for pair in row[5].split("|") if "=" in pair)
        misc = dict(pair.split("=", 1) for pair in row[9].split("|") if "=" in pair) if len(row) > 9 else {}
        head = int(row[6])
        tokens.append(Token(int(row[0]), row[1], row[2], row[3], feats, head, row[7], int(misc.get("start", -1)), int(misc.get("end", -1))))
    if [t.id for t in tokens] != list(range(1, len(tokens) + 1)) or any(t.head > len(tokens) for t in tokens):
        raise ValueError("word numbers or heads out of order")
    normalise_root(tokens)
    link(tokens)
    has_offsets = all(t.start >= 0 for t in tokens)
    start, end = (int(meta.get("start", -1)), int(meta.get("end", -1))) if has_offsets else (-1, -1)
    return Sentence(number, meta.get("text", ""), start, end, tokens, int(meta.get("paragraph", 0)))


def _open(path: Path, mode: str) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, mode, encoding="utf-8")  # type: ignore[return-value]
    return open(path, mode[0], encoding="utf-8", newline="\n")
