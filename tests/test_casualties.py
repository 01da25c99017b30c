"""Numbers in words and digits, the killed and injured that sentences tell, and the event that each count belongs to."""

import pytest

from coder.casualties import casualties, find_losses
from coder.conllu import link
from coder.events import Coder
from coder.model import Story, Token
from coder.numerals import read_count, words

_CLASSES = {
    "VERB": "قتل قتلت قتلوا أصيب أصيبوا أصيبت أسفر أسفرت سقط لقي لقوا أعلن وقع أوقع أودى أودت راح ارتفع ارتفعت بلغ يقل يزيد جرح جرحوا استشهد أصابت قصفت هاجم اغتال نجا دمر تجاوز توفي",
    "ADP": "في ب من على إلى عن ل إثر بعد منذ خلال",
    "CCONJ": "و أو",
    "PUNCT": "، . - ؛",
    "SCONJ": "أن حيث فيما",
    "PART": "لم لا ما",
}
_UPOS = {word: upos for upos, names in _CLASSES.items() for word in names.split()}


def flat(text: str) -> list[Token]:
    """Words of a phrase without a tree: all hang on the first."""
    tokens, position = [], 0
    for number, form in enumerate(text.split(), 1):
        upos = _UPOS.get(form, "NUM" if form.isdigit() else "NOUN")
        tokens.append(Token(number, form, form, upos, {}, int(number > 1), "dep", position, position + len(form)))
        position += len(form) + 1
    return link(tokens)


NUMBERS = [
    ("49", "49"), ("٣٠", "30"), ("1,200", "1200"), ("٤٬٥٠٠", "4500"), ("30-40", "30-40"), ("نحو ٣٠", "30"), ("حوالي 15", "15"), ("أكثر من 50", "50+"),
    ("ثلاثة", "3"), ("ثلاث", "3"), ("ثماني", "8"), ("عشر", "10"), ("إحدى عشرة", "11"), ("أحد عشر", "11"), ("اثني عشر", "12"), ("اثنتا عشرة", "12"),
    ("خمسة عشر", "15"), ("ثماني عشرة", "18"), ("عشرين", "20"), ("تسعة و أربعون", "49"), ("إحدى و ثلاثين", "31"), ("واحد و عشرون", "21"),
    ("سبعة وسبعين", "77"), ("مئة", "100"), ("مائة", "100"), ("مئتين", "200"), ("مائتا", "200"), ("أربعمئة", "400"), ("ثلاثمائة", "300"),
    ("ثمانمئة", "800"), ("خمس مئة", "500"), ("مئة و خمسة", "105"), ("مئتين و ثلاثة و خمسين", "253"), ("ألف", "1000"), ("ألفا و مئتين", "1200"),
    ("ألفا جندي", "2000"), ("ألفي", "2000"), ("ثلاثة آلاف", "3000"), ("5 آلاف", "5000"), ("خمسين ألفا", "50000"), ("أحد عشر ألفا و مئة", "11100"),
    ("1.5 مليون", "1500000"), ("عشرات", "20-99"), ("العشرات", "20-99"), ("مئات", "200-999"), ("آلاف", "2000-9999"), ("عشرات الآلاف", "20000-99999"),
    ("بضعة", "3-9"), ("بضعة عشر", "13-19"), ("بضع مئات", "200-999"), ("أكثر من مئة", "100+"), ("ما لا يقل عن 12", "12+"), ("ما يزيد على ألفين", "2000+"),
    ("على الأقل سبعة", "7+"), ("12 شخصا على الأقل", "12+"), ("أقل من عشرة", "1-9"), ("بين 20 و 30", "20-30"), ("ما بين عشرين و ثلاثين", "20-30"),
    ("بين خمسة و عشرين", "5-20"), ("من 20 إلى 30", "20-30"), ("ثلاثة أو أربعة", "3-4"), ("بين 20 و 30 ألفا", "20000-30000"), ("خمسة و ثلاثة", "5"),
    ("37ألف", "37000"), ("5مليون", "5000000"), ("جندي", ""), ("الاثنين", ""), ("ميتين", ""), ("05551234567", ""),
]  # fmt: skip

