"""Tables of a fit: its distance from the targets, its numbers, and which of them the targets tell apart."""

from collections.abc import Sequence
from typing import Any

from watersellers.experiments.calibration.descent import ALIKE, NOTICEABLE, Identification
from watersellers.experiments.calibration.fit import Fit
from watersellers.experiments.calibration.fit_log import Step
from watersellers.experiments.calibration.search import best_step
from watersellers.experiments.cli.run_tables import console, print_table, share

FEW = 5  # steps that are shown


def facts_of_fit(done: Sequence[Step], known: Identification | None) -> dict[str, Any]:
    """Give a fit as JSON."""
    nearest = best_step(done)
    head = {"steps": len(done), "loss": nearest.loss, "inside": nearest.inside, "near": nearest.near}
    found = {"outside": nearest.outside, "numbers": dict(nearest.point)}
    if known is None:
        return head | found
    directions = {"seen": known.seen, "free": known.free, "unseen": known.unseen, "confused": known.confused}
    return head | found | {"identified": directions | {"numbers": known.numbers.to_dicts()}}


def print_fit(fit: Fit, done: Sequence[Step], known: Identification | None) -> None:
    """Print the nearest steps, the numbers of the nearest one, and what the targets tell about them."""
    nearest = sorted(done, key=lambda step: step.loss)[:FEW]
    rows = [[step.how, f"{step.loss:.3f}", str(step.inside), str(step.near), str(step.outside)] for step in nearest]
    title = f"{fit.question}: the nearest of {len(done)} steps to {len(fit.targets)} targets"
    print_table(title, ("found by", "loss", "inside", "near", "outside"), rows, figures=range(1, 5))
    if known is None:
        cells = [[name, f"{value:.4g}"] for name, value in nearest[0].point.items()]
        print_table("its numbers", ("number", "value"), cells, figures=(1,))
    else:
        _print_known(nearest[0], known)


def _print_known(nearest: Step, known: Identification) -> None:
    """Print the numbers with their effects, and name those that the targets can't identify."""
    rows = [
        [row["name"], f"{nearest.point[row['name']]:.4g}", f"{row['effect']:.1f}", row["alike"], share(row["cosine"])]
        for row in known.numbers.iter_rows(named=True)
    ]
    names = ("number", "value", "most tolerances over its range", "most like", "cosine")
    print_table("its numbers, and their effects", names, rows, figures=(1, 2, 4))
    out = console()
    out.print(f"the targets identify {known.seen} of {known.free} directions in which the numbers can move together")
    pairs = ", ".join(f"{first} and {second}" for first, second in known.confused) or "none"
    out.print(f"hard to tell apart (cosine of effects above {ALIKE:g}): {pairs}")
    out.print(
        f"without effect (less than {NOTICEABLE:g} tolerances over the range): {', '.join(known.unseen) or 'none'}"
    )
