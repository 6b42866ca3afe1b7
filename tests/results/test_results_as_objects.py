"""Results tell their figures by economic names, show themselves in a notebook, draw, and go over to pandas."""

import xml.etree.ElementTree as ET
from math import isnan

import polars as pl
import pytest

from watersellers import BadInput, Ensemble, Result, Sweep, Swept, compare, ensemble, run
from watersellers.experiments.figures.pictures import Picture
from watersellers.market.goods import CHAIN

LOCK = "chips.nvidia.lock_in"


@pytest.fixture(scope="module")
def result() -> Result:
    return run("plain", seed=1, months=14, users=200)


@pytest.fixture(scope="module")
def swept(tmp_path_factory) -> Swept:
    sweep = Sweep("plain", {LOCK: (0, 5)}, {"kind": "grid", "levels": 2}, months=3, users=50, replications=2)
    return sweep.run(tmp_path_factory.mktemp("sweeps") / "lock")


@pytest.mark.parametrize("who", [*CHAIN, "nvidia", "chatgpt"])
@pytest.mark.parametrize(
    ("when", "months"), [(None, 14), (2023, 12), (2024, 2), ("2023-05", 1), (("2023-11", "2024-01"), 3)]
)
def test_money_is_that_of_the_tables_in_dollars(result, who, when, months):
    table, key = (result.layers, "layer") if who in CHAIN else (result.firms, "firm")
    first, last = {None: (0, 14), 2023: (0, 12), 2024: (12, 14), "2023-05": (4, 5)}.get(when, (10, 13))
    rows = table.filter(pl.col(key) == who).sort("month")[first:last]
    assert len(rows) == months
    revenue, profit = int(rows["revenue"].sum()), int(rows["operating_profit"].sum())
    assert result.revenue(who, when) == revenue / 100
    assert result.profit(who, when) == profit / 100
    assert result.free_cash_flow(who, when) == int(rows["free_cash_flow"].sum()) / 100
    assert result.margin(who, when) == (profit / revenue if revenue else None)


def test_prices_are_means_by_what_was_delivered(result):
    rows = result.markets.filter(pl.col("good") == "machine_hours", pl.col("month").dt.year() == 2023)
    units = int(rows["delivered"].sum())
    assert result.price("gpu_hours", 2023) == pytest.approx((rows["price"] * rows["delivered"]).sum() / units)
    assert result.quantity("gpu_hours", 2023) == result.quantity("machine_hours", 2023) == units
    west = rows.filter(region="west")["price"]
    assert west.min() <= result.price("hours", 2023, "west") <= west.max()
    assert result.price("tokens", "2023-01", "china") != result.price("tokens", "2023-01", "west")


def test_users_and_spending(result):
    people = result.apps.filter(pl.col("app") == "chatgpt", pl.col("month").dt.year() == 2024)["users"].sum()
    assert result.users_of("chatgpt", 2024) == people / 2
    outside = ["users", "enterprises", "advertisers"]
    spent = result.layers.filter(pl.col("layer").is_in(outside))["bought_from_chain"].sum()
    assert result.final_spending() == spent / 100 > 0


def test_statistics_and_summary_have_all_layers_and_years(result):
    table = result.statistics
    assert table.equals(result.summary())
    assert table.select("year", "layer").rows() == [(year, layer) for year in (2023, 2024) for layer in CHAIN]
    assert table["months"].to_list() == [12] * 4 + [2] * 4
    assert table.filter(year=2024, layer="labs")["operating_profit"].item() == result.profit("labs", 2024)


