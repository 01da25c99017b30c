"""The parser and the whole line: what needs the shipped weights."""

import subprocess
import sys
from pathlib import Path

import pytest

from coder import Story, code_text, explain_text
from coder.doctor import examine
from coder.parse import WEIGHTS, Parser, ParserError, check_weights

pytestmark = pytest.mark.parser
SAMPLE = Path(__file__).with_name("samples") / "story.txt"


@pytest.fixture(scope="module")
def parser(tables) -> Parser:
    """The shipped parser, loaded once."""
    return Parser(whole_words=tables.whole_words())


def test_offsets_point_into_the_users_own_text(parser):
    """Vowels, tatweel and ligatures are cleaned away for the parser and kept in the text."""
    text = "قُتِلَ ثلاثةُ جنـــودٍ ﻻ أكثر، صباح ٢٠٢٠.\n\nوقالت وزارةُ الدفاع إنّ الهجوم وقع ليلاً."
    sentences = parser.parse(Story("s", text, "2020-01-01"))
    assert len(sentences) == 2
    words = [(t.form, text[t.start : t.end]) for s in sentences for t in s.tokens]
    assert ("قتل", "قُتِل") in words
    assert any(form == "جنود" and "جنـــود" in own for form, own in words)
    assert sentences[1].text.startswith("وقالت")


def test_known_names_are_not_cut(parser):
    """باكو Bākū, واشنطن Wāshinṭun and كينيا Kīniyā only begin like a clitic."""
    forms = [t.form for s in parser.parse(Story("s", "وصل وزير باكو إلى واشنطن وكينيا.", "")) for t in s.tokens]
    assert {"باكو", "واشنطن", "كينيا"} <= set(forms)


def test_a_letter_alone_is_a_word(parser):
    """A list's letter (ه, the fifth) or a pronoun written apart is a word, not a clitic without a stem."""
    forms = [t.form for s in parser.parse(Story("s", "القسم ه من التقرير: قال ه إن المدينة هم.", "")) for t in s.tokens]
    assert forms.count("ه") == 2


def test_a_monstrous_line_is_parsed_in_pieces(parser):
    """A line of 22,000 characters without a full stop neither hangs nor is lost."""
    text = "قال الوزير المصري إن الاجتماع انتهى و" * 600
    sentences = parser.parse(Story("s", text, ""))
    assert max(len(s.tokens) for s in sentences) <= 200
    assert sentences[-1].end > 0.99 * len(text)


def test_missing_and_altered_weights_are_named(tmp_path):
    """The file, the hashes and the remedy."""
    with pytest.raises(ParserError, match="no parser weights"):
        check_weights(tmp_path)
    (tmp_path / "MANIFEST.sha256").write_text((WEIGHTS / "MANIFEST.sha256").read_text(encoding="utf-8"), encoding="utf-8")
    with pytest.raises(ParserError, match="missing weights file"):
        check_weights(tmp_path)
    for path in WEIGHTS.iterdir():
        if path.suffix in (".pt", ".txt"):
            (tmp_path / path.name).write_bytes(path.read_bytes()[:-1])
    with pytest.raises(ParserError, match="cut or altered"):
        check_weights(tmp_path)


def test_the_official_package_says_how_to_get_it(tmp_path, monkeypatch):
    """Where Stanza's own package has not been downloaded."""
    monkeypatch.setenv("STANZA_RESOURCES_DIR", str(tmp_path))
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ParserError, match="waqai models download"):
        Parser("official")


def test_the_sample_story_gives_its_events(tmp_path):
    """The README's first command: the table in a file, exit 0."""
    out = tmp_path / "events.csv"
    command = [sys.executable, "-m", "coder", "code", str(SAMPLE), "--date", "2019-01-21", "--out", str(out)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    table = out.read_text(encoding="utf-8")
    for event in ("COLMIL,COLREB,190", "NORGOV,COLREB,0256", "COLEDU,COLGOV,141"):
        assert event in table


def test_code_text_gives_a_frame_with_text_codes():
    """Leading zeros stay; empty text gives an empty frame with all columns."""
    frame = code_text("توسطت قطر بين كينيا والصومال.", "2020-05-05")
    assert set(frame["cameo"]) == {"045"}
    assert list(code_text("").columns) == list(frame.columns)


def test_explain_shows_the_whole_account():
    """Tree, names, events with row and actors."""
    done = subprocess.run([sys.executable, "-m", "coder", "explain", "اتهمت تركيا اليونان."], capture_output=True, text=True, check=False)
    for part in ("TREE", "NAMES", "EVENTS", "TUR 112 GRC", "source TUR from"):
        assert part in done.stdout


def test_explain_writes_a_page_and_shows_itself_in_a_notebook(tmp_path):
    """The command's page, and the same account as a notebook gets it."""
    page = tmp_path / "page.html"
    command = [sys.executable, "-m", "coder", "explain", "اتهمت تركيا اليونان.", "--html", str(page)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")
    for shown in (page.read_text(encoding="utf-8"), explain_text("اتهمت تركيا اليونان.")._repr_html_()):
        assert "فاعل" in shown and "<svg" in shown and "TUR" in shown


def test_the_doctor_codes_a_sentence():
    """The self-test at the end of `waqai doctor`."""
    (last,) = [finding for finding in examine() if finding.what == "self-test"]
    assert (last.state, "TUR 112 GRC" in last.told) == ("ok", True)
