"""Why an event was coded, or was not: the tree, the clauses read, the rows that matched and with which words, what almost matched."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import frozen

from coder.clauses import Clause
from coder.dictionaries import Dictionaries, load_dictionaries
from coder.events import Coder, SentenceReading
from coder.frames import Hit
from coder.model import Event, Sentence, Story, Token
from coder.places import PlaceMention, SettledPlace, StoryPlaces

_KINDS = {"verb": "verb", "masdar": "verbal noun (masdar)", "participle": "participle"}
_MAX_MISSES = 12


@frozen(eq=False)
class Explanation:
    """Everything read in a story: `str()` gives it as plain text, `page()` as a page, and a notebook shows it by itself. `events` are those
    of any status, sentence by sentence beside `readings`."""

    story: Story
    dictionaries: Dictionaries
    readings: tuple[SentenceReading, ...]
    events: tuple[tuple[Event, ...], ...]
    places: StoryPlaces

    def __str__(self) -> str:
        return "\n".join(line for reading in self.readings for line in _explain_sentence(reading, self.places))

    def page(self) -> str:
        """A self-contained HTML page."""
        from coder.explain_page import explanation_page

        return explanation_page(self)

    def _repr_html_(self) -> str:
        from coder.explain_page import explanation_html
        from coder.page import fragment

        return fragment(explanation_html(self))


def explain(dictionaries: Dictionaries, story: Story, sentences: Iterable[Sentence]) -> Explanation:
    """An account of everything read in `story`, sentence by sentence."""
    coder = Coder(dictionaries, all_statuses=True)
    readings, events, places = [], [], StoryPlaces(coder.places)
    for reading in coder.read(story, sentences):
        found = list(coder.located(story, reading))
        places.add(reading.sentence.tokens, reading.finder, found)
        readings.append(reading)
        events.append(tuple(event for event, _, _ in found))
    places.fill()
    return Explanation(story, dictionaries, tuple(readings), tuple(events), places)


def explain_text(text: str, date: str = "", *, dictionaries: Path | None = None, package: str = "shipped") -> Explanation:
    """Parse and explain a text: what `waqai explain` calls, and what a notebook can show. Raises ParserError where the parser cannot start."""
    from coder.parse import Parser

    tables = load_dictionaries(dictionaries)
    story = Story("sentence", text, date)
    return explain(tables, story, Parser(package, tables.whole_words()).parse(story))


def _explain_sentence(reading: SentenceReading, places: StoryPlaces) -> Iterator[str]:
    yield f"SENTENCE {reading.sentence.number}: {reading.sentence.text.strip()}"
    yield "TREE"
    yield from _tree(reading.sentence.tokens)
    if reading.skipped:
        yield f"NOT READ: {reading.skipped}"
        return
    yield "NAMES"
    for match in reading.finder.matches:
        words = " ".join(t.form for t in reading.sentence.tokens[match.first - 1 : match.last])
        yield f"  {words}: {match.name.kind} {match.code or '(stands for its owner)'}"
    if reading.dates:
        yield "DATES"
        for date in reading.dates:
            words = " ".join(t.form for t in reading.sentence.tokens[date.start : date.end])
            yield f"  {words}: {date.value} ({date.precision}, rule {date.rule})"
    mentions = places.finder.find(reading.sentence.tokens, reading.finder)
    if mentions:
        yield "PLACES"
        yield from (_place(mention, places.settle([mention])) for mention in mentions)
    yield "EVENTS" if reading.hits else "EVENTS: none"
    for hit in reading.hits:
        yield from _explain_hit(hit)
    misses = reading.misses()
    if misses:
        yield "ALMOST"
        for miss in misses[:_MAX_MISSES]:
            yield f"  {miss.token.form}: row {miss.row.id} ({miss.row.words} {miss.row.cameo}): {miss.reason}"


def _place(mention: PlaceMention, settled: list[SettledPlace]) -> str:
    """A mention, how it stands, what it was settled to, and every place of that name."""
    candidates = ", ".join(f"{p.latin} {p.country} ({p.latitude}, {p.longitude})" for p in mention.candidates)
    meant = next((f"{s.place.latin if s.place else ''} {s.country} ({s.precision})".strip() for s in settled), "no place")
    return f"  {mention.words} [{mention.relation}{' ' + mention.noun if mention.noun else ''}]: {meant}" + (
        f"; of: {candidates}" if candidates else ""
    )


def _explain_hit(hit: Hit) -> Iterator[str]:
    for source, target in hit.pairs:
        yield f"  {source.code} {hit.cameo} {target.code}  [{hit.status}]  by row {hit.row.id} ({hit.row.words}, frame {hit.row.frame}; {hit.row.where})"
    yield "    " + "; ".join(_clause(hit.clause))
    for side, actors in (("source", {s for s, _ in hit.pairs}), ("target", {t for _, t in hit.pairs})):
        for actor in sorted(actors, key=lambda a: a.first):
            if actor.head is not None:
                yield f"    {side} {actor.code} from: {actor.head.form}" + (
                    f" ({' + '.join(actor.names)})" if actor.names else " (from the story so far)"
                )


def _clause(clause: Clause) -> Iterator[str]:
    yield f"{clause.token.form} is a {_KINDS[clause.reading.kind]} of {clause.reading.citation}" + (", passive" if clause.passive else "")
    for name, role in (("subject", clause.subject), ("object", clause.object)):
        if role is not None and role.head is not None:
            yield f"{name}: {role.head.form} ({role.rule})"
    for governor in clause.governors:
        yield f"under {governor.token.form} ({governor.effect})"
    for flag in ("negated", "future", "hypothetical"):
        if getattr(clause, flag):
            yield flag


def _tree(tokens: list[Token]) -> Iterator[str]:
    """The tree, indented, in the order of the words under each head."""

    def walk(token: Token, depth: int) -> Iterator[str]:
        yield f"  {'  ' * min(depth, 30)}{token.form}  {token.upos} {token.deprel}"
        for child in token.children:
            if depth < 200:
                yield from walk(child, depth + 1)

    for token in tokens:
        if token.parent is None:
            yield from walk(token, 0)
