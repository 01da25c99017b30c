"""Arabic date expressions."""

import datetime

import pytest

from coder.dates import find_dates
from coder.text import fold

DAY = datetime.date(2022, 9, 14)  # a Wednesday

KNOWN = [
    ("يوم الثلاثاء", "2022-09-13", "day"), ("الأربعاء", "2022-09-14", "day"), ("الخميس الماضي", "2022-09-08", "day"), ("الخميس المقبل", "2022-09-15", "day"),
    ("منذ صباح الثلاثاء", "2022-09-13", "day"), ("ليل الاثنين / الثلاثاء", "2022-09-13", "day"), ("أمس", "2022-09-13", "day"), ("أول أمس", "2022-09-12", "day"),
    ("أمس الأول", "2022-09-12", "day"), ("اليوم", "2022-09-14", "day"), ("غدا", "2022-09-15", "day"), ("الليلة الماضية", "2022-09-14", "day"),
    ("قبل يومين", "2022-09-12", "day"), ("قبل ثلاثة أيام", "2022-09-11", "day"), ("منذ أسبوعين", "2022-08-31", "week"), ("قبل شهرين", "2022-07", "month"),
    ("قبل 5 سنوات", "2017", "year"), ("الأسبوع الماضي", "2022-09-07", "week"), ("الشهر الماضي", "2022-08", "month"), ("العام الماضي", "2021", "year"),
    ("هذا العام", "2022", "year"), ("9 نوفمبر 2020", "2020-11-09", "day"), ("التاسع من نوفمبر 2020", "2020-11-09", "day"),
    ("الحادي و العشرين من مارس 2019", "2019-03-21", "day"), ("13 أيلول / سبتمبر 2022", "2022-09-13", "day"), ("13 أيلول/سبتمبر 2022", "2022-09-13", "day"),
    ("2 كانون الثاني 2021", "2021-01-02", "day"), ("5 جويلية 2021", "2021-07-05", "day"), ("3 غشت", "2022-08-03", "day"), ("20 ديسمبر", "2021-12-20", "day"),
    ("في أغسطس", "2022-08", "month"), ("في ديسمبر", "2021-12", "month"), ("أغسطس 2019", "2019-08", "month"), ("خريف 2020", "2020", "year"),
    ("خريف عام 2020", "2020", "year"), ("عام 2014", "2014", "year"), ("في 2018", "2018", "year"), ("التسعينيات", "1990", "year"), ("13/09/2022", "2022-09-13", "day"),
    ("2022-09-01", "2022-09-01", "day"), ("العشرين من الشهر الجاري", "2022-09-20", "day"),
    ("اليوم ( الاثنين )", "2022-09-12", "day"), ("فجر اليوم ( أمس )", "2022-09-13", "day"), ("أول نيسان", "2022-04-01", "day"),
    ("في الأسبوع الأول من شهر مارس", "2022-03", "month"), ("شهري مايو و يونيو 2021", "2021", "year"), ("16/أيلول/2021", "2021-09-16", "day"),
    ("من 10 إلى 13 يوليو القادم", "2023-07-10", "week"), ("يومي السبت أو الأحد المقبلين", "2022-09-17", "week"), ("ثورة 25 يناير 2011", "2011-01-25", "day"),
    ("يوم عاشوراء", "2022-08-08", "week"), ("رأس السنة", "2022-01-01", "day"), ("أوائل التسعينات من القرن الماضي", "1990", "year"),
    ("منذ عام و نصف", "2021", "year"), ("31 تموز / يولي ه", "2022-07-31", "day"), ("أول أغسطس ( آب ) الماضي", "2022-08-01", "day"),
]  # fmt: skip
NOTHING = [
    "الثاني",
    "أول رئيس",
    "الشهر",
    "مارس ضغوطا",
    "أب لثلاثة",
    "2020 جنديا",
    "49 جنديا",
    "قبل الحرب",
    "منذ بداية النزاع",
    "يوما",
    "فريق « 14 آذار »",
    "نواب 14 آذار",
    "ثورة 25 يناير",
    "حزبي الغد و التجمع",
    "في العشرينات من العمر",
    "مايو من العام نفسه",
    "رأس السنة الهجرية",
    "5790.37 نقطة",
    "أيام الجمعة",
]


def words(text: str) -> list[str]:
    """Folded words as the parser gives them."""
    return [fold(w) for w in text.split()]


@pytest.mark.parametrize(("text", "value", "precision"), KNOWN)
def test_known_expressions(text: str, value: str, precision: str):
    """Each expression has its value and precision."""
    found = find_dates(words("قال الوزير " + text), DAY)
    assert [(d.value, d.precision) for d in found] == [(value, precision)]


@pytest.mark.parametrize("text", NOTHING)
def test_words_that_are_no_dates(text: str):
    """Numbers, ordinals and look-alikes alone tell no date."""
    assert find_dates(words(text), DAY) == []


@pytest.mark.parametrize("text", ["أمس", "يوم الثلاثاء", "قبل يومين", "الشهر الماضي", "في أغسطس"])
def test_relative_dates_need_the_story_date(text: str):
    """Without a story date nothing is invented."""
    assert find_dates(words(text), None) == []


def test_that_year_is_the_one_told_before():
    """May of that year, after 2005 was told; the words of the mention reach back over the day part."""
    found = find_dates(words("عقوبات عام 2005 بعد مقتل متظاهرين في مايو من ذلك العام"), DAY)
    assert [d.value for d in found] == ["2005", "2005-05"]
    assert [(d.start, d.end) for d in find_dates(words("وقع الهجوم صباح يوم الثلاثاء"), DAY)] == [(2, 5)]


def test_a_placeholder_is_no_story_date():
    """9999-12-31 in a date column anchors nothing and overflows nothing."""
    assert find_dates(words("غدا و 5 مايو"), datetime.date(9999, 12, 31)) == []


def test_a_date_in_one_word_points_at_that_word():
    """The pieces of 13/9/2022 and 1443ه are counted as the words they are part of."""
    found = find_dates(words("في 13/9/2022 ثم في 10 رمضان 1443ه هاجموا"), DAY)
    assert [(d.value, d.start, d.end) for d in found] == [("2022-09-13", 1, 2), ("2022-04-11", 4, 7)]
