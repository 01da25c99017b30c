"""Inflected forms of dictionary words, in folded, vowelless spelling.

News is written without vowels, so a verb has few distinct spellings: a past and a present stem, shortened before some endings where
a radical is weak. Making the forms here, instead of trusting predicted lemmas, means that a verb is found however the parser tagged it.
The rules are those of school grammar (تصريف الأفعال); each function names the class of verb that it serves.
"""

from collections.abc import Iterable, Iterator

from attrs import frozen

from coder.text import SHADDA, fold, strip_marks

_PAST_VOWEL_ENDINGS = (("", "3ms"), ("ت", "3fs"), ("وا", "3mp"), ("ا", "3md"), ("تا", "3fd"))
_PAST_CONSONANT_ENDINGS = (("ن", "3fp"), ("نا", "1p"))  # first and second person singular are not how news tells events
_PRESENT_PREFIXES = (("ي", "3m"), ("ت", "3f"), ("ا", "1s"), ("ن", "1p"))


@frozen
class VerbForm:
    """One spelling of a verb: `key` folded, `tense` past or present, `voice` "act" or "pass" where the spelling shows it else "", `person` as 3ms, 1p ..."""

    key: str
    tense: str
    voice: str
    person: str


def verb_forms(past: str, present: str = "") -> Iterator[VerbForm]:
    """All spellings of the verb with the past `past` (3ms, shadda kept where it is written) and the present `present` (3ms, may be empty)."""
    yield from _past_forms(past)
    stem = strip_marks(present)[1:] if present else _present_stem(past)
    yield from _present_forms(stem, doubled=past.endswith(SHADDA))


def _past_forms(past: str) -> Iterator[VerbForm]:
    stem = strip_marks(past)
    if stem[-1] in "اى" and len(stem) > 2:  # final weak: دعا daʿā, نفى nafā
        yield from _final_weak_past(stem)
    elif len(stem) > 2 and stem[-2] == "ا":  # hollow: قال qāla, أصاب aṣāba; passive أصيب uṣība
        yield from _endings(stem, _PAST_VOWEL_ENDINGS, "act")
        yield from _endings(stem[:-2] + stem[-1], _PAST_CONSONANT_ENDINGS, "")
        yield from _endings(stem[:-2] + "ي" + stem[-1], _PAST_VOWEL_ENDINGS, "pass")
    else:
        long_vowel = len(stem) >= 4 and stem[-3] == "ا"  # forms III and VI: هاجم hājama -> هوجم hūjima
        yield from _endings(stem, _PAST_VOWEL_ENDINGS, "act" if long_vowel else "")
        yield from _endings(stem + stem[-1] if past.endswith(SHADDA) else stem, _PAST_CONSONANT_ENDINGS, "act" if long_vowel else "")
        if long_vowel:
            yield from _endings(stem[:-3] + "و" + stem[-2:], _PAST_VOWEL_ENDINGS, "pass")


def _final_weak_past(stem: str) -> Iterator[VerbForm]:
    short, glide = stem[:-1], ("و" if stem[-1] == "ا" else "ي")
    for ending, person in (("ت", "3fs"), ("وا", "3mp"), (glide + "ا", "3md"), ("تا", "3fd"), (glide + "نا", "1p"), (glide + "ن", "3fp")):
        yield VerbForm(fold(short + ending), "past", "", person)
    yield VerbForm(fold(stem), "past", "", "3ms")
    yield VerbForm(fold(short + "ي"), "past", "pass" if stem[-1] == "ا" else "", "3ms")
    yield VerbForm(fold(short + "يت"), "past", "pass", "3fs")


def _endings(stem: str, endings: Iterable[tuple[str, str]], voice: str) -> Iterator[VerbForm]:
    for ending, person in endings:
        yield VerbForm(fold(stem + ending), "past", voice, person)


def _present_stem(past: str) -> str:
    """Present stem (without its prefix) of a verb of form II to X; a three-letter verb is taken as sound."""
    stem = strip_marks(past)
    weak_end = len(stem) > 3 and stem[-1] in "اى"
    if stem.startswith(("ا", "أ")) and len(stem) > 3:
        body = stem[1:]
        if len(body) > 2 and body[-2] == "ا" and (stem.startswith("أ") or body.startswith("ست")):  # أصاب -> يصيب, استقال -> يستقيل
            body = body[:-2] + "ي" + body[-1]
        return body[:-1] + "ي" if weak_end else body
    if weak_end and not stem.startswith("ت"):  # سمّى -> يسمّي
        return stem[:-1] + "ي"
    return stem


