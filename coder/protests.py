"""Who protests and against whom, where the protest's own clause does not name them: the words around it do."""

from collections.abc import Iterator

from coder.actors import NOBODY, UNKNOWN, Actor, ActorFinder
from coder.dictionaries import Dictionaries
from coder.model import Token
from coder.text import folded

Pair = tuple[Actor, Actor]
_REACH = 40  # words behind the protest in which its aim is looked for
_CROWD = tuple(folded({"متظاهر", "محتج", "معتصم", "مضرب"}))  # demonstrator, protester, sitter-in, striker
# Opposed, hostile, denouncing, refusing (adjectives and participles, any number and gender), and whose preposition leads to whom.
_OPPOSED = tuple(
    folded({"مناهض", "مناوئ", "مناوي", "معادي", "معاديه", "مندد", "منددين", "رافض", "معارض", "يندد", "تندد", "نددوا", "هتفوا", "يهتفون"})
)
_AGAINST = folded({"ضد", "على", "ب", "ل"})
_REASONS = folded({"احتجاجا", "تنديدا", "رفضا", "استنكارا", "شجبا"})  # in protest at, in condemnation of, in refusal of
_DEMANDS = folded({"مطالبين", "مطالبا", "مطالبة", "مطالبات", "للمطالبة", "المطالبة", "يطالبون", "تطالب", "يطالب", "طالبوا", "طالبت", "داعين"})
_REMOVALS = folded(
    {"رحيل", "إسقاط", "استقالة", "إقالة", "تنحي", "سقوط", "خروج", "محاكمة", "إعدام", "طرد", "جلاء"}
)  # departure, fall, resignation ...
_OFFICES = frozenset({"GOV", "MIL", "LEG", "JUD", "COP", "PTY"})
_CLOSED = frozenset({"ADP", "CCONJ", "SCONJ", "PUNCT", "PART"})


def complete(pairs: list[Pair], token: Token, finder: ActorFinder, dictionaries: Dictionaries) -> list[Pair]:
    """The pairs of a protest told at `token`, an unknown source taken from the words for protesters in its sentence (رددوا هتافات ... المتظاهرون), an
    unknown target from what it is aimed at: "against", "denouncing", "demanding of", "for the departure of"."""
    sources = tuple(dict.fromkeys(s for s, _ in pairs)) or (NOBODY,)
    if all(s is NOBODY or s.code == UNKNOWN for s in sources):
        sources = crowd(token, finder) or sources
    known = [t for _, t in pairs if t is not NOBODY and t.code != UNKNOWN]
    targets = known or aims(token, finder, dictionaries, {s.code for s in sources}) or [NOBODY]
    return [(source, target) for source in sources for target in dict.fromkeys(targets)]


def crowd(token: Token, finder: ActorFinder) -> tuple[Actor, ...]:
    """The protesters that the sentence names nearest to `token`; () if it names none."""
    named = [m for m in finder.matches if m.kind == "role" and finder.tokens[m.first - 1].key.removeprefix("ال").startswith(_CROWD)]
    nearest = min(named, key=lambda m: abs(m.first - token.id), default=None)
    return finder.resolve(finder.tokens[nearest.first - 1])[:1] if nearest is not None else ()


def aims(token: Token, finder: ActorFinder, dictionaries: Dictionaries, own: set[str]) -> list[Actor]:
    """Whom the protest is against, from the first words behind it that lead to an actor; [] if none do."""
    for head in _leads(finder.tokens[token.id : token.id + _REACH], finder.tokens):
        if any(r.kind == "masdar" for r in dictionaries.triggers.get(head.key, ())):
            continue  # احتجاجا على مقتل مواطن "at the killing of a citizen": who is named is not who is blamed
        found = [a for a in finder.resolve(head) if a.code not in own and a.code != UNKNOWN]
        if found:
            return found
    return _demanded(token, finder, own)


def _demanded(token: Token, finder: ActorFinder, own: set[str]) -> list[Actor]:
    """The first state or office named soon after a word of demand: للمطالبة بتسليم السلطة "to demand that power be handed over"."""
    start = next((t.id for t in finder.tokens[token.id : token.id + _REACH // 2] if t.key.removeprefix("ال") in _DEMANDS), 0)
    for match in finder.matches if start else ():
        if start < match.first <= start + 6 and (match.kind != "role" or match.code in _OFFICES):
            return [a for a in finder.resolve(finder.tokens[match.first - 1]) if a.code not in own]
    return []


def _leads(words: list[Token], tokens: list[Token]) -> Iterator[Token]:
    """Heads of the phrases that words of opposition, reason, demand or removal lead to."""
    for word in words:
        key = word.key.removeprefix("ال")
        place = word.id  # index of the word behind it
        following = tokens[place] if place < len(tokens) else None
        if following is None:
            return
        if key == "ضد" and following.upos not in _CLOSED:
            yield following
        elif (key.startswith(_OPPOSED) or key in _REASONS) and following.key in _AGAINST and place + 1 < len(tokens):
            yield tokens[place + 1]
        elif key in _DEMANDS and following.upos not in _CLOSED or key in _REMOVALS and following.upos not in _CLOSED:
            yield following
