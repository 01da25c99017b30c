"""The accuracy gate: code the gold sentences and the seed article, score them, and fail below a pinned floor.

    python benchmarks/gate.py             compare with benchmarks/baseline.json
    python benchmarks/gate.py --update    raise the floors to what was reached (a floor never goes down)

The gold data are not part of the project; where they are absent (`../shared`), the gate says so and passes. The floors belong to the
very gold files whose hashes stand in the baseline: other files are refused.
"""

import argparse
import csv
import hashlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from coder import Coder, Story, load_dictionaries

ROOT = Path(__file__).resolve().parent.parent
SHARED = ROOT.parent / "shared"
BASELINE = Path(__file__).with_name("baseline.json")
SCORER = SHARED / "gold" / "score_gold.py"
DEV, SEED, ARTICLE = SHARED / "gold" / "dev.jsonl", SHARED / "gold" / "seed_events.csv", SHARED / "seed" / "article.txt"
EPSILON = 0.005  # what another CPU's arithmetic may move


def code_gold(folder: Path) -> dict[str, Path]:
    """Code both sets into prediction files as the scorer wants them; returns them by name."""
    from coder.parse import Parser

    tables = load_dictionaries()
    parser, coder = Parser(whole_words=tables.whole_words()), Coder(tables)
    dev, seed = folder / "dev.csv", folder / "seed.csv"
    with open(dev, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("id", "source", "cameo", "target", "date"))
        for item in map(json.loads, DEV.read_text(encoding="utf-8").splitlines()):
            before = "\n".join([*item["context"], ""]) if item["context"] else ""
            story = Story(item["id"], before + item["text"], item["date"])
            for e in coder.code(story, parser.parse(story)):
                if e.start >= len(before):
                    writer.writerow((item["id"], e.source, e.cameo, e.target, e.event_date))
    with open(seed, "w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(("sentence", "source", "cameo", "target", "event_date"))
        story = Story("seed", ARTICLE.read_text(encoding="utf-8"), "2022-09-13")
        sentences = parser.parse(story)
        for e in coder.code(story, sentences):
            writer.writerow((sentences[e.sentence - 1].text, e.source, e.cameo, e.target, e.event_date))
    return {"dev": dev, "seed": seed}


def measure() -> dict[str, float]:
    """The gated figures: dev F1 at root and countries and at the full tuple; seed core recall and precision."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        predictions = code_gold(folder)
        scores = {}
        for key, gold in (("dev", DEV), ("seed", SEED)):
            out = folder / f"{key}.json"
            subprocess.run([sys.executable, str(SCORER), str(gold), str(predictions[key]), "--json", str(out)], check=True, stdout=subprocess.DEVNULL)
            scores[key] = json.loads(out.read_text(encoding="utf-8"))
    return {
        "dev root and countries F1": round(scores["dev"]["a"]["f1"], 4),
        "dev full tuple F1": round(scores["dev"]["b"]["f1"], 4),
        "seed core recall": round(scores["seed"]["a"]["recall"], 4),
        "seed precision": round(scores["seed"]["a"]["precision"], 4),
    }


def gold_hash() -> str:
    """Hash of the gold files that the floors belong to."""
    digest = hashlib.sha256()
    for path in (DEV, SEED, ARTICLE):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def main() -> int:
    """Run the gate; 0 passed or gold absent, 1 a figure fell, 2 other gold."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--update", action="store_true", help="raise the floors to what was reached")
    update = options.parse_args().update
    if not SCORER.is_file():
        print(f"gate: no gold data in {SHARED}, nothing measured")
        return 0
    baseline = json.loads(BASELINE.read_text(encoding="utf-8"))
    if baseline["gold"] != gold_hash() and not update:
        print(f"gate: the gold files are not those of the baseline ({gold_hash()} instead of {baseline['gold']}); look at them and run with --update")
        return 2
    figures, failed = measure(), False
    for name, value in figures.items():
        floor = baseline["floors"].get(name, 0.0)
        fell = value < floor - EPSILON
        failed |= fell
        print(f"{name}: {value:.4f} (floor {floor:.4f}){' BELOW THE FLOOR' if fell else ''}")
    if update and not failed:
        floors = {name: max(value, baseline["floors"].get(name, 0.0)) for name, value in figures.items()}
        BASELINE.write_text(json.dumps({"gold": gold_hash(), "floors": floors}, indent=1) + "\n", encoding="utf-8")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
