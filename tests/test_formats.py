"""Every dataset format against its schema, on 10,000 events made by code: columns, types, ids, and what the readers of its users make of it."""

import csv
import datetime
import io
import json
import re
import sys
import types
import zipfile
from pathlib import Path

import pytest
from made_events import made_events

from coder.actor_parts import actor_parts, countries
from coder.formats import DATASETS, FORMATS, FormatError, dataset_rows, format_names
from coder.gdelt import gdelt1_row
from coder.model import Event
from coder.outputs import output_paths, write_formats
from coder.package import data_package
from coder.told import Told, id_number, plain, tell_once, unguarded

SCHEMAS = Path(__file__).parent.parent / "shared" / "ontology" / "dataset_schemas.json"
COUNT = 10_000
_WHOLE, _DECIMAL = r"-?\d+", r"-?\d+(\.\d+)?"
_GROUP = r"[a-z]{3}|"
# What a cell may be; columns that are not here may hold any text, or must be empty.
KINDS = {
    "gdelt": {
        "GLOBALEVENTID": _WHOLE, "SQLDATE": r"\d{8}|", "MonthYear": r"\d{6}|", "Year": r"\d{4}|", "FractionDate": r"\d{4}\.\d{4}|", "IsRootEvent": "[01]",
        "EventCode": r"\d{3,4}", "EventBaseCode": r"\d{3}", "EventRootCode": r"\d\d", "QuadClass": "[1-4]", "GoldsteinScale": _DECIMAL,
        "NumMentions": _WHOLE, "NumSources": "1", "NumArticles": "1", "AvgTone": "", "Actor1Geo_Type": "0", "Actor2Geo_Type": "0",
        "ActionGeo_Type": "[0-5]", "ActionGeo_CountryCode": "[A-Z]{2}|", "ActionGeo_Lat": f"{_DECIMAL}|", "ActionGeo_Long": f"{_DECIMAL}|",
        "Actor1CountryCode": "[A-Z]{3}|", "Actor1EthnicCode": _GROUP, "Actor2EthnicCode": _GROUP, "Actor1Type1Code": "[A-Z]{3}|",
        "Actor1KnownGroupCode": "[A-Z]{3,5}|", "SOURCEURL": r"https://\S+|",
    },
    "icews": {
        "Event ID": _WHOLE, "Event Date": r"\d{4}-\d\d-\d\d|", "CAMEO Code": r"\d{3,4}", "Intensity": _DECIMAL, "Story ID": _WHOLE,
        "Sentence Number": _WHOLE, "Latitude": f"{_DECIMAL}|", "Longitude": f"{_DECIMAL}|", "Event Text": ".+",
    },
    "phoenix": {
        "EventID": r"\d+_\d+\.\d+\.\d+", "Date": r"\d{8}|", "Year": r"\d{4}|", "Month": r"\d\d|", "Day": r"\d\d|", "EventCode": r"\d{3,4}",
        "EventRootCode": r"\d\d", "PentaClass": "[0-4]", "GoldsteinScore": _DECIMAL, "Issues": "", "SourceActorEntity": "[A-Z]{3}|",
        "SourceActorRole": "[A-Z]{3}|", "SentenceID": r"story-\d+_\d(;story-\d+_\d)*",
    },
    "polecat": {
        "Event ID": "[0-9a-f]{16}", "Event Date": r"\d{4}-\d\d-\d\d|", "Event Type": "[A-Z]+", "Intensity": _DECIMAL, "Actor Country": "[A-Z]{3}|",
        "Quad Code": "(VERBAL|MATERIAL) (COOPERATION|CONFLICT)", "Actor COW": r"\d+|", "Country": "[A-Z]{3}|", "Wikipedia Actor ID": "",
        "GeoNames ID": "", "Feature Type": "PPL|PCLI|ADM1|", "Publication Date": r"\d{4}-\d\d-\d\d|", "Story People": "", "Language": "ar",
    },
}  # fmt: skip


@pytest.fixture(scope="module")
def events() -> list[Event]:
    """The events."""
    return list(made_events(COUNT))


@pytest.fixture(scope="module")
def files(events, tmp_path_factory) -> dict[str, Path]:
    """All text formats of them in one folder."""
    paths = output_paths(tmp_path_factory.mktemp("formats"), ["native", *DATASETS])
    write_formats(events, paths)
    return paths


