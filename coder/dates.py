"""Dates in Arabic news sentences, resolved against the story's date.

One pass over the folded words; a word costs a dictionary test and nothing more unless it can begin a date. Month names of the Levant,
Egypt, the Maghreb and the Gulf; weekdays with day parts; ordinals; relative units; seasons and bare years after a word that announces one.
"""

import calendar
import contextlib
import datetime
import re
from collections.abc import Callable, Sequence

from attrs import frozen

from coder.text import fold, folded


@frozen
class DateMention:
    """A date expression: words `start` to `end` (indexes, end exclusive), its value (2020-11-09, 2020-11 or 2020), precision and rule."""

    start: int
    end: int
    value: str
    precision: str
    rule: str


_MONTH_NAMES = (
    "يناير كانون_الثاني جانفي", "فبراير شباط فيفري", "مارس آذار", "أبريل نيسان أفريل إبريل", "مايو أيار ماي", "يونيو حزيران جوان يونيه",
    "يوليو تموز جويلية يوليوز يوليه", "أغسطس آب أوت غشت", "سبتمبر أيلول شتنبر", "أكتوبر تشرين_الأول", "نوفمبر تشرين_الثاني نونبر", "ديسمبر كانون_الأول دجنبر",
)  # fmt: skip
_MONTHS = {fold(name.replace("_", " ")): number for number, names in enumerate(_MONTH_NAMES, 1) for name in names.split()}
_AMBIGUOUS_MONTHS = folded({"اب", "مارس", "ماي", "اوت", "جوان"})  # also: father, to practise, ...
_WEEKDAYS = {fold(name): number for number, name in enumerate(("الاثنين", "الثلاثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد"))}
_UNITS = {
    "يوم": ("day", 1), "يومين": ("day", 2), "ايام": ("day", 0), "يوما": ("day", 0), "اسبوع": ("week", 1), "اسبوعين": ("week", 2), "اسابيع": ("week", 0),
    "اسبوعا": ("week", 0), "شهر": ("month", 1), "شهرين": ("month", 2), "اشهر": ("month", 0), "شهور": ("month", 0), "شهرا": ("month", 0), "عام": ("year", 1),
    "عامين": ("year", 2), "اعوام": ("year", 0), "عاما": ("year", 0), "سنه": ("year", 1), "سنتين": ("year", 2), "سنوات": ("year", 0), "ساعه": ("day", -1), "ساعات": ("day", -1),
    "ساعتين": ("day", -1),
}  # fmt: skip
_NUMBERS = {fold(w): n for n, names in {1: "واحد", 2: "اثنين", 3: "ثلاثة ثلاث", 4: "أربعة أربع", 5: "خمسة خمس", 6: "ستة ست", 7: "سبعة سبع", 8: "ثمانية ثماني", 9: "تسعة تسع",
            10: "عشرة عشر", 20: "عشرين عشرون", 30: "ثلاثين ثلاثون", 100: "مئة مائة"}.items() for w in names.split()}  # fmt: skip
_ORDINALS = {
    fold(w): n for n, w in enumerate(("الأول", "الثاني", "الثالث", "الرابع", "الخامس", "السادس", "السابع", "الثامن", "التاسع", "العاشر", "الحادي"), 1)
}
_TENS = {"عشر": 10, "العشرين": 20, "والعشرين": 20, "العشرون": 20, "الثلاثين": 30, "والثلاثين": 30}
_PAST = folded({"الماضي", "الماضيه", "الفايت", "المنصرم", "المنصرمه"})
_NEXT = folded({"المقبل", "المقبله", "القادم", "القادمه"})
_NOW = folded({"الجاري", "الجاريه", "الحالي", "الحاليه", "الراهن"})
_SEASONS = folded({"خريف", "صيف", "شتاء", "ربيع"})
_YEAR_WORDS = folded({"عام", "سنه", "العام", "السنه", "في", "منذ", "مطلع", "نهايه", "اواخر", "اوايل", "حتي", "حرب"} | _SEASONS)
_PERIODS = {"الاسبوع": "week", "الشهر": "month", "العام": "year", "السنه": "year"}
_DECADES = {fold(w): n for w, n in (("العشرينيات", 1920), ("الثلاثينيات", 1930), ("الأربعينيات", 1940), ("الخمسينيات", 1950), ("الستينيات", 1960), ("السبعينيات", 1970),
            ("الثمانينيات", 1980), ("التسعينيات", 1990), ("التسعينات", 1990), ("الثمانينات", 1980), ("السبعينات", 1970), ("الستينات", 1960))}  # fmt: skip
