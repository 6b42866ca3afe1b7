"""The command line. Each command loads what it needs when it is called, so that help comes at once."""

import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from watersellers.experiments.cli.analysis_commands import COMMANDS as ANALYSIS_COMMANDS
from watersellers.experiments.cli.options import (
    CURES,
    Json,
    Law,
    Makers,
    ScenarioName,
    Seeds,
    Settings,
    Threads,
    Users,
    Workers,
    option,
    settings_of,
)
from watersellers.experiments.cli.progress import Progress
from watersellers.experiments.cli.run_commands import COMMANDS as RUN_COMMANDS
from watersellers.experiments.cli.run_commands import scenarios_app
from watersellers.experiments.cli.sweep_commands import COMMANDS as SWEEP_COMMANDS
from watersellers.experiments.input.errors import BadFolder, BadInput, CutShort, WorkerLost
from watersellers.experiments.input.scenario_warnings import said_once
from watersellers.experiments.runs.stopping import (
    BAD_INPUT,
    BROKEN,
    DONE,
    Stopped,
    accept_any_text,
    signals_handled,
    status_of,
)

STORIES = Path("runs") / "stories"
app = typer.Typer(
    name="watersellers",
    help="Who profits in the AI value chain, from chips to users? An agent-based market simulation.",
    epilog="Example: watersellers run, then watersellers report runs/baseline-seed1",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)
app.add_typer(scenarios_app, name="scenarios", epilog="Example: watersellers scenarios show baseline > mine.toml")
for command, example in RUN_COMMANDS:
    app.command(epilog=example)(command)


@app.command(epilog="Example: watersellers report runs/baseline-seed1")
def report(
    run: Annotated[Path, typer.Argument(help="A run folder, or a sweep folder.")],
    out: Annotated[Path | None, typer.Option(help="File to write; report.html in the folder if not given.")] = None,
) -> None:
    """Make one self-contained HTML file with pictures of a run and its books, or of a sweep; it opens offline."""
    from watersellers.experiments.runs.result import Result
    from watersellers.experiments.sweeps.folder.integrity import is_sweep
    from watersellers.viz.reports.html_file import write_page
    from watersellers.viz.reports.run_report import report_html

    file = _page_path(out, run)
    if is_sweep(run):
        from watersellers.experiments.sweeps.result import Swept
        from watersellers.viz.reports.sweep_report import sweep_html

        page = sweep_html(Swept.ended(run))
    else:
        page = report_html(Result.open(run))
    write_page(page, file)
    typer.echo(f"report: {file}")


