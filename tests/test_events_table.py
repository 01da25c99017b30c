"""Native tables read: equal to what was written, and what other versions, spreadsheets and joined files make of them, each fault told by row."""

import gzip
import warnings
from pathlib import Path

import pytest
from made_events import made_events

import coder
from coder.events_table import EventsError, is_loss, read_events, read_table
from coder.model import Event, InputError
from coder.output import COLUMNS, native_row, write_native
from coder.outputs import output_paths, write_formats

HEADER = ",".join(COLUMNS)


def row(**changes: str) -> str:
    """One line of a native table."""
    cells = {"event_id": "a1", "story_id": "s", "sentence": "1", "event_date": "2020-11-09", "source": "RUSGOV", "target": "---", "cameo": "045"}
    cells |= {"quad": "1", "goldstein": "5.0", "status": "actual", "start": "0", "end": "3", **changes}
    return ",".join(cells.get(name, "") for name in COLUMNS)


def read(tmp_path: Path, *lines: str | bytes, header: str = HEADER) -> tuple[list[Event], list[str], list[InputError]]:
    """Events of a table with these lines, its problems as text, and as records."""
    path = tmp_path / "events.csv"
    path.write_bytes(b"".join((line if isinstance(line, bytes) else line.encode()) + b"\r\n" for line in (header, *lines)))
    problems: list[InputError] = []
    events = list(read_table(path, problems))
    return events, [str(p).replace(str(path), "events.csv") for p in problems], problems


@pytest.fixture(scope="module")
def written(tmp_path_factory) -> tuple[list[Event], dict[str, Path]]:
    """3,000 events in the three forms of the native table."""
    events = list(made_events(3_000))
    paths = output_paths(tmp_path_factory.mktemp("tables"), ["native", "sqlite"])
    write_formats(events, paths)
    return events, paths


@pytest.mark.parametrize("form", ["native", "sqlite", "gzip", "parquet"])
def test_read_back_equal(written, tmp_path: Path, form: str):
    """Every cell of every event, codes with their zeros, NA as NA, formulas without the apostrophe, nothing to tell."""
    events, paths = written
    path = paths.get(form)
    if form == "gzip":
        path = tmp_path / "events.csv.gz"
        path.write_bytes(gzip.compress(paths["native"].read_bytes()))
    if form == "parquet":
        pytest.importorskip("pyarrow", reason="pyarrow, of the extra `parquet`, is not installed")
        path = tmp_path / "events.parquet"
        write_formats(events, {"parquet": path})
    problems: list[InputError] = []
    assert list(read_table(path, problems)) == events
    assert not problems
    frame = read_events(path)
    assert frame["cameo"].tolist() == [e.cameo for e in events] and frame["source_text"].tolist() == [e.source_text for e in events]
    assert list(frame.columns) == list(COLUMNS) and str(frame["sentence"].dtype) == "Int64"


def test_lost_zeros_are_mended_and_said(tmp_path: Path):
    """45 is 045, 253 is 0253; 10 to 20 are told from the roots by their quad, or by what else the file has lost."""
    lines = [row(cameo="45"), row(cameo="253"), row(cameo="10", quad="1"), row(cameo="10", quad="3"), row(cameo="19", quad=""), row(cameo="190")]
    events, told, problems = read(tmp_path, *lines)
    assert [e.cameo for e in events] == ["045", "0253", "010", "10", "019", "190"]
    assert told[0] == "events.csv:2: a CAMEO code has lost its zero (read as 045; open CSV files in a spreadsheet with the column as text)"
    assert [t.split(":")[1] for t in told] == ["2", "3", "4", "6"] and not any(map(is_loss, problems))
    assert [e.cameo for e in read(tmp_path, row(cameo="19", quad=""))[0]] == ["19"]


def test_many_faults_of_one_kind_are_counted(tmp_path: Path):
    """Five are told by row, the others as a number."""
    _, told, _ = read(tmp_path, *[row(cameo="45")] * 40)
    assert len(told) == 6 and told[-1].endswith("35 more rows: a CAMEO code has lost its zero")


