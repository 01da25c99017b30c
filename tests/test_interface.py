"""The Python interface: frames in, frames out, nothing loaded before it is asked for. What parses is marked `parser`."""

import subprocess
import sys

import pandas
import pytest
from made_events import made_events

import coder
from coder import Event
from coder.formats import DATASETS
from coder.output import COLUMNS

WRITERS = {name: getattr(coder, f"to_{name}") for name in DATASETS}


def frame_of(count: int) -> pandas.DataFrame:
    """A native table as a frame."""
    from coder.events_table import frame_of as build

    return build(made_events(count))


def test_every_name_is_there_and_none_is_loaded():
    """`import coder` loads no module of its own; each name of __all__ comes when it is asked for."""
    code = "import sys, coder; assert not [m for m in sys.modules if m.startswith('coder.')]; assert all(hasattr(coder, n) for n in coder.__all__)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
    assert set(coder.__all__) <= set(dir(coder))
    with pytest.raises(AttributeError, match="nothing"):
        _ = coder.nothing


@pytest.mark.parametrize("name", DATASETS)
def test_frames_and_events_give_the_same(name: str):
    """A DataFrame of the native table or the events themselves; all cells are text, codes keep their zeros."""
    events, frame = list(made_events(600)), frame_of(600)
    made = WRITERS[name](frame)
    pandas.testing.assert_frame_equal(made, WRITERS[name](iter(events)))
    assert len(made) > 100
    if name != "plover":
        assert list(made.columns) == list(DATASETS[name].columns)
        assert made.map(lambda cell: isinstance(cell, str)).all(axis=None)
    if name.startswith("gdelt"):
        assert "045" in set(made["EventCode"])


@pytest.mark.parametrize("name", DATASETS)
@pytest.mark.parametrize("empty", [[], pandas.DataFrame(columns=list(COLUMNS))], ids=["events", "frame"])
def test_nothing_gives_all_columns(name: str, empty: object):
    """An empty frame, as `code_text("")` gives it."""
    made = WRITERS[name](empty)
    assert len(made) == 0 and list(made.columns) == list(WRITERS[name](frame_of(20)).columns)
    assert list(coder.code_text("").columns) == list(COLUMNS)


def test_frames_that_pandas_has_read_itself(tmp_path):
    """Codes as numbers have lost their zeros: mended with a warning; missing values are empty."""
    frame_of(3_000).to_csv(tmp_path / "events.csv", index=False)
    with pytest.warns(UserWarning, match="codes had lost their zeros"):
        made = coder.to_gdelt1(pandas.read_csv(tmp_path / "events.csv"))
    expected = coder.to_gdelt1(frame_of(3_000))
    assert made["EventCode"].tolist() == expected["EventCode"].tolist()
    assert "nan" not in set(made["SOURCEURL"])


def test_sorted_frames_count_mentions_right():
    """A frame sorted by date has as many events as before."""
    frame = frame_of(2_000)
    assert len(coder.to_gdelt1(frame.sort_values("event_date", kind="stable"))) == len(coder.to_gdelt1(frame))


def test_frames_without_the_columns():
    """Named, with the remedy."""
    with pytest.raises(coder.EventsError, match="no column event_id, source, target, cameo"):
        coder.to_icews(pandas.DataFrame({"text": ["x"]}))
    with pytest.raises(ValueError, match="no column 'text'; it has body .name the column"):
        coder.code_frame(pandas.DataFrame({"body": ["x"]}))


def test_code_frame_without_arabic_gives_an_empty_frame():
    """Empty, missing and foreign texts give nothing and load no parser."""
    frame = pandas.DataFrame({"body": ["", None, "Only English."], "day": ["2020-01-01", None, pandas.NaT]})
    made = coder.code_frame(frame, text="body", date="day")
    assert len(made) == 0 and list(made.columns) == list(COLUMNS)


def test_stories_of_a_frame():
    """Timestamps are dates; ids are made unique, and are the index where there is none; dates of another form are empty and said."""
    from coder.interface import _stories

    text = "زار الوزير باريس"
    frame = pandas.DataFrame({"text": [text] * 3, "id": ["a", "a", None], "date": [pandas.Timestamp("2020-05-05"), "5/5/2020", "2020-02-30"]})
    with pytest.warns(UserWarning, match="2 dates are not YYYY-MM-DD"):
        stories = list(_stories(frame, ("id", "text", "date", "title", "source", "url")))
    assert [(s.id, s.date) for s in stories] == [("a", "2020-05-05"), ("a-2", ""), ("2", "")]


def test_a_coder_codes_a_parsed_story(tables, make_tree):
    """Tables that are loaded, a parsed story: a list of events."""
    sentence = make_tree("قصف VERB 0 root", "الجيش NOUN 1 nsubj", "السوداني ADJ 2 amod", "مدينة NOUN 1 obj", "كسلا PROPN 4 nmod")
    events = coder.Coder(tables).code(coder.Story("s", sentence.text, "2020-05-05"), [sentence])
    assert isinstance(events, list) and isinstance(events[0], Event) and events[0].source == "SDNMIL"


@pytest.mark.parser
def test_a_coder_parses_stories(tables):
    """Stories in, events out one after another; a frame with other column names gives the same."""
    texts = ["توسطت قطر بين كينيا والصومال.", "", "قصف الجيش السوداني مدينة كسلا."]
    frame = pandas.DataFrame({"body": texts, "day": pandas.to_datetime(["2020-05-05"] * 3), "id": [7, 8, 9]})
    made = coder.code_frame(frame, text="body", date="day")
    assert set(made["story_id"]) == {"7", "9"} and set(made["story_date"]) == {"2020-05-05"}
    events = list(coder.Coder(tables).code(coder.Story(str(i), t, "2020-05-05") for i, t in zip(frame["id"], texts, strict=True)))
    assert [e.event_id for e in events] == made["event_id"].tolist()
