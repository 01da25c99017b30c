"""The tables: every mistake named with file, row and remedy; every example executed both ways."""

from pathlib import Path

import pytest

from coder.check import check_tables, mend_tables
from coder.dictionaries import load_dictionaries

VERBS = "id,verb,present,masdar,plural,object,preposition,complement,frame,cameo,cameo_back,act,example,source,target,note\n"
GOOD = "V112-01,اتّهم,يتّهم,اتهام,,,,,object,112,,,اتهمت تركيا اليونان,TUR,GRC,\n"


def problems_of(folder: Path) -> list[str]:
    """What `waqai check` would say of a folder laid over the shipped tables."""
    return [str(p) for p in load_dictionaries(folder).problems]


def test_shipped_tables_have_no_mistakes():
    """The tables, and every row's example both ways, from the cached parses."""
    tables = load_dictionaries()
    assert [str(p) for p in check_tables(tables)] == []
    assert len(tables.verb_rows) >= 150


MISTAKES = [
    ("verbs_x.csv", VERBS + "V999-9,كتب,يكتب,,,,,,object,42,,,كتب المصري,EGY,---,\n", "verbs_x.csv:2: unknown CAMEO code '42'", "write 042"),
    ("verbs_x.csv", VERBS + "V999-9,كتب,يكتب,,,,,,sideways,042,,,كتب المصري,EGY,---,\n", "unknown frame 'sideways'", "object, preposition"),
    ("verbs_x.csv", VERBS + "V999-9,كتب,يكتب,,,,,,object,042,,shout,كتب المصري,EGY,---,\n", "unknown act 'shout'", "appeal"),
    ("verbs_x.csv", VERBS + "V999-9,كتب,يكتب,,,NOSUCH,,,object,042,,,كتب المصري,EGY,---,\n", "unknown noun class NOSUCH", "known:"),
    ("verbs_x.csv", VERBS + "V999-9,كتب,يكتب,,,,,,object,042,,,,EGY,---,\n", "has no example", "write one sentence"),
    ("verbs_x.csv", VERBS + GOOD + GOOD, "id V112-01 stands twice", "give it a new one"),
    ("verbs_x.csv", VERBS + GOOD + GOOD.replace("V112-01", "V112-999"), "asks for the same words as", "keep one"),
    ("verbs_x.csv", "id,verb\nV1,كتب\n", "no column present", "the columns are"),
    ("persons_x.csv", "name,code,from,to,source\nفلان الفلاني,EGYGOV,2020-13-01,,\n", "is not a date", "write YYYY-MM-DD"),
    ("persons_x.csv", "name,code,from,to,source\nفلان الفلاني,EGYGOV,2020-05-01,2019-05-01,\n", "ends before it starts", "turn them round"),
    ("agents_x.csv", "noun,plural,code,kind\nخباز,خبازون,XYZ,role\n", "unknown role code 'XYZ'", "a role of actor_codes.csv"),
    ("agents_x.csv", "noun,plural,code,kind\nخباز,,BUS,job\n", "unknown kind 'job'", "role or carrier"),
    ("governing.csv", "verb,present,masdar,preposition,effect,note\nظلّ,يظلّ,,,stays,\n", "unknown effect 'stays'", "light"),
    ("off_topic.csv", "word,topic,weight\nمباراة,sport,much\n", "weight 'much' is not a number", ""),
    ("nouns.csv", "class,noun,plural\nCAKE,كع\u200fكة,\n", "invisible mark in column noun", "waqai check --fix"),
]


@pytest.mark.parametrize(("name", "content", "message", "remedy"), MISTAKES, ids=[m[2][:40] for m in MISTAKES])
def test_mistakes_are_named_with_a_remedy(tmp_path, name: str, content: str, message: str, remedy: str):
    """File, row, what, and what to do."""
    (tmp_path / name).write_text(content, encoding="utf-8")
    found = [p for p in problems_of(tmp_path) if message in p]
    assert found, problems_of(tmp_path)
    assert name in found[0]
    assert remedy in found[0]


def test_a_bad_row_leaves_the_others(tmp_path):
    """One slip in a spreadsheet does not cost the rest of it."""
    (tmp_path / "verbs_x.csv").write_text(VERBS + "V999-9,كتب,يكتب,,,,,,object,42,,,كتب المصري,EGY,---,\n" + GOOD, encoding="utf-8")
    assert "V112-01" in load_dictionaries(tmp_path).verb_rows


def test_fix_mends_zeros_and_invisible_marks(tmp_path):
    """Lost zeros and marks have one mending."""
    path = tmp_path / "verbs_x.csv"
    path.write_text(VERBS + "V042-99,زا\u200fر,يزور,,,,,,object,42,,,زار المصري ليبيا,EGY,LBY,\n", encoding="utf-8")
    mend_tables(load_dictionaries(tmp_path), tmp_path)
    assert "V042-99,زار,يزور,,,,,,object,042," in path.read_text(encoding="utf-8")


def test_an_example_that_does_not_yield_its_row_is_an_error(tmp_path, make_tree):
    """The example is parsed, coded and compared."""
    (tmp_path / "verbs_x.csv").write_text(VERBS + "V112-77,زقزق,يزقزق,,,,,,object,112,,,زقزقت تركيا اليونان,TUR,CYP,\n", encoding="utf-8")
    tables = load_dictionaries(tmp_path)
    tables.verb_rows = {"V112-77": tables.verb_rows["V112-77"]}
    tables.examples = []
    sentence = make_tree("زقزقت VERB 0 root", "تركيا PROPN 1 nsubj", "اليونان PROPN 1 obj")
    found = check_tables(tables, tmp_path, lambda stories: [[sentence]])
    assert ["does not yield TUR 112 CYP but TUR 112 GRC" in p.what for p in found] == [True]


def test_a_folder_of_ones_own_is_laid_over_the_shipped_tables(tmp_path):
    """A new name is added, a shipped one with the same name and dates is replaced."""
    (tmp_path / "persons.csv").write_text("name,code,from,to,source\nفلان الفلاني,EGYGOV,,,\n", encoding="utf-8")
    actors = load_dictionaries(tmp_path).actors
    assert [a.code for a in actors["فلان"]] == ["EGYGOV"]
    assert "مصر" in actors
