"""Herding: investors follow realised returns, and each other's beliefs."""

from collections.abc import Sequence
from typing import Any, Protocol

from watersellers.market.accounting.share_register import ShareRegister

type Stakes = dict[int, tuple[int, float]]  # by firm: shares, and USD per share


class Pool(Protocol):
    """An investor, as far as herding and redemptions need it."""

    account: int
    hype: float
    usual_hype: float
    stakes: Stakes
    dividends: int

    @property
    def traits(self) -> Any:
        """The numbers of the investor."""


def return_since_last_look(pool: Pool, marks: dict[int, float], shares: ShareRegister) -> tuple[float, Stakes]:
    """Compute the return on an investor's stakes since the last look, and list the stakes as they are now.

    The return is mark-ups, losses and dividends over the value of the stakes then. ``marks`` are dollars per share of
    the firms in business; any other firm is worth nothing.
    """
    worth = sum(held * mark for held, mark in pool.stakes.values())
    gained = sum(held * (marks.get(account_id, 0.0) - mark) for account_id, (held, mark) in pool.stakes.items())
    earned = (gained + pool.dividends / 100) / worth if worth > 0 else 0.0
    shares_held = {account_id: shares.held.get((pool.account, account_id), 0) for account_id in marks}
    return earned, {account_id: (held, marks[account_id]) for account_id, held in shares_held.items() if held}


def pull_together(pools: Sequence[Pool]) -> list[float]:
    """Move each investor's belief towards the mean belief of the others, all at once; return the new beliefs."""
    hypes, moved = [pool.hype for pool in pools], []
    for number, pool in enumerate(pools):
        others = hypes[:number] + hypes[number + 1 :]
        pull = pool.traits.herding * (sum(others) / len(others) - pool.hype) if others else 0.0
        moved.append(pool.hype + pull)
    return moved
