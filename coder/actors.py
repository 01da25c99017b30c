"""From noun phrases and dates to actor codes.

One pass over a sentence finds every dictionary name in it (longest first); a phrase is then coded from the names that its words cover:
an entity or person brings its whole code, otherwise the first country and the strongest role are put together (وزارة الخارجية الروسية -> RUSGOV).
Words that only refer (الطرفان "the two sides", العدو "the enemy", his government) are looked up in the story so far.
"""

import re
from collections.abc import Iterator, Sequence

from attrs import define, evolve, field, frozen

from coder.dictionaries import ActorName, Dictionaries
from coder.model import Sentence, Token
from coder.text import fold, folded

UNKNOWN = "---"
# Strongest first. A role of the state yields to what a phrase says more exactly (رئيس البرلمان LEG, قوات الشرطة COP).
_ROLE_ORDER = (
    "SPY", "COP", "REB", "SEP", "INS", "UAF", "CRM", "OPP", "JUD", "MIL", "LEG", "PTY", "LAB", "REF", "MED", "EDU", "AGR", "HLH", "HRI", "NGO", "REL", "BUS",
    "GOV", "ELI", "MOD", "RAD", "DEV", "ENV", "CVL",
)  # fmt: skip
_RANK = {role: position for position, role in enumerate(_ROLE_ORDER)}
# wazīr minister, wizāra ministry, ḥukūma government, safīr ambassador, sifāra embassy: GOV whatever portfolio follows (وزير الإعلام).
_STATE_HEADS = ("وزير", "وزاره", "حكوم", "سفير", "سفار", "ملك", "عاهل", "وزراء")
# A part of a country or a town is where something happened, not who did or suffered it.
_PLACES = folded({"شمال", "جنوب", "شرق", "غرب", "شمالي", "جنوبي", "شرقي", "غربي", "وسط", "قرب", "محيط", "ريف", "مدينه", "بلده", "منطقه", "اقليم", "محافظه", "ولايه",
                     "عاصمه", "العاصمه", "قريه", "شارع", "شوارع", "ساحل", "سواحل", "ضاحيه", "الضاحيه", "حي", "ميدان", "ساحه", "مخيم", "داخل", "قباله"})  # fmt: skip
_FORMER = folded({"السابق", "سابق", "السابقه", "الاسبق", "اسبق", "المخلوع", "المعزول", "السابقين", "السابقون"})
_PAIR_WORDS = folded(
    {"الطرفان", "الطرفين", "الجانبان", "الجانبين", "البلدان", "البلدين", "الدولتان", "الدولتين", "الجارتان", "الجارتين", "الحكومتان", "الحكومتين",
     "الجمهوريتان", "الجمهوريتين", "الجيشان", "الجيشين", "الرئيسان", "الرئيسين", "الوزيران", "الوزيرين", "الزعيمان", "الزعيمين", "الوفدان", "الوفدين",
     "الاطراف", "اطراف", "الفريقان", "الفريقين", "الخصمان", "الخصمين", "طرفي", "طرفا", "جانبي"}
)  # fmt: skip
_COUNTRY_PAIRS = folded({"البلدان", "البلدين", "الدولتان", "الدولتين", "الجارتان", "الجارتين", "الجمهوريتان", "الجمهوريتين"})
_NAMED_PAIRS = {fold(name): ("KOR", "PRK") for name in ("الكوريتان", "الكوريتين")}  # the two Koreas
# Nouns of place that work as prepositions (near, inside, outside, in front of, around, behind, between): what follows is no part of the actor.
_BESIDE = folded({"قرب", "داخل", "خارج", "أمام", "قبالة", "حول", "خلف", "وراء", "بين", "ضد", "تجاه", "شمال", "جنوب", "شرق", "غرب"})
_ENEMY = folded({"العدو", "عدو"})
_COUNTRY_WORDS = folded({"بلاد", "بلد", "دوله", "دولت"})
# States that nobody names, and words of quantity that may stand before them: بعض الدول "some states", 44 دولة; مانح "donor" is a row of the tables.
_STATES = folded({"دول", "الدول", "بلدان", "دولتان", "دولتين"})
_HOW_MANY = folded({"جميع", "كل", "كافة", "سائر", "بعض", "معظم", "غالبية", "أغلبية", "عدة", "عدد", "عددا", "العديد", "مجموعة", "أغلب", "إحدى", "غيرها", "ثلاث", "أربع", "خمس",
                    "ست", "سبع", "ثماني", "تسع", "عشر", "كثير", "الكثير", "مختلف"})  # fmt: skip
