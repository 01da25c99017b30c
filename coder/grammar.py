"""School grammar (النحو) for what the coder has read: tags, relations and the parts of a clause, in Arabic terms with English beside them.

The reader needs no Universal Dependencies: nsubj is called فاعل fāʿil "subject", obl جار ومجرور jārr wa-majrūr "preposition with its noun".
"""

from collections.abc import Iterator

from attrs import frozen

from coder.clauses import Clause
from coder.model import Token

TAGS = {
    "VERB": ("فعل", "verb"), "AUX": ("فعل ناقص", "auxiliary verb"), "NOUN": ("اسم", "noun"), "PROPN": ("اسم علم", "proper noun"),
    "ADJ": ("صفة", "adjective"), "ADP": ("حرف جر", "preposition"), "PRON": ("ضمير", "pronoun"), "NUM": ("عدد", "number"), "ADV": ("ظرف", "adverb"),
    "CCONJ": ("حرف عطف", "conjunction"), "SCONJ": ("حرف مصدري", "subordinator"), "PART": ("حرف", "particle"), "DET": ("اسم إشارة", "determiner"),
    "PUNCT": ("علامة ترقيم", "punctuation"), "INTJ": ("حرف نداء", "interjection"), "X": ("لفظ", "foreign or unknown word"), "SYM": ("رمز", "symbol"),
}  # fmt: skip
RELATIONS = {
    "root": ("أصل الجملة", "head of the sentence"), "nsubj": ("فاعل أو مبتدأ", "subject"), "nsubj:pass": ("نائب فاعل", "subject of a passive"),
    "csubj": ("جملة فاعل", "clause as subject"), "obj": ("مفعول به", "direct object"), "iobj": ("مفعول به ثان", "second object"),
    "obl": ("جار ومجرور", "preposition with its noun"), "nmod": ("مضاف إليه أو جار ومجرور", "genitive, or preposition with its noun"),
    "amod": ("نعت", "adjective of a noun"), "nummod": ("عدد", "number"), "appos": ("بدل", "apposition"), "case": ("حرف جر", "preposition"),
    "cc": ("حرف عطف", "conjunction"), "conj": ("معطوف", "joined by a conjunction"), "mark": ("حرف مصدري", "word that opens a clause"),
    "det": ("اسم إشارة", "determiner"), "advmod": ("ظرف أو نفي", "adverb or negation"), "advcl": ("جملة حالية", "adverbial clause"),
    "acl": ("جملة نعت", "clause that describes a noun"), "acl:relcl": ("جملة الصلة", "relative clause"), "ccomp": ("جملة مفعول به", "clause as object"),
    "xcomp": ("مصدر مؤول", "complement that shares its subject"), "parataxis": ("جملة مستأنفة", "clause beside another"), "cop": ("فعل ناقص", "copula"),
    "aux": ("فعل مساعد", "auxiliary"), "flat": ("اسم مركب", "part of a name"), "fixed": ("تركيب ثابت", "part of a fixed phrase"),
    "compound": ("اسم مركب", "part of a compound"), "punct": ("علامة ترقيم", "punctuation"), "vocative": ("منادى", "person called"),
    "discourse": ("حرف", "particle"), "dislocated": ("مبتدأ مقدم", "topic put first"), "dep": ("تابع", "dependent, unclear how"),
}  # fmt: skip
# What a word above does to the event below it, in plain words.
EFFECTS = {
    "light": "it only lends its subject", "passive": "it tells that it was done", "undergo": "its subject suffers it", "happen": "it tells that it took place",
    "aspect": "it tells that it began, goes on or stopped", "attempt": "it is tried", "intend": "it is planned", "able": "it is possible",
    "hypothetical": "it is only thought of", "negated": "it did not happen", "end": "it was ended", "deny": "it is denied", "accuse": "it is alleged",
    "say": "it is reported", "result": "it followed from something", "appeal": "it is asked for", "demand": "it is demanded",
    "reject": "it is refused", "threaten": "it is threatened",
}  # fmt: skip
FRAMES = {
    "object": "from the subject (فاعل) to the direct object (مفعول به)",
    "preposition": "from the subject (فاعل) to the noun after the preposition (مجرور)",
    "none": "from the subject (فاعل); a target only after ضد، على، إلى",
    "reciprocal": "from each party to every other",
    "mediation": "from the mediator to each party",
    "undergo": "to the one who suffers it (نائب فاعل)",
    "possession": "from the subject (فاعل) to the owner of the object (مضاف إليه)",
}


