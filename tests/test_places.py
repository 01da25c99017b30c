"""Places: the gazetteer and its file, mentions on stored trees against a list of sentences with answers and traps, and whose place it is."""

import csv
import gzip
import json
from pathlib import Path

import pytest

from coder import gazetteer
from coder.actors import ActorFinder, StoryContext
from coder.conllu import read_conllu, write_conllu
from coder.dictionaries import Dictionaries, load_dictionaries
from coder.events import Coder
from coder.gazetteer import Place, distance, load_gazetteer
from coder.gazetteer_build import SourceError, arabic_names, build, main
from coder.model import Event, Sentence, Story
from coder.periods import priogrid_cells
from coder.places import PlaceFinder, SettledPlace, StoryPlaces, describe

MENTIONS = Path(__file__).with_name("place_mentions.csv")
TREES = Path(__file__).with_name("place_mentions.conllu.gz")
FLOOR, FALSE_CEILING = 0.92, 0.03
NEAR_ENOUGH = {"region": 150.0, "water": 150.0}  # kilometres from the answer, which is given to a tenth of a degree


@pytest.fixture(scope="module")
def finder(tables: Dictionaries) -> PlaceFinder:
    return PlaceFinder(tables)


def rows() -> list[dict[str, str]]:
    """sentence, mention, country, latitude, longitude, precision, note: `trap` marks words that are no place here."""
    with open(MENTIONS, encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def places_in(tables: Dictionaries, finder: PlaceFinder, sentences: list[Sentence]) -> list[SettledPlace]:
    """The places of a story of one sentence, settled by the countries that it names."""
    story, found = StoryPlaces(finder), []
    for sentence in sentences:
        actors = ActorFinder(tables, sentence, "2021-06-01", StoryContext())
        story.add(sentence.tokens, actors, [])
        found += story.settle(finder.find(sentence.tokens, actors))
    return found


def is_right(place: SettledPlace, row: dict[str, str]) -> bool:
    if (place.country, place.precision) != (row["country"], row["precision"]):
        return False
    if place.place is None or not row["latitude"]:
        return place.place is None and not row["latitude"]
    there = Place((), "", "", "", float(row["latitude"]), float(row["longitude"]), 0, "city")
    return distance(place.place, there) <= NEAR_ENOUGH.get(row["precision"], 30.0)


def covers(place: SettledPlace, words: str, sentence: Sentence) -> bool:
    start = sentence.text.find(words)
    first, last = sentence.tokens[place.mention.first - 1], sentence.tokens[place.mention.last - 1]
    return first.start - sentence.start < start + len(words) and last.end - sentence.start > start


def measure(tables: Dictionaries, finder: PlaceFinder) -> tuple[list[str], list[str], int, int]:
    """(mentions missed or wrong, places that are none, number of mentions, number of traps)."""
    trees = {story.id: sentences for story, sentences in read_conllu(TREES) if isinstance(story, Story)}
    by_sentence: dict[str, list[dict[str, str]]] = {}
    for row in rows():
        by_sentence.setdefault(row["sentence"], []).append(row)
    wrong, false, mentions, traps = [], [], 0, 0
    for sentence, asked in by_sentence.items():
        found = places_in(tables, finder, trees[sentence])
        told = "; ".join(f"{p.mention.words} {p.country} {p.precision} {p.mention.relation}" for p in found)
        for row in asked:
            here = [p for p in found if covers(p, row["mention"], trees[sentence][0])]
            if row["note"] == "trap":
                traps += 1
                false += [f"{row['mention']} in: {sentence} ({told})"] * bool(here)
            else:
                mentions += 1
                wrong += [f"{row['mention']} in: {sentence} ({told})"] * (not any(is_right(p, row) for p in here))
        false += [f"{p.mention.words} in: {sentence}" for p in found if not any(covers(p, r["mention"], trees[sentence][0]) for r in asked)]
    return wrong, false, mentions, traps


def test_mentions_and_traps(tables: Dictionaries, finder: PlaceFinder) -> None:
    """The share of mentions with right country, precision and point, and of places found where there is none, on stored trees of the shipped parser."""
    wrong, false, mentions, traps = measure(tables, finder)
    assert mentions >= 200 and traps >= 100
    share = 1 - len(wrong) / mentions
    assert share >= FLOOR, f"{share:.3f} of {mentions}:\n" + "\n".join(wrong)
    assert len(false) <= FALSE_CEILING * (mentions + traps), f"{len(false)} false of {mentions + traps}:\n" + "\n".join(false)


def store_trees(tables: Dictionaries, path: Path = TREES) -> Path:
    """Parse the list and write its trees to `path`: run it when sentences, names or the parser have changed."""
    from coder.parse import Parser

    parser = Parser(whole_words=tables.whole_words())
    write_conllu(((story, parser.parse(story)) for story in (Story(s, s, "") for s in dict.fromkeys(r["sentence"] for r in rows()))), path)
    return path


@pytest.mark.parser
def test_stored_trees_are_those_of_the_shipped_parser(tables: Dictionaries, tmp_path: Path) -> None:
    def shapes(path: Path) -> dict[str, list[tuple[str, int]]]:
        return {story.id: [(t.form, t.head) for s in sentences for t in s.tokens] for story, sentences in read_conllu(path)}

    assert shapes(store_trees(tables, tmp_path / TREES.name)) == shapes(TREES)


# ---------------------------------------------------------------------------------------------------- whose place it is


def code(tables: Dictionaries, sentence: Sentence) -> list[Event]:
    return Coder(tables).code(Story("1", sentence.text, "2021-06-01"), [sentence])


def test_the_place_stands_in_the_event(tables: Dictionaries, make_tree) -> None:
    sentence = make_tree("قتل VERB 0 root", "مسلحون NOUN 1 nsubj", "جنديا NOUN 1 obj", "في ADP 5 case", "مدينة NOUN 1 obl", "حلب PROPN 5 nmod")
    event = code(tables, sentence)[0]
    assert (event.place, event.place_country, event.place_precision) == ("حلب", "SYR", "city")
    assert (event.latitude, event.longitude) == ("36.2010", "37.1610")


def test_an_actor_takes_no_country_from_the_place(tables: Dictionaries, make_tree) -> None:
    sentence = make_tree("قتل VERB 0 root", "مسلحون NOUN 1 nsubj", "جنديا NOUN 1 obj", "في ADP 5 case", "حلب PROPN 1 obl")
    event = code(tables, sentence)[0]
    assert event.place == "حلب"
    assert not event.source.startswith("SYR") and not event.target.startswith("SYR")


def test_the_place_is_not_in_the_id(tables: Dictionaries, make_tree, monkeypatch: pytest.MonkeyPatch) -> None:
    """Same story, same dictionaries, same id: with the gazetteer or without it."""
    rows = ["قتل VERB 0 root", "مسلحون NOUN 1 nsubj", "جنديا NOUN 1 obj", "في ADP 5 case", "تولوز PROPN 1 obl"]
    first = code(tables, make_tree(*rows))[0]
    monkeypatch.setattr("coder.places.load_gazetteer", lambda own: load_gazetteer(own, Path("/nowhere/places.csv.gz")))
    second = code(tables, make_tree(*rows))[0]
    assert first.event_id == second.event_id
    assert first.place == "تولوز" and second.place == ""


def test_the_dateline_is_no_place(tables: Dictionaries, make_tree) -> None:
    rows = [
        "القاهرة PROPN 5 dep",
        "- PUNCT 1 punct",
        "رويترز PROPN 1 dep",
        "- PUNCT 1 punct",
        "قتل VERB 0 root",
        "مسلحون NOUN 5 nsubj",
        "جنديا NOUN 5 obj",
    ]
    assert [e.place for e in code(tables, make_tree(*rows))] == [""]


def test_tripoli_is_where_the_story_is(tables: Dictionaries, make_tree) -> None:
    """One name, two towns: the countries that the story names settle it; without them it stays ambiguous, and no point is invented."""
    rows = ["قتل VERB 0 root", "مسلحون NOUN 1 nsubj", "جنديا NOUN 1 obj", "{} ADJ 3 amod", "في ADP 6 case", "طرابلس PROPN 1 obl"]
    found = [code(tables, make_tree(*[r.format(word) for r in rows]))[0] for word in ("لبنانيا", "ليبيا")]
    assert [e.place_country for e in found] == ["LBN", "LBY"]
    rows[3] = "مجهولا ADJ 3 amod"
    unknown = code(tables, make_tree(*rows))[0]
    assert unknown.place_precision in ("ambiguous", "city")
    assert bool(unknown.latitude) == (unknown.place_precision == "city")


# ---------------------------------------------------------------------------------------------------- the gazetteer and its file


@pytest.mark.parametrize(
    ("latitude", "longitude", "gid"),
    [
        (-89.75, -179.75, 1),
        (89.75, 179.75, 259200),
        (-90, -180, 1),
        (90, 179.9, 259200),
        (0.25, 0.25, 129961),  # the cell north-east of the origin: row 180, column 360
        (33.3, 44.4, 246 * 720 + 448 + 1),  # Baghdad
        (-1.68, 29.22, 176 * 720 + 418 + 1),  # Goma, south of the equator
        (51.5, 180, 283 * 720 + 1),  # the date line is the first column
    ],
)
def test_priogrid_cells(latitude: float, longitude: float, gid: int) -> None:
    """gid = row from the south * 720 + column from the west + 1, half a degree to a cell."""
    assert priogrid_cells([latitude], [longitude]).tolist() == [gid]


def test_no_cell_outside_the_globe() -> None:
    assert priogrid_cells([91], [0]).tolist() == [0]


def test_the_shipped_file_is_whole_and_small() -> None:
    assert gazetteer.gazetteer_problems() == ()
    assert gazetteer.shipped_gazetteer().stat().st_size < 3_000_000
    assert len(load_gazetteer().rows) > 10_000


@pytest.mark.parametrize("cut", [200, -400])
def test_a_cut_file_is_told_and_own_places_stay(tmp_path: Path, tables: Dictionaries, cut: int) -> None:
    """Cut in transfer: the message names the file and the remedy, and places.csv is still there."""
    path = tmp_path / "places.csv.gz"
    path.write_bytes(gazetteer.shipped_gazetteer().read_bytes()[:cut])
    found = load_gazetteer(tables.places, path)
    assert "places.csv.gz" in str(found.problems[0]) and "gazetteer_build" in str(found.problems[0])
    assert list(found.places("سوتك"))


def test_a_file_without_its_end_is_told(tmp_path: Path) -> None:
    path = tmp_path / "places.csv.gz"
    text = gzip.decompress(gazetteer.shipped_gazetteer().read_bytes()).decode()
    path.write_bytes(gzip.compress("\n".join(text.split("\n")[:100]).encode()))
    assert "cut" in str(load_gazetteer(path=path).problems[0])


DUMP = "100\tHalab\tHalab\tHalab,حلب,ااالحلب\t36.20\t37.16\tP\tPPLA\tSY\t\t09\t\t\t\t2000000\t\t\tAsia/Damascus\t2020-01-01\n"


def test_builds_from_the_dump_and_from_the_package(tmp_path: Path) -> None:
    """Both forms of the source give the same place; twice the same bytes."""
    dump, package = tmp_path / "dump", tmp_path / "package"
    dump.mkdir()
    package.mkdir()
    (dump / "SY.txt").write_text(DUMP, encoding="utf-8")
    (dump / "countryInfo.txt").write_text("#ISO\tISO3\nSY\tSYR\n", encoding="utf-8")
    (dump / "alternateNamesV2.txt").write_text("1\t100\tar\tالشهباء\t\n2\t100\tfa\tحلبی\t\n", encoding="utf-8")
    city = {
        "name": "Halab",
        "countrycode": "SY",
        "admin1code": "09",
        "latitude": 36.2,
        "longitude": 37.16,
        "population": 5,
        "geonameid": 100,
        "alternatenames": ["حلب"],
    }
    (package / "cities500.json").write_text(json.dumps({"100": city}), encoding="utf-8")
    (package / "countries.json").write_text(json.dumps({"SY": {"iso3": "SYR"}}), encoding="utf-8")
    assert build(dump, tmp_path / "a.csv.gz") == build(package, tmp_path / "b.csv.gz") == 1
    assert [p.country for p in load_gazetteer(path=tmp_path / "b.csv.gz").places("حلب")] == ["SYR"]
    assert [p.latin for p in load_gazetteer(path=tmp_path / "a.csv.gz").places("الشهبا")] == ["Halab"]
    build(dump, tmp_path / "c.csv.gz")
    assert (tmp_path / "a.csv.gz").read_bytes() == (tmp_path / "c.csv.gz").read_bytes()


def test_names_are_arabic_letters_only() -> None:
    assert arabic_names(["Aleppo", "ااالخرطوم", "شوشی", "پاریس", "أب", "إدلب", "ادلب"]) == ("الخرطوم", "شوشي", "ادلب")


def test_a_bad_source_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "SY.txt").write_text("100\tHalab\n", encoding="utf-8")
    with pytest.raises(SourceError, match=r"countryInfo\.txt"):
        build(tmp_path, tmp_path / "out.csv.gz")
    (tmp_path / "countryInfo.txt").write_text("SY\tSYR\n", encoding="utf-8")
    assert main([str(tmp_path), "--to", str(tmp_path / "out.csv.gz")]) == 2
    assert "download it again" in capsys.readouterr().err


