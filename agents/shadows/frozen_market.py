"""The frozen market: the offers of the first month, which stand for ever in the eyes of shadows."""

from copy import deepcopy
from dataclasses import fields, replace
from typing import Any, ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.firm import Registers
from watersellers.agents.public_information import PublicInformation
from watersellers.market.saved import Saved


class FrozenMarket:
    """What everybody could read of the chain in the first month, and the registers of those who read it still."""

    SAVED: ClassVar[Saved] = {"public": PublicInformation}

    def __init__(self, registers: Registers):
        self.theirs = registers
        self.public = PublicInformation()
        self.registers = replace(registers, public=self.public)

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Begin empty: the first month's offers are not posted yet."""
        return cls(parts.registers)

    def freeze(self) -> None:
        """Keep a copy of what is public now."""
        self.public = PublicInformation(**{f.name: deepcopy(getattr(self.theirs.public, f.name)) for f in _FIELDS})

    def follow_numbers(self) -> None:
        """Take over the numbers of the world, which events may have changed: they are no outcome of the chain."""
        self.registers.follow(self.theirs)


_FIELDS = fields(PublicInformation)


class Shadow:
    """A payer's shadow, with a memory of its own from the end of the first month on."""

    REMEMBERED: ClassVar[tuple[str, ...]]  # the attributes that it takes over from the payer

    def begin(self, payer: Any) -> None:
        """Start from what the payer remembers now."""
        for name in self.REMEMBERED:
            setattr(self, name, deepcopy(getattr(payer, name)))
