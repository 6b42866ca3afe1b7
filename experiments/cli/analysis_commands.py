"""Commands that analyse finished runs. Each prints tables, or JSON."""

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from watersellers.experiments.cli.options import (
    Json,
    RunFolder,
    ScenarioName,
    Settings,
    Users,
    Workers,
    option,
    settings_of,
    whole_or_all,
)
from watersellers.experiments.cli.progress import Progress
from watersellers.experiments.input.errors import BadInput

type Asked = tuple[str, str, int, int | None, int, int | None]  # two scenarios, seeds, months, users and workers


def trace(
    run: RunFolder,
    by: Annotated[str, typer.Option(help="The convention: pro-rata or fifo.")] = "pro-rata",
    as_json: Json = False,
) -> None:
    """Follow the dollar: whose money each layer was paid with, what is left of it where, and what rests on losers."""
    from watersellers.experiments.analysis.money_trace import (
        follow_money,
        resting_by_year,
        stopped_by_year,
        through_pools,
    )
    from watersellers.experiments.analysis.windows import Period, calendar_year_names
    from watersellers.experiments.cli.money_tables import print_followed, print_pools
    from watersellers.experiments.cli.run_tables import print_json
    from watersellers.experiments.runs.result import Result

    result = Result.open(run)
    lived = Period.of(result.layers["month"].unique())
    assert lived is not None  # a saved run has a month at least
    followed, years = follow_money(result, by), {str(y): name for y, name in calendar_year_names(lived).items()}
    resting, stopped = (by_year(result).rename(years) for by_year in (resting_by_year, stopped_by_year))
    pools = through_pools(result, by)
    if as_json:
        tables = {"earned": followed.earned, "held": followed.held, "pools": pools, "resting": resting}
        tables |= {"stopped": stopped}
        print_json({"by": by} | lived.facts | {name: table.to_dicts() for name, table in tables.items()})
    else:
        print_followed(followed, lived, resting, stopped)
        print_pools(pools, by, lived)


def compare(
    context: typer.Context,
    first: Annotated[str, typer.Argument(help="The control: a scenario's name, or the path of its .toml file.")],
    second: Annotated[
        str | None, typer.Argument(help="What is compared with it; the same with what is set, if none is named.")
    ] = None,
    seeds: Annotated[int, option("How many seeds, from 1 on, each under both.")] = 20,
    months: Annotated[int | None, option("How long; the shorter of the two if not given.")] = None,
    users: Users = 10_000,
    workers: Workers = None,
    steps: Annotated[
        bool, typer.Option("--steps", help="Put in one by one what the second extends and the first does not have.")
    ] = False,
    page: Annotated[Path | None, typer.Option(help="An .html file to write: the steps as a page.")] = None,
    settings: Settings = None,
    as_json: Json = False,
) -> None:
    """Say what a scenario or a setting changes: differences in dollars by layer and firm over the same seeds."""
    from watersellers.experiments.analysis.comparison.two_worlds import compare as compare_scenarios
    from watersellers.experiments.cli.money_tables import facts_of_comparison, print_compared
    from watersellers.experiments.cli.run_tables import print_json
    from watersellers.experiments.loading.limits import check_size

    check_size(0, months, users)
    chosen = settings_of(settings)
    if steps:
        if second is None or chosen:
            raise BadInput("steps: lie between two scenarios; name both, and leave out --set")
        _compare_steps(context, (first, second, seeds, months, users, workers), page, as_json)
        return
    if page:
        raise BadInput(f"page: found {page} without steps, expected both; add --steps, or leave out --page")
    with Progress("runs", shown=not as_json) as progress:
        found = compare_scenarios(first, second, seeds, months, users, workers, progress.done, chosen)
    if as_json:
        print_json(facts_of_comparison(found))
    else:
        print_compared(found)


def _compare_steps(context: typer.Context, asked: Asked, page: Path | None, as_json: bool) -> None:
    """Compare the worlds on the way from one to another, and write the page that the command line provides."""
    from watersellers.experiments.analysis.comparison.steps import compare_steps
    from watersellers.experiments.cli.money_tables import facts_of_steps, print_steps
    from watersellers.experiments.cli.run_tables import print_json
    from watersellers.experiments.saving.output_files import PAGE, check_output

    file = check_output(page, PAGE, "--page") if page else None
    with Progress("runs", shown=not as_json) as progress:
        found = compare_steps(*asked, progress.done)
    if file:
        context.obj.steps(found, file)
    if as_json:
        print_json(facts_of_steps(found))
    else:
        print_steps(found)
    if file and not as_json:
        typer.echo(f"page: {file}")


