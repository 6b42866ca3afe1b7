"""A verdict on a claim, and the runs that it is made from."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from watersellers.agents.scenario_spec import ScenarioSpec
from watersellers.experiments.runs.parallel import RunCase, measure_runs
from watersellers.experiments.runs.result import Result

FEW = 4000  # simulated users: with fewer, a small app's revenue depends on single payers


@dataclass(frozen=True, slots=True)
class Verdict:
    """A claim, the number of seeds in which it held, and the share in which it has to.

    ``mean`` says whether it holds for the mean over seeds, where that is what is asked; None elsewhere. ``figure`` are
    the sizes, where a claim has any.
    """

    group: str
    claim: str
    held: int
    of: int
    needed: float
    mean: bool | None = None
    figure: str = ""

    @property
    def comes_out(self) -> bool:
        """Whether it held in enough seeds, and in their mean where that is asked."""
        return self.held >= self.needed * self.of and self.mean is not False


@dataclass(frozen=True)
class RunSeries:
    """Makes the runs for a verdict on some processes, and reports progress."""

    workers: int | None = None
    progress: Callable[[], None] | None = None
    users: int = FEW

    def of[T](self, spec: ScenarioSpec, seeds: int, months: int, measure: Callable[[Result], T]) -> list[T]:
        """Measure a run for each seed from 1 on."""
        return self.of_each([spec], seeds, months, measure)[0]

    def of_each[T](
        self, specs: Sequence[ScenarioSpec], seeds: int, months: int, measure: Callable[[Result], T]
    ) -> list[list[T]]:
        """Measure a run of each scenario for each seed from 1 on; the same seed is the same chance in all of them."""
        cases = [RunCase(spec, seed, self.users, months) for spec in specs for seed in range(1, seeds + 1)]
        found = []
        for row in measure_runs(cases, measure, self.workers):
            found.append(row)
            if self.progress is not None:
                self.progress()
        return [found[first : first + seeds] for first in range(0, len(found), seeds)]
