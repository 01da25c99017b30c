"""The account of `waqai explain` as markup: sentence, events, tree, clauses in school grammar, the rows tried with why each failed."""

from collections.abc import Iterable, Iterator

from coder.events import SentenceReading
from coder.explain import Explanation
from coder.frames import Hit, Miss
from coder.grammar import FRAMES, parts, tag_name
from coder.model import Event, Token
from coder.page import Html, arabic, joined, page, table, tag
from coder.passages import key_html, mark, sentence_html
from coder.tree_svg import draw, nested_list

_MOST_ROWS = 40  # shown of one word; a common verb has more


def explanation_page(explanation: Explanation) -> str:
    """The whole page, loading nothing."""
    words = explanation.story.text.split()
    return page("Why these events: " + " ".join(words[:8]) + (" …" if len(words) > 8 else ""), explanation_html(explanation))


def explanation_html(explanation: Explanation) -> Html:
    """The markup without the page around it, as a notebook shows it."""
    sections = [_sentence(reading, events, explanation) for reading, events in zip(explanation.readings, explanation.events, strict=True)]
    used = tag("p", f"Dictionaries {explanation.dictionaries.digest[:16]}; story date {explanation.story.date or 'not given'}.", class_="soft")
    return joined([*sections, used])


def _sentence(reading: SentenceReading, events: tuple[Event, ...], explanation: Explanation) -> Html:
    names = [("Tree", _tree(reading, events)), ("Names found", _names(reading))]
    if not reading.skipped:
        names += [("Clauses, in the terms of school grammar", _clauses(reading, events)), ("Rows tried, in this order", _rows(reading))]
    below = [tag("section", tag("h3", title), body) for title, body in names]
    return tag("section", tag("h2", f"Sentence {reading.sentence.number}"), _told(reading, events, explanation), *below)


def _told(reading: SentenceReading, events: tuple[Event, ...], explanation: Explanation) -> Html:
    """The sentence with the marks of each event, and the events; or why there is none."""
    text, first = reading.sentence.text, reading.sentence.start
    if not events:
        reason = reading.skipped or (
            "no row matched" if not reading.hits else "what matched names too little to be told: no actor, or one on both sides"
        )
        return joined([sentence_html(mark(text, 0, 0, "", "")), tag("p", tag("b", "No event: "), reason)])
    shown = []
    for event in events:
        name = explanation.dictionaries.codes[event.cameo].name
        shown.append(sentence_html(mark(text, event.start - first, event.end - first, event.source_text, event.target_text)))
        facts = [
            ("source", event.source), ("event", f"{event.cameo} {name}"), ("target", event.target), ("status", event.status),
            ("date", f"{event.event_date or 'not known'} ({event.date_precision})"),
            ("place", " ".join(filter(None, (event.place, event.place_country)))), ("killed", event.killed), ("injured", event.injured), ("row", event.rule),
        ]  # fmt: skip
        shown.append(tag("dl", *(joined([tag("dt", key), tag("dd", value)]) for key, value in facts if value)))
    return joined([key_html(), *shown])


def _tree(reading: SentenceReading, events: Iterable[Event]) -> Html:
    marks: dict[int, str] = {}
    for hit in reading.hits:
        for source, target in hit.pairs:
            for side, actor in (("source", source), ("target", target)):
                marks.update({i: side for i in range(actor.first, actor.last + 1) if actor.names and i > 0})
    marks.update({hit.clause.token.id: "event" for hit in reading.hits})
    tokens = reading.sentence.tokens
    return joined([draw(tokens, marks), tag("details", tag("summary", "The tree as a list"), nested_list(tokens))])


def _names(reading: SentenceReading) -> Html:
    if not reading.finder.matches:
        return tag("p", "No name of the tables stands in this sentence.")
    rows = []
    for match in reading.finder.matches:
        words = " ".join(t.form for t in reading.sentence.tokens[match.first - 1 : match.last])
        rows.append((arabic(words), match.name.kind, match.code or "that of its owner", arabic(match.name.name)))
    return table(("words", "kind", "code", "name in the tables"), rows, "Names of the tables found in the sentence")


