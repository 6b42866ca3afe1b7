"""Loans against machines: they speed up the growth of a cloud, and bring it down when rents fall."""

from collections import Counter
from datetime import date
from types import SimpleNamespace
from typing import Any, cast

import numpy as np
import polars as pl
import pytest

from tests.worlds.rough import ROUGH, on_rough
from watersellers import BadInput, run
from watersellers.agents.cloud.fleet_loans import Lenders
from watersellers.agents.cloud.impairment import value_in_use
from watersellers.agents.compute.capital_budgeting import MachineNumbers
from watersellers.market.audit.invariants import InvariantBroken
from watersellers.market.exact import whole

BLOCK = on_rough("fleet_loans")
SEIZED = date(2024, 1, 1)


@pytest.fixture(scope="module")
def bust():
    return run(BLOCK, users=200)


def paid(result, good: str, **who: Any) -> int:
    return int(result.flows.filter(good=good, **who)["cents"].sum())


def test_lenders_without_borrowers_and_numbers_without_loans_change_no_firm():
    usual = run(ROUGH, months=6, users=100)
    numbers = {"cloud.loan_rate": 0.1, "cloud.covenant": 0.1, "world.forced_sale": 0.1}
    assert run(ROUGH, months=6, users=100, set=numbers).manifest["digest"] == usual.manifest["digest"]
    rich = run(ROUGH, months=6, users=100, set={"world.lenders_cash": 1e9})
    assert rich.firms.equals(usual.firms)


def test_what_is_lent_is_owed_until_it_is_repaid_seized_or_lost(bust):
    lent = paid(bust, "loan")
    freed = bust.journal.filter(debit_account="neocloud", debit_item="loans")
    back = freed.filter(pl.col("good").is_in(["repayment", "arrears"]))["cents"].sum()
    lost = bust.journal.filter(good="write_off", debit_account="lenders")["cents"].sum()
    still = bust.balances.filter(account="neocloud", item="loans", month=date(2024, 6, 1))["cents"].sum()
    assert lent > 0
    assert lent - back - lost == still == 0


def test_a_cloud_that_cannot_pay_interest_loses_its_machines_to_those_that_can_pay_for_them(bust):
    seizures = bust.events.filter(what="seizure")
    assert seizures["who"].to_list() == ["neocloud"]
    assert seizures["month"].to_list() == [seizures["month"][0]]
    sold = bust.flows.filter(good="salvage", payee="neocloud", month=SEIZED)
    buyers = sorted(sold["payer"].unique())
    assert buyers == ["azure", "google_cloud"]
    # each lot goes below its book value, and the gap is a loss of the borrower and none of the buyer
    lost = bust.journal.filter(good="write_off", debit_account="neocloud", month=SEIZED)
    assert lost["cents"].sum() > 0
    assert lost["credit_item"].unique().to_list() == ["fleet"]
    into_fleets = bust.journal.filter(pl.col("debit_account").is_in(buyers), good="salvage", debit_item="fleet")
    assert into_fleets["cents"].sum() == sold["cents"].sum() >= paid(bust, "repayment", month=SEIZED)


def test_secured_lenders_are_paid_out_of_the_machines_before_others_share():
    # the same cloud, wound up for unpaid bills before anything is seized
    late = run(BLOCK, users=200, set={"cloud.neocloud.loan_grace": 12, "world.patience": 1})
    assert late.events.filter(pl.col("what").is_in(["seizure", "exit"]))["what"].to_list()[0] == "exit"
    owed = late.balances.filter(account="lenders", item="receivables", month=date(2024, 6, 1))["cents"].sum()
    lost = late.journal.filter(good="write_off", debit_account="lenders")["cents"].sum()
    assert (owed, lost) == (0, 0)
    secured = late.journal.filter(good="arrears", debit_account="neocloud", debit_item="loans")
    assert len(secured) == 1  # one entry in full, before what others share


def test_a_cloud_without_an_older_business_grows_on_loans(bust):
    alone = run(BLOCK, users=200, set={"cloud.neocloud.borrowing": "no_loans"})
    bought = [
        int(
            result.journal.filter(debit_account="neocloud", good="accelerators", credit_item="revenue")[
                "quantity"
            ].sum()
        )
        for result in (alone, bust)
    ]
    assert bought[1] > 1.3 * bought[0]
    assert paid(bust, "interest", payer="neocloud") > 0
    assert paid(alone, "interest") == 0


def test_machines_that_change_hands_at_a_price_without_a_new_basis_are_found_out(monkeypatch):
    sell = Lenders._sell

    def forgetful(lenders, firm, lot, deal, ledger):
        fleets = lenders.registers.fleets
        basis = fleets.machines.basis.copy()
        sell(lenders, firm, lot, deal, ledger)
        fleets.rewrite(basis=basis)

    monkeypatch.setattr(Lenders, "_sell", forgetful)
    with pytest.raises(InvariantBroken, match="lots are worth") as broken:
        run(BLOCK, users=200)
    assert broken.value.invariant == "I8"


def test_a_loan_that_only_the_borrower_writes_off_is_found_out(monkeypatch):
    monkeypatch.setattr(Lenders, "_write_off", one_sided)
    with pytest.raises(InvariantBroken, match="claims on others that these do not owe") as broken:
        run(BLOCK, users=200, set={"world.forced_sale": 0.01, "world.salvage": 0.01})
    assert broken.value.invariant == "I3"


def one_sided(lenders, firm, left, ledger):
    from watersellers.market.accounting.ledger import Entries
    from watersellers.market.chart_of_accounts import Item
    from watersellers.market.exact import whole
    from watersellers.market.goods import Good

    one, size = whole([firm.account]), whole([left])
    sides = ((one, Item.LOANS), (one, Item.REVALUATION))
    ledger.post(Entries.made(*sides, size, Good.WRITE_OFF, counterparty=lenders.account))


def test_loans_that_nobody_can_give_are_refused():
    with pytest.raises(BadInput) as refused:
        run(ROUGH, months=1, users=100, set={"cloud.aws.borrowing": "against_fleet"})
    assert (
        "cloud.aws.borrowing: found 'against_fleet', but lenders have no money (world.lenders_cash and"
        " world.lenders_inflow are 0); write world.lenders_cash = 10_000_000_000, or borrowing = 'no_loans'"
    ) in str(refused.value)


def test_a_bidder_shares_its_demand_over_what_it_wins():
    """Its customers fill no more hours by a purchase, so that each further lot is worth less to it."""
    firm = SimpleNamespace(
        asked=SimpleNamespace(level=900.0), capacity=1_000, price=2.0,
        numbers={MachineNumbers: SimpleNamespace(power_cost=0.1, site_cost=0.3, rent_decline=0.0, discount=0.0)},
    )  # fmt: skip
    months, power = whole([12]), np.array([1.0])
    worths = [value_in_use(cast("Any", firm), months, power, more)[1][0] for more in (0, 500, 2_000)]
    assert worths == pytest.approx([12 * (use * 1.9 - 0.3) for use in (0.9, 0.6, 0.3)])


def test_a_bidder_that_forgot_what_it_won_would_pay_more(monkeypatch, bust):
    best = Lenders._best_price
    monkeypatch.setattr(
        Lenders, "_best_price", lambda lenders, firm, lot, won, ledger: best(lenders, firm, lot, Counter(), ledger)
    )
    forgetful = run(BLOCK, users=200)
    assert paid(forgetful, "salvage", payee="neocloud") > paid(bust, "salvage", payee="neocloud")
