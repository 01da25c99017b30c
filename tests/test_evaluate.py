"""`waqai evaluate`: what counts as right, the counting, the intervals, and bad gold."""

import json

import pytest
from attrs import evolve
from made_tables import table
from typer.testing import CliRunner

from coder.__main__ import command_line
from coder.evaluate import GoldError, GoldEvent, GoldItem, bare_names, evaluate, match, read_gold, right_at_root, right_in_full
from coder.events_table import events_of

RUN = CliRunner()


def gold(source: str, code: str, target: str, **more) -> GoldEvent:
    return GoldEvent(tuple(source.split("|")), tuple(code.split("|")), tuple(target.split("|")), **more)


def coded(*rows: str):
    """Events from rows `story source cameo target`."""
    return list(events_of(table(*(f"e{n} {row.split()[0]} 2020-01-01 {' '.join(row.split()[1:])}" for n, row in enumerate(rows)))))


def figure(result, level="root", group="all", value=""):
    return next(f for f in result.figures if (f.level, f.group, f.value) == (level, group, value))


@pytest.mark.parametrize(
    ("one", "row", "root", "full"),
    [
        (gold("TURGOV", "112", "SYR"), "s TURGOV 112 SYR", True, True),
        (gold("TURMIL", "112", "SYR"), "s TURGOV 112 SYR", True, False),
        (gold("TUR", "110", "SYR"), "s TUR 112 SYR", True, False),
        (gold("TUR", "110|11", "SYR"), "s TUR 112 SYR", True, True),
        (gold("TUR", "190|112", "SYR"), "s TUR 112 SYR", True, True),
        (gold("RWA*", "190", "*"), "s RWAMIL 190 ---", True, True),
        (gold("GRC|TUR", "112", "SYR"), "s TUR 112 SYR", True, True),
        (gold("TUR", "112", "---"), "s TUR 112 SYR", False, False),
        (gold("TUR", "190", "SYR"), "s TUR 112 SYR", False, False),
    ],
)
def test_what_counts_as_right(one, row, root, full):
    """Root and countries at one level, code and roles at the other, with all that the gold accepts."""
    (event,) = coded(row)
    assert (right_at_root(one, event), right_in_full(one, event, lambda mention: False)) == (root, full)


def test_the_bare_name_of_a_country_may_stand_for_its_government(tables):
    """أنقرة "Ankara" and تركيا "Turkey", also behind a clitic; not الجيش التركي "the Turkish army"."""
    bare = bare_names(tables)
    (event,) = coded("s TURGOV 112 SYR")
    assert right_in_full(gold("TUR", "112", "SYR", source_text="وتركيا"), event, bare)
    assert not right_in_full(gold("TUR", "112", "SYR", source_text="الجيش التركي"), event, bare)
    assert [bare(name) for name in ("أنقرة", "لليمن", "السعودية", "الجيش", "")] == [True, True, True, False, False]


def test_matching_is_one_to_one_and_as_large_as_can_be():
    """The first gold event accepts both coded ones, the second only the first of them: both are found."""
    events = coded("s TUR 112 SYR", "s TUR 112 GRC")
    some = [gold("TUR", "112", "*"), gold("TUR", "112", "SYR")]
    assert match(some, events, right_at_root) == {0: 1, 1: 0}
    assert len(match(some, events[:1], right_at_root)) == 1


def test_figures_are_counted_by_root_and_construction():
    """Two of three gold events found, one coded event too many: P 2/3, R 2/3; an optional event and a repeat count for nothing."""
    items = [
        GoldItem(("a", 0), "passive", (gold("TUR", "112", "SYR"), gold("IRQ", "190", "SYR"))),
        GoldItem(("b", 0), "plain", (gold("USA", "042", "IRQ"),), (gold("USA", "010", "*"),)),
        GoldItem(("c", 0), "plain"),
    ]
    rows = ("a TUR 112 SYR", "a TUR 112 SYR", "b USAGOV 042 IRQ", "b USA 010 IRQ", "c TUR 070 SYR", "z TUR 070 SYR")
    result = evaluate(items, coded(*rows))
    whole, assault, passive = figure(result), figure(result, group="root", value="19"), figure(result, group="phenomenon", value="passive")
    assert (whole.gold, whole.coded, whole.found) == (3, 3, 2)
    assert [round(whole.measures[m].share, 3) for m in ("precision", "recall", "f1")] == [0.667, 0.667, 0.667]
    assert (assault.gold, assault.found, assault.measures["recall"].share) == (1, 0, 0.0)
    assert (passive.gold, passive.coded, passive.found) == (2, 1, 1)
    assert figure(result, "full").found == 1
    assert (result.unjudged, result.negatives, result.false_alarms) == (1, 1, 1)
    assert sorted(m.kind for m in result.mistakes) == ["differs", "missed", "wrong"]


