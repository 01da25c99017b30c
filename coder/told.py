"""Events counted once: the mentions of one event in a story folded into its first, as datasets and panels count. Cells of text formats."""

import datetime
import hashlib
import itertools
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache
from operator import attrgetter

from attrs import define

from coder.model import Event

ACTUAL = "actual"
_FORMULA = ("=", "+", "@", "-", "\t", "\r", "'")
_BLANKS = dict.fromkeys((*range(32), 127, 133, 8232, 8233), " ") | {ord('"'): "”", 0xFEFF: None}


@define(slots=True)
class Told:
    """One event with its mentions in its story: `mentions` counts them all, `lead` tells whether one stands in the story's first sentence;
    `number` counts the events and `story` the stories of one run from 1."""

    event: Event
    mentions: int = 1
    lead: bool = False
    number: int = 0
    story: int = 0


def tell_once(events: Iterable[Event], statuses: frozenset[str] = frozenset({ACTUAL})) -> Iterator[Told]:
    """Fold the mentions (`same_as`) of each story into its first, in the order of the events; only events of `statuses` count. The events of a
    story stand together, as `waqai code` writes them. A mention whose first is not there (a table that was filtered) stands for it."""
    number = 0
    wanted = (e for e in events if e.status in statuses)
    for story, (_, group) in enumerate(itertools.groupby(wanted, attrgetter("story_id")), 1):
        firsts: dict[str, Told] = {}
        for event in group:
            key = event.same_as or event.event_id
            first = firsts.get(key)
            if first is not None and not event.same_as and not first.event.same_as:
                key, first = f"{key} {number}", None  # an id that stands twice is no mention
            if first is None:
                number += 1
                firsts[key] = Told(event, 1, event.sentence == 1, number, story)
                continue
            first.mentions += 1
            first.lead = first.lead or event.sentence == 1
            if not event.same_as:
                first.event = event  # the first stands behind its mention
        yield from firsts.values()


def plain(text: str) -> str:
    """A text cell that no reader of tab-separated files without quotes can take for anything else: tabs, line ends and other controls become
    blanks, straight quotes typographic ones; what a spreadsheet would run as a formula gets an apostrophe."""
    if not text:
        return text
    if not text.isprintable() or '"' in text:
        text = text.translate(_BLANKS).strip()
    return "'" + text if text.startswith(_FORMULA) and is_formula(text) else text


def is_formula(text: str) -> bool:
    """Whether a spreadsheet would run the cell, or once did: `=1+1`, `-lines` and these with apostrophes before them; not `-10.0`, not `---`."""
    bare = text.lstrip("'")
    return bare[:1] in _FORMULA[:-1] and (len(bare) < len(text) or not (bare.startswith("---") or _is_number(bare)))


def unguarded(text: str) -> str:
    """The cell without the apostrophe that keeps a spreadsheet from running it."""
    return text[1:] if text[:1] == "'" and text.lstrip("'")[:1] in _FORMULA[:-1] else text


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=65536)
def day(date: str) -> str:
    """The date if it is a whole day (YYYY-MM-DD), else ""."""
    if len(date) != 10:
        return ""
    try:
        return datetime.date.fromisoformat(date).isoformat()
    except ValueError:
        return ""


def level(place: str, precision: str) -> str:
    """How a dataset should call a place of the native table: city (also the one that it is near), district, region, water, site, or country; country
    also where the text leaves open which place is meant, "" without a place."""
    if precision in ("country", "ambiguous") or not place:
        return "country"
    return "city" if precision in ("near", "") else precision


def id_number(event_id: str) -> int:
    """A whole number for an event id that pandas, R and SQL keep exact (below 2 to the 52nd), the same in every run."""
    try:
        return int(event_id[:13], 16)
    except ValueError:
        return int(hashlib.sha256(event_id.encode("utf-8", "replace")).hexdigest()[:13], 16)


@cache
def version() -> str:
    """The version of waqai that writes."""
    from coder import __version__

    return __version__
