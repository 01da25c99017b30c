"""The killed and the injured of a violent event, read from its sentence: words of loss, the count phrase of each, the event it belongs to.

Which words tell of a loss, and on which side of them the count stands, is school grammar (العدد والمعدود, الفاعل ونائب الفاعل) and the usage of news:
after a verb or its noun (قتل ستة, مقتل ستة), before a counted noun (ستة قتلى), between لقي and مصرعهم. A number that counts anything but
people is no count; where a phrase tells of both losses at once (عشرون بين قتيل وجريح) neither column is filled.
"""

import datetime
from collections.abc import Iterable, Iterator, Sequence

from attrs import evolve, field, frozen

from coder.dates import find_dates
from coder.model import Token
from coder.morphology import verb_forms
from coder.numerals import Count, Word, in_prefix, is_number_word, read_count, read_number, words
from coder.text import fold, folded

KILLED, INJURED = "killed", "injured"
_VIOLENT = ("18", "19", "20", "175", "145")  # CAMEO: assault, fight, mass violence, violent repression, violent protest
_REACH, _FARTHEST, _WALL, _UNLINKED = 16, 40, 6, 8


def is_violent(cameo: str) -> bool:
    """Whether an event of this code can have killed and injured."""
    return cameo.startswith(_VIOLENT)


@frozen
class Part:
    """Some victims: how many (high None: at least `low`; low 0: not told), and the words that tell it."""

    low: int
    high: int | None
    start: int
    end: int


@frozen
class Loss:
    """The victims of one word of killing or injuring: `word` is the index of its token, `parts` the coordinated count phrases; `apart`: told of a
    whole time or in a charge (قتل ألفان منذ بدء الحرب, قضية قتل اثنين), so that no other event of the sentence has these victims."""

    kind: str
    word: int
    parts: tuple[Part, ...] = field(factory=tuple)
    apart: bool = False


# ------------------------------------------------------------------------------------------------------------------ the words


def _forms(*verbs: str) -> frozenset[str]:
    """The spellings of verbs in the third person, but for يصب and تصب, which are "to pour" as well."""
    forms = (form for verb in verbs for past, present in [verb.split()] for form in verb_forms(past, present))
    return frozenset(form.key for form in forms if form.person[0] == "3") - {"يصب", "تصب"}


# Verbs whose unvowelled spelling is active and passive (قتل qatala, qutila): of two noun phrases after them the second is the victim.
_VERBS = {
    KILLED: _forms("قتل يقتل", "أعدم يعدم", "ذبح يذبح", "اغتال يغتال"),
    INJURED: _forms("أصاب يصيب", "جرح يجرح"),
}
# Verbs whose subject is the victim, and passives that the spelling shows.
_SUFFERED = {
    KILLED: _forms("استشهد يستشهد") | folded({"مات", "ماتت", "ماتوا", "يموت", "توفي", "توفيت", "توفوا", "اغتيل", "اغتيلت", "اغتيلوا"}),
    INJURED: folded({"أصيب", "أصيبت", "أصيبوا", "أصيبا", "أصيبتا", "أصبن", "يصاب"}),
}
_NOUNS = {
    KILLED: folded({"مقتل", "مصرع", "استشهاد", "وفاة", "اغتيال", "إعدام"}),
    INJURED: folded({"إصابة"}),
}
_BEFORE = folded({"مصرع", "حتف"})  # with a pronoun: the victims stand before it (لقي خمسة مصرعهم)
_PRONOUNS = {"ه": 1, "ها": 0, "هم": 0, "هما": 2, "هن": 0}
_LIVES, _TOOK = folded({"حياة", "أرواح"}), _forms("أودى يودي", "حصد يحصد", "أزهق يزهق")
_TOLL = folded({"ضحيته", "ضحيتها", "ضحية"})  # راح ضحيته خمسة
_WENT = folded({"راح", "راحت", "يروح", "ذهب", "ذهبت"})
_COUNTED = {  # singular, dual, plural of the nouns that are themselves counted; an accusative singular follows 11 to 99 (Wright I §§ 321, 324)
    KILLED: (folded({"قتيل", "قتيلا", "شهيد", "شهيدا"}), folded({"قتيلان", "قتيلين", "شهيدان", "شهيدين"}), folded({"قتلى", "القتلى", "شهداء", "الشهداء", "وفيات"})),
    INJURED: (folded({"جريح", "جريحا", "مصاب", "مصابا"}), folded({"جريحان", "جريحين", "مصابان", "إصابتان", "إصابتين"}),
              folded({"جرحى", "الجرحى", "مصابين", "مصابون", "المصابين", "المصابون", "إصابات", "إصابة"})),
}  # fmt: skip
_THEIR_DEATH = _BEFORE | {before + pronoun for before in _BEFORE for pronoun in _PRONOUNS}
# Every word that may tell of a loss: most sentences have none.
_WORDS_OF_LOSS = _THEIR_DEATH.union(
    _LIVES, _TOLL, *_VERBS.values(), *_SUFFERED.values(), *_NOUNS.values(), *(group for groups in _COUNTED.values() for group in groups)
)
_ALONE = folded({"قتيل", "قتيلا", "شهيد", "جريح", "جريحا"})  # one, where no number stands before
_PLURAL_VERB = ("وا", "ون", "تا")

