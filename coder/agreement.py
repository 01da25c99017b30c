"""Precision with its interval, and agreement between judges. Each formula is given with its source; the tests repeat worked examples of these.

- Wilson interval: E. B. Wilson (1927), "Probable inference, the law of succession, and statistical inference", JASA 22, 209-212; worked
  examples in R. G. Newcombe (1998), Statistics in Medicine 17, 857-872, table I.
- Stratified mean and its variance: W. G. Cochran (1977), Sampling Techniques, 3rd ed., sections 5.3-5.4 and 5.11. The interval of a stratified
  proportion is Wilson's with the effective sample size (N. Dean and M. Pagano 2015, Survey Methodology 41, 273-304).
- Cohen's kappa: J. Cohen (1960), Educational and Psychological Measurement 20, 37-46.
- Fleiss' kappa: J. L. Fleiss (1971), Psychological Bulletin 76, 378-382.
- Krippendorff's alpha: K. Krippendorff (2011), "Computing Krippendorff's alpha-reliability", University of Pennsylvania.
"""

import math
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence

from attrs import frozen

Z_95 = 1.959963984540054


@frozen
class Interval:
    """A share with the ends of its interval, all between 0 and 1; `share` is nan where nothing was counted."""

    share: float
    low: float
    high: float
    n: int


@frozen
class Stratum:
    """`right` of `n` sampled units of a stratum of `size` units."""

    right: int
    n: int
    size: int


def wilson(right: float, n: float, z: float = Z_95) -> tuple[float, float]:
    """The Wilson score interval: (p + z^2/2n -+ z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n); (0, 1) where n is 0."""
    if n <= 0:
        return 0.0, 1.0
    p = right / n
    middle = p + z * z / (2 * n)
    reach = z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    scale = 1 + z * z / n
    return max(0.0, (middle - reach) / scale), min(1.0, (middle + reach) / scale)


def share(right: int, n: int) -> Interval:
    """A plain share with its Wilson interval."""
    return Interval(right / n if n else math.nan, *wilson(right, n), n)


def stratified(strata: Iterable[Stratum]) -> Interval:
    """The share in the whole population, each stratum weighted by its size, with finite populations corrected for.

    p = sum W p_h; var = sum W^2 (1 - n_h/N_h) p_h(1-p_h)/(n_h - 1), W = N_h/N. The interval is Wilson's for n* = p(1-p)/var; where every stratum is
    of one mind (var 0) n* is the number judged.
    """
    used = [s for s in strata if s.n]
    total, n = sum(s.size for s in used), sum(s.n for s in used)
    if not total:
        return Interval(math.nan, 0.0, 1.0, n)
    p = sum(s.size / total * s.right / s.n for s in used)
    variance = sum((s.size / total) ** 2 * max(0.0, 1 - s.n / s.size) * (s.right / s.n) * (1 - s.right / s.n) / (s.n - 1) for s in used if s.n > 1)
    effective = p * (1 - p) / variance if variance > 0 else float(n)
    return Interval(p, *wilson(p * effective, effective), n)


def cohen_kappa(pairs: Sequence[tuple[Hashable, Hashable]]) -> float:
    """(p_o - p_e) / (1 - p_e) for two judges; nan where there is nothing to judge, 1 where both always say the same one thing."""
    if not pairs:
        return math.nan
    n = len(pairs)
    observed = sum(a == b for a, b in pairs) / n
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    expected = sum(first[c] * second[c] for c in first) / (n * n)
    return 1.0 if expected == 1 else (observed - expected) / (1 - expected)


def fleiss_kappa(units: Sequence[Sequence[Hashable]]) -> float:
    """Agreement of m judges on each unit, the same number on all: P_i = (sum n_ij^2 - m) / (m(m-1)), P_e = sum p_j^2. Raises ValueError where
    units have different numbers of judgements or fewer than two."""
    if not units:
        return math.nan
    m = len(units[0])
    if m < 2 or any(len(unit) != m for unit in units):
        raise ValueError("Fleiss' kappa needs the same number of judgements, two at least, of every event")
    counts = [Counter(unit) for unit in units]
    agreed = sum((sum(k * k for k in c.values()) - m) / (m * (m - 1)) for c in counts) / len(units)
    overall = sum(counts, Counter())
    expected = sum((k / (len(units) * m)) ** 2 for k in overall.values())
    return 1.0 if expected == 1 else (agreed - expected) / (1 - expected)


def krippendorff_alpha(units: Iterable[Sequence[Hashable]]) -> float:
    """Nominal alpha, any number of judgements a unit: 1 - (n - 1) sum_u(sum_{c != k} n_uc n_uk / (m_u - 1)) / sum_{c != k} n_c n_k. Units judged once do
    not count; nan where no unit was judged twice, 1 where all judgements are the same one."""
    counts = [Counter(unit) for unit in units if len(unit) > 1]
    overall = sum(counts, Counter())
    n = sum(overall.values())
    if not n:
        return math.nan
    differing = n * n - sum(k * k for k in overall.values())
    if not differing:
        return 1.0
    observed = 0.0
    for c in counts:
        m = sum(c.values())
        observed += (m * m - sum(k * k for k in c.values())) / (m - 1)
    return 1 - (n - 1) * observed / differing
