"""Dates in Arabic news sentences, resolved against the story's date.

One pass over the folded words; a word costs a dictionary test and nothing more unless it can begin a date. What is told:

- a day: weekdays with day parts, yesterday and tomorrow, so many days ago, day and month (ordinals, regional and paired month names, Hijri), numeric;
- a week (`precision` week, `value` a day of it): so many weeks ago, last week; and every span of two to seven days, told by its first day;
- a month or a year; a longer span is told by the month or the year of its start; a season, quarter, decade or century by its (first) year.

A weekday, or a day and month without a year, is the nearest past one, unless a word turns it forward (المقبل, سوف, من المقرر). Durations, ages,
deadlines, hours, and names made of dates (قوى 14 آذار, سوق الجمعة) are no dates.
"""

import datetime
import re
from collections.abc import Callable, Iterable, Sequence

from attrs import evolve, frozen

from coder.calendars import (
    AMBIGUOUS_HIJRI,
    AMBIGUOUS_MONTHS,
    DECADES,
    FEMININE_ORDINALS,
    HIJRI_MONTHS,
    MONTHS,
    ORDINALS,
    TENS,
    UNITS,
    WEEKDAYS,
    from_hijri,
    hijri_year,
    iso,
    shifted,
    year_of_hijri,
)
from coder.numerals import Word, is_number_word, read_number
from coder.text import folded


@frozen
class DateMention:
    """A date expression: words `start` to `end` (indexes, end exclusive), its value (2020-11-09, 2020-11 or 2020), precision and rule."""

    start: int
    end: int
    value: str
    precision: str
    rule: str


_Day = datetime.date | None
_Words = Sequence[str]
_Rule = Callable[[_Words, int, _Day], DateMention | None]

_PAST = folded(
    {"الماضي", "الماضية", "الماضيين", "الماضيتين", "الماضيان", "الفائت", "الفائتة", "الفارط", "الفارطة", "المنصرم", "المنصرمة", "المنقضي", "المنقضية"}
)
_LATELY = folded({"الأخيرة", "الأخير", "الأخيرين", "الأخيرتين"})
_NEXT = folded({"المقبل", "المقبلة", "القادم", "القادمة", "المقبلين", "القادمين"})
_NOW = folded({"الجاري", "الجارية", "الحالي", "الحالية", "الراهن", "الراهنة"})
_THIS = folded({"هذا", "هذه"})
_FUTURE = folded({"س", "سوف", "المقرر", "المزمع", "المرتقب", "المنتظر", "المتوقع"})
_SEASONS = folded({"خريف", "صيف", "شتاء", "ربيع"})
_YEAR_NAMES = folded({"عام", "سنة", "العام", "السنة"})
_EDGES = folded({"مطلع", "نهاية", "أواخر", "أوائل", "منتصف", "بداية", "مستهل", "آخر"})
_BEFORE_YEAR = folded({"في", "منذ", "حتى", "حرب"}) | _YEAR_NAMES | _SEASONS | _EDGES
_BEFORE_MONTH = folded({"شهر", "في", "منذ", "خلال", "حتى", "قبل", "بعد", "إلى", "من", "بين"}) | _EDGES
_PERIODS = {"الاسبوع": "week", "الشهر": "month", "العام": "year", "السنه": "year", "العقد": "decade"}
_THE_SEASONS = folded({"الصيف", "الشتاء", "الخريف", "الربيع"})
_SEASON_ENDS = {"الشتا": 3, "الربيع": 6, "الصيف": 9, "الخريف": 12}
_SPANS = {
    "الساعات": "hour", "الايام": "day", "اليومين": "day", "الاسبوعين": "week", "الاسابيع": "week", "الشهرين": "month", "الاشهر": "month", "الشهور": "month",
    "السنوات": "year", "الاعوام": "year", "العامين": "year", "السنتين": "year", "العقود": "decade", "العقدين": "decade",
}  # fmt: skip
_DAY_PARTS = folded({"يوم", "صباح", "مساء", "ليل", "ليلة", "فجر", "ظهر", "عصر", "عشية", "ضحى", "منتصف", "ظهيرة", "غروب", "مغرب", "نهار", "سحر"})
_OPENING = _DAY_PARTS | _EDGES | _THIS | {"شهر", "تاريخ"}
_SAME = folded({"نفسه", "نفسها", "ذاته", "ذاتها"})
_BETWEEN_NIGHTS = folded({"الفاصلة", "ما"})
_THIS_PART = folded({"الصباح", "المساء", "الفجر", "الظهر", "النهار"})
_ABOUT = folded({"نحو", "حوالي", "قرابة", "زهاء", "أكثر", "أقل", "حوالى"})
_MOMENTS = folded({"قليل", "لحظات", "دقائق", "دقيقة"})
_QUOTES = ("«", '"', "“", "”", "'")
_YEAR_STARTS = _YEAR_NAMES | _SEASONS | {"من", "،", "ذلك", "تلك", "نفس", "ذات", "الف", "الفين", "الفي", "الفا"}
_POINT_STARTS = frozenset(ORDINALS) | frozenset(TENS) | frozenset(n.split()[0] for n in MONTHS) | _YEAR_NAMES | {"من", "شهر", "(", "،"}
_STROKES = ("/", "-", "–", "—")
_COUNTED_AGAIN = folded({"واحد", "واحدة", "فقط", "تقريبا"})
# Before a date, these make a name of it: alliances, movements, streets, towns, borders.
_NAMED_BY_DATE = folded({
    "حركة", "قوى", "تحالف", "فريق", "ائتلاف", "حزب", "شارع", "ساحة", "ميدان", "جسر", "مدينة", "جامعة", "مستشفى", "كتيبة", "كتائب", "لواء", "ألوية",
    "معسكر", "تيار", "جبهة", "حدود", "حي", "مطار", "منظمة", "خطوط", "عرب", "فلسطينيي", "أراضي", "ملعب", "استاد", "مدرسة",
})  # fmt: skip
_PLACE_OF_WEEKDAY = folded({"سوق", "شارع", "مسجد", "جامع", "صحيفة", "كل", "حي", "بلدة", "مدينة"})
_NAMED_WEEKDAY = folded({"الدامي", "الدامية", "الأسود", "السوداء", "العظيمة", "الحزينة", "العظيم"})
_PAIR_OF_THEM = folded({"هذين", "كلا", "هذان", "الشخصين", "الطرفين", "الجانبين"})
_PAIR_AFTER = folded({"معا", "الآخرين", "الآخران", "أنفسهم"})
_NOT_TODAY_BEFORE = folded({"ذلك", "حتى", "إلى", "طوال", "نفس", "طيلة", "منذ", "بعد"})
_NOT_TODAY_AFTER = folded({"التالي", "نفسه", "ذاته", "العالمي", "الدولي", "الوطني", "السابق", "الأخير", "الذي", "المذكور", "الموعود", "الواحد", "الآخر",
                           "المشؤوم", "الموالي"}) | frozenset(ORDINALS)  # fmt: skip
