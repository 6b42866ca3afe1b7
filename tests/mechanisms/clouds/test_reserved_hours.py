"""Hours under contract: take or pay, served first, and a bet on rents that one side wins and the other loses."""

from typing import Any

import polars as pl
import pytest

from tests.worlds.rough import ROUGH
from watersellers import BadInput, run
from watersellers.agents.labs.reserved_hours import ReservedHours
from watersellers.market.audit.invariants import InvariantBroken

BRIEF: dict[str, Any] = {"months": 18, "users": 200}
ON = {"labs.contracting": "reserve_share"}
FIXED = {"cloud.reserved_discount": 0.0}
RISING = {"cloud.opening_price": 2.0}
FALLING = {
    "cloud.opening_price": 9.0, "cloud.opening_hours": 8e7, "enterprises.compute_low": 5e6, "world.own_use_low": 0.002,
}  # fmt: skip


def profits(settings: dict[str, Any]) -> dict[str, int]:
    layers = run(ROUGH, **BRIEF, set=settings).layers
    return {layer: int(layers.filter(layer=layer)["operating_profit"].sum()) for layer in ("cloud", "labs")}


@pytest.mark.parametrize(("regime", "winner", "loser"), [(RISING, "labs", "cloud"), (FALLING, "cloud", "labs")])
def test_a_fixed_price_is_a_bet_on_rents(regime, winner, loser):
    spot, fixed = (profits(regime | FIXED | {"labs.contracting": name}) for name in ("spot_only", "reserve_share"))
    assert fixed[winner] > spot[winner]
    assert fixed[loser] < spot[loser]


def test_what_is_signed_for_is_paid_for_used_or_not():
    # nobody asks for tokens any more from July 2023 on, and no lab trains
    change = [("enterprises.tokens_low", 0.0), ("enterprises.tokens_high", 0.0), ("labs.throughput", 1e9)]
    event = [{"month": "2023-07", "what": "set", "path": path, "value": value} for path, value in change]
    world = {"extends": str(ROUGH), "name": "idle", "question": "What if labs had signed too much?", "event": event}
    result = run(world, months=12, users=100, set=ON | {"labs.research": "within_revenue"})
    paid = result.journal.filter(good="hours_reserved", credit_item="revenue", debit_account="anthropic")
    hours = dict(paid.group_by("month").agg(pl.col("quantity").sum()).sort("month").iter_rows())
    spot = result.journal.filter(good="gpu_hours", credit_item="revenue", debit_account="anthropic")
    later = spot.filter(pl.col("month") == pl.col("month").max())["quantity"].sum()
    assert hours[max(hours)] > 0.5 * max(hours.values())  # contracts of the boom run on
    assert hours[max(hours)] > 10 * later


def test_prices_of_a_contract_stay_what_they_were_on_the_day_of_signing():
    result = run(ROUGH, months=10, users=100, set=ON | {"labs.reserved_term": 6})
    bills = result.journal.filter(good="hours_reserved", credit_item="revenue", debit_account="openai").sort("month")
    azure = bills.filter(credit_account="azure").group_by("month", maintain_order=True).agg(pl.col("price_nano"))
    posted = result.firms.filter(firm="azure").sort("month").select("month", "price").rows()
    prices = {round(price * 0.75 * 1e9) for _, price in posted}
    assert {price for row in azure["price_nano"].to_list() for price in row} <= prices
    first, second = azure["price_nano"].to_list()[:2]
    assert set(first) <= set(second)


@pytest.mark.parametrize("numbers", [{"cloud.reserved_discount": 0.9}, {"cloud.most_reserved": 0.1}])
def test_off_is_off(numbers):
    found, usual = (run(ROUGH, 1, 6, 100, set=changes).manifest["digest"] for changes in (numbers, dict[str, Any]()))
    assert found == usual


def test_hours_that_are_rented_out_beside_their_contract_are_found_out(monkeypatch):
    call = ReservedHours.call_off

    def doubled(reservations, firm, serving, training):
        rows, serving, training = call(reservations, firm, serving, training)
        return [(*row[:4], 10**9, row[5]) for row in rows], serving, training

    monkeypatch.setattr(ReservedHours, "call_off", doubled)
    monkeypatch.setattr("watersellers.agents.cloud.month.Clouds._offered", lenient)
    with pytest.raises(InvariantBroken, match="hours and had") as broken:
        run(ROUGH, months=8, users=100, set=ON)
    assert broken.value.invariant == "I6"


def lenient(clouds, firm, orders):
    from watersellers.market.goods import Good

    return [(firm.account, Good.HOURS, firm.capacity), (firm.account, Good.HOURS_RESERVED, 10**12)]


def test_a_contract_without_anybody_to_sign_it_with_is_refused():
    world = {
        "extends": str(ROUGH),
        "name": "lonely",
        "question": "Who rents to a lab that no cloud serves?",
        "labs": {"openai": {"cloud": ["meta_infra"], "contracting": "reserve_share"}},
    }
    with pytest.raises(BadInput) as refused:
        run(world, months=1, users=100)
    assert (
        "labs.openai.contracting: found 'reserve_share', but no cloud that it names rents to it; name one that sells in"
        " labs.openai.cloud, or write contracting = 'spot_only'"
    ) in str(refused.value)


def crowded(resale: float) -> Any:
    """Zhipu has signed for hours that it needs no more, while somebody else asks for more than there are."""
    event = [
        {"month": "2023-05", "what": "set", "path": "labs.zhipu.throughput", "value": 1e8},
        {"month": "2023-05", "what": "set", "path": "enterprises.china.compute_low", "value": 5e9},
        {"month": "2023-05", "what": "set", "path": "enterprises.china.compute_high", "value": 5e9},
    ]
    labs = {"contracting": "reserve_share", "zhipu": {"resale": resale}}
    world = {
        "extends": "dollar_paths",
        "name": "crowded",
        "question": "Who gets the hours that Zhipu has no use for?",
    }
    return run(
        world | {"labs": labs, "event": event}, months=7, users=100, set={"labs.zhipu.research": "within_revenue"}
    )


def test_hours_that_a_lab_has_no_use_for_are_sold_on_where_hours_are_short():
    lost, sold = crowded(0.0), crowded(0.8)
    paid = [
        result.journal.filter(good="gpu_hours", credit_account="zhipu", credit_item="revenue")
        for result in (lost, sold)
    ]
    assert len(paid[0]) == 0
    assert paid[1]["cents"].sum() > 0
    assert set(paid[1]["debit_account"].unique()) <= {"alibaba_cloud", "baidu_cloud", "tencent_cloud"}
    spot = dict(
        sold.firms.filter(pl.col("layer") == "cloud").select(pl.concat_str("firm", "month"), "price").iter_rows()
    )
    for cloud, month, price in paid[1].select("debit_account", "month", "price_nano").iter_rows():
        assert price == pytest.approx(0.8e9 * spot[f"{cloud}{month}"], abs=1)  # to the nano-dollar


def test_hours_sold_on_that_nobody_signed_for_are_found_out(monkeypatch):
    spend = ReservedHours.spend

    def twice(reservations, ledger):
        reservations.idle = dict.fromkeys(reservations.idle, 10**9)
        reservations.resold = {cloud: hours * 10**6 for cloud, hours in reservations.resold.items()}
        return spend(reservations, ledger)

    monkeypatch.setattr(ReservedHours, "spend", twice)
    with pytest.raises(InvariantBroken, match="hours more than it had signed for") as broken:
        crowded(0.8)
    assert broken.value.invariant == "I6"
