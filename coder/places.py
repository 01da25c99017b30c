"""Places: names of the gazetteer where the clause makes them a place, settled by the rest of the story, and given to the event that they belong to.

A name counts only behind a preposition (في، قرب، نحو), a direction (شمال، ريف), a noun of place (بلدة، مخيم), a verb whose subject is a place (شهدت) or
an act done to a place (قصف حلب); never inside the name of an organisation or as the seat of an office (محافظ حلب, جيش تحرير كوسوفو). One pass finds the
mentions of a sentence; which of several places of one name is meant is settled when the story has been read. The dateline (القاهرة - رويترز) is where
the report was written: it gives no event its place. Nor does a place give an actor its country.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from attrs import define, evolve, field, frozen

from coder.actors import ActorFinder, Match
from coder.dictionaries import Dictionaries, Reading
from coder.gazetteer import Gazetteer, Place, distance, load_gazetteer
from coder.model import Event, Token
from coder.text import fold, folded

# What an event's place may be called, finest first: `near` is a town of which the text says only that it is close by (قرب، شمال، محيط).
PRECISIONS = ("site", "district", "city", "near", "water", "region", "country", "ambiguous")

_CITY_NOUNS = folded({"مدينة", "مدينتي", "مدينتا", "مدن", "بلدة", "بلدات", "بلدتي", "بلدتا", "قرية", "قرى", "قريتي", "قريتا", "ضيعة", "مستوطنة", "مستوطنات",
                      "بلدية", "عاصمة", "عاصمته", "العاصمة"})  # fmt: skip
_DISTRICT_NOUNS = folded({"حي", "أحياء", "حيي", "مخيم", "مخيمات", "مخيمي", "ضاحية", "قضاء", "ناحية", "مديرية", "مديريات", "معتمدية", "حارة"})
_REGION_NOUNS = folded({"محافظة", "محافظات", "محافظتي", "محافظتا", "ولاية", "ولايات", "ولايتي", "ولايتا", "إقليم", "أقاليم", "إقليمي", "مقاطعة", "مقاطعات", "مقاطعتي", "ريف",
                        "أرياف", "ريفي"})  # fmt: skip
_AREA_NOUNS = folded(
    {"منطقة", "مناطق", "منطقتي", "جزيرة", "جزر", "جبل", "جبال", "سهل", "وادي", "صحراء", "غابة", "هضبة", "مرتفعات", "ساحل", "سواحل", "جهة", "أراضي"}
)
_SITE_NOUNS = folded({"مطار", "مطاري", "ميناء", "مرفأ", "معبر", "قاعدة", "سد", "جسر", "سجن", "مستشفى", "مستشفيات", "سوق", "أسواق", "ساحة", "ساحات", "ميدان", "شارع", "شوارع",
                      "جامعة", "مسجد", "كنيسة", "مصفاة", "محطة", "طريق", "حقل", "مركز", "قلب", "وسط", "داخل", "سماء", "أجواء", "أنحاء", "أرجاء", "كل", "كافة", "عموم",
                      "معظم", "جميع", "بعض", "عدة", "باحات", "باحة", "حاجز", "ممر"})  # fmt: skip
_NEAR = folded({"قرب", "محيط", "أطراف", "مشارف", "تخوم", "ضواحي", "جوار", "قبالة", "خارج", "شمال", "شمالي", "جنوب", "جنوبي", "شرق", "شرقي", "غرب", "غربي", "حدود", "مداخل",
                "مدخل", "بوابة", "خلف"})  # fmt: skip
_IN = folded({"في", "ب", "داخل", "عند", "عبر", "وسط", "فوق"})
_TO = folded({"إلى", "نحو", "صوب", "باتجاه", "اتجاه", "تجاه"})
_ON = folded({"على", "ل"})
_DISTANCE = folded({"بعد", "القرب", "مقربة", "قريبة", "قريب", "بعيدا", "تبعد", "يبعد", "كلم", "كيلومترا", "كيلومتر", "كيلومترات", "كم", "ميلا"})
# Verbs whose subject is the place of what is told: witnessed, was exposed to, lived, awoke to.
_WITNESS = folded({"شهدت", "شهد", "تشهد", "يشهد", "تعرضت", "تعرض", "تتعرض", "يتعرض", "عاشت", "تعيش", "استيقظت", "استفاقت", "عرفت", "تعرف"})
_QUOTES = frozenset("«»\"'“”‘’()[]")
_NAME_TAGS = frozenset({"PROPN", "X", "NOUN", "ADJ"})
_CLOSED = frozenset({"PUNCT", "CCONJ", "SCONJ", "PRON", "DET", "NUM", "PART"})
_ACTOR_KINDS = frozenset({"role", "entity", "person", "people"})
_CLITICS = "بلفو"
_WALLS = folded({"الذي", "التي", "الذين", "أن", "إن", "حيث", "فيما", "بينما", "لكن", "عندما", "كما"})
_MATERIAL = frozenset({"07", "08", "14", "15", "17", "18", "19", "20"})
_VIOLENT = frozenset({"14", "15", "17", "18", "19", "20"})
_VISITS = ("042", "043", "044")
_ACCUSED = "112"  # an accusation of an act: its place is that of the act, where the sentence tells but one
_SMALL, _LARGE, _HUGE = 20_000, 100_000, 500_000  # inhabitants
_SAME = 30.0  # kilometres within which two entries of one name are one place
_FAR, _FAR_SAID = 28, 14  # words (walls counted in) from an act, and from a statement, beyond which a place is no longer its own


@frozen
class PlaceMention:
    """A name that stands as a place: token ids of its first and last word, how it stands (in, near, to, from, on, object, subject), the class of the noun
    before it (city, district, region, area, site or ""), countries that stand beside it, the places of that name, or the code of the country that it names."""

    first: int
    last: int
    words: str
    relation: str
    noun: str
    candidates: tuple[Place, ...]
    country: str = ""
    countries: frozenset[str] = frozenset()
    head: int = 0
    common: bool = False
    tagged: bool = True
    within: "PlaceMention | None" = None


@frozen
class SettledPlace:
    """What a mention means: the place ("" coordinates where it is a country or stays ambiguous), its country, and the precision."""

    mention: PlaceMention
    place: Place | None
    country: str
    precision: str


class PlaceFinder:
    """Finds the place mentions of sentences. Holds the gazetteer, and nothing between sentences."""

    def __init__(self, dictionaries: Dictionaries, gazetteer: Gazetteer | None = None) -> None:
        self.gazetteer = gazetteer or load_gazetteer(dictionaries.places)
        self._common = dictionaries.place_words
        self._triggers = dictionaries.triggers
        self._words = _Words(
            frozenset(key for key, readings in dictionaries.triggers.items() if any(_done_to_places(r) for r in readings)),
            frozenset(key for key, readings in dictionaries.triggers.items() if any(_visits(r) for r in readings)),
            frozenset(dictionaries.triggers),
        )
        self._nouns = dictionaries.nouns

    def find(self, tokens: Sequence[Token], finder: ActorFinder) -> list[PlaceMention]:
        """The place mentions of a sentence, in its order; a mention that another one contains (بلدة سراقب في إدلب) is linked to it."""
        found: list[PlaceMention] = []
        lengths = self.gazetteer.lengths
        starts = {m.first - 1: m for m in finder.matches if m.kind == "country"}
        position, count = 0, len(tokens)
        while position < count:
            token = tokens[position]
            mention = None
            if token.upos not in _CLOSED and (token.key in lengths or position in starts or self._joined(tokens, position)):
                mention = self._mention(tokens, position, finder, starts.get(position), found)
            if mention is None:
                position += 1
            else:
                found.append(mention)
                position = mention.last
        return _linked(found, tokens, finder)

    @staticmethod
    def _joined(tokens: Sequence[Token], position: int) -> bool:
        """Whether the word is written together with the next token: a name that the tokenizer has cut, or a clitic it has left on."""
        token = tokens[position]
        if token.upos in ("X", "PROPN") and token.key[:1] in _CLITICS and len(token.key) > 3:
            return True
        follows = tokens[position + 1] if position + 1 < len(tokens) else token
        return follows.start == token.end and follows.upos not in ("PUNCT", "PRON")

    def _mention(
        self, tokens: Sequence[Token], position: int, finder: ActorFinder, country: Match | None, before: list[PlaceMention]
    ) -> PlaceMention | None:
        name, last, clitic = self._longest(tokens, position)
        if country is not None and country.last >= last and not self._is_own(name):
            context = self._context(tokens, position, finder, before)
            if context is None:
                return None
            if context.noun != "city" or not name:
                return self._country(tokens, country, context)
        if not name:
            return None
        covering = [finder.by_token[i] for i in range(position + 1, last + 1) if i in finder.by_token]
        own = self._is_own(name)
        if any(m.kind in _ACTOR_KINDS and (not own or m.first < position + 1 or m.last > last) for m in covering):
            return None
        context = _Left.clitic(clitic, position, before) if clitic else self._context(tokens, position, finder, before, name)
        if context is None:
            return None
        single = last == position + 1
        tag = tokens[position].upos
        common = name in self._common or single and not own and (name in self._triggers or name in self._nouns or len(name) < 3)
        beside = context.countries | _right(tokens, last, finder)
        if single and (tag not in _NAME_TAGS and (common and not (beside and context.noun == "city") or not own) or _noun_class(name)):
            return None
        words = "".join(
            t.form if i and t.start == tokens[position + i - 1].end else " " + t.form for i, t in enumerate(tokens[position:last])
        ).strip()
        words = words[1:] if clitic else words
        return PlaceMention(
            position + 1, last, words, context.relation, context.noun, tuple(self.gazetteer.places(name)), "",
            beside, context.head, common, tag in ("PROPN", "X") or any(m.kind == "capital" for m in covering),
        )  # fmt: skip

    def _context(self, tokens: Sequence[Token], position: int, finder: ActorFinder, before: list[PlaceMention], name: str = "") -> "_Left | None":
        """What stands before a name. One that begins with a direction (جنوب لبنان) needs nothing before it, one that begins with a noun of place
        (معبر رفح) stands as a noun of place and its name do."""
        first, _, rest = name.partition(" ")
        inner = _noun_class(first) if rest else ""
        if inner == "near":
            return _Left("in")
        return _Left.read(tokens, position, finder, before, self._words, inner)

    def _longest(self, tokens: Sequence[Token], position: int) -> tuple[str, int, str]:
        """(folded name, number of tokens up to its end, clitic left on it) of the longest name that begins here; ("", position, "") if none does."""
        if self.gazetteer.lengths.get(tokens[position].key) == (1,):
            return tokens[position].key, position + 1, ""
        for keys, ends, clitic in self._readings(tokens, position):
            for length in self.gazetteer.lengths.get(keys[0], ()):
                if length <= len(keys):
                    name = " ".join(keys[:length])
                    if name in self.gazetteer.names and (not clitic or self._well_known(name)):
                        return name, ends[length - 1], clitic
        return "", position, ""

    def _readings(self, tokens: Sequence[Token], position: int) -> Iterator[tuple[list[str], list[int], str]]:
        """The words from here on, at most five: as they are cut; written words put together again; a clitic taken off the first."""
        window = tokens[position : position + 5]
        yield [t.key for t in window], list(range(position + 1, position + 6)), ""
        keys, ends = _written(tokens, position)
        if ends != list(range(position + 1, position + 1 + len(ends))):
            yield keys, ends, ""
        first = tokens[position]
        if first.upos in ("X", "PROPN", "NOUN") and first.key[:1] in _CLITICS and len(first.key) > 3:
            yield [first.key[1:], *(t.key for t in window[1:])], list(range(position + 1, position + 6)), first.key[0]

    def _well_known(self, name: str) -> bool:
        return name not in self._common and any(place.own or place.population >= _LARGE for place in self.gazetteer.places(name))

    def _is_own(self, name: str) -> bool:
        return any(place.own for place in self.gazetteer.places(name)) if name else False

    def _country(self, tokens: Sequence[Token], match: Match, context: "_Left") -> PlaceMention | None:
        """A country stands as a place only where something is in it, near it, goes to it, or happens to it."""
        if context.relation not in ("in", "near", "to", "subject"):
            return None
        words = " ".join(t.form for t in tokens[match.first - 1 : match.last])
        relation = context.relation
        if relation == "in" and not context.noun and match.first > 1 and tokens[match.first - 2].key == "ب":
            if tokens[match.first - 1].deprel == "obl:arg" or not self._words.act_before(tokens, match.first - 2):
                return None
            relation = "by"  # اعترف بفلسطين "recognised Palestine", but also قتل باليمن "was killed in Yemen"
        return PlaceMention(match.first, match.last, words, relation, context.noun, (), match.code[:3])


def _written(tokens: Sequence[Token], position: int) -> tuple[list[str], list[int]]:
    """Keys of the next written words and the number of tokens up to the end of each."""
    keys: list[str] = []
    ends: list[int] = []
    index = position
    while index < len(tokens) and len(keys) < 4:
        stop = index + 1
        while stop < len(tokens) and tokens[stop].start == tokens[stop - 1].end and tokens[stop].upos != "PUNCT" and stop - index < 3:
            stop += 1
        keys.append("".join(t.key for t in tokens[index:stop]))
        ends.append(stop)
        index = stop
    return keys, ends


@define
class _Left:
    """What stands before a name: its relation to the clause, the class of the noun before it, countries told by an adjective, the word that it belongs to."""

    relation: str
    noun: str = ""
    countries: frozenset[str] = frozenset()
    head: int = 0

    @classmethod
    def clitic(cls, letter: str, position: int, before: list[PlaceMention]) -> "_Left | None":
        """The relation of a preposition, or of "and", that the tokenizer has left on the name (بغوريس, لغوريس, وغوريس)."""
        if letter == "و":
            return cls._like(before[-1]) if before and before[-1].last == position else None
        return cls("in") if letter == "ب" else cls("on") if letter == "ل" else None

    @classmethod
    def _like(cls, mention: PlaceMention) -> "_Left":
        """The context of a name that "and" joins to the mention before it."""
        return cls(mention.relation, mention.noun if mention.noun in ("city", "region", "district") else "", head=mention.head)

    @classmethod
    def read(
        cls, tokens: Sequence[Token], position: int, finder: ActorFinder, before: list[PlaceMention], words: "_Words", inner: str = ""
    ) -> "_Left | None":  # fmt: skip
        """The words before `position`, read from right to left; None where they make the name no place. `inner`: the class of the name's own first word."""
        noun, near, site, countries, index = "", False, bool(inner), frozenset[str](), position - 1
        relation = ""
        while index >= 0 and position - index < 8:
            key = tokens[index].key
            kind = _noun_class(key)
            if tokens[index].form in _QUOTES:
                pass
            elif kind == "near":
                near = True
            elif kind:
                noun, site = (noun or kind) if kind != "site" else noun, site or kind == "site"
            elif key[:1] in _CLITICS and _noun_class(key[1:]) and tokens[index].upos in _NAME_TAGS:
                kind, relation = _noun_class(key[1:]), "in" if key[0] == "ب" else "on" if key[0] == "ل" else relation
                near, noun = near or kind == "near", noun or (kind if kind not in ("near", "site") else "")
                if relation:
                    break
            elif (country := _nationality(index, finder)) and index and _noun_class(tokens[index - 1].key) in ("city", "area", "region", "district"):
                countries |= {country}
            elif key == "و" and index and _noun_class(tokens[index - 1].key) and index < position - 1:
                pass  # شمال وشرق, مدينة وريف
            elif key == "مثل" and index and _noun_class(tokens[index - 1].key) == "city":
                pass  # مدن مثل
            elif tokens[index].upos == "ADJ" and tokens[index].key.startswith("ال") and index and _noun_class(tokens[index - 1].key) == "city":
                pass  # العاصمة الإدارية, المدينة القديمة
            else:
                break
            index -= 1
        result = cls(relation, noun or ("site" if site and not inner else ""), countries)
        if not relation:
            result = result._attach(tokens, index, position, finder, before, words, site, bool(inner))  # noqa: SLF001 (its own class)
        if result.relation in ("", "actor"):
            result.relation = "near" if near and result.relation != "actor" else "" if not near else "near"
        elif near and result.relation in ("in", "on", "to", "object", "from"):
            result.relation = "near"
        return result if result.relation else None

    def _attach(
        self, tokens: Sequence[Token], index: int, position: int, finder: ActorFinder, before: list[PlaceMention], words: "_Words", site: bool, built_in: bool
    ) -> "_Left":  # fmt: skip
        """The relation that the word at `index` gives."""
        inner = any(t.key in ("وسط", "داخل") for t in tokens[index + 1 : position])
        if index < 0:
            return evolve(self, relation="in" if inner else "")
        token = tokens[index]
        key = token.key
        if key in _IN:
            return evolve(self, relation="in")
        if key in _TO:
            cut = key == "الي" and index and tokens[index - 1].end == token.start and tokens[index - 1].key + key in finder.index
            return evolve(self, relation="" if cut else "to")  # والي wālī "governor" cut into "and to"
        if key in _ON:
            return evolve(self, relation="on" if words.act_before(tokens, index) else "")
        if key in ("من", "عن"):
            close = any(t.key in _DISTANCE for t in tokens[max(0, index - 5) : index])
            return evolve(self, relation="near" if close else "from" if key == "من" else "")
        if key in _WITNESS:
            return evolve(self, relation="subject", head=token.id)
        last = before[-1] if before else None
        if last is not None and key in ("و", "،", "او", "/") and last.last == index and last.relation:
            like = self._like(last)
            return evolve(like, noun=self.noun or like.noun, countries=self.countries)
        if inner:
            return evolve(self, relation="in")
        if site and tokens[index + 1].key == "جامعه":
            return self  # a university acts itself
        named = bool(self.noun) or site
        if built_in and token.upos != "VERB" and finder.by_token.get(index + 1) is None and (verb := words.verb_before(tokens, index - 1)):
            return evolve(self, relation="object", head=verb)  # استهدفت صواريخ قاعدة عين الأسد
        if named and not _owns(token, finder):
            verb = words.verb_before(tokens, index)
            return evolve(self, relation="object", head=verb) if verb else self
        match = finder.by_token.get(index + 1)
        if match is not None and match.kind in _ACTOR_KINDS and not (token.upos == "ADJ" and key.startswith("ال")):
            return evolve(self, relation="actor")
        if key in words.acts:
            subject = token.upos == "VERB" and not named and tokens[position].deprel.startswith("nsubj")
            return self if subject else evolve(self, relation="object", head=token.id)  # توسطت موسكو "Moscow mediated"
        if not named:
            subject = tokens[position].deprel.startswith("nsubj") or _owns(token, finder)
            visit = 0 if subject else words.verb_before(tokens, index, words.visits)
            return evolve(self, relation="object", head=visit) if visit else self  # زار الوزير الرياض "the minister visited Riyadh"
        return evolve(self, relation=self._climb(tokens, index, finder)) if token.upos in ("NOUN", "X", "ADJ") else self

    @staticmethod
    def _climb(tokens: Sequence[Token], index: int, finder: ActorFinder) -> str:
        """The relation of the noun that owns the place (في محل تجاري بمدينة...، في مبنى بلدية حلب): up the idafa to its preposition, at most three words."""
        for place in range(index, max(index - 3, -1), -1):
            match = finder.by_token.get(place + 1)
            if match is not None and match.kind in _ACTOR_KINDS or tokens[place].upos not in ("NOUN", "X", "ADJ"):
                return ""
            if place and tokens[place - 1].key in _IN:
                return "in"
        return ""


