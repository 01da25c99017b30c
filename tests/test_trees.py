"""The tree search: the same trees as Stanza's, and one root always."""

import itertools

import numpy as np
import pytest

from coder.trees import single_root_tree


def is_tree(heads):
    """Whether every word reaches the root."""
    for word in range(1, len(heads)):
        seen = set()
        while word and word not in seen:
            seen.add(word)
            word = heads[word]
        if word:
            return False
    return True


def best_by_trying_all(scores):
    """The best tree with one root among all."""
    size = len(scores)
    candidates = ((0, *heads) for heads in itertools.product(range(size), repeat=size - 1))
    trees = [h for h in candidates if sum(x == 0 for x in h[1:]) == 1 and all(x != i for i, x in enumerate(h) if i) and is_tree(h)]
    return max(trees, key=lambda h: sum(scores[i, h[i]] for i in range(1, size)))


@pytest.mark.parametrize("seed", range(40))
def test_it_finds_the_best_tree(seed):
    """Against all trees of up to four words, arcs from the root made tempting."""
    random = np.random.default_rng(seed)
    scores = random.normal(size=(2 + seed % 4,) * 2)
    scores[:, 0] += seed % 3
    assert tuple(single_root_tree(scores)) == best_by_trying_all(scores)


@pytest.mark.parser
def test_it_finds_the_trees_that_stanza_finds():
    """On random scores up to the length of long sentences."""
    from stanza.models.common.chuliu_edmonds import chuliu_edmonds_one_root

    random = np.random.default_rng(7)
    for size in (2, 3, 5, 9, 17, 33, 65):
        for _ in range(20):
            scores = random.normal(size=(size, size)).astype(np.float32) - 3
            assert (single_root_tree(scores) == chuliu_edmonds_one_root(scores)).all()
