"""The kernel by the name of its backend, on some threads; neither choice changes a bit of the result."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from watersellers.agents.users.kernel import with_numpy
from watersellers.agents.users.kernel.contract import Rows, Terms
from watersellers.market.exact import Column

Live = Callable[[Rows, Terms], Column]


@dataclass(frozen=True)
class Kernel:
    """A backend that computes the users' month, and the number of threads that share the work."""

    name: str = "numpy"
    live: Live = with_numpy.live
    threads: int = 1

    def __call__(self, rows: Rows, terms: Terms) -> Column:
        """Compute the month of a region's users; whole numbers add up alike however the rows are split."""
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
        from watersellers.agents.users.kernel import with_numba

        return Kernel(name, with_numba.live, threads)
    return Kernel(name, with_numpy.live, threads)
