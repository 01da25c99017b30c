"""Matching the rows of the verb tables on clauses: which row, who is source, who is target, and how real it is.

Words are written once, syntax once: a row names one of seven frames, and each frame is one function below.
"""

import itertools
from collections.abc import Iterator, Sequence

from attrs import define, evolve, field

from coder.actors import NOBODY, UNKNOWN, Actor, ActorFinder, state_of
from coder.casualties import Loss, find_losses, names_people
from coder.clauses import Clause, ClauseReader, Role
from coder.dictionaries import Dictionaries, Reading, VerbRow
from coder.model import Token
from coder.phrases import plural_verb
from coder.protests import complete as complete_protest
from coder.text import folded

_WITH = folded({"مع"})
_BETWEEN = folded({"بين", "مع"})
_AGAINST = folded({"ضد", "علي", "الي", "بحق", "امام", "تجاه"})
_THAT_SHE = folded(
    {"انها", "انه", "انهم", "انهما", "بانها", "بانه", "بانهم", "ايي", "ايا", "اياها", "اياه", "اياهم"}
)  # annahā "that she", iyyāhā "her"
_TOWARDS = folded({"الي", "مع", "ل", "ضد", "عن"})
# Words that point back to a deed: the step(s), the decision, the announcement, the measure, the initiative.
_REACHING = folded({"طال", "طالت", "شمل", "شملت", "استهدف", "استهدفت"})
_DEEDS = folded({"الاتهامات", "الاتهام", "الخطوة", "الخطوات", "القرار", "الإعلان", "الإجراء", "الإجراءات", "المبادرة"})
_NO_ACTOR_BY_NATURE = "its subject is no actor but weather, disease or the like"
_HITS = folded({"تضرب", "يضرب", "يضربون"})
_MISHAPS = folded({"انقلاب", "انحراف", "اصطدام", "جنوح", "تدهور"})  # overturning, swerving, collision, running aground
_VEHICLES = folded({"حافلة", "سيارة", "شاحنة", "مركبة", "عربة", "قطار", "دراجة", "مركب", "قارب", "زورق", "عبارة"})  # bus, car, lorry ... boat, ferry
_MISFORTUNES = ("accident", "disaster", "disease", "weather")
_INCIDENTS = folded({"حادث", "حادثة", "حوادث"})
_DOING = frozenset({"MIL", "REB", "SEP", "INS", "COP", "SPY", "JUD"})
_OF = folded({"ل"})
_STATE = ("GOV", "MIL", "LEG", "JUD", "COP", "PTY")
_AT = folded({"احتجاجا", "للاحتجاج", "تنديدا"})  # in protest at, to protest, in condemnation of
_GOVERNED = frozenset({"CVL", "OPP", "EDU", "LAB", "PTY", "REF", "HRI", "MED", "NGO"})
_TO = folded({"ل", "ضد", "بحق"})
_FROM = folded({"من"})
_UNITED_NATIONS = "IGOUNO"
_SHARING = frozenset({"light", "attempt", "intend", "aspect", "able", "negated"})
_UNREAL = {
    "negated": "negated", "deny": "negated", "end": "negated", "accuse": "alleged", "hypothetical": "hypothetical", "able": "hypothetical",
    "demand": "hypothetical", "appeal": "hypothetical", "reject": "hypothetical", "threaten": "hypothetical", "intend": "future",
}  # fmt: skip
_WEIGHT = {"negated": 4, "hypothetical": 3, "alleged": 2, "future": 1, "actual": 0}
_STATUS_BY_WEIGHT = {weight: status for status, weight in _WEIGHT.items()}
_OBJECT_REACH, _COMPLEMENT_REACH = 9, 18  # words behind the trigger in which its object and its complement may stand
# Protests, riots and bombings are told though nobody is named: who set the bomb is seldom known.
ANONYMOUS = ("14", "183")
_ATTACKS = ("182", "190", "193", "194", "195")  # assault, attack, shooting, shelling, air strike: told as nouns though nobody is named
_WAR_TOLL = 1000
_WORDS_OF_ATTACK = frozenset({"هاجم", "هجوم"})
# Dozens, hundreds, thousands, a million, a number, a group: with the people whom they count they are one subject.
_QUANTITIES = folded({"عشرات", "العشرات", "مئات", "المئات", "آلاف", "الآلاف", "ألف", "ألفا", "مليون", "عدد", "مجموعة", "عدة", "بضعة"})
_VIOLENT = ("18", "19", "20")
_HOSTILE = ("15", "16", "17", *_VIOLENT)
_MATERIAL = ("17", "18", "19", "20")
_GIVEN = ("06", "07", "08", "16")  # deeds that the row's own object noun tells: aid given, steps taken, sanctions imposed
_BY_BODIES = ("04", "05", "06", "07", "111")  # what bodies without a name are told to do, besides what they ask for
_ADDRESSED = frozenset({"appeal", "demand", "accuse"})  # acts done by saying them to somebody
_VERDICTS = ("02", "051", "10", "111")  # appeals, praise, demands, criticism
_TARGETLESS = ("14", *_VIOLENT)  # acts that are told though nobody owns what they hit
_STREET = (
    "141",
    "144",
    "145",
)  # rallies, blocked roads and riots: not what police, army and government do (أغلقت الشرطة الطريق "the police closed the road")
_CARRIERS = frozenset({"light", "passive", "undergo", "happen", "aspect"})


@define
class Hit:
    """A row that matched: the clause it matched on, the actors of each side ((source, target) pairs), the code after refinement, the
    status, the code of the other direction if it has one, and the words (token ids) that the row has used up."""

    row: VerbRow
    clause: Clause
    pairs: list[tuple[Actor, Actor]]
    cameo: str
    status: str
    back: str = ""
    used: set[int] = field(factory=set)
    victims: bool = False  # nobody is named, but the sentence counts the killed or hurt
    unnamed: bool = False  # violence that a report tells without naming anybody


@define
class Miss:
    """A row that almost matched, and the first reason why it did not."""

    row: VerbRow
    token: Token
    reason: str


