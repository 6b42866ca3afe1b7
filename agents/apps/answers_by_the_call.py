"""Answers that apps sell to enterprises by the call."""

from dataclasses import dataclass
from math import log
from typing import ClassVar

from watersellers.agents.apps.app import App
from watersellers.agents.enterprises.budgets import EnterpriseCustomers
from watersellers.agents.public_information import AnswerCard
from watersellers.agents.scenario_spec import RegionState, Traits
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import nano
from watersellers.market.goods import Good
from watersellers.market.trade.orders import Offers, Orders, Row
from watersellers.market.trade.pricing_formulas import logit_shares
from watersellers.market.trade.tariffs import Tariff


@dataclass(frozen=True, slots=True)
class AnswerNumbers(Traits):
    """An app's tariff for answers: dollars per call within a monthly block of calls, and beyond it."""

    answer_price: float
    answer_block: float
    answer_beyond: float


def answer_card(firm: App) -> AnswerCard:
    """Return an app's offer of answers by the call this month."""
    numbers = firm.numbers[AnswerNumbers]
    tariff = Tariff(numbers.answer_price, numbers.answer_block, numbers.answer_beyond)
    return AnswerCard(firm.account, firm.regions, firm.usefulness, tariff)


class AnswerCustomers(EnterpriseCustomers):
    """Enterprises as customers for answers: each takes one app, and spends its whole budget there."""

    NUMBERS: ClassVar = {"apps": (AnswerNumbers,)}

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order the calls that each region's budget buys, block by block of the tariff."""
        return Orders.of(
            row
            for region in self.sector.regions
            if (budget := self.sector.for_answers(region)) > 0
            for row in self._calls(region, budget / region.traits.answer_customers)
        )

    def _calls(self, region: RegionState, each: float) -> list[Row]:
        """Orders of a region's customers, all alike, each with ``each`` dollars per month."""
        cards, traits = self.sector.answers_in(region.name), region.traits
        calls = [card.tariff.calls(each) for card in cards]
        utilities = [
            traits.quality_weight * card.quality - traits.sensitivity * log(each / bought)
            for card, bought in zip(cards, calls, strict=True)
        ]
        return [
            (region.account, Item.OPERATING_COST, card.app, Good.SEARCH_CALLS, count, nano(price))
            for card, bought, share in zip(cards, calls, logit_shares(utilities), strict=True)
            for units, price in card.tariff.blocks(bought)
            if (count := int(traits.answer_customers * share * units))
        ]
