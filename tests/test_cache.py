"""The cache of loaded tables: read when nothing has changed, never when something has, and unable to run code."""

import os
import pickle
import shutil

import attrs
import pytest

import coder.cache
import coder.dictionaries
from coder.cache import keep, read_cached, tables_digest
from coder.dictionaries import bundled_folder, load_dictionaries


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A cache folder of the test's own."""
    monkeypatch.setenv("WAQAI_CACHE", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def loads(monkeypatch):
    """How often the tables were read from their CSV."""
    count = []
    original = coder.dictionaries._Loader.load
    monkeypatch.setattr(coder.dictionaries._Loader, "load", lambda self: count.append(1) or original(self))
    return count


@pytest.fixture
def small(tmp_path):
    """A user's folder with one row."""
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "groups.csv").write_text("name,code,from,to,source\nحركة المثال,EGYOPP,,,\n", encoding="utf-8")  # the Example Movement
    return tmp_path / "own"


def test_tables_from_the_cache_are_the_tables(folder, loads):
    """The second load reads no CSV and gives the same."""
    first, second = load_dictionaries(), load_dictionaries()
    assert len(loads) == 1 and second is not first
    assert attrs.asdict(first.codes["190"]) == attrs.asdict(second.codes["190"]) and first.digest == second.digest
    assert first.whole_words() == second.whole_words()
    assert {k: [attrs.astuple(a) for a in v] for k, v in first.actors.items()} == {k: [attrs.astuple(a) for a in v] for k, v in second.actors.items()}
    assert sum(map(len, first.triggers.values())) == sum(map(len, second.triggers.values()))


def test_a_changed_table_is_read_anew(folder, loads, small):
    """Another row, another file name, another code."""
    load_dictionaries(small)
    with open(small / "groups.csv", "a", encoding="utf-8") as stream:
        stream.write("جبهة المثال,EGYREB,,,\n")  # the Example Front
    assert any(a.code == "EGYREB" for a in load_dictionaries(small).actors["جبهه"]) and len(loads) == 2
    shutil.move(small / "groups.csv", small / "groups_own.csv")
    load_dictionaries(small)
    assert len(loads) == 3


def test_an_unwritable_cache_is_passed_over(tmp_path, monkeypatch, small, loads):
    """A file stands where the folder should be: tables load, nothing is said."""
    (tmp_path / "file").write_text("x")
    monkeypatch.setenv("WAQAI_CACHE", str(tmp_path / "file"))
    load_dictionaries(small)
    assert load_dictionaries(small).codes and len(loads) == 2


class Bomb:
    """What a hostile cache file would hold."""

    def __reduce__(self):
        return os.system, ("echo run",)


def test_a_hostile_or_damaged_cache_is_not_read(folder, small, capfd):
    """Code in it does not run; a cut file, or one that others may write, is not used."""
    tables, digest = load_dictionaries(small), tables_digest([bundled_folder(), small])
    (path,) = folder.glob("tables-*.bin")
    assert path.name == f"tables-{digest}.bin" and read_cached(digest) is not None
    path.chmod(0o666)
    assert os.name == "nt" or read_cached(digest) is None
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:-1000])
    assert read_cached(digest) is None
    path.write_bytes(pickle.dumps([tables, Bomb()]))
    assert read_cached(digest) is None and "run" not in capfd.readouterr().out
    assert load_dictionaries(small).codes.keys() == tables.codes.keys()


def test_old_cache_files_are_deleted(folder):
    """The folder does not grow without end."""
    for number in range(coder.cache._KEPT + 3):
        keep(f"{number}", frozenset({str(number)}))
    assert len(list(folder.iterdir())) == coder.cache._KEPT
