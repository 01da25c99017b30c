"""Numbers in Arabic news sentences: digits, number words of every gender and case, bounds, ranges, and round plurals such as عشرات "tens".

The rules of number words are those of school grammar (العدد والمعدود; W. Wright, A Grammar of the Arabic Language, I §§318-327; K. Ryding, A
Reference Grammar of Modern Standard Arabic, ch. 15). What a phrase of news says about a number (at least, more than, between) is read as it is used.
"""

import re
from collections.abc import Sequence

from attrs import evolve, frozen

from coder.model import Token
from coder.text import fold, folded


@frozen
class Word:
    """What the reader looks at: a folded key (an attached و cut off, a number in digits made one ASCII word), the written form, its word class,
    and the index of the token it is part of."""

    key: str
    form: str
    upos: str
    token: int


@frozen
class Count:
    """A number from `low` to `high` (None: no upper bound), told in the words `start` to `end` (end exclusive)."""

    low: int
    high: int | None
    start: int
    end: int

    def __str__(self) -> str:
        if self.high is None:
            return f"{self.low}+"
        return str(self.low) if self.low == self.high else f"{self.low}-{self.high}"


def _table(values: dict[int, str]) -> dict[str, int]:
    return {fold(name): value for value, names in values.items() for name in names.split()}


_ONES = _table({3: "ثلاثة ثلاث ثلاثا", 4: "أربعة أربع أربعا", 5: "خمسة خمس خمسا", 6: "ستة ست ستا", 7: "سبعة سبع سبعا", 8: "ثمانية ثماني ثمان ثمانيا",
                9: "تسعة تسع تسعا"})  # fmt: skip
_UNITS = {**_ONES, **_table({1: "واحد واحدة واحدا", 2: "اثنان اثنين اثنتان اثنتين", 10: "عشرة عشر عشرا"})}
_TEENS = {**_ONES, **_table({1: "أحد إحدى", 2: "اثنا اثني اثنتا اثنتي"})}
_BEFORE_TENS = {**_UNITS, **_table({1: "أحد إحدى"})}
_TENS = _table({20: "عشرون عشرين", 30: "ثلاثون ثلاثين", 40: "أربعون أربعين", 50: "خمسون خمسين", 60: "ستون ستين", 70: "سبعون سبعين",
                80: "ثمانون ثمانين", 90: "تسعون تسعين"})  # fmt: skip
_HUNDRED = folded({"مئة", "مائة", "مئات", "مائات"})
_HUNDREDS = {
    **_table({100: "مئة مائة", 200: "مئتان مئتين مئتا مئتي مائتان مائتين مائتا مائتي"}),
    **{fold(unit + ending): value * 100 for unit, value in _ONES.items() for ending in ("مئة", "مائة")},
    **_table({800: "ثمانمئة ثمانمائة"}),
}
_SCALES = _table({1000: "ألف ألفا آلاف ألفٍ", 1_000_000: "مليون مليونا ملايين"})
_PAIRS = _table({2000: "ألفان ألفين ألفي", 2_000_000: "مليونان مليونين مليوني"})
_LIKE_OTHER_WORDS = folded({"مئتا", "مئتي", "مئتين", "مئتان"})  # without the hamza: Meta (ميتا), dead (ميتين)
# Round plurals: news says عشرات for twenty and more, مئات for two hundred and more, آلاف for two thousand and more; بضع is three to nine.
_ROUND = {
    **{fold(word): (20, 99) for word in ("عشرات", "العشرات")},
    **{fold(word): (200, 999) for word in ("مئات", "المئات", "مائات")},
    **{fold(word): (2000, 9999) for word in ("آلاف", "الآلاف", "ألوف", "الألوف")},
    **{fold(word): (2_000_000, 9_999_999) for word in ("ملايين", "الملايين")},
}
_ROUND_SCALES = {**{fold(w): 1000 for w in ("آلاف", "الآلاف", "ألوف", "الألوف")}, **{fold(w): 1_000_000 for w in ("ملايين", "الملايين")}}
_SOME = folded({"بضع", "بضعة", "بضعا"})
_TEN = folded({"عشر", "عشرة"})
_AND = "و"