_NOT_TONIGHT = folded({"التالية", "نفسها", "ذاتها", "السابقة", "الواحدة", "التي"}) | frozenset(FEMININE_ORDINALS)
_PARTS = folded({"النصف", "الربع", "الثلث", "الأسبوع", "العقد", "الفصل"})  # of a year or a month: their ordinal is no day
_ANNIVERSARY = folded({"ذكرى", "الذكرى"})
# Feasts -> (whether Hijri, month, day).
_FEASTS = {
    ("عيد", "الفطر"): (True, 10, 1), ("عيد", "الاضحي"): (True, 12, 10), ("عاشورا",): (True, 1, 10), ("المولد", "النبوي"): (True, 3, 12),
    ("عيد", "العمال"): (False, 5, 1), ("راس", "السنه"): (False, 1, 1),
}  # fmt: skip
_OTHER_YEARS = folded({"الهجرية", "العبرية", "اليهودية", "الصينية", "الأمازيغية", "الكردية", "القمرية"})
_ATTACKS = folded({"هجمات", "أحداث", "اعتداءات", "هجوم", "اعتداء"})
# Days and wars that news names without their year: (day, month) after a word for an attack, month after حرب "war".
_KNOWN_DAYS = {(11, 9): datetime.date(2001, 9, 11), (7, 10): datetime.date(2023, 10, 7)}
_KNOWN_WARS = {10: "1973-10", 6: "1967-06", 7: "2006-07"}
_REVOLUTIONS = folded({"ثورة", "ثوار", "نصر", "عبور", "ضباط", "شباب"})
_DIGITS_LETTERS = re.compile(r"\d+|[^\W\d_]+|\S")
_COUNTED = re.compile(r"^(?!ال)\w{3,}ا$")
_HIJRI_MARKS = folded({"هـ", "هجري", "هجرية", "للهجرة"})
_NEAR_FUTURE = 60  # days: a day and month without a year lies at most so far ahead


def find_dates(keys: Sequence[str], story_date: datetime.date | None) -> list[DateMention]:
    """Date expressions among the folded words `keys` of a sentence, in order and without overlap. Relative ones need `story_date`."""
    if story_date is not None and not 1000 <= story_date.year <= 9000:
        story_date = None  # a placeholder (0001-01-01, 9999-12-31), no day that a newspaper came out
    words, places = _pieces(keys)
    found: list[DateMention] = []
    position = free = 0
    while position < len(words):
        word = words[position]
        mention = _date_at(words, position, story_date) if word in _RULES or word[0].isdecimal() else None
        if mention is None:
            position += 1
            continue
        position = max(mention.end, position + 1)
        mention = _commemorated(words, mention, story_date)
        if mention is not None:
            start = mention.start
            while start > free and words[start - 1] in _OPENING:
                start -= 1
            found.append(evolve(mention, start=places[start], end=places[mention.end - 1] + 1))
        free = position
    return found


def _date_at(words: _Words, at: int, today: _Day) -> DateMention | None:
    word = words[at]
    for rule in _RULES.get(word, ()):
        mention = rule(words, at, today)
        if mention is not None:
            return mention
    return _digits(words, at, today) if word[0].isdecimal() else None


def _pieces(keys: Sequence[str]) -> tuple[Sequence[str], Sequence[int]]:
    """Words and the index of the key that each is part of: 13/9/2022, 1443ه and وعشرين are cut into their pieces."""
    if not any(map(_is_compound, keys)):
        return keys, range(len(keys))
    words: list[str] = []
    places: list[int] = []
    for index, key in enumerate(keys):
        pieces = [key]
        if key.isalpha():
            eleven = key == "واحد" and _get(keys, index + 1) in ("عشر", "عشره")  # and eleven; else "one"
            if key[0] == "و" and (eleven or not is_number_word(key) and _follows_and(key[1:])):
                pieces = ["و", key[1:]]
        elif not key.isdecimal():
            pieces = _DIGITS_LETTERS.findall(key)
        words.extend(pieces)
        places.extend([index] * len(pieces))
    return words, places


def _is_compound(key: str) -> bool:
    """Whether a key may hold more than one word, or none."""
    if key.isalpha():
        return key[0] == "و" and (key == "واحد" or _follows_and(key[1:]))
    return len(key) != 1 and not key.isdecimal()


def _follows_and(rest: str) -> bool:
    return rest in WEEKDAYS or rest in TENS or rest in MONTHS or is_number_word(rest)


def _get(words: _Words, at: int) -> str:
    return words[at] if 0 <= at < len(words) else ""


def _mention(start: int, end: int, value: str, precision: str, rule: str) -> DateMention | None:
    return DateMention(start, end, value, precision, rule) if value else None


def _forward(words: _Words, at: int) -> bool:
    """Whether a word shortly before `at` tells that the clause is about what is to come."""
    for place in range(at - 1, max(at - 8, -1), -1):
        if words[place] in _FUTURE:
            return True
        if words[place] in (".", "؛", "بعد", "بعدما", "منذ"):
            return False
    return False


# ------------------------------------------------------------------------------------------------ numbers, months, years


