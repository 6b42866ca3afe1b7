"""How often does the best model change hands once labs decide on releases? Luck in quality to several degrees."""

import polars as pl

from watersellers.experiments.analysis.leader_changes import leader_changes
from watersellers.experiments.cli.sweep_tables import print_frame
from watersellers.experiments.runs.result import Result
from watersellers.experiments.studies.execution import run_study
from watersellers.experiments.sweeps.analysis.bands import quantiles_by
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.sweep import Sweep

LUCK = "labs.luck_quality"
CHANGES = f"{__spec__.name if __spec__ else __name__}:changes"  # also where this module is run as a program


def changes(result: Result) -> pl.DataFrame:
    """Count how often the best model in the West becomes another lab's, from March 2025 on."""
    return pl.DataFrame({"value": [float(leader_changes(result))]})


STUDY = Sweep(
    "baseline",
    {LUCK: [0.0, 0.2, 0.4, 0.8, 1.6]},
    months=48,
    users=100,
    replications=20,
    measures=(CHANGES,),
    label="leaders",
)


def show(swept: Swept) -> None:
    """Print in which share of runs the best model changes hands, and how often, by the luck of releases."""
    found = swept.measures.filter(measure=CHANGES).join(swept.runs.select("run", LUCK), on="run")
    share = (pl.col("value") > 0).mean().alias("share of runs")
    print_frame("runs in which the best model in the West changes hands", found.group_by(LUCK).agg(share).sort(LUCK))
    print_frame("how often it does", quantiles_by(swept, CHANGES, LUCK))


if __name__ == "__main__":
    run_study(STUDY, show)
