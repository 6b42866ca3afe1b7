"""Mesa's ways of changing a model, where they lead in a world: its agents are the firms, its attributes its own.

A firm that left the register would go on in the books, and a firm that came in would have none. So both are refused;
what only orders the agents, selects copies of them or lets them act is as in any model of Mesa's.
"""

import os
from collections.abc import Mapping
from typing import Any, ClassVar, NoReturn

import mesa
import numpy as np
from mesa.model import _HardKeyAgentSet  # its place in Mesa moved; its models always name it

from watersellers.agents.economy_parts import Parts
from watersellers.agents.recorder import Record
from watersellers.agents.scenario_spec import Traits
from watersellers.agents.users.user_view import UserView
from watersellers.experiments.input.errors import BadInput, shown
from watersellers.experiments.loading.limits import SEEDS
from watersellers.market.accounting.ledger import Journal
from watersellers.market.clock import Clock
from watersellers.market.month import Economy
from watersellers.market.state_notes import Notes
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
    "agents": HOW,
    "agents_by_type": HOW,
    "accounts": HOW,
    "changes": HOW,
    "month": "step() and run_for() live the next months",
    "months": "World(..., months=NUMBER) makes a world that lives longer",
    "strategies": "World(..., strategies={PATH: STRATEGY}) makes a world with them",
    "backend": "World(..., backend=NAME) makes a world that computes with another",
    "threads": "World(..., threads=NUMBER) makes a world that computes on more",
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


REFUSING = (FixedTable, Traits, Journal, mesa.Model, FirmRegister)  # no note is taken: they refuse by themselves


class GuardedModel(mesa.Model):
    """A model whose economy is written by its months alone, once it is sealed; a script's own attributes are free."""

    _clock: ClassVar[Clock] = Clock()  # until the world is built
    _notes: Notes | None = None  # from when a script looks inside for the first time
    _collecting: bool = False  # by the data collector that every world has at first

    @property
    def economy(self) -> Economy:
        """Return the parts that act in each phase, and the books."""
        return self._opened(self._economy)

    @property
    def parts(self) -> Parts:
        """Return every layer and sector, as ``parts[Labs]``."""
        return self._opened(self._parts)

    @property
    def record(self) -> Record:
        """Return the rows of the tables so far."""
        return self._opened(self._record)

    @property
    def users(self) -> UserView:
        """Return the users; ``users[17]`` shows one of them."""
        return self._opened(self._users)

    @property
    def agents(self) -> FirmRegister:
        """Return the firms."""
        return self._opened(self._all_agents)

    @property
    def agents_by_type(self) -> dict[Any, Any]:
        """Return the firms by kind."""
        return self._opened(self._agents_by_type)

    def _opened[T](self, inside: T) -> T:
        """Hand out what is inside; from the first time on the state is noted, for it may be changed in place."""
        if self._notes is None and self._clock.sealed and not self._clock.phase and not self._collecting:
            self.note()
        return inside

    def note(self) -> None:
        """Note the state as the program itself has left it."""
        firms = {firm.name: firm for firm in self._all_agents}
        parts = {type(part).__name__: part for part in self._parts}
        also = {"economy": self._economy, "record": self._record, "registers": self._parts.registers}
        self.__dict__["_notes"] = Notes({"agents": firms, "parts": parts, **also, "all": self._parts}, REFUSING)

    def renew_notes(self) -> None:
        """Note the state again, if it is noted at all."""
        if self._notes is not None:
            self.note()

    def _collect(self) -> None:
        """Note what the month left, and let the data collector record it; the first one changes nothing by itself."""
        self.renew_notes()
        own = self.datacollector is self._collector and reporters_of(self.datacollector) == self._reporters
        self.__dict__["_collecting"] = own
        try:
            self.datacollector.collect(self)
        finally:
            self.__dict__["_collecting"] = False

    def refuse_changed(self, place: str) -> None:
        """Raise ChangedByHand if something was changed in place since the last month; the world stays as it is."""
        if self._notes is not None and not self._clock.phase and (path := self._notes.changed()):
            cure = "put back what was there, or make the world again"
            raise ChangedByHand(f"{place}: {path} was changed by hand, which no record would hold; {cure}; {HOW}")

    def seal(self, clock: Clock) -> None:
        """Let nothing of the economy be written by hand from now on, and close the registers of the firms."""
        kinds = {kind: FirmRegister(agents, self.random) for kind, agents in self._agents_by_type.items()}
        registers = {"_all_agents": FirmRegister(self._all_agents, self.random), "_agents_by_type": FixedTable(kinds)}
        self.__dict__.update(registers, _clock=clock, _notes=None, _collecting=False)
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
        self.refuse_changed("step")

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


def reporters_of(collector: Any) -> tuple[Mapping[str, Any], ...]:
    """Copy what a data collector asks of a model, of its agents and of their kinds."""
    return dict(collector.model_reporters), dict(collector.agent_reporters), dict(collector.agenttype_reporters)


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
