"""Coded events against a gold set: precision, recall and F1 with intervals, over all, by CAMEO root and by construction.

Gold and coded events of one story (or one sentence, where the gold numbers its sentences) are matched one to one by maximum matching, at two levels:

- root: the root of the gold code, the countries of both actors;
- full: the gold code, country and first role of both actors.

Intervals are percentile bootstraps over stories (B. Efron and R. Tibshirani 1993, An Introduction to the Bootstrap, ch. 13): events of one story
depend on each other, so stories are drawn, not events.
"""

import csv
import json
import math
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from attrs import field, frozen

from coder.actor_parts import UNKNOWN
from coder.agreement import Interval
from coder.dictionaries import Dictionaries
from coder.model import Event, InputError
from coder.text import fold

Key = tuple[str, int]  # story, and sentence or 0 for the whole story
Bare = Callable[[str], bool]  # whether a mention is the bare name of a country or capital
LEVELS = ("root", "full")
MEASURES = ("precision", "recall", "f1")
REPLICATES = 1000
_CHUNK = 2_000_000  # cells of one block of bootstrap weights
_REQUIRED = ("source", "cameo", "target")
_CLITICS = "وفبلك"  # wa-, fa-, bi-, li-, ka-: written with the word that follows


class GoldError(ValueError):
    """A file that is no gold set, or none for these events, with the remedy."""


@frozen
class GoldEvent:
    """One gold event with everything that is accepted for it. `"RWA*"` is that country with any role, `"*"` anybody; a two-digit code accepts every
    code under it. `source_text`/`target_text` are the mentions, as far as the gold has them."""

    sources: tuple[str, ...]
    codes: tuple[str, ...]
    targets: tuple[str, ...]
    source_text: str = ""
    target_text: str = ""
    required: bool = True


@frozen
class GoldItem:
    """One story or sentence of the gold, with its events (none: a negative). Events of `optional` are neither asked for nor held against the coder."""

    key: Key
    phenomenon: str = ""
    events: tuple[GoldEvent, ...] = ()
    optional: tuple[GoldEvent, ...] = ()


@frozen
class Figures:
    """One line of the result: counts, and precision, recall and F1 with 95 % intervals (`n` is the number of stories)."""

    level: str
    group: str
    value: str
    gold: int
    coded: int
    found: int
    measures: Mapping[str, Interval]


@frozen
class Mistake:
    """A gold event that was missed, or a coded event that is none, at level `root`; or, as `differs`, a pair that is alike at `root` only."""

    kind: str
    key: Key
    phenomenon: str
    gold: GoldEvent | None
    coded: Event | None


@frozen
class Evaluation:
    """All figures, all mistakes, and how many coded events were not judged since their story is not in the gold."""

    figures: tuple[Figures, ...]
    mistakes: tuple[Mistake, ...]
    unjudged: int
    negatives: int
    false_alarms: int


# ------------------------------------------------------------------------------------------------------------ reading gold


def read_gold(path: Path, problems: list[InputError]) -> list[GoldItem]:
    """The gold items of a JSONL file (one story or sentence a line: `id`, `events` with `source`, `cameo`, `target`) or of a CSV table (one event a
    row: `id` or `story_id`, `source`, `cameo`, `target`; a row with an id alone is a story without events). Lines that cannot be read are added to
    `problems`. Raises GoldError for a file that is neither, OSError."""
    try:
        with open(path, encoding="utf-8-sig", newline="") as stream:
            items = list(_json_items(stream, path, problems) if path.suffix.lower() in (".jsonl", ".json") else _table_items(stream, path, problems))
    except UnicodeDecodeError as error:
        raise GoldError(f"{path}: not UTF-8 (save it as UTF-8)") from error
    if not items:
        raise GoldError(f"{path}: no gold event or story in it (give JSONL with `id` and `events`, or CSV with id, source, cameo, target)")
    return items


