"""Reorganisation: who goes on under its creditors, what these get, what ends, what stays, and who is past help."""

from datetime import date
from typing import Any

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.worlds.rough import BLOCKS
from tests.worlds.theory_chain import quick
from watersellers import Result, run
from watersellers.agents.finance.failures.insolvency import Insolvency
from watersellers.agents.finance.failures.reorganisation import Reorganisation, profit_without_contracts
from watersellers.agents.finance.investors import Investors
from watersellers.agents.labs.reserved_hours import ReservedHours
from watersellers.experiments.runs.world import World
from watersellers.market.chart_of_accounts import LIABILITIES, Item

BLOCK, USERS = str(BLOCKS / "reorganisation.toml"), 150
WHO = "openai"


def months_of(result: Result, what: str, who: str = WHO) -> list[date]:
    return result.events.filter(what=what, who=who)["month"].to_list()


@pytest.fixture(scope="module")
def saved() -> Result:
    return run(BLOCK, 1, users=USERS)


@pytest.fixture(scope="module")
def wound_up() -> Result:
    return run(BLOCK, 1, users=USERS, set={"world.reorganisation": 0})


@quick
@given(st.integers(-(10**12), 10**12), st.integers(0, 10**6), st.integers(0, 10**10), st.integers(0, 10**6))
def test_hours_that_serve_count_at_spot_and_idle_ones_not_at_all(gross, hours, paid, needed):
    assert profit_without_contracts(gross, (0, 0), needed, 2.0) == gross
    assert profit_without_contracts(gross, (hours, paid), 0, 2.0) == gross + paid
    assert profit_without_contracts(gross, (hours, paid), needed, 2.0) == gross + paid - 200 * min(hours, needed)


def test_a_lab_whose_sales_pay_goes_on_and_would_be_wound_up_without(saved, wound_up):
    since = months_of(saved, "reorganised")[0]
    assert months_of(wound_up, "reorganised") == []
    assert months_of(wound_up, "exit") == [since]
    assert months_of(saved, "exit") == []
    later = pl.col("month") > since
    assert (saved.firms.filter(later, firm=WHO)["revenue"] > 0).all()
    assert wound_up.firms.filter(later, firm=WHO)["revenue"].sum() == 0
    quality = saved.firms.filter(pl.col("month") >= since, firm=WHO)["quality"]
    assert (quality > 0.95 * quality[0]).all()  # what it knows stays


def test_what_it_owed_becomes_shares_of_its_creditors_to_the_cent(saved):
    since = months_of(saved, "reorganised")[0]
    rows = saved.journal.filter(month=since, good="shares", debit_item="holdings", credit_account=WHO)
    swapped = saved.journal.filter(month=since, good="arrears", debit_account=WHO, credit_item="receivables")
    assert rows["cents"].to_list() == rows["quantity"].to_list()
    assert rows.select("debit_account", "cents").sort("debit_account").rows() == (
        swapped.filter(pl.col("batch").is_in(rows["batch"].to_list()))
        .select("credit_account", "cents")
        .sort("credit_account")
        .rows()
    )
    books = saved.balance_sheet(WHO).filter(month=since)
    assert books["payables"].item() == 0


def test_old_shareholders_lose_all_and_new_ones_get_the_dividends(saved):
    since = months_of(saved, "reorganised")[0]
    lost = saved.journal.filter(month=since, good="write_off", credit_item="holdings", counterparty=WHO)
    assert "venture_west" in lost["debit_account"].to_list()
    paying = run(BLOCK, 1, users=USERS, set={f"labs.{WHO}.payout": 1.0})
    paid = paying.flows.filter(pl.col("month") > since, good="dividend", payer=WHO)
    creditors = paying.journal.filter(month=since, good="shares", debit_item="holdings", credit_account=WHO)
    assert set(paid["payee"].to_list()) <= {*creditors["debit_account"].to_list(), "venture_west"}


def test_its_contracts_end_and_its_backlog_at_clouds_with_them(saved):
    since = months_of(saved, "reorganised")[0]
    left = saved.contracts.filter(month=since, buyer=WHO)
    assert left["delivered"].sum() > 0
    assert left["backlog"].sum() == 0


def test_who_fails_again_within_the_wait_is_wound_up(saved):
    failing = {f"labs.{WHO}.staff": 1e7}
    again = run(BLOCK, 1, users=USERS, set=failing)
    assert len(months_of(again, "reorganised")) == 1
    assert len(months_of(again, "exit")) == 1
    soon = run(BLOCK, 1, users=USERS, set=failing | {"world.reorganisation_wait": 0})
    first, second = months_of(soon, "reorganised")[:2]
    assert (second.year - first.year) * 12 + second.month - first.month >= 2  # its bills are late anew


def taken_over(scenario: str, settings: dict[str, Any], months: int = 20) -> tuple[World, list[str]]:
    """Live until a month in which creditors take firms over; name them."""
    world = World(scenario, rng=1, users=USERS, months=months, set=settings)
    names: list[str] = []
    while world.running and not names:
        world.step()
        names = [who for kind, who, _ in world.parts[Insolvency].announcements if kind == "reorganised"]
    return world, names


def test_who_is_taken_over_begins_anew_with_nothing_late_no_price_and_no_owner():
    settings = {f"labs.{WHO}.owner_funds": 1e4, "world.owner_hurdle": 0.01}
    world, names = taken_over(BLOCK, settings)
    firm = next(firm for firm in world.parts.all_firms if firm.name == WHO)
    account, ledger, shares = firm.account, world.parts.ledger, world.parts.registers.shares
    assert WHO in names
    assert firm.alive
    assert firm.owner_funds == 0
    assert world.parts[Insolvency].late[account] == 0
    assert world.parts[Investors].tracks[account].mark is None
    assert world.parts[Reorganisation].since == {account: world.parts.registers.month - 1}  # the month that has ended
    assert not ledger.totals[account, list(LIABILITIES)].any()
    held = {holder: cents for holder, issuer, cents in ledger.owed(Item.HOLDINGS) if issuer == account}
    assert held == dict(shares.holders(account))  # a share for each cent
    contracts = world.parts[ReservedHours].contracts
    assert account not in contracts.buyer.tolist()


def test_a_pool_whose_firm_was_taken_over_loses_its_stake_and_its_faith():
    """As if the firm had been wound up: the same return, the same fear."""
    seen = []
    for flag in (0, 1):
        settings = {"world.reorganisation": flag, "investors.fear": 1, "investors.herding": 0}
        world = World(BLOCK, rng=1, users=USERS, set=settings)
        while WHO not in [who for _, who, _ in world.parts[Insolvency].announcements]:
            world.step()
        world.step()
        pool = next(pool for pool in world.parts[Investors].pools if pool.name == "venture_west")
        seen.append((pool.returns.level, pool.hype, world.parts[Investors].lost))
    assert seen[0] == seen[1]
    assert seen[0][0] < seen[0][1] == 0
