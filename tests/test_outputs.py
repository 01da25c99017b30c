"""Several formats in one run, conversion, and what stands beside the outputs; the commands as a user starts them, without the parser."""

import hashlib
import io
import json
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from made_events import made_events

from coder.conllu import write_conllu
from coder.formats import DATASETS, FormatError
from coder.model import Event, Story
from coder.output import write_native
from coder.outputs import check_targets, output_paths, whole_stories, write_formats, write_stream
from coder.package import input_hashes

TEXTS = ["native", *DATASETS]


def waqai(*arguments: object, **options) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    command = [sys.executable, "-m", "coder", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False, **options)


@pytest.fixture
def table(tmp_path) -> Path:
    """A native table of 400 events."""
    path = tmp_path / "given.csv"
    with open(path, "w", encoding="utf-8", newline="") as stream:
        write_native(made_events(400), stream)
    return path


@pytest.fixture
def parsed(tmp_path, make_tree) -> Path:
    """A CoNLL-U file with one story of one sentence."""
    sentence = make_tree("قصف VERB 0 root", "الجيش NOUN 1 nsubj", "السوداني ADJ 2 amod", "مدينة NOUN 1 obj", "كسلا PROPN 4 nmod")
    path = tmp_path / "story.conllu.gz"
    write_conllu([(Story("s1", sentence.text, "2020-05-05"), [sentence])], path)
    return path


def test_one_run_writes_many_formats(parsed: Path, tmp_path: Path):
    """A folder with a file a format, each with the event; a package and a manifest with versions, hashes, options and counts."""
    out = tmp_path / "run"
    shown = waqai("code", parsed, "--format", "native,icews,gdelt2,sqlite", "--out", out)
    assert shown.returncode == 0 and "1 events" in shown.stderr and shown.stdout == ""
    assert "SDNMIL" in (out / "events.csv").read_text(encoding="utf-8")
    assert "Military (Sudan)" in (out / "events.icews.tab").read_text(encoding="utf-8")
    assert sqlite3.connect(out / "events.sqlite").execute("SELECT source, sentence, latitude FROM events").fetchall() == [("SDNMIL", 1, 15.451)]
    made = json.loads((out / "manifest.json").read_text(encoding="utf-8"))
    assert made["inputs"] == {parsed.as_posix(): hashlib.sha256(parsed.read_bytes()).hexdigest()}
    assert made["counts"] == {"events": 1} and made["options"]["format"] == ["native", "icews", "gdelt2", "sqlite"]
    assert made["waqai"] and made["parser"].startswith("shipped-") and len(made["dictionaries"]["ontology.csv"]) == 64
    assert [o["rows"] for o in made["outputs"]] == [1] * 4
    package = json.loads((out / "datapackage.json").read_text(encoding="utf-8"))
    assert [r["path"] for r in package["resources"]] == ["events.csv", "events.icews.tab", "events.gdelt2.export.CSV", "events.sqlite"]


def test_two_runs_are_byte_identical(parsed: Path, table: Path, tmp_path: Path):
    """Every file, also the package and the manifest."""
    folders = [tmp_path / name for name in ("first", "second")]
    for command in (("code", parsed, "--format"), ("convert", table, "--to")):
        for folder in folders:
            assert waqai(*command, ",".join([*TEXTS, "sqlite"]), "--out", folder).returncode == 0
        one, two = ({p.name: p.read_bytes() for p in folder.iterdir()} for folder in folders)
        assert len(one) == len(TEXTS) + 3 and one == two


def test_one_format_to_a_file_or_to_standard_output(table: Path, tmp_path: Path):
    """The file has its package and manifest beside it under its own name; standard output holds the same bytes."""
    out = tmp_path / "deep.tab"
    assert waqai("convert", table, "--to", "icews", "--out", out).returncode == 0
    assert waqai("convert", table, "--to", "icews").stdout == out.read_text(encoding="utf-8")
    assert {p.name for p in tmp_path.iterdir()} == {"given.csv", "deep.tab", "deep.tab.datapackage.json", "deep.tab.manifest.json"}
    given = waqai("convert", "-", "--to", "native", input=table.read_text(encoding="utf-8"))
    assert given.stdout == table.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--to", "excel"), "excel is no format; there are native, gdelt1"),
        (("--to", "native,icews"), "several formats need --out FOLDER"),
        (("--to", "native,icews", "--out", "new.csv"), "several formats need a folder, such as --out new"),
        (("--to", "sqlite"), "give --out FILE"),
        (("--to", "native", "--out", "given.csv"), "is the input"),
        (("--to", "native", "--out", "no/folder/x.csv"), "cannot be written"),
        (("--to", "gdelt1", "--gdelt-quads", "odd"), "say usual or gdelt"),
    ],
)
def test_wrong_usage(table: Path, tmp_path: Path, arguments: tuple[str, ...], message: str):
    """Exit 2, one message with the remedy, no traceback, the table as it was."""
    before = table.read_bytes()
    shown = waqai("convert", "given.csv", *arguments, cwd=tmp_path)
    assert shown.returncode == 2 and message in shown.stderr and "Traceback" not in shown.stderr
    assert table.read_bytes() == before


