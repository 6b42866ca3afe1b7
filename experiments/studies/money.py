"""What is the effect of investors' money? The reference world with all of it, a quarter, none, and twice as much.

What a pool has is its cash at the start, and the part of its savers' wealth that they commit and that it calls.
"""

from watersellers.experiments.cli.sweep_tables import print_frame
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.studies.execution import run_study
from watersellers.experiments.sweeps.analysis.bands import convergence, quantiles_by
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.sweep import Sweep
from watersellers.market.goods import CHAIN

LOOK = "calibrated.profit_over_final_spending"
NUMBERS = ("opening_cash", "savers_wealth")  # dollars at the start, and of whom it comes from
SHARES = {"none": 0.0, "a quarter": 0.25, "as it was": 1.0, "twice": 2.0}


def _case(share: float) -> dict[str, float]:
    """Return settings that give each pool of the reference world a share of its money; one without any calls none."""
    pools = load_scenario("baseline").groups["investors"]
    money = {f"investors.{pool.name}.{number}": share * pool.numbers[number] for pool in pools for number in NUMBERS}
    return money if share else money | {f"investors.{pool.name}.call_most": 0.0 for pool in pools}


STUDY = Sweep(
    "baseline",
    {"money": {"cases": {name: _case(share) for name, share in SHARES.items()}}},
    months=26,
    users=1000,
    replications=6,
    measures=(LOOK, "calibrated.upstream_share", "calibrated.final_spending"),
    label="money",
)


def show(swept: Swept) -> None:
    """Print each layer's profit and final spending by investors' money, and how precise the estimates are."""
    for look in (*(f"{LOOK}:{layer}" for layer in CHAIN), "calibrated.final_spending"):
        print_frame(f"{swept.dated(look)} by investors' money", quantiles_by(swept, look, "money"))
    share = swept.dated("calibrated.upstream_share")
    print_frame(f"{share} by replicates", convergence(swept, share.text, 0.01))


if __name__ == "__main__":
    run_study(STUDY, show)
