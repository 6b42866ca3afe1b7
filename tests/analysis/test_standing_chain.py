"""The twin whose chain stands still: its firms do not change, and outsiders pay it what their shadows say."""

import polars as pl
import pytest

from watersellers import run
from watersellers.experiments.analysis.standing_chain import paid_by_use, shadows_by_use, twin_of
from watersellers.experiments.loading.loader import load_scenario

MONTHS = 14


@pytest.mark.parametrize("scenario", ["baseline", "demand_from_work"])
def test_firms_of_the_twin_ask_what_they_asked_and_nobody_enters(scenario):
    spec = load_scenario(scenario)
    twin = run(twin_of(spec), seed=2, months=MONTHS, users=200)
    assert (
        twin.firms.filter(pl.col("layer").is_in(["labs", "apps"]))
        .select((pl.col("price").n_unique().over("firm") == 1).all())
        .item()
    )
    before = {firm.name for group in spec.groups.values() for firm in group if firm.enters == 0}
    assert set(twin.firms["firm"]) <= before
    assert len(run(spec, seed=2, months=MONTHS, users=200).firms["firm"].unique()) > twin.firms["firm"].n_unique()


@pytest.mark.parametrize("scenario", ["baseline", "demand_from_work"])
def test_outsiders_pay_the_twin_what_their_shadows_say(scenario):
    spec = load_scenario(scenario)
    shadows = shadows_by_use(run(spec, seed=2, months=MONTHS, users=200))
    paid = paid_by_use(run(twin_of(spec), seed=2, months=MONTHS, users=200))
    moved = paid_by_use(run(spec, seed=2, months=MONTHS, users=200))
    for use in ("work", "own_use"):
        assert paid[use] == pytest.approx(shadows[use], rel=0.1)  # hours that are short leave money unspent
    assert moved["work"] >= paid["work"] * (3 if scenario == "demand_from_work" else 0.9)
