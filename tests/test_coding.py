"""From trees to events: our own sentences with their trees, coded by the shipped tables. No parser is needed."""

import pytest

from coder.events import Coder
from coder.model import Story

CASES = [
    ("verb, subject, object", "RUSGOV 112 UKR", ["اتهم VERB 0 root", "وزير NOUN 1 nsubj", "الخارجية NOUN 2 nmod", "الروسي ADJ 2 amod", "أوكرانيا PROPN 1 obj"]),
    ("object hung on the subject by the parser", "KENGOV 111 UGA",
     ["انتقد VERB 0 root", "الرئيس NOUN 1 nsubj", "الكيني ADJ 2 amod", "أوغندا PROPN 2 nmod"]),
    ("opening verb taken for a noun", "FRAGOV 111 IRN",
     ["انتقد NOUN 0 root", "الرئيس NOUN 1 nmod", "الفرنسي ADJ 2 amod", "إيران PROPN 1 nmod"]),
    ("passive with its agent", "MLIUAF 190 MLIMIL",
     ["قتل VERB 0 root", "جنود NOUN 1 nsubj", "ماليون ADJ 2 amod", "على ADP 5 case", "أيدي NOUN 1 obl", "مسلحين NOUN 5 nmod"]),
    ("subject before the verb", "SDNMIL 190 ---", ["قوات NOUN 3 nsubj", "سودانية ADJ 1 amod", "هاجمت VERB 0 root", "القرية NOUN 3 obj"]),
    ("masdar with its adjective and target", "RUS 190 UKR",
     ["بدأ VERB 0 root", "الهجوم NOUN 1 nsubj", "الروسي ADJ 2 amod", "على ADP 5 case", "أوكرانيا PROPN 2 nmod"]),
    ("object glued to the subject as an adjective", "SDNMIL 173 ETHAGR",
     ["اعتقلت VERB 0 root", "القوات NOUN 1 nsubj", "السودانية ADJ 2 amod", "المزارعين ADJ 2 amod", "الإثيوبيين NOUN 4 obl"]),
    ("time between commas before the object", "RUSGOV 112 UKR",
     ["اتهم VERB 0 root", "الرئيس NOUN 1 nsubj", "الروسي ADJ 2 amod", "، PUNCT 1 punct", "الجمعة NOUN 1 obl", "، PUNCT 1 punct", "أوكرانيا PROPN 2 nmod"]),
    ("nationality tagged as a name", "PAK 190 IND",
     ["تعرضت VERB 0 root", "الهند PROPN 1 nsubj", "ل ADP 4 case", "هجوم NOUN 2 nmod", "باكستاني PROPN 4 nmod"]),
    ("the accusative plural is no subject", "KENGOV 111 KENOPP",
     ["انتقد VERB 0 root", "المعارضين NOUN 1 nsubj", "الكينيين ADJ 2 amod", "الرئيس NOUN 1 nsubj", "الكيني ADJ 4 amod"]),
    ("one side only: passive", "--- 194 RUSMIL", ["قصفت VERB 0 root", "القوات NOUN 1 nsubj", "الروسية ADJ 2 amod"]),
    ("nobody is named, the victims are counted", "--- 190 ---",
     ["أعلنت VERB 0 root", "الإذاعة NOUN 1 nsubj", "مقتل NOUN 1 obj", "سبعة NUM 3 nmod"]),
    ("an attack befalls a place", "--- 190 ---", ["تعرضت VERB 0 root", "البلدة NOUN 1 nsubj", "ل ADP 4 case", "هجوم NOUN 1 obl"]),
    ("the bomb stands before its verb", "--- 1832 ---",
     ["سيارة NOUN 3 nsubj", "مفخخة ADJ 1 amod", "انفجرت VERB 0 root", "في ADP 5 case", "الشارع NOUN 3 obl"]),
    ("an attacker is no striker", "---UAF 1831 ---",
     ["المهاجم NOUN 2 nsubj", "فجر VERB 0 root", "نفسه NOUN 2 obj", "قرب NOUN 5 case", "السوق NOUN 2 obl"]),
    ("not stopped is done", "ETHMIL 194 ERI",
     ["لم PART 2 advmod", "يتوقف VERB 0 root", "الجيش NOUN 2 nsubj", "الإثيوبي ADJ 3 amod", "عن ADP 6 case", "قصف NOUN 2 obl", "إريتريا PROPN 6 nmod"]),
    ("a deputy attacks with words", "KENLEG 111 UGAGOV",
     ["هاجم VERB 0 root", "نائب NOUN 1 nsubj", "كيني ADJ 2 amod", "الحكومة NOUN 1 obj", "الأوغندية ADJ 4 amod"]),
    ("counted protesters are a subject", "---CVL 141 ---", ["خرج VERB 0 root", "آلاف NUM 1 nsubj", "المتظاهرين NOUN 2 nmod", "أمس NOUN 1 obl"]),
    ("a quantity hung as object of a verb that takes none", "KENCVL 141 ---",
     ["احتشد VERB 0 root", "آلاف NUM 1 obj", "المحتجين NOUN 2 nmod", "الكينيين ADJ 3 amod"]),
    ("light verb", "TURMIL 195 SYR",
     ["شن VERB 0 root", "الجيش NOUN 1 nsubj", "التركي ADJ 2 amod", "غارات NOUN 1 obj", "على ADP 6 case", "سوريا PROPN 4 nmod"]),
    ("paragraph of a resolution: the organ is left out, the phrase behind the verb is its addressee", "IGOUNO 020 UIS",
     ["7 NUM 3 nsubj", "- PUNCT 3 punct", "يدعو VERB 0 root", "الدول NOUN 3 nsubj", "الأعضاء NOUN 4 nmod", "إلى ADP 7 case", "الصبر NOUN 3 obl"]),
    ("a body without a name", "--- 020 MLIGOV",
     ["دعت VERB 0 root", "اللجنة NOUN 1 nsubj", "الحكومة NOUN 1 obj", "المالية ADJ 3 amod", "إلى ADP 6 case", "الصبر NOUN 1 obl"]),
    ("praise of what is nobody's", "CAN 051 ---", ["رحبت VERB 0 root", "كندا PROPN 1 nsubj", "ب ADP 4 case", "النتائج NOUN 1 obl"]),
    ("object before its relative clause", "CAN 163 IRN",
     ["تذكر VERB 0 root", "العقوبات NOUN 1 obj", "التي DET 4 nsubj", "فرضت VERB 2 acl:relcl", "ها PRON 4 obj", "كندا PROPN 4 nsubj", "على ADP 8 case",
      "إيران PROPN 4 obl"]),
]  # fmt: skip
NOTHING = [
    ("negated", ["لم PART 2 advmod", "تهاجم VERB 0 root", "روسيا PROPN 2 nsubj", "أوكرانيا PROPN 2 obj"]),
    ("conditional", ["إذا SCONJ 2 mark", "هاجمت VERB 0 root", "الصين PROPN 2 nsubj", "تايوان PROPN 2 obj"]),
    ("imagined", ["أي DET 2 det", "هجوم NOUN 0 root", "روسي ADJ 2 amod", "على ADP 5 case", "بولندا PROPN 2 nmod", "محتمل ADJ 2 amod"]),
    (
        "only nouns carry it",
        [
            "أعدت VERB 0 root",
            "الحكومة NOUN 1 nsubj",
            "خطة NOUN 1 obj",
            "حول ADP 5 case",
            "شن NOUN 3 nmod",
            "هجوم NOUN 5 nmod",
            "على ADP 8 case",
            "بولندا PROPN 6 nmod",
        ],
    ),
    (
        "an opinion on an attack",
        [
            "قالت VERB 0 root",
            "بغداد PROPN 1 nsubj",
            "إن SCONJ 7 mark",
            "هجوم NOUN 8 nsubj",
            "روسيا PROPN 4 nmod",
            "على ADP 7 case",
            "بولندا PROPN 4 nmod",
            "حل NOUN 1 ccomp",
        ],
    ),
    (
        "habit of a light verb",
        [
            "هي PRON 2 nsubj",
            "منطقة NOUN 0 root",
            "تتعرض VERB 2 acl",
            "فيها NOUN 3 obl",
            "بولندا PROPN 3 nsubj",
            "ل ADP 7 case",
            "هجمات NOUN 3 obl",
            "روسية ADJ 7 amod",
            ". PUNCT 2 punct",
        ],
    ),
    ("what is taken is a thing", ["روسيا PROPN 2 nsubj", "خطفت VERB 0 root", "انتباه NOUN 2 obj", "المدينة NOUN 3 nmod"]),
    ("police close a road", ["أغلقت VERB 0 root", "الشرطة NOUN 1 nsubj", "المصرية ADJ 2 amod", "الطريق NOUN 1 obj"]),
    ("before a bombing is no bombing", ["بدأت VERB 0 root", "الأزمة NOUN 1 nsubj", "قبل ADP 4 case", "تفجير NOUN 1 obl", "انتحاري ADJ 4 amod"]),
    ("the dead of a disaster", ["قتل VERB 0 root", "مئة NUM 1 nsubj", "شخص NOUN 2 nmod", "في ADP 5 case", "تسونامي NOUN 1 obl"]),
    ("sport", ["هاجم VERB 0 root", "المنتخب NOUN 1 nsubj", "المصري ADJ 2 amod", "مرمى NOUN 1 obj", "غانا PROPN 4 nmod", "المباراة NOUN 1 obl"]),
]


