"""Reading judges' sheets back: precision with intervals by root and overall, agreement between judges, a paragraph for a methods section."""

import csv
import math
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import combinations
from pathlib import Path
from typing import IO

from attrs import frozen

from coder.agreement import Interval, Stratum, cohen_kappa, fleiss_kappa, krippendorff_alpha, share, stratified
from coder.model import InputError

FLAWS = ("source", "target", "code", "date", "status")
COLUMNS = ("sheet", "judge", "event_id", "root", "root_size", "cameo", "verdict", *(f"wrong_{flaw}" for flaw in FLAWS), "comment")
_VERDICTS = ("right", "wrong", "not_an_event")


@frozen
class Judgement:
    """What one judge said of one event; `flaws` names what is wrong, `size` counts the events of its root in the whole file."""

    sheet: str
    judge: str
    event_id: str
    root: str
    size: int
    verdict: str
    flaws: frozenset[str]

    @property
    def full(self) -> str:
        """The whole judgement as one word, for agreement on all of it."""
        return self.verdict + "".join(f" {flaw}" for flaw in FLAWS if flaw in self.flaws)

    def right_in(self, side: str) -> bool:
        """Whether the event is one, and right in this respect."""
        return self.verdict == "right" or self.verdict == "wrong" and side not in self.flaws


@frozen
class Agreement:
    """Agreement of two or more judges over `n` events: percent agreement of pairs of judges, Cohen's kappa of each pair of judges with the number
    of events that both judged, Fleiss' kappa (nan where events have different numbers of judges), Krippendorff's alpha."""

    what: str
    n: int
    agreed: float
    cohen: dict[tuple[str, str], tuple[float, int]]
    fleiss: float
    alpha: float


@frozen
class Findings:
    """What the sheets say. An event is right where more than half of its judges say so."""

    overall: Interval
    roots: dict[str, Interval]
    sides: dict[str, Interval]
    agreement: tuple[Agreement, ...]
    judges: dict[str, int]
    events: int
    population: int
    sheets: tuple[str, ...]


def read_sheets(paths: Iterable[Path], problems: list[InputError]) -> list[Judgement]:
    """The judgements of all sheets. A row that cannot be read is reported in `problems` and left out; of two rows of one judge on one event
    the last counts."""
    found: dict[tuple[str, str], Judgement] = {}
    for path in paths:
        try:
            with open(path, encoding="utf-8-sig", newline="") as stream:
                reader = csv.DictReader(stream)
                missing = [c for c in COLUMNS if c not in (reader.fieldnames or ())]
                if missing:
                    remedy = "export the sheet from the review page again; a spreadsheet may have saved it with semicolons"
                    problems.append(InputError(f"{path}:1", f"no column {', '.join(missing)}", remedy))
                    continue
                for row in reader:
                    _add(row, path, f"{path}:{reader.line_num}", found, problems)
        except (OSError, UnicodeDecodeError, csv.Error) as error:
            problems.append(InputError(str(path), f"cannot be read: {error}", "give sheets exported from the review page, CSV in UTF-8"))
    return list(found.values())


def _add(row: Mapping[str, str], path: Path, where: str, found: dict[tuple[str, str], Judgement], problems: list[InputError]) -> None:
    cells = {name: (row.get(name) or "").strip() for name in COLUMNS}
    if not cells["verdict"]:
        return
    root = cells["root"].zfill(2)  # a spreadsheet eats the zero
    if cells["verdict"] not in _VERDICTS or not cells["root_size"].isdecimal():
        what = f"verdict {cells['verdict']!r} with root size {cells['root_size']!r}"
        problems.append(InputError(where, what, "verdicts are right, wrong, not_an_event; do not edit the other columns"))
        return
    judge = cells["judge"] or path.stem
    if (judge, cells["event_id"]) in found:
        problems.append(InputError(where, f"{judge} judged event {cells['event_id']} twice", "the later row counts"))
    flaws = frozenset(flaw for flaw in FLAWS if cells[f"wrong_{flaw}"])
    found[judge, cells["event_id"]] = Judgement(cells["sheet"], judge, cells["event_id"], root, int(cells["root_size"]), cells["verdict"], flaws)


def judge(judgements: Sequence[Judgement]) -> Findings:
    """Precision and agreement. Overall figures are weighted by the size of each root, since small roots are drawn more often than their share."""
    events: dict[str, list[Judgement]] = defaultdict(list)
    for judgement in judgements:
        events[judgement.event_id].append(judgement)
    sizes = {j.root: j.size for j in judgements}
    overall, roots = _precision(events, sizes, lambda j: j.verdict == "right")
    sides = {side: _precision(events, sizes, partial(Judgement.right_in, side=side))[0] for side in FLAWS}
    sides["being an event"] = _precision(events, sizes, lambda j: j.verdict != "not_an_event")[0]
    shared = [group for group in events.values() if len(group) > 1]
    agreement = []
    if shared:
        agreement = [
            _agreement("right or not", shared, lambda j: str(j.verdict == "right")),
            _agreement("the whole judgement", shared, lambda j: j.full),
        ]
    judges = dict(sorted(Counter(j.judge for j in judgements).items()))
    sheets = tuple(sorted({j.sheet for j in judgements}))
    return Findings(overall, roots, sides, tuple(agreement), judges, len(events), sum(sizes.values()), sheets)