@pytest.mark.parametrize(
    ("ask", "sentence"),
    [
        (lambda it: it.margin("chip"), "who: unknown layer or firm 'chip'. Did you mean 'chips'"),
        (lambda it: it.margin("chips", 2025), "when: found 2025, expected a year, a month as '2024-03' or two of them"),
        (lambda it: it.profit("chips", "2024-03"), "from 2023-01 to 2024-02"),
        (lambda it: it.profit("chips", "May"), "when: found 'May'"),
        (lambda it: it.profit("chips", ("2024-01", "2023-01")), "when: found"),
        (lambda it: it.price("gpus"), "good: unknown good 'gpus'. Did you mean 'gpu_hours'"),
        (lambda it: it.price("seats", None, "mars"), "region: unknown region 'mars'"),
        (lambda it: it.users_of("chatgtp"), "users_of: unknown app 'chatgtp'. Did you mean 'chatgpt'"),
        (lambda it: it.plot("margin"), "plot: unknown picture 'margin'"),
        (lambda it: it.to_pandas("firm"), "to_pandas: unknown table 'firm'. Did you mean 'firms'"),
    ],
)
def test_what_a_result_cannot_tell_is_refused(result, ask, sentence):
    with pytest.raises(BadInput, match=sentence.replace(".", r"\.")):
        ask(result)


def test_pandas_gets_every_table_with_its_types(result):
    tables = result.to_pandas()
    assert tables.keys() == result.frames().keys()
    for name, table in tables.items():
        ours = result.frames()[name]
        assert list(table.columns) == ours.columns
        assert len(table) == len(ours)
    firms, ours = tables["firms"], result.firms
    assert str(firms["month"].dtype).startswith("datetime64")
    assert firms["revenue"].sum() == ours["revenue"].sum()
    assert firms["quality"].isna().sum() == ours["quality"].null_count() > 0
    assert all(isnan(value) for value in firms["quality"][firms["quality"].isna()])


def test_a_notebook_shows_a_result_and_a_sweep_without_script_or_network(result, swept):
    for shown, words in (
        (result._repr_html_(), ["Chips", "63", "<svg"]),
        (swept._repr_html_(), [LOCK, "upstream_share"]),
    ):
        root = ET.fromstring(f"<div>{shown}</div>")
        assert not [each for each in root.iter() if each.tag.endswith("script") or "src" in each.attrib]
        assert all(word in shown for word in words)


def test_a_name_in_a_result_is_no_markup(result):
    named = Result(
        **{**vars(result), "manifest": result.manifest | {"scenario": {"name": "<script>alert(1)</script>"}}}
    )
    assert "<script>" not in named._repr_html_()


def test_pictures_are_those_of_the_report_and_are_saved(result, swept, tmp_path):
    for number, picture in enumerate([result.plot(), result.plot("cash"), swept.plot(), swept.plot("enough")]):
        assert isinstance(picture, Picture)
        file = picture.save(tmp_path / f"{number}.svg")
        assert ET.fromstring(file.read_text(encoding="utf-8")).tag.endswith("svg")
        assert picture._repr_html_() == picture.svg
    with pytest.raises(BadInput, match=r"found the ending '\.png', expected \.svg"):
        result.plot().save(tmp_path / "picture.png")


def test_a_sweep_sums_up_whole_runs_and_no_single_months(tmp_path):
    measures = ["firms.revenue", "last2.final_spending"]
    made = Sweep("plain", {LOCK: [0, 1]}, months=2, users=50, measures=measures).run(tmp_path / "swept")
    summary = made.summary()
    assert summary["measure"].unique().to_list() == ["last2.final_spending"]
    assert summary["runs"].to_list() == [1, 1]


def test_a_sweep_draws_what_its_commands_draw(tmp_path):
    varied = {"chips.nvidia.opening_capacity": (20_000, 60_000), "chips.research_share": (0.05, 0.3)}
    made = Sweep("plain", varied, {"kind": "latin_hypercube", "points": 12}, months=2, users=20).run(tmp_path / "swept")
    for picture in (made.plot("sensitivity", "pawn"), made.plot("map", *varied), made.plot("bands")):
        assert ET.fromstring(picture.svg).tag.endswith("svg")
    assert set(made.sensitivity(method="pawn")["parameter"]) == set(varied)
    assert made.map(*varied).runs == 12


