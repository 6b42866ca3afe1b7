"""What holds the state of a half-run world: one table of classes and fields, and the way through a live world.

Everything that changes while a world lives stands here, is rebuilt from the journal (``_refill``), or is
Mesa's. A new mechanism that remembers something adds its line; a test finds it if it does not.
"""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import numpy as np
import polars as pl

from watersellers.agents.advertisers import Advertisers
from watersellers.agents.app import App
from watersellers.agents.apps import Apps
from watersellers.agents.boxing import Boxing
from watersellers.agents.building import Builders
from watersellers.agents.cellars import Cellars
from watersellers.agents.checks import Auditor
from watersellers.agents.chipmaker import Chipmaker, Chips
from watersellers.agents.cloud import Cloud, Clouds
from watersellers.agents.counting import Counted, Summary
from watersellers.agents.court import Court
from watersellers.agents.directing import Boards
from watersellers.agents.firm import Common, LastMonth, Trend
from watersellers.agents.happenings import Happenings
from watersellers.agents.hosting import Hosts
from watersellers.agents.investors import Investor, Investors, Track
from watersellers.agents.lab import Lab
from watersellers.agents.labs import Labs
from watersellers.agents.lending import Lenders
from watersellers.agents.news import News, Purchase
from watersellers.agents.own_models import OwnModels
from watersellers.agents.population import Population
from watersellers.agents.records import Record, Recorder
from watersellers.agents.reserving import Reservations
from watersellers.agents.setting import Regional
from watersellers.agents.trust import Trust
from watersellers.agents.users import Users
from watersellers.experiments.result import APPS, EVENTS, OPERATIONS, USERS
from watersellers.experiments.saving.packing import Kind, Misfit, Packing, Rows, kinds
from watersellers.market.backlog import Backlog
from watersellers.market.contracts import Contracts
from watersellers.market.fleet import Fleets, Machines
from watersellers.market.ledger import Journal, Ledger, apply
from watersellers.market.month import Economy, Market
from watersellers.market.orders import Offers, Orders, Supply, Trades
from watersellers.market.shares import ShareRegister
from watersellers.market.units import Column

