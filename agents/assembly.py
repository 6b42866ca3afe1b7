"""Assembly of an economy from its parts, which act in the order of the schedule."""

from collections.abc import Mapping
from dataclasses import dataclass

import mesa

from watersellers.agents.economy_parts import MarketTurns, Parts, Turn
from watersellers.agents.opening_balances import open_books
from watersellers.agents.recorder import Record, Recorder
from watersellers.agents.scenario_spec import ScenarioSpec, Traits
from watersellers.agents.schedule import FIRMS, MARKETS, SCHEDULE
from watersellers.market.month import Economy, Market


@dataclass(frozen=True)
class Assembly:
    """An economy that was built from a specification, its parts, and the rows that they record."""

    economy: Economy
    parts: Parts
    record: Record


def assemble(model: mesa.Model, spec: ScenarioSpec, users: int, seed: int) -> Assembly:
    """Build the economy of a specification with a number of simulated users and a seed, and open its books."""
    parts = Parts(model, spec, users, seed)
    parts.create_firms(FIRMS, {layer: records_of(layer, MARKETS, SCHEDULE) for layer in FIRMS})
    open_books(parts)
    parts.markets = tuple(_market(parts, name) for name in MARKETS)
    acting = {phase: tuple(parts[turn.part] for turn in turns) for phase, turns in SCHEDULE.items()}
    economy = Economy(parts.ledger, seed, parts.markets, **acting)
    return Assembly(economy, parts, parts[Recorder].record)


def records_of(
    layer: str, markets: Mapping[str, MarketTurns] = MARKETS, schedule: Mapping[str, tuple[Turn, ...]] = SCHEDULE
) -> list[type[Traits]]:
    """Collect the records of numbers that the mechanisms need of each firm of a layer.

    These are the mechanisms that have a turn, and those that they use (``USES``).

    Raises
    ------
    ValueError
        If a mechanism names numbers of a group that is no layer of the chain.
    """
    sides = [side for market in markets.values() for side in (market.sellers, market.buyers)]
    acting = [turn.part for turns in (*sides, *schedule.values()) for turn in turns]
    records: list[type[Traits]] = []
    for part in [each for one in acting for each in (one, *getattr(one, "USES", ()))]:
        numbers = getattr(part, "NUMBERS", {})
        if unknown := sorted(set(numbers) - set(FIRMS)):
            raise ValueError(f"{part.__name__}.NUMBERS: found {unknown}, expected layers of the chain")
        records += numbers.get(layer, ())
    return list(dict.fromkeys(records))


def _market(parts: Parts, name: str) -> Market:
    """Make a market of its sellers and its buyers, with the rule that rations scarce goods if it has one."""
    market = MARKETS[name]
    sellers, buyers = (tuple(parts[turn.part] for turn in turns) for turns in (market.sellers, market.buyers))
    if market.rations is None:
        return Market(name, sellers, buyers)
    return Market(name, sellers, buyers, parts[market.rations].ration)
