"""What entry, own silicon and export rules have to do, as checks: tests make them, of the rules and of rules broken."""

from typing import Any

import polars as pl
import pytest

from tests.worlds.rough import ROUGH
from watersellers import World, run
from watersellers.agents.chips.entry import VendorEntry

# Entry

NEWCOMER: dict[str, Any] = {
    "key": 190_001,
    "region": "west",
    "enters": "2023-02",
    "founder": "venture_west",
    "entry_cost": 2e8,
    "development": 3,
    "lead": 2,
    "opening_cash": 2e8,
}
FUNDS: dict[str, Any] = {"venture_west": {"opening_cash": 5e9}}


def with_vendor(name: str, vendor: dict[str, Any], cloud: str = "", **groups: Any) -> dict[str, Any]:
    """The rough world with one more vendor, which the clouds named may order from besides."""
    listed = {cloud: {"chips": [f"+{name}"]}} if cloud else {"chips": [f"+{name}"]}
    world: dict[str, Any] = {
        "extends": str(ROUGH),
        "name": "rivalled",
        "question": "Who rivals vendors?",
        "cloud": listed,
    }
    return world | {"chips": {name: vendor}, "investors": FUNDS} | groups


def entered(scenario: dict[str, Any], months: int = 10) -> list[int]:
    """Months in which vendors entered freely."""
    world = World(scenario, rng=1, months=months, users=100)
    for _ in range(months):
        world.step()
    return list(world.parts[VendorEntry].entered.values())


def check_that_margins_bring_entry() -> None:
    """A vendor enters where margins pay for it, and not where it would make at a loss."""
    sure = {"entering": {"use": "entry_hazard", "rate": 100}}
    assert entered(with_vendor("newcomer", NEWCOMER | sure)) == [1]
    assert entered(with_vendor("newcomer", NEWCOMER | sure | {"unit_cost": 90_000})) == []  # dearer to make than to buy
    assert entered(with_vendor("newcomer", NEWCOMER | {"entering": {"use": "entry_hazard", "rate": 0}})) == []


def check_that_development_is_paid_before_capacity() -> None:
    """An entrant pays for its development in equal parts, orders capacity in the last of these months, and sells."""
    sure = {"entering": "if_it_pays", "research_share": 0.0}
    result = run(with_vendor("newcomer", NEWCOMER | sure), months=9, users=100, seed=1)
    paid = result.journal.filter(good="research", debit_account="newcomer", debit_item="operating_cost")
    assert paid.group_by("month").agg(pl.col("cents").sum()).sort("month")["cents"].to_list() == [6_666_666_667] * 3
    ordered = result.journal.filter(good="foundry_capacity", debit_account="newcomer")
    assert ordered["month"].min() == paid["month"].max()
    assert result.firms.filter(firm="newcomer")["quantity"].sum() > 0


# Owners' own silicon

OWN: dict[str, Any] = {
    "key": 190_002,
    "region": "west",
    "owner": "alphabet",
    "enters": "2023-02",
    "group_only": 1,
    "entering": "if_it_pays",
    "capacity": "make_or_buy",
    "pricing": {"use": "cost_plus", "markup": 0},
    "entry_cost": 1e7,
    "entry_share": 0.5,
    "development": 2,
    "lead": 2,
    "opening_cash": 1e8,
    "owner_funds": 1e8,
    "staff": 1e6,
}


def check_that_own_machines_stay_in_the_group() -> None:
    """Owners' own machines go to their own clouds alone, and at cost."""
    result = run(with_vendor("tpu", OWN), months=12, users=100, seed=1)
    sold = result.flows.filter(pl.col("good") == "accelerators", pl.col("payee") == "tpu")
    assert set(sold["payer"]) == {"google_cloud"}
    books = result.firms.filter(firm="tpu")
    revenue, cost = int(books["revenue"].sum()), int(books["cost_of_sales"].sum())
    assert revenue * 0.88 == pytest.approx(cost, rel=1e-6)  # the rest is its research


def check_that_owners_make_what_is_dear_to_buy() -> None:
    """An owner makes machines where that is cheaper than buying, and only there."""
    assert entered(with_vendor("tpu", OWN | {"unit_cost": 90_000}, "google_cloud")) == []
    assert len(entered(with_vendor("tpu", OWN, "google_cloud"))) == 1


# Export rules

ABROAD = ("alibaba_cloud", "baidu_cloud", "tencent_cloud", "enterprises_china")


def sold_abroad(vendor: str, **given: Any) -> int:
    """Cents that Chinese buyers paid a vendor for machines within a year and a half of the rough world."""
    flows = run(ROUGH, months=18, users=100, set=given).flows
    paid = flows.filter(pl.col("good") == "accelerators", pl.col("payee") == vendor, pl.col("payer").is_in(ABROAD))
    return int(paid["cents"].sum())


def check_that_rules_bar_what_reaches_both_limits() -> None:
    """A rule bars fast machines of the West alone, and those with slow links may pass."""
    barred = {"world.barred_performance": 0.3, "world.barred_links": 600.0}
    assert sold_abroad("nvidia", **barred) == 0 < sold_abroad("nvidia")
    assert sold_abroad("nvidia", **barred, **{"chips.links": 400.0}) == sold_abroad("nvidia")
    assert sold_abroad("ascend", **barred) > sold_abroad("ascend")