# People: singular, and broken plural where there is one; then the dual in ين cannot be a sound plural.
_PEOPLE_TABLE = """جندي:جنود شخص:أشخاص رجل:رجال طفل:أطفال شاب:شبان,شباب عنصر:عناصر فرد:أفراد ضابط:ضباط قائد:قادة عامل:عمال طالب:طلاب,طلبة
رهينة:رهائن نفر:أنفار راكب:ركاب حارس:حراس تاجر:تجار مزارع: مدني: مسلح: مقاتل: مواطن: متظاهر: محتج: صحفي: صحافي: شرطي: دركي: قيادي: مهاجر: لاجئ: نازح:
متمرد: إرهابي: انتحاري: مهاجم: مصل: معتقل: سجين:سجناء أسير:أسرى عسكري: ناشط:نشطاء طبيب:أطباء مسعف: مسافر: سائح:سياح,سائحون سائق: صياد: معلم: مدرس:
موظف: مستوطن: نائب:نواب وزير:وزراء رئيس:رؤساء قاض:قضاة زعيم:زعماء إمام:أئمة شيخ:شيوخ كاهن:كهنة راهب:رهبان مجند: مرتزق:مرتزقة متطوع: متشدد: جهادي: حوثي:
متعاقد: مسؤول: عميد: عقيد: ملازم: رقيب: عريف: نقيب: قروي: رضيع:رضع مسن: فتى:فتيان صبي:صبية مراهق: بحار:بحارة طيار: ملاح: دبلوماسي: سفير:سفراء
محام: كاتب:كتاب ممرض: متسلل: مهرب: لص:لصوص رام: عابر: منفذ: مصور: مراسل: سكان: ساكن: مصاب: متسوق: متفرج: حاج:حجاج امرأة:نساء فتاة:فتيات سيدة: طفلة: طالبة:
صحفية: صحافية: مواطنة: ممرضة: معلمة: شابة: شخصية:"""
_NATIONS_TABLE = """فلسطيني: إسرائيلي: سوري: عراقي: لبناني: يمني: ليبي: مصري: سوداني: تونسي: جزائري: مغربي:مغاربة أردني: سعودي:
إماراتي: كويتي: قطري: بحريني: عماني: إيراني: تركي:أتراك كردي:أكراد أفغاني:أفغان باكستاني: هندي:هنود صيني: روسي:روس أوكراني: أميركي: أمريكي: بريطاني: فرنسي:
ألماني:ألمان إيطالي: إسباني: صومالي: كيني: إثيوبي: إريتري: نيجيري: مالي: تشادي: كونغولي: كولومبي: مكسيكي: بورمي: فلبيني: أوغندي: أرمني:أرمن أذربيجاني:
عربي:عرب يهودي:يهود مسيحي: قبطي:أقباط إيزيدي: درزي:دروز"""
_ONE, _TWO, _MANY = "one", "two", "many"


def _people() -> dict[str, str]:
    """The folded forms of the nouns of people with their number. ين is the dual of a noun with a broken plural, else it may be the plural."""
    forms: dict[str, str] = {}
    for entry in (_PEOPLE_TABLE + " " + _NATIONS_TABLE).split():
        noun, _, broken = entry.partition(":")
        stem = noun[:-1] if noun.endswith("ة") else noun
        link = "ت" if noun.endswith("ة") else ""
        many = [p + e for p in broken.split(",") if p for e in ("", "ا")] + [stem + "ات"]
        if not broken and not link:
            many += [stem + e for e in ("ون", "ين")]
        ones = [noun, noun + "ا"] if not link else [noun]
        twos = [stem + link + "ان"] + ([stem + link + "ين"] if broken or link else [])
        for number, spellings in ((_MANY, many), (_TWO, twos), (_ONE, ones)):
            forms.update({key: number for s in spellings for key in (fold(s), "ال" + fold(s))})
    return {**forms, **{fold(w): _MANY for w in ("سكان", "السكان", "ناس", "الناس", "أناس")}}


_PEOPLE = _people()


def names_people(key: str) -> bool:
    """Whether a folded word is a noun of people in any number (رجل, جنود, طفلين)."""
    return key in _PEOPLE


