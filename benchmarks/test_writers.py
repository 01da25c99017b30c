"""Rows a second of every format, and of reading a native table: 100,000 are asked for each.

    pytest benchmarks/test_writers.py --benchmark-columns=median,ops,rounds

Events are those of the tests, made by code. Memory: events are taken from a generator and no writer keeps more than a story (Parquet: a row group of
50,000), so that it is the same for any number of events.
"""

import sys
from pathlib import Path

import pytest

from coder.events_table import read_table
from coder.formats import FORMATS
from coder.outputs import output_paths, write_formats

sys.path.insert(0, str(Path(__file__).parent.parent / "tests"))
from made_events import made_events  # noqa: E402

COUNT = 50_000


@pytest.fixture(scope="module")
def events():
    """The events, made beforehand."""
    return list(made_events(COUNT))


def note(benchmark) -> None:
    """Keep rows a second with the benchmark and show them."""
    rate = COUNT / benchmark.stats.stats.median
    benchmark.extra_info["rows_per_second"] = round(rate)
    print(f"\n{benchmark.name}: {rate:,.0f} rows/s")


@pytest.mark.parametrize("name", FORMATS)
def test_writing(benchmark, events, tmp_path, name):
    """One format into a file."""
    if name == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow, of the extra `parquet`, is not installed")
    paths = output_paths(tmp_path / "events", [name])
    count, _ = benchmark.pedantic(write_formats, args=(events, paths), rounds=3, warmup_rounds=1)
    assert count == COUNT
    note(benchmark)


def test_reading(benchmark, events, tmp_path):
    """The native table, every fault looked for."""
    write_formats(events, {"native": tmp_path / "events.csv"})
    count = benchmark.pedantic(lambda: sum(1 for _ in read_table(tmp_path / "events.csv", [])), rounds=3)
    assert count == COUNT
    note(benchmark)
