"""What the command line prints of studies, for people and for machines."""

import os
from collections import Counter
from datetime import date
from typing import Any

import polars as pl
import typer

from watersellers.experiments.running import peak_rss_mb
from watersellers.experiments.sweeps.again import again
from watersellers.experiments.sweeps.estimating import Estimate, words
from watersellers.experiments.sweeps.parts import ENDED_BADLY
from watersellers.experiments.sweeps.phases import Phases
from watersellers.experiments.sweeps.plan import Plan, replicate_seed
from watersellers.experiments.sweeps.swept import Swept
from watersellers.experiments.tables import console, plain, print_json, print_table

MOST = 10  # runs that ended badly, shown with their errors
MILLION = 1e6


def print_plan(plan: Plan, expected: Estimate, as_json: bool) -> None:
    """Say what a study will do: its runs, and about how long they take and how much they write."""
    if as_json:
        facts = {"points": len(plan.design), "replications": plan.study.replications, "runs": expected.runs}
        seconds = None if expected.seconds is None else round(expected.seconds)
        print_json(facts | {"seconds": seconds, "bytes": expected.bytes, "why_no_estimate": expected.why or None})
        return
    rows = [[axis.name, _extent(axis.told()), axis.unit] for axis in plan.axes]
    if rows:
        print_table(f"{plan.label}: what is varied", ("parameter", "over", "unit"), rows)
    design = plan.study.design.kind.replace("_", " ")
    runs = f"{expected.runs} runs: {len(plan.design)} points ({design}) x {plan.study.replications} replicates"
    each = f"{plan.months} months of {plan.study.users} users each"
    console().print(f"{runs}, {each}; {_extent_of_work(expected)}", soft_wrap=True)


def _extent_of_work(expected: Estimate) -> str:
    """Say how long all runs take and what they write, or why nobody knows."""
    if expected.seconds is None or expected.bytes is None:
        return f"no estimate could be made: {plain(expected.why)}"
    return f"about {words(expected.seconds)} and {expected.bytes / MILLION:.1f} MB"


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
        rows = [[row["run"], row["status"], _last_line(row["error"])] for row in bad[:MOST]]
        more = f", the first {MOST} of {len(bad)}" if len(bad) > MOST else ""
        print_table(f"runs that ended badly{more}", ("run", "status", "error"), rows)
        typer.echo("again, each by itself:")
        for row in bad[:MOST]:
            typer.echo(found.command(row["run"]))  # on a line of its own, that no table breaks
    console().print(f"{said}; the tables are in {found.folder}", soft_wrap=True)
    if bad:
        typer.echo("whole tracebacks are in runs.parquet; --rerun-failed makes these runs again")


def print_pace(found: Swept, workers: int | None, elapsed: float) -> None:
    """Say what part of the processes' time went into runs, and what memory this one held that handed them out."""
    hands = min(workers or os.cpu_count() or 1, len(found.plan))
    share = float(found.runs["seconds"].sum()) / (hands * elapsed)
    held = peak_rss_mb()
    memory = "" if held is None else f"; handing them out took {held:.0f} MB"
    said = f"in {words(elapsed)}, of which {share:.1%} of {hands} processes were runs{memory}"
    console().print(said, soft_wrap=True)


def _last_line(error: str | None) -> str:
    lines = (error or "").strip().splitlines()
    return plain(lines[-1]) if lines else ""


def swept_facts(found: Swept) -> dict[str, Any]:
    """Give for machines what ``print_swept`` prints."""
    return {"folder": str(found.folder), "runs": len(found.plan), "status": found.counted()}


def print_frame(title: str, found: pl.DataFrame) -> None:
    """Print a table as it is, numbers with the digits that matter."""
    rows = [[_cell(value) for value in row] for row in found.iter_rows()]
    figures = [place for place, kind in enumerate(found.dtypes) if kind.is_numeric()]
    print_table(title, [name.replace("_", " ") for name in found.columns], rows, figures=figures)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    return f"{value:.4g}" if isinstance(value, float) else plain(str(value))


def print_phases(found: Phases) -> None:
    """Print a phase diagram as letters on a grid, and what they stand for."""
    phase = {(x, y): name for x, y, name in found.cells.select("x", "y", "phase").iter_rows()}
    across, up = (list(found.cells.select(a, f"{a}_value").unique().sort(a).iter_rows()) for a in ("x", "y"))
    rows = [[told, *(phase.get((x, y), "-") for x, _ in across)] for y, told in reversed(up)]
    averaged = f"; means over {', '.join(found.averaged)}" if found.averaged else ""
    print_table(
        f"{found.measure}: who is ahead, {found.y} upwards, {found.x} across{averaged}",
        [found.y, *(told for _, told in across)],
        rows,
    )
    pairs = Counter(tuple(sorted(pair)) for pair in found.boundary.select("one", "other").iter_rows())
    for (one, other), edges in pairs.most_common():
        console().print(f"between {one} and {other}: {edges} edges")


def print_calibrated(nearest: pl.DataFrame, found: Swept) -> None:
    """Print the points with the least loss, and how the first of them is run."""
    print_frame(f"the nearest of {len(found.design)} points; point 1 is the scenario as it is", nearest)
    if len(nearest):
        first = nearest.row(0, named=True)
        settings = {axis.name: first[axis.name] for axis in found.plan.axes if first[axis.name] is not None}
        typer.echo(again(found.plan, found.folder, replicate_seed(found.plan.study.seed, 1), settings))
