"""Events tables as DataFrames of text, read in one go and column by column: what duplicates and panels are counted from.

Much faster than reading row by row, and strict: a file that needs mending beyond lost zeros goes through `coder.read_events`.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from pathlib import Path
from typing import Any

import pandas

from coder.model import InputError
from coder.states import shipped_rows

NEEDED = ("event_id", "story_id", "event_date", "source", "target", "cameo")


class FrameError(ValueError):
    """Events, stories or options that nothing can be counted from. The message says what is wrong, with the remedy."""


def read_tables(paths: Iterable[Path], problems: list[InputError], columns: Callable[[str], bool] | None = None) -> pandas.DataFrame:
    """Native events tables (CSV, gzip) one below the other, every cell as text; `columns` tells which ones are wanted. Mended zeros and unknown codes
    are added to `problems`. Raises FrameError for a file that is missing or no events table."""
    frames = [_read(path, problems, columns) for path in paths]
    if not frames:
        raise FrameError("no events table is given")
    return frames[0] if len(frames) == 1 else pandas.concat(frames, ignore_index=True).fillna("")


def _read(path: Path, problems: list[InputError], columns: Callable[[str], bool] | None) -> pandas.DataFrame:
    try:
        frame = pandas.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8-sig", usecols=columns)
        if not set(NEEDED) <= set(frame.columns):
            frame = _lenient(path, problems, columns)
    except FileNotFoundError as error:
        raise FrameError(f"no events table {path} (check the spelling)") from error
    except (ValueError, OSError, EOFError):
        frame = _lenient(path, problems, columns)
    missing = [name for name in NEEDED if name not in frame]
    if missing:
        raise FrameError(f"{path}: no column {', '.join(missing)} (give a table that `waqai code` has written)")
    return mended(frame, str(path), problems)


def _lenient(path: Path, problems: list[InputError], columns: Callable[[str], bool] | None) -> pandas.DataFrame:
    """The same through the reader that takes other delimiters and encodings."""
    import coder
    from coder.events_table import EventsError

    try:
        frame = text_frame(coder.read_events(path, problems))
    except EventsError as error:
        raise FrameError(str(error)) from error
    except (ValueError, OSError, EOFError, KeyError) as error:
        raise FrameError(
            f"{path}: cannot be read as an events table: {str(error).strip()} (give a table that `waqai code` has written, in UTF-8)"
        ) from error
    return frame[[name for name in frame if columns is None or columns(name)]]


def text_frame(frame: pandas.DataFrame) -> pandas.DataFrame:
    """A copy of a frame whose columns are all text, nothing missing; whole numbers stay without a point."""
    return frame.assign(**{name: text_column(frame, name) for name in frame.columns})


def text_column(frame: pandas.DataFrame, name: str) -> "pandas.Series[str]":
    """One column as text; empty where the frame lacks it or a cell is missing."""
    if name not in frame:
        return pandas.Series("", index=frame.index, dtype=str)
    column = frame[name]
    if pandas.api.types.is_float_dtype(column.dtype) and (column.dropna() % 1 == 0).all():
        column = column.astype("Int64")
    return column.astype(object).where(column.notna(), "").astype(str) if not _is_text(column) else column.fillna("")


def _is_text(column: Any) -> bool:
    return bool(isinstance(column.dtype, pandas.StringDtype))


def require(frame: pandas.DataFrame, names: Sequence[str] = NEEDED) -> None:
    """Raise FrameError where a frame lacks columns."""
    missing = [name for name in names if name not in frame.columns]
    if missing:
        raise FrameError(f"the events have no column {', '.join(missing)} (give a frame that coder.code_text or coder.read_events has made)")


@cache
def cameo_codes() -> frozenset[str]:
    """Every CAMEO code of the shipped table."""
    return frozenset(row["cameo"] for row in shipped_rows("ontology.csv"))


def mended(frame: pandas.DataFrame, name: str, problems: list[InputError]) -> pandas.DataFrame:
    """The frame with the zeros that a spreadsheet has eaten from CAMEO codes (45 is 045) put back; what is mended and unknown codes are told.

    10 to 20 are codes (roots) as they stand, so they are mended only where the quad class says 01 or 02, or where other codes of the file have lost
    their zero and no quad class is given."""
    codes, known = text_column(frame, "cameo"), cameo_codes()
    distinct = codes.unique()
    lost = {code: "0" + code for code in distinct if code not in known and "0" + code in known}
    short = codes.isin([code for code in distinct if len(code) == 2 and "0" + code in known and code not in lost])
    quads = text_column(frame, "quad")
    short &= (quads == "1") | (quads.eq("") & bool(lost))
    if not lost and not short.any():
        result = frame
    else:
        changed = codes.where(~short, "0" + codes).replace(lost)
        count = int((changed != codes).sum())
        problems.append(
            InputError(name, f"{count} CAMEO codes have lost their zero", "read with it; open CSV files in a spreadsheet with codes as text")
        )
        result = frame.assign(cameo=changed)
    unknown = sorted(set(distinct) - known - set(lost))
    if unknown:
        count = int(codes.isin(unknown).sum())
        problems.append(
            InputError(name, f"{count} events with unknown CAMEO codes: {', '.join(map(repr, unknown[:5]))}", "see `waqai codes`; they are kept")
        )
    return result