_KINGDOMS = frozenset({"SAU", "MAR", "JOR", "BHR", "GBR", "ESP", "THA", "NLD", "BEL", "SWE", "NOR", "DNK", "KHM", "LSO", "SWZ", "TON", "BTN"})
_COUNTERPART = folded({"نظير", "نظيرت", "نظيره", "نظيرته", "نظيرتها", "نظيرها", "نظراي", "نظراء"})
_DOUBTFUL = folded({"مالي", "ماليه", "الماليه", "المالي", "ماليا", "مالييه"})  # "financial" as well as "of Mali"
_QUANTITIES = folded({"الاف", "مئات", "عشرات", "ملايين", "بعض", "معظم", "عدد", "عشره", "مئه"})
# Short second mentions: the front, the movement ... stand for the last armed group or party; the commission, the mission ... for the last organisation.
_GROUP_WORDS = folded({"الجبهه", "الحركه", "الجماعه", "التنظيم", "الحزب", "الميليشيا", "المليشيا", "الفصيل"})
_BODY_WORDS = folded({"المفوضيه", "البعثه", "المنظمه", "الجامعه", "الوكاله", "الحلف", "الاتحاد", "المجلس"})
# Bodies and officers that documents of an organisation do not name in full: the committee, the panel, the secretary (general).
_OWN_BODIES = (
    folded({"اللجنة", "الفريق", "المديرية", "الهيئة", "الأمانة", "المكتب", "الأمين", "الجمعية", "العملية", "القوة", "الصندوق", "البرنامج", "المحكمة"})
    | _BODY_WORDS
)
# Those that are seldom anything else in news (الفريق is a football team, البرنامج a programme).
_UNNAMED_BODIES = folded({"اللجنة", "الهيئة", "المديرية", "الجمعية", "الأمانة"}) | _BODY_WORDS
_ITS_OWN = folded(
    {"العام", "العامة", "التنفيذية", "العامل"}
)  # the adjectives that go with them: secretary general, executive directorate, working group
# Words that only documents of an organisation write: member states, the reporting period, pursuant to a resolution.
_OFFICIAL = frozenset(
    fold(phrase)
    for phrase in (
        "الدول الأعضاء",
        "الفترة المشمولة",
        "المشمولة بالتقرير",
        "المديرية التنفيذية",
        "الفريق العامل",
        "هذا التقرير",
        "أعضاء المجلس",
        "الدول الأطراف",
        "الدولة الطرف",
    )
)
_OPEN = frozenset({"cc", "punct", "conj", "acl", "acl:relcl", "advcl", "parataxis", "ccomp", "csubj", "mark", "cop", "nsubj", "advmod", "case"})
# Prepositions that lead on to the owner or the whole (ل of, من from among); في and لدى only to an organisation (مسؤول في الوزارة).
# Institutions of a country that are named by it with في (المجلس العسكري في النيجر "the military council in Niger").
_INSTITUTIONS = frozenset({"GOV", "MIL", "JUD", "LEG", "COP", "OPP", "LAB", "PTY", "EDU", "HLH", "REB", "SEP"})
_INSTITUTION_NOUNS = folded({"نقابة", "نقابات", "اتحاد", "حزب", "أحزاب", "جيش", "برلمان", "حكومة", "سلطات", "محكمة", "جامعة", "مستشفى"})
_HOME_ROLES = frozenset({"GOV", "REB", "SEP", "OPP", "LEG", "JUD", "PTY"})
# Whoever is backed by a country or loyal to it is not its own: ميليشيات موالية لإيران, فصائل مدعومة من تركيا.
_BACKED = {
    "ل": ("موال", "مويد", "مناصر", "حليف", "مناهض", "معادي", "معارض", "مقرب"),
    "من": ("مدعوم", "ممول", "مقرب", "مسنود"),
}
_OFFICIALS = ("مسوول", "مسيول", "مصدر", "مصادر")  # officials and sources in a seat of government: مسؤولون في طهران
_RESOLUTION = folded({"قرار", "قراره", "قرارها", "قراري", "قراريه", "القرارين", "القرارات", "قرارات", "قراراته"})
_YEAR = re.compile(r"(19|20)\d\d")
_SO_CALLED = folded({"يسمى", "تسمى", "يعرف", "تعرف", "سمي", "يدعى"})
_OWNER = folded({"ل", "من"})
_MEMBER = folded({"في", "ب"})


@frozen
class Actor:
    """A coded noun phrase: its code (`---` unknown, `---UAF` role without country), the words it was read from and the names found."""

    code: str
    head: Token | None
    first: int
    last: int
    names: tuple[str, ...] = ()

    @property
    def country(self) -> str:
        return self.code[:3]

    @property
    def role(self) -> str:
        return self.code[3:6]


NOBODY = Actor(UNKNOWN, None, 0, 0)
MASCULINE_COUNTRIES = frozenset({"IRQ", "LBN", "MAR", "SDN", "SSD", "JOR", "YEM", "SOM", "SEN", "MEX", "VAT"})


def _gender_shown(token: Token) -> str:
    """The gender that a pronoun (ها, ه, هم) or a verb (قالت, قال, قالوا) asks for; "" where it shows none."""
    if token.upos == "PRON":
        return {"ه": "m", "ها": "f", "هم": "p", "هن": "p"}.get(token.key, "")
    if token.upos != "VERB":
        return ""
    if token.key.endswith(("وا", "ون")):
        return "p"
    past = token.key[:1] not in ("ي", "ت", "ن")
    return "f" if token.key.startswith("ت") or past and token.key.endswith("ت") else "m"


def _genders_agree(need: str, have: str) -> bool:
    return not need or not have or need == have


@frozen
class Match:
    """A dictionary name found at words `first` to `last` (token ids, both included)."""

    first: int
    last: int
    name: ActorName
    code: str

    @property
    def kind(self) -> str:
        """What the name is: country, adjective, capital, entity, person, role, carrier."""
        return self.name.kind

    @property
    def number(self) -> str:
        """sing, dual or plur."""
        return self.name.number


def state_of(code: str) -> str:
    """The state for its government: "the two sides" of a story that named two capitals are the two countries."""
    return code[:3] if code[3:] == "GOV" else code


_RESULTS = folded({"أدى", "أدت", "أسفر", "أسفرت", "تسبب", "تسببت", "أوقع", "أوقعت", "خلف", "خلفت", "أفضى", "أفضت"})  # led to, caused
_PARTS = folded({"اثنان", "اثنين", "بعض", "معظم", "غالبية", "أحد", "إحدى", "كثير", "العشرات", "المئات"})  # two, some, most, one, many (of them)
_REBELS = frozenset({"REB", "SEP", "INS", "UAF"})
_SURNAME_FIRST = frozenset({"CHN", "TWN", "HKG", "KOR", "PRK", "VNM", "KHM"})
# Nationalities spelt like an everyday adjective: Malian, financial.
_EVERYDAY = folded({"مالي", "مالية"})