def _number(words: _Words, at: int) -> tuple[int, int]:
    """(number, end) in digits or in words at `at`; (0, at) if there is none."""
    word = _get(words, at)
    eleven = word in ("احد", "احدي") and _get(words, at + 1) in ("عشر", "عشره", "و")
    if not (eleven or word[:1].isdecimal() or is_number_word(word)):
        return 0, at
    count = read_number([Word(w, w, "NUM", 0) for w in words[at : at + 9]], 0)
    return (count.low, at + count.end) if count is not None else (0, at)


def _ordinal_number(words: _Words, at: int) -> tuple[int, int]:
    """(number, end) of a masculine or feminine ordinal: التاسع, الحادي عشر, الخامسة والعشرين, الثلاثين; (0, at) if there is none."""
    unit = ORDINALS.get(_get(words, at), 0) or FEMININE_ORDINALS.get(_get(words, at), 0)
    if not unit:
        tens = TENS.get(_get(words, at), 0)
        return (tens, at + 1) if tens > 10 else (0, at)
    skip = 1 if _get(words, at + 1) == "و" else 0
    tens = TENS.get(_get(words, at + 1 + skip), 0)
    if tens and (tens > 10) == bool(skip):
        return (1 if unit == 11 else unit) + tens, at + skip + 2
    return (0, at) if unit == 11 else (unit, at + 1)


def _day_at(words: _Words, at: int) -> tuple[int, int]:
    """(day of the month, end) at `at`, in digits or as an ordinal; (0, at) if there is none."""
    word = _get(words, at)
    if word.isdecimal() and len(word) < 3:
        return (int(word), at + 1) if 1 <= int(word) <= 31 else (0, at)
    if word in ORDINALS or word in TENS:
        day, end = _ordinal_number(words, at)
        return (day, end) if 1 <= day <= 31 else (0, at)
    return 0, at


def _named(table: dict[str, int], words: _Words, at: int) -> tuple[int, int]:
    """(number, end) of the longest name of `table` at `at`; (0, at) if there is none."""
    for length in (2, 1):
        number = table.get(" ".join(words[at : at + length]), 0)
        if number and at + length <= len(words):
            return number, at + length
    return 0, at


def _month_at(words: _Words, at: int) -> tuple[int, int]:
    """(month, end) at `at`, a pair such as أيلول/سبتمبر or سبتمبر (أيلول) taken as one; (0, at) if there is none."""
    opened = _get(words, at) == "("
    month, end = _named(MONTHS, words, at + opened)
    if not month:
        return 0, at
    if opened:
        end += _get(words, end) == ")"
    joint = _get(words, end)
    again, after = _named(MONTHS, words, end + (joint in ("/", "(", "-", "،")))
    if again == month:
        end = after + (joint == "(" and _get(words, after) == ")")
    return month, end


def _count_follows(words: _Words, at: int, year: int) -> bool:
    """Whether the word `at` is what a number counts (2020 جنديا, 2000 موقع), so that the number is no year."""
    word = _get(words, at)
    return bool(_COUNTED.match(word)) or word in _COUNTABLE or year % 100 == 0 and word.isalpha() and len(word) > 3 and not word.startswith("ال")


_COUNTABLE = folded(
    {"جندي", "شخص", "قتيل", "جريح", "مقاتل", "عنصر", "مدني", "دولار", "متر", "كيلومتر", "طن", "مليون", "ألف", "مليار", "شرطي", "موقع"}
)


def _year_at(words: _Words, at: int, today: _Day, *, announced: bool = False) -> tuple[int, int]:
    """(year, end) at `at`, after من، عام or a comma, in digits or words, two digits after عام; (0, at) if there is none.

    من العام الماضي is a year too. A Hijri year gives the Gregorian year that holds its middle."""
    end, named = at, announced
    same = _same_year(words, at)
    if same:
        year = _year_before(words, at)
        return year, same if year else at
    while _get(words, end) in ("من", "،", *_YEAR_NAMES) and end < at + 2:
        named = named or words[end] in _YEAR_NAMES
        end += 1
    word = _get(words, end)
    if named and today is not None and end > at and words[end - 1] in ("العام", "السنه"):
        back, after = _back(words, end)
        if after > end:
            return today.year - back, after
    if word.isdecimal():
        return _year_in_digits(words, end, named) if len(word) in (2, 4) else (0, at)
    if named and word in ("الف", "الفين", "الفي", "الفا"):
        year, after = _number(words, end)
        return (year, after) if 1500 <= year <= 2100 else (0, at)
    return 0, at


def _same_year(words: _Words, at: int) -> int:
    """The end of من ذلك العام, من العام نفسه, من نفس العام at `at`; 0 if it is not there."""
    place = at + (_get(words, at) == "من")
    if _get(words, place) in ("ذلك", "تلك", "نفس", "ذات") and _get(words, place + 1) in ("العام", "السنه"):
        return place + 2
    return place + 2 if _get(words, place) in ("العام", "السنه") and _get(words, place + 1) in _SAME else 0


def _year_before(words: _Words, at: int) -> int:
    """The last year told in digits before `at`; 0 if there is none."""
    return next((int(w) for w in reversed(words[:at]) if len(w) == 4 and w.isdecimal() and 1800 <= int(w) <= 2100), 0)


def _year_in_digits(words: _Words, at: int, named: bool) -> tuple[int, int]:
    year, end = int(words[at]), at + 1
    if _get(words, end) in ("/", "-", ".") and len(_get(words, end + 1)) < 3 and _get(words, end + 1).isdecimal():
        return 0, at  # 2022-09-12
    if _get(words, end) in _HIJRI_MARKS:
        return (year_of_hijri(year), end + 1) if 1200 <= year <= 1500 else (0, at)
    if len(words[at]) == 2:
        fits = named and 40 <= year <= 99 and _get(words, end) not in UNITS and not _count_follows(words, end, year)
        return (1900 + year, end) if fits else (0, at)
    if not 1500 <= year <= 2100:
        return 0, at
    return year, end + (_get(words, end) in ("م", "ميلادي", "ميلاديه"))


def _back(words: _Words, at: int) -> tuple[int, int]:
    """(units back, end) of الماضي, المقبل, الجاري, قبل الماضي at `at`; (0, at) if there is none."""
    word = _get(words, at)
    if word in _PAST | _NEXT | _NOW:
        return (1 if word in _PAST else -1 if word in _NEXT else 0), at + 1
    skip = 1 + (word == "ما")
    if _get(words, at + skip - 1) == "قبل" and _get(words, at + skip) in _PAST:
        return 2, at + skip + 1
    return 0, at


