"""Noun phrases, and predicted trees mended by what school grammar and the tables know for certain.

A parser trained on little data hangs the object of a verb on the name before it, or takes the verb that opens a sentence for a noun. Word
order and agreement tell better: phrases are cut by the rules of idafa and agreement, and a verb takes the phrases that follow it bare, first its
subject, then its object. Only arcs that these rules decide are changed; all others stay as predicted.
"""

import itertools
from collections.abc import Iterator, Mapping, Sequence

from attrs import define, field

from coder.actors import MASCULINE_COUNTRIES, Match
from coder.dictionaries import Reading
from coder.model import Token
from coder.text import folded

_PREPOSITIONS = folded({"في", "من", "عن", "الي", "منذ", "مع"})
_NOMINAL = frozenset({"NOUN", "PROPN", "X", "NUM", "ADJ", "DET", "PRON"})
_RELATIVES = folded({"الذي", "التي", "الذين", "اللذان", "اللتان", "اللذين", "اللتين", "ما", "من"})
_DEMONSTRATIVES = folded({"هذا", "هذه", "هولا", "تلك", "ذلك"})
# Words that count or choose among what follows: all, any, some, most, about, several, one of.
_QUANTIFIERS = folded({"كل", "اي", "بعض", "جميع", "كافه", "معظم", "نحو", "عده", "احد", "احدي"})
# Words of time and manner that stand bare behind a verb and are neither subject nor object (dawn, evening, yesterday, weekdays, today, tomorrow; also, alone).
_ADVERBIAL = folded({"فجر", "صباح", "مساء", "مسا", "ليل", "ظهر", "يوم", "امس", "اليوم", "ليله", "عصر", "مطلع", "نهايه", "اواخر", "اوايل", "الاثنين", "الثلاثا", "الاربعا",
                        "الخميس", "الجمعه", "السبت", "الاحد", "خريف", "صيف", "شتا", "ربيع", "غدا", "الليله", "ايضا", "مجددا", "الاسبوع", "الشهر", "العام", "عام", "سنه", "الماضي",
                        "المقبل", "وسط", "قرب", "شمال", "جنوب", "شرق", "غرب", "شمالي", "جنوبي", "شرقي", "غربي", "امام", "خلال", "بعد", "قبل", "عقب", "اثر", "حول", "نحو", "لدي",
                        "فوق", "تحت", "داخل", "خارج", "حاليا", "رسميا", "اخيرا", "معا", "حيث", "حين", "اذ", "ضد", "تجاه", "حيال", "ازا", "رغم", "غداه", "بين", "وفق", "حسب",
                        "بحسب", "الان", "ساعه", "الساعه", "يوميا", "باستمرار", "مره", "مرات", "فيما", "هنا", "هناك", "ثم", "مما", "بحق", "برصاص", "باتجاه", "بواسطه", "لصالح", "بسبب", "بهدف", "بشان", "جراء"})  # fmt: skip
