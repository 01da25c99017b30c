"""What a first user does wrong, and what a spreadsheet makes of a table: a clear message, the right exit code, nothing lost."""

import csv
import warnings

import pytest
from made_tables import table
from typer.testing import CliRunner

from coder.__main__ import command_line
from coder.model import InputError, Story
from coder.stories import read_stories


def waqai(*arguments: object):
    """The command, in this process."""
    return CliRunner().invoke(command_line().app, [str(a) for a in arguments])


@pytest.fixture
def saved(tmp_path):
    """A table of ours, and what a spreadsheet saves of it: semicolons, and 070 as 70."""
    frame = table("e1 s 2020-01-01 TUR 070 SYR", "e2 s 2020-01-01 TUR 112 SYR").assign(event_text="قال", rule="V1", end="3")
    ours, theirs = tmp_path / "ours.csv", tmp_path / "theirs.csv"
    frame.to_csv(ours, index=False)
    frame.assign(cameo=[code.lstrip("0") for code in frame["cameo"]]).to_csv(theirs, index=False, sep=";", encoding="utf-8-sig")
    return ours, theirs


def test_a_table_that_a_spreadsheet_has_saved_is_read_by_every_command(saved, tmp_path):
    """Codes get their zeros back, told once in words of ours, and the run is a success."""
    ours, theirs = saved
    page, out = tmp_path / "page.html", tmp_path / "out.csv"
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for command in (("report", theirs, "--html", page), ("review", theirs, "--html", page), ("aggregate", theirs), ("dedup", theirs)):
            shown = waqai(*command)
            assert shown.exit_code == 0, shown.output
            assert "lost" in shown.stderr and "Warning" not in shown.stderr
    assert waqai("diff", "--runs", ours, theirs, "--out", out).exit_code == 0
    assert len(list(csv.reader(out.open(encoding="utf-8")))) == 1


def test_a_review_without_its_stories_is_told(saved, tmp_path):
    """A misspelt file of stories is a failure, none at all a remark."""
    ours, _ = saved
    assert waqai("review", ours, tmp_path / "none.jsonl", "--html", tmp_path / "p.html").exit_code == 1
    shown = waqai("review", ours, "--html", tmp_path / "p.html")
    assert shown.exit_code == 0 and "no stories are given" in shown.stderr


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("codes", "999"), "no CAMEO code begins with '999'"),
        (("explain", ""), "no Arabic sentence"),
        (("explain", "hello world"), "no Arabic sentence"),
        (("code", "a.csv", "--column", "body"), "write FIELD=NAME"),
        (("code", "a.csv", "--column", "txt=body"), "the fields are id, date, text"),
    ],
)
def test_wrong_usage_is_exit_2_with_a_remedy(arguments, said):
    """Nothing is guessed, nothing passes in silence."""
    shown = waqai(*arguments)
    assert shown.exit_code == 2 and said in shown.stderr, shown.output


def test_a_page_for_a_folder_that_is_not_there(saved, tmp_path):
    """The message names the folder."""
    shown = waqai("report", saved[0], "--html", tmp_path / "no" / "p.html")
    assert shown.exit_code == 2 and f"there is no folder {tmp_path / 'no'}" in shown.stderr


@pytest.mark.parametrize("date", ["2023-13-45", "2023-02-30", "14/03/2023"])
def test_a_day_that_no_calendar_has_is_told_once(tmp_path, date):
    """The story is coded without a date."""
    path = tmp_path / "a.csv"
    path.write_text(f"id,date,text\na,{date},قصفت تركيا مواقع في سوريا\n", encoding="utf-8")
    told, story = read_stories([str(path)])
    assert isinstance(told, InputError) and date in told.what
    assert isinstance(story, Story) and story.date == ""


def test_a_shard_without_work_is_a_shard(tmp_path):
    """Fewer stories than shards: every shard leaves its folder, so that `merge` finds all."""
    path = tmp_path / "a.jsonl"
    path.write_text('{"id": "a", "date": "2020-01-01"}\n', encoding="utf-8")
    for number in (1, 2, 3):
        waqai("code", path, "--out", tmp_path / "e.csv", "--shard", f"{number}/3")
    assert len(list(tmp_path.glob("e.csv.shard-*"))) == 3
    merged = waqai("merge", *sorted(tmp_path.glob("e.csv.shard-*")), "--out", tmp_path / "e.csv")
    assert "shards are missing" not in merged.stderr and (tmp_path / "e.csv").is_file()
