"""Cleaning and folding."""

import pytest

from coder.text import arabic_share, clean, fold


def test_offsets_point_into_the_original_text():
    """A cleaned word is found again in the user's own text, marks included."""
    text = "قُتِلَ جنـديٌّ ﻻ ٤٩"
    cleaned = clean(text)
    assert cleaned.text == "قتل جندي لا 49"
    start = cleaned.text.index("جندي")
    first, last = cleaned.span(start, start + 4)
    assert text[first:last].startswith("جنـدي")


@pytest.mark.parametrize("code", [*range(0x064B, 0x0653), 0x0670, 0x0640, 0x200B, 0x200E, 0x200F, 0x202B, 0xFEFF])
def test_marks_without_a_letter_are_dropped(code: int):
    """Vowels, tatweel and invisible marks vanish."""
    assert clean("ب" + chr(code) + "ت").text == "بت", hex(code)


@pytest.mark.parametrize(("a", "b"), [("أرمينيا", "ارمينيا"), ("مستشفى", "مستشفي"), ("القاهرة", "القاهره"), ("وقّع", "وقع"), ("رؤساء", "روسا")])
def test_spellings_that_news_mixes_share_a_key(a: str, b: str):
    """Hamza seats, final ya, ta marbuta and shadda do not keep spellings apart."""
    assert fold(a) == fold(b)


def test_share_of_arabic_letters():
    """Latin text has none, mixed text its part."""
    assert arabic_share("abc") == 0
    assert arabic_share("سلام") == 1
    assert arabic_share("123") == 0