@define
class StoryContext:
    """What the story has told so far: the last two parties, the last subject, speaker and doer, the actors by role, and the countries
    that the last sentence named."""

    parties: tuple[str, ...] = ()
    subject: str = ""
    subject_gender: str = ""
    speaker: str = ""
    last_source: str = ""
    mentioned: list[str] = field(factory=list)
    named: tuple[str, ...] = ()
    official: bool = False  # a document of an organisation, not news
    surnames: dict[str, tuple[ActorName, str]] = field(factory=dict)

    def remember(self, code: str) -> None:
        if code[:3] != UNKNOWN:
            self.mentioned.append(code)

    def remember_person(self, match: Match, first: str, last: str) -> None:
        """A person named in full; further on the surname alone is enough. It comes first in East Asia."""
        surname = first if match.code[:3] in _SURNAME_FIRST else last
        if match.kind == "person" and match.last > match.first and len(surname) > 2:
            self.surnames[surname] = match.name, match.code

    def remember_pair(self, source: str, target: str) -> None:
        """Two sides that acted on each other; other words of the story may call them "the two sides"."""
        if UNKNOWN in (source[:3], target[:3]) or source == target:
            return
        if source[:3] == target[:3] and not {source[3:6], target[3:6]} & _REBELS:
            return
        if {c[:3] for c in self.parties} != {source[:3], target[:3]}:
            self.parties = (source, target)

    def main_country(self) -> str:
        """The country named most often so far; "" if there is none."""
        countries = [code[:3] for code in self.mentioned if not code.startswith(("IGO", "NGO", "IMG"))]
        return max(dict.fromkeys(countries), key=countries.count, default="")

    def with_role(self, role: str) -> str:
        """The last actor of that role, else the country that the story spoke of last with that role; "" if there is none."""
        return next((code for code in reversed(self.mentioned) if code[3:6] == role), "")


