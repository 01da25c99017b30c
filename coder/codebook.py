"""The codebook in the documentation: every CAMEO code with an example from the tables, `python -m coder.codebook > coder/docs/codebook.md`.

It is made from the dictionaries and never edited by hand; a test fails where it is not current. Every example in it is run by `waqai check`.
"""

import itertools
import sys
from collections.abc import Iterable, Iterator

from coder.check import CACHE, EXAMPLE_DATE
from coder.conllu import read_conllu
from coder.dictionaries import Code, Dictionaries, Example, VerbRow, bundled_folder, load_dictionaries
from coder.events import Coder

_QUADS = {"1": "verbal cooperation", "2": "material cooperation", "3": "verbal conflict", "4": "material conflict"}
_INTRODUCTION = """# Codebook

Every CAMEO code with an Arabic example. Made by `python -m coder.codebook` from the tables; do not edit it here. The examples are sentences of our own, written
for the tables. `waqai check` runs each of them: it must yield the code, source and target that stand beside it, and no other event.

- **Names** are CAMEO's. A code of two digits is a root; one of three or four is a finer kind of the code that it begins with. `waqai codes 19` lists codes in the terminal.
- **Source and target** are actor codes: country first, then role (`RUSGOV`: the Russian government). `---` is an actor that is not told.
- **Goldstein** is the value of the Goldstein scale for the code, from -10 (most hostile) to 10.
- **PLOVER** is the event type, mode and context that follow from the code. CAMEO 01 has no type in PLOVER.
- **Row** is the row of the verb or example table, as the column `rule` of an events table names it. A code without
  a row is reached only from what is asked, promised or refused in a sentence (`dictionaries/topics.csv`), and no example tells it yet.
"""
_HEAD = "| code | name | example | source | target | Goldstein | PLOVER | row |\n| --- | --- | --- | --- | --- | --- | --- | --- |\n"


def codebook(dictionaries: Dictionaries) -> str:
    """The whole page, Markdown."""
    examples = chosen_examples(dictionaries)
    codes = [code for code in dictionaries.codes.values() if len(code.cameo) > 2]
    sections = []
    for root, members in itertools.groupby(codes, lambda code: code.cameo[:2]):
        first = dictionaries.codes[root]
        title = f"## {root} {first.name.capitalize()}\n\nQuad class {first.quad}: {_QUADS[first.quad]}.\n\n"
        sections.append(title + _HEAD + "".join(_line(code, examples.get(code.cameo)) for code in members))
    return "\n".join([_INTRODUCTION, *sections])


def chosen_examples(dictionaries: Dictionaries) -> dict[str, VerbRow | Example]:
    """One row a code: one that names both actors if there is any, of these the one whose sentence is nearest to seven words."""
    found: dict[str, VerbRow | Example] = {}
    for row in sorted(_rows(dictionaries), key=_preference):
        found.setdefault(row.cameo, row)
    return found


def _preference(row: VerbRow | Example) -> tuple[bool, bool, int, str]:
    return row.source == "---", row.target == "---", abs(len(row.example.split()) - 7), row.id


def _rows(dictionaries: Dictionaries) -> Iterator[VerbRow | Example]:
    """Rows whose example yields their own code. The example of a word of saying or asking may yield a finer one, so it is run here."""
    yield from dictionaries.examples
    speech = []
    for row in dictionaries.verb_rows.values():
        if row.example and row.act:
            speech.append(row)
        elif row.example:
            yield row
    yield from _of_own_code(speech, dictionaries)


def _of_own_code(rows: Iterable[VerbRow], dictionaries: Dictionaries) -> Iterator[VerbRow]:
    trees = {story.text: (story, sentences) for story, sentences in read_conllu(bundled_folder() / CACHE)}
    coder = Coder(dictionaries)
    for row in rows:
        if row.example not in trees:
            continue
        story, sentences = trees[row.example]
        assert story.date == EXAMPLE_DATE
        if any((e.cameo, e.source, e.target) == (row.cameo, row.source, row.target) for e in coder.code(story, sentences)):
            yield row


def _line(code: Code, row: VerbRow | Example | None) -> str:
    plover = ", ".join(filter(None, (code.plover, code.mode, code.context.replace(";", ", "))))
    told = (row.example, row.source, row.target, code.goldstein, plover, row.id) if row else ("", "", "", code.goldstein, plover, "")
    return "| " + " | ".join((code.cameo, code.name, *told)) + " |\n"


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")  # type: ignore[union-attr]
    sys.stdout.write(codebook(load_dictionaries()))
