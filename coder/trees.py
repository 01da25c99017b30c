"""The best tree with one root for a matrix of arc scores: what Stanza's decoder computes, many times faster.

Stanza penalises every arc from the root from the outset, which makes its search contract cycle after cycle although nearly every sentence
has one root anyway. Here the plain search goes first; a tree of one root that is best among all trees is best among those of one root.
"""

from typing import Any

import numpy as np

Scores = Any  # a float array: scores[d, h] is the score of h as the head of d, row and column 0 belong to the root
Heads = Any  # an int array: the head of each word, 0 at place 0


def single_root_tree(scores: Scores) -> Heads:
    """The heads of the highest-scoring tree in which exactly one word hangs on the root."""
    plain = np.array(scores, dtype=np.float64)
    heads = _best_tree(plain.copy())
    if np.count_nonzero(heads[1:] == 0) == 1:
        return heads
    finite = plain[np.isfinite(plain)]
    plain[:, 0] -= (finite.max() - finite.min() + 1) * len(plain)
    return _best_tree(plain)


def _best_tree(scores: Scores) -> Heads:
    """Chu-Liu/Edmonds: the best head of each word; while these form a cycle, the cycle is contracted into one node."""
    stack = []
    while True:
        np.fill_diagonal(scores, -np.inf)
        heads = scores.argmax(axis=1)
        heads[0] = 0
        cycle = _cycle(heads.tolist())
        if not cycle:
            break
        scores, expansion = _contract(scores, heads, np.array(cycle))
        stack.append((heads, *expansion))
    while stack:
        heads = _expand(heads, *stack.pop())
    return heads


def _cycle(heads: list[int]) -> list[int]:
    """One cycle of the graph in which each node points to its head, in ascending order; [] if there is none."""
    seen = [0] * len(heads)
    seen[0] = -1
    for start in range(1, len(heads)):
        node = start
        while not seen[node]:
            seen[node] = start
            node = heads[node]
        if seen[node] == start:
            cycle = [node]
            while heads[cycle[-1]] != node:
                cycle.append(heads[cycle[-1]])
            return sorted(cycle)
    return []


def _contract(scores: Scores, heads: Heads, cycle: Heads) -> tuple[Scores, tuple[Any, ...]]:
    """Scores with the nodes of `cycle` made one, the last; and what it takes to expand it again."""
    outside = np.ones(len(heads), dtype=bool)
    outside[cycle] = False
    others = outside.nonzero()[0]
    own = scores[cycle, heads[cycle]]
    into = scores[np.ix_(cycle, others)] - own[:, None] + own.sum()
    out = scores[np.ix_(others, cycle)]
    entry, exit_ = into.argmax(axis=0), out.argmax(axis=1)
    size = len(others)
    smaller = np.zeros((size + 1, size + 1))
    smaller[:size, :size] = scores[np.ix_(others, others)]
    smaller[size, :size] = into[entry, np.arange(size)]
    smaller[:size, size] = out[np.arange(size), exit_]
    return smaller, (cycle, others, entry, exit_)


def _expand(small: Heads, heads: Heads, cycle: Heads, others: Heads, entry: Heads, exit_: Heads) -> Heads:
    """Heads of the graph before contraction, from those after it."""
    size = len(others)
    tree = np.empty_like(heads)
    tree[cycle] = heads[cycle]
    on_cycle = small[:size] == size
    tree[others] = np.where(on_cycle, cycle[exit_], others[np.minimum(small[:size], size - 1)])
    tree[cycle[entry[small[size]]]] = others[small[size]]
    tree[0] = 0
    return tree
