"""Where does the water-seller pattern end? The spread of users' tastes, against how many machines can be made how soon.

Across: the spread of users' tastes for an app. The wider it is, the less one app replaces another, and the higher the
price that an app can ask. Upwards: the supply of machines. In the reference world foundries limit it, and not vendors'
own growth: they add less or more than their 8 % a month; or all that vendors ask for; or that, and vendors owe nothing
for capacity that idles; or all within a month, without a queue, as without scarcity in `watersellers decompose`.
"""

from typing import Any

from watersellers.experiments.cli.sweep_tables import print_frame, print_phases
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.studies.execution import run_study
from watersellers.experiments.sweeps.analysis.bands import quantiles_by
from watersellers.experiments.sweeps.analysis.phases import phases
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.sweep import Sweep

ACROSS, UP = "users.taste", "supply"
LOOK = "calibrated.profit_over_final_spending"
NO_LIMIT: dict[str, Any] = {
    "world.foundry_growth": 1000.0,
    "world.foundry_pace": 1.0,
    "world.speed_price": 0.0,
    "chips.capacity.prepay.fastest": 1.0,
    "chips.capacity.make_or_buy.fastest": 1.0,
}
AT_ONCE: dict[str, Any] = {
    "chips.lead": 1.0,
    "chips.opening_lead": 1.0,
    "chips.capacity.prepay.clear_in": 1.0,
    "chips.capacity.make_or_buy.clear_in": 1.0,
} | {f"chips.{vendor.name}.opening_wait": 0.0 for vendor in load_scenario("baseline").groups["chips"]}
SUPPLY = {
    "2 % a month": {"world.foundry_growth": 0.02},
    "as it is": {},
    "20 % a month": {"world.foundry_growth": 0.2},
    "all that is asked": NO_LIMIT,
    "and idle for nothing": NO_LIMIT | {"chips.take_or_pay": 0.0},
    "all within a month": NO_LIMIT | AT_ONCE,
}
STUDY = Sweep(
    "baseline",
    {ACROSS: [0.1, 0.7, 1.5, 3.0, 6.0], UP: {"cases": SUPPLY}},
    months=26,
    users=1000,
    replications=4,
    measures=(LOOK, "calibrated.upstream_share"),
    label="pattern",
)


def show(swept: Swept) -> None:
    """Print which layer profits most, where apps and labs make a profit, and how much chips and apps do."""
    print_phases(phases(swept, ACROSS, UP))
    for layer in ("apps", "labs"):
        print_phases(phases(swept, ACROSS, UP, f"{LOOK}:{layer}"))
    for layer, by in (("chips", UP), ("cloud", UP), ("apps", UP), ("apps", ACROSS)):
        print_frame(f"{swept.dated(f'{LOOK}:{layer}')} by {by}", quantiles_by(swept, f"{LOOK}:{layer}", by))


if __name__ == "__main__":
    run_study(STUDY, show)
