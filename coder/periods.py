"""Periods of panels as numbers and back, ViEWS months, and the cells of PRIO-GRID: arrays in, arrays out.

Weeks are those of ISO 8601. `month_id` is that of ViEWS (1 is January 1980). PRIO-GRID (Tollefsen, Strand and Buhaug 2012): 720 columns from 180° W,
360 rows from 90° S, cells of half a degree, counted from 1.
"""

import re
from typing import Any

import numpy

from coder.event_frames import FrameError
from coder.near_copies import Ints

PERIODS = ("day", "week", "month", "quarter", "year")
_LIMIT = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d))?)?\Z")


def parse_range(start: str, end: str) -> tuple[numpy.datetime64 | None, numpy.datetime64 | None]:
    """First and last day of a range whose ends are days, months, years or "". Raises FrameError where one is no date or they are turned round."""
    first, last = _limit(start, "--from"), _limit(end, "--to")
    if first is not None and last is not None and first[0] > last[1]:
        raise FrameError(f"the range from {start} to {end} is the wrong way round (--from {end} --to {start}?)")
    return (first[0] if first else None), (last[1] if last else None)


def _limit(text: str, name: str) -> tuple[numpy.datetime64, numpy.datetime64] | None:
    if not text:
        return None
    unit = {4: "Y", 7: "M", 10: "D"}.get(len(text))
    try:
        if unit is None or not _LIMIT.match(text):
            raise ValueError
        value = numpy.array([text], dtype=f"datetime64[{unit}]")
        return value.astype("datetime64[D]")[0], (value + 1).astype("datetime64[D]")[0] - 1
    except ValueError:
        raise FrameError(f"{name} {text!r} is not a date (write YYYY-MM-DD, YYYY-MM or YYYY)") from None


def period_numbers(days: Any, period: str) -> Ints:
    """Numbers of the periods that hold days (datetime64[D]): days, ISO weeks, months, quarters since 1970, and years."""
    if period == "day":
        return numpy.asarray(days.astype("datetime64[D]").astype(numpy.int64))
    if period == "week":
        return numpy.asarray((days.astype("datetime64[D]").astype(numpy.int64) + 3) // 7)  # 1970-01-01 was a Thursday
    if period in ("month", "quarter"):
        months = days.astype("datetime64[M]").astype(numpy.int64)
        return numpy.asarray(months // 3 if period == "quarter" else months)
    return numpy.asarray(days.astype("datetime64[Y]").astype(numpy.int64))


def period_starts(numbers: Ints, period: str) -> Any:
    """First days (datetime64[D]) of periods."""
    if period == "day":
        return numbers.astype("datetime64[D]")
    if period == "week":
        return (numbers * 7 - 3).astype("datetime64[D]")
    if period in ("month", "quarter"):
        return (numbers * (3 if period == "quarter" else 1)).astype("datetime64[M]").astype("datetime64[D]")
    return numbers.astype("datetime64[Y]").astype("datetime64[D]")


def period_names(numbers: Ints, period: str) -> list[str]:
    """2020-11-09, 2020-W46, 2020-11, 2020-Q4, 2020."""
    starts = period_starts(numbers, period)
    if period == "week":
        return ["{0[0]}-W{0[1]:02}".format(day.isocalendar()) for day in starts.tolist()]
    if period == "quarter":
        return [f"{1970 + number // 4}-Q{number % 4 + 1}" for number in numbers.tolist()]
    return [str(day)[: {"day": 10, "month": 7, "year": 4}[period]] for day in starts]


def month_ids(days: Any) -> Ints:
    """ViEWS month_id of days: 1 is January 1980."""
    return numpy.asarray(days.astype("datetime64[M]").astype(numpy.int64) - 119)


def priogrid_cells(latitude: Any, longitude: Any) -> Ints:
    """PRIO-GRID ids of points in degrees (arrays): row from the south * 720 + column from the west + 1; 0 where a point is missing or off the globe. A
    point on a border belongs to the cell north and east of it, the North Pole to the last row, 180° E to the first column."""
    latitude, longitude = numpy.asarray(latitude, dtype=float), numpy.asarray(longitude, dtype=float)
    valid = (numpy.abs(latitude) <= 90) & (numpy.abs(longitude) <= 180)
    row = numpy.minimum(numpy.floor((numpy.where(valid, latitude, 0) + 90) * 2), 359)
    column = numpy.floor((numpy.where(valid, longitude, 0) + 180) * 2) % 720
    return numpy.where(valid, row * 720 + column + 1, 0).astype(numpy.int64)
