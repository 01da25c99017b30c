"""The parse store: exact there and back, resumed, refused when stale, read without torch. A stand-in parser does for all but the last."""

import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

import coder.parse
import coder.store
from coder.conllu import link, read_conllu, write_conllu
from coder.model import InputError, Sentence, Story, Token
from coder.pipeline import code_inputs, parse_inputs, parsed_stories
from coder.store import INDEX, StoreError, read_store, unlisted

ROOT = Path(__file__).parents[1]
TEXT = "عنوان  الخبر\n\n زار \tالوزير\u2028باريس\r\nثم عاد"


class StandIn:
    """A parser that cuts at blanks and hangs every word on the first; counts the stories it is given."""

    parsed = 0

    def __init__(self, package: str = "shipped", whole_words: frozenset[str] = frozenset()) -> None:
        pass

    def parse(self, story: Story) -> list[Sentence]:
        """One sentence a story."""
        return self.parse_many([story])[0]

    def parse_many(self, stories: list[Story]) -> list[list[Sentence]]:
        """One sentence a story; the word حطم breaks the parser."""
        if any("حطم" in s.text for s in stories):
            raise ValueError("broken")
        StandIn.parsed += len(stories)
        return [[_sentence(s.text)] for s in stories]


def _sentence(text: str) -> Sentence:
    tokens, position = [], 0
    for number, form in enumerate(text.split(), 1):
        position = text.index(form, position)
        feats = {"Case": "Nom", "Number": "Sing"} if number % 2 else {}
        tokens.append(
            Token(number, form, "_", "NOUN", feats, 0 if number == 1 else 1, "root" if number == 1 else "dep", position, position + len(form))
        )
        position += len(form)
    start, end = tokens[0].start, tokens[-1].end
    return Sentence(1, text[start:end], start, end, link(tokens), 3)


@pytest.fixture
def stand_in(monkeypatch):
    """The parser replaced by the stand-in; small batches, so that stores have several parts."""
    monkeypatch.setattr(coder.parse, "Parser", StandIn)
    monkeypatch.setattr(coder.store, "batches", lambda items: coder.batches.batches(items, 60))
    StandIn.parsed = 0
    return StandIn


@pytest.fixture
def stories(tmp_path):
    """Five stories in a CSV file."""
    path = tmp_path / "news.csv"
    path.write_text(
        "id,date,text\n" + "".join(f"s{i},2020-01-0{i},زار الوزير رقم {i} باريس ثم عاد الى بلاده\n" for i in range(1, 6)), encoding="utf-8"
    )
    return str(path)


def flat(parsed):
    """Everything that a story and its trees hold."""
    words = ("id", "form", "lemma", "upos", "feats", "head", "deprel", "start", "end", "key")
    return [
        (story, [(s.number, s.text, s.start, s.end, s.paragraph, [tuple(getattr(t, w) for w in words) for t in s.tokens]) for s in sentences])
        for story, sentences in parsed
    ]


@pytest.mark.parametrize("name", ["store.conllu", "store.conllu.gz"])
def test_stories_come_back_exactly(tmp_path, name):
    """Text with odd blanks and line ends, metadata with odd signs: what was written is read."""
    story = Story("a\tb", TEXT, "2020-01-01", "عنوان = x", 'وكالة "س"', "http://x/?a=b#c", {"k": "v\n"})
    parsed = [(story, [_sentence(TEXT)]), (Story("none", "- -"), [])]
    write_conllu(parsed, tmp_path / name)
    assert flat(read_conllu(tmp_path / name)) == flat(parsed)


def test_a_store_holds_what_the_parser_gave(tmp_path, tables, stand_in, stories):
    """Stories read from a store equal stories parsed at once, in the order of the input."""
    parts = list(parse_inputs([stories], tmp_path / "s", [], dictionaries=tables))
    assert len(parts) > 2 and all(p.fresh for p in parts) and read_store(tmp_path / "s").whole
    direct = flat(parsed_stories([stories], [], dictionaries=tables))
    assert flat(parsed_stories([str(tmp_path / "s")], [], dictionaries=tables)) == direct


def test_an_interrupted_run_goes_on(tmp_path, tables, stand_in, stories):
    """Parts that are there are not parsed again, a cut part is, and a store without its end says so."""
    folder, problems = tmp_path / "s", []
    run = parse_inputs([stories], folder, problems, dictionaries=tables)
    first = next(run)
    run.close()
    assert not read_store(folder).whole
    list(parsed_stories([str(folder)], problems, dictionaries=tables))
    assert "interrupted" in problems[0].what
    (folder / INDEX).write_text((folder / INDEX).read_text() + '{"file": "part-', encoding="utf-8")
    assert [p.file for p in read_store(folder).parts] == [first.file]
    before = StandIn.parsed
    parts = list(parse_inputs([stories], folder, [], dictionaries=tables))
    assert not parts[0].fresh and all(p.fresh for p in parts[1:]) and StandIn.parsed == 5 and before == first.stories
    damaged = folder / parts[1].file
    damaged.write_bytes(damaged.read_bytes()[:-9])
    assert [p.fresh for p in parse_inputs([stories], folder, [], dictionaries=tables)] == [p is parts[1] for p in parts]


