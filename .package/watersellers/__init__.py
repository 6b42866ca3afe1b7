"""Water Sellers: a market of the AI value chain, from chips to users, with books that are exact to the cent.

``import watersellers as ws``; the names below are the public ones. They are loaded on first use, so that
``watersellers --help`` answers at once. The package has four rooms, each of which imports only those before it:
``market`` (goods, orders, ledger), ``agents`` (firms and users, with their decisions), ``experiments`` (scenarios,
runs, studies) and ``viz`` (charts, reports, the lab).
"""

import os

TYPE_CHECKING = False  # not imported from typing, because a user's own typing.py could take its place
if TYPE_CHECKING:
    __version__: str
    from watersellers.experiments.analysis.comparison.ensemble import Ensemble, ensemble
    from watersellers.experiments.analysis.comparison.two_worlds import compare
    from watersellers.experiments.input.errors import BadInput
    from watersellers.experiments.input.scenario_warnings import ScenarioWarning
    from watersellers.experiments.loading.loader import load_scenario, scenario_names
    from watersellers.experiments.loading.synthetic import Size, synthetic
    from watersellers.experiments.own_code.decisions import decision
    from watersellers.experiments.runs.result import Result
    from watersellers.experiments.runs.run import run
    from watersellers.experiments.runs.world import World
    from watersellers.experiments.sweeps.admission import Ways
    from watersellers.experiments.sweeps.result import Swept
    from watersellers.experiments.sweeps.sweep import Sweep

__all__ = [
    "BadInput",
    "Ensemble",
    "Result",
    "ScenarioWarning",
    "Size",
    "Sweep",
    "Swept",
    "Ways",
    "World",
    "compare",
    "decision",
    "ensemble",
    "load_scenario",
    "run",
    "scenario_names",
    "synthetic",
]

_above = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
if os.path.basename(_above) == ".package":  # a checkout has the rooms at its top level; a wheel has them in this folder
    __path__ = [os.path.dirname(_above), *__path__]

_MODULES = {
    "BadInput": "input.errors",
    "Ensemble": "analysis.comparison.ensemble",
    "Result": "runs.result",
    "ScenarioWarning": "input.scenario_warnings",
    "Size": "loading.synthetic",
    "Sweep": "sweeps.sweep",
    "Swept": "sweeps.result",
    "Ways": "sweeps.admission",
    "World": "runs.world",
    "compare": "analysis.comparison.two_worlds",
    "decision": "own_code.decisions",
    "ensemble": "analysis.comparison.ensemble",
    "load_scenario": "loading.loader",
    "run": "runs.run",
    "scenario_names": "loading.loader",
    "synthetic": "loading.synthetic",
}


def __getattr__(name: str) -> object:
    """Load a public name from its module."""
    from importlib import import_module

    if name == "__version__":
        from importlib.metadata import version

        return version("watersellers")
    if name not in _MODULES:
        raise AttributeError(f"module 'watersellers' has no attribute {name!r}; it has {', '.join(__all__)}")
    pictures = import_module("watersellers.experiments.figures.pictures")
    pictures.draw_with(lambda: import_module("watersellers.viz.notebook"))
    return getattr(import_module(f"watersellers.experiments.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
