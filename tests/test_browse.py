"""Browsing with Datasette where it is there, a remedy where it is not."""

import importlib.util
import sqlite3

import pytest
from typer.testing import CliRunner

import coder.browse
from coder.__main__ import command_line
from coder.browse import BrowseError, browse, is_sqlite, to_sqlite
from coder.model import Event
from coder.output import write_native


@pytest.fixture
def table(tmp_path):
    """A native table of one event whose text begins like a formula."""
    path = tmp_path / "events.csv"
    with open(path, "w", encoding="utf-8", newline="") as stream:
        write_native([Event("e", "s", 2, "2020-05-05", "day", "TUR", "GRC", "045", goldstein="-2.5", event_text="=x", start=3, end=5)], stream)
    return path


def test_a_table_becomes_sqlite(table, tmp_path):
    """Codes stay text, offsets are numbers, empty cells NULL, the apostrophe before a formula is off again."""
    database = to_sqlite(table, tmp_path / "e.sqlite")
    assert is_sqlite(database) and not is_sqlite(table)
    with sqlite3.connect(database) as connection:
        row = connection.execute("SELECT cameo, sentence, start, goldstein, event_text, place FROM events").fetchone()
    assert row == ("045", 2, 3, -2.5, "=x", None)


def test_other_files_are_told(tmp_path):
    """Neither SQLite nor a native table."""
    other = tmp_path / "other.txt"
    other.write_text("abc\n", encoding="utf-8")
    with pytest.raises(BrowseError, match="neither a SQLite file nor a table"):
        to_sqlite(other, tmp_path / "e.sqlite")


def test_without_datasette_the_remedy_is_named(table, monkeypatch):
    """Exit 2, one line."""
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    shown = CliRunner().invoke(command_line().app, ["open", str(table)])
    assert (shown.exit_code, "pip install datasette" in shown.stderr) == (2, True)


def test_datasette_is_started_on_this_machine_only(table, monkeypatch):
    """With the events as an unchangeable file, and no host named: Datasette then listens at 127.0.0.1 alone."""
    started: list[list[str]] = []

    class Done:
        returncode = 0

    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(coder.browse.subprocess, "run", lambda command, check: started.append(command) or Done())
    assert browse(table, port=8002, show=False) == 0
    (command,) = started
    assert command[1:5] == ["-m", "datasette", "serve", "--immutable"]
    assert command[-2:] == ["--port", "8002"]
    assert "--host" not in command and "--open" not in command