@frozen
class _Words:
    """Folded event words: of acts that a place can suffer, of visits, and all."""

    acts: frozenset[str]
    visits: frozenset[str]
    every: frozenset[str]

    def act_before(self, tokens: Sequence[Token], index: int) -> bool:
        """Whether the nearest event word before `index` (seven words) is an act that a place can suffer: هجوم على، زيارة ل, but not عقوبات على."""
        near = next((t.key for t in reversed(tokens[max(0, index - 7) : index]) if t.key in self.every), "")
        return near in self.acts

    def verb_before(self, tokens: Sequence[Token], index: int, among: frozenset[str] | None = None) -> int:
        """The id of the verb (of these words, if given) whose object the phrase behind `index` can be; 0 if there is none in eight words of its clause."""
        for token in reversed(tokens[max(0, index - 8) : index + 1]):
            if token.upos == "VERB" or token.key in self.acts and token.upos not in ("ADP", "CCONJ"):
                return token.id if among is None or token.key in among else 0
            if token.form in ("،", ":") or token.key in _WALLS:
                return 0
        return 0


def _owns(token: Token, finder: ActorFinder) -> bool:
    """Whether a word can own the noun behind it (سكان مدينة): no verb, no adjective or name, nothing definite, no plural or dual with its ن."""
    match = finder.by_token.get(token.id)
    if match is not None and match.kind in ("country", "capital", "entity", "person", "adjective"):
        return False
    if token.upos not in ("NOUN", "X", "ADJ", "NUM") or token.key.startswith("ال") and len(token.key) > 4:
        return False
    return not (token.key.endswith(("ون", "ين", "ان")) and len(token.key) > 5)


