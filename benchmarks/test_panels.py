"""Speed of duplicates and panels on events that chance has made; of 1,000,000 with WAQAI_EVENTS=1000000.

pytest benchmarks/test_panels.py -s
"""

import os

import numpy
import pandas
import pytest

from coder import aggregate, dedup
from coder.event_frames import read_tables
from coder.output import COLUMNS
from coder.panels import READ_COLUMNS
from coder.states import countries, shipped_rows

EVENTS = int(os.environ.get("WAQAI_EVENTS", "50000"))


def made_events(size: int, seed: int = 1) -> pandas.DataFrame:
    """Events of ten years, four a story, few countries in most of them; some placed, some dated by the text, some with victims."""
    chance = numpy.random.default_rng(seed)
    codes = [row for row in shipped_rows("ontology.csv") if len(row["cameo"]) > 2]
    weights = 1 / numpy.arange(1, len(countries()) + 1)
    code = chance.integers(0, len(codes), size)
    story = numpy.sort(chance.integers(0, max(1, size // 4), size))
    days = numpy.datetime64("2010-01-01") + (story * 3650 // (size // 4 + 1)).astype("timedelta64[D]")
    told = chance.choice([0, 0, 0, 1, 30], size)
    placed = chance.random(size) < 0.3

    def actors() -> list[str]:
        named = chance.choice(list(countries()), size, p=weights / weights.sum())
        roles = chance.choice(["", "GOV", "MIL", "REB", "CVL"], size)
        return [a + b if known else "---" for a, b, known in zip(named, roles, chance.random(size) > 0.15, strict=True)]

    frame = pandas.DataFrame("", index=range(size), columns=list(COLUMNS))
    frame = frame.assign(
        event_id=[f"{n:016x}" for n in chance.permutation(size)], story_id=[f"s{n}" for n in story], sentence=chance.integers(1, 15, size),
        event_date=numpy.datetime_as_string(days - told.astype("timedelta64[D]")), date_precision=numpy.where(told == 0, "story", "day"),
        source=actors(), target=actors(), status="actual", start=chance.integers(0, 3000, size), end=0,
        **{name: [codes[n][name] for n in code] for name in ("cameo", "quad", "goldstein", "plover")}, plover_mode=[codes[n]["mode"] for n in code],
        event_text=chance.choice(["قتل", "هجوم", "اتهمت", "زار", "دعا"], size),  # killed, attack, accused, visited, called
        place=numpy.where(placed, "حلب", ""), latitude=numpy.where(placed, "36.2", ""), longitude=numpy.where(placed, "37.1", ""),  # Aleppo
        killed=chance.choice(["", "", "", "5", "10-20", "25+"], size), story_date=numpy.datetime_as_string(days),
        publisher=chance.choice(["a", "b", "c"], size), rule="V190-1",
    )  # fmt: skip
    again = numpy.flatnonzero(chance.random(size) < 0.3)[1:]  # the event that the row before tells, often in another story
    for name in ("event_date", "source", "target", "cameo", "quad", "goldstein", "plover", "plover_mode", "place", "latitude", "longitude"):
        cells = frame[name].to_numpy(object).copy()
        cells[again] = cells[again - 1]
        frame[name] = cells
    return frame


@pytest.fixture(scope="module")
def file(tmp_path_factory):
    """The events in a file."""
    path = tmp_path_factory.mktemp("panels") / "events.csv"
    made_events(EVENTS).to_csv(path, index=False)
    return path


def note(benchmark) -> None:
    """Events per second, with the benchmark and on the screen."""
    seconds = benchmark.stats.stats.median
    benchmark.extra_info["events_per_second"] = round(EVENTS / seconds)
    print(f"\n{benchmark.name}: {EVENTS:,} events in {seconds:.1f} s")


def test_country_month_panel(benchmark, file):
    """From the file to the panel, duplicates found on the way."""
    panel = benchmark.pedantic(lambda: aggregate(read_tables([file], [], READ_COLUMNS.__contains__)), rounds=1 if EVENTS > 100_000 else 3)
    assert panel["events"].sum() > EVENTS / 2
    note(benchmark)


def test_dedup(benchmark, file):
    """Every column read, clusters added."""
    result = benchmark.pedantic(lambda: dedup(read_tables([file], [])), rounds=1 if EVENTS > 100_000 else 3)
    assert len(result) == EVENTS > result["day_cluster"].nunique()
    note(benchmark)
