"""Nothing changes: then demand of enterprises and states for tokens and hours is constant from the second month on.

Quality, prices and wages stay as they are, adoption is at rest, and nothing is dated but a programme of a state.
What is ordered is delivered and paid.
"""

from types import SimpleNamespace
from typing import Any

import pytest

from watersellers.agents.enterprises.handed_over_work import HandedOverWork
from watersellers.agents.enterprises.own_compute import HourCustomers, OwnCompute
from watersellers.agents.enterprises.own_models import OwnModels
from watersellers.agents.enterprises.projects import Projects
from watersellers.agents.enterprises.regions import EnterpriseRegions, EnterpriseTraits
from watersellers.agents.enterprises.states import States
from watersellers.agents.public_information import Card, Rental
from watersellers.agents.scenario_spec import RegionState
from watersellers.agents.work.segments import Segment, Segments
from watersellers.experiments.loading.loader import load_scenario
from watersellers.market.chance import Chance
from watersellers.market.exact import nano, whole
from watersellers.market.goods import NANO_A_CENT

REST = {"use": "mansfield", "innovators": 0.0, "imitators": 0.0, "power": 0.0, "usual": 0.02}  # nobody adopts any more
WEST, FUND = 3, 4
CARD = Card(7, "west", "seven", 3.0, 10.0, (0.1, 0.25, 1.0), 0.0, maker=7)
RENTALS = [Rental(cloud, "west", "", sells=True, price=price, capacity=10**8) for cloud, price in ((5, 2.0), (6, 3.5))]
PRICES = {rental.cloud: nano(rental.price) for rental in RENTALS}
PROGRAMME, LATER, CHANGES = 1_000_000.37, 2_500_000.0, 12


class Rest:
    """The enterprises of the West and one state, whose sellers never change."""

    def __init__(self, **settings: Any):
        spec = load_scenario("plain", {"work.adoption": REST, **settings})
        west = next(one for one in spec.groups["enterprises"] if one.name == "west")
        self.region = RegionState("west", EnterpriseTraits.of(west.numbers), WEST)
        self.registers: Any = SimpleNamespace(
            month=0,
            public=SimpleNamespace(cards=[CARD], paid_seats={}, rentals=RENTALS),
            accounts=_Names(str(number) for number in range(8)),
            fleets=SimpleNamespace(capacity=lambda month, accounts: whole([0] * 8)),
            account_id=lambda name: FUND,
        )
        regions = EnterpriseRegions((self.region,))
        shared: Any = self.registers
        self.work = HandedOverWork(regions, Segments(Segment(each) for each in spec.groups["work"]), shared)
        self.models = OwnModels(regions, self.work, shared)
        sector: Any = SimpleNamespace(regions=regions, registers=shared)
        self.hours = HourCustomers(OwnCompute(sector, self.models), Projects(shared))
        fund: Any = SimpleNamespace(
            name="fund", region="west", numbers={"programme": PROGRAMME, "hour_sensitivity": 3.0}
        )
        self.states = States([fund], shared)
        self.cash = {WEST: 0, FUND: 0}

    def live(self, month: int) -> tuple[float, list[Any], list[Any]]:
        """Live a month: dollars for tokens, and orders of hours by enterprises and by the state."""
        self.registers.month = month
        ledger: Any = SimpleNamespace(cash=self.cash)
        offers: Any = SimpleNamespace(rows=lambda: [(cloud, 1, price) for cloud, price in PRICES.items()])
        chance, nothing = Chance(1, month), offers
        incomes: list[Any] = [*self.work.budgets, *self.models.budgets]
        self.cash[WEST] += round(100 * sum(source.income(month) for source in incomes))
        self.cash[FUND] += round(100 * self.states.states[0].income(month))
        self.states.arrive(ledger, chance)
        self.work.expect(chance)
        tokens = self.work.affordable(self.region)
        rented, paid_for = (list(part.order(offers, nothing, chance).rows()) for part in (self.hours, self.states))
        self.cash[WEST] -= round(100 * tokens) + cost(rented)
        self.cash[FUND] -= cost(paid_for)
        self.work.invest(ledger, chance)
        self.models.invest(ledger, chance)
        return tokens, rented, paid_for


class _Names(list[str]):
    """Accounts, of which only their names and their number are asked for."""

    @property
    def names(self) -> list[str]:
        return self


def cost(orders: list[Any]) -> int:
    """Cents of orders, rounded up."""
    return sum(-(-units * price // NANO_A_CENT) for *_, units, price in orders)


@pytest.mark.parametrize("settings", [{}, {"enterprises.own_models_most": 1}, {"enterprises.capital": 0}])
def test_where_nothing_changes_demand_is_constant(settings):
    world = Rest(**settings)
    months = [world.live(month) for month in range(24)]
    first_tokens, first_rented, first_paid = months[1]
    assert months[0][:2] == (0.0, [])
    assert first_tokens > 0
    assert first_rented
    for tokens, rented, paid in months[1:]:
        assert (tokens, rented) == (first_tokens, first_rented)
        assert cost(paid) == pytest.approx(cost(first_paid), abs=sum(price for price in PRICES.values()) / NANO_A_CENT)


def test_only_an_event_moves_the_demand_of_a_state():
    world, spent = Rest(), []
    for month in range(24):
        if month == CHANGES:
            world.states.states[0].change("programme", LATER)
        spent.append(cost(world.live(month)[2]) / 100)
    whole_hours = sum(rental.price for rental in RENTALS)
    assert spent == pytest.approx([PROGRAMME] * CHANGES + [LATER] * (24 - CHANGES), abs=whole_hours)
    assert sum(spent) <= PROGRAMME * CHANGES + LATER * (24 - CHANGES)
