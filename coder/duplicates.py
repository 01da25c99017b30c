"""One event counted once: mentions within a story, copies of a story, and the field's one-a-day rule; `waqai dedup` and the ground of panels.

1. A row with `same_as` belongs to the event that its story told first.
2. Near-identical stories (wire copies) are one cluster (coder.near_copies). What a copy dates by its own day, the first story dates: a
   copy of the next day tells yesterday's event, not another one.
3. Events of one day with the same source, target, code and status are one event (Phoenix, GDELT); so are those of one place, where both tell
   it: an event without a place goes with the place that most mentions of its day name. Where neither a country nor a place nor a day is known, only
   copies are one event, since nothing says that two nameless attacks are the same.
"""

from typing import Any

import numpy
import pandas
from attrs import frozen

from coder.event_frames import FrameError, require, text_column
from coder.near_copies import DAYS, SIMILARITY, Elements, Ints, elements, leaders, mixed, text_elements
from coder.states import countries

DEDUP_COLUMNS = ("story_cluster", "day_cluster", "mentions", "stories", "story_clusters", "publishers")
LEVELS = ("code", "root")
_WORDING = ("source", "cameo", "target", "source_text", "event_text", "target_text")
_UNDATED = -10_000_000
_NO_PLACES = ("country", "ambiguous")  # precisions of places that are too large, or not settled, to tell two events apart
Mask = numpy.ndarray[Any, numpy.dtype[numpy.bool_]]


@frozen
class Rules:
    """How duplicates are found: whether one-a-day goes by the full CAMEO `level` code or by its root, by place or not; how alike (Jaccard, 0 to 1)
    copies of a story are, and within how many days of it they appear."""

    level: str = "code"
    by_place: bool = True
    similarity: float = SIMILARITY
    days: int = DAYS


@frozen(eq=False)
class Clusters:
    """For each row of a table: the number of its story cluster's first story among `story_ids`, and the row that its event is told in first."""

    story_ids: Any
    story: Ints
    story_cluster: Ints
    first: Ints


def dedup(
    frame: pandas.DataFrame, stories: pandas.DataFrame | None = None, *, level: str = "code", by_place: bool = True, similarity: float = SIMILARITY,
    days: int = DAYS, drop: bool = False,
) -> pandas.DataFrame:  # fmt: skip
    """The events table with DEDUP_COLUMNS behind its own: `story_cluster` (id of the first of the near-identical stories), `day_cluster` (event_id of
    the row that tells the event first), and how many rows (`mentions`), `stories`, `story_clusters` and `publishers` tell the event.

    `stories` has the columns `id` and `text`; without it copies are known by the words of their events. With `drop` only the first row of each
    event is kept. The clusters do not depend on the order of the rows. Raises FrameError for a frame without the needed columns."""
    require(frame)
    rules = checked_rules(Rules(level, by_place, similarity, days))
    found = clusters(frame, stories, rules)
    event, first = factorized(found.first)
    publisher, names = pandas.factorize(text_column(frame, "publisher"))
    named = names.get_indexer([""])[0] != publisher if len(names) else numpy.zeros(0, dtype=bool)
    ids = text_column(frame, "event_id").to_numpy(object)
    counts = {
        "story_cluster": pandas.array(found.story_ids[found.story_cluster], dtype="str"),
        "day_cluster": pandas.array(ids[found.first], dtype="str"),
        "mentions": numpy.bincount(event, minlength=len(first))[event],
        "stories": distinct(event, found.story, len(first))[event],
        "story_clusters": distinct(event, found.story_cluster, len(first))[event],
        "publishers": distinct(event[named], publisher[named], len(first))[event],
    }
    own = frame.drop(columns=[name for name in DEDUP_COLUMNS if name in frame])
    result = own.assign(**counts)
    return result[found.first == numpy.arange(len(frame))] if drop else result


