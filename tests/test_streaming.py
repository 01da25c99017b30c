"""Stories read from files: streamed, and every problem told with file, row and remedy."""

import gzip
import io
import sys

import pytest

from coder.model import InputError, Story
from coder.stories import read_stories

TEXT = "زار الوزير باريس امس"


def read(path, **options):
    """Stories and problems of one file, dates given."""
    items = list(read_stories([str(path)], date="2020-01-01", **options))
    return [i for i in items if isinstance(i, Story)], [str(i) for i in items if isinstance(i, InputError)]


def test_a_text_file_keeps_its_line_ends(tmp_path):
    """Offsets are those of the file: carriage returns stay."""
    (tmp_path / "a.txt").write_bytes(f"{TEXT}\r\n{TEXT}".encode())
    assert read(tmp_path / "a.txt")[0][0].text == f"{TEXT}\r\n{TEXT}"


@pytest.mark.parametrize(("name", "form"), [("a.jsonl", '{{"id": "{0}", "text": "{1}"}}\n'), ("a.csv", '{0},"{1}"\r\n'), ("a.tsv", "{0}\t{1}\n")])
def test_tables_are_streamed(tmp_path, name, form, monkeypatch):
    """A story comes out before the file is read to its end, also from gzip; a byte order mark is no part of the header."""
    head = {"a.csv": "id,text\n", "a.tsv": "id\ttext\n"}.get(name, "")
    data = "\ufeff" * bool(head) + head + "".join(form.format(i, TEXT) for i in range(50_000))
    with gzip.open(tmp_path / f"{name}.gz", "wt", encoding="utf-8", newline="") as stream:
        stream.write(data)
    taken = []
    original = gzip.GzipFile.readinto
    monkeypatch.setattr(gzip.GzipFile, "readinto", lambda self, b: taken.append(1) or original(self, b))
    stories = read_stories([str(tmp_path / f"{name}.gz")], date="2020-01-01")
    assert next(stories).text == TEXT and len(taken) < 4
    assert sum(1 for _ in stories) == 49_999 and len(taken) > 10


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a.txt", b"", "the file is empty"),
        ("a.csv", b"a,b\n1,2\n", "no column 'text'; the columns are a, b"),
        ("a.jsonl", b'{"id": 1\n', "a.jsonl:1: malformed JSON"),
        ("a.txt", TEXT.encode("cp1256"), "looks like Windows-1256 .*--encoding windows-1256"),
        ("a.csv", b"id,text\n1," + TEXT.encode("cp1256"), "looks like Windows-1256"),
        ("a.xml", b"<!DOCTYPE x><a/>", "document type"),
        ("a.txt.gz", gzip.compress(TEXT.encode())[:-9], "cannot be read: .*gzip file may be cut"),
    ],
)
def test_problems_are_told(tmp_path, name, data, message):
    """What is wrong, where, and the remedy."""
    import re

    (tmp_path / name).write_bytes(data)
    _, problems = read(tmp_path / name)
    assert re.search(message, " ".join(problems))


def test_a_cut_or_spoilt_table_gives_what_stands_before(tmp_path):
    """The stories before the damage, then the message."""
    import random

    rows = ["id,text"] + [f"{i},{TEXT} {random.Random(i).random()}" for i in range(20_000)]
    data = gzip.compress("\n".join(rows).encode())
    (tmp_path / "a.csv.gz").write_bytes(data[: len(data) // 2])
    stories, problems = read(tmp_path / "a.csv.gz")
    assert len(stories) > 5_000 and "gzip file may be cut" in problems[-1]
    (tmp_path / "b.csv").write_bytes("\n".join(rows).encode() + b"\n7,\xff\xfe\n")
    stories, problems = read(tmp_path / "b.csv")
    assert len(stories) > 19_000 and "not UTF-8" in problems[-1]


def test_standard_input_is_told_by_its_beginning(monkeypatch):
    """JSON lines or plain text; standard input stays open."""
    for data, name in ((f'{{"id": "x", "text": "{TEXT}"}}\n', "x"), (TEXT, "stdin")):
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(data.encode())))
        assert [s.id for s in read_stories(["-"], date="2020-01-01") if isinstance(s, Story)] == [name]
        assert not sys.stdin.buffer.closed
