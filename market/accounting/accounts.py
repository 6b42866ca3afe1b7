"""Accounts: the firms of the chain and the sectors around it, in the order of their keys."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from watersellers.market.exact import Column, whole

WORLD, OLDER, STATES = "world", "older_businesses", "states"  # sectors in the layer of the world


@dataclass(frozen=True)
class Account:
    """A firm or an outside sector; its key is a whole number fixed in the scenario, its name only a label."""

    key: int
    name: str
    layer: str
    owner: str
    region: str


def sector_of(name: str, layer: str, owner: str) -> str:
    """Name the sector of an outside account, or the layer of a firm.

    The layer of the world holds the rest of the world, older businesses (one account for all of them, and others that
    belong to an owner each) and states, which belong to nobody.
    """
    if layer != WORLD or name in (WORLD, OLDER):
        return name if layer == WORLD else layer
    return STATES if owner == WORLD else OLDER


@dataclass(frozen=True)
class Accounts:
    """All accounts of a run, sorted by key; columns elsewhere hold positions in this table."""

    rows: tuple[Account, ...]

    @classmethod
    def of(cls, rows: Sequence[Account]) -> "Accounts":
        """Sort accounts by key.

        Raises
        ------
        ValueError
            If two accounts share a key or a name.
        """
        ordered = tuple(sorted(rows, key=lambda row: row.key))
        for attribute in ("key", "name"):
            values = [getattr(row, attribute) for row in ordered]
            if len(set(values)) < len(values):
                twice = sorted({value for value in values if values.count(value) > 1})
                raise ValueError(f"accounts: {attribute} {twice[0]!r} is used twice; each account needs its own")
        return cls(ordered)

    def __len__(self) -> int:
        return len(self.rows)

    @cached_property
    def index(self) -> dict[str, int]:
        """Position of each account, by its name."""
        return {row.name: account_id for account_id, row in enumerate(self.rows)}

    @cached_property
    def names(self) -> list[str]:
        """Names in order."""
        return [row.name for row in self.rows]

    @cached_property
    def keys(self) -> Column:
        """Keys in order, for chance."""
        return whole(row.key for row in self.rows)

    def of_layer(self, layer: str) -> Column:
        """Positions of a layer's accounts, in order."""
        return whole(account_id for account_id, row in enumerate(self.rows) if row.layer == layer)
