"""The commands as a user starts them: help, usage errors, exit codes, what goes where. Nothing here loads the parser."""

import subprocess
import sys

import pytest

from coder.conllu import write_conllu
from coder.model import Story

COMMANDS = (
    "code", "convert", "dedup", "aggregate", "explain", "check", "codes", "coverage", "models", "diff", "review", "report", "open", "doctor",
)  # fmt: skip


def waqai(*arguments: str, **options) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    return subprocess.run([sys.executable, "-m", "coder", *arguments], capture_output=True, text=True, encoding="utf-8", check=False, **options)


def test_help_answers_without_stanza_and_pandas():
    """Importing the package and asking for help load neither."""
    code = "import sys, coder, coder.__main__; sys.exit(any(m.split('.')[0] in ('stanza', 'torch', 'pandas') for m in sys.modules))"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    shown = waqai("--help")
    assert shown.returncode == 0
    for command in COMMANDS:
        assert command in shown.stdout


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(command: str):
    """Options and a sentence on what it does."""
    shown = waqai(command, "--help")
    assert shown.returncode == 0
    assert len(shown.stdout.splitlines()) > 5


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("code", "x.txt", "--date", "13.9.2022"), "is not a date; write YYYY-MM-DD"),
        (("code", "x.txt", "--dictionaries", "nowhere"), "no dictionary folder nowhere"),
        (("code", "x.txt", "--parser", "other"), "say shipped or official"),
        (("code", "x.txt", "--format", "other"), "--format"),
        (("models", "delete"), "say download or check"),
    ],
)
def test_wrong_usage_is_exit_2_with_a_remedy(arguments: tuple[str, ...], message: str):
    """One line on standard error, no traceback."""
    shown = waqai(*arguments)
    assert shown.returncode == 2
    assert message in shown.stderr
    assert "Traceback" not in shown.stderr


@pytest.fixture
def parsed(tmp_path, make_tree):
    """A CoNLL-U file with one story of one sentence."""
    sentence = make_tree("قصف VERB 0 root", "الجيش NOUN 1 nsubj", "السوداني ADJ 2 amod", "مدينة NOUN 1 obj", "كسلا PROPN 4 nmod")
    path = tmp_path / "story.conllu.gz"
    write_conllu([(Story("s1", sentence.text, "2020-05-05"), [sentence])], path)
    return path


def test_events_go_to_standard_output_and_messages_to_standard_error(parsed):
    """Parsed input needs no parser; the table has its header and the codes."""
    shown = waqai("code", str(parsed))
    assert shown.returncode == 0
    header, row = shown.stdout.splitlines()
    assert header.startswith("event_id,story_id,sentence,event_date")
    assert "SDNMIL" in row
    assert ",2020-05-05," in row
    assert "1 events" in shown.stderr


def test_inputs_that_fail_are_listed_beside_the_output(parsed, tmp_path):
    """Exit 1, the reason in FILE.errors.csv, the rest coded."""
    out = tmp_path / "events.csv"
    shown = waqai("code", str(parsed), str(tmp_path / "missing.txt"), "--out", str(out))
    assert shown.returncode == 1
    assert "SDNMIL" in out.read_text(encoding="utf-8")
    assert "no such file or folder" in (tmp_path / "events.csv.errors.csv").read_text(encoding="utf-8")


def test_output_that_cannot_be_written(parsed, tmp_path):
    """Named with the remedy, exit 2."""
    shown = waqai("code", str(parsed), "--out", str(tmp_path / "no" / "folder" / "events.csv"))
    assert shown.returncode == 2
    assert "nothing can be written there (make it" in shown.stderr


def test_codes_lists_by_code_and_by_plover_type():
    """`waqai codes 19` and `waqai codes ASSAULT`."""
    assert waqai("codes", "195").stdout.startswith("195\t")
    assert "1831" in waqai("codes", "ASSAULT").stdout
