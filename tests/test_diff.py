"""What a change of the tables does to the events, and that stories which it cannot touch need not be coded."""

import csv
import io
import subprocess
import sys
from collections.abc import Iterator, Mapping

import pytest

from coder.check import CACHE
from coder.conllu import copied, read_conllu, write_conllu
from coder.coverage import VERB_COLUMNS
from coder.dictionaries import bundled_folder
from coder.diff import DIFF_COLUMNS, DiffWorker, as_row, compare, diff_inputs, diff_runs, told, write_diff
from coder.events import Coder
from coder.model import Event, Story
from coder.output import write_native
from coder.table_changes import load_tables, table_changes

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


def event(**cells: object) -> Event:
    """An event with these cells."""
    plain = {"event_id": "e", "story_id": "s", "sentence": 1, "event_date": "2020-05-05", "date_precision": "day", "source": "TUR", "target": "GRC"}
    return Event(**{**plain, "cameo": "112", "rule": "V1", "start": 0, "end": 5, **cells})  # type: ignore[arg-type]


# ------------------------------------------------------------------------------------------------------------ what changed


def test_tables_that_code_alike_have_no_changes(folder):
    """A row written once more, another example, another line of the file: nothing that coding reads."""
    with open(bundled_folder() / "verbs_speech.csv", encoding="utf-8") as stream:
        _, first, second, *_ = stream.read().split("\n")
    changes = table_changes(load_tables("shipped"), load_tables(folder("same", verbs_mine=verbs(second.replace("اتهمت", "وقد اتهمت"), first))))
    assert (dict(changes.words), changes.rows, changes.everywhere) == ({}, set(), [])
    assert "code alike" in changes.note()


def test_a_new_row_changes_the_spellings_of_its_word(folder):
    """All of them, and no others."""
    changes = table_changes(load_tables("shipped"), load_tables(folder("new", verbs_mine=verbs(ROW))))
    assert changes.rows == {"V112-901"}
    assert {"فلفلت", "يفلفل", "الفلفله"} <= changes.words.keys()
    assert all("فلفل" in word or word.endswith("لفل") for word in changes.words)
    assert set().union(*changes.words.values()) == {"V112-901"}


def test_names_nouns_and_topics_of_other_pages_are_looked_up_by_word(folder):
    """A new name by its first word; a noun class by the words of its rows; a word of sport by itself."""
    new = folder("new", groups_mine="name,code,from,to,source\nحركة الفلفل,MLIREB,,,\n", off_topic="word,topic,weight\nفلفلان,sport,1\n")
    changes = table_changes(load_tables("shipped"), load_tables(new))
    assert changes.words["حركه"] == {"name حركة الفلفل"}
    assert "off_topic.csv" in changes.words["فلفلان"]
    assert changes.everywhere == []


def test_what_is_not_looked_up_by_word_touches_every_story(folder):
    """Page furniture is looked for in the whole line."""
    changes = table_changes(load_tables("shipped"), load_tables(folder("new", boilerplate="phrase\nفلفل معنا\n")))
    assert changes.everywhere == ["boilerplate"]
    assert "every sentence is coded twice" in changes.note()


def test_a_whole_folder_is_read_alone(tmp_path):
    """A row that another version lacks does not come back from the shipped tables."""
    place = tmp_path / "whole"
    place.mkdir()
    for path in bundled_folder().glob("*.csv"):
        text = path.read_text(encoding="utf-8")
        if path.name == "verbs_speech.csv":
            first = text.split("\n")[1]
            text = text.replace(first + "\n", "")
        (place / path.name).write_text(text, encoding="utf-8")
    changes = table_changes(load_tables("shipped"), load_tables(str(place)))
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


def test_tables_are_looked_up_only_by_the_words_of_the_story():
    """What `waqai diff` rests on: over all parsed examples no table is asked for a word that does not stand in the sentence."""
    tables = load_tables("shipped")
    asked: set[str] = set()
    for name in ("triggers", "actors", "off_topic"):
        setattr(tables, name, Recorder(getattr(tables, name), asked))
    tables.nouns = Recorder(dict.fromkeys(tables.nouns), asked)  # type: ignore[assignment]
    coder, count = Coder(tables, all_statuses=True), 0
    for story, sentences in read_conllu(bundled_folder() / CACHE):
        asked.clear()
        words = {t.key for s in sentences for t in s.tokens}
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


