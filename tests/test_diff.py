"""What a change of the tables does to the events, and that stories which it cannot touch need not be coded."""

import copy
import csv
import io
import itertools
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
from typer.testing import CliRunner

from coder.__main__ import command_line
from coder.check import CACHE
from coder.conllu import copied, read_conllu, write_conllu
from coder.coverage import VERB_COLUMNS
from coder.dictionaries import bundled_folder
from coder.diff import DIFF_COLUMNS, DiffWorker, as_row, compare, diff_inputs, diff_runs, told, write_diff
from coder.events import Coder
from coder.model import Event, Story
from coder.output import write_native
from coder.table_changes import Changes, load_tables, table_changes

ROW = "V112-901,فلفل,يفلفل,فلفلة,,,,,object,112,,,فلفلت تركيا اليونان,TUR,GRC,"
PEPPERED = ("فلفلت VERB 0 root", "تركيا PROPN 1 nsubj", "اليونان PROPN 1 obj")
ACCUSED = ("اتهمت VERB 0 root", "تركيا PROPN 1 nsubj", "اليونان PROPN 1 obj")


@pytest.fixture
def folder(tmp_path):
    """A dictionary folder with these tables."""

    def build(name: str, **files: str):
        place = tmp_path / name
        place.mkdir()
        for file, text in files.items():
            (place / f"{file}.csv").write_text(text, encoding="utf-8")
        return str(place)

    return build


def verbs(*rows: str) -> str:
    return "\n".join([",".join(VERB_COLUMNS), *rows]) + "\n"


@pytest.fixture(scope="session")
def peppered(tmp_path_factory):
    """The shipped tables with ROW laid over them."""
    place = tmp_path_factory.mktemp("peppered")
    (place / "verbs_mine.csv").write_text(verbs(ROW), encoding="utf-8")
    return load_tables(str(place))


@pytest.fixture(scope="session")
def gained(tables, peppered):
    """What ROW changes."""
    return table_changes(tables, peppered)


@pytest.fixture(scope="session")
def mixed(tmp_path_factory):
    """The shipped tables with a changed name, a new one, a word of sport and a noun of a class laid over them."""
    place = tmp_path_factory.mktemp("mixed")
    (place / "groups_mine.csv").write_text("name,code,from,to,source\nاليونان,GRCREB,,,\nحركة الفلفل,MLIREB,,,\n", encoding="utf-8")
    (place / "off_topic.csv").write_text("word,topic,weight\nفلفلان,sport,1\n", encoding="utf-8")
    (place / "nouns_mine.csv").write_text("class,noun,plural\nAGREEMENT,فلفلون,\n", encoding="utf-8")
    return load_tables(str(place))


@pytest.fixture(scope="session")
def mixed_changes(tables, mixed):
    """What these change."""
    return table_changes(tables, mixed)


def event(**cells: object) -> Event:
    """An event with these cells."""
    plain = {"event_id": "e", "story_id": "s", "sentence": 1, "event_date": "2020-05-05", "date_precision": "day", "source": "TUR", "target": "GRC"}
    return Event(**{**plain, "cameo": "112", "rule": "V1", "start": 0, "end": 5, **cells})  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------------------ what changed


def test_tables_that_code_alike_have_no_changes(folder, tables):
    """A row written once more, another example, another line of the file: nothing that coding reads."""
    with open(bundled_folder() / "verbs_speech.csv", encoding="utf-8") as stream:
        _, first, second, *_ = stream.read().split("\n")
    changes = table_changes(tables, load_tables(folder("same", verbs_mine=verbs(second.replace("اتهمت", "وقد اتهمت"), first))))
    assert (dict(changes.words), changes.rows, changes.everywhere) == ({}, set(), [])
    assert "code alike" in changes.note()


def test_a_new_row_changes_the_spellings_of_its_word(gained):
    """All of them, and no others."""
    assert gained.rows == {"V112-901"}
    assert {"فلفلت", "يفلفل", "الفلفله"} <= gained.words.keys()
    assert all("لفل" in word for word in gained.words)
    assert set().union(*gained.words.values()) == {"V112-901"}


