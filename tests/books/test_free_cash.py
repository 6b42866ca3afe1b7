"""What is owed comes before machines, foundry capacity, stakes and dividends: who pays for these keeps what it owes."""

import numpy as np
import pytest

from tests.worlds.turbulence import simulate, turbulent
from watersellers.agents.chips.month import Chips
from watersellers.agents.cloud.fleet_investment import FleetInvestment
from watersellers.experiments.runs.world import World
from watersellers.market.accounting.journal_tables import Books
from watersellers.market.accounting.ledger import Entries, Ledger, apply
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import whole
from watersellers.market.goods import NANO_A_CENT, Good

LAST = 3  # month in which a firm is made to owe
COMES_AFTER = (Good.DEPOSIT, Good.FOUNDRY_CAPACITY, Good.DIVIDEND)  # and shares that sellers buy of their customers


def paid_too_early(books: Books) -> set[tuple[int, str, str]]:
    """Month, payer and good of payments after which a firm had less cash than it owed."""
    journal, accounts = books.journal, books.accounts
    firms = np.array([row.layer in {"chips", "cloud", "apps"} for row in accounts.rows])
    totals = np.zeros((len(accounts), len(Item)), dtype=np.int64)
    claims: dict[tuple[int, int, int], int] = {}
    found = set()
    for batch in np.unique(journal.batch):
        rows = journal.where(journal.batch == batch)
        apply(rows, totals, claims)
        pays = (rows.credit_item == Item.CASH) & firms[rows.credit_account] & (rows.phase > 0)
        pays &= np.isin(rows.good, COMES_AFTER) | (rows.good == Good.SHARES)
        pays &= rows.credit_account != rows.debit_account
        paid = (rows.month[pays].tolist(), rows.credit_account[pays].tolist(), rows.good[pays].tolist())
        for month, account, good in zip(*paid, strict=True):
            if totals[account, Item.CASH] < -totals[account, Item.PAYABLES]:
                found.add((month, accounts.rows[account].name, Good(good).name))
    return found


def test_nobody_pays_for_growth_while_it_owes() -> None:
    assert paid_too_early(simulate(turbulent()).result().books) == set()


class Spent(Exception):
    """Ends a run once it is seen what a firm spent in the phase of investment."""


@pytest.mark.parametrize(
    ("investing", "firm"), [(FleetInvestment, "aws"), (Chips, "nvidia")], ids=["clouds", "vendors"]
)
def test_a_firm_that_owes_all_its_cash_orders_nothing(investing, firm, monkeypatch) -> None:
    """Owing a part of it leaves the rest to order with, and owing nothing the whole."""
    invest = investing.invest

    def spent(share: float) -> int:
        def owing(self, ledger: Ledger, chance: object) -> None:
            if ledger.clock.month == LAST:
                owe(ledger, firm, share)
            cash = ledger.cash
            invest(self, ledger, chance)
            if ledger.clock.month == LAST:
                names = [row.name for row in ledger.accounts.rows]
                raise Spent(int((cash - ledger.cash)[names.index(firm)]))

        world = World("scarce_chips", rng=1, users=100)
        with monkeypatch.context() as patch:
            patch.setattr(investing, "invest", owing)
            with pytest.raises(Spent) as seen:
                simulate(world, LAST + 1)
        return int(seen.value.args[0])

    assert spent(0.0) > spent(0.9999) > spent(1.0) == 0


def owe(ledger: Ledger, firm: str, share: float) -> None:
    """Let a firm owe a share of its cash to the rest of the world for wages."""
    names = [row.name for row in ledger.accounts.rows]
    payer, world = names.index(firm), names.index("world")
    owed = whole([int(share * int(ledger.cash[payer]))])
    if owed[0]:
        pays, gets, each = whole([payer]), whole([world]), {"quantity": owed, "price": whole([NANO_A_CENT])}
        ledger.post(
            Entries.made((pays, Item.OPERATING_COST), (gets, Item.REVENUE), owed, Good.WAGES, **each),
            Entries.made((gets, Item.RECEIVABLES), (pays, Item.PAYABLES), owed, Good.WAGES, **each),
        )