class FrameMatcher:
    """Matches rows on the clauses of one sentence."""

    def __init__(self, dictionaries: Dictionaries, reader: ClauseReader, finder: ActorFinder) -> None:
        self.dictionaries = dictionaries
        self.reader = reader
        self.finder = finder
        self.tokens = reader.tokens
        self._misses: list[Miss] = []
        self._absent: list[tuple[Token, tuple[VerbRow, ...], list[VerbRow]]] = []
        self._phrases: dict[int, list[tuple[str, list[int]]]] = {}
        self._windows: dict[tuple[int, int], dict[str, list[int]]] = {}
        self._spoken: set[str] | None = None
        self._losses: list[Loss] | None = None
        self._openings = dictionaries.phrase_openings()
        self._dealing: tuple[str, ...] = ()  # the two sides of the sentence's last reciprocal event: who is brought together بوساطة, برعاية

    def misses(self) -> list[Miss]:
        """Rows of the words read that did not match, those that came nearest first."""
        reason = "its object or complement noun does not stand in the clause"
        return [*self._misses, *(Miss(row, token, reason) for token, rows, standing in self._absent for row in rows if row not in standing)]

    def losses(self) -> list[Loss]:
        """The killed and injured that the sentence counts, looked for once."""
        if self._losses is None:
            self._losses = find_losses(self.tokens)
        return self._losses

    def hits(self) -> Iterator[Hit]:
        """Every row that matches, at most one a word; a word that served as the object noun of another row is not an event of its own."""
        used: set[int] = set()
        before: Hit | None = None
        for token_id, readings in self.reader.readings.items():
            if token_id not in used:
                hit = self._first_hit(self.tokens[token_id - 1], readings, before)
                if hit is not None:
                    used |= hit.used
                    before = hit
                    if hit.row.frame == "reciprocal" and hit.pairs:
                        self._dealing = tuple(dict.fromkeys(a.code for pair in hit.pairs for a in pair))
                    yield hit
                    if hit.status == "actual" and hit.pairs and hit.pairs[0][0].country != UNKNOWN:
                        self.finder.context.last_source = hit.pairs[0][0].code

    def _first_hit(self, token: Token, readings: tuple[Reading, ...], before: Hit | None) -> Hit | None:
        half: tuple[Hit, set[int]] | None = None
        for reading in sorted((r for r in readings if r.rows), key=lambda r: self._preference(token, r)):
            clause = None
            for row, used in self._candidates(reading, token):
                clause = clause or self.reader.read(token, reading)
                hit = self._match(row, clause, used, before)
                if hit is not None:
                    if all(target is NOBODY for _, target in hit.pairs):
                        half = half or (hit, used | {token.id + i for i in range(1, len(reading.rest) + 1)})
                        continue  # another row may know the target as well
                    if half is not None and half[1] and not used and row.frame == "object" and row.cameo[:2] != half[0].cameo[:2]:
                        continue  # the row that names more words knows better what it is about
                    hit.used = used | {token.id + i for i in range(1, len(reading.rest) + 1)}
                    return hit
        if half is None or self._object_tells_more(half[1]):
            return None
        half[0].used = half[1]
        return half[0]

    def _object_tells_more(self, used: set[int]) -> bool:
        """Whether an event noun among the words that a row has used up knows both sides by itself: استأنف البلدان محادثاتهما "resumed their talks"."""
        for token_id in used:
            readings = tuple(r for r in self.reader.readings.get(token_id, ()) if r.kind == "masdar" and r.rows)
            for reading in readings:
                clause = self.reader.read(self.tokens[token_id - 1], reading)
                for row, words in self._candidates(reading, clause.token):
                    hit = self._match(row, clause, words, None)
                    if hit is not None and all(NOBODY not in pair for pair in hit.pairs) and not words - used:
                        return True
        return False

    def _preference(self, token: Token, reading: Reading) -> int:
        """Readings that fit the tag first; a sentence that begins with a word that may be a past verb (خطف مسلحون) begins with a verb."""
        verbal = token.upos in ("VERB", "AUX") or self._opens(token)
        first_person = 10 * (reading.person in ("1s", "1p"))  # أضرب "went on strike" before "I hit"
        return (
            first_person
            + {"verb": 0 if verbal else 2, "participle": 1 if not verbal else 2, "masdar": 3 if verbal else 0}[reading.kind]
            - 3 * bool(reading.rest)
            - len(reading.rest)
        )

    def _candidates(self, reading: Reading, token: Token) -> list[tuple[VerbRow, set[int]]]:
        """The rows whose nouns stand in the clause, with these words; of rows that ask for an object the one whose object is nearest comes first."""
        near, around = self._surroundings(reading.rows, token)
        if reading.kind == "verb" and token.id < len(self.tokens) and any(row.complement for row in reading.rows):
            around = self._subject_words(token) | around
        standing = [row for row in reading.rows if _stand(row, near, around)]
        if len(standing) < len(reading.rows):
            self._absent.append((token, reading.rows, standing))
        found = [(row, _nearest_of(row.object, near), _nearest_of(row.complement, around)) for row in standing]
        found.sort(key=lambda fit: (min(fit[1], default=900 if fit[2] else 1000), -len(fit[1]), -len(fit[1] | fit[2])))
        return [(row, objects | complements) for row, objects, complements in found]

    def _surroundings(self, rows: Sequence[VerbRow], token: Token) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """The windows in which the objects and the complements of `rows` may stand; empty where the sentence holds none of those that they ask for."""
        if self._spoken is None:
            self._spoken = {token.key for token in self.tokens}
            openings = [position for position, token in enumerate(self.tokens) if token.key in self._openings]
            self._spoken.update(phrase for position in openings for phrase, _ in self._phrases_at(position))
        spoken = self._spoken
        near = any(not row.object.isdisjoint(spoken) for row in rows)
        around = any(not row.complement.isdisjoint(spoken) for row in rows)
        return self._window(token, _OBJECT_REACH) if near else {}, self._window(token, _COMPLEMENT_REACH) if around else {}

    def _subject_words(self, verb: Token) -> dict[str, list[int]]:
        """The words and phrases of a subject that stands before its verb, as `_window` gives them (سيارة مفخخة انفجرت "a car bomb exploded"), and in
        the nominative those that a subject counts."""
        role = self.reader.subject(verb)
        head = role.head if role is not None else None
        if head is None or head.upos == "PRON":
            return {}
        words = dict(self._phrases_at(head.id - 1)) if head.id < verb.id else {}
        if head.upos == "NUM" or head.key in _QUANTITIES:  # آلاف المتظاهرين, مئة متظاهر: as much a subject as متظاهرون
            for counted in self.tokens[head.id : head.id + 4]:
                if counted.upos == "NOUN":
                    words.setdefault(counted.key.removeprefix("ال").removesuffix("ين").removesuffix("ا") + "ون", [counted.id])
        return words

    def _opens(self, token: Token) -> bool:
        if token.id > 2 or token.id == 2 and self.tokens[0].key != "و" or token.key.startswith("ال") or token.id >= len(self.tokens):
            return False
        following = self.tokens[token.id]
        match = self.finder.by_token.get(following.id)
        return (
            match is not None
            and match.name.kind != "adjective"
            and (following.key.endswith("ون") or match.name.kind in ("country", "entity", "role"))
        )

    def _window(self, token: Token, reach: int) -> dict[str, list[int]]:
        """The words and phrases among the `reach` words after `token` (its objects: after its subject), up to the next finite verb, with the ids of
        their first occurrence."""
        window = self._windows.get((token.id, reach))
        if window is None:
            window = self._windows[token.id, reach] = {}
            antecedent = self.reader.taken_up(token) if reach == _OBJECT_REACH else None
            if antecedent is not None:  # العقوبات التي فرضتها "the sanctions that it imposed": the object stands before its verb
                for phrase, ids in self._phrases_at(antecedent.id - 1):
                    window.setdefault(phrase, ids)
            start, last = self._object_span(token) if reach == _OBJECT_REACH else (token.id, token.id)
            for position in range(start, min(max(start + reach, last), len(self.tokens))):
                if self.tokens[position].upos == "VERB" and position > start:
                    window.setdefault(self.tokens[position].key, [position + 1])
                    break
                if reach == _OBJECT_REACH and self.tokens[position].upos == "SCONJ" and token.upos == "VERB":
                    break  # what is said is no object: شدد على أن الضغوط "stressed that the pressure"
                for phrase, ids in self._phrases_at(position):
                    window.setdefault(phrase, ids)
        return window

    def _object_span(self, token: Token) -> tuple[int, int]:
        """Where the object can begin and end: behind the first of several bare phrases, which is the subject (دمر الجيش منازل "the army destroyed
        houses"), and with the last."""
        bare = self.reader.bare(token) if token.upos == "VERB" and not plural_verb(token) else []
        return (bare[0].last.id, bare[-1].last.id) if len(bare) > 1 else (token.id, token.id)

    def _phrases_at(self, position: int) -> list[tuple[str, list[int]]]:
        """(folded words, their ids) of the three, two and one words from `position` on, as noun classes spell them: phrases without articles,
        possessive pronouns between the words left out (علاقاتها العسكرية "its military relations"); several words only where some row's phrase
        begins with the first."""
        found = self._phrases.get(position)
        if found is None:
            first = self.tokens[position]
            found = self._phrases[position] = [(first.key, [first.id])]
            if first.key in self._openings:
                run = [first, *[t for t in self.tokens[position + 1 : position + 5] if t.upos != "PRON"][:2]]
                keys, ids = [_bare(t.key) for t in run], [t.id for t in run]
                found[:0] = [(" ".join(keys[:n]), ids[:n]) for n in range(len(run), 1, -1)]
        return found

    # ------------------------------------------------------------------------------------------------ one row

    def _match(self, row: VerbRow, clause: Clause, used: set[int], before: Hit | None) -> Hit | None:
        pairs: list[tuple[Actor, Actor]] | str
        unnamed = False
        if before is not None and before.cameo.startswith("14") and row.cameo[:2] in ("02", "05", "10") and clause.reading.kind != "verb":
            pairs = "it is what the protest is for"
        elif before is not None and before.cameo.startswith("14") and row.cameo.startswith("14") and clause.token.key in _AT:
            pairs = "it tells why the protest is held"
        elif row.cameo.startswith("143") and clause.token.key in _HITS and not self._strikers(clause):
            pairs = "what strikes is no worker"
        elif self._by_nature(row, clause):
            pairs = _NO_ACTOR_BY_NATURE
        else:
            pairs = getattr(self, "_frame_" + row.frame)(row, clause)
        if not isinstance(pairs, str) and not row.cameo.startswith(_TARGETLESS) and self._no_actor_does_it(row, clause, used, pairs):
            pairs = "its subject is no actor"
        if before is not None and before.pairs and row.act and self._purpose_of(clause, before):
            pairs = before.pairs[:1]  # a call "to ask for help": the purpose has the actors of what was done for it
        if not isinstance(pairs, str) and row.cameo == "181" and not row.object and self._takes_a_thing(clause, pairs):
            pairs = "what it takes is no person"
        if not isinstance(pairs, str) and row.cameo.startswith(_STREET) and all(source.role in ("COP", "MIL", "GOV") for source, _ in pairs):
            pairs = "who keeps order does not protest"
        if isinstance(pairs, str) and self.finder.context.official and violence_told(row.cameo, clause):
            pairs, unnamed = [(NOBODY, NOBODY)], True
        if pairs != _NO_ACTOR_BY_NATURE and self._body_does_it(row, clause):
            head = clause.subject.head if clause.subject is not None and clause.reading.person not in ("1s", "1p") else None
            body = NOBODY if head is None else evolve(NOBODY, head=head, first=head.id, last=head.id, names=(head.form,))
            if not isinstance(pairs, str):
                pairs = [(body if source is NOBODY else source, target) for source, target in pairs]
            elif (row.act in _ADDRESSED or row.cameo.startswith(_VERDICTS)) and (row.frame != "preposition" or self._judges(row, clause)):
                pairs = [(body, NOBODY)]
            unnamed = True
        if isinstance(pairs, str):
            self._misses.append(Miss(row, clause.token, pairs))
            return None
        if not pairs and self.reader.resolves(clause.token):  # an organ asks its own officers: the paragraph does not name it
            pairs = [(NOBODY, target) for target in self._objects(clause, ()) or self._after(clause, row.prepositions)]
        if row.cameo.startswith("14"):
            pairs = complete_protest(pairs, clause.token, self.finder, self.dictionaries)
        cameo, status = self._mood(row, clause)
        threat = self._threatened(row, clause, status, pairs)
        if threat:
            return threat
        if cameo == "190" and clause.reading.citation in _WORDS_OF_ATTACK and all(self._only_talks(source) for source, _ in pairs):
            cameo = "111"  # نائب يهاجم الحكومة "a deputy attacks the government": with words
        if row.act in ("appeal", "demand", "reject", "threaten", "intend") and cameo == row.cameo and len(cameo) < 4:
            cameo = self.refine(row.act, clause.token, row.cameo)
        back = row.cameo_back if row.frame != "reciprocal" and cameo == row.cameo else ""
        victims = all(source is target is NOBODY for source, target in pairs) and cameo[:2] in _VIOLENT and bool(self._words_of_loss())
        return Hit(row, clause, pairs, cameo, status, back, victims=victims, unnamed=unnamed)

    def _takes_a_thing(self, clause: Clause, pairs: list[tuple[Actor, Actor]]) -> bool:
        """Whether what is abducted is no person that the tables know: خطف الأضواء "stole the limelight", خطفت اسمها "stole its name"."""
        head = clause.object.head if clause.object is not None else None
        if (
            clause.reading.kind != "verb"
            or clause.passive
            or head is None
            or head.upos in ("PRON", "NUM", "PROPN", "X")
            or any(target is not NOBODY for _, target in pairs)
        ):
            return False
        return not any(t.upos == "NUM" or names_people(t.key) for t in self.tokens[clause.token.id : clause.token.id + 6])

    def _only_talks(self, actor: Actor) -> bool:
        """Whether an actor attacks with words alone: parliament, press, university, court, and one person of a party or of the opposition."""
        match = self.finder.by_token.get(actor.head.id) if actor.head is not None else None
        single = match is not None and match.number != "plur" and match.kind in ("person", "role")
        return actor.role in ("LEG", "MED", "EDU", "JUD") or single and actor.role in ("PTY", "OPP", "ELI")

    def _purpose_of(self, clause: Clause, before: Hit) -> bool:
        """Whether an event noun behind li- tells what the contact told before it was for: تلقى اتصالا من ... لطلب المساعدة "received a call to ask for help"."""
        token = clause.token
        return (
            clause.reading.kind == "masdar"
            and self.tokens[token.id - 2].key == "ل"
            and before.cameo.startswith("04")
            and before.clause.token.id < token.id
        )

    def _body_does_it(self, row: VerbRow, clause: Clause) -> bool:
        """Whether an active verb of speech or cooperation has a body for subject whose name is left out (دعت اللجنة إلى التهدئة "the committee called for
        calm"), so that the event is told though the source has no code; or is what a speaker does by saying it (نطالب "we demand")."""
        if clause.reading.kind != "verb" or clause.passive or row.cameo[:2] in _MATERIAL or row.frame == "none":
            return False
        if clause.reading.person in ("1s", "1p"):
            under = any(c.deprel == "mark" for c in clause.token.children)
            return clause.reading.tense == "present" and row.act in _ADDRESSED and not under
        return self._own_body(clause) is not None

    def _own_body(self, clause: Clause) -> Token | None:
        """The subject beside the verb, where it is a word for a body that nothing names."""
        role = clause.subject
        if role is None or role.head is None or role.rule.startswith(("shared", "antecedent")) or not self.finder.is_body(role.head):
            return None
        return role.head if not self.finder.resolve(role.head) else None

    def _strikers(self, clause: Clause) -> bool:
        """Whether people who can stop working are the subject of a spelling that also means "hits" (تضرب tuḍrib, taḍrib)."""
        return any(a.role in ("LAB", "EDU", "CVL", "HLH", "AGR", "BUS", "MED", "OPP", "REF") for a in self._actors(clause.subject))

    def _by_nature(self, row: VerbRow, clause: Clause) -> bool:
        """Floods sweep, diseases attack, prices fall: words of other topics as subject; or people die where the sentence tells of an accident,
        a disaster or a disease and of no attack."""
        role = clause.subject
        topic, _ = self.dictionaries.off_topic.get(role.head.key, ("", 0.0)) if role is not None and role.head is not None else ("", 0.0)
        if topic not in ("", "sport"):  # a striker (مهاجم) is an attacker as well
            return True
        if self.finder.context.official:
            return False  # "incidents" of the reports of organisations are seldom accidents
        people = self.dictionaries.classes.get("CIVIL_PERSON", frozenset())
        if row.cameo[:2] not in _VIOLENT or row.object or not row.complement <= people:
            return False
        attacks = self.dictionaries.classes.get("ATTACK_W", frozenset())
        around = self.tokens[max(0, clause.token.id - 12) : clause.token.id + 20]
        if any(t.key in attacks for t in around):
            return False
        if self._overturned(self.tokens):
            return True
        words = [self.dictionaries.off_topic.get(t.key, ("", 0.0)) for t in around if not self._incident_of_violence(t)]
        return sum(weight for topic, weight in words if topic in _MISFORTUNES) >= 1

    def _overturned(self, around: list[Token]) -> bool:
        """انقلاب حافلة "the overturning of a bus", انحراف سيارة "a car that left the road": a word of mishap before a vehicle."""
        return any(a.key in _MISHAPS and b.key.removeprefix("ال") in _VEHICLES for a, b in itertools.pairwise(around))

    def _incident_of_violence(self, token: Token) -> bool:
        """حادث عنف "an incident of violence", حوادث إطلاق النار "shootings": no accidents."""
        following = self.reader.readings.get(token.id + 1, ())
        return token.key in _INCIDENTS and any(r.kind == "masdar" and r.rows and r.rows[0].cameo[:2] in _VIOLENT for r in following)

    def _no_actor_does_it(self, row: VerbRow, clause: Clause, used: set[int], pairs: list[tuple[Actor, Actor]]) -> bool:
        """Whether an active verb has a noun of its own for subject that the actor tables do not know: القرار يدعم مصر "the decision supports Egypt"."""
        role = clause.subject
        if clause.reading.kind != "verb" or clause.passive or role is None or role.head is None or role.head.upos == "PRON":
            return False
        if self.reader.resolves(clause.token) or self._own_body(clause) is not None and (row.act in _ADDRESSED or row.cameo.startswith(_BY_BODIES)):
            return False
        if role.head.id in used or self.finder.resolve(role.head):
            return False  # رفعت العقوبات "the sanctions were lifted": the row's own noun
        return all(source is NOBODY for source, _ in pairs)

    def _actors(self, role: Role | None) -> tuple[Actor, ...]:
        if role is None or role.head is None:
            return ()
        if role.head.upos == "PRON" and role.head.key == "هما":
            return self.finder.both(role.head)
        if role.head.upos == "PRON" or role.head.key in _THAT_SHE:
            return self._pronoun(role.head)
        return self.finder.resolve(role.head)

    def _pronoun(self, token: Token, own: frozenset[str] = frozenset()) -> tuple[Actor, ...]:
        code = self.finder.antecedent(token, own)
        return (Actor(code, token, token.id, token.id),) if code else ()

    def _subject(self, clause: Clause) -> tuple[Actor, ...]:
        """The actors that do it; a subject left out is the speaker (first person) or whoever the story spoke of last."""
        if clause.reading.kind == "masdar":
            return self._masdar_agent(clause)
        if clause.reading.person in ("1p", "1s"):
            return self._speaker(clause)
        if self.reader.resolves(clause.token):
            return self._organ(clause.token)
        actors = self._actors(clause.subject)
        if actors or clause.subject is not None and clause.subject.head is not None and clause.subject.head.upos != "PRON":
            return actors
        code = self.finder.antecedent(clause.token)
        return (Actor(code, clause.token, clause.token.id, clause.token.id),) if code else ()

    def _organ(self, token: Token) -> tuple[Actor, ...]:
        """The organ whose resolution this is: the organisation that the story has as subject, else the United Nations."""
        code = self.finder.context.subject
        return (Actor(code if code.startswith("IGO") else _UNITED_NATIONS, token, token.id, token.id),)

    def _speaker(self, clause: Clause) -> tuple[Actor, ...]:
        for governor in clause.governors:
            if governor.effect == "say":
                actors = self._actors(self.reader.subject(governor.token))
                if actors:
                    return actors
        code = self.finder.context.speaker or self.finder.context.subject
        return (Actor(code, clause.token, clause.token.id, clause.token.id),) if code else ()

    def _after(self, clause: Clause, prepositions: frozenset[str]) -> tuple[Actor, ...]:
        for _, head in self.reader.after(clause.token, prepositions):
            if head.upos == "PRON":
                actors = self._pronoun(head, self._own_countries(clause.token))
            else:
                actors = self.finder.resolve(head) or self._maker(head) or self._doer_of(head, self._own_countries(clause.token))
            if actors:
                return actors
        return ()

    def _doer_of(self, head: Token, own: frozenset[str]) -> tuple[Actor, ...]:
        """Who did what a word like الخطوة "the step" or القرار "the decision" points back to: the source of the event told last."""
        code = self.finder.context.last_source or self.finder.context.subject
        return (Actor(code, head, head.id, head.id),) if head.key in _DEEDS and code and code[:3] not in own else ()

    def _them(self, clause: Clause) -> tuple[Actor, ...]:
        """Whom a plural pronoun in the rest of the clause stands for: أطلقت ... لتفريقهم "to disperse them", اعتقلت أربعين منهم "forty of them"."""
        for token in self.tokens[clause.token.id + 1 : clause.token.id + 12]:
            if token.upos in ("VERB", "PUNCT"):
                return ()
            if token.upos == "PRON" and token.key == "هم":
                return self._pronoun(token, self._own_countries(clause.token))
        return ()

    def _maker(self, head: Token) -> tuple[Actor, ...]:
        """Who made the thing that a relative clause tells of: تعديلات أقرتها الحكومة "amendments that the government passed"."""
        verb = self.reader.relative_verb(head)
        return self._actors(self.reader.subject(verb)) if verb is not None else ()

    def _masdar_agent(self, clause: Clause) -> tuple[Actor, ...]:
        """Agent of a verbal noun: its nationality adjective, من قبل, the subject of its light verb, or its genitive."""
        adjectives = self._nationalities(clause.token)
        if adjectives:
            return adjectives[:1]
        agent = self.reader.agent(clause.token)
        if agent is not None and self.finder.resolve(agent):
            return self.finder.resolve(agent)
        carrier = self.reader.relative_carrier(clause.token)
        if carrier is not None:
            return self._actors(self.reader.subject(carrier))
        for governor in clause.governors:
            if governor.effect in _SHARING or governor.effect == "happen" and clause.token.deprel == "obj":
                role = self.reader.subject(governor.token)
                if governor.reading.kind == "masdar":  # قيام الجيش بنهب "the army's looting"
                    genitive = self.reader.genitive(governor.token)
                    role = Role(genitive, "genitive") if genitive is not None and genitive is not clause.token else role
                actors = self._actors(role) if role is not None and role.head is not clause.token else ()
                if actors:
                    return actors
            if governor.effect == "say" and clause.token.parent is governor.token and clause.token.deprel == "obj":
                actors = self._actors(self.reader.subject(governor.token))
                if actors and actors[0].role in _DOING:
                    return actors  # أعلن الجيش إسقاط طائرة "the army announced the downing of a plane": its own deed
        return ()

    def _nationalities(self, token: Token) -> tuple[Actor, ...]:
        found = []
        for adjective in self.reader.adjectives(token):
            match = self.finder.by_token.get(adjective.id)
            if match is not None and match.name.kind in ("adjective", "country") and self.reader.describes(adjective, token):
                found.append(Actor(match.code[:3], adjective, adjective.id, adjective.id, (match.name.name,)))
        return tuple(found)

    def _sufferer(self, clause: Clause) -> tuple[Actor, ...]:
        """Subject of a governing تعرّض ل "was exposed to"."""
        for governor in clause.governors:
            if governor.effect == "undergo":
                return self._actors(self.reader.subject(governor.token))
        return ()

    # ------------------------------------------------------------------------------------------------ the frames

    def _unnamed(self, row: VerbRow, clause: Clause, reason: str) -> list[tuple[Actor, Actor]] | str:
        """A bombing, a protest or an attack is told though it names nobody, and so are people killed or hurt (قتل سبعة أشخاص "seven people were
        killed"); of anything else `reason` says what is missing."""
        if row.act:
            return reason
        anonymous = row.cameo.startswith(ANONYMOUS) and (row.object or row.frame in ("none", "undergo", "preposition"))
        attack = row.frame == "preposition" and row.cameo.startswith(_ATTACKS) and self._befalls(clause)
        reach = 6 if row.complement and row.frame == "undergo" else 1  # سقوط خمسة قتلى "the fall of five dead"
        if anonymous or attack:
            return [(NOBODY, NOBODY)]
        violent = row.cameo[:2] in _VIOLENT and row.frame in ("object", "undergo")
        harmed = violent and any(clause.token.id <= word < clause.token.id + reach for word in self._words_of_loss())
        return [(NOBODY, NOBODY)] if harmed else reason

    @staticmethod
    def _befalls(clause: Clause) -> bool:
        """Whether a noun of attack stands right under a verb that says that it befell somebody or cost lives: تعرض لهجوم, أوقعت هجمات ... قتلى."""
        token = clause.token
        return any(
            g.effect in ("result", "happen") or g.effect == "undergo" and g.reading.governing[0].prepositions
            for g in clause.governors
            if token.parent is g.token and g.reading.kind == "verb"
        )

    def _words_of_loss(self) -> frozenset[int]:
        """Ids of the words by which the sentence tells how many were killed or hurt in one event: thousands are the toll of a war."""
        return frozenset(loss.word + 1 for loss in self.losses() if not loss.apart and all(part.low < _WAR_TOLL for part in loss.parts))

    def _frame_object(self, row: VerbRow, clause: Clause) -> list[tuple[Actor, Actor]] | str:
        if clause.reading.kind == "masdar":
            return self._masdar_object(row, clause)
        subjects = self._subject(clause)
        objects = self._objects(clause, subjects)
        if clause.reading.kind == "participle" and clause.reading.voice == "pass":
            return "a passive participle tells no event"
        if clause.passive or self._tells_who_suffered(row, clause, subjects):
            sufferers = self._sufferers(clause) or objects
            return _cross(self._cause(clause), sufferers) if sufferers else self._unnamed(row, clause, "nobody suffers it")
        if not objects and clause.reading.kind == "verb":
            objects = self._linear_object(clause.token, subjects)
        if row.object and not objects:
            objects = self._after(clause, _AGAINST | {"ل", "من"})
        if row.act and not objects:
            objects = self._addressee(clause, subjects)
        if not objects and subjects and clause.reading.kind == "verb":
            objects = self._them(clause) or self._deed(clause, subjects)
        return _cross(subjects, objects) if subjects or objects else self._unnamed(row, clause, "neither subject nor object is an actor")

    def _tells_who_suffered(self, row: VerbRow, clause: Clause, subjects: tuple[Actor, ...]) -> bool:
        """A material verb in the past that names one side only is passive (قتل جنود "soldiers were killed"), but who arrests is not arrested."""
        if row.cameo[:2] not in _MATERIAL or row.act or clause.reading.kind != "verb" or clause.reading.tense != "past":
            return False
        if row.object and not self._names_people(clause):
            return False
        arrests = row.cameo.startswith("17") and bool(subjects) and subjects[0].role in ("COP", "GOV", "JUD", "SPY", "MIL")
        return not arrests and self.reader.shows_passive(clause)

    def _names_people(self, clause: Clause) -> bool:
        """Whether the one phrase behind the verb names an actor, so that it may have suffered (not أطلقت النار "fire was opened")."""
        bare = self.reader.bare(clause.token)
        return len(bare) == 1 and bool(self.finder.resolve(bare[0].head))

    def _objects(self, clause: Clause, subjects: tuple[Actor, ...]) -> tuple[Actor, ...]:
        """Actors of the object; a pronoun stands for the nearest actor before it that is not the subject."""
        speaks = clause.reading.kind == "verb" and clause.reading.person in ("1s", "1p")
        if (speaks or self.reader.resolves(clause.token)) and (bare := self.reader.bare(clause.token)):
            return self.finder.resolve(bare[0].head)
        head = clause.object.head if clause.object is not None else None
        following = self.tokens[clause.token.id] if clause.token.id < len(self.tokens) else None
        if following is not None and following.key in _THAT_SHE and clause.reading.kind == "participle":
            head = following
        if head is None or head.upos != "PRON" and head.key not in _THAT_SHE:
            return self._actors(clause.object)
        own = {s.country for s in subjects}
        for match in reversed(self.finder.matches):
            if match.last < clause.token.id and match.name.kind != "adjective":
                actors = self.finder.resolve(self.tokens[match.first - 1])
                foe = actors and actors[0].role in ("REB", "SEP", "OPP", "INS", "PTY") and actors[0].code not in {s.code for s in subjects}
                if actors and (actors[0].country not in own or foe) and actors[0].country != UNKNOWN:
                    return actors
        code = next((c for c in reversed(self.finder.context.mentioned) if c[:3] not in own), "")
        return (Actor(code, head, head.id, head.id),) if code else ()

    def _linear_object(self, token: Token, subjects: tuple[Actor, ...]) -> tuple[Actor, ...]:
        """The noun phrase that follows the subject in the order verb, subject, object, where the tree has lost it: the first name after the
        subject that stands after no preposition, is no further subject, and does not belong to the subject (title and name)."""
        close = self.reader.insertion_after(token)
        start = max([token.id, *(s.last for s in subjects if s.head is not token and s.last < token.id + 25)])
        own = {s.country for s in subjects}
        skip = False
        for word in self.tokens[max(start, close) : max(start, close) + 12]:
            if word.upos == "VERB" or word.form in ("؛", ".", ":") or word.form == "،" and not close:
                return ()
            if word.upos == "ADP" or word.key in ("و", "ضد", "مع"):
                skip = True
                continue
            match = self.finder.by_token.get(word.id)
            if match is None or word.key.endswith("ون"):
                continue
            if match.first != word.id or match.name.kind == "adjective" or match.name.kind == "person" and match.code[:3] in own:
                continue
            if skip:
                skip = match.name.kind in ("role", "carrier")
                continue
            return self.finder.resolve(word)
        return ()

    def _sufferers(self, clause: Clause) -> tuple[Actor, ...]:
        """Whom a passive verb names: its own subject, else its object, else the subject that it shares."""
        own = clause.subject is not None and not clause.subject.rule.startswith("shared")
        first, second = (clause.subject, clause.object) if own else (clause.object, clause.subject)
        return self._actors(first) or self._actors(second)

    def _doers(self, clause: Clause) -> tuple[Actor, ...]:
        """Subject of a verb that takes no direct object: a noun directly after it is the subject, even where the tree shares another one."""
        if clause.subject is not None and clause.subject.rule.startswith("shared") and clause.reading.kind == "verb":
            head = clause.object.head if clause.object is not None else None
            if head is not None and head.upos != "PRON" and head.id <= clause.token.id + 2 and self.finder.resolve(head):
                return self.finder.resolve(head)
        return self._subject(clause)

    def _addressee(self, clause: Clause, subjects: tuple[Actor, ...]) -> tuple[Actor, ...]:
        """An actor in the content of a demand, appeal or threat that names no addressee."""
        own = {s.code[:3] for s in subjects}
        inside = [m for m in self.finder.matches if clause.token.id < m.first < clause.token.id + 14]
        for match in inside:
            if match.name.kind not in ("role", "carrier") and match.code[:3] not in own:
                word = self.tokens[match.first - 1]
                return self.finder.resolve(word.parent if match.name.kind == "adjective" and word.parent is not None else word)
        if subjects and subjects[0].role in _GOVERNED:  # what citizens demand at home they demand of their government
            return next((self.finder.resolve(self.tokens[m.first - 1]) for m in inside if m.kind == "role" and m.code == "GOV"), ())
        return ()

    def _cause(self, clause: Clause) -> tuple[Actor, ...]:
        """Who did what a passive verb reports: the agent phrase, else the attacker in the circumstances (في مواجهات مع, في غارة روسية)."""
        agent = self.reader.agent(clause.token)
        if agent is not None and self.finder.resolve(agent):
            return self.finder.resolve(agent)
        for noun in self.reader.circumstances(clause.token):
            found = self._nationalities(noun) or self.finder.resolve(next((h for _, h in self.reader.after(noun, _WITH, 8)), None))
            found = found or self._attacker_after(noun)
            if found:
                return found
        return ()

    def _attacker_after(self, noun: Token) -> tuple[Actor, ...]:
        """The armed actor named within six words of an attack noun: في كمين نصبه مسلحون "in an ambush laid by gunmen"."""
        for word in self.tokens[noun.id : noun.id + 6]:
            match = self.finder.by_token.get(word.id)
            if match is not None and match.code[-3:] in ("UAF", "REB", "INS", "MIL", "COP", "SEP") and not self._describes_attack(word, noun):
                return self.finder.resolve(word)
        return ()

    def _describes_attack(self, word: Token, noun: Token) -> bool:
        """هجوم انتحاري "suicide attack", هجوم مسلح "armed attack": an adjective of the attack is no attacker."""
        return word.upos == "ADJ" or word.id == noun.id + 1 and word.key.startswith("ال") == noun.key.startswith("ال")

    def _masdar_object(self, row: VerbRow, clause: Clause) -> list[tuple[Actor, Actor]] | str:
        genitive = self._actors(clause.object)
        agents, sufferers = self._masdar_agent(clause), self._sufferer(clause)
        if any(g.effect == "passive" for g in clause.governors) and genitive:
            return _cross(agents, genitive)
        marked = self._after(clause, _TO)
        if sufferers:
            return _cross(agents or self._after(clause, _FROM) or genitive, sufferers)
        if agents:
            return _cross(agents, marked or genitive or self._after(clause, _AGAINST))
        if genitive and marked and genitive[0].code != marked[0].code:
            return _cross(genitive, marked)
        return _cross((), genitive or marked) if genitive or marked else self._unnamed(row, clause, "the noun names neither agent nor patient")

    def _frame_preposition(self, row: VerbRow, clause: Clause) -> list[tuple[Actor, Actor]] | str:
        if clause.reading.kind == "masdar":
            sources = self._masdar_agent(clause) or self._actors(clause.object)
            sufferers = self._sufferer(clause)
            targets = sufferers or self._after(clause, row.prepositions)
            if sufferers and not self._nationalities(clause.token):
                sources = self._after(clause, _FROM) or self._actors(clause.object)
            if targets or sources and clause.told and row.cameo[:2] in _VIOLENT:
                return _cross(sources, targets)
            return self._unnamed(row, clause, "no actor after " + "، ".join(row.prepositions))
        if clause.passive:
            sources, targets = self._cause(clause), self._after(clause, row.prepositions)
            sources = sources or self._possessor(clause)
        else:
            sources, targets = self._doers(clause), self._after(clause, row.prepositions)
        targets = targets or self._recipient(clause, sources)
        if row.object and sources and not targets:
            return _cross(sources, self._them(clause))
        if _named(sources) and not targets and self._judges(row, clause):
            return _cross(sources, ())
        return _cross(sources, targets) if targets else self._unnamed(row, clause, "no actor after " + "، ".join(row.prepositions))

    def _recipient(self, clause: Clause, sources: tuple[Actor, ...]) -> tuple[Actor, ...]:
        """Who is given something without a preposition, between the giver and the gift: منحت فرنسا مالي قرضا "France granted Mali a loan"."""
        bare = self.reader.bare(clause.token) if clause.reading.kind == "verb" and not clause.passive and len(sources) == 1 else []
        giver = sources[0].head if sources else None
        if len(bare) != 3 or giver is None or bare[0].head is not giver:
            return ()
        match = self.finder.by_token.get(bare[1].head.id)
        named = match is not None and match.kind in ("country", "capital", "entity")
        return tuple(a for a in self.finder.resolve(bare[1].head) if a.code != sources[0].code) if named else ()

    def _judges(self, row: VerbRow, clause: Clause) -> bool:
        """Whether an actor welcomes, condemns or asks for a thing that is nobody's: رحّبت بنتائج الاقتراع "welcomed the outcome of the vote"."""
        if clause.reading.kind != "verb" or clause.passive:
            return False
        if row.object and row.cameo.startswith(_GIVEN):
            return True  # قدّمت السعودية مساعدات عاجلة "gave urgent aid": the noun tells the deed, whoever received it
        if not row.cameo.startswith(_VERDICTS) or row.cameo[:2] in ("02", "10") and not row.act:
            return False
        return any(True for _ in self.reader.after(clause.token, row.prepositions, 12))

    def _possessor(self, clause: Clause) -> tuple[Actor, ...]:
        """Nationality of the thing done in a passive: فُرضت عقوبات أوروبية "European sanctions were imposed"."""
        role = clause.subject or clause.object
        return self._nationalities(role.head) or self.finder.resolve(role.head) if role is not None and role.head is not None else ()

    def _frame_none(self, row: VerbRow, clause: Clause) -> list[tuple[Actor, Actor]] | str:
        sources = self._cause(clause) if clause.passive else self._subject(clause)
        if clause.reading.kind == "masdar":
            sources = sources or self._actors(clause.object) or self._after(clause, _OF)
        shared = clause.reading.kind == "verb" and (clause.subject is None or clause.subject.rule.startswith("shared"))
        if not sources and (not row.cameo.startswith("14") or row.cameo.startswith("144") and shared):
            return "no subject"  # whoever else closes a road does not protest
        if not sources and not row.object and clause.subject is None:
            sources = self._actors(clause.object)  # تظاهر آلاف "thousands demonstrated": who protests is no object, whatever the tree says
        if row.act:
            return _cross(sources, tuple(self._between(clause.token)) or self._after(clause, _TOWARDS) or self._addressee(clause, sources))
        targets = self._after(clause, row.prepositions | _AGAINST)
        told = _cross(sources, targets or self._reached(clause) or self._deed(clause, sources))
        return told if told or not row.cameo.startswith("14") else _cross(sources, ())  # those of whom it is demanded may have their code

    def _reached(self, clause: Clause) -> tuple[Actor, ...]:
        """Whom a wave of arrests or raids reached: حملة اعتقالات طالت المحتجين "that hit the protesters"."""
        if clause.reading.kind != "masdar":
            return ()
        for word in self.tokens[clause.token.id : clause.token.id + 6]:
            if word.upos == "VERB":
                return self._actors(self.reader.object(word)) if word.key in _REACHING else ()
        return ()

    def _deed(self, clause: Clause, sources: tuple[Actor, ...]) -> tuple[Actor, ...]:
        """Who did the deed that stands as object: رفضت القرار "rejected the decision", نفت الاتهامات "denied the accusations"."""
        head = clause.object.head if clause.object is not None else None
        return self._doer_of(head, frozenset(s.country for s in sources)) if head is not None else ()

    def _frame_possession(self, row: VerbRow, clause: Clause) -> list[tuple[Actor, Actor]] | str:
        if clause.reading.kind == "masdar":
            return self._masdar_object(row, clause)
        subjects = self._subject(clause)
        if clause.passive or self._tells_who_suffered(row, clause, subjects):
            sufferers = self._sufferers(clause)
            return _cross(self._cause(clause), sufferers) if sufferers else self._unnamed(row, clause, "nobody suffers it")
        objects = self._objects(clause, subjects) or self._linear_object(clause.token, subjects) or self._after(clause, _OF)
        own = {s.country for s in subjects if s.role in ("", *_STATE)}
        objects = tuple(o for o in objects if o.country not in own or o.role not in ("", "GOV"))
        if objects or subjects and row.cameo.startswith(_TARGETLESS) and clause.reading.kind == "verb":
            return _cross(subjects, objects)
        if _named(subjects) and row.act in ("appeal", "demand") and clause.reading.kind == "verb":
            return _cross(subjects, ())  # أوصت اللجنة بإجراء تحقيق "recommended an inquiry"
        return self._unnamed(row, clause, "the object belongs to nobody known")

    def _frame_undergo(self, row: VerbRow, clause: Clause) -> list[tuple[Actor, Actor]] | str:
        masdar = clause.reading.kind == "masdar"
        targets = (self._actors(clause.object) or self._sufferer(clause)) if masdar else self._sufferers(clause)
        if masdar and row.complement and not targets:
            targets = self._after(clause, _FROM)  # سقوط قتلى من الجيش "dead among the army"
        return _cross(self._cause(clause), targets) if targets else self._unnamed(row, clause, "nobody suffers it")

    def _frame_reciprocal(self, row: VerbRow, clause: Clause) -> list[tuple[Actor, Actor]] | str:
        parties = self._parties(clause, row.prepositions)
        if len(parties) == 1 and clause.reading.kind == "verb" and row.cameo.startswith("04"):
            return self._with_somebody(clause, parties[0])
        if len(parties) == 1 and clause.reading.kind == "verb" and (row.object or row.complement) and _named(tuple(parties)):
            return [(parties[0], NOBODY)] if parties[0] in self._subject(clause) else "fewer than two parties"
        if len(parties) < 2:
            return "fewer than two parties"
        return [(a, b) for a in parties for b in parties if a.code != b.code]

    def _with_somebody(self, clause: Clause, party: Actor) -> list[tuple[Actor, Actor]] | str:
        """A meeting of one known party with a body that the tables do not know, named as subject or after مع "with"."""
        role = clause.subject
        subject = role is not None and role.head is not None and self.finder.is_body(role.head) and not self.finder.resolve(role.head)
        return [(NOBODY, party), (party, NOBODY)] if subject else "fewer than two parties"

    def _parties(self, clause: Clause, prepositions: frozenset[str]) -> list[Actor]:
        """All sides of a reciprocal event, in the order of the text."""
        token = clause.token
        if clause.reading.kind == "masdar":
            adjectives = self._nationalities(token)
            sufferers = self._sufferer(clause)
            first = (
                adjectives or (*self._after(clause, _FROM), *sufferers)
                if sufferers
                else adjectives or self._masdar_agent(clause) or self._actors(clause.object)
            )
        else:
            first = self._doers(clause) or (self._actors(clause.object) if clause.object and clause.subject is None else ())
        found = list(first)
        if clause.reading.kind != "masdar" and clause.object is not None and len(found) < 2:
            found += list(self._actors(clause.object))
        if _distinct(found) < 2 or clause.reading.kind == "masdar" and len(first) < 2:
            between = self._between(token, prepositions | _BETWEEN)
            found = between if _distinct(between) >= 2 else found + between
        told = any(t.key in ("هذه", "هذا") for t in self.tokens[max(0, token.id - 3) : token.id]) or any(
            g.effect in ("happen", "light") and g.reading.kind == "verb" for g in clause.governors
        )
        if _distinct(found) < 2 and token.key.startswith("ال") and told:
            found = [Actor(state_of(code), token, token.id, token.id) for code in self.finder.context.parties]
        if _distinct(found) < 2 and clause.reading.person.endswith("d") and len(self._dealing) == 2:
            found = [Actor(code, token, token.id, token.id) for code in self._dealing]  # التقيا ... ووقعا "they met and (both) signed"
        return list({a.code: a for a in found}.values())

    def _between(self, token: Token, prepositions: frozenset[str] = _BETWEEN) -> list[Actor]:
        """Parties after بين bayna "between" or مع maʿa "with"; أذربيجان وأرمينيا count singly even where the tree hangs the second one elsewhere."""
        for word, head in self.reader.after(token, prepositions, 18):
            actors = list(self._pronoun(head, self._own_countries(token)) if head.upos == "PRON" else self.finder.resolve(head))
            if word == "بين" and _distinct(actors) < 2:
                actors += self._coordinated_after(head)
            if actors:
                return actors
        return []

    def _own_countries(self, token: Token) -> frozenset[str]:
        """Countries of the subject of the verb `token`, which a pronoun beside it does not stand for."""
        return frozenset(a.country for a in self._actors(self.reader.subject(token))) if token.upos == "VERB" else frozenset()

    def _coordinated_after(self, head: Token) -> list[Actor]:
        for token in self.tokens[head.id : head.id + 9]:
            if token.key == "و" and token.id < len(self.tokens):
                return list(self.finder.resolve(self.tokens[token.id]))
        return []

    def _frame_mediation(self, row: VerbRow, clause: Clause) -> list[tuple[Actor, Actor]] | str:
        token = clause.token
        if clause.reading.kind == "masdar":
            sources = self._nationalities(token)[:1] or self._actors(clause.object) or self._after(clause, _FROM) or self._masdar_agent(clause)
        else:
            sources = self._subject(clause)
        if not sources:
            return "no mediator"
        parties = [a for a in self._between(token) if a.country != sources[0].country]
        if _distinct(parties) < 2:
            codes = self._dealing or self.finder.context.parties or tuple(self._other_countries(sources[0]))
            if sources[0].country in {code[:3] for code in codes}:
                return "its subject is a side itself"
            parties = [Actor(code, token, token.id, token.id) for code in codes]
        return _cross(sources, tuple(parties)) if parties else "no parties"

    def _other_countries(self, own: Actor) -> list[str]:
        named = [
            m for m in self.finder.matches
            if m.name.kind in ("country", "capital", "entity") and m.code[:3] != own.country and (m.first < 2 or self.tokens[m.first - 2].key not in ("في", "ب"))
        ]  # fmt: skip
        return list(dict.fromkeys(m.code for m in named))[:2]

    # ------------------------------------------------------------------------------------------------ mood and finer codes

    def _mood(self, row: VerbRow, clause: Clause) -> tuple[str, str]:
        """(code, status): what is only planned becomes an intent (03), what is denied, feared or alleged is marked so."""
        usual = self._usual(clause) or self._generic(row, clause)
        weight = 4 if clause.negated else 3 if clause.hypothetical or usual else 0
        intend = clause.future
        for governor in clause.governors:
            own_row = any(r.act for r in governor.reading.rows)
            if governor.effect == "intend" and not own_row:
                intend = True
                continue
            status = _UNREAL.get(governor.effect, "actual")
            if governor.effect == "able" and governor.reading.tense == "past":
                status = "actual"  # تمكنت من "managed to" tells that it was done
            if governor.effect == "intend":
                status = "hypothetical"
            weight = max(weight, _WEIGHT[status])
        if intend and weight == 0:
            code = self._topic_code("intend", row.cameo, set())
            if code:
                return code, "actual"
            return row.cameo, "future"
        return row.cameo, _STATUS_BY_WEIGHT[weight]

    def _threatened(self, row: VerbRow, clause: Clause, status: str, pairs: list[tuple[Actor, Actor]]) -> Hit | None:
        """What a speaker says that the own side will do to another is a threat: حذر من أن بلاده ستوقف مساعداتها لكينيا "warned that his country would stop its
        aid to Kenya"."""
        if not clause.future or status not in ("future", "hypothetical") or row.cameo[:2] not in _HOSTILE or clause.negated:
            return None
        above = next((g for g in clause.governors if g.effect in ("say", "threaten") and g.reading.kind == "verb"), None)
        speakers = self._actors(self.reader.subject(above.token)) if above is not None else ()
        made = [(s, t) for s in speakers for source, t in pairs if s.country == source.country != UNKNOWN and t.country not in (UNKNOWN, s.country)]
        if not made:
            return None
        code = self._topic_code("threaten", row.cameo, set()) or ("138" if row.cameo[:2] in ("15", *_VIOLENT) else "130")
        return Hit(row, clause, list(dict.fromkeys(made)), code, "actual")

    def _usual(self, clause: Clause) -> bool:
        """What states that nobody names do in the present is a habit (بعض الدول تفرض قيودا "some states impose restrictions"), except in documents
        of an organisation, which report on them."""
        if clause.reading.kind != "verb" or clause.reading.tense != "present" or self.finder.context.official:
            return False
        return any(actor.code == "UIS" for actor in self._actors(clause.subject))

    def _generic(self, row: VerbRow, clause: Clause) -> bool:
        """Violence told in the present tense is a habit, a plan or an opinion (يقتلون الأبرياء "they kill the innocent"), except in a headline
        and where a word above says that it goes on; a noun of violence that nothing carries tells a fact only where the sentence takes it for one. So does
        a noun of violence or protest that only nouns carry (بصدد شن هجوم "about to launch an attack", للمشاركة في مظاهرة "to join a rally")."""
        violent = row.cameo[:2] in _VIOLENT
        if clause.reading.kind != "masdar":
            return violent and clause.reading.kind == "verb" and self._habit(clause.token, clause.reading)
        carriers = [g for g in clause.governors if g.effect in _CARRIERS]
        if carriers and all(g.reading.kind == "masdar" for g in clause.governors) and (violent or row.cameo.startswith("14")):
            return not any(self.reader.presupposed(word) for word in (clause.token, *(g.token for g in carriers)))
        if not violent:
            return False
        parent = clause.token.parent
        if not carriers and clause.token.deprel == "nsubj" and parent is not None and parent.upos != "VERB":
            return True  # إن هجوما عليها هو الحل "an attack on it is the solution"
        if not clause.governors:
            return not self.reader.presupposed(clause.token)
        first = carriers[0] if carriers else None
        if first is None or row.frame == "reciprocal" or first.effect in ("happen", "aspect"):  # تجري اشتباكات "clashes are going on"
            return False
        return first.reading.kind == "verb" and self._habit(first.token, first.reading)

    def _habit(self, verb: Token, reading: Reading) -> bool:
        """Whether a verb in the present tense tells what is done now and then: not in a headline."""
        return reading.tense == "present" and (not self.reader.headline or verb.id > 12 or verb.deprel.startswith("acl"))

    def refine(self, act: str, token: Token, base: str) -> str:
        """CAMEO's finer code for what is demanded, appealed for, refused, threatened or intended, by the nearest word that a topic knows."""
        for position in range(token.id, min(token.id + 22, len(self.tokens))):
            word = self.tokens[position]
            if word.id in self.reader.named:
                continue
            fitting = self._fitting_rows(word)
            places = [position, *(i - 1 for _, used in fitting for i in sorted(used))]
            phrases = {phrase for i in places for phrase, _ in self._phrases_at(i)}
            for code, words in [("", phrases), *((code, set[str]()) for code, _ in fitting)]:
                finer = self._topic_code(act, code, words)
                if finer:
                    return finer
        return base

    def _fitting_rows(self, word: Token) -> list[tuple[str, set[int]]]:
        """(code, words used) of the first row of each reading of `word` whose nouns stand in the clause."""
        found = []
        for reading in self.reader.readings.get(word.id, ()):
            if (reading.kind == "verb") == (word.upos == "VERB"):
                near, around = self._surroundings(reading.rows, word)
                row = next((row for row in reading.rows if _stand(row, near, around)), None)
                found += [(row.cameo, _nearest_of(row.object, near) | _nearest_of(row.complement, around))] if row else []
        return found

    def _topic_code(self, act: str, cameo: str, phrases: set[str]) -> str:
        for topic in self.dictionaries.topics:
            if act in topic.codes and (phrases & topic.nouns or cameo and cameo.startswith(topic.prefixes or ("?",))):
                return topic.codes[act]
        return ""


