"""Reading the clause around an event word: who is its subject and object, what stands after its prepositions, what governs it.

Arabic leaves out subjects, shares them between verbs and hides them in relative clauses; predicted trees are noisy. So each question is
answered by a short list of named rules, tried in order; the rule that answered is kept, for `waqai explain`.
"""

from collections.abc import Iterator, Mapping

from attrs import define, evolve, field, frozen

from coder.dictionaries import Dictionaries, GoverningRow, Reading
from coder.model import Sentence, Token
from coder.phrases import Phrase, bare_phrases, definite, plural_verb
from coder.text import folded

_NEGATIONS = folded({"لم", "لن", "لا", "ما", "ليس", "ليست", "ليسوا", "غير", "دون", "عدم", "بلا", "بدون", "الا"})
_CONDITIONS = folded({"اذا", "لو", "لولا", "اذ ما", "هل", "ربما", "لعل", "حال"})
# After, since, during, in the wake of, because of, as a result of, against the background of, on (the anniversary): what follows has happened.
_TIME_OR_CAUSE = folded({"بعد", "عقب", "اثر", "منذ", "خلال", "اثنا", "غداه", "جراء", "بسبب", "سبب", "نتيجه", "خلفيه", "قبيل", "في", "وسط", "رغم"})
# Planes, ships, cars, lorries, missiles, centres, camps, rooms, equipment, weapons, ministry, police, units: with a noun of action they name a kind of thing.
_THINGS = folded({"طائرة", "طائرات", "سفينة", "سفن", "سيارة", "سيارات", "شاحنة", "شاحنات", "صاروخ", "صواريخ", "مركز", "مراكز", "معسكر", "معسكرات", "غرفة", "غرف",
                  "معدات", "أسلحة", "وزارة", "وزير", "شرطة", "وحدة", "وحدات", "طاقم", "فريق", "فرق", "لجنة", "محكمة", "نقطة", "نقاط", "آلات", "أجهزة", "جهاز"})  # fmt: skip
# Circumstances, details, causes of, those behind, perpetrators: what they belong to has happened, whatever is demanded or asked about them.
_FACTIVE = folded(
    {"ملابسات", "ظروف", "تفاصيل", "أسباب", "خلفيات", "تداعيات", "مرتكبي", "منفذي", "المسؤولين", "المتورطين", "الضالعين", "عواقب", "آثار"}
)
# In protest, solidarity, condemnation, refusal, support, reply, revenge, defence, anticipation; and buildings that are also nouns of action (prison).
_MOTIVES = folded({"احتجاجا", "تضامنا", "تنديدا", "رفضا", "دعما", "تأييدا", "استنكارا", "ردا", "انتقاما", "دفاعا", "تحسبا", "تعبيرا", "مساندة"})
_BUILDINGS = folded({"سجن", "السجن", "سجون", "السجون"})
# Before an event noun: any, possibility, danger, probability, scenario, threat (of), capable of, ready for.
_POSSIBLE = folded({"اي", "احتمال", "احتمالات", "امكان", "امكانيه", "خطر", "مخاطر", "سيناريو", "تهديد", "تهديدات", "لاي", "باي"})
_FUTURE_ADJECTIVES = folded(
    {"محتمل", "محتمله", "مستقبلي", "مستقبليه", "وشيك", "وشيكه", "مرتقب", "مرتقبه", "متوقع", "متوقعه", "مفترض", "مفترضه", "ممكن", "ممكنه"}
)
_OWNING = folded({"من", "في", "ل"})
_QAD = folded({"قد"})
_CIRCUMSTANCE = folded({"في", "ب", "إثر", "جراء", "خلال", "نتيجة"})
_IF = folded({"إذا", "لو", "لولا"})
_FUTURE = folded({"س", "سوف"})
_LATER = folded({"المقبل", "المقبله", "القادم", "القادمه", "المقبلين", "غدا", "الغد"})
# Nouns that news uses as prepositions, with the nominal they lead to as their genitive: ضد against, بين between, قبل (من قبل by), يد (على يد at the hands of).
_PREPOSITIONAL = folded(
    {
        "ضد",
        "شأن",
        "بين",
        "قبل",
        "يد",
        "ايدي",
        "يدي",
        "مع",
        "لدي",
        "تجاه",
        "حيال",
        "نحو",
        "باتجاه",
        "خلال",
        "اثر",
        "عقب",
        "بعد",
        "بواسطه",
        "جانب",
        "جراء",
        "نتيجه",
        "بحق",
        "حق",
        "برصاص",
        "رصاص",
        "نيران",
        "ازا",
        "صوب",
        "لصالح",
        "عند",
        "امام",
    }
)
_AGENT = folded({"قبل", "يد", "ايدي", "يدي", "بواسطه", "جانب", "برصاص", "رصاص", "نيران"})
_NOMINAL = frozenset({"NOUN", "PROPN", "X", "PRON", "NUM", "ADJ", "DET"})
# Words of time are never subject or object: dawn, morning, evening, night, noon, day, yesterday, hours and the weekdays.
_TIMES = folded({"فجر", "صباح", "مساء", "ليل", "ظهر", "يوم", "امس", "اليوم", "ليله", "عصر", "مطلع", "نهايه", "الاثنين", "الثلاثاء", "الاربعاء", "الخميس",
                    "الجمعه", "السبت", "الاحد", "خريف", "صيف", "شتاء", "ربيع", "خلال", "بعد", "قبل", "منذ", "وسط", "قرب"})  # fmt: skip
