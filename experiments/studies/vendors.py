"""Do chips profit from lock-in or from the number of vendors? The cost of leaving NVIDIA, against its rivals."""

from typing import Any

from watersellers.experiments.cli.sweep_tables import print_frame, print_phases
from watersellers.experiments.studies.execution import run_study
from watersellers.experiments.sweeps.analysis.bands import quantiles_by
from watersellers.experiments.sweeps.analysis.phases import phases
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.sweep import Sweep

ACROSS, UP = "chips.nvidia.lock_in", "vendors"
LOOK = "calibrated.profit_over_final_spending"
WEST = ("aws", "azure", "google_cloud", "meta_infra", "oracle", "coreweave")
CHINA = ("alibaba_cloud", "baidu_cloud", "tencent_cloud")


def _without(vendor: str, clouds: tuple[str, ...]) -> dict[str, Any]:
    """Return settings without a vendor, whose customers then buy from NVIDIA alone."""
    return {f"chips.{vendor}.absent": True} | {f"cloud.{cloud}.chips": ["nvidia"] for cloud in clouds}


CASES = {
    "NVIDIA alone": _without("amd", WEST) | _without("ascend", CHINA),
    "and AMD": _without("ascend", CHINA),
    "and Ascend": {},
    "three of a size": {"chips.amd.opening_capacity": 51_000.0, "chips.ascend.opening_capacity": 51_000.0},
}
STUDY = Sweep(
    "plain",
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
