"""News: what a month brought against what a pool had expected for it, in its own firms and in those upstream.

Belief moves on surprises alone. Growth that a pool saw coming is no news, however fast it is.
"""

from collections.abc import Iterable

from watersellers.market.elementary import exp_of, log_of


def surprise(rows: Iterable[tuple[float, float]], most: float) -> float:
    """Return the logarithm of what was seen over what was expected, all firms together, within a bound on both sides.

    Parameters
    ----------
    rows : iterable of (float, float)
        USD a month of each firm: seen, and expected before it was seen. A firm of which nothing was expected yet,
        as in its first month of revenue, says nothing.
    most : float
        The largest logarithm that counts, up or down.
    """
    told = [(seen, expected) for seen, expected in rows if expected > 0]
    seen, expected = sum(row[0] for row in told), sum(row[1] for row in told)
    if expected <= 0:
        return 0.0
    return max(-most, min(most, log_of(seen / expected))) if seen > 0 else -most


def mixed(own: float, upstream: float, weight: float) -> float:
    """Weigh news of a pool's own firms and news from upstream; ``weight`` is the share of the latter."""
    return (1 - weight) * own + weight * upstream


def moved(hype: float, news: float, pull: float) -> float:
    """Return a belief after news: so many times larger for good news as smaller for bad news of the same size."""
    return hype * exp_of(pull * news)