_NATIONS = folded(entry.partition(":")[0] for entry in _NATIONS_TABLE.split())
_NO_DUALS = folded({"بيان", "أعيان", "كيان", "عصيان", "طغيان", "شريان", "فتيان", "غليان", "عيان", "أحيان", "أديان"})
_ONE_OF = folded({"أحد", "إحدى"})
_OTHER = {
    **{fold(w): 1 for w in ("آخر", "أخرى", "ثان", "ثالث", "رابع", "خامس", "سادس")},
    **{fold(w): 2 for w in ("آخران", "أخريان", "أخريين")},
    **{fold(w): 0 for w in ("آخرون", "آخرين", "أخريات")},
}
_COUNTED_AGAIN = {**{fold(w): 2 for w in ("اثنان", "اثنين", "اثنتان", "اثنتين")}, **{fold(w): 1 for w in ("واحد", "واحدة", "واحدا")}}
# What is counted in the news beside people: times, measures, money, vehicles, buildings, weapons, attacks, places, ages, groups, shares.
_THINGS_TABLE = """عام عاما أعوام سنة سنوات سنين يوم يوما أيام ساعة ساعات دقيقة دقائق أسبوع أسابيع شهر شهرا أشهر شهور كيلومتر كيلومترا كيلومترات كلم كم متر مترا أمتار
ميل ميلا أميال دولار دولارا دولارات يورو جنيه ريال سيارة سيارات مركبة مركبات آلية آليات دبابة دبابات منزل منزلا منازل مبنى مباني مبان مدرسة مدارس مسجد مساجد متجر متاجر طن طنا أطنان
صاروخ صاروخا صواريخ قذيفة قذائف قنبلة قنابل رصاصة رصاصات طلقة طلقات غارة غارات ضربة ضربات هجوم هجوما هجمات تفجير تفجيرا تفجيرات انفجار انفجارات عملية عمليات حادث حوادث
اشتباك اشتباكات مرة مرات دولة دول بلدة بلدات قرية قرى مدينة مدن محافظة محافظات ولاية ولايات منطقة مناطق طائرة طائرات مروحية مروحيات زورق زوارق سفينة سفن حافلة حافلات شاحنة
شاحنات كتيبة كتائب لواء ألوية مجموعة مجموعات جماعة جماعات عائلة عائلات أسرة أسر موقع موقعا مواقع عبوة عبوات بندقية بنادق درجة درجات مئوية قتال معركة معارك نقطة نقاط حكم أحكام
جولة جولات محاولة محاولات ريختر حالة حالات جثة جثث خيمة خيام رأس رؤوس بقرة أبقار ماشية محل محال محلات كنيسة كنائس معبد معابد جسر جسور رحلة رحلات وحدة وحدات
خنزير خنازير غنم أغنام حيوان حيوانات"""
_THINGS = folded(w for stem in _THINGS_TABLE.split() for w in (stem, "ال" + stem)) | {"%", "٪"}
_SHARE = folded({"المئة", "المائة", "بالمئة", "بالمائة"})
_LABELS = folded(
    {
        "الساعة",
        "رقم",
        "المجموعة",
        "عام",
        "العام",
        "سنة",
        "كتيبة",
        "الكتيبة",
        "اللواء",
        "لواء",
        "الفرقة",
        "فرقة",
        "كيلومتر",
        "المادة",
        "القرار",
        "الفوج",
        "عمر",
        "عمره",
    }
)
_PREPOSITIONS = folded({"في", "ب", "ل", "من", "على", "إلى", "عن", "إثر", "جراء", "خلال", "بعد", "قبل", "قرب", "وسط", "داخل", "برصاص", "بنيران", "عند", "لدى", "أثناء", "عقب", "نتيجة",
                        "بسبب", "جنوب", "شمال", "شرق", "غرب", "شمالي", "جنوبي", "شرقي", "غربي", "مع", "ضد", "منذ"})  # fmt: skip
_SUBORDINATORS = folded({"الذي", "التي", "الذين", "اللذين", "حيث", "فيما", "بينما", "لكن", "أن", "إن", "بعدما", "عندما", "كما", "إذ", "مما"})
_JOINTS = folded({"و", "أو"})
_RELATIVES = folded({"الذين", "اللذين", "اللذان"})
_AMONG = folded({"بينهم", "بينها", "بينهن", "ضمنهم", "منهم", "منها", "أحدهم", "بعضهم"})
_AMONG_STEMS, _AMONG_PRONOUNS = folded({"بين", "ضمن", "من"}), folded({"هم", "ها", "هن", "هما"})
_NEGATIONS = folded({"لم", "لن", "دون", "بدون", "عدم"})
_CHARGES = folded({"تهم", "بتهم", "اتهام", "باتهام", "متهم", "المتهم"})
_NOT_DONE = folded({"محاولة", "محاولات", "عقوبة", "حكم", "أحكام", "ذكرى", "تهديد", "هدد", "هددت", "توعد", "حال", "حالة"})
_CASES = folded({"تهمة", "بتهمة", "جريمة", "جرائم", "قضية"})
_DISEASE = folded({"فيروس", "بفيروس", "كورونا", "بكورونا", "كوفيد", "الفيروس", "الوباء", "وباء", "المرض", "بمرض"})
_OF_DISEASE = folded({"إصابة", "إصابات", "وفاة", "وفيات", "توفي", "مصاب"})  # infection, death: told of the sick as well
_SINCE, _RECENT = folded({"منذ"}), folded({"صباح", "فجر", "مساء", "أمس", "اليوم", "ليل", "ليلة", "ظهر", "الصباح", "الفجر", "ساعات", "الأمس"})
_WOUNDS = folded({"جروح", "جراح", "بجروح", "بجراح", "إصابات"})
_TOTALS = folded({"عدد", "حصيلة", "أعداد", "الحصيلة"})
_PASSED = folded({"تجاوز", "تجاوزت", "يتجاوز", "تتجاوز", "فاق", "فاقت", "يفوق", "تخطى", "تخطت"})
_REACHED = folded({"ارتفع", "ارتفعت", "يرتفع", "ترتفع", "بلغ", "بلغت", "يبلغ", "وصل", "وصلت", "زاد", "زادت", "صعد"}) | _PASSED
# Verbs of result carry the loss to their subject, so that they are no wall between the two.
_RESULTS = _forms(
    "أسفر يسفر", "أدّى يؤدي", "أودى يودي", "أوقع يوقع", "خلّف يخلف", "تسبّب يتسبب", "حصد يحصد", "استهدف يستهدف", "وقع يقع", "شنّ يشن", "نفّذ ينفذ"
)
_DATE_ANCHOR = datetime.date(2000, 1, 1)  # only the places of dates are wanted here
_VERB, _SUBJECT, _NOUN, _HEADS = "verb", "subject", "noun", "counted"


