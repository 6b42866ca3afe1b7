"""States: programmes of dated size that rent hours of compute, for research and for firms that are young."""

from dataclasses import dataclass, replace
from typing import ClassVar, Self

from watersellers.agents.compute.hour_rentals import rentals_open_to, spend_on_hours, split_by_size_and_price
from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.public_information import Rental
from watersellers.agents.scenario_spec import ParticipantSpec, Traits
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.saved import Saved
from watersellers.market.trade.orders import Offers, Orders, Row, Trades
from watersellers.market.write_guard import Guarded


@dataclass(frozen=True, slots=True)
class StateTraits(Traits):
    """A state's programme in dollars a month, and its sensitivity to rents when it chooses clouds."""

    programme: float
    hour_sensitivity: float


@dataclass
class State(Guarded):
    """A state, or several with one programme."""

    name: str
    region: str
    traits: StateTraits
    account: int

    def path(self) -> str:
        """Say where in the world it is."""
        return f"states.{self.name}"

    def change(self, number: str, value: float) -> None:
        """Set one of its numbers, as a scenario event does."""
        self.traits = replace(self.traits, **{number: value})

    def income(self, month: int) -> float:
        """Dollars that its programme gets this month."""
        return self.traits.programme


class States:
    """All states, in the order of their keys; their accounts stand in the layer of the world.

    They spend all that they have on hours. What they can buy none for they keep for the next month.
    """

    SAVED: ClassVar[Saved] = {"purses": dict[int, int]}

    def __init__(self, members: list[ParticipantSpec], registers: Registers):
        self.registers = registers
        self.states = [
            State(one.name, one.region, StateTraits.of(one.numbers), registers.account_id(one.name)) for one in members
        ]
        self.purses: dict[int, int] = {}  # cents that may be spent this month, by account

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the states of the scenario."""
        return cls(parts.members("states"), parts.registers)

    def arrive(self, ledger: Ledger, chance: Chance) -> None:
        """Count the money: this month's, and what is left of the months before."""
        self.purses = {state.account: max(0, int(ledger.cash[state.account])) for state in self.states}

    def rentals_of(self, state: State) -> list[Rental]:
        """Offers of the clouds of its region that sell to it; one that belongs to it always does."""
        return rentals_open_to(
            state.name, state.region, (), self.registers.public.rentals, self.registers.accounts.names
        )

    def order(self, offers: Offers, asked: Orders, chance: Chance) -> Orders:
        """Order the hours that the money buys at the posted prices, split over clouds by size and price."""
        prices = {seller: price for seller, _, price in offers.rows()}
        rows: list[Row] = []
        for state in self.states:
            cents = self.purses.get(state.account, 0)
            if cents and (rentals := self.rentals_of(state)):
                shares, _ = split_by_size_and_price(rentals, state.traits.hour_sensitivity)
                rows += spend_on_hours(state.account, cents, (rentals, shares), prices)
        return Orders.of(rows)

    def receive(self, trades: Trades) -> None:
        """Forget hours that were not delivered: the money is there for the next month."""