def _visits(reading: Reading) -> bool:
    return any(row.cameo.startswith(_VISITS) for row in reading.rows)


def _done_to_places(reading: Reading) -> bool:
    """Whether a word tells an act that a place can suffer or that leads to it: violence, coercion, protest, a visit."""
    return any((row.cameo[:2] in _VIOLENT or row.cameo in ("042", "043")) and (reading.kind == "verb" or not row.object) for row in reading.rows)


def _noun_class(key: str) -> str:
    if key in _NEAR:
        return "near"
    if key in _CITY_NOUNS:
        return "city"
    if key in _REGION_NOUNS:
        return "region"
    if key in _DISTRICT_NOUNS:
        return "district"
    if key in _AREA_NOUNS:
        return "area"
    return "site" if key in _SITE_NOUNS else ""


def _nationality(index: int, finder: ActorFinder) -> str:
    """The country of a nationality at `index`, "" for another word."""
    match = finder.by_token.get(index + 1)
    return match.code[:3] if match is not None and match.kind == "adjective" else ""


def _right(tokens: Sequence[Token], last: int, finder: ActorFinder) -> frozenset[str]:
    """Countries told right behind a name: طرابلس اللبنانية, طرابلس (لبنان), طرابلس في شمال لبنان, درعا جنوبي سوريا."""
    found = set()
    for index in range(last, min(last + 5, len(tokens))):
        token = tokens[index]
        match = finder.by_token.get(index + 1)
        if match is not None and match.kind in ("country", "adjective"):
            found.add(match.code[:3])
            break
        if (
            token.form not in ("(", "،", "-")
            and token.key not in ("في", "ب", "المحتله", "القديمه")
            and _noun_class(token.key) not in ("near", "site")
        ):
            break
    return frozenset(found)