def decompose(
    scenario: ScenarioName = "baseline",
    seeds: Annotated[int, option("How many seeds, from 1 on; at most 68 runs each, unless --orders says more.")] = 5,
    months: Annotated[int | None, option("How long; to February 2025 if not given.")] = None,
    users: Users = 1000,
    workers: Workers = None,
    orders: Annotated[
        str | None,
        option(
            "In how many orders the causes are put back for each seed, each order with its reverse, so an even number;"
            " or all: every combination of causes is run. 6 if not given.",
            parser=whole_or_all,
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Share out each layer's profit over its causes: what each adds when they are put back, in one order or another."""
    from watersellers.experiments.analysis.decomposition.decompose import decompose as decompose_profit
    from watersellers.experiments.cli.decomposition_tables import facts_of, print_decomposed
    from watersellers.experiments.cli.run_tables import print_json
    from watersellers.experiments.loading.limits import check_size

    check_size(0, months, users)
    with Progress("runs", shown=not as_json) as progress:
        found = decompose_profit(scenario, seeds, months, users, workers, progress.done, orders=orders)
    if as_json:
        print_json(facts_of(found))
    else:
        print_decomposed(found)


def outlook(
    seeds: Annotated[int, option("How many seeds, from 1 on, in each world.")] = 10,
    users: Users = 1000,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Say what 2026 and 2028 look like over laws of adoption, rebounds and seeds, and which of these spreads them."""
    from watersellers.experiments.analysis.outlook.worlds import look_ahead
    from watersellers.experiments.cli.outlook_tables import facts_of_outlook, print_outlook
    from watersellers.experiments.cli.run_tables import print_json

    with Progress("runs", shown=not as_json) as progress:
        found = look_ahead(seeds, users, workers, progress.done)
    if as_json:
        print_json(facts_of_outlook(found))
    else:
        print_outlook(found)


def entities(
    scenario: ScenarioName = "baseline",
    seed: Annotated[int, option("The seed of the run.")] = 1,
    users: Users = 4000,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Say for each company, product and group of the article whether it is at work in a world, with a figure."""
    from watersellers.experiments.analysis.entities import find_entities
    from watersellers.experiments.cli.entity_tables import facts_of_entities, print_entities
    from watersellers.experiments.cli.run_tables import print_json

    with Progress("entities", shown=not as_json) as progress:
        found = find_entities(scenario, seed, users, workers, progress.done)
    if as_json:
        print_json(facts_of_entities(found))
    else:
        print_entities(found)


def verify(
    seeds: Annotated[int, option("How many seeds, from 1 on; a fifth of them for most parts.")] = 100,
    only: Annotated[
        str | None, typer.Option(help="One part: signs, sanity, switches, laws, causes, inputs, own, demand, supply.")
    ] = None,
    workers: Workers = None,
    as_json: Json = False,
) -> None:
    """Print the statistical verdicts: what has to come out of the reference world, and in how many seeds it did."""
    from dataclasses import asdict

    from watersellers.experiments.analysis.verification import runs_in_all
    from watersellers.experiments.analysis.verification import verify as verify_claims
    from watersellers.experiments.cli.decomposition_tables import print_verdicts
    from watersellers.experiments.cli.run_tables import print_json
    from watersellers.experiments.loading.limits import check_seeds

    check_seeds(seeds)
    with Progress("runs", shown=not as_json) as progress:
        found = verify_claims(seeds, workers, progress.counting(runs_in_all(seeds, only)), only)
    if as_json:
        print_json({"seeds": seeds, "verdicts": [asdict(each) | {"comes_out": each.comes_out} for each in found]})
    else:
        print_verdicts(found)


def fit(
    file: Annotated[str, typer.Argument(help="The name of a fit, as upstream, or the path of its .toml file.")],
    log: Annotated[Path | None, typer.Option(help="The log of steps; the .csv beside the file if not given.")] = None,
    workers: Workers = None,
    look: Annotated[bool, typer.Option("--look", help="Also which numbers the targets tell apart; some runs.")] = False,
    adopt: Annotated[bool, typer.Option("--adopt", help="Write the nearest step into the table, or scenario.")] = False,
    as_json: Json = False,
) -> None:
    """Fit numbers of the reference world to published figures; go on where the log stops, and say how near it came."""
    from watersellers.experiments.calibration.fit import fit_path, load_fit, refuse_to_adopt
    from watersellers.experiments.calibration.parameter_table_update import adopt as adopt_numbers
    from watersellers.experiments.calibration.scenario_update import adopt_into_scenario
    from watersellers.experiments.calibration.search import best_step, calibrate, identify_near
    from watersellers.experiments.cli.fit_tables import facts_of_fit, print_fit
    from watersellers.experiments.cli.run_tables import print_json

    path = fit_path(file)
    read = load_fit(path)
    if adopt:
        refuse_to_adopt(read)
    with Progress("steps", shown=not as_json) as progress:
        done = calibrate(read, log or path.with_suffix(".csv"), workers, progress.done)
        known = identify_near(read, best_step(done).point, workers) if look else None
    if adopt and read.into:
        adopt_into_scenario(read, best_step(done).point, read.into)
    elif adopt:
        adopt_numbers(read, best_step(done).point, path.stem)
    if as_json:
        print_json(facts_of_fit(done, known))
    else:
        print_fit(read, done, known)


COMMANDS: tuple[tuple[Callable[..., Any], str], ...] = (
    (trace, "Example: watersellers trace runs/baseline-seed1 --by fifo"),
    (compare, "Example: watersellers compare baseline export_ban.toml, or watersellers compare plain baseline --steps"),
    (entities, "Example: watersellers entities baseline"),
    (decompose, "Example: watersellers decompose --seeds 5"),
    (fit, "Example: watersellers fit upstream --look"),
    (outlook, "Example: watersellers outlook --seeds 10"),
    (verify, "Example: watersellers verify --seeds 100"),
)
