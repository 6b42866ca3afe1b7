"""Copies of a world: it is copied and pickled by its checkpoint, so that a copy goes on as the world itself would."""

import pickle
from typing import Any

from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.loading.written_scenario import own_strategies
from watersellers.experiments.saving import checkpoint

COPY = "a copy of a world"
type Made = tuple[dict[str, bytes], dict[str, Any], bool]


def copied_parts(world: Any, made: set[str], collector: Any) -> tuple[Made, dict[str, Any]]:
    """Return what a copy is made of: the checkpoint with a user's own strategies, and the attributes of a script.

    ``made`` are the attributes that the world made itself, ``collector`` is the data collector that it began with. The
    third part says whether it has that still; another one is an attribute of a script.

    Raises
    ------
    BadInput
        If the world can't be saved, or a script has scheduled events with Mesa.
    """
    if broken := world.broken_off():
        raise BadInput(f"{COPY}: {broken}; make it again")
    if more := len(world._event_list) - 1:
        cure = "copy the world before you schedule them, or World.save it, which leaves them out"
        raise BadInput(f"{COPY}: can't hold the {more} events that are scheduled with Mesa; {cure}")
    plain = world.datacollector is collector
    mine = {name: value for name, value in vars(world).items() if name not in made}
    mine |= {} if plain else {"datacollector": world.datacollector}
    return (checkpoint.files_of(world, COPY), own_strategies(world.spec), plain), mine


def refuse_unless_pickled(collector: Any) -> None:
    """Raise BadInput if a data collector of a script can't be pickled, which is so with Mesa's own for agents."""
    try:
        pickle.dumps(collector)
    except (pickle.PicklingError, AttributeError, TypeError) as error:
        cure = "copy.deepcopy copies it; for a pickle, give the world its collector again after it is loaded"
        raise BadInput(f"{COPY}: its datacollector can't be pickled ({error}); {cure}") from None
