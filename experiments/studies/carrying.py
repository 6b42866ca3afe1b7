"""Carry out a study from the command line, in its own size or in another, and print what it shows."""

import argparse
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from watersellers.experiments.progress import Progress
from watersellers.experiments.sweeps.beginning import Ways
from watersellers.experiments.sweeps.checking import is_sweep
from watersellers.experiments.sweeps.sweep import Sweep
from watersellers.experiments.sweeps.swept import Swept


def carry(study: Sweep, show: Callable[[Swept], None], arguments: Sequence[str] | None = None) -> Swept:
    """Make the runs of a study that are missing, and show what came out.

    Arguments: ``--out DIR --months N --users N --replications N --workers N``; ``--show`` only shows what is there.
    """
    reader = argparse.ArgumentParser(description=study.label)
    reader.add_argument("--out", type=Path, default=Path("sweeps") / study.label)
    for name in ("months", "users", "replications", "workers"):
        reader.add_argument(f"--{name}", type=int)
    reader.add_argument("--show", action="store_true", help="make no run, show what is there")
    given = reader.parse_args(arguments)
    if given.show:
        found = Swept.open(given.out)
    else:
        said = {name: getattr(given, name) for name in ("months", "users", "replications")}
        asked = replace(study, **{name: value for name, value in said.items() if value is not None})
        with Progress("runs", shown=True) as progress:
            found = asked.run(given.out, Ways(given.workers, resume=is_sweep(given.out)), progress.ended)
    show(found)
    return found
