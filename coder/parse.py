"""Text to trees, by Stanza's own Pipeline with the weights that ship with waqai. The only module that imports stanza."""

import bisect
import contextlib
import hashlib
import importlib.metadata
import json
import logging
import tempfile
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import islice
from pathlib import Path
from typing import Any

from coder.conllu import link, normalise_root
from coder.model import Sentence, Story, Token
from coder.sentences import Located, gather, mend_ends, paragraphs, pieces
from coder.text import CleanText, bare_alefs, clean, fold

WEIGHTS = Path(__file__).with_name("weights")
_PROCESSORS = ("tokenize", "mwt", "pos", "lemma", "depparse")
_RULES = 4  # raised when the rules of this module change, so that stores of older rules are known
_BATCH_SIZES = {"tokenize": 32, "mwt": 100, "pos": 1000, "lemma": 300, "depparse": 700}  # paragraphs, words, sentences, words, words
_MAX_WORDS_TAGGED = 2_000  # by one batch of the tagger
_SPELLINGS_AT_ONCE = 256
_CLITICS_1, _CLITICS_2 = "وف", "بلك"  # wa- and, fa- then; bi- by, li- to, ka- like
_PRONOUNS = ("هما", "ها", "هم", "هن", "نا", "ه")  # their (two), her, their, their (f.), our, his
_SHORT_VERBS = frozenset({"شن", "حث"})  # launched, urged: behind و they make no other word
_DAMMA = "\u064f"


_AGAIN = "run `waqai models download` again: files that are whole are kept"


class ParserError(RuntimeError):
    """The parser cannot start: weights are missing, altered or not downloaded. The message names the file and the remedy."""


