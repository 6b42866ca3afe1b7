"""Puts an economy to work: its parts take their turns as the schedule says."""

from dataclasses import dataclass

import mesa

from watersellers.agents.opening import open_books
from watersellers.agents.parts import Parts
from watersellers.agents.records import Record, Recorder
from watersellers.agents.schedule import FIRMS, MARKETS, SCHEDULE, records_of
from watersellers.agents.setting import Setting
from watersellers.market.month import Economy, Market


@dataclass(frozen=True)
class Assembly:
    """What a setting was made into: the economy at work, the parts that work in it, and what they write down."""

    economy: Economy
    parts: Parts
    record: Record


def assemble(model: mesa.Model, setting: Setting, users: int, seed: int) -> Assembly:
    """Build the economy of a setting with a number of simulated users and a seed, and open its books."""
    parts = Parts(model, setting, users, seed)
    parts.found(FIRMS, {layer: records_of(layer, MARKETS, SCHEDULE) for layer in FIRMS})
    open_books(parts)
    parts.markets = tuple(_market(parts, name) for name in MARKETS)
    acting = {phase: tuple(parts[turn.who] for turn in turns) for phase, turns in SCHEDULE.items()}
    economy = Economy(parts.ledger, seed, parts.markets, **acting)
    return Assembly(economy, parts, parts[Recorder].record)


def _market(parts: Parts, name: str) -> Market:
    """Bring those together who sell a good and who buy it."""
    trade = MARKETS[name]
    sellers, buyers = (tuple(parts[turn.who] for turn in turns) for turns in (trade.sellers, trade.buyers))
    return (
        Market(name, sellers, buyers, parts[trade.rations].ration) if trade.rations else Market(name, sellers, buyers)
    )