@frozen
class _Text:
    """A sentence as words, with the places (indexes of words) that belong to dates, and the word of loss at each place that has one."""

    words: list[Word]
    dated: frozenset[int]
    marks: dict[int, tuple[str, str]]

    def key(self, at: int) -> str:
        """The key of word `at`; "" beyond the sentence."""
        return self.words[at].key if 0 <= at < len(self.words) else ""

    def verb(self, at: int) -> bool:
        """Whether word `at` is a verb of its own, not part of "at least" or a noun of people that the parser took for a verb."""
        word = self.words[at]
        return word.upos == "VERB" and word.key not in _PEOPLE and not is_number_word(word.key) and not in_prefix(self.words, at)


def _read(tokens: Sequence[Token]) -> _Text:
    ws = [piece for word in words(tokens) for piece in _without_and(word)]
    keys = [w.key for w in ws]
    marks = {i: mark for i in range(len(keys)) if (mark := _mark(keys, i)) is not None}
    if marks and not _DISEASE.isdisjoint(keys):
        marks = {i: mark for i, mark in marks.items() if keys[i] not in _OF_DISEASE}
    dates = find_dates(keys, _DATE_ANCHOR) if marks else ()
    return _Text(ws, frozenset(i for d in dates for i in range(d.start, d.end)), marks)


def _without_and(word: Word) -> Iterator[Word]:
    """A word of loss that the tokenizer left together with its و or ف (وإصابة, فقتل) as two words."""
    key = word.key
    rest = _mark([key[1:]], 0) if key[:1] in ("و", "ف") and key[1:] in _WORDS_OF_LOSS and len(key) > 3 and _mark([key], 0) is None else None
    if rest is not None and (word.key[0] == "و" or rest[1] in (_VERB, _SUBJECT)):
        yield Word(word.key[0], word.key[0], "CCONJ", word.token)
        word = evolve(word, key=word.key[1:])
    yield word


def _mark(keys: Sequence[str], at: int) -> tuple[str, str] | None:
    """(killed or injured, how its victims are told) of word `at`; None for any other word. The words are those of the news, one list a kind."""
    key = keys[at]
    if key not in _WORDS_OF_LOSS:
        return None
    for kind in (KILLED, INJURED):
        if any(key in group for group in _COUNTED[kind]) and _countable(keys, at, kind):
            return kind, _HEADS
        if key in _SUFFERED[kind]:
            return kind, _SUBJECT
        if key in _VERBS[kind]:
            return kind, _VERB
        if key in _NOUNS[kind]:
            return kind, _NOUN
    if key in _THEIR_DEATH:
        return KILLED, _SUBJECT
    if key in _LIVES and not _TOOK.isdisjoint(keys[max(0, at - 4) : at]) or key in _TOLL and not _WENT.isdisjoint(keys[max(0, at - 4) : at]):
        return KILLED, _NOUN
    return None


def _countable(keys: Sequence[str], at: int, kind: str) -> bool:
    """Whether a noun that can be counted is so here: 20 إصابة, but not إصابة عشرين, نقل بإصابات خطيرة, إصابتهم."""
    following = keys[at + 1] if at + 1 < len(keys) else ""
    if keys[at] in _NOUNS[kind]:
        return at > 0 and keys[at - 1].isdecimal() and following not in _PRONOUNS
    return not (keys[at] == fold("إصابات") and at > 0 and keys[at - 1] == "ب")


# ------------------------------------------------------------------------------------------------------------------ count phrases


def _person(text: _Text, at: int) -> str:
    """one, two or many if word `at` names people, else "". A nominative in يان is a dual whatever the noun (ماليان, جيبوتيان)."""
    key = text.key(at)
    if key in _PEOPLE:
        return _PEOPLE[key]
    if len(key) > 5 and key.endswith("يان") and key not in _NO_DUALS and text.words[at].upos in ("NOUN", "ADJ"):
        return _TWO
    return _MANY if len(key) > 5 and key.endswith(("يون", "يين")) else ""


