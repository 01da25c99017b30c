"""Panels: small ones counted by hand, every option, and what must hold for any table."""

import math

import numpy
import pandas
import pytest
from made_tables import random_table, table

import coder
from coder.event_frames import FrameError, read_tables
from coder.panels import MEASURES, PLOVER_TYPES, ROOTS, loss_bounds, parse_layout, read_country_list
from coder.periods import PERIODS, period_names, period_numbers, priogrid_cells
from coder.states import state_number


def listed(*rows: str) -> pandas.DataFrame:
    """A list of stories from rows `id date sentences`."""
    cells = [row.split() for row in rows]
    return pandas.DataFrame({"id": [c[0] for c in cells], "date": [c[1] for c in cells], "sentences": [int(c[2]) for c in cells]})


STORIES = listed("s1 2020-01-05 10", "s2 2020-01-05 5", "s3 2020-01-20 4", "s4 2020-03-02 8", "s5 2020-03-03 1")
EVENTS = table(
    "a s1 2020-01-05 SYRMIL 190 SYRREB", "b s2 2020-01-05 SYRMIL 190 SYRREB", "c s3 2020-01-20 SYRGOV 112 TUR", "d s4 2020-03-02 IRQ 042 SYRGOV",
    "e s4 2020-03-02 --- 010 IRQ", killed=["3", "5-8", "", "", ""], injured=["20+", "", "", "", ""],
)  # fmt: skip


def cell(panel: pandas.DataFrame, period: str, *names: str, **unit: object) -> list[object]:
    """The named values of one row."""
    row = panel[panel["period"] == period]
    for name, value in unit.items():
        row = row[row[name] == value]
    assert len(row) == 1
    return [None if pandas.isna(v) else v for v in row.iloc[0][list(names)]]


def test_a_country_month_panel_counted_by_hand():
    """January of Syria: one attack told twice and an accusation; February missing, since nothing was read."""
    panel = coder.aggregate(EVENTS, stories=STORIES)
    assert panel["iso3"].tolist() == ["IRQ"] * 3 + ["SYR"] * 3 + ["TUR"] * 3
    assert panel["period"].tolist() == ["2020-01", "2020-02", "2020-03"] * 3
    january = cell(panel, "2020-01", "events", "events_raw", "documents_with_events", "domestic", "international", iso3="SYR")
    assert january == [2, 3, 3, 1, 1]
    assert cell(panel, "2020-01", "quad_4", "quad_4_raw", "cameo_19", "cameo_11", "cameo_19_raw", iso3="SYR") == [1, 2, 1, 1, 2]
    assert cell(panel, "2020-01", "plover_ASSAULT", "plover_ACCUSE", "plover_ASSAULT_raw", "plover_AID", iso3="SYR") == [1, 1, 2, 0]
    goldstein = ("goldstein_sum", "goldstein_mean", "goldstein_positive_sum", "goldstein_negative_sum")
    assert cell(panel, "2020-01", *goldstein, iso3="SYR") == [-12.0, -6.0, 0.0, -12.0]
    assert cell(panel, "2020-01", "plover_intensity_sum", "plover_intensity_mean", iso3="SYR") == [-12.0, -6.0]  # ASSAULT -9, ACCUSE -3
    assert cell(panel, "2020-01", "killed_min", "killed_max", "injured_min", "injured_max", iso3="SYR") == [3, 8, 20, 20]
    assert cell(panel, "2020-01", "observed", "documents", "sentences", iso3="SYR") == [1, 3, 19]
    assert cell(panel, "2020-02", "observed", "documents", "events", "goldstein_sum", "killed_min", iso3="SYR") == [0, None, None, None, None]
    assert cell(panel, "2020-03", "events", "events_raw", "plover_intensity_sum", iso3="SYR") == [1, 1, 4.0]  # CONSULT, visit
    assert cell(panel, "2020-03", "events", "plover_intensity_sum", "plover_intensity_mean", iso3="IRQ") == [2, 4.0, 4.0]  # 010 has no type
    assert cell(panel, "2020-03", "events", "goldstein_sum", "goldstein_mean", "documents", iso3="TUR") == [0, 0.0, None, 2]
    assert cell(panel, "2020-01", "country", "gwcode", "cowcode", "year", "month", "month_id", iso3="SYR") == [
        "Syria",
        652,
        652,
        2020,
        1,
        481,
    ]


