"""Training of the parser's weights on a folder of UD files, by Stanza's own trainers, each run as a process of its own.

The stages follow one another, and each keeps its output in `TO/work`: a run that was stopped goes on where it stopped.

    tokenize, mwt, lemma    on the treebank, forms cleaned and written with bare alefs; the tokenizer with a lexicon from the raw text
    vectors                 fastText vectors of the words that the new tokenizer finds in the raw text (else those of the shipped weights)
    tags                    two taggers, each trained on half of the documents, tag the other half: the parser learns on predicted tags
    pos, depparse           the tagger and the parser
"""

import gzip
import os
import random
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from attrs import evolve, frozen

from coder.text import fold
from coder.treebank import Tree, noisy_copies, plain, read_part, write_tokenizer_files, write_trees

Say = Callable[[str], None]
NOISE = 0.3  # share of the sentences that get a noisy copy
LEXICON_COUNT = 3  # times that a word must stand in the raw text to be in the tokenizer's lexicon
CERTAIN_COUNT = 3  # times that the treebank must leave a word whole to be believed although it looks cut
RAW_LINES = 60_000
CLITICS, PRONOUNS = "وفبلكس", ("هما", "ها", "هم", "هن", "نا", "ه")
_STANZA = "stanza.models."
_TAGGER = ("--char_hidden_dim", "200", "--deep_biaff_hidden_dim", "300", "--word_cutoff", "4", "--batch_size", "16")
_HALF_TAGGER = ("--hidden_dim", "150", "--char_hidden_dim", "100", "--char_emb_dim", "50", "--deep_biaff_hidden_dim", "200", "--batch_size", "16")
_PARSER = (
    "--hidden_dim", "250", "--char_hidden_dim", "150", "--char_emb_dim", "64", "--deep_biaff_hidden_dim", "250", "--deep_biaff_output_dim", "100",
    "--num_layers", "2", "--word_cutoff", "4", "--no_ufeats", "--no_xpos", "--batch_size", "1000", "--optim", "adam", "--lr", "2e-3",
    "--beta2", "0.95", "--second_lr", "5e-4", "--dropout", "0.45",
)  # fmt: skip


class TrainingError(RuntimeError):
    """A stage that failed. The message names it, its log and the last lines of it."""


@frozen
class Plan:
    """What is trained: a folder of UD files, the folder for the weights, raw text or none, seed, cpu or cuda, and the share of the usual
    number of steps (1 for weights to use, 0.01 to see that everything runs)."""

    data: Path
    to: Path
    raw: Path | None = None
    seed: int = 1
    device: str = "cpu"
    effort: float = 1.0
    vectors: Path | None = None

    @property
    def work(self) -> Path:
        """The folder of the stages' outputs."""
        return self.to / "work"

    def steps(self, count: int) -> str:
        """A number of steps, as an option."""
        return str(max(2, round(count * self.effort)))

    def file(self, name: str) -> str:
        """A file of the working folder, as an option."""
        return str(self.work / name)


def train(plan: Plan, say: Say = print) -> Path:
    """Train all processors; returns the folder of the weights. Raises TreebankError for bad input and TrainingError for a stage that failed."""
    from coder.weights_folder import finish

    plan.work.mkdir(parents=True, exist_ok=True)
    trees, dev = read_part(plan.data, "train", plan.to), read_part(plan.data, "dev", plan.to)
    say(f"{len(trees)} sentences to train on, {len(dev)} to measure on")
    write_data(plan, trees, dev)
    for stage in (train_tokenizer, train_expander, train_lemmatizer, make_vectors, tag_by_halves, train_tagger, train_parser):
        stage(plan, say)
    return finish(plan, trees, say)


def run_stage(plan: Plan, say: Say, module: str, output: str, options: list[str], name: str = "") -> None:
    """Run one of Stanza's trainers, unless its output is there already. It writes to a name of its own until it has ended well."""
    target = plan.work / output
    if target.exists():
        say(f"{output}: there already")
        return
    draft, log = plan.work / f"draft-{output}", plan.work / f"{target.stem}.log"
    saving = ["--output_file", str(draft)] if target.suffix == ".conllu" else ["--save_dir", str(plan.work), "--save_name", draft.name]
    command = [sys.executable, "-m", _STANZA + module, "--shorthand", "ar_news", *options, *saving, "--seed", str(plan.seed)]
    say(f"{output}: {name or module} ...")
    with open(log, "w", encoding="utf-8") as stream:
        device = [] if plan.device == "cuda" else ["--cpu"]
        done = subprocess.run(
            [*command, *device], stdout=stream, stderr=subprocess.STDOUT, env={**os.environ, "PYTHONIOENCODING": "utf-8"}, check=False
        )
    if done.returncode or not draft.exists():
        last = " / ".join(log.read_text(encoding="utf-8").strip().splitlines()[-3:])
        raise TrainingError(f"{output} failed ({log}): {last}")
    draft.replace(target)


