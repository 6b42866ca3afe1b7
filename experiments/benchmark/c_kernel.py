"""The limit: a C kernel that is compiled when the benchmark runs.

``python -m watersellers.experiments.benchmark.c_kernel WORK LIBRARY THREADS``
"""

import ctypes
import sys
import time
from typing import Any, NamedTuple

import numpy as np

from watersellers.experiments.benchmark.timed_process import Region, copy_users, serve
from watersellers.market.chance import QUANTILES

CHUNK, REPEATS = 4096, 200  # CHUNK numbers fit into the first-level cache
LANES = 96  # of the chains of fused multiply-adds, as in the C file
OPERATIONS = 15  # of an exponential: a maximum, a product, a rounding, nine fused, a conversion, a sum and a shift
POINTER, WHOLE, REAL = ctypes.c_void_p, ctypes.c_int64, ctypes.c_float


POINTERS = ("key", "weight", "use", "worth", "log_use", "app", "tier", "known")


class CRows(ctypes.Structure):
    """The users as the C kernel's struct."""

    _fields_ = (
        *((name, POINTER) for name in POINTERS),
        ("users", WHOLE),
        ("words", WHOLE),
    )


class CTerms(ctypes.Structure):
    """The terms as the C kernel's struct."""

    _fields_ = (
        *((name, POINTER) for name in ("offered", "base", "price", "log_quota", "quota", "reach", "key")),
        *((name, REAL) for name in ("quota_weight", "paid_bonus", "habit", "outside", "taste")),
        *((name, ctypes.c_uint64) for name in ("hear", "choose", "like")),
        ("quantiles", POINTER),
        ("apps", WHOLE),
    )


class BorrowedRegion(NamedTuple):
    """A region in both forms; it keeps the arrays alive while the C kernel reads them."""

    region: Region
    rows: CRows
    terms: CTerms
    reach: np.ndarray


class CKernel:
    """The C kernel on some threads."""

    def __init__(self, regions: list[Region]):
        self.library, self.threads = ctypes.CDLL(sys.argv[2]), int(sys.argv[3])
        self.regions = regions

    def reset(self) -> None:
        """Copy the users at the start of the month, and lend them to the C kernel."""
        self.now = [_lend(region) for region in copy_users(self.regions)]

    def month(self) -> None:
        """Compute the month."""
        for region, rows, terms, _ in self.now:
            counted = np.zeros((len(region.terms.base), 4), dtype=np.int64)
            self.library.month(ctypes.byref(rows), ctypes.byref(terms), _address(counted), self.threads)

    def seats(self) -> list[tuple[np.ndarray, np.ndarray]]:
        """Return the choices of all users."""
        return [(region.rows.app, region.rows.tier) for region, *_ in self.now]


def _lend(region: Region) -> BorrowedRegion:
    rows, terms = region
    reach = np.cumsum(terms.rates, dtype=np.float32)
    columns = terms.offered, terms.base, terms.price, terms.log_quota, terms.quota, reach, terms.key
    weights = terms.quota_weight, terms.paid_bonus, terms.habit, terms.outside, terms.taste
    words = (int(word[0]) for word in (terms.hear, terms.choose, terms.like))
    ours = CRows(*map(_address, rows[: len(POINTERS)]), *rows.known.shape)
    theirs = CTerms(*map(_address, columns), *map(float, weights), *words, _address(QUANTILES), len(terms.base))
    return BorrowedRegion(region, ours, theirs, reach)


def _address(column: Any) -> ctypes.c_void_p:
    return ctypes.c_void_p(column.ctypes.data)


def exponentials() -> dict[str, float]:
    """Return the exponentials per second on one thread, and the bound from the processor's fused multiply-adds."""
    library, x = ctypes.CDLL(sys.argv[2]), np.linspace(-20, 0, CHUNK, dtype=np.float32)
    library.exponentials.argtypes, library.fused.argtypes = (WHOLE, POINTER, POINTER), (WHOLE,)
    y = np.empty_like(x)
    one = min(_timed(library.exponentials, CHUNK, _address(x), _address(y)) for _ in range(REPEATS))
    fused = min(_timed(library.fused, CHUNK) for _ in range(REPEATS))
    return {"exponentials": CHUNK / one, "bound": CHUNK * LANES / fused / OPERATIONS}


def _timed(call: Any, *given: Any) -> float:
    start = time.perf_counter()
    call(*given)
    return time.perf_counter() - start


if __name__ == "__main__":
    serve(CKernel, facts=exponentials())
