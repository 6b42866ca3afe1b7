"""This project's kernel: ``python -m watersellers.experiments.contest.ours WORK BACKEND THREADS``."""

import sys

import numpy as np

from watersellers.agents.kernel.threads import kernel
from watersellers.experiments.contest.serving import Region, copied, serve


class Ours:
    """The kernel as the model calls it, a region at a time."""

    def __init__(self, regions: list[Region]):
        self.kernel = kernel(sys.argv[2], int(sys.argv[3]))
        self.regions = regions

    def reset(self) -> None:
        """Copy last month's users."""
        self.now = copied(self.regions)

    def month(self) -> None:
        """Live the month."""
        for rows, terms in self.now:
            self.kernel(rows, terms)

    def seats(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """What everybody chose."""
        return [(rows.app, rows.tier) for rows, _ in self.now]


if __name__ == "__main__":
    serve(Ours)
