"""What the command line prints of studies, for people and for machines."""

from typing import Any

import typer

from experiments.sweeps.estimating import Estimate, words
from experiments.sweeps.parts import ENDED_BADLY
from experiments.sweeps.plan import Plan
from experiments.sweeps.swept import Swept
from experiments.tables import console, plain, print_json, print_table

MOST = 10  # runs that ended badly, shown with their errors
MILLION = 1e6


def print_plan(plan: Plan, expected: Estimate, as_json: bool) -> None:
    """Say what a study will do: its runs, and about how long they take and how much they write."""
    if as_json:
        facts = {"points": len(plan.design), "replications": plan.study.replications, "runs": expected.runs}
        print_json(facts | {"seconds": round(expected.seconds), "bytes": expected.bytes})
        return
    rows = [[axis.name, _extent(axis.told()), axis.unit] for axis in plan.axes]
    if rows:
        print_table(f"{plan.label}: what is varied", ("parameter", "over", "unit"), rows)
    design = plan.study.design.kind.replace("_", " ")
    console().print(
        f"{expected.runs} runs: {len(plan.design)} points ({design}) x {plan.study.replications} replicates,"
        f" {plan.months} months of {plan.study.users} users each; about {words(expected.seconds)}"
        f" and {expected.bytes / MILLION:.1f} MB",
        soft_wrap=True,
    )


def _extent(told: dict[str, Any]) -> str:
    """Say over what a parameter goes."""
    if "low" in told:
        return f"{told['low']:g} to {told['high']:g}" + (", on a log scale" if "scale" in told else "")
    return ", ".join(str(value) for value in told.get("values", told.get("cases", ())))


def print_swept(found: Swept) -> None:
    """Say what became of the runs of a sweep, and of those that ended badly, why."""
    counts = found.counted()
    said = ", ".join(f"{count} {status}" for status, count in counts.items())
    bad = [row for row in found.runs.iter_rows(named=True) if row["status"] in ENDED_BADLY]
    if bad:
        rows = [[row["run"], row["status"], _last_line(row["error"]), found.command(row["run"])] for row in bad[:MOST]]
        more = f", the first {MOST} of {len(bad)}" if len(bad) > MOST else ""
        print_table(f"runs that ended badly{more}", ("run", "status", "error", "again"), rows)
    console().print(f"{said}; the tables are in {found.folder}", soft_wrap=True)
    if bad:
        typer.echo("whole tracebacks are in runs.parquet; --rerun-failed makes these runs again")


def _last_line(error: str | None) -> str:
    lines = (error or "").strip().splitlines()
    return plain(lines[-1]) if lines else ""


def swept_facts(found: Swept) -> dict[str, Any]:
    """Give for machines what ``print_swept`` prints."""
    return {"folder": str(found.folder), "runs": len(found.plan), "status": found.counted()}