# ---------------------------------------------------------------------------------------------------- data


def write_data(plan: Plan, trees: list[Tree], dev: list[Tree]) -> None:
    """All files that the trainers read."""
    more = trees + noisy_copies(trees, NOISE, plan.seed)
    for name, part in (("train", trees), ("train-noisy", more), ("dev", dev)):
        write_trees(part, plan.work / f"{name}.conllu")
    for half, part in enumerate(halves(trees)):
        write_trees(part, plan.work / f"half{half}.conllu")
    write_trees(unexpanded(dev), plan.work / "dev-unexpanded.conllu")
    write_tokenizer_files(more, plan.work / "train", plan.seed)
    write_tokenizer_files(dev, plan.work / "dev", plan.seed)
    counts = raw_counts(plan.raw)
    words = lexicon(counts) or sorted({w for t in trees for s in t.spans for w in s.words if len(w) > 1})
    (plan.work / "lexicon.txt").write_text("\n".join(words) + "\n", encoding="utf-8")


def halves(trees: list[Tree]) -> tuple[list[Tree], list[Tree]]:
    """The documents in two halves."""
    side = {name: number % 2 for number, name in enumerate(sorted({t.document for t in trees}))}
    return [t for t in trees if not side[t.document]], [t for t in trees if side[t.document]]


def unexpanded(trees: list[Tree]) -> Iterator[Tree]:
    """Trees whose tokens of several words are one word, marked for the expander."""
    for tree in trees:
        rows, spans = [], []
        for number, span in enumerate(tree.spans, 1):
            mark = "MWT=Yes" if len(span.words) > 1 else "_"
            rows.append((str(number), span.surface, "_", "X", "_", "_", str(number - 1), "dep" if number > 1 else "root", "_", mark))
            spans.append(evolve(span, words=(span.surface,)))
        yield Tree(tree.name, tuple(rows), tuple(spans))


def raw_lines(path: Path) -> Iterator[str]:
    """Lines of raw text, cleaned and with bare alefs, up to `RAW_LINES`."""
    opened = gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else open(path, encoding="utf-8")
    with opened as stream:
        for number, line in enumerate(stream):
            if number == RAW_LINES:
                return
            if line.strip():
                yield plain(" ".join(line.split()))


def raw_counts(path: Path | None) -> Counter[str]:
    """How often each written word stands in the raw text."""
    return Counter(word for line in raw_lines(path) for word in line.split()) if path else Counter[str]()


def lexicon(counts: Counter[str]) -> list[str]:
    """Words of raw text that are whole: frequent, and not a clitic on a word that is more frequent by itself."""
    words = Counter[str]()
    for word, count in counts.items():
        words["".join(c for c in word if c.isalpha())] += count
    return sorted(w for w, n in words.items() if n >= LEXICON_COUNT and len(w) > 1 and not looks_cut(w, words))


def looks_cut(word: str, counts: Counter[str]) -> bool:
    """Whether the counts speak for a clitic before `word` or a pronoun after it."""
    bases = [word[1:]] if word[0] in CLITICS and len(word) > 3 else []
    bases += [word[: -len(p)] for p in PRONOUNS if word.endswith(p) and len(word) - len(p) > 2]
    return any(counts[base] >= counts[word] for base in bases)


# ---------------------------------------------------------------------------------------------------- stages


def train_tokenizer(plan: Plan, say: Say) -> None:
    """Tokens, sentences, and which tokens hold several words."""
    options = [
        "--lang", "ar", "--txt_file", plan.file("train.txt"), "--label_file", plan.file("train.labels"), "--mwt_json_file", plan.file("dev.mwt.json"),
        "--dev_txt_file", plan.file("dev.txt"), "--dev_label_file", plan.file("dev.labels"), "--dev_conll_gold", plan.file("dev.conllu"),
        "--max_seqlen", "300", "--hidden_dim", "96", "--use_dictionary", "--external_dict", plan.file("lexicon.txt"),
        "--steps", plan.steps(3500), "--eval_steps", plan.steps(250), "--anneal_after", plan.steps(1000), "--max_steps_before_stop", plan.steps(1500),
    ]  # fmt: skip
    run_stage(plan, say, "tokenizer", "tokenize.pt", options)


