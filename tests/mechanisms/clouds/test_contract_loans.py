"""Lenders lend more on hours under contract: known answers, limits, laws, and rules that are broken on purpose."""

import builtins
from collections.abc import Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as drawn

from tests.mechanisms.clouds import contract_loan_checks as checks
from tests.mechanisms.clouds.contract_loan_checks import MONTH, RENT, WEIGHT, at_spot, gained
from tests.worlds.rough import BLOCKS, on_rough
from watersellers import World, run
from watersellers.agents.cloud import fleet_loans
from watersellers.agents.cloud.fleet_loans import (
    Lenders,
    LoanNumbers,
    gained_by_contracts,
    hours_to_come,
    lots_worth,
)
from watersellers.agents.compute.capital_budgeting import MachineNumbers
from watersellers.agents.information import SeenByBorrower
from watersellers.agents.labs.reserved_hours import ReservedHours
from watersellers.agents.strategies.borrowing import AgainstFleet
from watersellers.market.chance import Chance
from watersellers.market.trade.contracts import Contracts

Patch = pytest.MonkeyPatch
CHECKS = [check for name, check in vars(checks).items() if name.startswith("check_")]
HOURS, PRICES, MONTHS = drawn.integers(1, 2000), drawn.floats(0.01, 20.0), drawn.integers(0, 48)
SIGNED = drawn.tuples(HOURS, PRICES, MONTHS, MONTHS).map(lambda row: (*row[:2], *sorted(row[2:])))


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
def test_the_rule_passes_its_checks(check):
    check()


def test_without_contracts_or_without_machines_nothing_is_added():
    assert gained() == 0.0
    assert gained((100, 9.0, 0, 24), lots=()) == 0.0
    assert gained((100, 9.0, 0, 24), lots=((400, 0, 1.0),)) == 0.0  # lots in their last month
    assert gained((100, 3.0, 0, 24), weight=0.0) == 0.0


@pytest.mark.parametrize("hours", [0, 1])
def test_a_borrower_without_machines_goes_on(hours):
    """It may ask for its first loan before it has any machine, and its contracts bear nothing until it has some."""
    world = run(BLOCKS / "contracts.toml", months=3, users=50, set={"cloud.neocloud.opening_hours": hours})
    assert world.firms.filter(firm="neocloud")["alive"].all()


@given(before=drawn.lists(SIGNED, max_size=4), more=SIGNED, weight=drawn.floats(0.0, 3.0))
def test_signing_more_never_lowers_what_may_be_borrowed(before, more, weight):
    assert 0.0 <= gained(*before, weight=weight) <= gained(*before, more, weight=weight)