_NUMERIC = re.compile(r"^(\d{1,4})[/-](\d{1,2})[/-](\d{1,4})$")


def find_dates(keys: Sequence[str], story_date: datetime.date | None) -> list[DateMention]:
    """Date expressions among the folded words `keys` of a sentence, in order and without overlap. Relative ones need `story_date`."""
    found: list[DateMention] = []
    position = 0
    while position < len(keys):
        key = keys[position]
        mention = None
        for rule in _RULES.get(key, ()):
            with contextlib.suppress(OverflowError):  # a day before the year 1 or after 9999
                mention = rule(keys, position, story_date)
            if mention is not None:
                break
        if mention is None and key[:1].isdecimal():
            mention = _starts_with_digit(keys, position, story_date)
        if mention is None:
            position += 1
        else:
            found.append(mention)
            position = max(mention.end, position + 1)
    return found


def _get(keys: Sequence[str], position: int) -> str:
    return keys[position] if 0 <= position < len(keys) else ""


def _month_at(keys: Sequence[str], position: int) -> tuple[int, int]:
    """(month, words used) at `position`, a pair such as أيلول/سبتمبر taken as one; (0, 0) if there is none."""
    for length in (2, 1):
        name = " ".join(keys[position : position + length])
        for part in name.split("/") if length == 1 else [name]:
            if part in _MONTHS and position + length <= len(keys):
                used = length
                if _get(keys, position + used) == "/":
                    again, more = _month_at(keys, position + used + 1)
                    used += 1 + more if again == _MONTHS[part] else 0
                return _MONTHS[part], used
    return 0, 0


def _year_at(keys: Sequence[str], position: int) -> tuple[int, int]:
    """(year, words used) at `position`, after من، عام or a comma; (0, 0) if there is none."""
    used = 0
    while _get(keys, position + used) in ("من", "عام", "سنه", "العام", "،") and used < 2:
        used += 1
    word = _get(keys, position + used)
    if len(word) == 4 and word.isdecimal() and 1800 <= int(word) <= 2100:
        return int(word), used + 1
    return 0, 0


def _iso(year: int, month: int, day: int) -> str:
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1] else ""


def _day_month(keys: Sequence[str], start: int, day: int, position: int, today: datetime.date | None) -> DateMention | None:
    """Day `day` with the month (and year) that begin at `position`."""
    if _get(keys, position) == "من":
        position += 1
    if _get(keys, position) in ("شهر", "الشهر"):
        position += 1
        if _get(keys, position) in _NOW and today:
            return _mention(start, position + 1, _iso(today.year, today.month, day), "day", "day-of-this-month")
    month, used = _month_at(keys, position)
    if not month:
        return None
    year, more = _year_at(keys, position + used)
    end = position + used + more
    if not year:
        if today is None:
            return None
        year = today.year
        following = _get(keys, end) in _NEXT
        if _get(keys, end) in _PAST | _NEXT:
            end += 1
        value = _iso(year, month, day)
        if value and not following and value > (today + datetime.timedelta(days=60)).isoformat():
            year -= 1
        if value and following and value < today.isoformat():
            year += 1
    return _mention(start, end, _iso(year, month, day), "day", "day-month")


def _mention(start: int, end: int, value: str, precision: str, rule: str) -> DateMention | None:
    return DateMention(start, end, value, precision, rule) if value else None


