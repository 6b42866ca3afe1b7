"""Token purchases of enterprises, at labs and at hosts of open weights."""

from collections.abc import Iterator

from watersellers.agents.enterprises.budget_shares import TokenOffer, budget_shares, token_offer
from watersellers.agents.enterprises.budgets import EnterpriseCustomers
from watersellers.agents.public_information import Card
from watersellers.agents.scenario_spec import RegionState
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import dollars
from watersellers.market.goods import MILLION
from watersellers.market.trade.orders import Offers, Orders, Row
from watersellers.market.trade.purchase_answers import UNKNOWN, Answer


class TokenCustomers(EnterpriseCustomers):
    """Enterprises as customers for tokens: they spread budgets over labs and hosts by quality and price."""

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order the tokens that each region's budget buys."""
        prices = {(seller, good): price for seller, good, price in offers.rows()}
        rows: list[Row] = []
        public = self.sector.registers.public
        for region in self.sector.regions:
            budget = self.sector.for_routes(region)
            if offer := token_offer(region, budget, public):
                spent = budget * budget_shares(region, budget, public).tokens
                answers: dict[tuple[int, int], list[tuple[float, Answer]]] = {}
                for card, share, dollars_spent, answer in self._spending(region, offer, spent):
                    rows += self._basket(card, dollars_spent, region, prices)
                    rows += self._free(card, share, region) if card.free and budget > 0 else []
                    answers.setdefault(card.seller, []).append((dollars_spent, answer))
                public.report_answers(region.account, answers)
        return Orders.of(rows)

    def _spending(
        self, region: RegionState, offer: TokenOffer, spent: float
    ) -> Iterator[tuple[Card, float, float, Answer]]:
        """Split dollars over cards: what a path gives by a logit, with each card's share, then what work is worth.

        Of work it is known how it answers the card.
        """
        whole, work = self.sector.budget(region), self.sector.work
        by_path = spent * (1 - work.affordable(region) / whole) if whole > 0 else 0.0
        for card, share in zip(offer.cards, offer.shares, strict=True):
            yield card, share, by_path * share, UNKNOWN
        if wanted := work.wanted(region):
            for wish in work.plan(region):
                yield wish.card, 0.0, (spent - by_path) * wish.dollars / wanted, wish.answer

    def _free(self, card: Card, share: float, region: RegionState) -> list[Row]:
        """Orders of tokens that a lab gives free to its share of a region's customers, in the sector's mix."""
        output = region.traits.answer_customers * share * card.free * MILLION
        mix = region.traits.mix
        return [
            (region.account, Item.OPERATING_COST, card.lab, good, int(output * units), 0)
            for good, units in zip(card.goods, mix, strict=True)
            if int(output * units)
        ]

    def _basket(self, card: Card, budget: float, region: RegionState, prices: dict[tuple[int, int], int]) -> list[Row]:
        """Orders of the three kinds of tokens, in the sector's mix, that a budget buys at a lab."""
        mix = (region.traits.cached_mix, region.traits.input_mix, 1.0)
        each = (
            sum(dollars(prices[card.lab, good]) * units for good, units in zip(card.goods, mix, strict=True)) / MILLION
        )
        output = budget / each
        return [
            (region.account, Item.OPERATING_COST, card.lab, good, int(output * units), prices[card.lab, good])
            for good, units in zip(card.goods, mix, strict=True)
            if int(output * units)
        ]
