"""One pass over parsed stories that counts what the dictionaries do not know: event words without a trigger, names without a row; and which
rows fire. What is counted is bounded, so that memory does not grow with the input."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import lru_cache

from attrs import define, field, frozen

from coder.actors import UNKNOWN
from coder.clauses import has_case
from coder.dictionaries import Dictionaries
from coder.events import Coder, SentenceReading
from coder.model import Sentence, Story, Token
from coder.morphology import verb_forms
from coder.text import SHADDA, fold, folded, strip_marks

KEPT = 20_000  # entries of a tally; the rarer half is dropped when they are more
_LIGHT = frozenset({"light", "passive", "undergo", "happen"})
# Forms of verbs that tell no event of their own (be, not be, become, remain, be about to, cease, concern, amount to, mean, follow) and function words
# that the tagger takes for verbs.
_NO_EVENT = folded({"سيما", "أما", "تبعا"}) | {
    form.key
    for past, present in (
        ("كان", "يكون"), ("ليس", ""), ("أصبح", ""), ("ظلّ", "يظلّ"), ("بات", "يبيت"), ("صار", "يصير"), ("أضحى", ""), ("أمسى", ""), ("كاد", "يكاد"),
        ("زال", "يزال"), ("دام", "يدوم"), ("تعلّق", ""), ("بلغ", "يبلغ"), ("ناهز", ""), ("عنى", "يعني"), ("خصّ", "يخصّ"), ("تبع", "يتبع"),
    )
    for form in verb_forms(past, present)
}  # fmt: skip
_NAMES = frozenset({"country", "capital", "entity", "person", "people", "adjective"})
_NOMINAL = frozenset({"NOUN", "ADJ", "X", "PROPN"})
# Words that join what is one name: servant of, son of, father of, family of.
_JOINING = folded({"عبد", "بن", "ابن", "أبو", "أبي", "أبا", "آل", "ولد"})
# Nouns that open the name of a group, with the role of such a group; `?` where only a person can tell.
_GROUPS = {
    fold(noun): role
    for noun, role in (
        ("حزب", "PTY"), ("ائتلاف", "PTY"), ("تيار", "PTY"), ("حركة", "?"), ("جماعة", "?"), ("تنظيم", "?"), ("جبهة", "?"), ("كتائب", "?"),
        ("ميليشيا", "UAF"), ("ميليشيات", "UAF"), ("مليشيا", "UAF"), ("مليشيات", "UAF"), ("كتيبة", "?"), ("سرايا", "?"), ("ألوية", "?"),
        ("فصيل", "REB"), ("منظمة", "NGO"), ("جمعية", "NGO"), ("رابطة", "NGO"), ("نقابة", "LAB"),
    )
}  # fmt: skip
# Group nouns that are as often verbal nouns (تنظيم "organising", حركة "movement", جماعة also "commune"): only a proper noun makes them a name.
_VERBAL = folded({"تنظيم", "حركة", "جماعة", "تيار", "جبهة"})
_NOT_NAMES = folded({"لذلك", "كذلك", "أننا", "أنني", "بذلك", "ناهيك", "تريليون", "مليار", "إفريقيا", "أفريقيا", "أوروبا", "آسيا", "أميركا"})
_PREPOSITIONS = folded({"ب", "على", "مع", "ضد", "إلى", "عن", "من", "ل", "بين"})  # those of the column `preposition`
_WORD = re.compile("[\u0621-\u064a]{2,}")
_CLITICS = "وفبلكس"
_LONGEST = 5  # words of a name


@define
class Entry:
    """What has been counted of one word or name. `gain` are the sentences where coding it would tell more, `own` those where two known actors
    depend on it; `votes` say what its uses tell of the line to paste."""

    kind: str
    example: str
    snippet: str
    sentences: int = 0
    gain: int = 0
    own: int = 0
    votes: Counter[str] = field(factory=Counter)
    spellings: Counter[str] = field(factory=Counter)

    def rank(self) -> tuple[int, int, int]:
        """The smaller the further up."""
        return (-self.gain, -self.own, -self.sentences)

    def spelling(self) -> str:
        """Its most frequent spelling."""
        return max(self.spellings, key=lambda s: (self.spellings[s], s))

    def vote(self, start: str) -> str:
        """The rest of the most frequent vote that begins with `start`; "" if there is none."""
        found = [v for v in self.votes if v.startswith(start) and self.votes[v]]
        return max(found, key=lambda v: (self.votes[v], v)).removeprefix(start) if found else ""


@define
class Tally:
    """Entries by key, never more than `limit`: the rarer half is dropped when it is full, so that the counts of frequent ones stay right."""

    limit: int = KEPT
    entries: dict[str, Entry] = field(factory=dict)

    def entry(self, key: str, kind: str, place: tuple[str, str]) -> Entry:
        """The entry of `key`; at its first use made with `place`, sentence id and snippet, as its example."""
        found = self.entries.get(key)
        if found is None:
            if len(self.entries) >= self.limit:
                kept = sorted(self.entries.items(), key=lambda item: (-item[1].sentences, item[1].rank()))
                self.entries = dict(kept[: self.limit // 2])
            found = self.entries[key] = Entry(kind, *place)
        return found

    def best(self, top: int) -> list[tuple[str, Entry]]:
        """The `top` entries of the highest rank; ties in the order of their keys."""
        return sorted(self.entries.items(), key=lambda item: (*item[1].rank(), item[0]))[:top]


@frozen
class _Name:
    """A run of words that may name an actor: what of (person, group, name), and the code that its title tells, "" if none does."""

    first: int
    last: int
    kind: str
    code: str = ""


class Survey:
    """Counts, story by story, what the tables do not know, which rows fire and how often the word of a row is met."""

    def __init__(self, dictionaries: Dictionaries, limit: int = KEPT) -> None:
        self.dictionaries = dictionaries
        self.words, self.names = Tally(limit), Tally(limit)
        self.fired: Counter[str] = Counter()
        self.met: Counter[str] = Counter()
        self.events: Counter[str] = Counter()
        self.sentences = 0
        self._coder = Coder(dictionaries, all_statuses=True)

    def add(self, story: Story, sentences: Iterable[Sentence]) -> None:
        """Take up one parsed story."""
        for reading in self._coder.read(story, sentences):
            self.sentences += 1
            for hit in reading.hits:
                self.fired[hit.row.id] += 1
                if hit.status == "actual":
                    self.events[hit.cameo] += 1
            if not reading.skipped:
                self.met.update({row.id for readings in reading.reader.readings.values() for r in readings for row in r.rows})
                self._add_words(story, reading)
                self._add_names(story, reading)

    # ------------------------------------------------------------------------------------------------ event words

    def _add_words(self, story: Story, reading: SentenceReading) -> None:
        two = len(_actors_named(reading)) > 1
        seen: set[str] = set()
        for token in reading.sentence.tokens:
            kind = self._unknown_word(token, reading)
            if not kind:
                continue
            word = _citation(token)
            key = f"{kind} {fold(word)}"
            entry = self.words.entry(key, kind, _place(story, reading, token.id, token.id))
            entry.spellings[word] += 1
            entry.votes.update(["present " + present] if (present := _present(token)) else [])
            actors = _own_actors(token, reading, entry.votes)
            if key not in seen:
                seen.add(key)
                entry.sentences += 1
                entry.gain += two
                entry.own += len(actors) > 1

    def _unknown_word(self, token: Token, reading: SentenceReading) -> str:
        """'verb' or 'masdar' for an event word that no trigger knows, else ""."""
        if len(token.key) < 3 or token.id in reading.finder.by_token or not _WORD.fullmatch(token.key):
            return ""
        if token.upos == "VERB":
            return "" if any(key in _NO_EVENT or self._knows(key, "verb") for key in _uncut(token.key)) else "verb"
        if token.upos == "NOUN" and token.parent is not None and self._carried(token, token.parent, reading):
            known = any(self._knows(key, "masdar") or key in self.dictionaries.nouns for key in (token.key, fold(_citation(token))))
            return "" if known else "masdar"
        return ""

    def _knows(self, key: str, kind: str) -> bool:
        return any(r.kind == kind for r in self.dictionaries.triggers.get(key, ()))

    @staticmethod
    def _carried(noun: Token, verb: Token, reading: SentenceReading) -> bool:
        """Whether `noun` is what a light verb carries: شنّ X, قام ب X, تعرّض ل X, اندلع X."""
        for row in (g for r in reading.reader.readings.get(verb.id, ()) if r.kind == "verb" for g in r.governing if g.effect in _LIGHT):
            if row.prepositions:
                if any(c.deprel == "case" and c.key in row.prepositions for c in noun.children):
                    return True
            elif not has_case(noun) and noun.deprel.startswith("obj" if row.effect in ("light", "undergo") else ("nsubj", "obj")):
                return True
        return False

    # ------------------------------------------------------------------------------------------------ names

    def _add_names(self, story: Story, reading: SentenceReading) -> None:
        seen: set[str] = set()
        for found in self._unknown_names(reading):
            words = reading.sentence.tokens[found.first - 1 : found.last]
            name = " ".join(t.form for t in words).replace(" و ", " و")
            key = f"{found.kind} {fold(name)}"
            entry = self.names.entry(key, found.kind, _place(story, reading, found.first, found.last))
            entry.spellings[name] += 1
            entry.votes.update(["code " + found.code] if found.code else [])
            if key not in seen:
                seen.add(key)
                entry.sentences += 1
                entry.gain += any(r.rows for word in _above(words[0]) for r in reading.reader.readings.get(word.id, ()))

    def _unknown_names(self, reading: SentenceReading) -> Iterator[_Name]:
        tokens, position = reading.sentence.tokens, 0
        while position < len(tokens):
            found = self._group_at(position, reading) or self._name_at(position, reading)
            if found is None:
                position += 1
            else:
                position = found.last
                if found.kind:
                    yield found

    def _group_at(self, position: int, reading: SentenceReading) -> _Name | None:
        """A group noun with what names it: حركة X, حزب ال... ; a nationality at its end tells the country."""
        tokens, by_token = reading.sentence.tokens, reading.finder.by_token
        role, match = _GROUPS.get(tokens[position].key), by_token.get(position + 1)
        if role is None or match is not None and match.last > match.first:
            return None
        last, country, verbal = position + 1, "", tokens[position].key in _VERBAL
        for word in tokens[position + 1 : position + 6]:
            inside = by_token.get(word.id)
            if word.key == "و" and last > position + 1 and word.id < len(tokens) and _plain_noun(tokens[word.id]):
                continue  # حزب العدالة والتنمية
            proper = word.upos in ("PROPN", "X") and _WORD.fullmatch(word.key) or last > position + 1 - (not verbal) and _plain_noun(word)
            if not proper or inside is not None and inside.kind != "adjective":
                break
            last, country = word.id, inside.code[:3] if inside is not None else country
        if last == position + 1 or last - position == 2 and country:
            return None  # a group noun alone, or with nothing but a nationality
        return _Name(position + 1, last, "group", f"{country or '?'}{role}")

    def _name_at(self, position: int, reading: SentenceReading) -> _Name | None:
        """A run of proper nouns in the place of an actor; of kind "" where it is none."""
        tokens, by_token = reading.sentence.tokens, reading.finder.by_token
        end = position
        while end < min(len(tokens), position + _LONGEST) and tokens[end].id not in by_token and self._proper(tokens, position, end):
            end += 1
        if end == position:
            return None
        nothing = _Name(position + 1, end, "")
        beside = [by_token.get(position), by_token.get(end + 1)]
        if any(m is not None and m.kind == "person" for m in beside) or tokens[end - 1].key in _JOINING:
            return nothing  # part of a name that the tables know, or a name cut in two
        run = tokens[position:end]
        if self._common(run):
            return nothing
        title = _title(position, reading)
        if title:
            return _Name(position + 1, end, "person", title)
        acts = run[0].deprel.startswith(("nsubj", "obj"))
        bare = beside[0] is not None and beside[0].kind == "role" and beside[0].number == "sing"
        return _Name(position + 1, end, "name") if acts or bare else nothing

    def _common(self, run: list[Token]) -> bool:
        """Whether a run is no name though it is tagged so: one word of the tables or with their words' endings, an object alone, or an
        indefinite accusative with its adjective (هجوما جويا)."""
        first, tables = run[0], self.dictionaries
        if len(run) > 1:
            return all(word.form.endswith("ا") for word in run)
        stem = next((first.key[: -len(end)] for end in ("ها", "هم", "ه") if first.form.endswith(end)), first.key)
        known = any(key in table for key in (first.key, stem) for table in (tables.triggers, tables.nouns, tables.off_topic))
        return known or first.key in _NOT_NAMES or first.deprel.startswith("obj")

    def _proper(self, tokens: list[Token], start: int, place: int) -> bool:
        """Whether the word at `place` can belong to a run of proper nouns that began at `start`."""
        word = tokens[place]
        if not _WORD.fullmatch(word.key):
            return False
        if place > start and tokens[place - 1].key in _JOINING:
            return word.upos in _NOMINAL
        if word.key in _JOINING:
            return word.upos in _NOMINAL and place + 1 < len(tokens)
        index = self.dictionaries
        if place > start and _plain_noun(word) and word.key not in index.triggers and word.key not in index.nouns:
            return True  # محمد الذهبي, نور الدين
        if word.upos not in ("PROPN", "X") or len(word.key) < 3 or word.key.startswith(("بال", "وال", "فال", "كال", "لل")) and len(word.form) > 5:
            return False
        return word.key[0] not in _CLITICS or not any(word.key[1:] in table for table in (index.triggers, index.actors, index.nouns))


def _title(position: int, reading: SentenceReading) -> str:
    """The code of the title that stands whole before the name at `position` (وزير الخارجية X, الرئيس الفرنسي X), its country as ? if it is not told."""
    tokens, by_token = reading.sentence.tokens, reading.finder.by_token
    before = tokens[position - 1] if position else None
    if before is None or not before.key.startswith("ال") and (by_token.get(before.id) is None or by_token[before.id].kind not in _NAMES):
        return ""
    role = None
    for word in reversed(tokens[max(0, position - 8) : position]):
        if word.upos not in _NOMINAL and word.key != "و":
            break
        match = by_token.get(word.id)
        if match is not None and match.kind == "role" and match.first == word.id:
            role = word if match.number == "sing" else None
    if role is None:
        return ""
    code = next((actor.code for actor in reading.finder.resolve(role)), "")
    return code.replace(UNKNOWN, "?", 1) if len(code) > 3 else ""


def _plain_noun(word: Token) -> bool:
    return word.upos in _NOMINAL and word.key.startswith("ال") and _WORD.fullmatch(word.key) is not None


def _above(token: Token) -> Iterator[Token]:
    """The three words above `token`."""
    head = token.parent
    for _ in range(3):
        if head is None:
            return
        yield head
        head = head.parent


def _uncut(key: str) -> tuple[str, ...]:
    """The spelling, and without a first letter that may be a clitic the tokenizer has left (سيتم "will be")."""
    return (key, key[1:]) if key[0] in _CLITICS else (key,)


def _citation(token: Token) -> str:
    """The word as a dictionary has it: its lemma with shadda and no vowels; the spelling itself where there is none."""
    return _cited(token.lemma, token.form, token.key, token.upos == "VERB")


@lru_cache(50_000)
def _cited(lemma: str, form: str, key: str, verb: bool) -> str:
    """A predicted lemma may be wrong: of a verb it counts only if it can have this form."""
    word = "".join(c for c in lemma if c == SHADDA or strip_marks(c)).strip("_")
    if len(strip_marks(word)) < 3 - (SHADDA in word):
        return form
    short = len(strip_marks(word)) == 3 and SHADDA not in word  # its present tense is not known: weak radicals may change
    fits = any(f.key == key for f in verb_forms(word)) or short and fold(word)[0] in key[:2] and not key.startswith("سي")
    return word if not verb or fits else form


def _present(token: Token) -> str:
    """The spelling, if it is the present tense, third person masculine singular."""
    past = token.upos != "VERB" or not token.form.startswith("ي") or token.key.endswith(("ون", "ان", "وا"))
    return "" if past or token.feats.get("Aspect", "Imp") != "Imp" or token.feats.get("Mood") == "Jus" else token.form


def _actors_named(reading: SentenceReading) -> set[str]:
    """Codes of the known actors that the sentence names; a state and its organs are one."""
    codes = {m.code for m in reading.finder.matches if m.kind in _NAMES and m.code}
    return {code for code in codes if not any(code != other and code.startswith(other) for other in codes)}


def _own_actors(token: Token, reading: SentenceReading, votes: Counter[str]) -> set[str]:
    """Codes of the known actors that depend on an event word, or for a noun on its light verb too; how they do is noted in `votes`."""
    found: set[str] = set()
    children = [*token.children, *(token.parent.children if token.upos == "NOUN" and token.parent else ())]
    for child in children:
        if child is token or not child.deprel.startswith(("nsubj", "obj", "iobj", "obl", "nmod", "amod")):
            continue
        codes = {a.code for a in reading.finder.resolve(child) if a.country != UNKNOWN}
        found |= codes
        case = next((c.form for c in child.children if c.deprel == "case" and c.id < child.id), "")
        if codes and case:
            votes["after " + case] += fold(case) in _PREPOSITIONS
        elif codes and child.deprel.startswith("obj"):
            votes["object"] += 1
    return found


def _place(story: Story, reading: SentenceReading, first: int, last: int) -> tuple[str, str]:
    """Sentence id and a few words around words `first` to `last`."""
    words = [t.form for t in reading.sentence.tokens[max(0, first - 3) : last + 2] if _WORD.fullmatch(t.key)]
    name = f"{story.id}:{reading.sentence.number}"
    return ("'" if name[0] in "=+-@" else "") + name, " ".join(words[:7])