def _is_name(words: _Words, start: int) -> bool:
    """Whether the date that begins at `start` is part of a name (قوى 14 آذار, ميدان 14 يناير)."""
    while _get(words, start - 1) in _QUOTES:
        start -= 1
    before = _get(words, start - 1)
    return before in _NAMED_BY_DATE or before in _YEAR_NAMES and _get(words, start - 2) in _NAMED_BY_DATE


def _is_alliance(words: _Words, start: int, day: int, month: int) -> bool:
    """Whether 8 or 14 آذار is the Lebanese alliance (نواب 14 آذار) and not the day: no word of time stands before it."""
    if words[month] != "اذار" or day not in (8, 14) or start == 0:
        return False
    before = words[start - 1]
    return before in _QUOTES or before.isalpha() and before not in _BEFORE_MONTH | _DAY_PARTS | {"و", "ل", "ب"} and before not in WEEKDAYS


# ------------------------------------------------------------------------------------------------ day and month


def _day_month(words: _Words, start: int, today: _Day) -> DateMention | None:
    """A day of a month from `start`: 9 نوفمبر 2020, التاسع من نوفمبر, 17 ذو القعدة 1443, الخامس من الشهر الجاري."""
    day, at = _day_at(words, start)
    if not day or _get(words, start - 1) in _PARTS:
        return None
    at += _get(words, at) in ("من", "/")
    if _get(words, at) == "الشهر":
        back, end = _back(words, at + 1)
        value = shifted(today, "month", back) if today is not None and end > at + 1 else ""
        return _mention(start, end, value and iso(int(value[:4]), int(value[5:]), day), "day", "day-of-this-month")
    at += _get(words, at) == "شهر"
    month, end = _month_at(words, at)
    if month and (_is_name(words, start) or _is_alliance(words, start, day, at)):
        return None
    return _with_year(words, start, end, month, day, today) if month else _hijri_day(words, start, at, day, today)


def _with_year(words: _Words, start: int, end: int, month: int, day: int, today: _Day) -> DateMention | None:
    year, after = _year_at(words, end + (_get(words, end) == "/"), today)
    if year:
        return _mention(start, after, iso(year, month, day), "day", "day-month-year")
    if today is None or _same_year(words, end):
        return None
    if _get(words, start - 1) in _REVOLUTIONS:
        return None  # ثورة 25 يناير is named by its day, its year is not told
    known = _KNOWN_DAYS.get((day, month))
    if known and known <= today and _get(words, start - 1) in _ATTACKS:
        return _mention(start, end, known.isoformat(), "day", "known-day")
    tense, after = _back(words, end)
    years = [y for y in range(today.year + 8, today.year - 9, -1) if iso(y, month, day)]
    days = [iso(y, month, day) for y in years]
    if after > end and tense < 0 or after == end and _forward(words, start):
        value = min((d for d in days if d >= today.isoformat()), default="")
    else:
        limit = today if after > end else today + datetime.timedelta(days=_NEAR_FUTURE)
        value = max((d for d in days if d <= limit.isoformat()), default="")
    return _mention(start, after, value, "day", "day-month")


def _hijri_day(words: _Words, start: int, at: int, day: int, today: _Day) -> DateMention | None:
    """17 ذو القعدة 1443 هـ, from the month at `at`; without a year the nearest past one."""
    month, end = _named(HIJRI_MONTHS, words, at)
    if not month or _is_name(words, start):
        return None
    year, end = _hijri_year_at(words, end)
    if not year:
        if today is None or words[at] in AMBIGUOUS_HIJRI and _get(words, at - 1) not in ("شهر", "من"):
            return None
        return _nearest_hijri(words, start, end, month, day, today, "day")
    found = from_hijri(year, month, day)
    return _mention(start, end, found.isoformat() if found else "", "day", "hijri")


def _hijri_year_at(words: _Words, at: int) -> tuple[int, int]:
    """(Hijri year, end) at `at`, its mark هـ taken along; (0, at) if there is none."""
    end = at
    while _get(words, end) in ("من", "،", *_YEAR_NAMES) and end < at + 2:
        end += 1
    word = _get(words, end)
    if word.isdecimal() and len(word) == 4 and 1300 <= int(word) <= 1500:
        return int(word), end + 1 + (_get(words, end + 1) in _HIJRI_MARKS)
    return 0, at


def _nearest_hijri(words: _Words, start: int, end: int, month: int, day: int, today: datetime.date, precision: str) -> DateMention | None:
    """The last such Hijri day (for a month its middle, `day` 15) that has begun; the next one where a word turns it forward."""
    tense, after = _back(words, end)
    this = hijri_year(today)
    days = [d for d in (from_hijri(y, month, day) for y in (this + 1, this, this - 1)) if d is not None]
    if after > end and tense < 0 or after == end and _forward(words, start):
        found = min((d for d in days if d >= today), default=None)
    else:
        limit = today + datetime.timedelta(days=0 if after > end else 45 if precision == "month" else 30)
        found = max((d for d in days if d <= limit), default=None)
    if found is None:
        return None
    return _mention(start, after, found.isoformat()[: 7 if precision == "month" else 10], precision, "hijri")


def _digits(words: _Words, at: int, today: _Day) -> DateMention | None:
    """What begins with digits: 12/9/2022, 2022-09-12, 15-16 يوليو, 9 نوفمبر."""
    return _numeric(words, at) or _short_numeric(words, at, today) or _days_of_month(words, at, today) or _day_month(words, at, today)


def _numeric(words: _Words, at: int) -> DateMention | None:
    parts, signs = words[at : at + 5 : 2], words[at + 1 : at + 4 : 2]
    if len(parts) < 3 or signs[0] != signs[1] or signs[0] not in ("/", "-", ".", "–") or not all(p.isdecimal() for p in parts):
        return None
    first, month, last = (int(p) for p in parts)
    day, year = (last, first) if len(parts[0]) == 4 else (first, last)
    if len(parts[0]) != 4 and len(parts[2]) != 4:
        return None
    if 1300 <= year <= 1500:
        found = from_hijri(year, month, day)
        end = at + 5 + (_get(words, at + 5) in _HIJRI_MARKS)
        return _mention(at, end, found.isoformat() if found else "", "day", "hijri")
    return _mention(at, at + 5, iso(year, month, day) if 1800 <= year <= 2100 else "", "day", "numeric")


