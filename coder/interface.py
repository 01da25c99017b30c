"""What a notebook calls: `code_text`, `code_frame` and a `Coder` that parses the stories it is given."""

import warnings
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, overload

from coder.batches import batches
from coder.dictionaries import Dictionaries, load_dictionaries
from coder.events import Coder as EventCoder
from coder.events_table import frame_of
from coder.model import Event, InputError, Sentence, Story
from coder.pipeline import UnitReader
from coder.text import arabic_share
from coder.told import day

if TYPE_CHECKING:
    import pandas


class Coder(EventCoder):
    """Codes stories. `dictionaries`: tables that are loaded, a folder of your own laid over ours, or nothing for ours. `parser`: shipped or
    official; it is loaded when the first story needs it and kept. `problems` lists the stories that could not be coded."""

    def __init__(self, dictionaries: Dictionaries | Path | str | None = None, *, all_statuses: bool = False, parser: str = "shipped") -> None:
        if not isinstance(dictionaries, Dictionaries):
            dictionaries = load_dictionaries(Path(dictionaries) if dictionaries is not None else None)
        super().__init__(dictionaries, all_statuses=all_statuses)
        self.problems: list[InputError] = []
        self._reader = UnitReader(self.dictionaries.whole_words(), parser)

    @overload
    def code(self, story: Story, sentences: Iterable[Sentence]) -> list[Event]: ...
    @overload
    def code(self, story: Story | Iterable[Story], sentences: None = None) -> Iterator[Event]: ...
    def code(self, story: Story | Iterable[Story], sentences: Iterable[Sentence] | None = None) -> list[Event] | Iterator[Event]:
        """Events of one parsed story as a list, or of stories, which are parsed in batches, one after another. A story that breaks the parser or
        the coder is passed over and told in `problems`."""
        if sentences is not None:
            assert isinstance(story, Story)
            return super().code(story, sentences)
        return self._parse_and_code([story] if isinstance(story, Story) else story)

    def _parse_and_code(self, stories: Iterable[Story]) -> Iterator[Event]:
        for batch in batches(story for story in stories if story.text.strip()):
            for story, sentences in self._reader.read(batch, self.problems):
                try:
                    events = super().code(story, sentences)
                except Exception as error:  # one story must not stop a night's run
                    self.problems.append(InputError(story.id, f"the coder failed on this story: {type(error).__name__}: {error}", "please report it"))
                    continue
                yield from events


@lru_cache(maxsize=4)
def _coder(dictionaries: Path | str | None, all_statuses: bool) -> Coder:
    return Coder(dictionaries, all_statuses=all_statuses)


def code_text(text: str, date: str = "", *, dictionaries: Path | str | None = None, all_statuses: bool = False) -> "pandas.DataFrame":
    """Events of one text as a DataFrame with the columns of the native table, codes as text; empty text gives an empty frame. The tables and the
    parser are loaded once and kept for further calls."""
    stories = [Story("text", text, date)] if text.strip() else []
    return frame_of(_coder(dictionaries, all_statuses).code(stories) if stories else ())


def code_frame(
    frame: "pandas.DataFrame", *, text: str = "text", date: str = "date", id: str = "id", title: str = "title", source: str = "source", url: str = "url",
    dictionaries: Path | str | None = None, all_statuses: bool = False,
) -> "pandas.DataFrame":  # fmt: skip
    """Events of the stories in a DataFrame, one story a row; the other arguments name its columns, of which only that of the text must be there. A
    row without an id gets the frame's index. Empty rows and texts that are not Arabic give nothing. Raises ValueError for a frame without the text."""
    if text not in frame.columns:
        raise ValueError(f"the DataFrame has no column {text!r}; it has {', '.join(map(str, frame.columns))} (name the column: text=...)")
    stories = list(_stories(frame, (id, text, date, title, source, url)))
    return frame_of(_coder(dictionaries, all_statuses).code(stories) if stories else ())


def _stories(frame: "pandas.DataFrame", names: Sequence[str]) -> Iterator[Story]:
    seen: dict[str, int] = {}
    undated = 0
    columns = [frame[name].tolist() if name in frame.columns else [""] * len(frame) for name in names]
    for index, row in zip(frame.index, zip(*columns, strict=True), strict=True):
        number, text, date, title, source, url = map(_cell, row)
        if not text.strip() or arabic_share(text) < _MIN_ARABIC:
            continue
        name = number or str(index)
        seen[name] = seen.get(name, 0) + 1
        name = name if seen[name] == 1 else f"{name}-{seen[name]}"
        undated += bool(date) and not day(date[:10])
        yield Story(name, text, day(date[:10]), title, source, url)
    if undated:
        warnings.warn(f"{undated} dates are not YYYY-MM-DD: what these stories tell has no date but its own words", stacklevel=3)


_MIN_ARABIC = 0.5


def _cell(value: object) -> str:
    """A cell as text; missing ones (None, NaN, NaT) are empty."""
    return "" if value is None or value != value else str(value)
