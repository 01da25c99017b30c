"""Scores of the parser on a treebank, from raw text through `coder.parse.Parser`, by the CoNLL 2018 scorer.

Four readings of the same sentences: one a paragraph (`sentences`), three a paragraph (`running`), with vowels written (`vowelled`)
and with the hamza of alef left out (`bare alef`).
"""

import io
import time
from collections.abc import Callable

from coder.model import Sentence, Story
from coder.parse import Parser
from coder.text import bare_alefs, clean

METRICS = ("Tokens", "Sentences", "Words", "UPOS", "UFeats", "Lemmas", "UAS", "LAS")
Figures = dict[str, dict[str, float]]
_MARKS = "\u064e\u0650\u0652"  # fatha, kasra, sukun
_PLAIN_TREES = dict.fromkeys(
    ("no_gapping", "no_shared_parents_in_coordination", "no_shared_dependents_in_coordination", "no_control",
     "no_external_arguments_of_relative_clauses", "no_case_info", "no_empty_nodes", "multiple_roots_okay"), 0
)  # fmt: skip


def measure(parser: Parser, gold: str) -> Figures:
    """F1 in percent of each metric, and words a second, of the four readings of a treebank in CoNLL-U."""
    gold = rewritten(gold, _cleaned)
    lines = [line.partition("=")[2].strip() for line in gold.splitlines() if line.startswith("# text =")]
    return {
        "sentences": _score(parser, _story(lines, 1), gold),
        "running": _score(parser, _story(lines, 3), gold),
        "vowelled": _score(parser, _story([vowelled(line) for line in lines], 1), gold),
        "bare alef": _score(parser, _story([bare_alefs(line) for line in lines], 1), rewritten(gold, bare_alefs)),
    }


def table(figures: Figures) -> str:
    """The figures as lines of text."""
    rows = [f"{'':10}" + "".join(f"{m:>11}" for m in (*METRICS, "words/s"))]
    rows += [f"{name:10}" + "".join(f"{row[m]:>11.2f}" for m in METRICS) + f"{row['words/s']:>11.0f}" for name, row in figures.items()]
    return "\n".join(rows)


def rewritten(gold: str, change: Callable[[str], str]) -> str:
    """The same trees with `change` made in forms and texts."""
    lines = gold.split("\n")
    for number, line in enumerate(lines):
        if line.startswith("# text ="):
            lines[number] = "# text = " + " ".join(change(word) for word in line[8:].split())
        elif line and not line.startswith("#"):
            cells = line.split("\t")
            lines[number] = "\t".join([cells[0], change(cells[1]), *cells[2:]])
    return "\n".join(lines)


def vowelled(text: str) -> str:
    """`text` with a mark after every second letter: what a cleaner has to take away again."""
    return "".join(c + _MARKS[i % 3] if i % 2 and "\u0621" <= c <= "\u064a" else c for i, c in enumerate(text))


def to_conllu(sentences: list[Sentence], text: str) -> str:
    """Parsed sentences as the scorer wants them: words that touch and are both letters become one written token."""
    out = []
    for sentence in sentences:
        groups: list[list[int]] = []
        for index, token in enumerate(sentence.tokens):
            before = sentence.tokens[index - 1] if index else None
            if before is not None and token.start <= before.end and before.form[-1:].isalpha() and token.form[:1].isalpha():
                groups[-1].append(index)
            else:
                groups.append([index])
        for group in groups:
            first, last = sentence.tokens[group[0]], sentence.tokens[group[-1]]
            if len(group) > 1:
                out.append(f"{first.id}-{last.id}\t{clean(text[first.start : last.end]).text}" + "\t_" * 8)
            for t in (sentence.tokens[i] for i in group):
                feats = "|".join(f"{k}={v}" for k, v in sorted(t.feats.items(), key=lambda f: f[0].lower())) or "_"
                out.append(f"{t.id}\t{t.form}\t{t.lemma or '_'}\t{t.upos}\t_\t{feats}\t{t.head}\t{t.deprel}\t_\t_")
        out.append("")
    return "\n".join(out) + "\n"


def _cleaned(word: str) -> str:
    """A word as the parser meets it; a dash drawn as a lone tatweel becomes a hyphen."""
    return clean(word).text or "-"


def _story(lines: list[str], together: int) -> Story:
    return Story("treebank", "\n".join(" ".join(lines[i : i + together]) for i in range(0, len(lines), together)))


def _score(parser: Parser, story: Story, gold: str) -> dict[str, float]:
    from udtools.udeval import evaluate, load_conllu

    started = time.perf_counter()
    sentences = parser.parse(story)
    seconds = time.perf_counter() - started
    system = load_conllu(io.StringIO(to_conllu(sentences, story.text)), "system", _PLAIN_TREES)
    result = evaluate(load_conllu(io.StringIO(gold), "gold", _PLAIN_TREES), system)
    figures = {metric: round(100 * result[metric].f1, 2) for metric in METRICS}
    return figures | {"words/s": round(sum(len(s.tokens) for s in sentences) / seconds)}
