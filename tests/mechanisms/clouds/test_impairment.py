"""Impairment: a fleet whose rents no longer cover its book value is written down once and wears on from there."""

import polars as pl
import pytest

from watersellers import World, run
from watersellers.market.audit.invariants import InvariantBroken
from watersellers.market.trade.fleet import Fleets

FALLING = {"cloud.impairment": 1, "cloud.rent_decline": 0.04}  # builders who see rents halve in a year and a half


def test_fleets_that_earn_their_book_value_back_are_left_alone() -> None:
    tested, untested = (run("dollar_paths", months=6, users=100, set={"cloud.impairment": on}) for on in (1, 0))
    assert tested.manifest["digest"] == untested.manifest["digest"]


def test_what_is_written_off_is_an_expense_and_no_wear_later() -> None:
    impaired, unimpaired = (
        run("dollar_paths", months=20, users=100, set={**FALLING, "cloud.impairment": on}) for on in (1, 0)
    )
    fleet = [result.balances.filter(item="fleet")["cents"] for result in (impaired, unimpaired)]
    lost, worn, worn_without = (
        int(result.firms[column].sum())
        for result, column in ((impaired, "impairment"), (impaired, "depreciation"), (unimpaired, "depreciation"))
    )
    assert lost > 0
    assert worn < worn_without
    assert unimpaired.firms["impairment"].sum() == 0
    assert fleet[0].sum() < fleet[1].sum()
    same = [
        "revenue",
        "cost_of_sales",
        "operating_cost",
        "cash",
    ]  # nothing else moves: it is no cash, and no rule sees it
    assert (
        impaired.layers.filter(pl.col("layer") != "cloud")
        .select(same)
        .equals(unimpaired.layers.filter(pl.col("layer") != "cloud").select(same))
    )


def test_a_written_down_fleet_that_wears_as_before_is_found_out(monkeypatch: pytest.MonkeyPatch) -> None:
    rewrite = Fleets.rewrite

    def forgetful(fleets: Fleets, **columns: object) -> None:
        if "worn" in columns:  # an impairment that does not say from what the lots wear on
            columns = {"book": columns["book"]}
        rewrite(fleets, **columns)  # type: ignore[arg-type]

    monkeypatch.setattr(Fleets, "rewrite", forgetful)
    world = World("dollar_paths", rng=1, months=20, users=100, set=FALLING)
    with pytest.raises(InvariantBroken, match="less depreciation it is") as broken:
        live(world)
    assert broken.value.invariant == "I8"


def live(world: World) -> None:
    for _ in range(20):
        world.step()
