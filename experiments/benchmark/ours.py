"""This project's kernel: ``python -m watersellers.experiments.benchmark.ours WORK BACKEND THREADS``."""

import sys

import numpy as np

from watersellers.agents.users.kernel.backends import kernel
from watersellers.experiments.benchmark.timed_process import Region, copy_users, serve


class OurKernel:
    """The kernel as the model calls it, region by region."""

    def __init__(self, regions: list[Region]):
        self.kernel = kernel(sys.argv[2], int(sys.argv[3]))
        self.regions = regions

    def reset(self) -> None:
        """Copy the users at the start of the month."""
        self.now = copy_users(self.regions)

    def month(self) -> None:
        """Compute the month."""
        for rows, terms in self.now:
            self.kernel(rows, terms)

    def seats(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return the choices of all users."""
        return [(rows.app, rows.tier) for rows, _ in self.now]


if __name__ == "__main__":
    serve(OurKernel)
