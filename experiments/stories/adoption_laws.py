"""Stories under another law of adoption: their worlds stand on the scenario that was fitted with that law."""

from typing import Any

from watersellers.experiments.analysis.outlook.table import Law, load_outlook
from watersellers.experiments.input.errors import BadInput, unknown
from watersellers.experiments.loading.catalogue import builtin_catalogue, parents
from watersellers.experiments.loading.scenario_source import source_of_mapping

REFERENCE = "baseline"  # the scenario on which the worlds of stories stand
USUAL_LAW = "mansfield"  # the law of the reference world
OF_ALL_LAWS = "adoption_laws"  # a story that compares the laws: it is told once, and under no law of its own


def adoption_law(name: str) -> Law:
    """Return a law of ``outlook.toml`` by its name.

    Raises
    ------
    BadInput
        If there is no such law.
    """
    laws = {each.name: each for each in load_outlook().laws}
    if name not in laws:
        raise BadInput(f"law: {unknown('law of adoption', name, laws)}")
    return laws[name]


def under_law(scenario: dict[str, Any], law: Law) -> dict[str, Any]:
    """Return a scenario that stands on the law's scenario instead of the reference world.

    What the scenario and those that it extends say themselves is laid over the law's numbers. A scenario that does not
    stand on the reference world has no law to exchange, and is returned as it is.
    """
    source = source_of_mapping(scenario)
    if law.scenario == REFERENCE or all(each.name != REFERENCE for each in builtin_catalogue().chain(source)):
        return scenario
    others = [name for name in parents(source) if name not in (REFERENCE, law.scenario)]
    return scenario | {"extends": [law.scenario, *others]}
