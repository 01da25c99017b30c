"""Whatever comes in, no traceback comes out: readers, cleaner, dates, tables, CoNLL-U, word cuts and the coder under random input.

A few hundred inputs in the ordinary tests; `WAQAI_FUZZ=100000 pytest tests/test_fuzz.py` tries so many at each surface, each new, and holds
every input to ten seconds. What was found is kept as `@example` or as a test beside it.
"""

import csv
import gzip
import io
import os
import random
import shutil
import tempfile
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from coder import Coder
from coder.conllu import read_conllu, write_conllu
from coder.dates import find_dates
from coder.dictionaries import _Loader, bundled_folder, load_dictionaries
from coder.model import InputError, Sentence, Story, Token
from coder.output import write_native
from coder.parse import Parser
from coder.sentences import mend_ends, paragraphs, pieces
from coder.stories import read_stories
from coder.text import arabic_share, clean, fold

ROUNDS = int(os.environ.get("WAQAI_FUZZ", "0"))
quick = settings(
    max_examples=ROUNDS or 100, deadline=10_000 if ROUNDS else None, derandomize=not ROUNDS, database=None, suppress_health_check=list(HealthCheck)
)
SAMPLES = Path(__file__).parents[1] / "benchmarks" / "samples.conllu.gz"
ODD = "\u200f\u200b\ufeff\u0640\u064b\u0651\u0670\u06dd\ufdfa\ufefb\u0000\r\n\t\u2028\u0085\u00a0 \"',;|=<>&#-_[]{}()@+*/\\\ud800\U0001f600٣۴12ءآأإٱىةؤئ"
letters = st.sampled_from("ابتثجحخدذرزسشصضطظعغفقكلمنهويةىأإآءئؤ")
arabic = st.text(st.one_of(letters, letters, letters, st.sampled_from(" \n"), st.sampled_from(ODD), st.characters()), max_size=60)


@pytest.fixture(scope="module")
def folder():
    """A folder that all inputs of a test share: one file at a time."""
    with tempfile.TemporaryDirectory() as name:
        yield Path(name)


@cache
def tables():
    """The shipped tables."""
    return load_dictionaries()


# ---------------------------------------------------------------------------------------------------- readers

cells = st.one_of(arabic, st.sampled_from(["", "2020-01-02", "20200102", "9999-99-99", "=1+1", "a\tb", '"', "NA", "id", "text"]))
json_values = st.recursive(st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), cells), lambda v: st.lists(v, max_size=3) | st.dictionaries(cells, v, max_size=3), max_leaves=5)  # fmt: skip
names = st.sampled_from(["id", "date", "text", "title", "source", "url", "other"])


def _json_file(rows):
    import json

    return "\n".join(json.dumps(row, ensure_ascii=bool(len(row) % 2)) for row in rows).encode("utf-8", "surrogatepass")


def _table_file(rows):
    stream = io.StringIO()
    csv.writer(stream).writerows([["id", "date", "text", "title"], *rows])
    return stream.getvalue().encode("utf-8", "surrogatepass")


def _xml_file(parts):
    return "".join(parts).encode("utf-8", "surrogatepass")


tags = st.sampled_from(["<Sentences>", "</Sentences>", "<Sentence id='a' date='20200101'>", "<Sentence>", "</Sentence>", "<Text>", "</Text>", "<Text/>", "<![CDATA[", "]]>", "&lt;",
                        "&x;", "<!DOCTYPE a [<!ENTITY x 'y'>]>", "<?xml version='1.0' encoding='utf-16'?>", "<!--", "-->", "<a:b>"])  # fmt: skip
files = st.one_of(
    st.tuples(st.sampled_from([".txt", ".jsonl", ".csv", ".tsv", ".xml", ".txt.gz", ".csv.gz"]), st.binary(max_size=200)),
    st.tuples(st.sampled_from([".txt", ".jsonl", ".csv", ".tsv", ".xml"]), arabic.map(lambda t: t.encode("utf-8", "surrogatepass"))),
    st.tuples(st.just(".jsonl"), st.lists(st.dictionaries(names, json_values, max_size=5), max_size=4).map(_json_file)),
    st.tuples(st.sampled_from([".csv", ".tsv"]), st.lists(st.lists(cells, max_size=6), max_size=4).map(_table_file)),
    st.tuples(st.just(".xml"), st.lists(st.one_of(tags, arabic), max_size=10).map(_xml_file)),
)


