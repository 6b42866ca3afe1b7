"""Changes of the lab that has the best model."""

from datetime import date

import polars as pl

from watersellers.experiments.runs.result import Result

FIRST = date(2025, 2, 1)  # the last month that history dates


def leader_changes(result: Result) -> int:
    """Count the months from March 2025 on in which the best model in the West is another lab's than a month before."""
    labs = result.firms.filter(pl.col("layer") == "labs", pl.col("region") == "west", pl.col("quality").is_not_null())
    labs = labs.filter(pl.col("month") >= FIRST)
    best = labs.sort("month", -pl.col("quality"), "firm").group_by("month", maintain_order=True).first()
    return int((best["firm"] != best["firm"].shift()).sum())
