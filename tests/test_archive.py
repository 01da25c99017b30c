"""Long runs: interrupted and gone on with, in shards, on full disks; the table is always that of an unbroken run."""

import contextlib
import functools
import gzip
import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

import pytest
from typer.testing import CliRunner

import coder.archive
import coder.conllu
import coder.pipeline
from coder.__main__ import command_line
from coder.archive import ArchiveError, Interrupted, Options, coded, merged, parse_shard

ROOT = Path(__file__).parents[1]
SAMPLES = ROOT / "benchmarks" / "samples.conllu.gz"
COPIES = 3
# The command line with small units and a part for each, so that a short run has several.
SMALL = "import coder.archive as a, coder.conllu as c; a._SECONDS = 0; c.read_chunks.__defaults__ = (3000, None)"


_load = functools.cache(coder.load_dictionaries)


@pytest.fixture(autouse=True)
def small(monkeypatch):
    """Small units, a part for each; tables loaded once."""
    monkeypatch.setattr(coder, "load_dictionaries", _load)
    monkeypatch.setattr(coder.archive, "_SECONDS", 0)
    monkeypatch.setattr(coder.pipeline, "read_chunks", functools.partial(coder.conllu.read_chunks, limit=3000))


@pytest.fixture(scope="module")
def corpus(tmp_path_factory):
    """The parsed samples, a few times over."""
    path = tmp_path_factory.mktemp("in") / "in.conllu"
    text = gzip.decompress(SAMPLES.read_bytes()).decode("utf-8")
    path.write_text("".join(text.replace("# newdoc id = ", f"# newdoc id = {n}-") for n in range(COPIES)), encoding="utf-8")
    return path