@given(files, st.booleans(), st.sampled_from(["", "windows-1256", "utf-16", "utf-8", "no-such", "idna", "base64"]))
@quick
def test_readers_give_stories_or_problems(folder, file, packed, encoding):
    """And what they give can be written as UTF-8."""
    suffix, data = file
    path = folder / f"in{suffix}"
    if packed and not suffix.endswith(".gz"):
        path, data = path.with_name(path.name + ".gz"), gzip.compress(data, 1)
    path.write_bytes(data)
    try:
        for item in read_stories([str(path)], encoding=encoding, date="2020-01-01"):
            if isinstance(item, Story):
                "".join([item.id, item.text, item.title, item.source, item.url, *item.extra, *item.extra.values()]).encode()
                assert item.date == "" or len(item.date) == 10
            else:
                assert isinstance(item, InputError) and item.where and item.what
    finally:
        path.unlink()


# ---------------------------------------------------------------------------------------------------- text, dates


@given(arabic)
@quick
def test_cleaning_keeps_offsets(text):
    """Each cleaned character knows its place; lines and sentence pieces stay in the text."""
    cleaned = clean(text)
    assert len(cleaned.offsets) == len(cleaned.text) + 1 and list(cleaned.offsets) == sorted(cleaned.offsets) and cleaned.offsets[-1] == len(text)
    assert 0 <= arabic_share(text) <= 1 and fold(fold(text)) == fold(text)
    for paragraph in paragraphs(cleaned.text):
        assert cleaned.text[paragraph.start :].replace("\t", " ").startswith(paragraph.text) and paragraph.text.strip()


class Written:
    """A written token as the tokenizer gives it."""

    def __init__(self, text: str, start: int) -> None:
        self.text, self.start_char, self.end_char = text, start, start + len(text)


@given(st.lists(st.tuples(st.one_of(st.sampled_from([".", "..", "؟", '"', "،", "د", "»", "U", "1"]), arabic.filter(str.strip)), st.sampled_from(["", " ", "\n"])), max_size=30), st.data())  # fmt: skip
@quick
def test_sentence_ends_lose_no_token(parts, data):
    """Mending and cutting keep every token in its place."""
    text, tokens = "", []
    for word, gap in parts:
        word = "".join(word.split()) or "."
        tokens.append(Written(word, len(text)))
        text += word + gap
    cuts = sorted(data.draw(st.sets(st.integers(0, len(tokens)), max_size=5)) | {0, len(tokens)})
    sentences = [tokens[a:b] for a, b in zip(cuts, cuts[1:], strict=False)]
    mended = mend_ends(sentences, text)
    assert [t for s in mended for piece in pieces(s) for t in piece] == tokens


date_words = st.sampled_from(["امس", "اليوم", "غدا", "البارحه", "الليله", "الماضي", "الماضيه", "المقبل", "الجاري", "قبل", "منذ", "نحو", "ثلاثه", "اسبوعين", "ايام", "يوم", "شهر", "الشهر", "العام", "عام", "سنه", "في", "من", "و", "/", "-", "،", "الاثنين", "الثلاثاء", "الاول", "اول", "التاسع", "الحادي", "والعشرين", "العشرين", "يناير", "كانون", "الثاني", "تشرين", "ايار/مايو", "سبتمبر", "صيف", "الستينيات", "هذا", "هذه", "ليل", "2020", "1", "31", "30", "29", "12/5/2020", "2020-02-30", "0", "99999999999999999999", "9999", "1/1/1", "3/13/2020", "٣"])  # fmt: skip


