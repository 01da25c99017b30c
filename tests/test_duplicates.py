"""Duplicates: every rule of `coder.dedup` on tables of a few rows, then what must hold for any table."""

import pandas
import pytest
from made_tables import random_table, table

import coder
from coder.duplicates import DEDUP_COLUMNS
from coder.event_frames import FrameError
from coder.near_copies import leaders, text_elements
from coder.output import COLUMNS

BASE = "أعلنت وزارة الدفاع السورية أن قواتها قصفت مواقع للمسلحين في ريف حلب وأن القصف استمر ساعات ولم يعرف عدد الضحايا بعد وفق ما نقلته الوكالة"
OTHER = "التقى وزير الخارجية العراقي نظيره التركي في أنقرة وبحثا ملف المياه والتجارة بين البلدين واتفقا على لقاء آخر الشهر المقبل في بغداد"


def clusters(frame, **options) -> list[str]:
    """The day cluster of each row."""
    return coder.dedup(frame, **options)["day_cluster"].tolist()


def test_one_event_a_day():
    """Same day, source, target and code in two stories is one event; another day, code, actor or direction is another."""
    frame = table(
        "a s1 2020-01-01 SYRMIL 190 SYRREB", "b s2 2020-01-01 SYRMIL 190 SYRREB", "c s3 2020-01-02 SYRMIL 190 SYRREB",
        "d s4 2020-01-01 SYRMIL 183 SYRREB", "e s5 2020-01-01 SYRMIL 190 SYRCVL", "f s6 2020-01-01 SYRREB 190 SYRMIL",
    )  # fmt: skip
    assert clusters(frame) == ["a", "a", "c", "d", "e", "f"]
    counts = coder.dedup(frame).loc[0, ["mentions", "stories", "story_clusters", "publishers"]]
    assert counts.tolist() == [2, 2, 2, 0]


def test_one_a_day_by_root():
    """190 and 193 are one event by root only."""
    frame = table("a s1 2020-01-01 SYR 190 IRQ", "b s2 2020-01-01 SYR 190 IRQ").assign(cameo=["190", "193"])
    assert clusters(frame) == ["a", "b"]
    assert clusters(frame, level="root") == ["a", "a"]


def test_mentions_go_with_the_first():
    """A mention linked within its story belongs to its event though its actor is less exact, and a mention of a mention too."""
    frame = table("a s1 2020-01-01 SYRMIL 190 SYRREB", "b s1 2020-01-01 SYR 190 SYRREB", "c s1 2020-01-01 --- 190 SYRREB", same_as=["", "a", "b"])
    assert clusters(frame) == ["a", "a", "a"]


def test_a_mention_whose_first_is_gone():
    """In a table that was filtered the first of the mentions stands for the event."""
    frame = table("b s1 2020-01-01 SYR 190 IRQ", "c s1 2020-01-01 SYR 190 IRQMIL", same_as=["gone", "gone"], sentence=["2", "3"])
    assert clusters(frame) == ["b", "b"]


def test_places_keep_events_apart():
    """Two attacks of one day in two places are two; an attack without a place goes with the place that most name; --no-place makes it one."""
    rows = [f"{name} s{name} 2020-01-01 SYRMIL 190 SYRREB" for name in "abcd"]
    frame = table(*rows, place=["حلب", "إدلب", "", "إدلب"])  # Aleppo, Idlib, nothing, Idlib
    assert clusters(frame) == ["a", "b", "b", "b"]
    assert clusters(frame, by_place=False) == ["a"] * 4
    assert clusters(frame.assign(place_precision=["country", "city", "", "city"])) == ["a"] * 4  # a whole country tells no two events apart


def test_nameless_events_stay_apart():
    """Where neither country nor place is known, two stories tell two events; a known place joins them."""
    frame = table("a s1 2020-01-01 --- 190 ---CVL", "b s2 2020-01-01 --- 190 ---CVL")
    assert clusters(frame) == ["a", "b"]
    assert clusters(frame.assign(place=["حلب", "حلب"])) == ["a", "a"]  # Aleppo


def test_undated_events_stay_apart():
    """No date, no day on which they could be one."""
    frame = table("a s1 2020-01-01 SYR 190 IRQ", "b s2 2020-01-01 SYR 190 IRQ").assign(event_date="", story_date="")
    assert clusters(frame) == ["a", "b"]


def test_precisions_and_statuses_stay_apart():
    """The event of a month is not that of its first day; the alleged event not the actual one."""
    frame = table("a s1 2020-01-01 SYR 190 IRQ", "b s2 2020-01-01 SYR 190 IRQ", "c s3 2020-01-01 SYR 190 IRQ")
    assert clusters(frame.assign(event_date=["2020-01-01", "2020-01", "2020-01"])) == ["a", "b", "b"]
    assert clusters(frame.assign(status=["actual", "alleged", "alleged"])) == ["a", "b", "b"]
    assert clusters(frame.assign(date_precision=["day", "week", "week"])) == ["a", "b", "b"]


def copies(*texts: str, dates: list[str]) -> tuple[pandas.DataFrame, pandas.DataFrame]:
    """One event a story, and the list of the stories."""
    frame = table(*(f"e{n} s{n} {date} SYRMIL 190 SYRREB" for n, date in enumerate(dates)))
    return frame, pandas.DataFrame({"id": [f"s{n}" for n in range(len(texts))], "date": dates, "text": list(texts)})


