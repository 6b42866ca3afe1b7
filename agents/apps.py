"""The layer of apps: it buys tokens, sells seats and answers, and gives queries away."""

from dataclasses import replace
from math import inf
from operator import mul
from typing import ClassVar, Self

from watersellers.agents.answer_calls import AnswerNumbers, answer_card
from watersellers.agents.app import CALLED, App
from watersellers.agents.devices import DeviceNumbers
from watersellers.agents.firm import Common
from watersellers.agents.news import Plan
from watersellers.agents.own_models import Models, OwnModels
from watersellers.agents.parts import Parts
from watersellers.agents.publishing import PublisherNumbers
from watersellers.agents.search import Search
from watersellers.agents.staff_seats import SeatNumbers, post_seats
from watersellers.agents.trust import Trust
from watersellers.agents.views import SeenByApp, SeenByChooser
from watersellers.market.clearing import apportion
from watersellers.market.dice import Chance
from watersellers.market.goods import MILLION, TOKENS, Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.orders import Offers, Orders, Row, Supply, Trades, due, payment
from watersellers.market.saved import Saved
from watersellers.market.schedules import tangent
from watersellers.market.units import cents, dollars, nano, split

Spending = dict[tuple[str, ...], list[tuple[int, float]]]  # apps and dollars of marketing, by regions


