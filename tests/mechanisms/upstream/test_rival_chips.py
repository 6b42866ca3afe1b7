"""Rivals in chips: research that is owed, entry that answers margins, owners' own silicon, and what rules keep out."""

from typing import Any

import polars as pl
import pytest

from tests.mechanisms.upstream import rival_checks as checks
from tests.mechanisms.upstream.rival_checks import ABROAD, OWN, with_vendor
from tests.worlds.resumed import resumes
from tests.worlds.rough import ROUGH
from watersellers import BadInput, World, load_scenario, run
from watersellers.agents.chips.entry import VendorEntry

BRIEF: dict[str, Any] = {"months": 14, "users": 100}


# Research


def test_fixed_research_is_owed_by_vendors_that_sell_nothing_to_the_cent():
    free = {"chips.research_share": 0.0, "chips.owner_funds": 1e9, "chips.research_fixed": 3e6}
    result = run(ROUGH, **BRIEF, set=free | {"cloud.opening_cash": 0.0, "cloud.owner_funds": 0.0})
    bills = result.journal.filter(good="research", debit_item="operating_cost")
    paid = bills.group_by("month", "debit_account").agg(pl.col("cents").sum())
    assert set(paid["cents"]) == {300_000_000}
    assert len(paid) == 14 * result.firms.filter(layer="chips")["firm"].n_unique()


# Entry


def test_margins_bring_entry_and_the_lack_of_them_none():
    checks.check_that_margins_bring_entry()


def test_an_entrant_pays_for_its_development_in_equal_parts_and_then_orders_capacity():
    checks.check_that_development_is_paid_before_capacity()


# Owners' own silicon


def test_owners_own_machines_go_to_their_own_clouds_alone_and_at_cost():
    checks.check_that_own_machines_stay_in_the_group()


def test_an_owner_makes_nothing_that_is_cheaper_to_buy():
    checks.check_that_owners_make_what_is_dear_to_buy()


@pytest.mark.parametrize(
    ("change", "cloud", "said"),
    [
        (
            {"owner": None},
            "google_cloud",
            r"chips\.tpu\.group_only: found 1, but it has no owner, expected one with a cloud",
        ),
        (
            {"owner": "nobody"},
            "google_cloud",
            r"its owner nobody has no cloud, .* write chips\.tpu\.owner = \"alibaba\"",
        ),
        ({}, "aws", r"no cloud of its owner alphabet may buy .* write cloud\.google_cloud\.chips = \[\"\+tpu\"\]"),
        ({"at_home": 0}, "google_cloud", r"chips\.tpu\.at_home is 0, .* google_cloud is in west, .*at_home = 1, or"),
        (
            {"owner": "alibaba", "exports": 0},
            "alibaba_cloud",
            r"chips\.tpu\.exports is 0, .* alibaba_cloud is in china, .* write chips\.tpu\.exports = 1, or",
        ),
    ],
)
def test_own_silicon_without_an_owner_is_refused(change, cloud, said):
    vendor = {name: value for name, value in (OWN | change).items() if value is not None}
    with pytest.raises(BadInput, match=said):
        load_scenario(with_vendor("tpu", vendor, cloud))


def test_the_purse_of_all_older_businesses_is_many_times_what_own_silicon_costs():
    world = World("rival_chips", rng=1, months=12, users=60)
    vendors = world.parts[VendorEntry]
    cost = sum(vendors.cost(vendor) for vendor in vendors.vendors if not vendor.founder)
    purse = vendors.registers.account_id("older_businesses")
    while world.running:
        world.step()
        assert int(world._economy.ledger.cash[purse]) > 10 * cost > 0


LATER: dict[str, Any] = {"month": "2023-06", "what": "set", "path": "chips.tpu.group_only"}


def test_own_silicon_that_an_event_begins_is_refused_with_the_value_and_the_month_of_that_event():
    vendor = OWN | {"owner": "nobody", "group_only": 0}  # its founder is its owner, as it serves its group one day
    said = r"chips\.tpu\.group_only: found 1 from 2023-06 on, but its owner nobody has no cloud"
    with pytest.raises(BadInput, match=said):
        load_scenario(with_vendor("tpu", vendor, "google_cloud", event=[LATER | {"value": 1}]))


def test_own_silicon_that_an_event_opens_to_all_may_be_sold_to_all():
    closed, opened = (with_vendor("tpu", OWN, "google_cloud", event=events) for events in ([], [LATER | {"value": 0}]))
    told = "chips.tpu: only google_cloud may buy from it"
    assert not any(told in each for each in load_scenario(closed).warnings)
    assert any(told in each for each in load_scenario(opened).warnings)


@pytest.mark.parametrize("stop", [2, 4])
def test_a_world_with_entrants_that_is_resumed_ends_as_if_it_had_never_stopped(stop, tmp_path):
    assert resumes(with_vendor("tpu", OWN, "google_cloud"), stop, 8, tmp_path)


# Export rules


def test_a_rule_bars_fast_machines_of_the_west_alone_and_those_with_slow_links_may_pass():
    checks.check_that_rules_bar_what_reaches_both_limits()


def test_a_vendor_that_sells_abroad_alone_sells_nothing_at_home():
    flows = run(ROUGH, months=18, users=100, set={"chips.nvidia.at_home": 0.0, "chips.nvidia.opening_wait": 0.0}).flows
    buyers = flows.filter(pl.col("good") == "accelerators", pl.col("payee") == "nvidia")["payer"]
    assert set(buyers) <= set(ABROAD)
    assert len(buyers)


# Generations


def test_what_a_vendor_adds_by_itself_begins_after_its_last_dated_generation():
    world = World(ROUGH, rng=1, months=1, users=50, set={"chips.growing_from": 26.0, "chips.performance_growth": 0.1})
    vendor = world.parts[VendorEntry].vendors[0]
    base = vendor.traits.performance
    assert [vendor.performance(month) / base for month in (0, 26, 28)] == pytest.approx([1.0, 1.0, 1.21])
