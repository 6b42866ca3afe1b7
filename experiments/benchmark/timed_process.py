"""The protocol of a contender: it reads one line, computes one month, and answers with one line.

It needs numpy alone, since a peer runs in its own environment, where the project's other packages are not installed.
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
    """A region's users, and the terms of their month."""

    rows: Rows
    terms: Terms


class Contender(Protocol):
    """One way of computing the month."""

    def reset(self) -> None:
        """Put the users back to the start of the month; this is not timed."""

    def month(self) -> None:
        """Let all users hear of apps and choose, and count them; this is timed."""

    def seats(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return the app and tier of each region's users."""


def save(path: Path, regions: list[Region]) -> None:
    """Write the kernel's input of a month to a file."""
    columns = {
        f"{number}.{record}.{name}": column
        for number, region in enumerate(regions)
        for record, columns in (("rows", region.rows._asdict()), ("terms", region.terms._asdict()))
        for name, column in columns.items()
    }
    np.savez(path, **columns)


def load(path: Path) -> list[Region]:
    """Read the kernel's input of a month."""
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
    """Take every n-th user, for a contender that is too slow for all."""
    step = max(1, round(1 / share))
    return [Region(Rows(*(column[::step].copy() for column in rows)), terms) for rows, terms in regions]


def copy_users(regions: list[Region]) -> list[Region]:
    """Copy the users, whom a month changes."""
    return [Region(Rows(*(column.copy() for column in rows)), terms) for rows, terms in regions]


def tastes(region: Region) -> np.ndarray:
    """Return all users' tastes for all apps, shape (apps, n); peers may store them, and that is not timed."""
    from watersellers.market.chance import normal, stir, unit

    likes = stir(region.terms.like, region.rows.key)
    return np.array([normal(unit(stir(likes, key))) * region.terms.taste for key in region.terms.key])


def awareness(region: Region) -> np.ndarray:
    """Return whether each app is known to each user, shape (apps, n)."""
    known = region.rows.known
    bits = [known[:, app // WORD] >> np.uint32(app % WORD) & np.uint32(1) for app in range(len(region.terms.key))]
    return np.array(bits) != 0


def send(facts: dict[str, Any]) -> None:
    """Send a line of JSON."""
    sys.stdout.write(json.dumps(facts, allow_nan=False) + "\n")
    sys.stdout.flush()


def serve(make: Callable[[list[Region]], Contender], share: float = 1, facts: dict[str, float] | None = None) -> None:
    """Answer each line of input with the seconds of a month and the users by seat, for a ``share`` of the users."""
    regions = every_nth_user(load(Path(sys.argv[1])), share)
    contender, users = make(regions), sum(len(region.rows.key) for region in regions)
    send({"users": users, **(facts or {})})
    for _ in sys.stdin:
        contender.reset()
        start, used = time.perf_counter(), time.process_time()
        contender.month()
        times = {"seconds": time.perf_counter() - start, "used": time.process_time() - used}
        chosen = zip(contender.seats(), regions, strict=True)
        send(times | {"seats": [seat_counts(app, tier, region) for (app, tier), region in chosen]})


def seat_counts(app: np.ndarray, tier: np.ndarray, region: Region) -> list[int]:
    """Count users by seat: first those without an app, then each app's free and paid users."""
    seat = np.where(app == NO_APP, 0, 1 + 2 * app.astype(np.int64) + tier)
    return np.bincount(seat, minlength=1 + 2 * len(region.terms.key)).tolist()
