"""Words per second of the parser, side by side with a plain Stanza pipeline on the same weights, called story by story.

    python benchmarks/parser_speed.py STORIES.jsonl [--rounds 3]

Both run in one process on the CPU, in turn, round after round; the medians are compared. Without a file, our own samples are parsed.
"""

import argparse
import statistics
import time
from collections.abc import Callable
from pathlib import Path

from coder import Story, load_dictionaries
from coder.batches import batches
from coder.parse import WEIGHTS, Parser, plain_pipeline
from coder.stories import read_stories

SAMPLES = Path(__file__).resolve().parent.parent / "tests" / "samples" / "stories.jsonl"


def rate(parse: Callable[[list[Story]], int], stories: list[Story]) -> tuple[float, float]:
    """Words per second of wall-clock and of processor time."""
    wall, processor = time.perf_counter(), time.process_time()
    words = parse(stories)
    return words / (time.perf_counter() - wall), words / (time.process_time() - processor)


def main() -> None:
    """Measure and print both rates and their ratio."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("stories", nargs="?", default=str(SAMPLES))
    options.add_argument("--rounds", type=int, default=3)
    chosen = options.parse_args()
    stories = [item for item in read_stories([chosen.stories], date="2020-06-01") if isinstance(item, Story)]
    plain = plain_pipeline(WEIGHTS)
    parser = Parser(whole_words=load_dictionaries().whole_words())

    def by_story(items: list[Story]) -> int:
        return sum(plain(story.text).num_words for story in items)

    def together(items: list[Story]) -> int:
        parsed = (parser.parse_many([s for s in batch if isinstance(s, Story)]) for batch in batches(items))
        return sum(len(sentence.tokens) for batch in parsed for sentences in batch for sentence in sentences)

    by_story(stories[:2]), together(stories[:2])
    rates: dict[str, list[tuple[float, float]]] = {"plain": [], "waqai": []}
    for _ in range(chosen.rounds):
        rates["plain"].append(rate(by_story, stories))
        rates["waqai"].append(rate(together, stories))
    medians = {name: [statistics.median(column) for column in zip(*rows, strict=True)] for name, rows in rates.items()}
    for name, (wall, processor) in medians.items():
        print(f"{name}: {wall:,.0f} words/s ({processor:,.0f} per second of processor time)")
    wall, processor = (ours / theirs for ours, theirs in zip(medians["waqai"], medians["plain"], strict=True))
    print(f"waqai / plain: {wall:.2f} ({processor:.2f} by processor time)")


if __name__ == "__main__":
    main()
