"""Commands that ask finished runs: where the money came from and went. Each prints tables, or facts for machines."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.progress import Progress

Json = Annotated[bool, typer.Option("--json", help="Print the same facts for machines.")]


def trace(
    run: Annotated[Path, typer.Argument(help="A run folder.")],
    by: Annotated[str, typer.Option(help="The convention: pro-rata or fifo.")] = "pro-rata",
    as_json: Json = False,
) -> None:
    """Follow the dollar: whose money each layer was paid with, what is left of it where, and what rests on losers."""
    from experiments.following import follow, resting_by_year
    from experiments.result import Result
    from experiments.tables import print_json
    from experiments.tables_of_money import print_followed

    result = Result.open(run)
    followed, resting = follow(result, by), resting_by_year(result)
    if as_json:
        tables = {"earned": followed.earned, "held": followed.held, "resting": resting}
        print_json({"by": by} | {name: table.to_dicts() for name, table in tables.items()})
    else:
        print_followed(followed, resting)


def compare(
    first: Annotated[str, typer.Argument(help="The control: a scenario's name, or the path of its .toml file.")],
    second: Annotated[str, typer.Argument(help="What is compared with it.")],
    seeds: Annotated[int, typer.Option(help="How many seeds, from 1 on, each under both.")] = 20,
    months: Annotated[int | None, typer.Option(help="How long; the shorter of the two if not given.")] = None,
    users: Annotated[int, typer.Option(help="How many simulated users stand for all people.")] = 10_000,
    workers: Annotated[int | None, typer.Option(help="Processes; all cores if not given.")] = None,
    as_json: Json = False,
) -> None:
    """Say what a scenario changes: differences in dollars by layer and firm over the same seeds, with bands."""
    from experiments.comparing import compare as compared
    from experiments.limits import check_size
    from experiments.tables import print_json
    from experiments.tables_of_money import print_compared

    check_size(0, months, users)
    with Progress("runs", shown=not as_json) as progress:
        found = compared(first, second, seeds, months, users, workers, progress.done)
    if as_json:
        tables = {"layers": found.layers, "firms": found.firms, "months": found.months}
        head = {"first": found.names[0], "second": found.names[1], "seeds": found.seeds, "lived": found.months_lived}
        print_json(head | {name: table.to_dicts() for name, table in tables.items()})
    else:
        print_compared(found)


def validate(
    scenario: Annotated[str, typer.Argument(help="A scenario's name, or the path of its .toml file.")] = "baseline",
    seeds: Annotated[int, typer.Option(help="How many seeds, from 1 on.")] = 40,
    users: Annotated[int, typer.Option(help="How many simulated users stand for all people.")] = 10_000,
    workers: Annotated[int | None, typer.Option(help="Processes; all cores if not given.")] = None,
    as_json: Json = False,
) -> None:
    """Hold the reference world against published figures up to February 2025, and say what fits and what does not."""
    from dataclasses import asdict

    from experiments.limits import check_size
    from experiments.tables import print_json
    from experiments.tables_of_targets import print_stands
    from experiments.validating import score
    from experiments.validating import validate as validated

    check_size(0, None, users)
    with Progress("runs", shown=not as_json) as progress:
        found = validated(scenario, seeds, users, workers, progress.done)
    if as_json:
        print_json({"seeds": seeds, "targets": [asdict(each) for each in found], "score": score(found).to_dicts()})
    else:
        print_stands(found, seeds)


COMMANDS: tuple[tuple[Callable[..., Any], str], ...] = (
    (trace, "Example: watersellers trace runs/baseline-seed1 --by fifo"),
    (compare, "Example: watersellers compare baseline export_ban.toml --seeds 20"),
    (validate, "Example: watersellers validate --seeds 40"),
)