@pytest.mark.parametrize(("role", "counts"), [("source", [1, 2, 0]), ("target", [1, 2, 1]), ("either", [2, 3, 1])])
def test_roles(role: str, counts: list[int]):
    """Whose event it is: by source, by target, by either side but not twice."""
    panel = coder.aggregate(EVENTS, "country-year", stories=STORIES, role=role, countries=["IRQ", "SYR", "TUR"])
    assert panel["events"].tolist() == counts


def test_the_country_of_the_place():
    """By the place, whoever acts; alpha-2 and alpha-3 codes are both read."""
    panel = coder.aggregate(EVENTS.assign(place_country=["TUR", "TUR", "TR", "", "IRQ"]), "country-year", stories=STORIES, role="place")
    assert dict(zip(panel["iso3"], panel["events"], strict=True)) == {"TUR": 2, "IRQ": 1}
    later = coder.aggregate(EVENTS.assign(place_country=["", "TUR", "", "", ""]), "country-year", stories=STORIES, role="place")
    assert later[["iso3", "events", "events_raw"]].to_numpy().tolist() == [["TUR", 1, 2]]  # the first row has none, a mention has


def test_dyads():
    """Directed: who acts comes first; undirected: one row a pair; with countries every pair of them."""
    panel = coder.aggregate(EVENTS, "dyad-month", stories=STORIES)
    assert list(dict.fromkeys(zip(panel["source_iso3"], panel["target_iso3"], strict=True))) == [("IRQ", "SYR"), ("SYR", "SYR"), ("SYR", "TUR")]
    assert cell(panel, "2020-03", "events", "source_gwcode", "target_cowcode", source_iso3="IRQ") == [1, 645, 652]
    back = table("a s1 2020-01-05 SYR 112 IRQ", "b s2 2020-01-06 IRQ 112 SYR")
    assert coder.aggregate(back, "dyad-year", undirected=True)[["source_iso3", "target_iso3", "events"]].to_numpy().tolist() == [["IRQ", "SYR", 2]]
    pairs = coder.aggregate(back, "dyad-year", countries=["SYR", "IRQ", "TUR"])
    assert len(pairs) == 9 and pairs["events"].sum() == 2
    assert len(coder.aggregate(back, "dyad-year", countries=["SYR", "IRQ", "TUR"], undirected=True)) == 6


def test_priogrid():
    """Cells of points; the middle of a country is no point; an event whose first row has no place has that of its mention."""
    frame = table(
        "a s1 2020-01-05 SYR 190 IRQ", "b s1 2020-01-05 SYR 190 IRQ", "c s2 2020-01-06 SYR 190 IRQ", "d s3 2020-01-07 SYR 190 IRQ",
        latitude=["", "33.51", "33.51", "35.0"], longitude=["", "36.29", "36.29", "38.5"], place_precision=["", "city", "city", "country"], same_as=["", "a", "", ""],
    )  # fmt: skip
    panel = coder.aggregate(frame, "priogrid-month")
    assert panel[["priogrid_gid", "latitude", "longitude", "events", "events_raw"]].to_numpy().tolist() == [[178273, 33.75, 36.25, 2, 3]]


@pytest.mark.parametrize(
    ("point", "gid"),
    [((-89.9, -179.9), 1), ((-89.75, -179.25), 2), ((-89.25, -179.75), 721), ((89.9, 179.9), 259200), ((90, 180), 258481), ((0, 0), 129961), ((91, 0), 0),
     ((math.nan, 10), 0), ((15.5, 32.56), 152346)],
)  # fmt: skip
def test_priogrid_numbers(point, gid):
    """Row from the south * 720 + column from the west + 1; a border belongs to the cell north and east of it."""
    assert priogrid_cells([point[0]], [point[1]]).tolist() == [gid]


