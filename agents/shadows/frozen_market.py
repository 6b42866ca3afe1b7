"""The frozen market: the offers of the first month, which stand for ever in the eyes of shadows."""

from copy import deepcopy
from dataclasses import fields, replace
from typing import Any, ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.public_information import PublicInformation


class Shadow:
    """What has a memory of its own from the end of the first month on: until then it is that of another."""

    REMEMBERED: ClassVar[tuple[str, ...]]  # the attributes that it takes over

    def begin(self, other: Any) -> None:
        """Start from what the other remembers now."""
        for name in self.REMEMBERED:
            setattr(self, name, deepcopy(getattr(other, name)))


class FrozenMarket(Shadow, PublicInformation):
    """What everybody could read of the chain in the first month."""

    REMEMBERED: ClassVar = tuple(each.name for each in fields(PublicInformation))

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Begin empty: the first month's offers are not posted yet."""
        return cls()


class FrozenRegisters:
    """The registers of the economy as shadows see them: what is public is the frozen market."""

    def __init__(self, theirs: Registers, market: FrozenMarket):
        self.theirs, self.registers = theirs, replace(theirs, public=market)

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the registers of the economy."""
        return cls(parts.registers, parts[FrozenMarket])

    def follow_numbers(self) -> None:
        """Take over the numbers of the world, which events may have changed: they are no outcome of the chain."""
        self.registers.follow(self.theirs)
