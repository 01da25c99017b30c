"""The formulas against worked examples that their authors, or textbooks, have published."""

import math

import pytest

from coder.agreement import Stratum, cohen_kappa, fleiss_kappa, krippendorff_alpha, share, stratified, wilson

# J. L. Fleiss (1971), table 1: 30 patients, 6 psychiatrists, counts of five diagnoses a patient.
FLEISS = (
    "00060 03003 01401 00006 03030 20400 00402 20310 20040 00006 10050 11040 03300 10050 02031 "
    "00501 30012 51000 02040 10203 00006 01050 02013 20040 10041 05010 40002 02040 10500 00006"
)
# K. Krippendorff (2011), section C: four observers, twelve units, dots where nothing was observed.
KRIPPENDORFF = ("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


@pytest.mark.parametrize(
    ("right", "n", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_intervals(right: int, n: int, low: float, high: float):
    """Newcombe (1998), table I, method 3."""
    assert wilson(right, n) == pytest.approx((low, high), abs=5e-5)


def test_wilson_without_cases_knows_nothing():
    """The whole range; the share is not a number."""
    assert wilson(0, 0) == (0.0, 1.0)
    assert math.isnan(share(0, 0).share)


def test_cohen_kappa():
    """Fleiss, Levin and Paik (2003), Statistical Methods for Rates and Proportions, table 18.1: kappa 0.68 over 100 patients."""
    table = {("p", "p"): 75, ("p", "n"): 1, ("p", "o"): 4, ("n", "p"): 5, ("n", "n"): 4, ("n", "o"): 1, ("o", "o"): 10}
    assert cohen_kappa([pair for pair, count in table.items() for _ in range(count)]) == pytest.approx(0.676, abs=5e-4)


def test_fleiss_kappa():
    """Fleiss (1971): kappa 0.430."""
    units = [[diagnosis for diagnosis, count in enumerate(patient) for _ in range(int(count))] for patient in FLEISS.split()]
    assert fleiss_kappa(units) == pytest.approx(0.430, abs=5e-4)


def test_krippendorff_alpha_with_missing_data():
    """Krippendorff (2011): nominal alpha 0.743 for four observers, 0.095 for the binary example of two."""
    units = [[value for value in column if value != "."] for column in zip(*KRIPPENDORFF, strict=True)]
    assert krippendorff_alpha(units) == pytest.approx(0.743, abs=5e-4)
    assert krippendorff_alpha(zip("0100000010", "1110010000", strict=True)) == pytest.approx(0.095, abs=5e-4)


def test_agreement_at_its_ends():
    """Everybody says the same one thing; nobody says anything; unequal numbers of judges."""
    assert cohen_kappa([("a", "a")] * 3) == fleiss_kappa([["a", "a"]] * 3) == krippendorff_alpha([["a", "a"]] * 3) == 1.0
    assert math.isnan(cohen_kappa([])) and math.isnan(fleiss_kappa([])) and math.isnan(krippendorff_alpha([["a"]]))
    with pytest.raises(ValueError, match="same number of judgements"):
        fleiss_kappa([["a", "a"], ["a"]])


def test_strata_are_weighted_by_size():
    """A small stratum that is drawn whole does not outweigh a large one; a census has no error left but that of its Wilson form."""
    found = stratified([Stratum(10, 10, 10), Stratum(50, 100, 990)])
    assert found.share == pytest.approx(0.01 + 0.99 * 0.5)
    assert found.n == 110
    # Cochran (1977), 5.3: var = 0.99^2 (1 - 100/990) 0.25/99
    variance = 0.99**2 * (1 - 100 / 990) * 0.25 / 99
    effective = found.share * (1 - found.share) / variance
    assert (found.low, found.high) == pytest.approx(wilson(found.share * effective, effective))


def test_strata_of_one_mind_use_the_number_judged():
    """No variance to estimate from: the interval is that of a plain share."""
    found = stratified([Stratum(5, 5, 50), Stratum(3, 3, 30)])
    assert (found.share, found.low, found.high) == pytest.approx((1.0, *wilson(8, 8)))
    assert math.isnan(stratified([]).share)
