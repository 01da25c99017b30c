"""Places: the gazetteer and its file, mentions on stored trees against a list of sentences with answers and traps, and whose place it is."""

import csv
import gzip
import io
import json
import time
from pathlib import Path

import pytest

from coder import gazetteer
from coder.actors import ActorFinder, StoryContext
from coder.conllu import read_conllu, write_conllu
from coder.dictionaries import Dictionaries, load_dictionaries
from coder.events import Coder
from coder.gazetteer import Place, distance, load_gazetteer, priogrid_cell
from coder.gazetteer_build import SourceError, arabic_names, build, main
from coder.model import Event, Sentence, Story
from coder.places import PlaceFinder, SettledPlace, StoryPlaces, describe, geo_type

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