class Parser:
    """Parses stories. `package` is "shipped" (weights of this package) or "official" (Stanza's own `ar`, downloaded before);
    `whole_words` are folded spellings that the tokenizer must not cut (Dictionaries.whole_words). Raises ParserError."""

    def __init__(self, package: str = "shipped", whole_words: frozenset[str] = frozenset(), weights: Path = WEIGHTS) -> None:
        self.whole_words = self._named = whole_words
        self._spelled = bare_alefs if package == "shipped" else str  # as the weights' training text was spelled
        if package == "shipped":
            self._pipeline = _shipped_pipeline(weights)
            listed = (weights / "whole_words.txt").read_text(encoding="utf-8").split()
            # Treebanks leave some conjunctions uncut: what is a dictionary word after و or ف is cut all the same.
            self.whole_words |= {w for w in listed if not (w[0] in _CLITICS_1 and len(w) > 4 and w[1:] in whole_words)}
            self.whole_words -= {w[1:] for w in listed if w[0] == "-"}  # the treebank mostly cuts these
        else:
            self._pipeline = _official_pipeline()
        self._spellings = _tune(self._pipeline)

    def parse(self, story: Story) -> list[Sentence]:
        """The sentences of `story`, numbered from 1, all offsets in `story.text`."""
        return self.parse_many([story])[0]

    def parse_many(self, stories: Sequence[Story]) -> list[list[Sentence]]:
        """The sentences of each story, in the order of `stories`. Their paragraphs are parsed together: much faster than one by one."""
        cleaned = [clean(story.text) for story in stories]
        results: list[list[Sentence]] = [[] for _ in stories]
        located = [Located(i, paragraph) for i, text in enumerate(cleaned) for paragraph in paragraphs(text.text)]
        with _fast_arithmetic():
            for batch in gather(located):
                for place, shift, parsed in self._parse_batch(batch):
                    i = place.story
                    number = len(results[i]) + 1
                    results[i].append(_to_sentence(parsed, stories[i], cleaned[i], shift, number, place.paragraph.number))
        return results

    def _parse_batch(self, batch: list[Located]) -> Iterator[tuple[Located, int, Any]]:
        """Each parsed sentence with its paragraph, and what leads from its offsets to those of the cleaned story."""
        for spellings in self._spellings:
            spellings.forget()
        step = self._pipeline.processors  # one by one: Pipeline.process would expand multi-word tokens on its own
        document = step["tokenize"].process(self._spelled("\n\n".join(p.paragraph.text for p in batch)))
        document = self._mend(document)
        if not document.sentences:
            return
        document = step["pos"].process(document)
        self._lemmatise(document)
        document = step["depparse"].process(document)
        starts, position = [], 0
        for place in batch:
            starts.append(position)
            position += len(place.paragraph.text) + 2
        for parsed in document.sentences:
            index = bisect.bisect_right(starts, parsed.tokens[0].start_char) - 1
            yield batch[index], batch[index].paragraph.start - starts[index], parsed

    def _mend(self, document: Any) -> Any:
        """Cut multi-word tokens, undo cuts inside known words, make cuts before them, and break sentences that are too long."""
        from stanza.models.common.doc import Document

        cuts = self._expansions(document)
        sentences = mend_ends([s.tokens for s in document.sentences], document.text)
        return Document([self._rows(piece, cuts) for sentence in sentences for piece in pieces(sentence)], text=document.text)

    def _rows(self, tokens: list[Any], cuts: dict[str, list[str]]) -> list[dict[str, Any]]:
        """A sentence as Stanza's Document takes it."""
        rows: list[dict[str, Any]] = []
        count = 1
        for token in tokens:
            predicted = cuts.get(token.text) if _is_multiple(token) else None
            parts = self.segment(token.text, predicted or [word.text for word in token.words])
            span = {"start_char": token.start_char, "end_char": token.end_char}
            if len(parts) == 1:
                rows.append({"id": count, "text": parts[0], **span})
            else:
                rows.append({"id": (count, count + len(parts) - 1), "text": token.text, **span})
                rows.extend({"id": count + i, "text": part} for i, part in enumerate(parts))
            count += len(parts)
        return rows

    def _expansions(self, document: Any) -> dict[str, list[str]]:
        """The words of each multi-word token that occurs, each looked up once: the model sees nothing but the token."""
        from stanza.models.common.doc import Document

        found = sorted({t.text for s in document.sentences for t in s.tokens if _is_multiple(t)}, key=lambda text: (len(text), text))
        if not found:
            return {}
        rows = [{"id": i, "text": text, "misc": "MWT=Yes"} for i, text in enumerate(found, 1)]
        expanded = self._pipeline.processors["mwt"].process(Document([rows]))
        return {token.text: [word.text for word in token.words] for token in expanded.sentences[0].tokens}

    def _lemmatise(self, document: Any) -> None:
        """Give every word its lemma, each pair of word and part of speech looked up once: the model sees nothing else."""
        from stanza.models.common.doc import Document

        words = [word for sentence in document.sentences for word in sentence.words]
        pairs = sorted({(word.text, word.upos) for word in words}, key=lambda pair: (len(pair[0]), pair))
        rows = [{"id": i, "text": text, "upos": upos} for i, (text, upos) in enumerate(pairs, 1)]
        known = self._pipeline.processors["lemma"].process(Document([rows]))
        lemmas = {(word.text, word.upos): word.lemma for word in known.sentences[0].words}
        for word in words:
            word.lemma = lemmas[word.text, word.upos]

    def segment(self, surface: str, predicted: list[str]) -> list[str]:
        """The words of one written word: the lexicon's cut where it knows the word, else the predicted one."""
        found = self._known_cut(surface, predicted)
        if len(found) < 2 or len(found) != len(predicted) or found[-1] not in _PRONOUNS:
            return found
        if fold(found[-2]) in self.whole_words and fold(predicted[-2]) not in self.whole_words:
            return found  # a verb keeps its ending: خطفت + ه "she kidnapped him"
        return predicted  # the expander restores stems: زيارة + ه, not زيارت + ه

    def _known_cut(self, surface: str, predicted: list[str]) -> list[str]:
        key = fold(surface)
        if not key or len(key) != len(surface):  # marks alone; a hamza on the line (لجوء, لقاء) has no letter in the key
            return self._before_hamza(surface) or predicted
        found = self._stem(surface, key, len(predicted) > 1)
        if found:
            return found
        if key[0] == "و" and key[1:] in _SHORT_VERBS:
            return [surface[0], surface[1:]]
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

    def _before_hamza(self, surface: str) -> list[str]:
        """A word that ends in a hamza on the line, cut before its stem if need be (بإنهاء = ب + إنهاء); [] if the lexicon lacks it."""
        for cut in (0, 1, 2) if surface.endswith("ء") else ():
            stem = bare_alefs(surface[cut:])
            if (stem in self._named or fold(stem) in self.whole_words) and (cut == 0 or _is_prefix(surface[:cut])):
                return [*surface[:cut], surface[cut:]]
        return []

    def _stem(self, surface: str, key: str, cut: bool) -> list[str]:
        """The word whole, or before a possessive clitic (سفيرها -> سفير + ها), if the lexicon has it; [] if not."""
        if key in self.whole_words:
            return [surface]
        for clitic in _PRONOUNS:
            stem = key[: -len(clitic)]
            if key.endswith(clitic) and surface.endswith(clitic) and len(stem) >= (3 if cut else 4) and stem in self.whole_words:
                return [surface[: len(stem)], surface[len(stem) :]]
            if key.endswith("و" + clitic) and surface.endswith(clitic) and len(stem) > 3 and stem + "ا" in self.whole_words:
                return [surface[: len(stem)] + "ا", surface[len(stem) :]]  # خطفوه = خطفوا + ه "they kidnapped him"
        return []