_OPENERS = folded({"الذي", "التي", "الذين", "في", "خلال", "علي", "وفق", "بحسب", "حسب", "ب", "اللذان"})
_CLOSED = frozenset({"ADP", "CCONJ", "SCONJ", "PART", "DET", "PRON", "NUM", "PUNCT"})
# Particles that stand between a subject and its verb (qad, lam, lan, lā, sa-), and words that open a clause.
_BEFORE_VERB = folded({"قد", "لم", "لن", "لا", "س", "سوف"})
_CLAUSE_OPENERS = folded({"ان", "بان", "لكن", "بينما", "فيما", "كان", "كانت", "كانوا"})
# Particles with a pronoun that look like event words once folded: أنها annahā "that she" and إنهاء inhāʾ "ending";
# اثنين "two" and أثنين "they praised".
_PARTICLES = folded({"انها", "انه", "انهم", "بانها", "بانه", "لانها", "لانه", "بين", "علي", "فيها", "منها", "حول", "اثنين"})
_CITY = folded({"مدينة"})  # madīna "city", spelt like mudīna "condemning"
_PHONES = folded({"هاتفين", "هاتفا"})  # hātifīn "chanting", hātifayn "two telephones"
_BODIES = folded(
    {"منظمة", "منظمات", "جمعية", "جمعيات", "هيئة", "هيئات", "لجنة", "لجان", "مؤسسة", "مؤسسات", "مركز", "شبكة", "اتحاد", "ائتلاف", "حملة"}
)
_CONCERNS = folded({"تعلق", "يتعلق"})
_INSERTED = folded(
    {"بيان", "تقرير", "ختام", "كلمه", "خطاب", "موتمر", "تصريح", "مقابله", "حديث", "رساله", "خطوه", "مستهل", "وقت", "تصريحات", "موتمره"}
)
_RELATIVES = folded({"الذي", "التي", "الذين", "اللذان", "اللتان", "اللذين", "اللتين"})
# Effects of governing words that lend their subject to the event noun: only to one that is their own object.
_CARRYING = frozenset({"light", "passive", "undergo", "aspect", "attempt"})
_PURPOSE = folded({"ل", "بهدف", "بغيه", "اجل"})
# Committed, carried out: participles that say of a deed that it was done.
_COMMITTED = folded({"مرتكبة", "مرتكب", "منفذة", "منفذ"})
# idh "whereas": opens the recitals of a resolution.
_WHEREAS = folded({"إذ"})
_SUBORDINATORS = folded({"ان", "انه", "الذي", "التي", "الذين", "اللذان", "اللذين", "اللتان", "حيث", "فيما", "بينما", "لكن", "اذا", "عندما"})


@frozen
class Role:
    """A part of the clause: the head of its phrase (None for a pronoun left out), and the rule that found it."""

    head: Token | None
    rule: str


@frozen
class Governor:
    """A word above the event word that changes its reading, with the effect of its row."""

    token: Token
    effect: str
    reading: Reading
    direct: bool = True  # the event noun, or the idafa that ends in it, stands bare right under the word


@define
class Clause:
    """One event word read: `token` in the role `kind` (verb, masdar, participle)."""

    token: Token
    reading: Reading
    passive: bool
    subject: Role | None
    object: Role | None
    governors: list[Governor] = field(factory=list)
    negated: bool = False
    future: bool = False
    hypothetical: bool = False
    told: bool = False  # an event noun that a chronicle or a relative clause tells of as done


