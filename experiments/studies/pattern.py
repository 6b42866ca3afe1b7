"""Where does the water-seller pattern end? The spread of users' tastes, against the growth of machine production.

Across: the spread of users' tastes for an app. The wider it is, the less one app replaces another, and the higher the
price that an app can ask. Upwards: the growth per month of chip vendors' capacity. The faster it is, the sooner
machines are plentiful.
"""

from watersellers.experiments.cli.sweep_tables import print_phases
from watersellers.experiments.studies.execution import run_study
from watersellers.experiments.sweeps.analysis.phases import phases
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.sweep import Sweep

ACROSS, UP = "users.taste", "chips.capacity.prepay.fastest"
STUDY = Sweep(
    "baseline",
    {ACROSS: [0.1, 0.7, 1.5, 3.0, 6.0], UP: [0.02, 0.05, 0.1, 0.2, 0.4]},
    months=26,
    users=1000,
    replications=2,
    measures=("calibrated.profit_over_final_spending", "calibrated.upstream_share"),
    label="pattern",
)


def show(swept: Swept) -> None:
    """Print which layer profits most, and where apps and labs make a profit."""
    print_phases(phases(swept, ACROSS, UP))
    print_phases(phases(swept, ACROSS, UP, "calibrated.profit_over_final_spending:apps"))
    print_phases(phases(swept, ACROSS, UP, "calibrated.profit_over_final_spending:labs"))


if __name__ == "__main__":
    run_study(STUDY, show)
