"""The state of a half-run world: collect it from the objects that hold it, and put it back.

A class whose objects change from month to month names in ``SAVED`` the fields to keep. The rest is rebuilt from the
journal (``_refill``) or with the world, or belongs to Mesa. A test finds state of a new mechanism that is not named.
"""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np
import polars as pl

from watersellers.agents.audit.stock_flow_checks import Auditor
from watersellers.agents.firm import Firm
from watersellers.agents.recorder import APPS, EVENTS, OPERATIONS, USERS, Record
from watersellers.agents.records.chain_rows import ADOPTION, CHAIN
from watersellers.agents.records.contract_rows import CONTRACTS
from watersellers.agents.records.market_rows import MARKETS
from watersellers.agents.records.pool_rows import POOLS
from watersellers.agents.records.shock_rows import SHOCKS
from watersellers.agents.scenario_events import ScenarioEvents
from watersellers.agents.shadows.shadow_payments import SHADOWS
from watersellers.agents.users.month import Users
from watersellers.experiments.saving.packing import Kind, Misfit, Packing, Rows, field_kinds
from watersellers.market.accounting.ledger import Journal, Ledger, apply
from watersellers.market.month import Market
from watersellers.market.saved import EVERY_FIELD
from watersellers.market.write_guard import FixedTable

COLLECTED = ("collected", "collected_agents")  # records of Mesa's data collector: of the model, of its agents
GENERATORS: dict[str, Kind] = {"random": tuple[int, tuple[int, ...], float | None], "rng": tuple[int, int, int, int]}
RECORD = {
    "operations": Rows(OPERATIONS),
    "apps": Rows(APPS),
    "users": Rows(USERS),
    "events": Rows(EVENTS),
    "markets": Rows(MARKETS),
    "adoption": Rows(ADOPTION),
    "chain": Rows(CHAIN),
    "contracts": Rows(CONTRACTS),
    "shocks": Rows(SHOCKS),
    "pools": Rows(POOLS),
    "shadows": Rows(SHADOWS),
}


def saved_fields(kind: type) -> dict[str, Kind]:
    """Return the saved fields of a class, those of its parent classes included."""
    if kind is Record:
        return dict(RECORD)
    declared = [vars(each)["SAVED"] for each in reversed(kind.__mro__) if "SAVED" in vars(each)]
    return {name: of for each in declared for name, of in (field_kinds(kind) if each == EVERY_FIELD else each).items()}


def stateful_objects(world: Any) -> Iterator[tuple[str, Any, dict[str, Kind]]]:
    """Yield each object of a world that holds state, with its path and its saved fields."""
    parts, registers = world._parts, world._parts.registers
    held = [getattr(registers, field.name) for field in fields(registers)]
    people = parts[Users].people
    for each in (registers, *held, parts.ledger, *parts.markets, *parts, people, world._record):
        if wanted := saved_fields(type(each)):
            name = type(each).__name__.lower()
            yield f"{name}.{each.name}" if isinstance(each, Market) else name, each, wanted
    for group, members in parts[ScenarioEvents].groups.items():
        for each in members:
            numbers = each.numbers if isinstance(each, Firm) else each  # a firm's are records of its mechanisms
            own = saved_fields(type(numbers)) if isinstance(each, Firm) else {"traits": type(each.traits)}
            yield f"{group}.{each.name}", each, saved_fields(type(each))
            yield f"{group}.{each.name}.numbers", numbers, own


def capture(world: Any) -> tuple[dict[str, Any], dict[str, pl.DataFrame]]:
    """Copy a world's state: values for JSON, and tables.

    Raises
    ------
    Misfit
        If a value does not have its declared type, as when a strategy returned a number that is not Python's.
    """
    packing = Packing()
    state: dict[str, Any] = {"running": packing.pack(bool, world.running, "running")}
    for path, each, wanted in stateful_objects(world):
        state[path] = {name: packing.pack(kind, getattr(each, name), f"{path}.{name}") for name, kind in wanted.items()}
    packing.pack(Journal, world._economy.ledger.journal(), "journal")
    bits = world.rng.bit_generator.state
    if bits["bit_generator"] != "PCG64":
        raise Misfit("rng", bits["bit_generator"], "PCG64, which World makes itself")
    rng = (*bits["state"].values(), bits["has_uint32"], bits["uinteger"])
    for name, value in (("random", world.random.getstate()), ("rng", rng)):
        state[name] = packing.pack(GENERATORS[name], value, name)
    return state, packing.tables | _collected_tables(world.datacollector)


