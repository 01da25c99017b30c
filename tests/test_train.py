"""The data side of training: reading UD folders, broken trees, copies with noise, and the finished folder. No model is needed."""

import hashlib
from collections import Counter
from pathlib import Path

import pytest

from coder.train import CERTAIN_COUNT, Plan, TrainingError, halves, lexicon, looks_cut, retag, run_stage, unexpanded, word_list
from coder.treebank import TreebankError, headline, noisy_copies, read_part, requoted, swapped, write_tokenizer_files, write_trees
from coder.weights_folder import write_manifest

WORDS = (
    ("1", "زارت", "زَار", "VERB", "0", "root"),
    ("2", "الطبيبة", "طَبِيبَة", "NOUN", "1", "nsubj"),
    ("3", "مستشفى", "مُستَشفَى", "NOUN", "1", "obj"),
    ("4-5", "وأمها", "_", "_", "_", "_"),
    ("4", "و", "وَ", "CCONJ", "5", "cc"),
    ("5", "أمها", "أُمّ", "NOUN", "2", "conj"),
    ("6", ".", ".", "PUNCT", "1", "punct"),
)


def sentence(name: str = "doc#1", **changes: tuple[int, str]) -> str:
    """The sentence above in CoNLL-U; `head4=(4, "9")` and the like change a cell of the line with that number."""
    lines = [f"# sent_id = {name}"]
    for number, form, lemma, upos, head, relation in WORDS:
        cells = [number, form, lemma, upos, "_", "_", head, relation, "_", "SpaceAfter=No" if number == "4-5" else "_"]
        for column, value in changes.values():
            if number == "4":
                cells[column] = value
        lines.append("\t".join(cells))
    return "\n".join(lines) + "\n\n"


@pytest.fixture
def treebank(tmp_path: Path) -> Path:
    """A folder with a train and a dev part, in a subfolder as UD releases have them."""
    (tmp_path / "ud").mkdir()
    (tmp_path / "ud" / "ar-ud-train.conllu").write_text(sentence("a#1") + sentence("a#2") + sentence("b#1"), encoding="utf-8")
    (tmp_path / "ud" / "ar-ud-dev.conllu").write_text(sentence("c#1"), encoding="utf-8")
    return tmp_path


class TestReading:
    def test_cleaned(self, treebank: Path) -> None:
        """Forms lose marks and the hamza of alef; lemmas stay as they are."""
        tree = read_part(treebank, "train")[0]
        assert tree.text == "زارت الطبيبة مستشفى وامها."
        assert [s.words for s in tree.spans][3] == ("و", "امها")
        assert tree.rows[4][2] == "أُمّ"

    def test_documents(self, treebank: Path) -> None:
        """Sentences of a document stay on one side."""
        first, second = halves(read_part(treebank, "train"))
        assert sorted({t.document for t in first}) == ["a"]
        assert {t.document for t in second} == {"b"}

    def test_no_part(self, tmp_path: Path) -> None:
        """A folder without a part says which file is missing."""
        with pytest.raises(TreebankError, match="train.conllu"):
            read_part(tmp_path, "train")

    def test_own_output(self, treebank: Path) -> None:
        """Weights may be written into the treebank's folder: what training writes there is not read as a treebank."""
        (treebank / "out").mkdir()
        (treebank / "out" / "train.conllu").write_text(sentence("z#1"), encoding="utf-8")
        assert len(read_part(treebank, "train", treebank / "out")) == 3

    @pytest.mark.parametrize(
        ("change", "message"),
        [
            ((6, "9"), "head '9'"),
            ((6, "0"), "2 roots"),
            ((6, "4"), "circle"),
            ((0, "8"), "out of order"),
            ((3, "_"), "no form, tag or relation"),
        ],
    )
    def test_broken(self, tmp_path: Path, change: tuple[int, str], message: str) -> None:
        """A broken tree is named by file and sentence."""
        path = tmp_path / "x-train.conllu"
        path.write_text(sentence("good#1") + sentence("bad#7", cell=change), encoding="utf-8")
        with pytest.raises(TreebankError, match=message) as caught:
            read_part(tmp_path, "train")
        assert "x-train.conllu" in str(caught.value)
        assert "bad#7" in str(caught.value)

    def test_short_line(self, tmp_path: Path) -> None:
        """A line with too few columns is named."""
        (tmp_path / "x-train.conllu").write_text("# sent_id = s\n1\tكلمة\n\n", encoding="utf-8")
        with pytest.raises(TreebankError, match="2 columns instead of 10"):
            read_part(tmp_path, "train")


