"""`waqai coverage`: what reaches each code, and what a collection holds that the tables do not know. The unknown words are made up."""

import csv
import io
import subprocess
import sys

import pytest

from coder.conllu import write_conllu
from coder.coverage import VERB_COLUMNS, Coverage, code_lines, coverage, idle_rows, write_coverage
from coder.dictionaries import Dictionaries, bundled_folder, load_dictionaries
from coder.model import Story
from coder.store import StoreError
from coder.survey import Survey, Tally

VERB = ["فلفلت VERB 0 root", "تركيا PROPN 1 nsubj", "اليونان PROPN 1 obj"]
TITLE = [
    "زار VERB 0 root",
    "وزير NOUN 1 nsubj",
    "الخارجية NOUN 2 nmod",
    "الفرنسي ADJ 2 amod",
    "جرفيل X 2 nmod",
    "فلفلان X 5 flat",
    "تونس PROPN 1 obj",
]
GROUP = ["هاجمت VERB 0 root", "حركة NOUN 1 nsubj", "فلفلان X 2 nmod", "الجيش NOUN 1 obj", "المالي ADJ 4 amod"]


@pytest.fixture
def surveyed(tables, make_tree):
    """A survey of one story whose sentences are trees of these rows."""

    def build(*trees: list[str]) -> Survey:
        survey = Survey(tables)
        sentences = [make_tree(*rows) for rows in trees]
        for number, sentence in enumerate(sentences, 1):
            sentence.number = number
        survey.add(Story("s", "\n".join(s.text for s in sentences), "2020-05-05"), sentences)
        return survey

    return build


def test_every_code_is_reached(tables):
    """By a row, an executed example or a topic, named in `by`."""
    lines = code_lines(tables)
    assert len(lines) == 298
    assert [line.cameo for line in lines if not line.reached or not line.by] == []
    assert next(line for line in lines if line.cameo == "112").reached == "row"
    assert Coverage(lines).summary().startswith("reached 298 of 298 codes")


def test_codes_without_rows_are_listed(tables):
    """Of tables without rows no code is reached; two-digit codes are no lower-level codes."""
    lines = code_lines(Dictionaries(codes={code: tables.codes[code] for code in ("11", "112", "1121")}))
    assert [(line.cameo, line.reached) for line in lines] == [("112", ""), ("1121", "")]
    assert "not reached: 112 1121" in Coverage(lines).summary()


def test_an_unknown_verb_between_two_actors(surveyed, tables):
    """Counted once a sentence, with the sentences where coding it would tell more, and a line that names what a person must fill in."""
    report = coverage(tables, surveyed(VERB, [*VERB[:1], "تركيا PROPN 1 nsubj"]), top=5)
    (word,) = report.words
    assert (word.word, word.kind, word.sentences, word.two_actors, word.own_actors, word.example) == ("فلفلت", "verb", 2, 1, 1, "s:1")
    assert dict(zip(VERB_COLUMNS, word.paste.split(","), strict=True))["frame"] == "object"


def test_an_unknown_noun_under_a_light_verb(surveyed):
    """شنّ X على: an event noun that wants a row; the preposition before its actor is noted."""
    survey = surveyed(["شنت VERB 0 root", "روسيا PROPN 1 nsubj", "فلفلة NOUN 1 obj", "على ADP 5 case", "أوكرانيا PROPN 3 nmod"])
    ((key, entry),) = survey.words.best(5)
    assert key == "masdar فلفله"
    assert (entry.kind, entry.gain, entry.vote("after ")) == ("masdar", 1, "على")


def test_known_words_and_names_are_not_listed(surveyed):
    """A sentence that the tables know gives nothing to paste; nor does a verb that tells no event."""
    survey = surveyed(
        ["قصفت VERB 0 root", "تركيا PROPN 1 nsubj", "سوريا PROPN 1 obj"], ["كانت VERB 0 root", "تركيا PROPN 1 nsubj", "سوريا PROPN 1 obj"]
    )
    assert survey.words.entries == {}
    assert survey.names.entries == {}
    assert sum(survey.events.values()) == 1


NAMES = [
    (TITLE, "person جرفيل فلفلان", "FRAGOV"),
    (GROUP, "group حركه فلفلان", "??"),
    (["قال VERB 0 root", "جرفيل X 1 nsubj", "الفلفلي ADJ 2 amod"], "name جرفيل الفلفلي", ""),
    (["قال VERB 0 root", "حزب NOUN 1 nsubj", "الفلفل NOUN 2 nmod", "و CCONJ 5 cc", "الجرفيل NOUN 3 conj"], "group حزب الفلفل والجرفيل", "?PTY"),
]


@pytest.mark.parametrize(("rows", "key", "code"), NAMES, ids=[key for _, key, _ in NAMES])
def test_unknown_actors(surveyed, rows: list[str], key: str, code: str):
    """After a title, whose code they get; after a group noun; as a bare subject."""
    ((found, entry),) = surveyed(rows).names.best(5)
    assert (found, entry.vote("code ")) == (key, code)


