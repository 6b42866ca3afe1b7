"""Published figures beside measured ones: tolerances are those committed, measures are those of the tables."""

import json
from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl
import pytest

from tests.worlds.finished import finished
from watersellers import BadInput
from watersellers.experiments.__main__ import main
from watersellers.experiments.analysis.bands_over_runs import expected_band
from watersellers.experiments.analysis.targets import CONTRACTS, SCOPES, TABLE, WORK, asked_of, targets
from watersellers.experiments.analysis.validation import (
    INSIDE,
    MEASURES,
    NEAR,
    OUTSIDE,
    TargetResult,
    coverage,
    score,
    target_figures,
    validate,
    verdict,
)
from watersellers.experiments.cli.target_tables import coverage_in_words
from watersellers.experiments.loading.loader import load_scenario
from watersellers.market.goods import REGIONS
from watersellers.viz.words.catalogue import ENGLISH, FRENCH


@pytest.fixture(scope="module")
def result():
    """A world whose demand follows paths."""
    return finished("dollar_paths", months=26, users=200)


@pytest.fixture(scope="module")
def working():
    """A world whose demand follows from work."""
    return finished("plain", months=26, users=200)


@pytest.mark.parametrize(
    ("kind", "value", "simulated", "expected"),
    [
        ("flow", 100.0, 125.0, INSIDE),
        ("flow", 100.0, 125.1, NEAR),
        ("flow", 100.0, 50.0, NEAR),
        ("flow", 100.0, 49.9, OUTSIDE),
        ("flow", -100.0, -80.0, INSIDE),
        ("flow", -100.0, 80.0, OUTSIDE),
        ("margin", 0.70, 0.745, INSIDE),
        ("margin", 0.70, 0.61, NEAR),
        ("margin", 0.70, 0.59, OUTSIDE),
        ("small", 10.0, 20.0, INSIDE),
        ("small", 10.0, 2.5, NEAR),
        ("small", 10.0, 2.4, OUTSIDE),
        ("small", 10.0, -10.0, OUTSIDE),
        ("flow", 100.0, None, OUTSIDE),
    ],
)
def test_tolerances_are_a_quarter_five_points_and_a_factor_of_two(kind, value, simulated, expected):
    assert verdict(kind, value, simulated) == expected


def test_hours_under_contract_are_hours_bought():
    run = finished("contracted_clouds", months=16, users=200)
    bought = next(each for each in targets() if each.target == "openai_compute_spend_2024")
    spring = replace(bought, start=date(2024, 1, 1), end=date(2024, 4, 1))
    rows = spring.period.rows(run.flows).filter(payer="openai", payee_layer="cloud")
    spot, reserved = (int(rows.filter(good=good)["cents"].sum()) for good in ("gpu_hours", "hours_reserved"))
    assert min(spot, reserved) > 0
    assert MEASURES["hours_bought"](run, spring) == pytest.approx((spot + reserved) / 100)


def test_every_target_is_of_a_firm_a_month_and_a_measure_that_there_are(result, working):
    known = {*result.firms["firm"], *(f"owner:{owner}" for owner in result.owners["owner"])}
    more = {*working.firms["firm"], *REGIONS, "enterprises", "investors"}
    rivals = {firm.name for firm in load_scenario("rival_chips").groups["chips"]}  # a vendor's firms in other worlds
    assert len({each.target for each in targets()}) == len(targets()) >= 60
    for each in targets():
        assert each.measure in MEASURES, each
        there = known | more if each.scope == WORK else known
        assert set(each.who.split()) & there, each
        assert set(each.who.split()) <= there | rivals, each
        assert date(2023, 1, 1) <= each.start <= each.end <= date(2025, 2, 1), each
        assert each.confidence in ("high", "medium", "low"), each
        assert each.scope in SCOPES, each
        assert each.source, each
    found = target_figures(result)
    asked = [each.target for each in targets() if each.scope != WORK]
    assert [name for name in asked if found[name] is None] == []


def test_measures_are_sums_of_the_tables(result):
    found = target_figures(result)
    nvidia = result.firms.filter(
        pl.col("firm") == "nvidia", pl.col("month").is_between(date(2024, 2, 1), date(2024, 4, 1))
    )
    assert found["nvidia_revenue_2024-04"] == nvidia["revenue"].sum() / 100
    assert found["nvidia_gross_margin_2024-04"] == pytest.approx(
        1 - nvidia["cost_of_sales"].sum() / nvidia["revenue"].sum()
    )
    paid = (
        result.flows.filter(payer="openai", good="gpu_hours").filter(pl.col("month").dt.year() == 2024)["cents"].sum()
    )
    assert found["openai_compute_spend_2024"] == pytest.approx(paid / 100, rel=1e-3)  # what is owed is invoiced too
    rates = result.owners.filter(owner="openai", month=date(2024, 12, 1))["revenue"].item()
    assert found["openai_revenue_rate_2024-12"] == pytest.approx(12 * rates / 100)


