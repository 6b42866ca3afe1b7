"""Capital calls and distributions: pools call promises when their firms need money, and hand on what stakes bring."""

from dataclasses import dataclass
from typing import Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.free_entry import FreeEntry
from watersellers.agents.finance.investors import Investors
from watersellers.agents.finance.savers import Savers
from watersellers.agents.finance.venture.commitments import calls
from watersellers.agents.finance.venture.pool import Investor
from watersellers.agents.proration import prorate
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import cents, whole
from watersellers.market.goods import Good


@dataclass
class CapitalCalls:
    """Pools that call what this month's rounds and foundings need beyond their cash."""

    investors: Investors
    savers: Savers
    free_entry: FreeEntry

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take all pools, their savers, and the firms that they may found."""
        return cls(parts[Investors], parts[Savers], parts[FreeEntry])

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Call money before any round; the savers pay out of the rest of the world's cash."""
        promises = self.savers.promises
        rows = []
        for pool in self.investors.pools:
            if pool.traits.call_most > 0:
                own = int(ledger.cash[pool.account]) - pool.proceeds
                rows.append(
                    (pool.account, calls(pool.traits, promises.of(pool.account), self.need(pool, ledger, chance), own))
                )
        rows = prorate(int(ledger.cash[self.savers.world]), rows, "calls", ledger, chance)
        for account_id, pay in self.savers.pay(rows, ledger):
            promises.call(account_id, pay)

    def need(self, pool: Investor, ledger: Ledger, chance: Chance) -> int:
        """Cents that a pool's firms ask of it this month, and that it would found new ones with."""
        asks = sum(ask for _, ask, _ in self.investors.requests(pool, ledger.cash, chance))
        founded = [firm for firm in self.investors.firms if firm.founder == pool.name and not firm.alive]
        for firm in founded:
            if cost := self.free_entry.cost(firm):
                asks += cost if self.free_entry.wanted(firm, chance) else 0
            elif firm.enters == chance.month and chance.month > 0:
                asks += cents(firm.traits.opening_cash)
        return asks


@dataclass
class Distributions:
    """Pools that hand on to savers what stakes have brought: dividends, and what is left of firms that close."""

    investors: Investors
    savers: Savers

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take all pools and their savers."""
        return cls(parts[Investors], parts[Savers])

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Pay out what came in, as far as it was not needed for rounds; a pool that does not call keeps it."""
        rows = []
        for pool in self.investors.pools:
            pay = min(pool.hand_over(), int(ledger.cash[pool.account]))
            if pool.traits.call_most > 0 and pay > 0:
                rows.append((pool.account, pay))
        if rows:
            account_ids, pays = (whole(column) for column in zip(*rows, strict=True))
            world = whole([self.savers.world] * len(rows))
            ledger.transfer(account_ids, world, pays, (Item.DIVIDENDS, Item.INCOME), Good.DIVIDEND)
        for account_id, pay in rows:
            self.savers.promises.distribute(account_id, pay)
