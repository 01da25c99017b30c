"""From a cleaned story to sentences: paragraphs, what is parsed together, and the mending of the tokenizer's sentence ends. No model here."""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Protocol, TypeVar

from attrs import frozen

_MAX_PARAGRAPH = 5_000  # characters given to the tokenizer at once
_MAX_BATCH = 60_000  # characters parsed together: what memory holds at once
_MAX_WORDS = 150  # words given to the parser as one sentence
_ENDS = frozenset({".", "؟", "?", "!"})  # marks that end a sentence
_CLOSERS = frozenset("\"'»”’)]}«")  # what may still follow an end mark and belongs to it
_ELLIPSIS = re.compile(r"\.{2,}|…+")
_HEADLINE_WORDS = 25  # a paragraph without an end mark of at most so many words is a headline
_MIN_WORDS = 3  # of a piece that is split off at an end mark


class WrittenToken(Protocol):
    """What the rules look at: the written form and its place in the text."""

    @property
    def text(self) -> str:
        """The written form."""

    @property
    def start_char(self) -> int:
        """Offset of its first character."""

    @property
    def end_char(self) -> int:
        """Offset after its last character."""


_T = TypeVar("_T", bound=WrittenToken)


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


def pieces(tokens: list[_T]) -> Iterator[list[_T]]:
    """A sentence as it is, or cut at punctuation into pieces of at most `_MAX_WORDS` words."""
    while len(tokens) > _MAX_WORDS:
        cut = next((i + 1 for i in range(_MAX_WORDS - 1, _MAX_WORDS // 2, -1) if tokens[i].text in "،؛.:"), _MAX_WORDS)
        yield tokens[:cut]
        tokens = tokens[cut:]
    if tokens:
        yield tokens


def mend_ends(sentences: Sequence[Sequence[_T]], text: str) -> list[list[_T]]:
    """The tokenizer's sentences with wrong ends undone and missed ends made. A sentence never crosses a line end of `text`."""
    joined: list[list[_T]] = []
    for sentence in sentences:
        tokens = list(sentence)
        if joined and tokens and _joins(joined[-1], tokens, text):
            joined[-1].extend(tokens)
        elif tokens:
            joined.append(tokens)
    return [piece for tokens in joined for piece in _split(tokens, text)]


def _joins(left: Sequence[_T], right: Sequence[_T], text: str) -> bool:
    """Whether the end between two predicted sentences is none."""
    gap = text[left[-1].end_char : right[0].start_char]
    if "\n" in gap:
        return False
    if not gap or all(not any(c.isalnum() for c in t.text) for t in right):
        return True  # cut inside a written word or number, or before marks that belong to the sentence
    last = left[-1].text
    if last in ("،", ",", "؛", "-") or _is_abbreviation(left) or last[-1].isdigit() and right[0].text[0] in ",.٫٬":
        return True
    return bool(_ELLIPSIS.fullmatch(_final_dots(left))) and _is_headline(left[0].start_char, text)


def _final_dots(tokens: Sequence[WrittenToken]) -> str:
    """The dots at the end of a sentence, however the tokenizer has cut them; "" if there are none."""
    dots = ""
    for token in reversed(tokens):
        if set(token.text) - set(".…"):
            break
        dots = token.text + dots
    return dots


def _is_headline(position: int, text: str) -> bool:
    """Whether the line around `position` is short and has no end mark at its end."""
    line = text[text.rfind("\n", 0, position) + 1 :].split("\n", 1)[0].rstrip()
    return len(line.split()) <= _HEADLINE_WORDS and line.rstrip("\"'»”’)]}« ")[-1:] not in _ENDS


def _is_abbreviation(tokens: Sequence[WrittenToken]) -> bool:
    """Whether the sentence so far ends in an initial or a one-letter abbreviation with its stop: J. أ. د."""
    last = tokens[-1].text
    if last == "." and len(tokens) > 1 and tokens[-2].end_char == tokens[-1].start_char:
        last = tokens[-2].text + "."
    return bool(re.fullmatch(r"(?:[^\W\d_]\.)+|(?:Mr|Mrs|Dr|St|No|vs)\.", last))


def _split(tokens: list[_T], text: str) -> Iterator[list[_T]]:
    """A sentence cut after each mark in it that ends one: followed by a blank and by a word, and not part of an ellipsis or abbreviation."""
    first = 0
    for i in range(len(tokens) - 1):
        if tokens[i].text not in _ENDS and not (tokens[i].text in _CLOSERS and i and tokens[i - 1].text in _ENDS):
            continue
        after = tokens[i + 1]
        starts_word = after.text[0].isalpha() or after.text[0] in '«»"(' and i + 2 < len(tokens) and tokens[i + 2].text[0].isalpha()
        blank = text[tokens[i].end_char : after.start_char].isspace()
        if blank and starts_word and i + 1 - first > _MIN_WORDS and not _is_abbreviation(tokens[first : i + 1]) and not _in_dots(tokens, i):
            yield tokens[first : i + 1]
            first = i + 1
    yield tokens[first:]


def _in_dots(tokens: Sequence[WrittenToken], i: int) -> bool:
    """Whether the dot at `i` is one of several."""
    return tokens[i].text == "." and i > 0 and not set(tokens[i - 1].text) - {"."} and tokens[i - 1].end_char == tokens[i].start_char