def one(**changes: object) -> Event:
    """An event with most cells filled."""
    cells = {
        "event_id": "0123456789abcdef", "story_id": "s", "sentence": 2, "event_date": "2020-11-09", "date_precision": "day", "source": "RUSGOV",
        "target": "PSEREBHMS", "cameo": "045", "plover": "CONSULT", "plover_mode": "third-party", "quad": "1", "goldstein": "5.0",
        "story_date": "2020-11-10",
    }  # fmt: skip
    return Event(**{**cells, **changes})  # type: ignore[arg-type]


def cells(name: str, event: Event, **options: str) -> dict[str, str]:
    """The only row of the event in the format, by column."""
    (row,) = dataset_rows(name, [event], **options)
    return dict(zip(DATASETS[name].columns, row, strict=True))


@pytest.mark.parametrize(("schema", "name"), [("gdelt_v1", "gdelt1"), ("gdelt_v2", "gdelt2"), ("icews",) * 2, ("phoenix",) * 2, ("polecat",) * 2])
def test_columns_are_those_of_the_schema(schema: str, name: str):
    """In the same order, with the same delimiter and header."""
    if not SCHEMAS.is_file():
        pytest.skip("the project's shared folder with dataset_schemas.json is not here")
    asked = json.loads(SCHEMAS.read_text(encoding="utf-8"))[schema]
    assert asked["columns"] == list(DATASETS[name].columns)
    assert (asked["delimiter"], asked["header"]) == (DATASETS[name].delimiter, DATASETS[name].header)


@pytest.mark.parametrize(("name", "width"), [("gdelt1", 58), ("gdelt2", 61), ("icews", 20), ("phoenix", 26), ("polecat", 40)])
def test_every_cell_is_of_its_kind(files: dict[str, Path], name: str, width: int):
    """Lines split at tabs alone, without quotes, have all columns; cells are of their kind; ids are unique."""
    rows = [line.split("\t") for line in files[name].read_text(encoding="utf-8").removesuffix("\n").split("\n")]
    columns = rows.pop(0) if DATASETS[name].header else list(DATASETS[name].columns)
    assert columns == list(DATASETS[name].columns) and len(columns) == width
    assert {len(row) for row in rows} == {width}
    for column, kind in KINDS[name.rstrip("12")].items():
        place = columns.index(column)
        bad = {row[place] for row in rows if not re.fullmatch(kind, row[place])}
        assert not bad, (column, sorted(bad)[:5])
    assert len({row[0] for row in rows}) == len(rows)
    text = files[name].read_text(encoding="utf-8")
    assert '"' not in text and "\r" not in text
    assert not re.search(r"(^|\t)[=@]", text, re.MULTILINE)


def test_an_event_counts_once(events: list[Event], files: dict[str, Path]):
    """As many rows as events that happened and are no mention; all their mentions are in NumMentions."""
    actual = [e for e in events if e.status == "actual"]
    rows = [line.split("\t") for line in files["gdelt1"].read_text(encoding="utf-8").splitlines()]
    place = DATASETS["gdelt1"].columns.index("NumMentions")
    assert sum(int(row[place]) for row in rows) == len(actual)
    assert len(rows) < len(actual) and max(int(row[place]) for row in rows) > 1
    with open(files["native"], encoding="utf-8", newline="") as stream:
        assert sum(1 for _ in csv.reader(stream)) == len(events) + 1


def test_a_mention_without_its_first_stands_for_it():
    """In a table that was filtered, an event is not lost; one that stands behind its mention takes it in."""
    mentions = [one(event_id=i, same_as="f", sentence=s) for i, s in (("a", 3), ("b", 1))]
    (told,) = tell_once(mentions)
    assert (told.event.event_id, told.mentions, told.lead) == ("a", 2, True)
    (told,) = tell_once([*mentions, one(event_id="f")])
    assert (told.event.event_id, told.mentions) == ("f", 3)
    assert [t.story for t in tell_once([one(event_id="x", status="alleged"), one(event_id="y"), one(event_id="y", story_id="t")])] == [1, 2]


def test_gdelt_fraction_date_is_that_of_the_files():
    """Year + ((month - 1) * 30 + day) / 365, where the codebook has month * 30."""
    row = cells("gdelt1", one())
    assert float(row["FractionDate"]) == pytest.approx(2020 + (10 * 30 + 9) / 365, abs=1e-4)
    assert (row["SQLDATE"], row["MonthYear"], row["Year"], row["DATEADDED"]) == ("20201109", "202011", "2020", "20201110")
    assert cells("gdelt2", one())["DATEADDED"] == "20201110000000"
    known = [cells("gdelt1", one(event_date=date)) for date in ("2020-11", "2020", "", "2020-13", "9/11/2020")]
    assert [[row[c] for c in ("SQLDATE", "MonthYear", "Year", "FractionDate")] for row in known] == [
        ["", "202011", "2020", ""], ["", "", "2020", ""], [""] * 4, [""] * 4, [""] * 4,
    ]  # fmt: skip


