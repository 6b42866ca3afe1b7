"""What we ask of the model: parameters, scenarios, runs, and the command line.

The names below are loaded when they are first asked for, so that ``watersellers --help`` need not wait for them.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from experiments.build import Size, synthetic
    from experiments.errors import BadInput
    from experiments.result import Result
    from experiments.running import run
    from experiments.scenario import load_scenario, scenario_names
    from experiments.sweeps.beginning import Ways
    from experiments.sweeps.sweep import Sweep
    from experiments.sweeps.swept import Swept
    from experiments.world import World

__all__ = [
    "BadInput",
    "Result",
    "Size",
    "Sweep",
    "Swept",
    "Ways",
    "World",
    "load_scenario",
    "run",
    "scenario_names",
    "synthetic",
]

_HOMES = {
    "BadInput": "errors",
    "Result": "result",
    "Size": "build",
    "Sweep": "sweeps.sweep",
    "Swept": "sweeps.swept",
    "Ways": "sweeps.beginning",
    "World": "world",
    "load_scenario": "scenario",
    "run": "running",
    "scenario_names": "scenario",
    "synthetic": "build",
}


def __getattr__(name: str) -> Any:
    """Load a public name from the module where it lives."""
    if name not in _HOMES:
        raise AttributeError(f"module 'experiments' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"experiments.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return __all__