def _precision(
    events: Mapping[str, list[Judgement]], sizes: Mapping[str, int], right: Callable[[Judgement], bool]
) -> tuple[Interval, dict[str, Interval]]:
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for group in events.values():
        count = counts[group[0].root]
        count[0] += 2 * sum(map(right, group)) > len(group)
        count[1] += 1
    strata = {root: Stratum(r, n, max(sizes[root], n)) for root, (r, n) in sorted(counts.items())}
    return stratified(strata.values()), {root: share(s.right, s.n) for root, s in strata.items()}


def _agreement(what: str, groups: Sequence[Sequence[Judgement]], value: Callable[[Judgement], str]) -> Agreement:
    said = [{j.judge: value(j) for j in group} for group in groups]
    pairs = [(a, b) for values in said for a, b in combinations(values.values(), 2)]
    names = sorted({name for values in said for name in values})
    cohen = {}
    for a, b in combinations(names, 2):
        both = [(values[a], values[b]) for values in said if a in values and b in values]
        if both:
            cohen[a, b] = (cohen_kappa(both), len(both))
    units = [list(values.values()) for values in said]
    same = len({len(unit) for unit in units}) == 1
    agreed = sum(a == b for a, b in pairs) / len(pairs)
    return Agreement(what, len(said), agreed, cohen, fleiss_kappa(units) if same else math.nan, krippendorff_alpha(units))


# ------------------------------------------------------------------------------------------------------------ what is written


def told(findings: Findings, names: Mapping[str, str]) -> Iterator[str]:
    """The findings as text; `names` are those of the roots."""
    judges = ", ".join(f"{name} ({n})" for name, n in findings.judges.items())
    yield f"{findings.events} events judged by {judges}; a sample of {findings.population} events of {len(findings.roots)} roots"
    if len(findings.sheets) > 1:
        yield f"NOTE: these sheets come from {len(findings.sheets)} samples ({', '.join(findings.sheets)}); sizes of roots are those of the last one read"
    yield "PRECISION (right in everything; 95 % Wilson intervals)"
    yield f"  overall, weighted by root: {_figure(findings.overall)}"
    for root, found in findings.roots.items():
        yield f"  {root} {names.get(root, '').lower()}: {_figure(found)}"
    yield "RIGHT IN EACH RESPECT (weighted by root)"
    for side, found in findings.sides.items():
        yield f"  {side}: {_figure(found)}"
    if not findings.agreement:
        yield "AGREEMENT: no event was judged by two persons"
    for a in findings.agreement:
        yield f"AGREEMENT on {a.what}, {a.n} events: {a.agreed:.0%} of pairs alike, Krippendorff's alpha {_number(a.alpha)}, Fleiss' kappa {_number(a.fleiss)}"
        for (first, second), (kappa, n) in a.cohen.items():
            yield f"  {first} and {second}: Cohen's kappa {_number(kappa)} over {n} events"
    yield "FOR A METHODS SECTION (a draft: read it before you use it)"
    yield f"  {methods(findings)}"


def methods(findings: Findings) -> str:
    """A paragraph that says what was done and found, numbers as in `told`."""
    count = len(findings.judges)
    drawn = f"We judged a random sample of {findings.events} of {findings.population} coded events, stratified by CAMEO root code ({', '.join(findings.sheets)})."
    people = (
        f"{count} judge{'s' if count != 1 else ''} marked each event as right, as wrong in its source, target, code, date or status, or as no event."
    )
    majority = " Where several judged an event, it counts as right if more than half of them said so." if findings.agreement else ""
    figures = f"Weighted by the size of each root, {_figure(findings.overall)} of the events were right in every respect (95 % Wilson interval, effective sample size)."
    ranked = sorted((f for f in findings.roots.items() if f[1].n), key=lambda f: f[1].share)
    between = (
        f" By root, precision ranged from {ranked[0][1].share:.0%} ({ranked[0][0]}) to {ranked[-1][1].share:.0%} ({ranked[-1][0]})."
        if len(ranked) > 1
        else ""
    )
    agreed = "Agreement between judges was not measured."
    if findings.agreement:
        a = findings.agreement[0]
        kappas = [k for k, _ in a.cohen.values()]
        cohen = (
            f", Cohen's kappa {_number(kappas[0])}"
            if len(kappas) == 1
            else f", Fleiss' kappa {_number(a.fleiss)}"
            if not math.isnan(a.fleiss)
            else ""
        )
        agreed = f"Agreement on whether an event is right, over {a.n} events judged by two or more: Krippendorff's alpha {_number(a.alpha)}{cohen}."
    return f"{drawn} {people}{majority} {figures}{between} {agreed}"


def write_precision(findings: Findings, stream: IO[str]) -> None:
    """One CSV row a figure: what, its share, the ends of its interval, the number judged."""
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(("what", "share", "low", "high", "judged"))
    rows = {
        "overall": findings.overall,
        **{f"root {r}": f for r, f in findings.roots.items()},
        **{f"right: {s}": f for s, f in findings.sides.items()},
    }
    for what, f in rows.items():
        writer.writerow((what, *(f"{x:.4f}" for x in (f.share, f.low, f.high)), f.n))


def _figure(found: Interval) -> str:
    return f"{found.share:.1%} [{found.low:.1%}, {found.high:.1%}] (n = {found.n})" if found.n else "nothing judged"


def _number(value: float) -> str:
    return "not defined" if math.isnan(value) else f"{value:.3f}"