def _json_items(stream: IO[str], path: Path, problems: list[InputError]) -> Iterator[GoldItem]:
    seen: set[Key] = set()
    for number, line in enumerate(stream, 1):
        if not line.strip():
            continue
        try:
            item = _json_item(json.loads(line))
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            what = f"no field {error}" if isinstance(error, KeyError) else str(error)
            problems.append(InputError(f"{path}:{number}", f"is no gold item: {what}", "the line is left out"))
            continue
        if item.key in seen:
            problems.append(InputError(f"{path}:{number}", f"id {item.key[0]!r} stands twice", "the line is left out"))
            continue
        seen.add(item.key)
        yield item


def _json_item(data: dict[str, Any]) -> GoldItem:
    key = (str(data["id"]), int(data.get("sentence") or 0))
    events, optional = (tuple(map(_gold_event, part)) for part in (data["events"], data.get("optional") or ()))
    return GoldItem(key, str(data.get("phenomenon") or ""), events, optional)


def _table_items(stream: IO[str], path: Path, problems: list[InputError]) -> Iterator[GoldItem]:
    first = stream.readline()
    stream.seek(0)
    reader = csv.DictReader(stream, delimiter=max(",;\t", key=first.count))
    names = [name.strip() for name in reader.fieldnames or ()]
    reader.fieldnames = names
    identity = "id" if "id" in names else "story_id"
    missing = [name for name in (identity, *_REQUIRED) if name not in names]
    if missing:
        raise GoldError(f"{path}: no column {', '.join(missing)} (a gold table has id or story_id, source, cameo, target)")
    found: dict[Key, list[GoldEvent]] = {}
    phenomena: dict[Key, str] = {}
    for row in reader:
        cells = {name: (value or "").strip() for name, value in row.items() if name and not isinstance(value, list)}
        sentence = cells.get("sentence", "")
        key = (cells[identity], int(sentence) if sentence.isdecimal() else 0)
        where = f"{path}:{reader.line_num}"
        if not key[0]:
            problems.append(InputError(where, f"no {identity}", "the row is left out"))
            continue
        phenomena[key] = cells.get("phenomenon", "") or phenomena.get(key, "")
        events = found.setdefault(key, [])
        if not cells["cameo"] or cells.get("status", "actual") not in ("", "actual"):
            continue
        try:
            events.append(_gold_event(cells))
        except ValueError as error:
            problems.append(InputError(where, str(error), "the row is left out"))
    for key, some in found.items():
        yield GoldItem(key, phenomena[key], tuple(some))


def _gold_event(cells: Mapping[str, Any]) -> GoldEvent:
    """Raises ValueError, KeyError."""
    codes = tuple(_code(str(code)) for code in (cells["cameo"], *_many(cells.get("cameo_ok"))))
    sources, targets = ((_actor(cells[side]), *map(_actor, _many(cells.get(f"{side}_ok")))) for side in ("source", "target"))
    source_text, target_text = (str(cells.get(f"{side}_text") or "") for side in ("source", "target"))
    return GoldEvent(sources, codes, targets, source_text, target_text, cells.get("required") not in ("extra", "no"))


def _many(value: Any) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [one for one in str(value or "").split("|") if one]


def _actor(code: Any) -> str:
    text = str(code or "").strip().upper()
    return text if text.strip("-_ ") else UNKNOWN


def _code(text: str) -> str:
    """The code with the zero that a spreadsheet has eaten: 45 is 045. Raises ValueError for what is no code."""
    if not text.isdecimal() or len(text) > 4:
        raise ValueError(f"{text!r} is no CAMEO code (see `waqai codes`)")
    return "0" + text if len(text) == 1 or int(text[:2]) > 20 else text


# ------------------------------------------------------------------------------------------------------------ what counts as right


def bare_names(tables: Dictionaries) -> Bare:
    """A test whether a mention is nothing but the name of a country or capital, with or without a clitic before it."""
    names = {"".join(n.keys) for some in tables.actors.values() for n in some if n.kind in ("country", "capital")}

    def is_bare(mention: str) -> bool:
        word = "".join(fold(mention).split())
        return any(form in names for form in (word, word[1:] if word[:1] in _CLITICS else "", "ال" + word[2:] if word[:2] == "لل" else ""))

    return is_bare


