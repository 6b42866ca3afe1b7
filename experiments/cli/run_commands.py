"""Commands that run a scenario, or list scenarios, numbers and the article's facts."""

import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, Any

import typer

from watersellers.experiments.cli.options import Json, Months, ScenarioName, Seed, Settings, Threads, Users, settings_of
from watersellers.experiments.cli.progress import Progress
from watersellers.experiments.input.errors import BadInput

scenarios_app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)


def run(
    scenario: ScenarioName = "baseline",
    seed: Seed = 1,
    months: Months = None,
    users: Users = 10_000,
    settings: Settings = None,
    backend: Annotated[str, typer.Option(help="How to compute: auto, numpy or numba. It moves no number.")] = "auto",
    threads: Threads = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write; runs/SCENARIO-seedN if not given.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a run folder that stands there.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Run a scenario once: print who earned what and what happened, and save the run folder."""
    from watersellers.experiments.loading.limits import backend_for, check_backend, check_size, cores

    check_backend(backend, threads)
    check_size(seed, months, users)
    if threads:
        os.environ["POLARS_MAX_THREADS"] = str(threads)  # read once, when what is named below loads it
    from watersellers.experiments.cli.run_tables import print_json, print_run, run_facts
    from watersellers.experiments.loading.catalogue import builtin_catalogue
    from watersellers.experiments.loading.loader import load_scenario
    from watersellers.experiments.loading.writer import scenario_toml
    from watersellers.experiments.runs.run import run as run_scenario
    from watersellers.experiments.saving.run_folder import check_text, new_folder, write

    chosen = settings_of(settings or [])
    spec = load_scenario(scenario, chosen)
    check_text(scenario_toml(spec, builtin_catalogue().menus).encode())
    target = out or Path("runs") / f"{spec.scenario}-seed{seed}"
    how: dict[str, Any] = {"backend": backend_for(users, backend), "threads": threads or cores()}
    with new_folder(target, force) as folder, Progress("months", shown=not (quiet or as_json)) as progress:
        if not (quiet or as_json):
            typer.echo(f"computing with {how['backend']}, threads: {how['threads']}")
        result = run_scenario(scenario, seed, months, users, set=chosen, progress=progress.done, **how)
        write(folder, result.frames(), result.manifest)
    if as_json:
        print_json(run_facts(result, str(target)))
    elif not quiet:
        print_run(result, str(target))


def rerun(
    manifest: Annotated[Path, typer.Argument(help="The manifest of a run, or its folder.")],
    strategies: Annotated[
        list[str] | None,
        typer.Option(metavar="FILE.py", help="Where strategies of your own stand, if not here; may be repeated."),
    ] = None,
    threads: Threads = None,
    as_json: Json = False,
) -> None:
    """Make a run again from its manifest, and say whether the same comes out, and if not, what has changed."""
    from watersellers.experiments.cli.rerun_tables import print_rerun, rerun_facts
    from watersellers.experiments.cli.run_tables import print_json
    from watersellers.experiments.loading.limits import check_backend, cores
    from watersellers.experiments.runs.rerun import rerun as rerun_manifest
    from watersellers.experiments.runs.stopping import BROKEN

    check_backend("auto", threads)
    with Progress("months", shown=not as_json) as progress:
        found = rerun_manifest(manifest, strategies or (), progress.done, threads or cores())
    if as_json:
        print_json(rerun_facts(found))
    else:
        print_rerun(found)
    if not found.same:
        raise typer.Exit(BROKEN)


@scenarios_app.callback(epilog="Example: watersellers scenarios")
def scenarios(context: typer.Context, as_json: Json = False) -> None:
    """List the scenarios, each with its question."""
    if context.invoked_subcommand:
        return
    from watersellers.experiments.cli.run_tables import print_json, print_scenarios
    from watersellers.experiments.loading.catalogue import builtin_catalogue

    read = [builtin_catalogue().read(name) for name in builtin_catalogue().names()]
    if as_json:
        print_json([{"name": each.name, "question": each.question} for each in read])
    else:
        print_scenarios([(each.name, each.question) for each in read])


@scenarios_app.command(epilog="Example: watersellers scenarios show baseline > mine.toml")
def show(
    name: ScenarioName,
    as_json: Json = False,
) -> None:
    """Print a scenario with every number, strategy and date resolved, as a file that can be run."""
    from watersellers.experiments.cli.run_tables import print_json
    from watersellers.experiments.loading.catalogue import builtin_catalogue
    from watersellers.experiments.loading.loader import load_scenario
    from watersellers.experiments.loading.writer import scenario_toml

    spec = load_scenario(name)
    text = scenario_toml(spec, builtin_catalogue().menus)
    if as_json:
        said = {"notes": list(spec.notes), "warnings": list(spec.warnings)}
        print_json({"name": spec.scenario, "question": spec.question} | tomllib.loads(text) | said)
    else:
        notes = "".join(f"# {' '.join(note.split())}\n" for note in spec.notes)
        typer.echo(text + notes, nl=False)


def parameters(
    word: Annotated[str, typer.Argument(help="Only rows with this in name, unit, source or note.")] = "",
    as_json: Json = False,
) -> None:
    """List every number of the model with its unit, value, range and source."""
    from dataclasses import asdict

    from watersellers.experiments.cli.run_tables import print_json, print_parameters
    from watersellers.experiments.loading.catalogue import builtin_catalogue

    found = builtin_catalogue().parameters.search(word)
    if as_json:
        print_json([asdict(row) for row in found])
    else:
        print_parameters(found)


def columns(
    word: Annotated[str, typer.Argument(help="A table, or a word in any of its columns' rows; all if empty.")] = "",
    as_json: Json = False,
) -> None:
    """List every column of every table with its type, unit and meaning, and what a missing value means."""
    from dataclasses import asdict

    from watersellers.experiments.cli.run_tables import print_columns, print_json
    from watersellers.experiments.saving.data_dictionary import data_dictionary, find_columns

    found = find_columns(word) if word else data_dictionary()
    if as_json:
        print_json([asdict(row) for row in found])
    else:
        print_columns(found)


def decisions(
    name: Annotated[str, typer.Argument(help="A decision, as labs.research; all of them if none is named.")] = "",
    example: Annotated[Path | None, typer.Option(help="A .py file to write, with the example in it.")] = None,
    as_json: Json = False,
) -> None:
    """Say what a decision of firms is about, what a rule of it sees and must answer, and show one of your own."""
    from dataclasses import asdict

    from watersellers.experiments.cli.run_tables import print_json, print_table
    from watersellers.experiments.own_code.decisions import decision
    from watersellers.experiments.own_code.decisions import decisions as all_decisions
    from watersellers.experiments.saving.output_files import EXAMPLE, write_new

    found = [decision(name)] if name else list(all_decisions().values())
    if example:
        if not name:
            raise BadInput(f"example: found {example} and no decision, expected one, as in labs.research")
        write_new(f"{found[0].example}\n", example, EXAMPLE, "--example")
    if as_json:
        print_json([asdict(each) for each in found])
    elif name:
        typer.echo(str(found[0]))
    else:
        rows = [[each.name, each.asks, ", ".join(each.menu)] for each in found]
        print_table(
            "decisions of firms; name one to see its page", ("decision", "what it decides", "on the menu"), rows
        )


def facts(
    word: Annotated[
        str | None,
        typer.Argument(help="With --where: a row, as S037, or a word of its subject; all if not given."),
    ] = None,
    where: Annotated[
        bool,
        typer.Option(
            "--where", help="List the article's figures, with who stands for each and what came out of its stories."
        ),
    ] = False,
    as_json: Json = False,
) -> None:
    """Recompute the article's arithmetic from its inputs, or list its figures with who stands for each."""
    from dataclasses import asdict

    from watersellers.experiments.analysis.article_facts import findings
    from watersellers.experiments.cli.entity_tables import facts_of_rows, print_rows
    from watersellers.experiments.cli.run_tables import print_findings, print_json
    from watersellers.experiments.stories.article_rows import article_rows

    if word and not where:
        raise BadInput(f"facts {word}: a word chooses rows of the list that --where prints; add --where")
    if where and as_json:
        print_json(facts_of_rows(article_rows(word)))
        return
    if where:
        print_rows(article_rows(word))
        return
    found = list(findings())
    if as_json:
        print_json([asdict(each) for each in found])
    else:
        print_findings(found)


COMMANDS: list[tuple[Callable[..., None], str]] = [  # each with its example
    (run, "Example: watersellers run baseline --seed 3 --set chips.lock_in=0.5 --set cloud.pricing=cost_plus"),
    (rerun, "Example: watersellers rerun runs/baseline-seed1, or watersellers rerun manifest.json --json"),
    (parameters, "Example: watersellers parameters lock_in"),
    (columns, "Example: watersellers columns flows"),
    (decisions, "Example: watersellers decisions labs.research"),
    (facts, "Example: watersellers facts --json"),
]
