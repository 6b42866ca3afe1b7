"""Answers that apps sell to enterprises by the call."""

from dataclasses import dataclass
from math import log
from typing import ClassVar, Self

from watersellers.agents.app import App
from watersellers.agents.enterprises import Enterprises
from watersellers.agents.news import AnswerCard
from watersellers.agents.parts import Parts
from watersellers.agents.setting import Regional, Traits
from watersellers.market.clearing import logit_shares
from watersellers.market.dice import Chance
from watersellers.market.goods import Good, Item
from watersellers.market.orders import Offers, Orders, Row, Trades
from watersellers.market.tariffs import Tariff
from watersellers.market.units import nano


@dataclass(frozen=True, slots=True)
class AnswerNumbers(Traits):
    """What an app asks of enterprises for an answer: dollars within a block of calls a month, and beyond it."""

    answer_price: float
    answer_block: float
    answer_beyond: float


def answer_card(firm: App) -> AnswerCard:
    """What an app offers enterprises that call its answers this month."""
    numbers = firm.numbers[AnswerNumbers]
    tariff = Tariff(numbers.answer_price, numbers.answer_block, numbers.answer_beyond)
    return AnswerCard(firm.place, firm.regions, firm.usefulness, tariff)


class AnswerCustomers:
    """Enterprises as callers of answers: each customer takes the app that it likes best, and all it can pay there."""

    NUMBERS: ClassVar = {"apps": (AnswerNumbers,)}

    def __init__(self, sector: Enterprises):
        self.sector = sector

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Buy for the sector."""
        return cls(parts[Enterprises])

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order the calls that each region's budget buys, block by block."""
        return Orders.of(
            row
            for region in self.sector.regions
            if (budget := self.sector.for_answers(region)) > 0
            for row in self._calls(region, budget / region.traits.answer_customers)
        )

    def _calls(self, region: Regional, each: float) -> list[Row]:
        """Calls of a region's customers, all alike, who have ``each`` so many dollars a month."""
        cards, traits = self.sector.answers_in(region.name), region.traits
        calls = [card.tariff.calls(each) for card in cards]
        worth = [
            traits.quality_weight * card.quality - traits.sensitivity * log(each / bought)
            for card, bought in zip(cards, calls, strict=True)
        ]
        return [
            (region.place, Item.OPERATING_COST, card.app, Good.SEARCH_CALLS, count, nano(price))
            for card, bought, share in zip(cards, calls, logit_shares(worth), strict=True)
            for units, price in card.tariff.blocks(bought)
            if (count := int(traits.answer_customers * share * units))
        ]

    def receive(self, trades: Trades) -> None:
        """What is not answered is not missed: next month's budget is what it is."""
