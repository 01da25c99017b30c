"""A sample of events and the page on which a person judges them: right, or what is wrong. Reading the sheets back: coder.judgements."""

import hashlib
import random
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from attrs import frozen

from coder.actor_words import in_words
from coder.dictionaries import Code
from coder.events_table import read_rows
from coder.model import InputError
from coder.page import Html, arabic, data, joined, page, tag
from coder.passages import key_html, passage, story_texts

LEAST = 5  # events of each root in the sample, where it has so many
Row = Mapping[str, str]
# What a judge can say, the key for it, and its label. The first and the last exclude all others.
VERDICTS = (
    ("right", "1", "Right"), ("source", "2", "Wrong source"), ("target", "3", "Wrong target"), ("code", "4", "Wrong code"),
    ("date", "5", "Wrong date"), ("status", "6", "Wrong status"), ("not_an_event", "7", "Not an event"),
)  # fmt: skip


@frozen
class Sample:
    """The drawn events in the order in which they are judged; `sizes` counts the events of each CAMEO root in the whole file."""

    id: str
    rows: tuple[Row, ...]
    sizes: dict[str, int]


def allocate(sizes: Mapping[str, int], n: int) -> dict[str, int]:
    """How many to draw of each stratum: LEAST of each where there is room, the rest in proportion to size; `n` in all, or all there are."""
    n = min(n, sum(sizes.values()))
    least = LEAST if LEAST * len(sizes) <= n else max(1, n // max(1, len(sizes)))
    drawn = {name: min(size, least) for name, size in sizes.items()}
    while (spare := n - sum(drawn.values())) > 0:
        open_ = {name: size - drawn[name] for name, size in sizes.items() if size > drawn[name]}
        total = sum(open_.values())
        wanted = {name: spare * size / total for name, size in open_.items()}
        for name in open_:
            drawn[name] += int(wanted[name])
        left = n - sum(drawn.values())
        for name in sorted(open_, key=lambda s: (int(wanted[s]) - wanted[s], s))[:left]:
            drawn[name] += 1
    for name in sorted(drawn, key=lambda s: (sizes[s], s)):  # more strata than events: the smallest go without
        if sum(drawn.values()) > n:
            drawn[name] = 0
    return drawn


def draw_sample(path: Path, n: int, seed: int = 1, problems: list[InputError] | None = None) -> Sample:
    """`n` events of a native table, stratified by CAMEO root; the same file, number and seed give the same sample. The file is read three
    times and never held in memory; what had to be mended is added to `problems`. Raises ValueError where it is no native table or holds no event."""
    sizes = Counter(row["cameo"][:2] for row in _first_of_each_id(path, problems))
    if not sizes:
        raise ValueError(f"{path}: holds no event (code some stories first)")
    generator = random.Random(seed)
    chosen = {root: set(generator.sample(range(sizes[root]), count)) for root, count in sorted(allocate(sizes, n).items())}
    seen: Counter[str] = Counter()
    rows: list[Row] = []
    for row in _first_of_each_id(path):
        root = row["cameo"][:2]
        if seen[root] in chosen[root]:
            rows.append(row)
        seen[root] += 1
    generator.shuffle(rows)
    mark = hashlib.sha256("\n".join(row["event_id"] for row in rows).encode()).hexdigest()[:10]
    return Sample(f"{mark}-seed{seed}", tuple(rows), dict(sorted(sizes.items())))


def _first_of_each_id(path: Path, problems: list[InputError] | None = None) -> Iterator[Row]:
    """The rows, without those whose id stood before: a story that was coded twice."""
    seen: set[str] = set()
    for row in read_rows(path, problems):
        if row["event_id"] not in seen:
            seen.add(row["event_id"])
            yield row


def review_page(
    sample: Sample, codes: Mapping[str, Code], inputs: Iterable[str], problems: list[InputError], columns: dict[str, str] | None = None
) -> str:
    """The page. With `inputs`, the stories, each event stands in its sentence; without them the page shows the event's own words."""
    texts = story_texts(inputs, frozenset(row["story_id"] for row in sample.rows), problems, columns)
    events = [_item(row, texts.get(row["story_id"], ""), codes) for row in sample.rows]
    roots = sorted({row["cameo"][:2] for row in sample.rows})
    names = {root: codes[root].name.capitalize() if root in codes else "" for root in roots}
    sheet = {"id": sample.id, "sizes": sample.sizes, "events": events}
    body = (_intro(sample), _progress(len(events), names), _card(), _verdicts(), _moves(len(events)), _export(), data("sheet", sheet))
    return page("Judge coded events", *body, styles=["review.css"], scripts=["review.js"])


def _item(row: Row, story: str, codes: Mapping[str, Code]) -> dict[str, object]:
    found = passage(row, story)
    name = codes[row["cameo"]].name if row["cameo"] in codes else "unknown code"
    return {
        "id": row["event_id"], "root": row["cameo"][:2], "cameo": row["cameo"], "name": name, "source": _actor(row["source"]),
        "target": _actor(row["target"]),
        "date": row.get("event_date", ""), "precision": row.get("date_precision", ""), "status": row.get("status", ""),
        "place": " ".join(filter(None, (row.get("place", ""), row.get("place_country", "")))), "killed": row.get("killed", ""),
        "injured": row.get("injured", ""), "story": row["story_id"], "published": row.get("story_date", ""), "publisher": row.get("publisher", ""),
        "text": found.text, "spans": found.spans, "whole": found.whole,
    }  # fmt: skip


def _actor(code: str) -> str:
    words = in_words(code)
    return f"{code} ({words})" if words else f"{code} (nobody known)"


def _intro(sample: Sample) -> Html:
    told = f"{len(sample.rows)} of {sum(sample.sizes.values())} events, drawn by chance from each CAMEO root code (sheet {sample.id}). "
    keys = "Keys: 1 to 7 judge; right arrow or n goes on, left arrow or p back, u to the next one not judged, c to the comment."
    return joined([
        tag("p", told, "Judge each by what its sentence says: is it an event, who did what to whom, when, and is it told as a fact?"),
        tag("p", keys, class_="soft"),
        tag("div",
            _field("judge", "Your name or initials", tag("input", id="judge", type="text", autocomplete="name")),
            _field("keys", "Judge with single keys", tag("input", id="keys", type="checkbox", checked=True)),
            _field("goon", "Go on by itself after “right” and “not an event”", tag("input", id="goon", type="checkbox", checked=True)),
            class_="row panel"),
    ])  # fmt: skip


def _field(name: str, label: str, control: Html) -> Html:
    return tag("span", tag("label", label, for_=name), " ", control)


def _progress(count: int, names: Mapping[str, str]) -> Html:
    options = [tag("option", "all roots", value=""), *(tag("option", f"{root} {name}", value=root) for root, name in names.items())]
    return tag("div",
        tag("progress", id="progress", max=count, value=0, aria_labelledby="done"), tag("span", "", id="done"),
        _field("root", "Show", tag("select", *options, id="root")),
        class_="row")  # fmt: skip


def _card() -> Html:
    no_text = "The story was not at hand: these are only the event's own words. Give the stories to `waqai review` to see sentences."
    return tag("section",
        tag("h2", "Event", id="heading", tabindex="-1"),
        arabic("", "p", class_="sentence", id="sentence"),
        tag("p", no_text, id="nottold", class_="soft", hidden=True),
        key_html(), tag("dl", id="facts"), aria_labelledby="heading")  # fmt: skip


def _verdicts() -> Html:
    buttons = [
        tag("button", label, " ", tag("kbd", key, aria_hidden="true"), type="button", aria_pressed="false", data_verdict_key=name, data_key=key)
        for name, key, label in VERDICTS
    ]
    return tag("fieldset",
        tag("legend", "Your judgement"), tag("div", *buttons, class_="row verdicts"),
        tag("p", "", id="state"),
        tag("div", tag("label", "Comment", for_="comment"), tag("input", id="comment", type="text", dir="auto"), class_="row"))  # fmt: skip


def _moves(count: int) -> Html:
    return tag("nav",
        tag("button", "Previous", id="previous", type="button"), tag("button", "Next", id="next", type="button"),
        tag("button", "Next not judged", id="unjudged", type="button"),
        _field("number", "Go to number", tag("input", id="number", type="number", min=1, max=count, value=1)),
        class_="row", aria_label="Events")  # fmt: skip


def _export() -> Html:
    warning = "This browser does not save here: export your sheet before you close the page."
    return tag("section",
        tag("h2", "Your sheet"),
        tag("p", "Judgements are saved in this browser as you make them. When you are done, export the sheet and send it; ",
            "waqai review --read SHEET.csv ... reads the sheets of all judges together."),
        tag("p", tag("strong", warning), id="unsaved", hidden=True),
        tag("button", "Export the sheet (CSV)", id="export", type="button"),
        tag("details", tag("summary", "Show it as text"), tag("label", "The sheet as CSV", for_="csv"), tag("textarea", id="csv", readonly=True), id="plain"),
        tag("p", "", id="said", role="status"))  # fmt: skip
