"""A world for tests of mechanisms: the reference world as it was before its first fit, so that no fit moves them."""

import tomllib
from pathlib import Path
from typing import Any

ROUGH = Path(__file__).with_suffix(".toml")
BLOCKS = Path(__file__).with_name("blocks")


def on_rough(block: str) -> dict[str, Any]:
    """Give a block of the tests as a scenario that extends the rough world instead of the reference world."""
    doc = tomllib.loads((BLOCKS / f"{block}.toml").read_text(encoding="utf-8"))
    return doc | {"extends": str(ROUGH), "name": block, "question": f"What does {block} change?"}
