"""Panels: events counted by country, directed dyad or PRIO-GRID cell and by day, week, month, quarter or year; `waqai aggregate`.

Conventions. An event is counted once, in the period of its date, if that date is at least as exact as the period (an event of "November" is in
no day). `role` says which side's country it is counted for: source, target, place, or either side, once for each country. A cell is zero where stories
were read in the period and told no such event, and missing where none was read. Weeks are those of ISO 8601. `month_id` is that of ViEWS (1 is January
1980). PRIO-GRID (Tollefsen, Strand and Buhaug 2012): 720 columns from 180° W, 360 rows from 90° S, cells of half a degree, counted from 1.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy
import pandas
from attrs import frozen

from coder.duplicates import Mask, Rules, checked_rules, clusters, distinct, factorized
from coder.event_frames import FrameError, require, text_column
from coder.near_copies import Ints
from coder.periods import PERIODS, month_ids, parse_range, period_names, period_numbers, period_starts, priogrid_cells
from coder.states import countries, iso3_by_any, known_countries, names_by_iso3, shipped_rows, state_number

UNITS = ("country", "dyad", "priogrid")
ROLES = ("either", "source", "target", "place")
PLOVER_TYPES = tuple(dict.fromkeys(r["plover"] for r in shipped_rows("plover.csv")))
ROOTS = tuple(f"{number:02}" for number in range(1, 21))
QUADS = ("1", "2", "3", "4")
_ID_COLUMNS = {
    "country": ("iso3", "country", "gwcode", "cowcode"),
    "dyad": ("source_iso3", "target_iso3", "source_gwcode", "source_cowcode", "target_gwcode", "target_cowcode"),
    "priogrid": ("priogrid_gid", "latitude", "longitude"),
}
_TIME_COLUMNS = ("period", "start", "year", "month", "month_id")
_COVERAGE = ("observed", "documents", "sentences")
_CLASSES = (*(f"quad_{q}" for q in QUADS), *(f"cameo_{r}" for r in ROOTS), *(f"plover_{p}" for p in PLOVER_TYPES))
_SUMS = ("goldstein_sum", "goldstein_mean", "goldstein_positive_sum", "goldstein_negative_sum", "plover_intensity_sum", "plover_intensity_mean")
_LOSSES = ("killed_min", "killed_max", "injured_min", "injured_max")
MEASURES = (
    "events", "events_raw", "documents_with_events", "domestic", "international", *_CLASSES, *(f"{name}_raw" for name in _CLASSES), *_SUMS, *_LOSSES,
)  # fmt: skip
READ_COLUMNS = frozenset(
    [
        "event_id",
        "story_id",
        "sentence",
        "event_date",
        "date_precision",
        "source",
        "target",
        "cameo",
        "plover",
        "plover_mode",
        "quad",
        "goldstein",
        "status",
        "same_as",
        "source_text",
        "event_text",
        "target_text",
        "start",
        "place",
        "place_country",
        "latitude",
        "longitude",
        "place_precision",
        "killed",
        "injured",
        "story_date",
        "publisher",
        "day_cluster",
        "story_cluster",
    ]
)
_FLOATS = frozenset({"latitude", "longitude", *_SUMS})
_TEXTS = frozenset({"iso3", "country", "source_iso3", "target_iso3", "period", "start"})
_EXACT = {"day": 0, "week": 1, "month": 2, "quarter": 2, "year": 3}
_COARSE_PLACES = ("country", "region", "water", "ambiguous")  # precisions whose point, if any, is not the place of the event
_MOST_ROWS = 5_000_000
_SCALE = 100  # values of the scales have two decimals at most: sums of integers do not depend on the order of the events
_NUMBER = re.compile(r"(\d+)(?:-(\d+)|\+)?\Z")


@frozen
class Layout:
    """What one row of a panel is: a unit (country, dyad, priogrid) in a period (day to year)."""

    unit: str
    period: str

    def columns(self) -> tuple[str, ...]:
        """Columns of the wide panel in order."""
        return (*_ID_COLUMNS[self.unit], *_TIME_COLUMNS, *_COVERAGE, *MEASURES)

    def long_columns(self) -> tuple[str, ...]:
        """Columns of the long panel in order."""
        return (*_ID_COLUMNS[self.unit], *_TIME_COLUMNS, *_COVERAGE, "measure", "value")


def aggregate(
    frame: pandas.DataFrame, by: str = "country-month", *, start: str = "", end: str = "", countries: Sequence[str] | None = None,
    stories: pandas.DataFrame | None = None, role: str = "either", undirected: bool = False, wide: bool = True, level: str = "code", by_place: bool = True,
    similarity: float = Rules().similarity, days: int = Rules().days, notes: list[str] | None = None,
) -> pandas.DataFrame:  # fmt: skip
    """A complete panel of the events, one row a unit and period (`wide`) or one row a unit, period and measure.

    `by` is unit and period (`country-month`, `dyad-week`, `priogrid-year` ...). `start` and `end` (YYYY, YYYY-MM or YYYY-MM-DD, both included) and
    `countries` (ISO alpha-3 or CAMEO codes) set its limits; without them it goes from the first to the last story and has the units that events
    name. `stories` lists what was read (`id`, `date`, `sentences`, perhaps `text`; coder.corpus.read_corpus makes it); without it the events'
    own stories count as all that was read. Events that carry `day_cluster` (coder.dedup) are not clustered again. What was left out is
    added to `notes`. Raises FrameError for options that are wrong, or a frame without the needed columns."""
    layout = parse_layout(by)
    if role not in ROLES:
        raise FrameError(f"unknown role {role!r} (say {', '.join(ROLES)})")
    first, last = parse_range(start, end)
    chosen = _chosen(countries)
    rules = checked_rules(Rules(level, by_place, similarity, days))
    require(frame)
    said = notes if notes is not None else []
    events = _Events.of(frame, stories, rules, layout, said)
    read = _Read.of(frame, stories, layout, said)
    span = _span(first, last, read, events, layout)
    if span is None:
        return empty_panel(layout, wide)
    pairs = _Pairs.of(events, layout, role, undirected)
    units = _units(pairs, events, chosen, layout, undirected)
    return _panel(events, pairs, units, span, read, layout, said, wide)


def parse_layout(by: str) -> Layout:
    """`country-month` as a Layout. Raises FrameError."""
    unit, _, period = by.partition("-")
    if unit not in UNITS or period not in PERIODS:
        raise FrameError(f"unknown panel {by!r} (say {', '.join(UNITS)}, a hyphen, and {', '.join(PERIODS)}: country-month)")
    return Layout(unit, period)


def _chosen(codes: Sequence[str] | None) -> list[str] | None:
    if codes is None:
        return None
    known, wrong = known_countries(codes)
    if wrong:
        raise FrameError(f"unknown country {', '.join(wrong)} (ISO 3166-1 codes of three letters such as SYR, or CAMEO's)")
    return sorted(known)


# ------------------------------------------------------------------------------------------------ events and stories


def _dates(frame: pandas.DataFrame, column: str) -> tuple[Any, Ints]:
    """(first days of the dates, how exact they are: 0 day, 1 week, 2 month, 3 year, 9 no date)."""
    codes, values = pandas.factorize(text_column(frame, column))
    texts = pandas.Series(values, dtype=object).astype(str)
    full = texts.where(texts.str.fullmatch(r"\d{4}(-\d\d(-\d\d)?)?"), "")
    parsed = pandas.to_datetime((full + "-01-01").str[:10].where(full != ""), format="%Y-%m-%d", errors="coerce").to_numpy("datetime64[D]")
    exact = numpy.where(numpy.isnat(parsed), 9, full.str.len().map({4: 3, 7: 2, 10: 0}).fillna(9).to_numpy()).astype(numpy.int64)
    if not len(codes):
        return numpy.empty(0, "datetime64[D]"), numpy.empty(0, numpy.int64)
    return parsed[codes], exact[codes]


@frozen(eq=False)
class _Events:
    """The rows that count: period number of each, whether it is the first row of its event, event and story number, and the frame they stand in."""

    frame: pandas.DataFrame
    period: Ints
    first: Mask
    event: Ints
    story: Ints

    @classmethod
    def of(cls, frame: pandas.DataFrame, stories: pandas.DataFrame | None, rules: Rules, layout: Layout, notes: list[str]) -> "_Events":
        """The actual events with a date exact enough. A mention counts where its event does."""
        first = _first_rows(frame, stories, rules)
        actual = text_column(frame, "status").isin(["", "actual"]).to_numpy()
        if not actual.all():
            notes.append(f"{int((~actual).sum())} rows that are not told as facts are not counted")
        days, exact = _dates(frame, "event_date")
        exact = numpy.where((text_column(frame, "date_precision") == "week").to_numpy() & (exact == 0), 1, exact)
        kept = actual & (exact <= _EXACT[layout.period])[first] if len(first) else numpy.zeros(0, dtype=bool)
        lost = int((actual & ~kept & (first == numpy.arange(len(first)))).sum())
        if lost:
            notes.append(f"{lost} events without a date as exact as a {layout.period} are in no period")
        place = numpy.flatnonzero(kept)
        period = period_numbers(days[first[place]], layout.period)
        story = factorized(text_column(frame, "story_id"))[0][place]
        return cls(frame.iloc[place], period, first[place] == place, factorized(first[place])[0], story)

    def column(self, name: str) -> "pandas.Series[str]":
        """One column of the counted rows."""
        return text_column(self.frame, name)


def _first_rows(frame: pandas.DataFrame, stories: pandas.DataFrame | None, rules: Rules) -> Ints:
    """For each row the row that tells its event first: by `day_cluster` where `coder.dedup` has run, else clustered here."""
    if "day_cluster" not in frame:
        return clusters(frame, stories, rules).first
    codes, values = factorized(text_column(frame, "day_cluster"))
    own = pandas.Index(text_column(frame, "event_id"))
    told = values.get_indexer(own)  # a row whose id is a cluster's is the first of it
    firsts = numpy.full(len(values), -1, dtype=numpy.int64)
    for rows in (numpy.arange(len(frame)), numpy.flatnonzero(told == codes)):  # a cluster whose first row was taken out has another
        firsts[codes[rows[::-1]]] = rows[::-1]
    return firsts[codes]


@frozen(eq=False)
class _Read:
    """Documents and sentences by period number; `sentences` None where they are not known."""

    documents: dict[int, int]
    sentences: dict[int, int] | None

    @classmethod
    def of(cls, frame: pandas.DataFrame, stories: pandas.DataFrame | None, layout: Layout, notes: list[str]) -> "_Read":
        """From the list of stories, else from the events' own, whose dates are the stories' or, where these are not known, the events'."""
        if stories is not None:
            require(stories, ("id", "date"))
            listed = pandas.DataFrame({"id": text_column(stories, "id"), "date": text_column(stories, "date")}).drop_duplicates("id")
            counts = pandas.to_numeric(stories["sentences"], errors="coerce")[listed.index] if "sentences" in stories else None
        else:
            date = text_column(frame, "story_date")
            date = date.where(date != "", text_column(frame, "event_date"))
            told = pandas.DataFrame({"id": text_column(frame, "story_id"), "date": date.where(date != "", "9999")})
            listed, counts = told.sort_values("date", kind="stable").drop_duplicates("id"), None  # the earliest, whatever the order of the rows
            if len(frame):
                notes.append("no stories are given (--stories): stories without events are not counted as read, and sentences are missing")
        days, exact = _dates(listed, "date")
        dated = exact <= _EXACT[layout.period]
        if not dated.all():
            notes.append(f"{int((~dated).sum())} stories without a date are in no period")
        periods = period_numbers(days[dated], layout.period)
        if counts is None or counts.isna().all():
            return cls(_tally(periods, None), None)
        return cls(_tally(periods, None), _tally(periods, counts.fillna(0).to_numpy(numpy.int64)[dated]))


