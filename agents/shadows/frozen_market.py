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
        self.registers = replace(registers, public=PublicInformation())

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Begin empty: the first month's offers are not posted yet."""
        return cls(parts.registers)

    @property
    def public(self) -> PublicInformation:
        """What was public in the first month."""
        return self.registers.public

    @public.setter
    def public(self, public: PublicInformation) -> None:
        self.registers.public = public

    def freeze(self) -> None:
        """Keep a copy of what is public now."""
        self.public = PublicInformation(**{f.name: deepcopy(getattr(self.theirs.public, f.name)) for f in _FIELDS})

    def follow_numbers(self) -> None:
        """Take over the numbers of the world, which events may have changed: they are no outcome of the chain."""
        self.registers.numbers = self.theirs.numbers


_FIELDS = fields(PublicInformation)


def remember(shadow: Any, payer: Any, names: tuple[str, ...]) -> None:
    """Give a shadow its payer's memory as it is now; from here on each has its own."""
    for name in names:
        setattr(shadow, name, deepcopy(getattr(payer, name)))
