"""The command line. What a command needs beyond this page it loads when it is called, so that help comes at once."""

import os
import sys
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Any

import typer

from experiments.asking import COMMANDS, Json
from experiments.errors import BadFolder, BadInput
from experiments.progress import Progress

BROKEN, BAD_INPUT, STOPPED = 1, 2, 130  # exit statuses; 0 is done
CURES = {  # what helps a folder, in the words of the command line
    "taken": "--force replaces it, --out names another place",
    "closed": "name another place with --out",
    "torn": "run again with --force",
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
    scenario: Annotated[str, typer.Argument(help="A scenario's name, or the path of its .toml file.")] = "baseline",
    seed: Annotated[int, typer.Option(help="The run's only source of chance.")] = 1,
    months: Annotated[int | None, typer.Option(help="How long; the scenario's own length if not given.")] = None,
    users: Annotated[int, typer.Option(help="How many simulated users stand for all people.")] = 10_000,
    settings: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Any number or strategy by its path; may be repeated."),
    ] = None,
    backend: Annotated[str, typer.Option(help="How to compute: auto, numpy or numba. It moves no number.")] = "auto",
    threads: Annotated[int | None, typer.Option(help="Threads; all cores if not given. As above.")] = None,
    out: Annotated[Path | None, typer.Option(help="Folder to write; runs/SCENARIO-seedN if not given.")] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace a run folder that stands there.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="Print nothing.")] = False,
    as_json: Json = False,
) -> None:
    """Run a scenario once: print who earned what and what happened, and save the run folder."""
    with _nothing_written_if_stopped():
        from experiments.limits import backend_for, check_backend, check_size, cores

        check_backend(backend, threads)
        check_size(seed, months, users)
        if threads:
            os.environ["POLARS_MAX_THREADS"] = str(threads)  # read once, when what is named below loads it
        from experiments.running import run as live
        from experiments.scenario import load_scenario
        from experiments.store import new_folder, write
        from experiments.tables import print_json, print_run, run_facts

        chosen = dict(_setting(text) for text in settings or [])
        name = load_scenario(scenario, chosen).scenario
        place = out or Path("runs") / f"{name}-seed{seed}"
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


@contextmanager
def _nothing_written_if_stopped() -> Iterator[None]:
    """Say, when somebody presses Ctrl-C, that it was heard and what it left behind."""
    try:
        yield
    except KeyboardInterrupt:
        typer.echo("stopped; nothing was written", err=True)
        raise typer.Exit(STOPPED) from None


def _setting(text: str) -> tuple[str, Any]:
    """Read PATH=VALUE: a number, true, false or a list as in TOML, anything else as text."""
    path, equals, value = text.partition("=")
    if not equals or not path.strip():
        raise BadInput(f"--set: found {text!r}, expected PATH=VALUE, as in chips.lock_in=0.5")
    try:
        read = tomllib.loads(f"value = {value}")
    except tomllib.TOMLDecodeError:
        read = {}
    return path.strip(), read["value"] if set(read) == {"value"} else value.strip()


@scenarios_app.callback(epilog="Example: watersellers scenarios")
def scenarios(context: typer.Context, as_json: Json = False) -> None:
    """List the scenarios, each with its question."""
    if context.invoked_subcommand:
        return
    from experiments.catalogue import ours
    from experiments.tables import print_json, print_scenarios

    read = [ours().read(name) for name in ours().names()]
    if as_json:
        print_json([{"name": each.name, "question": each.question} for each in read])
    else:
        print_scenarios([(each.name, each.question) for each in read])


@scenarios_app.command(epilog="Example: watersellers scenarios show baseline > mine.toml")
def show(
    name: Annotated[str, typer.Argument(help="A scenario's name, or the path of its .toml file.")],
    as_json: Json = False,
) -> None:
    """Print a scenario with every number, strategy and date resolved, as a file that can be run."""
    from experiments.catalogue import ours
    from experiments.scenario import load_scenario
    from experiments.scenario_text import text_of
    from experiments.tables import print_json

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

    from experiments.catalogue import ours
    from experiments.tables import print_json, print_parameters

    found = ours().parameters.search(word)
    if as_json:
        print_json([asdict(row) for row in found])
    else:
        print_parameters(found)