def _short_numeric(words: _Words, at: int, today: _Day) -> DateMention | None:
    """يوم 7/9: day and month in figures, only where a word announces a day."""
    if _get(words, at + 1) != "/" or _get(words, at - 1) not in ("يوم", "تاريخ", "بتاريخ") or not _get(words, at + 2).isdecimal() or today is None:
        return None
    day, month = int(words[at]), int(words[at + 2])
    value = max((d for y in (today.year, today.year - 1) if (d := iso(y, month, day)) and d <= today.isoformat()), default="")
    return _mention(at, at + 3, value, "day", "numeric")


# ------------------------------------------------------------------------------------------------ spans


@frozen
class _Point:
    """One end of a span as far as it is told; 0 for what is not."""

    day: int
    month: int
    year: int
    end: int


def _point(words: _Words, at: int, today: _Day) -> _Point | None:
    """A day, month or year alone or together at `at`."""
    day, end = _day_at(words, at)
    place = end + (_get(words, end) == "من")
    place += _get(words, place) == "شهر"
    month, after = _month_at(words, place)
    end = after if month else end
    year, after = _year_at(words, end, today) if month or not day else (0, end)
    return _Point(day, month, year, after if year else end) if day or month or year else None


def _span(words: _Words, at: int, today: _Day) -> DateMention | None:
    """بين 3 و5 مايو, من 10 إلى 12 آذار, بين يناير ومارس 2021, من 2014 إلى 2016."""
    following = _get(words, at + 1)
    if not (following[:1].isdecimal() or following in _POINT_STARTS):
        return None
    joints = ("و",) if words[at] == "بين" else ("الي", "حتي", "-", "–")
    if words[at] in ("يومي", "ايام", "عامي", "شهري", "سنتي"):
        joints = ("و",)
    first = _point(words, at + 1, today)
    return _joined(words, at + 1, first, joints, today) if first and _get(words, first.end) in joints else None


def _days_of_month(words: _Words, at: int, today: _Day) -> DateMention | None:
    """15-16 يوليو, 22 – 30 أغسطس; 27 سبتمبر - 10 نوفمبر."""
    first = _point(words, at, today)
    if first is None or not first.day or _get(words, first.end) not in ("-", "–", "الي"):
        return None
    return _joined(words, at, first, ("-", "–", "الي"), today)


def _joined(words: _Words, start: int, first: _Point, joints: Iterable[str], today: _Day) -> DateMention | None:
    """The span from `first` to the point after its joint, told by its start at the precision that holds all of it."""
    last = _point(words, first.end + 1, today)
    if last is None or bool(first.day) != bool(last.day) or not first.day and bool(first.month) != bool(last.month):
        return None
    if not (last.month or last.year):
        return None
    year, month = first.year or last.year, first.month or last.month
    if not first.day and not last.month:
        fits = 1500 <= first.year < last.year and not _count_follows(words, last.end, last.year)
        return _mention(start, last.end, str(first.year) if fits else "", "year", "span")
    if not year and today is None:
        return None
    tense, after = _back(words, last.end) if not year else (0, last.end)
    guess = year or _year_of_last(today, last, tense if after > last.end else 0)
    last = evolve(last, end=after)
    if not first.day:
        return _mention(start, last.end, str(guess), "year", "span") if year else None
    begin, finish = iso(guess - (not first.year and month > last.month), month, first.day), iso(last.year or guess, last.month, last.day)
    if not begin or not finish or begin >= finish:
        return None
    length = (datetime.date.fromisoformat(finish) - datetime.date.fromisoformat(begin)).days
    return _mention(start, last.end, begin if length < 7 else begin[:7], "week" if length < 7 else "month", "span")


def _year_of_last(today: _Day, last: _Point, tense: int) -> int:
    """The year of a span's last day where none is told: the nearest past one, or with المقبل the next."""
    assert today is not None
    end = iso(today.year, last.month, last.day or 1)
    if tense < 0:
        return today.year + (end < today.isoformat())
    return today.year - (end > (today + datetime.timedelta(days=0 if tense else _NEAR_FUTURE)).isoformat())


def _lately(words: _Words, at: int, today: _Day) -> DateMention | None:
    """الأيام الثلاثة الماضية, الساعات ال24 الماضية, الأشهر القليلة الماضية, السنوات الأخيرة."""
    if today is None:
        return None
    tense = next((i for i in range(at + 1, min(at + 6, len(words))) if words[i] in _PAST | _LATELY | _NEXT), 0)
    if not tense:
        return None
    unit, told = _SPANS[words[at]], [w.removeprefix("ال") for w in words[at + 1 : tense] if w != "ال"]
    number, end = _number(told, 0)
    if told and end < len(told) and told != ["قليله"]:
        return None
    number = number or (2 if words[at].endswith("ين") else 0)
    return _so_long(today, at, tense + 1, unit, -number if words[tense] in _NEXT else number)


def _so_long(today: datetime.date, start: int, end: int, unit: str, number: int) -> DateMention | None:
    """The span of the last `number` units, told by its first; an uncounted one by the next larger unit that holds it."""
    if unit == "hour":
        return _mention(start, end, shifted(today, "hour", max(number - 24, 0)), "day", "lately")
    if not number:
        unit, precision = {"day": ("day", "week"), "week": ("month", "month"), "month": ("year", "year")}.get(unit, ("year", "year"))
        return _mention(start, end, shifted(today, unit, 0), precision, "lately")
    return _mention(start, end, shifted(today, unit, number), {"day": "week", "decade": "year"}.get(unit, unit), "lately")


def _last_so_many(words: _Words, at: int, today: _Day) -> DateMention | None:
    """آخر 3 أيام; ال24 ساعة الماضية."""
    number, end = _number(words, at + 1)
    unit, _ = UNITS.get(_get(words, end), ("", 0))
    last = words[at] == "اخر" or _get(words, end + 1) in _PAST | _LATELY
    if today is None or not number or not unit or not last:
        return None
    return _so_long(today, at, end + 1 + (words[at] != "اخر"), unit, number)


