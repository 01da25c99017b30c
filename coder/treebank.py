"""Treebanks for training: UD files in, checked and cleaned as the parser will meet text, and the files that Stanza's trainers read out."""

import json
import random
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from attrs import evolve, frozen

from coder.text import bare_alefs, clean

COLUMNS = 10
_DASH = "-"  # what a lone tatweel, drawn as a dash, becomes
_ENDS = ".؟!"
_SWAPS = str.maketrans({"ى": "ي", "ة": "ه"})
_QUOTES = ('""', "«»", "“”", "''")
_PARAGRAPH = 4  # sentences a paragraph, at most


class TreebankError(ValueError):
    """A file that cannot be trained on. The message names file, sentence and remedy."""


@frozen
class Span:
    """A written token: its surface, the words that it holds, and whether a blank follows."""

    surface: str
    words: tuple[str, ...]
    blank: bool


@frozen
class Tree:
    """One sentence of a UD file: `rows` are the ten columns of its words, `spans` its written tokens in order."""

    name: str
    rows: tuple[tuple[str, ...], ...]
    spans: tuple[Span, ...]

    @property
    def text(self) -> str:
        """The sentence as it is written."""
        return "".join(s.surface + (" " if s.blank else "") for s in self.spans).strip()

    @property
    def document(self) -> str:
        """What comes before the sentence's number: sentences of one document follow one another in running text."""
        before, mark, _ = self.name.partition("#")
        return before if mark else re.sub(r"\d{1,3}$", "", self.name)


def part_files(folder: Path, part: str, besides: Path | None = None) -> list[Path]:
    """The files `*PART.conllu` of `folder` and its subfolders, without those in the folder `besides`. Raises TreebankError where none is."""
    outside = besides.resolve() if besides else None
    paths = sorted(p for p in folder.rglob(f"*{part}.conllu") if outside is None or outside not in p.resolve().parents)
    if not paths:
        raise TreebankError(f"no file *-{part}.conllu in {folder} (give a folder of UD files, with a train and a dev part)")
    return paths


def read_part(folder: Path, part: str, besides: Path | None = None) -> list[Tree]:
    """All sentences of one part of a treebank. Raises TreebankError."""
    return [tree for path in part_files(folder, part, besides) for tree in read_trees(path)]


def read_trees(path: Path) -> Iterator[Tree]:
    """Sentences of one file, surfaces and words cleaned and with bare alefs. Raises TreebankError at the first broken tree."""
    rows: list[tuple[str, ...]] = []
    name, number = "", 0
    for line in [*path.read_text(encoding="utf-8-sig").split("\n"), ""]:
        if line.startswith("# sent_id"):
            name = line.partition("=")[2].strip()
        elif line and not line.startswith("#"):
            rows.append(tuple(line.rstrip("\r").split("\t")))
        elif not line and rows:
            number += 1
            problem = broken(rows)
            if problem:
                raise TreebankError(f"{path}: sentence {name or number}: {problem} (mend the tree, or take the sentence out)")
            yield _tree(name or f"{path.stem}#{number}", rows)
            rows, name = [], ""


def broken(rows: list[tuple[str, ...]]) -> str:
    """What is wrong with a tree, or "" if it can be trained on."""
    short = next((r for r in rows if len(r) != COLUMNS), None)
    if short:
        return f"a line with {len(short)} columns instead of {COLUMNS}"
    words = [r for r in rows if r[0].isdigit()]
    if [int(r[0]) for r in words] != list(range(1, len(words) + 1)) or not words:
        return "word numbers out of order"
    stray = next((r for r in words if not r[6].isdigit() or int(r[6]) > len(words)), None)
    if stray:
        return f"word {stray[0]} has head {stray[6]!r}, and there are {len(words)} words"
    roots = [r[0] for r in words if r[6] == "0"]
    if len(roots) != 1:
        return f"{len(roots)} roots instead of one"
    blank = next((r for r in words if r[1] in ("", "_") and r[2] != "_" or r[3] == "_" or r[7] == "_"), None)
    if blank:
        return f"word {blank[0]} has no form, tag or relation"
    return _cycle([int(r[6]) for r in words])


def _cycle(heads: list[int]) -> str:
    for start in range(1, len(heads) + 1):
        node, steps = start, 0
        while node and steps <= len(heads):
            node, steps = heads[node - 1], steps + 1
        if node:
            return f"word {start} hangs in a circle"
    return ""


def plain(form: str) -> str:
    """A form as the parser will meet it."""
    return bare_alefs(clean(form).text) or _DASH


def _tree(name: str, rows: list[tuple[str, ...]]) -> Tree:
    words = [(r[0], plain(r[1]), *r[2:4], "_", *r[5:8], "_", "_") for r in rows if r[0].isdigit()]
    spans: list[Span] = []
    covered = 0
    for row in rows:
        first, _, last = row[0].partition("-")
        if not first.isdigit() or int(first) <= covered:
            continue
        covered = int(last or first)
        inner = tuple(words[i - 1][1] for i in range(int(first), covered + 1))
        spans.append(Span(plain(row[1]), inner, "SpaceAfter=No" not in row[9]))
    return Tree(name, tuple(words), tuple(spans))


