"""What was read: stories, their dates and sentences from every kind of input; and the commands that count them."""

import pandas
import pytest
from made_tables import table
from typer.testing import CliRunner

import coder
from coder.__main__ import command_line
from coder.conllu import write_conllu
from coder.corpus import count_sentences, read_corpus
from coder.duplicates import DEDUP_COLUMNS
from coder.model import Story
from coder.output import COLUMNS
from coder.store import INDEX

TEXT = "زار الوزير باريس امس. ثم عاد إلى بغداد.\nولم يعلق"


@pytest.fixture
def run():
    """Run a command; gives exit code, standard output and what was said."""

    def invoke(*arguments):
        result = CliRunner().invoke(command_line().app, [str(a) for a in arguments])
        assert result.exception is None or isinstance(result.exception, SystemExit)
        return result.exit_code, result.stdout, result.stderr

    return invoke


@pytest.fixture
def events(tmp_path):
    """A table of three stories in a file."""
    path = tmp_path / "events.csv"
    table("a s1 2020-01-05 SYRMIL 190 SYRREB", "b s2 2020-01-05 SYRMIL 190 SYRREB", "c s3 2020-02-20 SYRGOV 112 TUR").to_csv(path, index=False)
    return path


@pytest.mark.parametrize(
    ("text", "number"),
    [("", 0), (TEXT, 3), ("بلغ 3.5 بالمئة", 1), ("قال: «نعم.» وانصرف", 2), ("هل جاء؟ نعم! جاء...", 3), ("سطر\n\n  \nسطر", 2)],
)
def test_sentences_are_counted_at_line_ends_and_end_marks(text: str, number: int):
    """Not inside numbers, and not at the end of the text again."""
    assert count_sentences(text) == number


def test_stories_of_every_kind(tmp_path, make_tree):
    """Stories, a list of them, CoNLL-U and a parse store: id, date, sentences, and the text where it is wanted."""
    (tmp_path / "a.jsonl").write_text(f'{{"id": "j", "date": "2020-01-01", "text": "{TEXT.replace(chr(10), " ")}"}}\n', encoding="utf-8")
    (tmp_path / "b.csv").write_text("id,date,sentences\nx,2020-01-02,7\ny,2020-01-03,\nz,soon,many\n", encoding="utf-8")
    trees = [make_tree("زار VERB 0 root", "الوزير NOUN 1 nsubj"), make_tree("عاد VERB 0 root")]
    store = tmp_path / "store"
    store.mkdir()
    write_conllu(
        [(Story("p", "زار الوزير\nعاد", "2020-01-04"), trees), (Story("q", "عاد", ""), trees[1:])],
        store / "part-1.conllu.gz",
        {"file": "part-1.conllu.gz"},
    )
    index = '{"format": 1, "parser": "p", "whole_words": "w"}\n{"file": "part-1.conllu.gz", "stories": 2, "sentences": 3, "words": 4}\n'
    (store / INDEX).write_text(index + '{"whole": true}\n', encoding="utf-8")
    problems: list = []
    read = read_corpus([str(tmp_path / "a.jsonl"), str(tmp_path / "b.csv"), str(store)], problems, texts=True)
    assert read[["id", "date"]].to_numpy().tolist() == [
        ["j", "2020-01-01"],
        ["x", "2020-01-02"],
        ["y", "2020-01-03"],
        ["z", ""],
        ["p", "2020-01-04"],
        ["q", ""],
    ]
    assert [None if pandas.isna(n) else n for n in read["sentences"]] == [3, 7, None, None, 2, 1]
    assert read["text"].tolist()[4:] == ["زار الوزير\nعاد", "عاد"]
    assert [str(p) for p in problems] == [
        "b.csv:4: sentences 'many' is not a number (write a whole number or nothing)",
        "b.csv:4: date 'soon' is not YYYY-MM-DD (the story is in no period)",
    ]
    (store / INDEX).write_text(index, encoding="utf-8")
    read_corpus([str(store), str(tmp_path / "none.csv")], problems)
    assert "interrupted" in str(problems[2]) and "no such file" in str(problems[3])


def test_a_cut_file_is_told(tmp_path, make_tree):
    """The stories before the damage are counted."""
    path = tmp_path / "a.conllu.gz"
    write_conllu([(Story(f"s{n}", f"عاد {n * n}", "2020-01-04"), [make_tree("عاد VERB 0 root")]) for n in range(3000)], path)
    path.write_bytes(path.read_bytes()[:-3000])
    problems: list = []
    assert 0 < len(read_corpus([str(path)], problems)) < 3000 and "cannot be read" in str(problems[0])