def _tally(periods: Ints, weights: Ints | None) -> dict[int, int]:
    series = pandas.Series(1 if weights is None else weights, index=periods, dtype=numpy.int64)
    return {int(period): int(count) for period, count in series.groupby(level=0).sum().items()}


def _span(
    first: numpy.datetime64 | None, last: numpy.datetime64 | None, read: _Read, events: _Events, layout: Layout
) -> tuple[int, int] | None:  # fmt: skip
    """First and last period number of the panel; None where nothing tells them."""
    limits = [None if day is None else int(period_numbers(numpy.array([day]), layout.period)[0]) for day in (first, last)]
    known = list(read.documents) or events.period.tolist()
    low = limits[0] if limits[0] is not None else min(known, default=None)
    high = limits[1] if limits[1] is not None else max(known, default=None)
    return None if low is None or high is None or low > high else (low, high)


# ------------------------------------------------------------------------------------------------ units


@frozen(eq=False)
class _Pairs:
    """Which row counts for which unit: `row` into the events' rows, `key` the unit's key (number), `keys` the keys' names."""

    row: Ints
    key: Ints
    keys: list[Any]

    @classmethod
    def of(cls, events: _Events, layout: Layout, role: str, undirected: bool) -> "_Pairs":
        """Every row for every unit it counts for."""
        if layout.unit == "priogrid":
            cells = _cells(events)
            rows = numpy.flatnonzero(cells)
            return cls(rows, cells[rows], [])
        names = sorted(set(iso3_by_any().values()))
        sides = [_country_numbers(events, side, names) for side in ("source", "target")]
        if layout.unit == "dyad":
            rows = numpy.flatnonzero((sides[0] >= 0) & (sides[1] >= 0))
            low, high = (sides[0][rows], sides[1][rows]) if not undirected else (numpy.minimum(*sides)[rows], numpy.maximum(*sides)[rows])
            return cls(rows, low * len(names) + high, names)
        if role != "either":
            side = sides[0] if role == "source" else sides[1] if role == "target" else _place_numbers(events, names)
            rows = numpy.flatnonzero(side >= 0)
            return cls(rows, side[rows], names)
        second = numpy.where(sides[1] == sides[0], -1, sides[1])
        rows = numpy.concatenate([numpy.flatnonzero(side >= 0) for side in (sides[0], second)])
        return cls(rows, numpy.concatenate([side[side >= 0] for side in (sides[0], second)]), names)


