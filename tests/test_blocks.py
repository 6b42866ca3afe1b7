"""Building blocks of the stories: each mechanism alone in a scenario of some ten lines, lived to the end."""

from functools import cache
from pathlib import Path

import pytest

from experiments import run

BLOCKS = sorted(Path(__file__).with_name("blocks").glob("*.toml"))
LINES, USERS = 24, 200


@cache
def usual(months: int) -> str:
    """The digest of the reference world after some months."""
    return str(run("baseline", months=months, users=USERS).manifest["digest"])


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.stem)
def test_a_building_block_is_short_and_changes_the_economy(block: Path) -> None:
    assert len(block.read_text(encoding="utf-8").splitlines()) <= LINES
    changed = run(block, users=USERS)
    assert changed.manifest["digest"] != usual(changed.manifest["months"])
