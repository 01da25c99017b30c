"""The command line: messages and exit codes of what can go wrong, without the parser."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

import coder.parse
import coder.store
from coder.__main__ import command_line
from coder.conllu import write_conllu
from coder.model import Story

FULL = Path("/dev/full")


@pytest.fixture
def run():
    """Run a command; gives exit code and all that was said."""

    def invoke(*arguments):
        result = CliRunner().invoke(command_line().app, [str(a) for a in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.output

    return invoke


@pytest.fixture
def parsed(tmp_path, make_tree):
    """A small CoNLL-U file."""
    tree = make_tree("زار VERB 0 root", "الوزير NOUN 1 nsubj", "باريس X 1 obj")
    write_conllu([(Story("a", tree.text, "2020-01-01"), [tree])], tmp_path / "a.conllu")
    return tmp_path / "a.conllu"


def test_parsed_input_is_coded_without_the_parser(run, parsed, tmp_path):
    """Exit 0 and a table."""
    code, said = run("code", parsed, "--out", tmp_path / "e.csv")
    assert code == 0 and "events" in said and (tmp_path / "e.csv").read_text(encoding="utf-8").startswith("event_id,")


@pytest.mark.skipif(not FULL.exists(), reason="no /dev/full on this system")
def test_a_full_disk_is_told(run, parsed):
    """The name, the reason and the remedy; exit 2."""
    code, said = run("code", parsed, "--out", FULL)
    assert code == 2 and "No space left on device" in said and "make room" in said


def test_a_folder_that_cannot_be_made_is_told(run, parsed, tmp_path):
    """A file stands where the store should go."""
    code, said = run("parse", tmp_path / "a.conllu", "--to", parsed)
    assert code == 2 and "cannot be written" in said


@pytest.mark.parametrize(("arguments", "message"), [(["--stale", "maybe"], "say refuse, use or reparse"), (["--jobs", "0"], "jobs")])
def test_wrong_options_are_told(run, parsed, arguments, message):
    """Exit 2 and the legal values."""
    code, said = run("code", parsed, *arguments)
    assert code == 2 and message in said


def test_missing_weights_are_told(run, tmp_path, monkeypatch):
    """The folder and the remedy, before stanza is imported."""
    monkeypatch.setattr(
        coder.parse, "check_weights", lambda folder: (_ for _ in ()).throw(coder.parse.ParserError("no parser weights in x (reinstall)"))
    )
    story = tmp_path / "a.txt"
    story.write_text("زار الوزير باريس امس", encoding="utf-8")
    code, said = run("code", story, "--date", "2020-01-01")
    assert code == 2 and "no parser weights in x" in said


def test_an_old_store_is_told(run, tmp_path):
    """A folder with an index of another format."""
    (tmp_path / coder.store.INDEX).write_text('{"format": 99}\n', encoding="utf-8")
    code, said = run("code", tmp_path)
    assert code == 2 and "parse again" in said