@pytest.mark.parametrize(
    ("period", "day", "name", "start"),
    [
        ("day", "2020-11-09", "2020-11-09", "2020-11-09"), ("week", "2020-11-09", "2020-W46", "2020-11-09"), ("week", "2021-01-03", "2020-W53", "2020-12-28"),
        ("week", "1969-12-29", "1970-W01", "1969-12-29"), ("month", "2020-11-30", "2020-11", "2020-11-01"), ("quarter", "2020-11-09", "2020-Q4", "2020-10-01"),
        ("quarter", "1969-12-31", "1969-Q4", "1969-10-01"), ("year", "2020-11-09", "2020", "2020-01-01"),
    ],
)  # fmt: skip
def test_periods(period: str, day: str, name: str, start: str):
    """Names and first days of periods, also before 1970."""
    numbers = period_numbers(numpy.array([day], dtype="datetime64[D]"), period)
    panel = coder.aggregate(table(f"a s {day} SYR 190 IRQ"), f"country-{period}", role="source")
    assert period_names(numbers, period) == [name] == panel["period"].tolist()
    assert panel["start"].tolist() == [start]


def test_views_months():
    """month_id 1 is January 1980, 121 January 1990; a week is in no month."""
    frame = table("a s1 1980-01-05 SYR 190 IRQ", "b s2 1990-01-05 SYR 190 IRQ")
    panel = coder.aggregate(frame, role="source")
    assert panel[panel["observed"] == 1]["month_id"].tolist() == [1, 121] and len(panel) == 121
    assert coder.aggregate(frame, "country-week")["month_id"].isna().all()


def test_a_date_must_be_as_exact_as_the_period():
    """An event of "November" is in no day or week, but in its month and year; one of a year only in the year; of a week not in a day."""
    frame = table(*(f"{n} s{n} 2020-11-09 SYR 190 IRQ" for n in "abcd")).assign(
        event_date=["2020-11", "2020", "2020-11-09", "2020-11-08"], date_precision=["month", "year", "week", "day"]
    )
    counts = {p: int(coder.aggregate(frame, f"country-{p}", role="source", start="2020-11-01", end="2020-11-30")["events"].sum()) for p in PERIODS}
    assert counts == {"day": 0, "week": 1, "month": 3, "quarter": 3, "year": 4}


def test_only_facts_count():
    """Alleged, future, hypothetical and negated rows are left out, and said."""
    notes: list[str] = []
    panel = coder.aggregate(EVENTS.assign(status=["actual", "alleged", "future", "negated", "actual"]), "country-year", role="either", notes=notes)
    assert dict(zip(panel["iso3"], panel["events"], strict=True)) == {"SYR": 1, "IRQ": 1}
    assert any("3 rows that are not told as facts" in note for note in notes)


def test_the_range_and_the_countries_are_complete():
    """Every country in every month of the range; zero where stories were read, missing elsewhere; the order is that of the codes."""
    panel = coder.aggregate(EVENTS, start="2019-12", end="2020-04-15", countries=["TUR", "EGY", "EGY"], stories=STORIES)
    assert panel[["iso3", "period"]].to_numpy().tolist() == [
        [c, p] for c in ("EGY", "TUR") for p in ("2019-12", "2020-01", "2020-02", "2020-03", "2020-04")
    ]
    assert [None if pandas.isna(v) else v for v in panel["events"]] == [None, 0, None, 0, None, None, 1, None, 0, None]
    assert panel["observed"].tolist() == [0, 1, 0, 1, 0] * 2
    assert panel[list(MEASURES)].isna().all(axis=1).tolist() == [True, False, True, False, True] * 2