def test_names_nouns_and_words_of_other_pages_are_looked_up_by_word(mixed_changes):
    """A new name by its first word; a noun class by the words of its rows; a word of sport by itself."""
    assert mixed_changes.words["حركه"] == {"name حركة الفلفل"}
    assert "off_topic.csv" in mixed_changes.words["فلفلان"]
    assert "nouns.csv" in mixed_changes.words["فلفلون"]
    assert mixed_changes.rows
    assert mixed_changes.everywhere == []


def test_what_is_not_looked_up_by_word_touches_every_story(folder, tables):
    """Page furniture is looked for in the whole line."""
    changes = table_changes(tables, load_tables(folder("new", boilerplate="phrase\nفلفل معنا\n")))
    assert changes.everywhere == ["boilerplate"]
    assert "every sentence is coded twice" in changes.note()


def test_a_whole_folder_is_read_alone(tmp_path, tables):
    """A row that another version lacks does not come back from the shipped tables."""
    place = tmp_path / "whole"
    place.mkdir()
    for path in bundled_folder().glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        if path.name == "verbs_speech.csv":
            first = text.split("\n")[1]
            text = text.replace(first + "\n", "")
        (place / path.name).write_text(text, encoding="utf-8")
    changes = table_changes(tables, load_tables(str(place)))
    assert changes.rows == {first.split(",")[0]}


class Recorder(dict):  # type: ignore[type-arg]
    """A table that notes every word it is asked for."""

    def __init__(self, table: Mapping[str, object], asked: set[str]) -> None:
        super().__init__(table)
        self.asked = asked

    def get(self, word, default=None):
        self.asked.add(word)
        return super().get(word, default)

    def __getitem__(self, word):
        self.asked.add(word)
        return super().__getitem__(word)

    def __contains__(self, word) -> bool:
        self.asked.add(word)
        return super().__contains__(word)


def test_tables_are_looked_up_only_by_the_words_of_the_story(tables):
    """What `waqai diff` rests on: over all parsed examples no table is asked for a word that does not stand in the sentence."""
    tables = copy.copy(tables)
    asked: set[str] = set()
    for name in ("triggers", "actors", "off_topic"):
        setattr(tables, name, Recorder(getattr(tables, name), asked))
    tables.nouns = Recorder(dict.fromkeys(tables.nouns), asked)  # type: ignore[assignment]
    coder, count = Coder(tables, all_statuses=True), 0
    for story, sentences in read_conllu(bundled_folder() / CACHE):
        asked.clear()
        words = {t.key for s in sentences for t in s.tokens}
        words |= {a.key + b.key for s in sentences for a, b in itertools.pairwise(s.tokens) if a.end == b.start}
        coder.code(story, sentences)
        assert asked <= words | {""}, (story.text, asked - words)
        count += len(asked)
    assert count > 1000


# ------------------------------------------------------------------------------------------------------------ comparing


def _compared(old: list[Event], new: list[Event]) -> list[tuple[str, tuple[str, ...]]]:
    return [(kind, fields) for kind, _, _, fields in compare([as_row(e) for e in old], [as_row(e) for e in new])]


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ([event()], [event(event_id="other")], []),
        ([event()], [event(cameo="111", rule="V2")], [("changed", ("cameo", "rule"))]),
        ([event()], [], [("lost", ())]),
        ([], [event(), event()], [("gained", ()), ("gained", ())]),
        ([event()], [event(start=9, end=12)], [("lost", ()), ("gained", ())]),
        ([event(same_as="x")], [event(same_as="y")], []),
        ([event(same_as="x")], [event()], [("changed", ("same_as",))]),
        ([event(target="GRC"), event(target="CYP")], [event(target="CYP"), event(target="BGR")], [("changed", ("target",))]),
    ],
)
def test_comparing_the_events_of_a_story(old: list[Event], new: list[Event], found: list[tuple[str, tuple[str, ...]]]):
    """Ids do not count; events of one word are paired; another word is another event."""
    assert _compared(old, new) == found


