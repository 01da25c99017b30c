"""Dictionaries of PETRARCH and UniversalPetrarch: what is read of them, what is told, and how they are laid over the shipped tables.

The small files are written for these tests. The real ones are read where a copy of them lies beside the checkout; they are not part of it.
"""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from coder import Coder, Story
from coder.__main__ import command_line
from coder.dictionaries import load_dictionaries
from coder.petrarch import Foreign, Known, file_kind, read_folder

REAL = Path(__file__).resolve().parents[2] / "shared" / "reference" / "oeda"
KNOWN = Known(
    {"EGY": "country", "LBY": "country", "CHL": "country", "GOV": "role", "MIL": "role", "IGO": "international-generic", "MUS": "religion"},
    {"040", "042", "043", "050", "070", "112", "173", "190"},
    {"تشيلي"},
    {"أيّد": "يؤيّد", "وقّع": "يوقّع", "وقع": "يقع"},
)


def read(folder: Path, name: str, text: str) -> Foreign:
    """What `read_folder` makes of one file."""
    (folder / name).write_text(text, encoding="utf-8")
    return read_folder(folder, KNOWN)


def rows(found: Foreign, table: str, *columns: str) -> list[tuple[str, ...]]:
    """The cells of some columns of the rows for one of our tables."""
    return [tuple(r[c] for c in columns) for _, r in found.rows[table]]


PERIODS = [
    ("[EGYGOV <070101]", ("EGYGOV", "", "2006-12-31")),
    ("[EGYGOV >991231]", ("EGYGOV", "1999-12-31", "")),
    ("[EGYGOV > 19991231 ]", ("EGYGOV", "1999-12-31", "")),
    ("[EGYGOV 20080601-20120101]", ("EGYGOV", "2008-06-01", "2012-01-01")),
    ("[EGYGOV 310101-300101]", ("EGYGOV", "1931-01-01", "2030-01-01")),
    ("[EGYGOV 811014 - 20110211] # comment", ("EGYGOV", "1981-10-14", "2011-02-11")),
    ("[EGYELI] ; comment", ("EGYELI", "", "")),
]


@pytest.mark.parametrize(("code", "row"), PERIODS, ids=[p[0] for p in PERIODS])
def test_dates_of_two_and_four_digit_years(tmp_path, code: str, row: tuple[str, str, str]):
    """`<` ends the day before, `>` begins on the day, years up to 30 are of this century, comments go."""
    found = read(tmp_path, "x.actors.txt", f"فلان_العلاني_\n\t{code}\n")
    assert rows(found, "persons", "name", "code", "from", "to") == [("فلان العلاني", *row)]
    assert found.problems == []


def test_reversed_dates_are_told_and_turned(tmp_path):
    """File, line and what was done."""
    found = read(tmp_path, "x.actors.txt", "فلان_العلاني_\n\t[EGYGOV 20120101-20080601]\n")
    assert rows(found, "persons", "from", "to") == [("2008-06-01", "2012-01-01")]
    assert [p.where for p in found.problems] == ["x.actors.txt:2"]
    assert "ends before it starts" in found.problems[0].what


def test_synonyms_and_names_without_codes_share_the_codes_that_follow(tmp_path):
    """`+` names, also behind the codes, and names on lines of their own; a name of several words begins with and without ال."""
    found = read(tmp_path, "x.actors.txt", "منظمة_الفلك_\nهيئة_الفلك_\n+الفلكية\n\t[IGO]\n+دار_الفلك\n\nمنظمة_البحر [IGO]\n")
    names = [name for (name,) in rows(found, "groups", "name")]
    assert names == [
        "منظمة الفلك",
        "المنظمة الفلك",
        "هيئة الفلك",
        "الهيئة الفلك",
        "الفلكية",
        "دار الفلك",
        "الدار الفلك",
        "منظمة البحر",
        "المنظمة البحر",
    ]
    assert found.entries["x.actors.txt"] == 5


def test_lemmas_are_entered_with_the_feminine_of_their_adjectives(tmp_path):
    """UniversalPetrarch writes وزارة دفاع مصري for وزارة الدفاع المصرية."""
    found = read(tmp_path, "x.actors.txt", "وزارة_دفاع_مصري_ [EGYGOV]\n")
    assert ("الوزارة دفاع مصرية",) in rows(found, "groups", "name")
    assert ("وزارة دفاع مصرية",) in rows(found, "groups", "name")


