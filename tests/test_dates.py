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
]  # fmt: skip
NOTHING = ["الثاني", "أول رئيس", "الشهر", "مارس ضغوطا", "أب لثلاثة", "2020 جنديا", "49 جنديا", "قبل الحرب", "منذ بداية النزاع", "يوما"]


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