@given(st.lists(st.one_of(date_words, date_words, st.integers(-9, 10**6).map(str), arabic.map(fold)), max_size=12), st.one_of(st.none(), st.dates()))
@quick
@example(["قبل", "3000", "عام"], __import__("datetime").date(1, 1, 1))
@example(["غدا"], __import__("datetime").date(9999, 12, 31))
def test_dates_are_dates_or_nothing(keys, today):
    """In order, in bounds, and in the form that the table promises."""
    before = 0
    for mention in find_dates(keys, today):
        assert before <= mention.start < mention.end <= len(keys)
        before = mention.start
        assert mention.value and mention.precision in ("day", "week", "month", "year")


# ---------------------------------------------------------------------------------------------------- word cuts


class Stub(Parser):
    """The parser's rules for cutting words, without its networks."""

    def __init__(self, words) -> None:
        self.whole_words = self._named = frozenset(words)


marks = st.text(st.sampled_from("\u064b\u0651\u0640\u200f\u0670ءأإآىةؤئ"), max_size=3)
surfaces = st.one_of(st.text(letters, max_size=7), marks, st.tuples(marks, st.text(letters, max_size=5), marks).map("".join), arabic)


@given(surfaces, st.lists(surfaces, min_size=1, max_size=3), st.lists(st.text(letters, max_size=5).map(fold), max_size=6), st.sampled_from(["", "و", "ب", "ال", "ل"]), st.sampled_from(["", "ها", "ه", "نا", "ء"]))  # fmt: skip
@quick
@example("ه", ["ه"], [], "", "")
@example("ء", ["ء", "ء"], [], "", "")
@example("\u0651", ["\u0651"], [], "", "")
@example("", ["", ""], [""], "", "")
def test_words_are_cut_without_loss(surface, predicted, known, before, after):
    """The pieces of a known cut are the word; a word of marks alone ends nothing."""
    for word in (surface, *(before + k + after for k in known)):
        found = Stub(known).segment(word, predicted)
        assert found == predicted or "".join(found) == word or "".join(found).replace("اا", "ا") == word or word[:2] in ("لل", "لا") or "لل" in word


# ---------------------------------------------------------------------------------------------------- tables

HEADERS = {
    "verbs_own.csv": "id,verb,present,masdar,plural,object,preposition,complement,frame,cameo,cameo_back,act,example,source,target,note",
    "nouns_own.csv": "class,noun,plural", "agents_own.csv": "noun,plural,code,kind", "groups_own.csv": "name,code,from,to,source",
    "countries.csv": "code,kind,name,from,to", "off_topic.csv": "word,topic,weight", "boilerplate.csv": "phrase",
    "topics.csv": "topic,nouns,cameo,appeal,intend,demand,reject,threaten", "governing.csv": "id,effect,verb,present,masdar,plural,preposition,example,note",
    "examples_own.csv": "id,cameo,example,source,target,note", "ontology.csv": "cameo,name,quad,goldstein,plover,mode,context", "actor_codes.csv": "code,name,kind",
}  # fmt: skip
table_cells = st.one_of(
    arabic,
    st.text(letters, max_size=6),
    st.sampled_from(
        [
            "EGY",
            "GOV",
            "REB",
            "EGYGOV",
            "190",
            "045",
            "42",
            "object",
            "preposition",
            "none",
            "say",
            "2020-01-01",
            "2021-01-01",
            "1.5",
            "role",
            "carrier",
            "name",
            "adjective",
            "people",
            "nan",
            "في|على",
            "إلى|",
            "|",
            "||",
            "WEAPON",
        ]
    ),  # fmt: skip
    st.just(""),
)
foreign_lines = st.lists(
    st.one_of(
        st.sampled_from(["", "حركة_المثال [EGYOPP]", "+المثال_الثاني", "\t[EGYREB >200101]", "\t[EGYGOV 010101-991231]", "[", "]", "[EGY <", "--- قتل [190] ---", "قتل {قَتَل يقتل}",
                         "- * ب_سلاح [190]", "- $ * + (في %) [180:190]", "&سلاح", "+بندقية_", "المعلم [~EDU]", "! [~GOV", "####### VERB PATTERNS #######", "~ a (b . X) Y = a b 112", "---STOP---"]),
        arabic,
    ),
    max_size=8,
)  # fmt: skip