def test_a_noun_that_nothing_asserts_is_hypothetical(tables, make_tree):
    """قصف "shelling of" in a book's title tells no fact: written with all statuses only."""
    sentence = make_tree("صدر VERB 0 root", "كتاب NOUN 1 nsubj", "عن ADP 4 case", "قصف NOUN 2 nmod", "أوكرانيا PROPN 4 nmod")
    assert coded(tables, sentence) == []
    assert coded(tables, sentence, all_statuses=True) == ["--- 194 UKR"]


def test_documents_of_an_organisation(tables, make_tree):
    """A numbered paragraph shows a document of an organisation: the committee is the United Nations' own; in news it stays unknown."""
    clause = ["{} VERB 0 root", "اللجنة NOUN {} nsubj", "كندا PROPN {} obj"]
    news = make_tree(*(row.format("انتقدت" if row.startswith("{}") else 1) for row in clause))
    numbered = make_tree("12 NUM 3 dep", "- PUNCT 3 punct", *(row.format("انتقدت" if row.startswith("{}") else 3) for row in clause))
    assert coded(tables, news) == ["--- 111 CAN"]
    assert coded(tables, numbered) == ["IGOUNO 111 CAN"]


def test_states_without_a_name(tables, make_tree):
    """What unnamed states usually do is no event; what they did is."""
    rows = ["{} VERB 0 root", "بعض NOUN 1 nsubj", "الدول NOUN 2 nmod", "روسيا PROPN 1 obj"]
    assert coded(tables, make_tree(*(row.format("تنتقد") for row in rows))) == []
    assert coded(tables, make_tree(*(row.format("انتقدت") for row in rows))) == ["UIS 111 RUS"]