COLLECTED = ("collected", "collected_agents")  # what Mesa's data collector has noted: of the model, of its agents
GENERATORS: dict[str, Kind] = {"random": tuple[int, tuple[int, ...], float | None], "rng": tuple[int, int, int, int]}
FIRM: dict[str, Kind] = {"alive": bool, "price": float, "pivoted": bool}
BUYERS = dict[int, list[Purchase]]
FIELDS: dict[type, dict[str, Kind]] = {
    # the books, the registers and what everybody can read
    Economy: {"month": int},
    Market: {"offers": Offers, "orders": Orders, "supply": Supply, "trades": Trades},
    Ledger: {"month": int, "phase": int, "credit_line": Column},
    Common: {"numbers": dict[str, float], "month": int},
    Backlog: kinds(Backlog),
    Fleets: {"machines": Machines, "appliances": Machines, "produced": Column, "retired": Column},
    ShareRegister: kinds(ShareRegister),
    News: kinds(News),
    LastMonth: kinds(LastMonth),
    # firms, investors, regions of outside sectors; the numbers that an event may set (traits) are added to each
    Chipmaker: FIRM | {"capacity": float, "pipeline": list[tuple[int, float]], "orders": Trend},
    Cloud: FIRM
    | {"asked": Trend, "asked_last": int, "capacity": int, "chip_share": dict[int, float]}
    | {"padding": float, "ration": float, "token_load": float, "token_hours": int, "returned": int, "resold": int},
    Lab: FIRM
    | {
        "knowledge": float,
        "load": float,
        "budget": float,
        "trained": int,
        "served": float,
        "hours_used": int,
    }
    | {"cloud_share": dict[int, float], "hour_price": float},
    Trust: {"news": list[tuple[str, str, str]]},
    App: FIRM
    | {"quota": float, "marketing": float, "lab_share": dict[int, float], "quality": float, "query_cost": float}
    | dict.fromkeys(("asked_paid", "asked_free", "served_paid", "served_free", "seats", "devices"), int)
    | {"search_cost": float, "distrust": float}
    | dict.fromkeys(("asked_calls", "served_calls", "own_calls", "sold_calls"), int)
    | dict.fromkeys(("pages", "asked_pages", "served_pages"), int)
    | {"page_price": float}
    | {"staff_price": float, "asked_staff": int, "served_staff": int}
    | {"box_price": float, "boxes_asked": int, "boxes_sold": int}
    | dict.fromkeys(("own_queries", "host_hours", "capacity"), int)
    | {"hosted_share": float, "hour_price": float, "cloud_share": dict[int, float], "chip_share": dict[int, float]},
    Investor: {"hype": float, "usual": float, "returns": Trend}
    | {"stakes": dict[int, tuple[int, float]], "dividends": int},
    Regional: {},
    # layers, sectors and offices
    Lenders: {"late": dict[int, int], "news": list[tuple[str, str, str]]},
    Reservations: {"contracts": Contracts, "idle": dict[tuple[int, int], int]},
    Builders: {"purses": dict[int, int], "called": dict[int, int]},
    Boxing: {"purses": dict[int, int], "handed": dict[int, int]},
    Cellars: {"chip_share": dict[int, dict[int, float]]},
    Chips: {"delivered": dict[int, int], "billed": dict[int, int]},
    Clouds: {"sold_hours": Column, "buyers": BUYERS},
    Labs: {"got": Column, "asked": dict[tuple[int, int], int], "buyers": BUYERS, "customers": dict[int, list[int]]},
    Hosts: {"models": dict[int, int]},
    OwnModels: {"models": dict[int, int], "made": dict[tuple[int, int], int]},
    Apps: {"free_by_region": dict[tuple[int, int], int], "got": dict[tuple[int, int], int]},
    Users: {"counted": Counted, "summary": Summary, "spent": Column},
    Population: dict.fromkeys(("app", "tier", "known", "further", "owned"), Column),
    Advertisers: {"slots": dict[tuple[int, int], int]},
    Investors: {"tracks": dict[int, Track], "raised": list[tuple[str, str, int]], "standing": list[int]}
    | {"seeking": list[tuple[int, int, float]]},
    Boards: {"news": list[tuple[str, str, str]]},
    Court: {"late": dict[int, int], "news": list[tuple[str, str, str]]},
    Happenings: {},  # its choices are those of the scenario's events so far, taken up again when a world goes on
    Recorder: {"reached": dict[int, int]},
    Record: {"operations": Rows(OPERATIONS), "apps": Rows(APPS), "users": Rows(USERS), "events": Rows(EVENTS)},
}


def holders(world: Any) -> Iterator[tuple[str, Any, dict[str, Kind]]]:
    """Walk a world: the path, the object and the fields of everything that holds state."""
    economy, common, seen = world.economy, world.parts.common, set()
    listed = [
        each
        for field in fields(economy)
        if isinstance(getattr(economy, field.name), tuple)
        for each in getattr(economy, field.name)
    ]
    sides = [side for market in economy.markets for side in (market.seller, *market.buyers)]
    registers = [getattr(common, field.name) for field in fields(common)]
    for each in (economy, economy.ledger, common, *registers, *listed, *sides, world.parts.users.people, world.record):
        if type(each) in FIELDS and id(each) not in seen:
            seen.add(id(each))
            name = type(each).__name__.lower()
            yield f"{name}.{each.name}" if isinstance(each, Market) else name, each, FIELDS[type(each)]
    for group, members in _office(economy.happening, Happenings).groups.items():
        for each in members:
            yield f"{group}.{each.name}", each, FIELDS[type(each)] | {"traits": type(each.traits)}


