"""Reading stories: every form, and every kind of bad input named with its remedy."""

import gzip
import json

import pytest

from coder.model import InputError, Story
from coder.stories import NO_DATE, read_stories

TEXT = "التقى الرئيس الكيني نظيره الأوغندي في نيروبي"  # the Kenyan president met his Ugandan counterpart in Nairobi


def read(*names, **options) -> tuple[list[Story], list[InputError]]:
    """Stories and problems of the inputs."""
    items = list(read_stories([str(n) for n in names], **options))
    return [i for i in items if isinstance(i, Story)], [i for i in items if isinstance(i, InputError)]


def test_every_form_gives_the_same_story(tmp_path):
    """Text, JSON lines, CSV, TSV, XML and gzip carry one story alike."""
    row = {"id": "a", "date": "2020-02-03", "text": TEXT}
    (tmp_path / "a.txt").write_text(TEXT, encoding="utf-8")
    (tmp_path / "a.jsonl").write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    (tmp_path / "a.csv").write_text(f"id,date,text\na,2020-02-03,{TEXT}\n", encoding="utf-8-sig")
    (tmp_path / "a.tsv").write_text(f"id\tdate\ttext\na\t20200203\t{TEXT}\n", encoding="utf-8")
    (tmp_path / "a.xml").write_text(f'<Sentences><Sentence id="a" date="20200203"><Text>{TEXT}</Text></Sentence></Sentences>', encoding="utf-8")
    with gzip.open(tmp_path / "b.txt.gz", "wt", encoding="utf-8") as stream:
        stream.write(TEXT)
    stories, problems = read(tmp_path, date="2020-02-03")
    assert [s.text for s in stories] == [TEXT] * 6
    assert {s.date for s in stories} == {"2020-02-03"}
    assert len({s.id for s in stories}) == 6  # ids are made unique, and that is said
    assert all("more than once" in p.what for p in problems)


def test_title_is_the_first_line_and_other_columns_are_kept(tmp_path):
    """Offsets are in one text, headline included."""
    path = tmp_path / "news.csv"
    path.write_text(f"story,when,body,title,region\nx,2020-01-01,{TEXT},قمة في نيروبي,east\n", encoding="utf-8")
    stories, _ = read(path, columns={"id": "story", "date": "when", "text": "body"})
    assert stories[0].text == f"قمة في نيروبي\n{TEXT}"
    assert stories[0].extra == {"region": "east"}


BAD = [
    ("empty.txt", b"", "the file is empty"),
    ("arabic.txt", TEXT.encode("cp1256"), "looks like Windows-1256"),
    ("bytes.txt", b"\xff\xff\xff\xff\x80\x81", "not UTF-8"),
    ("persian.txt", "گزارش‌های پیچیده پس از چند گفت‌وگوی پرتنش".encode(), "Persian or Urdu"),
    ("latin.txt", b"The presidents met in Nairobi.", "Latin"),
    ("broken.jsonl", b'{"id": "a", "text": \n', "malformed JSON"),
    ("notext.csv", "id,body\na,نص\n".encode(), "no column 'text'"),
    ("cut.txt.gz", gzip.compress(TEXT.encode())[:-9], "cannot be read"),
    ("bomb.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><Sentences/>', "document type"),
    ("broken.xml", b"<Sentences><Sentence>", "malformed XML"),
]


@pytest.mark.parametrize(("name", "data", "message"), BAD)
def test_bad_input_is_named_with_a_remedy(tmp_path, name: str, data: bytes, message: str):
    """No traceback: the file, what is wrong, and what to do."""
    path = tmp_path / name
    path.write_bytes(data)
    stories, problems = read(path)
    assert stories == []
    assert name in problems[0].where
    assert message in problems[0].what
    assert problems[0].remedy


def test_bad_rows_do_not_stop_the_rest(tmp_path):
    """A broken line is named with its number; the lines around it are read."""
    path = tmp_path / "mixed.jsonl"
    good = json.dumps({"id": "g", "date": "2020-01-01", "text": TEXT}, ensure_ascii=False)
    path.write_text("\n".join([good, "{broken", good.replace('"g"', '"h"')]), encoding="utf-8")
    stories, problems = read(path)
    assert [s.id for s in stories] == ["g", "h"]
    assert [p.where for p in problems] == [f"{path}:2"]


def test_missing_dates_are_said_and_never_invented(tmp_path):
    """The date comes from the row, the file's name or --date; else there is none, and a note."""
    path = tmp_path / "story.txt"
    path.write_text(TEXT, encoding="utf-8")
    (tmp_path / "story-2019-05-06.txt").write_text(TEXT, encoding="utf-8")
    stories, problems = read(path, tmp_path / "story-2019-05-06.txt")
    assert [s.date for s in stories] == ["", "2019-05-06"]
    assert [p.what for p in problems] == [NO_DATE]


def test_missing_path_is_named():
    """A folder or file that does not exist."""
    _, problems = read("no/such/folder")
    assert problems[0].where == "no/such/folder"
    assert "no such file" in problems[0].what


def test_encoding_can_be_named(tmp_path):
    """--encoding windows-1256 reads what UTF-8 does not; an unknown encoding is said."""
    path = tmp_path / "old.txt"
    path.write_bytes(TEXT.encode("cp1256"))
    stories, _ = read(path, encoding="windows-1256")
    assert stories[0].text == TEXT
    assert "unknown encoding" in read(path, encoding="nonsense")[1][0].what