LOSSES = [  # a sentence, the killed and the injured that it tells
    ("قتل ستة جنود في كمين", "6", ""),
    ("مقتل ستة جنود و إصابة عشرة في كمين", "6", "10"),
    ("قتل ستة و أصيب عشرة في هجوم", "6", "10"),
    ("قتل جنديان و أصيب ثالث في انفجار", "2", "1"),
    ("مقتل جندي و إصابة آخر", "1", "1"),
    ("قتل شخص واحد في الهجوم", "1", ""),
    ("قتل أحد الجنود في الهجوم", "1", ""),
    ("مقتل واحد من الحراس", "1", ""),
    ("مقتل اثنين من الحراس و إصابة أربعة آخرين", "2", "4"),
    ("مقتل نحو ٣٠ مسلحا", "30", ""),
    ("مقتل أكثر من مئة شخص", "100+", ""),
    ("مقتل ما لا يقل عن 12 شخصا و جرح العشرات", "12+", "20-99"),
    ("قتل 12 شخصا على الأقل و أصيب 30 في انفجار", "12+", "30"),
    ("قتل ما بين 20 و 30 مسلحا في الغارة", "20-30", ""),
    ("مقتل عشرات المدنيين و إصابة المئات", "20-99", "200-999"),
    ("أسفر الانفجار عن سقوط 49 قتيلا و 120 جريحا", "49", "120"),
    ("أسفر الانفجار عن تسعة قتلى و خمسة و عشرين جريحا", "9", "25"),
    ("سقط قتيلان و ثلاثة جرحى في إطلاق نار", "2", "3"),
    ("قتيل و جريحان في إطلاق نار", "1", "2"),
    ("ثلاثة شهداء و جريح في غزة", "3", "1"),
    ("لقي خمسة عمال مصرعهم في انفجار", "5", ""),
    ("لقي ضابط مصرعه في تفجير", "1", ""),
    ("عشرة ركاب لقوا حتفهم في تفجير", "10", ""),
    ("لقي القائد و نائبه مصرعهما في تفجير", "1", ""),
    ("أودى الهجوم ب حياة 21 مصليا", "21", ""),
    ("هجوم راح ضحيته ثمانية تجار", "8", ""),
    ("استشهد فلسطيني و أصيب خمسة شبان", "1", "5"),
    ("أعلن متحدث أن ثلاثة جنود قتلوا في القصف", "3", ""),
    ("أعلن متحدث أن سبعة من جنود الكتيبة ، أصيبوا في القصف", "", "7"),
    ("قتل في الهجوم خمسة حراس", "5", ""),
    ("قتل 300 شخص منذ بداية الحرب", "300", ""),
    ("قصفت القوات البلدة و قتل 30 شخصا منذ صباح الأحد", "30", ""),
    ("قتل صباح الأحد خمسة حراس", "5", ""),
    ("البلدة التي قتل ب ها ثلاثة من الشرطة في هجوم", "3", ""),
    ("نفى المتحدث الأنباء عن مقتل3 من الحزب في الاشتباكات", "3", ""),
    ("غارة قتل في ها زعيم الجماعة", "1", ""),
    ("فجر انتحاري نفسه وسط مصلين فقتل واحدا و ستين شخصا", "61", ""),
    ("سقط خمسة جنود قتلى في الكمين", "5", ""),
    ("أعلن متحدث أن 10 آلاف قتلوا و أصيب ألف بينما نجا الباقون", "10000", "1000"),
    ("قتل في ثلاث غارات أربعة مزارعين", "4", ""),
    ("قتلت القوات التركية عشرين مسلحا", "20", ""),
    ("قتل مسلح خمسة جنود في القاعدة", "5", ""),
    ("قتل ستة مسلحين شرطيا", "1", ""),
    ("اغتال مسلحون ضابطا في عدن", "1", ""),
    ("مقتل خمسة جنود و ثلاثة مدنيين", "8", ""),
    ("مقتل ضابط و أربعة جنود و إصابة ستة", "5", "6"),
    ("قتل 12 شخصا من هم طفل و امرأتان في تفجير", "12", ""),
    ("مقتل عشرة أشخاص بينهم ثلاثة أطفال و إصابة سبعة", "10", "7"),
    ("مقتل الجنود الخمسة في الكمين", "5", ""),
    ("مقتل الجنود ال12 في الكمين", "12", ""),
    ("مقتل سبعة أشخاص و عشرة آخرون أصيبوا", "7", "10"),
    ("ارتفع عدد القتلى إلى 40 في التفجير", "40", ""),
    ("ارتفعت حصيلة القتلى من 30 إلى 40 في التفجير", "40", ""),
    ("تجاوز عدد القتلى 500 في المعارك", "500+", ""),
    ("بلغ عدد الجرحى 70 في المعارك", "", "70"),
    ("أصيب بجروح 15 شرطيا", "", "15"),
    ("أصابت الشرطة متظاهرا بالرصاص", "", "1"),
    ("قتلت القوات 3 إرهابيين و دمر الجيش 5 مركبات", "3", ""),
    # nothing to tell
    ("قتل جنود في كمين", "", ""),
    ("قتل عدد من المدنيين في القصف", "", ""),
    ("سقط بين قتيل و جريح", "", ""),
    ("سقط 20 شخصا بين قتيل و جريح", "", ""),
    ("سقط 20 قتيلا و جريحا في القصف", "", ""),
    ("أعلن متحدث أن 12 جنديا قتلوا أو أصيبوا في القصف", "", ""),
    ("مقتل و إصابة ثلاثين شخصا في القصف", "", ""),
    ("سقوط عشرات القتلى و الجرحى", "", ""),
    ("لم يقتل ثلاثة أشخاص", "", ""),
    ("اعتقلت القوات خمسة مواطنين بينهم أحد الجرحى", "", ""),
    ("أعلن مكتب رئيس الوزراء ل الصحف قتلوا", "", ""),
    ("وقع الانفجار دون وقوع إصابات", "", ""),
    ("نجا الوزير من محاولة اغتيال", "", ""),
    ("أعلن توقيفه بتهمة قتل خمسة حراس و إصابة ستة", "", ""),
    ("قصفت القوات البلدة و قتل 300 شخص منذ بداية الحرب", "", ""),
    ("قتل 17 كانون الثاني في بغداد", "", ""),
    ("مقتل 30 بالمئة من الماشية", "", ""),
    ("إصابة 40 شخصا ب فيروس كورونا", "", ""),
    ("قتل في الساعة 5", "", ""),
]