@app.command(epilog="Example: watersellers facts --json")
def facts(as_json: Json = False) -> None:
    """Recompute the article's arithmetic from its inputs, and say which figures agree."""
    from dataclasses import asdict

    from experiments.facts import findings
    from experiments.tables import print_findings, print_json

    found = list(findings())
    if as_json:
        print_json([asdict(each) for each in found])
    else:
        print_findings(found)


@app.command(epilog="Example: watersellers report runs/baseline-seed1")
def report(
    run: Annotated[Path, typer.Argument(help="A run folder.")],
    out: Annotated[Path | None, typer.Option(help="File to write; report.html in the run folder if not given.")] = None,
) -> None:
    """Make one self-contained HTML file with a run's pictures and books; it opens offline."""
    from experiments.result import Result
    from viz.report import write_report

    file = _report_file(out or run / "report.html")
    result = Result.open(run)
    try:
        write_report(result, file)
    except OSError as error:
        raise BadInput(f"{file}: can't be written: {error.strerror}; name another file with --out") from None
    typer.echo(f"report: {file}")


@app.command(epilog="Example: watersellers bench --users 100000 --rounds 3")
def bench(
    users: Annotated[int, typer.Option(help="Simulated users of the comparison.")] = 1_000_000,
    rounds: Annotated[int, typer.Option(help="Rounds in which all take a turn, after one that warms up.")] = 5,
    threads: Annotated[int | None, typer.Option(help="Threads; all cores if not given.")] = None,
    peers: Annotated[Path | None, typer.Option(help="The Python of an environment with the peers in it.")] = None,
    full: Annotated[bool, typer.Option("--full", help="Also 10 million users, and 4,000 firms.")] = False,
    picture: Annotated[Path | None, typer.Option(help="SVG file to draw the comparison into.")] = None,
    as_json: Json = False,
) -> None:
    """Measure how fast it is beside its limit and its peers, all taking turns, and hold that against the goals."""
    from dataclasses import asdict

    from experiments.benchmark import speeds
    from experiments.goals import goals
    from experiments.measuring import measured, print_bench
    from experiments.tables import print_json
    from viz.charts.bars import bars
    from viz.charts.chart import standalone

    found = measured(users, rounds, threads, peers, full)
    held = list(goals(found))
    if picture:
        picture.write_text(standalone(bars(speeds(found))), encoding="utf-8")
    if as_json:
        print_json(asdict(found) | {"goals": [asdict(goal) for goal in held]})
    else:
        print_bench(found, held)


for command, example in COMMANDS:
    app.command(epilog=example)(command)


def _report_file(file: Path) -> Path:
    """Refuse to put a report where something else than an HTML file stands."""
    if os.path.lexists(file) and not (file.suffix.lower() == ".html" and file.is_file()):
        found = "a folder" if file.is_dir() else "a file that is no .html"
        raise BadInput(f"{file}: found {found}, expected an .html file or nothing; name another file with --out")
    return file


def _foreign_agents() -> str:
    """Say so if another package of the name ``agents`` stands before ours."""
    found = find_spec("agents")
    if found and found.origin and (Path(found.origin).parent / "setting.py").is_file():
        return ""
    origin = found.origin if found else None
    return (
        f"agents: found {origin}, expected the package of that name that belongs to watersellers. Another"
        " distribution (openai-agents, perhaps) puts a package of the same name first; use an environment of its own"
    )


def main(arguments: list[str] | None = None) -> int:
    """Run a command and return its exit status: 0 done, 1 the run itself failed, 2 bad input, 130 stopped by hand."""
    try:
        if foreign := _foreign_agents():
            raise BadInput(foreign)
        app(args=arguments, prog_name="watersellers")
    except BadInput as error:
        typer.echo(f"{error.fact}; {CURES[error.cure]}" if isinstance(error, BadFolder) else str(error), err=True)
        return BAD_INPUT
    except ArithmeticError as error:
        from agents.answers import BadAnswer
        from market.invariants import InvariantBroken
        from market.ledger import LedgerError
        from market.units import TooLarge

        if not isinstance(error, BadAnswer | InvariantBroken | LedgerError | TooLarge):
            raise
        typer.echo(f"the run failed, nothing was saved: {error}", err=True)
        return BROKEN
    except OSError as error:
        typer.echo(f"{error.filename or 'writing'}: {error.strerror or error}; nothing was saved", err=True)
        return BROKEN
    except SystemExit as done:
        return done.code if isinstance(done.code, int) else BROKEN
    return 0


if __name__ == "__main__":
    sys.exit(main())