def _linked(found: list[PlaceMention], tokens: Sequence[Token], finder: ActorFinder) -> list[PlaceMention]:
    """Mentions with a link to the one right behind that contains them."""
    result: list[PlaceMention] = []
    for mention in reversed(found):
        behind = result[-1] if result else None
        if behind is not None and _leads_on(mention, behind, tokens, finder):
            mention = evolve(mention, within=behind)
        result.append(mention)
    return result[::-1]


def _leads_on(mention: PlaceMention, behind: PlaceMention, tokens: Sequence[Token], finder: ActorFinder) -> bool:
    """Whether only words that lead from a part to its whole stand between two mentions: في، شمال، محافظة، an adjective of a country, a comma with one of these."""
    between = tokens[mention.last : behind.first - 1]
    if len(between) > 6 or any(t.key in ("و", "الي", "من", "علي") for t in between):
        return False
    steps = [bool(t.key in _IN or _noun_class(t.key) or t.key[:1] in _CLITICS and _noun_class(t.key[1:])) for t in between]
    loose = [t.form in _QUOTES or t.form in ("،", "-") or t.upos == "ADJ" or bool(_nationality(t.id - 1, finder)) for t in between]
    if not all(a or b for a, b in zip(steps, loose, strict=True)):
        return False
    return any(steps) or bool(behind.country) or any(t.form == "(" for t in between)