def _present_forms(stem: str, doubled: bool) -> Iterator[VerbForm]:
    for prefix, person in _PRESENT_PREFIXES:
        yield VerbForm(fold(prefix + stem), "present", "", person + ("s" if person[0] == "3" else ""))
        for short in _jussive_stems(stem, doubled) if person[0] == "3" else ():  # first person: نصف naṣif would be "half" as well
            yield VerbForm(fold(prefix + short), "present", "", person + ("s" if person[0] == "3" else ""))
    base = stem[:-1] if stem[-1] in "يىو" and len(stem) > 2 else stem
    dual = base + "ي" if stem[-1] in "يى" and len(stem) > 2 else stem
    for prefix, person in (("ي", "3m"), ("ت", "3f")):
        for ending in ("ون", "وا"):
            yield VerbForm(fold(prefix + base + ending), "present", "", person + "p")
        for ending in ("ان", "ا"):
            yield VerbForm(fold(prefix + dual + ending), "present", "", person + "d")
    yield VerbForm(fold("ي" + stem + "ن"), "present", "", "3fp")
    if len(stem) > 2 and stem[-2] in "ويا":  # hollow passive: يصاب yuṣābu
        yield VerbForm(fold("ي" + stem[:-2] + "ا" + stem[-1]), "present", "pass", "3ms")
        yield VerbForm(fold("ت" + stem[:-2] + "ا" + stem[-1]), "present", "pass", "3fs")


def _jussive_stems(stem: str, doubled: bool) -> list[str]:
    """Stems shortened after لم lam: final weak (يلتق), hollow (يقل), doubled written out (يشنن)."""
    if len(stem) > 2 and stem[-1] in "يىو":
        return [stem[:-1]]
    if len(stem) > 2 and stem[-2] in "ويا":
        return [stem[:-2] + stem[-1]]
    return [stem + stem[-1]] if doubled else []


def participle_stems(past: str, present: str = "") -> tuple[str, ...]:
    """Unfolded masculine singular participles: (active, passive) of a three-letter verb, one spelling for both of a longer one; () if unknown."""
    stem = strip_marks(past)
    if len(stem) > 3 or past[-1:] == SHADDA and len(stem) == 3:
        body = strip_marks(present)[1:] if present else _present_stem(past)
        return ("م" + body,)
    if len(stem) == 3 and stem[1] != "ا" and stem[2] not in "اى" and SHADDA not in past:
        return (stem[0] + "ا" + stem[1:], "م" + stem[:2] + "و" + stem[2])
    if len(stem) == 3 and SHADDA in past:  # form II written with three letters: وقّع -> موقّع
        return ("م" + stem,)
    if len(stem) == 3 and stem[1] == "ا":
        return (stem[0] + "ائ" + stem[2],)
    return ()


def noun_forms(singular: str, plurals: Iterable[str] = (), *, people: bool = False, feminine_plural: bool = True) -> Iterator[tuple[str, str]]:
    """(folded spelling, number sing|dual|plur) of a noun in all cases and states; `people` adds the sound masculine plural and the feminine."""
    for form, number in _noun_stems(strip_marks(singular), [strip_marks(p) for p in plurals if p], people, feminine_plural):
        key = fold(form)
        yield key, number
        yield "ال" + key, number


def _noun_stems(singular: str, plurals: list[str], people: bool, feminine_plural: bool) -> Iterator[tuple[str, str]]:
    yield from _case_forms(singular, "sing")
    for plural in plurals:
        yield from _case_forms(plural, "plur", dual=False)
    bare = singular[:-1] if singular.endswith("ة") else singular
    if feminine_plural:
        yield bare + "ات", "plur"
    if people and not singular.endswith("ة"):
        yield from ((singular + ending, "plur") for ending in ("ون", "ين", "و", "ي"))
        yield singular + "ة", "sing"
        yield singular + "ت", "sing"
        yield from ((singular + ending, "dual") for ending in ("تان", "تين"))


def _case_forms(noun: str, number: str, dual: bool = True) -> Iterator[tuple[str, str]]:
    yield noun, number
    if noun.endswith("ة"):
        yield noun[:-1] + "ت", number  # before a possessive clitic: زيارته
        if dual:
            yield from ((noun[:-1] + ending, "dual") for ending in ("تان", "تين", "تا", "تي"))
    else:
        if not noun.endswith(("اء", "ى", "ا", "أ")):
            yield noun + "ا", number
        if noun.endswith("ء"):  # رؤساء before a clitic: رؤسائه, رؤساؤه
            yield noun[:-1] + "ئ", number
            yield noun[:-1] + "ؤ", number
        if dual:
            yield from ((noun + ending, "dual") for ending in ("ان", "ين", "ا"))


def adjective_forms(nisba: str) -> Iterator[tuple[str, str]]:
    """(folded spelling, number) of a nisba adjective (روسي rūsī) in all forms, with and without ال."""
    stem = strip_marks(nisba)
    for ending, number in (
        ("", "sing"),
        ("ا", "sing"),
        ("ة", "sing"),
        ("ون", "plur"),
        ("ين", "plur"),
        ("ان", "dual"),
        ("تان", "dual"),
        ("تين", "dual"),
        ("ات", "plur"),
        ("و", "plur"),
    ):
        key = fold(stem + ending)
        yield key, number
        yield "ال" + key, number
