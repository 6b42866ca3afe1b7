"""Single projects of enterprises: each rents its hours from one cloud, until it ends and is put out to tender again."""

from collections.abc import Sequence
from typing import ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.public_information import Rental
from watersellers.agents.scenario_spec import RegionState
from watersellers.market.chance import Chance
from watersellers.market.saved import Saved


class Projects:
    """The projects of each region's enterprises: a part of the hours that they rent, in equal pieces.

    A cloud wins a project with the share that it has of all other hours, so that projects move no cloud's mean; they
    make what it sells uneven, the more so the fewer and longer they are.
    """

    SAVED: ClassVar[Saved] = {"winners": dict[tuple[int, int], int], "ends": dict[tuple[int, int], int]}

    def __init__(self, registers: Registers):
        self.registers = registers
        self.winners: dict[tuple[int, int], int] = {}  # account of its cloud, by region's account and place of project
        self.ends: dict[tuple[int, int], int] = {}  # first month in which it has ended

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Begin without projects."""
        return cls(parts.registers)

    def shares(
        self, region: RegionState, rentals: Sequence[Rental], shares: Sequence[float], chance: Chance
    ) -> list[float]:
        """Put projects out to tender, and return each cloud's share of a region's rented hours with its projects."""
        traits, clouds = region.traits, [rental.cloud for rental in rentals]
        places, part = int(traits.projects), traits.project_share
        if not places or not part:
            return list(shares)
        for place in range(places):
            if self._ended(region.account, place, clouds):
                self._tender(region, place, clouds, shares, chance)
        won = [sum(self.winners[region.account, place] == cloud for place in range(places)) for cloud in clouds]
        return [share * (1 - part) + part * number / places for share, number in zip(shares, won, strict=True)]

    def _ended(self, account: int, place: int, clouds: Sequence[int]) -> bool:
        """Whether a project has ended, or its cloud sells no more."""
        over = self.ends.get((account, place), 0) <= self.registers.month
        return over or self.winners[account, place] not in clouds

    def _tender(
        self, region: RegionState, place: int, clouds: Sequence[int], shares: Sequence[float], chance: Chance
    ) -> None:
        """Draw the winner of a project by the clouds' shares; the first of a place is under way, and ends sooner."""
        key, project = int(self.registers.accounts.keys[region.account]), (region.account, place)
        ticket, winner = float(chance.uniform("tender", key, place)[0]), clouds[-1]
        for cloud, share in zip(clouds, shares, strict=True):
            ticket -= share
            if ticket < 0:
                winner = cloud
                break
        months = int(region.traits.project_months)
        if project not in self.ends:
            months = 1 + int(float(chance.uniform("under_way", key, place)[0]) * months)
        self.winners[project], self.ends[project] = winner, self.registers.month + months
