"""The last steps of training: word vectors, and the finished folder of weights with hashes, word list, scores and model card."""

import hashlib
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from coder.treebank import Tree, TreebankError, part_files

if TYPE_CHECKING:
    from coder.train import Plan, Say

PROCESSORS = ("tokenize", "mwt", "pos", "lemma", "depparse")
_PREFIX = ("<PAD>", "<UNK>", "<EMPTY>", "<ROOT>")  # the first rows of every Stanza vocabulary
_RANGE = 6e4  # the largest number that half precision holds is 65,504


def train_vectors(work: Path, target: Path, effort: float = 1.0) -> None:
    """fastText vectors (skip-gram, with parts of words) of the words of `words.txt` that stand there three times or in the treebank."""
    try:
        import fasttext
    except ImportError as error:
        raise TreebankError(f"fastText cannot be imported: {error} (pip install 'waqai[train]', or train without --raw)") from error
    words = Counter((work / "words.txt").read_text(encoding="utf-8").split())
    own = {line.split("\t")[1].lower() for line in (work / "train.conllu").read_text(encoding="utf-8").splitlines() if line[:1].isdigit()}
    kept = [w for w, n in words.most_common() if (n > 2 or w in own) and "\xa0" not in w]
    epochs = max(1, round(12 * effort))
    options = {"model": "skipgram", "dim": 100, "ws": 3, "minCount": 2, "minn": 2, "maxn": 5, "bucket": 200_000}
    model = fasttext.train_unsupervised(str(work / "words.txt"), epoch=epochs, thread=2, verbose=0, **options)
    save_vectors(kept, [model.get_word_vector(w) for w in kept], target)


def save_vectors(words: list[str], rows: list[Any], target: Path) -> None:
    """Write a Stanza vector file."""
    import numpy
    import torch

    units = [*_PREFIX, *words]
    table = numpy.zeros((len(units), len(rows[0])), dtype="float32")
    table[len(_PREFIX) :] = rows
    vocabulary = {"lang": "ar", "idx": 0, "cutoff": 0, "lower": True, "_unit2id": {w: i for i, w in enumerate(units)}, "_id2unit": units}
    torch.save({"vocab": vocabulary, "emb": torch.from_numpy(table)}, target)


def shipped_vectors(given: Path | None, target: Path) -> None:
    """Take over a vector file: the given one, or that of the shipped weights."""
    import torch

    from coder.parse import WEIGHTS

    data = torch.load(given or WEIGHTS / "vectors.pt", map_location="cpu", weights_only=True)
    data["emb"] = data["emb"].float()
    torch.save(data, target)


def finish(plan: "Plan", trees: list[Tree], say: "Say") -> Path:
    """Write the weights in half precision, the word list, the licence, the hashes; measure them; write the model card."""
    from coder.train import raw_counts, word_list

    for name in (*PROCESSORS, "vectors"):
        halve(plan.work / f"{name}.pt", plan.to / f"{name}.pt")
    (plan.to / "whole_words.txt").write_text("\n".join(word_list(trees, raw_counts(plan.raw))) + "\n", encoding="utf-8")
    write_manifest(plan.to)
    (plan.to / "MODEL.md").write_text(model_card(plan, trees, scores(plan)), encoding="utf-8")
    say((plan.to / "MODEL.md").read_text(encoding="utf-8"))
    return plan.to


def halve(source: Path, target: Path) -> None:
    """A model file with its numbers in half precision, where they fit; optimizers and the paths of
    the machine that trained are left out."""
    import torch

    data = torch.load(source, map_location="cpu", weights_only=True)
    if "config" in data:
        data["config"] = {k: Path(v).name if isinstance(v, str) and k != "conv_filters" else v for k, v in data["config"].items()}
    torch.save({k: _halved(v) for k, v in data.items() if not k.endswith("optimizer_state_dict")}, target)


def _halved(value: Any) -> Any:
    import torch

    if isinstance(value, dict):
        return type(value)((k, _halved(v)) for k, v in value.items())
    if isinstance(value, torch.Tensor) and value.dtype == torch.float32 and value.numel() > 1 and value.abs().max() < _RANGE:
        return value.half()
    return value


def write_manifest(folder: Path) -> None:
    """`MANIFEST.sha256`: the hash of each file that the parser loads."""
    files = sorted([*folder.glob("*.pt"), folder / "whole_words.txt"])
    lines = [f"{hashlib.sha256(f.read_bytes()).hexdigest()}  {f.name}" for f in files]
    (folder / "MANIFEST.sha256").write_text("\n".join(lines) + "\n", encoding="utf-8")


def scores(plan: "Plan") -> str:
    """The figures on the development part, from raw text, as the parser of the project reaches them; or why there are none."""
    from udtools.udeval import UDError

    from coder import load_dictionaries
    from coder.parse import Parser
    from coder.parser_scores import measure, table

    gold = "\n".join(p.read_text(encoding="utf-8").rstrip("\n") + "\n" for p in part_files(plan.data, "dev", plan.to))
    parser = Parser(whole_words=load_dictionaries().whole_words(), weights=plan.to)
    try:
        return table(measure(parser, gold + "\n"))
    except UDError as error:  # weights of a trial run can lose letters
        return f"not measured: {str(error).splitlines()[0]}"


def model_card(plan: "Plan", trees: list[Tree], figures: str) -> str:
    """MODEL.md: data, licence, sizes, scores, and how to repeat it."""
    size = sum(f.stat().st_size for f in plan.to.glob("*.pt")) / 1e6
    notes = sorted(p for p in plan.data.rglob("*") if p.stem.upper().startswith(("LICENSE", "README", "LICENCE")) and p.is_file())
    return f"""# Weights trained by `waqai train`

- Treebank: {sizes(trees)} from {", ".join(sorted(data_files(plan)))}.
- Licence: the weights carry the licence of the treebank ({", ".join(n.name for n in notes) or "no licence file beside it: look it up"}).
- Word vectors: {"fastText skip-gram on raw text" if plan.raw else "taken over"}.
- Size: {size:.1f} MB in half precision. Seed {plan.seed}, {plan.device}, effort {plan.effort}.
- To repeat: `waqai train FOLDER --to FOLDER{" --raw TEXT" if plan.raw else ""} --seed {plan.seed} --device {plan.device}`

F1 on the development part from raw text (CoNLL 2018 scorer), words a second on the machine that trained:

```
{figures}
```
"""


def sizes(trees: list[Tree]) -> str:
    """Sentences and words, in words."""
    return f"{len(trees):,} sentences, {sum(len(t.rows) for t in trees):,} words"


def data_files(plan: "Plan") -> set[str]:
    """Names of the files trained and measured on."""
    return {p.name for part in ("train", "dev") for p in part_files(plan.data, part, plan.to)}