def test_no_actor_acts(tables, make_tree):
    """A subject that the tables do not know supports nobody: القرار "the decision"."""
    assert coded(tables, make_tree("يدعم VERB 0 root", "القرار NOUN 1 nsubj", "مصر PROPN 1 obj")) == []


def test_surname_stands_for_the_person(tables, make_tree):
    """بيترو "Petro" is the president whom the story has named in full."""
    full = make_tree("انتقد VERB 0 root", "غوستافو X 1 nsubj", "بيترو X 2 flat", "فنزويلا PROPN 1 obj")
    short = make_tree("انتقد VERB 0 root", "بيترو X 1 nsubj", "بيرو PROPN 1 obj")
    events = Coder(tables).code(Story("s", f"{full.text} {short.text}", "2023-05-05"), [full, short])
    assert [f"{e.source} {e.cameo} {e.target}" for e in events] == ["COLGOV 111 VEN", "COLGOV 111 PER"]


def coded(tables, sentence, **options) -> list[str]:
    """`SOURCE CODE TARGET` of each event of one sentence."""
    return [f"{e.source} {e.cameo} {e.target}" for e in Coder(tables, **options).code(Story("s", sentence.text, "2020-05-05"), [sentence])]


@pytest.mark.parametrize(("name", "event", "rows"), CASES, ids=[c[0] for c in CASES])
def test_constructions(tables, make_tree, name: str, event: str, rows: list[str]):
    """Each construction gives its one event."""
    assert coded(tables, make_tree(*rows)) == [event]


@pytest.mark.parametrize(("name", "rows"), NOTHING, ids=[c[0] for c in NOTHING])
def test_what_did_not_happen_gives_no_event(tables, make_tree, name: str, rows: list[str]):
    """Negated, conditional, imagined and unpolitical sentences give nothing by default."""
    assert coded(tables, make_tree(*rows)) == []