def test_places_and_page_furniture_are_no_actors(surveyed):
    """A proper noun after a preposition, and a verbal noun that only looks like the name of a group."""
    place = ["قال VERB 0 root", "الجيش NOUN 1 nsubj", "في ADP 4 case", "جرفيل X 1 obl"]
    organising = ["دعا VERB 0 root", "الجيش NOUN 1 nsubj", "إلى ADP 4 case", "تنظيم NOUN 1 obl", "المؤتمر NOUN 4 nmod"]
    assert surveyed(place, organising).names.entries == {}


def test_rows_that_never_fire(surveyed, tables):
    """The row that fired is gone from the list; rows of its word, met without firing, stand first."""
    survey = surveyed(["قصفت VERB 0 root", "تركيا PROPN 1 nsubj", "سوريا PROPN 1 obj"])
    idle = idle_rows(tables, survey)
    assert survey.fired
    assert not {line.id for line in idle} & set(survey.fired)
    assert len(idle) + len(survey.fired) == len(tables.verb_rows)
    assert [line.met for line in idle] == sorted((line.met for line in idle), reverse=True)


def test_a_tally_stays_small_and_keeps_what_is_frequent():
    """However many words come by."""
    tally = Tally(limit=10)
    for number in range(1000):
        for key in ("often", f"once {number}"):
            tally.entry(key, "verb", ("s:1", "")).sentences += 1
    assert len(tally.entries) <= 10
    assert tally.entries["often"].sentences == 1000


def test_lines_to_paste_are_complete_but_for_the_question_marks(surveyed, tables, tmp_path):
    """Each `?` is reported until it is filled in; then the tables take the line."""
    report = coverage(tables, surveyed(VERB, GROUP), top=5)
    lines = {
        "verbs_mine.csv": (",".join(VERB_COLUMNS), report.words[0].paste),
        "groups_mine.csv": ("name,code,from,to,source", report.actors[0].paste),
    }
    for name, text in lines.items():
        (tmp_path / name).write_text("\n".join(text) + "\n", encoding="utf-8")
    problems = [str(p) for p in load_dictionaries(tmp_path).problems]
    assert any("unknown CAMEO code '?'" in p for p in problems)
    assert any("has no code yet" in p for p in problems)
    filled = {"verbs_mine.csv": lines["verbs_mine.csv"][1].replace("?,,,?,?,?", "112,,,فلفلت تركيا,TUR,---").replace("V?", "V112")}
    filled["groups_mine.csv"] = lines["groups_mine.csv"][1].replace("??", "MLIREB")
    for name, line in filled.items():
        (tmp_path / name).write_text(f"{lines[name][0]}\n{line}\n", encoding="utf-8")
    mended = load_dictionaries(tmp_path)
    assert mended.problems == []
    assert "V112-901" in mended.verb_rows
    assert ("حركه", "فلفلان") in [a.keys for a in mended.actors["حركه"]]


def test_columns_are_those_of_the_table():
    """A line to paste has the columns of the shipped table."""
    with open(bundled_folder() / "verbs_speech.csv", encoding="utf-8", newline="") as stream:
        assert tuple(next(csv.reader(stream))) == VERB_COLUMNS


def test_sections_as_tables_and_as_files(surveyed, tables, tmp_path):
    """On a stream with tabs, in a folder as CSV; a folder that cannot be made is told."""
    report, stream = coverage(tables, surveyed(VERB, TITLE), top=3), io.StringIO()
    write_coverage(report, stream)
    assert [line for line in stream.getvalue().split("\n") if line.startswith("# ")] == ["# codes", "# words", "# actors", "# rows"]
    write_coverage(report, stream, tmp_path / "out")
    with open(tmp_path / "out" / "rows.csv", encoding="utf-8", newline="") as file:
        assert [row[0] for row in csv.reader(file)] == ["id", *(line.id for line in report.rows)]
    assert len(report.rows) == 3
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StoreError, match="choose another --out"):
        write_coverage(report, stream, tmp_path / "file")


def test_the_command(make_tree, tmp_path):
    """A parse in, four files out; how far the codes are reached on standard error."""
    sentence = make_tree(*VERB)
    write_conllu([(Story("s1", sentence.text, "2020-05-05"), [sentence])], tmp_path / "story.conllu")
    command = [sys.executable, "-m", "coder", "coverage", str(tmp_path / "story.conllu"), "--out", str(tmp_path / "out")]
    shown = subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)
    assert (shown.returncode, shown.stdout) == (0, "")
    assert "reached 298 of 298 codes" in shown.stderr
    assert sorted(p.name for p in (tmp_path / "out").iterdir()) == ["actors.csv", "codes.csv", "rows.csv", "words.csv"]
