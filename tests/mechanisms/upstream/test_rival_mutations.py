"""Checks of entry, own silicon and export rules bite: each rule, broken on purpose, fails the check of a named test.

The tests of the same checks with the rules as they are stand in ``test_rival_chips.py``.
"""

from collections.abc import Callable
from typing import Any

import pytest

from tests.mechanisms.upstream import rival_checks as checks
from watersellers.agents.chips import export_rules
from watersellers.agents.chips import month as chips
from watersellers.agents.chips.entry import VendorEntry
from watersellers.agents.compute import capital_budgeting

Patch = pytest.MonkeyPatch

# 9.52: vendors enter where margins pay for it


def enter_whatever_margins_are(patch: Patch) -> None:
    patch.setattr(VendorEntry, "worth", lambda entry, firm: 1e12)


def enter_by_date_alone(patch: Patch) -> None:
    patch.setattr(VendorEntry, "enters", lambda entry, firm, chance: firm.enters <= chance.month)


def develop_for_nothing(patch: Patch) -> None:
    patch.setattr(VendorEntry, "development_bill", lambda entry, firm: 0)


def order_capacity_before_there_is_a_machine(patch: Patch) -> None:
    patch.setattr(VendorEntry, "developing", lambda entry, firm: False)


# 9.55: owners' own silicon


def sell_own_machines_to_all(patch: Patch) -> None:
    rule = capital_budgeting.may_order

    def to_all(product: Any, region: str, owner: str) -> bool:
        return rule(product, region, product.owner)

    patch.setattr(capital_budgeting, "may_order", to_all)


def make_whatever_buying_costs(patch: Patch) -> None:
    patch.setattr(VendorEntry, "margin", lambda entry, firm: 1e9)


def count_no_machines_that_the_group_buys(patch: Patch) -> None:
    patch.setattr(VendorEntry, "_bought_by_group", lambda entry, firm: (0.0, 0.0))


# 9.56: export rules by list


def sell_abroad_whatever_the_rule_is(patch: Patch) -> None:
    patch.setattr(chips, "sells_abroad", lambda vendor, numbers, month: vendor.traits.exports > 0)


def bar_what_is_fast_whatever_its_links_are(patch: Patch) -> None:
    barred = export_rules.barred

    def by_speed(vendor: Any, numbers: Any, month: int) -> bool:
        return barred(vendor, {**numbers, "barred_links": 0.0}, month)

    patch.setattr(export_rules, "barred", by_speed)


def bar_vendors_of_every_region(patch: Patch) -> None:
    def everywhere(vendor: Any, numbers: Any, month: int) -> bool:
        return bool(vendor.performance(month) >= numbers["barred_performance"])

    patch.setattr(export_rules, "barred", everywhere)


MUTATIONS: dict[Callable[[Patch], None], Callable[[], None]] = {
    enter_whatever_margins_are: checks.check_that_margins_bring_entry,
    enter_by_date_alone: checks.check_that_margins_bring_entry,
    develop_for_nothing: checks.check_that_development_is_paid_before_capacity,
    order_capacity_before_there_is_a_machine: checks.check_that_development_is_paid_before_capacity,
    sell_own_machines_to_all: checks.check_that_own_machines_stay_in_the_group,
    make_whatever_buying_costs: checks.check_that_owners_make_what_is_dear_to_buy,
    count_no_machines_that_the_group_buys: checks.check_that_owners_make_what_is_dear_to_buy,
    sell_abroad_whatever_the_rule_is: checks.check_that_rules_bar_what_reaches_both_limits,
    bar_what_is_fast_whatever_its_links_are: checks.check_that_rules_bar_what_reaches_both_limits,
    bar_vendors_of_every_region: checks.check_that_rules_bar_what_reaches_both_limits,
}


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.__name__)
def test_a_broken_rule_fails_its_check(mutation, monkeypatch):
    mutation(monkeypatch)
    with pytest.raises(AssertionError):
        MUTATIONS[mutation]()
