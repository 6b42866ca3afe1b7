"""Seats that apps sell to enterprises for their staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar, Self

from watersellers.agents.app import App
from watersellers.agents.enterprises import Enterprises
from watersellers.agents.news import StaffSeat
from watersellers.agents.parts import Parts
from watersellers.agents.routes import split
from watersellers.agents.setting import Traits
from watersellers.agents.views import SeenByStaffer
from watersellers.market.dice import Chance
from watersellers.market.goods import Good, Item
from watersellers.market.orders import Offers, Orders, Row, Trades
from watersellers.market.units import dollars, nano, posted


@dataclass(frozen=True, slots=True)
class SeatNumbers(Traits):
    """What an app asks for a seat of enterprises' staff by its list, and the queries that such a seat makes a month."""

    business_price: float
    business_use: float


def post_seats(selling: Iterable[tuple[App, float]], chance: Chance) -> list[StaffSeat]:
    """Post the price of a seat for enterprises' staff at each app that sells any, by what a query costs it."""
    return [_seat(firm, query_cost, chance) for firm, query_cost in selling]


def _seat(firm: App, query_cost: float, chance: Chance) -> StaffSeat:
    numbers = firm.numbers[SeatNumbers]
    seen = SeenByStaffer(numbers.business_price, query_cost * numbers.business_use)
    price = dollars(posted(firm.decide("business", seen, chance)))
    return StaffSeat(firm.place, firm.regions, price, numbers.business_use, firm.usefulness)


class SeatCustomers:
    """Enterprises as buyers of seats for their staff: out of the share of their budget that goes there."""

    NUMBERS: ClassVar = {"apps": (SeatNumbers,)}

    def __init__(self, sector: Enterprises):
        self.sector = sector

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Buy for the sector."""
        return cls(parts[Enterprises])

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order the seats that each region's budget buys, and the queries of those who sit there."""
        rows: list[Row] = []
        for region in self.sector.regions:
            budget, who = self.sector.for_routes(region), (region.place, Item.OPERATING_COST)
            for seat, share in split(region, budget, self.sector.common.news).seats:
                seats = int(budget * share / seat.price)
                rows.append((*who, seat.app, Good.SEATS_BUSINESS, seats, nano(seat.price)))
                rows.append((*who, seat.app, Good.QUERIES_BUSINESS, int(seats * seat.use), 0))
        return Orders.of(row for row in rows if row[4])

    def receive(self, trades: Trades) -> None:
        """What is not delivered is not missed: next month's budget is what it is."""
