"""The world as a Mesa model: build it from a scenario, step it month by month, look inside, save it half-run."""

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, Self

import mesa
import numpy as np

from watersellers.agents.assembly import assemble
from watersellers.agents.decision_checks import BadAnswer
from watersellers.agents.users.kernel.backends import kernel
from watersellers.agents.users.month import Users
from watersellers.agents.users.user_view import UserView
from watersellers.experiments.input.errors import BadInput, shown
from watersellers.experiments.input.plain_values import plain_value, values_by_path
from watersellers.experiments.loading.limits import SEEDS, backend_for, check_backend, check_size
from watersellers.experiments.loading.loader import Scenario, load_scenario, with_length
from watersellers.experiments.loading.schema import calendar_month
from watersellers.experiments.runs.result import Result
from watersellers.experiments.saving import checkpoint
from watersellers.experiments.saving.manifest import RunInputs, make_manifest
from watersellers.market.accounting.accounts import Accounts
from watersellers.market.accounting.journal_tables import Books
from watersellers.market.chart_of_accounts import Item
from watersellers.market.goods import CHAIN
from watersellers.market.month import live

DRAWN_BITS = 31  # of a drawn seed: short enough to type


class World(mesa.Model):
    """The economy of a scenario; ``step`` simulates one month.

    Firms are the model's agents (``agents_by_type`` by kind); users are columns, and ``users[17]`` shows one of them;
    ``parts`` holds every layer and sector, as ``parts[Labs]``. ``datacollector`` records each layer's cash and each
    firm's price every month.

    Parameters
    ----------
    scenario : str, Path, mapping or ScenarioSpec
        A scenario's name, the path of its file, its content as a mapping, or a loaded scenario.
    rng : int, optional
        The seed of the run; drawn if not given. The attribute ``seed`` holds it.
    months : int, optional
        Length of the run; the scenario's own if not given.
    users : int
        Number of simulated users that represent all people.
    settings : mapping, optional
        Values by path, as ``{"chips.lock_in": 0.5}``.
    strategies : mapping, optional
        Your own strategies by firm and decision, as ``{"perplexity.pricing": FlatFee()}``.
    backend, threads : str, int
        Backend of the users' month (auto, numpy or numba), and its threads; they change no result.

    Raises
    ------
    BadInput
        If an argument is wrong.
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
        months, users, threads = plain_value(months), plain_value(users), plain_value(threads)
        check_size(self.seed, months, users)
        check_backend(backend, threads)
        super().__init__(rng=self.seed)
        given = values_by_path("settings", settings), values_by_path("strategies", strategies)
        self.given = RunInputs(self.seed, users, *given, backend_for(users, backend), threads)
        spec = load_scenario(scenario, self.given.set, self.given.strategies)
        self.spec = with_length(spec, months)
        made = assemble(self, self.spec, users, self.seed)
        self.economy, self.parts, self.record = made.economy, made.parts, made.record
        self.parts[Users].kernel = kernel(self.given.backend, threads)
        names = [firm.name for firm in self.parts.firms["apps"]]
        self.users = UserView(self, self.parts[Users], names)
        self.datacollector = mesa.DataCollector(
            model_reporters={"seed": "seed"} | {f"{layer}_cash": _cash_of(layer) for layer in CHAIN},
            agent_reporters={"name": "name", "price": "price", "alive": "alive"},
        )
        self._count_and_live = self.step  # Mesa's own: it counts the step, then calls the method below
        self.step = self._step_if_any_is_left  # type: ignore[method-assign]

    def __repr__(self) -> str:
        lived = f"{self.month} of {self.spec.months} months lived, from {self.spec.start:%Y-%m}"
        return f"<World {self.spec.scenario!r}, seed {self.seed}: {lived}, {len(self.users)} users>"

    @property
    def accounts(self) -> Accounts:
        """Return all accounts of the books."""
        return self.economy.ledger.accounts

    @property
    def month(self) -> int:
        """Return the number of months simulated so far."""
        return self.economy.month

    def step(self) -> None:
        """Simulate one month; after the last one, ``running`` is False.

        Raises
        ------
        BadInput
            If the last month is over, or an error stopped the world inside a month.
        BadAnswer
            If a strategy fails, or answers what means nothing; the message names firm, decision, answer and month.
        InvariantBroken
            If the books become inconsistent.
        """
        if self.steps <= self.month:  # simulated before the world was saved; only Mesa's calendar moves on
            return
        self._refuse_to_go_on()
        try:
            live(self.economy)
        except BadAnswer as error:
            raise error.dated(calendar_month(self.spec.start, error.month)) from error.__cause__
        self.datacollector.collect(self)
        self.running = self.month < self.spec.months

    def _step_if_any_is_left(self) -> None:
        """Refuse an impossible step before Mesa counts it."""
        self._refuse_to_go_on()
        self._count_and_live()

    def _refuse_to_go_on(self) -> None:
        """Raise BadInput if there is no next month."""
        if broken := self.broken_off():
            raise BadInput(f"step: {broken}; make it again")
        if self.month >= self.spec.months:
            lived = f"the world has lived all its {self.spec.months} months"
            raise BadInput(f"step: {lived}; World(..., months={self.spec.months + 12}) makes one that lives longer")

    def broken_off(self) -> str | None:
        """Say in which month an error stopped the world, if one did."""
        if phase := self.economy.ledger.clock.phase:
            return f"the world broke off in phase {phase} of month {self.month}"
        return None

    def result(self) -> Result:
        """Return the result so far, the same as ``run`` gives for as many months.

        Raises
        ------
        BadInput
            If no month is over yet, or an error stopped the world inside a month.
        """
        if broken := self.broken_off():
            raise BadInput(f"result: {broken}; make it again")
        if not self.month:
            raise BadInput("result: no month is lived yet, so there is nothing to tell; step() lives one")
        spec = with_length(self.spec, self.month)
        books = Books(self.accounts, self.economy.ledger.journal(), spec.start, spec.months)
        return Result.of(books, self.record, make_manifest(spec, self.given, books))

    def save(self, path: str | Path, force: bool = False) -> Path:
        """Write the half-run world as a folder, from which ``load`` continues as if it had never stopped.

        Events that a script scheduled with Mesa, and the script's own functions, are not saved; records of the data
        collector are. Your own strategies are recorded by module, name, numbers and the hash of their source.

        Parameters
        ----------
        path : str or Path
            The folder to write.
        force : bool
            Whether it may replace an existing checkpoint.

        Raises
        ------
        BadInput
            If the world can't be saved, or the path can't be written; nothing was written then.
        """
        checkpoint.save(self, Path(path), force)
        return Path(path)

    @classmethod
    def load(cls, path: str | Path, strategies: Mapping[str, Any] | None = None) -> Self:
        """Rebuild a world from a folder that ``save`` wrote, in the same state.

        Parameters
        ----------
        path : str or Path
            The folder.
        strategies : mapping, optional
            Your own strategies with which it was saved, by firm and decision.

        Raises
        ------
        BadInput
            If there is no whole checkpoint that this version reads, or a strategy is missing or different.
        """
        saved = checkpoint.read(Path(path))
        mine = values_by_path("strategies", strategies)
        spec = checkpoint.scenario_spec_of(saved, mine)
        world = cls(spec, rng=saved.manifest["seed"], users=saved.manifest["users"])
        world.given = replace(world.given, set=saved.manifest.get("set", {}), strategies=mine)
        checkpoint.resume(world, saved)
        if world.month:
            world.run_for(world.month)  # simulates nothing: see step
        return world


def _seed(rng: Any) -> int:
    """Check a seed and return it as Python's number, or draw one."""
    if rng is None:
        return int.from_bytes(os.urandom(4)) >> (32 - DRAWN_BITS)
    if isinstance(rng, bool) or not isinstance(rng, int | np.integer) or not 0 <= int(rng) < SEEDS:
        expected = "the run's seed, a whole number from 0 to 2^64 - 1, or None to draw one"
        raise BadInput(f"rng: found {shown(rng)}, expected {expected}")
    return int(rng)


def _cash_of(layer: str) -> Any:
    """Make a reporter of a layer's cash in dollars."""

    def cash(world: World) -> float:
        account_ids = world.accounts.of_layer(layer)
        return float(world.economy.ledger.totals[account_ids, Item.CASH].sum()) / 100

    return cash