def _country_numbers(events: _Events, side: str, names: list[str]) -> Ints:
    """The place among `names` of the country that an actor code begins with, -1 for none. Read by position: MUS at the beginning is Mauritius."""
    known, place = countries(), {name: number for number, name in enumerate(names)}
    codes, actors = factorized(events.column(side))
    numbers = numpy.array([place[known[a[:3]].iso3] if a[:3] in known else -1 for a in map(str, actors)], dtype=numpy.int64)
    return numbers[codes] if len(codes) else codes


def _place_numbers(events: _Events, names: list[str]) -> Ints:
    place, known = {name: number for number, name in enumerate(names)}, iso3_by_any()
    codes, values = factorized(events.column("place_country"))
    numbers = numpy.array([place[known[str(v).upper()]] + 1 if str(v).upper() in known else 0 for v in values], dtype=numpy.int64)
    return _of_events(events, numbers[codes] if len(codes) else codes) - 1


def _cells(events: _Events) -> Ints:
    """PRIO-GRID ids of the rows, 0 where the place is not known as closely as a cell. A mention has the cell of its event's first row."""
    points = [pandas.to_numeric(events.column(name), errors="coerce").to_numpy() for name in ("latitude", "longitude")]
    cells = priogrid_cells(*points)
    cells[events.column("place_precision").isin(_COARSE_PLACES).to_numpy()] = 0
    return _of_events(events, cells)


