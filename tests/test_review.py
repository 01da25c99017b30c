"""Sampling, the page of judgements, and sheets read back."""

import csv
import json
import re

import pytest
from html_checks import checked
from typer.testing import CliRunner

from coder.__main__ import command_line
from coder.judgements import COLUMNS, judge, methods, read_sheets, told
from coder.model import Event, InputError
from coder.output import write_native
from coder.review import LEAST, VERDICTS, allocate, draw_sample, review_page

HOSTILE = "</script><script>alert(1)</script>"
TEXT = f"مقدمة قصيرة. اتهمت تركيا اليونان {HOSTILE} أمس. خاتمة."


@pytest.fixture
def events_file(tmp_path):
    """A native table of these events, each root so many times."""

    def build(**roots: int):
        path = tmp_path / "events.csv"
        start = TEXT.index("اتهمت")
        events = [
            Event(f"{root}-{i}", f"s{i}", 1, "2020-05-05", "day", "TUR", "GRC", f"{root[1:]}0", source_text="تركيا", event_text="اتهمت",
                  target_text="اليونان", start=start, end=start + 5, status="actual")
            for root, count in roots.items() for i in range(count)
        ]  # fmt: skip
        with open(path, "w", encoding="utf-8", newline="") as stream:
            write_native(events, stream)
        return path

    return build


@pytest.mark.parametrize(
    ("sizes", "n", "drawn"),
    [
        ({"01": 1000, "19": 3}, 100, {"01": 97, "19": 3}),
        ({"01": 10, "02": 10}, 50, {"01": 10, "02": 10}),
        ({"01": 500, "02": 500}, 20, {"01": 10, "02": 10}),
        ({"01": 5, "02": 6, "03": 7}, 2, {"01": 0, "02": 1, "03": 1}),
    ],
)
def test_allocation(sizes: dict[str, int], n: int, drawn: dict[str, int]):
    """In proportion, each root at least LEAST where it has so many, `n` in all."""
    assert allocate(sizes, n) == drawn


def test_allocation_adds_up_for_any_sizes():
    """Never more than asked or than there are, never more than a root has."""
    for n in (1, 7, 30, 200, 5000):
        sizes = {f"{root:02}": root**3 for root in range(1, 21)}
        drawn = allocate(sizes, n)
        assert sum(drawn.values()) == min(n, sum(sizes.values()))
        assert all(drawn[root] <= sizes[root] for root in sizes)
        assert n < LEAST * len(sizes) or all(drawn[root] >= min(LEAST, sizes[root]) for root in sizes)


def test_the_same_seed_draws_the_same_sample(events_file):
    """And another seed another one; sizes are those of the file."""
    path = events_file(r11=200, r19=40)
    first, again, other = draw_sample(path, 30), draw_sample(path, 30), draw_sample(path, 30, seed=2)
    assert first == again
    assert first.rows != other.rows
    assert first.sizes == {"11": 200, "19": 40}
    assert len(first.rows) == 30


def test_an_event_written_twice_is_drawn_once(events_file):
    """The same story coded twice gives the same ids."""
    path = events_file(r11=3)
    with open(path, encoding="utf-8") as stream:
        _, *rows = stream.readlines()
    with open(path, "a", encoding="utf-8") as stream:
        stream.writelines(rows)
    assert draw_sample(path, 10).sizes == {"11": 3}


def test_files_that_are_no_tables_are_told(tmp_path, events_file):
    """With the remedy."""
    other = tmp_path / "other.csv"
    other.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(ValueError, match="no column event_id"):
        draw_sample(other, 5)
    with pytest.raises(ValueError, match="holds no event"):
        draw_sample(events_file(), 5)


@pytest.fixture
def stories_file(tmp_path):
    """The stories of the events."""
    path = tmp_path / "stories.jsonl"
    path.write_text("".join(json.dumps({"id": f"s{i}", "date": "2020-05-05", "text": TEXT}) + "\n" for i in range(5)), encoding="utf-8")
    return path


def test_the_page_shows_each_event_in_its_sentence(events_file, stories_file, tables):
    """The sentence alone, not the story; hostile text stays inside its element."""
    problems: list[InputError] = []
    page = review_page(draw_sample(events_file(r11=5), 5), tables.codes, [str(stories_file)], problems)
    assert problems == []
    found = checked(page)
    assert [tag for tag, _ in found.elements].count("script") == 3
    sheet = json.loads(re.search(r'<script type="application/json" id="sheet">(.*?)</script>', page)[1])  # type: ignore[index]
    assert len(sheet["events"]) == 5
    for event in sheet["events"]:
        assert event["whole"]
        assert event["text"] == f"اتهمت تركيا اليونان {HOSTILE} أمس."
        assert [(event["text"][a:b], side) for a, b, side in event["spans"]] == [("اتهمت", "event"), ("تركيا", "source"), ("اليونان", "target")]


def test_without_stories_the_page_shows_the_events_own_words(events_file, tables):
    """And says that they are no sentence."""
    page = review_page(draw_sample(events_file(r11=2), 2), tables.codes, [], [])
    sheet = json.loads(re.search(r'id="sheet">(.*?)</script>', page)[1])  # type: ignore[index]
    assert [e["text"] for e in sheet["events"]] == ["تركيا … اتهمت … اليونان"] * 2
    assert not any(e["whole"] for e in sheet["events"])


