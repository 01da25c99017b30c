"""The whole line: stories in, events out, problems collected. What `waqai code` and `coder.code_text` call."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from coder.conllu import read_conllu
from coder.dictionaries import Dictionaries, load_dictionaries
from coder.events import Coder
from coder.model import Event, InputError, Sentence, Story
from coder.output import COLUMNS
from coder.stories import NO_DATE, read_stories

if TYPE_CHECKING:
    import pandas

    from coder.parse import Parser


def parsed_stories(
    inputs: Iterable[str], problems: list[InputError], *, dictionaries: Dictionaries, package: str = "shipped", date: str = "",
    encoding: str = "", columns: dict[str, str] | None = None,
) -> Iterator[tuple[Story, list[Sentence]]]:  # fmt: skip
    """Stories with their trees: CoNLL-U input is read as it is, everything else is parsed. The parser is loaded when the first story
    needs it; problems are added to `problems`. Raises ParserError where the parser cannot start."""
    parser: Parser | None = None
    for name in inputs:
        if name.endswith((".conllu", ".conllu.gz")) and Path(name).is_file():
            for story, sentences in read_conllu(Path(name), problems):
                yield attrs.evolve(story, date=story.date or date), sentences
            continue
        for item in read_stories([name], date=date, encoding=encoding, columns=columns):
            if isinstance(item, InputError):
                problems.append(item)
                continue
            if parser is None:
                parser = _load_parser(package, dictionaries)
            yield item, parser.parse(item)


def _load_parser(package: str, dictionaries: Dictionaries) -> "Parser":
    from coder.parse import Parser  # stanza and torch take seconds: only when something is to be parsed

    return Parser(package, dictionaries.whole_words())


def is_failure(problem: InputError) -> bool:
    """Whether a problem kept something from being coded; a missing date or a repeated id did not."""
    return problem.what != NO_DATE and "more than once" not in problem.what and "is not YYYY-MM-DD" not in problem.what


def code_inputs(
    inputs: Iterable[str], problems: list[InputError], *, dictionaries: Dictionaries, all_statuses: bool = False, package: str = "shipped",
    date: str = "", encoding: str = "", columns: dict[str, str] | None = None,
) -> Iterator[Event]:  # fmt: skip
    """Events of all stories in `inputs`, in their order. A story that breaks the coder is reported in `problems` and passed over."""
    coder = Coder(dictionaries, all_statuses=all_statuses)
    stories = parsed_stories(inputs, problems, dictionaries=dictionaries, package=package, date=date, encoding=encoding, columns=columns)
    for story, sentences in stories:
        try:
            events = coder.code(story, sentences)
        except Exception as error:  # one story must not stop a night's run
            problems.append(InputError(story.id, f"the coder failed on this story: {type(error).__name__}: {error}", "please report it"))
            continue
        yield from events


def code_text(text: str, date: str = "", *, dictionaries: Path | None = None, all_statuses: bool = False) -> "pandas.DataFrame":
    """Events of one text as a DataFrame with the columns of the native table, codes as text; empty text gives an empty frame."""
    import pandas

    tables = load_dictionaries(dictionaries)
    rows: list[dict[str, object]] = []
    if text.strip():
        from coder.parse import Parser

        story = Story("text", text, date)
        sentences = Parser(whole_words=tables.whole_words()).parse(story)
        rows = [attrs.asdict(event) for event in Coder(tables, all_statuses=all_statuses).code(story, sentences)]
    return pandas.DataFrame(rows, columns=list(COLUMNS))
