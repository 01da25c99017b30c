"""What every page of ours must be, checked without a browser: well nested, ids unique, controls labelled, nothing loaded, no handler in the markup."""

import re
from html.parser import HTMLParser

VOID = {"input", "br", "hr", "meta"}
LOADING = ("src", "srcset", "action", "formaction", "poster", "data", "background", "xlink:href")


class Checker(HTMLParser):
    """Collects what is wrong in `problems`, the elements in `elements` and the text outside scripts and styles in `texts`."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self.open: list[str] = []
        self.feed(page)
        self.close()
        self._check()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            self.problems.append(f"</{tag}> closes nothing")

    def handle_data(self, data: str) -> None:
        if self.open and self.open[-1] not in ("script", "style"):
            self.texts.append(data)

    def _check(self) -> None:
        ids = [a["id"] for _, a in self.elements if "id" in a]
        labelled = {a.get("for") for tag, a in self.elements if tag == "label"}
        self.problems += [f"id {i} stands twice" for i in set(ids) if ids.count(i) > 1]
        self.problems += [f"never closed: {tag}" for tag in self.open]
        for tag, attributes in self.elements:
            if tag in ("input", "select", "textarea") and attributes.get("id") not in labelled:
                self.problems.append(f"{tag} {attributes.get('id')} has no label")
            for name, value in attributes.items():
                if name.startswith("on") or name in LOADING or name == "href" and not (value or "").startswith("#"):
                    self.problems.append(f"{tag} {name}={value}")
                if name in ("aria-labelledby", "for", "aria-describedby") and value not in ids:
                    self.problems.append(f"{tag} {name} names {value}, which is not there")
            if tag in ("link", "iframe", "img", "object", "embed", "base"):
                self.problems.append(f"{tag} may load something")


def checked(page: str) -> Checker:
    """The page's elements and texts. Fails where something is wrong with it."""
    found = Checker(page)
    assert found.problems == []
    policy = next(a["content"] for tag, a in found.elements if tag == "meta" and a.get("http-equiv") == "Content-Security-Policy")
    assert policy is not None and policy.startswith("default-src 'none'")
    styles = "".join(re.findall(r"<style>(.*?)</style>", page, re.DOTALL))
    assert "url(" not in styles and "@import" not in styles
    assert ("html", {"lang": "en"}) in found.elements
    return found