@pytest.mark.parametrize(
    ("line", "message", "kept"),
    [
        (row(cameo="999"), "events.csv:2: unknown CAMEO code '999'", 2),
        (row() + ",one,more", "events.csv:2: 33 cells where the header has 31 (a text with commas needs quotes; the row is left out)", 1),
        (",".join(row().split(",")[:9]), "events.csv:2: 9 cells where the header has 31", 2),
        (row(sentence="three"), "events.csv:2: sentence is no whole number (it is 'three'", 2),
        (row(event_date="9/11/2020"), "events.csv:2: event_date is not YYYY-MM-DD (it is '9/11/2020'", 2),
        (row(source_text="قال الوزير").encode("cp1256"), "events.csv:2: is not UTF-8 (read as Windows-1256", 2),
        (row(place="a\rb"), "events.csv:2: is no row: new-line character seen in unquoted field", 1),
        (row(place="a\0b"), "events.csv:2: holds NUL characters", 2),
    ],
)
def test_bad_rows(tmp_path: Path, line: str | bytes, message: str, kept: int):
    """Told with file and row and what became of it; the next row is read."""
    events, told, problems = read(tmp_path, line, row(event_id="good"))
    assert len(told) == 1 and told[0].startswith(message)
    assert len(events) == kept and events[-1].event_id == "good"
    assert is_loss(problems[0]) == (kept == 1)


def test_windows_1256_lines_keep_their_words(tmp_path: Path):
    """A file that was joined from two encodings."""
    lines = [row(place="غوريس"), row(place="بغداد").encode("cp1256")]
    assert [e.place for e in read(tmp_path, *lines)[0]] == ["غوريس", "بغداد"]


def test_tables_of_other_versions(tmp_path: Path):
    """Columns in another order, missing and further ones: the missing are told and empty, further ones stay in the frame, behind ours."""
    events, told, _ = read(tmp_path, "045,a1,RUS,UKR,blue", header="cameo,event_id,source,target,colour")
    assert [(e.cameo, e.source, e.status, e.sentence, e.place) for e in events] == [("045", "RUS", "actual", 0, "")]
    assert len(told) == 1 and "events.csv:1: no column story_id, sentence" in told[0]
    with pytest.warns(UserWarning, match="no column story_id"):
        frame = read_events(tmp_path / "events.csv")
    assert frame["colour"].tolist() == ["blue"] and list(frame.columns) == [*COLUMNS, "colour"]


def test_what_spreadsheets_save(tmp_path: Path):
    """Semicolons, tabs in UTF-16, and a byte order mark."""
    assert [e.cameo for e in read(tmp_path, row().replace(",", ";"), header=HEADER.replace(",", ";"))[0]] == ["045"]
    path = tmp_path / "wide.csv"
    path.write_text("\n".join((HEADER, row(place="غوريس"))).replace(",", "\t"), encoding="utf-16")
    problems: list[InputError] = []
    assert [e.place for e in read_table(path, problems)] == ["غوريس"] and "UTF-16" in str(problems[0])
    path.write_text("\n".join((HEADER, row())), encoding="utf-8-sig")
    assert [e.event_id for e in read_table(path, problems)] == ["a1"]


def test_files_that_are_no_events_table(tmp_path: Path):
    """The remedy is said."""
    path = tmp_path / "other.csv"
    for text, message in (("", "is empty"), ("id,text\n1,x\n", "no column event_id, source, target, cameo; it has id, text")):
        path.write_text(text, encoding="utf-8")
        with pytest.raises(EventsError, match=message):
            list(read_table(path, []))
    cut = tmp_path / "cut.csv.gz"
    cut.write_bytes(gzip.compress("\n".join([HEADER, *[row(event_id=f"{i:x}") for i in range(9_000)]]).encode())[:-3_000])
    problems: list[InputError] = []
    assert 0 < len(list(read_table(cut, problems))) < 9_000 and is_loss(problems[-1])


def test_a_table_without_events_has_all_columns(tmp_path: Path):
    """Read as an empty frame of the right types."""
    path = tmp_path / "events.csv"
    with open(path, "w", encoding="utf-8", newline="") as stream:
        assert write_native([], stream) == 0
    frame = read_events(path)
    assert len(frame) == 0 and list(frame.columns) == list(COLUMNS) and str(frame["start"].dtype) == "Int64"


def test_native_cells_are_guarded():
    """Text that a spreadsheet would run gets an apostrophe; numbers and unknown actors do not."""
    event = Event("a1", "=s", 1, "", "story", "---", "---", "190", goldstein="-10.0", longitude="-96.8", url="@x", place="-5")
    cells = dict(zip(COLUMNS, native_row(event), strict=True))
    assert [cells[c] for c in ("story_id", "source", "goldstein", "longitude", "url", "place")] == ["'=s", "---", "-10.0", "-96.8", "'@x", "-5"]


def test_warnings_only_where_there_is_something_to_say(written):
    """A whole table gives none."""
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert len(coder.read_events(written[1]["native"])) == 3_000
