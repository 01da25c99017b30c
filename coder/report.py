"""One page on a dataset, built from its events table alone: when, what, who, where, from which sources, how often told again, how exact."""

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from attrs import define, field

from coder.actor_words import in_words
from coder.actors import UNKNOWN
from coder.charts import bars, columns, dot_map
from coder.dictionaries import Code
from coder.events_table import read_rows
from coder.model import InputError
from coder.page import Html, arabic, joined, page, table, tag

_MOST_COLUMNS = 120  # of the chart over time: more months than these are shown by year
_MOST_DOTS = 2_000
_TOP = 25
QUADS = {"1": "verbal cooperation", "2": "material cooperation", "3": "verbal conflict", "4": "material conflict"}
LIMITS = (
    "A row is one mention in one story. An event that a story tells again carries the first mention's id in same_as; the same event in two stories is "
    "counted twice unless the stories were deduplicated before (waqai dedup).",
    "Counts follow the amount of news as much as the world: put them against the number of stories or sentences that were read, which this table does "
    "not hold. No event in a month is not peace where no story was read.",
    "Codes are assigned by rules. Measure how many are right for your own question: waqai review draws a sample and gives precision with intervals.",
    "Dialect, satire, and text translated by machine are read as if they were plain news in Modern Standard Arabic.",
    "A story's date stands in for the event's where the text tells none (date_precision story). A country is never filled in from the place.",
    "The numbers of killed and injured are those that the sentence tells, early and rival tolls included; do not add them up over stories.",
)


@define
class Tally:
    """Everything that the page tells, counted in one pass; sizes stay small however long the table is."""

    rows: int = 0
    repeats: int = 0
    stories: set[int] = field(factory=set)
    days: Counter[str] = field(factory=Counter)
    statuses: Counter[str] = field(factory=Counter)
    quads: Counter[str] = field(factory=Counter)
    roots: Counter[str] = field(factory=Counter)
    dyads: Counter[tuple[str, str]] = field(factory=Counter)
    unknown: Counter[str] = field(factory=Counter)
    places: Counter[tuple[float, float]] = field(factory=Counter)
    place_names: dict[tuple[float, float], str] = field(factory=dict)
    countries: Counter[str] = field(factory=Counter)
    publishers: Counter[str] = field(factory=Counter)
    date_precision: Counter[str] = field(factory=Counter)
    place_precision: Counter[str] = field(factory=Counter)
    tolls: Counter[str] = field(factory=Counter)

    @property
    def events(self) -> int:
        """Events told for the first time in their story."""
        return self.rows - self.repeats

    def add(self, row: Mapping[str, str]) -> None:
        """Count one row; a mention told again counts only as such."""
        self.rows += 1
        self.stories.add(hash(row["story_id"]))
        if row.get("same_as"):
            self.repeats += 1
            return
        self.days[row.get("event_date", "")[:7]] += 1
        self.statuses[row.get("status", "")] += 1
        self.quads[row.get("quad", "")] += 1
        self.roots[row["cameo"][:2]] += 1
        self.dyads[row["source"], row["target"]] += 1
        for side in ("source", "target"):
            self.unknown[side] += row[side][:3] == UNKNOWN
        self.publishers[row.get("publisher", "")] += 1
        self.date_precision[row.get("date_precision", "")] += 1
        self.place_precision[row.get("place_precision", "")] += 1
        for toll in ("killed", "injured"):
            self.tolls[toll] += bool(row.get(toll))
        self._place(row)

    def _place(self, row: Mapping[str, str]) -> None:
        if row.get("place_country"):
            self.countries[row["place_country"]] += 1
        try:
            spot = (round(float(row.get("latitude", "")), 2), round(float(row.get("longitude", "")), 2))
        except ValueError:
            return
        if abs(spot[0]) <= 90 and abs(spot[1]) <= 180:
            self.places[spot] += 1
            self.place_names.setdefault(spot, row.get("place", ""))


def tally(path: Path, problems: list[InputError] | None = None) -> Tally:
    """Count a native events table; what had to be mended is added to `problems`. Raises ValueError where it is none, or empty."""
    found = Tally()
    for row in read_rows(path, problems):
        found.add(row)
    if not found.rows:
        raise ValueError(f"{path}: holds no event (code some stories first)")
    return found


def report_page(found: Tally, name: str, codes: Mapping[str, Code]) -> str:
    """The page; `name` is the file's, `codes` name the CAMEO codes."""
    parts = (
        ("At a glance", _glance(found, name)), ("Over time", _time(found)), ("What happened", _kinds(found, codes)), ("Who to whom", _dyads(found)),
        ("Where", _places(found)), ("Sources", _sources(found)), ("How exact", _exactness(found)), ("Known limits", _limits()),
    )  # fmt: skip
    contents = tag("nav", tag("ul", *(tag("li", tag("a", title, href=f"#{_anchor(title)}")) for title, _ in parts)), aria_label="Contents")
    return page(f"Events in {name}", contents, *(tag("section", tag("h2", title, id=_anchor(title)), body) for title, body in parts))


def _anchor(title: str) -> str:
    return title.lower().replace(" ", "-")


def _glance(found: Tally, name: str) -> Html:
    dated = sorted(day for day in found.days if day)
    facts = (
        ("File", name), ("Rows (mentions)", found.rows), ("Events, each story's repeats left out", found.events), ("Stories with an event", len(found.stories)),
        ("From", dated[0] if dated else "no dates"), ("To", dated[-1] if dated else "no dates"),
    )  # fmt: skip
    return tag("dl", *(joined([tag("dt", key), tag("dd", value)]) for key, value in facts))


