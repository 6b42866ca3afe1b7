"""Bad debts: what people owe and never pay is a loss of the app in the same year, and who defaults loses the seat."""

from datetime import date
from typing import Any

import numpy as np
import polars as pl
import pytest

from watersellers import World, run
from watersellers.agents.finance import bad_debts
from watersellers.agents.finance.bad_debts import BadDebts
from watersellers.agents.finance.failures.unpaid_bills import write_off
from watersellers.agents.users.kernel.contract import PAID
from watersellers.agents.users.month import Users
from watersellers.market.accounting.ledger import replay
from watersellers.market.audit.invariants import InvariantBroken

POOR: dict[str, Any] = {"users.income": 0.0, "users.written_off": 1.0, "apps.opening_known": 0.8}
HALF = {**POOR, "users.income": 0.002}
PEOPLE = pl.col("debit_account").str.starts_with("users_")


@pytest.fixture(scope="module")
def poor():
    return run("dollar_paths", months=24, users=1_000, set=POOR)


@pytest.fixture(scope="module")
def half():
    return run("dollar_paths", months=24, users=1_000, set=HALF)


def by_app_and_year(rows, account):
    year = rows.with_columns(year=pl.col("month").dt.year(), app=pl.col(account))
    return {(app, each): cents for app, each, cents in year.group_by("app", "year").agg(pl.col("cents").sum()).rows()}


def test_revenue_that_nobody_pays_has_its_loss_in_the_same_year(poor):
    sold = by_app_and_year(
        poor.journal.filter(PEOPLE, credit_item="revenue", debit_item="consumption"), "credit_account"
    )
    lost = by_app_and_year(poor.journal.filter(good="bad_debts", debit_item="operating_cost"), "debit_account")
    assert len({year for _, year in sold}) == 2
    assert sold == lost
    assert poor.flows.filter(payer_layer="users").is_empty()


@pytest.mark.parametrize("name", ["poor", "half"])
def test_what_is_billed_is_paid_written_off_or_owed_for_less_than_three_months(name, request):
    result = request.getfixturevalue(name)
    for month in (date(2023, 12, 1), date(2024, 12, 1)):
        past = result.journal.filter(pl.col("month") <= month)
        sold = past.filter(PEOPLE, credit_item="revenue")["cents"].sum()
        paid = result.flows.filter(pl.col("month") <= month, payer_layer="users")["cents"].sum()
        lost = past.filter(good="bad_debts", debit_item="operating_cost")["cents"].sum()
        owed = result.balances.filter(pl.col("account").str.starts_with("users_"), item="payables", month=month)
        recent = pl.col("month") > date(month.year, month.month - 2, 1)
        assert sold == paid + lost + owed["cents"].sum()
        assert owed["cents"].sum() <= past.filter(recent, PEOPLE, credit_item="revenue")["cents"].sum()
        assert (paid > 0) == (name == "half")
        assert lost > 0


def test_the_loss_is_an_operating_cost_of_the_app(poor):
    lost = poor.journal.filter(good="bad_debts", debit_account="chatgpt")
    month = lost["month"].max()
    costs = poor.journal.filter(month=month, debit_account="chatgpt", debit_item="operating_cost")
    assert "bad_debts" in costs["good"].to_list()
    books = poor.income("chatgpt").filter(month=month)
    assert books["operating_cost"].item() == costs["cents"].sum()


def test_matrices_origins_and_replay_hold(half):
    month = half.journal.filter(good="bad_debts")["month"].max()
    flow = half.flow_matrix(f"{month:%Y-%m}")
    row = flow.filter(flow="bad_debts").row(0, named=True)
    assert row["apps_current"] == -row["users"] < 0
    assert row["total"] == 0
    assert all(total == 0 for total in flow.filter(flow="total").row(0)[1:])
    held = half.trace().held.group_by("account").agg(pl.col("cents").sum())
    cash = half.balances.filter(item="cash", month=half.balances["month"].max()).join(
        held, on="account", suffix="_held"
    )
    assert (cash["cents"] == cash["cents_held"]).all()