def test_the_first_code_that_fits_counts(tmp_path):
    """Overlapping periods of two codes: the first of the file holds, the rest of the second stays, and it is told."""
    found = read(tmp_path, "x.actors.txt", "فلان_العلاني_ [EGYELI]\n\t[EGYGOV 20100101-20101231]\n\t[EGYMIL 20100601-20111231]\n")
    assert rows(found, "persons", "code", "from", "to") == [
        ("EGYELI", "", "2009-12-31"),
        ("EGYGOV", "2010-01-01", "2010-12-31"),
        ("EGYMIL", "2011-01-01", "2011-12-31"),
        ("EGYELI", "2012-01-01", ""),
    ]
    assert [n.what for n in found.notes] == ["فلان العلاني is EGYGOV as well as EGYMIL in one period"]
    assert found.notes[0].remedy == "the first is read: x.actors.txt:2"


def test_periods_of_one_code_are_joined(tmp_path):
    """Overlaps without conflict are no news."""
    found = read(tmp_path, "x.actors.txt", "فلان_العلاني_\n\t[EGYGOV 20100101-20101231]\n\t[EGYGOV 20100601-20111231]\n\t[---]\n")
    assert rows(found, "persons", "from", "to") == [("2010-01-01", "2011-12-31")]
    assert found.notes == found.problems == []


def test_codes_choose_the_table(tmp_path):
    """A bare country is a country or its adjective, a bare role a role noun, a body with a period no person."""
    found = read(tmp_path, "x.actors.txt", "مصر [EGY]\nليبي [LBY]\nتشيلي [CHL]\nعسكر [MIL]\nحزب_الفلك\n\t[EGYGOV >20010101]\n")
    assert rows(found, "countries", "name", "kind") == [
        ("مصر", "name"),
        ("المصر", "name"),
        ("ليبي", "adjective"),
        ("تشيلي", "name"),
        ("التشيلي", "name"),
    ]
    assert rows(found, "agents", "noun", "code", "kind") == [("عسكر", "MIL", "role")]
    assert ("حزب الفلك", "2001-01-01") in rows(found, "groups", "name", "from")
    assert rows(found, "persons", "name") == []


FAULTS = [
    ("x.actors.txt", "فلان_العلاني_\n\t[EGYGOV\n", "x.actors.txt:2: malformed code [EGYGOV"),
    ("x.actors.txt", "فلان_العلاني_ [EGYGOV?]\n", "x.actors.txt:1: malformed code [EGYGOV?]"),
    ("x.actors.txt", "فلان_العلاني_ [EGYGOV 20121204]\n", "malformed code [EGYGOV 20121204]"),
    ("x.actors.txt", "فلان_العلاني_ [XYZGOV]\n", "unknown actor code 'XYZGOV'"),
    ("x.actors.txt", "فلان_العلاني_ [EGYGOV >20121304]\n", "'20121304' is not a date"),
    ("x.actors.txt", "فلان_العلاني_ [EGYGOV 2004017-20061201]\n", "'2004017' is not a date"),
    ("x.actors.txt", "فلان_العلاني_\n\nعلان_الفلاني_ [EGYGOV]\n", "x.actors.txt:1: فلان العلاني has no code"),
    ("x.actors.txt", "[EGYGOV]\n", "a code without a name"),
    ("x.actors.txt", "بن_ [EGYGOV]\n", "too short"),
    ("x.agents.txt", "خباز ~GOV\n", "x.agents.txt:1: malformed agent line"),
    ("x.agents.txt", " [~GOVخباز]\n", "malformed agent line"),
    ("x.agents.txt", "خباز [~GOV} خباز]\n", "malformed agent line"),
    ("x.verbs.txt", "--- أيد [999] ---\nأيد\n", "x.verbs.txt:2: unknown CAMEO code '999'"),
]


@pytest.mark.parametrize(("name", "text", "message"), FAULTS, ids=[f[2] for f in FAULTS])
def test_faults_are_named_with_a_remedy(tmp_path, name: str, text: str, message: str):
    """File, line, what, and what to do; nothing is raised."""
    found = read(tmp_path, name, text)
    told = [p for p in found.problems if message in str(p)]
    assert told, found
    assert told[0].remedy


