"""The world as a Mesa model: build it from a scenario, step it a month at a time, look inside."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import mesa

from agents.crowd import Crowd
from agents.model import assemble
from agents.records import Record
from experiments.limits import check_size
from experiments.scenario import Scenario, load_scenario
from market.accounts import Accounts
from market.goods import CHAIN, Item
from market.month import live


class World(mesa.Model):
    """An economy of a scenario; ``step`` lives one month.

    Firms are the model's agents (``agents_by_type`` by kind); users are columns, of which ``users[17]``
    shows one. ``datacollector`` notes each layer's revenue and cash and each firm's price every month.

    Parameters
    ----------
    scenario : str, Path, mapping or Setting
        Name or file of a scenario.
    rng : int, optional
        The run's seed; drawn by Mesa if not given.
    months : int, optional
        How long the world runs; the scenario's own length if not given.
    users : int
        How many simulated users stand for all people.
    settings : mapping, optional
        Values by path, as ``{"chips.lock_in": 0.5}``.

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
    ):
        super().__init__(rng=rng)
        check_size(self._seed, months, users)
        setting = load_scenario(scenario, settings)
        self.setting = setting if months is None else replace(setting, months=months)
        self.seed = int(self._seed)
        self.parts = assemble(self, self.setting, users, self.seed)
        self.economy = self.parts.economy
        names = [firm.name for firm in self.parts.firms["apps"]]
        self.users = Crowd(self, self.parts.users, names)
        self.datacollector = mesa.DataCollector(
            model_reporters={f"{layer}_cash": _cash_of(layer) for layer in CHAIN},
            agent_reporters={"name": "name", "price": "price", "alive": "alive"},
        )

    @property
    def accounts(self) -> Accounts:
        """All accounts of the books."""
        return self.economy.ledger.accounts

    @property
    def record(self) -> Record:
        """What was written down month by month beside the books."""
        return self.parts.recorder.record

    @property
    def month(self) -> int:
        """Months lived so far."""
        return self.economy.month

    def step(self) -> None:
        """Live one month; the world stops running after its last."""
        live(self.economy)
        self.datacollector.collect(self)
        self.running = self.economy.month < self.setting.months


def _cash_of(layer: str) -> Any:
    """Report a layer's cash in dollars."""

    def cash(world: World) -> float:
        places = world.accounts.of_layer(layer)
        return float(world.economy.ledger.totals[places, Item.CASH].sum()) / 100

    return cash
