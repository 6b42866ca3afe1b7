"""Commands for studies: carry one out, and ask what came out. Each prints tables, or facts for machines."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.asking import Json
from experiments.errors import BadInput
from experiments.progress import Progress

STOPPED = 130  # exit status after Ctrl-C
Folder = Annotated[Path, typer.Argument(help="A sweep folder.")]


def sweep(
    study: Annotated[Path, typer.Argument(help="The study's .toml file.")],
    out: Annotated[Path | None, typer.Option(help="Folder to write; sweeps/STUDY if not given.")] = None,
    workers: Annotated[int | None, typer.Option(help="Processes; all cores if not given.")] = None,
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
    from experiments.sweeps.carrying import Ways
    from experiments.sweeps.estimating import estimate
    from experiments.sweeps.printing import print_plan, print_swept, swept_facts
    from experiments.sweeps.sweep import Sweep
    from experiments.tables import print_json

    ways = Ways(workers, cluster, _shard(shard), resume, rerun_failed)
    asked = Sweep.read(study)
    plan = asked.plan()
    if plan_only or not as_json:
        print_plan(plan, estimate(plan, workers), as_json)
    if plan_only:
        return
    place = out or Path("sweeps") / study.stem
    try:
        with Progress("runs", shown=not as_json) as progress:
            found = asked.run(place, ways, progress.ended)
    except KeyboardInterrupt:
        typer.echo(f"stopped; finished runs are kept in {place}, --resume goes on", err=True)
        raise typer.Exit(STOPPED) from None
    if as_json:
        print_json(swept_facts(found))
    else:
        print_swept(found)


def compact(folder: Folder, as_json: Json = False) -> None:
    """Make the tables of a sweep of all that is finished, in place of many small files."""
    from experiments.sweeps.folder import compact as compacted
    from experiments.sweeps.folder import held
    from experiments.sweeps.printing import print_swept, swept_facts
    from experiments.sweeps.study import plan_in
    from experiments.sweeps.swept import Swept
    from experiments.tables import print_json

    plan = plan_in(folder)
    with held(folder):
        compacted(folder, plan)
    found = Swept.open(folder)
    if as_json:
        print_json(swept_facts(found))
    else:
        print_swept(found)


def _shard(text: str | None) -> tuple[int, int] | None:
    """Read I/N."""
    if text is None:
        return None
    number, slash, of = text.partition("/")
    if not (slash and number.isdecimal() and of.isdecimal()):
        raise BadInput(f"--shard: found {text!r}, expected I/N, as in 3/10")
    return int(number), int(of)


COMMANDS: tuple[tuple[Callable[..., Any], str], ...] = (
    (sweep, "Example: watersellers sweep study.toml --resume"),
    (compact, "Example: watersellers compact sweeps/study"),
)
