"""Mesa's ways of changing a model, where they lead in a world: its agents are the firms, its attributes its own.

A firm that left the register would go on in the books, and a firm that came in would have none. So both are refused;
what only orders the agents, selects copies of them or lets them act is as in any model of Mesa's.
"""

import os
from typing import Any, ClassVar, NoReturn

import mesa
import numpy as np
from mesa.model import _HardKeyAgentSet  # its place in Mesa moved; its models always name it

from watersellers.experiments.input.errors import BadInput, shown
from watersellers.experiments.loading.limits import SEEDS
from watersellers.market.clock import Clock
from watersellers.market.write_guard import HOW, ChangedByHand, FixedTable

DRAWN_BITS = 31  # of a drawn seed: short enough to type
FIRMS = f"agents: the firms of a world neither come nor go by hand, for their books are open; {HOW}"
OWN_AGENTS = "what only observes a world is a plain class of your own, and not an agent of it"
OTHER_WORLD = {  # attributes of a world that only another world has otherwise
    "seed": "World(..., rng=SEED) makes a world with another seed",
    "scenario": "World(SCENARIO) makes the world of another scenario",
    "spec": HOW,
    "given": "World(...) takes what a world is made of",
    "economy": HOW,
    "parts": HOW,
    "record": "it is written as months are lived",
    "users": "World(..., users=NUMBER) makes a world with other users",
}


class FirmRegister(_HardKeyAgentSet):
    """The register of a world's firms, or of those of a kind: it is ordered and read, and nobody enters or leaves."""

    def select(self, *given: Any, inplace: bool = False, **named: Any) -> Any:
        """Select firms into a new AgentSet; the register itself keeps them all."""
        if inplace or len(given) > len(("filter_func", "at_most")):
            raise ChangedByHand(f"{FIRMS}; select() without inplace=True gives an AgentSet of some of them")
        return super().select(*given, **named)

    def _refuse(self, *agents: Any) -> NoReturn:
        """Raise ChangedByHand."""
        raise ChangedByHand(FIRMS)

    add = discard = remove = _refuse


class GuardedModel(mesa.Model):
    """A model whose economy is written by its months alone, once it is sealed; a script's own attributes are free."""

    _clock: ClassVar[Clock] = Clock()  # until the world is built

    def seal(self, clock: Clock) -> None:
        """Let nothing of the economy be written by hand from now on, and close the registers of the firms."""
        kinds = {kind: FirmRegister(agents, self.random) for kind, agents in self._agents_by_type.items()}
        registers = {"_all_agents": FirmRegister(self._all_agents, self.random), "_agents_by_type": FixedTable(kinds)}
        self.__dict__.update(registers, _clock=clock)
        clock.seal()

    def __setattr__(self, name: str, value: Any) -> None:
        """Write an attribute, unless the economy is in it."""
        if name in OTHER_WORLD and self._clock.sealed:
            _refuse(name)
        super().__setattr__(name, value)

    def run_for(self, duration: float) -> None:
        """Simulate so many months; past the last one, a BadInput says so."""
        self._refuse_other_time()
        super().run_for(duration)

    def run_until(self, end_time: float) -> None:
        """Simulate up to a month; past the last one, a BadInput says so."""
        self._refuse_other_time()
        super().run_until(end_time)

    def _refuse_other_time(self) -> None:
        """Raise BadInput if somebody moved Mesa's calendar by hand: months would be lived twice, or none."""
        month = self._clock.month
        if self._clock.phase == 0 and (int(self.time), self.steps) != (month, month):
            found, cure = f"time {self.time:g} and steps {self.steps}", "put them back; step() and run_for() move them"
            raise BadInput(f"step: found {found} by hand, expected {month}, the months lived; {cure}")

    def register_agent(self, agent: Any) -> None:
        """Register a firm while the world is built, and none afterwards."""
        if self._clock.sealed:
            raise ChangedByHand(f"{FIRMS}; {OWN_AGENTS}")
        super().register_agent(agent)

    def deregister_agent(self, agent: Any) -> None:
        """Refuse to let a firm go."""
        raise ChangedByHand(FIRMS)

    def remove_all_agents(self) -> None:
        """Refuse to let all firms go."""
        raise ChangedByHand(FIRMS)

    def reset_rng(self, rng: Any = None) -> None:
        """Refuse another seed: all chance of the economy is keyed by the seed with which its population was drawn."""
        _refuse("seed")

    def reset_randomizer(self, seed: Any = None) -> None:
        """Refuse another seed, as ``reset_rng`` does."""
        _refuse("seed")


def seed_of(rng: Any) -> int:
    """Check a seed and return it as Python's number, or draw one."""
    if rng is None:
        return int.from_bytes(os.urandom(4)) >> (32 - DRAWN_BITS)
    if isinstance(rng, bool) or not isinstance(rng, int | np.integer) or not 0 <= int(rng) < SEEDS:
        expected = "the run's seed, a whole number from 0 to 2^64 - 1, or None to draw one"
        raise BadInput(f"rng: found {shown(rng)}, expected {expected}")
    return int(rng)


def _refuse(name: str) -> NoReturn:
    """Raise ChangedByHand for an attribute of a world, and say what works instead."""
    raise ChangedByHand(f"world.{name}: can't be changed by hand; {OTHER_WORLD[name]}")
