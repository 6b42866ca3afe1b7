"""Checks of what contracts add to a pledge, which the rule passes and a rule that was broken on purpose fails."""

from types import SimpleNamespace
from typing import Any

import pytest

from watersellers.agents.cloud import fleet_loans
from watersellers.agents.compute.capital_budgeting import MachineNumbers
from watersellers.market.exact import nano
from watersellers.market.trade.contracts import Contracts
from watersellers.market.trade.fleet import Machines, annuity

MONTH, WEIGHT, CLOUD = 10, 1.25, 7
POWER_COST, SITE_COST, DISCOUNT, DECLINE, RENT = 0.1, 0.2, 0.01, 0.02, 4.0
LONG, SHORT = (600, 36, 1.0), (400, 12, 0.5)  # hours a month, months left, power of an hour
type Lot = tuple[int, int, float]
type Signed = tuple[int, float, int, int]  # hours a month, dollars per hour, months until it begins and ends


def borrower(asked: float = 1000.0) -> Any:
    """A cloud of 1,000 hours a month, with the hours that customers ask of it."""
    numbers = MachineNumbers(POWER_COST, SITE_COST, 0.3, 60.0, 2.0, DISCOUNT, DECLINE)
    level = SimpleNamespace(level=asked)
    return SimpleNamespace(account=CLOUD, price=RENT, capacity=1000, asked=level, numbers={MachineNumbers: numbers})


def machines(*lots: Lot) -> Machines:
    """Lots of machines of a hundred hours a month that have some months left."""
    rows = [
        (CLOUD, 1, MONTH + left - 60, 60, hours // 100, 100, 0, 0, 0, 0, 0, round(power * 1e6), 60)
        for hours, left, power in lots
    ]
    return Machines.of(rows)


def contracts(*signed: Signed) -> Contracts:
    """Contracts in the order in which they were signed."""
    return Contracts.of([(1, CLOUD, hours, nano(price), MONTH + one, MONTH + end) for hours, price, one, end in signed])


def gained(*signed: Signed, lots: tuple[Lot, ...] = (LONG, SHORT), weight: float = WEIGHT, asked: float = 1e3) -> float:
    """What contracts add to the pledge of a cloud with these lots."""
    return fleet_loans.gained_by_contracts(borrower(asked), machines(*lots), contracts(*signed), MONTH, weight)


def at_spot(lots: tuple[Lot, ...] = (LONG, SHORT), asked: float = 1e3) -> float:
    """What these lots are worth at spot."""
    return sum(worth for _, worth in fleet_loans.lots_worth(borrower(asked), machines(*lots), MONTH, 0))


def paid(hours: float, price: float, months: int, power: float = 1.0) -> float:
    """What a contract that runs from now on is worth, less power and sites."""
    return hours * annuity(DISCOUNT, months) * (price - power * (POWER_COST + SITE_COST))


def check_the_worked_example() -> None:
    # 24 months: annuities of 21.2434 at 1 %, and of 16.8244 where rents fall by 2 %
    counted = 1.25 * 100 * 21.2434 * (3.0 - 0.3)
    left_out = 100 * (16.8244 * 4.0 - 21.2434 * 0.3)
    assert gained((100, 3.0, 0, 24), lots=((1000, 36, 1.0),)) == pytest.approx(counted - left_out, rel=1e-5)


def check_that_hours_under_contract_to_the_end_bear_the_contracted_rate_on_what_they_pay() -> None:
    signed: tuple[Signed, ...] = ((600, 3.0, 0, 36), (400, 3.5, 0, 12))
    mean = (600 * 1.0 + 400 * 0.5) / 1000  # power of an hour while both lots serve
    counted = paid(600, 3.0, 36) + 600 * (1 - mean) * 0.3 * annuity(DISCOUNT, 12) + paid(400, 3.5, 12, mean)
    for asked in (1000.0, 700.0, 0.0):  # whoever has signed pays for idle hours too
        assert at_spot(asked=asked) + gained(*signed, asked=asked) == pytest.approx(WEIGHT * counted)


def check_that_a_contract_that_would_bear_less_than_spot_is_not_looked_at() -> None:
    assert gained((600, 0.01, 0, 36)) == gained((600, 1.5, 0, 36)) == 0.0
    dear: Signed = (300, 3.5, 0, 36)
    assert gained((300, 0.01, 0, 36), dear) == gained(dear) > 0


def check_that_machines_deliver_no_more_than_they_can() -> None:
    assert gained((3000, 3.0, 0, 60)) == pytest.approx(gained((1000, 3.0, 0, 12), (600, 3.0, 12, 36)), rel=0.01)
    assert gained((600, 3.5, 36, 60)) == 0.0  # no machine is left by then
    assert gained((1000, 3.0, 0, 36), (500, 9.0, 0, 36)) == gained((1000, 3.0, 0, 36))  # all is sold already


def check_that_hours_not_yet_begun_count_from_their_first_month() -> None:
    alone = ((1000, 36, 1.0),)
    months = annuity(DISCOUNT, 36) - annuity(DISCOUNT, 12)
    fall = (1 + DISCOUNT) / (1 - DECLINE) - 1
    rents = annuity(fall, 36) - annuity(fall, 12)
    expected = 100 * (WEIGHT * months * (3.0 - 0.3) - (rents * RENT - months * 0.3))
    assert gained((100, 3.0, 12, 36), lots=alone) == pytest.approx(expected)
    # all hours are sold for a year: of what begins in half a year, lenders count what follows that year
    year: Signed = (1000, 3.0, 0, 12)
    added = gained(year, (100, 3.0, 6, 36), lots=alone) - gained(year, lots=alone)
    assert added == pytest.approx(expected)


def check_that_demand_is_counted_once() -> None:
    alone = ((1000, 36, 1.0),)
    idle = -500 * SITE_COST * annuity(DISCOUNT, 36)
    signed = at_spot(alone, asked=500.0) + gained((500, 3.0, 0, 36), lots=alone, asked=500.0)
    assert signed == pytest.approx(WEIGHT * paid(500, 3.0, 36) + idle)
