"""Text to trees, by Stanza's own Pipeline with the weights that ship with waqai. The only module that imports stanza."""

import hashlib
import json
import logging
import tempfile
from collections.abc import Iterable, Iterator
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from typing import Any

from attrs import frozen

from coder.conllu import link, normalise_root
from coder.model import Sentence, Story, Token
from coder.text import CleanText, bare_alefs, clean, fold

WEIGHTS = Path(__file__).with_name("weights")
_PROCESSORS = ("tokenize", "mwt", "pos", "lemma", "depparse")
_MAX_PARAGRAPH = 5_000  # characters given to the tokenizer at once
_MAX_WORDS = 150  # words given to the parser as one sentence
_CLITICS_1, _CLITICS_2 = "وف", "بلك"  # wa- and, fa- then; bi- by, li- to, ka- like
_PRONOUNS = ("هما", "ها", "هم", "هن", "نا", "ه")  # their (two), her, their, their (f.), our, his
_DAMMA = "\u064f"


class ParserError(RuntimeError):
    """The parser cannot start: weights are missing, altered or not downloaded. The message names the file and the remedy."""


@frozen
class Paragraph:
    """A cleaned paragraph and the offset of its first character in the cleaned story."""

    text: str
    start: int
    number: int


class Parser:
    """Parses stories. `package` is "shipped" (weights of this package) or "official" (Stanza's own `ar`, downloaded before);
    `whole_words` are folded spellings that the tokenizer must not cut (Dictionaries.whole_words). Raises ParserError."""

    def __init__(self, package: str = "shipped", whole_words: frozenset[str] = frozenset(), weights: Path = WEIGHTS) -> None:
        self.whole_words = whole_words
        self._spelled = bare_alefs if package == "shipped" else str  # as the weights' training text was spelled
        if package == "shipped":
            self._pipeline = _shipped_pipeline(weights)
            listed = (weights / "whole_words.txt").read_text(encoding="utf-8").split()
            # Treebanks leave some conjunctions uncut: what is a dictionary word after و or ف is cut all the same.
            self.whole_words |= {w for w in listed if not (w[0] in _CLITICS_1 and len(w) > 4 and w[1:] in whole_words)}
            self.whole_words -= {w[1:] for w in listed if w[0] == "-"}  # the treebank mostly cuts these
        else:
            self._pipeline = _official_pipeline()

    def parse(self, story: Story) -> list[Sentence]:
        """The sentences of `story`, numbered from 1, all offsets in `story.text`."""
        cleaned = clean(story.text)
        sentences: list[Sentence] = []
        for batch in _batches(_paragraphs(cleaned.text)):
            sentences.extend(self._parse_batch(batch, story, cleaned, len(sentences)))
        return sentences

    def _parse_batch(self, paragraphs: list[Paragraph], story: Story, cleaned: CleanText, before: int) -> Iterator[Sentence]:
        document = self._pipeline.process(self._spelled("\n\n".join(p.text for p in paragraphs)), processors="tokenize,mwt")
        document = self._mend(document)
        document = self._pipeline.process(document, processors="pos,lemma,depparse")
        starts, position = [], 0
        for paragraph in paragraphs:
            starts.append(position)
            position += len(paragraph.text) + 2
        for offset, parsed in enumerate(document.sentences):
            first = parsed.tokens[0].start_char
            index = max(i for i, s in enumerate(starts) if s <= first)
            shift = paragraphs[index].start - starts[index]
            yield _to_sentence(parsed, story, cleaned, shift, before + offset + 1, paragraphs[index].number)

    def _mend(self, document: Any) -> Any:
        """Undo cuts inside known words, make cuts before them, and break sentences that are too long for the parser."""
        from stanza.models.common.doc import Document

        sentences = []
        for sentence in document.sentences:
            for piece in _pieces(sentence.tokens):
                rows: list[dict[str, Any]] = []
                for token in piece:
                    parts = self.segment(token.text, [w.text for w in token.words])
                    first = sum(1 for r in rows if isinstance(r["id"], int)) + 1
                    span = {"start_char": token.start_char, "end_char": token.end_char}
                    if len(parts) == 1:
                        rows.append({"id": first, "text": parts[0], **span})
                    else:
                        rows.append({"id": (first, first + len(parts) - 1), "text": token.text, **span})
                        rows.extend({"id": first + i, "text": part} for i, part in enumerate(parts))
                sentences.append(rows)
        return Document(sentences, text=document.text)

    def segment(self, surface: str, predicted: list[str]) -> list[str]:
        """The words of one written word: the lexicon's cut where it knows the word, else the predicted one."""
        found = self._known_cut(surface, predicted)
        return predicted if len(found) == len(predicted) else found  # the expander restores stems: زيارة + ه, not زيارت + ه

    def _known_cut(self, surface: str, predicted: list[str]) -> list[str]:
        key = fold(surface)
        if len(key) != len(surface):
            return predicted
        found = self._stem(surface, key, len(predicted) > 1)
        if found:
            return found
        for cut in (1, 2):
            prefix, rest = key[:cut], key[cut:]
            if len(rest) < 3 or not _is_prefix(prefix):
                break
            if prefix[-1] == "ل" and rest.startswith("ل") and "ا" + rest in self.whole_words:  # للسلطة = ل + السلطة
                return [*surface[:cut], "ا" + surface[cut:]]
            found = self._stem(surface[cut:], rest, len(predicted) > 1) if len(predicted) > 1 or len(rest) > 3 else []
            if found:
                return [*surface[:cut], *found]
        return predicted

    def _stem(self, surface: str, key: str, cut: bool) -> list[str]:
        """The word whole, or before a possessive clitic (سفيرها -> سفير + ها), if the lexicon has it; [] if not."""
        if key in self.whole_words:
            return [surface]
        for clitic in _PRONOUNS:
            stem = key[: -len(clitic)]
            if key.endswith(clitic) and surface.endswith(clitic) and len(stem) >= (3 if cut else 4) and stem in self.whole_words:
                return [surface[: len(stem)], surface[len(stem) :]]
        return []