@pytest.fixture
def store(tmp_path, make_tree):
    """Three parsed stories: one with a word that no table knows, one with two sentences, one with neither."""
    path = tmp_path / "stories.conllu"
    trees = [[make_tree(*PEPPERED)], [make_tree(*ACCUSED), make_tree(*PEPPERED)], [make_tree(*ACCUSED)]]
    parsed = []
    for number, sentences in enumerate(trees):
        shift = 0
        for place, sentence in enumerate(sentences, 1):
            sentence.number = place
            sentence.start, sentence.end = sentence.start + shift, sentence.end + shift
            for token in sentence.tokens:
                token.start, token.end = token.start + shift, token.end + shift
            shift = sentence.end + 1
        parsed.append((Story(f"s{number}", "\n".join(s.text for s in sentences), "2020-05-05"), sentences))
    write_conllu(parsed, path)
    return str(path)


def test_a_new_row_gains_its_events(store, tables, peppered, gained):
    """With the sentence, under the row; the story that it cannot touch is not coded."""
    changes, coded = diff_inputs(tables, peppered, gained, [store], [])
    assert [(c.kind, c.cause, c.event["story_id"], c.event["sentence"]) for c in changes] == [
        ("gained", "V112-901", "s0", "1"),
        ("gained", "V112-901", "s1", "2"),
    ]
    assert changes[0].text == "فلفلت تركيا اليونان"
    assert coded == 3
    back, _ = diff_inputs(peppered, tables, gained, [store], [])
    assert [c.kind for c in back] == ["lost", "lost"]
    assert diff_inputs(tables, tables, Changes(), [store], []) == ([], 0)


def test_a_changed_name_is_the_cause_of_changed_events(store, tables, mixed, mixed_changes):
    """Named by its word nearest to the event."""
    changes, _ = diff_inputs(tables, mixed, mixed_changes, [store], [])
    assert {(c.kind, c.cause, c.fields) for c in changes} == {("changed", "name اليونان", ("target",))}


def test_coding_only_what_is_touched_finds_what_coding_all_finds(store, tables, peppered, mixed, gained, mixed_changes):
    """The same changes, whatever is left out."""
    for new, touched in ((peppered, gained), (mixed, mixed_changes)):
        whole = Changes(touched.words, touched.rows, ["everything"])
        found = [[(c.kind, c.old, c.new) for c in diff_inputs(tables, new, changes, [store], [])[0]] for changes in (touched, whole)]
        assert found[0] == found[1] != []


def test_a_story_that_breaks_the_coder_is_told(store, monkeypatch, tables, peppered, gained):
    """And the others are compared."""
    code, problems = Coder.code, []

    def breaking(self, story, sentences):
        if story.id == "s0":
            raise RuntimeError("broken")
        return code(self, story, sentences)

    monkeypatch.setattr(Coder, "code", breaking)
    changes, _ = diff_inputs(tables, peppered, gained, [store], problems)
    assert [c.event["story_id"] for c in changes] == ["s1"]
    assert "broken" in problems[0].what


def test_only_stories_with_a_wanted_word_are_read(store):
    """Every other one is passed over; copies share no token with what they are copied from."""
    (story, sentences), *others = read_conllu(Path(store), wanted=frozenset({"فلفلت"}))
    assert [s.id for s, _ in others] == ["s1"]
    assert len(list(read_conllu(Path(store)))) == 3
    twin = copied(sentences)[0]
    assert [t.key for t in twin.tokens] == [t.key for t in sentences[0].tokens]
    assert twin.tokens[1].parent is twin.tokens[0] is not sentences[0].tokens[0]


