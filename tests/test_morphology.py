"""Spellings made from dictionary words."""

import pytest

from coder.morphology import adjective_forms, noun_forms, participle_stems, verb_forms
from coder.text import fold


@pytest.mark.parametrize(
    ("past", "present", "forms"),
    [
        ("قصف", "يقصف", "قصفت قصفوا يقصف تقصف يقصفون قصفا"),
        ("قال", "يقول", "قالت قالوا يقول تقول يقولون قيل يقل"),
        ("دعا", "يدعو", "دعت دعوا يدعو تدعو ندعو يدعون يدع"),
        ("نفى", "ينفي", "نفت نفوا ينفي تنفي ينفون ينف"),
        ("التقى", "يلتقي", "التقت التقوا التقيا يلتقي يلتقيان يلتق"),
        ("أصاب", "", "أصابت أصيب أصيبت يصيب يصاب"),
        ("اغتال", "", "اغتيل اغتيلت يغتال تغتال"),
        ("استقال", "", "استقالت يستقيل"),
        ("احتلّ", "يحتلّ", "احتل احتلت احتلوا يحتل احتللنا"),
        ("هاجم", "", "هاجمت هوجم هوجمت يهاجم"),
        ("وقّع", "يوقّع", "وقع وقعت وقعوا يوقع وقعا"),
    ],
)
def test_verbs_of_every_weakness_are_inflected(past: str, present: str, forms: str):
    """Sound, hollow, final weak, doubled and derived verbs come in the spellings of news."""
    made = {form.key for form in verb_forms(past, present)}
    assert {fold(f) for f in forms.split()} <= made


def test_spelling_tells_the_passive_of_hollow_verbs():
    """أصيب can only be passive."""
    assert {f.voice for f in verb_forms("أصاب") if f.key == fold("أصيب") and f.tense == "past"} == {"pass"}


@pytest.mark.parametrize(("past", "voice"), [("اغتال", "act"), ("هاجم", "act"), ("قتل", "")])
def test_spelling_tells_the_active_of_verbs_with_a_long_vowel(past: str, voice: str):
    """اغتال ightāla and هاجم hājama can only be active; قتل is qatala or qutila."""
    assert {f.voice for f in verb_forms(past) if f.key == fold(past) and f.tense == "past"} == {voice}


def test_participles():
    """Three-letter verbs have two participles, longer ones a single spelling."""
    assert participle_stems("قتل") == ("قاتل", "مقتول")
    assert participle_stems("اتّهم", "يتّهم") == ("متهم",)


def test_nouns_and_adjectives_come_with_and_without_article():
    """Plural, dual, accusative and article are made."""
    nouns = {key for key, _ in noun_forms("جندي", ["جنود"], people=True)}
    assert {fold(w) for w in ["الجنود", "جنديين", "جنديا", "الجندي"]} <= nouns
    adjectives = {key for key, _ in adjective_forms("روسي")}
    assert {fold(w) for w in ["الروسية", "روسيين", "الروس", "روسيا"]} - adjectives == {fold("الروس")}