def _of_events(events: _Events, values: Ints) -> Ints:
    """For each row the value of its event's first row or, where that has none (0), of the first mention that has one."""
    told = numpy.zeros(int(events.event.max()) + 1 if len(values) else 0, dtype=numpy.int64)
    for rows in (numpy.flatnonzero(values)[::-1], numpy.flatnonzero(events.first & (values > 0))):
        told[events.event[rows]] = values[rows]  # the last written stays
    return told[events.event] if len(values) else values


def _units(pairs: _Pairs, events: _Events, chosen: list[str] | None, layout: Layout, undirected: bool) -> Ints:
    """Keys of the panel's units in order: those chosen, else those that events have."""
    if layout.unit == "priogrid" or chosen is None:
        return numpy.unique(pairs.key)
    place = {name: number for number, name in enumerate(pairs.keys)}
    numbers = [place[iso3] for iso3 in chosen]
    if layout.unit == "country":
        return numpy.array(numbers, dtype=numpy.int64)
    width = len(pairs.keys)
    return numpy.array([a * width + b for a in numbers for b in numbers if not undirected or a <= b], dtype=numpy.int64)


def _unit_columns(units: Ints, pairs: _Pairs, layout: Layout, starts: Sequence[str], ends: Sequence[str]) -> dict[str, Any]:
    """The identifying columns, each unit repeated over the periods; numbers of states as they were in each period."""
    periods = len(starts)
    if layout.unit == "priogrid":
        row, column = (units - 1) // 720, (units - 1) % 720
        return {
            "priogrid_gid": numpy.repeat(units, periods),
            "latitude": numpy.repeat(row / 2 - 89.75, periods),
            "longitude": numpy.repeat(column / 2 - 179.75, periods),
        }
    width = len(pairs.keys)
    sides = {"": units} if layout.unit == "country" else {"source_": units // width, "target_": units % width}
    columns: dict[str, Any] = {}
    for prefix, numbers in sides.items():
        names = [pairs.keys[number] for number in numbers]
        columns[f"{prefix}iso3"] = numpy.repeat(numpy.array(names, dtype=object), periods)
        if not prefix:
            columns["country"] = numpy.repeat(numpy.array([names_by_iso3()[name] for name in names], dtype=object), periods)
        for which in ("gw", "cow"):
            told = {name: _numbers_in(name, which, tuple(starts), tuple(ends)) for name in set(names)}
            columns[f"{prefix}{which}code"] = _integers(
                numpy.concatenate([told[name] for name in names]) if names else numpy.zeros(0, numpy.int64), 0
            )
    return columns


@cache
def _numbers_in(iso3: str, which: str, starts: tuple[str, ...], ends: tuple[str, ...]) -> Ints:
    return numpy.array([state_number(iso3, which, a, b) or 0 for a, b in zip(starts, ends, strict=True)], dtype=numpy.int64)


def _integers(values: Ints, missing: int | None = None, hidden: Mask | None = None) -> Any:
    mask = hidden if hidden is not None else values == missing if missing is not None else numpy.zeros(len(values), dtype=bool)
    return pandas.arrays.IntegerArray(values.astype(numpy.int64), mask.copy())


# ------------------------------------------------------------------------------------------------ the panel


def empty_panel(layout: Layout, wide: bool = True) -> pandas.DataFrame:
    """A panel without rows, all columns there."""
    names = layout.columns() if wide else layout.long_columns()
    return pandas.DataFrame({name: pandas.Series(dtype=_dtype(name)) for name in names})


def _dtype(name: str) -> str:
    return "str" if name in _TEXTS or name == "measure" else "float64" if name in _FLOATS or name == "value" else "Int64"


def _panel(
    events: _Events, pairs: _Pairs, units: Ints, span: tuple[int, int], read: _Read, layout: Layout, notes: list[str], wide: bool
) -> pandas.DataFrame:  # fmt: skip
    low, high = span
    numbers = numpy.arange(low, high + 1)
    size = len(units) * len(numbers)
    if size > _MOST_ROWS:
        raise FrameError(
            f"the panel would have {len(units)} units in {len(numbers)} periods, {size:,} rows (narrow --countries, --from or --to, or take longer periods)"
        )
    observed = numpy.array([number in read.documents for number in numbers.tolist()], dtype=bool)
    _tell_left_out(events, pairs, units, span, read, layout, notes)
    starts = period_starts(numbers, layout.period)
    ends = period_starts(numbers + 1, layout.period) - 1
    columns = _unit_columns(units, pairs, layout, [str(d) for d in starts], [str(d) for d in ends])
    columns |= _time_columns(numbers, starts, layout, len(units))
    for name, counts in (("documents", read.documents), ("sentences", read.sentences)):
        told = numpy.array([(counts or {}).get(number, 0) for number in numbers.tolist()], dtype=numpy.int64)
        hidden = numpy.tile(~observed if counts is not None else numpy.ones(len(numbers), dtype=bool), len(units))
        columns[name] = _integers(numpy.tile(told, len(units)), hidden=hidden)
    columns["observed"] = _integers(numpy.tile(observed.astype(numpy.int64), len(units)))
    missing = numpy.tile(~observed, len(units))
    counted = _Counter.of(events, pairs, units, span)
    for name, values in counted.measures():
        columns[name] = numpy.where(missing, numpy.nan, values) if values.dtype.kind == "f" else _integers(values, hidden=missing)
    panel = pandas.DataFrame({name: columns[name] for name in layout.columns()})
    panel = panel.astype({name: "str" for name in layout.columns() if name in _TEXTS})
    return panel if wide else long_panel(panel, layout)


def _tell_left_out(
    events: _Events, pairs: _Pairs, units: Ints, span: tuple[int, int], read: _Read, layout: Layout, notes: list[str]
) -> None:  # fmt: skip
    """Count the events that are in no row, and those in rows that stay missing."""
    unread = events.first & ~numpy.isin(events.period, list(read.documents))
    outside = events.first & ((events.period < span[0]) | (events.period > span[1]))
    counted = numpy.zeros(len(events.first), dtype=bool)
    counted[pairs.row[numpy.isin(pairs.key, units)]] = True
    for rows, what in (
        (events.first & ~counted, {"priogrid": "without a place as exact as a cell"}.get(layout.unit, "of no country of the panel")),
        (outside, "before or after the panel's range"),
        (unread & ~outside, "in periods in which no story was read, where the panel stays missing"),
    ):
        if rows.any():
            notes.append(f"{int(rows.sum())} events {what}")


def _time_columns(numbers: Ints, starts: Any, layout: Layout, units: int) -> dict[str, Any]:
    """Period, first day, year, and for days and months the month of the year and ViEWS's month_id (missing for the others)."""
    whole = layout.period in ("day", "month")
    hidden = numpy.full(len(numbers) * units, not whole)
    years = starts.astype("datetime64[Y]").astype(numpy.int64) + 1970
    names = period_names(numbers, layout.period)
    if layout.period == "week":
        years = numpy.array([int(name[:4]) for name in names])  # the ISO year
    months = starts.astype("datetime64[M]").astype(numpy.int64) % 12 + 1
    return {
        "period": numpy.tile(numpy.array(names, dtype=object), units),
        "start": numpy.tile(numpy.array([str(day) for day in starts], dtype=object), units),
        "year": _integers(numpy.tile(years, units)),
        "month": _integers(numpy.tile(months, units), hidden=hidden),
        "month_id": _integers(numpy.tile(month_ids(starts), units), hidden=hidden),
    }


def long_panel(panel: pandas.DataFrame, layout: Layout) -> pandas.DataFrame:
    """The same with one row a measure: `measure` and `value`, in the order of the wide columns."""
    if len(panel) * len(MEASURES) > 10 * _MOST_ROWS:
        raise FrameError(f"the long panel would have {len(panel) * len(MEASURES):,} rows (take the wide layout, or narrow the panel)")
    ids = [name for name in layout.columns() if name not in MEASURES]
    values = panel[list(MEASURES)].astype("float64").to_numpy().ravel()
    repeated = panel[ids].iloc[numpy.repeat(numpy.arange(len(panel)), len(MEASURES))].reset_index(drop=True)
    return repeated.assign(measure=numpy.tile(numpy.array(MEASURES, dtype=object), len(panel)), value=values).astype({"measure": "str"})


@frozen(eq=False)
class _Counter:
    """Counts by cell (unit number * periods + period): `cell` and `row` of every pair in the panel, `first` where the row is its event's first."""

    events: _Events
    row: Ints
    cell: Ints
    first: Mask
    size: int

    @classmethod
    def of(cls, events: _Events, pairs: _Pairs, units: Ints, span: tuple[int, int]) -> "_Counter":
        """The pairs whose unit and period are in the panel."""
        low, high = span
        unit = numpy.searchsorted(units, pairs.key) if len(units) else numpy.zeros(len(pairs.key), dtype=numpy.int64)
        period = events.period[pairs.row]
        inside = (period >= low) & (period <= high)
        inside &= units[numpy.minimum(unit, len(units) - 1)] == pairs.key if len(units) else False
        rows = pairs.row[inside]
        return cls(events, rows, unit[inside] * (high - low + 1) + period[inside] - low, events.first[rows], len(units) * (high - low + 1))

    def measures(self) -> Iterator[tuple[str, Any]]:
        """(name, values by cell) of every measure."""
        yield "events", self._count(self.first)
        yield "events_raw", self._count(numpy.ones(len(self.row), dtype=bool))
        yield "documents_with_events", distinct(self.cell, self.events.story[self.row], self.size)
        yield from self._sides()
        for prefix, texts, values in (
            ("quad", self.events.column("quad"), QUADS),
            ("cameo", self.events.column("cameo").str[:2], ROOTS),
            ("plover", self.events.column("plover"), PLOVER_TYPES),
        ):
            yield from self._classes(prefix, texts, values)
        goldstein = pandas.to_numeric(self.events.column("goldstein"), errors="coerce").to_numpy(dtype=float)
        yield from self._scale("goldstein", goldstein)
        for sign, part in (("positive", numpy.maximum(goldstein, 0)), ("negative", numpy.minimum(goldstein, 0))):
            yield f"goldstein_{sign}_sum", self._sum(part)[0]
        yield from self._scale("plover_intensity", _intensities(self.events))
        for kind in ("killed", "injured"):
            yield from self._losses(kind)

    def _count(self, which: Mask) -> Ints:
        return numpy.bincount(self.cell[which], minlength=self.size)

    def _sides(self) -> Iterator[tuple[str, Ints]]:
        """Events within one country, and between two; an actor without a country is in neither."""
        known = countries()
        codes = []
        for side in ("source", "target"):
            numbers, actors = factorized(self.events.column(side))
            names = numpy.array([known[a[:3]].iso3 if a[:3] in known else "" for a in map(str, actors)], dtype=object)
            codes.append(names[numbers] if len(numbers) else names)
        both = (codes[0] != "") & (codes[1] != "")
        same = both & (codes[0] == codes[1])
        yield "domestic", self._count(self.first & same[self.row].astype(bool))
        yield "international", self._count(self.first & (both & ~same)[self.row].astype(bool))

    def _classes(self, prefix: str, texts: "pandas.Series[str]", values: Sequence[str]) -> Iterator[tuple[str, Ints]]:
        numbers = pandas.Index(values).get_indexer(texts)[self.row]
        for suffix, which in (("", self.first), ("_raw", numpy.ones(len(self.row), dtype=bool))):
            for number, value in enumerate(values):
                yield f"{prefix}_{value}{suffix}", self._count(which & (numbers == number))

    def _sum(self, values: Any) -> tuple[Any, Ints]:
        """(sum, number of events that have a value) by cell, each event once."""
        own = values[self.row]
        which = self.first & ~numpy.isnan(own)
        scaled = numpy.rint(own[which] * _SCALE)
        return numpy.bincount(self.cell[which], weights=scaled, minlength=self.size) / _SCALE, numpy.bincount(self.cell[which], minlength=self.size)

    def _scale(self, name: str, values: Any) -> Iterator[tuple[str, Any]]:
        total, count = self._sum(values)
        yield f"{name}_sum", total
        yield f"{name}_mean", numpy.where(count > 0, numpy.round(total / numpy.maximum(count, 1), 6), numpy.nan)

    def _losses(self, kind: str) -> Iterator[tuple[str, Ints]]:
        """The least and the most that any mention of an event tells, summed over the events."""
        codes, texts = factorized(self.events.column(kind))
        bounds = numpy.array([loss_bounds(str(text)) for text in texts], dtype=numpy.int64).reshape(-1, 2)
        low, high = (bounds[codes, side] if len(codes) else numpy.zeros(0, numpy.int64) for side in (0, 1))
        told = low >= 0
        size = int(self.events.event.max()) + 1 if len(codes) else 0
        least, most = numpy.full(size, numpy.iinfo(numpy.int64).max), numpy.zeros(size, dtype=numpy.int64)
        numpy.minimum.at(least, self.events.event[told], low[told])
        numpy.maximum.at(most, self.events.event[told], high[told])
        least[least == numpy.iinfo(numpy.int64).max] = 0
        event = self.events.event[self.row[self.first]]
        for name, values in (("min", least), ("max", most)):
            yield f"{kind}_{name}", self._whole_sum(values[event])

    def _whole_sum(self, values: Ints) -> Ints:
        return numpy.rint(numpy.bincount(self.cell[self.first], weights=values, minlength=self.size)).astype(numpy.int64)


def loss_bounds(text: str) -> tuple[int, int]:
    """(least, most) of a number of victims as the table writes it: 5, 10-20, or 25+, whose upper bound nobody tells and which counts as 25; (-1, -1)
    for an empty cell or none of these."""
    found = _NUMBER.match(text)
    if found is None:
        return -1, -1
    low = int(found[1])
    return low, max(low, int(found[2] or low))


@cache
def intensities() -> dict[tuple[str, str], float]:
    """PLOVER intensity (-10 to 10) by type and mode, "" being the type itself."""
    return {(r["plover"], r["mode"]): float(r["intensity"]) for r in shipped_rows("plover.csv")}


def _intensities(events: _Events) -> Any:
    """The intensity of each row: that of its mode, else of its type; NaN where PLOVER has no type for it (CAMEO 01)."""
    table = intensities()
    kinds = events.column("plover") + "\t" + events.column("plover_mode")
    codes, pairs = factorized(kinds)
    values = []
    for pair in map(str, pairs):
        plover, _, mode = pair.partition("\t")
        values.append(table.get((plover, mode), table.get((plover, ""), numpy.nan)))
    return numpy.array(values, dtype=float)[codes] if len(codes) else numpy.empty(0)


def read_country_list(text: str) -> list[str] | None:
    """The codes of `--countries`: given with commas, `all`, or the name of a file with one code a line (# begins a remark). "" is None."""
    if not text:
        return None
    if text == "all":
        return sorted({c.iso3 for c in countries().values() if c.iso2})
    path = Path(text)
    if path.is_file():
        return [code for line in path.read_text(encoding="utf-8-sig").splitlines() for code in _codes_of(line.partition("#")[0])]
    return list(_codes_of(text))


def _codes_of(text: str) -> Iterable[str]:
    return filter(None, (code.strip() for code in re.split(r"[,;\s]+", text)))
