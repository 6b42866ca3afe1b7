"""The twin whose chain stands still: its firms do not change, and outsiders pay it what their shadows say."""

from functools import cache

import polars as pl
import pytest

from watersellers import Result, run
from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.analysis.standing_chain import paid_by_use, shadows_by_use, twin_of
from watersellers.experiments.loading.loader import load_scenario
from watersellers.market.money_origin.pinned_payments import mean_share

MONTHS = 14


@cache
def lived(scenario: str) -> Result:
    """A scenario as it is."""
    return run(scenario, seed=2, months=MONTHS, users=200)


@cache
def twin_lived(scenario: str) -> Result:
    """The twin of a scenario, whose chain stands still."""
    return run(twin_of(load_scenario(scenario)), seed=2, months=MONTHS, users=200)


@pytest.mark.parametrize("scenario", ["dollar_paths", "plain"])
def test_firms_of_the_twin_ask_what_they_asked_and_nobody_enters(scenario):
    spec = load_scenario(scenario)
    twin = twin_lived(scenario)
    assert (
        twin.firms.filter(pl.col("layer").is_in(["labs", "apps"]))
        .select((pl.col("price").n_unique().over("firm") == 1).all())
        .item()
    )
    before = {firm.name for group in spec.groups.values() for firm in group if firm.enters == 0}
    assert set(twin.firms["firm"]) <= before
    assert len(lived(scenario).firms["firm"].unique()) > twin.firms["firm"].n_unique()


@pytest.mark.parametrize("scenario", ["dollar_paths", "plain"])
def test_outsiders_pay_the_twin_what_their_shadows_say(scenario):
    shadows, moved = shadows_by_use(lived(scenario)), paid_by_use(lived(scenario))
    paid = paid_by_use(twin_lived(scenario))
    for use in ("work", "own_use", *(("compute",) if scenario == "plain" else ())):
        near = 0.25 if use == "compute" else 0.1  # machines are paid for at once, and used for years
        assert paid[use] == pytest.approx(shadows[use], rel=near)  # hours that are short leave money unspent
    assert moved["work"] >= paid["work"] * (2 if scenario == "plain" else 0.9)


def test_nearly_all_that_a_chain_that_stands_still_receives_is_an_input():
    spec = load_scenario("plain")

    def shares(scenario: ScenarioSpec) -> dict[str, float]:
        layers = run(scenario, seed=2, months=26, users=400).layers.filter(pl.col("month").dt.year() == 2024)
        return dict(layers.group_by("layer").agg(mean_share("input_share")).iter_rows())

    standing, moving = shares(twin_of(spec)), shares(spec)
    assert standing["cloud"] > 0.95
    assert standing["chips"] > 0.75
    assert moving["cloud"] < 0.65
    assert moving["chips"] < 0.4