def test_all_statuses_keeps_what_is_not_actual(tables, make_tree):
    """The negated attack is there with its status."""
    sentence = make_tree("لم PART 2 advmod", "تهاجم VERB 0 root", "روسيا PROPN 2 nsubj", "أوكرانيا PROPN 2 obj")
    events = Coder(tables, all_statuses=True).code(Story("s", sentence.text, "2020-05-05"), [sentence])
    assert [e.status for e in events] == ["negated"]


def test_victims_of_an_attack_outweigh_another_topic(tables, make_tree):
    """A film at whose showing people were killed in an attack is no matter of art; a film alone is."""
    attack = ["قتل VERB 0 root", "خمسة NUM 1 nsubj", "جنود NOUN 2 nmod", "ماليين ADJ 3 amod", "في ADP 6 case", "هجوم NOUN 1 obl", "خلال ADP 8 case"]
    assert coded(tables, make_tree(*attack, "فيلم NOUN 1 obl")) == ["--- 190 MLIMIL"]
    assert coded(tables, make_tree("انتقد VERB 0 root", "الفيلم NOUN 1 nsubj", "روسيا PROPN 1 obj", "فيلم NOUN 1 obl")) == []


def test_the_toll_of_a_war_is_no_attack(tables, make_tree):
    """Thousands of dead, nobody named."""
    rows = ["أسفرت VERB 0 root", "الأزمة NOUN 1 nsubj", "عن ADP 4 case", "مقتل NOUN 1 obl", "6500 NUM 4 nmod"]
    assert coded(tables, make_tree(*rows)) == []
    assert coded(tables, make_tree(*rows[:4], "65 NUM 4 nmod")) == ["--- 190 ---"]


def test_reciprocal_events_give_two_rows(tables, make_tree):
    """Clashes between A and B: each against the other."""
    rows = ["اندلعت VERB 0 root", "اشتباكات NOUN 1 nsubj", "بين ADP 4 case", "أرمينيا PROPN 2 nmod", "و CCONJ 6 cc", "أذربيجان PROPN 4 conj"]
    assert sorted(coded(tables, make_tree(*rows))) == ["ARM 190 AZE", "AZE 190 ARM"]


def test_mediation_gives_one_row_a_party(tables, make_tree):
    """The mediator with each side."""
    rows = ["توسطت VERB 0 root", "قطر PROPN 1 nsubj", "بين ADP 4 case", "كينيا PROPN 1 obl", "و CCONJ 6 cc", "الصومال PROPN 4 conj"]
    assert sorted(coded(tables, make_tree(*rows))) == ["QAT 045 KEN", "QAT 045 SOM"]


def test_the_two_sides_are_those_of_the_story(tables, make_tree):
    """الطرفان "the two sides" after a sentence that names them."""
    first = make_tree(
        "اندلعت VERB 0 root", "اشتباكات NOUN 1 nsubj", "بين ADP 4 case", "أرمينيا PROPN 2 nmod", "و CCONJ 6 cc", "أذربيجان PROPN 4 conj"
    )
    second = make_tree("دعت VERB 0 root", "فرنسا PROPN 1 nsubj", "الطرفين NOUN 1 obj", "إلى ADP 5 case", "التهدئة NOUN 1 obl")
    second.number = 2
    events = Coder(tables).code(Story("s", first.text + "\n" + second.text, "2020-05-05"), [first, second])
    assert sorted(f"{e.source} {e.target}" for e in events if e.sentence == 2) == ["FRA ARM", "FRA AZE"]


def test_a_repeated_line_and_page_furniture_give_nothing(tables, make_tree):
    """The headline again as a caption, and a share line."""
    rows = ["قصفت VERB 0 root", "تركيا PROPN 1 nsubj", "سوريا PROPN 1 obj"]
    first, again = make_tree(*rows), make_tree(*rows)
    furniture = make_tree("قد PART 2 aux", "يعجبك VERB 0 root", "ايضا ADV 2 advmod")
    again.number, furniture.number = 2, 3
    events = Coder(tables).code(Story("s", first.text, "2020-05-05"), [first, again, furniture])
    assert [e.sentence for e in events] == [1]