@pytest.mark.parametrize(("phrase", "number"), NUMBERS, ids=[n[0] for n in NUMBERS])
def test_numbers(phrase: str, number: str):
    """A number phrase of every kind, as the table writes it."""
    count = read_count(words(flat(phrase)), 0)
    assert (str(count) if count else "") == number


@pytest.mark.parametrize(("sentence", "killed", "injured"), LOSSES, ids=[x[0] for x in LOSSES])
def test_killed_and_injured_of_a_sentence(sentence: str, killed: str, injured: str):
    """With one event in the sentence all its losses are the event's."""
    assert casualties(flat(sentence), 1) == (killed, injured)


def test_ranges_add_up():
    """Coordinated victims are added, bound by bound; a part without a number leaves the sum open."""
    assert casualties(flat("مقتل خمسة جنود و عشرات المدنيين"), 1) == ("25-104", "")
    assert casualties(flat("مقتل خمسة جنود و مدنيين"), 1) == ("5+", "")


def test_the_target_takes_its_own_part():
    """Of soldiers and civilians a row that names the soldiers tells of the soldiers."""
    tokens = flat("مقتل خمسة جنود و ثلاثة مدنيين")
    soldiers, civilians = (2, 3), (5, 6)
    assert [casualties(tokens, 1, targets=t)[0] for t in ((soldiers, civilians), (civilians, soldiers), (soldiers,), ())] == ["5", "3", "8", "8"]