def _actor_right(accepted: Iterable[str], bare: bool, code: str) -> bool:
    """Country and first role. XXX and XXXGOV are the same where the mention is the bare name of a country or capital."""
    for gold in accepted:
        if gold == "*" or gold.endswith("*") and gold[:3] == code[:3]:
            return True
        if gold[:3] == code[:3] and (gold[3:6] == code[3:6] or bare and {gold[3:6], code[3:6]} <= {"", "GOV"}):
            return True
    return False


def right_at_root(gold: GoldEvent, event: Event) -> bool:
    """Whether root and both countries are right."""
    sides = ((gold.sources, event.source), (gold.targets, event.target))
    return event.cameo[:2] in {c[:2] for c in gold.codes} and all(any(a == "*" or a[:3] == code[:3] for a in some) for some, code in sides)


def right_in_full(gold: GoldEvent, event: Event, bare: Bare) -> bool:
    """Whether the code, and country and first role of both actors are right."""
    if not any(event.cameo == code or len(code) == 2 and event.cameo.startswith(code) for code in gold.codes):
        return False
    return _actor_right(gold.sources, bare(gold.source_text), event.source) and _actor_right(gold.targets, bare(gold.target_text), event.target)


def match(
    gold: Sequence[GoldEvent], coded: Sequence[Event], right: Callable[[GoldEvent, Event], bool], start: Mapping[int, int] | None = None
) -> dict[int, int]:
    """A maximum one-to-one matching {index of gold: index of coded}, by augmenting paths; what `start` matches stays matched, required events go first."""
    edges = [[j for j, event in enumerate(coded) if right(one, event)] for one in gold]
    owner = {j: i for i, j in (start or {}).items()}

    def augment(i: int, seen: set[int]) -> bool:
        for j in edges[i]:
            if j not in seen:
                seen.add(j)
                if j not in owner or augment(owner[j], seen):
                    owner[j] = i
                    return True
        return False

    matched = set(owner.values())
    for i in sorted(range(len(gold)), key=lambda i: not gold[i].required):
        if i not in matched:
            augment(i, set())
    return {i: j for j, i in owner.items()}


# ------------------------------------------------------------------------------------------------------------ counting

_GOLD, _HIT_GOLD, _CODED, _HIT_CODED = range(4)
Group = tuple[str, str, str]  # level, what it is by, its value


@frozen
class _Counts:
    """Counts of each group, item by item."""

    rows: dict[Group, dict[int, list[int]]] = field(factory=lambda: defaultdict(lambda: defaultdict(lambda: [0, 0, 0, 0])))

    def add(self, level: str, item: int, root: str, phenomenon: str, column: int, hit: bool) -> None:
        """One event of the column (gold or coded), found in the other or not."""
        groups = [(level, "all", ""), (level, "root", root)] + ([(level, "phenomenon", phenomenon)] if phenomenon else [])
        for group in groups:
            cells = self.rows[group][item]
            cells[column] += 1
            cells[column + 1] += hit


def evaluate(gold: Sequence[GoldItem], events: Iterable[Event], bare: Bare = lambda mention: False, seed: int = 1) -> Evaluation:
    """Score the events that happened (status `actual`) against the gold. A coded event that repeats another of its item (source, code, target, date)
    counts once. Raises GoldError where no event belongs to any item of the gold."""
    coded, unjudged = _coded_by_item(gold, events)
    counts, mistakes, negatives, alarms = _Counts(), list[Mistake](), 0, 0
    for number, item in enumerate(gold):
        some = coded.get(item.key, [])
        negatives += not item.events
        found = len(mistakes)
        _score_item(number, item, some, bare, counts, mistakes)
        alarms += not item.events and len(mistakes) > found
    figures = _figures(counts, len(gold), seed)
    return Evaluation(tuple(figures), tuple(mistakes), unjudged, negatives, alarms)