def test_a_sweep_answers_as_its_commands_do(swept):
    assert swept.bands()["month"].n_unique() == 3
    assert swept.bands(by=LOCK)["who"].n_unique() == 4
    assert swept.enough()["replicates"].to_list() == [2]
    summary = swept.summary()
    assert summary.columns == ["point", LOCK, "measure", "layer", "firm", "mean", "low", "high", "runs"]
    one = summary.filter(point=1, measure="last3.upstream_share").row(0, named=True)
    runs = swept.runs.filter(point=1)["run"].to_list()
    values = swept.measures.filter(pl.col("measure") == "last3.upstream_share", pl.col("run").is_in(runs))["value"]
    assert (one["mean"], one["low"], one["high"], one["runs"]) == (values.mean(), values.min(), values.max(), 2)
    assert list(swept.to_pandas()) == ["design", "runs", "measures", "rules"]
    assert swept.rules.is_empty()
    for picture in ("map", "maps"):
        with pytest.raises(BadInput, match="expected bands, sensitivity, enough, or map, x and y"):
            swept.plot(picture)


@pytest.fixture(scope="module")
def seeds() -> Ensemble:
    return ensemble("plain", seeds=3, months=14, users=100, set={LOCK: 1.0}, workers=1)


def test_an_ensemble_has_the_figures_of_each_seed_and_bands_over_them(seeds):
    one = run("plain", seed=2, months=14, users=100, set={LOCK: 1.0})
    assert seeds.of_seed[1].digest == one.manifest["digest"]
    for ask in (
        lambda it: it.margin("chips", 2023),
        lambda it: it.profit("openai"),
        lambda it: it.revenue("cloud", "2023-05"),
        lambda it: it.free_cash_flow("apps", 2024),
        lambda it: it.price("gpu_hours", 2023, "west"),
        lambda it: it.quantity("tokens"),
        lambda it: it.users_of("chatgpt", 2024),
        lambda it: it.final_spending(),
    ):
        band = ask(seeds)
        assert band.values[1] == ask(one)
        assert (band.low, band.high, band.kind) == (min(band.values), max(band.values), "all")
        assert band.mean == pytest.approx(sum(band.values) / 3)
    share = seeds.over_seeds(lambda it: it.profit("openai") / it.revenue("openai"))
    assert share.values[1] == one.profit("openai") / one.revenue("openai")


def test_an_ensemble_tells_shows_and_draws(seeds):
    summary = seeds.summary()
    row = summary.filter(year=2023, layer="labs", figure="operating_profit").row(0, named=True)
    band = seeds.profit("labs", 2023)
    assert (row["mean"], row["low"], row["high"], row["band"]) == (band.mean, band.low, band.high, "all")
    assert seeds.table("layers").height == sum(one.layers.height for one in seeds.of_seed)
    assert set(seeds.to_pandas("firms")["seed"]) == {1, 2, 3}
    assert "Labs" in seeds._repr_html_()
    assert ET.fromstring(seeds.plot().svg).tag.endswith("svg")
    for ask, sentence in (
        (lambda: seeds.plot("profits"), "plot: unknown column of layers 'profits'"),
        (lambda: seeds.table("flows"), "table: found 'flows', expected one of firms, layers, markets, apps"),
        (lambda: ensemble("plain", seeds=0), "seeds"),
        (lambda: seeds.margin("chip"), "Did you mean 'chips'"),
    ):
        with pytest.raises(BadInput, match=sentence):
            ask()


def test_progress_is_a_bar_or_a_function(capsys):
    told = []
    for progress in (True, False, None, lambda done, of: told.append((done, of))):
        run("plain", months=2, users=50, progress=progress)
    compare("plain", seeds=1, months=2, users=50, set={LOCK: 1.0}, workers=1, progress=lambda *done: told.append(done))
    assert told == [(1, 2), (2, 2), (1, 2), (2, 2)]
    with pytest.raises(BadInput, match="progress: found 3, expected True for a bar, or a function of the runs"):
        compare("plain", seeds=1, months=2, users=50, set={LOCK: 1.0}, progress=3)  # type: ignore[arg-type]
