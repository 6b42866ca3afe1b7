"""The protocol of a contender: it reads one line, computes one month, and answers with one line.

Only numpy is needed here: a peer lives in an environment of its own, where the rest of the project is not installed.
"""

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple, Protocol

import numpy as np

from watersellers.agents.users.kernel.contract import NO_APP, WORD, Rows, Terms


class Region(NamedTuple):
    """A region's users and what their month means to them."""

    rows: Rows
    terms: Terms


class Contender(Protocol):
    """One way of computing the month. ``reset`` puts the users back to last month and is not timed."""

    def reset(self) -> None:
        """Put everything back to where the month began."""

    def month(self) -> None:
        """Let everybody hear, choose and be counted: this is timed."""

    def seats(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Give app and tier of the users of each region."""


def save(path: Path, regions: list[Region]) -> None:
    """Write a month's work as a file."""
    columns = {
        f"{number}.{record}.{name}": column
        for number, region in enumerate(regions)
        for record, columns in (("rows", region.rows._asdict()), ("terms", region.terms._asdict()))
        for name, column in columns.items()
    }
    np.savez(path, **columns)


def load(path: Path) -> list[Region]:
    """Read a month's work."""
    with np.load(path) as found:
        numbers = sorted({int(name.split(".")[0]) for name in found.files})
        return [
            Region(
                Rows(*(found[f"{number}.rows.{name}"] for name in Rows._fields)),
                Terms(*(found[f"{number}.terms.{name}"][()] for name in Terms._fields)),
            )
            for number in numbers
        ]


def every_nth_user(regions: list[Region], share: float) -> list[Region]:
    """Take every n-th user, for who is too slow for all of them."""
    step = max(1, round(1 / share))
    return [Region(Rows(*(column[::step].copy() for column in rows)), terms) for rows, terms in regions]


def copy_users(regions: list[Region]) -> list[Region]:
    """Copy what a month changes."""
    return [Region(Rows(*(column.copy() for column in rows)), terms) for rows, terms in regions]


def tastes(region: Region) -> np.ndarray:
    """Tastes of all users for all apps, shape (apps, n): peers may keep them, and are not timed when they make them."""
    from watersellers.market.chance import normal, stir, unit

    likes = stir(region.terms.like, region.rows.key)
    return np.array([normal(unit(stir(likes, key))) * region.terms.taste for key in region.terms.key])


def awareness(region: Region) -> np.ndarray:
    """Who knows what, shape (apps, n), a truth value each."""
    known = region.rows.known
    bits = [known[:, app // WORD] >> np.uint32(app % WORD) & np.uint32(1) for app in range(len(region.terms.key))]
    return np.array(bits) != 0


def send(facts: dict[str, Any]) -> None:
    """Answer with a line."""
    sys.stdout.write(json.dumps(facts) + "\n")
    sys.stdout.flush()


def serve(make: Callable[[list[Region]], Contender], share: float = 1, facts: dict[str, float] | None = None) -> None:
    """Answer each line with the seconds of a month and how many users took each seat; ``share`` of the users do."""
    regions = every_nth_user(load(Path(sys.argv[1])), share)
    contestant, users = make(regions), sum(len(region.rows.key) for region in regions)
    send({"users": users, **(facts or {})})
    for _ in sys.stdin:
        contestant.reset()
        start, used = time.perf_counter(), time.process_time()
        contestant.month()
        times = {"seconds": time.perf_counter() - start, "used": time.process_time() - used}
        chosen = zip(contestant.seats(), regions, strict=True)
        send(times | {"seats": [seat_counts(app, tier, region) for (app, tier), region in chosen]})


def seat_counts(app: np.ndarray, tier: np.ndarray, region: Region) -> list[int]:
    """Count users by seat: none first, then each app's free and paid ones."""
    seat = np.where(app == NO_APP, 0, 1 + 2 * app.astype(np.int64) + tier)
    return np.bincount(seat, minlength=1 + 2 * len(region.terms.key)).tolist()