def _coded_by_item(gold: Sequence[GoldItem], events: Iterable[Event]) -> tuple[dict[Key, list[Event]], int]:
    keys = {item.key for item in gold}
    coded: dict[Key, dict[tuple[str, ...], Event]] = defaultdict(dict)
    unjudged = total = 0
    for event in events:
        if event.status != "actual":
            continue
        total += 1
        key = next((k for k in ((event.story_id, event.sentence), (event.story_id, 0)) if k in keys), None)
        if key is None:
            unjudged += 1
        else:
            coded[key].setdefault((event.source, event.cameo, event.target, event.event_date), event)
    if total and total == unjudged:
        raise GoldError(f"no event belongs to a story of the gold: its ids are like {gold[0].key[0]!r} (code the stories under the ids of the gold)")
    return {key: list(some.values()) for key, some in coded.items()}, unjudged


def _score_item(number: int, item: GoldItem, coded: Sequence[Event], bare: Bare, counts: _Counts, mistakes: list[Mistake]) -> None:
    full = match(item.events, coded, lambda one, event: right_in_full(one, event, bare))
    root = match(item.events, coded, right_at_root, full)
    for level, pairs in (("root", root), ("full", full)):
        used = set(pairs.values())
        for i, one in enumerate(item.events):
            if one.required:
                counts.add(level, number, one.codes[0][:2], item.phenomenon, _GOLD, i in pairs)
        for j, event in enumerate(coded):
            if j in used or not any(right_at_root(one, event) for one in item.optional):
                counts.add(level, number, event.cameo[:2], item.phenomenon, _CODED, j in used)
                if level == "root" and j not in used:
                    mistakes.append(Mistake("wrong", item.key, item.phenomenon, None, event))
    mistakes += [Mistake("missed", item.key, item.phenomenon, one, None) for i, one in enumerate(item.events) if one.required and i not in root]
    mistakes += [Mistake("differs", item.key, item.phenomenon, item.events[i], coded[j]) for i, j in sorted(root.items()) if i not in full]


def _figures(counts: _Counts, items: int, seed: int) -> Iterator[Figures]:
    """The figures of every group, all first, then roots and constructions in order."""
    import numpy

    order = sorted(counts.rows, key=lambda g: (LEVELS.index(g[0]), ("all", "root", "phenomenon").index(g[1]), g[2]))
    for level in LEVELS:
        if (level, "all", "") not in counts.rows:
            yield Figures(level, "all", "", 0, 0, 0, dict.fromkeys(MEASURES, Interval(math.nan, math.nan, math.nan, items)))
    cells = numpy.zeros((items, len(order), 4))
    for place, group in enumerate(order):
        for item, row in counts.rows[group].items():
            cells[item, place] = row
    drawn = _bootstrap(cells, seed)
    for place, group in enumerate(order):
        total = cells[:, place].sum(axis=0)
        stories = int(cells[:, place].any(axis=1).sum())
        with numpy.errstate(all="ignore"):
            values, spread = _measures(total[None, :]), _measures(drawn[:, place])
        measures = {}
        for name, value, column in zip(MEASURES, values, spread, strict=True):
            real = column[~numpy.isnan(column)]
            low, high = numpy.percentile(real, (2.5, 97.5)) if real.size else (math.nan, math.nan)
            measures[name] = Interval(float(value[0]), float(low), float(high), stories)
        yield Figures(*group, int(total[_GOLD]), int(total[_CODED]), int(total[_HIT_GOLD]), measures)


