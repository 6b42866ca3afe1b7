"""Owner funding: older businesses of owners, which rent hours and put capital into their AI firms."""

from typing import Self

from watersellers.agents.cloud.fleet_investment import FleetInvestment
from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.economy_parts import Parts
from watersellers.agents.exogenous_trends import logistic
from watersellers.agents.firm import Firm, Registers
from watersellers.agents.proration import prorate
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import cents, whole
from watersellers.market.goods import Good
from watersellers.market.trade.orders import Offers, Orders, Row, Trades


class OlderBusinesses:
    """Owners' older businesses: they rent hours for their own use, and put capital into their AI firms."""

    def __init__(self, clouds: list[Cloud], firms: list[Firm], investment: FleetInvestment, registers: Registers):
        self.clouds, self.firms, self.investment, self.registers = clouds, firms, investment, registers
        self.account = registers.account_id("older_businesses")

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the firms that owners may fund."""
        return cls(parts.firms_of(Cloud), parts.all_firms, parts[FleetInvestment], parts.registers)

    def own_use(self) -> float:
        """Share of older revenue that is spent on hours this month."""
        numbers, month = self.registers.numbers, self.registers.month
        low, high = numbers["own_use_low"], numbers["own_use_high"]
        return logistic(low, high, numbers["own_use_middle"], numbers["own_use_width"], month)

    def income(self, month: int) -> float:
        """Dollars that the older businesses set aside this month, for their own hours and for their firms."""
        own_use = self.own_use() * sum(firm.traits.older_revenue for firm in self.clouds)
        return own_use + sum(firm.owner_funds for firm in self.funded)

    @property
    def funded(self) -> list[Firm]:
        """Firms in business whose owners grant them money."""
        return [firm for firm in self.firms if firm.alive and firm.owner_funds > 0]

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Rent hours of the group's own cloud for ranking, recommendation and ads, at the posted price."""
        prices = {seller: price for seller, _, price in offers.rows()}
        share = self.own_use()
        rows: list[Row] = []
        for firm in self.clouds:
            units = int(firm.traits.older_revenue * share / firm.price) if firm.alive and firm.price > 0 else 0
            if units:
                rows.append((self.account, Item.OPERATING_COST, firm.account, Good.HOURS, units, prices[firm.account]))
        return Orders.of(rows)

    def receive(self, trades: Trades) -> None:
        """Do nothing: the older businesses keep no record of undelivered hours."""

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Put in the capital that firms need, up to the owner's monthly grant, pro rata when cash is short."""
        rows = [(firm.account, self._needed_capital(firm, ledger)) for firm in self.funded]
        rows = prorate(int(ledger.cash[self.account]), rows, "owners", ledger, chance)
        rows = [(account_id, pay) for account_id, pay in rows if pay > 0]
        if rows and chance.month > 0:
            firms, pay = whole(account_id for account_id, _ in rows), whole(pay for _, pay in rows)
            owners = whole([self.account] * len(rows))
            shares = pay // 100 + 1  # one for each whole dollar, and one more
            ledger.transfer(owners, firms, pay, (Item.HOLDINGS, Item.EQUITY), Good.CONTRIBUTION, quantity=shares)
            for (account_id, cents_paid), issued in zip(rows, shares.tolist(), strict=True):
                self.registers.shares.issue(account_id, self.account, issued)
                self.registers.last.note_capital(account_id, cents_paid)

    def _needed_capital(self, firm: Firm, ledger: Ledger) -> int:
        """Cents that a firm asks of its owner this month."""
        limit = cents(firm.owner_funds)
        if isinstance(firm, Cloud):
            need = self.investment.needs(firm, ledger)
        else:
            need = round(self.registers.numbers["owner_cushion"] * limit)
        return min(limit, max(0, need - int(ledger.cash[firm.account])))
