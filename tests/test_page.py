"""Pages are built of escaped text, load nothing and let only their own scripts run."""

import base64
import hashlib
import json
import re

import pytest
from html_checks import Checker, checked

from coder.page import Html, arabic, data, fragment, joined, page, table, tag, text

HOSTILE = "<script>alert(1)</script>\"'&</title>"


def test_texts_are_escaped_and_markup_is_not():
    """Whatever is no markup comes out as text, in content and in attributes."""
    shown = str(tag("p", HOSTILE, tag("b", "x"), title=HOSTILE))
    assert "<script" not in shown
    assert shown.endswith("<b>x</b></p>")
    assert text(Html("<b>")) == "<b>"
    assert joined(["<", None, Html("<i>")], "|") == "&lt;|<i>"


def test_attributes_follow_the_names_of_html():
    """class_ and aria_label; True is bare, False and None are left out; name and value are ordinary attributes."""
    assert tag("input", class_="a", aria_label="b", checked=True, disabled=False, id=None) == '<input class="a" aria-label="b" checked>'
    assert tag("meta", name="x", content="y") == '<meta name="x" content="y">'
    assert arabic("نص", "p") == '<p lang="ar" dir="rtl">نص</p>'


def test_data_cannot_end_its_element():
    """A story with </script> in it stays inside; the script reads it back whole."""
    shown = data("d", {"text": "</script><script>alert(1)</script>&\u2028"})
    assert shown.count("</script>") == 1
    inside = re.fullmatch(r"<script[^>]*>(.*)</script>", shown)
    assert inside is not None and json.loads(inside[1]) == {"text": "</script><script>alert(1)</script>&\u2028"}


def test_a_page_is_well_formed_and_hostile_text_stays_text():
    """In the title, in a heading, in a table."""
    shown = page(HOSTILE, tag("p", HOSTILE), table(("a",), [(HOSTILE,)], HOSTILE))
    found = checked(shown)
    assert [tag for tag, _ in found.elements].count("script") == 1
    assert "".join(found.texts).count(HOSTILE) >= 4


def test_the_policy_names_the_hash_of_every_script():
    """Otherwise a browser would refuse to run it."""
    shown = page("t", scripts=["review.js"])
    scripts = re.findall(r"<script>(.*?)</script>", shown, re.DOTALL)
    assert len(scripts) == 2
    for script in scripts:
        assert base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in shown


@pytest.mark.parametrize(
    "broken", ["<p><b></p>", '<p id="a"></p><p id="a"></p>', '<input id="a">', '<img src="x">', '<a href="http://x">y</a>', '<p onclick="x">']
)
def test_the_checks_can_fail(broken: str):
    """Each kind of fault is found."""
    assert Checker(broken).problems


def test_a_fragment_brings_its_style():
    """What a notebook shows is one element with its own style."""
    assert Checker(fragment(tag("p", "x"))).problems == []