# ------------------------------------------------------------------------------------------------ weekdays and days around the story's


def _weekday(words: _Words, at: int, today: _Day) -> DateMention | None:
    before, after = _get(words, at - 1), _get(words, at + 1)
    if before in _PLACE_OF_WEEKDAY or after in _NAMED_WEEKDAY or before == "ايام" and after not in ("و", "،"):
        return None
    if words[at] == "الاثنين" and (before in _PAIR_OF_THEM or after in _PAIR_AFTER or before == "بين" and _get(words, at + 2) not in WEEKDAYS):
        return None
    dated = _dated_weekday(words, at, today)
    if dated is not None or today is None:
        return dated
    return _weekdays(words, at, today)


def _dated_weekday(words: _Words, at: int, today: _Day) -> DateMention | None:
    """الثلاثاء (الموافق) 13 سبتمبر 2022: the date tells the day, whatever weekday stands before it."""
    place = at + 1
    while _get(words, place) in ("الموافق", "،", "(", "ل", "الماضي", "المقبل", "يوم", "في") and place < at + 4:
        place += 1
    if _day_at(words, place)[0]:
        mention = (_numeric(words, place) if words[place].isdecimal() else None) or _day_month(words, place, today)
        if mention is not None:
            return evolve(mention, start=at)
    return None


def _weekdays(words: _Words, at: int, today: datetime.date) -> DateMention | None:
    """One weekday, the night between two (ليل الاثنين/الثلاثاء: it belongs to the second), or a span of them (يومي الاثنين والثلاثاء: its first)."""
    day, end, span = WEEKDAYS[words[at]], at + 1, False
    nightly = any(w in ("ليل", "ليله", "الليله") for w in words[max(at - 3, 0) : at])
    while True:
        joint = _get(words, end)
        place = end + (joint in (*_STROKES, "الي", "و", "،", "او"))
        following = WEEKDAYS.get(_get(words, place), -1)
        if following < 0 or following == day and not span:
            break
        night = following == (day + 1) % 7 and (joint in _STROKES or place == end or nightly and joint in ("الي", "و"))
        if not night and place == end:
            break
        day, span, end = following if night else day, span or not night, place + 1
    back = (today.weekday() - day) % 7
    tense, after = _back(words, end)
    if after > end:
        back, end = (back or 7 if tense > 0 else back - 7 if tense < 0 else back), after
    elif _forward(words, at):
        back = back - 7 if back else 0
    return _mention(at, end, shifted(today, "day", back), "week" if span else "day", "weekday")


def _near_day(words: _Words, at: int, today: _Day) -> DateMention | None:
    """أمس, أمس الأول, اليوم, غدا, with the weekday that follows; the weekday wins, for a text may appear a day later than it was written."""
    key, before, after = words[at], _get(words, at - 1), _get(words, at + 1)
    if today is None or key == "غد" and before != "يوم" or key == "الغد" and before not in _DAY_PARTS | {"في", "الي", "حتي"}:
        return None
    if key == "اليوم" and (before in _NOT_TODAY_BEFORE or after in _NOT_TODAY_AFTER):
        return None
    back, end = {"امس": 1, "البارحه": 1, "اليوم": 0}.get(key, -1), at + 1
    meant = _get(words, at + 2) if after == "(" and _get(words, at + 3) == ")" else ""
    if key == "اليوم" and (meant in WEEKDAYS or meant == "امس"):  # the editor's own day beside that of the quotation
        back = 1 if meant == "امس" else (today.weekday() - WEEKDAYS[meant]) % 7
        return _mention(at, at + 4, shifted(today, "day", back), "day", "near-day")
    if key == "امس" and after == "الاول":
        back, end = 2, at + 2
    if _get(words, end) in WEEKDAYS:
        dated = _dated_weekday(words, end, today)
        if dated is not None:
            return evolve(dated, start=at)
        named = (today.weekday() - WEEKDAYS[words[end]]) % 7
        back, end = named - 7 if back < 0 and named else named, end + 1
    return _mention(at, end, shifted(today, "day", back), "day", "near-day")


def _day_before(words: _Words, at: int, today: _Day) -> DateMention | None:
    """أول أمس, أول من أمس, أول البارحة; قبل أمس; بعد غد."""
    place = at + 1 + (_get(words, at + 1) == "من")
    day = _get(words, place)
    back = -2 if words[at] == "بعد" and day in ("غد", "الغد") else 2 if words[at] != "بعد" and day in ("امس", "البارحه") else 0
    if today is None or not back:
        return None
    return _mention(at, place + 1 + (_get(words, place + 1) in WEEKDAYS), shifted(today, "day", back), "day", "near-day")


def _first_day(words: _Words, at: int, today: _Day) -> DateMention | None:
    """أول نيسان, أول أيام شهر مارس: the first of the month."""
    place = at + 1 + (_get(words, at + 1) in ("ايام", "يوم"))
    place += _get(words, place) == "من"
    place += _get(words, place) == "شهر"
    month, end = _month_at(words, place)
    return _with_year(words, at, end, month, 1, today) if month else None


def _night(words: _Words, at: int, today: _Day) -> DateMention | None:
    """الليلة الماضية: the night that ended on the story's day; الليلة: tonight."""
    back, end = _back(words, at + 1)
    if today is None or end > at + 1 and back < 1:
        return None
    if end > at + 1:
        return _mention(at, end, shifted(today, "day", back - 1), "day", "last-night")
    before, after = _get(words, at - 1), _get(words, at + 1)
    if before in ("تلك", "الف", "طوال", "نفس", "ذات") or after in _NOT_TONIGHT or after in _BETWEEN_NIGHTS:
        return None
    return _mention(at, at + 1, today.isoformat(), "day", "near-day")


def _this(words: _Words, at: int, today: _Day) -> DateMention | None:
    """هذا الصباح, هذا المساء."""
    if today is None or _get(words, at + 1) not in _THIS_PART:
        return None
    return _mention(at, at + 2, today.isoformat(), "day", "near-day")


