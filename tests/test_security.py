"""Input from anybody: bombs, tricks with paths, formulas, altered weights. Each refused or made harmless, with a message."""

import csv
import gzip
import json

import pytest

import coder.unpack
from coder.conllu import read_conllu
from coder.model import InputError, Story
from coder.output import write_errors
from coder.parse import WEIGHTS, ParserError, check_weights
from coder.store import INDEX, StoreError, read_store
from coder.stories import _Ids, read_stories

TEXT = "زار الوزير باريس امس"  # the minister visited Paris yesterday


def read(path, **options):
    """Stories and problems of one file."""
    items = list(read_stories([str(path)], date="2020-01-01", **options))
    return [i for i in items if isinstance(i, Story)], [str(i) for i in items if isinstance(i, InputError)]


@pytest.mark.parametrize(
    "head",
    [
        '<!DOCTYPE a [<!ENTITY b "ha"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]>',
        '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE a SYSTEM "http://example.org/a.dtd">',
        '<?xml version="1.0" encoding="utf-7"?>\n<!DOCTYPE a [<!ENTITY b "x">]>',
        "\n  <!-- x --> <!DOCTYPE a>",
    ],
)
def test_xml_with_a_document_type_is_refused(tmp_path, head):
    """Before any entity of it is read: neither bombs nor files of the machine get into a story."""
    body = f'<Sentences><Sentence id="1" date="20200101"><Text>{TEXT} &b;&c;</Text></Sentence></Sentences>'
    (tmp_path / "a.xml").write_text(head + body, encoding="utf-8")
    stories, problems = read(tmp_path / "a.xml")
    assert not stories and ("document type" in problems[0] or "malformed" in problems[0])


def test_xml_that_only_talks_of_a_document_type_is_read(tmp_path):
    """In text it is text."""
    (tmp_path / "a.xml").write_text(f"<a><Sentence id='1'><Text><![CDATA[{TEXT} <!DOCTYPE a> {TEXT}]]></Text></Sentence></a>", encoding="utf-8")
    assert "<!DOCTYPE a>" in read(tmp_path / "a.xml")[0][0].text


def test_deep_xml_is_read(tmp_path):
    """A hundred thousand elements in one another."""
    deep = "<a>" * 100_000 + f"<Sentence id='1'><Text>{TEXT}</Text></Sentence>" + "</a>" * 100_000
    (tmp_path / "a.xml").write_text(deep, encoding="utf-8")
    assert [s.id for s in read(tmp_path / "a.xml")[0]] == ["1"]


@pytest.mark.parametrize("name", ["a.txt.gz", "a.jsonl.gz", "a.csv.gz", "a.xml.gz", "a.conllu.gz"])
def test_a_gzip_bomb_is_refused_while_it_is_read(tmp_path, name, monkeypatch):
    """Its size is never in memory: reading stops where it has given more than any text would."""
    monkeypatch.setattr(coder.unpack, "_FREE", 1_000_000)
    given = []
    original = coder.unpack._Unpacked.readinto
    monkeypatch.setattr(coder.unpack._Unpacked, "readinto", lambda self, b: given.append(original(self, b)) or given[-1])
    head = {"a.csv.gz": "id,text\n", "a.xml.gz": "<a>", "a.conllu.gz": ""}.get(name, TEXT)
    (tmp_path / name).write_bytes(gzip.compress(head.encode() + b"\n" * 20_000_000))
    if name == "a.conllu.gz":
        found: list[InputError] = []
        assert not list(read_conllu(tmp_path / name, found))
        problems = [str(p) for p in found]
    else:
        problems = read(tmp_path / name)[1]
    assert "a gzip bomb?" in problems[-1] and sum(given) < 20_000_000


def test_ordinary_gzip_is_no_bomb(tmp_path, monkeypatch):
    """Tables that repeat themselves a good deal."""
    monkeypatch.setattr(coder.unpack, "_FREE", 100_000)
    rows = "id,text\n" + "".join(f"{i},{TEXT} {i * 7919}\n" for i in range(20_000))
    (tmp_path / "a.csv.gz").write_bytes(gzip.compress(rows.encode()))
    assert len(read(tmp_path / "a.csv.gz")[0]) == 20_000


