"""Speed of the coding core, parse given, and of each stage by itself, on cached parses of our own samples.

    pytest benchmarks --benchmark-columns=median,ops,rounds

Each benchmark notes the words of one round in `extra_info`; words per second are printed at the end (`--benchmark-verbose` shows more).
"""

from pathlib import Path

import pytest

from coder import Coder, load_dictionaries
from coder.actors import ActorFinder, StoryContext
from coder.clauses import ClauseReader
from coder.conllu import read_conllu
from coder.dates import find_dates

SAMPLES = Path(__file__).with_name("samples.conllu.gz")


@pytest.fixture(scope="module")
def tables():
    """The shipped dictionaries."""
    return load_dictionaries()


@pytest.fixture(scope="module")
def parsed():
    """Our own sample stories with their trees."""
    return list(read_conllu(SAMPLES))


def words(parsed) -> int:
    """Syntactic words in the samples."""
    return sum(len(s.tokens) for _, sentences in parsed for s in sentences)


def note(benchmark, count: int) -> None:
    """Keep words per second with the benchmark and show them."""
    benchmark.extra_info["words"] = count
    rate = count / benchmark.stats.stats.median
    benchmark.extra_info["words_per_second"] = round(rate)
    print(f"\n{benchmark.name}: {rate:,.0f} words/s")


def test_coding_core(benchmark, tables, parsed):
    """Clauses, frames, actors, dates, events: everything after the parse."""
    coder = Coder(tables)
    events = benchmark(lambda: [coder.code(story, sentences) for story, sentences in parsed])
    assert sum(map(len, events)) > len(parsed)
    note(benchmark, words(parsed))


def test_stage_actors(benchmark, tables, parsed):
    """Finding every name of every sentence."""
    found = benchmark(lambda: [len(ActorFinder(tables, s, story.date, StoryContext()).matches) for story, sentences in parsed for s in sentences])
    assert sum(found) > 0
    note(benchmark, words(parsed))


def test_stage_clauses(benchmark, tables, parsed):
    """Finding the event words and reading the clause of each."""

    def read() -> int:
        count = 0
        for _, sentences in parsed:
            for sentence in sentences:
                reader = ClauseReader(tables, sentence)
                for token_id, readings in reader.readings.items():
                    for reading in readings:
                        reader.read(sentence.tokens[token_id - 1], reading)
                        count += 1
        return count

    assert benchmark(read) > 0
    note(benchmark, words(parsed))


def test_stage_dates(benchmark, parsed):
    """Resolving dates."""
    keys = [[t.key for t in s.tokens] for _, sentences in parsed for s in sentences]
    benchmark(lambda: [find_dates(k, None) for k in keys])
    note(benchmark, words(parsed))


def test_loading_tables(benchmark):
    """Reading and indexing all tables."""
    benchmark.pedantic(load_dictionaries, rounds=3)
