"""The command that makes a run of a sweep again by itself, so that it can be pasted into a shell."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from watersellers.experiments.sweeps.plan import SCENARIO, Plan
from watersellers.experiments.sweeps.study_text import written


def again(plan: Plan, folder: Path, seed: int, settings: Mapping[str, Any]) -> str:
    """Write the command of a run: in quotes where a shell needs them, with values as TOML."""
    scenario = str(folder / SCENARIO)
    words = ["watersellers", "run", f"./{scenario}" if scenario.startswith("-") else scenario, "--seed", str(seed)]
    words += ["--months", str(plan.months), "--users", str(plan.study.users)]
    for path, value in settings.items():
        words += ["--set", f"{path}={written(value)}"]
    return shlex.join(words)