def _is_multiple(token: Any) -> bool:
    """Whether the tokenizer takes the token for several words."""
    return "MWT=Yes" in (token.misc or "")


def _is_prefix(letters: str) -> bool:
    """wa- or fa-, then bi-, li- or ka-, or one of them alone."""
    return letters[-1] in _CLITICS_2 and letters[:-1] in ("", *_CLITICS_1) or letters in tuple(_CLITICS_1)


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


def parser_digest(package: str = "shipped", weights: Path = WEIGHTS) -> str:
    """What tells parses of one parser from those of another: the weights' hashes and the version of our rules; without loading anything."""
    if package == "shipped":
        manifest = weights / "MANIFEST.sha256"
        named = hashlib.sha256(manifest.read_bytes()).hexdigest()[:16] if manifest.is_file() else "missing"
    else:
        named = importlib.metadata.version("stanza")
    return f"{package}-{named}-{_RULES}"


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


def plain_pipeline(weights: Path = WEIGHTS) -> Any:
    """The shipped weights in Stanza's own pipeline, untuned: for comparison."""
    return _shipped_pipeline(weights)


def _tune(pipeline: Any) -> list["_Spellings"]:
    """Make a pipeline fast on a CPU, its answers unchanged: larger batches, each spelling read once a batch."""
    for name, size in _BATCH_SIZES.items():
        pipeline.processors[name].config["batch_size"] = size
    pipeline.processors["pos"].config["batch_maximum_tokens"] = _MAX_WORDS_TAGGED
    networks = [pipeline.processors[name].trainer.model for name in ("pos", "depparse")]
    return [_Spellings(network.charmodel) for network in networks if hasattr(network, "charmodel")]


@contextlib.contextmanager
def _fast_arithmetic() -> Iterator[None]:
    """No gradients, trees by our own search, and one thread: more processes (`--jobs`) gain more, and a fixed number keeps the last digits
    of the arithmetic the same. All is put back afterwards, for other users of torch and stanza in the process."""
    import torch
    from stanza.models.depparse import head_constraints, model

    from coder.trees import single_root_tree

    threads, search = torch.get_num_threads(), model.chuliu_edmonds_one_root
    torch.set_num_threads(1)
    head_constraints.chuliu_edmonds_one_root = model.chuliu_edmonds_one_root = single_root_tree
    try:
        with torch.inference_mode():
            yield
    finally:
        head_constraints.chuliu_edmonds_one_root = model.chuliu_edmonds_one_root = search
        torch.set_num_threads(threads)


