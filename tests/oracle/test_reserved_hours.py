"""The oracle agrees with the model where labs sign for hours, use them or not, and clouds serve contracts first."""

from dataclasses import replace

import pytest

from tests.oracle.comparison import changed, compare, goods_in, names, numbered, small
from tests.oracle.economy.books import GOOD, REVENUE
from watersellers.agents.scenario_spec import Event, ParticipantSpec
from watersellers.agents.strategies.contracting import ReserveShare


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
