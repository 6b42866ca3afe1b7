"""Capacity: how much chip vendors order and give up, whether they enter at all, and how much clouds order from them."""

from dataclasses import dataclass, replace
from math import expm1

from watersellers.agents.decision_bounds import asked
from watersellers.agents.information import (
    SeenByChipVendor,
    SeenByCommittedVendor,
    SeenByEntrant,
    SeenByFleetInvestor,
)
from watersellers.market.chance import Chance


@dataclass(frozen=True, slots=True)
class FollowOrders:
    """Order capacity for the orders expected when it opens, and for working off the backlog in time."""

    fastest: float = 0.103  # largest growth of capacity, share per month
    clear_in: float = 10.9  # months in which the backlog beyond one month is to be worked off

    def __call__(self, seen: SeenByChipVendor, chance: Chance) -> float:
        growth = min(seen.growth, self.fastest)
        expected = seen.orders * (1 + growth) ** seen.lead
        overdue = max(0.0, seen.backlog - seen.capacity) / self.clear_in
        have = seen.capacity + seen.coming
        most = seen.idle_lines + self.fastest * have
        return asked(min(max(0.0, expected + overdue - have), most), "chips.capacity")


@dataclass(frozen=True, slots=True)
class Prepay:
    """Prepay capacity for the orders expected, only as fast as the margin of an accelerator pays for the speed.

    Speed costs more the faster capacity grows, so the margin decides how fast that is; the foundry may grow slower.
    """

    fastest: float = 0.103  # largest growth of orders that it believes, share per month
    clear_in: float = 10.9  # months in which the backlog beyond one month is to be worked off
    hurry: float = 1.0  # months of an accelerator's margin that it pays for having capacity sooner

    def __call__(self, seen: SeenByChipVendor, chance: Chance) -> float:
        expected = seen.orders * (1 + min(seen.growth, self.fastest)) ** seen.lead
        overdue = max(0.0, seen.backlog - seen.capacity) / self.clear_in
        have = seen.capacity + seen.coming
        missing = max(0.0, expected + overdue - have)
        dear = 2 * seen.speed_price * seen.prepayment  # the next accelerator's premium, for each share of growth
        if dear <= 0:
            return asked(missing, "chips.capacity")
        worth_it = self.hurry * max(0.0, seen.last_price - seen.unit_cost) / dear * have
        return asked(min(missing, seen.idle_lines + worth_it), "chips.capacity")


@dataclass(frozen=True, slots=True)
class MakeOrBuy:
    """Prepay capacity for what its owner's group orders, as long as making an hour is cheaper than buying it.

    What the cheapest machine of others would cost stands where a vendor has its price: the rest is saved, not earned.
    """

    fastest: float = 0.103  # largest growth of orders that it believes, share per month
    clear_in: float = 10.9  # months in which the backlog beyond one month is to be worked off
    hurry: float = 1.0  # months of an accelerator's saving that it pays for having capacity sooner

    def __call__(self, seen: SeenByChipVendor, chance: Chance) -> float:
        bought = min(seen.rival_price * seen.hours, seen.dearest)
        if seen.full_cost >= bought:
            return 0.0
        return Prepay(self.fastest, self.clear_in, self.hurry)(replace(seen, last_price=bought), chance)


@dataclass(frozen=True, slots=True)
class EntryHazard:
    """Enter by a hazard that rises with what the margins are worth beyond the cost of entry, and is 0 below it."""

    rate: float = 0.02  # a month, for each time by which the worth exceeds the cost

    def __call__(self, seen: SeenByEntrant, chance: Chance) -> float:
        beyond = seen.worth / seen.cost - 1
        return -expm1(-self.rate * beyond) if beyond > 0 else 0.0


@dataclass(frozen=True, slots=True)
class EnterIfItPays:
    """Enter as soon as the worth of it exceeds its cost, as an owner does who knows its own demand."""

    def __call__(self, seen: SeenByEntrant, chance: Chance) -> float:
        return 1.0 if seen.worth > seen.cost else 0.0


