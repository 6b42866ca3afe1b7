"""Worlds of a few months and users."""

from dataclasses import dataclass
from typing import Any

from watersellers.agents.apps.app import App
from watersellers.agents.chips.vendor import ChipVendor
from watersellers.agents.cloud.provider import Cloud
from watersellers.agents.labs.lab import Lab
from watersellers.experiments.runs.world import World
from watersellers.experiments.saving.digest import digest
from watersellers.market.chance import Chance

USERS = 60
KINDS = {ChipVendor: "chips", Cloud: "cloud", Lab: "labs", App: "apps"}


@dataclass(frozen=True)
class FlatRate:
    """A strategy of one's own: on no menu."""

    price: float = 12.0

    def __call__(self, seen: Any, chance: Chance) -> float:
        return self.price


def world_of(months: int, **given: Any) -> World:
    return World(**{"rng": 3, "users": USERS, "months": months} | given)


def run_to_end(world: World) -> World:
    while world.running:
        world.step()
    return world


def journal_digest(world: World) -> str:
    return digest(world.economy.ledger.journal())
