"""Play stories with a progress bar, and check the folder for their pages first."""

from collections.abc import Sequence
from pathlib import Path

from watersellers.experiments.cli.progress import Progress
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.loading.limits import check_runs
from watersellers.experiments.stories.simulation import Size, StoryOutcome, run_stories
from watersellers.experiments.stories.story import Story


def play_with_progress(stories: Sequence[Story], size: Size, out: Path, shown: bool) -> list[StoryOutcome]:
    """Play stories with a progress bar, and make the folder for their pages afterwards.

    Raises
    ------
    BadInput
        If a number is wrong or the path is not a folder; nothing was run then.
    """
    check_runs(size.seeds, size.users, size.workers)
    if out.exists() and not out.is_dir():
        raise BadInput(f"{out}: found a file, expected a folder or nothing; choose another path with --out")
    with Progress("runs", shown=shown) as progress:
        played = list(run_stories(stories, size, progress.done))
    out.mkdir(parents=True, exist_ok=True)
    return played
