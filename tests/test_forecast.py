"""The worked example of the documentation runs and says what it claims to say."""

import runpy
from pathlib import Path

import pytest

import coder

SCRIPT = Path(coder.__file__).parent / "docs" / "forecast.py"


def test_the_forecast_example_runs(capsys):
    """The model beats what costs nothing; no row of the two months without stories, nor of those beside them, is learnt from."""
    pytest.importorskip("sklearn", reason="the worked example needs scikit-learn: pip install 'waqai[test]'")
    done = runpy.run_path(str(SCRIPT))
    scores = done["scores"]
    assert scores["model"] < 0.8 * min(score for name, score in scores.items() if name != "model")
    assert capsys.readouterr().out.count("Poisson deviance") == 3
    panel, table = done["panel"], done["table"]
    missing = panel[panel["observed"] == 0]
    assert sorted(missing["period"].unique()) == ["2017-05", "2017-06"] and missing["events"].isna().all()
    assert not {"2017-04", "2017-05", "2017-06", "2017-07"} & set(table["period"]) and {"2017-03", "2017-08"} <= set(table["period"])
    assert len(panel) == 12 * 72