def _phrase(text: _Text, at: int, kind: str, crossed: bool, strict: bool) -> Part | None:
    """The victims told from word `at`: a number with the people it counts, or people alone (جندي one, جنديان two, جنود untold).

    `crossed`: a preposition stands before, so that only a number with people, or a bare one, is read. `strict`: people must be named."""
    if at in text.dated or not strict and (text.key(at - 1) in _PREPOSITIONS or text.key(at - 1) == "بين"):
        return None
    key = text.key(at)
    count = read_count(text.words, at)
    if count is not None and not (key in _ONE_OF and count.low == 1):
        end = _counted_end(text, count, kind, crossed, strict)
        return Part(count.low, count.high, at, _modifiers(text, end, end > count.end)) if end else None
    if crossed or text.key(at - 1) in _LABELS:
        return None
    if key in _ONE_OF and at + 1 < len(text.words):
        return Part(1, 1, at, _modifiers(text, at + 2, True))
    if key in _OTHER and (strict or at - 1 in text.marks):
        return Part(_OTHER[key], _OTHER[key] or None, at, _modifiers(text, at + 1, False))
    number = _person(text, at)
    if key.removeprefix("ال") in _NATIONS and not strict and not (key in _NATIONS and (at - 1 in text.marks or at - 1 in text.dated)):
        return None  # فلسطيني, العراقي beside another noun is its adjective
    if (
        key.startswith("ال")
        and text.words[at - 1].upos == "NOUN"
        and not text.key(at - 1).startswith("ال")
        and not strict
        and at - 1 not in text.marks
    ):
        return None  # the second noun of a construct state: حقوق المواطنة
    return _people_alone(text, at, number) if number else None


def _people_alone(text: _Text, at: int, number: str) -> Part:
    """People without a number before them; one after them counts (الجنود الخمسة, مدنيين اثنين: the adjective agrees with its noun)."""
    low = {_ONE: 1, _TWO: 2, _MANY: 0}[number]
    after = text.key(at + 1)
    definite = read_number([evolve(w, key=w.key.removeprefix("ال")) for w in text.words[at + 1 : at + 4]], 0) if after.startswith("ال") else None
    if after in _COUNTED_AGAIN:
        low = _COUNTED_AGAIN[after]
    elif definite is not None and number == _MANY and definite.low > 2:
        return Part(definite.low, definite.low, at, at + 1 + definite.end)
    elif number == _MANY and text.words[at + 1 : at + 2] and text.words[at + 1].upos == "NUM" and after.isdecimal() and text.key(at).startswith("ال"):
        return Part(int(after), int(after), at, at + 2)
    return Part(low, low or None, at, _modifiers(text, at + 1, True))


def _counted_end(text: _Text, count: Count, kind: str, crossed: bool, strict: bool) -> int:
    """Where the phrase of a number ends; 0 if it counts no people: things, a share, a year, a label (الساعة 5), the other loss."""
    partitive = text.key(count.end) == "من" and text.key(count.end + 1).startswith("ال")
    at = count.end + partitive
    after = text.key(at)
    bare = partitive or after in _PREPOSITIONS or after in _SUBORDINATORS or at in text.marks or at >= len(text.words) or text.verb(at)
    bare = bare or text.words[at].upos in ("PUNCT", "ADP", "CCONJ", "PRON")
    if after in _THINGS or text.key(count.end + 1) in _SHARE or after in _SHARE or text.key(count.start - 1) in _LABELS or count.end in text.dated:
        return 0
    if at in text.marks and text.marks[at][1] == _HEADS:
        return at + 1 if text.marks[at][0] == kind else 0
    if _person(text, at):
        return at + 1
    if after in _OTHER:
        return at + 1
    if strict or crossed and not bare:
        return 0
    if bare and count.low == count.high and 1900 <= count.low <= 2100:
        return 0
    return count.end


def _modifies(text: _Text, at: int, head: str) -> bool:
    """Whether word `at` is an adjective of the people `head`: it agrees in definiteness and is no second name of people (المسلحون جنديين)."""
    key = text.key(at)
    if key in _OTHER or key in _COUNTED_AGAIN:
        return True
    if head.startswith("ال") and not key.startswith("ال") or key.endswith("يا") and not head.endswith("ا"):
        return False
    if _PEOPLE.get(key) == _TWO and key.removesuffix("ان").removesuffix("ين") not in _NATIONS:
        return False
    if text.words[at].upos == "ADP" or key in _PREPOSITIONS:
        return False
    return text.words[at].upos == "ADJ" or len(key) > 3 and key.endswith(("ي", "يا", "يه", "يين", "يون", "يان"))


