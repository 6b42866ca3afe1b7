"""Hours under contract: take or pay, served first, and a bet on rents that one side wins and the other loses."""

from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import polars as pl
import pytest

from tests.worlds.rough import ROUGH
from watersellers import BadInput, run
from watersellers.agents.cloud.month import Clouds
from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.labs.reserved_hours import LabReservationNumbers, ReservedHours
from watersellers.market.audit.invariants import InvariantBroken
from watersellers.market.chart_of_accounts import Item
from watersellers.market.trade.contracts import Contracts

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
    result = run(world, months=12, users=100, set=ON | {"labs.research": {"use": "within_revenue", "share": 0.0}})
    last = result.journal.filter(debit_account="anthropic", credit_item="revenue", month=date(2023, 12, 1))
    booked = last.filter(good="hours_reserved").group_by("debit_item").agg(pl.col("cents").sum())
    costs = dict(booked.iter_rows())
    assert costs["operating_cost"] > 100 * costs.get("cost_of_sales", 0)  # hours that nobody asked for train
    paid = result.journal.filter(good="hours_reserved", credit_item="revenue", debit_account="anthropic")
    hours = dict(paid.group_by("month").agg(pl.col("quantity").sum()).sort("month").iter_rows())
    spot = result.journal.filter(good="gpu_hours", credit_item="revenue", debit_account="anthropic")
    later = spot.filter(month=date(2023, 12, 1))["quantity"].sum()
    assert hours[max(hours)] > 0.5 * max(hours.values())  # contracts of the boom run on
    assert hours[max(hours)] > 10 * later


@pytest.mark.parametrize(
    ("pivoted", "resale", "trained"),
    [(False, 0.0, 700), (True, 0.0, 200), (False, 0.5, 200)],  # a thousand hours, 300 of serving, 200 in the budget
)
def test_hours_under_contract_beyond_the_budget_train_unless_the_lab_trains_no_more_or_offers_them_back(
    pivoted, resale, trained
):
    numbers = {LabReservationNumbers: LabReservationNumbers(reserved_term=12.0, resale=resale)}
    lab = SimpleNamespace(account=0, alive=True, pivoted=pivoted, numbers=numbers)
    cloud = SimpleNamespace(account=1, alive=True)
    reserved = ReservedHours(cast("Any", [lab]), cast("Any", [cloud]), cast("Any", SimpleNamespace(month=3)))
    reserved.contracts = Contracts.of([(0, 1, 1_000, 2_000_000_000, 0, 12)])
    rows, serving, training = reserved.call_off(cast("Any", lab), 300, 200)
    assert (serving, training) == (0, 0)
    assert {row[1]: row[4] for row in rows} == {Item.COST_OF_SALES: 1_000 - trained, Item.OPERATING_COST: trained}
    assert reserved.offered_to(cast("Any", cloud)) == (500 if resale else 0)


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


@pytest.mark.parametrize(
    ("asked", "called", "contracted", "share"),
    [
        (950, 900, 900, 0.5),  # nine tenths are sold for years, and half of the rest is rented
        (950, 0, 0, 0.95),  # no contracts
        (1_100, 900, 900, 2.0),
        (900, 900, 500, 0.0),  # contracts ended, and nobody asks for the hours
        (950, 900, 1_000, 0.3),  # new contracts leave nothing: its neighbours with hours left rent out 900 of 3,000
        (1_900, 1_900, 1_900, 0.3),  # nor do they where it has signed for more hours than it has
    ],
)
def test_a_cloud_prices_what_contracts_leave_it_or_its_neighbours(asked, called, contracted, share):
    signed = {0: contracted, 1: 0, 2: 1_000, 3: 5_000, 4: 0}
    firms = [
        rented(0, 1_000, asked, called), rented(1, 1_000, 100, 0), rented(2, 3_000, 1_700, 900),
        rented(3, 4_000, 9_000, 1_000), rented(4, 1_000, 1_000, 0, "china"),
    ]  # fmt: skip
    assert Clouds.spot_share(layer(firms, signed), firms[0]) == pytest.approx(share)


@pytest.mark.parametrize(("capacity", "share"), [(1_000, 1.0), (4_000, 0.475), (0, 0.0)])
def test_a_cloud_whose_region_has_nothing_left_looks_at_its_own_use(capacity, share):
    firm = rented(0, capacity, 1_900, 1_900)
    assert Clouds.spot_share(layer([firm], {0: 4_000}), firm) == pytest.approx(share)


def rented(account: int, capacity: int, asked: int, called: int, region: str = "west") -> Cloud:
    """A cloud with hours of capacity, and hours asked of it last month, some of them called under contracts."""
    cloud = Cloud.__new__(Cloud)
    cloud.account, cloud.region = account, region
    cloud.run(capacity)
    cloud.note_demand(asked, called)
    return cloud


def layer(firms: list[Cloud], signed: dict[int, int]) -> Any:
    """The parts of a layer of clouds by which they see their shares, with hours under contract by account."""
    reserved = SimpleNamespace(hours_under_contract=lambda account, month: signed[account])
    clouds = SimpleNamespace(alive=firms, reserved=reserved, registers=SimpleNamespace(month=3))
    clouds._spot_hours = lambda firm: Clouds._spot_hours(cast("Any", clouds), firm)
    return clouds


def test_a_cloud_that_priced_by_hours_sold_for_years_would_stay_dearer(monkeypatch):
    """Mutation: hours under contract count as demand for the next hour."""

    def last_price() -> float:
        rents = run("contracted_clouds", months=26, users=200).firms.filter(firm="coreweave").sort("month")
        return float(rents["price"][-1])

    usual = last_price()
    monkeypatch.setattr(Clouds, "spot_share", lambda clouds, firm: firm.used_share)
    assert last_price() > 1.1 * usual


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