def test_the_journal_rebuilds_the_books():
    world = World("dollar_paths", rng=1, months=8, users=500, set=POOR)
    world.run_model()
    ledger = world.economy.ledger
    totals, claims = replay(ledger.journal(), len(ledger.accounts))
    assert (totals == ledger.totals).all()
    assert claims == {key: cents for key, cents in ledger.claims.items() if cents}


def test_people_in_default_lose_their_seats_and_get_none_until_the_bar_ends():
    world = World("dollar_paths", rng=1, months=14, users=1_000, set={**POOR, "users.barred": 4.0})
    users, seen = world.parts[Users], set()
    for month in range(14):
        barred = users.people.barred_until > month
        world.run_for(1)
        paying = (users.people.tier == PAID) | (users.people.further % 2 == PAID).any(axis=1) & (
            users.people.further >= 0
        ).any(axis=1)
        assert not (barred & paying).any()
        seen |= set(np.flatnonzero(barred).tolist())
        free_again = [user for user in seen if not barred[user] and paying[user]]
    assert seen
    assert free_again


def test_a_write_off_waits_for_some_months_of_unpaid_bills():
    first = [run("dollar_paths", months=9, users=500, set={**POOR, "users.overdue": wait}) for wait in (1, 3, 5)]
    start = [result.journal.filter(good="bad_debts")["month"].sort().head(1).to_list() for result in first]
    assert start == [[date(2023, month, 1)] for month in (1, 3, 5)]


@pytest.mark.parametrize("share", [0.25, 0.5, 1.0])
def test_a_share_of_overdue_bills_is_written_off(share):
    poor = run("dollar_paths", months=3, users=500, set={**POOR, "users.written_off": share})
    lost = poor.journal.filter(good="bad_debts", debit_item="operating_cost")["cents"].sum()
    sold = poor.journal.filter(PEOPLE, credit_item="revenue")["cents"].sum()
    assert abs(lost - share * sold) <= 40  # cents: each app's share is rounded by itself


@pytest.mark.parametrize("month", [2, 3, 5])
def test_a_world_that_is_resumed_ends_as_if_it_had_never_stopped(month, tmp_path):
    settings = {**HALF, "users.china.budgeted": 0.7, "users.barred": 2.0, "apps.effort": "best_effort"}
    world = World("dollar_paths", rng=1, months=8, users=300, set=settings)
    world.run_for(month)
    resumed = World.load(world.save(tmp_path / "half.ckpt"))
    for each in (world, resumed):
        each.run_model()
    assert world.result().manifest["digest"] == resumed.result().manifest["digest"]
    assert (world.parts[Users].people.barred_until == resumed.parts[Users].people.barred_until).all()
    assert world.parts[Users].people.barred_until.any()


def test_off_is_off():
    brief: dict[str, Any] = {"months": 6, "users": 300}
    unlike = {"users.overdue": 1.0, "users.barred": 60.0}
    assert (
        run("dollar_paths", **brief, set=unlike).manifest["digest"] == run("dollar_paths", **brief).manifest["digest"]
    )


def test_a_write_off_on_one_side_alone_breaks_the_books(monkeypatch):
    def one_sided(claim, against, good, ledger):
        if claim[3] > 0:
            write_off(claim, against, good, ledger)

    monkeypatch.setattr(bad_debts, "write_off", one_sided)
    with pytest.raises(InvariantBroken):
        run("dollar_paths", months=6, users=500, set=POOR)


def test_months_are_counted_as_for_firms():
    world = World("dollar_paths", rng=1, months=8, users=500, set={**POOR, "users.written_off": 0.0})
    world.run_model()
    late = world.parts[BadDebts].late
    assert [late[account] for account in world.parts[Users].accounts] == [8, 8]