def _modifiers(text: _Text, at: int, noun: bool) -> int:
    """The end of a phrase whose noun ends at `at`: its adjectives, آخرون, and من with what follows it (ثلاثة من الجنود)."""
    head = text.key(at - 1)
    while at < len(text.words) and at not in text.marks and at not in text.dated and _modifies(text, at, head):
        if not noun and text.key(at) not in _OTHER and text.key(at) not in _COUNTED_AGAIN:
            break
        at += 1
    if text.key(at) == "من" and not _among(text, at):
        for place in range(at + 1, min(at + 6, len(text.words))):
            if text.key(place) == "و" and _joins(text, place + 1):
                return place
            if text.words[place].upos in ("PUNCT", "ADP", "CCONJ") or text.verb(place) or place in text.marks:
                break
    return at


def _joins(text: _Text, at: int) -> bool:
    """Whether a count phrase of people begins at `at`."""
    return _phrase(text, at, KILLED, crossed=False, strict=True) is not None


def _group(text: _Text, at: int, kind: str, crossed: bool) -> tuple[Part, ...]:
    """The count phrase at `at` and those joined to it by و (خمسة جنود وثلاثة مدنيين), as long as no other word of loss claims them."""
    first = _phrase(text, at, kind, crossed, strict=False)
    if first is None:
        return ()
    parts = [first]
    while text.key(parts[-1].end) == "و":
        following = _phrase(text, parts[-1].end + 1, kind, crossed=False, strict=True)
        if following is None or _claimed(text, following.end, kind):
            break
        parts.append(following)
    return tuple(parts)


def _claimed(text: _Text, at: int, kind: str) -> bool:
    """Whether the victims before `at` belong to a word of the other loss after them (وعشرة آخرون أصيبوا, وعشرة بجروح) or to another verb."""
    for place in range(at, min(at + 3, len(text.words))):
        if place in text.marks:
            return text.marks[place][0] != kind and text.key(place - 1) != "و"
        if text.key(place) in _WOUNDS:
            return kind == KILLED
        if text.words[place].upos in ("PUNCT", "CCONJ"):
            return False
        if text.verb(place):
            return True
    return False


def _groups(text: _Text, at: int, end: int, kind: str) -> list[tuple[Part, ...]]:
    """The count phrases between two places, as far as the clause goes."""
    found: list[tuple[Part, ...]] = []
    crossed = False
    while at < min(end, len(text.words)):
        parts = _group(text, at, kind, crossed)
        if parts and not (found and parts[0].low and read_count(text.words, at) and not _joins(text, at)):
            found.append(parts)
            at = parts[-1].end
            continue
        if _closes(text, at, bool(found)):
            break
        if text.key(at + 1) in _PRONOUNS and text.key(at) in _PREPOSITIONS:  # قتل فيه, قتل بها
            at += 2
            continue
        crossed = crossed or text.words[at].upos in ("ADP", "PUNCT") or text.key(at) in _PREPOSITIONS
        at += 1
    return found


def _closes(text: _Text, at: int, found: bool) -> bool:
    """Whether the search for victims ends at word `at`: another word of loss, a verb, a new clause; after a first find also any mark or preposition."""
    word = text.words[at]
    if at in text.dated:
        return False
    if at in text.marks or text.verb(at) or word.key in _SUBORDINATORS or _among(text, at):
        return True
    if word.upos == "PUNCT":
        return found or word.key in (".", "؛", ":", "؟", "!")
    return found and (word.upos == "ADP" or word.key in _PREPOSITIONS or word.key == "و")


def _among(text: _Text, at: int) -> bool:
    """بينهم, من ضمنهم "among them": what follows is part of what was counted before."""
    return text.key(at) in _AMONG or text.key(at) in _AMONG_STEMS and text.key(at + 1) in _AMONG_PRONOUNS


# ------------------------------------------------------------------------------------------------------------------ losses


def find_losses(tokens: Sequence[Token]) -> list[Loss]:
    """The losses told in a sentence with their counts, in its order. Negated, attempted and combined ones are left out."""
    text = _read(tokens)
    both = _combined(text)
    found = []
    for at, (kind, how) in text.marks.items():
        if at in both or _not_told(text, at):
            continue
        parts = tuple(p for p in _victims(text, at, kind, how) if p.start >= 0)
        if parts and any(p.low for p in parts):
            spans = tuple(evolve(p, start=text.words[p.start].token, end=text.words[p.end - 1].token) for p in parts)
            found.append(Loss(kind, text.words[at].token, spans, _cumulative(text, max(at, parts[-1].end - 1)) or _charged(text, at)))
    return found


def _victims(text: _Text, at: int, kind: str, how: str) -> tuple[Part, ...]:
    """The victims of the word of loss `at`, by the construction that its class has."""
    if how == _HEADS:
        return _counted(text, at, kind)
    if text.key(at) in _BEFORE and text.key(at + 1) in _PRONOUNS or text.key(at) not in _NOUNS[KILLED] and text.key(at).startswith(tuple(_BEFORE)):
        return _met_death(text, at, kind)
    plural = how in (_VERB, _SUBJECT) and text.key(at).endswith(_PLURAL_VERB)
    joined = text.key(at - 1) == "و"
    if plural and not joined and (before := _before(text, at, kind)) and before[0].low and (before[0].low, before[0].high) != (1, 1):
        return before
    groups = _groups(text, at + 1, at + 1 + _REACH, kind)
    if groups:
        return groups[-1] if how == _VERB else groups[0]
    return _before(text, at, kind) if how in (_VERB, _SUBJECT) and not joined and not plural else ()


