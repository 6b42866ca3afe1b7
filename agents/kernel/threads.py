"""The kernel as users call it: a backend by name, on some threads; neither moves a bit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from watersellers.agents.kernel import with_numpy
from watersellers.agents.kernel.contract import Rows, Terms
from watersellers.market.units import Column

Live = Callable[[Rows, Terms], Column]


@dataclass(frozen=True)
class Kernel:
    """A way of computing the users' month, and how many threads share it."""

    name: str = "numpy"
    live: Live = with_numpy.live
    threads: int = 1

    def __call__(self, rows: Rows, terms: Terms) -> Column:
        """Let users of a region live the month; whole numbers add up alike however the rows are parted."""
        ends = [len(rows.key) * part // self.threads for part in range(self.threads + 1)]
        parts = [rows.between(start, stop) for start, stop in pairwise(ends) if start < stop]
        if len(parts) == 1:
            return self.live(rows, terms)
        with ThreadPoolExecutor(self.threads) as pool:
            counted: Column = np.sum(list(pool.map(self.live, parts, [terms] * len(parts))), axis=0)
        return counted


def kernel(name: str, threads: int = 1) -> Kernel:
    """Make the kernel of a backend; numba is loaded, and its code compiled or read from its cache, only here."""
    if name == "numba":
        from watersellers.agents.kernel import with_numba

        return Kernel(name, with_numba.live, threads)
    return Kernel(name, with_numpy.live, threads)
