"""Stakes in customers: a seller invests part of its profit in customers, which spend part of it on its goods."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.apps.app import App
from watersellers.agents.apps.self_hosted_models import SelfHostedModels
from watersellers.agents.chips.vendor import ChipVendor
from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.investors import Investors
from watersellers.agents.firm import Firm, Registers
from watersellers.agents.labs.lab import Lab
from watersellers.agents.scenario_spec import Traits
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.exact import split


@dataclass(frozen=True, slots=True)
class StakeNumbers(Traits):
    """Share of its profit that a seller invests in customers that raise money."""

    stake_share: float


@dataclass
class CustomerStakes:
    """Vendors and clouds that buy shares of their customers, beside investors and at the price of the round."""

    sellers: list[Firm]
    firms: dict[int, Firm]  # by account number
    investors: Investors
    own_models: SelfHostedModels
    registers: Registers

    NUMBERS: ClassVar = {"chips": (StakeNumbers,), "cloud": (StakeNumbers,)}

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the vendors and clouds of the scenario as sellers."""
        sellers: list[Firm] = [*parts.firms_of(ChipVendor), *parts.firms_of(Cloud)]
        firms = {firm.account: firm for firm in parts.all_firms}
        return cls(sellers, firms, parts[Investors], parts[SelfHostedModels], parts.registers)

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Let sellers, one after another, buy shares of firms that raise money this month."""
        for seller in self.sellers:
            if seller.alive and seller.numbers[StakeNumbers].stake_share > 0:
                self._buy(seller, ledger)

    def bought_from(self, firm: Firm) -> dict[int, float]:
        """Shares of suppliers in a firm's purchases of its main input, by account number."""
        match firm:
            case Cloud():
                return firm.chip_share
            case Lab():
                return firm.cloud_share
            case App():
                own, bought = self.own_models.share(firm), dict[int, float]()
                for (seller, _), share in firm.lab_share.items():
                    bought[seller] = bought.get(seller, 0.0) + share
                return {seller: (1 - own) * share for seller, share in bought.items()} | {
                    cloud: own * share + (1 - own) * bought.get(cloud, 0.0) for cloud, share in firm.cloud_share.items()
                }
        return {}

    def returned_share(self, customer: Firm, seller: Firm) -> float:
        """Share of a customer's spending on compute that reaches the seller, directly or through others."""
        shares = self.bought_from(customer).items()
        return sum(
            share if account_id == seller.account else share * self.returned_share(self.firms[account_id], seller)
            for account_id, share in shares
        )

    def _buy(self, seller: Firm, ledger: Ledger) -> None:
        """Split the seller's offer in proportion to the money that will return; no firm gets more than it asked for."""
        profit = max(0, int(self.registers.last.profit[seller.account]))
        offer = min(round(seller.numbers[StakeNumbers].stake_share * profit), int(ledger.free_cash[seller.account]))
        asks = [(self.firms[account_id], ask, price) for account_id, ask, price in self.investors.seeking]
        asks = [each for each in asks if each[0].owner != seller.owner]
        weights = [round(ask * self.returned_share(firm, seller)) for firm, ask, _ in asks]
        parts = split(offer if sum(weights) else 0, weights, [firm.key for firm, _, _ in asks])
        paid = [(firm.account, min(part, ask), price) for (firm, ask, price), part in zip(asks, parts, strict=True)]
        rows = [(account_id, pay, max(1, round(pay / 100 / price))) for account_id, pay, price in paid if pay > 0]
        self.investors.buy_into(seller.name, rows, {account_id: price for account_id, _, price in paid}, ledger)