_TIME_UNITS = folded({"دقايق", "ساعات", "ايام", "اسابيع", "اشهر", "شهور", "سنوات", "اعوام", "يومين", "اسبوعين", "شهرين", "عامين"})
# Words that count people with من behind them: dozens, hundreds, thousands, a number, a group, one, two, members, some, most.
_COUNTS = folded({"عشرات", "مئات", "آلاف", "عدد", "عددا", "مجموعة", "أحد", "إحدى", "اثنان", "اثنين", "أعضاء", "عناصر", "بعض", "كثير", "عشرة", "مزيد", "أكثر", "أقل", "عديد"})  # fmt: skip
_QUOTES = frozenset("«»\"'“”()[]")
# Relations by which a parser glues a phrase to the one before it.
_GLUE = ("nmod", "amod", "flat", "appos", "conj", "dep", "compound", "obl")
_VIOLENT = ("18", "19", "20")
_DAY_PARTS = folded({"فجر", "ظهر", "عصر", "مساء", "صباح", "ليل"})  # dawn, noon, afternoon, evening, morning, night
_DAYS = folded({"السبت", "الأحد", "الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "اليوم", "أمس", "امس"})
_TWO = folded({"اثنان", "اثنتان"})
_ATTRIBUTES = folded({"انتحاري", "مسلح", "إرهابي", "عسكري"})  # suicide, armed, terrorist, military
_WHOLE = ("country", "capital", "entity", "person", "people")


@define
class Phrase:
    """Words that stand together as one noun phrase: `marker` is the folded preposition before it ("" if none), `joined` that و stands before it;
    `closes` is the id of the comma behind an apposition between commas, 0 for other phrases."""

    words: list[Token]
    marker: str = ""
    joined: bool = False
    closes: int = 0
    kinds: set[str] = field(factory=set)

    @property
    def head(self) -> Token:
        """Its first word that is no demonstrative."""
        first = self.words[0]
        return first if first.key not in _DEMONSTRATIVES else next((w for w in self.words if w.key not in _DEMONSTRATIVES), first)

    @property
    def last(self) -> Token:
        """Its last word."""
        return self.words[-1]


def mend(tokens: Sequence[Token], names: Sequence[Match], triggers: Mapping[str, Sequence[Reading]]) -> dict[int, Phrase]:
    """Mend tags and arcs of one linked sentence in place; `names` are the names found in it, `triggers` the readings of event words.
    Returns the noun phrases by the id of their first word."""
    at = {i: n for n in names for i in range(n.first, n.last + 1)}
    _mend_tags(tokens, at, triggers)
    _give_clitics(tokens)
    _raise_circumstances(tokens, triggers)
    phrases = list(_phrases(tokens, at))
    for phrase in phrases:
        if not definite(phrase.head) and any(r.kind == "masdar" for r in triggers.get(phrase.head.key, ())):
            phrase.kinds.add("event")
    for phrase in phrases:
        if phrase.kinds:
            _gather(phrase)
    _join_quantities(phrases)
    starts = {w.id: p for p in phrases for w in (p.words[0], p.head)}
    _hang_appositions(tokens, phrases, starts)
    for verb in tokens:
        if verb.upos == "VERB":
            _give_arguments(tokens, verb, starts, _persons(verb, triggers), at)
            _give_complement(tokens, verb, starts, triggers)
    return starts


# ---------------------------------------------------------------------------------------------------- tags


def _mend_tags(tokens: Sequence[Token], at: Mapping[int, Match], triggers: Mapping[str, Sequence[Reading]]) -> None:
    for token in tokens:
        if token.key in _PREPOSITIONS and token.upos in ("NOUN", "X", "VERB", "ADJ") and token.id not in at:
            token.upos = "ADP"
        elif token.key == "نحو" and token.id < len(tokens) and tokens[token.id].upos == "NUM":
            token.upos = "DET"  # naḥwa "about" before a number leads to no place
        elif _nisba(token, at):
            token.upos, token.deprel = "ADJ", "amod"
        elif token.upos == "NOUN" and token.deprel == "amod":
            token.deprel = "nmod"
        elif token.upos == "VERB" and token.key in _DAY_PARTS and token.id < len(tokens) and tokens[token.id].key in _DAYS:
            _turn_into_time(token)
        elif token.upos == "VERB":
            deed = _joined_deed(tokens, token, triggers)
            if deed is not None:
                _turn_into_noun(token, deed)
            elif token.deprel == "conj" and _joined_noun(tokens, token, triggers) or _owned_noun(tokens, token, triggers):
                token.upos = "NOUN"
        elif _only_verb(tokens, token, at, triggers) or _opens_with_verb(tokens, token, at, triggers) or _relative_verb(tokens, token):
            token.upos = "VERB"
            for count in token.children:
                if count.deprel == "nummod" and count.id == token.id + 1:
                    count.deprel = "nsubj"  # تظاهر آلاف "thousands demonstrated"
            if token.parent is not None and token.parent.id > token.id and token.deprel == "advmod":
                subject = token.parent
                _hang(token, subject.parent, subject.deprel)
                _hang(subject, token, "nsubj")


def _give_clitics(tokens: Sequence[Token]) -> None:
    """A pronoun written together with a verb is its object (خطفوه "they kidnapped him"), not its owner."""
    for verb, token in itertools.pairwise(tokens):
        if token.upos == "PRON" and verb.upos == "VERB" and token.parent is verb and token.start == verb.end and token.deprel == "nmod":
            token.deprel = "obj"


def _raise_circumstances(tokens: Sequence[Token], triggers: Mapping[str, Sequence[Reading]]) -> None:
    """A participle behind a comma tells what the subject does besides, behind a quotation what the speaker does: قال إن "..."، متهما إياها "accusing her"."""
    for comma, token in itertools.pairwise(tokens[1:]):
        quoted = comma.form == "،" and (tokens[comma.id - 2].form in _QUOTES or token.deprel == "obj")
        if quoted and not definite(token) and any(r.kind == "participle" for r in triggers.get(token.key, ())):
            top = token
            while top.parent is not None:
                top = top.parent
            if top.upos == "VERB" and top.id < token.id:
                _hang(token, top, "advcl")


def _nisba(token: Token, at: Mapping[int, Match]) -> bool:
    """A nationality in the singular behind a noun that is as definite as it describes it: هجوم باكستاني "a Pakistani attack"."""
    name = at.get(token.id)
    if name is None or name.kind != "adjective" or token.upos not in ("PROPN", "X", "NOUN") or token.parent is None:
        return False
    noun = token.parent
    return token.deprel in ("nmod", "flat", "appos") and noun.id + 1 == token.id and noun.upos == "NOUN" and definite(noun) == definite(token)


def _joined_noun(tokens: Sequence[Token], token: Token, triggers: Mapping[str, Sequence[Reading]]) -> bool:
    """A word joined by و to an event noun is one itself if its spelling allows: اغتيال وقتل "assassination and killing"."""

    def is_masdar(word: Token) -> bool:
        return any(r.kind == "masdar" for r in triggers.get(word.key, ()))

    before = tokens[token.id - 3] if token.id > 2 and tokens[token.id - 2].upos == "CCONJ" else None
    return before is not None and before.upos == "NOUN" and is_masdar(before) and is_masdar(token)


def _turn_into_time(token: Token) -> None:
    """Make a part of the day that was read as a verb (فجر الاثنين "at dawn on Monday", not fajjara "blew up") an adverbial of the clause."""
    token.upos, token.deprel = "NOUN", "obl"
    for child in [c for c in token.children if c.id > token.id + 1]:
        if token.parent is not None:
            _hang(child, token.parent, child.deprel)


def _joined_deed(tokens: Sequence[Token], token: Token, triggers: Mapping[str, Sequence[Reading]]) -> Token | None:
    """The event noun that a word tagged as a verb is joined to, itself a noun of the same kind of event: أعلنت مقتل شرطيين وجرح تسعة "announced the
    killing of two policemen and the wounding of nine"; None if it is a verb."""
    if token.id < 4 or tokens[token.id - 2].key != "و":
        return None
    roots = _masdar_roots(token, triggers)
    for word in reversed(tokens[max(0, token.id - 10) : token.id - 2]) if roots else ():
        if word.upos in ("VERB", "PUNCT", "SCONJ"):
            return None
        if word.upos == "NOUN" and roots & _masdar_roots(word, triggers):
            return word
    return None


def _masdar_roots(token: Token, triggers: Mapping[str, Sequence[Reading]]) -> frozenset[str]:
    """CAMEO roots of violence that the word tells as a verbal noun."""
    codes = (row.cameo[:2] for r in triggers.get(token.key, ()) if r.kind == "masdar" for row in r.rows)
    return frozenset(code for code in codes if code in _VIOLENT)


def _turn_into_noun(token: Token, first: Token) -> None:
    """Hang a noun that was read as a verb on the noun that it is joined to, what was its subject or object as its genitive."""
    token.upos = "NOUN"
    _hang(token, first, "conj")
    for child in token.children:
        if child.deprel.split(":")[0] in ("nsubj", "obj") and child.id > token.id:
            child.deprel = "nmod"


def _owned_noun(tokens: Sequence[Token], token: Token, triggers: Mapping[str, Sequence[Reading]]) -> bool:
    """An event noun with a possessive that is tagged as a verb though it is the object or subject of one: وسعت تعاونها "widened its cooperation"."""
    following = tokens[token.id] if token.id < len(tokens) else None
    owned = following is not None and following.upos == "PRON" and following.start == token.end
    return owned and token.deprel in ("obj", "nsubj", "obl", "nmod") and any(r.kind == "masdar" for r in triggers.get(token.key, ()))


def _only_verb(tokens: Sequence[Token], token: Token, at: Mapping[int, Match], triggers: Mapping[str, Sequence[Reading]]) -> bool:
    """A spelling that can be nothing but a verb: plural (خطفوا "they kidnapped"), or at the head of a clause (وأصيب "and was hurt")."""
    readings = triggers.get(token.key, ())
    before = tokens[token.id - 2] if token.id > 1 else None
    if token.upos not in ("X", "NOUN", "ADJ", "PROPN") or token.id in at or not readings or not all(r.kind == "verb" for r in readings):
        return False
    return before is None or before.upos in ("CCONJ", "PUNCT") or token.key.endswith("وا") and before.upos != "ADP"


def _relative_verb(tokens: Sequence[Token], token: Token) -> bool:
    """A word with a clitic object before a nominative plural is the verb of a relative clause: كمين نصبه مسلحون "an ambush that gunmen laid"."""
    if (
        token.upos != "NOUN"
        or token.id + 1 >= len(tokens)
        or definite(token)
        or token.id < 2
        or tokens[token.id - 2].upos not in ("NOUN", "ADJ", "X")
    ):
        return False
    clitic, subject = tokens[token.id], tokens[token.id + 1]
    return clitic.upos == "PRON" and clitic.start == token.end and subject.key.endswith("ون") and len(subject.key) > 5


def _opens_with_verb(tokens: Sequence[Token], token: Token, at: Mapping[int, Match], triggers: Mapping[str, Sequence[Reading]]) -> bool:
    """Whether a word that is not tagged so is the verb that opens the clause."""
    return token.upos in ("NOUN", "X", "ADJ", "ADV", "PROPN") and _opens_clause(tokens, token) and _may_be_past_verb(tokens, token, at, triggers)


def _opens_clause(tokens: Sequence[Token], token: Token) -> bool:
    """First word, or first after و, a dateline's dash, a colon, or the comma behind a place or time that the sentence begins with."""
    before = tokens[token.id - 2] if token.id > 1 else None
    if before is not None and before.form == "،":
        opening = tokens[: before.id - 1]
        place = next((t for t in opening[:2] if t.key != "و"), None)
        return place is not None and place.upos == "ADP" and len(opening) < 6 and not any(t.upos == "VERB" or t.form == "،" for t in opening)
    if before is not None and before.key == "و":
        before = tokens[token.id - 3] if token.id > 2 else None
    return before is None or before.form in ("-", "–", ":", "؛")


def _may_be_past_verb(tokens: Sequence[Token], token: Token, at: Mapping[int, Match], triggers: Mapping[str, Sequence[Reading]]) -> bool:
    """Whether the spelling is a past verb and its subject follows: a role, country, name or body, or a nominative plural or dual."""
    if token.key.startswith("ال") or not any(r.kind == "verb" and r.tense == "past" for r in triggers.get(token.key, ())) or token.id >= len(tokens):
        return False
    following = tokens[token.id]
    name = at.get(following.id)
    if following.upos == "NUM" or following.key in _COUNTS:
        return True  # تظاهر آلاف "thousands demonstrated"
    return (
        name is not None
        and name.first == following.id
        and (following.key.endswith(("ون", "ان")) or name.kind in ("country", "entity", "role", "person"))
    )


# ---------------------------------------------------------------------------------------------------- phrases


def _phrases(tokens: Sequence[Token], at: Mapping[int, Match]) -> Iterator[Phrase]:
    """The noun phrases of the sentence from left to right."""
    current: Phrase | None = None
    marker, joined = "", False
    for token in tokens:
        if token.form in _QUOTES:
            continue
        if token.upos in _NOMINAL and not _relative(token):
            if current is not None and not marker and not joined and _goes_on(current, token, at):
                current.words.append(token)
            else:
                if current is not None:
                    yield current
                current = Phrase([token], marker, joined)
            if token.id in at:
                current.kinds.add(at[token.id].kind)
            marker, joined = "", False
            continue
        if current is not None:
            yield current
            current = None
        marker = token.key if token.upos == "ADP" else ""
        joined = token.upos == "CCONJ" and token.key == "و"
    if current is not None:
        yield current


def _goes_on(phrase: Phrase, token: Token, at: Mapping[int, Match]) -> bool:
    """Whether `token` belongs to the phrase before it."""
    last, name = phrase.last, at.get(token.id)
    if phrase.head.upos == "PRON":
        return False  # the clitic object of a verb
    if name is not None and at.get(last.id) is name or token.upos == "PRON" and token.start == last.end:
        return True
    if token.key in _ADVERBIAL and token.upos != "ADJ" or token.key in _DEMONSTRATIVES | _QUANTIFIERS:
        return False
    if phrase.joined and phrase.head.upos == "ADJ" and token.upos != "ADJ":
        return False  # القوات الأردنية والأميركية تمرينا: the second adjective is no noun that could go on
    if last.upos in ("NUM", "DET") or last.key in _DEMONSTRATIVES | _QUANTIFIERS:
        return True
    if definite(token) and token.key.endswith("يه") and _agrees(phrase, token, at):
        return True  # القيادة السعودية "the Saudi leadership", not the country
    if name is not None and name.kind in _WHOLE and name.first == token.id:
        return _takes_name(phrase, token, name, at)
    if token.upos in ("X", "PROPN") and name is None and not definite(token):
        named = at.get(last.id)
        if named is not None and (named.kind in ("country", "capital", "entity") or named.kind == "adjective" and not definite(last)):
            return False
        if token.key.endswith("ات") and definite(last):
            return False  # الطائرات الروسية بلدات: an indefinite plural is the object, no name
        return last.upos in ("X", "PROPN") or definite(last) or _construct(last, at)
    if token.upos == "ADJ" or name is not None and name.kind == "adjective":
        return _agrees(phrase, token, at) or _construct(last, at) and (definite(token) or token.upos != "ADJ")
    if token.upos == "NUM":
        return False
    return _construct(last, at) and not _describes_event(phrase, at)


def _describes_event(phrase: Phrase, at: Mapping[int, Match]) -> bool:
    """Whether the last word, a role by itself, describes an event before it and so ends the phrase: هجوم انتحاري "a suicide attack"."""
    last, before = phrase.last, phrase.words[-2] if len(phrase.words) > 1 else None
    return before is not None and last.key in _ATTRIBUTES and before.id not in at and not definite(before)


def _takes_name(phrase: Phrase, token: Token, name: Match, at: Mapping[int, Match]) -> bool:
    """A name goes with the phrase before it as its genitive (حكومة تشيلي) or, a person's, as apposition to a title (الرئيس إيمانويل ماكرون)."""
    if _construct(phrase.last, at):
        return True
    return name.kind == "person" and "person" not in phrase.kinds and bool(phrase.kinds & {"role", "carrier", "entity"} or phrase.last.upos == "X")


def definite(token: Token) -> bool:
    """Whether the article ال stands before the word."""
    return token.form.startswith("ال") and len(token.key) > 3


def _construct(last: Token, at: Mapping[int, Match]) -> bool:
    """Whether the word can be the first part of an idafa: an indefinite noun without tanwin and without the ن of dual and plural."""
    name = at.get(last.id)
    if name is not None and name.number == "dual" and last.key.endswith(("ا", "ي")):
        return True  # رئيسا بوليفيا وبيرو "the presidents of Bolivia and Peru"
    if name is not None and name.kind in (*_WHOLE, "adjective"):
        return False
    if definite(last) or last.upos == "PRON" or last.upos == "ADJ" and name is None or last.key in _TIME_UNITS:
        return False
    if last.key.endswith(("ون", "ين", "ان")) and len(last.key) > 5 and last.feats.get("Number") in ("Plur", "Dual"):
        return False
    return not (last.form.endswith("ا") and len(last.key) > 3 and not last.key.endswith("ايا"))  # نوايا "intentions" has no tanwin


def _agrees(phrase: Phrase, token: Token, at: Mapping[int, Match]) -> bool:
    """Whether an adjective can describe a word of the phrase: same definiteness, and no clash of cases that the spelling shows."""
    foreign = phrase.last.upos == "X" and not phrase.last.key.endswith("ا") and phrase.last.id not in at
    known = (
        foreign
        or any(definite(w) or w.upos == "PRON" or w.upos == "PROPN" and w.id not in at for w in phrase.words)
        or bool(phrase.kinds & set(_WHOLE))
    )
    if known or definite(token):
        return known and definite(token) and not _is_object(phrase, token, at) and (not phrase.last.key.endswith("يون") or token.key.endswith("ون"))
    last, name = at.get(phrase.last.id), at.get(token.id)
    idafa = name is not None and name.kind == "adjective" and len(phrase.words) > 1  # مشروع قرار تونسيا "a Tunisian draft resolution"
    if token.key.endswith("ا") and not idafa and not any(w.key.endswith(("ا", "ين")) for w in phrase.words):
        return False  # a circumstance (مشيرا "pointing out"): its accusative has nothing to agree with
    if last is not None and last.kind == "adjective" and (name is None or name.kind in ("role", "carrier")):
        for ending in ("ون", "يه"):  # مسلحون نيجريون ثكنة, طائرات روسية قنابل: the object, for it does not share the ending
            if phrase.last.key.endswith(ending):
                return token.key.endswith(ending[-1])
    return not (phrase.last.key.endswith("ون") and token.key.endswith("ين"))


def _is_object(phrase: Phrase, token: Token, at: Mapping[int, Match]) -> bool:
    """A role noun in the accusative plural behind a feminine adjective that describes a definite noun: منعت القوات الإسرائيلية المزارعين "the farmers"."""
    name = at.get(token.id)
    role = name is not None and name.kind == "role"
    return role and token.key.endswith("ين") and phrase.last.key.endswith("يه") and definite(phrase.head)


def _gather(phrase: Phrase) -> None:
    """Let one word of the phrase hang outside it: its head. Words of it that hang elsewhere come under the head."""
    ids = {w.id for w in phrase.words}
    head = phrase.head
    if len(ids) == 1:
        return
    if head.head in ids:
        outer = next((w for w in phrase.words if w.head not in ids), None)
        if outer is None:
            return
        _hang(head, outer.parent, outer.deprel)
    for word in phrase.words:
        if word.id > head.id and word.head not in ids and word.head != 0:
            _hang(word, head, "amod" if word.upos == "ADJ" else "nmod")
    verb = head.parent
    if verb is None or verb.upos != "VERB":
        return
    for word in phrase.words[1:]:  # what a parser hung on a name's word that it took for a verb belongs to the real verb
        if word.upos == "PROPN":
            for child in [c for c in word.children if c.id > phrase.last.id and c.deprel.startswith(("obl", "obj", "ccomp", "advcl"))]:
                _hang(child, verb, child.deprel)


def _relative(token: Token) -> bool:
    return token.key in _RELATIVES and token.upos in ("PRON", "DET")


def plural_verb(token: Token) -> bool:
    """A verb in the plural follows its subject: what stands behind it is its object (خطفوا مصورا)."""
    return token.key.endswith("وا") or token.key[:1] in ("ي", "ت") and token.key.endswith("ون") and len(token.key) > 4


def _hang_appositions(tokens: Sequence[Token], phrases: Sequence[Phrase], starts: Mapping[int, Phrase]) -> None:
    """Hang a title between commas on the name before it, and a name between commas on its title: التقى ليون بانيتا، وزير الدفاع، نظيره "Leon Panetta, the
    secretary of defense, met his counterpart"."""
    for phrase in phrases:
        comma = phrase.last.id
        if comma >= len(tokens) or tokens[comma].form != "،":
            continue
        second = starts.get(comma + 2)
        close = _closing_comma(tokens, comma + 2) if second is not None and _name_and_title(phrase, second) else 0
        if not close or second is None:
            continue
        second.closes = close
        for word in tokens[comma + 1 : close - 1]:
            if word is not second.head and not comma + 1 < word.head < close and word.parent is not None:
                _hang(word, second.head, word.deprel if word.deprel not in ("nsubj", "obj", "root") else "nmod")
        _hang(second.head, phrase.head, "appos")


def _closing_comma(tokens: Sequence[Token], start: int) -> int:
    """Id of the comma that closes what begins at word `start`, without a verb or a clause in between; 0 if there is none near."""
    for word in tokens[start - 1 : start + 15]:
        if word.form == "،":
            return word.id
        if word.upos in ("VERB", "SCONJ", "PUNCT") or _relative(word):
            return 0
    return 0


def _name_and_title(first: Phrase, second: Phrase) -> bool:
    """Whether one phrase is a person's name and the other a title."""

    def is_name(phrase: Phrase) -> bool:
        return "person" in phrase.kinds or not phrase.kinds and all(w.upos in ("X", "PROPN") for w in phrase.words)

    titles = {"role", "carrier"}
    titled = is_name(first) and bool(second.kinds & (titles | {"entity"} if "person" in first.kinds else titles))
    return not second.marker and not second.joined and (titled or is_name(second) and bool(first.kinds & titles))


def _join_quantities(phrases: Sequence[Phrase]) -> None:
    """Hang what is counted on the word that counts it: العشرات من مستوطني ... "dozens of settlers of ...", عدد من "a number of", ثلاثة من "three of"."""
    for first, second in itertools.pairwise(phrases):
        counts = first.last.upos == "NUM" or first.last.key.removeprefix("ال") in _COUNTS
        if counts and second.marker == "من" and second.words[0].id == first.last.id + 2 and second.head.head != first.last.id:
            _hang(second.head, first.last, "nmod")


def _hang(token: Token, parent: Token | None, deprel: str) -> None:
    """Hang `token` on `parent` (None: make it the root) unless that would make a ring."""
    above = parent if parent is not token.parent else None
    while above is not None:
        if above is token:
            return
        above = above.parent
    if token.parent is not None:
        token.parent.children.remove(token)
    token.parent, token.head, token.deprel = parent, parent.id if parent is not None else 0, deprel
    if parent is not None:
        parent.children.append(token)
        parent.children.sort(key=_by_id)


def _by_id(token: Token) -> int:
    return token.id


# ---------------------------------------------------------------------------------------------------- arguments of verbs


def _persons(verb: Token, triggers: Mapping[str, Sequence[Reading]]) -> frozenset[str]:
    """The persons that the spelling of a verb may show (حثّ "he urged": 3ms)."""
    return frozenset(r.person for r in triggers.get(verb.key, ()) if r.kind == "verb")


def _no_subject(phrase: Phrase, persons: frozenset[str], at: Mapping[int, Match]) -> bool:
    """Whether a phrase behind a verb cannot be its subject: it does not agree in gender, or its plural shows the accusative (دعت المحتجين)."""
    head, name = phrase.head, at.get(phrase.head.id)
    if name is None:
        return False
    if name.kind == "country":
        return persons == {"3ms"} and name.code not in MASCULINE_COUNTRIES
    if name.kind == "role" and name.number == "plur" and head.key.endswith("ين") and definite(head):
        return True
    second = phrase.words[1] if len(phrase.words) > 1 and definite(head) else None
    masculine = second is not None and second.upos == "ADJ" and definite(second) and second.key.endswith("ي")
    return persons == {"3fs"} and masculine and name.number != "plur" and not head.key.endswith("ه")


def _no_object(head: Token, at: Mapping[int, Match]) -> bool:
    """Whether a phrase behind a verb shows the nominative: قتل اثنان "two were killed", اعتقل ناشطون "activists were arrested"."""
    name = at.get(head.id)
    dual = name is not None and name.number == "dual" and head.key.endswith("ان")
    plural = name is not None and name.number == "plur" and head.key.endswith("ون") and len(head.key) > 5
    return dual or plural or head.key in _TWO


def _give_arguments(tokens: Sequence[Token], verb: Token, starts: Mapping[int, Phrase], persons: frozenset[str], at: Mapping[int, Match]) -> None:
    """Hang the bare phrases that follow the verb on it: first the subject, then the object; one that cannot be the subject is the object."""
    for phrase in bare_phrases(tokens, verb, starts):
        head = phrase.head
        if head.deprel == "obj" and head.parent is verb and _no_object(head, at) and not any(c.deprel.startswith("nsubj") for c in verb.children):
            head.deprel = "nsubj"
        if not phrase.kinds:
            continue
        clash = _no_subject(phrase, persons, at)
        if clash and head.parent is verb and head.deprel.startswith("nsubj"):
            head.deprel = "obj"
        if head.upos == "PRON" or head.parent is None or head.deprel not in _GLUE:
            continue
        if head.parent is verb or verb.id < head.head < head.id:
            taken = clash or plural_verb(verb) or any(c.deprel.startswith("nsubj") and not _relative(c) for c in verb.children if c.id < head.id)
            _hang(head, verb, "obj" if taken else "nsubj")


def _give_complement(tokens: Sequence[Token], verb: Token, starts: Mapping[int, Phrase], triggers: Mapping[str, Sequence[Reading]]) -> None:
    """Hang an event noun behind the verb's own preposition on it, not on its subject: تعرضت القوات لغارات "the forces were exposed to raids"."""
    own = frozenset().union(*(g.prepositions for r in triggers.get(verb.key, ()) if r.kind == "verb" for g in r.governing))
    for preposition in tokens[verb.id : verb.id + 10] if own else ():
        if preposition.upos in ("VERB", "PUNCT"):
            return
        phrase = starts.get(preposition.id + 1)
        if preposition.key in own and phrase is not None and phrase.head.deprel == "nmod" and verb.id < phrase.head.head < preposition.id:
            _hang(phrase.head, verb, "obl")
            return


def _insertion(tokens: Sequence[Token], comma: Token) -> int:
    """Id of the comma that closes an insertion of time that opens at this one (وقع الوزيران، الجمعة، اتفاقا "the ministers signed, on Friday, ..."); 0 if none."""
    if comma.form != "،" or comma.id >= len(tokens) or tokens[comma.id].key not in _ADVERBIAL:
        return 0
    inside = itertools.takewhile(lambda t: t.form != "،", tokens[comma.id : comma.id + 3])
    last = max(inside, key=_by_id)
    closed = last.id < len(tokens) and tokens[last.id].form == "،"
    return last.id + 1 if closed and not any(t.upos == "VERB" for t in tokens[comma.id : last.id]) else 0


def _ends_clause(tokens: Sequence[Token], comma: Token, starts: Mapping[int, Phrase]) -> bool:
    """A comma ends the clause unless an accusative that has no other verb follows: خطف مسلحون قبل أيام، عددا من "gunmen kidnapped, days ago, a number of"."""
    if comma.form != "،":
        return False
    phrase = starts.get(comma.id + 1)
    if phrase is not None and phrase.closes:
        return False
    return phrase is None or definite(phrase.head) or not phrase.head.form.endswith("ا") or phrase.head.upos != "NOUN"


def bare_phrases(tokens: Sequence[Token], verb: Token, starts: Mapping[int, Phrase]) -> Iterator[Phrase]:
    """Phrases without preposition between the verb and the end of its clause, adverbs of time and place left out."""
    position = verb.id
    while position < len(tokens):
        token = tokens[position]
        phrase = starts.get(token.id)
        if phrase is not None:
            if phrase.closes:
                position = phrase.closes
                continue
            if phrase.head.upos == "NUM" and phrase.head.parent is tokens[position - 1] and tokens[position - 1].upos == "NOUN":
                position = phrase.last.id
                continue  # what is counted stands in the genitive: جرح تسعة أشخاص "the wounding of nine people"
            if token.upos == "PRON" and token.start > tokens[position - 1].end:
                return  # هي الأكثر دموية "they are the bloodiest": a clause of its own
            if not phrase.marker and not phrase.joined and phrase.head.key not in _ADVERBIAL:
                yield phrase
            position = phrase.last.id
            continue
        if token.upos in ("VERB", "SCONJ", "CCONJ") and token.key != "و" or _relative(token):
            return
        close = _insertion(tokens, token)
        if close:
            position = close
            continue
        hyphen = token.form == "-" and position > 0 and tokens[position - 1].end == token.start  # إف-16 "F-16"
        if token.form in ("؛", ":", ".", "!", "؟", "(", "-") and not hyphen or _ends_clause(tokens, token, starts):
            return
        if token.key == "و" and not (position + 1 < len(tokens) and tokens[position + 1].id in starts):
            return
        position += 1