def over_time(days: Mapping[str, int]) -> dict[str, int]:
    """Events by month, months without any filled in with 0; by year where the span is too long to draw months."""
    months = {day: n for day, n in days.items() if len(day) == 7 and day.replace("-", "").isdecimal() and "01" <= day[5:] <= "12"}
    if not months:
        return {}
    first, last = (int(m[:4]) * 12 + int(m[5:]) - 1 for m in (min(months), max(months)))
    if last - first < _MOST_COLUMNS:
        names = [f"{m // 12:04}-{m % 12 + 1:02}" for m in range(first, last + 1)]
        return {name: months.get(name, 0) for name in names}
    years: Counter[str] = Counter()
    for month, count in months.items():
        years[month[:4]] += count
    low, high = int(min(years)), int(max(years))
    if high - low < _MOST_COLUMNS:
        return {f"{year:04}": years[f"{year:04}"] for year in range(low, high + 1)}
    decades: Counter[str] = Counter()
    for year, count in years.items():
        decades[f"{year[:3]}0s"] += count
    return dict(sorted(decades.items()))


def _time(found: Tally) -> Html:
    counts = over_time(found.days)
    rest = found.events - sum(found.days[day] for day in found.days if len(day) == 7)
    told = tag("p", f"{rest} events have no month: only a year is told, or no date.") if rest else None
    if not counts:
        return joined([tag("p", "No event has a date with a month."), told])
    span = {4: "year", 5: "decade", 7: "month"}[len(next(iter(counts)))]
    rows = table((span, "events"), counts.items(), f"Events by {span}")
    return joined([columns(counts, f"Events by {span}"), told, tag("details", tag("summary", "The numbers"), rows)])


def _share(count: int, of: int) -> str:
    return f"{count} ({count / of:.1%})" if of else str(count)


def _kinds(found: Tally, codes: Mapping[str, Code]) -> Html:
    quads = {f"{quad} {name}": found.quads[quad] for quad, name in QUADS.items()}
    roots = {f"{root} {codes[root].name.lower() if root in codes else 'unknown code'}": n for root, n in sorted(found.roots.items())}
    statuses = table(("status", "events"), ((s or "not told", _share(n, found.events)) for s, n in found.statuses.most_common()), "Events by status")
    return joined([
        tag("h3", "By quad class"), bars(quads, "Events by quad class"),
        tag("h3", "By CAMEO root code"), bars(roots, "Events by CAMEO root code"), statuses,
    ])  # fmt: skip


def _dyads(found: Tally) -> Html:
    rows = (
        (f"{source} → {target}", in_words(source) or "nobody known", in_words(target) or "nobody known", _share(n, found.events))
        for (source, target), n in found.dyads.most_common(_TOP)
    )
    unknown = (
        f"Source not known in {_share(found.unknown['source'], found.events)}, target in {_share(found.unknown['target'], found.events)} events."
    )
    more = f"{len(found.dyads)} directed pairs in all. {unknown}"
    return joined([table(("pair", "source", "target", "events"), rows, f"The {_TOP} most frequent directed pairs", class_="pairs"), tag("p", more)])


def _places(found: Tally) -> Html:
    if not found.places and not found.countries:
        return tag("p", "No event of this table has a place.")
    spots = found.places.most_common(_MOST_DOTS)
    dots = [(*spot, n, found.place_names[spot]) for spot, n in spots]
    label = f"{sum(n for _, n in spots)} events at {len(spots)} places; longitude and latitude, no coastlines"
    rows = ((arabic(found.place_names[spot]), f"{spot[0]:.2f}, {spot[1]:.2f}", n) for spot, n in spots[:_TOP])
    drawn = [dot_map(dots, label), table(("place", "latitude, longitude", "events"), rows, f"The {_TOP} most frequent places")] if spots else []
    countries = ((code, in_words(code), _share(n, found.events)) for code, n in found.countries.most_common(_TOP))
    return joined([*drawn, table(("country", "name", "events"), countries, "Countries of the places")])


def _sources(found: Tally) -> Html:
    if set(found.publishers) == {""}:
        return tag("p", "The stories named no publisher.")
    rows = ((tag("bdi", name or "not named"), _share(n, found.events)) for name, n in found.publishers.most_common(_TOP))
    return joined([table(("publisher", "events"), rows, "Events by publisher"), tag("p", f"{len(found.publishers)} publishers in all.")])


def _exactness(found: Tally) -> Html:
    dates = table(
        ("date_precision", "events"), ((k or "none", _share(n, found.events)) for k, n in found.date_precision.most_common()), "How exact dates are"
    )
    places = table(
        ("place_precision", "events"),
        ((k or "no place", _share(n, found.events)) for k, n in found.place_precision.most_common()),
        "How exact places are",
    )
    repeats = f"{_share(found.repeats, found.rows)} of the rows tell an event that their story has told before (same_as); they are left out of every other figure here."
    tolls = f"Killed are counted in {_share(found.tolls['killed'], found.events)}, injured in {_share(found.tolls['injured'], found.events)} events."
    return joined([tag("p", repeats), dates, places, tag("p", tolls)])


def _limits() -> Html:
    return tag("ul", *(tag("li", limit) for limit in LIMITS))