def test_latin_script_is_skipped_with_one_note(tmp_path):
    """It can never match Arabic text; its faults are only counted."""
    found = read(tmp_path, "x.actors.txt", "JOHN_DOE_\n+J._DOE\n\t[EGYGOV 20050101\nمصر [EGY]\nACME_ [IGO]\n")
    assert [str(n) for n in found.notes] == [
        "x.actors.txt:1: 3 entries in Latin script are not read (1 faults among them) (they can never match Arabic text)"
    ]
    assert found.problems == []
    assert found.entries["x.actors.txt"] == 1


def test_agents_with_plurals_and_sets(tmp_path):
    """`{PLURAL}`, sets between exclamation marks, and codes before the actor's, which agents of ours cannot have."""
    text = "!ناس! = رجل, امرأة\nخباز {خبازون} [~GOV]\n!ناس!_دين [~MUS]\nقوة_سلمي [~MIL]\nمراقب_هدنة [IGO~]\nBAKER [~GOV]\n"
    found = read(tmp_path, "x.agents.txt", text)
    assert rows(found, "agents", "noun", "plural", "code") == [
        ("خباز", "خبازون", "GOV"), ("رجل دين", "", "MUS"), ("امرأة دين", "", "MUS"), ("قوة سلمي", "", "MIL"), ("قوة سلمية", "", "MIL"),
    ]  # fmt: skip
    assert ["before the actor's" in n.what or "Latin" in n.what for n in found.notes] == [True, True]
    assert found.problems == []


PATTERNS = [
    ("- * قرار [050]", ("قرار", "", "")),
    ("-*قرار [050]", ("قرار", "", "")),
    ("- * {قرار دولي} [050] # comment", ("قرار دولي", "", "")),
    ("- * (مع +) [040]", ("", "مع", "")),
    ("- $ * + (ضد) [112]", ("", "ضد", "")),
    ("- * ضد [112]", ("", "ضد", "")),
    ("- * قرار (مع) [050]", ("قرار", "مع", "")),
    ("- * (ب قرار) [050]", ("", "", "قرار")),
    ("- * (بقرار) [050]", ("", "", "قرار")),
    ("- * (للقرار) [050]", ("", "", "قرار")),
    ("- * (من أجل {قرار دولي}) (لل +) [050]", ("", "ل", "قرار دولي")),
    ("- * &SET [050]", ("قرار|بيان مشترك", "", "")),
    ("- * {مشروع &SET} [050]", ("مشروع قرار|مشروع بيان مشترك", "", "")),
]


@pytest.mark.parametrize(("pattern", "cells"), PATTERNS, ids=[p[0] for p in PATTERNS])
def test_patterns_that_our_frames_express(tmp_path, pattern: str, cells: tuple[str, str, str]):
    """Object, preposition before the target, complement; with a preposition the frame is `preposition`."""
    found = read(tmp_path, "CAMEO.x.txt", f"&SET\n+قرار_\n+بيان_مشترك_\n--- ايد [---] ---\nايد # support\n{pattern}\n")
    assert rows(found, "verbs", "verb", "present", "object", "preposition", "complement") == [("أيّد", "يؤيّد", *cells)]
    assert rows(found, "verbs", "frame") == [("preposition" if cells[1] else "object",)]
    assert [n.what for n in found.notes] == ["1 event rows without an example: the check cannot try them"]


UNREAD = [
    ("- جندي * [050]", "words before the verb"),
    ("- * قرار [---]", "cannot forbid an event"),
    ("- * قرار [:112]", "an event of the target upon the source"),
    ("- * &NONE [050]", "no word set &NONE"),
    ("- * قرار $ [050]", "the source behind the verb"),
    ("- * قرار ^ [050]", "skip, both, extend"),
    ("- * (من) (إلى) [050]", "two phrases of one kind"),
    ("- * (قرار) [050]", "no preposition"),
    ("- * (ل أجل) [050]", "nothing that can be looked for"),
    ("- * (من (قرار)) [050]", "brackets in brackets"),
    ("- * قرار دولي جديد مهم [050]", "more than three words"),
    ("- * قرار RESERVE [050]", "Latin letters"),
    ("- قرار [050]", "needs one *"),
    ("- * قرار 050", "malformed"),
    ("~ a (a b هاجم) قال = a b 015", "transformations"),
]


@pytest.mark.parametrize(("pattern", "reason"), UNREAD, ids=[u[0] for u in UNREAD])
def test_other_patterns_are_listed_with_the_reason(tmp_path, pattern: str, reason: str):
    """No row, one note that names file and line."""
    found = read(tmp_path, "x.verbs.txt", f"--- أيد [---] ---\nأيد\n{pattern}\n")
    assert rows(found, "verbs", "verb") == []
    assert [n.where for n in found.notes if reason in n.what] == ["x.verbs.txt:3"]


