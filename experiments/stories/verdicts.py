"""Verdicts: rules that judge a claim in one seed, and the verdict over all seeds.

A rule is a pure function of the values under the scenario and under its control with the same seed; it returns the
figure to show and whether the claim held. The rules are independent of what the values measure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from watersellers.experiments.analysis.bands_over_runs import band_kind, band_of, quantile

HOLDS, FAILS, UNDECIDED = "holds", "does not hold", "undecided"
TOO_FEW = "not enough seeds"
LEAST_SEEDS = 10  # of fewer seeds nine in ten are all of them, so that nine in ten and ten in ten can't be told apart
DECISIVE_SHARE = 0.9  # of the seeds: a claim holds if it held in so many, and does not if it failed in so many

type Values = Sequence[float]  # one for each figure of a claim, in its order


@dataclass(frozen=True, slots=True)
class Rule:
    """How one seed is judged, and which figure is shown.

    ``judge`` takes the values under the scenario, those under the control, and the claim's ``bound``; it returns the
    figure and whether the claim held. A ``paired`` rule needs the control.
    """

    judge: Callable[[Values, Values, float], tuple[float, bool]]
    paired: bool
    words: str  # what the figure is
    bounded: bool = False  # uses the bound
    compares: bool = False  # compares several figures with each other


@dataclass(frozen=True, slots=True)
class SeedVerdicts:
    """The verdict over seeds: figures (None if there was no value), the number of seeds that held, and the band.

    ``low`` and ``high`` enclose nine in ten of the figures, or if they are few all: ``band`` says which.
    """

    figures: tuple[float | None, ...]
    held: int
    seeds: int
    low: float | None
    middle: float | None
    high: float | None
    verdict: str

    @property
    def left_out(self) -> int:
        """The number of seeds without a value: the claim did not hold there, and the band leaves them out."""
        return self.figures.count(None)

    @property
    def band(self) -> str:
        """What ``low`` and ``high`` enclose: "nine in ten" of the seeds that have a figure, or "all"."""
        return band_kind(sum(figure is not None for figure in self.figures))


def _rises(now: Values, before: Values, bound: float) -> tuple[float, bool]:
    return now[0] - before[0], now[0] > before[0]


def _falls(now: Values, before: Values, bound: float) -> tuple[float, bool]:
    return now[0] - before[0], now[0] < before[0]


def _falls_to(now: Values, before: Values, bound: float) -> tuple[float, bool]:
    """Falls to at most ``bound`` times the control; never holds if the control is not above 0."""
    return now[0] - before[0], before[0] > 0 and now[0] <= bound * before[0]


def _rises_to(now: Values, before: Values, bound: float) -> tuple[float, bool]:
    return now[0] - before[0], before[0] > 0 and now[0] >= bound * before[0]


def _stays(now: Values, before: Values, bound: float) -> tuple[float, bool]:
    """Differs by no more than a share ``bound`` of the control."""
    return now[0] - before[0], abs(now[0] - before[0]) <= bound * abs(before[0])


def _flips(now: Values, before: Values, bound: float) -> tuple[float, bool]:
    """A loss becomes a profit, or the other way round."""
    return now[0], (now[0] > 0) != (before[0] > 0)


def _above(now: Values, before: Values, bound: float) -> tuple[float, bool]:
    return now[0], now[0] > bound


def _below(now: Values, before: Values, bound: float) -> tuple[float, bool]:
    return now[0], now[0] < bound


def _order(now: Values, before: Values, bound: float) -> tuple[float, bool]:
    """Each is above the next."""
    least = min(first - second for first, second in pairwise(now))
    return least, least > 0


def _largest(now: Values, before: Values, bound: float) -> tuple[float, bool]:
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
    "order": Rule(_order, False, "smallest step", compares=True),
    "largest": Rule(_largest, False, "lead", compares=True),
}


def judge_claim(
    rule: Rule,
    now: Sequence[Sequence[float | None]],
    before: Sequence[Sequence[float | None]] | None = None,
    bound: float = 0.0,
) -> SeedVerdicts:
    """Judge a claim seed by seed, and over all seeds.

    Parameters
    ----------
    rule : Rule
        How one seed is judged.
    now, before : sequence
        The values under the scenario and, for a paired rule, the control: one row per seed, one value per figure.
    bound : float
        The number that some rules compare with.

    Returns
    -------
    SeedVerdicts
        In a seed with a missing value the claim did not hold.
    """
    figures: list[float | None] = []
    held = 0
    for mine, theirs in zip(now, before or [()] * len(now), strict=True):
        if None in (*mine, *theirs):
            figures.append(None)
            continue
        figure, kept = rule.judge(_known(mine), _known(theirs), bound)
        figures.append(figure)
        held += kept
    found = sorted(figure for figure in figures if figure is not None)
    low, high = band_of(found) or (None, None)
    middle = quantile(found, 0.5)
    return SeedVerdicts(tuple(figures), held, len(figures), low, middle, high, verdict(held, len(figures)))


def verdict(held: int, seeds: int) -> str:
    """Decide whether a claim holds (it held in nine seeds of ten), does not hold (it failed in nine), or neither.

    Fewer than ten seeds decide nothing.
    """
    if seeds < LEAST_SEEDS:
        return TOO_FEW
    if held >= DECISIVE_SHARE * seeds:
        return HOLDS
    return FAILS if seeds - held >= DECISIVE_SHARE * seeds else UNDECIDED


def reversed_under(main: str, others: dict[str, str]) -> list[str]:
    """Return the conditions that reverse a verdict: the claim held and does not there, or the other way round."""
    opposite = {HOLDS: FAILS, FAILS: HOLDS}.get(main)
    return [name for name, verdict in others.items() if verdict == opposite]


def _known(values: Sequence[float | None]) -> tuple[float, ...]:
    return tuple(value for value in values if value is not None)