def test_intervals_hold_the_figure_and_narrow_with_more_stories():
    """Half of the stories right: the interval of 400 stories is that of a binomial share (0.049 either side), of 20 far wider; the seed fixes it."""

    def judged(stories: int, seed: int = 1):
        items = [GoldItem((str(n), 0), "", (gold("TUR", "112", "SYR"),)) for n in range(stories)]
        return figure(evaluate(items, coded(*(f"{n} {'TUR' if n % 2 else 'GRC'} 112 SYR" for n in range(stories))), seed=seed)).measures["recall"]

    many, few = judged(400), judged(20)
    assert many.share == 0.5
    assert (many.low, many.high) == pytest.approx((0.451, 0.549), abs=0.01)
    assert few.high - few.low > 3 * (many.high - many.low)
    assert judged(20) == few


def test_only_what_happened_is_judged_and_sentences_are_kept_apart():
    """An alleged event is none; gold with sentence numbers is matched sentence by sentence."""
    events = [evolve(e, sentence=n) for n, e in enumerate(coded("a TUR 112 SYR", "a TUR 112 SYR"), 1)]
    items = [GoldItem(("a", 2), "", (gold("TUR", "112", "SYR"),))]
    result = evaluate(items, [*events, evolve(events[1], target="GRC", status="alleged")])
    assert (figure(result).found, figure(result).coded, result.unjudged) == (1, 1, 1)


def test_other_stories_are_no_gold_for_these_events():
    """Ids that never meet would give zeros that mean nothing."""
    with pytest.raises(GoldError, match="ids are like 'a'"):
        evaluate([GoldItem(("a", 0))], coded("b TUR 112 SYR"))


def test_nothing_coded_is_recall_nought():
    """No event at all is a result, not an error."""
    whole = figure(evaluate([GoldItem(("a", 0), "", (gold("TUR", "112", "SYR"),))], []))
    assert (whole.measures["recall"].share, whole.measures["f1"].share, whole.coded) == (0.0, 0.0, 0)
    assert figure(evaluate([GoldItem(("a", 0))], []), "full").gold == 0


@pytest.fixture
def write(tmp_path):
    def build(name: str, text: str):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return build


def test_gold_tables_are_read_with_lost_zeros_and_stories_without_events(write):
    """45 is 045; a row with an id alone is a negative; semicolons, alternatives with | and sentence numbers."""
    path = write("gold.csv", "id;sentence;source;cameo;target;target_ok\na;2;RUS;45;ARM;AZE|GEO\nb;;;;;\n")
    problems = []
    first, second = read_gold(path, problems)
    assert (first.key, first.events[0].codes, first.events[0].targets) == (("a", 2), ("045",), ("ARM", "AZE", "GEO"))
    assert (second.key, second.events, problems) == (("b", 0), (), [])


@pytest.mark.parametrize(
    ("line", "said"),
    [("{", "is no gold item"), ('{"id": 1}', "no field 'events'"), ('["a"]', "is no gold item"), ('{"id": "a", "events": []}', "stands twice"),
     ('{"id": "x", "events": [{"source": "", "target": "", "cameo": "abc"}]}', "no CAMEO code")],
)  # fmt: skip
def test_bad_gold_lines_are_told_and_the_rest_is_read(write, line, said):
    """File, line, what; the good line before is kept."""
    problems = []
    path = write("gold.jsonl", '{"id": "a", "events": []}\n' + line + "\n")
    assert len(read_gold(path, problems)) == 1
    assert said in str(problems[0]) and f"{path}:2" in str(problems[0])


def test_the_command_writes_figures_and_mistakes(write, tmp_path):
    """Text on standard output, tables where asked; exit 1 for a bad gold line, 2 for files that are no gold or no events."""
    app = command_line().app
    good = json.dumps({"id": "a", "events": [{"source": "TUR", "cameo": "112", "target": "SYR"}], "phenomenon": "plain"})
    path = write("gold.jsonl", good + "\n")
    events = tmp_path / "events.csv"
    table("e1 a 2020-01-01 TUR 112 SYR", "e2 a 2020-01-01 IRQ 190 ---").to_csv(events, index=False)
    out, mistakes = tmp_path / "figures.csv", tmp_path / "mistakes.csv"
    done = RUN.invoke(app, ["evaluate", str(path), str(events), "--out", str(out), "--mistakes", str(mistakes)])
    assert done.exit_code == 0, done.output
    assert "plain" in done.stdout and "0.50 [" in done.stdout
    assert out.read_text(encoding="utf-8").splitlines()[1].startswith("root,all,,1,1,2,1,0.5000,")
    assert "wrong,a,1,plain,,IRQ,,190,,---" in mistakes.read_text(encoding="utf-8")
    assert RUN.invoke(app, ["evaluate", str(write("half.jsonl", good + "\n{\n")), str(events)]).exit_code == 1
    for pair in ((str(path), str(path)), (str(events.with_name("no.csv")), str(events)), (str(write("empty.jsonl", "")), str(events))):
        assert RUN.invoke(app, ["evaluate", *pair]).exit_code == 2
