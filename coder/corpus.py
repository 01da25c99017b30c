"""What was read: one row a story with its date and its number of sentences, the denominators of every panel and the ground of near-duplicates.

Stories come from what `waqai code` takes, from parse stores and CoNLL-U (sentences are then the parser's), or from a table that only lists
them (`id, date, sentences`). Without a parser the sentences of a text are counted at its line ends and end marks.
"""

import csv
import gzip
import json
import re
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from attrs import frozen

from coder.model import InputError, Story
from coder.store import StoreError, is_store, read_store
from coder.stories import read_stories

if TYPE_CHECKING:
    import pandas

CORPUS_COLUMNS = ("id", "date", "sentences", "text")
_END = re.compile(r"""[.؟?!][."'»”’)\]}«]*\s+["'«“(]*(?=[^\W\d_])""")
_ISO = re.compile(r"((?:19|20)\d\d)[-/.]?(\d\d)[-/.]?(\d\d)")


@frozen
class ReadStory:
    """One story that was read: `date` is YYYY-MM-DD or empty, `sentences` None where nobody counted them."""

    id: str
    date: str
    sentences: int | None
    text: str = ""


def read_corpus(
    inputs: Iterable[str], problems: list[InputError], *, texts: bool = False, encoding: str = "", columns: dict[str, str] | None = None
) -> "pandas.DataFrame":
    """The stories of `inputs` as a DataFrame of CORPUS_COLUMNS, their text only with `texts`; problems are added to `problems`."""
    rows: list[ReadStory] = []
    for name in inputs:
        rows.extend(_read(name, problems, encoding, columns or {}, texts))
    return corpus_frame(rows)


def corpus_frame(rows: Iterable[ReadStory]) -> "pandas.DataFrame":
    """Records as a DataFrame, numbers of sentences as integers that may be missing."""
    import pandas

    frame = pandas.DataFrame([(r.id, r.date, r.sentences, r.text) for r in rows], columns=list(CORPUS_COLUMNS))
    return frame.astype({"id": str, "date": str, "sentences": "Int64", "text": str})


def count_sentences(text: str) -> int:
    """Sentences of a text as a reader would cut it: at line ends, and at . ؟ ? ! where a blank and a letter follow."""
    return sum(1 + len(_END.findall(line)) for line in text.split("\n") if line.strip())


def _read(name: str, problems: list[InputError], encoding: str, columns: dict[str, str], texts: bool) -> Iterator[ReadStory]:
    path = Path(name)
    try:
        if is_store(path):
            store = read_store(path)
            if not store.whole:
                problems.append(
                    InputError(name, "parsing was interrupted before its end", "run the same `waqai parse` again; what is there is counted")
                )
            for part in store.parts:
                yield from _parsed(path / part.file, texts)
        elif name.endswith((".conllu", ".conllu.gz")) and path.is_file():
            yield from _parsed(path, texts)
        elif _is_list(path):
            yield from _listed(path, problems)
        else:
            yield from _stories(name, problems, encoding, columns, texts)
    except StoreError as error:
        problems.append(InputError(name, str(error)))
    except (OSError, EOFError, zlib.error, UnicodeDecodeError, ValueError) as error:
        problems.append(InputError(name, f"cannot be read: {error}", "the file is cut or damaged; the stories before are counted"))


def _stories(name: str, problems: list[InputError], encoding: str, columns: dict[str, str], texts: bool) -> Iterator[ReadStory]:
    for item in read_stories([name], encoding=encoding, columns=columns):
        if isinstance(item, Story):
            yield ReadStory(item.id, item.date, count_sentences(item.text), item.text if texts else "")
        else:
            problems.append(item)


def _open(path: Path) -> IO[str]:
    return gzip.open(path, "rt", encoding="utf-8-sig", newline="") if path.suffix == ".gz" else open(path, encoding="utf-8-sig", newline="")


def _parsed(path: Path, texts: bool) -> Iterator[ReadStory]:
    """Stories of a CoNLL-U file, told by its comment lines alone, so that counting a large store takes seconds."""
    story: dict[str, Any] | None = None
    lines: list[str] = []
    with _open(path) as stream:
        for line in stream:
            if line.startswith("# newdoc"):
                if story is not None or lines:
                    yield _counted(story or {}, lines, texts)
                story, lines = {"id": line.partition("=")[2].strip()}, []
            elif line.startswith("# story ="):
                story = json.loads(line.partition("=")[2])
            elif line.startswith("# text ="):
                lines.append(line.partition("=")[2].strip() if texts else "")
    if story is not None or lines:
        yield _counted(story or {"id": path.name.split(".")[0]}, lines, texts)


def _counted(story: dict[str, Any], lines: list[str], texts: bool) -> ReadStory:
    return ReadStory(str(story.get("id", "")), _day(str(story.get("date", ""))), len(lines), (story.get("text") or "\n".join(lines)) if texts else "")


def _is_list(path: Path) -> bool:
    """Whether a table lists stories without their texts."""
    if not path.is_file() or not path.name.removesuffix(".gz").endswith((".csv", ".tsv")):
        return False
    with _open(path) as stream:
        try:
            header = set(re.split("[,\t]", stream.readline().strip()))
        except UnicodeDecodeError:
            return False  # not UTF-8: `read_stories` tells in which encoding it may be
    return "text" not in header and bool(header & {"id", "story_id"}) and bool(header & {"date", "story_date"})


def _listed(path: Path, problems: list[InputError]) -> Iterator[ReadStory]:
    """Rows `id, date, sentences` (or `story_id, story_date`); a number of sentences that is none is told and left out."""
    with _open(path) as stream:
        reader = csv.DictReader(stream, delimiter="\t" if ".tsv" in path.name else ",")
        for row in reader:
            number = (row.get("sentences") or "").strip()
            if number and not number.isdigit():
                problems.append(
                    InputError(f"{path.name}:{reader.line_num}", f"sentences {number!r} is not a number", "write a whole number or nothing")
                )
                number = ""
            date = row.get("date") or row.get("story_date") or ""
            if date and not _day(date):
                problems.append(InputError(f"{path.name}:{reader.line_num}", f"date {date!r} is not YYYY-MM-DD", "the story is in no period"))
            yield ReadStory(row.get("id") or row.get("story_id") or "", _day(date), int(number) if number else None)


def _day(text: str) -> str:
    found = _ISO.match(text)
    return "-".join(found.groups()) if found else ""