_EXACT, _OPEN, _LIMIT = "exact", "open", "limit"
# Before a number: about (exact), at least and more than (open), less than and up to (limit).
_PREFIXES = tuple(
    sorted(
        (
            (tuple(fold(phrase).split()), sense)
            for sense, phrases in {
                _EXACT: ("نحو", "حوالي", "حوالى", "قرابة", "زهاء", "ما يقارب", "ما يقرب من", "يقرب من", "يقارب", "تقريبا", "مجموعه", "ما مجموعه"),
                _OPEN: ("أكثر من", "اكثر من", "ما لا يقل عن", "لا يقل عن", "ما لا يقل على", "لا تقل عن", "ما يزيد عن", "ما يزيد على", "يزيد عن", "يزيد على",
                        "أزيد من", "ما يربو على", "يربو على", "ما يربو عن", "ما يفوق", "يفوق", "يتجاوز", "ما يتجاوز", "على الأقل", "ما لايقل عن", "ليس أقل من",
                        "ما ينيف على", "ما ينيف عن"),
                _LIMIT: ("أقل من", "ما لا يزيد عن", "ما لا يزيد على", "ما لا يتجاوز", "ما يصل إلى", "حتى"),
            }.items()
            for phrase in phrases
        ),
        key=lambda pair: -len(pair[0]),
    )
)  # fmt: skip
_PREFIX_STARTS = frozenset(words[0] for words, _ in _PREFIXES)
_AT_LEAST = tuple(tuple(fold(p).split()) for p in ("على الأقل", "على أقل تقدير", "كحد أدنى", "ك حد أدنى", "و نيف", "أو أكثر", "أو يزيد"))
_BETWEEN = folded({"بين"})
_FROM, _TO, _OR = fold("من"), folded({"إلى", "-", "–", "—", "حتى"}), fold("أو")
_GROUPED = re.compile(r"^\d{1,3}([,.٬٫،]\d{3})+$")
_RANGE = re.compile(r"^(\d{1,15})[-–—](\d{1,15})$")
_GLUED = re.compile(r"^(\d{1,15})([^\W\d]{2,})$|^(?!ال\d)([^\W\d]{3,})(\d{1,15})$")
_DECIMAL = re.compile(r"^\d+[.,٫]\d{1,2}$")
_DIGITS = re.compile(r"^\d{1,15}$")
_LARGEST = 10_000_000  # a longer row of digits is a telephone number


def words(tokens: Sequence[Token]) -> list[Word]:
    """The tokens as the reader wants them: وعشرين as two words, 1,200 and ٣٠ as one ASCII number, 20-30 as three words, 37الف and مقتل3 as two."""
    out: list[Word] = []
    index = 0
    while index < len(tokens):
        token, used = tokens[index], 1
        key = token.key
        if key.isalpha() and key[0] != _AND:  # as nearly all are
            out.append(Word(key, token.form, token.upos, index))
            index += 1
            continue
        digits = key.removeprefix(_AND).removeprefix("ال")
        if _DIGITS.match(digits) and _touching(tokens, index):
            digits, used = digits + tokens[index + 2].key, 3
        if _GROUPED.match(digits):
            digits = re.sub(r"\D", "", digits)
        if key.startswith(_AND) and len(key) > 1 and (digits[:1].isdecimal() or key not in _UNITS and is_number_word(key[1:])):
            out.append(Word(_AND, _AND, "CCONJ", index))
            key = key[1:]
        out.extend(_pieces(key, digits, token, index))
        index += used
    return out


def _pieces(key: str, digits: str, token: Token, index: int) -> list[Word]:
    """The words of one token without its و."""
    span, glued = _RANGE.match(digits), _GLUED.match(key)
    if span:
        return [_number(span[1], token, index), Word("-", "-", "PUNCT", index), _number(span[2], token, index)]
    if _DIGITS.match(digits):
        return [_number(digits, token, index)]
    if glued:
        return [
            _number(part, token, index) if part.isdecimal() else Word(part, part, "NOUN" if token.upos == "NUM" else token.upos, index)
            for part in glued.groups()
            if part
        ]
    return [Word(key, token.form, token.upos, index)]


def _number(digits: str, token: Token, index: int) -> Word:
    return Word(str(int(digits)), token.form, "NUM", index)