@pytest.mark.parametrize(("cameo", "usual", "gdelt"), [("090", "3", "2"), ("140", "4", "3"), ("190", "4", "4"), ("045", "1", "1")])
def test_gdelt_quads(cameo: str, usual: str, gdelt: str):
    """Ours by default, those of GDELT's files on demand."""
    quads = {scheme: cells("gdelt2", one(cameo=cameo, quad=usual), quads=scheme)["QuadClass"] for scheme in ("usual", "gdelt")}
    assert quads == {"usual": usual, "gdelt": gdelt}


def test_gdelt_codes_have_three_digits():
    """A root is written 190, a code keeps its zero."""
    assert [cells("gdelt1", one(cameo=c))["EventCode"] for c in ("19", "045", "0253")] == ["190", "045", "0253"]


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("RUS", ("RUS", "RUSSIAN FEDERATION", "RUS", "", "", "", "", "", "", "")),
        ("EGYCOP", ("EGYCOP", "POLICE (EGYPT)", "EGY", "", "", "", "", "COP", "", "")),
        ("PSEREBHMS", ("PSEREBHMS", "HAMAS", "PSE", "HMS", "", "", "", "REB", "", "")),
        ("IGOEUREEC", ("IGOEUREEC", "EUROPEAN UNION", "EUR", "EEC", "", "", "", "IGO", "", "")),
        ("IMGMOSALQ", ("IMGMOSALQ", "AL QAEDA", "", "ALQ", "", "MOS", "", "IMG", "", "")),
        ("MOSSHI", ("MOSSHI", "SHIA", "", "", "", "MOS", "SHI", "", "", "")),
        ("ISRPAL", ("ISRPAL", "PALESTINIAN (ISRAEL)", "ISR", "", "pal", "", "", "", "", "")),
        ("IGOSCO", ("IGOSCO", "SHANGHAI COOPERATION ORGANISATION", "", "SCO", "", "", "", "IGO", "", "")),
        ("---MIL", ("MIL", "MILITARY", "", "", "", "", "", "MIL", "", "")),
        ("MUS", ("MUS", "MAURITIUS", "MUS", "", "", "", "", "", "", "")),
        ("---", ("",) * 10),
    ],
)
def test_gdelt_actors_are_read_by_position(code: str, expected: tuple[str, ...]):
    """MUS first is Mauritius; what cannot be known is empty."""
    assert gdelt1_row(Told(one(source=code)))[5:15] == expected


def test_places():
    """FIPS codes, ICEWS's names, ISO3, types by precision; Namibia's NA is no missing value."""
    goris = {"place": "غوريس", "place_country": "ARM", "latitude": "39.51", "longitude": "46.34", "place_precision": "city"}
    gdelt = cells("gdelt1", one(**goris))
    assert [gdelt[f"ActionGeo_{c}"] for c in ("Type", "FullName", "CountryCode", "Lat")] == ["4", "غوريس, Armenia", "AM", "39.51"]
    windhoek = cells("gdelt1", one(place_country="NAM", place_precision="country"))
    assert [windhoek[f"ActionGeo_{c}"] for c in ("Type", "FullName", "CountryCode", "ADM1Code")] == ["1", "Namibia", "WA", "WA"]
    assert cells("gdelt1", one())["ActionGeo_Type"] == "0"
    pristina = one(place="بريشتينا", place_country="XKX", place_precision="city")
    assert cells("icews", pristina)["Country"] == "Kosovo" and cells("polecat", pristina)["Country"] == "KOS"
    unsure = cells("gdelt1", one(place="المدينة", place_country="IRQ", place_precision="ambiguous"))
    assert [unsure[f"ActionGeo_{c}"] for c in ("Type", "FullName", "CountryCode")] == ["1", "Iraq", "IZ"]
    assert cells("gdelt1", one(place="الرصافة", place_precision="ambiguous"))["ActionGeo_Type"] == "0"
    near = one(place="كسلا", place_country="SDN", place_precision="near")
    assert cells("icews", near)["City"] == "كسلا" and cells("phoenix", near)["StateName"] == ""
    diyala = one(place="ديالى", place_country="IRQ", place_precision="region")
    assert [cells("icews", diyala)[c] for c in ("City", "Province")] == ["", "ديالى"] and cells("polecat", diyala)["Feature Type"] == "ADM1"


