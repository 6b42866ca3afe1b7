"""Where the months of a run come from: a world that lives them now, or a run that was saved."""

from collections.abc import Iterator
from dataclasses import fields, replace
from typing import Any, Protocol

import numpy as np

from watersellers.agents.records import Record
from watersellers.agents.setting import Setting
from watersellers.experiments.errors import BadInput, shown
from watersellers.experiments.result import Result
from watersellers.experiments.scenario import lasting, load_scenario
from watersellers.experiments.steering import Recipe, setting_of, steer
from watersellers.experiments.tape import Cast, Mark, Month, Users, cast_of, month_of
from watersellers.experiments.text_files import parse_toml
from watersellers.experiments.world import World
from watersellers.market.goods import Item
from watersellers.market.ledger import Journal, apply

PLACE = "manifest.json, scenario.text"
OPERATIONS = ("alive", "price", "quantity", "capacity", "used_share", "customers")
FIXED = (
    "this is a saved run: it can be looked at and not changed; 'watersellers view' without it lives a world that can"
)


class Life(Protocol):
    """Months, one after the other."""

    @property
    def running(self) -> bool:
        """Whether there is another month."""

    def next(self) -> Month:
        """Give the next month."""

    def steer(self, setting: Setting) -> None:
        """Change what is still to come."""

    def close(self) -> None:
        """Let go of it."""


class Lived(Protocol):
    """What begins a life: a recipe's setting, and its months from the first on."""

    def setting(self, recipe: Recipe) -> Setting:
        """Resolve a recipe."""

    def begin(self, setting: Setting, recipe: Recipe) -> Life:
        """Begin at the first month."""


class WorldLife:
    """A world that lives its months now."""

    def __init__(self, setting: Setting, recipe: Recipe):
        self._world = World(setting, rng=recipe.seed, users=recipe.users)
        self.cast = cast_of(self._world)

    @property
    def running(self) -> bool:
        """Whether there is another month."""
        return bool(self._world.running)

    def next(self) -> Month:
        """Live a month and freeze it."""
        mark = Mark.of(self._world) if self._world.month else Mark()
        self._world.step()
        return month_of(self._world, mark, self.cast)

    def steer(self, setting: Setting) -> None:
        """Change what is still to come."""
        steer(self._world, setting)

    def close(self) -> None:
        """Let go of it: there is nothing but memory."""


class Living:
    """Begins worlds."""

    def setting(self, recipe: Recipe) -> Setting:
        """Resolve a recipe with its dated changes."""
        return setting_of(recipe)

    def begin(self, setting: Setting, recipe: Recipe) -> Life:
        """Build the world."""
        return WorldLife(setting, recipe)


class SavedLife:
    """The months of a saved run, read from its journal."""

    def __init__(self, result: Result):
        self._count, self._months = result.books.months, months_of(result)
        self._given = 0

    @property
    def running(self) -> bool:
        """Whether there is another month."""
        return self._given < self._count

    def next(self) -> Month:
        """Give the next month of the run."""
        self._given += 1
        return next(self._months)

    def steer(self, setting: Setting) -> None:
        """Refuse: what was saved is as it was."""
        raise BadInput(FIXED)

    def close(self) -> None:
        """Let go of it: there is nothing but memory."""


class Saved:
    """Begins a saved run again."""

    def __init__(self, result: Result):
        self.result = result
        manifest = result.manifest
        self.recipe = Recipe(str(manifest["scenario"]["name"]), int(manifest["seed"]), int(manifest["users"]))
        self._setting = _setting_of(manifest)

    def setting(self, recipe: Recipe) -> Setting:
        """Give the run's own setting; anything else would be another run.

        Raises
        ------
        BadInput
            If another run is asked for.
        """
        if recipe != self.recipe:
            raise BadInput(FIXED)
        return self._setting

    def begin(self, setting: Setting, recipe: Recipe) -> Life:
        """Begin at the first month."""
        return SavedLife(self.result)


def _setting_of(manifest: dict[str, Any]) -> Setting:
    """Read the scenario that a run's manifest holds, as long as the run.

    Raises
    ------
    BadInput
        If it does not stand there whole: what it would extend is a file of somebody's choice.
    """
    told = parse_toml(manifest["scenario"]["text"], PLACE)
    if "extends" in told:
        raise BadInput(f"{PLACE}, extends: found {shown(told['extends'])}, expected a scenario that is written out")
    setting = replace(load_scenario(told), scenario=manifest["scenario"]["name"])
    return lasting(setting, manifest["months"])


def months_of(result: Result) -> Iterator[Month]:
    """Cut a saved run into its months: entries, events, and the stocks that the entries leave."""
    journal, accounts = result.books.journal, result.books.accounts
    totals = np.zeros((len(accounts), len(Item)), dtype=np.int64)
    cast = Cast(accounts, _NONE, _NONE, _NONE, _NONE, ())
    for number in range(result.books.months):
        rows = journal.month == number
        entries = Journal(*(getattr(journal, field.name)[rows] for field in fields(Journal)))
        apply(entries, totals, {})
        yield Month(
            cast=cast,
            number=number,
            start=result.books.start,
            journal=entries,
            record=_record(result, number),
            cash=totals[:, Item.CASH].copy(),
            debt=-totals[:, Item.LOANS] - totals[:, Item.PAYABLES],
            users=Users(_NONE, _NONE),
        )


_NONE = np.zeros(0, dtype=np.int64)


def _record(result: Result, number: int) -> Record:
    """Give a month's rows of the record, as far as a run folder keeps them: what firms did, and what happened."""
    day = result.layers["month"].unique().sort()[number]
    place = result.books.accounts.index
    firms = result.firms.filter(month=day).select("firm", *OPERATIONS).iter_rows()
    happened = result.events.filter(month=day).select("what", "who", "text").iter_rows()
    return Record(
        operations=[(number, place[firm], *rest) for firm, *rest in firms],
        events=[(number, *row) for row in happened],
    )