def test_a_store_belongs_to_the_last_input(tmp_path, tables, stand_in, stories):
    """Parts of other input stay in the folder, unlisted, and are found again when that input comes back."""
    folder, other = tmp_path / "s", tmp_path / "b.csv"
    other.write_text("id,date,text\nz,2020-01-01,عاد الوزير\n", encoding="utf-8")
    first = list(parse_inputs([stories], folder, [], dictionaries=tables))
    assert unlisted(folder) == 0
    list(parse_inputs([str(other)], folder, [], dictionaries=tables))
    assert unlisted(folder) == len(first) and [s.id for s, _ in parsed_stories([str(folder)], [], dictionaries=tables)] == ["z"]
    assert not any(p.fresh for p in parse_inputs([stories], folder, [], dictionaries=tables))


def test_a_cut_part_is_named_and_the_rest_read(tmp_path, tables, stand_in, stories):
    """A truncated gzip costs its own stories only."""
    folder = tmp_path / "s"
    parts = list(parse_inputs([stories], folder, [], dictionaries=tables))
    path = folder / parts[0].file
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    problems: list[InputError] = []
    left = [story.id for story, _ in parsed_stories([str(folder)], problems, dictionaries=tables)]
    assert parts[0].file in problems[0].where and left[-1] == "s5" and len(left) >= 5 - parts[0].stories


def test_a_store_of_other_weights_is_refused(tmp_path, tables, stand_in, stories, monkeypatch):
    """Named with the remedy; --stale use reads it, --stale reparse parses its stories anew."""
    folder = tmp_path / "s"
    list(parse_inputs([stories], folder, [], dictionaries=tables))
    monkeypatch.setattr(coder.pipeline, "parser_digest", lambda package: "shipped-other-2")
    with pytest.raises(StoreError, match=r"shipped-.*shipped-other-2.*--stale use"):
        list(code_inputs([str(folder)], [], dictionaries=tables))
    before = StandIn.parsed
    list(code_inputs([str(folder)], [], dictionaries=tables, stale="use"))
    assert StandIn.parsed == before
    list(code_inputs([str(folder)], [], dictionaries=tables, stale="reparse"))
    assert StandIn.parsed == before + 5


def test_a_full_disk_is_told(tmp_path, tables, stand_in, stories, monkeypatch):
    """No space left: a message with the remedy, no half part, and the same command goes on."""

    def full(parsed, path, head):
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(coder.store, "write_conllu", full)
        with pytest.raises(StoreError, match=r"No space left on device .*make room"):
            list(parse_inputs([stories], tmp_path / "s", [], dictionaries=tables))
    assert [p.name for p in (tmp_path / "s").iterdir()] == [INDEX]
    assert sum(p.stories for p in parse_inputs([stories], tmp_path / "s", [], dictionaries=tables)) == 5


def test_a_story_that_breaks_the_parser_is_passed_over(tmp_path, tables, stand_in):
    """Its batch is parsed story by story, and the story is reported."""
    path = tmp_path / "x.csv"
    path.write_text("id,date,text\na,2020-01-01,زار الوزير\nb,2020-01-01,حطم\nc,2020-01-01,عاد الوزير\n", encoding="utf-8")
    problems: list[InputError] = []
    parts = list(parse_inputs([str(path)], tmp_path / "s", problems, dictionaries=tables))
    assert sum(p.stories for p in parts) == 2 and problems[0].where == "b" and "ValueError: broken" in problems[0].what


def test_a_store_is_coded_without_torch(tmp_path, tables, stand_in, stories):
    """Neither torch nor stanza is imported when a store is coded."""
    list(parse_inputs([stories], tmp_path / "s", [], dictionaries=tables))
    program = (
        "import sys\nfrom coder import load_dictionaries\nfrom coder.pipeline import code_inputs\n"
        f"list(code_inputs([{str(tmp_path / 's')!r}], [], dictionaries=load_dictionaries()))\n"
        "assert not {'torch', 'stanza', 'pandas'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})


@pytest.mark.parser
def test_coding_a_store_gives_the_same_bytes(tmp_path):
    """`waqai code` on the store, on the stories, and with two processes: one and the same table; a killed run is resumed."""
    sample = str(ROOT / "tests" / "samples" / "stories.jsonl")
    run = [sys.executable, "-m", "coder"]
    done = {"cwd": ROOT, "env": {**os.environ, "PYTHONPATH": str(ROOT)}, "check": False}
    subprocess.run([*run, "parse", sample, "--to", str(tmp_path / "s")], **done)
    for name, arguments in {"store": [str(tmp_path / "s")], "direct": [sample], "jobs": [sample, "--jobs", "2"]}.items():
        subprocess.run([*run, "code", *arguments, "--out", str(tmp_path / name)], **done)
    tables = [(tmp_path / name).read_bytes() for name in ("store", "direct", "jobs")]
    assert tables[0] == tables[1] == tables[2] and tables[0].count(b"\n") > 5
    assert all(gzip.open(p).readline().startswith(b"# part") for p in (tmp_path / "s").glob("part-*"))
