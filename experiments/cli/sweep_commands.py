"""Commands for sweeps: carry out a study, and analyse its results. Each prints tables, or JSON."""

import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer

from watersellers.experiments.cli.options import Json, Workers, number, option
from watersellers.experiments.cli.progress import Progress
from watersellers.experiments.input.errors import BadInput, shown
from watersellers.experiments.runs.stopping import BROKEN, Stopped

DIGITS = 30  # most digits of a shard's number
NEAREST = 10  # points of a calibration in the table
USUAL = "over the calibrated year if not given, or over the window that the study measures in its place"
LOOK_HELP = f"a measure, :who where it is of several, @month where it is monthly; the upstream share {USUAL}."
UPSTREAM = "upstream_share"
Svg = Annotated[Path | None, typer.Option(help="File to draw it into.")]
Measure = Annotated[str | None, typer.Option(help=f"What is looked at: {LOOK_HELP}")]
Folder = Annotated[Path, typer.Argument(help="A sweep folder.")]


def sweep(
    study: Annotated[Path, typer.Argument(help="The study's .toml file.")],
    out: Annotated[Path | None, typer.Option(help="Folder to write; sweeps/STUDY if not given.")] = None,
    workers: Workers = None,
    cluster: Annotated[str | None, typer.Option(help="Address of a dask scheduler to use.")] = None,
    shard: Annotated[str | None, typer.Option(help="I/N: only every N-th run, for batch schedulers.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Make only the runs that are missing.")] = False,
    rerun_failed: Annotated[
        bool, typer.Option("--rerun-failed", help="Make only those again that ended badly.")
    ] = False,
    plan_only: Annotated[bool, typer.Option("--plan", help="Say what would be done, and write nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Carry out a study: every run of its design, on all cores or a cluster, so that nothing finished is lost."""
    from watersellers.experiments.cli.run_tables import print_json
    from watersellers.experiments.cli.sweep_tables import print_pace, print_plan, print_swept, swept_facts
    from watersellers.experiments.sweeps.admission import Ways, check_ways
    from watersellers.experiments.sweeps.execution import carry_out
    from watersellers.experiments.sweeps.sweep import Sweep
    from watersellers.experiments.sweeps.workers.time_estimate import estimate

    ways = Ways(workers, cluster, _shard(shard), resume, rerun_failed)
    check_ways(ways)
    plan = Sweep.read(study).plan()
    if plan_only or not as_json:
        print_plan(plan, estimate(plan, workers), as_json)
    if plan_only:
        return
    folder, clock = out or Path("sweeps") / study.stem, time.perf_counter()
    with _saying_what_is_kept(folder), Progress("runs", shown=not as_json) as progress:
        found = carry_out(plan, folder, ways, progress.ended)
    if as_json:
        print_json(swept_facts(found))
    else:
        print_swept(found)
        if ways.all_here:
            print_pace(found, workers, time.perf_counter() - clock)
    if not found.sound:
        raise typer.Exit(BROKEN)


@contextmanager
def _saying_what_is_kept(folder: Path) -> Iterator[None]:
    """When the user or the system stops the work, say that it stopped and what is kept."""
    from watersellers.experiments.sweeps.interruption import SweepStopped

    try:
        yield
    except (SweepStopped, Stopped) as stop:
        typer.echo(f"{stop.sentence}; finished runs are kept in {folder}, --resume goes on", err=True)
        raise typer.Exit(stop.status) from None


def compact(folder: Folder, as_json: Json = False) -> None:
    """Make the tables of a sweep of all that is finished, in place of many small files."""
    from watersellers.experiments.cli.run_tables import print_json
    from watersellers.experiments.cli.sweep_tables import print_swept, swept_facts
    from watersellers.experiments.sweeps.folder.folder import compact as compact_folder
    from watersellers.experiments.sweeps.folder.folder import lock_folder
    from watersellers.experiments.sweeps.result import Swept
    from watersellers.experiments.sweeps.study_reader import read_plan

    plan = read_plan(folder)
    with lock_folder(folder):
        compact_folder(folder, plan)
    found = Swept.open(folder)
    if as_json:
        print_json(swept_facts(found))
    else:
        print_swept(found)


def calibrate(
    file: Annotated[Path, typer.Argument(help="The calibration's .toml file.")],
    out: Annotated[Path | None, typer.Option(help="Folder to write; sweeps/FILE if not given.")] = None,
    workers: Workers = None,
    cluster: Annotated[str | None, typer.Option(help="Address of a dask scheduler to use.")] = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with what was begun.")] = False,
    as_json: Json = False,
) -> None:
    """Seek values of parameters at which measures come near to targets; what is found is a sweep like any other."""
    from watersellers.experiments.cli.run_tables import print_json
    from watersellers.experiments.cli.sweep_tables import print_calibrated, print_remarks
    from watersellers.experiments.sweeps.admission import Ways
    from watersellers.experiments.sweeps.analysis.remarks import remarks_on_calibration
    from watersellers.experiments.sweeps.calibration import Calibration, nearest_points

    calibration, folder = Calibration.read(file), out or Path("sweeps") / file.stem
    with _saying_what_is_kept(folder), Progress("points", shown=not as_json) as progress:
        found = calibration.run(folder, Ways(workers, cluster, resume=resume), progress.nearing)
    losses = calibration.losses(found)
    nearest = nearest_points(losses, calibration.targets, NEAREST)
    if as_json:
        facts = {"folder": str(folder), "points": len(found.design), "left_out": losses["loss"].null_count()}
        print_json(facts | {"best": nearest.to_dicts()})
    else:
        print_calibrated(nearest, found)
        print_remarks(remarks_on_calibration(losses))


def sensitivity(
    context: typer.Context,
    folder: Folder,
    measure: Measure = None,
    method: Annotated[
        str | None, typer.Option(help="sobol, morris, pawn or rbd_fast; that of the design if not given.")
    ] = None,
    svg: Svg = None,
    as_json: Json = False,
) -> None:
    """Say how much of a measure each parameter explains."""
    from watersellers.experiments.sweeps.analysis.remarks import remarks_on_sensitivity
    from watersellers.experiments.sweeps.analysis.selected_measure import headline_measure
    from watersellers.experiments.sweeps.analysis.sensitivity import method_of
    from watersellers.experiments.sweeps.analysis.sensitivity import sensitivity as compute_sensitivity
    from watersellers.experiments.sweeps.result import Swept

    _check_output(svg)
    swept = Swept.ended(folder)
    dated = swept.dated(measure or headline_measure(swept, UPSTREAM))
    found, chosen = compute_sensitivity(swept, dated.text, method), method_of(swept, method)
    title = f"{chosen} of {dated}: {folder}"
    _report(title, found, dated if as_json else None, remarks_on_sensitivity(found, chosen))
    _draw_if_asked(context, "sensitivity", svg, found, chosen, dated)


def phase_map(
    context: typer.Context,
    folder: Folder,
    x: Annotated[str, typer.Argument(help="A parameter of the sweep, across.")],
    y: Annotated[str, typer.Argument(help="Another, upwards.")],
    measure: Annotated[str | None, typer.Argument(help=f"A measure by layer, or one with :who; {USUAL}.")] = None,
    svg: Svg = None,
    as_json: Json = False,
) -> None:
    """Map over two parameters which layer profits most, and where that changes."""
    from watersellers.experiments.cli.run_tables import print_json
    from watersellers.experiments.cli.sweep_tables import print_phases, print_remarks
    from watersellers.experiments.sweeps.analysis.phases import phases
    from watersellers.experiments.sweeps.analysis.remarks import remarks_on_map
    from watersellers.experiments.sweeps.result import Swept

    _check_output(svg)
    found = phases(Swept.ended(folder), x, y, measure)
    if as_json:
        tables = {"cells": found.cells.to_dicts(), "boundary": found.boundary.to_dicts()}
        counts = {"runs": found.runs, "left_out": found.left_out, "empty": found.empty}
        print_json({"x": x, "y": y} | found.dated.facts | {"averaged": found.averaged} | counts | tables)
    else:
        print_phases(found)
        print_remarks(remarks_on_map(found))
    _draw_if_asked(context, "map", svg, found)


def bands(
    context: typer.Context,
    folder: Folder,
    measure: Annotated[str, typer.Option(help="A measure by month, or one with :who.")] = "profit_over_final_spending",
    by: Annotated[str | None, typer.Option(help="A parameter: one band for each of its values.")] = None,
    svg: Svg = None,
    as_json: Json = False,
) -> None:
    """Say what a measure is month by month over all runs, with the bands of half and nine in ten (of few: all)."""
    from watersellers.experiments.sweeps.analysis.bands import bands as compute_bands
    from watersellers.experiments.sweeps.analysis.remarks import remarks_on_bands
    from watersellers.experiments.sweeps.result import Swept

    _check_output(svg)
    swept = Swept.ended(folder)
    found, dated = compute_bands(swept, measure, by), swept.dated(measure)
    _report(f"{dated} over the runs of {folder}", found, dated if as_json else None, remarks_on_bands(found))
    _draw_if_asked(context, "bands", svg, found, dated)


def enough(
    context: typer.Context,
    folder: Folder,
    measure: Measure = None,
    within: Annotated[float | None, option("How far off a point's mean may be.", parser=number)] = None,
    svg: Svg = None,
    as_json: Json = False,
) -> None:
    """Say how the mean of a point narrows with replications, and how many would do."""
    from watersellers.experiments.sweeps.analysis.bands import convergence as compute_precision
    from watersellers.experiments.sweeps.analysis.remarks import remarks_on_convergence
    from watersellers.experiments.sweeps.analysis.selected_measure import headline_measure
    from watersellers.experiments.sweeps.result import Swept

    _check_output(svg)
    swept = Swept.ended(folder)
    dated = swept.dated(measure or headline_measure(swept, UPSTREAM))
    found = compute_precision(swept, dated.text, within)
    title = f"the mean of {dated} at a point, by replicates: {folder}"
    _report(title, found, dated if as_json else None, remarks_on_convergence(found))
    _draw_if_asked(context, "enough", svg, found, dated)


def _report(title: str, found: Any, as_json_of: Any, remarks: Iterable[object]) -> None:
    """Print a table and what there is to remark on it, or JSON if its measure is given, with its months in each row."""
    from watersellers.experiments.cli.run_tables import print_json
    from watersellers.experiments.cli.sweep_tables import print_frame, print_remarks

    if as_json_of:
        print_json([row | as_json_of.facts for row in found.to_dicts()])
    else:
        print_frame(title, found)
        print_remarks(remarks)


def _check_output(svg: Path | None) -> None:
    """Check before any work that a picture may and can be written."""
    from watersellers.experiments.saving.output_files import PICTURE, check_output

    if svg is not None:
        check_output(svg, PICTURE, "--svg")


def _draw_if_asked(context: typer.Context, picture: str, file: Path | None, *shown: Any) -> None:
    """Draw a picture if one is asked for, with the drawing function that the command line provides."""
    if file is not None:
        context.obj.picture(picture, file, *shown)


def _shard(text: str | None) -> tuple[int, int] | None:
    """Read a shard, written as I/N."""
    if text is None:
        return None
    number, slash, of = text.partition("/")
    if not (slash and all(part.isascii() and part.isdecimal() and len(part) <= DIGITS for part in (number, of))):
        raise BadInput(f"--shard: found {shown(text)}, expected I/N, as in 3/10")
    return int(number), int(of)


COMMANDS: tuple[tuple[str, Callable[..., Any], str], ...] = (
    ("sweep", sweep, "Example: watersellers sweep study.toml --resume"),
    ("compact", compact, "Example: watersellers compact sweeps/study"),
    ("sensitivity", sensitivity, "Example: watersellers sensitivity sweeps/study --measure calibrated.upstream_share"),
    ("map", phase_map, "Example: watersellers map sweeps/study chips.lock_in apps.compute --svg map.svg"),
    ("bands", bands, "Example: watersellers bands sweeps/study --measure profit_over_final_spending"),
    ("calibrate", calibrate, "Example: watersellers calibrate calibration.toml --resume"),
    ("enough", enough, "Example: watersellers enough sweeps/study --within 0.01"),
)
