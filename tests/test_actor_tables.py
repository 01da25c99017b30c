"""The shipped actor tables: what they must hold, and spellings that must not be taken for actors."""

import csv
from collections.abc import Iterator

import pytest

from coder.dictionaries import Dictionaries, bundled_folder, load_dictionaries

TABLES = bundled_folder()


@pytest.fixture(scope="module")
def tables() -> Dictionaries:
    return load_dictionaries()


def codes(tables: Dictionaries, *keys: str, date: str = "2020-06-01") -> set[str]:
    """Codes of the names that are spelt exactly so (folded words) on that day."""
    return {a.code for a in tables.actors.get(keys[0], ()) if a.keys == keys and a.start <= date <= a.end}


def cells(pattern: str, *columns: str) -> Iterator[tuple[str, ...]]:
    for path in sorted(TABLES.glob(pattern)):
        with open(path, encoding="utf-8", newline="") as stream:
            for row in csv.DictReader(stream):
                yield tuple(row[c] for c in columns)


@pytest.mark.parametrize(
    ("words", "date", "code"),
    [
        ("المجر", "2020-01-01", "HUN"),
        ("الكوريه الشماليه", "2020-01-01", "PRK"),
        ("كوريون جنوبيون", "2020-01-01", "KOR"),
        ("المانيا الشرقيه", "1985-01-01", "DDR"),
        ("المانيا الشرقيه", "2000-01-01", None),
        ("زايير", "1990-01-01", "ZAR"),
        ("البنتاغون", "2020-01-01", "USAMIL"),
        ("قوات الدعم السريع", "2023-04-14", "SDNMIL"),
        ("قوات الدعم السريع", "2023-04-15", "SDNREB"),
        ("حركه طالبان", "2021-08-14", "AFGREB"),
        ("حركه طالبان", "2021-08-15", "AFGGOV"),
        ("سلطان عمان", "2020-01-01", "OMNGOV"),
        ("المركز الفلسطيني ل حقوق الانسان", "2020-01-01", "PSEHRI"),
        ("الجيش الشعبي", "2020-01-01", None),
    ],
)
def test_names_and_their_periods(tables: Dictionaries, words: str, date: str, code: str | None) -> None:
    assert codes(tables, *words.split(), date=date) == ({code} if code else set())


@pytest.mark.parametrize(
    "word",
    [
        "عقيده",
        "محافظه",
        "رييسي",
        "الشعبي",
        "طالبت",
        "مشيرا",
        "مرحله",
        "مباحثات",
        "عايدات",
        "حاجه",
        "كرد",
        "عمدا",
        "عقدا",
        "امام",
        "امن",
        "امرا",
        "سريه",
        "شعبه",
        "مهاجمه",
        "المدرسي",
        "الفلاحه",
        "الترابي",
        "المصوره",
        "دوما",
        "بحار",
        "الحشد",
        "حاميه",
    ],
)
def test_ordinary_words_are_no_roles(tables: Dictionaries, word: str) -> None:
    assert not codes(tables, word)


@pytest.mark.parametrize("word", ["بان", "والي", "لكره", "بشان", "لحمايه", "بالمغرب", "بدون"])
def test_a_name_does_not_keep_a_clitic_uncut(tables: Dictionaries, word: str) -> None:
    assert word not in tables.whole_words()


def test_no_name_has_two_codes_on_one_day(tables: Dictionaries) -> None:
    entities = [a for names in tables.actors.values() for a in names if a.kind == "entity"]
    seen: dict[tuple[str, ...], list] = {}
    for a in entities:
        for b in seen.setdefault(a.keys, []):
            assert a.code == b.code or a.end < b.start or b.end < a.start, f"{a.name}: {a.code} and {b.code}"
        seen[a.keys].append(a)


def test_figures() -> None:
    assert len({c for c, k in cells("countries.csv", "code", "kind") if k == "name"}) >= 250
    assert len(set(cells("organizations*.csv", "name"))) >= 1000
    assert len(set(cells("groups*.csv", "name"))) >= 1000
    assert len({n for n, k in cells("agents*.csv", "noun", "kind") if k == "role"}) >= 700
