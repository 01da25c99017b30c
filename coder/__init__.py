"""waqai (وقائع): political events from Arabic news. `coder.code_text(text, date=...)` gives a DataFrame; `coder.Coder` codes parsed stories.

Importing this package loads neither stanza nor pandas.
"""

from typing import TYPE_CHECKING, Any

from coder.dictionaries import Dictionaries, load_dictionaries
from coder.events import Coder
from coder.model import Event, InputError, Sentence, Story, Token
from coder.output import read_events
from coder.pipeline import code_text

if TYPE_CHECKING:
    from coder.duplicates import dedup
    from coder.panels import aggregate

__version__ = "0.1.0"
__all__ = [
    "Coder", "Dictionaries", "Event", "InputError", "Sentence", "Story", "Token", "aggregate", "code_text", "dedup", "load_dictionaries", "read_events",
]  # fmt: skip
_LATER = {"aggregate": "coder.panels", "dedup": "coder.duplicates"}  # they need pandas, which takes a second to load


def __getattr__(name: str) -> Any:
    if name not in _LATER:
        raise AttributeError(f"module 'coder' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_LATER[name]), name)