def test_figures_of_work_are_asked_of_worlds_with_segments_of_work_alone(result, working):
    of_work = [each for each in targets() if each.scope == WORK]
    always = {each for each in targets() if each.scope != CONTRACTS}
    assert set(asked_of(load_scenario("plain"))) == always
    assert set(asked_of(load_scenario("dollar_paths"))) == always - set(of_work)
    found = target_figures(working)
    assert [each.target for each in of_work if found[each.target] is None] == []
    table = {
        row["of"]: row for row in score([TargetResult(each, 1.0, 1.0, 1.0, NEAR) for each in targets()]).to_dicts()
    }
    assert (table["demand from work"]["targets"], table["all"]["targets"]) == (len(of_work), 74 + len(of_work))


def test_measures_of_work_are_figures_of_the_tables(working):
    found, month = target_figures(working), pl.col("month").dt.strftime("%Y-%m")
    west = working.adoption.filter(month == "2024-12", region="west")
    assert found["horizon_2024-12"] == west["horizon"].max()
    firms = working.adoption.filter(month == "2024-02", region="west")["firms"]
    assert found["us_firms_using_ai_2024-02"] == firms.mean()
    sold = working.flows.filter(month == "2024-12", pl.col("payer_layer") == "enterprises")
    tokens = sold.filter(pl.col("good").str.starts_with("tokens_"))["cents"].sum()
    assert found["token_spending_2024-12"] == pytest.approx(tokens * 12 / 100)
    tokens_of = working.markets.filter(good="tokens")
    first, last = (tokens_of.filter(month == each)["constant_quality_price"].min() for each in ("2023-03", "2024-11"))
    assert found["fall_of_price_2024-11"] == pytest.approx(first / last)
    shares = working.flows.filter(month.str.starts_with("2024"), good="shares", payer_layer="investors", payee="xai")
    assert found["xai_raised_2024"] == shares["cents"].sum() / 100


def test_only_figures_of_the_ai_business_are_scored():
    ai, company = (next(each for each in targets() if each.scope == scope) for scope in ("ai", "company"))
    found = [TargetResult(replace(each, confidence="high"), 1.0, 1.0, 1.0, NEAR) for each in (ai, company, ai)]
    table = {row["of"]: row for row in score(found).to_dicts()}
    assert table["all"] == {"of": "all", "targets": 2, "inside": 0, "near": 2, "outside": 0, "fits": 1.0}
    assert table["high confidence"]["targets"] == 2
    assert table["cloud"]["fits"] is None


def test_the_command_prints_every_target_and_the_score(capsys, monkeypatch):
    assert main(["validate", "--seeds", "1", "--users", "100", "--workers", "1", "--json"]) == 0
    printed = json.loads(capsys.readouterr().out)
    asked = [each.target for each in asked_of(load_scenario("baseline"))]
    assert [row["target"]["target"] for row in printed["targets"]] == asked
    scored = sum(each.scope in ("ai", WORK) for each in targets())
    assert printed["score"][-1]["targets"] == scored == 74 + 13
    monkeypatch.setattr("watersellers.experiments.analysis.validation.asked_of", lambda spec: targets()[:3])
    assert main(["validate", "--seeds", "1", "--users", "100", "--workers", "1"]) == 0
    out = capsys.readouterr().out
    assert "published figures beside the model's, 1 seeds" in out
    assert "nvidia_revenue_2023-04" in out
    assert "inside or near" in out


def test_a_target_without_unit_source_or_tolerance_is_refused_with_its_line(tmp_path):
    lines = TABLE.read_text(encoding="utf-8").splitlines()
    names = lines[0].split(",")
    broken = [
        lines[0],
        *(_without(names, lines[1], missing) for missing in ("unit", "source", "kind", "value", "start")),
    ]
    file = tmp_path / "targets.csv"
    file.write_text("\n".join(broken) + "\n", encoding="utf-8")
    with pytest.raises(BadInput) as refused:
        targets(file)
    problems = refused.value.problems
    assert problems[0] == "targets.csv, line 2, nvidia_revenue_2023-04: has no unit; every target has one"
    assert problems[1].startswith("targets.csv, line 3, nvidia_revenue_2023-04: has no source")
    expected = ("kind, which sets its tolerance", "expected a number", "expected a month")
    assert all(
        f"line {line}" in text and cure in text
        for line, text, cure in zip((4, 5, 6), problems[2:], expected, strict=True)
    )


def _without(names, line, missing):
    return ",".join("" if name == missing else cell for name, cell in zip(names, line.split(","), strict=True))