@app.command(epilog="Example: watersellers story funding_winter --seeds 20")
def story(
    name: Annotated[str, typer.Argument(help="A story's name; watersellers stories --list names them.")],
    seeds: Annotated[int, option("How many seeds, from 1 on, each under every world of the story.")] = 20,
    users: Users = 2_000,
    law: Law = "mansfield",
    workers: Workers = None,
    out: Annotated[Path, typer.Option(help="Folder for the page NAME.html.")] = STORIES,
    settings: Settings = None,
    as_json: Json = False,
) -> None:
    """Tell a story of the article against its control: its claim, what would count against it, what came out."""
    from watersellers.experiments.cli.run_tables import print_json
    from watersellers.experiments.cli.story_tables import play_with_progress, print_story, story_facts
    from watersellers.experiments.saving.output_files import PAGE, check_folder
    from watersellers.experiments.stories.simulation import Size
    from watersellers.experiments.stories.story import load_story
    from watersellers.viz.reports.story_report import write_story

    loaded = load_story(name, law=law, set=settings_of(settings))
    check_folder(out, [f"{name}.html"], PAGE)
    (played,) = play_with_progress([loaded], Size(seeds, users, workers), out, shown=not as_json)
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
    law: Law = "mansfield",
    workers: Workers = None,
    out: Annotated[Path, typer.Option(help="Folder for atlas.html and a page for each story.")] = STORIES,
    listed: Annotated[bool, typer.Option("--list", help="Name the stories with their questions; run nothing.")] = False,
    recorded: Annotated[bool, typer.Option("--recorded", help="Print what many seeds gave; run nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Tell all stories: the atlas of which claims hold, under which conditions, and where they turn around."""
    from watersellers.experiments.cli import story_tables
    from watersellers.experiments.cli.run_tables import print_json
    from watersellers.experiments.saving.output_files import PAGE, check_folder
    from watersellers.experiments.stories.simulation import Size
    from watersellers.experiments.stories.story import load_story, story_names
    from watersellers.viz.reports.story_atlas import write_atlas
    from watersellers.viz.reports.story_report import write_story

    chosen = dict.fromkeys(names or story_names(law=law))
    if listed or recorded:
        story_tables.print_without_a_run(list(chosen), listed, recorded, law, as_json)
        return
    loaded = [load_story(name, law=law) for name in chosen]
    check_folder(out, ["atlas.html", *(f"{each.name}.html" for each in loaded)], PAGE)
    played = story_tables.play_with_progress(loaded, Size(seeds, users, workers), out, shown=not as_json)
    for each in played:
        write_story(each, out / f"{each.story.name}.html")
    page = write_atlas(played, out / "atlas.html")
    if as_json:
        print_json([story_tables.story_facts(each) for each in played])
    else:
        story_tables.print_atlas(played, str(page))


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
    from watersellers.experiments.analysis.validation import validate as validate_scenario
    from watersellers.experiments.cli.target_tables import report_targets
    from watersellers.experiments.loading.limits import check_size
    from watersellers.experiments.saving.output_files import PAGE, check_output
    from watersellers.viz.reports.analyses.validation_report import write_fit

    check_size(0, None, users)
    file = check_output(page, PAGE, "--page") if page else None
    with Progress("runs", shown=not as_json) as progress:
        found, clock = validate_scenario(scenario, seeds, users, workers, progress.done), progress.seconds
    if file:
        write_fit(found, seeds, file)
    report_targets(found, seeds, clock, as_json)
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
    from watersellers.experiments.loading.limits import check_port
    from watersellers.viz.serve import open_lab, ready

    check_port(port)
    if prepare:
        typer.echo(f"the lab is ready for use without a network: {ready()}")
        return
    open_lab(run, port, share, lambda target: typer.echo(f"the live lab: {target}"), browser)


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

    from watersellers.experiments.benchmark.benchmark import speeds
    from watersellers.experiments.benchmark.goals import goals
    from watersellers.experiments.cli.benchmark_tables import print_bench, run_benchmark
    from watersellers.experiments.cli.run_tables import print_json
    from watersellers.experiments.saving.output_files import PICTURE, check_output, write_file
    from watersellers.viz.charts.speeds import speeds_chart
    from watersellers.viz.drawing.chart import standalone

    if picture:
        check_output(picture, PICTURE, "--picture")
    found = run_benchmark(users, rounds, threads, peers, full)
    held = list(goals(found))
    if picture:
        write_file(standalone(speeds_chart(speeds(found))), picture, PICTURE, "--picture")
    if as_json:
        print_json(asdict(found) | {"goals": [asdict(goal) for goal in held]})
    else:
        print_bench(found, held)


for command, example in ANALYSIS_COMMANDS:
    app.command(epilog=example)(command)
for name, question, example in SWEEP_COMMANDS:
    app.command(name, epilog=example)(question)


def _draw(picture: str, file: Path, *shown: Any) -> None:
    """Draw a picture into a file."""
    from watersellers.experiments.saving.output_files import PICTURE, write_file
    from watersellers.viz.charts.study_charts import PICTURES
    from watersellers.viz.drawing.chart import standalone

    write_file(standalone(PICTURES[picture](*shown)), file, PICTURE, "--svg")


def _write_steps(found: Any, file: Path) -> None:
    """Write the page of the steps between two worlds."""
    from watersellers.viz.reports.analyses.steps_report import write_steps

    write_steps(found, file)


def _page_path(out: Path | None, folder: Path) -> Path:
    """Find the path of a report, and check that it may and can be written there."""
    from watersellers.experiments.saving.output_files import PAGE, check_output

    file = out or folder / "report.html"
    return check_output(file, PAGE) if out or folder.is_dir() else file


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit status, one of ``stopping.STATUSES``."""
    accept_any_text()
    try:
        with signals_handled(), said_once(lambda sentence: typer.echo(sentence, err=True)):
            return _done(arguments)
    except Stopped as stopped:
        typer.echo(f"{stopped.sentence}; nothing is left half written", err=True)
        return stopped.status


def _done(arguments: list[str] | None) -> int:
    """Run a command, and report an error in a sentence."""
    try:
        app(args=arguments, prog_name="watersellers", obj=Makers(_draw, _write_steps))
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
        from watersellers.agents.decision_checks import BadAnswer
        from watersellers.market.accounting.ledger import LedgerError
        from watersellers.market.audit.invariants import InvariantBroken
        from watersellers.market.exact import TooLarge

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