@frozen
class Part:
    """One part of a clause: the Arabic term, the English one, the words that fill it ("" where it is left out), and how it was found."""

    arabic: str
    english: str
    words: str
    note: str = ""


def relation(deprel: str) -> tuple[str, str]:
    """Arabic and English name of a relation of the tree; finer relations by the coarser one's name where they have none."""
    return RELATIONS.get(deprel) or RELATIONS.get(deprel.partition(":")[0]) or (deprel, deprel)


def tag_name(upos: str) -> tuple[str, str]:
    """Arabic and English name of a part of speech."""
    return TAGS.get(upos, (upos, upos))


def parts(clause: Clause, passive: bool | None = None) -> Iterator[Part]:
    """The clause read in the terms of school grammar: its word, who does it, to whom, what stands after prepositions, what is above it.
    `passive` tells how a verb was read whose spelling shows neither (قتل qatala "killed", qutila "was killed")."""
    passive = (clause.passive if passive is None else passive) and clause.reading.kind == "verb"
    yield _trigger(clause, passive)
    if clause.reading.kind == "masdar":
        if clause.object is not None and clause.object.head is not None:
            yield Part("مضاف إليه", "genitive (doer or object of the noun)", phrase(clause.object.head), clause.object.rule)
    else:
        doer = ("نائب فاعل", "subject of the passive") if passive else ("فاعل", "subject")
        if clause.subject is not None:
            yield Part(*doer, phrase(clause.subject.head) if clause.subject.head is not None else "", clause.subject.rule)
        else:
            yield Part("ضمير مستتر", "subject left out", "", "taken from the story so far, if it names anybody")
        if clause.object is not None and clause.object.head is not None:
            yield Part("مفعول به", "direct object", phrase(clause.object.head), clause.object.rule)
    for child in clause.token.children:
        if child.deprel.startswith(("obl", "nmod")) and any(c.deprel == "case" for c in child.children):
            yield Part("جار ومجرور", "preposition with its noun", phrase(child))
    for governor in clause.governors:
        effect = EFFECTS.get(governor.effect, governor.effect)
        yield Part("فعل قبله" if governor.token.upos == "VERB" else "لفظ قبله", "word above it", governor.token.form, f"{governor.effect}: {effect}")
    for on, names in (
        (clause.negated, ("نفي", "negation")),
        (clause.future, ("مستقبل", "future")),
        (clause.hypothetical, ("شرط أو احتمال", "condition or possibility")),
    ):
        if on:
            yield Part(*names, "", "so it is not told as a fact")


def _trigger(clause: Clause, passive: bool) -> Part:
    reading, token = clause.reading, clause.token
    if reading.kind == "masdar":
        return Part("مصدر", "verbal noun", token.form, f"of {reading.citation}")
    if reading.kind == "participle":
        return Part(
            "اسم مفعول (حال)" if reading.voice == "pass" else "اسم فاعل (حال)",
            "participle telling a circumstance",
            token.form,
            f"of {reading.citation}",
        )
    tense = {"past": ("ماض", "past"), "present": ("مضارع", "present")}.get(reading.tense, ("", ""))
    voice = ("مبني للمجهول", "passive") if passive else ("مبني للمعلوم", "active")
    return Part(
        f"فعل {tense[0]} {voice[0]}".replace("  ", " "), f"verb, {tense[1]} {voice[1]}".replace("  ", " "), token.form, f"of {reading.citation}"
    )


def phrase(head: Token) -> str:
    """The words of a phrase in the order of the text: what hangs closely on its head, but no clause and no further member."""
    words = sorted(_close(head), key=lambda t: t.id)
    return " ".join(t.form for t in words)


def _close(head: Token) -> Iterator[Token]:
    yield head
    for child in head.children:
        if child.deprel in ("amod", "nummod", "det", "case", "flat", "appos") or child.deprel.startswith("nmod") and abs(child.id - head.id) < 6:
            yield from _close(child)