def test_verbs_codes_and_prepositions(tmp_path):
    """A verb's own code comes before its block's; a verb may bring its preposition; codes of both directions; our spelling and present."""
    text = "--- زار [042] ---\nسافر+إلى [042:043]\nاطلق+نار+على [190]\nأيد {أيدت}\nقال\nوضع+في+قائمة\n"
    found = read(tmp_path, "x.verbs.txt", text)
    assert rows(found, "verbs", "verb", "preposition", "cameo", "cameo_back", "frame") == [
        ("سافر", "إلى", "042", "043", "preposition"), ("اطلق نار", "على", "190", "", "preposition"), ("أيّد", "", "042", "", "object"),
    ]  # fmt: skip
    assert [n.where for n in found.notes if "weak verb" in n.what or "a noun after" in n.what] == ["x.verbs.txt:5", "x.verbs.txt:6"]


def test_verbs_of_several_words_as_petrarch_writes_them(tmp_path):
    """`+VERB_WORD` behind a block's head is a verb, behind `&NAME` a word of the set."""
    found = read(tmp_path, "x.verbs.txt", "&SET\n\n+قرار_\n--- هاجم [190] ---\n+اطلق_نار\n- * &SET [050]\n")
    assert rows(found, "verbs", "verb", "object", "cameo") == [("اطلق نار", "", "190"), ("اطلق نار", "قرار", "050")]


def test_a_verb_file_without_blocks(tmp_path):
    """As TABARI wrote them: each verb is followed by its own patterns."""
    found = read(tmp_path, "x.verbs.txt", "سافر [040]\n- * (مع) [042]\nهاجم [190]\n- * قرار [112]\n")
    assert rows(found, "verbs", "verb", "cameo") == [("سافر", "040"), ("سافر", "042"), ("هاجم", "190"), ("هاجم", "112")]


def test_files_are_known_by_name_or_content(tmp_path):
    """Any .txt whose lines look like one of the formats; another is told and left."""
    assert file_kind("mine.txt", ["فلان_ [EGYGOV]"]) == "actors"
    assert file_kind("mine.txt", ["خباز [~GOV]", "مراقب [IGO~]"]) == "agents"
    assert file_kind("mine.txt", ["--- قال [010] ---", "- * قرار [050]"]) == "verbs"
    assert file_kind("Phoenix.Countries.actors.txt", []) == "actors"
    assert file_kind("CAMEO.ar.0.5.txt", []) == "verbs"
    assert file_kind("README.txt", ["Tables of our project"]) == ""
    found = read(tmp_path, "README.txt", "Tables of our project\n")
    assert [n.where for n in found.notes] == ["README.txt:1"]
    assert found.problems == []


def test_bytes_that_are_not_utf8_are_told(tmp_path):
    """The rest of the file is read."""
    (tmp_path / "x.actors.txt").write_bytes("مصر [EGY]\n".encode() + b"\xc7\xe1 [EGY]\n" + "ليبيا [LBY]\n".encode())
    found = read_folder(tmp_path, KNOWN)
    assert [p.where for p in found.problems if "UTF-8" in p.what] == ["x.actors.txt:2"]
    assert ("ليبيا",) in rows(found, "countries", "name")


def test_comments_of_xml_and_the_stop_line(tmp_path):
    """Lines keep their numbers; nothing is read behind ---STOP---."""
    found = read(tmp_path, "x.actors.txt", "<!-- two\nlines -->\nمصر [EGY?]\n---STOP---\nليبيا [LBY]\n")
    assert [p.where for p in found.problems] == ["x.actors.txt:3"]
    assert found.rows["countries"] == []


def write_own(folder: Path) -> None:
    """A user's folder with one file of each kind."""
    (folder / "own.actors.txt").write_text("زقزوق_الفلكي_\n\t[EGYGOV >20010101]\nبيروت_ [EGY]\n", encoding="utf-8")
    (folder / "own.agents.txt").write_text("فلكي_رسمي [~GOV]\n", encoding="utf-8")
    (folder / "own.verbs.txt").write_text("--- زقزق [112] ---\nزقزق\n- * (ب قرار) [050]\n--- هدد [138] ---\nهاجم [112]\n", encoding="utf-8")