def _bootstrap(cells: Any, seed: int) -> Any:
    """Counts of REPLICATES samples of items with replacement: (items, groups, 4) -> (replicates, groups, 4)."""
    import numpy

    items = len(cells)
    flat = cells.reshape(items, -1)
    generator = numpy.random.default_rng(seed)
    rows, step = [], max(1, _CHUNK // items)
    for first in range(0, REPLICATES, step):
        weights = generator.multinomial(items, numpy.full(items, 1 / items), size=min(step, REPLICATES - first))
        rows.append(weights @ flat)
    return numpy.concatenate(rows).reshape(REPLICATES, *cells.shape[1:])


def _measures(counts: Any) -> tuple[Any, Any, Any]:
    """Precision, recall and F1 of rows of counts; nan where nothing was coded, or nothing asked for. F1 is 0 where nothing was found."""
    import numpy

    precision, recall = counts[:, _HIT_CODED] / counts[:, _CODED], counts[:, _HIT_GOLD] / counts[:, _GOLD]
    both = precision + recall
    asked = counts[:, _GOLD] + counts[:, _CODED] > 0
    f1 = numpy.where(both > 0, 2 * precision * recall / both, numpy.where(asked, 0.0, math.nan))
    return precision, recall, f1


# ------------------------------------------------------------------------------------------------------------ what is written


def told(result: Evaluation, names: Mapping[str, str]) -> Iterator[str]:
    """The figures as text; `names` are those of the roots."""
    titles = {"root": "ROOT CODE AND BOTH COUNTRIES", "full": "FULL CODE, COUNTRIES AND ROLES"}
    for level in LEVELS:
        yield f"{titles[level]} (95 % bootstrap intervals over stories)"
        yield f"  {'':32} {'gold':>5} {'coded':>5} {'found':>5}   {'precision':17}  {'recall':17}  F1"
        for one in (f for f in result.figures if f.level == level):
            label = f"{one.value} {names.get(one.value, '').lower()}" if one.group == "root" else one.value or "all"
            spans = "  ".join(f"{_span(one.measures[name]):17}" for name in MEASURES)
            yield f"  {label[:32]:32} {one.gold:5} {one.coded:5} {one.found:5}   {spans}".rstrip()
    if result.negatives:
        yield f"{result.false_alarms} of {result.negatives} stories or sentences without a gold event got one"


def _span(found: Interval) -> str:
    return "-" if math.isnan(found.share) else f"{found.share:.2f} [{found.low:.2f} {found.high:.2f}]"


def write_figures(result: Evaluation, stream: IO[str]) -> None:
    """One CSV row a level and group; empty cells where there is no figure."""
    writer = csv.writer(stream, lineterminator="\n")
    ends = [f"{name}{end}" for name in MEASURES for end in ("", "_low", "_high")]
    writer.writerow(("level", "by", "value", "stories", "gold", "coded", "found", *ends))
    for one in result.figures:
        numbers = [x for name in MEASURES for x in (one.measures[name].share, one.measures[name].low, one.measures[name].high)]
        cells = ["" if math.isnan(x) else f"{x:.4f}" for x in numbers]
        writer.writerow((one.level, one.group, one.value, one.measures["f1"].n, one.gold, one.coded, one.found, *cells))


def write_mistakes(result: Evaluation, stream: IO[str]) -> None:
    """One CSV row a mistake: the gold event, the coded one, or both where they differ in code or role."""
    from coder.output import cell

    writer = csv.writer(stream, lineterminator="\n")
    sides = [f"{side}_{name}" for name in _REQUIRED for side in ("gold", "coded")]
    writer.writerow(("kind", "story_id", "sentence", "phenomenon", *sides, "rule", "event_text"))
    for one in result.mistakes:
        gold = (one.gold.sources[0], one.gold.codes[0], one.gold.targets[0]) if one.gold else ("", "", "")
        coded = (one.coded.source, one.coded.cameo, one.coded.target) if one.coded else ("", "", "")
        sentence = one.coded.sentence if one.coded else one.key[1] or ""
        pairs = [code for pair in zip(gold, coded, strict=True) for code in pair]
        texts = (one.coded.rule, one.coded.event_text) if one.coded else ("", "")
        writer.writerow(map(cell, (one.kind, one.key[0], sentence, one.phenomenon, *pairs, *texts)))
