"""The execution of a study from the command line, at its own size or another."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from watersellers.experiments.cli.progress import Progress
from watersellers.experiments.sweeps.admission import Ways
from watersellers.experiments.sweeps.folder.integrity import is_sweep
from watersellers.experiments.sweeps.result import Swept
from watersellers.experiments.sweeps.sweep import Sweep


def run_study(study: Sweep, show: Callable[[Swept], None], arguments: Sequence[str] | None = None) -> Swept:
    """Make the runs that a study lacks, and print the result.

    Arguments: ``--out DIR --months N --users N --replications N --workers N``; ``--show`` prints the result without
    making runs.
    """
    reader = argparse.ArgumentParser(description=study.label)
    reader.add_argument("--out", type=Path, default=Path("sweeps") / study.label)
    for name in ("months", "users", "replications", "workers"):
        reader.add_argument(f"--{name}", type=int)
    reader.add_argument("--show", action="store_true", help="make no run, print the result so far")
    given = reader.parse_args(arguments)
    if given.show:
        found = Swept.open(given.out)
    else:
        sizes = {name: getattr(given, name) for name in ("months", "users", "replications")}
        resized = replace(study, **{name: value for name, value in sizes.items() if value is not None})
        with Progress("runs", shown=True) as progress:
            found = resized.run(given.out, Ways(given.workers, resume=is_sweep(given.out)), progress.ended)
    show(found)
    return found