def test_tables_that_cannot_be_converted_whole(table: Path, tmp_path: Path):
    """What is no events table is exit 2; a row that is left out is exit 1, and the rest is there; lost zeros are exit 0 and said."""
    (tmp_path / "other.csv").write_text("id,text\n", encoding="utf-8")
    shown = waqai("convert", tmp_path / "other.csv", "--to", "icews")
    assert shown.returncode == 2 and "no column event_id" in shown.stderr
    lines = table.read_text(encoding="utf-8").split("\n")
    table.write_text("\n".join([*lines[:1], lines[1] + ",more,cells", *lines[2:]]), encoding="utf-8")
    shown = waqai("convert", table, "--to", "native")
    assert shown.returncode == 1 and "given.csv:2: 33 cells" in shown.stderr and len(shown.stdout.splitlines()) > 350
    table.write_text("\n".join([lines[0], lines[1].replace(",010,", ",10,")]), encoding="utf-8")
    shown = waqai("convert", table, "--to", "native")
    assert shown.returncode == 0 and ",010," in shown.stdout and "has lost its zero" in shown.stderr


def test_a_reader_that_stops_early_gets_no_complaint(table: Path):
    """`waqai convert ... | head`."""
    command = f"'{sys.executable}' -m coder convert '{table}' --to gdelt1 | head -1"
    shown = subprocess.run(["bash", "-c", command], capture_output=True, text=True, encoding="utf-8", check=False)
    assert shown.stdout.count("\n") == 1 and "Traceback" not in shown.stderr and "cannot be written" not in shown.stderr


def test_stories_are_not_cut():
    """Batches end where a story ends."""
    batches = list(whole_stories(made_events(9_000)))
    stories = [{e.story_id for e in batch} for batch in batches]
    assert len(batches) > 3 and sum(map(len, stories)) == len(set.union(*stories))


@pytest.mark.parametrize("name", TEXTS)
def test_batches_change_nothing(name: str, tmp_path: Path):
    """Numbers of events and stories go on from batch to batch: as if all came at once."""
    events = list(made_events(5_000))
    streamed, whole = io.StringIO(), tmp_path / "all"
    count, _ = write_stream(iter(events), name, streamed)
    write_formats(events, {name: whole})
    assert count == 5_000 and streamed.getvalue() == whole.read_text(encoding="utf-8")
    if name in ("icews", "phoenix"):
        first = [line.split("\t")[0].split("_")[0] for line in streamed.getvalue().splitlines()[DATASETS[name].header :]]
        assert first == [str(n) for n in range(1, len(first) + 1)]


def test_texts_that_no_file_can_hold(tmp_path: Path):
    """Half a surrogate pair, as broken JSON gives it, becomes a question mark instead of ending the run."""
    event = Event("a", "s", 1, "2020-01-01", "day", "RUS", "UKR", "190", "ASSAULT", quad="4", place="a\ud800b", place_country="UKR")
    write_formats([event], output_paths(tmp_path / "x", TEXTS))
    assert "a?b" in (tmp_path / "x" / "events.csv").read_text(encoding="utf-8")


def test_an_interrupted_run_leaves_no_half_database(tmp_path: Path):
    """SQLite appears when it is whole."""

    def broken():
        yield from made_events(3_000)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_formats(broken(), {"sqlite": tmp_path / "events.sqlite"})
    assert list(tmp_path.iterdir()) == []


def test_where_outputs_go(tmp_path: Path):
    """One format: the file, or into the folder that is there; several: a folder."""
    assert output_paths(tmp_path / "a.tab", ["icews"]) == {"icews": tmp_path / "a.tab"}
    assert output_paths(tmp_path, ["icews"]) == {"icews": tmp_path / "events.icews.tab"}
    assert output_paths(tmp_path / "new", ["native", "parquet"])["parquet"] == tmp_path / "new" / "events.parquet"
    (tmp_path / "file").write_text("")
    with pytest.raises(FormatError, match="is a file"):
        output_paths(tmp_path / "file", ["native", "icews"])


def test_parquet_without_pyarrow_is_said_before_any_work(tmp_path: Path, monkeypatch):
    """With the extra that brings it."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(FormatError, match=r"waqai\[parquet\]"):
        check_targets(["native", "parquet"], tmp_path / "x", [])
    with pytest.raises(FormatError, match=r"waqai\[parquet\]"):
        write_formats([], {"parquet": tmp_path / "x.parquet"})
    assert list(tmp_path.iterdir()) == []


def test_hashes_of_inputs(tmp_path: Path):
    """Every file of a folder; nothing for standard input."""
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.txt").write_text("x", encoding="utf-8")
    assert input_hashes(["-", str(tmp_path / "in")]) == {(tmp_path / "in" / "a.txt").as_posix(): hashlib.sha256(b"x").hexdigest()}
