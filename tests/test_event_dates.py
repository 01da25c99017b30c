"""Which date of a sentence an event is given."""

import csv
import datetime
import re
from pathlib import Path

import pytest

from coder.dates import find_dates
from coder.event_dates import date_of
from coder.events import Coder
from coder.model import Event, Story
from coder.parse import Parser
from coder.text import fold

DAY = datetime.date(2022, 9, 14)  # a Wednesday


def dated(sentence, *events: str) -> list[str]:
    """The date of each event word, "story" for none."""
    mentions = find_dates([fold(t.form) for t in sentence.tokens], DAY)
    tokens = [next(t for t in sentence.tokens if t.form == e) for e in events]
    ids = {t.id for t in tokens}
    found = [date_of(sentence.tokens, mentions, t, ids, DAY) for t in tokens]
    return [d.value if d else "story" for d in found]


def test_each_clause_has_its_date(make_tree):
    """The man arrested on Tuesday had been sentenced in 2010: each verb its own."""
    sentence = make_tree(
        "اعتقلت VERB 0 root", "الشرطة NOUN 1 nsubj", "الثلاثاء NOUN 1 obl", "رجلا NOUN 1 obj", "حوكم VERB 4 acl:relcl", "في ADP 7 case",
        "عام NOUN 5 obl", "2010 NUM 7 nummod",
    )  # fmt: skip
    assert dated(sentence, "اعتقلت", "حوكم") == ["2022-09-13", "2010"]


def test_a_clause_below_gives_no_date(make_tree):
    """The year of the relative clause is not the year of the arrest."""
    sentence = make_tree(
        "اعتقلت VERB 0 root", "الشرطة NOUN 1 nsubj", "رجلا NOUN 1 obj", "حوكم VERB 3 acl:relcl", "عام NOUN 4 obl", "2010 NUM 5 nummod"
    )
    assert dated(sentence, "اعتقلت") == ["story"]


def test_a_reported_event_takes_the_day_of_the_report(make_tree):
    """The ministry said on Tuesday that the army shelled the town."""
    sentence = make_tree(
        "قالت VERB 0 root", "الوزارة NOUN 1 nsubj", "الثلاثاء NOUN 1 obl", "إن SCONJ 5 mark", "قصف VERB 1 ccomp", "الجيش NOUN 5 nsubj"
    )
    assert dated(sentence, "قصف") == ["2022-09-13"]


def test_an_agreement_is_named_by_its_year(make_tree):
    """Breaking the agreement of 1994 did not happen in 1994; a war in 2020 did."""
    broken = make_tree("خرق VERB 0 root", "الجيش NOUN 1 nsubj", "اتفاق NOUN 1 obj", "عام NOUN 3 nmod", "1994 NUM 4 nummod")
    assert dated(broken, "خرق") == ["story"]
    war = make_tree("منذ ADP 2 case", "الحرب NOUN 0 root", "بين ADP 4 case", "البلدين NOUN 2 nmod", "في ADP 6 case", "2020 NUM 2 nmod")
    assert dated(war, "الحرب") == ["2020"]


def test_since_long_ago_dates_another_word(make_tree):
    """Restrictions in force since 2002 were eased now; a hostage taken two months ago was taken then."""
    eased = make_tree(
        "خففت VERB 0 root", "الدولة NOUN 1 nsubj", "القيود NOUN 1 obj", "المالية ADJ 3 amod", "المفروضة ADJ 3 amod", "علينا X 5 obl", "منذ ADP 8 case",
        "عام NOUN 1 obl", "2002 NUM 8 nummod",
    )  # fmt: skip
    assert dated(eased, "خففت") == ["story"]
    taken = make_tree("خطف VERB 0 root", "المهندس NOUN 1 nsubj:pass", "منذ ADP 4 case", "شهرين NOUN 1 obl")
    assert dated(taken, "خطف") == ["2022-07"]


def test_what_is_commemorated_is_not_of_the_day(make_tree):
    """On Sunday the country marked the massacre: the massacre was not on Sunday."""
    sentence = make_tree("أحيت VERB 0 root", "البلاد NOUN 1 nsubj", "الأحد NOUN 1 obl", "ذكرى NOUN 1 obj", "المجزرة NOUN 4 nmod")
    assert dated(sentence, "أحيت", "المجزرة") == ["2022-09-11", "story"]


@pytest.mark.parametrize(("words", "date", "precision"), [("الثلاثاء", "2022-09-13", "day"), ("الخميس المقبل", "2022-09-14", "story")])
def test_what_happened_is_not_dated_after_the_story(tables, make_tree, words: str, date: str, precision: str):
    """A day to come leaves an actual event on the story's day."""
    rows = ["اتهمت VERB 0 root", "تركيا PROPN 1 nsubj", "سوريا PROPN 1 obj", "بقصف NOUN 1 obl", "المدينة NOUN 4 nmod"]
    rows += [f"{word} NOUN 1 obl" for word in words.split()]
    sentence = make_tree(*rows)
    events = Coder(tables).code(Story("1", sentence.text, "2022-09-14"), [sentence])
    assert {(e.event_date, e.date_precision) for e in events} == {(date, precision)}


@pytest.mark.parser
def test_the_seed_article_is_dated(tables):
    """Events of the article whose words stand in a row of the seed table have its date, at the row's precision, in nine of ten."""
    folder = Path(__file__).resolve().parents[2] / "shared"
    if not (folder / "gold" / "seed_events.csv").exists():
        pytest.skip("needs ../shared/gold/seed_events.csv and ../shared/seed/article.txt, which are not part of the project")
    with (folder / "gold" / "seed_events.csv").open(encoding="utf-8", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["event_date"]]
    story = Story("seed", (folder / "seed" / "article.txt").read_text(encoding="utf-8"), "2022-09-13")
    sentences = list(Parser(whole_words=tables.whole_words()).parse(story))
    events = Coder(tables).code(story, sentences)
    right = [
        any(e.event_date.startswith(row["event_date"]) for e in found)
        for row in rows
        if (found := [e for e in events if _tells(row, e, sentences[e.sentence - 1].text)])
    ]
    assert len(right) > 30
    assert sum(right) >= 0.9 * len(right)


def _tells(row: dict[str, str], event: Event, sentence: str) -> bool:
    """Whether the event is the one of the seed row: its words in the row's snippet, its parties and root those of the row."""
    snippet, roots = letters(row["sentence"]), {code[:2] for code in (row["cameo"], *row["cameo_ok"].split("|"))}
    same = (event.source[:3], event.target[:3]) == (row["source"][:3], row["target"][:3]) and event.cameo[:2] in roots
    return same and snippet in letters(sentence) and letters(event.event_text) in snippet


def letters(text: str) -> str:
    """The folded letters and digits alone."""
    return re.sub(r"\W", "", fold(text))