def train_expander(plan: Plan, say: Say) -> None:
    """The words in a token of several."""
    options = ["--lang", "ar", "--train_file", plan.file("train.conllu"), "--eval_file", plan.file("dev-unexpanded.conllu")]
    options += ["--gold_file", plan.file("dev.conllu"), "--max_dec_len", "40", "--num_epoch", plan.steps(20)]
    run_stage(plan, say, "mwt_expander", "mwt.pt", options)


def train_lemmatizer(plan: Plan, say: Say) -> None:
    """Vocalised lemmas."""
    options = ["--train_file", plan.file("train.conllu"), "--eval_file", plan.file("dev.conllu"), "--num_epoch", plan.steps(25)]
    run_stage(plan, say, "lemmatizer", "lemma.pt", options)


def make_vectors(plan: Plan, say: Say) -> None:
    """Word vectors: trained on the raw text, cut into words by the new tokenizer; without raw text, those that are given or shipped."""
    from coder.weights_folder import shipped_vectors, train_vectors

    target = plan.work / "vectors.pt"
    if target.exists():
        say("vectors.pt: there already")
    elif plan.raw is None:
        shipped_vectors(plan.vectors, target)
        say("vectors.pt: taken over, no raw text given")
    else:
        segment_raw(plan, say)
        say("vectors.pt: fastText ...")
        train_vectors(plan.work, target, plan.effort)


def segment_raw(plan: Plan, say: Say) -> None:
    """`words.txt`: the raw text and the treebank, one sentence a line, its words apart."""
    if (plan.work / "words.txt").exists() or plan.raw is None:
        return
    lines = [line for line in raw_lines(plan.raw) if len(line) < 1_500]
    random.Random(plan.seed).shuffle(lines)
    (plan.work / "raw.txt").write_text("\n\n".join(lines[: int(plan.steps(len(lines)))]) + "\n", encoding="utf-8")
    command = [sys.executable, "-m", _STANZA + "tokenizer", "--mode", "predict", "--lang", "ar", "--shorthand", "ar_news"]
    command += ["--txt_file", plan.file("raw.txt"), "--conll_file", plan.file("raw.conllu"), "--load_name", plan.file("tokenize.pt")]
    say("words.txt: cutting the raw text into words ...")
    with open(plan.work / "raw.log", "w", encoding="utf-8") as log:
        subprocess.run([*command, *([] if plan.device == "cuda" else ["--cpu"])], stdout=log, stderr=subprocess.STDOUT, check=True)
    options = ["--mode", "predict", "--lang", "ar", "--eval_file", plan.file("raw.conllu"), "--save_name", plan.file("mwt.pt")]
    _predict(plan, say, "mwt_expander", "raw-words.conllu", options)
    with open(plan.work / "words.txt", "w", encoding="utf-8") as stream:
        for name in ("raw-words.conllu", "train.conllu"):
            for sentence in (plan.work / name).read_text(encoding="utf-8").split("\n\n"):
                cells = (line.split("\t") for line in sentence.splitlines() if not line.startswith("#"))
                stream.write(" ".join(c[1].lower() for c in cells if c[0].isdigit()) + "\n")


def _predict(plan: Plan, say: Say, module: str, output: str, options: list[str]) -> None:
    run_stage(plan, say, module, output, options, f"{module}, reading")


