"""waqai (وقائع): political events from Arabic news. `coder.code_text(text, date=...)` gives a DataFrame; `coder.Coder` codes stories.

Importing this package loads neither stanza nor pandas, and of its own modules only those that are asked for.
"""

import importlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from coder.datasets import to_gdelt1, to_gdelt2, to_icews, to_phoenix, to_plover, to_polecat
    from coder.dictionaries import Dictionaries, load_dictionaries
    from coder.duplicates import dedup
    from coder.events_table import EventsError, read_events
    from coder.explain import Explanation, explain_text
    from coder.interface import Coder, code_frame, code_text
    from coder.model import Event, InputError, Sentence, Story, Token
    from coder.panels import aggregate

__version__ = "0.1.0"
__all__ = [
    "Coder", "Dictionaries", "Event", "EventsError", "Explanation", "InputError", "Sentence", "Story", "Token", "aggregate", "code_frame",
    "code_text", "dedup", "explain_text", "load_dictionaries", "read_events", "to_gdelt1", "to_gdelt2", "to_icews", "to_phoenix", "to_plover", "to_polecat",
]  # fmt: skip
_HOMES = {
    "datasets": ("to_gdelt1", "to_gdelt2", "to_icews", "to_phoenix", "to_plover", "to_polecat"),
    "dictionaries": ("Dictionaries", "load_dictionaries"),
    "duplicates": ("dedup",),
    "events_table": ("EventsError", "read_events"),
    "explain": ("Explanation", "explain_text"),
    "interface": ("Coder", "code_frame", "code_text"),
    "model": ("Event", "InputError", "Sentence", "Story", "Token"),
    "panels": ("aggregate",),
}
_MODULES = {name: f"coder.{module}" for module, names in _HOMES.items() for name in names}


def __getattr__(name: str) -> object:
    if name not in _MODULES:
        raise AttributeError(f"module 'coder' has no attribute {name!r}")
    value = getattr(importlib.import_module(_MODULES[name]), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*globals(), *_MODULES]
