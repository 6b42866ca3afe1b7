"""Belief is catching: pools see returns and each other."""

from collections.abc import Sequence
from typing import Any, Protocol

from watersellers.market.shares import ShareRegister

type Stakes = dict[int, tuple[int, float]]  # shares, and USD a share, of each firm


class Pool(Protocol):
    """What is asked of a pool here."""

    place: int
    hype: float
    usual: float
    stakes: Stakes
    dividends: int

    @property
    def traits(self) -> Any: ...


def seen_return(pool: Pool, marks: dict[int, float], shares: ShareRegister) -> tuple[float, Stakes]:
    """What a pool's stakes have brought since the last look: mark-ups, losses and dividends, over their worth then.

    Gives the return, and the stakes as they are to be compared with at the next look.
    ``marks`` are dollars a share of the firms in business: a firm that is none of them any more is worth nothing.
    """
    worth = sum(held * mark for held, mark in pool.stakes.values())
    gained = sum(held * (marks.get(place, 0.0) - mark) for place, (held, mark) in pool.stakes.items())
    earned = (gained + pool.dividends / 100) / worth if worth > 0 else 0.0
    mine = {place: shares.held.get((pool.place, place), 0) for place in marks}
    return earned, {place: (held, marks[place]) for place, held in mine.items() if held}


def drawn_together(pools: Sequence[Pool]) -> list[float]:
    """Belief of each pool once it has moved some way to the mean belief of the others, all at once."""
    hypes, moved = [pool.hype for pool in pools], []
    for number, pool in enumerate(pools):
        others = hypes[:number] + hypes[number + 1 :]
        pull = pool.traits.herding * (sum(others) / len(others) - pool.hype) if others else 0.0
        moved.append(pool.hype + pull)
    return moved
