"""What a run that was made again showed, printed, and as facts for machines."""

from typing import Any

import typer

from watersellers.experiments.runs.rerun import OTHER, UNKNOWN, Rerun

SHOWN = 16  # characters of a digest that a person compares
MEANING = {
    "scenario": "the scenario in the manifest is not the one that was written",
    "seed": "the seed in the manifest is not the one that was written",
    "months": "the number of months in the manifest is not the one that was written",
    "users": "the number of users in the manifest is not the one that was written",
    "digest": "the digest in the manifest is not the one that was written",
    "strategies": "a strategy of your own, or the file that it stands in, has changed since",
    "code": "the model's code or its data has changed since",
    "packages": "packages have other versions",
    OTHER: "something else in the manifest was changed after it was written",
}


def rerun_facts(found: Rerun) -> dict[str, Any]:
    """Return what a rerun showed: ``same``, what ``differs``, both digests, and every part that decides a run."""
    return {
        "manifest": found.manifest,
        "same": found.same,
        "differs": found.differs,
        "digest": {"recorded": found.recorded, "found": found.digest},
        "parts": dict(found.parts),
        "packages": {name: {"recorded": then, "found": now} for name, (then, now) in found.packages.items()},
    }


def print_rerun(found: Rerun) -> None:
    """Print whether the same came out, and what is not as it was."""
    if found.same:
        typer.echo(f"{found.manifest}: the same digest, {found.digest[:SHOWN]}")
    else:
        digests = f"recorded {found.recorded[:SHOWN]}, found {found.digest[:SHOWN]}"
        typer.echo(f"{found.manifest}: another digest: {digests}")
    for name in found.differs:
        typer.echo(f"{name} differs: {MEANING[name]}")
    for name, (then, now) in found.packages.items():
        typer.echo(f"  {name}: was {then or 'not there'}, is {now or 'not there'}")
    if unknown := [name for name, known in found.parts.items() if known == UNKNOWN]:
        typer.echo(f"not recorded, so not compared: {', '.join(unknown)}")
    if not found.same and not found.differs:
        typer.echo("nothing that is recorded differs: please report this, with the manifest")