def test_mentions_of_one_event_are_linked(tables, make_tree):
    """A second telling in other words carries the id of the first."""
    first = make_tree("قصفت VERB 0 root", "تركيا PROPN 1 nsubj", "سوريا PROPN 1 obj")
    second = make_tree("وقع VERB 0 root", "القصف NOUN 1 nsubj", "التركي ADJ 2 amod", "على ADP 5 case", "سوريا PROPN 2 nmod")
    second.number = 2
    one, two = Coder(tables).code(Story("s", first.text, "2020-05-05"), [first, second])
    assert one.same_as == ""
    assert two.same_as == one.event_id


def test_ids_are_stable_and_offsets_point_into_the_text(tables, make_tree):
    """Coding twice gives the same ids; event_text is the story's own words."""
    sentence = make_tree("قصفت VERB 0 root", "تركيا PROPN 1 nsubj", "سوريا PROPN 1 obj")
    story = Story("s", sentence.text, "2020-05-05")
    first, second = Coder(tables).code(story, [sentence]), Coder(tables).code(story, [sentence])
    assert [e.event_id for e in first] == [e.event_id for e in second]
    assert story.text[first[0].start : first[0].end] == first[0].event_text == "قصفت"


ACTORS = [
    ("RUSGOV", ["وزارة NOUN 0 root", "الخارجية NOUN 1 nmod", "الروسية ADJ 1 amod"]),
    ("ARMMIL", ["49 NUM 0 root", "جنديا NOUN 1 nmod", "أرمينيا ADJ 2 amod"]),
    ("AZEMIL", ["قوات NOUN 0 root", "باكو PROPN 1 nmod"]),
    ("EGYGOV", ["سفارة NOUN 0 root", "مصر PROPN 1 nmod"]),
    ("YEMREB", ["جماعة NOUN 0 root", "الحوثيين NOUN 1 nmod"]),
    ("IGOUNO", ["الأمم NOUN 0 root", "المتحدة ADJ 1 amod"]),
    ("LBNCOP", ["عناصر NOUN 0 root", "الشرطة NOUN 1 nmod", "اللبنانية ADJ 2 amod"]),
    ("NGACVL", ["مدنيين NOUN 0 root", "نيجيريين ADJ 1 amod"]),
]


@pytest.mark.parametrize(("code", "rows"), ACTORS, ids=[" ".join(r.split()[0] for r in rows) for _, rows in ACTORS])
def test_phrases_are_composed(tables, make_tree, code: str, rows: list[str]):
    """Country and role put together, bodies and groups whole."""
    from coder.actors import ActorFinder, StoryContext

    sentence = make_tree(*rows)
    assert [a.code for a in ActorFinder(tables, sentence, "2020-05-05", StoryContext()).resolve(sentence.tokens[0])] == [code]


@pytest.mark.parametrize(("date", "code"), [("2020-01-01", "AFGREB"), ("2022-01-01", "AFGGOV")])
def test_groups_change_with_the_date(tables, make_tree, date: str, code: str):
    """The Taliban before and after August 2021."""
    from coder.actors import ActorFinder, StoryContext

    sentence = make_tree("طالبان PROPN 0 root")
    assert [a.code for a in ActorFinder(tables, sentence, date, StoryContext()).resolve(sentence.tokens[0])] == [code]


def test_two_who_met_sign_together(tables, make_tree):
    """A dual verb takes up both sides of what the sentence told before: ووقعا wa-waqqaʿā "and the two signed"."""
    met = ["اجتمع VERB 0 root", "الوزيران NOUN 1 nsubj", "الفرنسي ADJ 2 amod", "و CCONJ 5 cc", "الألماني ADJ 3 conj"]
    sentence = make_tree(*met, "و CCONJ 7 cc", "وقعا VERB 1 conj", "اتفاقا NOUN 7 obj")
    assert {"FRAGOV 057 DEUGOV", "DEUGOV 057 FRAGOV"} <= set(coded(tables, sentence))


def test_what_the_own_side_will_do_is_a_threat(tables, make_tree):
    """قال ... إن قواته ستهاجم "said that his forces will attack": the speaker threatens."""
    said = [
        "قال VERB 0 root",
        "الرئيس NOUN 1 nsubj",
        "الكيني ADJ 2 amod",
        "إن SCONJ 7 mark",
        "كينيا PROPN 7 nsubj",
        "س PART 7 aux",
        "تهاجم VERB 1 ccomp",
    ]
    assert coded(tables, make_tree(*said, "أوغندا PROPN 7 obj")) == ["KENGOV 138 UGA"]
