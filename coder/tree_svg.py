"""The dependency tree of a sentence as inline SVG, read from right to left, and as a nested list for who does not see it."""

from coder.grammar import relation, tag_name
from coder.model import Token
from coder.page import Html, arabic, joined, tag

_LETTER, _GAP, _LEVEL, _TOP = 10.5, 16.0, 62.0, 30.0  # pixels: of an Arabic letter at 18 px, between words, between levels, above the first
_LEAST = 64.0  # width that the label under a word needs
_DEEPEST = 40


def draw(tokens: list[Token], marks: dict[int, str]) -> Html:
    """The tree: words stand in the order of the text from right to left, each as deep as it hangs; `marks` gives the side (source, event,
    target) of words by id. Widths are estimated from the number of letters."""
    words = [t for t in tokens if t.upos != "PUNCT" or t.children]
    widths = {t.id: max(_LEAST, _LETTER * len(t.form), 6.5 * len(relation(t.deprel)[0])) + _GAP for t in words}
    total = sum(widths.values()) + _GAP
    depths = {t.id: _depth(t) for t in words}
    places: dict[int, float] = {}
    right = total - _GAP / 2
    for token in words:
        places[token.id] = right - widths[token.id] / 2
        right -= widths[token.id]
    height = _TOP + _LEVEL * (max(depths.values(), default=0) + 1)
    edges = [_edge(t, places, depths) for t in words if t.parent is not None and t.parent.id in places]
    labels = [_word(t, places[t.id], _TOP + _LEVEL * depths[t.id], widths[t.id], marks.get(t.id, "")) for t in words]
    size = {"width": f"{total:.0f}", "height": f"{height:.0f}", "viewBox": f"0 0 {total:.0f} {height:.0f}"}
    drawing = tag("svg", tag("title", "Tree of the sentence"), *edges, *labels, role="img", **size)
    return tag(
        "div",
        drawing,
        class_="scroll",
        dir="rtl",
        tabindex="0",
        role="region",
        aria_label="Tree of the sentence, drawn; the list below tells the same",
    )


def _depth(token: Token) -> int:
    depth, parent = 0, token.parent
    while parent is not None and depth < _DEEPEST:
        depth, parent = depth + 1, parent.parent
    return depth


def _edge(token: Token, places: dict[int, float], depths: dict[int, int]) -> Html:
    assert token.parent is not None
    x1, y1 = places[token.parent.id], _TOP + _LEVEL * depths[token.parent.id] + 22
    x2, y2 = places[token.id], _TOP + _LEVEL * depths[token.id] - 19
    middle = (y1 + y2) / 2
    return tag("path", class_="edge", d=f"M{x1:.0f} {y1:.0f} C{x1:.0f} {middle:.0f} {x2:.0f} {middle:.0f} {x2:.0f} {y2:.0f}")


def _word(token: Token, x: float, y: float, width: float, side: str) -> Html:
    colour = {"source": "var(--source, #d5e8ff)", "event": "var(--event, #ffe3c2)", "target": "var(--target, #d8f3d6)"}.get(side)
    box = None
    if colour is not None:
        box = tag("rect", x=f"{x - width / 2 + 4:.0f}", y=f"{y - 18:.0f}", width=f"{width - 8:.0f}", height="24", rx="4", style=f"fill:{colour}")
    middle = {"text_anchor": "middle", "x": f"{x:.0f}", "lang": "ar"}
    hint = tag("title", f"{tag_name(token.upos)[1]}; {relation(token.deprel)[1]}")
    form = tag("text", hint, token.form, y=f"{y:.0f}", font_size="18", font_weight="bold" if token.upos == "VERB" else None, **middle)
    return joined([box, form, tag("text", relation(token.deprel)[0], y=f"{y + 17:.0f}", font_size="12", class_="soft", **middle)])


def nested_list(tokens: list[Token]) -> Html:
    """The same tree as a list in a list, with the names of school grammar in both languages."""
    return tag("ul", *(_item(t, 0) for t in tokens if t.parent is None), class_="tree")


def _item(token: Token, depth: int) -> Html:
    named, said = tag_name(token.upos), relation(token.deprel)
    line = joined([arabic(token.form, "b"), ": ", arabic(said[0]), f" {said[1]}; ", arabic(named[0]), f" {named[1]}"])
    below = tag("ul", *(_item(c, depth + 1) for c in token.children)) if token.children and depth < _DEEPEST else None
    return tag("li", line, below if below is not None else "")
