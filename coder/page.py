"""Self-contained HTML pages: markup built from functions that escape every text, in one shell with its style, its theme switch and a policy
that forbids the browser every request.

`tag` escapes all text that is not itself markup (`Html`), so that a story with `<script>` in it is shown, never run.
"""

import base64
import hashlib
import html
import json
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import coder

_PAGES = Path(__file__).with_name("pages")
_EMPTY = frozenset({"input", "br", "hr", "meta", "circle", "line", "rect", "path"})


class Html(str):
    """Markup that may go into a page as it is."""

    __slots__ = ()


def text(value: object) -> Html:
    """Any text as markup: `<`, `>`, `&` and quotes escaped; markup stays as it is."""
    return value if isinstance(value, Html) else Html(html.escape(str(value)))


def joined(parts: Iterable[object], between: str = "") -> Html:
    """Parts one after another, texts among them escaped; None is left out."""
    return Html(between.join(text(part) for part in parts if part is not None))


def tag(name: str, /, *children: object, **attributes: object) -> Html:
    """One element. Attributes are written as keywords: `class_` gives class, `aria_label` aria-label; True gives a bare attribute, None and
    False none."""
    written = [name]
    for key, value in attributes.items():
        key = key.rstrip("_").replace("_", "-")
        if value is True:
            written.append(key)
        elif value is not None and value is not False:
            written.append(f'{key}="{html.escape(str(value))}"')
    opened = " ".join(written)
    return (
        Html(f"<{opened}>") if name in _EMPTY and name not in ("circle", "line", "rect", "path") else Html(f"<{opened}>{joined(children)}</{name}>")
    )


def arabic(value: object, name: str = "span", /, **attributes: object) -> Html:
    """Arabic text, marked as such: right to left, for screen readers too."""
    return tag(name, value, lang="ar", dir="rtl", **attributes)


def table(head: Iterable[object], rows: Iterable[Iterable[object]], caption: str, **attributes: object) -> Html:
    """A table with a caption; the first cell of each row heads it. It scrolls by itself where it is wider than the page."""
    header = tag("thead", tag("tr", *(tag("th", cell, scope="col") for cell in head)))
    lines = []
    for first, *rest in rows:
        lines.append(tag("tr", tag("th", first, scope="row"), *(tag("td", cell) for cell in rest)))
    whole = tag("table", tag("caption", caption), header, tag("tbody", *lines), **attributes)
    return tag("div", whole, class_="scroll", tabindex="0", role="region", aria_label=caption)


def data(name: str, value: object) -> Html:
    """Data for the page's script, as JSON in which nothing can end the element that holds it."""
    written = json.dumps(value, ensure_ascii=False).replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
    return Html(f'<script type="application/json" id="{html.escape(name)}">{written}</script>')


@cache
def asset(name: str) -> str:
    """A style or script of the folder `pages`."""
    return (_PAGES / name).read_text(encoding="utf-8").strip() + "\n"


def page(title: str, *body: object, styles: Iterable[str] = (), scripts: Iterable[str] = ()) -> str:
    """A whole page: `styles` and `scripts` name files of the folder `pages`, which are put into it. It loads nothing: its policy lets only
    its own scripts run (known by their hash) and forbids every request."""
    sources = [asset(name) for name in ("theme.js", *scripts)]
    hashes = " ".join(f"'sha256-{base64.b64encode(hashlib.sha256(s.encode()).digest()).decode()}'" for s in sources)
    policy = f"default-src 'none'; style-src 'unsafe-inline'; script-src {hashes}; img-src data:; base-uri 'none'; form-action 'none'"
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", http_equiv="Content-Security-Policy", content=policy),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="generator", content=f"waqai {coder.__version__}"),
        tag("title", title),
        tag("style", Html("".join(asset(name) for name in ("base.css", *styles)))),
    )
    theme = tag("button", "Dark or light", type="button", id="theme", class_="quiet")
    top = tag("header", tag("a", "To the content", href="#content", class_="skip"), tag("h1", title), theme)
    foot = tag("footer", tag("p", f"Made by waqai {coder.__version__}. This page needs no network and sends nothing anywhere."))
    inside = tag("body", top, tag("main", *body, id="content"), foot, *(tag("script", Html(source)) for source in sources))
    return f"<!doctype html>\n{tag('html', head, inside, lang='en')}\n"


def fragment(*body: object) -> str:
    """Markup with the style it needs, to be shown inside another page such as a notebook."""
    return tag("div", tag("style", Html(asset("notebook.css"))), *body, class_="waqai")
