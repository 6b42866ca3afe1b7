"""A world for tests of mechanisms: the reference world before its first fit, so that no fit changes them."""

import tomllib
from pathlib import Path
from typing import Any

ROUGH = Path(__file__).with_suffix(".toml")
BLOCKS = Path(__file__).parents[1] / "worlds" / "blocks"


def on_rough(block: str) -> dict[str, Any]:
    """Give a block of the tests as a scenario that extends the rough world instead of the reference world."""
    doc = tomllib.loads((BLOCKS / f"{block}.toml").read_text(encoding="utf-8"))
    return doc | {"extends": str(ROUGH), "name": block, "question": f"What does {block} change?"}