class TestNoise:
    def test_swapped(self, treebank: Path) -> None:
        """Final alef maqsura and ta marbuta are written as many write them."""
        assert swapped(read_part(treebank, "train")[0]).text == "زارت الطبيبه مستشفي وامها."

    def test_headline(self, treebank: Path) -> None:
        """The full stop goes, and its row with it."""
        tree = headline(read_part(treebank, "train")[0])
        assert tree.text == "زارت الطبيبة مستشفى وامها"
        assert len(tree.rows) == 5

    def test_requoted(self, treebank: Path) -> None:
        """Without quotes nothing changes."""
        tree = read_part(treebank, "train")[0]
        assert requoted(tree, "«»") == tree

    def test_seeded(self, treebank: Path) -> None:
        """The same seed gives the same copies, and every copy differs from its original."""
        trees = read_part(treebank, "train")
        assert noisy_copies(trees, 1, 3) == noisy_copies(trees, 1, 3)
        assert all(c.text != trees[0].text for c in noisy_copies(trees, 1, 3))


class TestFiles:
    def test_round_trip(self, treebank: Path, tmp_path: Path) -> None:
        """What is written is read back."""
        trees = read_part(treebank, "train")
        write_trees(trees, tmp_path / "again-test.conllu")
        assert [t.spans for t in read_part(tmp_path, "test")] == [t.spans for t in trees]

    def test_labels(self, treebank: Path, tmp_path: Path) -> None:
        """One label a character: 1 ends a token, 3 a token of several words, 2 a sentence."""
        write_tokenizer_files(read_part(treebank, "dev"), tmp_path / "t", 1)
        text, labels = (tmp_path / "t.txt").read_text(encoding="utf-8"), (tmp_path / "t.labels").read_text(encoding="utf-8")
        assert len(text) == len(labels)
        assert labels.strip() == "00010" + "00000010" + "0000010" + "00003" + "2"

    def test_unexpanded(self, treebank: Path, tmp_path: Path) -> None:
        """Tokens of several words are one word with a mark."""
        write_trees(unexpanded(read_part(treebank, "dev")), tmp_path / "u.conllu")
        assert "4\tوامها\t_\tX\t_\t_\t3\tdep\t_\tMWT=Yes|SpaceAfter=No" in (tmp_path / "u.conllu").read_text(encoding="utf-8")

    def test_retag(self, treebank: Path, tmp_path: Path) -> None:
        """Tags are replaced, a copy without its full stop takes the first ones."""
        write_trees([headline(t) for t in read_part(treebank, "dev")], tmp_path / "h.conllu")
        retag(tmp_path / "h.conllu", {"c#1": ["A", "B", "C", "D", "E", "F"]}, tmp_path / "r-test.conllu")
        assert [r[3] for r in read_part(tmp_path, "test")[0].rows] == list("ABCDE")

    def test_manifest(self, tmp_path: Path) -> None:
        """Every weights file stands with its hash."""
        (tmp_path / "pos.pt").write_bytes(b"x")
        (tmp_path / "whole_words.txt").write_text("باب\n", encoding="utf-8")
        write_manifest(tmp_path)
        lines = (tmp_path / "MANIFEST.sha256").read_text(encoding="utf-8").splitlines()
        assert lines[0] == f"{hashlib.sha256(b'x').hexdigest()}  pos.pt"
        assert lines[1].endswith("  whole_words.txt")


class TestWordLists:
    def test_looks_cut(self) -> None:
        """A clitic before a word that is more frequent by itself."""
        counts = Counter({"وقال": 5, "قال": 50, "واشنطن": 9, "كتابها": 3, "كتاب": 8})
        assert [w for w in counts if looks_cut(w, counts)] == ["وقال", "كتابها"]
        assert lexicon(counts) == ["قال", "كتاب", "واشنطن"]

    def test_word_list(self, treebank: Path) -> None:
        """Words never cut, if they look like clitics or are frequent; cut ones with a hyphen."""
        listed = word_list(read_part(treebank, "train"), Counter())
        assert "-وامها" in listed
        assert ("زارت" in listed) == (CERTAIN_COUNT <= 3)


class TestStages:
    def test_kept(self, tmp_path: Path) -> None:
        """A stage whose output is there is not run again."""
        plan = Plan(tmp_path, tmp_path / "to")
        plan.work.mkdir(parents=True)
        (plan.work / "pos.pt").write_bytes(b"done")
        said: list[str] = []
        run_stage(plan, said.append, "no_such_trainer", "pos.pt", [])
        assert said == ["pos.pt: there already"]

    def test_failed(self, tmp_path: Path) -> None:
        """A stage that fails is named with its log, and leaves no output behind."""
        plan = Plan(tmp_path, tmp_path / "to")
        plan.work.mkdir(parents=True)
        with pytest.raises(TrainingError, match="pos.pt failed"):
            run_stage(plan, lambda _: None, "no_such_trainer", "pos.pt", [])
        assert not (plan.work / "pos.pt").exists()