def test_a_new_row_gains_its_events(store, folder):
    """With the sentence, under the row; the story that it cannot touch is not coded."""
    old, new = load_tables("shipped"), load_tables(folder("new", verbs_mine=verbs(ROW)))
    changes, coded = diff_inputs(old, new, table_changes(old, new), [store], [])
    assert [(c.kind, c.cause, c.event["story_id"], c.event["sentence"]) for c in changes] == [
        ("gained", "V112-901", "s0", "1"),
        ("gained", "V112-901", "s1", "2"),
    ]
    assert changes[0].text == "فلفلت تركيا اليونان"
    assert coded == 3
    back, _ = diff_inputs(new, old, table_changes(new, old), [store], [])
    assert [c.kind for c in back] == ["lost", "lost"]
    assert diff_inputs(old, old, table_changes(old, old), [store], []) == ([], 0)


def test_a_changed_name_is_the_cause_of_changed_events(store, folder):
    """Named by its word nearest to the event."""
    old, new = load_tables("shipped"), load_tables(folder("new", groups_mine="name,code,from,to,source\nاليونان,GRCREB,,,\n"))
    changes, _ = diff_inputs(old, new, table_changes(old, new), [store], [])
    assert {(c.kind, c.cause, c.fields) for c in changes} == {("changed", "name اليونان", ("target",))}


def test_coding_only_what_is_touched_finds_what_coding_all_finds(store, folder):
    """The same changes, whatever is left out."""
    old, new = load_tables("shipped"), load_tables(folder("new", verbs_mine=verbs(ROW), nouns_mine="class,noun,plural\nAGREEMENT,تركيا,\n"))
    touched, whole = table_changes(old, new), table_changes(old, new)
    whole.everywhere = ["everything"]
    found = [[(c.kind, c.old, c.new) for c in diff_inputs(old, new, changes, [store], [])[0]] for changes in (touched, whole)]
    assert found[0] == found[1] != []


def test_a_story_that_breaks_the_coder_is_told(store, folder, monkeypatch):
    """And the others are compared."""
    old, new = load_tables("shipped"), load_tables(folder("new", verbs_mine=verbs(ROW)))
    code, problems = Coder.code, []

    def breaking(self, story, sentences):
        if story.id == "s0":
            raise RuntimeError("broken")
        return code(self, story, sentences)

    monkeypatch.setattr(Coder, "code", breaking)
    changes, _ = diff_inputs(old, new, table_changes(old, new), [store], problems)
    assert [c.event["story_id"] for c in changes] == ["s1"]
    assert "broken" in problems[0].what


def test_only_stories_with_a_wanted_word_are_read(store):
    """Every other one is passed over; copies share no token with what they are copied from."""
    (story, sentences), *others = read_conllu(store_path := __import__("pathlib").Path(store), wanted=frozenset({"فلفلت"}))
    assert [s.id for s, _ in others] == ["s1"]
    assert len(list(read_conllu(store_path))) == 3
    twin = copied(sentences)[0]
    assert [t.key for t in twin.tokens] == [t.key for t in sentences[0].tokens]
    assert twin.tokens[1].parent is twin.tokens[0] is not sentences[0].tokens[0]


def test_the_worker_reads_raw_units_too(folder, make_tree):
    """Stories that were just parsed come without a file."""
    old, new = load_tables("shipped"), load_tables(folder("new", verbs_mine=verbs(ROW)))
    worker = DiffWorker(old, new, table_changes(old, new), all_statuses=False, package="shipped")

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


def waqai(*arguments: object) -> subprocess.CompletedProcess[str]:
    """The command in a process of its own."""
    command = [sys.executable, "-m", "coder", "diff", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, encoding="utf-8", check=False)


def test_the_command(store, folder, tmp_path, run_file):
    """Text on standard output, a table in --out, how much was coded on standard error; usage errors with a remedy."""
    new = folder("new", verbs_mine=verbs(ROW))
    shown = waqai("shipped", new, store)
    assert shown.returncode == 0, shown.stderr
    assert shown.stdout.startswith("V112-901: 2 gained")
    assert "3 sentences coded by both" in shown.stderr
    out = tmp_path / "diff.csv"
    assert waqai("--runs", run_file("a.csv", event()), run_file("b.csv"), "--out", out).returncode == 0
    assert out.read_text(encoding="utf-8").splitlines()[1].startswith("V1,lost,,s,1")
    for arguments, message in (
        (("shipped", new), "name a parse store"),
        (("shipped", "nowhere", store), "no dictionary folder nowhere"),
        (("--runs", tmp_path / "a.csv", "nothing.csv"), "check the spelling"),
        (("--runs", tmp_path / "a.csv", store), "no native event table"),
    ):
        shown = waqai(*arguments)
        assert shown.returncode == 2
        assert message in shown.stderr
        assert "Traceback" not in shown.stderr
