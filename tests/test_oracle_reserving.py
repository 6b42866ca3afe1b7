"""The slow reference agrees where labs sign for hours, use them or not, and clouds serve contracts first."""

from dataclasses import replace

import pytest

from agents.setting import Event, Member
from agents.strategies.contracting import ReserveShare
from tests.test_oracle import changed, compare, goods_in, numbered, small


def signing(lab: Member) -> Member:
    return replace(lab, strategies={**lab.strategies, "contracting": ReserveShare(share=0.7)})


@pytest.mark.parametrize("seed", [3, 5, 8])
def test_hours_under_contract(seed):
    setting = changed(small(seed=seed, months=11), numbered(reserved_term=4.0, opening_cash=90_000_000.0), ("labs",))
    setting = changed(changed(setting, signing, ("labs",)), numbered(most_reserved=0.5), ("cloud",))
    told = [(5, "apps.list_quota", 5.0), (6, "labs.staff", 60_000_000.0), (7, "cloud.sells", 0.0)]
    events = tuple(Event(month, "set", "", path, value, "") for month, path, value in told)
    rows = compare(replace(setting, events=events), 60, seed, 11)
    assert "hours_reserved" in goods_in(rows)
