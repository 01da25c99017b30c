"""The sentence of an event, cut out of its story's own text, with the places of its source, event word and target to be marked."""

import re
from collections.abc import Iterable, Mapping

from attrs import frozen

from coder.model import InputError, Story
from coder.page import Html, arabic, joined, tag, text
from coder.stories import read_stories

_END = re.compile(r"[.!؟؛]+[\"'»”)\]]*\s+|\n+")
_REACH = 1_500  # characters on each side in which the sentence's ends are looked for
SIDES = ("source", "event", "target")


@frozen
class Passage:
    """The words around an event: `spans` are (start, end, side) in `text`, in order and apart; `whole` is False where the story was not at
    hand and `text` only puts the event's own words together."""

    text: str
    spans: tuple[tuple[int, int, str], ...]
    whole: bool = True

    def marked(self) -> Html:
        """The passage as markup, source, event and target marked."""
        parts: list[object] = []
        position = 0
        for start, end, side in self.spans:
            parts += [self.text[position:start], tag("mark", self.text[start:end], class_=side, title=side)]
            position = end
        return joined([*parts, self.text[position:]])


def passage(event: Mapping[str, str], story: str = "") -> Passage:
    """The sentence around the event of a native table's row (cells as text) in its story's text; without it, the row's own words."""
    start, end = _number(event.get("start", "")), _number(event.get("end", ""))
    if not story or not 0 <= start < end <= len(story) or story[start:end] != event.get("event_text", ""):
        return _own_words(event)
    first, last = sentence_span(story, start, end)
    return mark(story[first:last], start - first, end - first, event.get("source_text", ""), event.get("target_text", ""))


def sentence_span(story: str, start: int, end: int) -> tuple[int, int]:
    """Where the sentence around `start` to `end` begins and ends: at a full stop, a question mark or a line's end."""
    before = story[max(0, start - _REACH) : start]
    first = start - len(before) + max((m.end() for m in _END.finditer(before)), default=0)
    after = _END.search(story[end : end + _REACH])
    last = end + after.end() if after else min(len(story), end + _REACH)
    while last > end and story[last - 1].isspace():
        last -= 1
    while first < start and story[first].isspace():
        first += 1
    return first, last


def mark(sentence: str, start: int, end: int, source: str, target: str) -> Passage:
    """A passage with the event word at `start` to `end` and the words of source and target where they stand nearest to it."""
    taken = [(start, end, "event")]
    for side, words in (("source", source), ("target", target)):
        places = [m.start() for m in re.finditer(re.escape(words), sentence)] if words else []
        free = [p for p in places if all(p + len(words) <= a or p >= b for a, b, _ in taken)]
        if free:
            place = min(free, key=lambda p: abs(p - start))
            taken.append((place, place + len(words), side))
    return Passage(sentence, tuple(sorted(taken)))


def _own_words(event: Mapping[str, str]) -> Passage:
    written, spans = "", []
    for side in SIDES:
        words = event.get(f"{side}_text", "")
        if words:
            written += " … " if written else ""
            spans.append((len(written), len(written) + len(words), side))
            written += words
    return Passage(written, tuple(spans), whole=False)


def _number(cell: str) -> int:
    return int(cell) if str(cell).isdecimal() else -1


def story_texts(inputs: Iterable[str], wanted: frozenset[str], problems: list[InputError], columns: dict[str, str] | None = None) -> dict[str, str]:
    """The texts of the stories with these ids, of raw stories, CoNLL-U files and parse stores; only these are kept."""
    from coder.pipeline import stored_stories

    texts: dict[str, str] = {}
    raw = []
    for name in inputs:
        stored = stored_stories(name, problems)
        if stored is None:
            raw.append(name)
        else:
            texts.update((story.id, story.text) for story, _ in stored if story.id in wanted)
    for item in read_stories(raw, columns=columns):
        if isinstance(item, InputError):
            problems.append(item)
        elif isinstance(item, Story) and item.id in wanted:
            texts[item.id] = item.text
    return texts


def sentence_html(found: Passage) -> Html:
    """The passage as a paragraph of its own, right to left."""
    return arabic(found.marked(), "p", class_="sentence")


def key_html() -> Html:
    """What the marks mean."""
    return tag("p", *(tag("mark", text(side), class_=side) for side in SIDES), class_="key")
