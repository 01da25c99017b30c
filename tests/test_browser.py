"""The pages in a headless Chromium, used as a person would. Skipped where Playwright or Chromium is not installed (apt-get install chromium
fonts-noto-core; pip install '.[browser]')."""

import csv
import io
import os
import re
import shutil

import pytest

from coder.explain import explain
from coder.judgements import judge, read_sheets
from coder.model import Event, Story
from coder.output import write_native
from coder.report import report_page, tally
from coder.review import draw_sample, review_page

playwright = pytest.importorskip("playwright.sync_api", reason="pip install '.[browser]'")
CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
pytestmark = pytest.mark.skipif(not CHROMIUM, reason="no Chromium on this machine")

TEXT = "مقدمة قصيرة. اتهمت تركيا اليونان <script>alert(1)</script> أمس. خاتمة."
SEEN = "اتهمت تركيا اليونان <script>alert(1)</script> أمس."


@pytest.fixture(scope="module")
def browser():
    """One browser for all tests."""
    with playwright.sync_playwright() as p:
        started = p.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield started
        started.close()


@pytest.fixture
def shown(browser, tmp_path):
    """A page in a window of its own. What its console says and what it requests is collected, and must be nothing at the end."""
    context = browser.new_context(accept_downloads=True)
    said: list[str] = []

    def show(page: str, **media: str):
        path = tmp_path / "page.html"
        path.write_text(page, encoding="utf-8")
        window = context.new_page()
        if media:
            window.emulate_media(**media)
        window.on("console", lambda message: said.append(message.text))
        window.on("pageerror", lambda error: said.append(str(error)))
        window.on("dialog", lambda dialog: said.append(dialog.message))
        window.on("request", lambda request: said.append(request.url) if not request.url.startswith(("file:", "blob:")) else None)
        window.goto(path.as_uri())
        return window

    yield show
    context.close()
    assert said == []


@pytest.fixture(scope="module")
def sample(tmp_path_factory):
    """A thousand events in the sample, of two roots, with their stories."""
    folder = tmp_path_factory.mktemp("review")
    start = TEXT.index("اتهمت")
    words = {"source_text": "تركيا", "event_text": "اتهمت", "target_text": "اليونان", "start": start, "end": start + 5}
    events = [Event(f"e{i}", f"s{i % 7}", 1, "2020-05-05", "day", "TUR", "GRC", "112" if i % 3 else "190", **words) for i in range(1200)]
    with open(folder / "events.csv", "w", encoding="utf-8", newline="") as stream:
        write_native(events, stream)
    with open(folder / "stories.csv", "w", encoding="utf-8", newline="") as stream:
        csv.writer(stream).writerows([("id", "date", "text"), *((f"s{i}", "2020-05-05", TEXT) for i in range(7))])
    return folder


@pytest.fixture(scope="module")
def review(sample, tables):
    """The page of judgements."""
    return review_page(draw_sample(sample / "events.csv", 1000), tables.codes, [str(sample / "stories.csv")], [])


@pytest.fixture(scope="module")
def report(sample, tables):
    """The page on the same events."""
    return report_page(tally(sample / "events.csv"), "events.csv", tables.codes)


@pytest.fixture
def account(tables, make_tree):
    """The account of one sentence."""
    sentence = make_tree("اتهمت VERB 0 root", "تركيا PROPN 1 nsubj", "اليونان PROPN 1 obj", "<script>alert(1)</script> X 1 dep")
    return explain(tables, Story("s", sentence.text, "2020-05-05"), [sentence]).page()


@pytest.mark.parametrize("name", ["review", "report", "account"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_accessibility(browser, shown, request, name: str, scheme: str):
    """axe-core finds nothing serious or critical, in either set of colours; WCAG 2.1 A and AA hold."""
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="pip install '.[browser]'")
    window = browser.new_context(bypass_csp=True, color_scheme=scheme).new_page()  # the policy of our pages would keep axe out
    window.set_content(request.getfixturevalue(name))
    found = axe.Axe().run(window, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]}).response["violations"]
    assert [(v["id"], v["impact"], v["nodes"][0]["html"][:100]) for v in found] == []
    window.context.close()


@pytest.mark.parametrize("name", ["review", "report", "account"])
def test_pages_open_without_error_or_request(shown, request, name: str):
    """Nothing on the console, nothing from the network, no script of a story run; the switch of colours works and is kept."""
    window = shown(request.getfixturevalue(name), color_scheme="light")
    background = "getComputedStyle(document.body).backgroundColor"
    light = window.evaluate(background)
    assert window.locator("#theme").inner_text() == "Dark colours"
    window.locator("#theme").click()
    window.wait_for_function(f"{background} !== '{light}'")
    assert window.evaluate(background) != light
    window.reload()
    assert window.evaluate(background) != light
    assert window.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_arabic_runs_from_right_to_left(shown, review):
    """The first word of the sentence stands to the right of the last one; the marks are those of the event."""
    window = shown(review)
    sentence = window.locator("#sentence")
    assert sentence.inner_text() == SEEN
    places = {side: window.locator(f"#sentence mark.{side}").bounding_box()["x"] for side in ("event", "source", "target")}
    assert places["event"] > places["source"] > places["target"]
    assert [window.locator(f"#sentence mark.{side}").inner_text() for side in places] == ["اتهمت", "تركيا", "اليونان"]


def _state(window) -> str:
    return window.locator("#state").inner_text()