# ---------------------------------------------------------------------------------------------------- copies with noise


def swapped(tree: Tree) -> Tree:
    """A copy with final ى as ي and ة as ه, as many writers have it."""
    rows = tuple((r[0], _swap(r[1]), *r[2:]) for r in tree.rows)
    return evolve(tree, rows=rows, spans=tuple(evolve(s, surface=_swap(s.surface), words=tuple(map(_swap, s.words))) for s in tree.spans))


def _swap(word: str) -> str:
    return word[:-1] + word[-1:].translate(_SWAPS)


def headline(tree: Tree) -> Tree:
    """A copy without the full stop that ends it, if one does and nothing hangs on it."""
    last = tree.rows[-1]
    if len(tree.rows) < 3 or last[1] not in _ENDS or any(r[6] == last[0] for r in tree.rows) or last[6] == "0":
        return tree
    return evolve(tree, rows=tree.rows[:-1], spans=(*tree.spans[:-2], evolve(tree.spans[-2], blank=True)))


def requoted(tree: Tree, marks: str) -> Tree:
    """A copy with other quotation marks."""
    opened = [False]

    def other(word: str) -> str:
        if word not in ('"', "«", "»", "“", "”", "''", "'"):
            return word
        opened[0] = not opened[0]
        return marks[0 if opened[0] else -1]

    forms = [other(r[1]) for r in tree.rows]
    rows = tuple((r[0], form, *r[2:]) for r, form in zip(tree.rows, forms, strict=True))
    spans, position = [], 0
    for span in tree.spans:
        inner = tuple(forms[position : position + len(span.words)])
        spans.append(evolve(span, surface=inner[0] if len(inner) == 1 else span.surface, words=inner))
        position += len(inner)
    return evolve(tree, rows=rows, spans=tuple(spans))


def noisy_copies(trees: Iterable[Tree], share: float, seed: int) -> list[Tree]:
    """Copies of a share of the sentences, each with one or two of the noises."""
    chance = random.Random(seed)
    copies = []
    for tree in trees:
        if chance.random() < share:
            copy = swapped(tree) if chance.random() < 0.5 else tree
            copy = headline(copy) if chance.random() < 0.5 else copy
            copy = requoted(copy, chance.choice(_QUOTES))
            if copy.spans != tree.spans:
                copies.append(copy)
    return copies


# ---------------------------------------------------------------------------------------------------- files for the trainers


def write_trees(trees: Iterable[Tree], path: Path) -> None:
    """CoNLL-U with written tokens."""
    with open(path, "w", encoding="utf-8", newline="\n") as stream:
        for tree in trees:
            stream.write(f"# sent_id = {tree.name}\n# text = {tree.text}\n")
            number = 0
            for span in tree.spans:
                misc = "_" if span.blank else "SpaceAfter=No"
                if len(span.words) > 1:
                    stream.write(f"{number + 1}-{number + len(span.words)}\t{span.surface}" + "\t_" * 7 + f"\t{misc}\n")
                for _ in span.words:
                    cells = list(tree.rows[number])
                    notes = [n for n in (cells[9], misc if len(span.words) == 1 else "_") if n != "_"]
                    cells[9] = "|".join(notes) or "_"
                    stream.write("\t".join(cells) + "\n")
                    number += 1
            stream.write("\n")


def paragraphs(trees: list[Tree], seed: int) -> Iterator[list[Tree]]:
    """Sentences in paragraphs of one to four, those of a document together."""
    chance = random.Random(seed)
    held: list[Tree] = []
    size = 1
    for tree in trees:
        if held and (tree.document != held[0].document or len(held) >= size):
            yield held
            held, size = [], chance.randint(1, _PARAGRAPH)
        held.append(tree)
    if held:
        yield held


def write_tokenizer_files(trees: list[Tree], stem: Path, seed: int) -> None:
    """`STEM.txt`, `STEM.labels` and `STEM.mwt.json`: text, its character labels (0 inside, 1 end of token, 2 of sentence, 3 and 4 the same
    for a token of several words), and the expansions."""
    texts, labels = [], []
    expansions: Counter[tuple[str, tuple[str, ...]]] = Counter()
    for group in paragraphs(trees, seed):
        text = marks = ""
        for tree in group:
            for index, span in enumerate(tree.spans):
                end = (3 if len(span.words) > 1 else 1) + (index == len(tree.spans) - 1)
                blank = span.blank or index == len(tree.spans) - 1
                text += span.surface + " " * blank
                marks += "0" * (len(span.surface) - 1) + str(end) + "0" * blank
                if len(span.words) > 1:
                    expansions[span.surface, span.words] += 1
        texts.append(text.rstrip())
        labels.append(marks[: len(texts[-1])])
    stem.with_suffix(".txt").write_text("\n\n".join(texts) + "\n\n", encoding="utf-8")
    stem.with_suffix(".labels").write_text("\n\n".join(labels) + "\n\n", encoding="utf-8")
    stem.with_suffix(".mwt.json").write_text(json.dumps(list(expansions.items()), ensure_ascii=False), encoding="utf-8")
