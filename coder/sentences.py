"""From a cleaned story to sentences: paragraphs, what is parsed together, and the mending of the tokenizer's sentence ends. No model here."""

from collections.abc import Iterable, Iterator
from typing import Any

from attrs import frozen

_MAX_PARAGRAPH = 5_000  # characters given to the tokenizer at once
_MAX_BATCH = 60_000  # characters parsed together: what memory holds at once
_MAX_WORDS = 150  # words given to the parser as one sentence


@frozen
class Paragraph:
    """A cleaned paragraph and the offset of its first character in the cleaned story."""

    text: str
    start: int
    number: int


@frozen
class Located:
    """A paragraph and the place of its story among those that are parsed together."""

    story: int
    paragraph: Paragraph


def paragraphs(text: str) -> Iterator[Paragraph]:
    """Lines of the cleaned text that hold anything, long ones cut at punctuation or blanks."""
    position = number = 0
    for line in text.split("\n"):
        start = position
        while line.strip():
            cut = len(line) if len(line) <= _MAX_PARAGRAPH else _cut_place(line)
            lead = len(line[:cut]) - len(line[:cut].lstrip())
            if line[:cut].strip():
                yield Paragraph(line[lead:cut].rstrip().replace("\t", " "), start + lead, number)
            start += cut
            line = line[cut:]
        number += 1
        position = text.find("\n", start) + 1 if text.find("\n", start) >= 0 else len(text)


def _cut_place(line: str) -> int:
    """Where to cut a monstrous line: after its last full stop, comma or blank within the bound, else at the bound."""
    for mark in (".", "؛", "،", " "):
        place = line.rfind(mark, _MAX_PARAGRAPH // 2, _MAX_PARAGRAPH)
        if place > 0:
            return place + 1
    return _MAX_PARAGRAPH


def gather(located: Iterable[Located]) -> Iterator[list[Located]]:
    """Paragraphs in lists of at most `_MAX_BATCH` characters: what is parsed together."""
    batch: list[Located] = []
    size = 0
    for place in located:
        if batch and size + len(place.paragraph.text) > _MAX_BATCH:
            yield batch
            batch, size = [], 0
        batch.append(place)
        size += len(place.paragraph.text)
    if batch:
        yield batch


def pieces(tokens: list[Any]) -> Iterator[list[Any]]:
    """A sentence as it is, or cut at punctuation into pieces of at most `_MAX_WORDS` words."""
    while len(tokens) > _MAX_WORDS:
        cut = next((i + 1 for i in range(_MAX_WORDS - 1, _MAX_WORDS // 2, -1) if tokens[i].text in "،؛.:"), _MAX_WORDS)
        yield tokens[:cut]
        tokens = tokens[cut:]
    if tokens:
        yield tokens