def restore(world: Any, state: dict[str, Any], tables: dict[str, pl.DataFrame]) -> None:
    """Put a state into a world that has just been built from the same scenario.

    Raises
    ------
    Misfit
        If the state does not belong to such a world.
    """
    packing = Packing(tables)
    there = list(stateful_objects(world))
    wanted = {path for path, _, _ in there} | set(GENERATORS) | {"running"}
    if set(state) != wanted:
        raise Misfit("state", sorted(set(state) ^ wanted), "the firms, layers and registers of this version")
    for path, each, kinds_wanted in there:
        for name, value in packing.fields(kinds_wanted, state[path], path).items():
            fixed = isinstance(getattr(each, name, None), FixedTable)
            try:
                setattr(each, name, FixedTable(value) if fixed else value)
            except ValueError as error:  # the rules of this version have other numbers
                raise Misfit(path, str(error), "the numbers of this version") from None
    world.running = packing.unpack(bool, state["running"], "running")
    world.random.setstate(packing.unpack(GENERATORS["random"], state["random"], "random"))
    number, step, has, left = packing.unpack(GENERATORS["rng"], state["rng"], "rng")
    bits = {"bit_generator": "PCG64", "state": {"state": number, "inc": step}, "has_uint32": has, "uinteger": left}
    world.rng.bit_generator.state = bits
    journal = dict.fromkeys(field_kinds(Journal), "column")
    _refill(world._economy.ledger, packing.unpack(Journal, journal, "journal"))
    auditor = Auditor(world._parts, world._economy.markets)  # all that an auditor keeps follows from the books
    vars(world._parts[Auditor]).update(vars(auditor))
    world._parts[ScenarioEvents].resume(world._economy.month)
    if world.datacollector is not None:  # else a copy gets that of a script, with its records
        _restore_collected(world.datacollector, tables)


def _refill(ledger: Ledger, journal: Journal) -> None:
    """Replay a journal, batch by batch, in a ledger that holds only the same opening entries."""
    opening = ledger.journal()
    first = journal.where(np.arange(min(len(opening), len(journal))))
    if opening.rows() != first.rows():
        raise Misfit("journal", "other opening entries", "those that this version of Water Sellers writes")
    ledger.totals[:] = 0
    ledger.claims.clear()
    starts = np.flatnonzero(np.diff(journal.batch))
    ledger.chunks = [journal.where(rows) for rows in np.split(np.arange(len(journal)), starts + 1)]
    for chunk in ledger.chunks:
        apply(chunk, ledger.totals, ledger.claims)
    ledger.batch = int(journal.batch[-1])


def _collected_tables(collector: Any) -> dict[str, pl.DataFrame]:
    """Copy the records of Mesa's data collector: a row per month, and a row per month and agent."""
    rows = [row for rows in collector._agent_records.values() for row in rows]
    names = ["Step", "AgentID", *collector.agent_reporters]
    try:
        months = pl.DataFrame({"Step": collector._collection_steps, **collector.model_vars})
        agents = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError) as error:
        raise Misfit("datacollector", str(error), "numbers and words, per month or per month and agent") from None
    return dict(zip(COLLECTED, (months, agents), strict=True))


def _restore_collected(collector: Any, tables: dict[str, pl.DataFrame]) -> None:
    """Put copied records back into Mesa's data collector."""
    months, agents = (tables[name] for name in COLLECTED)
    names = (["Step", *collector.model_vars], ["Step", "AgentID", *collector.agent_reporters])
    if (months.columns, agents.columns) != names:
        raise Misfit("datacollector", [*months.columns, *agents.columns], "the reporters of the class that loads it")
    noted = months.to_dict(as_series=False)
    collector._collection_steps = noted.pop("Step")
    collector.model_vars = noted
    collector._agent_records = {step: [] for step in collector._collection_steps}
    for row in agents.rows():
        collector._agent_records[row[0]].append(row)
