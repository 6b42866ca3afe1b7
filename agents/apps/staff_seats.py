"""Staff seats: apps sell seats to enterprises for their staff."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import ClassVar

from watersellers.agents.apps.app import App
from watersellers.agents.enterprises.budget_shares import budget_shares
from watersellers.agents.enterprises.budgets import EnterpriseCustomers
from watersellers.agents.enterprises.regions import EnterpriseTraits
from watersellers.agents.information import SeenByStaffSeatSeller
from watersellers.agents.public_information import StaffSeat
from watersellers.agents.scenario_spec import Traits
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import dollars, nano, posted, split
from watersellers.market.goods import Good
from watersellers.market.trade.orders import Offers, Orders, Row


@dataclass(frozen=True, slots=True)
class SeatNumbers(Traits):
    """An app's staff seats: list price in dollars per month, and queries per seat and month."""

    business_price: float
    business_use: float


def post_seats(sellers: Iterable[tuple[App, float]], chance: Chance) -> list[StaffSeat]:
    """Post the price of a staff seat at each of these apps, given with their cost of a query in dollars."""
    return [_seat(firm, query_cost, chance) for firm, query_cost in sellers]


def _seat(firm: App, query_cost: float, chance: Chance) -> StaffSeat:
    """Let an app price its staff seat."""
    numbers = firm.numbers[SeatNumbers]
    seen = SeenByStaffSeatSeller(numbers.business_price, query_cost * numbers.business_use)
    price = dollars(posted(firm.decide("business", seen, chance)))
    return StaffSeat(firm.account, firm.regions, price, numbers.business_use, firm.usefulness)


class SeatCustomers(EnterpriseCustomers):
    """Enterprises as customers for staff seats, which they buy out of the share of their budget for them."""

    NUMBERS: ClassVar = {"apps": (SeatNumbers,)}

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order the seats that each region's budget buys, one for each of its staff at most, and their queries."""
        rows: list[Row] = []
        for region in self.sector.regions:
            budget, buyer = self.sector.for_routes(region), (region.account, Item.OPERATING_COST)
            offers_and_shares = budget_shares(region, budget, self.sector.registers.public).seats
            wanted = [int(budget * share / seat.price) for seat, share in offers_and_shares]
            ties = [self.sector.registers.accounts.rows[seat.app].key for seat, _ in offers_and_shares]
            for (seat, _), seats in zip(offers_and_shares, within_staff(wanted, region.traits, ties), strict=True):
                rows.append((*buyer, seat.app, Good.SEATS_BUSINESS, seats, nano(seat.price)))
                rows.append((*buyer, seat.app, Good.QUERIES_BUSINESS, int(seats * seat.use), 0))
        return Orders.of(row for row in rows if row[4])


def within_staff(wanted: list[int], traits: EnterpriseTraits, ties: list[int]) -> list[int]:
    """Bring seats down to one for each of the staff, where work that models could do is counted in hours at all."""
    staff = int(traits.exposed_hours / traits.staff_hours)
    return split(staff, wanted, ties) if traits.exposed_hours > 0 and staff < sum(wanted) else wanted