class ActorFinder:
    """Finds and codes the actors of one sentence. Cheap to make: names are looked up once, phrases on demand."""

    def __init__(self, dictionaries: Dictionaries, sentence: Sentence, date: str, context: StoryContext) -> None:
        self.tokens = sentence.tokens
        self.date = date
        self.context = context
        self.dictionaries = dictionaries
        self.index = dictionaries.actors
        self.countries = dictionaries.countries
        self.matches = self._without_namesakes(self._kingdoms(list(self._find_all())))
        self.by_token: dict[int, Match] = {i: m for m in self.matches for i in range(m.first, m.last + 1)}
        for position, match in self.by_token.items():  # a name that the tagger took for a verb (يريفان "Yerevan")
            if match.name.kind in ("country", "capital", "entity", "person") and self.tokens[position - 1].upos == "VERB":
                self.tokens[position - 1].upos = "PROPN"
        self._cache: dict[int, tuple[Actor, ...]] = {}
        context.official |= self._reads_official()

    def _reads_official(self) -> bool:
        """Whether the sentence is one of a document of an organisation: numbered paragraphs, the numbers of its
        documents, its set phrases, or a resolution cited with its year in brackets."""
        keys = [t.key for t in self.tokens]
        if len(keys) > 4 and (keys[0].isdigit() and keys[1] in ("-", "–") or keys[:2] == [":", ":"] or keys[0] == "::"):
            return True  # a numbered paragraph, or the double colon that is their list mark
        if any(key in ("S", "A", "S/", "A/") and not after.isalpha() for key, after in zip(keys, keys[1:], strict=False)):
            return True  # S/2005/313, the number of a document
        if any(f"{a} {b}" in _OFFICIAL for a, b in zip(keys, keys[1:], strict=False)):
            return True
        cited = (i for i, key in enumerate(keys) if key.removeprefix("ال") in _RESOLUTION)
        return any("(" in keys[i + 1 : i + 5] and any(_YEAR.fullmatch(t.form) for t in self.tokens[i + 2 : i + 6]) for i in cited)

    def is_body(self, head: Token) -> bool:
        """Whether a word stands for an organ whose name is left out (اللجنة "the committee")."""
        return head.key in _UNNAMED_BODIES

    def _find_all(self) -> Iterator[Match]:
        tokens, position = self.tokens, 0
        count = len(tokens)
        while position < count:
            following = tokens[position + 1].key if position + 1 < count else ""
            names = self.dictionaries.names_at(tokens[position].key, following)
            match = self._longest(names, position) if names else None
            match = match or self._surname(position)
            if match is None:
                position += 1
            else:
                yield match
                position = match.last

    def _kingdoms(self, matches: list[Match]) -> list[Match]:
        """The matches with "the Kingdom" standing for the kingdom that was named last; where none was, it stands for nobody known."""
        named = next((c[:3] for c in reversed(self.context.mentioned) if c[:3] in _KINGDOMS), "")
        found = []
        for match in matches:
            if match.name.name == "المملكة":
                later = next((m.code[:3] for m in matches if m.code[:3] in _KINGDOMS and m.name.name != "المملكة"), "")
                code = named or later
                if code:
                    found.append(evolve(match, code=code))
                continue
            named = match.code[:3] if match.code[:3] in _KINGDOMS else named
            found.append(match)
        return found

    def _without_namesakes(self, matches: list[Match]) -> list[Match]:
        """The matches without family names of a person whose country neither the sentence nor the story names, while it names that of another
        bearer: in a story on Morocco المالكي al-Mālikī is not the Iraqi prime minister."""
        doubtful = [m for m in matches if m.kind == "person" and m.first == m.last and self.tokens[m.first - 1].key in self.dictionaries.namesakes]
        if not doubtful:
            return matches
        told = {m.code[:3] for m in matches if m not in doubtful} | {code[:3] for code in (*self.context.mentioned, *self.context.named)}
        others = self.dictionaries.namesakes
        wrong = [m for m in doubtful if m.code[:3] not in told and told & others[self.tokens[m.first - 1].key]]
        return [m for m in matches if m not in wrong]

    def _surname(self, position: int) -> Match | None:
        """The last name alone of a person whom the story has named in full."""
        token = self.tokens[position]
        known = self.context.surnames.get(token.key) if token.upos in ("X", "PROPN") else None
        return Match(position + 1, position + 1, *known) if known is not None else None

    def _behind_role(self, position: int) -> bool:
        """Whether a word that names a role alone stands before word `position`."""
        before = self.tokens[position - 1].key if position else ""
        return any(name.kind == "role" and len(name.keys) == 1 for name in self.index.get(before, ()))

    def _longest(self, names: Sequence[ActorName], position: int) -> Match | None:
        outside: list[tuple[int, ActorName]] = []
        first = self.tokens[position]
        verbal = first.upos == "VERB" and not first.key.startswith("ال") and first.deprel not in ("nmod", "amod", "appos", "flat")
        second = self.tokens[position + 1].key if position + 1 < len(self.tokens) else ""
        bare = second.removeprefix("ال")
        for name in names:
            if len(name.keys) > 1 and name.keys[1] not in (second, bare):
                continue  # most names of a first name (محمد) end here
            if name.kind == "role" and self._adverb(position):
                continue  # تعاونت قبرص عسكريا "cooperated militarily"
            if name.kind == "adjective" and first.key.removeprefix("ال") in _EVERYDAY and not self._behind_role(position):
                continue  # مساعدات مالية "financial aid", but الجيش المالي "the Malian army"
            if verbal and name.kind in ("role", "carrier", "adjective"):
                continue  # قادت "she led" is no قادة "leaders"
            length = len(name.keys)
            if length > 1 and not self._follows(name.keys, position):
                continue
            if length > 1 and name.kind in ("role", "carrier") and self._cuts_a_name(position, length):
                continue
            if outside and length < outside[0][0]:
                break
            if name.start <= (self.date or "9999") <= name.end or not self.date and name.end.startswith("9"):
                if name.kind in ("adjective", "country") and self._doubtful(position):
                    continue
                return Match(position + 1, position + length, name, name.code)
            if name.kind == "person":
                outside.append((length, name))
        return self._out_of_office(position, outside)

    def _adverb(self, position: int) -> bool:
        """A nisba in the accusative directly after a name: it says how, not who."""
        token = self.tokens[position]
        if not token.key.endswith("يا") or not position:
            return False
        return any(
            n.kind in ("country", "capital", "entity", "person") for n in self.index.get(self.tokens[position - 1].key, ()) if len(n.keys) == 1
        )

    def _out_of_office(self, position: int, names: list[tuple[int, ActorName]]) -> Match | None:
        """A person outside every period of the tables: the last period before the story's date counts, its offices of state as ELI; before the
        first period, that one's code."""
        if not names:
            return None
        length, name = max(names, key=lambda n: (n[1].end < self.date, n[1].end if n[1].end < self.date else ""))
        if self.date and self.date < name.start and length == 1:
            return None  # a family name alone, before anybody of that name held the office
        former = name.end < self.date and name.code[3:6] in ("GOV", "MIL", "LEG", "COP", "SPY", "JUD")
        return Match(position + 1, position + length, name, name.code[:3] + "ELI" if former else name.code)

    def _follows(self, keys: tuple[str, ...], position: int) -> bool:
        tokens = self.tokens
        if position + len(keys) > len(tokens):
            return False
        for offset in range(1, len(keys)):
            key = tokens[position + offset].key
            if key != keys[offset] and key[2:] != keys[offset]:
                return False
        return True

    def _doubtful(self, position: int) -> bool:
        """True for a word that is a nationality only beside a role noun (الجيش المالي "the Malian army", not وزير المالية "minister of finance")."""
        token = self.tokens[position]
        if token.key == "روسا":  # رؤساء ru'asāʾ "presidents" folds to the accusative of روس rūs "Russians"
            return "ؤ" in token.form
        if token.key not in _DOUBTFUL or position and self.tokens[position - 1].upos in ("VERB", "ADP"):
            return False
        if position and self.tokens[position - 1].upos == "PRON":
            return False
        before = self.tokens[position - 1].key if position else ""
        role = any(n.kind == "role" for n in self.index.get(before, ()))
        return (
            token.key in ("ماليه", "الماليه", "المالي")
            and (not role or before.startswith(("وزير", "وزار", "الوزير")))
            or token.upos == "ADJ"
            and not role
        )

    def _cuts_a_name(self, position: int, length: int) -> bool:
        """Whether a name of an organisation begins inside these words and reaches beyond them: زعيم حزب | الله."""
        return any(
            name.kind == "entity" and len(name.keys) > length - offset and self._follows(name.keys, position + offset)
            for offset in range(1, length)
            for name in self.index.get(self.tokens[position + offset].key, ())
            if len(name.keys) > 1 and not name.keys[0].startswith("ال") and name.start <= (self.date or "9999") <= name.end
        )

    def compound_words(self) -> frozenset[int]:
        """Ids of the words inside names of several words (إسلام آباد "Islamabad"): they tell no event. Role phrases are not names."""
        return frozenset(i for i, m in self.by_token.items() if m.last > m.first and m.name.kind not in ("role", "carrier"))

    def domestic_countries(self) -> list[str]:
        """Countries that stand beside an institution of this sentence (حكومة تشيلي, الجيش الليبي): whose affairs it tells. Places do not count, nor
        do private persons (سياح كنديون "Canadian tourists")."""
        found = []
        for match in self.matches:
            before = self.by_token.get(match.first - 1)
            beside = before is not None and before.name.kind == "role" and before.name.code in _INSTITUTIONS
            if match.name.kind in ("adjective", "country", "capital") and beside:
                found.append(match.code[:3])
        return found

    # ------------------------------------------------------------------------------------------------ phrases

    def resolve(self, head: Token | None) -> tuple[Actor, ...]:
        """The actors of the phrase headed by `head`, one for each coordinated member; () where the phrase names nobody."""
        if head is None:
            return ()
        if head.key == "ما" and head.id < len(self.tokens) and self.tokens[head.id].key in _SO_CALLED:  # ما يسمى ب "the so-called"
            named = next((t for t in self.tokens[head.id + 1 : head.id + 3] if t.upos != "ADP"), None)
            return self.resolve(named)
        if head.id not in self._cache:
            self._cache[head.id] = ()  # a phrase that leads back to itself ends here
            self._cache[head.id] = tuple(self._resolve(head))
        return self._cache[head.id]

    def _resolve(self, head: Token) -> Iterator[Actor]:
        words = self._core(head)
        first = self._reference(head, words) or [self._compose(head, words)]
        for actor in first:
            if actor.code != UNKNOWN:
                yield actor
        if len(first) > 1:
            return
        lead, found = first[0], 1
        told = {head.id}
        for token in words:
            for child in token.children:
                if child.deprel == "conj" and child.upos != "VERB" and child.id > token.id:
                    inner = self.by_token.get(child.id)
                    if inner is not None and (inner is self.by_token.get(token.id) or self._begins_clause(head, inner)):
                        continue  # the second half of one name (العدل والمساواة), or a subject of its own
                    for actor in self.resolve(child):
                        if actor.head is not None and actor.head.id in told:
                            continue
                        told.add(actor.head.id if actor.head is not None else 0)
                        found += 1
                        yield self._lend_role(lead, actor, own=token is head and child.upos != "ADJ" and not self._is_pair(head))
        if found == 1 and lead.code != UNKNOWN:
            yield from self._joined_after(head, lead)

    def _begins_clause(self, head: Token, match: Match) -> bool:
        """In "غارات على لبنان وحزب الله يطلق صواريخ" the name after و is no second target but the subject of the verb that follows it."""
        following = self.tokens[match.last] if match.last < len(self.tokens) else None
        return following is not None and following.upos == "VERB" and head.parent is not following

    def _is_pair(self, head: Token) -> bool:
        match = self.by_token.get(head.id)
        return match is not None and match.name.number == "dual"

    def _joined_after(self, head: Token, lead: Actor) -> Iterator[Actor]:
        """A second member that the tree has hung elsewhere: directly after the phrase (تركيا وقطر), or further on after a dual (الرئيسان الفنلندي ... والإستوني)."""
        if not lead.names:
            return
        reach = 8 if self._is_pair(head) else 1
        for word in self.tokens[lead.last : lead.last + reach]:
            if word.key == "و" and word.id < len(self.tokens):
                match = self.by_token.get(word.id + 1)
                if (
                    match is not None
                    and match.name.kind in ("country", "capital", "entity", "adjective")
                    and (match.code[:3] != lead.country or match.name.kind == "entity" and match.code != lead.code)
                    and not self._begins_clause(head, match)
                ):
                    actor = Actor(
                        match.code[:3] if match.name.kind == "adjective" else match.code,
                        self.tokens[word.id],
                        word.id + 1,
                        match.last,
                        (match.name.name,),
                    )
                    yield self._lend_role(lead, actor, own=match.name.kind != "adjective" and not self._is_pair(head))
                return
            if word.upos in ("VERB", "PUNCT"):
                return

    def _lend_role(self, lead: Actor, actor: Actor, own: bool) -> Actor:
        """Give a coordinated bare country the role of the first one: الجيشان الهندي والباكستاني, رئيسا بوليفيا وبيرو; and a bare role of home
        affairs its country: الحكومة السودانية والمتمردون."""
        if actor.country == UNKNOWN and actor.role in _HOME_ROLES and lead.role in _HOME_ROLES and lead.country != UNKNOWN and len(lead.code) == 6:
            if not lead.code.startswith(("IGO", "NGO", "IMG", "MNC")):
                return Actor(lead.country + actor.role, actor.head, actor.first, actor.last, lead.names)
        if own or len(actor.code) > 3 or not lead.role or lead.country == UNKNOWN:
            return actor
        return Actor(actor.code + lead.role, actor.head, actor.first, actor.last, actor.names)

    def _core(self, head: Token) -> list[Token]:
        """The words of the phrase that tell who it is, in order: no coordination, no relative clause, no place or topic after a preposition."""
        words, queue = [], [head]
        while queue:
            token = queue.pop()
            words.append(token)
            match = self.by_token.get(token.id)
            for child in (*token.children, *(self._strays(match, token) if match is not None else ())):
                if child in words or child in queue:
                    continue
                if match is not None and match.first <= child.id <= match.last:
                    queue.append(child)  # a name of several words that the tree has torn: طائرة بدون طيار "an unmanned plane"
                elif child.deprel not in _OPEN and child.upos not in ("VERB", "PUNCT") and self._leads_on(head, token, child):
                    queue.append(child)
        words.sort(key=lambda t: t.id)
        return words

    def _strays(self, match: Match, token: Token) -> list[Token]:
        """The other words of a name that do not hang below `token`."""
        return [t for t in self.tokens[match.first - 1 : match.last] if t is not token and t.parent is not token and t.upos != "ADP"]

    def _leads_on(self, head: Token, token: Token, child: Token) -> bool:
        case = next((c.key for c in child.children if c.deprel == "case" and c.id < child.id), "")
        if child.key in _BESIDE and child.id not in self.by_token:
            return False
        if not case and child.id == token.id - 1 and self._adjective_of(token, child):
            return True
        if not case and self._new_phrase(child):
            return False
        if not case:
            if (
                child.upos == "NUM"
                and token.upos != "NUM"
                and child.id > token.id
                and any(c.id > child.id and c.upos in ("NOUN", "ADJ", "X", "PROPN") for c in child.children)
            ):
                return False  # a number with its noun after the head is a phrase of its own: خطفت عصابات ثلاثة صحافيين
            own = self.by_token.get(child.id)
            if child.id > head.id and own is not None and own.name.kind == "adjective":
                return True  # the tree has hung a nationality on the word after it: مصدر عسكري سوري رفيع
            return child.id > token.id or child.upos == "NUM" or child.deprel.startswith(("nummod", "amod", "det"))
        if case in _OWNER:
            holder = self.by_token.get(token.id)
            if case == "ل" and holder is not None and holder.name.kind in ("country", "capital", "person"):
                return False  # دعوة البيت الأبيض للصحافيين "the White House's invitation to the reporters": the noun before it leads there
            return not self._backed_by(head, child, case)
        if case == "عن":  # نائب عن حزب "a deputy of the party"
            own, match = self.by_token.get(head.id), self.by_token.get(child.id)
            return own is not None and own.code == "LEG" and match is not None and match.name.kind == "entity"
        if case in _MEMBER:
            if child.key == "اسم":  # المتحدث باسم "speaking in the name of"
                return True
            seat = self.by_token.get(child.id)
            if seat is not None and seat.kind == "capital" and head.key.removeprefix("ال").startswith(_OFFICIALS):
                return True
            match, own = self.by_token.get(child.id), self.by_token.get(head.id)
            if match is None or own is None:
                return False
            if match.name.kind in ("entity", "role") or match.name.kind == "capital" and own.name.kind == "carrier":
                return True  # مسؤول في الخارجية "an official in the foreign ministry", متحدث في البيت الأبيض
            return (
                match.name.kind == "country"
                and case == "في"
                and any(m.code in _INSTITUTIONS for m in (self.by_token.get(i) for i in range(head.id, child.id)) if m is not None)
                and (self.tokens[own.last - 1].key.startswith("ال") or any(t.key in _INSTITUTION_NOUNS for t in self.tokens[head.id - 1 : child.id]))
                and child.id - own.last <= 5
            )
        return False

    def _backed_by(self, head: Token, child: Token, case: str) -> bool:
        match = self.by_token.get(child.id)
        return (
            match is not None
            and match.name.kind in ("country", "capital")
            and any(t.key.removeprefix("ال").startswith(_BACKED.get(case, ())) for t in self.tokens[head.id : child.id - 1])
        )

    def _adjective_of(self, adjective: Token, noun: Token) -> bool:
        """Whether the tree has turned a phrase round: مسلحين سوريين "Syrian gunmen" with the noun under its adjective."""
        own, match = self.by_token.get(adjective.id), self.by_token.get(noun.id)
        return own is not None and match is not None and own.name.kind == "adjective" and match.name.kind in ("role", "carrier")

    def _new_phrase(self, child: Token) -> bool:
        """A country or body named right after a nationality adjective or another name begins a phrase of its own (طالبت الخارجية الروسية باكو)."""
        match, before = self.by_token.get(child.id), self.by_token.get(child.id - 1)
        if match is None or before is None or match is before or match.name.kind not in ("country", "capital", "entity", "role", "carrier"):
            return False
        if before.name.kind in ("country", "capital", "entity", "person"):
            return match.name.kind not in ("role", "carrier") or before.name.kind != "entity" or not child.key.startswith("ال")
        return before.name.kind == "adjective"

    def _compose(self, head: Token, words: list[Token]) -> Actor:
        """One code from the names among `words`."""
        matches: list[Match] = []
        for token in words:
            match = self.by_token.get(token.id)
            if match is not None and match not in matches:
                matches.append(match)
        if not matches or head.key in _PLACES and head.id not in self.by_token and not any(m.name.kind in ("role", "entity") for m in matches):
            return self._possessed(head, words, "") if not matches else Actor(UNKNOWN, head, words[0].id, words[-1].id)
        code = self._code_of(matches, words)
        if len(matches) == 1 and matches[0].name.kind == "adjective" and matches[0].name.number == "plur" and self._people(head, matches[0]):
            code += "CVL"
        if code[:3] == UNKNOWN:
            return self._possessed(head, words, code[3:])
        return Actor(code, head, words[0].id, max(words[-1].id, matches[-1].last), tuple(m.name.name for m in matches))

    def _code_of(self, matches: list[Match], words: list[Token]) -> str:
        country = people = ""
        roles: list[Match] = []
        for match in matches:
            kind = match.name.kind
            if kind in ("person", "entity") and (not country or not roles or kind == "person"):
                return self._by_title(match, roles, words)
            if kind in ("country", "adjective", "capital"):
                country = country or match.code
            elif kind == "role":
                roles.append(match)
            elif kind == "people":
                people = people or match.code
        role = self._strongest(roles)
        if people and not country and not role:
            return people
        if people[3:6] == "CVL":  # a people of one state, which is its country
            country, role = country or people[:3], role or "CVL"
        if role == "GOV" and any(t.key in _FORMER for t in words):
            role = "ELI"
        role = self._in_office(role, roles, matches, words)
        if role == "IGO" or len(role) > 3 and role.startswith(("IGO", "NGO", "IMG", "MNC")):
            return role
        if not country:
            return UNKNOWN + role if role else UNKNOWN
        owned = matches[0].name.kind == "capital" and words[0].id < matches[0].first  # the capital is only the owner of what is named
        return country[:3] + role if role else country[:3] if owned else country

    def _in_office(self, role: str, roles: list[Match], matches: list[Match], words: list[Token]) -> str:
        """GOV or ELI by the words that the phrase spans, wherever the tree hangs them; "former" inside a country's name (مقدونيا اليوغوسلافية السابقة)
        is no word of a title."""
        if role not in ("GOV", "ELI"):
            return role
        named = {i for m in matches if m.name.kind == "country" for i in range(m.first, m.last + 1)}
        former = any(t.key in _FORMER and t.id not in named for t in self.tokens[words[0].id - 1 : words[-1].id])
        return "ELI" if former else self._strongest(roles)

    def _by_title(self, match: Match, roles: list[Match], words: list[Token]) -> str:
        """The code of a person or party, unless the title says it more exactly: الرئيس السابق, النواب الديمقراطيون."""
        titles = [m.code for m in roles if m.first < match.first]
        if match.kind == "person" and match.code[3:] in ("PTY", "OPP", "GOV") and titles[:1] in (["GOV"], ["ELI"]):
            if any(t.key in _FORMER for t in self.tokens[words[0].id - 1 : match.first - 1]):
                return match.code[:3] + "ELI"
        if match.kind == "entity" and match.code[3:] in ("PTY", "OPP") and titles == ["LEG"]:
            return match.code[:3] + "LEG"
        return match.code

    @staticmethod
    def _strongest(roles: list[Match]) -> str:
        if not roles:
            return ""
        first = roles[0].name
        if first.code == "GOV" and first.keys[0].removeprefix("ال").startswith(_STATE_HEADS):
            return "GOV"
        return min((m.code for m in roles), key=lambda code: _RANK.get(code[:3], len(_RANK)))

    def _people(self, head: Token, match: Match) -> bool:
        """A nationality in the plural that is a noun itself: آلاف الهايتيين "thousands of Haitians", عشرة إسرائيليين."""
        before = self.tokens[match.first - 2] if match.first > 1 else None
        return head.id == match.first or before is not None and (before.upos == "NUM" or before.key in _QUANTITIES)

    def _possessed(self, head: Token, words: list[Token], role: str) -> Actor:
        """A role with a possessive (جنوده "his soldiers", حكومتها) or a bare role (الشرطة "the police") takes its country from the story."""
        span = (words[0].id, words[-1].id)
        owner = self._owner(words)
        if owner and (role or head.key in _COUNTRY_WORDS):
            return Actor(owner[:3] + role, head, *span)
        if owner and (self.by_token.get(head.id) is not None or head.upos == "NUM" or head.key in _PARTS):
            return Actor(owner, head, *span)
        spoken = self._speaks_for(head, words)
        if spoken is not None:
            return Actor(spoken.code, head, span[0], spoken.last, spoken.names)
        after = self._named_after(head, words)
        if after is not None:
            return Actor(after.code, head, span[0], after.last, (after.name.name,))
        states = next((t for t in words if t.key in _STATES), None) if not role else None
        if states is not None and (states is head or head.key in _HOW_MANY or head.upos == "NUM"):
            return Actor("UIS", head, *span, (states.form,))
        return Actor(UNKNOWN + role if role else UNKNOWN, head, *span)

    def _speaks_for(self, head: Token, words: list[Token]) -> Actor | None:
        """Whom a spokesman speaks for, where the tree has hung "in the name of" on the verb: المتحدث (الرسمي) باسم الجيش النيجيري."""
        own = self.by_token.get(head.id)
        if own is None or own.name.kind != "carrier":
            return None
        last = max(words[-1].id, own.last)
        keys = [t.key for t in self.tokens[last : last + 3]]
        if self.tokens[last - 1].key == "باسم":
            keys = ["باسم", *keys]
            last -= 1
        skipped = 1 if keys[1:] and self.tokens[last].upos == "ADJ" else 0
        length = next((len(mark) for mark in (["ب", "اسم"], ["باسم"]) if keys[skipped : skipped + len(mark)] == mark), 0)
        place = last + skipped + length
        actor = next(iter(self.resolve(self.tokens[place])), None) if length and place < len(self.tokens) else None
        if actor is not None and actor.country == UNKNOWN:  # الخارجية | الروسية, the nationality hung elsewhere
            nation = self.by_token.get(actor.last + 1)
            if nation is not None and nation.kind == "adjective":
                return Actor(nation.code[:3] + actor.role, actor.head, actor.first, nation.last, (*actor.names, nation.name.name))
        return actor

    def _named_after(self, head: Token, words: list[Token]) -> Match | None:
        """Who is named right after a title that names nobody, where the tree has hung the name elsewhere: the full name of a person after a title in
        the construct state, with at most one place between (محافظ البصرة فلان الفلاني), the body after في (القيادي البارز في حركة فتح)."""
        own = self.by_token.get(head.id)
        last = max(words[-1].id, own.last) if own is not None else 0
        if own is None or own.name.kind not in ("role", "carrier") or last >= len(self.tokens):
            return None
        title = own.name.kind == "role" and own.name.number != "dual" and not head.key.startswith("ال")
        for position in range(last + 1, min(last + 3, len(self.tokens) + 1)) if title else ():
            match, token = self.by_token.get(position), self.tokens[position - 1]
            if match is not None:
                return match if match.kind == "person" and match.last > match.first and match.first == position else None
            if token.upos in ("VERB", "ADP", "PUNCT", "CCONJ", "SCONJ", "PART", "PRON", "ADV") or token.key.startswith("و"):
                return None
        direct = self.tokens[last - 1].key == "باسم" or not head.key.startswith("ال")  # متحدث باسم حركة طالبان, أمين عام حزب الله
        body = self.by_token.get(last + 2 if self.tokens[last].key == "في" else last + 1 if direct else 0)
        return body if own.name.kind == "carrier" and body is not None and body.kind == "entity" else None

    def _owner(self, words: list[Token]) -> str:
        """Who a possessive pronoun in the phrase stands for: the subject so far."""
        if any(t.upos == "PRON" and t.deprel.startswith(("nmod", "det")) for t in words):
            return self.antecedent(next(t for t in words if t.upos == "PRON"))
        return ""

    def antecedent(self, token: Token, own: frozenset[str] = frozenset()) -> str:
        """Code of the actor that a pronoun, or a verb without its subject, stands for: the subject of the clause above (its object in what it led to: هاجموا
        المزارعين ما أدى إلى إصابة عدد منهم "which led to the injury of some of them"), else the nearest actor before it that agrees with it in gender, else one of the story so far. `own` are countries that it cannot be (the subject, for an object)."""
        need = _gender_shown(token)
        twin = self._twin(token)
        if twin is not None:
            return self.antecedent(twin, own)
        head, suffers = token.parent, False
        while head is not None:
            suffers = suffers or head.key in _RESULTS
            for child in sorted(head.children, key=lambda c: c.deprel.startswith("obj") != suffers):
                if child.deprel.startswith(("nsubj", "obj") if suffers else "nsubj") and child.id < token.id and child is not token:
                    actors = [a for a in self.resolve(child) if a.country not in own]
                    if actors and _genders_agree(need, self._gender(self.by_token.get(child.id))):
                        return actors[0].code
            head = head.parent
        for match in reversed(self.matches):
            if (
                need == "m"
                and own
                and match.last < token.id
                and match.kind == "role"
                and match.number == "sing"
                and match.code not in _INSTITUTIONS - {"MIL"}
            ):
                actors = [a for a in self.resolve(self.tokens[match.first - 1]) if a.country not in own - {UNKNOWN}]
                if actors and self._gender(match) == "m":
                    return actors[0].code  # سيارة ضابط ... خطفوه "the car of an officer ... they kidnapped him"
            if need == "p" and match.last < token.id and match.kind == "role" and match.number == "plur":
                actors = [a for a in self.resolve(self.tokens[match.first - 1]) if a.country not in own]
                if actors:
                    return actors[0].code
            if match.last < token.id and match.kind not in ("role", "carrier", "adjective") and match.code[:3] not in own:
                if _genders_agree(need, self._gender(match)):
                    return match.code
        fits = _genders_agree(need, self.context.subject_gender)
        if self.context.subject and self.context.subject[:3] not in own and fits:
            return self.context.subject
        if not fits and need == "f" and self.context.named:
            return self.context.named[-1]  # the minister ... حكومتها "her government": of the country that was named
        told = [*self.context.named, *self.context.mentioned] if need == "f" else self.context.mentioned
        return next((c for c in reversed(told) if c[:3] not in own), "") if own else ""

    def gender_of(self, token: Token) -> str:
        """Gender of the name at `token`, where its word shows it."""
        return self._gender(self.by_token.get(token.id))

    def _twin(self, token: Token) -> Token | None:
        """The same pronoun behind a preposition of the clause that this one is joined to: أرسلت إليها الهند ... وتبرعت لها اليابان "India sent her, Japan
        gave her" are one country."""
        verb = token.parent
        above = verb.parent if verb is not None and verb.deprel == "conj" and any(c.deprel == "case" for c in token.children) else None
        twins = (
            (c for c in above.children if c.upos == "PRON" and c.key == token.key and any(g.deprel == "case" for g in c.children)) if above else ()
        )
        return next(iter(twins), None)

    def _gender(self, match: Match | None) -> str:
        """f, m or p (plural of people) where the word shows it; "" where it does not."""
        if match is None or match.kind in ("person", "carrier"):
            return ""
        if match.kind == "country":
            return "m" if match.code in MASCULINE_COUNTRIES else "f"
        if match.kind == "capital":
            return "f"
        key = self.tokens[match.first - 1].key
        if key.endswith(("ه", "ات")):
            return "f"
        return "p" if match.number == "plur" else "m" if match.kind == "role" else ""

    def _reference(self, head: Token, words: list[Token]) -> list[Actor]:
        """Words that only refer: the two sides, the enemy, a counterpart."""
        key = head.key
        for word in words:
            if word.key in _NAMED_PAIRS:
                return [Actor(code, head, head.id, head.id, (word.form,)) for code in _NAMED_PAIRS[word.key]]
        if key in _PAIR_WORDS and not any(self.by_token.get(t.id) and self.by_token[t.id].name.kind in ("country", "adjective") for t in words):
            return list(self.both(head))
        if key in _ENEMY:
            own = self.context.speaker or self.context.subject
            return [Actor(c, head, head.id, head.id) for c in self.context.parties if c[:3] != own[:3]][:1]
        if key in _GROUP_WORDS or key in _BODY_WORDS:
            last = self._last_mentioned(head, key in _BODY_WORDS) if all(t.id not in self.by_token or t is head for t in words) else ""
            if last:
                return [Actor(last, head, head.id, head.id)]
        if key in _OWN_BODIES and self.context.official and self._is_bare(words):
            code = self._last_mentioned(head, body=True) or "IGOUNO"
            return [Actor(code, head, head.id, head.id, (head.form,))]
        if key in _GROUP_WORDS or key in _BODY_WORDS:
            return []
        if key == "المملكه" and self.by_token.get(head.id) is not None and self.by_token[head.id].last == head.id:
            # "the Kingdom" is the one that the story has named last; without one it is Saudi Arabia, as the tables say
            named = [*self.context.mentioned, *(m.code for m in self.matches if m.last < head.id and m.name.name != "المملكة")]
            kingdom = next((c[:3] for c in reversed(named) if c[:3] in _KINGDOMS), "")
            return [Actor(kingdom, head, head.id, head.id, ("المملكة",))] if kingdom and len(words) == 1 else []
        if key in _COUNTERPART:
            own = self.antecedent(head)
            country = next((m.code for t in words if (m := self.by_token.get(t.id)) and m.name.kind in ("adjective", "country", "capital")), "")
            if country:
                return [Actor(country[:3] + own[3:6], head, words[0].id, words[-1].id)]
        return []

    def _is_bare(self, words: list[Token]) -> bool:
        """Whether a phrase is a word for a body alone, or with its own adjective."""
        rest = [t for t in words if t.key not in _OWN_BODIES and t.key not in _ITS_OWN and t.upos != "PRON"]
        return not any(t.upos in ("NOUN", "PROPN", "ADJ", "X") or t.id in self.by_token and self.by_token[t.id].kind != "carrier" for t in rest)

    def both(self, word: Token) -> tuple[Actor, ...]:
        """The two sides that the story, or the sentence so far, tells of (الطرفان "the two sides", هما "the two of them")."""
        pair = next((codes for t in self.tokens[: word.id - 1] if (codes := _NAMED_PAIRS.get(t.key))), ())
        parties = pair or self.context.parties or self._sentence_parties(word)
        return tuple(Actor(self._side(word, code), word, word.id, word.id) for code in parties)

    def _side(self, word: Token, code: str) -> str:
        """A side as the word for both calls it: the two countries, the two armies, the two ministers; as the story told it for the two parties."""
        match = self.by_token.get(word.id)
        if code.startswith(("IGO", "NGO", "IMG")) or code[3:6] not in ("", "GOV", "MIL", "LEG", "JUD"):
            return state_of(code)
        if word.key in _COUNTRY_PAIRS:
            return code[:3]
        return code[:3] + match.code[:3] if match is not None and match.kind == "role" else state_of(code)

    def _last_mentioned(self, head: Token, body: bool) -> str:
        """The organisation (`body`) or the armed group or party that the story named last before `head`."""
        codes = [*self.context.mentioned, *(m.code for m in self.matches if m.last < head.id and m.name.kind == "entity")]
        for code in reversed(codes):
            if code.startswith(("IGO", "NGO")) if body else code[3:6] in ("REB", "SEP", "INS", "PTY", "OPP") or code.startswith("IMG"):
                return code
        return ""

    def _sentence_parties(self, head: Token) -> tuple[str, ...]:
        """The two countries named before `head` in its own sentence."""
        seen: list[str] = []
        for match in self.matches:
            if (
                match.last < head.id
                and match.name.kind in ("country", "capital", "entity", "adjective")
                and match.code[:3] not in [c[:3] for c in seen]
            ):
                seen.append(match.code)
        return tuple(seen[-2:]) if len(seen) >= 2 else ()
