"""`waqai doctor` without its self-test, which needs the parser (tests/test_parser.py runs that one)."""

from typer.testing import CliRunner

import coder.doctor
import coder.parse
from coder.__main__ import command_line
from coder.doctor import examine, fingerprint
from coder.parse import ParserError


def _found(**options: object) -> dict[str, coder.doctor.Finding]:
    return {finding.what.strip(): finding for finding in examine(parse=False, **options)}  # type: ignore[arg-type]


def test_a_whole_installation():
    """Versions, hashes of tables and weights, GPU, encodings, disk; nothing failed."""
    found = _found()
    assert not [f for f in found.values() if f.state == "failed"]
    for what in (
        "waqai",
        "Python",
        "stanza",
        "torch",
        "dictionaries",
        "parser weights",
        "depparse.pt",
        "GPU",
        "encoding of standard output",
        "free disk here",
    ):
        assert found[what].told
    assert len(fingerprint()) == 16


def test_a_terminal_that_cannot_show_arabic():
    """Noted with the remedy; it is no failure."""
    assert (_found(output="ascii")["encoding of standard output"].state, _found()["encoding of standard output"].state) == ("note", "ok")
    assert "PYTHONUTF8" in _found(output="cp1252")["encoding of standard output"].remedy


def test_what_is_broken_is_told_and_the_rest_goes_on(monkeypatch):
    """Exit 1; weights that are cut, tables that cannot be read."""

    def cut() -> None:
        raise ParserError("weights file x is cut")

    def unreadable() -> None:
        raise OSError("no such folder")

    monkeypatch.setattr(coder.parse, "check_weights", cut)
    monkeypatch.setattr(coder.doctor, "load_dictionaries", unreadable)
    monkeypatch.setattr(coder.doctor, "fingerprint", lambda: "")
    found = _found()
    assert found["parser weights"].told == "weights file x is cut"
    assert "no such folder" in found["dictionaries"].told
    assert found["free disk here"].state == "ok"
    shown = CliRunner().invoke(command_line().app, ["doctor", "--quick"])
    assert (shown.exit_code, "begin with failed" in shown.stdout) == (1, True)
