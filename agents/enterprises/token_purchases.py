"""Token purchases of enterprises, at labs and at hosts of open weights."""

from typing import Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.enterprises.budget_shares import budget_shares, token_offer
from watersellers.agents.enterprises.budgets import Enterprises
from watersellers.agents.enterprises.handed_over_work import HandedOverWork
from watersellers.agents.public_information import Card
from watersellers.agents.scenario_spec import RegionState
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import dollars
from watersellers.market.goods import MILLION, TOKENS
from watersellers.market.trade.orders import Offers, Orders, Row, Trades


class TokenCustomers:
    """Enterprises as customers for tokens: they spread budgets over labs and hosts by quality and price."""

    def __init__(self, sector: Enterprises, work: HandedOverWork):
        self.sector, self.work = sector, work

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Buy for the sector, and for the work that it hands over."""
        return cls(parts[Enterprises], parts[HandedOverWork])

    def receive(self, trades: Trades) -> None:
        """Forget undelivered orders: next month's wish does not depend on them."""

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order the tokens that each region's budget buys."""
        prices = {(seller, good): price for seller, good, price in offers.rows()}
        rows: list[Row] = []
        for region in self.sector.regions:
            public, budget = self.sector.registers.public, self.sector.for_routes(region)
            if offer := token_offer(region, budget, public):
                spent = budget * budget_shares(region, budget, public).tokens
                for card, share in zip(offer.cards, offer.shares, strict=True):
                    rows += self._basket(card.lab, spent * share, region, prices)
                    rows += self._free(card, share, region) if card.free and budget > 0 else []
            for card, spent in self.work.spending(region):
                rows += self._basket(card.lab, spent, region, prices)
        return Orders.of(rows)

    def _free(self, card: Card, share: float, region: RegionState) -> list[Row]:
        """Orders of tokens that a lab gives free to its share of a region's customers, in the sector's mix."""
        output = region.traits.answer_customers * share * card.free * MILLION
        mix = region.traits.mix
        return [
            (region.account, Item.OPERATING_COST, card.lab, good, int(output * units), 0)
            for good, units in zip(TOKENS, mix, strict=True)
            if int(output * units)
        ]

    def _basket(self, lab: int, budget: float, region: RegionState, prices: dict[tuple[int, int], int]) -> list[Row]:
        """Orders of the three kinds of tokens, in the sector's mix, that a budget buys at a lab."""
        mix = (region.traits.cached_mix, region.traits.input_mix, 1.0)
        each = sum(dollars(prices[lab, good]) * units for good, units in zip(TOKENS, mix, strict=True)) / MILLION
        output = budget / each
        return [
            (region.account, Item.OPERATING_COST, lab, good, int(output * units), prices[lab, good])
            for good, units in zip(TOKENS, mix, strict=True)
            if int(output * units)
        ]