class _Spellings:
    """Stands before a character model, so that it reads each spelling once while one batch of text is parsed, a few at a time (which keeps
    the arithmetic in the processor's cache). What was read is forgotten at the next batch: results never depend on earlier texts."""

    def __init__(self, characters: Any) -> None:
        self._read, self._rows, self._table = characters.forward, dict[bytes, int](), None
        characters.forward = self

    def forget(self) -> None:
        """Begin a new batch of text."""
        self._rows, self._table = {}, None

    def __call__(self, chars: Any, mask: Any, order: Any, sentence_lengths: Any, word_lengths: Any) -> Any:
        """The character model's answer for the words of some sentences, sorted by length as `order` says."""
        from stanza.models.common.utils import tensor_unsort
        from torch.nn.utils.rnn import pack_sequence

        keys = [row[:length].tobytes() for row, length in zip(chars.numpy(), word_lengths, strict=True)]
        new = [i for key, i in {key: i for i, key in enumerate(keys)}.items() if key not in self._rows]
        for first in range(0, len(new), _SPELLINGS_AT_ONCE):
            self._learn(chars, mask, word_lengths, keys, new[first : first + _SPELLINGS_AT_ONCE])
        known = self._table[[self._rows[key] for key in keys]]  # type: ignore[index]
        return pack_sequence(tensor_unsort(known, order).split(sentence_lengths))

    def _learn(self, chars: Any, mask: Any, word_lengths: Any, keys: list[bytes], chosen: list[int]) -> None:
        import torch

        lengths = [word_lengths[i] for i in chosen]
        packed = self._read(chars[chosen, : lengths[0]], mask[chosen, : lengths[0]], list(range(len(chosen))), [len(chosen)], lengths)
        self._rows.update({keys[i]: row for row, i in enumerate(chosen, len(self._rows))})
        self._table = packed.data if self._table is None else torch.cat((self._table, packed.data))


def _official_pipeline() -> Any:
    stanza = _import_stanza()
    try:
        return stanza.Pipeline("ar", processors=",".join(_PROCESSORS), download_method=None, verbose=False)
    except Exception as error:  # stanza raises several kinds for a missing package
        raise ParserError(
            f"Stanza's official Arabic package is not on this machine; get it with `waqai models download` ({type(error).__name__})"
        ) from error


def download_official(resources: str = "", folder: Path | None = None) -> None:
    """Fetch Stanza's official Arabic package (about 200 MB) into Stanza's own folder, or `folder`; `resources` names another server than
    Stanza's. Every file is checked by its md5, files that are whole are not fetched again. Raises ParserError where a download breaks."""
    stanza = _import_stanza()
    options = {**({"resources_url": resources.rstrip("/")} if resources else {}), **({"model_dir": str(folder)} if folder else {})}
    try:
        stanza.download("ar", processors=",".join(_PROCESSORS), verbose=True, **options)
    except KeyboardInterrupt as error:
        raise ParserError(f"the download was interrupted ({_AGAIN})") from error
    except OSError as error:  # requests' errors are of this kind too
        raise ParserError(f"the download broke off: {error} (check the network and the room on the disk; {_AGAIN})") from error
    except (KeyError, ValueError) as error:  # a wrong md5, a page that is no JSON, a server without Arabic
        raise ParserError(f"the download is broken: {error} ({_AGAIN}; if it stays so, --resources may name the wrong server)") from error


def _import_stanza() -> Any:
    try:
        import stanza
    except ImportError as error:
        raise ParserError(f"stanza cannot be imported: {error} (pip install -c constraints.txt waqai)") from error
    logging.getLogger("stanza").setLevel(logging.ERROR)
    return stanza
