"""The page on a dataset, built from its events table alone."""

import pytest
from html_checks import checked
from typer.testing import CliRunner

from coder.__main__ import command_line
from coder.actor_words import in_words
from coder.charts import columns, dot_map
from coder.model import Event
from coder.output import write_native
from coder.report import over_time, report_page, tally

HOSTILE = "<script>alert(1)</script>"


def event(number: int, **cells: str) -> Event:
    """An event with these cells."""
    plain = {"event_date": "2020-05-05", "date_precision": "day", "source": "TUR", "target": "GRC", "cameo": "112", "quad": "3", "rule": "V1"}
    return Event(f"e{number}", f"s{number}", 1, **{**plain, **cells})  # type: ignore[arg-type]


@pytest.fixture
def table(tmp_path):
    """A native table of six events, one told again, one without a day, two with a place, one from a hostile publisher."""
    events = [
        event(1), event(2, same_as="e1"), event(3, event_date="2020", date_precision="year"), event(4, source="---", cameo="190", quad="4", killed="3"),
        event(5, place="الموصل", place_country="IRQ", latitude="36.34", longitude="43.13", place_precision="city", event_date="2020-07-01"),
        event(6, place=HOSTILE, place_country="IRQ", latitude="none", longitude="43", publisher=HOSTILE),
    ]  # fmt: skip
    path = tmp_path / "events.csv"
    with open(path, "w", encoding="utf-8", newline="") as stream:
        write_native(events, stream)
    return path


def test_mentions_told_again_count_once(table):
    """They are counted as rows, and left out of everything else."""
    found = tally(table)
    assert (found.rows, found.events, found.repeats, len(found.stories)) == (6, 5, 1, 6)
    assert found.dyads == {("TUR", "GRC"): 4, ("---", "GRC"): 1}
    assert found.roots == {"11": 4, "19": 1}
    assert found.places == {(36.34, 43.13): 1}
    assert found.countries == {"IRQ": 2}
    assert (found.tolls["killed"], found.unknown["source"]) == (1, 1)


def test_the_page_is_whole_and_shows_hostile_text(table, tables):
    """Every section; numbers in tables beside the drawings; nothing loaded or run."""
    found = checked(report_page(tally(table), "events.csv", tables.codes))
    text = " ".join(found.texts)
    for part in (
        "Over time",
        "2020-06",
        "verbal conflict",
        "TUR → GRC",
        "Greece",
        "الموصل",
        "How exact",
        "Known limits",
        "1 (16.7%) of the rows",
        HOSTILE,
    ):
        assert part in text
    assert [tag for tag, _ in found.elements].count("script") == 1
    assert [tag for tag, _ in found.elements].count("circle") == 1
    assert {a["href"][1:] for tag, a in found.elements if tag == "a"} <= {a.get("id") for _, a in found.elements}  # type: ignore[index]


def test_a_table_without_places_and_publishers(tmp_path, tables):
    """The sections say so."""
    path = tmp_path / "events.csv"
    with open(path, "w", encoding="utf-8", newline="") as stream:
        write_native([event(1, event_date="")], stream)
    text = " ".join(checked(report_page(tally(path), "x", tables.codes)).texts)
    for part in ("No event of this table has a place", "named no publisher", "No event has a date with a month"):
        assert part in text


@pytest.mark.parametrize(("days", "shown"), [
    ({"2020-01": 2, "2020-03": 1, "2020": 5, "": 1}, {"2020-01": 2, "2020-02": 0, "2020-03": 1}),
    ({"2001-01": 1, "2020-01": 1}, dict.fromkeys((f"{y}" for y in range(2001, 2021)), 0) | {"2001": 1, "2020": 1}),
    ({"1700-01": 1, "1999-01": 1, "1998-02": 1}, {"1700s": 1, "1990s": 2}),
    ({"2020-13": 1}, {}),
])  # fmt: skip
def test_time_is_shown_by_month_year_or_decade(days: dict[str, int], shown: dict[str, int]):
    """Whatever the span needs; months without an event stand as 0."""
    assert over_time(days) == shown


def test_actor_codes_in_words():
    """Triple by triple; a triple that no table knows stands as it is."""
    assert in_words("KENGOV") == "Kenya / Government"
    assert in_words("---MIL") == in_words("MIL")
    assert (in_words("---"), in_words("QQQ")) == ("", "QQQ")


def test_charts_hold_any_numbers():
    """None, one, a huge one; dots at the edge of the world and all at one spot."""
    for counts in ({}, {"2020-01": 0}, {"2020-01": 7_000_000}):
        assert columns(counts, "x").startswith('<div class="scroll"')
    assert dot_map([], "x").count("<circle") == 0
    assert dot_map([(90.0, 180.0, 1, "a"), (-90.0, -180.0, 5, "b")], "x").count("<circle") == 2
    assert 'cx="450.0" cy="225.0"' in dot_map([(36.0, 43.0, 9, "a")], "x")


def test_the_command(table, tmp_path):
    """A page in a file; an empty table is told."""
    runner, app = CliRunner(), command_line().app
    page = tmp_path / "report.html"
    shown = runner.invoke(app, ["report", str(table), "--html", str(page)])
    assert shown.exit_code == 0, shown.output
    checked(page.read_text(encoding="utf-8"))
    table.write_text(table.read_text(encoding="utf-8").split("\n")[0] + "\n", encoding="utf-8")
    shown = runner.invoke(app, ["report", str(table), "--html", str(page)])
    assert (shown.exit_code, "holds no event" in shown.stderr) == (2, True)
