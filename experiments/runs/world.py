"""The world as a Mesa model: build it from a scenario, step it month by month, look inside, save it half-run."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, Self

import mesa

from watersellers.agents.assembly import assemble
from watersellers.agents.scenario_spec import Event
from watersellers.agents.users.kernel.backends import kernel
from watersellers.agents.users.month import Users
from watersellers.agents.users.user_view import UserView
from watersellers.experiments.input.errors import BadInput
from watersellers.experiments.input.plain_values import plain_values, values_by_path
from watersellers.experiments.loading.limits import backend_for, check_backend, check_size
from watersellers.experiments.loading.loader import Scenario, load_scenario, with_length
from watersellers.experiments.own_code.passed_rules import rules_by_path
from watersellers.experiments.runs.dated_changes import Change, change_world, recorded
from watersellers.experiments.runs.mesa_ways import GuardedModel, reporters_of, seed_of
from watersellers.experiments.runs.month_errors import errors_of_month
from watersellers.experiments.runs.result import Result
from watersellers.experiments.runs.world_copies import COPY, copied_parts, refuse_unless_pickled
from watersellers.experiments.saving import checkpoint
from watersellers.experiments.saving.manifest import RunInputs, make_manifest
from watersellers.market.accounting.accounts import Accounts
from watersellers.market.accounting.journal_tables import Books
from watersellers.market.chart_of_accounts import Item
from watersellers.market.goods import CHAIN
from watersellers.market.month import live


class World(GuardedModel):
    """The economy of a scenario; ``step`` simulates one month.

    Firms are the model's agents (``agents_by_type`` by kind); users are columns, and ``users[17]`` shows one of them;
    ``parts`` holds every layer and sector, as ``parts[Labs]``. ``datacollector`` records each layer's cash and each
    firm's price every month; one of your own may read ``cash`` of a firm. What belongs to the economy can't be written
    by hand, for no record would hold it: ``set`` changes it from the next month on.

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
    set : mapping, optional
        Values by path, as ``{"chips.lock_in": 0.5}``.
    strategies : mapping, optional
        Your own strategies by firm and decision, as ``{"perplexity.pricing": FlatFee()}``; see ``load_scenario``.
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
        set: Mapping[str, Any] | None = None,
        *,
        strategies: Mapping[str, Any] | None = None,
        backend: str = "auto",
        threads: int = 1,
    ):
        self.seed = seed_of(rng)
        months, users, threads = plain_values(months, users, threads)
        check_size(self.seed, months, users)
        check_backend(backend, threads)
        super().__init__(rng=self.seed)
        values, rules = values_by_path("set", set), rules_by_path(strategies)
        self.given = RunInputs(self.seed, users, values, rules, backend_for(users, backend), threads)
        spec = load_scenario(scenario, self.given.set, self.given.strategies)
        self.spec = with_length(spec, months)
        made = assemble(self, self.spec, users, self.seed)
        self._economy, self._parts, self._record = made.economy, made.parts, made.record
        self._parts[Users].kernel = kernel(self.given.backend, threads)
        names = [firm.name for firm in self._parts.firms["apps"]]
        self._users = UserView(self, self._parts[Users], names)
        self._replaying = False  # Mesa's calendar moves on over months that were lived before
        self.datacollector = mesa.DataCollector(
            model_reporters={"seed": "seed"} | {f"{layer}_cash": partial(_cash_of, layer) for layer in CHAIN},
            agent_reporters={"name": "name", "price": "price", "alive": "alive"},
        )
        self._count_and_live = self.step  # Mesa's own: it counts the step, then calls the method below
        self.step = self._step_if_any_is_left  # type: ignore[method-assign]
        self.seal(self._parts.registers.clock)
        self._collector, self._reporters = self.datacollector, reporters_of(self.datacollector)
        self._made = {*vars(self), "_made"}  # whatever else it has is a script's

    def __repr__(self) -> str:
        lived = f"{self.month} of {self.spec.months} months lived, from {self.spec.start:%Y-%m}"
        return f"<World {self.spec.scenario!r}, seed {self.seed}: {lived}, {len(self._users)} users>"

    @property
    def accounts(self) -> Accounts:
        """Return all accounts of the books."""
        return self._economy.ledger.accounts

    @property
    def month(self) -> int:
        """Return the number of months simulated so far."""
        return self._economy.month

    @property
    def changes(self) -> tuple[Change, ...]:
        """Return what ``set`` has changed, each from its month on."""
        return tuple(Change(**deepcopy(dict(each))) for each in self.given.changes)

    def set(self, path: str, value: Any) -> Change:
        """Change a number, a strategy or a list of partners from the next month on, as an event of a scenario does.

        The change stands in ``changes``, in the table of events, in a checkpoint and in the manifest, and the scenario
        of the manifest has it as an event, so that ``watersellers rerun`` makes it again.

        Parameters
        ----------
        path : str
            What to change, as in ``"chips.lock_in"`` or ``"openai.pricing"``.
        value : float, str, mapping or list of str
            A number; a strategy by its name on the menu, or as a table with ``use``; or partners by their names.

        Raises
        ------
        BadInput
            If no scenario may hold such an event, or there is no next month; nothing changed then.
        """
        return change_world(self, path, value)

    def take_events(self, events: tuple[Event, ...], changes: Sequence[Change] = ()) -> None:
        """Take other events for the months to come; ``changes`` are those that nobody told beforehand."""
        known = (*self.given.changes, *recorded(changes))
        self.__dict__.update(spec=replace(self.spec, events=events), given=replace(self.given, changes=known))

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
        ChangedByHand
            If something inside was changed in place since the last month; the message names it.
        """
        if self._replaying:
            return
        self._refuse_to_go_on()
        self.refuse_changed("step")  # by what Mesa carried out between two months of run_for
        with errors_of_month(self):
            live(self._economy)
        self._collect()
        if self.month == self.spec.months:
            self.running = False

    def _step_if_any_is_left(self) -> None:
        """Refuse an impossible step before Mesa counts it."""
        self._refuse_other_time()
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
        if phase := self._clock.phase:
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
        self.refuse_changed("result")
        spec, ledger = with_length(self.spec, self.month), self._economy.ledger
        books = Books(ledger.accounts, ledger.journal(), spec.start, spec.months)
        return Result.of(books, self._record, make_manifest(spec, self.given, books))

    def save(self, path: str | Path, force: bool = False) -> Path:
        """Write the half-run world as a folder, from which ``load`` continues as if it had never stopped.

        Events that a script scheduled with Mesa, and the script's own functions, are not saved; records of the data
        collector are. Your own strategies are recorded by module, name, numbers and source.

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
        spec = checkpoint.scenario_spec_of(saved, mine := rules_by_path(strategies))
        world = cls(spec, rng=saved.manifest["seed"], users=saved.manifest["users"])
        world._resume(saved, mine)
        return world

    def _resume(self, saved: checkpoint.SavedWorld, mine: Mapping[str, Any]) -> None:
        """Put a saved state into this world, which has just been built."""
        told = {"set": saved.manifest.get("set", {}), "changes": tuple(saved.manifest.get("changes", ()))}
        self.__dict__.update(given=replace(self.given, strategies=mine, **told))
        checkpoint.resume(self, saved)
        self.__dict__.update(_replaying=True, _notes=None)
        if self.month:
            mesa.Model.run_for(self, self.month)
        self.__dict__.update(_replaying=False, _notes=None)  # nobody has looked inside yet

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickle a world by its checkpoint, with the attributes that a script has given it.

        Raises
        ------
        BadInput
            If it can't be saved, or a script has scheduled events with Mesa, which no copy could hold.
        """
        made, mine = copied_parts(self, self._made, self._collector)
        if "datacollector" in mine:
            refuse_unless_pickled(self.datacollector)
        return _copy_of, (type(self), *made), mine

    def __deepcopy__(self, memo: dict[int, Any]) -> Self:
        """Copy a world by its checkpoint, as ``__reduce__`` does; any data collector can be copied."""
        made, mine = copied_parts(self, self._made, self._collector)
        copied = memo[id(self)] = _copy_of(type(self), *made)
        copied.__setstate__(deepcopy(mine, memo))
        return copied

    def __setstate__(self, state: dict[str, Any]) -> None:
        """Take the attributes that a script had given to the world of which this is a copy."""
        self.__dict__.update(state)


def _copy_of[W: World](kind: type[W], files: Mapping[str, bytes], strategies: Mapping[str, Any], plain: bool) -> W:
    """Make the copy of a world from its checkpoint; a collector that is not ``plain`` comes later."""
    saved, world = checkpoint.from_files(files, COPY), kind.__new__(kind)
    spec = checkpoint.scenario_spec_of(saved, strategies)
    World.__init__(world, spec, rng=saved.manifest["seed"], users=saved.manifest["users"])
    world.datacollector = world.datacollector if plain else None
    world._resume(saved, strategies)
    return world


def _cash_of(layer: str, world: World) -> float:
    """Add up a layer's cash in dollars."""
    account_ids = world._economy.ledger.accounts.of_layer(layer)
    return float(world._economy.ledger.totals[account_ids, Item.CASH].sum()) / 100
