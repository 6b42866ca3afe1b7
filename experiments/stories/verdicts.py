"""Verdicts: rules that say of one seed whether a claim held, and what is said of a claim over all seeds.

A rule is a pure function of what was read under the scenario and under its control with the same seed; it gives the
figure to show and whether the claim held. Nothing here knows what was read.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from watersellers.experiments.comparing import BAND

HOLDS, FAILS, UNDECIDED = "holds", "does not hold", "undecided"
MOST = 0.9  # of the seeds, in which a claim that holds has held; one that fails held in so few as are left

type Read = Sequence[float]  # of each of those whom a claim is about, in its order


@dataclass(frozen=True, slots=True)
class Rule:
    """How one seed is judged, and what the figure shown is.

    ``judge`` takes what was read under the scenario, under the control, and the claim's ``bound``; it gives the figure
    and whether the claim held. A ``paired`` rule needs the control.
    """

    judge: Callable[[Read, Read, float], tuple[float, bool]]
    paired: bool
    words: str  # what the figure is
    bounded: bool = False
    several: bool = False  # compares several with each other


@dataclass(frozen=True, slots=True)
class Judged:
    """What came out over seeds: figures (None where nothing could be read), how many held, band and verdict."""

    figures: tuple[float | None, ...]
    held: int
    seeds: int
    low: float | None
    middle: float | None
    high: float | None
    verdict: str


def _rises(now: Read, before: Read, bound: float) -> tuple[float, bool]:
    return now[0] - before[0], now[0] > before[0]


def _falls(now: Read, before: Read, bound: float) -> tuple[float, bool]:
    return now[0] - before[0], now[0] < before[0]


def _falls_to(now: Read, before: Read, bound: float) -> tuple[float, bool]:
    """At most ``bound`` times what it was; of a loss nothing can be said."""
    return now[0] - before[0], before[0] > 0 and now[0] <= bound * before[0]


def _rises_to(now: Read, before: Read, bound: float) -> tuple[float, bool]:
    return now[0] - before[0], before[0] > 0 and now[0] >= bound * before[0]


def _stays(now: Read, before: Read, bound: float) -> tuple[float, bool]:
    """Moves by no more than a share ``bound`` of what it was."""
    return now[0] - before[0], abs(now[0] - before[0]) <= bound * abs(before[0])


def _flips(now: Read, before: Read, bound: float) -> tuple[float, bool]:
    """A loss becomes a profit, or the other way round."""
    return now[0], (now[0] > 0) != (before[0] > 0)


def _above(now: Read, before: Read, bound: float) -> tuple[float, bool]:
    return now[0], now[0] > bound


def _below(now: Read, before: Read, bound: float) -> tuple[float, bool]:
    return now[0], now[0] < bound


def _order(now: Read, before: Read, bound: float) -> tuple[float, bool]:
    """Each is above the next."""
    least = min(first - second for first, second in pairwise(now))
    return least, least > 0


def _largest(now: Read, before: Read, bound: float) -> tuple[float, bool]:
    """The first is above every other."""
    least = now[0] - max(now[1:])
    return least, least > 0


RULES = {
    "rises": Rule(_rises, True, "difference"),
    "falls": Rule(_falls, True, "difference"),
    "rises_to": Rule(_rises_to, True, "difference", bounded=True),
    "falls_to": Rule(_falls_to, True, "difference", bounded=True),
    "stays": Rule(_stays, True, "difference", bounded=True),
    "flips": Rule(_flips, True, "value"),
    "above": Rule(_above, False, "value", bounded=True),
    "below": Rule(_below, False, "value", bounded=True),
    "order": Rule(_order, False, "smallest step", several=True),
    "largest": Rule(_largest, False, "lead", several=True),
}


def judged(
    rule: Rule,
    now: Sequence[Sequence[float | None]],
    before: Sequence[Sequence[float | None]] | None = None,
    bound: float = 0.0,
) -> Judged:
    """Judge a claim seed by seed, and all of them together.

    Parameters
    ----------
    rule : Rule
        How one seed is judged.
    now, before : sequence
        What was read under the scenario and, for a paired rule, the control: a row a seed, a value for each of those
        it is about.
    bound : float
        The number that some rules compare with.

    Returns
    -------
    Judged
        A seed of which something could not be read counts as one in which the claim did not hold.
    """
    figures: list[float | None] = []
    held = 0
    for mine, theirs in zip(now, before or [()] * len(now), strict=True):
        if None in (*mine, *theirs):
            figures.append(None)
            continue
        figure, kept = rule.judge(_whole(mine), _whole(theirs), bound)
        figures.append(figure)
        held += kept
    found = sorted(figure for figure in figures if figure is not None)
    low, middle, high = (quantile(found, share) for share in (BAND[0], 0.5, BAND[1]))
    return Judged(tuple(figures), held, len(figures), low, middle, high, verdict(held, len(figures)))


def verdict(held: int, seeds: int) -> str:
    """Say of a claim that it holds (in nine seeds of ten), does not (in nine of ten it did not), or neither."""
    if held >= MOST * seeds:
        return HOLDS
    return FAILS if seeds - held >= MOST * seeds else UNDECIDED


def turned(main: str, others: dict[str, str]) -> list[str]:
    """Name the conditions under which a claim turns around: it held and does not, or the other way round."""
    opposite = {HOLDS: FAILS, FAILS: HOLDS}.get(main)
    return [name for name, said in others.items() if said == opposite]


def quantile(ordered: Sequence[float], share: float) -> float | None:
    """Give the value below which a share of the ordered values lies, on a straight line between neighbours."""
    if not ordered:
        return None
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])


def _whole(values: Sequence[float | None]) -> tuple[float, ...]:
    return tuple(value for value in values if value is not None)
