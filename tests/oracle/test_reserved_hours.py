"""The oracle agrees with the model where labs sign for hours, use them or not, and clouds serve contracts first."""

from dataclasses import replace

import pytest

from tests.oracle.comparison import changed, compare, goods_in, names, numbered, small
from tests.oracle.economy.books import GOOD, REVENUE
from watersellers import Size
from watersellers.agents.scenario_spec import Event, ParticipantSpec
from watersellers.agents.strategies.borrowing import AgainstFleet
from watersellers.agents.strategies.capacity import BuildToBacklog
from watersellers.agents.strategies.contracting import ReserveAhead, ReserveShare


@pytest.mark.parametrize("seed", [3, 5])
def test_unused_hours_are_sold_on(seed):
    spec = changed(small(seed=seed, months=11), numbered(reserved_term=6.0, opening_cash=90_000_000.0), ("labs",))
    spec = changed(changed(spec, signing, ("labs",)), numbered(most_reserved=0.9), ("cloud",))
    spec = changed(spec, numbered(resale=0.8), ("labs",))
    first = spec.groups["labs"][0].name
    changes = [
        (5, f"labs.{first}.throughput", 1e8),
        (6, "enterprises.compute_low", 4e9),
        (6, "enterprises.compute_high", 5e9),
    ]
    events = tuple(Event(month, "set", "", path, value, "") for month, path, value in changes)
    rows = compare(replace(spec, events=events), 60, seed, 11)
    labs = {names(spec).index(lab.name) for lab in spec.groups["labs"]}
    assert any(row[5] in labs and row[6] == REVENUE and row[8] == GOOD["hours"] for row in rows)


def signing(lab: ParticipantSpec) -> ParticipantSpec:
    return replace(lab, strategies={**lab.strategies, "contracting": ReserveShare(share=0.7)})


@pytest.mark.parametrize("seed", [3, 5, 8])
def test_hours_under_contract(seed):
    spec = changed(small(seed=seed, months=11), numbered(reserved_term=4.0, opening_cash=90_000_000.0), ("labs",))
    spec = changed(changed(spec, signing, ("labs",)), numbered(most_reserved=0.5), ("cloud",))
    changes = [(5, "apps.list_quota", 5.0), (6, "labs.staff", 60_000_000.0), (7, "cloud.sells", 0.0)]
    events = tuple(Event(month, "set", "", path, value, "") for month, path, value in changes)
    rows = compare(replace(spec, events=events), 60, seed, 11)
    assert "hours_reserved" in goods_in(rows)


def ahead(lab: ParticipantSpec) -> ParticipantSpec:
    return replace(lab, strategies={**lab.strategies, "contracting": ReserveAhead(share=0.8, fastest=0.2)})


def borrowing(cloud: ParticipantSpec) -> ParticipantSpec:
    return replace(cloud, strategies={**cloud.strategies, "borrowing": AgainstFleet(loan_to_value=0.9)})


def building(cloud: ParticipantSpec) -> ParticipantSpec:
    return replace(cloud, strategies={**cloud.strategies, "capacity": BuildToBacklog(spare=0.2)})


@pytest.mark.parametrize("seed", [4, 9])
def test_clouds_build_for_hours_that_begin_later_and_borrow_against_them(seed):
    size = Size(chips=2, cloud=4, labs=3, apps=4, china=0.2, spread=0.3, mixed=True)
    spec = changed(small(size, seed=seed, months=12), ahead, ("labs",))
    spec = changed(spec, numbered(reserved_term=5.0, opening_cash=90_000_000.0), ("labs",))
    poor = numbered(opening_cash=20_000_000.0, owner_funds=0.0, deposit=0.9, covenant=0.95, opening_price=8.0)
    signing = numbered(most_reserved=3.0, contract_loans=0.95, contract_lead=2.0)
    spec = changed(changed(changed(spec, poor, ("cloud",)), signing, ("cloud",)), borrowing, ("cloud",))
    first = spec.groups["cloud"][0].name
    spec = changed(spec, lambda one: building(one) if one.name == first else one, ("cloud",))
    spec = replace(spec, numbers={**spec.numbers, "lenders_cash": 4e9, "lenders_inflow": 1e8})
    changes = [(5, "enterprises.compute_low", 0.0), (5, "enterprises.compute_high", 0.0), (7, "cloud.covenant", 0.2)]
    events = tuple(Event(month, "set", "", path, value, "") for month, path, value in changes)
    rows = compare(replace(spec, events=events), 60, seed, 12)
    assert {"hours_reserved", "loan"} <= goods_in(rows)