@cache
def _base() -> Path:
    """A small folder of tables, so that loading takes a moment: the first rows of the shipped ones."""
    base = Path(tempfile.mkdtemp())
    for path in bundled_folder().glob("*.csv"):
        keep = 40 if path.name == "ontology.csv" else 3
        lines = path.read_text(encoding="utf-8").split("\n")
        (base / path.name).write_text("\n".join(lines[:keep]) + "\n", encoding="utf-8")
    return base


@given(
    st.sampled_from(sorted(HEADERS)), st.lists(st.lists(table_cells, max_size=17), max_size=4), st.sampled_from(["own.actors.txt", "own.verbs.txt", "own.agents.txt", "x.txt"]),
    foreign_lines, st.sampled_from(["utf-8", "utf-8-sig", "cp1256", "utf-16"]), st.binary(max_size=20),
)  # fmt: skip
@quick
def test_tables_load_whatever_they_hold(folder, name, rows, foreign, lines, encoding, junk):
    """Each fault is a problem that names file and row."""
    own = folder / "own"
    shutil.rmtree(own, ignore_errors=True)
    own.mkdir()
    stream = io.StringIO()
    csv.writer(stream).writerows([HEADERS[name].split(","), *rows])
    (own / name).write_bytes(stream.getvalue().encode(encoding, "replace") + (junk if len(junk) > 15 else b""))
    (own / foreign).write_bytes("\n".join(lines).encode("utf-8", "replace") + (junk if len(junk) > 15 else b""))
    found = _Loader([_base(), own]).load()
    found.whole_words()
    assert all(isinstance(p, InputError) and p.where for p in [*found.problems, *found.notes])


# ---------------------------------------------------------------------------------------------------- trees


@cache
def _sample_lines() -> list[str]:
    return gzip.decompress(SAMPLES.read_bytes()).decode("utf-8").split("\n")


@given(st.integers(0, 2**32), st.lists(st.one_of(arabic, st.sampled_from(["# newdoc id = x", "# story = {}", '# story = {"id": 1, "text": "x"}', '# story = {"id": "a", "text": "b", "extra": {"k": 1}}', "# start = x",
        "# url = ", "1\tا\tا\tX\t_\t_\t0\troot\t_\tstart=0|end=1", "1-2\tا\t_\t_\t_\t_\t_\t_\t_\t_", "2\tا\tا\tX\t_\t_\t2\tdep", "1\tا\tا\tX\t_\t_\t2\tdep\t_\tstart=x"])), max_size=6), st.booleans())  # fmt: skip
@quick
def test_conllu_gives_stories_or_problems(folder, seed, lines, packed):
    """A sample with lines changed, doubled, left out and cut; what is read can be coded and written again."""
    chance = random.Random(seed)
    text = _sample_lines()[: chance.randrange(1, 120)]
    for _ in range(chance.randrange(4)):
        place = chance.randrange(len(text))
        fault = chance.randrange(5)
        if fault == 0:
            del text[place : place + chance.randrange(1, 9)]
        elif fault == 1:
            text[place:place] = text[place : place + 3]
        elif fault == 2:
            columns = text[place].split("\t")
            columns[chance.randrange(len(columns))] = chance.choice(
                ["", "0", "-1", "99", "x", "_", "a=b", "=", "|", "start=5|end=1", "start=-3|end=-1", "²", "9" * 5000]
            )
            text[place] = "\t".join(columns)
        elif fault == 3:
            text[place] = text[place][: chance.randrange(len(text[place]) + 1)]
        text = text or [""]
    place = chance.randrange(len(text) + 1)
    text[place:place] = lines
    data = "\n".join(text).encode("utf-8", "surrogatepass")
    path = folder / ("in.conllu.gz" if packed else "in.conllu")
    path.write_bytes(gzip.compress(data, 1) if packed else data)
    problems: list[InputError] = []
    coder = Coder(tables(), all_statuses=True)
    stories = list(read_conllu(path, problems))
    events = [event for story, sentences in stories for event in coder.code(story, sentences)]
    write_native(events, io.TextIOWrapper(io.BytesIO(), encoding="utf-8"))
    write_conllu(stories, folder / "out.conllu")