def _before(text: _Text, at: int, kind: str) -> tuple[Part, ...]:
    """The subject that stands before its verb (خمسة جنود قتلوا; المبتدأ), searched back to the beginning of the clause; before الذين the nearest noun."""
    start, relative = at, text.key(at - 1) in _RELATIVES
    while start > 0 and at - start < _REACH:
        word = text.words[start - 1]
        inserted = word.key == "،" and (start == at or _among(text, start) or _among(text, start + 1))
        if word.upos == "PUNCT" and not inserted or start - 1 in text.marks or text.verb(start - 1):
            break
        if word.key in _SUBORDINATORS and not (relative and start == at):
            break
        start -= 1
    groups = _groups(text, start, at, kind)
    if groups and start - 1 in text.marks:  # the first victims belong to the word of loss before them
        return groups[-1][1:] if len(groups) == 1 else groups[-1]
    return groups[-1 if relative else 0] if groups else ()


def _met_death(text: _Text, at: int, kind: str) -> tuple[Part, ...]:
    """لقي خمسة مصرعهم: the victims stand between the verb and its object, or before the verb; else the pronoun tells (مصرعه one, مصرعهما two)."""
    found = _before(text, at, kind)
    if not found:
        verb = next((i for i in range(at - 1, max(at - _REACH, -1), -1) if text.verb(i)), -1)
        found = _before(text, verb, kind) if verb > 0 and text.key(verb - 1) != "و" else ()
    if found:
        return found
    pronoun = text.key(at + 1) if text.key(at) in _BEFORE else next(text.key(at).removeprefix(b) for b in _BEFORE if text.key(at).startswith(b))
    low = _PRONOUNS.get(pronoun, 0)
    return (Part(low, low or None, at, at + 1),)


def _counted(text: _Text, at: int, kind: str) -> tuple[Part, ...]:
    """A noun that is itself counted: the number before it (ستة قتلى), its dual (قتيلان), itself (قتيل), or a total (عدد القتلى إلى 40)."""
    key = text.key(at)
    one, two, _ = _COUNTED[kind]
    skip = at - (text.key(at - 1) == "من")
    for start in range(max(0, at - 9), skip):
        count = read_count(text.words, start)
        if count is not None and count.end == skip and start not in text.dated:
            partitive = skip < at and count.low == count.high  # عشرة من القتلى: some of those who were counted already
            return () if partitive else (Part(count.low, count.high, start, at + 1),)
    if key in two:
        return (Part(2, 2, at, at + 1),)
    if _TOTALS & {text.key(at - 1), text.key(at - 2)}:
        return _total(text, at)
    if key.startswith("ال") and key not in one:
        alone = _people_alone(text, at, _MANY)
        return (alone,) if alone.low else ()
    if key not in one or key.endswith("ا"):  # سقط خمسة جنود قتلى: the state of the victims before it
        before = _before(text, at, kind) if text.key(at - 1) != "و" and text.words[at - 1].upos != "ADP" else ()
        if before and (before[0].low or key not in one):
            return before
    return (Part(1, 1, at, at + 1),) if key in _ALONE else ()


def _total(text: _Text, at: int) -> tuple[Part, ...]:
    """A toll: بلغ عدد القتلى 40, ارتفعت حصيلة القتلى من 30 إلى 40 (the second number is the toll), تجاوز عدد القتلى المئة."""
    opened = not _PASSED.isdisjoint(text.key(i) for i in range(at - 4, at))
    for place in range(at + 1, min(at + 12, len(text.words))):
        word = text.words[place]
        if place in text.marks or word.upos == "PUNCT" or text.verb(place) and word.key not in _REACHED:
            break
        opened = opened or word.key in _PASSED
        count = read_count(text.words, place) if place not in text.dated else None
        if (
            count is not None
            and text.key(count.end) not in _THINGS
            and (text.key(place - 1) == fold("إلى") or text.key(place - 1) not in _PREPOSITIONS)
        ):
            low = count.high if word.key == "من" and count.high else count.low
            return (Part(low, None if opened or count.high is None else max(low, count.high), place, count.end),)
    return ()


def _combined(text: _Text) -> frozenset[int]:
    """Words of loss that share one count, which tells neither number: مقتل وإصابة ثلاثين, عشرون قتيلا وجريحا, بين قتيل وجريح."""
    both: set[int] = set()
    for at, (kind, how) in text.marks.items():
        other = text.marks.get(at + 2)
        if text.key(at + 1) not in _JOINTS or other is None or other[0] == kind:
            continue
        key, second = text.key(at), text.key(at + 2)
        if how != _HEADS:
            told = how != _NOUN and text.key(at - 1) != "و" and any(p.low for p in _before(text, at, kind))
            together = other[1] != _HEADS and (not told or second.endswith(_PLURAL_VERB))
        else:
            plural = key in _COUNTED[kind][2] and second in _COUNTED[other[0]][2]
            together = text.key(at - 1) == "بين" or plural or key.endswith("يلا") and second.endswith(("حا", "با"))
        if together:
            both |= {at, at + 2}
    return frozenset(both)