def test_a_page_shows_every_target_with_its_reason_and_opens_offline(tmp_path, capsys, monkeypatch):
    far = [each for each in targets() if each.target in ("oracle_compute_2024", "venture_money_2024")]
    few = tuple(replace(each, why="Because of <reasons>.") for each in (*targets()[:3], *targets()[40:44], *far))
    monkeypatch.setattr("watersellers.experiments.analysis.validation.targets", lambda: few)
    monkeypatch.setattr("watersellers.experiments.analysis.validation.asked_of", lambda spec: few)
    page = tmp_path / "fit.html"
    assert main(["validate", "--seeds", "1", "--users", "100", "--workers", "1", "--page", str(page)]) == 0
    out = capsys.readouterr().out
    assert f"page: {page}" in out.replace("\n", "")
    assert "1 seeds took" in out
    html = page.read_text(encoding="utf-8")
    assert all(each.target.replace("_", " ") in html for each in few)
    missed = [each for each in validate("baseline", seeds=1, users=100, workers=1) if each.reason]
    assert 0 < len(missed) < len(few)  # what fits or is not scored has no reason
    assert html.count("Because of &lt;reasons&gt;.") == len(missed)
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")
    assert "<svg" in html
    other = tmp_path / "fit.txt"
    other.write_text("mine", encoding="utf-8")
    assert main(["validate", "--seeds", "1", "--page", str(other)]) == 2
    assert other.read_text(encoding="utf-8") == "mine"


def test_no_seeds_are_refused():
    with pytest.raises(BadInput, match=r"seeds: found 0, expected a whole number from 1"):
        validate(seeds=0)


def test_a_figure_of_which_no_day_is_known_is_public_sixty_days_after_its_last_month():
    march, december = (replace(targets()[0], end=date(2024, month, 1), public=None) for month in (3, 12))
    assert march.known_from == date(2024, 5, 30)
    assert december.known_from == date(2025, 3, 1)
    assert replace(march, public=date(2024, 4, 2)).known_from == date(2024, 4, 2)


def test_the_score_counts_apart_what_was_public_in_february_2025():
    late, early = (
        replace(targets()[0], public=date(2025, 3, 1)),
        replace(targets()[1], public=date(2025, 2, 28)),
    )
    counted = score([TargetResult(each, 1.0, 1.0, 1.0, "inside", 1) for each in (late, early)])
    assert counted.filter(of="public in February 2025")["targets"].to_list() == [1]
    assert counted.filter(of="all")["targets"].to_list() == [2]
    assert all(of in words.table for words in (ENGLISH, FRENCH) for of in counted["of"].to_list())


def test_no_figure_was_public_before_its_months_were_over_but_what_was_expected():
    early = [each.target for each in targets() if each.known_from < each.end]
    assert early == ["us_firms_using_ai_2024-09"]


def test_the_backlog_is_asked_of_worlds_in_which_clouds_sell_hours_that_begin_later():
    asked = {name: {each.measure for each in asked_of(load_scenario(name))} for name in ("plain", "contracted_clouds")}
    assert "backlog" not in asked["plain"]
    assert asked["contracted_clouds"] - asked["plain"] == {"backlog"}


def covered(value: float, seeds: list[float]) -> bool | None:
    """Whether the band of eight in ten over seeds encloses a figure."""
    likely = expected_band(seeds) or (None, None)
    return TargetResult(replace(targets()[0], value=value), 0.0, 0.0, 0.0, INSIDE, 0, *likely).covered


def test_a_figure_is_covered_if_eight_seeds_in_ten_enclose_it():
    seeds = [float(number) for number in range(1, 10)]  # of nine seeds the outermost are the tenths
    assert expected_band(seeds) == (1.0, 9.0)
    assert [covered(value, seeds) for value in (0.9, 1.0, 5.0, 9.0, 9.1)] == [False, True, True, True, False]
    assert expected_band(seeds[:8]) is None
    assert covered(5.0, seeds[:8]) is None
    assert expected_band([float(number) for number in range(1, 20)]) == (2.0, 18.0)


def test_eight_figures_in_ten_are_covered_where_they_come_from_the_same_years_as_the_seeds():
    dice = np.random.default_rng(1)
    for seeds in (9, 10, 25):
        told = [bool(covered(float(dice.normal()), dice.normal(size=seeds).tolist())) for _ in range(4000)]
        assert np.mean(told) == pytest.approx(0.8, abs=3 * (0.16 / 4000) ** 0.5)


def test_coverage_counts_scored_figures_that_seeds_can_tell():
    inside = TargetResult(replace(targets()[0], value=1.0, scope="ai"), 1.0, 0.0, 2.0, INSIDE, 9, 0.0, 2.0)
    outside, unknown = replace(inside, likely_low=1.5), replace(inside, likely_low=None)
    company = replace(inside, target=replace(inside.target, scope="company"))
    assert coverage([inside, outside, unknown, company]) == (1, 2)
    assert "1 of 2" in coverage_in_words([inside, outside, unknown, company])
    assert "nine seeds" in coverage_in_words([unknown])
