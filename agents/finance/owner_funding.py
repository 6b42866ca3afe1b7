"""Owner funding: older businesses of owners, which rent hours and put capital into their AI firms."""

from typing import ClassVar, Self

from watersellers.agents.cloud.fleet_investment import FleetInvestment
from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.compute.hour_rentals import hours_for
from watersellers.agents.economy_parts import Parts
from watersellers.agents.exogenous_trends import logistic
from watersellers.agents.finance.own_use import OwnUse
from watersellers.agents.finance.owner_hurdles import OwnerHurdles
from watersellers.agents.finance.ranking_returns import OwnUseNumbers
from watersellers.agents.firm import Firm, Registers
from watersellers.agents.proration import prorate
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import cents, whole
from watersellers.market.goods import Good
from watersellers.market.saved import Saved
from watersellers.market.trade.orders import Offers, Orders, Row, Trades


class OlderBusinesses:
    """Owners' older businesses: they rent hours for their own use, and put capital into their AI firms.

    ``paid`` are the cents that they put into each firm this month, by its account, ``needs`` those that it has to have.
    """

    USES: ClassVar = (OwnerHurdles,)
    SAVED: ClassVar[Saved] = {"paid": dict[int, int], "needs": dict[int, int]}

    def __init__(
        self,
        own_use: OwnUse,
        firms: list[Firm],
        investment: FleetInvestment,
        hurdles: OwnerHurdles,
        registers: Registers,
    ):
        self.own_use, self.firms, self.investment, self.hurdles = own_use, firms, investment, hurdles
        self.registers = registers
        self.clouds = own_use.clouds
        self.account = registers.account_id("older_businesses")
        self.paid: dict[int, int] = {}
        self.needs: dict[int, int] = {}

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the firms that owners may fund."""
        return cls(parts[OwnUse], parts.all_firms, parts[FleetInvestment], parts[OwnerHurdles], parts.registers)

    def spent_share(self) -> float:
        """Share of older revenue that is spent on hours this month whatever they add: a path in time."""
        numbers, month = self.registers.numbers, self.registers.month
        low, high = numbers["own_use_low"], numbers["own_use_high"]
        return logistic(low, high, numbers["own_use_middle"], numbers["own_use_width"], month)

    def income(self, month: int) -> float:
        """Dollars that the older businesses set aside this month, for their own hours and for their firms."""
        by_path = self.spent_share() * sum(firm.numbers[OwnUseNumbers].older_revenue for firm in self.clouds)
        by_return = sum(self.own_use.budget[firm.account] for firm in self.clouds) / 100
        return by_path + by_return + sum(firm.owner_funds for firm in self.funded)

    @property
    def funded(self) -> list[Firm]:
        """Firms in business whose owners grant them money."""
        return [firm for firm in self.firms if firm.alive and firm.owner_funds > 0]

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Rent hours of the group's own cloud for ranking, recommendation and ads, at the posted price."""
        prices = {seller: price for seller, _, price in offers.rows()}
        share = self.spent_share()
        rows: list[Row] = []
        for firm in self.clouds:
            if not firm.alive or firm.price <= 0:
                continue
            units = int(firm.numbers[OwnUseNumbers].older_revenue * share / firm.price)
            units += hours_for(self.own_use.budget[firm.account], prices[firm.account])
            if units:
                rows.append((self.account, Item.OPERATING_COST, firm.account, Good.HOURS, units, prices[firm.account]))
        return Orders.of(rows)

    def receive(self, trades: Trades) -> None:
        """Learn from the hours that were delivered."""
        rows = [(cloud, units) for buyer, _, cloud, _, units, _, _ in trades.rows() if buyer == self.account]
        accounts = [firm.account for firm in self.clouds]
        self.own_use.learn({mine: sum(units for cloud, units in rows if cloud == mine) for mine in accounts})

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Put in the capital that firms need, up to the owner's monthly grant, pro rata when cash is short.

        Owners who ask for a return first decide for which firms they still pay.
        """
        self.hurdles.decide(self.paid, ledger, chance)
        self.needs = {firm.account: self._need(firm, ledger) for firm in self.funded}
        cash = ledger.cash
        rows = [(f.account, capital_asked(f, self.needs[f.account], int(cash[f.account]))) for f in self.funded]
        rows = prorate(int(ledger.cash[self.account]), rows, "owners", ledger, chance)
        rows = [(account_id, pay) for account_id, pay in rows if pay > 0 and chance.month > 0]
        self.own_use.note_grants(rows)
        self.paid = dict(rows)
        if rows:
            firms, pay = whole(account_id for account_id, _ in rows), whole(pay for _, pay in rows)
            owners = whole([self.account] * len(rows))
            shares = pay // 100 + 1  # one for each whole dollar, and one more
            ledger.transfer(owners, firms, pay, (Item.HOLDINGS, Item.EQUITY), Good.CONTRIBUTION, quantity=shares)
            for (account_id, cents_paid), issued in zip(rows, shares.tolist(), strict=True):
                self.registers.shares.issue(account_id, self.account, issued)
                self.registers.last.note_capital(account_id, cents_paid)

    def _need(self, firm: Firm, ledger: Ledger) -> int:
        """Cents that a firm has to have this month."""
        if isinstance(firm, Cloud):
            return self.investment.needs(firm, ledger)
        return round(self.registers.numbers["owner_cushion"] * cents(firm.owner_funds))


def capital_asked(firm: Firm, need: int, cash: int) -> int:
    """Cents that a firm with so much cash asks of its owner: what it needs beyond that, up to the monthly grant."""
    return min(cents(firm.owner_funds), max(0, need - cash))