def _touching(tokens: Sequence[Token], index: int) -> bool:
    """Whether digits, a thousands mark and three more digits follow each other without a blank, cut apart by the tokenizer."""
    if index + 2 >= len(tokens) or len(tokens[index].key) > 3 or tokens[index + 1].key not in (",", ".", "٬"):
        return False
    first, mark, last = tokens[index : index + 3]
    return len(last.key) == 3 and bool(_DIGITS.match(last.key)) and first.end == mark.start and mark.end == last.start > 0


def is_number_word(key: str) -> bool:
    """Whether the key is a number in letters, a round plural included."""
    return key in _UNITS or key in _TENS or key in _HUNDREDS or key in _SCALES or key in _PAIRS or key in _ROUND


def _key(ws: Sequence[Word], at: int) -> str:
    return ws[at].key if 0 <= at < len(ws) else ""


def _under_hundred(ws: Sequence[Word], at: int) -> tuple[int, int]:
    """(value, end) of a number word below a hundred; (0, at) if there is none. Teens are unit + عشر, then unit و tens (Wright I §§322-324)."""
    key = _key(ws, at)
    if key in _TEENS and _key(ws, at + 1) in _TEN:
        return _TEENS[key] + 10, at + 2
    if key in _BEFORE_TENS and _key(ws, at + 1) == _AND and _key(ws, at + 2) in _TENS:
        return _BEFORE_TENS[key] + _TENS[_key(ws, at + 2)], at + 3
    if key in _TENS or key in _UNITS:
        return _TENS.get(key) or _UNITS[key], at + 1
    return 0, at


def _under_thousand(ws: Sequence[Word], at: int) -> tuple[int, int]:
    """(value, end) of digits or of a number word below a thousand: hundreds, then و and the rest (Wright I §325); ثلاث مئة also in two words."""
    key = _key(ws, at)
    if _DIGITS.match(key):
        return int(key), at + 1
    if key in _HUNDREDS and not (key in _LIKE_OTHER_WORDS and "ئ" not in ws[at].form):
        value, end = _HUNDREDS[key], at + 1
    elif key in _ONES and _key(ws, at + 1) in _HUNDRED:
        value, end = _ONES[key] * 100, at + 2
    else:
        return _under_hundred(ws, at)
    rest, after = _under_hundred(ws, end + 1) if _key(ws, end) == _AND else (0, end)
    return (value + rest, after) if rest else (value, end)


def _piece(ws: Sequence[Word], at: int) -> tuple[int, int, int]:
    """(value, scale, end) of one member of a number: 300 ألف, ألفان, مئة وخمسون; (0, 0, at) if there is none.

    ألفا is "thousand" after its number or before و (ألفا ومئتين), and "two thousand" before what is counted (ألفا جندي; dual in the construct)."""
    key = _key(ws, at)
    if key in _PAIRS:
        return _PAIRS[key], _PAIRS[key] // 2, at + 1
    if key in _SCALES and key not in _ROUND:
        dual = key == fold("ألفا") and _key(ws, at + 1) != _AND and at + 1 < len(ws) and ws[at + 1].upos not in ("PUNCT", "ADP")
        return _SCALES[key] * (1 + dual), _SCALES[key], at + 1
    if _DECIMAL.match(key) and _key(ws, at + 1) in _SCALES:
        scale = _SCALES[_key(ws, at + 1)]
        return round(float(re.sub(r"[,٫]", ".", key)) * scale), scale, at + 2
    value, end = _under_thousand(ws, at)
    if value and _key(ws, end) in _SCALES:
        scale = _SCALES[_key(ws, end)]
        return value * scale, scale, end + 1
    return value, 1 if value else 0, end


def read_number(ws: Sequence[Word], at: int) -> Count | None:
    """The exact number that begins at word `at`: members of falling scale joined by و (Wright I §§325-327)."""
    total, scale, end = _piece(ws, at)
    while scale > 1 and _key(ws, end) == _AND:
        value, smaller, after = _piece(ws, end + 1)
        if not 0 < smaller < scale or value >= scale:
            break
        total, scale, end = total + value, smaller, after
    return Count(total, total, at, end) if 0 < total < _LARGEST else None


