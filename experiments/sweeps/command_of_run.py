"""The shell command that makes one run of a sweep again."""

import shlex
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from watersellers.experiments.sweeps.study.plan import SCENARIO, Plan
from watersellers.experiments.sweeps.study.writer import inline_toml


def command_of_run(plan: Plan, folder: Path, seed: int, settings: Mapping[str, Any]) -> str:
    """Return the shell command that makes a run again, quoted for a shell and with values as TOML."""
    scenario = str(folder / SCENARIO)
    words = ["watersellers", "run", f"./{scenario}" if scenario.startswith("-") else scenario, "--seed", str(seed)]
    words += ["--months", str(plan.months), "--users", str(plan.study.users)]
    for path, value in settings.items():
        words += ["--set", f"{path}={inline_toml(value)}"]
    return shlex.join(words)
