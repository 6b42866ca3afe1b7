"""What determines the upstream share? Sobol' indices of the profit of chips and clouds over final spending.

Foundries limit vendors' growth in the reference world, so that their growth is varied and not vendors' own.
"""

from watersellers.experiments.cli.sweep_tables import print_frame
from watersellers.experiments.studies.execution import run_study
from watersellers.experiments.sweeps.analysis.sensitivity import sensitivity
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.sweep import Sweep

STUDY = Sweep(
    "baseline",
    {
        "chips.market_elasticity": (1.1, 3.0),
        "world.foundry_growth": {"low": 0.02, "high": 0.4, "scale": "log"},
        "cloud.capacity.extrapolate.target": (0.5, 0.95),
        "labs.research.race.share": (0.1, 1.0),
        "investors.valuation.expected_gross_profit.multiple": (4.0, 25.0),
    },
    design={"kind": "saltelli", "points": 64},
    months=26,
    users=1000,
    measures=("calibrated.upstream_share", "calibrated.profit_over_final_spending"),
    label="upstream",
)


def show(swept: Swept) -> None:
    """Print the indices of the upstream share and of apps' profit."""
    for look in ("calibrated.upstream_share", "calibrated.profit_over_final_spending:apps"):
        print_frame(f"Sobol' indices of {swept.dated(look)}", sensitivity(swept, look))


if __name__ == "__main__":
    run_study(STUDY, show)
