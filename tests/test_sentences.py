"""Sentence ends mended by rule, without the model: what the tokenizer has given is written with | between sentences."""

import re

import pytest
from attrs import frozen

from coder.sentences import mend_ends, paragraphs, pieces


@frozen
class Written:
    """A written token."""

    text: str
    start_char: int
    end_char: int


def mended(given: str) -> str:
    """`given` with its sentences mended: `|` is an end that the tokenizer has made, `~` a cut between tokens that no blank parts."""
    text, sentences, position = "", [[]], 0
    for part in re.split(r"([|~\s])", given):
        if part == "|":
            sentences.append([])
        elif part and not part.isspace() and part != "~":
            sentences[-1].append(Written(part, position, position + len(part)))
            text, position = text + part, position + len(part)
        elif part.isspace():
            text, position = text + part, position + len(part)
    return "|".join(text[s[0].start_char : s[-1].end_char] for s in mend_ends(sentences, text))


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        ("قال الوزير~.| ثم عاد~.", "قال الوزير.|ثم عاد."),
        ("قال الوزير ذلك~. ثم عاد هو~.", "قال الوزير ذلك.|ثم عاد هو."),
        ("هل عاد الوزير~؟ لم يعد بعد~.", "هل عاد الوزير؟|لم يعد بعد."),
        ("ارتفع السعر الى 3~.|5 دولار~.", "ارتفع السعر الى 3.5 دولار."),
        ("بلغ العدد 1~,|200 شخص~.", "بلغ العدد 1,200 شخص."),
        ("يبث في الساعة 06~,|00 ت غ~.", "يبث في الساعة 06,00 ت غ."),
        ("قال جورج W~.| بوش ذلك~.", "قال جورج W. بوش ذلك."),
        ("قال ا~.| د~.| سامي ذلك~.", "قال ا. د. سامي ذلك."),
        ("قتلى وجرحى~..| والمعارك تتواصل", "قتلى وجرحى.. والمعارك تتواصل"),
        ("قتلى وجرحى~.~.~.| والمعارك تتواصل", "قتلى وجرحى... والمعارك تتواصل"),
        ("عنوان الخبر\n|قال الوزير ذلك~.", "عنوان الخبر|قال الوزير ذلك."),
        ("عنوان الخبر..\n|قال الوزير ذلك~.", "عنوان الخبر..|قال الوزير ذلك."),
        ('قال الوزير "نعم~.|~" ثم عاد~.', 'قال الوزير "نعم."|ثم عاد.'),
        ("وصل الوفد~،| ثم عاد~.", "وصل الوفد، ثم عاد."),
        ("عاد الوفد امس~.|~.", "عاد الوفد امس.."),
    ],
)
def test_ends(given, wanted):
    """Decimal and thousand marks, times, initials, dots in headlines and closing quotes end nothing; ؟ ! . before a word do."""
    assert mended(given) == wanted


def test_a_sentence_of_150_words_is_whole_and_a_longer_one_is_cut_at_punctuation():
    """150 words are parsed as one sentence; a longer one is cut after its last mark before that."""
    words = [Written("،" if i == 119 else "كلمة", i, i + 1) for i in range(200)]
    assert [len(p) for p in pieces(words[:150])] == [150]
    assert [len(p) for p in pieces(words)] == [120, 80]


def test_paragraphs_end_at_line_ends():
    """Every line that holds anything is a paragraph, with its offset."""
    assert [(p.text, p.start, p.number) for p in paragraphs("عنوان\n\n متن \n")] == [("عنوان", 0, 0), ("متن", 8, 2)]
