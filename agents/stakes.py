"""Stakes in customers: a seller puts some of its profit into customers that raise money, and gets part of it back."""

from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.app import App
from watersellers.agents.chipmaker import Chipmaker
from watersellers.agents.cloud import Cloud
from watersellers.agents.firm import Common, Firm
from watersellers.agents.investors import Investors
from watersellers.agents.lab import Lab
from watersellers.agents.own_models import OwnModels
from watersellers.agents.parts import Parts
from watersellers.agents.setting import Traits
from watersellers.market.dice import Chance
from watersellers.market.ledger import Ledger
from watersellers.market.units import split


@dataclass(frozen=True, slots=True)
class StakeNumbers(Traits):
    """Share of its profit that a seller puts into customers that raise money."""

    stake_share: float


@dataclass
class Stakes:
    """Vendors and clouds that buy shares of their customers, beside the pools and at the price of the round."""

    sellers: list[Firm]
    firms: dict[int, Firm]  # by place
    investors: Investors
    own_models: OwnModels
    common: Common

    NUMBERS: ClassVar = {"chips": (StakeNumbers,), "cloud": (StakeNumbers,)}

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take vendors and clouds as sellers."""
        sellers: list[Firm] = [*parts.those(Chipmaker), *parts.those(Cloud)]
        firms = {firm.place: firm for firm in parts.everybody}
        return cls(sellers, firms, parts[Investors], parts[OwnModels], parts.common)

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Let one seller after another buy into the firms that ask for money this month."""
        for seller in self.sellers:
            if seller.alive and seller.numbers[StakeNumbers].stake_share > 0:
                self._buy(seller, ledger)

    def bought_from(self, firm: Firm) -> dict[int, float]:
        """Shares of its suppliers in what a firm buys of its main input, by place."""
        match firm:
            case Cloud():
                return firm.chip_share
            case Lab():
                return firm.cloud_share
            case App():
                own = self.own_models.share(firm)
                return {lab: (1 - own) * share for lab, share in firm.lab_share.items()} | {
                    cloud: own * share + (1 - own) * firm.lab_share.get(cloud, 0.0)
                    for cloud, share in firm.cloud_share.items()
                }
        return {}

    def comes_back(self, customer: Firm, seller: Firm) -> float:
        """Share of what a customer pays for compute that ends with the seller, directly or through others."""
        shares = self.bought_from(customer).items()
        return sum(
            s if place == seller.place else s * self.comes_back(self.firms[place], seller) for place, s in shares
        )

    def _buy(self, seller: Firm, ledger: Ledger) -> None:
        """Split what is offered by what comes back; nobody gets more than it asked for."""
        profit = max(0, int(self.common.last.profit[seller.place]))
        offer = min(round(seller.numbers[StakeNumbers].stake_share * profit), int(ledger.cash[seller.place]))
        asks = [(self.firms[place], ask, price) for place, ask, price in self.investors.seeking]
        asks = [one for one in asks if one[0].owner != seller.owner]
        weights = [round(ask * self.comes_back(firm, seller)) for firm, ask, _ in asks]
        parts = split(offer if sum(weights) else 0, weights, [firm.key for firm, _, _ in asks])
        paid = [(firm.place, min(part, ask), price) for (firm, ask, price), part in zip(asks, parts, strict=True)]
        rows = [(place, pay, max(1, round(pay / 100 / price))) for place, pay, price in paid if pay > 0]
        self.investors.buy_into(seller.name, rows, {place: price for place, _, price in paid}, ledger)