# ---------------------------------------------------------------------------------------------------- which place is meant


def settle(mention: PlaceMention, countries: Mapping[str, int], nearby: frozenset[str] = frozenset()) -> SettledPlace | None:
    """What a mention means in a story that spoke of `countries` so often, in a sentence with places in `nearby`; None where it is no place after all."""
    if mention.country:
        return SettledPlace(mention, None, mention.country, "country")
    beside = mention.countries | _countries_of(mention.within)
    pool = [p for p in mention.candidates if p.country in beside]
    if not pool:
        pool = [p for p in mention.candidates if not beside or p.own and (not p.country or any({p.country, c} in _DISPUTED for c in beside))]
    if not mention.noun and any(p.kind == "water" for p in pool):
        pool = [p for p in pool if p.kind == "water"]
    known = set(countries) | nearby | beside
    pool = [p for p in _of_class(pool, mention.noun) if _credible(p, mention, known, beside)]
    if not pool:
        return None
    chosen = _choose(pool, countries, nearby)
    if chosen is None:
        states = {p.country for p in pool}
        return SettledPlace(mention, None, states.pop() if len(states) == 1 else "", "ambiguous")
    return SettledPlace(mention, chosen, chosen.country, _precision(chosen, mention))


# Pairs of countries of which news calls a place now of the one, now of the other.
_DISPUTED = (
    {"PSE", "ISR"}, {"SYR", "ISR"}, {"LBN", "ISR"}, {"LBN", "SYR"}, {"ARM", "AZE"}, {"UKR", "RUS"}, {"GEO", "RUS"}, {"MAR", "ESH"}, {"SRB", "KSV"}, {"IND", "PAK"},
    {"SDN", "SSD"}, {"SDN", "EGY"}, {"SDN", "ETH"}, {"MAR", "ESP"}, {"CYP", "TUR"}, {"CHN", "TWN"}, {"PSE", "EGY"}, {"ETH", "ERI"}, {"SOM", "ETH"},
)  # fmt: skip