def test_judging_by_mouse(shown, review):
    """One flaw after another, taken back, right, not an event; a comment; on and back; to a number; by root."""
    window = shown(review)
    window.get_by_label("Go on by itself").uncheck()
    window.get_by_role("button", name="Wrong source").click()
    window.get_by_role("button", name="Wrong date").click()
    assert _state(window) == "Judged: wrong source, date."
    window.get_by_role("button", name="Wrong source").click()
    assert _state(window) == "Judged: wrong date."
    window.get_by_role("button", name="Right").click()
    assert _state(window) == "Judged: right."
    assert window.get_by_role("button", name="Wrong date").get_attribute("aria-pressed") == "false"
    window.get_by_role("button", name="Not an event").click()
    assert _state(window) == "Judged: not an event."
    window.get_by_role("button", name="Not an event").click()
    assert _state(window) == "Not judged yet."
    window.get_by_label("Comment").fill("ملاحظة")
    window.get_by_role("button", name="Next", exact=True).click()
    assert window.locator("#heading").inner_text() == "Event 2 of 1000"
    assert window.get_by_label("Comment").input_value() == ""
    window.get_by_role("button", name="Previous").click()
    assert window.get_by_label("Comment").input_value() == "ملاحظة"
    assert window.get_by_role("button", name="Previous").is_disabled()
    window.get_by_label("Go to number").fill("1000")
    window.get_by_label("Go to number").press("Enter")
    assert window.locator("#heading").inner_text() == "Event 1000 of 1000"
    assert window.get_by_role("button", name="Next", exact=True).is_disabled()
    window.get_by_label("Go to number").fill("1001")
    window.get_by_label("Go to number").press("Enter")
    assert window.locator("#said").inner_text() == "Events are numbered 1 to 1000."
    window.get_by_label("Show").select_option("19")
    assert "190" in window.locator("#facts").inner_text()


def test_judging_by_keyboard_alone(shown, review):
    """From the skip link through every control by Tab; keys judge and move; none of them acts while one writes."""
    window = shown(review)
    reached = set()
    for _ in range(40):
        window.keyboard.press("Tab")
        reached.add(window.evaluate("document.activeElement.id || document.activeElement.dataset.verdictKey || document.activeElement.className"))
    assert reached >= {"skip", "theme", "judge", "keys", "goon", "root", "right", "not_an_event", "comment", "next", "unjudged", "number", "export"}
    window.locator("body").press("1")
    assert window.locator("#heading").inner_text() == "Event 2 of 1000"
    assert "Judged: right." in window.locator("#said").inner_text()
    window.keyboard.press("2")
    window.keyboard.press("4")
    assert _state(window) == "Judged: wrong source, code."
    window.keyboard.press("ArrowRight")
    assert window.locator("#heading").inner_text() == "Event 3 of 1000"
    window.keyboard.press("c")
    window.keyboard.type("1 n")
    assert (_state(window), window.get_by_label("Comment").input_value()) == ("Not judged yet.", "1 n")
    window.keyboard.press("Tab")
    window.keyboard.press("p")
    window.keyboard.press("p")
    assert window.locator("#heading").inner_text() == "Event 1 of 1000"
    window.keyboard.press("u")
    assert window.locator("#heading").inner_text() == "Event 3 of 1000"
    window.get_by_label("Judge with single keys").uncheck()
    window.locator("body").press("1")
    assert _state(window) == "Not judged yet."


def test_judgements_are_kept_and_exported(shown, review, tmp_path):
    """They are there after the page is opened again; the sheet is what `waqai review --read` reads; a second judge starts anew."""
    window = shown(review)
    window.get_by_label("Your name").fill("عمر")
    window.get_by_label("Your name").press("Tab")
    window.locator("body").press("1")
    window.keyboard.press("6")
    window.get_by_label("Comment").fill('=1, "so"')
    window.reload()
    assert window.get_by_label("Your name").input_value() == "عمر"
    assert window.locator("#done").inner_text() == "2 of 1000 judged"
    assert _state(window) == "Judged: wrong status."
    with window.expect_download() as waiting:
        window.get_by_role("button", name="Export").click()
    assert re.fullmatch(r"review-\w+-seed1-عمر\.csv", waiting.value.suggested_filename)
    sheet = tmp_path / "sheet.csv"
    waiting.value.save_as(sheet)
    rows = list(csv.DictReader(io.StringIO(sheet.read_text(encoding="utf-8-sig"))))
    assert rows[1]["comment"] == '\'=1, "so"'
    problems: list[object] = []
    judgements = read_sheets([sheet], problems)  # type: ignore[arg-type]
    assert problems == []
    assert [(j.judge, j.full, j.size > 100) for j in judgements] == [("عمر", "right", True), ("عمر", "wrong status", True)]
    assert judge(judgements).events == 2
    window.get_by_text("Show it as text").click()
    window.wait_for_function("document.querySelector('#csv').value !== ''")  # filled by an event of its own
    assert window.get_by_label("The sheet as CSV").input_value().count("\n") == 3
    window.get_by_label("Your name").fill("Anna")
    window.get_by_label("Your name").press("Tab")
    assert window.locator("#done").inner_text() == "0 of 1000 judged"
    window.get_by_label("Your name").fill("عمر")
    window.get_by_label("Your name").press("Tab")
    assert window.locator("#done").inner_text() == "2 of 1000 judged"


def test_judgements_made_before_the_name_was_written_are_kept(shown, review):
    """They go over to the name."""
    window = shown(review)
    window.locator("body").press("1")
    window.get_by_label("Your name").fill("Anna")
    window.get_by_label("Your name").press("Tab")
    assert window.locator("#done").inner_text() == "1 of 1000 judged"


def test_a_phone(shown, review, report, account):
    """Nothing sticks out of a narrow window."""
    for page in (review, report, account):
        window = shown(page)
        window.set_viewport_size({"width": 360, "height": 700})
        assert window.evaluate("document.documentElement.scrollWidth <= 360")