def checked_rules(rules: Rules) -> Rules:
    """The rules, if they are legal. Raises FrameError."""
    if rules.level not in LEVELS:
        raise FrameError(f"unknown level {rules.level!r} (say code or root)")
    if not 0 < rules.similarity <= 1:
        raise FrameError(f"similarity {rules.similarity} is out of range (from 0 to 1: 0.5 is half of the words the same)")
    if rules.days < 0:
        raise FrameError(f"{rules.days} days cannot be (0 or more)")
    return rules


def clusters(frame: pandas.DataFrame, stories: pandas.DataFrame | None, rules: Rules) -> Clusters:
    """Story clusters and the first row of the event of each row."""
    story, ids = pandas.factorize(text_column(frame, "story_id"))
    days = _story_days(frame, stories, story, ids)
    rank = _ranks(frame)
    leader = _story_leaders(frame, stories, story, ids, days, rules)
    cluster = leader[story] if len(story) else story
    mention = _first_mentions(frame, rank)
    keys = _event_keys(frame, story, cluster, days, mention, rules)[mention]
    later = (mention != numpy.arange(len(mention))) * len(rank)  # a mention never stands for its event
    return Clusters(ids.to_numpy(object), story, cluster, _least(keys, rank + later)[keys])


# ------------------------------------------------------------------------------------------------ numbers for text


def factorized(values: Any) -> tuple[Ints, Any]:
    """(code of each value, the distinct values), codes in order of first appearance."""
    codes, distinct_values = pandas.factorize(values)
    return codes.astype(numpy.int64), distinct_values


def combined(*columns: Ints) -> Ints:
    """One number for each distinct combination of several columns of numbers, counted from 0."""
    total = columns[0].astype(numpy.int64)
    for column in columns[1:]:
        shifted = column - column.min() if len(column) else column
        width = int(shifted.max()) + 1 if len(shifted) else 1
        total = factorized(factorized(total)[0] * width + shifted)[0]
    return factorized(total)[0]