def _countries_of(mention: PlaceMention | None) -> frozenset[str]:
    """Countries of the whole that a mention lies in, as far as its names leave no doubt."""
    if mention is None:
        return frozenset()
    if mention.country:
        return frozenset({mention.country})
    own = mention.countries | _countries_of(mention.within)
    states = {p.country for p in mention.candidates if p.country}
    if mention.common or not any(p.own or p.population >= _SMALL for p in mention.candidates):
        return own
    return own or frozenset(states if len(states) == 1 else ())


def _of_class(pool: list[Place], noun: str) -> list[Place]:
    """The places of the kind that the noun before the name tells, if there are any."""
    wanted = {"region": ("region",), "district": ("district", "site"), "city": ("city", "district")}.get(noun, ())
    other = {"region": ("site", "district", "water"), "district": ("region", "water"), "city": ("region", "water", "site")}.get(noun, ())
    return [p for p in pool if p.kind in wanted] or [p for p in pool if p.kind not in other]


def _credible(place: Place, mention: PlaceMention, known: set[str], beside: frozenset[str]) -> bool:
    """Whether the place may be meant: an everyday word, and a small town abroad, only where the words beside it or the story speak for it."""
    if mention.common:
        sure = mention.noun in ("city", "district", "region") or mention.noun == place.kind or not mention.noun and place.country in mention.countries
        return sure and (place.own or place.country in known) or place.own and mention.relation == "near" and place.country in known
    if place.own or place.country in beside:
        return True
    named = mention.noun in ("city", "district", "region", "area")
    if mention.relation in ("object", "on", "to", "from") and not named:
        return place.population >= _LARGE and place.country in known and mention.tagged
    if not (mention.tagged or named or " " in mention.words):
        return place.population >= _LARGE and len(mention.words) > 3  # the tagger holds it for an ordinary noun
    if place.country in known:
        return True
    return place.population >= _LARGE or place.population >= _SMALL and mention.noun == "city"


