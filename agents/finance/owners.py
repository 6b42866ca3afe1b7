"""Owners without a cloud: companies with an older business that rent the hours which they use themselves."""

from dataclasses import dataclass, replace
from typing import Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.ranking_returns import OwnUseNumbers
from watersellers.agents.firm import Registers
from watersellers.agents.scenario_spec import ParticipantSpec
from watersellers.market.write_guard import Guarded


@dataclass
class Owner(Guarded):
    """A company with an older business and no cloud in this world."""

    name: str
    owner: str  # the group to which it belongs, as its AI firms do
    region: str
    traits: OwnUseNumbers
    account: int

    def path(self) -> str:
        """Say where in the world it is."""
        return f"owners.{self.name}"

    @property
    def numbers(self) -> dict[type[OwnUseNumbers], OwnUseNumbers]:
        """Its numbers by mechanism, as those of a firm."""
        return {OwnUseNumbers: self.traits}

    def change(self, number: str, value: float) -> None:
        """Set one of its numbers, as a scenario event does."""
        self.traits = replace(self.traits, **{number: value})


class Owners:
    """All owners without a cloud, in the order of their keys; their accounts stand in the layer of the world."""

    def __init__(self, members: list[ParticipantSpec], registers: Registers):
        self.owners = [
            Owner(one.name, one.owner, one.region, OwnUseNumbers.of(one.numbers), registers.account_id(one.name))
            for one in members
        ]

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the owners of the scenario."""
        return cls(parts.members("owners"), parts.registers)