def test_icews_words_are_its_own():
    """Names of countries and sectors as in ICEWS's files, its intensity where it differs, whole numbers of 32 bits for ids."""
    row = cells("icews", one(cameo="016", goldstein="-2.0", target="PSECOP"))
    assert (row["Source Name"], row["Source Country"], row["Source Sectors"]) == (
        "Government (Russian Federation)",
        "Russian Federation",
        "Government",
    )
    assert (row["Target Name"], row["Target Country"]) == ("Police (Occupied Palestinian Territory)", "Occupied Palestinian Territory")
    assert (row["Intensity"], row["Event ID"], row["Story ID"]) == ("-5.0", "1", "1")
    assert cells("icews", one(source="---"))["Source Name"] == ""


def test_phoenix_has_one_row_a_day():
    """The same day, source, target and code of two stories are one row with the sentences of both; without a date they stay two."""
    twice = [one(event_id=i, story_id=s, url=f"https://{s}.org") for i, s in (("a", "s"), ("b", "t"))]
    (row,) = dataset_rows("phoenix", twice)
    assert row[-3:] == ("s_2;t_2", "https://s.org;https://t.org", "") and row[15:17] == ("1", "5.0")
    undated = [one(event_id=i, story_id=s, event_date="") for i, s in (("a", "s"), ("b", "t"))]
    assert len(list(dataset_rows("phoenix", undated))) == 2
    assert row[5:13] == ("RUSGOV", "RUS", "GOV", "", "PSEREBHMS", "PSE", "REB", "HMS")


def test_plover_is_json_with_its_required_keys(events: list[Event], files: dict[str, Path]):
    """Every line is a record; what did not happen is marked; nothing alleged and nothing without a type is there."""
    records = [json.loads(line) for line in files["plover"].read_text(encoding="utf-8").removesuffix("\n").split("\n")]
    assert len({r["id"] for r in records}) == len(records)
    assert all({"id", "date", "actor", "event"} <= r.keys() and r["event"] for r in records)
    marks = {m for r in records for m in r["mode"]} & {"future", "hypothetical", "negation", "alleged"}
    assert marks == {"future", "hypothetical", "negation"}
    alleged = {e.event_id for e in events if e.status == "alleged"}
    assert not alleged & {r["id"] for r in records}
    assert {r["dead"] for r in records if "dead" in r} == {"20-99"} and {r["injured"] for r in records if "injured" in r} == {3}


def test_plover_dates_are_spans():
    """A month has its first and last day; quad and intensity are PLOVER's, a yielding (081) is verbal there."""
    (line,) = next(dataset_rows("plover", [one(event_date="2020-02", cameo="081", plover="CONCEDE", plover_mode="", quad="2", source="---")]))
    record = json.loads(line)
    assert (record["date"], record["enddate"], record["quad_code"], record["event_scale"]) == ("2020-02-01", "2020-02-29", 1, 4.5)
    assert record["actor"] == [] and record["recipient"][0]["sector"] == "REB"


def test_numbers_of_ids_are_exact_in_floating_point(events: list[Event]):
    """Below 2 to the 52nd, also for ids that are no hash."""
    assert all(0 <= id_number(i) < 2**52 for i in ("f" * 16, "not a hash", *(e.event_id for e in events[:100])))


@pytest.mark.parametrize("text", ["=1+1", "-قائمة", "'-قائمة", "'=1", "@x", "\tx", "+a", "'"])
def test_the_guard_of_formulas_can_be_taken_off(text: str):
    """Native cells come back as they were; plain text is not touched."""
    from coder.output import native_row

    cell = native_row(one(place=text))[20]
    assert not str(cell).startswith(("=", "@", "+", "-", "\t")) and unguarded(str(cell)) == text
    assert plain('قال: "نعم"\tو\nلا') == "قال: ”نعم” و لا"


def test_every_country_has_what_the_formats_ask_for():
    """Names, ISO3 and PLOVER codes for all; FIPS for all that FIPS has; names are those of ICEWS where it has its own."""
    assert all(c.name and c.icews and c.iso3 and c.plover for c in countries().values())
    assert (countries()["RUS"].fips, countries()["NAM"].fips, countries()["PSE"].cow, countries()["DEU"].cow) == ("RS", "WA", "", "255")
    assert actor_parts("CODGOV").name == "Government (The Democratic Republic of the Congo)"