def distinct(groups: Ints, values: Ints, size: int) -> Ints:
    """How many distinct values each of `size` groups has."""
    if not len(groups):
        return numpy.zeros(size, dtype=numpy.int64)
    width = int(values.max()) + 1
    return numpy.bincount(pandas.unique(groups * width + values) // width, minlength=size)


def _sorted_codes(column: "pandas.Series[str]") -> Ints:
    return numpy.asarray(pandas.factorize(column, sort=True)[0], dtype=numpy.int64)


def _least(groups: Ints, rank: Ints) -> Ints:
    """For each group (0 to the largest) the row of lowest rank in it."""
    order = numpy.argsort(rank)
    rows = numpy.full(int(groups.max()) + 1 if len(groups) else 0, -1, dtype=numpy.int64)
    rows[groups[order[::-1]]] = order[::-1]  # the last written is the lowest
    return rows


def _ranks(frame: pandas.DataFrame) -> Ints:
    """The place of each row in the order of telling: story date (undated last), story, sentence, place in the text. Ties are broken by content."""
    dates = text_column(frame, "story_date")
    numbers = [pandas.to_numeric(text_column(frame, name), errors="coerce").fillna(0).to_numpy() for name in ("start", "sentence")]
    ties = pandas.util.hash_array(text_column(frame, "event_id").to_numpy(object), categorize=False)
    order = numpy.lexsort((ties, *numbers, _sorted_codes(text_column(frame, "story_id")), _sorted_codes(dates.where(dates != "", "9999"))))
    rank = numpy.empty(len(frame), dtype=numpy.int64)
    rank[order] = numpy.arange(len(frame))
    return rank


def _day_numbers(texts: "pandas.Series[str]") -> Ints:
    """Days since 1970 of texts YYYY-MM-DD, `_UNDATED` for everything else."""
    codes, values = pandas.factorize(texts)
    whole = pandas.Series(values, dtype=object)
    parsed = pandas.to_datetime(whole.where(whole.str.len() == 10), format="%Y-%m-%d", errors="coerce").to_numpy("datetime64[D]")
    days = numpy.where(numpy.isnat(parsed), _UNDATED, parsed.astype(numpy.int64))
    return numpy.asarray(days[codes] if len(codes) else codes, dtype=numpy.int64)


# ------------------------------------------------------------------------------------------------ stories


def _story_days(frame: pandas.DataFrame, stories: pandas.DataFrame | None, story: Ints, ids: Any) -> Ints:
    """The day of each story: of its events' rows, else of the list of stories."""
    days = numpy.full(len(ids), _UNDATED, dtype=numpy.int64)
    if stories is not None and "date" in stories:
        places = ids.get_indexer(text_column(stories, "id"))
        told = _day_numbers(text_column(stories, "date"))
        days[places[places >= 0]] = told[places >= 0]
    own = _day_numbers(text_column(frame, "story_date"))
    latest = numpy.full(len(ids), _UNDATED, dtype=numpy.int64)
    numpy.maximum.at(latest, story, own)
    return numpy.where(latest == _UNDATED, days, latest)


def _story_leaders(frame: pandas.DataFrame, stories: pandas.DataFrame | None, story: Ints, ids: Any, days: Ints, rules: Rules) -> Ints:
    names = _sorted_codes(pandas.Series(ids, dtype=object))
    found, numbers = _stories_by_text(stories, ids)
    if found is None:
        words = mixed([pandas.util.hash_array(text_column(frame, name).to_numpy(object)) for name in _WORDING])
        found = elements(story, words, len(ids))
    return leaders(found, days, names, numbers=numbers, similarity=rules.similarity, window=rules.days)


def _stories_by_text(stories: pandas.DataFrame | None, ids: Any) -> tuple[Elements | None, Elements | None]:
    """Shingles and numbers of the stories that have events, nothing for those whose text is not there; None where there are no texts."""
    if stories is None or "text" not in stories or not text_column(stories, "text").str.len().any():
        return None, None
    require(stories, ("id",))
    texts = pandas.Series(text_column(stories, "text").to_numpy(object), index=text_column(stories, "id"))
    return text_elements(texts[~texts.index.duplicated()].reindex(ids).fillna(""))


# ------------------------------------------------------------------------------------------------ events


def _first_mentions(frame: pandas.DataFrame, rank: Ints) -> Ints:
    """For each row the row in which its story has told the event first with the same status: that of `same_as`, else itself; of rows with one id the
    first."""
    ids, same = text_column(frame, "event_id"), text_column(frame, "same_as")
    story = text_column(frame, "story_id")
    linked = (same != "").to_numpy()
    code, values = factorized(ids)
    row = _least(code, rank)[code] if len(code) else code
    if not linked.any():
        return row
    mentions, status = numpy.flatnonzero(linked), _statuses(frame)
    place = values.get_indexer(same[linked])
    target = numpy.where(place >= 0, _least(code, rank)[place], -1)
    there = (target >= 0) & (status[target] == status[mentions])
    row[mentions[there]] = target[there]
    lost = mentions[~there]  # filtered out, or told as no fact: the first of the mentions stands for it
    if len(lost):
        group = combined(factorized(story.iloc[lost])[0], factorized(same.iloc[lost])[0], status[lost])
        row[lost] = lost[_least(group, rank[lost])[group]]
    for _ in range(8):  # a mention of a mention
        row = row[row]
    return row


def _statuses(frame: pandas.DataFrame) -> Ints:
    return factorized(text_column(frame, "status").replace("", "actual"))[0]


def _event_keys(frame: pandas.DataFrame, story: Ints, cluster: Ints, days: Ints, mention: Ints, rules: Rules) -> Ints:
    """A number for each row, the same for rows that tell one event by the one-a-day rule."""
    if not len(frame):
        return numpy.zeros(0, dtype=numpy.int64)
    sides = [factorized(text_column(frame, name))[0] for name in ("source", "target")]
    code = text_column(frame, "cameo")
    code = factorized(code if rules.level == "code" else code.str[:2])[0]
    what = combined(*sides, code, _statuses(frame))
    date = _event_days(frame, what, story, cluster, days)
    place, placed = _places(frame, rules)
    nameless = ~(_has_country(frame, "source") | _has_country(frame, "target") | placed)
    alone = nameless | (text_column(frame, "event_date") == "").to_numpy()
    when = combined(what, date, numpy.where(alone, cluster + 1, 0))
    return combined(when, _filled(when, place, placed, mention))


def _event_days(frame: pandas.DataFrame, what: Ints, story: Ints, cluster: Ints, days: Ints) -> Ints:
    """A number for each date and precision, the dates of copies moved to those of the first story where it tells the event there."""
    texts, precision = text_column(frame, "event_date"), text_column(frame, "date_precision")
    day = _day_numbers(texts)
    late = numpy.where((days[story] > _UNDATED) & (days[cluster] > _UNDATED), days[story] - days[cluster], 0)
    moved = day - late
    copied = (late > 0) & (day > _UNDATED)
    if copied.any():
        keys = combined(numpy.concatenate([cluster, cluster]), numpy.concatenate([what, what]), numpy.concatenate([day, moved]))
        as_is, earlier = keys[: len(day)], keys[len(day) :]
        told = as_is[story == cluster]
        by_story = (precision == "story").to_numpy()
        day = numpy.where(copied & (by_story | numpy.isin(earlier, told) & ~numpy.isin(as_is, told)), moved, day)
    coarse = factorized(texts.where(day == _UNDATED, ""))[0]
    return combined(day, coarse, (precision == "week").to_numpy().astype(numpy.int64))


def _has_country(frame: pandas.DataFrame, side: str) -> Mask:
    codes, values = factorized(text_column(frame, side))
    known = numpy.array([str(value)[:3] in countries() for value in values], dtype=bool)
    return known[codes] if len(values) else numpy.zeros(len(codes), dtype=bool)


def _places(frame: pandas.DataFrame, rules: Rules) -> tuple[Ints, Mask]:
    """(a number for each place, in the order of their names; whether there is one): coordinates where they are known, else the name;
    a whole country is none."""
    if not rules.by_place:
        return numpy.zeros(len(frame), dtype=numpy.int64), numpy.zeros(len(frame), dtype=bool)
    latitude, name = text_column(frame, "latitude"), text_column(frame, "place")
    point = latitude + " " + text_column(frame, "longitude")
    text = point.where(latitude != "", name + "\t" + text_column(frame, "place_country"))
    placed = ((latitude != "") | (name != "")) & ~text_column(frame, "place_precision").isin(_NO_PLACES)
    return _sorted_codes(text), placed.to_numpy()


def _filled(when: Ints, place: Ints, placed: Mask, mention: Ints) -> Ints:
    """Places, those that are not known replaced by the one that most events of the same `when` name (of equals the first by name), or -1."""
    result = numpy.where(placed, place, -1)
    counted = placed & (mention == numpy.arange(len(mention)))
    if not placed.any():
        return result
    table = pandas.DataFrame({"when": when[counted], "place": place[counted]}).value_counts().reset_index()
    most = table.sort_values(["count", "place"], ascending=[False, True]).drop_duplicates("when").set_index("when")["place"]
    told = most.reindex(when[~placed]).fillna(-1).to_numpy(numpy.int64)
    result[~placed] = told
    return result


def summary(frame: pandas.DataFrame) -> str:
    """What a deduplicated table holds, in one line."""
    copies = frame["story_id"][frame["story_id"].ne(frame["story_cluster"])].nunique()
    return (
        f"{len(frame)} mentions, {frame['day_cluster'].nunique()} events; {frame['story_id'].nunique()} stories, {copies} of them copies of "
        f"{frame['story_cluster'][frame['story_id'].ne(frame['story_cluster'])].nunique()} others"
    )
