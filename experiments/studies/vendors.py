"""Do chips profit from lock-in or from the number of vendors? The cost of leaving NVIDIA, against its rivals.

NVIDIA sells in the West and, as another firm with a slower machine, in China. Its rivals are AMD and Ascend, what
owners make for their own clouds, and vendors that enter if it pays; each case adds some of them.
"""

from typing import Any

from watersellers.experiments.cli.sweep_tables import print_frame, print_phases
from watersellers.experiments.studies.execution import run_study
from watersellers.experiments.sweeps.analysis.bands import quantiles_by
from watersellers.experiments.sweeps.analysis.phases import phases
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.sweep import Sweep

ACROSS, UP = "chips.nvidia.lock_in", "vendors"
LOOK = "calibrated.profit_over_final_spending"
OWN_SILICON = ["tpu", "trainium", "mtia"]  # of owners for their own clouds
OTHERS = ["amd", "ascend", *OWN_SILICON, "entrant_west", "entrant_china"]


def _with(*vendors: str) -> dict[str, Any]:
    """Return settings that leave some of the others beside NVIDIA; whoever is gone is on nobody's list."""
    return {"remove": [name for name in OTHERS if name not in vendors]}


CASES = {
    "NVIDIA alone": _with(),
    "and AMD": _with("amd"),
    "and Ascend": _with("amd", "ascend"),
    "and own silicon": _with("amd", "ascend", *OWN_SILICON),
    "as it is": {},
    "three of a size": {"chips.amd.opening_capacity": 35_200.0, "chips.ascend.opening_capacity": 35_200.0},
}
STUDY = Sweep(
    "baseline",
    {ACROSS: [0.0, 1.0, 2.5, 5.0, 10.0], UP: {"cases": CASES}},
    months=26,
    users=1000,
    replications=2,
    measures=(LOOK, "calibrated.upstream_share"),
    label="vendors",
)


def show(swept: Swept) -> None:
    """Print which layer profits most, and the profit of chips and of the whole upstream by case."""
    print_phases(phases(swept, ACROSS, UP))
    for look in (f"{LOOK}:chips", "calibrated.upstream_share"):
        for by in (UP, ACROSS):
            print_frame(f"{swept.dated(look)} by {by}", quantiles_by(swept, look, by))


if __name__ == "__main__":
    run_study(STUDY, show)
