"""The world as a Mesa model: build it from a scenario, step it a month at a time, look inside, save it half-run."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import mesa
import numpy as np

from watersellers.agents.crowd import Crowd
from watersellers.agents.kernel.threads import kernel
from watersellers.agents.model import assemble
from watersellers.agents.users import Users
from watersellers.experiments.errors import BadInput, shown
from watersellers.experiments.given import by_path, plain
from watersellers.experiments.limits import SEEDS, backend_for, check_backend, check_size
from watersellers.experiments.result import Result
from watersellers.experiments.saving import checkpoint
from watersellers.experiments.saving.manifest import Given, manifest_of
from watersellers.experiments.scenario import Scenario, lasting, load_scenario
from watersellers.market.accounts import Accounts
from watersellers.market.books import Books
from watersellers.market.goods import CHAIN, Item
from watersellers.market.month import live

DRAWN_BITS = 31  # of a seed that nobody gave: short enough to be typed again


class World(mesa.Model):
    """An economy of a scenario; ``step`` lives one month.

    Firms are the model's agents (``agents_by_type`` by kind); users are columns, of which ``users[17]``
    shows one; ``parts`` holds every layer and sector, as ``parts[Labs]``. ``datacollector`` notes each layer's cash
    and each firm's price every month.

    Parameters
    ----------
    scenario : str, Path, mapping or Setting
        Name or file of a scenario.
    rng : int, optional
        The run's seed; drawn if not given. ``seed`` says which it is.
    months : int, optional
        How long the world runs; the scenario's own length if not given.
    users : int
        How many simulated users stand for all people.
    settings : mapping, optional
        Values by path, as ``{"chips.lock_in": 0.5}``.
    strategies : mapping, optional
        Strategies of one's own by firm and choice, as ``{"perplexity.pricing": FlatFee()}``.
    backend, threads : str, int
        How to compute the users' month: auto, numpy or numba, and on how many threads; they move no number.

    Raises
    ------
    BadInput
        If anything given is wrong.
    """

    def __init__(
        self,
        scenario: Scenario = "baseline",
        rng: int | None = None,
        months: int | None = None,
        users: int = 10_000,
        settings: Mapping[str, Any] | None = None,
        *,
        strategies: Mapping[str, Any] | None = None,
        backend: str = "auto",
        threads: int = 1,
    ):
        self.seed = _seed(rng)
        months, users, threads = plain(months), plain(users), plain(threads)
        check_size(self.seed, months, users)
        check_backend(backend, threads)
        super().__init__(rng=self.seed)
        given = by_path("settings", settings), by_path("strategies", strategies)
        self.given = Given(self.seed, users, *given, backend_for(users, backend), threads)
        setting = load_scenario(scenario, self.given.set, self.given.strategies)
        self.setting = lasting(setting, months)
        made = assemble(self, self.setting, users, self.seed)
        self.economy, self.parts, self.record = made.economy, made.parts, made.record
        self.parts[Users].kernel = kernel(self.given.backend, threads)
        names = [firm.name for firm in self.parts.firms["apps"]]
        self.users = Crowd(self, self.parts[Users], names)
        self.datacollector = mesa.DataCollector(
            model_reporters={"seed": "seed"} | {f"{layer}_cash": _cash_of(layer) for layer in CHAIN},
            agent_reporters={"name": "name", "price": "price", "alive": "alive"},
        )
        self._count_and_live = self.step  # Mesa's: it counts the step, then calls the method below
        self.step = self._step_if_any_is_left  # type: ignore[method-assign]

    def __repr__(self) -> str:
        lived = f"{self.month} of {self.setting.months} months lived, from {self.setting.start:%Y-%m}"
        return f"<World {self.setting.scenario!r}, seed {self.seed}: {lived}, {len(self.users)} users>"

    @property
    def accounts(self) -> Accounts:
        """All accounts of the books."""
        return self.economy.ledger.accounts

    @property
    def month(self) -> int:
        """Months lived so far."""
        return self.economy.month

    def step(self) -> None:
        """Live one month; the world stops running after its last.

        Raises
        ------
        BadInput
            If the last month is over, or the world broke off inside a month.
        InvariantBroken
            If the books stop holding together.
        """
        if self.steps <= self.month:  # lived before the world was saved; Mesa's calendar is wound on to here
            return
        self._refuse_to_go_on()
        live(self.economy)
        self.datacollector.collect(self)
        self.running = self.month < self.setting.months

    def _step_if_any_is_left(self) -> None:
        """Refuse a step that can't be lived before Mesa counts it."""
        self._refuse_to_go_on()
        self._count_and_live()

    def _refuse_to_go_on(self) -> None:
        """Say why there is no next month, if there is none."""
        if broken := self.broken_off():
            raise BadInput(f"step: {broken}; make it again")
        if self.month >= self.setting.months:
            lived = f"the world has lived all its {self.setting.months} months"
            raise BadInput(f"step: {lived}; World(..., months={self.setting.months + 12}) makes one that lives longer")

    def broken_off(self) -> str | None:
        """Say in which month an error left the books half done, if one did."""
        if phase := self.economy.ledger.clock.phase:
            return f"the world broke off in phase {phase} of month {self.month}"
        return None

    def result(self) -> Result:
        """What has come out so far: the same as ``run`` gives for as many months as this world has lived.

        Raises
        ------
        BadInput
            If no month is lived yet, or the world broke off inside a month.
        """
        if broken := self.broken_off():
            raise BadInput(f"result: {broken}; make it again")
        if not self.month:
            raise BadInput("result: no month is lived yet, so there is nothing to tell; step() lives one")
        setting = lasting(self.setting, self.month)
        books = Books(self.accounts, self.economy.ledger.journal(), setting.start, setting.months)
        return Result.of(books, self.record, manifest_of(setting, self.given, books))

    def save(self, path: str | Path, force: bool = False) -> Path:
        """Write the half-run world as a folder, from which ``load`` goes on as if it had never stopped.

        What a script has scheduled with Mesa itself, and functions of its own, are not kept; what the data collector
        has noted is. A strategy of one's own is recorded by module, name, numbers and the hash of its source.

        Parameters
        ----------
        path : str or Path
            Where the folder shall stand.
        force : bool
            Whether it may take the place of a checkpoint that stands there.

        Raises
        ------
        BadInput
            If the world can't be saved, or nothing can be written there; nothing was written then.
        """
        checkpoint.save(self, Path(path), force)
        return Path(path)

    @classmethod
    def load(cls, path: str | Path, strategies: Mapping[str, Any] | None = None) -> Self:
        """Build a world again from a folder that ``save`` wrote, and put it where it was.

        Parameters
        ----------
        path : str or Path
            The folder.
        strategies : mapping, optional
            The strategies of one's own that it was saved with, by firm and choice.

        Raises
        ------
        BadInput
            If there is no whole checkpoint that this version reads, or a strategy is missing or another one.
        """
        saved = checkpoint.read(Path(path))
        mine = by_path("strategies", strategies)
        setting = checkpoint.setting_of(saved, mine)
        world = cls(setting, rng=saved.manifest["seed"], users=saved.manifest["users"])
        world.given = replace(world.given, set=saved.manifest.get("set", {}), strategies=mine)
        checkpoint.go_on(world, saved)
        if world.month:
            world.run_for(world.month)  # no month is lived: see step
        return world


def _seed(rng: Any) -> int:
    """Take a seed as it was given, whole numbers of numpy as Python's, or draw one."""
    if rng is None:
        return int.from_bytes(os.urandom(4)) >> (32 - DRAWN_BITS)
    if isinstance(rng, bool) or not isinstance(rng, int | np.integer) or not 0 <= int(rng) < SEEDS:
        expected = "the run's seed, a whole number from 0 to 2^64 - 1, or None to draw one"
        raise BadInput(f"rng: found {shown(rng)}, expected {expected}")
    return int(rng)


def _cash_of(layer: str) -> Any:
    """Report a layer's cash in dollars."""

    def cash(world: World) -> float:
        places = world.accounts.of_layer(layer)
        return float(world.economy.ledger.totals[places, Item.CASH].sum()) / 100

    return cash
