"""Worker processes that die, and workers of a Dask cluster: nothing lost, nothing twice, always in order."""

import importlib
import io
import sys
from pathlib import Path

import pytest

from coder.crew import CrewError, Work, map_in_order
from coder.model import InputError, Story
from coder.pipeline import KILLED, StoredChunk, StoredFile, _set_aside, code_inputs, split_unit
from coder.progress import Meter, Progress, in_few_lines

sys.path.insert(0, str(Path(__file__).parent))
killers = importlib.import_module("killers")
SAMPLES = Path(__file__).parents[1] / "benchmarks" / "samples.conllu.gz"
WORDS = [f"a{i} b{i}" for i in range(12)]


def work(folder: Path) -> Work[str, str]:
    """Work that may kill."""
    return Work(killers.Killer, (str(folder),), killers.split, killers.set_aside)


def flat(results) -> list[str]:
    """All results of all tasks."""
    return [word for found in results for word in found]


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_order(tmp_path, jobs):
    """Of any number of processes, and tasks are taken only as they are needed."""
    taken = []
    results = map_in_order(work(tmp_path), (taken.append(w) or w for w in WORDS), jobs)
    assert list(next(results)) == ["a0", "b0"] and len(taken) <= 2 * jobs + 1
    assert flat(results) == " ".join(WORDS[1:]).split()


def test_a_task_that_kills_three_workers_is_set_aside(tmp_path):
    """Only the piece at fault; every other one is there once; a worker that dies by chance costs nothing."""
    tasks = [*WORDS[:3], "c kill d", *WORDS[3:5], "once e", *WORDS[5:]]
    assert flat(map_in_order(work(tmp_path), tasks, 2)) == [{"kill": "(kill)"}.get(w, w) for w in " ".join(tasks).split()]
    assert (tmp_path / "kill").read_text() == "xxx"


def test_a_machine_that_is_too_small_is_told(tmp_path):
    """Where every task kills, no story is to blame."""
    with pytest.raises(CrewError, match="fewer --jobs"):
        flat(map_in_order(work(tmp_path), [f"kill{i}" for i in range(9)], 2))


def test_errors_of_a_task_are_raised(tmp_path):
    """They are no deaths."""
    with pytest.raises(ValueError, match="fault of the task"):
        flat(map_in_order(work(tmp_path), [*WORDS, "fail"], 2))


def test_units_are_split_into_stories(tmp_path):
    """Chunks, stored files and batches; each story that kills is named."""
    (tmp_path / "part-0.conllu.gz").write_bytes(SAMPLES.read_bytes())
    pieces = split_unit(StoredFile(tmp_path / "part-0.conllu.gz", "2020-01-01"))
    assert len(pieces) == 9 and all(isinstance(p, StoredChunk) and p.date == "2020-01-01" for p in pieces)
    assert [p.chunk.lines for p in split_unit(pieces[0])] == [pieces[0].chunk.lines]
    assert _set_aside(pieces[0])[0].problems[0].where.endswith("part-0.conllu.gz:1 mali")
    stories = split_unit([Story("s1", "x"), InputError("f:1", "what"), Story("s2", "y")])
    assert len(stories) == 3 and _set_aside(stories[2])[0].problems == [InputError("s2", KILLED, _set_aside(stories[2])[0].problems[0].remedy)]


# ---------------------------------------------------------------------------------------------------- Dask


def test_dask_that_is_not_installed_is_told(tmp_path, monkeypatch):
    """The name of the extra."""
    monkeypatch.setitem(sys.modules, "distributed", None)
    monkeypatch.delitem(sys.modules, "coder.cluster", raising=False)
    with pytest.raises(CrewError, match=r"pip install waqai\[cluster\]"):
        flat(map_in_order(work(tmp_path), WORDS, 2, "local"))


@pytest.fixture(scope="module")
def cluster(tmp_path_factory):
    """The address of a small cluster of two workers that are replaced when they die."""
    distributed = pytest.importorskip("distributed", reason="Dask is an extra: pip install waqai[cluster]")
    import dask

    from coder.cluster import OWN

    with dask.config.set(OWN):
        local = distributed.LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address=None, silence_logs=50)

    with dask.config.set(OWN), local:
        scheduler = tmp_path_factory.mktemp("dask") / "scheduler.json"
        scheduler.write_text('{"address": "' + local.scheduler_address + '"}')
        yield local.scheduler_address, scheduler


def test_a_cluster_gives_what_one_process_gives(cluster, tables):
    """The same events in the same order, by its address."""
    one, many = [], []
    assert list(code_inputs([str(SAMPLES)] * 3, many, dictionaries=tables, cluster=cluster[0])) == list(
        code_inputs([str(SAMPLES)] * 3, one, dictionaries=tables)
    )
    assert one == many


def test_a_task_that_kills_workers_of_a_cluster_is_set_aside(cluster, tmp_path, monkeypatch):
    """By a scheduler file; a lost worker's tasks are done again by another."""
    monkeypatch.setenv("PYTHONPATH", str(Path(__file__).parent))
    tasks = [*WORDS[:3], "c kill d", "once e", *WORDS[3:]]
    assert flat(map_in_order(work(tmp_path), tasks, 1, str(cluster[1]))) == [{"kill": "(kill)"}.get(w, w) for w in " ".join(tasks).split()]


def test_no_cluster_is_told(tmp_path, monkeypatch):
    """The address and the forms that it may have."""
    pytest.importorskip("distributed", reason="Dask is an extra: pip install waqai[cluster]")
    import coder.cluster

    monkeypatch.setattr(coder.cluster, "_WAIT", 1)
    with pytest.raises(CrewError, match="no cluster at tcp://127.0.0.1:9"):
        flat(map_in_order(work(tmp_path), WORDS, 2, "tcp://127.0.0.1:9"))


# ---------------------------------------------------------------------------------------------------- progress


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        """It is."""
        return True


@pytest.mark.parametrize(("stream", "every", "form"), [(Terminal(), 0.6, "\r\033[K{}"), (io.StringIO(), 61, "{}\n")])
def test_progress_is_one_line_on_a_terminal_and_lines_in_a_log(tmp_path, stream, every, form):
    """Rate, share, what is left, counts; stories of an earlier run count, but not in the rate."""
    now = [100.0]
    path = tmp_path / "in"
    path.write_bytes(b"x" * 1000)
    progress = Progress(Meter(total=4000), stream=stream, clock=lambda: now[0])
    progress.begin(Progress(stories=50, events=7))
    progress.add(10, 20, [InputError("a", "broken", "report it"), InputError("b", "not Arabic", "the story is left out")])
    progress.tell()
    assert stream.getvalue() == ""
    progress.meter.follow(path)
    now[0] += every
    progress.tell()
    rate, left = 10 / every, 3 * every
    words = f"60 stories, {rate:,.1f} stories/s, 25 %, {f'{left:.0f} s' if left < 60 else '3 min'} left; 27 events, 1 errors, 1 skipped"
    assert stream.getvalue() == form.format(words)


def test_many_problems_are_told_in_few_lines():
    """A million stories without a date are one fact."""
    problems = [InputError(f"s{i}", "no date", "give it with --date") for i in range(100)] + [InputError("x", "broken")]
    lines = list(in_few_lines(problems, told=3))
    assert lines == [*(f"s{i}: no date (give it with --date)" for i in range(3)), "x: broken", "... and 97 more of this kind (give it with --date)"]