def test_events_in_months_without_stories_stay_missing_and_are_said():
    """A story of March tells of February, in which nothing was read."""
    notes: list[str] = []
    frame = EVENTS.assign(event_date=["2020-01-05", "2020-01-05", "2020-01-20", "2020-02-02", "2019-03-02"], date_precision="day")
    panel = coder.aggregate(frame, stories=STORIES, role="source", notes=notes)
    assert panel[panel["period"] == "2020-02"]["events"].isna().all()
    assert "1 events in periods in which no story was read, where the panel stays missing" in notes
    assert "1 events before or after the panel's range" in notes


def test_without_a_list_the_stories_with_events_are_what_was_read():
    """Said in a note; sentences are not known."""
    notes: list[str] = []
    panel = coder.aggregate(EVENTS, notes=notes)
    assert cell(panel, "2020-01", "documents", "sentences", iso3="SYR") == [3, None]
    assert any("no stories are given" in note for note in notes)
    undated = coder.aggregate(EVENTS.assign(story_date=""), role="source")
    assert undated["events"].sum() == 3  # by the events' own dates


def test_long_layout():
    """One row a measure, with the values of the wide panel."""
    wide, long = coder.aggregate(EVENTS, stories=STORIES), coder.aggregate(EVENTS, stories=STORIES, wide=False)
    assert len(long) == len(wide) * len(MEASURES)
    back = long.pivot(index=["iso3", "period"], columns="measure", values="value").reset_index()
    for name in MEASURES:
        assert numpy.allclose(back[name].astype(float), wide[name].astype(float), equal_nan=True), name


def test_wrong_options_are_told():
    """What is wrong, with the legal values or the remedy."""
    wrong = [
        ({"start": "2020-05", "end": "2019"}, "wrong way round"), ({"start": "5.2020"}, "is not a date"), ({"end": "2020-02-30"}, "is not a date"),
        ({"countries": ["SYR", "SYX", "QQQ"]}, "unknown country 'SYX' .perhaps SYR.*'QQQ'"), ({"by": "country-hour"}, "unknown panel"),
        ({"by": "month"}, "unknown panel"), ({"role": "both"}, "say either, source"), ({"level": "x"}, "say code or root"),
        ({"by": "dyad-day", "countries": read_country_list("all"), "start": "1980", "end": "2020"}, "narrow --countries"),
    ]  # fmt: skip
    for options, message in wrong:
        with pytest.raises(FrameError, match=message):
            coder.aggregate(EVENTS, **options)


def test_country_lists(tmp_path):
    """Codes with commas, all, or a file with remarks; CAMEO's Kosovo and ISO's are one."""
    path = tmp_path / "list.txt"
    path.write_text("SYR # Syria\n\nIRQ, TUR\n", encoding="utf-8")
    assert read_country_list(str(path)) == ["SYR", "IRQ", "TUR"] and read_country_list("") is None and len(read_country_list("all") or []) == 250
    panel = coder.aggregate(table("a s 2020-01-05 KSVGOV 112 SRB"), countries=["XKX", "KSV", "KOS"])
    assert panel[["iso3", "gwcode", "events"]].to_numpy().tolist() == [["XKX", 347, 1]]


@pytest.mark.parametrize(
    ("iso3", "which", "month", "number"),
    [("SSD", "gw", "2011-06", None), ("SSD", "gw", "2011-07", 626), ("DEU", "cow", "1989-12", 260), ("DEU", "cow", "1990-10", 255), ("DEU", "gw", "2020-01", 260),
     ("SRB", "gw", "2006-05", None), ("SRB", "gw", "2006-06", 340), ("YEM", "cow", "1990-04", 678), ("YEM", "cow", "1991-01", 679), ("PSE", "gw", "2020-01", None),
     ("CSK", "gw", "1993-01", None), ("CSK", "cow", "1992-12", 315)],
)  # fmt: skip
def test_numbers_of_states_hold_in_their_days(iso3, which, month, number):
    """South Sudan has none before 2011; the number of a month is that of its end."""
    assert state_number(iso3, which, f"{month}-01", f"{month}-30") == number


@pytest.mark.parametrize(
    ("text", "bounds"), [("5", (5, 5)), ("10-20", (10, 20)), ("25+", (25, 25)), ("", (-1, -1)), ("many", (-1, -1)), ("0", (0, 0))]
)
def test_losses(text: str, bounds: tuple[int, int]):
    """As coder.casualties writes them."""
    assert loss_bounds(text) == bounds


