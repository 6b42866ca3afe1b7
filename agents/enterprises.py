"""Enterprises and states: the customers who pay by use; here their budgets, and how they buy tokens."""

from typing import Self

from watersellers.agents.budgets import EnterpriseTraits
from watersellers.agents.firm import Common
from watersellers.agents.news import AnswerCard, Card
from watersellers.agents.parts import Parts
from watersellers.agents.routes import split, usual
from watersellers.agents.setting import Member, Regional
from watersellers.market.dice import Chance
from watersellers.market.goods import MILLION, TOKENS, Item
from watersellers.market.orders import Offers, Orders, Row, Trades
from watersellers.market.units import dollars


class Enterprises:
    """Firms and states outside the chain, a region's together: they pay for tokens and compute by use."""

    def __init__(self, members: list[Member], common: Common):
        self.regions = [
            Regional(member.name, EnterpriseTraits.of(member.numbers), common.place(f"enterprises_{member.name}"))
            for member in members
        ]
        self.common = common

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the regions of the setting."""
        return cls(parts.members("enterprises"), parts.common)

    def answers_in(self, region: str) -> list[AnswerCard]:
        """Apps that sell answers by the call in a region."""
        return [card for card in self.common.news.answers if region in card.regions]

    def for_answers(self, region: Regional) -> float:
        """Dollars this month for answers by the call, out of what is set aside for tokens; none where nobody sells."""
        there = bool(self.answers_in(region.name))
        return float(region.traits.tokens(self.common.month) * region.traits.answer_share) if there else 0.0

    def for_routes(self, region: Regional) -> float:
        """Dollars this month for tokens, and whatever else does what tokens do."""
        return float(region.traits.tokens(self.common.month)) - self.for_answers(region)


class TokenCustomers:
    """Enterprises as buyers of tokens: budgets spread over labs by quality and price."""

    def __init__(self, sector: Enterprises):
        self.sector = sector

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Buy for the sector."""
        return cls(parts[Enterprises])

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order the tokens that each region's budget buys."""
        prices = {(seller, good): price for seller, good, price in offers.rows()}
        rows: list[Row] = []
        for region in self.sector.regions:
            news, budget = self.sector.common.news, self.sector.for_routes(region)
            if known := usual(region, budget, news):
                spent = budget * split(region, budget, news).tokens
                for card, share in zip(known.cards, known.shares, strict=True):
                    rows += self._basket(card.lab, spent * share, region, prices)
                    rows += self._free(card, share, region) if card.free and budget > 0 else []
        return Orders.of(rows)

    def _free(self, card: Card, share: float, region: Regional) -> list[Row]:
        """Tokens that a lab gives to its part of a region's customers, in the sector's mix; they cost nothing."""
        output = region.traits.answer_customers * share * card.free * MILLION
        mix = region.traits.mix
        return [
            (region.place, Item.OPERATING_COST, card.lab, good, int(output * units), 0)
            for good, units in zip(TOKENS, mix, strict=True)
            if int(output * units)
        ]

    def _basket(self, lab: int, budget: float, region: Regional, prices: dict[tuple[int, int], int]) -> list[Row]:
        """Tokens of the three kinds, in the sector's mix, that a budget buys at a lab."""
        mix = (region.traits.cached_mix, region.traits.input_mix, 1.0)
        each = sum(dollars(prices[lab, good]) * units for good, units in zip(TOKENS, mix, strict=True)) / MILLION
        output = budget / each
        return [
            (region.place, Item.OPERATING_COST, lab, good, int(output * units), prices[lab, good])
            for good, units in zip(TOKENS, mix, strict=True)
            if int(output * units)
        ]

    def receive(self, trades: Trades) -> None:
        """What is not delivered is not missed: next month's budget is what it is."""
