"""Near-identical stories (wire copies): MinHash over word shingles, or over the events of a story where its text is not at hand.

Broder 1997 (On the resemblance and containment of documents) with banding (Leskovec, Rajaraman, Ullman, Mining of Massive Datasets, ch. 3)
finds candidates; each candidate is then compared exactly. A copy joins the earliest story that it resembles, within a few days of it, so
that no chain of bulletins grows over a month, and the clusters do not depend on the order of the input.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from typing import Any

import numpy
from attrs import frozen

from coder.text import clean, fold

Ints = numpy.ndarray[Any, numpy.dtype[numpy.int64]]
Hashes = numpy.ndarray[Any, numpy.dtype[numpy.uint64]]
SIMILARITY, DAYS = 0.5, 3
_SHINGLE = 4  # words
_BANDS, _ROWS = 32, 4  # a pair of Jaccard similarity 0.5 is found with probability 0.87, of 0.6 with 0.99, of 0.1 with 0.003
_MIN_SHARED = 3  # elements: two stories that share one event are not copies
_SAME_NUMBERS = 0.5  # of the numbers of the story that has fewer: the bulletins of two days have the same words and other numbers
_CHUNK = 2_000_000  # elements hashed at once
_WORD = re.compile(r"\w+")
_FACTOR = numpy.uint64(0x9E3779B97F4A7C15)  # odd, near 2**64 over the golden ratio (Knuth, multiplicative hashing)


@frozen(eq=False)
class Elements:
    """What stories are compared by: the distinct hashes of story i are `values[starts[i]:starts[i + 1]]`, sorted."""

    values: Hashes
    starts: Ints

    def of(self, story: int) -> Hashes:
        """The hashes of one story."""
        return self.values[self.starts[story] : self.starts[story + 1]]


def elements(owners: Ints, values: Hashes, stories: int) -> Elements:
    """Elements from pairs of story (0 to `stories` - 1) and hash, in any order, repeated or not."""
    order = numpy.lexsort((values, owners))
    owners, values = owners[order], values[order]
    fresh = numpy.ones(len(owners), dtype=bool)
    fresh[1:] = (owners[1:] != owners[:-1]) | (values[1:] != values[:-1])
    owners, values = owners[fresh], values[fresh]
    return Elements(values, numpy.searchsorted(owners, numpy.arange(stories + 1)).astype(numpy.int64))


def text_elements(texts: Iterable[str]) -> tuple[Elements, Elements]:
    """Shingles of four folded words of each text (a shorter text is one shingle), and its numbers in digits."""
    known: dict[str, int] = {}
    shingles: list[Hashes] = []
    numbers: list[Hashes] = []
    for text in texts:
        words = _WORD.findall(fold(clean(text).text))
        shingles.append(numpy.unique(_shingles(numpy.array([_word_hash(word, known) for word in words], dtype=numpy.uint64))))
        numbers.append(numpy.unique(numpy.array([_word_hash(word, known) for word in words if word.isdigit()], dtype=numpy.uint64)))
    return _joined(shingles), _joined(numbers)


def _joined(parts: list[Hashes]) -> Elements:
    starts = numpy.cumsum([0, *map(len, parts)], dtype=numpy.int64)
    return Elements(numpy.concatenate(parts) if parts else numpy.empty(0, numpy.uint64), starts)


def _word_hash(word: str, known: dict[str, int]) -> int:
    value = known.get(word)
    if value is None:
        value = known[word] = int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")
    return value


def _shingles(words: Hashes) -> Hashes:
    size = min(_SHINGLE, len(words))
    if not size:
        return words
    return mixed([words[place : len(words) - size + 1 + place] for place in range(size)])


def mixed(columns: Sequence[Hashes]) -> Hashes:
    """One hash of several columns of hashes, their order counting."""
    total = numpy.zeros(len(columns[0]), dtype=numpy.uint64)
    for column in columns:
        total = (total ^ column) * _FACTOR
        total ^= total >> numpy.uint64(29)
    return total


def leaders(found: Elements, days: Ints, names: Ints, *, numbers: Elements | None = None, similarity: float = SIMILARITY, window: int = DAYS) -> Ints:
    """For each story the story whose copy it is, or itself. `days` counts days (of an undated story a number far from all others), `names` ranks
    the ids; of two stories the earlier, on one day the one of the lower rank, is the first. Stories whose `numbers` differ are no copies."""
    enough = numpy.flatnonzero(numpy.diff(found.starts) >= (1 if numbers is not None else _MIN_SHARED))
    shared = _shared_keys(_band_keys(found, enough), enough)
    leader = numpy.arange(len(days))
    by_key: dict[int, list[int]] = {}
    likeness = _Likeness(found, numbers)
    order = numpy.empty(len(days), dtype=numpy.int64)
    order[numpy.lexsort((names, days))] = numpy.arange(len(days))
    for story in sorted(shared, key=lambda s: int(order[s])):
        first = _resembled(story, shared[story], by_key, likeness, days, order, similarity, window)
        if first is None:
            for key in shared[story]:
                by_key.setdefault(key, []).append(story)
        else:
            leader[story] = first
    return leader


def _resembled(
    story: int, keys: list[int], by_key: dict[int, list[int]], likeness: "_Likeness", days: Ints, order: Ints, similarity: float,
    window: int,
) -> int | None:  # fmt: skip
    """Of the first stories that share a key and are not older than `window` days the most similar one, if it is similar enough."""
    best: tuple[float, int] | None = None
    tried: set[int] = set()
    for key in keys:
        for other in reversed(by_key.get(key, ())):
            if days[story] - days[other] > window:
                break
            if other not in tried:
                tried.add(other)
                value = likeness.of(story, other)
                if value >= similarity and (best is None or (-value, order[other]) < (-best[0], order[best[1]])):
                    best = (value, other)
    return None if best is None else best[1]


@frozen(eq=False)
class _Likeness:
    """How alike two stories are, from 0 to 1."""

    found: Elements
    numbers: Elements | None

    def of(self, story: int, other: int) -> float:
        """Shared elements over all elements (Jaccard); 0 where too few are shared to tell, or where the numbers differ."""
        a, b = self.found.of(story), self.found.of(other)
        shared = _shared(a, b)
        if shared < _MIN_SHARED and not (self.numbers is not None and shared == len(a) == len(b)):
            return 0.0
        if self.numbers is not None:
            mine, theirs = self.numbers.of(story), self.numbers.of(other)
            if _shared(mine, theirs) < _SAME_NUMBERS * min(len(mine), len(theirs)):
                return 0.0
        return shared / (len(a) + len(b) - shared)


def _shared(a: Hashes, b: Hashes) -> int:
    return len(numpy.intersect1d(a, b, assume_unique=True))


def _band_keys(found: Elements, stories: Ints) -> Hashes:
    """A table of `stories` by bands: two stories with the same key in a column have the same four smallest hashes there."""
    keys = numpy.empty((len(stories), _BANDS), dtype=numpy.uint64)
    sizes = found.starts[stories + 1] - found.starts[stories]
    ends = numpy.cumsum(sizes)
    first = 0
    while first < len(stories):
        last = max(first + 1, int(numpy.searchsorted(ends, (ends[first - 1] if first else 0) + _CHUNK, side="right")))
        starts = ends[first:last] - sizes[first:last] - (ends[first - 1] if first else 0)
        keys[first:last] = _signatures(numpy.concatenate([found.of(story) for story in stories[first:last]]), starts)
        first = last
    return keys


def _signatures(values: Hashes, starts: Ints) -> Hashes:
    generator = numpy.random.default_rng(20_221_113)  # fixed: the same clusters on every run
    keys = numpy.empty((len(starts), _BANDS), dtype=numpy.uint64)
    for band in range(_BANDS):
        smallest = []
        for _ in range(_ROWS):
            factor, offset = generator.integers(1, 2**63, 2, dtype=numpy.uint64)
            hashed = values * (factor | numpy.uint64(1)) + offset
            hashed ^= hashed >> numpy.uint64(32)
            smallest.append(numpy.minimum.reduceat(hashed, starts))
        keys[:, band] = mixed([numpy.full(len(starts), band, dtype=numpy.uint64), *smallest])
    return keys


def _shared_keys(keys: Hashes, stories: Ints) -> dict[int, list[int]]:
    """The keys of each of `stories` that another story has too; stories without one are not in the table."""
    flat = keys.ravel()
    order = numpy.argsort(flat, kind="stable")
    same = flat[order][1:] == flat[order][:-1]
    repeated = numpy.zeros(len(flat), dtype=bool)
    repeated[order[1:][same]] = True
    repeated[order[:-1][same]] = True
    shared: dict[int, list[int]] = {}
    for place in numpy.flatnonzero(repeated):
        shared.setdefault(int(stories[place // _BANDS]), []).append(int(flat[place]))
    return shared