@pytest.fixture
def run(tmp_path):
    """Run `waqai code` in this process; gives exit code and what was said."""

    def invoke(*arguments):
        result = CliRunner().invoke(command_line().app, [str(a) for a in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
        return result.exit_code, result.output

    return invoke


@pytest.fixture(scope="module")
def table(corpus, tmp_path_factory):
    """What an unbroken run writes."""
    out = tmp_path_factory.mktemp("whole") / "e.csv"
    assert CliRunner().invoke(command_line().app, ["code", str(corpus), "--out", str(out)]).exit_code == 0
    assert not out.with_name("e.csv.parts").exists()
    return out.read_bytes()


@pytest.fixture
def break_after(monkeypatch):
    """Interrupt runs after some units; the units coded are counted."""

    @contextlib.contextmanager
    def after(units):
        count = []
        original = coder.pipeline.UnitCoder.__call__

        def call(self, unit):
            if len(count) == units:
                raise KeyboardInterrupt
            count.append(unit)
            yield from original(self, unit)

        with monkeypatch.context() as patch:
            patch.setattr(coder.pipeline.UnitCoder, "__call__", call)
            yield count

    return after


def start(*arguments, **options):
    """`waqai code` with small units in a process of its own."""
    program = f"{SMALL}\nfrom coder.__main__ import main; main()"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen(
        [sys.executable, "-c", program, "code", *map(str, arguments)], stderr=subprocess.PIPE, text=True, env=environment, **options
    )


def when_parts(out, process, number=2):
    """Wait until a run has left some parts."""
    for _ in range(3000):
        if len(list(out.with_name(out.name + ".parts").glob("part-*.gz"))) >= number or process.poll() is not None:
            return
        time.sleep(0.01)


def test_a_run_that_was_stopped_goes_on(run, corpus, table, tmp_path, break_after, monkeypatch):
    """Ctrl-C says how to go on, exit 130; the same command codes only the rest; the table is the same to the byte."""
    out = tmp_path / "e.csv"
    with break_after(4) as done:
        code, said = run("code", corpus, "--out", out)
        assert code == 130 and "the same command goes on where it was" in said and len(done) == 4
        assert not out.exists() and len(list((tmp_path / "e.csv.parts").glob("part-*.gz"))) == 4
        done.clear()
        assert run("code", corpus, "--out", out)[0] == 130 and len(done) == 4  # four more
    assert run("code", corpus, "--out", out)[0] == 0
    assert out.read_bytes() == table and sorted(os.listdir(tmp_path)) == ["e.csv", "e.csv.datapackage.json", "e.csv.manifest.json"]


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX systems")
@pytest.mark.parametrize("number", [9, 2, 15])
def test_a_killed_run_goes_on(corpus, table, tmp_path, number):
    """kill -9, Ctrl-C, the system's end and a closed terminal leave whole parts, with worker processes too."""
    out, jobs = tmp_path / "e.csv", ["--jobs", "2"] if number == 9 else []
    many = [corpus] * 2
    process = start(*many, "--out", out, *jobs)
    when_parts(out, process)
    process.send_signal(number)
    said = process.communicate()[1]
    assert process.returncode == (-9 if number == 9 else 130), said
    assert "Traceback" not in said and not out.exists()
    assert list((tmp_path / "e.csv.parts").glob("part-*.gz"))
    process = start(*many, "--out", out)
    assert process.communicate()[1].endswith("events\n") and process.returncode == 0
    head, rows = table.split(b"\n", 1)
    assert out.read_bytes() == head + b"\n" + 2 * rows


def test_what_has_changed_is_named(run, corpus, tmp_path, break_after, monkeypatch):
    """Options, dictionaries, weights and text; nothing is mixed; --restart begins anew."""
    out, source, own = tmp_path / "e.csv", tmp_path / "in.conllu", tmp_path / "own"
    shutil.copy(corpus, source)
    own.mkdir()
    (own / "groups.csv").write_text("name,code,from,to,source\nحركة المثال,EGYOPP,,,\n", encoding="utf-8")  # the Example Movement
    given = ["code", source, "--out", out]
    with break_after(4):
        assert run(*given)[0] == 130
    for more, named in [
        (["--date", "2020-02-02"], "--date was not given, is 2020-02-02"),
        (["--all-statuses"], "--all-statuses was False, is True"),
        (["--dictionaries", own], "the dictionaries changed"),
        ([corpus], "INPUT was"),
    ]:
        code, said = run(*given, *more)
        assert code == 2 and named in said and "--restart" in said
    with monkeypatch.context() as patch:
        patch.setattr(coder.archive, "parser_digest", lambda package: "shipped-other-9")
        code, said = run(*given)
        assert code == 2 and "the parser's weights was shipped-" in said
    text = source.read_text(encoding="utf-8")
    source.write_text(text.replace("عنيفة", "أخرى").replace("start=0", "start=00"), encoding="utf-8")
    code, said = run(*given)
    assert code == 2 and "its text is no longer what it was" in said
    source.write_text(text[: text.index("# newdoc id", 10)], encoding="utf-8")
    code, said = run(*given)
    assert code == 2 and "INPUT" in said
    source.write_text(text, encoding="utf-8")
    assert run(*given, "--restart", "--all-statuses")[0] == 0


def test_damaged_parts_are_done_again(run, corpus, table, tmp_path, break_after, monkeypatch):
    """A part cut by a power loss, and all behind it."""
    out, folder = tmp_path / "e.csv", tmp_path / "e.csv.parts"
    with break_after(5):
        run("code", corpus, "--out", out)
    parts = sorted(folder.glob("part-*.gz"))
    parts[2].write_bytes(parts[2].read_bytes()[:-20])
    parts[0].with_name(".part-0000000009.tmp").write_bytes(b"half")
    assert run("code", corpus, "--out", out)[0] == 0 and out.read_bytes() == table


def test_a_full_disk_and_lost_permission_are_told(run, corpus, table, tmp_path, monkeypatch):
    """The reason, the remedy, no half part; the same command goes on."""
    out = tmp_path / "e.csv"
    original = coder.archive.make_lasting
    for number, reason in ((28, "No space left on device"), (13, "Permission denied"), (5, "Input/output error")):
        count = []

        def fail(temporary, path, count=count, number=number, reason=reason):
            count.append(path)
            if len(count) == 4:
                raise OSError(number, reason, str(path))
            original(temporary, path)

        with monkeypatch.context() as patch:
            patch.setattr(coder.archive, "make_lasting", fail)
            code, said = run("code", corpus, "--out", out)
        assert code == 2 and reason in said and "goes on where it was" in said and "Traceback" not in said
        assert not list((tmp_path / "e.csv.parts").glob(".part*"))
    assert run("code", corpus, "--out", out)[0] == 0 and out.read_bytes() == table


def test_a_full_disk_at_the_last_step_is_told(run, corpus, table, tmp_path, monkeypatch):
    """Events are kept until the table is written; an old table stays until the new one is whole."""
    out = tmp_path / "e.csv"
    out.write_text("old")
    with monkeypatch.context() as patch:
        patch.setattr("coder.unpack.make_lasting", lambda *_: (_ for _ in ()).throw(OSError(28, "No space left on device")))
        code, said = run("code", corpus, "--out", out)
    assert code == 2 and "No space left" in said and out.read_text() == "old" and sorted(os.listdir(tmp_path)) == ["e.csv", "e.csv.parts"]
    assert run("code", corpus, "--out", out)[0] == 0 and out.read_bytes() == table


def test_a_removed_folder_is_told(run, corpus, table, tmp_path, monkeypatch):
    """Deleted in the middle of the run: a message; started again, all is there."""
    out = tmp_path / "e.csv"
    original = coder.pipeline.UnitCoder.__call__
    count = []

    def call(self, unit):
        count.append(unit)
        if len(count) == 4:
            shutil.rmtree(tmp_path / "e.csv.parts")
        yield from original(self, unit)

    monkeypatch.setattr(coder.pipeline.UnitCoder, "__call__", call)
    code, said = run("code", corpus, "--out", out)
    assert code == 2 and "is gone: was" in said and not out.exists()
    assert run("code", corpus, "--out", out)[0] == 0 and out.read_bytes() == table


def test_the_clock_may_be_set_back(run, corpus, table, tmp_path, monkeypatch):
    """Nothing depends on the time of day."""
    times = iter(range(10**9, 0, -3600))
    monkeypatch.setattr(time, "time", lambda: float(next(times)))
    assert run("code", corpus, "--out", tmp_path / "e.csv")[0] == 0 and (tmp_path / "e.csv").read_bytes() == table


def test_a_second_run_into_the_same_file_is_refused(run, corpus, tables, tmp_path):
    """The folder is held until the first one ends."""
    pytest.importorskip("fcntl", reason="locks of POSIX systems")
    with coded(Options((str(corpus),), tables), tmp_path / "e.csv") as first:
        code, said = run("code", corpus, "--out", tmp_path / "e.csv")
        assert code == 2 and "another run is at work" in said and next(first.events()).sentence


def test_a_run_that_cannot_begin_leaves_nothing(run, tmp_path):
    """A store of another format: told, and the next try is not held against the options of this one."""
    (tmp_path / "s").mkdir()
    (tmp_path / "s" / "index.waqai").write_text('{"format": 99}\n', encoding="utf-8")
    assert run("code", tmp_path / "s", "--out", tmp_path / "e.csv")[0] == 2
    assert os.listdir(tmp_path) == ["s"]


# ---------------------------------------------------------------------------------------------------- shards


@pytest.fixture
def shards(run, corpus, tmp_path):
    """Three shards."""
    for number in (1, 2, 3):
        assert run("code", corpus, tmp_path / "missing.txt", "--out", tmp_path / "e.csv", "--shard", f"{number}/3")[0] in (0, 1)
    return sorted(tmp_path.glob("e.csv.shard-*"))


def test_merged_shards_are_the_unsharded_run(run, shards, corpus, table, tmp_path):
    """Whatever the order they are given in; the problems come along."""
    assert [s.name for s in shards] == [f"e.csv.shard-{n}-of-3" for n in (1, 2, 3)]
    code, said = run("merge", *reversed(shards), "--out", tmp_path / "e.csv")
    assert code == 1 and "missing.txt: no such file" in said and (tmp_path / "e.csv").read_bytes() == table
    run("code", corpus, tmp_path / "missing.txt", "--out", tmp_path / "f.csv")
    assert (tmp_path / "f.csv.errors.csv").read_bytes() == (tmp_path / "e.csv.errors.csv").read_bytes()


def test_shards_that_do_not_make_a_run_are_told(run, shards, tmp_path, monkeypatch):
    """Missing, given twice, unfinished, of other options or text."""
    assert "shards are missing: 2/3" in run("merge", shards[0], shards[2])[1]
    shutil.copytree(shards[0], tmp_path / "again")
    assert "are the same shard 1/3" in run("merge", *shards, tmp_path / "again")[1]
    whole = shards[1] / "whole.json"
    text = whole.read_text()
    whole.write_text(text.replace('"key": "', '"key": "0'))
    assert "different INPUT" in run("merge", *shards)[1]
    whole.unlink()
    assert "is not finished" in run("merge", *shards)[1]
    whole.write_text(text)
    record = json.loads((shards[1] / "run.json").read_text())
    (shards[1] / "run.json").write_text(json.dumps({**record, "date": "2020-01-01"}))
    assert "--date was not given, is 2020-01-01" in run("merge", *shards)[1]
    with pytest.raises(ArchiveError, match="no run of"):
        merged([tmp_path])


@pytest.mark.parametrize("text", ["", "0/3", "4/3", "3", "a/b", "-1/2", "1/0"])
def test_a_shard_is_i_of_n(text):
    """Anything else is refused with an example."""
    with pytest.raises(ArchiveError, match="such as 2/8"):
        parse_shard(text)


def test_an_interrupted_shard_goes_on(run, corpus, table, tmp_path, break_after, monkeypatch):
    """As a whole run does."""
    with break_after(2):
        assert run("code", corpus, "--out", tmp_path / "e.csv", "--shard", "1/2")[0] == 130
    for number in (1, 2):
        assert run("code", corpus, "--out", tmp_path / "e.csv", "--shard", f"{number}/2")[0] == 0
    assert run("merge", *tmp_path.glob("e.csv.shard-*"), "--out", tmp_path / "e.csv")[0] == 0
    assert (tmp_path / "e.csv").read_bytes() == table


def test_an_interruption_is_an_archive_error():
    """What the command line turns into exit code 130."""
    assert Interrupted("x").interrupted and not ArchiveError("x").interrupted