def tag_by_halves(plan: Plan, say: Say) -> None:
    """`train-tags.conllu` and `dev-tags.conllu`: the trees with tags as a tagger gives them that has not seen them."""
    vectors = ["--lang", "ar", "--wordvec_pretrain_file", plan.file("vectors.pt")]
    for half in (0, 1):
        other = plan.file(f"half{1 - half}.conllu")
        steps = ["--max_steps", plan.steps(700), "--eval_interval", plan.steps(350), "--fix_eval_interval"]
        train_files = ["--train_file", plan.file(f"half{half}.conllu"), "--eval_file", other]
        run_stage(plan, say, "tagger", f"half{half}.pt", [*vectors, *train_files, *_HALF_TAGGER, *steps], "tagger on one half")
        read = [*vectors, "--mode", "predict", "--save_dir", str(plan.work), "--save_name", f"half{half}.pt"]
        _predict(plan, say, "tagger", f"half{1 - half}-tags.conllu", [*read, "--eval_file", other])
    _predict(plan, say, "tagger", "dev-tags-all.conllu", [*read, "--eval_file", plan.file("dev.conllu")])
    tags = read_tags(plan.work / "half0-tags.conllu") | read_tags(plan.work / "half1-tags.conllu") | read_tags(plan.work / "dev-tags-all.conllu")
    for name in ("train-noisy", "dev"):
        retag(plan.work / f"{name}.conllu", tags, plan.work / f"{name}-tags.conllu")


def read_tags(path: Path) -> dict[str, list[str]]:
    """Tags of each sentence, by its `sent_id`."""
    return {name: [row[3] for row in rows if row[0].isdigit()] for name, rows in _sentences(path)}


def retag(path: Path, tags: dict[str, list[str]], to: Path) -> None:
    """Write a treebank file with other tags (a copy that lost its full stop takes the first ones)."""
    with open(to, "w", encoding="utf-8", newline="\n") as stream:
        for name, rows in _sentences(path):
            given = iter(tags[name])
            stream.write(f"# sent_id = {name}\n")
            for row in rows:
                stream.write("\t".join([*row[:3], next(given), *row[4:]] if row[0].isdigit() else row) + "\n")
            stream.write("\n")


def _sentences(path: Path) -> Iterator[tuple[str, list[list[str]]]]:
    for block in path.read_text(encoding="utf-8").strip().split("\n\n"):
        lines = block.splitlines()
        name = next(line.partition("=")[2].strip() for line in lines if line.startswith("# sent_id"))
        yield name, [line.split("\t") for line in lines if not line.startswith("#")]


def train_tagger(plan: Plan, say: Say) -> None:
    """Tags and features."""
    options = ["--lang", "ar", "--train_file", plan.file("train-noisy.conllu"), "--eval_file", plan.file("dev.conllu"), *_TAGGER, "--lr", "2e-3"]
    options += ["--wordvec_pretrain_file", plan.file("vectors.pt"), "--max_steps", plan.steps(4500), "--max_steps_before_stop", plan.steps(1200)]
    options += ["--eval_interval", plan.steps(150), "--fix_eval_interval", "--second_optim_reload", "--second_lr", "7e-4"]
    run_stage(plan, say, "tagger", "pos.pt", options)


def train_parser(plan: Plan, say: Say) -> None:
    """Heads and relations. Stanza keeps a checkpoint of this longest stage, from which a stopped run goes on."""
    options = ["--lang", "ar", "--train_file", plan.file("train-noisy-tags.conllu"), "--eval_file", plan.file("dev-tags.conllu"), *_PARSER]
    options += ["--wordvec_pretrain_file", plan.file("vectors.pt"), "--checkpoint_save_name", "depparse.checkpoint"]
    options += ["--max_steps", plan.steps(4000), "--second_optim_start_step", plan.steps(2600)]
    options += ["--eval_interval", plan.steps(200), "--max_steps_before_stop", plan.steps(1000)]
    run_stage(plan, say, "parser", "depparse.pt", options)


def word_list(trees: list[Tree], counts: Counter[str]) -> list[str]:
    """What the treebank says on cutting, folded: spellings that it never cuts, and with a hyphen before them those that it mostly cuts."""
    whole, cut = Counter[str](), Counter[str]()
    for tree in trees:
        for span in tree.spans:
            (cut if len(span.words) > 1 else whole)[fold(span.surface)] += 1
    seen = Counter({fold(w): n for w, n in counts.items()}) + whole + cut
    kept = (w for w in whole if not cut[w] and len(w) > 2 and w.isalpha())
    listed = [w for w in kept if whole[w] >= CERTAIN_COUNT or clitic_like(w) and not looks_cut(w, seen)]
    return sorted(listed) + sorted(f"-{w}" for w in cut if cut[w] > whole[w] and len(w) > 2)


def clitic_like(word: str) -> bool:
    """Whether a word begins or ends as a clitic could."""
    return word[0] in CLITICS or word.endswith(PRONOUNS)
