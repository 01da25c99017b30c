"""Which date of a sentence belongs to which event: the one in the event's own clause, found by the way through the tree from one to the other.

The way down into another clause (قتل الرجل الذي اعتقل عام 2010) is closed; the way up out of a reported clause (قال الثلاثاء إن ...) is open at a cost.
A date far from the story's that stands within a noun phrase dates that noun (اتفاق عام 1994) and not the verb.
"""

import datetime
from collections.abc import Container, Sequence

from coder.dates import DateMention
from coder.model import Token
from coder.text import folded

_OTHER_CLAUSE = frozenset({"acl", "advcl", "ccomp", "csubj", "parataxis"})
_UP = {"ccomp": 3.0, "parataxis": 3.0, "advcl": 3.0, "acl": 5.0, "csubj": 2.0, "conj": 2.0, "xcomp": 0.5, "obj": 1.0, "nsubj": 1.0}
_SINCE = folded({"منذ"})
_IN = folded({"في"})
_REFERENCE = folded({"منذ", "بعد", "قبل", "عقب", "إثر"})
_COMMEMORATION = folded({"ذكرى", "الذكرى"})
_DATED = folded({
    "اتفاق", "اتفاقية", "اتفاقات", "معاهدة", "قرار", "قرارات", "قانون", "دستور", "حرب", "حروب", "هدنة", "ثورة", "انقلاب", "انتخابات", "احتجاجات", "مظاهرات",
    "أحداث", "هجمات", "هجوم", "مجزرة", "مجازر", "غزو", "حدود", "خطة", "مبادرة", "بيان", "إعلان", "قمة", "مؤتمر", "تفاهم", "تفاهمات", "صفقة", "مذكرة", "تفجير",
    "تفجيرات", "اغتيال", "اشتباكات", "أزمة", "انتفاضة", "نكبة", "إبادة", "مذابح", "مذبحة", "استفتاء", "عملية", "حملة", "معركة", "معارك", "زلزال",
})  # fmt: skip
_CLOSED, _LIMIT = 12.0, 9.0
_RECENT_DAYS = 31


def date_of(
    tokens: Sequence[Token], mentions: Sequence[DateMention], event: Token, events: Container[int], today: datetime.date | None
) -> DateMention | None:
    """The date mention of the event at token `event`, or None; `events` holds the ids of all event tokens of the sentence."""
    best: tuple[float, int, DateMention] | None = None
    for mention in mentions:
        cost = _way(tokens, mention, event, events, _is_recent(mention, today))
        distance = max(mention.start - event.id + 1, event.id - mention.end)
        if best is None or (cost, distance) < best[:2]:
            best = (cost, distance, mention)
    return best[2] if best is not None and best[0] < _LIMIT else None


def _is_recent(mention: DateMention, today: datetime.date | None) -> bool:
    """Whether the mention lies near the story's date, as far as its precision tells: what news dates by it is the news."""
    if today is None:
        return False
    if len(mention.value) == 10:
        return abs((datetime.date.fromisoformat(mention.value) - today).days) <= _RECENT_DAYS
    if mention.precision == "month":
        return 0 <= today.year * 12 + today.month - int(mention.value[:4]) * 12 - int(mention.value[5:]) <= 1
    return mention.value == f"{today.year:04d}"


def _way(tokens: Sequence[Token], mention: DateMention, event: Token, events: Container[int], recent: bool) -> float:
    """The cost of the way from the event up to the word that holds both, and down from there to the date."""
    span = range(mention.start + 1, mention.end + 1)
    anchor = next((tokens[i - 1] for i in span if tokens[i - 1].head not in span), tokens[mention.start])
    up: dict[int, float] = {}
    cost, token = 0.0, event
    while True:
        up[token.id] = cost
        if token.parent is None or token.parent.id in up:
            break
        cost += _step_up(token, anchor, events)
        token = token.parent
    path, seen = [], set[int]()
    token = anchor
    while token.id not in up:
        if token.parent is None or token.id in seen:
            return _CLOSED
        seen.add(token.id)
        path.append(token)
        token = token.parent
    if not recent and _is_after(anchor, _SINCE) and event.upos == "VERB" and _far_since(token, anchor, event):
        return _CLOSED  # what goes on since long ago (تطالب منذ عام 1994), or another word's "since" (القيود المفروضة منذ 2002)
    recent = recent and not (len(path) > 1 and _is_after(anchor, _SINCE))  # المحتجزين منذ أسبوع dates the captives
    own = token is event and event.upos != "VERB"  # the phrase of the event noun itself: any date in it is its date
    down = sum(_step_down(step, event, events, recent or own) for step in path if step is not anchor)
    return up[token.id] + (down / 2 if own else down) + (0.0 if recent or own else _naming(anchor, path, events))


def _far_since(top: Token, anchor: Token, event: Token) -> bool:
    """Whether the verb goes on, or the "since" of `anchor` stands apart from it."""
    return top is not event or event.feats.get("Aspect") == "Imp" or abs(anchor.id - event.id) > 5


def _naming(anchor: Token, path: Sequence[Token], events: Container[int]) -> float:
    """What it costs a far date to be told without a preposition after a noun that is named by its date (اتفاق عام 1994)."""
    bare = len(path) > 1 and not any(c.deprel.startswith("case") for c in anchor.children)
    return _CLOSED if bare and _has_date(path[1], events) else 0.0


def _has_date(noun: Token, events: Container[int]) -> bool:
    """Whether the noun is of the kind that has a date of its own: agreements, wars, attacks; not people and places."""
    return noun.id in events or noun.key.removeprefix("ال") in _DATED


def _step_up(token: Token, anchor: Token, events: Container[int]) -> float:
    """From an event, or what holds it, to its governor."""
    relation = token.deprel.split(":")[0]
    if _is_after(token, _SINCE):
        return _CLOSED  # "since the war" is not dated by what happened since
    if relation == "conj" and token.parent is not None and anchor.id > token.parent.id:
        return 4.0 if token.upos == "VERB" else 2.0  # a date after the first of two verbs is rather the first one's
    if token.parent is not None and token.parent.key in _COMMEMORATION:
        return _CLOSED
    if relation == "acl" and token.head in events:
        return 1.5  # a relative clause tells more of the same event (في هجوم أسفر عن مقتل ثلاثة)
    return _UP.get(relation, 1.5)


def _step_down(token: Token, event: Token, events: Container[int], recent: bool) -> float:
    """From the governor of `token`, which is not the date itself, down to it on the way to the date."""
    relation = token.deprel.split(":")[0]
    if relation == "acl" and token.parent is not None and (token.parent is event or token.head in events and _is_after(token.parent, _IN)):
        return 2.0  # a relative clause of the event noun tells when it was (هجوم وقع الثلاثاء; قتلوا في غارات شنت الثلاثاء)
    if relation in _OTHER_CLAUSE or relation == "conj" and token.upos == "VERB":
        return 4.0 if recent and relation == "conj" else _CLOSED
    if _is_after(token, _REFERENCE) or token.key in _REFERENCE:
        return _CLOSED if not recent else 6.0
    if relation == "amod" and not recent:
        return _CLOSED
    if token.id in events:
        return 2.0 if recent else 5.0
    return 5.0 if not recent and _has_date(token, events) else 1.5


def _is_after(token: Token, words: frozenset[str]) -> bool:
    """Whether one of `words` (since, after ...) is the preposition of the noun."""
    return any(c.key in words for c in token.children if c.deprel.startswith("case"))
