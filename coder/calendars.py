"""The calendars of Arabic news: names of months and weekdays in every region, Hijri months and their conversion, ordinals and units of time.

Hijri dates follow the Umm al-Qura calendar (library hijridate, 1343 to 1500 AH); sightings of the moon may differ from it by a day.
Sources of names: Unicode CLDR (ar, ar-DZ, ar-MA, ar-SY, ar-SA), and the spellings that news uses beside them.
"""

import calendar
import datetime

from coder.text import fold, folded


def _numbered(*names: str, first: int = 1) -> dict[str, int]:
    """Key of each name -> its number; a cell holds the names of one number, `_` stands for a blank within a name."""
    return {fold(name.replace("_", " ")): number for number, cell in enumerate(names, first) for name in cell.split()}


MONTHS = _numbered(
    "يناير كانون_الثاني كانون_ثاني جانفي", "فبراير شباط فيفري", "مارس آذار", "أبريل نيسان أفريل إبريل", "مايو أيار ماي نوار",
    "يونيو حزيران جوان يونيه يوني_ه", "يوليو تموز جويلية يوليوز يوليه يولي_ه", "أغسطس آب أوت غشت أوغسطس اغسطوس", "سبتمبر أيلول شتنبر",
    "أكتوبر تشرين_الأول تشرين_أول اكتوبر", "نوفمبر تشرين_الثاني تشرين_ثاني نونبر", "ديسمبر كانون_الأول كانون_أول دجنبر",
)  # fmt: skip
# Months that are other words too: father, to practise, Mai, to bring, John; they need a day, a year or a word that announces a month.
AMBIGUOUS_MONTHS = folded({"آب", "مارس", "ماي", "أوت", "جوان", "نوار"})
HIJRI_MONTHS = _numbered(
    "محرم المحرم", "صفر", "ربيع_الأول ربيع_أول", "ربيع_الآخر ربيع_الثاني ربيع_آخر ربيع_ثاني", "جمادى_الأولى جمادى_الأول جماد_الأول",
    "جمادى_الآخرة جمادى_الثانية جمادى_الآخر جمادى_الثاني جماد_الثاني", "رجب", "شعبان", "رمضان", "شوال",
    "ذو_القعدة ذي_القعدة ذا_القعدة ذوالقعدة", "ذو_الحجة ذي_الحجة ذا_الحجة ذوالحجة",
)  # fmt: skip
# Also "forbidden", "zero", given names: they need a Hijri year, هـ or the word شهر "month".
AMBIGUOUS_HIJRI = folded({"محرم", "المحرم", "صفر", "رجب", "شعبان"})
WEEKDAYS = _numbered("الاثنين الإثنين", "الثلاثاء الثلثاء", "الأربعاء", "الخميس", "الجمعة", "السبت", "الأحد", first=0)
ORDINALS = _numbered(
    "الأول", "الثاني", "الثالث", "الرابع", "الخامس", "السادس", "السابع", "الثامن", "التاسع", "العاشر", "الحادي",
)  # fmt: skip
FEMININE_ORDINALS = _numbered(
    "الأولى", "الثانية", "الثالثة", "الرابعة", "الخامسة", "السادسة", "السابعة", "الثامنة", "التاسعة", "العاشرة", "الحادية",
)  # fmt: skip
TENS = {
    **{fold(name): 10 for name in ("عشر", "عشرة")},
    **_numbered("العشرين العشرون", "الثلاثين الثلاثون", "الأربعين الأربعون", "الخمسين الخمسون", "الستين الستون", "السبعين السبعون", "الثمانين الثمانون",
                "التسعين التسعون", first=2),
}  # fmt: skip
TENS = {name: n if n == 10 else n * 10 for name, n in TENS.items()}
DECADES = _numbered(
    "العشرينيات العشرينات", "الثلاثينيات الثلاثينات", "الأربعينيات الأربعينات", "الخمسينيات الخمسينات", "الستينيات الستينات", "السبعينيات السبعينات",
    "الثمانينيات الثمانينات", "التسعينيات التسعينات", first=2,
)  # fmt: skip
# Unit of time -> (unit, how many of it the word itself tells: one, two, or none for a plural).
UNITS = {
    fold(word): (unit, count)
    for unit, one, two, many in (
        ("hour", "ساعة", "ساعتين", "ساعات"), ("day", "يوم", "يومين", "أيام يوما"), ("week", "أسبوع", "أسبوعين", "أسابيع أسبوعا"),
        ("month", "شهر", "شهرين", "أشهر شهور شهرا"), ("year", "عام سنة", "عامين سنتين", "أعوام عاما سنوات سنين"),
        ("decade", "عقد", "عقدين", "عقود عقدا"),
    )
    for count, words in ((1, one), (2, two), (0, many))
    for word in words.split()
}  # fmt: skip


def iso(year: int, month: int, day: int) -> str:
    """YYYY-MM-DD; "" where there is no such day."""
    return f"{year:04d}-{month:02d}-{day:02d}" if 1 <= year <= 9999 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1] else ""


def shifted(today: datetime.date, unit: str, number: int) -> str:
    """The day, the month or the year `number` units before `today` (after it, where negative); a week is told by its day."""
    try:
        if unit == "hour":
            return (today - datetime.timedelta(days=number // 24)).isoformat()
        if unit in ("day", "week"):
            return (today - datetime.timedelta(days=number * (7 if unit == "week" else 1))).isoformat()
    except OverflowError:
        return ""
    months = today.year * 12 + today.month - 1 - number * {"month": 1, "year": 12, "decade": 120}[unit]
    if not 12 <= months < 120_000:
        return ""
    return f"{months // 12:04d}-{months % 12 + 1:02d}" if unit == "month" else f"{months // 12:04d}"


def from_hijri(year: int, month: int, day: int) -> datetime.date | None:
    """The Gregorian day of a Hijri date; None where there is none, or beyond the calendar's tables (before 1343, after 1500 AH)."""
    from hijridate import Hijri

    try:
        return Hijri(year, month, day).to_gregorian()
    except (ValueError, OverflowError):
        return None


def hijri_year(today: datetime.date) -> int:
    """The Hijri year in which `today` falls, to within a year where the tables do not reach."""
    from hijridate import Gregorian

    try:
        return Gregorian.fromdate(today).to_hijri().year
    except (ValueError, OverflowError):
        return round((today.year - 621.5) / 0.970225)


def year_of_hijri(year: int) -> int:
    """The Gregorian year that holds the middle of a Hijri year (mean length 354.367 of 365.2425 days, epoch July 622)."""
    return int(621.57 + (year + 0.5) * 0.970225)