def test_every_verdict_has_a_button_and_a_key(events_file, tables):
    """Pressed buttons are told to screen readers; messages stand in a live region."""
    found = checked(review_page(draw_sample(events_file(r11=1), 1), tables.codes, [], []))
    buttons = [a for tag, a in found.elements if tag == "button" and "data-verdict-key" in a]
    assert [(b["data-verdict-key"], b["data-key"]) for b in buttons] == [(name, key) for name, key, _ in VERDICTS]
    assert all(b["aria-pressed"] == "false" for b in buttons)
    assert any(a.get("role") == "status" for _, a in found.elements)


# ------------------------------------------------------------------------------------------------------------ reading back


@pytest.fixture
def sheet(tmp_path):
    """A sheet of one judge: (event id, root, verdict, flaws)."""

    def build(name: str, *rows: tuple[str, str, str, str], size: int = 100):
        path = tmp_path / f"{name}.csv"
        with open(path, "w", encoding="utf-8-sig", newline="") as stream:
            writer = csv.DictWriter(stream, COLUMNS)
            writer.writeheader()
            for event_id, root, verdict, flaws in rows:
                wrong = {f"wrong_{flaw}": "1" for flaw in flaws.split()}
                writer.writerow(
                    {
                        "sheet": "x-seed1",
                        "judge": name,
                        "event_id": event_id,
                        "root": root,
                        "root_size": size,
                        "cameo": root + "0",
                        "verdict": verdict,
                        **wrong,
                    }
                )
        return path

    return build


def test_precision_by_root_and_overall(sheet):
    """Right in everything, and in each respect."""
    problems: list[InputError] = []
    path = sheet("anna", ("a", "01", "right", ""), ("b", "01", "wrong", "source code"), ("c", "19", "not_an_event", ""), ("d", "19", "right", ""))
    findings = judge(read_sheets([path], problems))
    assert problems == []
    assert findings.overall.share == pytest.approx(0.5)
    assert {root: (f.share, f.n) for root, f in findings.roots.items()} == {"01": (0.5, 2), "19": (0.5, 2)}
    assert {side: f.share for side, f in findings.sides.items()} == pytest.approx(
        {"source": 0.5, "target": 0.75, "code": 0.5, "date": 0.75, "status": 0.75, "being an event": 0.75}
    )
    assert findings.agreement == ()
    assert "was not measured" in methods(findings)


def test_several_judges(sheet):
    """An event is right where more than half say so; agreement on right or not, and on all of it."""
    anna = sheet("anna", ("a", "01", "right", ""), ("b", "01", "wrong", "code"), ("c", "01", "right", ""))
    omar = sheet("omar", ("a", "01", "right", ""), ("b", "01", "wrong", "source"), ("c", "01", "not_an_event", ""))
    findings = judge(read_sheets([anna, omar], []))
    assert findings.overall.share == pytest.approx(1 / 3)
    simple, whole = findings.agreement
    assert (simple.n, simple.agreed) == (3, pytest.approx(2 / 3))
    assert simple.cohen[("anna", "omar")] == (pytest.approx(0.4), 3)
    assert whole.agreed == pytest.approx(1 / 3)
    text = "\n".join(told(findings, {"01": "MAKE PUBLIC STATEMENT"}))
    assert "01 make public statement: 33.3%" in text
    assert "Cohen's kappa 0.400" in text
    assert "Krippendorff's alpha" in methods(findings)


def test_faulty_sheets_are_told_and_the_rest_is_read(sheet, tmp_path):
    """A sheet with other columns, an unknown verdict, an event judged twice, a zero that a spreadsheet has eaten."""
    other = tmp_path / "other.csv"
    other.write_text("a;b\n", encoding="utf-8")
    path = sheet("anna", ("a", "1", "right", ""), ("b", "01", "maybe", ""), ("a", "01", "wrong", "date"))
    problems: list[InputError] = []
    judgements = read_sheets([other, tmp_path / "missing.csv", path], problems)
    assert [(j.event_id, j.root, j.verdict) for j in judgements] == [("a", "01", "wrong")]
    assert [what for p in problems for what in ("no column", "cannot be read", "verdict 'maybe'", "twice") if what in p.what] == [
        "no column", "cannot be read", "verdict 'maybe'", "twice",
    ]  # fmt: skip


def waqai(*arguments: object):
    """The command, in this process."""
    return CliRunner().invoke(command_line().app, ["review", *map(str, arguments)])


def test_the_commands(events_file, stories_file, sheet, tmp_path):
    """A page out of a table; figures out of sheets; usage errors with a remedy."""
    page = tmp_path / "page.html"
    shown = waqai(events_file(r11=8), stories_file, "--sample", 4, "--html", page)
    assert shown.exit_code == 0, shown.output
    assert "4 of 8 events" in shown.stderr
    checked(page.read_text(encoding="utf-8"))
    out = tmp_path / "precision.csv"
    shown = waqai("--read", sheet("anna", ("a", "01", "right", "")), "--out", out)
    assert shown.exit_code == 0, shown.output
    assert "overall, weighted by root: 100.0%" in shown.stdout
    assert "overall,1.0000" in out.read_text(encoding="utf-8")
    for arguments, message in (
        ((tmp_path / "none.csv", "--html", page), "check the spelling"),
        ((events_file(r11=8),), "--html FILE"),
        (("--read", sheet("omar")), "no judgement in these sheets"),
        ((stories_file, "--html", page), "no column event_id"),
    ):
        shown = waqai(*arguments)
        assert (shown.exit_code, message in shown.stderr) == (2, True), shown.output