def _just_before(text: _Text, at: int) -> list[str]:
    """The keys of up to three words before `at`, no further back than a mark or و."""
    near = [text.key(i) for i in range(max(0, at - 3), at)]
    cut = max((i + 1 for i, key in enumerate(near) if key in ("،", "و", "؛")), default=0)
    return near[cut:]


def _not_told(text: _Text, at: int) -> bool:
    """Whether the loss did not happen here: negated, only attempted or threatened, or remembered."""
    near = _just_before(text, at)
    return not _NEGATIONS.isdisjoint(near) or not _NOT_DONE.isdisjoint(near[-2:])


def _charged(text: _Text, at: int) -> bool:
    """Whether a charge or a case tells of the loss; of two nouns joined by و both (بتهمة قتل عشرين وإصابة ثلاثين)."""
    near = _just_before(text, at)
    if not _CASES.isdisjoint(near[-2:]) or any(k.startswith(tuple(_CHARGES)) for k in near):
        return True
    last = max((i for i in text.marks if i < at), default=-1)
    return last >= 0 and text.key(at - 1) == "و" and text.marks[at][1] == _NOUN and _charged(text, last)


def _cumulative(text: _Text, at: int) -> bool:
    """Whether a count is that of a whole time, not of the event: followed in its clause by منذ "since", unless since this morning or yesterday."""
    for place in range(at + 1, min(at + 9, len(text.words))):
        if place in text.marks or text.key(place) in (".", "؛"):
            return False
        if text.key(place) in _SINCE:
            return _RECENT.isdisjoint(text.key(i) for i in (place + 1, place + 2))
    return False


# ------------------------------------------------------------------------------------------------------------------ which event


def casualties(
    tokens: Sequence[Token],
    event: int,
    others: Iterable[int] = (),
    targets: Sequence[tuple[int, int]] = (),
    losses: Sequence[Loss] | None = None,
) -> tuple[str, str]:
    """(killed, injured) of the violent event whose word has the token id `event`: "49", "20-99", "100+", or "" where no number is told.

    `others` are the words of the sentence's other violent events: a loss belongs to the nearest. `targets` are the first and last token ids
    of the event's targets, that of this row first: of victims of several kinds (خمسة جنود وثلاثة مدنيين) each row tells its own. `losses` are
    those of the sentence, if they have been looked for already."""
    events = {event, *others}
    answer = {KILLED: "", INJURED: ""}
    best: dict[str, int] = {}
    for loss in find_losses(tokens) if losses is None else losses:
        costs = {e: _cost(tokens, loss, e - 1) for e in events}
        cost = costs[event]
        if loss.apart and cost or cost >= _FARTHEST or cost > min(costs.values()):
            continue
        if cost < best.get(loss.kind, _FARTHEST):
            best[loss.kind] = cost
            answer[loss.kind] = _written(_of_target(loss.parts, targets))
    return answer[KILLED], answer[INJURED]


def _cost(tokens: Sequence[Token], loss: Loss, event: int) -> int:
    """How far a loss is from an event word (indexes): words between, verbs and marks between weighing more, and a tree that does not link them."""
    if event == loss.word:
        return 0
    first, last = sorted((loss.word, event))
    walls = sum(t.form in ("،", "؛") or t.upos == "VERB" and t.key not in _RESULTS for t in tokens[first + 1 : last])
    linked = _linked(tokens[loss.word], tokens[event]) or _linked(tokens[event], tokens[loss.word])
    return last - first + _WALL * walls + (0 if linked else _UNLINKED)


def _linked(below: Token, above: Token) -> bool:
    """Whether `below` hangs under `above` without a coordination or a clause of speech between them."""
    return any(t is above for t in _path(below))


def _path(token: Token) -> Iterator[Token]:
    current: Token | None = token
    for _ in range(6):
        if current is None or current.deprel in ("conj", "parataxis", "ccomp", "root"):
            return
        current = current.parent
        if current is not None:
            yield current


def _of_target(parts: Sequence[Part], targets: Sequence[tuple[int, int]]) -> Sequence[Part]:
    """The parts that the first target names; a part that no target names goes with the one before it. All of them if that leaves none."""
    owners: list[int] = []
    for part in parts:
        named = next((i for i, (first, last) in enumerate(targets) if first - 1 <= part.end and part.start < last), None)
        owners.append(named if named is not None else owners[-1] if owners else 0)
    own = [part for part, owner in zip(parts, owners, strict=True) if owner == 0]
    return own if any(p.low for p in own) else parts


def _written(parts: Sequence[Part]) -> str:
    """The sum of the parts; parts without a number leave it open."""
    low = sum(p.low for p in parts)
    high = None if any(p.high is None for p in parts) else sum(p.high or 0 for p in parts)
    return str(Count(low, high, 0, 0))
