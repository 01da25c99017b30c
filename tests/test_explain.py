"""The account of a sentence as text, as a page and in a notebook. Trees are given; no parser is needed."""

import pytest
from html_checks import Checker, checked

from coder.clauses import Clause
from coder.events import Coder
from coder.explain import Explanation, explain
from coder.grammar import RELATIONS, parts, phrase, relation, tag_name
from coder.model import Story
from coder.tree_svg import draw

ACCUSED = ["اتهم VERB 0 root", "وزير NOUN 1 nsubj", "الخارجية NOUN 2 nmod", "الروسي ADJ 2 amod", "أوكرانيا PROPN 1 obj"]
KILLED = ["قتل VERB 0 root", "جنود NOUN 1 nsubj", "ماليون ADJ 2 amod", "على ADP 5 case", "أيدي NOUN 1 obl", "مسلحين NOUN 5 nmod"]
ATTACK = ["بدأ VERB 0 root", "الهجوم NOUN 1 nsubj", "الروسي ADJ 2 amod", "على ADP 5 case", "أوكرانيا PROPN 2 nmod"]
NOTHING = ["كان VERB 0 root", "الجو NOUN 1 nsubj", "جميلا ADJ 1 xcomp"]
HOSTILE = ["اتهمت VERB 0 root", "تركيا PROPN 1 nsubj", "اليونان PROPN 1 obj", "<script>alert(1)</script> X 1 dep"]


@pytest.fixture
def explained(tables, make_tree):
    """The account of a story whose sentences are trees of these rows."""

    def build(*rows: str) -> Explanation:
        sentence = make_tree(*rows)
        return explain(tables, Story("s", sentence.text, "2020-05-05"), [sentence])

    return build


def test_the_text_keeps_its_sections(explained):
    """Tree, names, events with row and actors, rows that almost matched."""
    told = str(explained(*ACCUSED))
    for part in ("SENTENCE 1", "TREE", "NAMES", "EVENTS", "RUSGOV 112 UKR", "source RUSGOV from: وزير", "ALMOST"):
        assert part in told


@pytest.mark.parametrize(("rows", "said"), [
    (ACCUSED, ["فعل ماض مبني للمعلوم", "verb, past active", "فاعل", "وزير الخارجية الروسي", "مفعول به"]),
    (KILLED, ["نائب فاعل", "جنود ماليون", "جار ومجرور", "على أيدي مسلحين"]),
    (ATTACK, ["مصدر", "verbal noun", "happen: it tells that it took place"]),
])  # fmt: skip
def test_the_page_reads_the_clause_in_school_grammar(explained, rows: list[str], said: list[str]):
    """Arabic terms with English beside them, the words of each part, what stands above."""
    found = checked(explained(*rows).page())
    for part in said:
        assert part in "".join(found.texts)
    assert any(tag == "svg" for tag, _ in found.elements)


def test_source_event_and_target_are_marked(explained):
    """In the sentence, right to left."""
    found = checked(explained(*ACCUSED).page())
    assert {a.get("class") for tag, a in found.elements if tag == "mark"} >= {"source", "event", "target"}
    assert ("p", {"class": "sentence", "lang": "ar", "dir": "rtl"}) in found.elements


def test_rows_are_listed_with_why_they_failed(explained):
    """The row that matched and at least one that did not, with the reason."""
    told = "".join(checked(explained(*ACCUSED).page()).texts)
    assert "matched" in told
    assert "its object or complement noun does not stand in the clause" in told


def test_a_sentence_without_events_says_so(explained):
    """And why."""
    assert "No event: no row matched" in "".join(checked(explained(*NOTHING).page()).texts)


def test_hostile_words_are_shown_not_run(explained):
    """In sentence, tree, list and title."""
    page = explained(*HOSTILE).page()
    found = checked(page)
    assert [tag for tag, _ in found.elements].count("script") == 1
    assert "<script>alert(1)</script>" in "".join(found.texts)


def test_a_notebook_shows_the_account_and_each_event(explained, tables, make_tree):
    """`_repr_html_` of both, escaped."""
    account = explained(*HOSTILE)
    for shown in (account._repr_html_(), account.events[0][0]._repr_html_()):
        found = Checker(shown)
        assert found.problems == []
        assert "script" not in [tag for tag, _ in found.elements]
    assert "TUR 112 GRC" in account.events[0][0]._repr_html_()


def test_the_account_holds_the_events_of_any_status(explained):
    """What is only alleged or feared is explained too."""
    account = explained("لم PART 2 advmod", "تتهم VERB 0 root", "تركيا PROPN 2 nsubj", "اليونان PROPN 2 obj")
    assert [e.status for events in account.events for e in events] == ["negated"]


def test_every_tag_and_relation_has_a_name():
    """Finer relations fall back on the coarser one; unknown ones on themselves."""
    assert relation("obl:arg") == RELATIONS["obl"]
    assert relation("strange") == ("strange", "strange")
    assert tag_name("VERB") == ("فعل", "verb")


def test_a_phrase_has_its_own_words_only(make_tree):
    """No further member, no clause."""
    tokens = make_tree(*ACCUSED, "و CCONJ 7 cc", "بولندا PROPN 5 conj").tokens
    assert phrase(tokens[1]) == "وزير الخارجية الروسي"
    assert phrase(tokens[4]) == "أوكرانيا"


def test_words_stand_from_right_to_left(make_tree):
    """The first word has the greatest x; each word hangs below its head."""
    import re

    drawn = draw(make_tree(*ACCUSED).tokens, {1: "event"})
    places = {
        word: (float(x), float(y))
        for x, y, word in re.findall(r'<text x="(\d+)"[^>]*?y="(\d+)"[^>]*><title>[^<]*</title>([^<]+)</text>', _sorted(drawn))
    }
    assert places["اتهم"][0] > places["وزير"][0] > places["أوكرانيا"][0]
    assert places["اتهم"][1] < places["وزير"][1] < places["الخارجية"][1]


def _sorted(drawn: str) -> str:
    """The drawing with the attributes of each text in the order x, y."""
    import re

    return re.sub(
        r"<text ([^>]*)>",
        lambda m: "<text " + " ".join(sorted(re.findall(r'[\w-]+="[^"]*"', m[1]), key=lambda a: (a[0] != "x", a[0] != "y"))) + ">",
        drawn,
    )


def test_a_tree_with_a_circle_ends(make_tree):
    """Heads that lead back to themselves are drawn all the same."""
    tokens = make_tree("أ X 2 dep", "ب X 1 dep").tokens
    assert "<svg" in draw(tokens, {})


def test_a_clause_without_subject_says_that_it_is_left_out(tables, make_tree):
    """ضمير مستتر: the pronoun that the verb hides."""
    sentence = make_tree("قصفت VERB 0 root", "المدينة NOUN 1 obj")
    (reading,) = Coder(tables).read(Story("s", sentence.text), [sentence])
    token = sentence.tokens[0]
    clause = Clause(token, reading.reader.readings[1][0], passive=False, subject=None, object=None)
    assert any(part.arabic == "ضمير مستتر" for part in parts(clause))