BAD_ROWS = """place,name,country,latitude,longitude,kind,source
بلدة أولى,First,XXX,36.0,37.0,city,own
بلدة ثانية,Second,SYR,96.0,37.0,city,own
بلدة ثالثة,Third,SYR,north,37.0,city,own
بلدة رابعة,Fourth,SYR,36.0,37.0,town,own
بلدة خامسة,Fifth,SYR,36.0,37.0,city,own
بلدة خامسه,Fifth again,SYR,36.5,37.0,city,own
"""


def test_mistakes_in_places_are_told(tmp_path: Path) -> None:
    """Unknown country, degrees out of range or no number, unknown kind, a name twice: each with file, row and remedy."""
    (tmp_path / "places.csv").write_text(BAD_ROWS, encoding="utf-8")
    told = [str(p) for p in load_dictionaries(tmp_path).problems]
    for row, what in ((2, "country code 'XXX'"), (3, "out of range"), (4, "no number"), (5, "kind 'town'"), (7, "stands twice")):
        assert any(t.startswith(f"places.csv:{row}:") and what in t for t in told), (row, what, told)


def test_what_writers_ask(tables: Dictionaries, finder: PlaceFinder) -> None:
    """The gazetteer's record of an event's place."""
    event = Event(
        "1", "1", 1, "", "", "", "", "190", place="غوريس", place_country="ARM", latitude="39.5110", longitude="46.3380", place_precision="city"
    )
    found = finder.gazetteer.places("غوريس")
    point = next(found)
    event.latitude, event.longitude = f"{point.latitude:.4f}", f"{point.longitude:.4f}"
    place = describe(event, finder.gazetteer)
    assert place is not None and place.latin == "Goris" and place.geonames_id