# ------------------------------------------------------------------------------------------------ ago, periods, months, years


def _ago(words: _Words, at: int, today: _Day) -> DateMention | None:
    """قبل ثلاثة أيام, منذ أسبوعين, قبل عام ونصف: so long ago. Counted from another day (قبل يومين من الانتخابات) it tells nothing."""
    if today is None:
        return None
    place = at + 1
    if _get(words, place) in _ABOUT:
        place += 1 + (_get(words, place + 1) == "من")
    if _get(words, place) in _MOMENTS:
        return _mention(at, place + 1, today.isoformat(), "day", "ago")
    some = _get(words, place) in ("بضع", "بضعه", "عده")
    number, place = (0, place + 1) if some else _number(words, place)
    unit, count = UNITS.get(_get(words, place), ("", 0))
    end = place + 1 + (_get(words, place + 1) in _COUNTED_AGAIN)
    following = _get(words, end)
    if not unit or following in ("من", "علي") and _get(words, end + 1) not in ("الان", "اليوم") or following in _NOW | _PAST | _NEXT:
        return None
    if (
        not number
        and count == 1
        and (
            following[:1].isdecimal() or following in WEEKDAYS or _named(MONTHS | HIJRI_MONTHS, words, end)[0] or following in ("غد", "الف", "الفين")
        )
    ):
        return None
    half = following == "و" and _get(words, end + 1) in ("نصف", "النصف")
    return _so_long_ago(today, at, end + 2 * half, unit, number or count, half)


def _so_long_ago(today: datetime.date, start: int, end: int, unit: str, number: int, half: bool) -> DateMention | None:
    if half and unit in ("month", "year"):
        value = shifted(today, "month", 12 * number + 6) if unit == "year" else shifted(today, "day", 30 * number + 15)
        return _mention(start, end, value[:4] if unit == "year" else value[:7], unit, "ago")
    if not number:
        return _so_long(today, start, end, unit, 0) if unit in ("hour", "day", "week") else None
    if number > 1000:
        return None
    return _mention(start, end, shifted(today, unit, number), {"hour": "day", "decade": "year"}.get(unit, unit), "ago")


def _period(words: _Words, at: int, today: _Day) -> DateMention | None:
    """الشهر الماضي, العام المقبل, هذا الأسبوع, العام 2011, العام قبل الماضي."""
    if words[at] in ("العام", "السنه"):
        year, end = _year_at(words, at + 1, today, announced=True)
        if year:
            return None if _is_name(words, at) else _mention(at, end, str(year), "year", "year")
    back, end = _back(words, at + 1)
    if today is None or end == at + 1 and _get(words, at - 1) not in _THIS:
        return None
    unit = _PERIODS[words[at]]
    value = f"{today.year // 10 * 10 - 10 * back}" if unit == "decade" else shifted(today, unit, back)
    return _mention(at, end, value, "year" if unit == "decade" else unit, "period")


def _season(words: _Words, at: int, today: _Day) -> DateMention | None:
    """الصيف الماضي, هذا الشتاء: the year in which that season ended last, or will end."""
    back, end = _back(words, at + 1)
    if today is None or end == at + 1 and _get(words, at - 1) not in _THIS:
        return None
    over = today.month >= _SEASON_ENDS[words[at]]
    return _mention(at, end, str(today.year - (back > 0 and not over) + (back < 0 and over) - (back == 2)), "year", "season")


def _month(words: _Words, at: int, today: _Day) -> DateMention | None:
    """أغسطس, في أغسطس 2020; without a year the nearest past month."""
    month, end = _month_at(words, at)
    before = _get(words, at - 1)
    place = at - 1 - (before in ("من", "شهر")) - (before == "شهر" and _get(words, at - 2) == "من")
    day = _get(words, place)
    if _get(words, place - 1) not in _PARTS and (day in ORDINALS or day in TENS or day.isdecimal() and len(day) < 3):
        return None  # its day was no date (31 فبراير) or a name (قوى 14 آذار)
    if not month or before in _NAMED_BY_DATE or _get(words, end) in _NAMED_WEEKDAY:
        return None
    year, after = _year_at(words, end, today)
    if year:
        return _mention(at, after, f"{year:04d}-{month:02d}", "month", "month-year")
    tense, after = _back(words, end)
    if today is None or _same_year(words, end) or words[at] in AMBIGUOUS_MONTHS and end == at + 1 and before not in _BEFORE_MONTH and after == end:
        return None
    if before in _REVOLUTIONS and after == end:
        return None
    known = _KNOWN_WARS.get(month, "")
    if before == "حرب" and known and known < today.isoformat():
        return _mention(at, end, known, "month", "known-war")
    later = month > today.month
    if after > end and tense < 0 or after == end and later and _forward(words, at):
        return _mention(at, after, f"{today.year + (not later):04d}-{month:02d}", "month", "month")
    same = month == today.month and tense > 0
    return _mention(at, after, f"{today.year - (later or same) - (tense == 2):04d}-{month:02d}", "month", "month")


def _hijri_month(words: _Words, at: int, today: _Day) -> DateMention | None:
    """شهر رمضان, في رمضان, رمضان 1440: the month that holds its middle."""
    month, end = _named(HIJRI_MONTHS, words, at)
    if not month:
        return None
    year, after = _hijri_year_at(words, end)
    if year:
        found = from_hijri(year, month, 15)
        return _mention(at, after, found.isoformat()[:7] if found else "", "month", "hijri")
    before = _get(words, at - 1)
    announced = before == "شهر" or words[at] not in AMBIGUOUS_HIJRI and before in _BEFORE_MONTH and before not in ("من", "بين", "الي")
    if today is None or not (announced or words[at] not in AMBIGUOUS_HIJRI and _back(words, end)[1] > end):
        return None
    return _nearest_hijri(words, at, end, month, 15, today, "month")