def _office(phase: tuple[Any, ...], kind: type) -> Any:
    """Find who holds an office among those who take part in a phase."""
    return next(each for each in phase if isinstance(each, kind))


def capture(world: Any) -> tuple[dict[str, Any], dict[str, pl.DataFrame]]:
    """Copy a world's state: what JSON holds, and tables.

    Raises
    ------
    Misfit
        If something is not of the type that the table says: a strategy has decided in other numbers than Python's.
    """
    packing = Packing()
    state: dict[str, Any] = {"running": packing.pack(bool, world.running, "running")}
    for path, each, wanted in holders(world):
        state[path] = {name: packing.pack(kind, getattr(each, name), f"{path}.{name}") for name, kind in wanted.items()}
    packing.pack(Journal, world.economy.ledger.journal(), "journal")
    bits = world.rng.bit_generator.state
    if bits["bit_generator"] != "PCG64":
        raise Misfit("rng", bits["bit_generator"], "PCG64, which World makes itself")
    rng = (*bits["state"].values(), bits["has_uint32"], bits["uinteger"])
    for name, value in (("random", world.random.getstate()), ("rng", rng)):
        state[name] = packing.pack(GENERATORS[name], value, name)
    return state, packing.tables | _noted(world.datacollector)


def restore(world: Any, state: dict[str, Any], tables: dict[str, pl.DataFrame]) -> None:
    """Put a state into a world that has just been built from the same scenario.

    Raises
    ------
    Misfit
        If the state is not one of such a world.
    """
    packing = Packing(tables)
    there = list(holders(world))
    wanted = {path for path, _, _ in there} | set(GENERATORS) | {"running"}
    if set(state) != wanted:
        raise Misfit("state", sorted(set(state) ^ wanted), "the firms, layers and registers of this version")
    for path, each, kinds_wanted in there:
        for name, value in packing.fields(kinds_wanted, state[path], path).items():
            setattr(each, name, value)
    world.running = packing.unpack(bool, state["running"], "running")
    world.random.setstate(packing.unpack(GENERATORS["random"], state["random"], "random"))
    number, step, has, left = packing.unpack(GENERATORS["rng"], state["rng"], "rng")
    bits = {"bit_generator": "PCG64", "state": {"state": number, "inc": step}, "has_uint32": has, "uinteger": left}
    world.rng.bit_generator.state = bits
    journal = dict.fromkeys(kinds(Journal), "column")
    _refill(world.economy.ledger, packing.unpack(Journal, journal, "journal"))
    auditor = Auditor(world.parts, world.economy.markets)  # all that an auditor remembers follows from the books
    vars(_office(world.economy.closing, Auditor)).update(vars(auditor))
    _office(world.economy.happening, Happenings).resume(world.economy.month)
    _note(world.datacollector, tables)


def _refill(ledger: Ledger, journal: Journal) -> None:
    """Replay a journal, batch by batch as it was written, in books that hold the same opening entries and no others."""
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


def _noted(collector: Any) -> dict[str, pl.DataFrame]:
    """Copy what Mesa's data collector has noted, a row a month, and a row a month and agent."""
    rows = [row for rows in collector._agent_records.values() for row in rows]
    names = ["Step", "AgentID", *collector.agent_reporters]
    try:
        months = pl.DataFrame({"Step": collector._collection_steps, **collector.model_vars})
        agents = pl.DataFrame(rows, schema=names, orient="row", infer_schema_length=None)
    except (TypeError, ValueError, OverflowError, pl.exceptions.PolarsError) as error:
        raise Misfit("datacollector", str(error), "numbers and words, one a month or one a month and agent") from None
    return dict(zip(COLLECTED, (months, agents), strict=True))


def _note(collector: Any, tables: dict[str, pl.DataFrame]) -> None:
    """Let Mesa's data collector have noted what was copied."""
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