class Apps:
    """The layer of apps: buys tokens, sells seats, gives queries away."""

    SAVED: ClassVar[Saved] = {"free_by_region": dict[tuple[int, int], int], "got": dict[tuple[int, int], int]}

    def __init__(self, apps: list[App], common: Common, beside: tuple[OwnModels, Search, Trust]):
        self.apps, self.common = apps, common
        self.own_models, self.search, self.trust = beside
        self.by_place = {firm.place: firm for firm in apps}
        self.free_by_region: dict[tuple[int, int], int] = {}  # free queries served, by (app, users' account)
        self.got: dict[tuple[int, int], int] = {}  # tokens by (app, good)

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the apps of the setting."""
        return cls(parts.those(App), parts.common, (parts[OwnModels], parts[Search], parts[Trust]))

    @property
    def alive(self) -> list[App]:
        """Apps in business."""
        return [firm for firm in self.apps if firm.alive]

    def input_cost(self, firm: App) -> float:
        """Dollars that a query costs an app: its tokens, its searches at last month's cost, and its content."""
        return firm.query_cost + self.search.cost(firm) + firm.numbers[PublisherNumbers].content_price

    def overhead(self, firm: App) -> float:
        """Dollars a month that an app spends whatever is asked of it: staff, marketing, an index, a model's team."""
        own = self.search.overhead(firm), self.own_models.overhead(firm)
        return float(firm.traits.staff + firm.marketing + own[0] + own[1])

    def see(self, firm: App, spending: Spending) -> SeenByApp:
        """Show an app what it may know."""
        place, last, cost = firm.place, self.common.last, self.input_cost(firm)
        paid_use = firm.served_paid / firm.seats if firm.seats else firm.quota
        return SeenByApp(
            unit_cost=cost * paid_use,
            full_cost=cost * paid_use + self.overhead(firm) / max(firm.seats, 1),
            last_price=firm.price,
            list_price=firm.traits.list_price,
            elasticity=firm.traits.seat_elasticity,
            demand=tangent(firm.price, firm.seats, firm.traits.seat_elasticity),
            capacity=inf,
            quota=firm.quota,
            list_quota=firm.traits.list_quota,
            query_cost=cost,
            free_queries=firm.served_free,
            revenue=int(last.revenue[place]) / 100,
            cash=int(last.cash_before[place]) / 100,
            last_costs=int(last.costs[place]) / 100,
            list_marketing=firm.traits.list_marketing,
            rivals_marketing=_rivals(firm, spending),
        )

    def _spending(self) -> Spending:
        """Dollars of marketing of each app that did any, as the plans say, by the regions in which it meets others."""
        plans = [plan for plan in self.common.news.plans if plan.marketing > 0]
        return {
            here: [(plan.app, plan.marketing) for plan in plans if not set(here).isdisjoint(plan.regions)]
            for here in {firm.regions for firm in self.alive}
        }

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Choose labs by their cards; post the price of a seat and the free quota."""
        spending = self._spending()
        for firm in self.alive:
            models = self.own_models.choose(firm, self._labs_of(firm, chance), chance)
            firm.use_labs(models.labs, models.query_cost, models.quality)
            if self.common.month > 0:
                seen = self.see(firm, spending)
                price = dollars(nano(firm.decide("pricing", seen, chance)))
                firm.offer(price, 0.0 if firm.pivoted else firm.decide("quota", seen, chance))
        news, selling = self.common.news, [(firm, self.input_cost(firm)) for firm in self.alive if self._sells(firm)]
        news.seats = post_seats(selling, chance)
        news.plans = [self._plan(firm) for firm in self.alive]
        news.answers = [answer_card(firm) for firm in self.alive if firm.numbers[AnswerNumbers].answer_price > 0]
        users = [
            (firm.place, good, nano(price))
            for firm in self.alive
            for good, price in ((Good.SEATS, firm.price), (Good.QUERIES_PAID, 0), (Good.QUERIES_FREE, 0))
        ]
        users += [
            (seat.app, good, nano(price))
            for seat in news.seats
            for good, price in ((Good.SEATS_BUSINESS, seat.price), (Good.QUERIES_BUSINESS, 0))
        ]
        tariffs = [(card.app, price) for card in news.answers for price in (card.tariff.first, card.tariff.beyond)]
        return Offers.of([*users, *((app, Good.SEARCH_CALLS, nano(price)) for app, price in tariffs)])

    def _sells(self, firm: App) -> bool:
        """Whether an app sells seats for enterprises' staff: it needs a model to answer with, bought or its own."""
        return bool(firm.numbers[SeatNumbers].business_price > 0 and (firm.lab_share or self.own_models.share(firm)))

    def _plan(self, firm: App) -> Plan:
        """What an app offers users this month."""
        traits, habit = firm.traits, firm.numbers[DeviceNumbers].device_habit
        return Plan(
            firm.place, firm.key, firm.regions, firm.price, int(firm.quota), traits.appeal, firm.usefulness,
            traits.ad_load, self.trust.of(firm), firm.served, firm.marketing, traits.captive, habit,
        )  # fmt: skip

    def _labs_of(self, firm: App, chance: Chance) -> Models:
        """Split an app's queries over the labs that it may use."""
        names, partners = self.common.accounts.names, firm.partners.get("labs", ())
        cards = [
            card
            for card in self.common.news.cards
            if card.sells_to(firm.place) and (names[card.lab] in partners if partners else card.region == firm.region)
        ]
        if not cards:
            return Models({}, 0.0, firm.quality)
        seen = SeenByChooser(
            price=tuple(firm.costs_on(cards, firm.quality)),
            quality=tuple(firm.traits.quality_weight * card.quality for card in cards),
            last_share=tuple(firm.lab_share.get(card.lab, 0.0) for card in cards),
            own=tuple(card.owner == firm.owner for card in cards),
            sensitivity=firm.traits.lab_sensitivity,
            lock_in=tuple(card.lock_in for card in cards),
        )
        shares = firm.choose(seen, chance)
        quality = sum(card.quality * share for card, share in zip(cards, shares, strict=True))
        cost = sum(map(mul, firm.costs_on(cards, quality), shares))
        return Models({card.lab: share for card, share in zip(cards, shares, strict=True) if share > 0}, cost, quality)

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order the tokens that the queries take which were noted before searches were ordered."""
        prices = {(seller, good): price for seller, good, price in offers.rows()}
        ties = chance.order("labs", self.common.accounts.keys)
        return Orders.of(row for firm in self.alive for row in self._token_orders(firm, prices, ties))

    def _token_orders(self, firm: App, prices: dict[tuple[int, int], int], ties: list[int]) -> list[Row]:
        """Split the queries that an app does not serve itself over its labs, and each into its tokens."""
        own, labs = self.own_models.take(firm), sorted(firm.lab_share)
        if not labs:
            return []
        shares = [firm.lab_share[lab] for lab in labs]
        parts = apportion(firm.asked - own, shares, [ties[lab] for lab in labs]).tolist()
        return [
            (firm.place, Item.COST_OF_SALES, lab, good, units * tokens, prices[lab, good])
            for lab, units in zip(labs, parts, strict=True)
            for good, tokens in zip(TOKENS, firm.tokens, strict=True)
            if units * tokens
        ]

    def receive(self, trades: Trades) -> None:
        """Learn how many tokens of each kind came."""
        self.got = trades.units_by("buyer", "good")

    def supply(self, orders: Orders) -> Supply:
        """Answer what the tokens allow: payers and staff, whose seats sell as far, then calls, free use, pages."""
        ordered = orders.units_by("seller", "good")
        rows = []
        for firm in self.alive:
            kinds = [(good, n) for good, n in zip(TOKENS, firm.tokens, strict=True) if n]
            bought, made = self.got, self.own_models.made
            able = min(
                (bought.get(key, 0) + made.get(key, 0)) // n for good, n in kinds for key in [(firm.place, good)]
            )
            paid = min(firm.asked_paid, able)
            staff = min(firm.asked_staff, able - paid)
            calls = min(firm.asked_calls, able - paid - staff)
            free = min(firm.asked_free, able - paid - staff - calls)
            firm.answer_pages(min(firm.asked_pages, able - paid - staff - calls - free))
            for good, got, wanted in (
                (Good.SEATS, paid, firm.asked_paid),
                (Good.SEATS_BUSINESS, staff, firm.asked_staff),
            ):
                asked = ordered.get((firm.place, good), 0)
                rows += [(firm.place, good, asked * got // wanted if wanted else 0)]
            rows += [(firm.place, good, able) for good, able in zip(CALLED, (paid, free, calls, staff), strict=True)]
        return Supply.of(rows)

    def sold(self, trades: Trades) -> None:
        """Count seats and answered queries."""
        sold = trades.units_by("seller", "good")
        free = trades.where(trades.good == Good.QUERIES_FREE)
        self.free_by_region = free.units_by("seller", "buyer")
        for firm in self.apps:
            firm.count_sales(sold)

    def spend(self, ledger: Ledger) -> Trades:
        """Pay media and other apps for the marketing decided last month, and staff."""
        revenue, world = -ledger.totals[:, Item.REVENUE], self.common.world
        rows: list[Row] = []
        for firm in self.alive:
            team = cents(firm.traits.staff) + round(firm.traits.staff_share * int(revenue[firm.place]))
            media = self._media(firm)
            rows += [payment(firm.place, Item.OPERATING_COST, payee, Good.MEDIA, pay) for payee, pay in media]
            rows.append(payment(firm.place, Item.OPERATING_COST, world, Good.WAGES, team))
        return due(rows)

    def _media(self, firm: App) -> list[tuple[int, int]]:
        """Split what an app spends on being known, in cents, over other media and apps that sell attention there."""
        spent, here = cents(firm.marketing), set(firm.regions)
        channels = [one for one in self.alive if one is not firm and one.traits.channel > 0 and here & set(one.regions)]
        through = round(self.common.numbers["through_channels"] * spent) if channels else 0
        weights = [round(one.traits.channel * MILLION) for one in channels]
        parts = split(through, weights, [one.key for one in channels])
        return [
            (self.common.world, spent - through),
            *((one.place, pay) for one, pay in zip(channels, parts, strict=True)),
        ]

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Decide next month's marketing."""
        spending = self._spending()
        for firm in self.alive:
            seen = replace(self.see(firm, spending), cash=int(ledger.cash[firm.place]) / 100)
            firm.advertise(0.0 if firm.pivoted else firm.decide("marketing", seen, chance))


def _rivals(firm: App, spending: Spending) -> float:
    """Dollars of marketing last month of the mean rival: another app of one of its regions that did any."""
    spent = [usd for app, usd in spending[firm.regions] if app != firm.place]
    return sum(spent) / len(spent) if spent else 0.0
