"""The frozen market: the offers of the first month, which stand for ever in the eyes of shadows."""

from copy import deepcopy
from dataclasses import fields
from typing import Any, ClassVar, Self

from watersellers.agents.economy_parts import Parts
from watersellers.agents.public_information import PublicInformation


class Remembers:
    """What has a memory of its own from the end of the first month on: until then it is that of another."""

    REMEMBERED: ClassVar[tuple[str, ...]]  # the attributes that it takes over

    def begin(self, other: Any) -> None:
        """Start from what the other remembers now."""
        for name in self.REMEMBERED:
            setattr(self, name, deepcopy(getattr(other, name)))


class FrozenMarket(Remembers, PublicInformation):
    """What everybody could read of the chain in the first month."""

    REMEMBERED: ClassVar = tuple(each.name for each in fields(PublicInformation))

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Begin empty: the first month's offers are not posted yet."""
        return cls()


class Shadow(Remembers):
    """A payer that lives by its own rules in the frozen market; it goes before the payer's class."""

    market: FrozenMarket

    @property
    def public(self) -> PublicInformation:
        """What it can read of the chain: the offers of the first month."""
        return self.market