def _choose(pool: list[Place], countries: Mapping[str, int], nearby: frozenset[str]) -> Place | None:
    """The one place of several: those close together are one; a metropolis; where the sentence or the story is; the far larger one; None if it stays open."""
    ranked = sorted(pool, key=lambda p: (-p.population, not p.own, p.latin))
    top = next((p for p in ranked if p.own and not p.population and all(distance(p, q) < _SAME for q in ranked)), ranked[0])
    if all(distance(top, p) < _SAME for p in ranked):
        return top
    if top.population >= _HUGE and all(p is top or p.population * 10 < top.population for p in ranked):
        return top
    if top.own and top.population >= _LARGE and all(not p.own and p.population < _LARGE for p in ranked if p is not top):
        return top
    for weights in (dict.fromkeys(nearby, 1), countries):
        best = max((weights.get(p.country, 0) for p in ranked), default=0)
        if best:
            ranked = [p for p in ranked if weights.get(p.country, 0) == best]
            if len({p.country for p in ranked}) == 1:
                break
    top = max(ranked, key=lambda p: (p.own, p.population))
    rest = [p for p in ranked if distance(top, p) >= _SAME]
    if not rest or top.own and not any(p.own or p.population >= max(_LARGE, 5 * top.population) for p in rest):
        return top
    ranked.sort(key=lambda p: -p.population)
    return ranked[0] if ranked[0].population >= 5 * max(1, ranked[1].population) and ranked[0].population >= _SMALL else None


def _precision(place: Place, mention: PlaceMention) -> str:
    if place.kind != "city":
        return place.kind
    if mention.noun == "region":
        return "region"
    return "near" if mention.relation == "near" else "city"


# ---------------------------------------------------------------------------------------------------- whose place it is


@define
class StoryPlaces:
    """Gathers the events of a story with the mentions of their sentences, and gives each event its place when the story has been read."""

    finder: PlaceFinder
    countries: Counter[str] = field(factory=Counter)
    sentences: list[tuple[list[PlaceMention], list[tuple[Event, Token, frozenset[int]]], Sequence[Token]]] = field(factory=list)

    def add(self, tokens: Sequence[Token], actors: ActorFinder, events: list[tuple[Event, Token, frozenset[int]]]) -> None:
        """One sentence: the countries that it names, and, where it tells events, its places."""
        for match in actors.matches:
            if match.kind in ("country", "capital", "adjective"):
                self.countries[match.code[:3]] += 1
        if events:
            mentions = self.finder.find(tokens, actors)
            if mentions:
                self.sentences.append((mentions, events, tokens))

    def fill(self) -> None:
        """Write place, country, coordinates and precision into the events gathered."""
        self._count_actors()
        for mentions, events, tokens in self.sentences:
            settled = self.settle(mentions)
            triggers = frozenset(token.id for _, token, _ in events)
            for event, token, words in events:
                place = place_of(event, token, settled, tokens, triggers, words)
                if place is not None:
                    _write(event, place)

    def _count_actors(self) -> None:
        """Let the actors of the events, and places whose names leave no doubt, speak for their countries too."""
        for mentions, events, _ in self.sentences:
            for event, _, _ in events:
                self.countries.update(code[:3] for code in (event.source, event.target) if not code.startswith("---"))
            for mention in mentions:
                states = {p.country for p in mention.candidates}
                if not mention.common and len(states) == 1 and any(p.own or p.population >= _LARGE for p in mention.candidates):
                    self.countries.update(states)

    def settle(self, mentions: Sequence[PlaceMention]) -> list[SettledPlace]:
        """The mentions of one sentence that are places."""
        sure = frozenset(state for m in mentions for state in (m.countries | _countries_of(m) if not m.common else m.countries))
        return [s for m in mentions if (s := settle(m, self.countries, sure)) is not None]


def place_of(
    event: Event, token: Token, settled: Sequence[SettledPlace], tokens: Sequence[Token], triggers: frozenset[int], actors: frozenset[int]
) -> SettledPlace | None:  # fmt: skip
    """The place of the event told by `token`: the nearest in its clause, of nested ones the finest; for an act in the world, else the sentence's only place.
    `triggers` are the words of all events of the sentence, `actors` the words of this event's source and target."""
    allowed = [place for place in settled if _allowed(event.cameo, place, token, actors)]
    costs = [(_cost(event, place, token, tokens, triggers), place.mention.first, place) for place in allowed]
    best = min(costs, key=lambda c: c[:2], default=None)
    if best is None:
        return None
    act = event.cameo[:2] in _MATERIAL or event.cameo.startswith((*_VISITS, _ACCUSED))
    alone = act and len({_group(place.mention, settled) for place in allowed}) == 1
    return _finest(best[2], settled) if alone or best[0] < (_FAR if act else _FAR_SAID) else None