def test_the_worker_reads_raw_units_too(make_tree, tables, peppered, gained):
    """Stories that were just parsed come without a file."""
    worker = DiffWorker(tables, peppered, gained, all_statuses=False, package="shipped")

    class Reader:
        def read(self, unit, problems) -> Iterator[object]:
            yield Story("s", "فلفلت تركيا اليونان", "2020-05-05"), [make_tree(*PEPPERED)]
            yield Story("t", "اتهمت تركيا اليونان", "2020-05-05"), [make_tree(*ACCUSED)]

    worker._reader = Reader()  # type: ignore[assignment]
    assert [(len(changes), coded) for changes, _, coded in worker([])] == [(1, 1), (0, 0), (0, 0)]


# ------------------------------------------------------------------------------------------------------------ runs, text, commands


@pytest.fixture
def run_file(tmp_path):
    """A native table of these events."""

    def build(name: str, *events: Event):
        path = tmp_path / name
        with open(path, "w", encoding="utf-8", newline="") as stream:
            write_native(events, stream)
        return path

    return build


def test_two_runs(run_file, tmp_path):
    """By story and word, whatever the order of the rows; sentences from the stories where they are given."""
    text = "اتهمت تركيا اليونان. ثم سكتت."
    stories = tmp_path / "stories.jsonl"
    stories.write_text('{"id": "s", "date": "2020-05-05", "text": "' + text + '"}\n', encoding="utf-8")
    same, words = event(story_id="other"), {"source_text": "تركيا", "event_text": "اتهمت", "target_text": "اليونان"}
    old = run_file("old.csv", event(**words), same)
    new = run_file("new.csv", same, event(cameo="111", rule="V2", **words))
    (change,) = diff_runs(old, new, [], [])
    assert (change.kind, change.cause, change.fields, change.text) == ("changed", "V1 -> V2", ("cameo", "rule"), "تركيا … اتهمت … اليونان")
    assert diff_runs(old, new, [str(stories)], [])[0].text == "اتهمت تركيا اليونان."


def test_what_is_written(run_file):
    """Grouped by cause, most changes first; readable, and as CSV with the same columns for all."""
    changes = diff_runs(
        run_file("old.csv", event(), event(sentence=2)), run_file("new.csv", event(cameo="111"), event(story_id="t", rule="V3")), [], []
    )
    lines = list(told(changes))
    assert lines[0].startswith("V1: 1 lost, 1 changed")
    assert any("~ TUR 111 GRC: cameo 112 -> 111" in line for line in lines)
    stream = io.StringIO()
    write_diff(changes, stream)
    header, *rows = csv.reader(io.StringIO(stream.getvalue()))
    assert tuple(header) == DIFF_COLUMNS
    assert [row[:2] for row in rows] == [["V1", "changed"], ["V1", "lost"], ["V3", "gained"]]


def waqai(*arguments: object):
    """The command, in this process."""
    return CliRunner().invoke(command_line().app, ["diff", *map(str, arguments)])


def test_the_command(store, folder, tmp_path, run_file):
    """Text on standard output, a table in --out, how much was coded on standard error."""
    shown = waqai("shipped", folder("new", verbs_mine=verbs(ROW)), store)
    assert shown.exit_code == 0, shown.output
    assert shown.stdout.startswith("V112-901: 2 gained")
    assert "3 sentences coded by both" in shown.stderr
    out = tmp_path / "diff.csv"
    assert waqai("--runs", run_file("a.csv", event()), run_file("b.csv"), "--out", out).exit_code == 0
    assert out.read_text(encoding="utf-8").splitlines()[1].startswith("V1,lost,,s,1")


def test_wrong_usage(store, run_file):
    """Exit 2 with a remedy."""
    table = run_file("a.csv", event())
    for arguments, message in (
        (("shipped", "mine"), "name a parse store"),
        (("nowhere", "shipped", store), "no dictionary folder nowhere"),
        (("--runs", table, "nothing.csv"), "check the spelling"),
        (("--runs", table, store), "no native event table"),
    ):
        shown = waqai(*arguments)
        assert (shown.exit_code, message in shown.stderr) == (2, True), shown.output
