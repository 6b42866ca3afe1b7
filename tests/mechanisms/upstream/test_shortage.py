"""Allocation of scarce machines: pro rata rewards inflated orders, turn-and-earn does not."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as draw

from watersellers import World, run
from watersellers.agents.cloud.order_inflation import OrderInflation
from watersellers.agents.cloud.provider import Cloud
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import whole
from watersellers.market.goods import Good
from watersellers.market.trade.backlog import Backlog
from watersellers.market.trade.clearing import ration, ration_in_turn
from watersellers.market.trade.orders import Orders, Supply

BRIEF: dict[str, Any] = {"months": 16, "users": 100}
KEYS, DICE = whole([1, 11, 12, 13, 14, 15]), Chance(1, 0)
quick = settings(max_examples=80)


def called(*units: int) -> Orders:
    """Machines that buyers 1, 2, ... call for at vendor 0."""
    return Orders.of((buyer, Item.CHIP_STOCK, 0, Good.ACCELERATORS, n, 10**9) for buyer, n in enumerate(units, start=1))


def got(orders: Orders, ranks: list[float], there: int) -> list[int]:
    trades = ration_in_turn(orders, np.array(ranks), Supply.of([(0, Good.ACCELERATORS, there)]), KEYS, DICE)
    found = dict(zip(trades.buyer.tolist(), trades.quantity.tolist(), strict=True))
    return [found.get(buyer, 0) for buyer in orders.buyer.tolist()]


def test_buyers_are_served_by_rank_and_equals_alike():
    assert got(called(60, 60, 60), [0.5, 0.1, 0.5], 100) == [20, 60, 20]
    assert got(called(60, 60, 60), [0.1, 0.2, 0.3], 100) == [60, 40, 0]
    assert got(called(60, 60, 60), [0.1, 0.2, 0.3], 500) == [60, 60, 60]


@quick
@given(draw.lists(draw.integers(1, 1000), min_size=1, max_size=5), draw.integers(0, 3000), draw.data())
def test_no_rule_sells_a_machine_twice_or_leaves_one_that_is_wanted(units, there, data):
    orders = called(*units)
    ranks = data.draw(draw.lists(draw.sampled_from([0.0, 0.5, 1.0]), min_size=len(units), max_size=len(units)))
    assert sum(got(orders, ranks, there)) == min(sum(units), there)
    alike = ration(orders, Supply.of([(0, Good.ACCELERATORS, there)]), KEYS, DICE)
    assert got(orders, [0.7] * len(units), there) == [
        dict(zip(alike.buyer.tolist(), alike.quantity.tolist(), strict=True)).get(buyer, 0) for buyer in orders.buyer
    ]


def test_calling_for_more_gets_more_pro_rata_and_nothing_where_ranks_decide():
    assert got(called(60, 60), [0.0, 0.0], 100) == [50, 50]
    assert got(called(60, 120), [0.0, 0.0], 100) == [33, 67]
    assert got(called(60, 60), [0.1, 0.2], 100) == [60, 40]
    assert got(called(60, 120), [0.1, 0.2], 100) == [60, 40]


def test_in_the_economy_a_cloud_that_inflates_its_orders_alone_gets_more_machines():
    usual, alone = (run("dollar_paths", **BRIEF, set={"cloud.aws.inflation": x}).journal for x in (0.0, 1.0))
    bought = [
        int(result.filter(good="accelerators", credit_item="revenue", debit_account="aws")["quantity"].sum())
        for result in (usual, alone)
    ]
    assert bought[1] > 1.05 * bought[0]


def test_orders_are_taken_back_when_machines_come(monkeypatch):
    withdrawn = []
    withdraw = Backlog.withdraw

    def noted(backlog: Backlog, pair: tuple[int, int], units: int) -> None:
        withdrawn.append(units)
        withdraw(backlog, pair, units)

    monkeypatch.setattr(Backlog, "withdraw", noted)
    run("dollar_paths", months=30, users=100, set={"cloud.inflation": 1.0})
    assert sum(withdrawn) > 1000


def test_more_than_was_ordered_cannot_be_taken_back():
    backlog = Backlog()
    backlog.add((1, 0), Item.CHIP_STOCK, 10, 7)
    backlog.withdraw((1, 0), 4)
    assert (backlog.units[1][0], backlog.value[1][0]) == (6, 42)
    with pytest.raises(ValueError, match="7 machines are withdrawn of 6 on order"):
        backlog.withdraw((1, 0), 7)


@pytest.mark.parametrize("numbers", [{"cloud.most_padding": 9.0}, {"cloud.inflation": 0.0}])
def test_off_is_off(numbers):
    assert (
        run("dollar_paths", **BRIEF, set=numbers).manifest["digest"] == run("dollar_paths", **BRIEF).manifest["digest"]
    )


def test_an_inflated_order_counts_as_demand():
    world = World("dollar_paths", rng=1, months=12, users=100, set={"cloud.inflation": 1.0})
    for _ in range(12):
        world.step()
    inflation = world.parts[OrderInflation]
    clouds = [firm for firm in world.parts.firms_of(Cloud) if firm.alive]
    padded = [firm.account for firm in clouds if inflation.factor(firm) > 1]
    assert padded
    for place in padded:
        assert inflation.factors[place] == pytest.approx(min(1 / inflation.came[place], 3.0))
