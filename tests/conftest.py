"""Builders shared by the tests: trees written as short lines, and the shipped tables loaded once."""

import pytest

from coder.conllu import link
from coder.dictionaries import Dictionaries, load_dictionaries
from coder.model import Sentence, Token


@pytest.fixture(scope="session")
def tables() -> Dictionaries:
    """The shipped dictionaries."""
    return load_dictionaries()


def tree(*rows: str) -> Sentence:
    """A sentence from rows `form UPOS head deprel`; words are joined by blanks and offsets follow."""
    tokens, position = [], 0
    for number, row in enumerate(rows, 1):
        form, upos, head, deprel = row.split()
        tokens.append(Token(number, form, form, upos, {}, int(head), deprel, position, position + len(form)))
        position += len(form) + 1
    text = " ".join(t.form for t in tokens)
    return Sentence(1, text, 0, len(text), link(tokens))


@pytest.fixture
def make_tree():
    """The builder `tree`, as a fixture."""
    return tree
