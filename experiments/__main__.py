"""The command line. What a command needs beyond this page it loads when it is called, so that help comes at once."""

import os
import sys
import tomllib
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from watersellers.experiments.asking import COMMANDS
from watersellers.experiments.errors import BadFolder, BadInput, CutShort, WorkerLost, shown, word
from watersellers.experiments.options import Json, Months, ScenarioName, Seed, Seeds, Threads, Users, Workers, option
from watersellers.experiments.progress import Progress
from watersellers.experiments.stopping import (
    BAD_INPUT,
    BROKEN,
    DONE,
    Stopped,
    heeding_signals,
    let_any_text_out,
    status_of,
)
from watersellers.experiments.sweeps.commands import COMMANDS as OF_SWEEPS

STORIES = Path("runs") / "stories"
CURES = {  # what helps a folder, in the words of the command line
    "taken": "--force replaces it, --out names another place",
    "closed": "name another place with --out",
    "torn": "run again with --force",
    "large": "leave firms out of the scenario",
    "shared": "move it away, or name another place with --out",
}

app = typer.Typer(
    name="watersellers",
    help="Who profits in the AI value chain, from chips to users? An agent-based market simulation.",
    epilog="Example: watersellers run, then watersellers report runs/baseline-seed1",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
scenarios_app = typer.Typer(invoke_without_command=True, rich_markup_mode=None)
app.add_typer(scenarios_app, name="scenarios", epilog="Example: watersellers scenarios show baseline > mine.toml")


@app.command(epilog="Example: watersellers run baseline --seed 3 --set chips.lock_in=0.5 --set cloud.pricing=cost_plus")
def run(
    scenario: ScenarioName = "baseline",
    seed: Seed = 1,
    months: Months = None,
    users: Users = 10_000,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Any number or strategy by its path; may be repeated."),
    ] = None,
    backend: Annotated[str, typer.Option(help="How to compute: auto, numpy or numba. It moves no number.")] = "auto",
    threads: Threads = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write; runs/SCENARIO-seedN if not given.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a run folder that stands there.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Run a scenario once: print who earned what and what happened, and save the run folder."""
    from watersellers.experiments.limits import backend_for, check_backend, check_size, cores

    check_backend(backend, threads)
    check_size(seed, months, users)
    if threads:
        os.environ["POLARS_MAX_THREADS"] = str(threads)  # read once, when what is named below loads it
    from watersellers.experiments.catalogue import ours
    from watersellers.experiments.running import run as live
    from watersellers.experiments.saving.store import check_text, new_folder, write
    from watersellers.experiments.scenario import load_scenario
    from watersellers.experiments.scenario_text import text_of
    from watersellers.experiments.tables import print_json, print_run, run_facts

    chosen = dict(_setting(text) for text in settings or [])
    setting = load_scenario(scenario, chosen)
    check_text(text_of(setting, ours().menus).encode())
    place = out or Path("runs") / f"{setting.scenario}-seed{seed}"
    how: dict[str, Any] = {"backend": backend_for(users, backend), "threads": threads or cores()}
    with new_folder(place, force) as folder, Progress("months", shown=not (quiet or as_json)) as progress:
        if not (quiet or as_json):
            typer.echo(f"computing with {how['backend']}, threads: {how['threads']}")
        result = live(scenario, seed, months, users, set=chosen, progress=progress.done, **how)
        write(folder, result.frames(), result.manifest)
    if as_json:
        print_json(run_facts(result, str(place)))
    elif not quiet:
        print_run(result, str(place))


def _setting(text: str) -> tuple[str, Any]:
    """Read PATH=VALUE: a number, true, false or a list as in TOML, anything else as text."""
    from watersellers.experiments.text_files import parse_toml

    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise BadInput(f"--set: found {shown(text)}, expected PATH=VALUE, as in chips.lock_in=0.5")
    try:
        tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError:
        return path.strip(), value.strip()
    except (RecursionError, ValueError):
        pass  # what it lacks is said below
    read = parse_toml(f"value = {value}", f"--set {word(path.strip())}")
    return path.strip(), read["value"] if set(read) == {"value"} else value.strip()


@scenarios_app.callback(epilog="Example: watersellers scenarios")
def scenarios(context: typer.Context, as_json: Json = False) -> None:
    """List the scenarios, each with its question."""
    if context.invoked_subcommand:
        return
    from watersellers.experiments.catalogue import ours
    from watersellers.experiments.tables import print_json, print_scenarios

    read = [ours().read(name) for name in ours().names()]
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
    from watersellers.experiments.catalogue import ours
    from watersellers.experiments.scenario import load_scenario
    from watersellers.experiments.scenario_text import text_of
    from watersellers.experiments.tables import print_json

    setting = load_scenario(name)
    text = text_of(setting, ours().menus)
    if as_json:
        print_json({"name": setting.scenario, "question": setting.question} | tomllib.loads(text))
    else:
        typer.echo(text, nl=False)


@app.command(epilog="Example: watersellers parameters lock_in")
def parameters(
    word: Annotated[str, typer.Argument(help="Only rows with this in name, unit, source or note.")] = "",
    as_json: Json = False,
) -> None:
    """List every number of the model with its unit, value, range and source."""
    from dataclasses import asdict

    from watersellers.experiments.catalogue import ours
    from watersellers.experiments.tables import print_json, print_parameters

    found = ours().parameters.search(word)
    if as_json:
        print_json([asdict(row) for row in found])
    else:
        print_parameters(found)


@app.command(epilog="Example: watersellers facts --json")
def facts(as_json: Json = False) -> None:
    """Recompute the article's arithmetic from its inputs, and say which figures agree."""
    from dataclasses import asdict

    from watersellers.experiments.facts import findings
    from watersellers.experiments.tables import print_findings, print_json

    found = list(findings())
    if as_json:
        print_json([asdict(each) for each in found])
    else:
        print_findings(found)


@app.command(epilog="Example: watersellers report runs/baseline-seed1")
def report(
    run: Annotated[Path, typer.Argument(help="A run folder, or a sweep folder.")],
    out: Annotated[Path | None, typer.Option(help="File to write; report.html in the folder if not given.")] = None,
) -> None:
    """Make one self-contained HTML file with pictures of a run and its books, or of a sweep; it opens offline."""
    from watersellers.experiments.result import Result
    from watersellers.experiments.sweeps.checking import is_sweep
    from watersellers.viz.report import report_html
    from watersellers.viz.sheet import write_sheet

    file = _page_place(out, run)
    if is_sweep(run):
        from watersellers.experiments.sweeps.swept import Swept
        from watersellers.viz.sweep_report import sweep_html

        page = sweep_html(Swept.ended(run))
    else:
        page = report_html(Result.open(run))
    write_sheet(page, file)
    typer.echo(f"report: {file}")


@app.command(epilog="Example: watersellers story funding_winter --seeds 20")
def story(
    name: Annotated[str, typer.Argument(help="A story's name; watersellers stories --list names them.")],
    seeds: Annotated[int, option("How many seeds, from 1 on, each under every world of the story.")] = 20,
    users: Users = 2_000,
    workers: Workers = None,
    out: Annotated[Path, typer.Option(help="Folder for the page NAME.html.")] = STORIES,
    as_json: Json = False,
) -> None:
    """Tell a story of the article against its control: its claim, what would count against it, what came out."""
    from watersellers.experiments.saving.places import PAGE, check_folder
    from watersellers.experiments.stories.playing import Size
    from watersellers.experiments.stories.staging import staged
    from watersellers.experiments.stories.story import story as told
    from watersellers.experiments.stories.tables_of_stories import print_story, story_facts
    from watersellers.experiments.tables import print_json
    from watersellers.viz.story import write_story

    asked = told(name)
    check_folder(out, [f"{name}.html"], PAGE)
    (played,) = staged([asked], Size(seeds, users, workers), out, shown=not as_json)
    page = write_story(played, out / f"{name}.html")
    if as_json:
        print_json(story_facts(played) | {"page": str(page)})
    else:
        print_story(played, str(page))


@app.command(epilog="Example: watersellers stories --seeds 20, or watersellers stories qq_moment chip_rivals")
def stories(
    names: Annotated[list[str] | None, typer.Argument(help="Stories to tell; all if none is named.")] = None,
    seeds: Annotated[int, option("How many seeds, from 1 on, each under every world of every story.")] = 20,
    users: Users = 2_000,
    workers: Workers = None,
    out: Annotated[Path, typer.Option(help="Folder for atlas.html and a page for each story.")] = STORIES,
    listed: Annotated[
        bool, typer.Option("--list", help="Name the stories with their questions, and run nothing.")
    ] = False,
    as_json: Json = False,
) -> None:
    """Tell all stories: the atlas of which claims hold, under which conditions, and where they turn around."""
    from watersellers.experiments.saving.places import PAGE, check_folder
    from watersellers.experiments.stories.playing import Size
    from watersellers.experiments.stories.staging import staged
    from watersellers.experiments.stories.story import story as told_of
    from watersellers.experiments.stories.story import story_names
    from watersellers.experiments.stories.tables_of_stories import print_atlas, print_stories, story_facts
    from watersellers.experiments.tables import print_json
    from watersellers.viz.atlas import write_atlas
    from watersellers.viz.story import write_story

    told = [told_of(name) for name in dict.fromkeys(names or story_names())]
    if listed:
        print_stories(told, as_json)
        return
    check_folder(out, ["atlas.html", *(f"{each.name}.html" for each in told)], PAGE)
    played = staged(told, Size(seeds, users, workers), out, shown=not as_json)
    for each in played:
        write_story(each, out / f"{each.story.name}.html")
    page = write_atlas(played, out / "atlas.html")
    if as_json:
        print_json([story_facts(each) for each in played])
    else:
        print_atlas(played, str(page))


@app.command(epilog="Example: watersellers validate --seeds 40 --page fit.html")
def validate(
    scenario: ScenarioName = "baseline",
    seeds: Seeds = 40,
    users: Users = 10_000,
    workers: Workers = None,
    page: Annotated[Path | None, typer.Option(help="An .html file to write: the same as a page with pictures.")] = None,
    as_json: Json = False,
) -> None:
    """Hold the reference world against published figures up to February 2025, and say what fits and what does not."""
    from watersellers.experiments.limits import check_size
    from watersellers.experiments.saving.places import PAGE, check_place
    from watersellers.experiments.tables_of_targets import told_stands
    from watersellers.experiments.validating import validate as validated
    from watersellers.viz.fit import write_fit

    check_size(0, None, users)
    file = check_place(page, PAGE, "--page") if page else None
    with Progress("runs", shown=not as_json) as progress:
        found, clock = validated(scenario, seeds, users, workers, progress.done), progress.seconds
    if file:
        write_fit(found, seeds, file)
    told_stands(found, seeds, clock, as_json)
    if file and not as_json:
        typer.echo(f"page: {file}")


@app.command(epilog="Example: watersellers view, or watersellers view runs/baseline-seed1 to look at a saved run")
def view(
    run: Annotated[Path | None, typer.Argument(help="A saved run, or a sweep; a new world without one.")] = None,
    port: Annotated[int, option("Where the lab answers on this machine.")] = 8765,
    prepare: Annotated[bool, typer.Option("--prepare", help="Only fetch what use without a network needs.")] = False,
    share: Annotated[bool, typer.Option("--share", help="Let others in the local network in, with a token.")] = False,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Whether to open the browser.")] = True,
) -> None:
    """Open the live lab in the browser: watch who profits, turn knobs, branch new futures. Ctrl-C ends it."""
    if find_spec("solara") is None or find_spec("uvicorn") is None:
        raise BadInput("view: the live lab needs more packages; install them with: pip install 'watersellers[view]'")
    from watersellers.experiments.limits import check_port
    from watersellers.viz.serve import open_lab, ready

    check_port(port)
    if prepare:
        typer.echo(f"the lab is ready for use without a network: {ready()}")
        return
    open_lab(run, port, share, lambda place: typer.echo(f"the live lab: {place}"), browser)


@app.command(epilog="Example: watersellers bench --users 100000 --rounds 3")
def bench(
    users: Annotated[int, option("Simulated users of the comparison.")] = 1_000_000,
    rounds: Annotated[int, option("Rounds in which all take a turn, after one that warms up.")] = 5,
    threads: Threads = None,
    peers: Annotated[Path | None, typer.Option(help="The Python of an environment with the peers in it.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Also 10 million users, and 4,000 firms.")] = False,
    picture: Annotated[Path | None, typer.Option(help="SVG file to draw the comparison into.")] = None,
    as_json: Json = False,
) -> None:
    """Measure how fast it is beside its limit and its peers, all taking turns, and hold that against the goals."""
    from dataclasses import asdict

    from watersellers.experiments.contest.benchmark import speeds
    from watersellers.experiments.contest.goals import goals
    from watersellers.experiments.contest.measuring import measured, print_bench
    from watersellers.experiments.saving.places import PICTURE, check_place, write_file
    from watersellers.experiments.tables import print_json
    from watersellers.viz.charts.chart import standalone
    from watersellers.viz.charts.speeds import speeds_chart

    if picture:
        check_place(picture, PICTURE, "--picture")
    found = measured(users, rounds, threads, peers, full)
    held = list(goals(found))
    if picture:
        write_file(standalone(speeds_chart(speeds(found))), picture, PICTURE, "--picture")
    if as_json:
        print_json(asdict(found) | {"goals": [asdict(goal) for goal in held]})
    else:
        print_bench(found, held)


for command, example in COMMANDS:
    app.command(epilog=example)(command)
for name, question, example in OF_SWEEPS:
    app.command(name, epilog=example)(question)


def _draw(picture: str, file: Path, *shown: Any) -> None:
    """Draw a picture into a file."""
    from watersellers.experiments.saving.places import PICTURE, write_file
    from watersellers.viz.charts.chart import standalone
    from watersellers.viz.pictures import PICTURES

    write_file(standalone(PICTURES[picture](*shown)), file, PICTURE, "--svg")


def _page_place(out: Path | None, folder: Path) -> Path:
    """Find the place of a report, and see that it may and can be written there."""
    from watersellers.experiments.saving.places import PAGE, check_place

    file = out or folder / "report.html"
    return check_place(file, PAGE) if out or folder.is_dir() else file


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit status, one of ``stopping.STATUSES``."""
    let_any_text_out()
    try:
        with heeding_signals():
            return _done(arguments)
    except Stopped as stopped:
        typer.echo(f"{stopped.said}; nothing is left half written", err=True)
        return stopped.status


def _done(arguments: list[str] | None) -> int:
    """Run a command, and say in a sentence what went wrong where something did."""
    try:
        app(args=arguments, prog_name="watersellers", obj=_draw)
    except BadInput as error:
        typer.echo(f"{error.fact}; {CURES[error.cure]}" if isinstance(error, BadFolder) else str(error), err=True)
        return BAD_INPUT
    except WorkerLost as error:
        typer.echo(f"{error}; nothing was written", err=True)
        return BROKEN
    except CutShort as error:
        typer.echo(f"the sweep was cut short: {error}; finished runs are kept, --resume goes on", err=True)
        return BROKEN
    except ArithmeticError as error:
        from watersellers.agents.answers import BadAnswer
        from watersellers.market.invariants import InvariantBroken
        from watersellers.market.ledger import LedgerError
        from watersellers.market.units import TooLarge

        if not isinstance(error, BadAnswer | InvariantBroken | LedgerError | TooLarge):
            raise
        typer.echo(f"the run failed, nothing was saved: {error}", err=True)
        return BROKEN
    except OSError as error:
        typer.echo(f"{error.filename or 'writing'}: {error.strerror or error}; nothing was saved", err=True)
        return status_of(error)
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else BROKEN
    return DONE


if __name__ == "__main__":
    sys.exit(main())
