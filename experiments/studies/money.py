"""What is the effect of investors' money? The reference world with all of it, a quarter, none, and twice as much.

What a pool has is its cash at the start, and of its savers' wealth the part that they commit and that it calls; a share
of its money is that share of both. A pool without any calls none, and the firms that it would found are left out. What
firms in business have at the start, what owners put into their own, and what NVIDIA and clouds pay customers for shares
stay in every case: they are no pool's money.
"""

from typing import Any

from watersellers.experiments.cli.sweep_tables import print_frame
from watersellers.experiments.loading.loader import load_scenario
from watersellers.experiments.studies.execution import run_study
from watersellers.experiments.sweeps.analysis.bands import convergence, quantiles_by
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.sweep import Sweep
from watersellers.market.goods import CHAIN

LOOK = "calibrated.profit_over_final_spending"
SUMS = ("calibrated.final_spending", "calibrated.venture_money")
NUMBERS = ("opening_cash", "savers_wealth")  # dollars at the start, and of whom it comes from
SHARES = {"none": 0.0, "a quarter": 0.25, "as it was": 1.0, "twice": 2.0}


def _case(share: float) -> dict[str, Any]:
    """Return settings that give each pool of the reference world a share of its money."""
    groups = load_scenario("baseline").groups
    pools = groups["investors"]
    money = {f"investors.{pool.name}.{number}": share * pool.numbers[number] for pool in pools for number in NUMBERS}
    if share:
        return money
    founders = {pool.name for pool in pools}
    founded = [firm.name for layer in CHAIN for firm in groups[layer] if firm.enters and firm.founder in founders]
    return money | {f"investors.{pool.name}.call_most": 0.0 for pool in pools} | {"remove": founded}


CASES = {name: _case(share) for name, share in SHARES.items()}
STUDY = Sweep(
    "baseline",
    {"money": {"cases": CASES}},
    months=26,
    users=1000,
    replications=6,
    measures=(LOOK, "calibrated.upstream_share", *SUMS),
    label="money",
)


def show(swept: Swept) -> None:
    """Print each layer's profit, final spending and what investors pay by their money, and how precise that is."""
    for look in (*(f"{LOOK}:{layer}" for layer in CHAIN), *SUMS):
        print_frame(f"{swept.dated(look)} by investors' money", quantiles_by(swept, look, "money"))
    share = swept.dated("calibrated.upstream_share")
    print_frame(f"{share} by replicates", convergence(swept, share.text, 0.01))


if __name__ == "__main__":
    run_study(STUDY, show)
