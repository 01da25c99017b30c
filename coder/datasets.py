"""For notebooks: DataFrames in, DataFrames of the field's formats out. All cells are text, so that "045" stays "045"; nothing is NaN."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, TypeAlias

from coder.events_table import events_of
from coder.formats import DATASETS, dataset_rows, records
from coder.model import Event

if TYPE_CHECKING:
    import pandas

    Events: TypeAlias = pandas.DataFrame | Iterable[Event]

PLOVER_KEYS = (
    "id", "date", "enddate", "actor", "event", "recipient", "event_loc", "event_text", "quad_code", "event_scale", "mode", "context", "link",
    "text_info", "cite_info", "dead", "injured", "coder", "comment",
)  # fmt: skip


def to_gdelt1(events: "Events", quads: str = "usual") -> "pandas.DataFrame":
    """GDELT 1.0 (58 columns) of a native table or of events; `quads` "gdelt" for the quad classes of GDELT's own files."""
    return _frame("gdelt1", events, quads)


def to_gdelt2(events: "Events", quads: str = "usual") -> "pandas.DataFrame":
    """GDELT 2.0 (61 columns); `quads` as in `to_gdelt1`."""
    return _frame("gdelt2", events, quads)


def to_icews(events: "Events") -> "pandas.DataFrame":
    """ICEWS (20 columns)."""
    return _frame("icews", events)


def to_phoenix(events: "Events") -> "pandas.DataFrame":
    """Phoenix (26 columns), one row a day for a source, target and code."""
    return _frame("phoenix", events)


def to_polecat(events: "Events") -> "pandas.DataFrame":
    """POLECAT (40 columns), events with a PLOVER type."""
    return _frame("polecat", events)


def to_plover(events: "Events") -> "pandas.DataFrame":
    """PLOVER records, a column a key; lists and dicts stay such, keys that a record lacks are empty."""
    import pandas

    found = [{key: record.get(key, "") for key in PLOVER_KEYS} for record in records(dataset_rows("plover", events_of(events)))]
    return pandas.DataFrame(found, columns=list(PLOVER_KEYS), dtype=object)


def _frame(name: str, events: "Events", quads: str = "usual") -> "pandas.DataFrame":
    import pandas

    return pandas.DataFrame(list(dataset_rows(name, events_of(events), quads)), columns=list(DATASETS[name].columns), dtype="str")
