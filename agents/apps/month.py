"""The layer of apps: they buy tokens, sell seats and answers, and give free queries."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf
from operator import mul
from typing import ClassVar, Self

from watersellers.agents.apps.answers_by_the_call import AnswerNumbers, answer_card
from watersellers.agents.apps.app import QUERY_GOODS, App
from watersellers.agents.apps.devices import DeviceNumbers
from watersellers.agents.apps.publishers import PublisherNumbers
from watersellers.agents.apps.reasoning import Reasoning
from watersellers.agents.apps.search_market import SearchMarket
from watersellers.agents.apps.self_hosted_models import ModelMix, SelfHostedModels
from watersellers.agents.apps.staff_seats import SeatNumbers, post_seats
from watersellers.agents.apps.trust import Trust
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.information import SeenByApp, SeenByChooser
from watersellers.agents.public_information import Plan, Rivals, best_of_each_seller
from watersellers.agents.strategies.monetisation import FollowRivals, GrowthFirst, ProfitFirst
from watersellers.agents.users.reach_of_marketing import ReachOfMarketing
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import cents, nano, split
from watersellers.market.goods import MILLION, TOKENS, TOKENS_OF_LINE, Good
from watersellers.market.saved import Saved
from watersellers.market.trade.clearing import apportion
from watersellers.market.trade.demand_schedule import tangent
from watersellers.market.trade.orders import Offers, Orders, Row, Supply, Trades, due, payment

Spending = dict[tuple[str, ...], list[tuple[int, float]]]  # by regions: apps and their dollars of marketing


class Apps:
    """The layer of apps: they buy tokens, sell seats and answers, and give free queries."""

    USES: ClassVar = (Reasoning,)
    SAVED: ClassVar[Saved] = {"free_by_region": dict[tuple[int, int], int], "got": dict[tuple[int, int], int]}

    def __init__(
        self,
        apps: list[App],
        registers: Registers,
        mechanisms: tuple[SelfHostedModels, SearchMarket, Trust, Reasoning, ReachOfMarketing],
    ):
        self.apps, self.registers = apps, registers
        self.own_models, self.search, self.trust, self.reasoning, self.reach = mechanisms
        self.by_account = {firm.account: firm for firm in apps}
        self.free_by_region: dict[tuple[int, int], int] = {}  # free queries served, by (app, users' account)
        self.got: dict[tuple[int, int], int] = {}  # tokens received, by (app, good)

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the apps of the scenario."""
        own, search, trust = parts[SelfHostedModels], parts[SearchMarket], parts[Trust]
        mechanisms = (own, search, trust, parts[Reasoning], parts[ReachOfMarketing])
        return cls(parts.firms_of(App), parts.registers, mechanisms)

    @property
    def alive(self) -> list[App]:
        """Apps in business."""
        return [firm for firm in self.apps if firm.alive]

    def input_cost(self, firm: App) -> float:
        """Dollars per query of an app: tokens, searches at last month's cost, and content."""
        return firm.query_cost + self.search.cost(firm) + firm.numbers[PublisherNumbers].content_price

    def overhead(self, firm: App) -> float:
        """Dollars per month of an app's fixed costs: staff, marketing, an index, the team of its own model."""
        index, team = self.search.overhead(firm), self.own_models.overhead(firm)
        return float(firm.traits.staff + firm.marketing + index + team)

    def see(self, firm: App, spending: Spending) -> SeenByApp:
        """Return an app's view for pricing, quota and marketing."""
        account_id, last, cost = firm.account, self.registers.last, self.input_cost(firm)
        paid_use = firm.served_paid / firm.seats if firm.seats else firm.quota
        return SeenByApp(
            unit_cost=cost * paid_use,
            full_cost=cost * paid_use + min(self.overhead(firm) / max(firm.seats, 1), firm.traits.list_price),
            last_price=firm.price,
            query_price=firm.query_price,
            token_cost=firm.query_cost,
            list_price=firm.traits.list_price,
            elasticity=firm.traits.seat_elasticity,
            demand=tangent(firm.price, firm.seats, firm.traits.seat_elasticity),
            capacity=inf,
            quota=firm.quota,
            list_quota=firm.traits.list_quota,
            query_cost=cost,
            free_queries=firm.served_free,
            revenue=int(last.revenue[account_id]) / 100,
            cash=int(last.cash_before[account_id]) / 100,
            last_costs=int(last.costs[account_id]) / 100,
            list_marketing=firm.traits.list_marketing,
            rivals_marketing=_rivals(firm, spending),
            rivals=Rivals(self.registers.public.plans, "app", account_id, self.registers.accounts.names),
        )

    def _spending(self) -> Spending:
        """Marketing of rivals in dollars, from last month's plans, by the regions in which apps compete."""
        plans = [plan for plan in self.registers.public.plans if plan.marketing > 0]
        return {
            regions: [(plan.app, plan.marketing) for plan in plans if not set(regions).isdisjoint(plan.regions)]
            for regions in {firm.regions for firm in self.alive}
        }

    def post(self, inputs: Offers, chance: Chance) -> Offers:
        """Let apps choose labs by their cards, and post the prices of seats and answers and the free quota."""
        spending = self._spending()
        for firm in self.alive:
            self.reasoning.decide(firm, self.search.cost(firm) + firm.numbers[PublisherNumbers].content_price, chance)
            models = self.own_models.choose(firm, self._choose_labs(firm, chance), chance)
            firm.use_labs(models.labs, models.query_cost, models.quality)
            if self.registers.month > 0:
                seen = self.see(firm, spending)
                tariff = firm.decide_tariff(seen, chance)
                firm.override("quota", firm.pivoted)
                firm.offer(tariff, 0.0 if firm.pivoted else firm.decide("quota", seen, chance))
        public = self.registers.public
        sellers = [(firm, self.input_cost(firm)) for firm in self.alive if self._sells_staff_seats(firm)]
        public.seats = post_seats(sellers, chance)
        public.plans = [self._plan(firm) for firm in self.alive]
        public.answers = [answer_card(firm) for firm in self.alive if firm.numbers[AnswerNumbers].answer_price > 0]
        users = [
            (firm.account, good, nano(price))
            for firm in self.alive
            for good, price in ((Good.SEATS, firm.price), (Good.QUERIES_PAID, firm.query_price), (Good.QUERIES_FREE, 0))
        ]
        users += [
            (seat.app, good, nano(price))
            for seat in public.seats
            for good, price in ((Good.SEATS_BUSINESS, seat.price), (Good.QUERIES_BUSINESS, 0))
        ]
        tariffs = [(card.app, price) for card in public.answers for price in (card.tariff.first, card.tariff.beyond)]
        return Offers.of([*users, *((app, Good.SEARCH_CALLS, nano(price)) for app, price in tariffs)])

    def _sells_staff_seats(self, firm: App) -> bool:
        """Whether an app sells staff seats: it has a price for them, and a model to answer with, bought or its own."""
        return bool(firm.numbers[SeatNumbers].business_price > 0 and (firm.lab_share or self.own_models.share(firm)))

    def _plan(self, firm: App) -> Plan:
        """Return an app's offer to users this month."""
        traits, habit = firm.traits, firm.numbers[DeviceNumbers].device_habit
        return Plan(
            firm.account, firm.key, firm.regions, firm.price, int(firm.quota), traits.appeal, firm.usefulness,
            firm.ad_load, self.trust.of(firm), firm.served, firm.marketing, traits.captive, habit, firm.query_price,
        )  # fmt: skip

    def _choose_labs(self, firm: App, chance: Chance) -> ModelMix:
        """Let an app split its queries over the labs and hosts that it may use, at each on the model that suits it."""
        cards = firm.cards_to_use(self.registers.public.cards, self.registers.accounts.names)
        if not cards:
            return ModelMix({}, 0.0, firm.quality)
        cards = [cards[place] for place in best_of_each_seller(cards, firm.worth_of(cards))]
        seen = SeenByChooser(
            price=tuple(firm.costs_on(cards, firm.quality)),
            quality=tuple(firm.traits.quality_weight * card.quality for card in cards),
            last_share=tuple(firm.share_of(card.lab) for card in cards),
            own=tuple(card.owner == firm.owner for card in cards),
            sensitivity=firm.traits.lab_sensitivity,
            lock_in=tuple(card.lock_in for card in cards),
        )
        shares = firm.choose(seen, chance)
        quality = sum(card.quality * share for card, share in zip(cards, shares, strict=True))
        cost = sum(map(mul, firm.costs_on(cards, quality), shares))
        return ModelMix(
            {card.seller: share for card, share in zip(cards, shares, strict=True) if share > 0}, cost, quality
        )

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order tokens for the queries that were recorded earlier in the month."""
        prices = {(seller, good): price for seller, good, price in offers.rows()}
        ties = chance.order("labs", self.registers.accounts.keys)
        return Orders.of(row for firm in self.alive for row in self._token_orders(firm, prices, ties))

    def _token_orders(self, firm: App, prices: dict[tuple[int, int], int], ties: Sequence[int]) -> list[Row]:
        """Split the queries that an app does not serve itself over its labs; return the orders of tokens."""
        own, labs = self.own_models.take_queries(firm), sorted(firm.lab_share)
        if not labs:
            return []
        shares = [firm.lab_share[card] for card in labs]
        parts = apportion(firm.asked - own, shares, [ties[lab] for lab, _ in labs]).tolist()
        return [
            (firm.account, Item.COST_OF_SALES, lab, good, units * tokens, prices[lab, good])
            for (lab, place), units in zip(labs, parts, strict=True)
            for good, tokens in zip(TOKENS_OF_LINE[place], firm.tokens, strict=True)
            if units * tokens
        ]

    def receive(self, trades: Trades) -> None:
        """Note the tokens of each kind that apps received."""
        self.got = trades.units_by("buyer", "good")

    def supply(self, orders: Orders) -> Supply:
        """Answer as far as the tokens go: paying users, then staff, then calls, then free users, then result pages.

        Seats sell in proportion to the answered queries of their users.
        """
        ordered = orders.units_by("seller", "good")
        rows = []
        for firm in self.alive:
            made = self.own_models.made
            able = min(
                (self._bought(firm, kind) + made.get((firm.account, good), 0)) // n
                for kind, (good, n) in enumerate(zip(TOKENS, firm.tokens, strict=True))
                if n
            )
            paid = min(firm.asked_paid, able)
            staff = min(firm.asked_staff, able - paid)
            calls = min(firm.asked_calls, able - paid - staff)
            free = min(firm.asked_free, able - paid - staff - calls)
            firm.answer_pages(min(firm.asked_pages, able - paid - staff - calls - free))
            for good, answered, asked in (
                (Good.SEATS, paid, firm.asked_paid),
                (Good.SEATS_BUSINESS, staff, firm.asked_staff),
            ):
                seats = ordered.get((firm.account, good), 0)
                rows += [(firm.account, good, seats * answered // asked if asked else 0)]
            rows += [(firm.account, good, n) for good, n in zip(QUERY_GOODS, (paid, free, calls, staff), strict=True)]
        return Supply.of(rows)

    def _bought(self, firm: App, kind: int) -> int:
        """Tokens of a kind (cached, input, output) that an app received, of all models together."""
        return sum(self.got.get((firm.account, goods[kind]), 0) for goods in TOKENS_OF_LINE)

    def sold(self, trades: Trades) -> None:
        """Count seats and answered queries."""
        sold = trades.units_by("seller", "good")
        free = trades.where(trades.good == Good.QUERIES_FREE)
        self.free_by_region = free.units_by("seller", "buyer")
        for firm in self.apps:
            firm.count_sales(sold)

    def spend(self, ledger: Ledger) -> Trades:
        """Pay media and other apps for the marketing that was decided last month, and pay staff."""
        revenue, world = -ledger.totals[:, Item.REVENUE], self.registers.world
        rows: list[Row] = []
        for firm in self.alive:
            team = cents(firm.traits.staff) + round(firm.traits.staff_share * int(revenue[firm.account]))
            media = self._media(firm)
            rows += [payment(firm.account, Item.OPERATING_COST, payee, Good.MEDIA, pay) for payee, pay in media]
            rows.append(payment(firm.account, Item.OPERATING_COST, world, Good.WAGES, team))
        return due(rows)

    def _media(self, firm: App) -> list[tuple[int, int]]:
        """Split an app's marketing, in cents, over outside media and apps that sell attention in its regions."""
        spent, regions = cents(firm.marketing), set(firm.regions)
        others = [each for each in self.alive if each.traits.channel > 0 and each is not firm]
        channels = [each for each in others if not regions.isdisjoint(each.regions)]
        through = round(self.registers.numbers["through_channels"] * spent) if channels else 0
        weights = [round(each.traits.channel * MILLION) for each in channels]
        parts = split(through, weights, [each.key for each in channels])
        return [
            (self.registers.world, spent - through),
            *((each.account, pay) for each, pay in zip(channels, parts, strict=True)),
        ]

    def invest(self, ledger: Ledger, chance: Chance) -> None:
        """Decide next month's marketing, as far as cash goes."""
        spending = self._spending()
        for firm in self.alive:
            cash = int(ledger.cash[firm.account]) / 100
            seen = self._with_heads(firm, replace(self.see(firm, spending), cash=cash, marketing=firm.marketing))
            wanted = 0.0 if firm.pivoted else firm.decide("marketing", seen, chance)
            firm.override("marketing", firm.pivoted or max(0.0, cash) < wanted)
            firm.advertise(min(max(0.0, cash), wanted))

    def _with_heads(self, firm: App, seen: SeenByApp) -> SeenByApp:
        """Add to a view what the app's marketing wins, unless its strategy does not look: counting takes long."""
        if isinstance(firm.strategies["marketing"], GrowthFirst | ProfitFirst | FollowRivals):
            return seen
        won, gross = self.reach.won(firm.account), int(self.registers.last.gross[firm.account]) / 100
        return replace(
            seen, heads=won.heads, heads_answer=won.answer, known=won.known, users=won.users, gross_profit=gross
        )


def _rivals(firm: App, spending: Spending) -> float:
    """Mean marketing last month, in dollars, of the other apps in an app's regions that did any."""
    budgets = [dollars for app, dollars in spending[firm.regions] if app != firm.account]
    return sum(budgets) / len(budgets) if budgets else 0.0