@dataclass(frozen=True, slots=True)
class KeepCapacity:
    """Order none, and sell from the present capacity. Keeps the price high and the market small."""

    def __call__(self, seen: SeenByChipVendor, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class HoldCapacity:
    """Give up nothing: it is ready when demand comes back, and pays for what idles as long as its money lasts."""

    def __call__(self, seen: SeenByCommittedVendor, chance: Chance) -> float:
        return 0.0


@dataclass(frozen=True, slots=True)
class CutIdle:
    """Give up what has idled for long, and leave the market when there has been next to no demand for longer.

    It pays for the notice at once and for idle capacity no more; when demand comes back, it has to order anew. It keeps
    what its backlog takes and, until it leaves, enough to be seen: customers order from nobody who can't deliver.
    """

    idle: float = 0.6  # share of capacity; it cuts if it made less in some months together
    months: float = 9.0  # how many
    spare: float = 0.25  # capacity that it keeps beyond what it made on average in these months, share
    least: float = 0.02  # share of its best month; a month in which it makes no more is a lost one
    leave_after: float = 60.0  # lost months in a row after which it leaves: customers replace machines within as many

    def __call__(self, seen: SeenByCommittedVendor, chance: Chance) -> float:
        months, longer = int(self.months), seen.made[-int(self.leave_after) :]
        if len(longer) >= int(self.leave_after) and max(longer) <= self.least * max(seen.made):
            return seen.committed
        recent, could = sum(seen.made[-months:]), sum(seen.could[-months:])
        if len(seen.made) < months or recent >= self.idle * could:
            return 0.0
        kept = max((1 + self.spare) * recent / months, seen.backlog / months, int(self.least * max(seen.made)) + 1)
        return max(0.0, seen.committed - kept)


@dataclass(frozen=True, slots=True)
class ExtrapolateGrowth:
    """Build for the demand that recent growth predicts, and for more where machines pay well.

    It builds at once what it has sold under contract, whatever rents are. Overbuilding comes from this rule: machines
    ordered in a boom arrive after the turn. Capacity beyond the target, drawn by high rents, brings rents back to cost.
    """

    target: float = 0.651  # share of hours to be rented when the machines are there
    fastest: float = 0.108  # largest growth that it expects, share per month
    imitation: float = 0.3  # weight of all clouds' growth against its own
    eager: float = 0.3  # surplus of value over cost at which it orders all that it wants
    answer: float = 0.679  # elasticity of wanted capacity to value over cost
    pace: float = 4.51  # months over which it orders the missing capacity

    def __call__(self, seen: SeenByFleetInvestor, chance: Chance) -> float:
        trend = (1 - self.imitation) * seen.growth + self.imitation * seen.trend
        expected = seen.outlook * seen.asked * (1 + min(trend, self.fastest)) ** seen.horizon
        drawn = max(1.0, seen.return_on_cost) ** self.answer
        have = seen.capacity + seen.coming - seen.leaving
        belief = min(1.0, max(0.0, (seen.return_on_cost - 1) / self.eager))
        wanted = max(0.0, expected * drawn / self.target - have) * belief / self.pace
        return asked(max(wanted, seen.contracted - have), "cloud.capacity")


@dataclass(frozen=True, slots=True)
class BuildToBacklog:
    """Build for the hours that customers have signed for, and a little more. Misses what is rented by the month.

    It builds whatever a machine earns, at the contract's price or at today's rents: what is sold has to be delivered.
    """

    spare: float = 0.1  # capacity beyond hours under contract, share

    def __call__(self, seen: SeenByFleetInvestor, chance: Chance) -> float:
        gap = (1 + self.spare) * seen.contracted - (seen.capacity + seen.coming - seen.leaving)
        return asked(max(0.0, gap), "cloud.capacity")


@dataclass(frozen=True, slots=True)
class ReplaceOnly:
    """Replace machines that retire, and order no more. Misses a boom, and the bust after it."""

    def __call__(self, seen: SeenByFleetInvestor, chance: Chance) -> float:
        return asked(max(0.0, seen.leaving - seen.coming), "cloud.capacity") if seen.return_on_cost > 1 else 0.0
