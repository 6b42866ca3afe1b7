"""Stories on the command line: played with a bar to watch, and a folder for their pages once all is done."""

from collections.abc import Sequence
from pathlib import Path

from watersellers.experiments.errors import BadInput
from watersellers.experiments.limits import check_runs
from watersellers.experiments.progress import Progress
from watersellers.experiments.stories.playing import Played, Size, play
from watersellers.experiments.stories.story import Story


def staged(told: Sequence[Story], size: Size, out: Path, shown: bool) -> list[Played]:
    """Play stories, and make the folder for their pages when all of them are played.

    Raises
    ------
    BadInput
        If a number is wrong or something else than a folder stands at the place; nothing was run then.
    """
    check_runs(size.seeds, size.users, size.workers)
    if out.exists() and not out.is_dir():
        raise BadInput(f"{out}: found a file, expected a folder or nothing; name another place with --out")
    with Progress("runs", shown=shown) as progress:
        played = list(play(told, size, progress.done))
    out.mkdir(parents=True, exist_ok=True)
    return played