@pytest.mark.parametrize("by", ["country-month", "dyad-week", "priogrid-quarter"])
@pytest.mark.parametrize("wide", [True, False])
def test_empty_tables(by: str, wide: bool):
    """All columns, no row; with stories and countries a panel of zeros."""
    panel = coder.aggregate(table(), by, wide=wide)
    layout = parse_layout(by)
    assert len(panel) == 0 and tuple(panel.columns) == (layout.columns() if wide else layout.long_columns())
    full = coder.aggregate(table(), by, wide=True, stories=STORIES, countries=["SYR"])
    assert full[full["observed"] == 1][["events", "killed_max", "goldstein_sum"]].eq(0).all(axis=None)
    assert list(full.dtypes.astype(str)) == list(coder.aggregate(EVENTS, by, stories=STORIES).dtypes.astype(str))


@pytest.mark.parametrize("seed", range(3))
def test_sums_are_those_of_the_events(seed: int):
    """Each deduplicated event of the range is counted once: by country of the source, in all classes; order and clustering beforehand change nothing."""
    frame = random_table(seed)
    clustered = coder.dedup(frame)
    first = clustered[clustered["event_id"].eq(clustered["day_cluster"]) & clustered["status"].eq("actual")]
    counted = first[first["source"].str[:3].isin(["SYR", "IRQ", "TUR", "USA"]) & first["event_date"].str[:7].between("2020-02", "2020-03")]
    options = {"role": "source", "start": "2020-02", "end": "2020-03-31"}
    panel = coder.aggregate(frame, **options)
    assert panel["events"].sum() == len(counted) > 0
    for prefix, column, values in (("quad", "quad", "1234"), ("cameo", "cameo", ROOTS), ("plover", "plover", PLOVER_TYPES)):
        for value in values:
            assert panel[f"{prefix}_{value}"].sum() == counted[column].str.startswith(value).sum(), value
    assert panel["goldstein_sum"].sum() == pytest.approx(counted["goldstein"].astype(float).sum())
    assert (panel["events_raw"] >= panel["events"]).all() and (panel["killed_max"] >= panel["killed_min"]).all()
    pandas.testing.assert_frame_equal(coder.aggregate(frame.sample(frac=1, random_state=seed), **options), panel)
    pandas.testing.assert_frame_equal(coder.aggregate(coder.dedup(frame), **options), panel)
    months = coder.aggregate(frame[frame["date_precision"] != "month"], role="source", start="2020-01", end="2020-12")["events"].sum()
    for period in PERIODS:
        assert (
            coder.aggregate(frame[frame["date_precision"] != "month"], f"country-{period}", role="source", start="2020-01", end="2020-12")[
                "events"
            ].sum()
            == months
        )


def test_tables_with_lost_zeros_and_unknown_codes(tmp_path):
    """Mended or kept, and told; several tables are one; missing columns are told."""
    frame = table("a s1 2020-01-05 SYR 042 IRQ", "b s1 2020-01-05 SYR 010 IRQ", "c s1 2020-01-05 SYR 190 IRQ").assign(cameo=["42", "10", "999"])
    frame.to_csv(tmp_path / "a.csv", index=False)
    EVENTS.to_csv(tmp_path / "b.csv.gz", index=False)
    problems: list = []
    read = read_tables([tmp_path / "a.csv", tmp_path / "b.csv.gz"], problems)
    assert read["cameo"].tolist() == ["042", "010", "999", "190", "190", "112", "042", "010"]
    assert "2 CAMEO codes have lost their zero" in str(problems[0]) and "'999'" in str(problems[1])
    (tmp_path / "c.csv").write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(FrameError, match="c.csv.*column"):
        read_tables([tmp_path / "c.csv"], problems)
    with pytest.raises(FrameError, match="no events table"):
        read_tables([tmp_path / "d.csv"], problems)
