"""Remainders of equal shares are allotted by the key of each claimant, not by its position in a list."""

import copy
from types import SimpleNamespace
from typing import Any

import pytest

from watersellers.agents.compute.hour_rentals import order_hours
from watersellers.agents.finance.failures.insolvency import Insolvency
from watersellers.agents.labs.reserved_hours import LabReservationNumbers, ReservedHours
from watersellers.experiments.runs.world import World
from watersellers.market.chart_of_accounts import Item


class Loaded:
    """Dice that give each key itself as its number for ties, or its number from behind."""

    def __init__(self, sign):
        self.sign = sign

    def order(self, purpose, keys):
        return [self.sign * int(key) for key in keys]


@pytest.fixture(scope="module")
def world():
    lived = World("plain", rng=1, months=1, users=50)
    lived.step()
    return lived


@pytest.fixture(params=[1, -1], ids=["smallest key", "largest key"])
def dice(request):
    return Loaded(request.param)


def first_of(world, places, dice):
    """Whoever the dice put first: smallest number, by key."""
    return min(places, key=lambda place: dice.sign * int(world.accounts.keys[place]))


def three(world, layer):
    """Three firms of a layer, by place."""
    return [place for place, row in enumerate(world.accounts.rows) if row.layer == layer][:3]


def test_an_hour_left_over_goes_to_the_cloud_whose_key_comes_first(world, dice):
    places = three(world, "cloud")
    firm: Any = SimpleNamespace(account=0, cloud_share=dict.fromkeys(places, 1 / 3))
    rows = order_hours(firm, {Item.COST_OF_SALES: 31}, dict.fromkeys(places, 1), (world.parts.registers, dice))
    assert {row[2]: row[4] for row in rows} == {p: 10 + (p == first_of(world, places, dice)) for p in places}


def test_an_hour_under_contract_left_over_goes_to_the_cloud_whose_key_comes_first(world, dice):
    places = three(world, "cloud")
    firm: Any = SimpleNamespace(
        account=0,
        key=0,
        cloud_share=dict.fromkeys(places, 1 / 3),
        numbers={LabReservationNumbers: LabReservationNumbers(reserved_term=12, resale=0)},
    )
    reserved = world.parts[ReservedHours]
    reserved.labs = [firm]
    rows = reserved._sign({firm.account: 31}, dict.fromkeys(places, 100), dice)
    assert {row[1]: row[2] for row in rows} == {p: 10 + (p == first_of(world, places, dice)) for p in places}


def test_a_cent_left_over_of_a_bankrupt_firm_goes_to_the_creditor_whose_key_comes_first(world, dice):
    places, paid = three(world, "cloud"), {}

    class Till:
        accounts, cash = world.accounts, {0: 31}

        def transfer(self, payer, payee, cents, items, good):
            paid[int(payee[0])] = int(cents[0])

    owed = [(Item.PAYABLES, place, 100) for place in places]
    insolvency = copy.copy(world.parts[Insolvency])
    insolvency._pay_creditors(0, owed, (Till(), dice))
    assert paid == {p: 10 + (p == first_of(world, places, dice)) for p in places}