def violence_told(cameo: str, clause: Clause) -> bool:
    """Whether a noun of violence is said to have taken place, so that the report of an organisation tells it though it names nobody: الهجمات التي وقعت
    "the attacks that occurred", اندلعت اشتباكات "clashes broke out". In news who fights is told nearby."""
    happened = any(g.effect == "happen" and g.reading.kind == "verb" and g.reading.tense == "past" for g in clause.governors[:1])
    return cameo[:2] in _VIOLENT and clause.reading.kind == "masdar" and (clause.told or happened)


def _bare(key: str) -> str:
    """A folded word without its article, as phrases of several words are spelt in noun classes."""
    return key[2:] if key.startswith("ال") and len(key) > 4 else key


def _stand(row: VerbRow, near: dict[str, list[int]], around: dict[str, list[int]]) -> bool:
    """Whether the nouns that a row asks for stand in the clause."""
    return not (row.object and row.object.isdisjoint(near) or row.complement and row.complement.isdisjoint(around))


def _nearest_of(words: frozenset[str], window: dict[str, list[int]]) -> set[int]:
    """Ids of the nearest of the words or phrases that a row asks for."""
    found: list[list[int]] = [window[phrase] for phrase in window.keys() & words] if words else []
    nearest: list[int] = min(found, key=_nearest, default=[])
    return set(nearest)


def _nearest(ids: list[int]) -> tuple[int, int]:
    """Orders words by where they begin, longer phrases first."""
    return ids[0], -len(ids)


def _cross(sources: tuple[Actor, ...], targets: tuple[Actor, ...]) -> list[tuple[Actor, Actor]]:
    """Every source with every target; NOBODY where a side is empty."""
    return [(s, t) for s in sources or (NOBODY,) for t in targets or (NOBODY,) if s.code != t.code or s is NOBODY]


def _named(actors: tuple[Actor, ...]) -> bool:
    """Whether a side is more than a role without a country."""
    return any(actor.country != UNKNOWN for actor in actors)


def _distinct(actors: list[Actor]) -> int:
    return len({a.code for a in actors})