def _feast(words: _Words, at: int, today: _Day) -> DateMention | None:
    """عيد الفطر, عيد الأضحى, عاشوراء, المولد النبوي (their days differ by country: precision week); عيد العمال, رأس السنة."""
    name = next((n for n in _FEASTS if tuple(words[at : at + len(n)]) == n), ())
    if today is None or not name:
        return None
    hijri, month, day = _FEASTS[name]
    end = at + len(name)
    if not hijri:
        return None if _get(words, end) in _OTHER_YEARS else _with_year(words, at, end, month, day, today)
    year, after = _hijri_year_at(words, end)
    found = from_hijri(year, month, day) if year else None
    mention = _mention(at, after, found.isoformat(), "week", "feast") if found else _nearest_hijri(words, at, end, month, day, today, "week")
    return mention and evolve(mention, rule="feast")


def _year(words: _Words, at: int, today: _Day) -> DateMention | None:
    """عام 1994, في 2003, خريف 2020, حرب 73, سنة ألفين وثلاثة."""
    word, following = words[at], _get(words, at + 1)
    if not (following[:1].isdecimal() or following in _YEAR_STARTS):
        return None
    named = word in _YEAR_NAMES or word == "حرب"
    place = at + 1 + (word in _EDGES and _get(words, at + 1) in _SEASONS)
    year, end = _year_at(words, place, today, announced=named)
    if not year or _is_name(words, at) or not named and end == place + 1 and _count_follows(words, end, year):
        return None
    if _get(words, end) in ("-", "–") and _get(words, end + 1).isdecimal() and len(words[end + 1]) == 4:
        end += 2
    return _mention(at, end, str(year), "year", "season" if word in _SEASONS else "year")


def _part_of_year(words: _Words, at: int, today: _Day) -> DateMention | None:
    """النصف الثاني من 2019, الربع الأول من هذا العام."""
    if _get(words, at - 2) not in _PARTS or _get(words, at - 1) not in ORDINALS:
        return None
    year, end = _year_at(words, at + 1, today)
    return _mention(at, end, str(year), "year", "year") if year else None


def _decade(words: _Words, at: int, today: _Day) -> DateMention | None:
    """مطلع التسعينيات, أواخر ثمانينيات القرن الماضي: the year of its start, middle or end."""
    named, end = words[at].startswith("ال"), at + 1
    skip = 1 if _get(words, end) == "من" else 0
    if _get(words, end + skip) == "القرن":
        end = min(end + 2 + skip, len(words))
        named = True
    if not named or _get(words, end) == "من" and _get(words, end + 1) in ("العمر", "عمر"):
        return None
    before = _get(words, at - 1)
    part = 5 if before == "منتصف" else 9 if before in ("اواخر", "نهايه") else 0
    return _mention(at, end, str(1900 + DECADES["ال" + words[at].removeprefix("ال")] * 10 + part), "year", "decade")


def _century(words: _Words, at: int, today: _Day) -> DateMention | None:
    """القرن التاسع عشر: 1800."""
    if today is not None and _get(words, at + 1) in _PAST:
        return _mention(at, at + 2, str(today.year // 100 * 100 - 100), "year", "century")
    number, end = _ordinal_number(words, at + 1)
    return _mention(at, end, str(100 * (number - 1)), "year", "century") if 10 < number < 22 else None


def _first_of_month(words: _Words, at: int, today: _Day) -> DateMention | None:
    """Ordinals: التاسع من نوفمبر, العشرين من الشهر الجاري."""
    return _days_of_month(words, at, today) or _day_month(words, at, today)


def _commemorated(words: _Words, mention: DateMention, today: _Day) -> DateMention | None:
    """In الذكرى العاشرة لحرب 2006 the day of the commemoration, as far as ordinal and date tell it; any other mention as it is."""
    if mention.rule not in ("day-month", "day-month-year", "numeric", "year", "month-year", "known-day", "season"):
        return mention
    place = next((i for i in range(mention.start - 1, max(mention.start - 8, -1), -1) if words[i] in _ANNIVERSARY), -1)
    if place < 0 or any(w in ("،", ".", "في", "يوم", "منذ") for w in words[place : mention.start]):
        return mention
    if mention.rule == "day-month":
        return mention
    number, _ = _anniversary_number(words, place + 1)
    if number:
        return evolve(mention, value=f"{int(mention.value[:4]) + number:04d}{mention.value[4:]}", rule="anniversary")
    if today is None or len(mention.value) < 10:
        return None
    days = [iso(y, int(mention.value[5:7]), int(mention.value[8:])) for y in (today.year + 1, today.year, today.year - 1)]
    value = max((d for d in days if d and d <= (today + datetime.timedelta(days=_NEAR_FUTURE)).isoformat()), default="")
    return _mention(mention.start, mention.end, value, "day", "anniversary")


def _anniversary_number(words: _Words, at: int) -> tuple[int, int]:
    place = at + (_get(words, at) == "السنويه")
    if _get(words, place) in ("المييويه", "الميويه"):
        return 100, place + 1
    if _get(words, place) == "ال":
        place += 1
    return _number(words, place) if _get(words, place).isdecimal() else _ordinal_number(words, place)


_RULES: dict[str, tuple[_Rule, ...]] = {}


def _register(words: Iterable[str], rule: _Rule) -> None:
    for word in sorted(set(words)):
        _RULES[word] = (*_RULES.get(word, ()), rule)


_register(WEEKDAYS, _weekday)
_register(["امس", "البارحه", "اليوم", "غدا", "الغد", "غد"], _near_day)
_register(["اول", "قبل", "بعد"], _day_before)
_register(["اول"], _first_day)
_register(["الليله"], _night)
_register(_THIS, _this)
_register(["قبل", "منذ"], _ago)
_register(["بين", "من", "يومي", "ايام", "شهري", "عامي", "سنتي"], _span)
_register(_SPANS, _lately)
_register(["اخر", "ال"], _last_so_many)
_register(_PERIODS, _period)
_register(_THE_SEASONS, _season)
_register([*ORDINALS, *TENS], _first_of_month)
_register([name.split()[0] for name in MONTHS], _month)
_register([name.split()[0] for name in HIJRI_MONTHS], _hijri_month)
_register([name[0] for name in _FEASTS], _feast)
_register(_BEFORE_YEAR, _year)
_register([*DECADES, *(d.removeprefix("ال") for d in DECADES)], _decade)
_register(["القرن"], _century)
_register(["من"], _part_of_year)
