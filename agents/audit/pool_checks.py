"""I14: what savers have promised, paid and got back reconciles with the journal and with their wealth."""

from collections.abc import Sequence

import numpy as np

from watersellers.agents.audit.audit_context import AuditContext
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.savers import Savers
from watersellers.market.accounting.ledger import Journal
from watersellers.market.exact import among, cents
from watersellers.market.goods import Good
from watersellers.market.money_origin.origins import payments

CALLING = 10  # the phase in which savers pay what they promised; what comes before is an income along a path


class PaidToPools:
    """What savers have paid into each pool and got back since the run began, in cents by account, from the journal."""

    def __init__(self, accounts: int, pools: Sequence[int], world: int):
        self.pools, self.world = np.array(pools, dtype=np.int64), world
        self.paid, self.back = np.zeros(accounts, dtype=np.int64), np.zeros(accounts, dtype=np.int64)

    def feed(self, rows: Journal) -> None:
        """Add entries that come after those added so far."""
        cash = payments(rows)
        came = cash.where((cash.credit_account == self.world) & (cash.phase == CALLING) & (cash.good == Good.INCOME))
        came = came.where(among(came.debit_account, self.pools))
        np.add.at(self.paid, came.debit_account, came.cents)
        went = cash.where((cash.debit_account == self.world) & among(cash.credit_account, self.pools))
        np.add.at(self.back, went.credit_account, went.cents)


def promises_kept(context: AuditContext) -> str | None:
    """I14: signed = released + called + uncalled; calls and distributions are the journal's; all within the wealth."""
    promises, paid = context.parts[Savers].promises, context.paid
    for pool in context.parts[Investors].pools:
        known, account = promises.of(pool.account), pool.account
        for word, noted, booked in (
            ("called", known.called, int(paid.paid[account])),
            ("distributed", known.distributed, int(paid.back[account])),
        ):
            if noted != booked:
                return f"{pool.name} has {word} {noted} cents by its promises, by the journal {booked}"
        outside = cents(pool.traits.savers_wealth) - int(paid.paid[account]) + int(paid.back[account])
        uncalled = known.signed - known.released - known.called
        if min(known.signed, known.released, uncalled) < 0 or uncalled > max(0, outside):
            return f"savers of {pool.name} owe it {uncalled} cents and have {outside} outside it"
    return None