def _clauses(reading: SentenceReading, events: Iterable[Event]) -> Html:
    if not reading.hits:
        return tag("p", "No clause was coded.")
    return joined(_clause(hit, {e.rule for e in events}) for hit in reading.hits)


def _clause(hit: Hit, told: set[str]) -> Html:
    rows = [
        (joined([arabic(p.arabic), f" {p.english}"]), arabic(p.words) if p.words else "—", p.note) for p in parts(hit.clause, _read_as_passive(hit))
    ]
    actors = [f"{s.code} {hit.cameo} {t.code}" for s, t in hit.pairs]
    outcome = f"{'; '.join(actors)}, {hit.status}: by row {hit.row.id}, {FRAMES[hit.row.frame]}"
    silent = (
        None
        if hit.row.id in told
        else tag("p", "This match was not told: it names too little, or another event of the sentence tells it more fully.")
    )
    return joined([table(("part", "words", "how it was found"), rows, f"Clause of {hit.clause.token.form}"), tag("p", outcome), silent])


def _read_as_passive(hit: Hit) -> bool:
    """Whether the subject of the verb is whom it hit: the verb was read as passive, though its spelling may not show it."""
    role = hit.clause.subject
    if hit.clause.passive or role is None or role.head is None or hit.row.frame in ("undergo", "reciprocal"):
        return hit.clause.passive
    suffers, does = (any(actor.first <= role.head.id <= actor.last for actor in side) for side in zip(*[(t, s) for s, t in hit.pairs], strict=True))
    return suffers and not does


def _rows(reading: SentenceReading) -> Html:
    """For each event word: the rows tried, the first reason why each failed, and the row that matched."""
    words: dict[int, tuple[Token, list[Miss | Hit]]] = {}
    for miss in reading.misses():
        words.setdefault(miss.token.id, (miss.token, []))[1].append(miss)
    for hit in reading.hits:
        tried = words.setdefault(hit.clause.token.id, (hit.clause.token, []))[1]
        place = next((i for i, m in enumerate(tried) if isinstance(m, Miss) and "does not stand" in m.reason), len(tried))
        tried.insert(place, hit)
    shown = [_tried(*words[i]) for i in sorted(words)]
    return joined(shown) if shown else tag("p", "No word of this sentence stands in the event tables.")


def _tried(token: Token, tried: list[Miss | Hit]) -> Html:
    seen: set[tuple[str, str]] = set()
    rows = []
    for entry in tried:
        reason = entry.reason if isinstance(entry, Miss) else "matched"
        if (entry.row.id, reason) not in seen:
            seen.add((entry.row.id, reason))
            outcome = tag("b", "matched") if isinstance(entry, Hit) else reason
            rows.append((entry.row.id, arabic(_asked(entry)), entry.row.cameo, FRAMES[entry.row.frame], outcome))
    more = tag("p", f"and {len(rows) - _MOST_ROWS} more", class_="soft") if len(rows) > _MOST_ROWS else None
    caption = f"Rows of {token.form} ({tag_name(token.upos)[1]})"
    return joined([table(("row", "words", "code", "who does it to whom", "result"), rows[:_MOST_ROWS], caption), more])


def _asked(entry: Miss | Hit) -> str:
    """The words that a row asks for: its own, and up to three of its object and complement nouns."""
    row = entry.row
    asked = list(_some(row.prepositions)) + list(_some(row.object)) + list(_some(row.complement))
    return row.words + (" + " + "، ".join(asked) if asked else "")


def _some(words: frozenset[str]) -> Iterator[str]:
    yield from sorted(words, key=lambda w: (len(w), w))[:3]


def event_html(event: Event) -> Html:
    """One event for a notebook: its words as the text tells them, and every cell that is filled."""
    import attrs

    words = [(side, getattr(event, f"{side}_text")) for side in ("source", "event", "target")]
    told = joined((tag("mark", w, class_=side, title=side) for side, w in words if w), " … ")
    rows = [(name, value) for name, value in attrs.asdict(event).items() if value not in ("", 0)]
    caption = f"{event.source} {event.cameo} {event.target}, {event.event_date or 'no date'}, {event.status}"
    return joined([arabic(told, "p", class_="sentence"), table(("column", "value"), rows, caption)])