def _allowed(cameo: str, place: SettledPlace, token: Token, actors: frozenset[int]) -> bool:
    """Whether an event of this code can have its place so: statements only in or near; what is done to a place (قصف حلب, زيارة لبغداد) only acts in the world.
    The country of an institution (المجلس العسكري في النيجر) is no place."""
    mention, root = place.mention, cameo[:2]
    if place.precision == "country" and mention.first in actors and mention.first - 1 in actors:
        return False
    if mention.relation in ("in", "near", "subject"):
        return True
    if mention.relation == "object" and mention.head != token.id:
        return False
    if mention.relation == "from":
        return root in ("08", "15", "17", "18", "20") and (cameo.startswith("087") or not _is_capital(mention))
    if mention.relation == "to":
        return root in _MATERIAL or cameo.startswith((*_VISITS, _ACCUSED))
    return root in _VIOLENT or cameo.startswith(_VISITS)


def _is_capital(mention: PlaceMention) -> bool:
    return any(p.population >= _LARGE and p.own for p in mention.candidates)


def _cost(event: Event, place: SettledPlace, token: Token, tokens: Sequence[Token], triggers: frozenset[int]) -> float:
    """How far the mention is from the event word: words between, more before the word than behind it, and walls (clauses, other events)."""
    mention, root = place.mention, event.cameo[:2]
    if mention.head == token.id:
        return 0.0
    after = mention.first > token.id
    between = tokens[token.id : mention.first - 1] if after else tokens[mention.last : token.id - 1]
    speech = root not in _MATERIAL
    walls = sum((12 if speech else 4) for t in between if t.upos == "VERB" and t.id not in triggers)
    walls += sum((12 if speech else 6) for t in between if t.id in triggers)
    walls += sum((30 if speech else 5) for t in between if t.key in _WALLS or speech and t.form in ('"', "«", ":"))
    if not after and token.id > 1 and tokens[token.id - 2].key == "و":
        walls += 15 if speech else 3  # another clause begins
    relation = {"to": 2, "on": 2, "by": 2, "from": 6, "subject": -3}.get(mention.relation, 0)
    inside = -3 if after and _under(tokens[mention.first - 1], token) else 0
    party = -2 if place.country in (event.target[:3], event.source[:3]) else 0
    return len(between) * (1.0 if after else 1.4) + walls + relation + inside + party


def _under(token: Token, above: Token) -> bool:
    """Whether a token hangs below another without a clause of its own between."""
    parent: Token | None = token
    for _ in range(12):
        if parent is None or parent.deprel.startswith(("ccomp", "advcl", "acl", "parataxis")):
            return False
        parent = parent.parent
        if parent is above:
            return True
    return False


def _group(mention: PlaceMention, settled: Sequence[SettledPlace]) -> int:
    """One number for places that are told together: nested ones (بلدة سراقب في إدلب), and a list (غوريس وسوتك), of which the first stands for all."""
    first = _whole(mention).first
    for place in reversed(settled):
        if place.mention.last in (first - 1, first - 2) and place.mention.relation == mention.relation:
            first = place.mention.first
    return first


def _whole(mention: PlaceMention) -> PlaceMention:
    while mention.within is not None:
        mention = mention.within
    return mention


def _finest(place: SettledPlace, settled: Sequence[SettledPlace]) -> SettledPlace:
    """Of the nested places that this one belongs to, the one told most exactly."""
    whole = _whole(place.mention)
    nested = [s for s in settled if _whole(s.mention) is whole]
    return min(nested, key=lambda s: PRECISIONS.index(s.precision), default=place)


def _write(event: Event, settled: SettledPlace) -> None:
    event.place, event.place_country, event.place_precision = settled.mention.words, settled.country, settled.precision
    if settled.place is not None:
        event.latitude, event.longitude = f"{settled.place.latitude:.4f}", f"{settled.place.longitude:.4f}"


# ---------------------------------------------------------------------------------------------------- for the writers


def describe(event: Event, gazetteer: Gazetteer) -> Place | None:
    """The gazetteer's record of an event's place, with its Latin name, division and GeoNames id; None where the event has no point."""
    if not event.latitude:
        return None
    here = f"{float(event.latitude):.4f}", f"{float(event.longitude):.4f}"
    return next((p for p in _named(event.place, gazetteer) if (f"{p.latitude:.4f}", f"{p.longitude:.4f}") == here), None)


def _named(words: str, gazetteer: Gazetteer) -> Iterable[Place]:
    return gazetteer.places(fold(words).replace("-", " "))
