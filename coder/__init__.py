"""waqai (وقائع): political events from Arabic news. `coder.code_text(text, date=...)` gives a DataFrame; `coder.Coder` codes parsed stories.

Importing this package loads neither stanza nor pandas.
"""

from coder.dictionaries import Dictionaries, load_dictionaries
from coder.events import Coder
from coder.explain import Explanation, explain_text
from coder.model import Event, InputError, Sentence, Story, Token
from coder.output import read_events
from coder.pipeline import code_text

__version__ = "0.1.0"
__all__ = [
    "Coder",
    "Dictionaries",
    "Event",
    "Explanation",
    "InputError",
    "Sentence",
    "Story",
    "Token",
    "code_text",
    "explain_text",
    "load_dictionaries",
    "read_events",
]