def test_a_line_or_story_without_end_is_refused(tmp_path, monkeypatch):
    """Before it fills the memory."""
    monkeypatch.setattr(coder.unpack, "MAX_LINE", 1000)
    monkeypatch.setattr(coder.stories, "MAX_TEXT", 1000)
    for name in ("a.jsonl", "a.csv", "a.txt"):
        (tmp_path / name).write_text("id,text\n1," + "ا" * 2000, encoding="utf-8")
        stories, problems = read(tmp_path / name)
        assert not stories and "of more than 1" in problems[-1]
    long = "ا" * 400
    (tmp_path / "b.csv").write_text(f'id,text\n1,{long}\n2,"{long}\n{long}\n{long}\n', encoding="utf-8")  # a quote that is never closed
    assert [s.id for s in read(tmp_path / "b.csv")[0]] == ["1"] and "check the quotes" in read(tmp_path / "b.csv")[1][0]
    (tmp_path / "b.jsonl").write_text(
        "".join(json.dumps({"id": str(n), "text": "ا" * n}, ensure_ascii=False) + "\n" for n in (5, 70, 6)), encoding="utf-8"
    )
    monkeypatch.setattr(coder.stories, "MAX_TEXT", 50)
    stories, problems = read(tmp_path / "b.jsonl")
    assert [s.id for s in stories] == ["5", "6"] and "b.jsonl:2: a story of more than 50 characters" in problems[0]


@pytest.mark.parametrize("file", ["../../etc/passwd", "/etc/passwd", "part-1/../../x.conllu.gz", "part-zz.conllu.gz", 7])
def test_a_store_leads_nowhere_else(tmp_path, file):
    """Parts that its index names lie in its folder."""
    lines = [{"format": 1, "parser": "p", "whole_words": "w"}, {"file": file, "stories": 1, "sentences": 1, "words": 1}]
    (tmp_path / INDEX).write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    with pytest.raises((StoreError, TypeError), match="no part of a store|expected string"):
        read_store(tmp_path)


def test_stories_of_a_store_hold_text_only(tmp_path):
    """Numbers, lists and lone surrogates where text should be cost their story."""
    bad = [
        '{"id": 1, "text": "x"}',
        '{"id": "a", "text": ["x"]}',
        '{"id": "a", "text": "\\ud800"}',
        '{"id": "a", "nothing": "x"}',
        '{"id": "a"',
    ]
    lines = [f"# newdoc id = {i}\n# story = {story}\n" for i, story in enumerate(bad)]
    (tmp_path / "a.conllu").write_text("".join(lines) + '# newdoc id = z\n# story = {"id": "z", "text": "x"}\n', encoding="utf-8")
    problems: list[InputError] = []
    assert [story.id for story, _ in read_conllu(tmp_path / "a.conllu", problems)] == ["z"]
    assert len(problems) == len(bad) and all("damaged story" in p.what and ":" in p.where for p in problems)


def test_heads_that_go_round_are_no_tree(tmp_path):
    """A circle would keep the coder walking."""
    rows = "1\tا\tا\tX\t_\t_\t2\tdep\t_\t_\n2\tب\tب\tX\t_\t_\t1\tdep\t_\t_\n3\tج\tج\tX\t_\t_\t0\troot\t_\t_\n"
    (tmp_path / "a.conllu").write_text(f"# text = ا ب ج\n{rows}\n", encoding="utf-8")
    problems: list[InputError] = []
    list(read_conllu(tmp_path / "a.conllu", problems))
    assert "go round in a circle" in problems[0].what


def test_names_from_the_input_are_no_formulas_in_the_list_of_errors(tmp_path):
    """A spreadsheet shows them."""
    write_errors([InputError("=cmd()", "+1+cmd()", "@x"), InputError("-", "what")], tmp_path / "e.csv")
    with open(tmp_path / "e.csv", encoding="utf-8", newline="") as stream:
        assert list(csv.reader(stream))[1:] == [["'=cmd()", "'+1+cmd()", "'@x"], ["'-", "what", ""]]


def test_halves_of_characters_are_replaced(tmp_path):
    """JSON can hold them, no file can be written with them."""
    (tmp_path / "a.jsonl").write_text(json.dumps({"id": "a\ud800", "text": TEXT + "\udfff", "more\ud800": "\ud800"}), encoding="utf-8")
    (story,), _ = read(tmp_path / "a.jsonl")
    assert "\ufffd" in story.text and "".join([story.id, *story.extra, *story.extra.values()]).encode()


def test_altered_weights_are_refused(tmp_path):
    """Their hash is compared before anything of them is loaded."""
    for path in WEIGHTS.iterdir():
        if path.suffix in (".sha256", ".txt"):
            (tmp_path / path.name).write_bytes(path.read_bytes())
        elif path.suffix == ".pt":
            (tmp_path / path.name).symlink_to(path)
    check_weights(tmp_path)
    victim = tmp_path / "lemma.pt"
    data = bytearray(victim.read_bytes())
    data[100] ^= 1
    victim.unlink()
    victim.write_bytes(data)
    with pytest.raises(ParserError, match="cut or altered"):
        check_weights(tmp_path)


def test_ids_are_counted_in_little_memory():
    """As a dictionary would count them."""
    ids, wanted = _Ids(), {}
    for number in range(30_000):
        name = str(number * number % 20_011)
        wanted[name] = wanted.get(name, 0) + 1
        assert ids.add(name) == wanted[name]