def _starts_with_digit(keys: Sequence[str], position: int, today: datetime.date | None) -> DateMention | None:
    word = keys[position]
    numeric = _NUMERIC.match(word)
    if numeric:
        a, b, c = (int(g) for g in numeric.groups())
        value = _iso(a, b, c) if a > 31 else _iso(c, b, a) if c > 31 else ""
        return _mention(position, position + 1, value, "day", "numeric")
    if word.isdecimal() and len(word) <= 2 and 1 <= int(word) <= 31:
        if [_get(keys, position + i) for i in (1, 3)] == ["/", "/"] and all(
            _get(keys, position + i).isdecimal() and len(keys[position + i]) < 5 for i in (2, 4)
        ):
            return _mention(position, position + 5, _iso(int(keys[position + 4]), int(keys[position + 2]), int(word)), "day", "numeric")
        return _day_month(keys, position, int(word), position + 1, today)
    return None


def _ordinal(keys: Sequence[str], position: int, today: datetime.date | None) -> DateMention | None:
    """التاسع من نوفمبر, الحادي والعشرين من مارس, العشرين من الشهر الجاري."""
    day, end = _ORDINALS.get(keys[position], 0) or _TENS.get(keys[position], 0), position + 1
    if keys[position] in _ORDINALS:
        skip = 1 if _get(keys, end) == "و" else 0
        tens = _TENS.get(_get(keys, end + skip), 0)
        if tens:
            day, end = (1 if day == 11 else day) + tens, end + skip + 1
    return _day_month(keys, position, day, end, today) if _get(keys, end) in ("من", "شهر", "الشهر") or _month_at(keys, end)[0] else None


def _weekday(keys: Sequence[str], position: int, today: datetime.date | None) -> DateMention | None:
    if today is None:
        return None
    day, end = _WEEKDAYS[keys[position]], position + 1
    skip = 1 if _get(keys, end) in ("/", "-", "الي") else 0
    following = _get(keys, end + skip)
    if following in _WEEKDAYS and _WEEKDAYS[following] == (day + 1) % 7:  # ليل الاثنين/الثلاثاء: the night belongs to the second day
        day, end = _WEEKDAYS[following], end + skip + 1
    back = (today.weekday() - day) % 7
    if _get(keys, end) in _PAST:
        back, end = back or 7, end + 1
    elif _get(keys, end) in _NEXT:
        back, end = back - 7, end + 1
    return _mention(position, end, (today - datetime.timedelta(days=back)).isoformat(), "day", "weekday")


def _relative_day(keys: Sequence[str], position: int, today: datetime.date | None) -> DateMention | None:
    if today is None:
        return None
    key, after, before = keys[position], _get(keys, position + 1), _get(keys, position - 1)
    shift, end = {"امس": -1, "اليوم": 0, "غدا": 1, "البارحه": -1}[key], position + 1
    if key == "امس" and (after == "الاول" or before in ("اول", "اولي")):
        shift, end = -2, end + (after == "الاول")
    if key == "اليوم" and after not in _WEEKDAYS and before in ("حتي",):
        return None
    if _get(keys, end) in _WEEKDAYS:
        end += 1
    return _mention(position, end, (today + datetime.timedelta(days=shift)).isoformat(), "day", "relative-day")


def _night(keys: Sequence[str], position: int, today: datetime.date | None) -> DateMention | None:
    """الليلة الماضية: the night that ended on the story's day."""
    if today is not None and _get(keys, position + 1) in _PAST:
        return _mention(position, position + 2, today.isoformat(), "day", "last-night")
    return None


def _ago(keys: Sequence[str], position: int, today: datetime.date | None) -> DateMention | None:
    """قبل ثلاثة أيام, منذ أسبوعين: the day, week, month or year so long ago."""
    if today is None:
        return None
    end, number = position + 1, 0
    if _get(keys, end) in ("نحو", "حوالي", "اكثر", "قرابه"):
        end += 1 + (_get(keys, end + 1) == "من")
    word = _get(keys, end)
    if word in _NUMBERS or word.isdecimal() and len(word) < 5:
        number, end = _NUMBERS.get(word) or int(word), end + 1
    unit, count = _UNITS.get(_get(keys, end), ("", 0))
    if not unit or not (number or count) or number > 3000:
        return None
    if _get(keys, end + 1) in ("و", "من") and not number and _get(keys, end + 1) == "من" or _get(keys, end + 1) in _NOW:
        return None
    return _mention(position, end + 1, _shift(today, unit, number or max(count, 0)), unit, "ago")