def test_a_copy_of_the_next_day_tells_the_same_event():
    """Its event is dated by the story's day, which is the wire's and not the event's."""
    frame, stories = copies(BASE, BASE + " للأنباء", BASE, OTHER, dates=["2020-01-01", "2020-01-02", "2020-01-09", "2020-01-02"])
    result = coder.dedup(frame, stories)
    assert result["story_cluster"].tolist() == ["s0", "s0", "s2", "s3"]  # nine days later it is no copy
    assert result["day_cluster"].tolist() == ["e0", "e0", "e2", "e3"]
    assert result["story_clusters"].tolist() == [1, 1, 1, 1] and result["stories"].tolist() == [2, 2, 1, 1]


def test_a_date_in_a_copy_moves_only_with_the_first_story():
    """ "Yesterday" in a copy of the next day is the day that the first story tells; a date that both tell stays."""
    frame, stories = copies(BASE, BASE, dates=["2020-01-02", "2020-01-03"])
    relative = frame.assign(event_date=["2020-01-01", "2020-01-02"], date_precision="day")
    absolute = frame.assign(event_date=["2019-11-09", "2019-11-09"], date_precision="day")
    own = frame.assign(event_date=["2020-01-01", "2020-01-03"], date_precision="day")
    assert [clusters(f, stories=stories) for f in (relative, absolute, own)] == [["e0", "e0"], ["e0", "e0"], ["e0", "e1"]]


def test_bulletins_with_other_numbers_are_no_copies():
    """The same words with the figures of another day."""
    bulletin = "قالت الوزارة إنها أسقطت {} مسيرة و{} صواريخ خلال الليل فوق مناطق مختلفة من البلاد وإن الدفاعات الجوية تصدت لها كلها"
    frame, stories = copies(bulletin.format(12, 4), bulletin.format(31, 7), bulletin.format(12, 4), dates=["2020-01-01"] * 3)
    assert coder.dedup(frame, stories)["story_cluster"].tolist() == ["s0", "s1", "s0"]


def test_copies_are_no_chain():
    """Each copy resembles the first story of its cluster, not only the copy before it."""
    words = [f"كلمة{chr(0x0628 + n % 16)}{chr(0x0628 + n // 16)}" for n in range(240)]
    found, numbers = text_elements([" ".join(words[start : start + 60]) for start in (0, 15, 30)])
    days = pandas.Series([0, 1, 2]).to_numpy()
    assert leaders(found, days, days, numbers=numbers).tolist() == [0, 0, 2]


def test_copies_are_known_by_their_events_where_texts_are_not_there():
    """Three events in the same words in two stories of two days; one event in common is no copy."""
    words = {"event_text": ["قصف", "اتهم", "زار"] * 2 + ["قصف"]}  # shelled, accused, visited
    rows = [f"{s}{c} {s} {d} SYR {c} IRQ" for s, d in (("s1", "2020-01-01"), ("s2", "2020-01-02")) for c in ("190", "112", "042")]
    frame = table(*rows, "s3x s3 2020-01-02 SYR 190 IRQ", **words)
    result = coder.dedup(frame)
    assert result["story_cluster"].tolist() == ["s1"] * 6 + ["s3"]
    assert result["day_cluster"].tolist()[:6] == ["s1190", "s1112", "s1042"] * 2


def test_nothing_is_deleted_and_drop_keeps_one_row_an_event():
    """Rows, their order and their cells stay; the new columns come last."""
    frame = random_table(1)
    result = coder.dedup(frame)
    pandas.testing.assert_frame_equal(result[list(frame.columns)], frame)
    assert tuple(result.columns) == (*COLUMNS, *DEDUP_COLUMNS)
    dropped = coder.dedup(frame, drop=True)
    assert dropped["event_id"].tolist() == dropped["day_cluster"].tolist()
    assert len(dropped) == result["day_cluster"].nunique() < len(frame)


@pytest.mark.parametrize("seed", range(5))
def test_what_holds_for_any_table(seed: int):
    """The order of the rows does not matter, counts add up, a second run changes nothing, and a cluster is told first by its own row."""
    frame = random_table(seed)
    result = coder.dedup(frame)
    shuffled = coder.dedup(frame.sample(frac=1, random_state=seed)).loc[frame.index]
    pandas.testing.assert_frame_equal(shuffled, result)
    pandas.testing.assert_frame_equal(coder.dedup(result), result)
    assert (result.groupby("day_cluster")["event_id"].transform("size") == result["mentions"]).all()
    assert (result.groupby("day_cluster")["story_id"].transform("nunique") == result["stories"]).all()
    assert (result.groupby("day_cluster")["story_cluster"].transform("nunique") == result["story_clusters"]).all()
    named = result[result["publisher"] != ""].groupby("day_cluster")["publisher"].nunique()
    assert (result["day_cluster"].map(named).fillna(0) == result["publishers"]).all()
    assert set(result["day_cluster"]) <= set(result["event_id"])


def test_empty_and_wrong_tables():
    """An empty table has all columns; wrong options and tables are told."""
    assert tuple(coder.dedup(table()).columns) == (*COLUMNS, *DEDUP_COLUMNS)
    assert tuple(coder.dedup(table(), drop=True).columns) == (*COLUMNS, *DEDUP_COLUMNS)
    with pytest.raises(FrameError, match="no column story_id"):
        coder.dedup(pandas.DataFrame({"event_id": ["a"], "source": ["SYR"]}))
    with pytest.raises(FrameError, match="say code or root"):
        coder.dedup(table(), level="quad")
    with pytest.raises(FrameError, match="from 0 to 1"):
        coder.dedup(table(), similarity=5)