@pytest.mark.parametrize(("name", "table"), [("gdelt1", "events1.csv"), ("gdelt2", "events2.csv")])
def test_the_gdelt_package_reads_our_files(files: dict[str, Path], monkeypatch, name: str, table: str):
    """`gdelt` of PyPI, given our file instead of a download: all rows, codes with zeros, and as many columns as its table names, in its order."""
    reader = pytest.importorskip("gdelt.parallel", reason="gdelt of PyPI is not installed")
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.write(files[name], "20201109.export.CSV")
    monkeypatch.setattr(reader.requests, "get", lambda *_, **__: types.SimpleNamespace(status_code=200, content=packed.getvalue()))
    frame = reader._mp_worker("http://data.gdeltproject.org/20201109.export.CSV.zip", table="events")
    assert len(frame) == files[name].read_text(encoding="utf-8").count("\n") and set(frame[26]) >= {"045", "010"} and frame[0].is_unique
    columns = Path(sys.prefix) / "data" / table
    columns = columns if columns.is_file() else Path(reader.__file__).parent.parent / "data" / table
    if not columns.is_file():
        pytest.skip("gdelt has come without its column tables")
    with open(columns, encoding="utf-8", newline="") as stream:
        assert [row["name"].lower() for row in csv.DictReader(stream)] == [c.lower() for c in DATASETS[name].columns]
    assert frame.shape[1] == len(DATASETS[name].columns)


def test_pandas_recipes_of_the_communities(events: list[Event], files: dict[str, Path]):
    """What users of GDELT, ICEWS and POLECAT type gives all rows, codes with zeros where they ask for text, and the dates."""
    import pandas

    gdelt = pandas.read_csv(files["gdelt2"], sep="\t", header=None, dtype={26: str, 27: str, 28: str}, on_bad_lines="error")
    assert gdelt.shape[1] == 61 and set(gdelt[26]) >= {"045", "010"} and gdelt[0].is_unique and gdelt[0].dtype == "int64"
    icews = pandas.read_csv(files["icews"], sep="\t", quoting=csv.QUOTE_NONE, dtype={"CAMEO Code": str}, parse_dates=["Event Date"])
    assert icews["Event ID"].is_unique and icews["Event Date"].max() == pandas.Timestamp("2020-11-09") and icews["Intensity"].notna().all()
    polecat = pandas.read_csv(files["polecat"], sep="\t", low_memory=False)
    assert len(polecat) == len(list(dataset_rows("polecat", events))) and polecat["Event ID"].is_unique
    latin = pandas.read_csv(files["polecat"], sep="\t", encoding="ISO-8859-1", low_memory=False)
    assert len(latin) == len(polecat)
    phoenix = pandas.read_csv(files["phoenix"], sep="\t", header=None, dtype=str)
    assert phoenix.shape[1] == 26 and not phoenix[phoenix[1].notna()].duplicated([1, 5, 9, 13]).any()


def test_a_package_describes_every_file(files: dict[str, Path]):
    """Frictionless resources with fields in the order of the columns."""
    from coder.outputs import Written

    package = data_package([Written(name, path, 1, 0) for name, path in files.items()])
    found = {r["name"]: [f["name"] for f in r.get("schema", {}).get("fields", [])] for r in package["resources"]}
    assert found["events-icews"] == list(DATASETS["icews"].columns)
    kinds = {r["name"]: {f["name"]: f["type"] for f in r.get("schema", {}).get("fields", [])} for r in package["resources"]}
    assert (kinds["events-icews"]["Event ID"], kinds["events-polecat"]["Event ID"], kinds["events-native"]["cameo"]) == (
        "integer",
        "string",
        "string",
    )
    assert len(package["resources"]) == len(files) and all((files["native"].parent / r["path"]).is_file() for r in package["resources"])


def test_format_names():
    """Each once, in the order given; what there is no format for is told with all that there are."""
    assert format_names("icews, GDELT2,icews") == ["icews", "gdelt2"]
    for wrong in ("icews,excel", "", ","):
        with pytest.raises(FormatError, match=", ".join(FORMATS)):
            format_names(wrong)


def test_dates_of_the_events_are_days(events: list[Event]):
    """The builder makes what it says: days, months, years and none."""
    assert {e.event_date for e in events} >= {"", "2020", "2020-11"}
    assert all(datetime.date.fromisoformat(e.event_date) for e in events if e.date_precision == "day")
