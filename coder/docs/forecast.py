"""From events to a forecast, step by step: deduplicate, count by country and month, and predict next month's material conflict.

    pip install "waqai[test]"        # scikit-learn
    python forecast.py               # or cell by cell in an editor that knows `# %%`

The events here are made by chance from a process that we know, so that the script runs anywhere; put your own in the first cell.
"""

# %% 1. Events and the list of what was read. Your own: coder.read_events("events.csv") and coder.corpus.read_corpus(["parsed"], [])
import numpy
import pandas
from sklearn.linear_model import PoissonRegressor
from sklearn.metrics import mean_poisson_deviance
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler

import coder
from coder.output import COLUMNS

COUNTRIES = ["DZA", "EGY", "IRQ", "JOR", "LBN", "LBY", "MAR", "SDN", "SYR", "TUN", "TUR", "YEM"]
MONTHS = pandas.period_range("2015-01", "2020-12", freq="M")


def made_news(seed: int = 7) -> tuple[pandas.DataFrame, pandas.DataFrame]:
    """Events and stories of six years. Each country's conflict rises and falls slowly; a threat is often told the month before an attack."""
    chance = numpy.random.default_rng(seed)
    tension = numpy.zeros(len(COUNTRIES))
    rows: list[dict[str, str]] = []
    stories: list[dict[str, object]] = []
    for month in MONTHS:
        tension = 0.85 * tension + chance.normal(0, 0.45, len(COUNTRIES))
        for country, level in zip(COUNTRIES, tension, strict=True):
            for code, rate in (("190", numpy.exp(level)), ("138", numpy.exp(0.9 * level)), ("040", 3.0), ("112", 1.5)):
                for _ in range(chance.poisson(rate)):
                    day = f"{month}-{chance.integers(1, month.days_in_month + 1):02}"
                    for _ in range(chance.integers(1, 4)):  # up to three papers tell it: what counting stories would count
                        story = f"s{len(stories)}"
                        stories.append({"id": story, "date": day, "sentences": int(chance.integers(5, 20))})
                        rows.append({"event_id": f"e{len(rows)}", "story_id": story, "story_date": day, "event_date": day, "date_precision": "day",
                                     "source": country + "GOV", "target": country + "REB", "cameo": code, "status": "actual"})  # fmt: skip
        stories += [{"id": f"t{month}-{n}", "date": f"{month}-01", "sentences": 10} for n in range(30)]  # read, and no event in them
    codes = coder.load_dictionaries().codes
    events = pandas.DataFrame(rows).reindex(columns=list(COLUMNS), fill_value="")
    for name in ("quad", "goldstein", "plover"):
        events[name] = [getattr(codes[code], name) for code in events["cameo"]]
    read = pandas.DataFrame(stories)
    lost = read["date"].str[:7].isin(["2017-05", "2017-06"])  # two months of the archive are missing
    return events[~events["story_id"].isin(read[lost]["id"])], read[~lost]


events, stories = made_news()

# %% 2. The panel: every country in every month. `events` counts an event once however many papers tell it; `events_raw` counts the rows.
notes: list[str] = []
panel = coder.aggregate(events, "country-month", stories=stories, countries=COUNTRIES, start="2015-01", end="2020-12", notes=notes)
for note in notes:
    print(note)
print(panel[["iso3", "period", "month_id", "observed", "documents", "events", "events_raw", "quad_4"]].head())

# %% 3. What is known in a month, and what comes next. A month without stories is missing, not peaceful: no row is learnt from it or tested on it.
FEATURES = ["quad_4", "cameo_13", "quad_1", "goldstein_negative_sum", "documents"]


def known_and_next(panel: pandas.DataFrame) -> pandas.DataFrame:
    """Rows of a country and month: this month's and last month's features (logarithms of counts), and next month's material conflict."""
    values = panel[FEATURES].astype("float64")
    table = numpy.log1p(values.abs())
    before = table.groupby(panel["iso3"]).shift(1).add_suffix("_before")
    after = values["quad_4"].groupby(panel["iso3"]).shift(-1).rename("next")
    return pandas.concat([panel[["iso3", "period"]], values["quad_4"].rename("now"), table, before, after], axis=1).dropna()


table = known_and_next(panel)
inputs = [name for name in table.columns if name not in ("iso3", "period", "now", "next")]

# %% 4. Train on the years to 2018, test on what followed: never on a past that the model has seen the future of.
train, test = table[table["period"] < "2019"], table[table["period"] >= "2019"]
model = make_pipeline(StandardScaler(), PoissonRegressor(alpha=1e-3, max_iter=1000)).fit(train[inputs], train["next"])

# %% 5. Judge it against what costs nothing: next month like this one, and each country's mean.
means = train.groupby("iso3")["next"].mean()
forecasts = {
    "model": model.predict(test[inputs]),
    "like this month": test["now"].clip(lower=0.1),  # the deviance of a forecast of 0 has no end
    "mean of the country": test["iso3"].map(means),
}
scores = {name: float(mean_poisson_deviance(test["next"], forecast)) for name, forecast in forecasts.items()}
for name, score in scores.items():
    print(f"{name}: Poisson deviance {score:.2f}")