def test_a_count_is_of_the_nearer_event(make_tree):
    """Two attacks in one sentence: the killed are of the first, the injured of the second."""
    rows = ["قتل VERB 0 root", "خمسة NUM 1 nsubj", "جنود NOUN 2 nmod", "في ADP 5 case", "هجوم NOUN 1 obl", "على ADP 7 case", "قاعدة NOUN 5 nmod",
            "و CCONJ 9 cc", "أصيب VERB 1 conj", "عشرة NUM 9 nsubj", "في ADP 12 case", "تفجير NOUN 9 obl"]  # fmt: skip
    tokens = make_tree(*rows).tokens
    assert casualties(tokens, 5, (12,)) == ("5", "")
    assert casualties(tokens, 12, (5,)) == ("", "10")


def test_a_count_before_the_event(make_tree):
    """The event noun at the end of the clause takes both."""
    rows = ["قتل VERB 0 root", "ستة NUM 1 nsubj", "و CCONJ 4 cc", "أصيب VERB 1 conj", "عشرة NUM 4 nsubj", "في ADP 7 case", "هجوم NOUN 4 obl"]
    assert casualties(make_tree(*rows).tokens, 7) == ("6", "10")


def test_result_verbs_carry_the_count_to_their_attack(make_tree):
    """A shelling that led to eight dead, told beside a clash: the dead are of the shelling though other words are nearer."""
    rows = ["قصف NOUN 2 nsubj", "أسفر VERB 0 root", "عن ADP 4 case", "مقتل NOUN 2 obl", "ثمانية NUM 4 nmod", "مدنيين NOUN 5 nmod", "، PUNCT 8 punct",
            "فيما SCONJ 9 mark", "اندلعت VERB 2 advcl", "اشتباكات NOUN 9 nsubj"]  # fmt: skip
    tokens = make_tree(*rows).tokens
    assert casualties(tokens, 1, (10,)) == ("8", "")
    assert casualties(tokens, 10, (1,)) == ("", "")


def test_the_event_word_itself_counts_first(make_tree):
    """Two killings, each with its own number."""
    rows = ["قتلت VERB 0 root", "القوات NOUN 1 nsubj", "خمسة NUM 1 obj", "مسلحين NOUN 3 nmod", "و CCONJ 6 cc", "قتل VERB 1 conj", "المسلحون NOUN 6 nsubj",
            "جنديين NOUN 6 obj"]  # fmt: skip
    tokens = make_tree(*rows).tokens
    assert [casualties(tokens, 1, (6,)), casualties(tokens, 6, (1,))] == [("5", ""), ("2", "")]


def test_the_table_has_the_numbers(tables, make_tree):
    """From the tree to the columns of the event; an event that is not violent has none."""
    rows = ["قتل VERB 0 root", "خمسة NUM 1 nsubj", "جنود NOUN 2 nmod", "ماليين ADJ 3 amod", "على ADP 6 case", "أيدي NOUN 1 obl", "مسلحين NOUN 6 nmod"]
    sentence = make_tree(*rows)
    events = Coder(tables).code(Story("s", sentence.text, "2020-05-05"), [sentence])
    assert [(e.killed, e.injured) for e in events] == [("5", "")]
    plain = make_tree(
        "اتهم VERB 0 root", "الرئيس NOUN 1 nsubj", "الكيني ADJ 2 amod", "أوغندا PROPN 1 obj", "بعد ADP 6 case", "مقتل NOUN 1 obl", "جندي NOUN 6 nmod"
    )
    assert [e.killed for e in Coder(tables).code(Story("s", plain.text, "2020-05-05"), [plain]) if e.cameo == "112"] == [""]


def test_losses_name_their_words():
    """Each loss keeps the word that told it and the words of its count."""
    (loss,) = find_losses(flat("أعلن مقتل ستة جنود"))
    assert (loss.kind, loss.word, [(p.low, p.start, p.end) for p in loss.parts]) == ("killed", 1, [(6, 2, 3)])
