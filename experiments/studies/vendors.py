"""Do chips profit from lock-in, from the number of vendors, or from how many machines these can make?

The cost of leaving NVIDIA, against its rivals. NVIDIA sells in the West and, as another firm with a slower machine, in
China; leaving either costs the same. AMD sells in the West and Ascend in China, what owners make serves their own
clouds and is for sale to nobody, and vendors enter if it pays. The first cases add them one by one. The others leave
all of them as they are, but merge AMD and Ascend into NVIDIA, whose machines these then are; or split the machines
that the two rivals of each region begin with evenly; or make AMD and Ascend as large as NVIDIA is there; or make
NVIDIA as large as both would be together. So one can tell more sellers from more machines. A machine is as fast as
its maker's.
"""

from typing import Any

import polars as pl

from watersellers.experiments.cli.sweep_tables import print_frame, print_phases
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.studies.execution import run_study
from watersellers.experiments.sweeps.analysis.bands import quantiles_by
from watersellers.experiments.sweeps.analysis.phases import phases
from watersellers.experiments.sweeps.analysis.selected_measure import SelectedMeasure, selected_values
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.sweep import Sweep

ACROSS, UP = "lock_in", "vendors"
LOOK = "calibrated.profit_over_final_spending"
NVIDIA = ("nvidia", "nvidia_abroad")  # in the West, and for China
RIVALS = ("amd", "ascend")  # there
OWN_SILICON = ("tpu", "trainium", "mtia")  # of owners for their own clouds
OTHERS = (*RIVALS, *OWN_SILICON, "entrant_west", "entrant_china")
MACHINES = {vendor.name: vendor.numbers["opening_capacity"] for vendor in load_scenario("baseline").groups["chips"]}
PAIRS = tuple(zip(NVIDIA, RIVALS, strict=True))


def _with(*vendors: str) -> dict[str, Any]:
    """Return settings that leave some of the others beside NVIDIA; whoever is gone is on nobody's list."""
    return {"remove": [name for name in OTHERS if name not in vendors]}


def _making(machines: dict[str, float]) -> dict[str, float]:
    """Return settings by which vendors can make so many machines a month at the start."""
    return {f"chips.{vendor}.opening_capacity": number for vendor, number in machines.items()}


BOTH = {pair: sum(MACHINES[vendor] for vendor in pair) for pair in PAIRS}  # machines a month in each region
CASES: dict[str, dict[str, Any]] = {
    "NVIDIA alone": _with(),
    "and AMD": _with("amd"),
    "and Ascend": _with(*RIVALS),
    "and own silicon": _with(*RIVALS, *OWN_SILICON),
    "as it is": {},
    "merged": {"remove": list(RIVALS)} | _making({nvidia: BOTH[nvidia, rival] for nvidia, rival in PAIRS}),
    "split": _making({vendor: BOTH[pair] / 2 for pair in PAIRS for vendor in pair}),
    "rivals of its size": _making({rival: MACHINES[nvidia] for nvidia, rival in PAIRS}),
    "NVIDIA twice": _making({nvidia: 2 * MACHINES[nvidia] for nvidia, _ in PAIRS}),
}
COSTS = {f"{worth:g}": {f"chips.{one}.lock_in": worth for one in NVIDIA} for worth in (0, 1, 2.5, 5, 10)}  # logit units
STUDY = Sweep(
    "baseline",
    {ACROSS: {"cases": COSTS}, UP: {"cases": CASES}},
    months=26,
    users=1000,
    replications=4,
    measures=(LOOK, "calibrated.upstream_share"),
    label="vendors",
)


def show(swept: Swept) -> None:
    """Print which layer profits most, and the profit of chips and of the whole upstream by case."""
    print_phases(phases(swept, ACROSS, UP))
    chips = f"{LOOK}:chips"
    values = (
        selected_values(swept, SelectedMeasure.read(chips))
        .group_by(UP, ACROSS, maintain_order=True)
        .agg(pl.col("value").median())
    )
    title = f"{swept.dated(chips)}: medians, {ACROSS} across"
    print_frame(title, values.pivot(ACROSS, index=UP, values="value", maintain_order=True))
    for look in (chips, "calibrated.upstream_share"):
        for by in (UP, ACROSS):
            print_frame(f"{swept.dated(look)} by {by}", quantiles_by(swept, look, by))


if __name__ == "__main__":
    run_study(STUDY, show)
