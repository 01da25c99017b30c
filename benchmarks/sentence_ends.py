"""Sentence F1 on running text: treebank sentences joined by blanks into paragraphs of one to five, scored by the CoNLL 2018 scorer.

    python benchmarks/sentence_ends.py TREEBANK.conllu [--headlines apart]

With `--headlines apart`, a sentence without an end mark is a line of its own, as headlines and datelines are in news; the default joins all.
"""

import argparse
import itertools
import random
import re
import tempfile
from pathlib import Path

from udtools.udeval import evaluate, load_conllu_file

from coder import Story, load_dictionaries
from coder.parse import Parser

Block = tuple[str, str, list[str]]


def read(path: Path) -> list[Block]:
    """(document, text, lines) of each sentence."""
    blocks = []
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        meta = dict(line[2:].split(" = ", 1) for line in block.split("\n") if line.startswith("# ") and " = " in line)
        name = meta["sent_id"]
        document = name.split("#")[0] if "#" in name else name[:-3]
        blocks.append((document, meta["text"], [line for line in block.split("\n") if line[0] != "#"]))
    return blocks


def paragraphs(blocks: list[Block], apart: bool) -> list[list[Block]]:
    """Sentences of one document in paragraphs of one to five, the same on every run."""
    chance, result = random.Random(1), []
    for _, group in itertools.groupby(blocks, key=lambda b: b[0]):
        rest = list(group)
        while rest:
            size = chance.randint(1, 5)
            chunk, rest = rest[:size], rest[size:]
            lines: list[list[Block]] = [[]]
            for block in chunk:
                marked = re.search(r"[.؟?!…][\"'»”’)«\s]*$", block[1])
                if apart and not marked:
                    lines += [[block], []]
                else:
                    lines[-1].append(block)
            result += [line for line in lines if line]
    return result


def rows(words: list[tuple[str, list[str]]]) -> str:
    """A sentence in CoNLL-U from its written words and their parts; the tree is flat, since only ends are scored."""
    lines, number = [], 0
    for written, parts in words:
        if len(parts) > 1:
            lines.append(f"{number + 1}-{number + len(parts)}\t{written}" + "\t_" * 8)
        for part in parts:
            number += 1
            lines.append(f"{number}\t{part}\t_\tX\t_\t_\t{int(number > 1)}\t{'dep' if number > 1 else 'root'}\t_\t_")
    return "\n".join(lines) + "\n\n"


def main() -> None:
    """Print precision, recall and F1 of sentences."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("treebank", type=Path)
    options.add_argument("--headlines", choices=("joined", "apart"), default="joined")
    chosen = options.parse_args()
    blocks = paragraphs(read(chosen.treebank), chosen.headlines == "apart")
    story = Story("d", "\n".join(" ".join(text for _, text, _ in p) for p in blocks))
    parsed = Parser(whole_words=load_dictionaries().whole_words()).parse(story)
    gold = "".join(rows([(w, [w]) for w in text.split()]) for p in blocks for _, text, _ in p)
    found = "".join(rows([(w, [w]) for w in s.text.split()]) for s in parsed)
    with tempfile.TemporaryDirectory() as folder:
        files = [Path(folder, "gold.conllu"), Path(folder, "system.conllu")]
        for path, content in zip(files, (gold, found), strict=True):
            path.write_text(content, encoding="utf-8")
        score = evaluate(*(load_conllu_file(str(path), treebank_type={}) for path in files))["Sentences"]
    print(f"sentences: precision {100 * score.precision:.1f}, recall {100 * score.recall:.1f}, F1 {100 * score.f1:.1f}")


if __name__ == "__main__":
    main()