def test_dedup_command(run, events, tmp_path):
    """The table with clusters, its cells unchanged; twice the same bytes; what was found on standard error."""
    code, out, said = run("dedup", events)
    assert code == 0 and "3 mentions, 2 events; 3 stories, 0 of them copies" in said
    assert out.splitlines()[0] == ",".join((*COLUMNS, *DEDUP_COLUMNS))
    assert [line.rsplit(",", 6)[0] for line in out.splitlines()] == events.read_text(encoding="utf-8").splitlines()
    assert run("dedup", events, "--out", tmp_path / "x.csv")[0] == 0 and (tmp_path / "x.csv").read_text(encoding="utf-8") == out
    code, out, said = run("dedup", events, "--drop")
    assert len(out.splitlines()) == 3 and "1 rows dropped" in said
    assert run("dedup", events, "--level", "quad")[0] == 2


def test_dedup_command_with_stories(run, events, tmp_path):
    """Texts tell the copies."""
    words = "قصفت القوات السورية مواقع في ريف حلب أمس وقتل عدد من المسلحين وفق الوكالة"
    rows = "".join(f'{{"id": "s{n}", "date": "2020-01-05", "text": "{words if n < 3 else TEXT.splitlines()[0]}"}}\n' for n in (1, 2, 3))
    (tmp_path / "s.jsonl").write_text(rows, encoding="utf-8")
    code, out, said = run("dedup", events, "--stories", tmp_path / "s.jsonl")
    assert code == 0 and "1 of them copies of 1 others" in said and out.splitlines()[2].endswith(",s1,a,2,2,1,0")


def test_aggregate_command(run, events, tmp_path):
    """A complete panel on standard output; the same from a table that is clustered already; notes on standard error."""
    (tmp_path / "s.csv").write_text("id,date,sentences\ns1,2020-01-05,3\ns2,2020-01-05,4\ns3,2020-02-20,2\n", encoding="utf-8")
    code, out, said = run("aggregate", events, "--stories", tmp_path / "s.csv", "--countries", "SYR,EGY", "--to", "2020-03")
    assert code == 0 and "6 rows" in said
    rows = [line.split(",")[:14] for line in out.splitlines()]
    assert rows[0][:14] == [
        "iso3",
        "country",
        "gwcode",
        "cowcode",
        "period",
        "start",
        "year",
        "month",
        "month_id",
        "observed",
        "documents",
        "sentences",
        "events",
        "events_raw",
    ]
    assert rows[4] == ["SYR", "Syria", "652", "652", "2020-01", "2020-01-01", "2020", "1", "481", "1", "2", "7", "1", "2"]
    assert rows[6][9:] == ["0", "", "", "", ""]
    run("dedup", events, "--out", tmp_path / "d.csv")
    assert run("aggregate", tmp_path / "d.csv", "--stories", tmp_path / "s.csv", "--countries", "SYR,EGY", "--to", "2020-03")[1] == out
    long = run("aggregate", events, "--long", "--by", "dyad-year")[1]
    assert "SYR,TUR,652,652,640,640,2020,2020-01-01,2020,,,1,3,,events,1.0" in long.splitlines()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--from", "2020", "--to", "2019"), "wrong way round"), (("--countries", "SYR,SIR"), "unknown country 'SIR'"), (("--by", "city-month"), "unknown panel"),
        (("--role", "both"), "unknown role"), (("--from", "5.2020"), "is not a date"),
    ],
)  # fmt: skip
def test_wrong_usage_is_exit_2(run, events, tmp_path, options, message):
    """A message, and no file is touched."""
    (tmp_path / "old.csv").write_text("mine", encoding="utf-8")
    code, _, said = run("aggregate", events, *options, "--out", tmp_path / "old.csv")
    assert code == 2 and message in said and (tmp_path / "old.csv").read_text(encoding="utf-8") == "mine"


def test_files_that_are_no_tables(run, tmp_path):
    """Missing, empty, other columns: exit 2 and the remedy."""
    (tmp_path / "empty.csv").write_text("", encoding="utf-8")
    (tmp_path / "other.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    for name, message in (("empty.csv", "the file is empty"), ("other.csv", "column"), ("none.csv", "no events table")):
        for command in ("dedup", "aggregate"):
            code, _, said = run(command, tmp_path / name)
            assert code == 2 and message in said


@pytest.mark.parametrize("command", ["dedup", "aggregate"])
def test_the_commands_have_help(run, command):
    """Every option with its words."""
    code, out, _ = run(command, "--help")
    assert code == 0 and "--stories" in out and "--by-place" in out


def test_the_functions_are_there_without_their_modules():
    """`coder.dedup` and `coder.aggregate`, and no other new name."""
    assert callable(coder.dedup) and callable(coder.aggregate)
    with pytest.raises(AttributeError):
        _ = coder.no_such_name