def test_a_folder_is_laid_over_the_shipped_tables(tmp_path, make_tree):
    """Its names and verbs are read beside ours, an event word of ours gets its code, and every conflict is told."""
    write_own(tmp_path)
    tables = load_dictionaries(tmp_path)
    assert tables.problems == []
    assert [(a.code, a.kind, a.start) for a in tables.actors["زقزوق"]] == [("EGYGOV", "person", "2001-01-01")]
    assert [a.code for a in tables.actors["فلكي"] if len(a.keys) == 2] == ["GOV"]
    assert any(n.where == "own.actors.txt:3" and "is EGY here but LBN" in n.what for n in tables.notes)
    assert any(n.where == "own.verbs.txt:5" and "هاجم is 112 here but" in n.what for n in tables.notes)
    sentence = make_tree("زقزق VERB 0 root", "زقزوق PROPN 1 nsubj", "الفلكي PROPN 2 flat", "تركيا PROPN 1 obj")
    events = Coder(tables).code(Story("1", sentence.text, "2020-06-01"), [sentence])
    assert [(e.source, e.cameo, e.target, e.rule) for e in events] == [("EGYGOV", "112", "TUR", "own.verbs.txt:2")]


def test_no_foreign_file_changes_nothing(tables, tmp_path):
    """An empty folder, and the digest that tells which tables were used."""
    assert load_dictionaries(tmp_path).digest == tables.digest
    write_own(tmp_path)
    assert load_dictionaries(tmp_path).digest != tables.digest


def test_check_tells_rows_without_example_and_does_not_fail(tmp_path):
    """Rows of foreign files have no example; that is a note and no problem, and the examples of the shipped rows are still run."""
    (tmp_path / "own.verbs.txt").write_text("--- زقزق [112] ---\nزقزق\n", encoding="utf-8")
    result = CliRunner().invoke(command_line().app, ["check", "--dictionaries", str(tmp_path)])
    assert "note: own.verbs.txt: 1 entries read" in result.output
    assert "note: own.verbs.txt:1: 1 event rows without an example" in result.output
    assert not any(line.startswith("own.verbs.txt") for line in result.output.splitlines())
    assert result.output.count("is not parsed yet") < 20


def test_a_run_tells_some_problems_of_a_file_and_counts_the_rest(tmp_path):
    """A dictionary with a thousand slips does not bury the output of a run."""
    (tmp_path / "own.actors.txt").write_text("فلان_العلاني_ [EGYGOV?]\n" * 30, encoding="utf-8")
    result = CliRunner().invoke(command_line().app, ["code", str(tmp_path / "none.jsonl"), "--dictionaries", str(tmp_path)])
    assert result.output.count("malformed code") == 20
    assert "10 more problems (waqai check --dictionaries" in result.output


@pytest.mark.skipif(not REAL.is_dir(), reason="the dictionaries of the Open Event Data Alliance do not lie beside this checkout")
def test_the_real_dictionaries_are_read(tmp_path):
    """Entries read of every file; every fault named with file and line; Latin files give one note."""
    for path in REAL.glob("*.txt"):
        (tmp_path / path.name).write_bytes(path.read_bytes())
    tables = load_dictionaries(tmp_path)
    by_file = {path.name: [p for p in tables.problems if p.where.startswith(path.name + ":")] for path in REAL.glob("*.txt")}
    assert sum(map(len, by_file.values())) == len(tables.problems)
    assert tables.foreign["actor_dict_ar_v5.txt"] == 4130
    assert tables.foreign["agents.all.ar_v4.txt"] == 1625
    assert tables.foreign["CAMEO.ar.0.5.txt"] > 20_000
    assert tables.foreign["CAMEO.2.0.txt"] == 0
    assert len({row.where for row in tables.verb_rows.values() if row.where.startswith("CAMEO.ar")}) > 2_000
    assert len(by_file["actor_dict_ar_v5.txt"]) == 18
    assert 9 <= len(by_file["agents.all.ar_v4.txt"]) <= 40
    assert by_file["Phoenix.Countries.actors.txt"] == []
    latin = [n for n in tables.notes if "Latin script" in n.what]
    files = [n.where.partition(":")[0] for n in latin]
    assert {"CAMEO.2.0.txt", "Phoenix.Countries.actors.txt", "Phoenix.International.actors.txt", "Phoenix.agents.txt"} <= set(files)
    assert len(files) == len(set(files))
    assert any(n.what.startswith("25917 entries") and "faults among them" in n.what for n in latin)
