"""Checking the dictionaries: every table error at once, and every example executed both ways.

A row whose example does not yield it, with its source and target, is an error; so is an example that yields an event of another row.
Parses of the examples are cached in `examples.conllu.gz` beside the tables, so that checking needs neither model nor minutes.
"""

import csv
import re
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from coder.conllu import read_conllu, write_conllu
from coder.dictionaries import Dictionaries, Example, VerbRow, bundled_folder
from coder.events import Coder
from coder.gazetteer import gazetteer_problems
from coder.model import Event, InputError, Sentence, Story

EXAMPLE_DATE = "2020-06-01"
CACHE = "examples.conllu.gz"
_INVISIBLE = re.compile("[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\u0640]")
Parse = Callable[[Sequence[Story]], list[list[Sentence]]]


def check_tables(dictionaries: Dictionaries, folder: Path | None = None, parse: Parse | None = None) -> list[InputError]:
    """All problems of the tables and of their examples. With `parse`, examples that the cache of `folder` lacks are parsed and cached;
    without it they are reported."""
    folder = folder or bundled_folder()
    rows: list[VerbRow | Example] = [*(row for row in dictionaries.verb_rows.values() if row.example), *dictionaries.examples]
    trees = _example_trees(rows, folder, parse)
    problems = [*dictionaries.problems, *gazetteer_problems()]
    coder = Coder(dictionaries, all_statuses=True)
    for row in rows:
        if row.example not in trees:
            problems.append(InputError(row.where, f"the example of {row.id} is not parsed yet", "run `waqai check --fix`"))
        else:
            problems.extend(check_example(row, coder, trees[row.example]))
    return problems


def check_example(row: VerbRow | Example, coder: Coder, sentences: list[Sentence]) -> list[InputError]:
    """Run the example of `row` both ways: it must yield its event, and no event but its own (that of its row, or of its code)."""
    events = coder.code(Story(row.id, row.example, EXAMPLE_DATE), sentences)
    own = [e for e in events if e.rule == row.id or e.cameo == row.cameo and (isinstance(row, Example) or e.rule in coder.alike(row))]
    others = [e for e in events if e not in own and e.status == "actual"]
    problems = []
    if not any(_as_expected(e, row) for e in own):
        found = "; ".join(_tuple(e) for e in events) or "nothing"
        problems.append(
            InputError(
                row.where,
                f"the example of {row.id} does not yield {row.source} {row.cameo} {row.target} but {found}",
                f'waqai explain "{row.example}"',
            )
        )
    elif others:
        problems.append(
            InputError(row.where, f"the example of {row.id} yields a second event: {_tuple(others[0])}", "write an example with one event")
        )
    return problems


def _as_expected(event: Event, row: VerbRow | Example) -> bool:
    same_code = event.cameo == row.cameo or isinstance(row, VerbRow) and bool(row.act) and event.cameo.startswith(row.cameo[:2])
    return same_code and event.source == row.source and event.target == row.target and event.status == "actual"


def _tuple(event: Event) -> str:
    return f"{event.source} {event.cameo} {event.target} ({event.rule}{'' if event.status == 'actual' else ', ' + event.status})"


def _example_trees(rows: Iterable[VerbRow | Example], folder: Path, parse: Parse | None) -> dict[str, list[Sentence]]:
    """Trees of the examples by their text, from the cache and, with `parse`, from the parser; the cache is rewritten when it was not whole.
    A folder laid over the shipped tables caches its own examples only; those of the shipped rows are in the shipped cache."""
    path, shipped = folder / CACHE, bundled_folder() / CACHE
    cached = {story.text: (story, sentences) for story, sentences in read_conllu(path)} if path.is_file() else {}
    laid_under = {} if path == shipped or not shipped.is_file() else {story.text: sentences for story, sentences in read_conllu(shipped)}
    wanted = {row.example: Story(row.id, row.example, EXAMPLE_DATE) for row in rows if row.example not in laid_under}
    if parse is not None and set(cached) != set(wanted):
        missing = [story for text, story in wanted.items() if text not in cached]
        cached.update((story.text, (story, sentences)) for story, sentences in zip(missing, parse(missing), strict=True))
        cached = {text: cached[text] for text in wanted}
        write_conllu(cached.values(), path)
    return {**laid_under, **{text: sentences for text, (_, sentences) in cached.items()}}


def mend_tables(dictionaries: Dictionaries, folder: Path) -> list[str]:
    """Mend in place what has one mending: invisible marks, and CAMEO codes whose zero a spreadsheet has eaten. Returns what was done."""
    done = []
    for path in sorted(folder.glob("*.csv")):
        with open(path, encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.reader(stream))
        codes = [i for i, name in enumerate(rows[0]) if name in ("cameo", "cameo_back")] if rows and path.name.startswith("verbs") else []
        mended = [[_mend_cell(cell, i in codes, dictionaries) for i, cell in enumerate(row)] for row in rows]
        changed = sum(a != b for a, b in zip(rows, mended, strict=True))
        if changed:
            with open(path, "w", encoding="utf-8", newline="") as stream:
                csv.writer(stream, lineterminator="\n").writerows(mended)
            done.append(f"{path.name}: {changed} rows mended")
    return done


def _mend_cell(cell: str, is_code: bool, dictionaries: Dictionaries) -> str:
    clean = _INVISIBLE.sub("", cell).strip()
    return "0" + clean if is_code and clean not in dictionaries.codes and "0" + clean in dictionaries.codes else clean