@given(SIGNED, SIGNED)
def test_signing_more_at_the_price_of_today_raises_it_while_hours_are_free(first, second):
    before, price = (first[0] // 5, *first[1:]), RENT
    more = (100, price, 0, max(1, second[3]))
    assert gained(before, more) > gained(before)


@given(signed=drawn.lists(SIGNED, min_size=1, max_size=4), dear=drawn.floats(1.0, 3.0))
def test_a_dearer_contract_bears_no_less_and_none_bears_more_than_it_pays(signed, dear):
    dearer = [(hours, price * dear, begins, ends) for hours, price, begins, ends in signed]
    worth = at_spot() + gained(*signed)
    assert worth <= at_spot() + gained(*dearer) + 1e-6
    most = max(RENT, *(price for _, price, _, _ in signed))
    assert worth <= WEIGHT * (checks.paid(600, most, 36, 0.0) + checks.paid(400, most, 12, 0.0))


@given(
    loan_to_value=drawn.floats(0.0, 2.0),
    spot=drawn.floats(0.0, 1e3),
    more=drawn.floats(0.0, 1e3),
    times=drawn.floats(1.0, 9.0),
)
def test_a_share_below_one_never_bears_more_than_all_is_worth(loan_to_value, spot, more, times):
    rule, dice = AgainstFleet(loan_to_value=loan_to_value), Chance(1, 0)
    seen = SeenByBorrower(missing=1e9, pledged=spot + times * more, worth=spot + more, owed=0.0)
    without = rule(replace(seen, pledged=spot, worth=spot), dice)
    assert without == loan_to_value * spot
    assert without <= rule(seen, dice) <= max(1.0, loan_to_value) * (spot + more)


@pytest.fixture(scope="module")
def lived() -> World:
    world = World(on_rough("contracts"), rng=1, users=100, set={"cloud.reserved_discount": 0.0})
    for _ in range(10):
        world.step()
    return world


def test_what_may_be_owed_grows_with_the_share_that_lenders_count_of_contracts(lived):
    lenders, month = lived._parts[Lenders], lived._economy.chance.month
    (firm,) = (one for one in lenders.by_account.values() if one.name == "neocloud")
    lots = lots_worth(firm, lenders.registers.fleets.machines, month, 1)
    worth = sum(worth for _, worth in lots)

    def limit(contract_loans: float) -> float:
        loan = replace(firm.numbers[LoanNumbers], covenant=0.8, contract_loans=contract_loans)
        numbers = {LoanNumbers: loan, MachineNumbers: firm.numbers[MachineNumbers]}
        double: Any = SimpleNamespace(
            account=firm.account, price=firm.price, capacity=firm.capacity, asked=firm.asked, numbers=numbers
        )
        return 0.8 * lenders._pledge(double, lots, month + 1)

    assert limit(0.0) == 0.8 * worth
    assert limit(0.0) < limit(0.9) < limit(1.0)


def test_contracts_with_customers_out_of_business_are_not_counted(lived):
    reserved = lived._parts[ReservedHours]
    cloud = next(iter(reserved.clouds))
    closed, other = (
        SimpleNamespace(account=lab.account, alive=alive)
        for lab, alive in zip(reserved.labs, (False, True), strict=False)
    )
    doubles: Any = [closed, other]
    reserved.labs = doubles
    reserved.contracts = Contracts.of([(closed.account, cloud, 5, 1, 0, 99), (other.account, cloud, 7, 1, 50, 99)])
    assert reserved.signed_with(cloud).units.tolist() == [7]


def look_at_what_would_bear_less(patch: Patch) -> None:
    def greater(one: Any, other: Any) -> Any:
        return other if isinstance(other, float) else builtins.max(one, other)

    patch.setattr(fleet_loans, "max", greater, raising=False)


def with_other_hours(patch: Patch, change: Callable[..., Any]) -> None:
    """Change the hours of lots, and the power of an hour."""
    patch.setattr(fleet_loans, "hours_to_come", lambda lots, month: change(*hours_to_come(lots, month)))


def with_other_numbers(patch: Patch, **numbers: float) -> None:
    """Change numbers of the cloud's machines where contracts are counted, and there alone."""

    def changed(firm: Any, *given: Any) -> float:
        firm.numbers = {MachineNumbers: replace(firm.numbers[MachineNumbers], **numbers)}
        return gained_by_contracts(firm, *given)

    patch.setattr(fleet_loans, "gained_by_contracts", changed)


def with_other_contracts(patch: Patch, change: Callable[[Contracts], Contracts]) -> None:
    """Change the contracts that are counted."""

    def changed(firm: Any, lots: Any, signed: Contracts, *given: Any) -> float:
        return gained_by_contracts(firm, lots, change(signed), *given)

    patch.setattr(fleet_loans, "gained_by_contracts", changed)


def deliver_more_than_there_is(patch: Patch) -> None:
    with_other_hours(patch, lambda hours, power: (9 * hours, power))


def keep_machines_for_ever(patch: Patch) -> None:
    with_other_hours(patch, lambda hours, power: (np.full(99, hours[0]), np.full(99, power[0])))


def take_all_machines_for_opening_ones(patch: Patch) -> None:
    with_other_hours(patch, lambda hours, power: (hours, np.ones(len(power))))


def forget_power(patch: Patch) -> None:
    with_other_numbers(patch, power_cost=0.0)


def forget_sites(patch: Patch) -> None:
    with_other_numbers(patch, site_cost=0.0)


def let_rents_stay(patch: Patch) -> None:
    with_other_numbers(patch, rent_decline=0.0)


def discount_nothing(patch: Patch) -> None:
    with_other_numbers(patch, discount=0.0)


def begin_all_contracts_at_once(patch: Patch) -> None:
    with_other_contracts(patch, lambda signed: replace(signed, begins=np.minimum(signed.begins, MONTH)))


def deliver_to_the_newest_first(patch: Patch) -> None:
    with_other_contracts(patch, lambda signed: signed.where(np.arange(len(signed))[::-1]))


def count_demand_twice(patch: Patch) -> None:
    def changed(firm: Any, *given: Any) -> float:
        return gained_by_contracts(checks.borrower(0.0), *given)

    patch.setattr(fleet_loans, "gained_by_contracts", changed)


MUTATIONS: dict[Callable[[Patch], None], Callable[[], None]] = {
    look_at_what_would_bear_less: checks.check_that_a_contract_that_would_bear_less_than_spot_is_not_looked_at,
    deliver_more_than_there_is: checks.check_that_machines_deliver_no_more_than_they_can,
    keep_machines_for_ever: checks.check_that_machines_deliver_no_more_than_they_can,
    deliver_to_the_newest_first: checks.check_that_machines_deliver_no_more_than_they_can,
    take_all_machines_for_opening_ones: CHECKS[1],
    forget_power: CHECKS[1],
    forget_sites: CHECKS[1],
    let_rents_stay: checks.check_the_worked_example,
    discount_nothing: checks.check_the_worked_example,
    begin_all_contracts_at_once: checks.check_that_hours_not_yet_begun_count_from_their_first_month,
    count_demand_twice: checks.check_that_demand_is_counted_once,
}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_broken_rule_fails_its_check(mutation, monkeypatch):
    mutation(monkeypatch)
    with pytest.raises(AssertionError):
        MUTATIONS[mutation]()