@cache
def _words() -> tuple[list[str], list[str], list[str]]:
    found = tables()
    return sorted(found.triggers), sorted(found.actors), [r.words for r in found.verb_rows.values()]


RELATIONS = ["nsubj", "nsubj:pass", "obj", "iobj", "obl", "obl:arg", "nmod", "nmod:poss", "amod", "acl", "acl:relcl", "advcl", "ccomp", "xcomp", "conj", "cc", "case", "mark", "det", "appos", "flat", "fixed", "parataxis", "punct", "aux", "cop", "dep", "root", "nummod", "advmod", "csubj", "orphan"]  # fmt: skip
TAGS = ["VERB", "NOUN", "PROPN", "ADJ", "ADP", "PRON", "CCONJ", "SCONJ", "PART", "NUM", "X", "PUNCT", "DET", "AUX", "ADV", "INTJ"]
LITTLE = [
    "ال",
    "و",
    "ف",
    "ب",
    "ل",
    "ك",
    "في",
    "على",
    "إلى",
    "من",
    "عن",
    "مع",
    "بين",
    "ضد",
    "أن",
    "إن",
    "ما",
    "لا",
    "لم",
    "لن",
    "ليس",
    "قد",
    "سوف",
    "كان",
    "تم",
    "قام",
    "ه",
    "ها",
    "هم",
    "التي",
    "الذي",
    "،",
    ".",
    ":",
    "«",
    "»",
    "(",
    ")",
    "5",
    "200",
    "عشرات",
    "مئات",
    "قتيل",
    "جرحى",
    "شخصا",
    "بعد",
    "قبل",
    "أمس",
    "اليوم",
    "2020",
]


@st.composite
def trees(draw):
    """A random tree over words of the tables, function words and noise."""
    chance = random.Random(draw(st.integers(0, 2**40)))
    triggers, actors, verbs = _words()
    size, noise, tokens, position = chance.randrange(1, 28), draw(arabic), [], 0
    order = chance.sample(range(1, size + 1), size)
    heads = {word: (0 if i == 0 else chance.choice(order[:i]) if chance.random() < 0.8 else order[i - 1]) for i, word in enumerate(order)}
    for number in range(1, size + 1):
        kind = chance.random()
        form = (
            chance.choice(triggers if kind < 0.3 else actors if kind < 0.55 else LITTLE if kind < 0.9 else verbs)
            if kind < 0.97
            else noise.strip() or "-"
        )
        form = form if chance.random() < 0.95 else chance.choice("وبل") + form
        feats = {"Case": chance.choice(["Nom", "Acc", "Gen"])} if chance.random() < 0.5 else {}
        feats |= {
            k: v for k, v in (("Voice", "Pass"), ("Number", "Dual"), ("Aspect", "Imp"), ("Polarity", "Neg"), ("Person", "3")) if chance.random() < 0.2
        }
        tokens.append(Token(number, form, form, chance.choice(TAGS), feats, heads[number], "root" if heads[number] == 0 else chance.choice(RELATIONS), position, position + len(form), fold(form)))  # fmt: skip
        position += len(form) + 1
    from coder.conllu import link

    link(tokens)
    return Sentence(1, " ".join(t.form for t in tokens), 0, position - 1, tokens)


@given(st.lists(trees(), min_size=1, max_size=3), st.sampled_from(["", "2020-02-29", "0001-01-01", "9999-12-31", "2020"]))
@quick
def test_the_coder_takes_any_tree(sentences, date):
    """Events with codes of the tables and places in the text."""
    text, shift = "", 0
    for number, sentence in enumerate(sentences, 1):
        sentence.number, sentence.start, sentence.end = number, sentence.start + shift, sentence.end + shift
        for token in sentence.tokens:
            token.start, token.end = token.start + shift, token.end + shift
        text += sentence.text + "\n"
        shift = len(text)
    story = Story("s", text, date)
    for event in Coder(tables(), all_statuses=True).code(story, sentences):
        assert event.cameo in tables().codes and text[event.start : event.end] == event.event_text
        assert event.source and event.target and event.sentence <= len(sentences)
