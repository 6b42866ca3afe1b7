"""Water Sellers: a market of the AI value chain, from chips to users, with books that are exact to the cent.

``import watersellers as ws``; the names below are the public ones. They are loaded when they are first asked for, so
that ``watersellers --help`` need not wait for them. The package holds four rooms, each of which imports only those
before it: ``market`` (goods, orders, ledger), ``agents`` (who decides), ``experiments`` (scenarios, runs, studies) and
``viz`` (charts, reports, the lab).
"""

import os

TYPE_CHECKING = False  # as in typing, which is not loaded here: a user's own typing.py would take its place
if TYPE_CHECKING:
    __version__: str
    from watersellers.experiments.build import Size, synthetic
    from watersellers.experiments.errors import BadInput
    from watersellers.experiments.result import Result
    from watersellers.experiments.running import run
    from watersellers.experiments.scenario import load_scenario, scenario_names
    from watersellers.experiments.sweeps.beginning import Ways
    from watersellers.experiments.sweeps.sweep import Sweep
    from watersellers.experiments.sweeps.swept import Swept
    from watersellers.experiments.world import World

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

_above = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
if os.path.basename(_above) == ".package":  # a checkout, whose rooms stand at its top; a wheel has them in this folder
    __path__ = [os.path.dirname(_above), *__path__]

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


def __getattr__(name: str) -> object:
    """Load a public name from the module where it lives."""
    from importlib import import_module

    if name == "__version__":
        from importlib.metadata import version

        return version("watersellers")
    if name not in _HOMES:
        raise AttributeError(f"module 'watersellers' has no attribute {name!r}; it has {', '.join(__all__)}")
    return getattr(import_module(f"watersellers.experiments.{_HOMES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
