"""Tables of studies and sweeps, and the same as JSON."""

import os
from collections import Counter
from collections.abc import Iterable
from datetime import date
from typing import Any

import polars as pl
import typer

from watersellers.experiments.analysis.windows import DatedMeasure
from watersellers.experiments.cli.run_tables import console, plain, print_json, print_table
from watersellers.experiments.runs.run import peak_rss_mb
from watersellers.experiments.sweeps.analysis.phases import Phases
from watersellers.experiments.sweeps.command_of_run import command_of_run
from watersellers.experiments.sweeps.folder.run_record import ENDED_BADLY
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.study.plan import Plan, replicate_seed
from watersellers.experiments.sweeps.workers.time_estimate import Estimate, time_in_words

MOST = 10  # failed runs that are shown with their errors
MILLION = 1e6


def print_plan(plan: Plan, expected: Estimate, as_json: bool) -> None:
    """Print the plan of a study: its runs, and estimates of their time and size."""
    if as_json:
        facts = {"points": len(plan.design), "replications": plan.study.replications, "runs": expected.runs}
        seconds = None if expected.seconds is None else round(expected.seconds)
        guess = {"seconds": seconds, "bytes": expected.bytes, "why_no_estimate": expected.why or None}
        measured = {"measures": [DatedMeasure.of(name, plan.lived).facts for name in plan.study.measures]}
        print_json(facts | guess | measured)
        return
    rows = [[axis.name, _extent(axis.as_table()), axis.unit] for axis in plan.axes]
    if rows:
        print_table(f"{plan.label}: what is varied", ("parameter", "over", "unit"), rows)
    design = plan.study.design.kind.replace("_", " ")
    runs = f"{expected.runs} runs: {len(plan.design)} points ({design}) x {plan.study.replications} replicates"
    each = f"{plan.months} months of {plan.study.users} users each"
    console().print(f"{runs}, {each}; {_extent_of_work(expected)}", soft_wrap=True)
    listed = ", ".join(str(DatedMeasure.of(name, plan.lived)) for name in plan.study.measures)
    console().print(f"measured: {listed}", soft_wrap=True)


def _extent_of_work(expected: Estimate) -> str:
    """Describe the estimated time and size of all runs, or say why there is no estimate."""
    if expected.seconds is None or expected.bytes is None:
        return f"no estimate could be made: {plain(expected.why)}"
    return f"about {time_in_words(expected.seconds)} and {expected.bytes / MILLION:.1f} MB"


def _extent(axis: dict[str, Any]) -> str:
    """Describe the values of a parameter."""
    if "low" in axis:
        return f"{axis['low']:g} to {axis['high']:g}" + (", on a log scale" if "scale" in axis else "")
    return ", ".join(str(value) for value in axis.get("values", axis.get("cases", ())))


def print_swept(found: Swept) -> None:
    """Print how the runs of a sweep ended, with the errors of the failed ones."""
    counts = found.counted()
    summary = ", ".join(f"{count} {status}" for status, count in counts.items())
    bad = [row for row in found.runs.iter_rows(named=True) if row["status"] in ENDED_BADLY]
    if bad:
        rows = [[row["run"], row["status"], _last_line(row["error"])] for row in bad[:MOST]]
        more = f", the first {MOST} of {len(bad)}" if len(bad) > MOST else ""
        print_table(f"runs that ended badly{more}", ("run", "status", "error"), rows)
        typer.echo("to repeat them one by one:")
        for row in bad[:MOST]:
            typer.echo(found.command(row["run"]))  # on its own line, unbroken by a table
    console().print(f"{summary}; the tables are in {found.folder}", soft_wrap=True)
    if bad:
        typer.echo("full tracebacks are in runs.parquet; --rerun-failed repeats these runs")


def print_pace(found: Swept, workers: int | None, elapsed: float) -> None:
    """Print the share of the processes' time spent on runs, and the memory of the distributing process."""
    hands = min(workers or os.cpu_count() or 1, len(found.plan))
    share = float(found.runs["seconds"].sum()) / (hands * elapsed)
    held = peak_rss_mb()
    memory = "" if held is None else f"; handing them out took {held:.0f} MB"
    pace = f"in {time_in_words(elapsed)}, of which {share:.1%} of {hands} processes were runs{memory}"
    console().print(pace, soft_wrap=True)


def _last_line(error: str | None) -> str:
    lines = (error or "").strip().splitlines()
    return plain(lines[-1]) if lines else ""


def swept_facts(found: Swept) -> dict[str, Any]:
    """Give the content of ``print_swept`` as JSON."""
    return {"folder": str(found.folder), "runs": len(found.plan), "status": found.counted()}


def print_frame(title: str, found: pl.DataFrame) -> None:
    """Print a table with four significant digits."""
    rows = [[_cell(value) for value in row] for row in found.iter_rows()]
    figures = [number for number, kind in enumerate(found.dtypes) if kind.is_numeric()]
    print_table(title, [name.replace("_", " ") for name in found.columns], rows, figures=figures)


def print_remarks(remarks: Iterable[object]) -> None:
    """Print under a table what it leaves out and what of it rests on too little, a sentence each."""
    for each in remarks:
        console().print(plain(str(each)), soft_wrap=True)


def _cell(value: Any) -> str:
    if value is None:
        return "-"
    if isinstance(value, date):
        return f"{value:%Y-%m}"
    return f"{value:.4g}" if isinstance(value, float) else plain(str(value))


def print_phases(found: Phases) -> None:
    """Print a phase diagram as a grid of names, and the boundaries between them."""
    phase = {(x, y): name for x, y, name in found.cells.select("x", "y", "phase").iter_rows()}
    across, up = (list(found.cells.select(a, f"{a}_value").unique().sort(a).iter_rows()) for a in ("x", "y"))
    rows = [[value, *(phase.get((x, y), "-") for x, _ in across)] for y, value in reversed(up)]
    averaged = f"; means over {', '.join(found.averaged)}" if found.averaged else ""
    print_table(
        f"{found.dated}: who is ahead, {found.y} upwards, {found.x} across{averaged}",
        [found.y, *(value for _, value in across)],
        rows,
    )
    pairs = Counter(tuple(sorted(pair)) for pair in found.boundary.select("one", "other").iter_rows())
    for (one, other), edges in pairs.most_common():
        console().print(f"between {one} and {other}: {edges} edges")


def print_calibrated(nearest: pl.DataFrame, found: Swept) -> None:
    """Print the points with the least loss, and the command that runs the first one."""
    dated = nearest.rename({name: str(found.dated(name)) for name in nearest.columns})
    print_frame(f"the nearest of {len(found.design)} points; point 1 is the scenario as it is", dated)
    if len(nearest):
        first = nearest.row(0, named=True)
        settings = {axis.name: first[axis.name] for axis in found.plan.axes if first[axis.name] is not None}
        typer.echo(command_of_run(found.plan, found.folder, replicate_seed(found.plan.study.seed, 1), settings))
