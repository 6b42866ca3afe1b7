"""Commands that ask finished runs: where the money came from and went. Each prints tables, or facts for machines."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from watersellers.experiments.options import Json, RunFolder, ScenarioName, Users, Workers, option
from watersellers.experiments.progress import Progress


def trace(
    run: RunFolder,
    by: Annotated[str, typer.Option(help="The convention: pro-rata or fifo.")] = "pro-rata",
    as_json: Json = False,
) -> None:
    """Follow the dollar: whose money each layer was paid with, what is left of it where, and what rests on losers."""
    from watersellers.experiments.following import follow, resting_by_year, stopped_by_year
    from watersellers.experiments.result import Result
    from watersellers.experiments.tables import print_json
    from watersellers.experiments.tables_of_money import print_followed

    result = Result.open(run)
    followed, resting, stopped = follow(result, by), resting_by_year(result), stopped_by_year(result)
    if as_json:
        tables = {"earned": followed.earned, "held": followed.held, "resting": resting, "stopped": stopped}
        print_json({"by": by} | {name: table.to_dicts() for name, table in tables.items()})
    else:
        print_followed(followed, resting, stopped)


def compare(
    first: Annotated[str, typer.Argument(help="The control: a scenario's name, or the path of its .toml file.")],
    second: Annotated[str, typer.Argument(help="What is compared with it.")],
    seeds: Annotated[int, option("How many seeds, from 1 on, each under both.")] = 20,
    months: Annotated[int | None, option("How long; the shorter of the two if not given.")] = None,
    users: Users = 10_000,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Say what a scenario changes: differences in dollars by layer and firm over the same seeds, with bands."""
    from watersellers.experiments.comparing import compare as compared
    from watersellers.experiments.limits import check_size
    from watersellers.experiments.tables import print_json
    from watersellers.experiments.tables_of_money import print_compared

    check_size(0, months, users)
    with Progress("runs", shown=not as_json) as progress:
        found = compared(first, second, seeds, months, users, workers, progress.done)
    if as_json:
        tables = {"layers": found.layers, "firms": found.firms, "months": found.months}
        head = {"first": found.names[0], "second": found.names[1], "seeds": found.seeds, "lived": found.months_lived}
        print_json(head | {name: table.to_dicts() for name, table in tables.items()})
    else:
        print_compared(found)


def decompose(
    scenario: ScenarioName = "baseline",
    seeds: Annotated[int, option("How many seeds, from 1 on; 64 runs each.")] = 5,
    months: Annotated[int | None, option("How long; to February 2025 if not given.")] = None,
    users: Users = 1000,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Share out upstream profit over six causes: every combination of them is a world of its own."""
    from watersellers.experiments.decomposing import decompose as decomposed
    from watersellers.experiments.limits import check_size
    from watersellers.experiments.tables import print_json
    from watersellers.experiments.tables_of_causes import facts_of, print_decomposed

    check_size(0, months, users)
    with Progress("runs", shown=not as_json) as progress:
        found = decomposed(scenario, seeds, months, users, workers, progress.done)
    if as_json:
        print_json(facts_of(found))
    else:
        print_decomposed(found)


def verify(
    seeds: Annotated[int, option("How many seeds, from 1 on; laws and causes have a fifth.")] = 100,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Print the statistical verdicts: what has to come out of the reference world, and in how many seeds it did."""
    from dataclasses import asdict

    from watersellers.experiments.limits import check_seeds
    from watersellers.experiments.tables import print_json
    from watersellers.experiments.tables_of_causes import print_verdicts
    from watersellers.experiments.verifying import runs_in_all
    from watersellers.experiments.verifying import verify as verified

    check_seeds(seeds)
    with Progress("runs", shown=not as_json) as progress:
        found = verified(seeds, workers, progress.counting(runs_in_all(seeds)))
    if as_json:
        print_json({"seeds": seeds, "verdicts": [asdict(each) | {"comes_out": each.comes_out} for each in found]})
    else:
        print_verdicts(found)


def fit(
    file: Annotated[str, typer.Argument(help="upstream, downstream, or the path of a fit's .toml file.")],
    log: Annotated[Path | None, typer.Option(help="The log of steps; the .csv beside the file if not given.")] = None,
    workers: Workers = None,
    look: Annotated[bool, typer.Option("--look", help="Also which numbers the targets tell apart; some runs.")] = False,
    adopt: Annotated[bool, typer.Option("--adopt", help="Write the nearest step into the table of numbers.")] = False,
    as_json: Json = False,
) -> None:
    """Fit numbers of the reference world to published figures; go on where the log stops, and say how near it came."""
    from watersellers.experiments.fits.adopting import adopt as adopted
    from watersellers.experiments.fits.calibrating import best, calibrate, looked
    from watersellers.experiments.fits.fitting import fit_file, load_fit
    from watersellers.experiments.fits.tables_of_fits import facts_of_fit, print_fit
    from watersellers.experiments.tables import print_json

    path = fit_file(file)
    read = load_fit(path)
    with Progress("steps", shown=not as_json) as progress:
        done = calibrate(read, log or path.with_suffix(".csv"), workers, progress.done)
        known = looked(read, best(done).point, workers) if look else None
    if adopt:
        adopted(read, best(done).point, path.stem)
    if as_json:
        print_json(facts_of_fit(done, known))
    else:
        print_fit(read, done, known)


COMMANDS: tuple[tuple[Callable[..., Any], str], ...] = (
    (trace, "Example: watersellers trace runs/baseline-seed1 --by fifo"),
    (compare, "Example: watersellers compare baseline export_ban.toml --seeds 20"),
    (decompose, "Example: watersellers decompose --seeds 5"),
    (fit, "Example: watersellers fit upstream --look"),
    (verify, "Example: watersellers verify --seeds 100"),
)
