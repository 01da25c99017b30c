"""The records that pass from step to step: tokens and trees, stories, actors, events. Tree words are those of Universal Dependencies."""

from attrs import define, field, frozen


@define(slots=True, eq=False)
class Token:
    """One syntactic word. `id` counts from 1 in its sentence, `head` is 0 for the root; `start`/`end` are offsets (characters) in
    the story's own text; `key` is the folded form that dictionaries are looked up by."""

    id: int
    form: str
    lemma: str
    upos: str
    feats: dict[str, str]
    head: int
    deprel: str
    start: int
    end: int
    key: str = ""
    children: list["Token"] = field(factory=list, repr=False)
    parent: "Token | None" = field(default=None, repr=False)


@define(slots=True, eq=False)
class Sentence:
    """A parsed sentence: `number` counts from 1 in its story, `start`/`end` are offsets in the story's own text, `paragraph` counts from 0."""

    number: int
    text: str
    start: int
    end: int
    tokens: list[Token]
    paragraph: int = 0


@frozen
class Story:
    """One news story as the user gave it. `date` is YYYY-MM-DD or empty where it is not known; `extra` holds the user's further columns."""

    id: str
    text: str
    date: str = ""
    title: str = ""
    source: str = ""
    url: str = ""
    extra: dict[str, str] = field(factory=dict)


@frozen
class InputError:
    """One input, or one row of it, that could not be read or coded: where (`file:row`), what, and the remedy."""

    where: str
    what: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.where}: {self.what}" + (f" ({self.remedy})" if self.remedy else "")


@define(slots=True)
class Event:
    """One mention of one event, in the columns of the native table (SPEC). Text throughout; an unknown actor is `---`."""

    event_id: str
    story_id: str
    sentence: int
    event_date: str
    date_precision: str
    source: str
    target: str
    cameo: str
    plover: str = ""
    plover_mode: str = ""
    plover_context: str = ""
    quad: str = ""
    goldstein: str = ""
    status: str = "actual"
    same_as: str = ""
    source_text: str = ""
    event_text: str = ""
    target_text: str = ""
    start: int = 0
    end: int = 0
    place: str = ""
    place_country: str = ""
    latitude: str = ""
    longitude: str = ""
    place_precision: str = ""
    killed: str = ""
    injured: str = ""
    rule: str = ""
    story_date: str = ""
    publisher: str = ""
    url: str = ""

    def _repr_html_(self) -> str:
        """What a notebook shows."""
        from coder.explain_page import event_html
        from coder.page import fragment

        return fragment(event_html(self))
