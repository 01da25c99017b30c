"""Arabic text: cleaning with offsets kept, and the one folding used for dictionary keys and for tokens alike.

Cleaning undoes what writing systems add to a text (vowels, tatweel, presentation forms, zero-width marks, non-Latin digits) so
that the parser meets the spelling it was trained on; every cleaned character remembers where it stood in the user's own text.
Folding goes further and merges spellings that news does not keep apart (hamza seats, final ى/ي, ة/ه).
"""

import unicodedata
from collections.abc import Iterable

from attrs import frozen

# Marks that carry no letter: Quranic signs, tanwin to sukun, superscript alef, tatweel, zero-width and bidi controls, BOM, soft hyphen.
_DROPPED = frozenset(
    [chr(c) for c in range(0x0610, 0x061B)]
    + [chr(c) for c in range(0x064B, 0x0660)]
    + [chr(c) for c in range(0x06D6, 0x06EE) if c not in (0x06DD, 0x06DE, 0x06E5, 0x06E6, 0x06E9)]
    + [chr(c) for c in range(0x200B, 0x2010)]
    + [chr(c) for c in range(0x202A, 0x202F)]
    + [chr(c) for c in range(0x2060, 0x206A)]
    + ["\u0670", "\u0640", "\ufeff", "\u00ad"]
)
SHADDA = "\u0651"

_REPLACED = {ord("ٱ"): "ا", ord("ک"): "ك", ord("ی"): "ي", ord("ہ"): "ه", ord("ۀ"): "ة", ord("\u00a0"): " ", ord("\u202f"): " ", ord("…"): "..."}
_REPLACED.update({ord(d): str(i) for i, d in enumerate("٠١٢٣٤٥٦٧٨٩")})
_REPLACED.update({ord(d): str(i) for i, d in enumerate("۰۱۲۳۴۵۶۷۸۹")})

_FOLD = str.maketrans({"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه", "ئ": "ي", "ؤ": "و", "ء": None, **dict.fromkeys(_DROPPED)})
_MARKS = {ord(m): None for m in _DROPPED}
_BARE = str.maketrans("أإآٱ", "اااا")


@frozen
class CleanText:
    """Cleaned text and, for each of its characters and for its end, the offset in the original text (`len(text) + 1` offsets)."""

    text: str
    offsets: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Original offsets of the cleaned span `start:end` (characters)."""
        return self.offsets[start], (self.offsets[end - 1] + 1 if end > start else self.offsets[start])


def clean(text: str) -> CleanText:
    """`text` without vowels, tatweel, presentation forms and zero-width marks, digits made ASCII; newlines stay."""
    out: list[str] = []
    offsets: list[int] = []
    for position, char in enumerate(text):
        if char in _DROPPED:
            continue
        piece = _REPLACED.get(ord(char)) or _compatibility_form(char)
        out.append(piece)
        offsets.extend([position] * len(piece))
    offsets.append(len(text))
    return CleanText("".join(out), tuple(offsets))


def _compatibility_form(char: str) -> str:
    """The plain letters of a presentation form or ligature (ﻷ -> لأ); any other character as it is."""
    if "\ufb50" <= char <= "\ufeff":
        return "".join(c for c in unicodedata.normalize("NFKC", char) if c not in _DROPPED)
    return char


def strip_marks(text: str) -> str:
    """`text` without vowels, shadda, tatweel and invisible marks."""
    return text.translate(_MARKS)


def bare_alefs(text: str) -> str:
    """`text`, letter for letter, with the hamza and madda of alef left out: the spelling that the shipped weights are trained on."""
    return text.translate(_BARE)


def fold(text: str) -> str:
    """The key under which a word is looked up: no marks, one alef, ى as ي, ة as ه, hamza on its seat dropped."""
    return text.translate(_FOLD)


def folded(words: Iterable[str]) -> frozenset[str]:
    """The keys of some words, so that word lists in code can be written in ordinary spelling."""
    return frozenset(map(fold, words))


def arabic_share(text: str) -> float:
    """Share of Arabic letters among the letters of `text` (0 where it has none)."""
    letters = [c for c in text if c.isalpha()]
    return sum("\u0621" <= c <= "\u064a" or "\ufb50" <= c <= "\ufeff" for c in letters) / len(letters) if letters else 0.0