def _read_round(ws: Sequence[Word], at: int) -> Count | None:
    """عشرات 20-99, مئات 200-999, آلاف 2000-9999, عشرات الآلاف 20000-99999; بضعة 3-9 (so the dictionaries of the classical language), بضعة عشر 13-19."""
    key = _key(ws, at)
    if key in _SOME:
        following = _key(ws, at + 1)
        if following in _TEN:
            return Count(13, 19, at, at + 2)
        many = _read_round(ws, at + 1)
        return evolve(many, start=at) if many else Count(3, 9, at, at + 1)
    if key not in _ROUND:
        return None
    (low, high), end = _ROUND[key], at + 1
    skip = 1 if _key(ws, end) == _FROM else 0
    scale = _ROUND_SCALES.get(_key(ws, end + skip), 0)
    if scale and low < 1000:
        return Count(low * scale, (high + 1) * scale - 1, at, end + skip + 1)
    return Count(low, high, at, end)


def _read_simple(ws: Sequence[Word], at: int) -> Count | None:
    return read_number(ws, at) or _read_round(ws, at)


def _read_between(ws: Sequence[Word], at: int) -> Count | None:
    """[ما] بين 20 و30, من 20 إلى 30. بين خمسة وعشرين is five to twenty, for no second number is left after "twenty-five"."""
    between = _key(ws, at) in _BETWEEN
    if not between and _key(ws, at) != _FROM:
        return None
    low = read_number(ws, at + 1)
    if low is None:
        return None
    joint = _key(ws, low.end)
    high = read_count(ws, low.end + 1) if joint == _AND and between or joint in _TO else None
    if high is None and between:
        for cut in range(low.end - 2, at + 1, -1):
            if _key(ws, cut) == _AND:
                low, high = read_number(ws[:cut], at + 1), read_number(ws, cut + 1)
                break
    return _span(low, high, at) if low and high else None


def _span(low: Count, high: Count, start: int) -> Count | None:
    """The range of two numbers; what counts thousands at its end counts them at its beginning too (بين 20 و30 ألفا)."""
    first, last = low.low, high.low
    for scale in (1000, 1_000_000):
        if first < last // scale and last % scale == 0 and first < 1000 and high.end - high.start > 1:
            first *= scale
    return Count(first, last, start, high.end) if first < last else None


def _read_range(ws: Sequence[Word], at: int) -> Count | None:
    """20-30, 20 إلى 30, ثلاثة أو أربعة: two numbers side by side; else the one that is there."""
    low = _read_simple(ws, at)
    if low is None or low.low != low.high:
        return low
    if _key(ws, low.end) in _TO or _key(ws, low.end) == _OR:
        high = read_number(ws, low.end + 1)
        if high is not None:
            return _span(low, high, at) or low
    return low


def read_count(ws: Sequence[Word], at: int) -> Count | None:
    """The number that begins at word `at`, with what stands before and after it: أكثر من مئة 100+, نحو ٣٠ 30, 12 شخصا على الأقل 12+."""
    start, senses = at, set[str]()
    for _ in range(3):
        found = (
            next(((len(p), s) for p, s in _PREFIXES if tuple(w.key for w in ws[at : at + len(p)]) == p), None)
            if _key(ws, at) in _PREFIX_STARTS
            else None
        )
        if found is None:
            break
        at, senses = at + found[0], senses | {found[1]}
    if _key(ws, at) == "ما" and _key(ws, at + 1) in _BETWEEN or senses and _key(ws, at) == "ب":
        at += 1
    count = _read_between(ws, at) or _read_range(ws, at)
    if count is None:
        return None
    if _OPEN in senses or _said_after(ws, count.end):
        return Count(count.low, None, start, count.end)
    if _LIMIT in senses:
        last = count.low - (_key(ws, start) == fold("أقل"))
        return Count(1, last, start, count.end) if last > 1 else None
    return evolve(count, start=start)


def _said_after(ws: Sequence[Word], at: int) -> bool:
    """Whether "at least" follows the number and what is counted (12 شخصا على الأقل), before any other number or "and"."""
    for place in range(at, min(at + 6, len(ws))):
        if any(tuple(w.key for w in ws[place : place + len(p)]) == p for p in _AT_LEAST):
            return True
        if ws[place].key == _AND or ws[place].upos == "PUNCT" or read_number(ws, place) is not None:
            return False
    return False


def in_prefix(ws: Sequence[Word], at: int) -> bool:
    """Whether the word `at` only introduces a number (لا يقل عن), so that it opens no clause."""
    return any(
        ws[at].key in p and read_count(ws, max(at - place, 0)) is not None for p, _ in _PREFIXES for place in range(len(p)) if p[place] == ws[at].key
    )