def _shift(today: datetime.date, unit: str, number: int) -> str:
    if unit in ("day", "week"):
        return (today - datetime.timedelta(days=number * (7 if unit == "week" else 1))).isoformat()
    if unit == "year":
        return f"{today.year - number:04d}"
    months = today.year * 12 + today.month - 1 - number
    return f"{months // 12:04d}-{months % 12 + 1:02d}"


def _period(keys: Sequence[str], position: int, today: datetime.date | None) -> DateMention | None:
    """الشهر الماضي, العام المقبل, هذا الأسبوع."""
    after = _get(keys, position + 1)
    year, used = _year_at(keys, position + 1)
    if year and keys[position] in ("العام", "السنه"):
        return _mention(position, position + 1 + used, str(year), "year", "year")
    this = _get(keys, position - 1) in ("هذا", "هذه")
    if today is None or not (after in _PAST | _NEXT | _NOW or this):
        return None
    unit = _PERIODS[keys[position]]
    number = 1 if after in _PAST else -1 if after in _NEXT else 0
    return _mention(position, position + (1 if this else 2), _shift(today, unit, number), unit, "period")


def _month(keys: Sequence[str], position: int, today: datetime.date | None) -> DateMention | None:
    """أغسطس, في أغسطس 2020; without a year the nearest past month."""
    month, used = _month_at(keys, position)
    if not month:
        return None
    year, more = _year_at(keys, position + used)
    if year:
        return _mention(position, position + used + more, f"{year:04d}-{month:02d}", "month", "month-year")
    if keys[position] in _AMBIGUOUS_MONTHS and _get(keys, position - 1) not in ("شهر", "في", "منذ"):
        return None
    if today is None:
        return None
    end = position + used
    year = today.year - (month > today.month)
    if _get(keys, end) in _NEXT:
        year, end = today.year + (month <= today.month), end + 1
    elif _get(keys, end) in _PAST:
        end += 1
    return _mention(position, end, f"{year:04d}-{month:02d}", "month", "month")


def _year(keys: Sequence[str], position: int, today: datetime.date | None) -> DateMention | None:
    year, used = _year_at(keys, position + 1)
    if not year:
        return None
    if keys[position] in ("في", "منذ", "حتي") and used == 1 and _get(keys, position + 2) in ("جندي", "شخص", "في"):
        return None
    return _mention(position, position + 1 + used, str(year), "year", "season" if keys[position] in _SEASONS else "year")


def _decade(keys: Sequence[str], position: int, today: datetime.date | None) -> DateMention | None:
    return _mention(position, position + 1, str(_DECADES[keys[position]]), "year", "decade")


_Rule = Callable[[Sequence[str], int, datetime.date | None], DateMention | None]
_RULES: dict[str, tuple[_Rule, ...]] = {}


def _register(words: Sequence[str], rule: _Rule) -> None:
    for word in words:
        _RULES[word] = (*_RULES.get(word, ()), rule)


_register(list(_WEEKDAYS), _weekday)
_register(["امس", "اليوم", "غدا", "البارحه"], _relative_day)
_register(["الليله"], _night)
_register(["قبل", "منذ"], _ago)
_register(list(_PERIODS), _period)
_register([*_ORDINALS, *_TENS], _ordinal)
_register([name.split()[0] for name in _MONTHS], _month)
_register(sorted({m + "/" + n for m in _MONTHS for n in _MONTHS if _MONTHS[m] == _MONTHS[n]}), _month)
_register(sorted(_YEAR_WORDS), _year)
_register(list(_DECADES), _decade)
