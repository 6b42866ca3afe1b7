"""Investors: belief falls with failures, and a firm that has raised money asks for none for a while."""

from itertools import pairwise

import polars as pl

from watersellers import World, run
from watersellers.agents.apps.month import Apps
from watersellers.agents.finance.investors import Investors

FAILING = {  # an app that can't pay its staff and has nothing to show to an investor
    "world.patience": 1,
    "investors.floor": 0,
    "apps.brave.opening_cash": 0,
    "apps.brave.staff": 1_000_000_000,
}


def hypes(fear: float, months: int = 4) -> dict[str, float]:
    """What each pool believes some months after one of its firms has failed."""
    world = World("dollar_paths", rng=1, months=months, users=100, set={**FAILING, "investors.fear": fear})
    for _ in range(months):
        world.step()
    assert not next(app for app in world.parts[Apps].apps if app.name == "brave").alive
    return {pool.name: pool.hype for pool in world.parts[Investors].pools}


def test_each_failure_takes_a_share_of_its_own_pools_belief() -> None:
    calm, afraid = hypes(0.0, 3), hypes(0.2, 3)
    assert afraid["venture_west"] < calm["venture_west"]
    assert afraid["venture_china"] == calm["venture_china"]


def test_a_firm_that_has_raised_money_asks_for_none_for_some_months() -> None:
    result = run("dollar_paths", months=40, users=100, set={"investors.between": 9})
    rounds = result.flows.filter(pl.col("good") == "shares", pl.col("payer").str.starts_with("venture"))
    entered = result.events.filter(what="entry").select(payee="who", month="month")
    later = rounds.join(entered, on=["payee", "month"], how="anti").sort("month")
    gaps = [
        (after.year - before.year) * 12 + after.month - before.month
        for months in later.group_by("payee").agg("month")["month"].to_list()
        for before, after in pairwise(months)
    ]
    assert gaps
    assert min(gaps) >= 9