def _is_prefix(letters: str) -> bool:
    """wa- or fa-, then bi-, li- or ka-, or one of them alone."""
    return letters[-1] in _CLITICS_2 and letters[:-1] in ("", *_CLITICS_1) or letters in tuple(_CLITICS_1)


def _paragraphs(text: str) -> Iterator[Paragraph]:
    """Lines of the cleaned text that hold anything, long ones cut at punctuation or blanks."""
    position = number = 0
    for line in text.split("\n"):
        start = position
        while line.strip():
            cut = len(line) if len(line) <= _MAX_PARAGRAPH else _cut_place(line)
            lead = len(line[:cut]) - len(line[:cut].lstrip())
            if line[:cut].strip():
                yield Paragraph(line[lead:cut].rstrip().replace("\t", " "), start + lead, number)
            start += cut
            line = line[cut:]
        number += 1
        position = text.find("\n", start) + 1 if text.find("\n", start) >= 0 else len(text)


def _cut_place(line: str) -> int:
    """Where to cut a monstrous line: after its last full stop, comma or blank within the bound, else at the bound."""
    for mark in (".", "؛", "،", " "):
        place = line.rfind(mark, _MAX_PARAGRAPH // 2, _MAX_PARAGRAPH)
        if place > 0:
            return place + 1
    return _MAX_PARAGRAPH


def _batches(paragraphs: Iterable[Paragraph]) -> Iterator[list[Paragraph]]:
    batch: list[Paragraph] = []
    size = 0
    for paragraph in paragraphs:
        if batch and size + len(paragraph.text) > 2 * _MAX_PARAGRAPH:
            yield batch
            batch, size = [], 0
        batch.append(paragraph)
        size += len(paragraph.text)
    if batch:
        yield batch


def _pieces(tokens: list[Any]) -> Iterator[list[Any]]:
    """A sentence as it is, or cut at punctuation into pieces of at most `_MAX_WORDS` words."""
    while len(tokens) > _MAX_WORDS:
        cut = next((i + 1 for i in range(_MAX_WORDS - 1, _MAX_WORDS // 2, -1) if tokens[i].text in "،؛.:"), _MAX_WORDS)
        yield tokens[:cut]
        tokens = tokens[cut:]
    if tokens:
        yield tokens


def _to_sentence(parsed: Any, story: Story, cleaned: CleanText, shift: int, number: int, paragraph: int) -> Sentence:
    tokens: list[Token] = []
    for written in parsed.tokens:
        begin, end = written.start_char + shift, written.end_char + shift
        joined = "".join(w.text for w in written.words) == written.text
        forms = _respelled([w.text for w in written.words], cleaned.text[begin:end])
        for word, form in zip(written.words, forms, strict=True):
            stop = min(begin + len(word.text), end) if joined and len(written.words) > 1 else end
            first, last = cleaned.span(begin, max(stop, begin + 1))
            tokens.append(_token(word, form, first, last, story.text))
            begin = stop if joined and len(written.words) > 1 else begin
    normalise_root(tokens)
    link(tokens)
    start, stop = tokens[0].start, tokens[-1].end
    return Sentence(number, story.text[start:stop], start, stop, tokens, paragraph)


def _respelled(words: list[str], surface: str) -> list[str]:
    """The words of a written word with the hamzas that it is written with."""
    joined = "".join(words)
    letters = list(joined)
    for place, other, size in SequenceMatcher(None, bare_alefs(surface), joined, autojunk=False).get_matching_blocks():
        letters[other : other + size] = surface[place : place + size]
    rest = iter(letters)
    return ["".join(islice(rest, len(word))) for word in words]


def _token(word: Any, form: str, start: int, end: int, text: str) -> Token:
    feats = dict(pair.split("=", 1) for pair in (word.feats or "").split("|") if "=" in pair)
    if word.upos == "VERB" and text[start + 1 : start + 2] == _DAMMA and word.text[:1] not in "يتنس":
        feats["Voice"] = "Pass"  # the writer marked it: قُتل qutila
    return Token(word.id, form, word.lemma or "", word.upos or "X", feats, word.head or 0, word.deprel or "dep", start, end, fold(form))


# ---------------------------------------------------------------------------------------------------- pipelines


def check_weights(folder: Path = WEIGHTS) -> None:
    """Compare every weights file with its hash in MANIFEST.sha256. Raises ParserError naming the file and both hashes."""
    remedy = "reinstall waqai: pip install --force-reinstall waqai"
    manifest = folder / "MANIFEST.sha256"
    if not manifest.is_file():
        raise ParserError(f"no parser weights in {folder} ({remedy})")
    for line in manifest.read_text(encoding="utf-8").splitlines():
        expected, name = line.split()
        path = folder / name
        if not path.is_file():
            raise ParserError(f"missing weights file {path} ({remedy})")
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        if found != expected:
            raise ParserError(f"weights file {path} is cut or altered: sha256 {found[:16]}…, expected {expected[:16]}… ({remedy})")


def _shipped_pipeline(weights: Path) -> Any:
    check_weights(weights)
    stanza = _import_stanza()
    from stanza.models.common.foundation_cache import FoundationCache

    vectors = str(weights / "vectors.pt")
    cache = FoundationCache()
    pretrain = cache.load_pretrain(vectors)
    pretrain._emb = pretrain.emb.float()  # shipped in half precision
    folder = tempfile.mkdtemp(prefix="waqai-")
    Path(folder, "resources.json").write_text(json.dumps({"ar": {"lang_name": "Arabic"}}), encoding="utf-8")
    paths = {f"{p}_model_path": str(weights / f"{p}.pt") for p in _PROCESSORS}
    return stanza.Pipeline(
        "ar", dir=folder, processors=",".join(_PROCESSORS), download_method=None, allow_unknown_language=True, verbose=False,
        foundation_cache=cache, pos_pretrain_path=vectors, depparse_pretrain_path=vectors, **paths,
    )  # fmt: skip


def _official_pipeline() -> Any:
    stanza = _import_stanza()
    try:
        return stanza.Pipeline("ar", processors=",".join(_PROCESSORS), download_method=None, verbose=False)
    except Exception as error:  # stanza raises several kinds for a missing package
        raise ParserError(
            f"Stanza's official Arabic package is not on this machine; get it with `waqai models download` ({type(error).__name__})"
        ) from error


def download_official() -> None:
    """Fetch Stanza's official Arabic package (about 200 MB). Raises ParserError where the network does not give it."""
    stanza = _import_stanza()
    try:
        stanza.download("ar", processors=",".join(_PROCESSORS))
    except Exception as error:
        raise ParserError(f"the download failed: {error} (check the network and run `waqai models download` again)") from error


def _import_stanza() -> Any:
    try:
        import stanza
    except ImportError as error:
        raise ParserError(f"stanza cannot be imported: {error} (pip install -c constraints.txt waqai)") from error
    logging.getLogger("stanza").setLevel(logging.ERROR)
    return stanza