class ClauseReader:
    """Reads the clauses of one sentence. `named` are ids of words that belong to a name of several words and so tell no event, `actors` ids of all words of names;
    `phrases` are the noun phrases by their first word (coder.phrases.mend)."""

    def __init__(
        self,
        dictionaries: Dictionaries,
        sentence: Sentence,
        named: frozenset[int] = frozenset(),
        actors: frozenset[int] = frozenset(),
        phrases: Mapping[int, Phrase] | None = None,
    ) -> None:
        self.tokens = sentence.tokens
        self.phrases = phrases or {}
        self.conditional = any(t.key in _IF for t in self.tokens[:2])
        self.headline = len(self.tokens) <= 30 and self.tokens[-1].form not in (".", "؟", "!", "»", '"') if self.tokens else False
        self.opening = self._paragraph_opening()
        self.named = named
        self.actors = actors
        self.index = dictionaries.triggers
        self.readings: dict[int, tuple[Reading, ...]] = {}
        for token in self.tokens:
            found = self.index.get(token.key)
            if token.upos == "VERB" and token.key in dictionaries.nouns and not (found and any(r.kind == "verb" for r in found)):
                token.upos = "NOUN"  # a noun that the tagger took for a verb (تعازيه "his condolences")
            if found:
                kept = tuple(r for r in found if self._plausible(token, r))
                if any(r.person.startswith("3") for r in kept):
                    kept = tuple(r for r in kept if not r.person.startswith("1"))  # أضرب "went on strike", not "I hit"
                if kept:
                    self.readings[token.id] = kept
        self._reattach_objects()

    def _paragraph_opening(self) -> int:
        """Id of the verb that opens a paragraph of a resolution, whose subject, the organ that resolves, is left out: "7 - calls upon ..." (٧ - يدعو),
        "whereas it recalls ..." (وإذ يشير); 0 in any other sentence."""
        words = [t for t in self.tokens[:9] if t.form not in ('"', "«", "“", "”", "'", "’", "‘", "*", "…")]
        place = next((i for i, t in enumerate(words) if t.upos == "VERB" or t.key in _WHEREAS), 0)
        lead, word = words[:place], words[place] if words else None
        if word is None or word.key in _WHEREAS:
            verb = next((t for t in words[place + 1 : place + 3] if t.upos == "VERB"), None) if word and all(t.key == "و" for t in lead) else None
        else:
            numbered = bool(lead) and any(c.isdigit() for c in lead[0].form) and all(t.upos in ("NUM", "PUNCT", "X") for t in lead)
            verb = word if numbered and lead[-1].form in ("-", "–", "ـ", ".", ")") else None
        return verb.id if verb is not None and verb.key[:1] in ("ي", "ت") else 0

    def resolves(self, token: Token) -> bool:
        """Whether a verb tells what a resolution's organ does: the verb that opens the paragraph or one joined to it, without a subject of its own."""
        if not self.opening or token.upos != "VERB" or token.key[:1] != self.tokens[self.opening - 1].key[:1]:
            return False
        if any(c.deprel == "mark" and c.key not in _WHEREAS for c in token.children) or self.tokens[token.id - 2].key in _RELATIVES | _SUBORDINATORS:
            return False
        joined = token.id == self.opening or self.tokens[token.id - 2].key == "و" and token.deprel in ("conj", "root", "parataxis")
        bare = self.bare(token)
        return joined and (len(bare) <= 1 or bare[0].words[0].id > token.id + 1)

    def _reattach_objects(self) -> None:
        """Hang an indefinite event noun that the tree has put under the subject (شنت روسيا هجوما, "flat" under روسيا) on its verb as object."""
        for verb_id, readings in self.readings.items():
            verb = self.tokens[verb_id - 1]
            if verb.upos != "VERB" or not any(r.kind == "verb" for r in readings):
                continue
            for word in self.tokens[verb_id : verb_id + 8]:
                if word.upos in ("VERB", "PUNCT", "ADP", "CCONJ"):
                    break
                if self._stray_object(word, verb):
                    if word.parent is not None:
                        word.parent.children.remove(word)
                    word.head, word.deprel, word.parent = verb.id, "obj", verb
                    verb.children.append(word)
                    break

    def _stray_object(self, word: Token, verb: Token) -> bool:
        if (
            word.parent is verb
            and word.deprel in ("obj", "nsubj")
            or word.key.startswith("ال")
            or word.id - 1 not in self.actors
            or word.id in self.actors
        ):
            return False
        return word.key.endswith(("ا", "ه", "ات")) and any(r.kind == "masdar" and r.rows for r in self.readings.get(word.id, ()))

    def _plausible(self, token: Token, reading: Reading) -> bool:
        """Whether the tag and the neighbours allow this reading of the spelling."""
        if reading.rest and not self._followed(token, reading.rest):
            return False
        if token.id in self.named or token.key in _PARTICLES or token.key in _TIMES and self._next_key(token) in _TIMES:
            return False
        upos = token.upos
        definite = token.key.startswith("ال") and len(token.key) > 4
        before = self.tokens[token.id - 2] if token.id > 1 else None
        if reading.kind == "verb":
            if token.key in _MOTIVES:
                return False  # تضامنا "in solidarity", no dual
            if token.key in _CONCERNS and self._next_key(token) == "ب":
                return False  # ما تعلق ب "what concerned", not تعلق "suspends"
            if definite and upos != "VERB" or before is not None and before.upos == "ADP" and before.deprel == "case" and before.head == token.id:
                return False
            if upos in ("VERB", "AUX"):
                return True
            if reading.person in ("1p", "1s") or token.id in self.actors or token.key.endswith("ا") and not token.key.endswith("وا"):
                return False  # an accusative (لاحقا "later") is no dual
            if upos in _CLOSED:
                return False
            return upos == "X" or self._only(token, "verb") or token.id == 1 and reading.tense == "past"
        if token.id in self.actors and reading.kind != "verb":
            return False
        if reading.kind == "masdar" and (self._motive(token) or token.key in _BUILDINGS and before is not None and before.upos == "ADP"):
            return False
        if reading.kind == "masdar" and before is not None and before.key in _THINGS and before.upos == "NOUN":
            return False  # طائرات شحن "cargo planes", مركز احتجاز "detention centre": the noun names a kind of thing
        if reading.kind == "masdar" and before is not None and before.key == "ل" and token.id > 2 and self.tokens[token.id - 3].key in _BODIES:
            return False  # منظمة للدفاع عن "an organisation for the defence of": its name tells its purpose
        if reading.kind == "participle":
            phones = token.key in _PHONES and self._next_key(token) not in ("ب", "ضد", ":", "«", '"')
            if phones or token.deprel == "amod" and before is not None and token.parent is before:
                return False  # هاتفين "two telephones"; خطا قاتلا "a deadly mistake"
            return not definite and token.key not in _CITY and self._circumstantial(token)
        return (
            upos not in ("VERB", *_CLOSED) or self._only(token, "masdar") or before is not None and before.upos == "ADP" and before.head == token.id
        )

    def _motive(self, token: Token) -> bool:
        """An accusative that says why something else is done (احتجاجا على "in protest at", تضامنا مع "in solidarity with"): no event of its own."""
        if token.key not in _MOTIVES or token.deprel in ("obj", "root") or token.id >= len(self.tokens):
            return False
        return token.id > 2 and self.tokens[token.id].upos == "ADP" and self.tokens[token.id - 2].upos != "VERB"

    def _circumstantial(self, token: Token) -> bool:
        """A participle tells an event only as a clause of its own (متهما إياها muttahiman iyyāhā "accusing it"): accusative, or feminine or plural after a comma."""
        if len(token.key) < 5:
            return False
        if token.key.endswith("ا"):
            return True
        before = self.tokens[token.id - 2] if token.id > 1 else None
        return before is not None and (before.upos == "PUNCT" or before.key == "و" and token.deprel in ("advcl", "xcomp", "conj"))

    def _next_key(self, token: Token) -> str:
        return self.tokens[token.id].key if token.id < len(self.tokens) else ""

    def _only(self, token: Token, kind: str) -> bool:
        return all(r.kind == kind for r in self.index[token.key])

    def _followed(self, token: Token, rest: tuple[str, ...]) -> bool:
        for offset, key in enumerate(rest):
            if token.id + offset >= len(self.tokens):
                return False
            word = self.tokens[token.id + offset].key.removeprefix("ال")
            if word not in (key, key + "ا", "ال" + key):
                return False
        return True

    # ------------------------------------------------------------------------------------------------ one clause

    def read(self, token: Token, reading: Reading) -> Clause:
        """The clause of `token` in the sense of `reading`."""
        governors = list(self.governors(token)) or list(self._result_before(token, reading))
        done = {g.token.id for g in governors if g.effect in ("end", "negated") and self._negated(g.token)}  # لم يتوقف عن "did not stop"
        governors = [evolve(g, effect={"end": "aspect", "negated": "light"}.get(g.effect, g.effect)) if g.token.id in done else g for g in governors]
        passive = reading.voice == "pass" or token.feats.get("Voice") == "Pass" and reading.kind == "verb" and reading.voice != "act"
        if reading.kind == "masdar":
            subject, obj = self._masdar_roles(token)
        else:
            subject, obj = self.subject(token), self.object(token)
        negated = self._negated(token) or any(self._negated(g.token) for g in governors if g.token.id not in done)
        clause = Clause(token, reading, passive, subject, obj, governors, negated)
        clause.told = reading.kind == "masdar" and (
            self._in_chronicle(token) or self.relative_carrier(token) is not None or self._said_to_have_happened(token)
        )
        above = list(self._verbs_above(token))
        clause.future = reading.tense == "present" and (
            self._before(token, _FUTURE, 1) or _future_form(token) or self._later(token) and not any(r.act for r in reading.rows)
        )
        clause.future |= any(self._before(v, _FUTURE, 1) or _future_form(v) for v in above)
        clause.hypothetical = (
            self._before(token, _CONDITIONS, 3)
            or self.conditional
            or any(self._before(v, _CONDITIONS, 3) for v in above)
            or reading.kind == "masdar"
            and self._imagined(token)
            or self._purpose(token, reading, governors)
            or any(self._possible(g) for g in governors)
            or reading.tense == "present"
            and self._before(token, _QAD, 1)
        )
        return clause

    def _verbs_above(self, token: Token) -> Iterator[Token]:
        """The verbs whose clause an event noun, or a verb joined to another, stands in: their mood is its mood."""
        child, parent = token, token.parent
        while parent is not None and parent.id < token.id and not child.deprel.startswith(("acl", "parataxis", "ccomp")):
            if parent.upos == "VERB" and token.upos != "VERB":
                yield parent
            if parent.upos == "VERB" and child.deprel != "conj":
                return
            child, parent = parent, parent.parent

    def shows_passive(self, clause: Clause) -> bool:
        """Whether a verb that may be active or passive in unvowelled spelling (قتل qatala / qutila) names only one side, so that it tells who suffered:
        one phrase behind it where no subject stands before it, none where one does. A spelling that can only be active (اغتال ightāla) does not."""
        token = clause.token
        if self._clitic(token) is not None or clause.reading.voice == "act":
            return False
        bare = self.bare(token)
        subject = clause.subject
        if subject is None or subject.head is None or subject.head.id > token.id:
            return len(bare) == 1
        if subject.rule.startswith("shared") and bare and not self._agree(clause.reading, subject.head):
            return len(bare) == 1
        return not bare

    def bare(self, token: Token) -> list[Phrase]:
        """The noun phrases without preposition behind a verb: its subject and object, where it has them; no pronouns, no accusatives of manner."""
        return [p for p in bare_phrases(self.tokens, token, self.phrases) if p.head.upos != "PRON" and (p.kinds or not self._of_manner(p.head))]

    def _of_manner(self, token: Token) -> bool:
        """An accusative that says how or why (ردا على "in reply to", احتجاجا "in protest") and is no object."""
        if not token.form.endswith("ا"):
            return False
        return token.upos in ("ADJ", "ADV") or any(r.kind == "masdar" for r in self.index.get(token.key, ()))

    def _agree(self, reading: Reading, noun: Token) -> bool:
        """Whether a verb in this reading can follow `noun` as its subject: it shows number and gender then (مسلحون ... وقتلوا, القوات ... وقتلت)."""
        plural = noun.key.endswith("ون") and len(noun.key) > 5 or noun.feats.get("Number") == "Plur" or noun.upos == "NUM"
        feminine = noun.key.endswith(("ه", "ات"))
        if reading.person in ("3ms", "3m"):
            return not plural and not feminine
        if reading.person in ("3fs", "3f"):
            return feminine or plural or noun.id in self.actors
        return plural or feminine or noun.id in self.actors

    def subject(self, token: Token) -> Role | None:
        """Who does it: the subject beside the word, or the one it shares by coordination, relative clause or control."""
        own = self._own_subject(token)
        return own or self._subject_before(token) or self._shared_subject(token, depth=0)

    def _phrase_to(self, place: int) -> Phrase | None:
        """The noun phrase whose last word is number `place`."""
        return next((p for p in self.phrases.values() if p.last.id == place), None)

    def relative_verb(self, noun: Token) -> Token | None:
        """The verb of a relative clause on `noun` that takes it up by a clitic: المقاطعة التي فرضتها ... "the boycott that ... imposed"."""
        for word in self.tokens[noun.id : noun.id + 8]:
            if word.upos == "VERB":
                before = self.tokens[word.id - 2]
                taken_up = self._clitic(word) is not None or word.id < len(self.tokens) and self.tokens[word.id].upos == "PRON"
                return word if taken_up and (before.key in _RELATIVES or not noun.form.startswith("ال")) else None
            if word.upos in ("PUNCT", "ADP", "SCONJ"):
                return None
        return None

    def taken_up(self, verb: Token) -> Token | None:
        """The noun before a relative clause whose verb takes it up by a pronoun as its object: العقوبات التي فرضتها ... "the sanctions that ... imposed"."""
        if verb.upos != "VERB" or self._clitic(verb) is None or verb.key[:1] in ("ي", "ت", "ن"):
            return None  # in the present it is what they usually do
        opener = self.tokens[verb.id - 2] if verb.id > 2 else None
        if opener is None or opener.key not in _RELATIVES:
            return None
        noun = verb.parent if verb.deprel.startswith("acl") else None
        noun = noun if noun is not None and noun.id < opener.id else self.tokens[opener.id - 2]
        return noun if self.relative_verb(noun) is verb else None

    def relative_carrier(self, noun: Token) -> Token | None:
        """The light verb of a relative clause on an event noun: الهجوم الذي شنته القوات "the attack that the forces launched"."""
        verb = self.relative_verb(noun)
        if verb is not None and any(g.effect == "light" for r in self.readings.get(verb.id, ()) for g in r.governing):
            return verb
        return None

    def _said_to_have_happened(self, noun: Token) -> bool:
        """Whether the words behind an event noun say that it took place: الهجمات التي وقعت "the attacks that occurred", المرتكبة "committed"."""
        for word in self.tokens[noun.id : noun.id + 6]:
            if word.key.removeprefix("ال") in _COMMITTED and not definite(word) < definite(noun):
                return True
            if word.upos == "VERB":
                happens = any(g.effect == "happen" and r.tense == "past" for r in self.readings.get(word.id, ()) for g in r.governing)
                return happens and self.tokens[word.id - 2].key in _RELATIVES
            if word.upos in ("PUNCT", "SCONJ"):
                return False
        return False

    def _subject_before(self, token: Token) -> Role | None:
        """The phrase directly before the verb where it opens the clause (أن جنودا قتلوا), with what is joined to it by و."""
        place = token.id - 1
        while place and (self.tokens[place - 1].key in _BEFORE_VERB or self.tokens[place - 1].form in ("«", '"')):
            place -= 1
        phrase = self._phrase_to(place)
        while phrase is not None and phrase.marker in _OWNING:  # past what belongs to it: انتحاريا من جماعة ... فجر
            phrase = self._phrase_to(phrase.words[0].id - 2)
        while phrase is not None and phrase.joined:
            before = self._phrase_to(phrase.words[0].id - 2)
            if before is not None and not before.kinds and any(t.upos == "VERB" for t in self.tokens[: before.head.id]):
                return Role(phrase.head, "subject of a clause joined by و")
            phrase = before
        if phrase is None or phrase.marker or not phrase.kinds or phrase.head.upos == "PRON":
            return None
        opener = self.tokens[phrase.words[0].id - 2] if phrase.words[0].id > 1 else None
        if opener is None or opener.upos == "SCONJ" or opener.key in _CLAUSE_OPENERS or opener.form in (":", "؛", "-"):
            return Role(phrase.head, "phrase before the verb")
        return None

    def _own_subject(self, token: Token) -> Role | None:
        each = self._each_of(token)
        if each is not None:
            return Role(each, "each of")
        relative = self._relative(token)
        if plural_verb(token):
            before = next((c for c in token.children if c.deprel.startswith("nsubj") and c.id < token.id and c.key not in _SUBORDINATORS), None)
            return Role(before, "subject") if before is not None and before.upos != "PRON" else None
        for child in token.children:
            if (
                child.deprel.startswith("nsubj")
                and child.key not in _TIMES
                and not (child.upos == "PRON" and child.id == token.id + 1)
                and child.key not in _SUBORDINATORS
            ):
                if not (relative is not None and child.id > token.id and self._masculine(child) and token.key.endswith("ت")):
                    return Role(child, "subject")
        following = self._next_nominal(token)
        if (
            following is not None
            and following.id in self.actors
            and token.deprel in ("root", "parataxis", "ccomp", "dep")
            and not has_case(following)
            and relative is None
        ):
            return Role(following, "name directly after the verb")
        if (
            following is not None
            and following.head == token.id
            and following.key.startswith("ال")
            and following.key.endswith(("ان", "ون"))
            and relative is None
        ):
            return Role(following, "nominative after the verb")
        if following is not None and following.head == token.id and following.deprel == "obj":
            others = [c for c in token.children if c.deprel in ("obj", "iobj") and c is not following and c.upos != "PRON" and c.key not in _TIMES]
            if others or not self._shares(token) and any(c.upos == "PRON" and c.deprel == "obj" for c in token.children):
                return Role(following, "first noun after the verb")
        return None

    def _each_of(self, verb: Token) -> Token | None:
        """The first of those whom كل من "each of" counts up behind a verb: رفضت كل من مصر والسودان "both Egypt and Sudan refused"."""
        following = self.tokens[verb.id : verb.id + 3]
        counted = verb.upos == "VERB" and len(following) == 3 and (following[0].key, following[1].key) == ("كل", "من")
        hung = counted and following[0].parent is verb and following[0].deprel.startswith("nsubj")  # the tree is right
        return following[2] if counted and not hung and following[2].upos in _NOMINAL else None

    @staticmethod
    def _clitic(token: Token) -> Token | None:
        return next((c for c in token.children if c.upos == "PRON" and c.deprel in ("obj", "iobj") and c.id == token.id + 1), None)

    def _shares(self, token: Token) -> bool:
        return token.deprel in ("conj", "acl", "acl:relcl", "xcomp", "advcl", "ccomp")

    def _shared_subject(self, token: Token, depth: int) -> Role | None:
        parent = token.parent
        if depth == 0 and self._clitic(token) is None:
            antecedent = self._relative(token)
            if antecedent is not None:
                return Role(antecedent, "antecedent of the relative pronoun")
        if parent is None or depth > 4:
            return None
        if (token.deprel in ("acl", "acl:relcl") or token.deprel in ("nmod", "amod") and token.upos == "VERB") and self._clitic(token) is None:
            return Role(parent, "antecedent of the relative clause")
        if parent.upos in ("VERB", "AUX") or parent.id in self.readings:
            own = self._own_subject(parent)
            if own is not None and not (own.head is not None and _clash(token, own.head)):
                return Role(own.head, "shared with " + parent.form)
            other = self._thanked(token, parent)
            if other is not None:
                return Role(other, "object of " + parent.form)
        return self._shared_subject(parent, depth + 1)

    def _thanked(self, token: Token, parent: Token) -> Token | None:
        """The feminine object of the verb above, where a relative clause on something else goes on about it: شكر الرئيس بولندا على الدبابات التي سلمتها
        "thanked Poland for the tanks that it handed over"."""
        if self._clitic(token) is None or parent.upos != "VERB":
            return None
        objects = (c for c in parent.children if c.deprel == "obj" and parent.id < c.id < token.id and c.id in self.actors)
        return next((c for c in objects if not _clash(token, c)), None)

    def _relative(self, token: Token) -> Token | None:
        """The noun that a relative pronoun directly before the verb takes up (يريفان التي شجبت): the head of the phrase before it."""
        before = self.tokens[token.id - 2] if token.id > 2 else None
        if before is None or before.key not in _RELATIVES:
            return None
        parent = token.parent
        if parent is not None and parent.id < before.id and parent.upos in _NOMINAL:
            return parent
        return self.tokens[before.id - 2] if before.id > 1 else None

    def _masculine(self, noun: Token) -> bool:
        """A masculine singular noun, which cannot be the subject of a feminine verb."""
        return (
            noun.id not in self.actors
            and noun.upos in ("NOUN", "X")
            and not noun.key.endswith(("ه", "ات", "ا"))
            and noun.feats.get("Number", "Sing") == "Sing"
        )

    def object(self, token: Token) -> Role | None:
        """Whom it is done to: the direct object, a clitic, or the antecedent of a relative clause that has its own subject."""
        clitic = None
        subject = self._own_subject(token)
        counted = subject is not None and subject.rule == "each of"
        for child in token.children:
            if counted and self.tokens[child.id - 2].key == "و":
                continue  # كل من مصر والسودان: the second of them is no object
            if (
                (child.deprel in ("obj", "iobj") or child.deprel == "nsubj" and child.id > token.id)
                and child.key not in _TIMES
                and (subject is None or child is not subject.head)
                and not _nominative(child)
            ):
                if child.upos == "PRON":
                    clitic = child
                elif child.id > token.id:
                    return Role(child, "object")
        if token.deprel in ("acl", "acl:relcl") and (subject is not None or clitic is not None) and token.parent is not None:
            return Role(token.parent, "antecedent taken up by a pronoun")
        if clitic is not None:
            return Role(clitic, "clitic object")
        if subject is not None and subject.head is not None:  # "V NP1 NP2" where the tree hangs NP2 elsewhere
            for child in token.children:
                if child.deprel == "nsubj" and child is not subject.head and child.id > subject.head.id:
                    return Role(child, "second noun after the verb")
        return None

    def _masdar_roles(self, token: Token) -> tuple[Role | None, Role | None]:
        """(agent, patient) of a verbal noun as far as its own words tell; a lone genitive is given as object with the rule "genitive"."""
        genitive = self.genitive(token) or self._shared_genitive(token)
        return None, Role(genitive, "genitive") if genitive is not None else None

    def _shared_genitive(self, token: Token) -> Token | None:
        """The genitive of the second of two joined verbal nouns, which the first has too: قتل وجرح المدنيين "the killing and wounding of civilians"."""
        if token.id + 1 >= len(self.tokens) or self.tokens[token.id].key != "و" or token.key.startswith("ال"):
            return None
        second = self.tokens[token.id + 1]
        joined = not second.key.startswith("ال") and any(r.kind == "masdar" and r.rows for r in self.readings.get(second.id, ()))
        return self.genitive(second) if joined else None

    def genitive(self, token: Token) -> Token | None:
        """The noun or pronoun that an idafa hangs on `token` (قصف المدينة -> المدينة)."""
        for child in token.children:
            if (
                child.id == token.id + 1
                and child.upos in _NOMINAL
                and child.upos != "ADJ"
                and child.key not in _PREPOSITIONAL
                and not has_case(child)
                and not child.deprel.startswith(("amod", "conj"))
            ):
                return child
        return None

    def adjectives(self, token: Token) -> list[Token]:
        """Adjectives of `token` and those coordinated with them, in order."""
        found = [c for c in token.children if c.id > token.id and (c.deprel == "amod" or c.upos == "ADJ" and c.deprel in ("nmod", "conj"))]
        position = token.id
        while position < len(self.tokens) and self.tokens[position].upos in ("ADJ", "X") and position - token.id < 4:
            if self.tokens[position] not in found:
                found.append(self.tokens[position])
            position += 1
        extra = [c for a in found for c in a.children if c.deprel == "conj" and c.upos in ("ADJ", "X")]
        return sorted(dict.fromkeys(found + extra), key=lambda t: t.id)

    def describes(self, adjective: Token, noun: Token) -> bool:
        """Whether an adjective agrees with an event noun: definite as the phrase is, never a plural of people, feminine as the noun (plurals of things count as feminine)."""
        if adjective.key.endswith(("ون", "ين")):
            return False
        if adjective.key.endswith("ان"):
            return noun.key.endswith(("ان", "ين", "تا", "ا"))
        genitive = self.genitive(noun)
        owner = genitive if genitive is not None and genitive is not adjective else noun
        if definite(adjective) != self._has_article(owner) and owner.upos in ("NOUN", "ADJ") and owner.id not in self.actors:
            return False
        feminine = (
            noun.key.endswith(("ه", "ات"))
            or noun.form.endswith("وى")
            or noun.feats.get("Number") == "Plur"
            or any(r.number == "plur" for r in self.readings.get(noun.id, ()))
        )
        return feminine == adjective.key.endswith("ه")

    def _has_article(self, noun: Token) -> bool:
        """Whether the word is definite by ال; not where its own stem begins so (التماس "petition", التزام "commitment")."""
        return definite(noun) and not any(r.citation.startswith("ال") for r in self.readings.get(noun.id, ()))

    def after(self, token: Token, prepositions: frozenset[str], limit: int = 25) -> Iterator[tuple[str, Token]]:
        """(preposition, head of its phrase) for the prepositions after `token` in its clause, nearest first; the clause ends at the next finite verb."""
        position, end = token.id, min(token.id + limit, len(self.tokens))
        while position < end:
            word = self.tokens[position]
            position += 1
            if word.form == "،":
                close = self._parenthesis(word.id)
                if close:
                    position, end = close, min(close + limit, len(self.tokens))
                    continue
            if (
                word.upos == "VERB"
                and word.id > token.id + 1
                and word.key not in prepositions
                and not self._carries(word)
                or word.upos == "PUNCT"
                and word.form in ("؛", ".", ":")
            ):
                return
            key = self._compound(word)
            if key in prepositions and (word.upos in ("ADP", "CCONJ", "SCONJ", "X") or word.key in _PREPOSITIONAL or key != word.key):
                target = self.led_to(word)
                if target is not None:
                    yield key, target

    def _compound(self, word: Token) -> str:
        """The preposition that ends with this word: بحق "against" and بشأن "about" are one, though treebanks cut them in two."""
        before = self.tokens[word.id - 2] if word.id > 1 else None
        joined = before is not None and before.key in ("ب", "ل") and before.end == word.start
        return before.key + word.key if before is not None and joined else word.key

    def _carries(self, verb: Token) -> bool:
        """A verb that only says that something takes place (اندلعت، تجري): a phrase goes on behind it."""
        return any(g.effect in ("happen", "light", "passive", "aspect") for r in self.readings.get(verb.id, ()) for g in r.governing)

    def _parenthesis(self, comma: int) -> int:
        """Id of the comma that closes the insertion opened at word `comma` (، الذي زار ...، or ، في بيان ...،); 0 if none is opened there."""
        if comma + 1 >= len(self.tokens) or self.tokens[comma].key not in _OPENERS:
            return 0
        if self.tokens[comma].key in ("في", "خلال", "علي", "ب") and self.tokens[comma + 1].key not in _INSERTED:
            return 0
        return next((t.id for t in self.tokens[comma : comma + 25] if t.form == "،"), 0)

    def insertion_after(self, token: Token) -> int:
        """Id of the closing comma of an insertion that begins within ten words after `token`; 0 if there is none."""
        for word in self.tokens[token.id : token.id + 10]:
            if word.form == "،":
                return self._parenthesis(word.id)
        return 0

    def led_to(self, preposition: Token) -> Token | None:
        """The head of the phrase after a preposition or prepositional noun."""
        if preposition.deprel == "case" and preposition.parent is not None and preposition.parent.id > preposition.id:
            return self._through(preposition.parent)
        for child in preposition.children:
            if child.id > preposition.id and child.upos in _NOMINAL:
                return child
        return self.tokens[preposition.id] if preposition.id < len(self.tokens) and self.tokens[preposition.id].upos in _NOMINAL else None

    def _through(self, token: Token) -> Token:
        """Past a prepositional noun (من قبل X, على يد X) to the noun it leads to."""
        if token.key in _PREPOSITIONAL:
            child = next((c for c in token.children if c.id > token.id and c.upos in _NOMINAL and c.deprel != "conj"), None)
            return child if child is not None else token
        return token

    def agent(self, token: Token) -> Token | None:
        """The agent phrase of a passive or masdar: من قبل, على يد, بواسطة, برصاص."""
        for _, head in self.after(token, _AGENT):
            return head
        return None

    def circumstances(self, token: Token) -> Iterator[Token]:
        """Event nouns after في، ب، إثر، جراء، خلال: the frame in which a passive happened (قتل في غارة)."""
        for _, head in self.after(token, _CIRCUMSTANCE):
            if head.id in self.readings and any(r.kind == "masdar" and r.rows for r in self.readings[head.id]):
                yield head

    def governors(self, token: Token) -> Iterator[Governor]:
        """Words above `token`, nearest first, whose rows change how it is read; the climb ends after four steps or at a relative clause."""
        child, parent, steps = token, token.parent, 0
        while parent is not None and steps < 5:
            if parent.key in _FACTIVE:
                return
            if child.deprel in ("acl:relcl",) or child.deprel in ("acl", "parataxis", "advcl") and child is not token:
                return
            if child.deprel == "conj" and child.upos == "VERB" and child is token and not self._under_an(child):
                return
            if child is token and child.deprel == "advcl" and self.tokens[child.id - 2].form == "،" and child.form.endswith(("ا", "ة", "ين")):
                return  # علق المحادثات، متهما إياه "suspended the talks, accusing him": the second act stands by itself
            readings = self.readings.get(parent.id, ())
            exact = tuple(r for r in readings if any(g.prepositions and self._leads(g, child, parent) for g in r.governing))
            for reading in exact or readings:  # تعرض ل "was exposed to" is not تعرض "offers"
                for row in reading.governing:
                    if child.deprel not in ("nsubj",) or row.effect in ("happen", "passive", "result", "end", "aspect", "negated"):
                        if self._leads(row, child, parent) and (row.effect not in _CARRYING or self._carried(row, token, child)):
                            yield Governor(parent, row.effect, reading, self._carried(row, token, child))
                for act in {r.act for r in reading.rows if r.act and (not r.object or self._stands_after(parent, r.object))}:
                    if child.deprel not in ("nsubj", "conj"):
                        yield Governor(parent, act, reading)
            child, parent, steps = parent, parent.parent, steps + 1

    def _result_before(self, token: Token, reading: Reading) -> Iterator[Governor]:
        """The verb of result whose preposition stands before a verbal noun that the tree hangs elsewhere: أسفرت الهجمات التي ... عن مقتل "led to the death of"."""
        if reading.kind != "masdar" or token.id < 3 or self.tokens[token.id - 2].key not in ("عن", "الي"):
            return
        for word in reversed(self.tokens[max(0, token.id - 45) : token.id - 2]):
            if word.upos != "VERB" or self.tokens[word.id - 2].key in _RELATIVES:
                continue
            for verb in self.readings.get(word.id, ()):
                if verb.kind == "verb" and any(g.effect == "result" and self.tokens[token.id - 2].key in g.prepositions for g in verb.governing):
                    yield Governor(word, "result", verb)
                    return
            return

    def _carried(self, row: GoverningRow, token: Token, child: Token) -> bool:
        """Whether `child`, the word directly under a light verb, is the event noun itself or the first word of the idafa that ends in it
        (حملة اعتقالات "campaign of arrests"), and stands bare where the verb takes no preposition."""
        if not row.prepositions and has_case(child):
            return False
        if token is child or token.deprel == "conj" and token.parent is child:
            return True
        between = self.tokens[child.id : token.id - 1]
        return child.id < token.id <= child.id + 4 and all(t.upos in ("NOUN", "NUM", "ADJ", "X") or t.key == "من" for t in between)

    def _stands_after(self, token: Token, words: frozenset[str]) -> bool:
        return any(t.key in words for t in self.tokens[token.id : token.id + 8])

    @staticmethod
    def _under_an(token: Token) -> bool:
        return any(c.key in ("ان", "اللا") for c in token.children if c.deprel == "mark")

    def _leads(self, row: GoverningRow, child: Token, parent: Token) -> bool:
        if not row.prepositions:
            return True
        if any(c.deprel == "case" and c.key in row.prepositions for c in child.children):
            return True
        return any(t.key in row.prepositions for t in self.tokens[parent.id : child.id])

    # ------------------------------------------------------------------------------------------------ mood

    def _possible(self, governor: Governor) -> bool:
        """قد تلجأ إلى "may resort to", إذا قرر "if it decides": the event below is only possible."""
        token = governor.token
        return self._before(token, _CONDITIONS, 3) or governor.reading.tense == "present" and self._before(token, _QAD, 1)

    @staticmethod
    def _purpose(token: Token, reading: Reading, governors: list[Governor]) -> bool:
        """A verbal noun after ل "in order to" has not happened (استدعى سفيره للتشاور); a speech act so introduced has (اتصل لطلب المساعدة)."""
        if any(g.effect == "result" for g in governors):
            return False  # أدت لتدمير "led to the destruction"
        if (
            reading.kind != "masdar"
            or any(r.act for r in reading.rows)
            or any(_PURPOSE & p.prepositions for g in governors for p in g.reading.governing)
        ):
            return False
        return any(c.deprel == "case" and c.key in _PURPOSE and c.id == token.id - 1 for c in token.children) and not token.key.startswith("ال")

    def presupposed(self, token: Token) -> bool:
        """Whether an event noun that no verb carries is taken for a fact: it is what a headline or the sentence is about, stands after a word of time
        or cause (بعد الهجوم "after the attack"), or a clause in the past goes on about it (الهجوم الذي شنته)."""
        if token.deprel in ("root", "nsubj", "nsubj:pass") or self.headline and token.id <= 4:
            return True
        if self._in_chronicle(token) or token.parent is not None and token.parent.key in _FACTIVE:
            return True  # ملابسات مقتل "the circumstances of the killing"
        if any(t.key in _TIME_OR_CAUSE for t in self.tokens[max(0, token.id - 4) : token.id - 1]):
            return True
        return any(t.upos == "VERB" and t.deprel.startswith("acl") for t in self.tokens[token.id : token.id + 8])

    def _in_chronicle(self, token: Token) -> bool:
        """Right behind a colon, a star or a dash: "21 May: assassination of ..."."""
        return token.id > 1 and self.tokens[token.id - 2].form in (":", "*", "-")

    def _imagined(self, token: Token) -> bool:
        """An event noun after أي "any" or a word of possibility, or called possible or future (هجوم محتمل "a possible attack")."""
        if self._before(token, _POSSIBLE, 2):
            return True
        return any(a.key.removeprefix("ال") in _FUTURE_ADJECTIVES for a in self.tokens[token.id : token.id + 5] if a.upos in ("ADJ", "NOUN", "X"))

    def _before(self, token: Token, words: frozenset[str], reach: int) -> bool:
        start = token.id - 1
        for word in reversed(self.tokens[max(0, start - reach) : start]):
            if word.upos in ("VERB", "PUNCT"):
                return False
            if word.key in words and (word.key != "ما" or word.upos == "PART"):
                return True
        return False

    def _negated(self, token: Token) -> bool:
        if self._before(token, _NEGATIONS, 2):
            return True
        return any(
            c.key in _NEGATIONS and c.key != "ما" and c.id < token.id and token.id - c.id <= 4 and c.deprel in ("advmod", "aux", "det", "case")
            for c in token.children
        )

    def _later(self, token: Token) -> bool:
        return any(t.key in _LATER for t in self.tokens[token.id : token.id + 25])

    def _next_nominal(self, token: Token) -> Token | None:
        for word in self.tokens[token.id : token.id + 3]:
            if word.upos in ("NOUN", "PROPN", "X", "NUM"):
                return word
            if word.upos not in ("ADV", "PRON"):
                return None
        return None


def _clash(verb: Token, noun: Token) -> bool:
    """A verb in the feminine singular of the past does not share a masculine singular subject (شكر الرئيس بولندا على ما سلمته)."""
    feminine = verb.upos == "VERB" and verb.key.endswith("ت") and verb.key[:1] not in ("ي", "ت", "ن")
    masculine = noun.upos == "NOUN" and noun.feats.get("Number") == "Sing" and not noun.key.endswith(("ه", "ات"))
    return feminine and masculine


def _future_form(verb: Token) -> bool:
    """سيعيد "will return", the sa- not cut off."""
    return verb.upos == "VERB" and verb.key[:2] in ("سي", "ست", "سن") and len(verb.key) > 4


def _nominative(token: Token) -> bool:
    """A sound masculine plural in ون, which cannot be an object."""
    return token.key.endswith("ون") and len(token.key) > 4 and token.upos != "PRON"


def has_case(token: Token) -> bool:
    """True where a preposition stands before the phrase headed by `token`."""
    return any(c.deprel == "case" and c.id < token.id for c in token.children)
