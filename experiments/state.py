"""What holds the state of a half-run world: one table of classes and fields, and the way through a live world.

Everything that changes while a world lives stands here, is rebuilt from the journal (``_restore_books``), or is
Mesa's (``_calendar``). A new mechanism that remembers something adds its line; a test finds it if it does not.
"""

from collections.abc import Iterable, Iterator
from dataclasses import fields
from typing import Any

import numpy as np

from agents.app import App, Apps
from agents.checks import Auditor
from agents.chipmaker import Chipmaker, Chips
from agents.cloud import Cloud, Clouds
from agents.court import Court
from agents.firm import Common, LastMonth, News, Trend
from agents.happenings import Happenings
from agents.investors import Investor, Investors, Track
from agents.lab import Lab, Labs
from agents.outside import Advertisers
from agents.population import Population
from agents.records import Record, Recorder
from agents.setting import Event, Regional
from agents.users import Counted, Users
from experiments.packing import Kind, Misfit, Packing, Rows, kinds
from experiments.result import APPS, EVENTS, OPERATIONS, USERS
from market.backlog import Backlog
from market.fleet import Fleets, Machines
from market.invariants import snapshot
from market.ledger import Journal, Ledger, apply
from market.month import Economy, Market
from market.orders import Offers, Orders, Supply, Trades
from market.shares import ShareRegister
from market.units import Column

type Amounts = dict[int, int]
FIRM: dict[str, Kind] = {"alive": bool, "price": float}
BUYERS = dict[int, list[tuple[float, float]]]
FIELDS: dict[type, dict[str, Kind]] = {
    # the books, the registers and what everybody can read
    Economy: {"month": int},
    Market: {"offers": Offers, "orders": Orders, "supply": Supply, "trades": Trades},
    Ledger: {"month": int, "phase": int, "credit_line": Column},
    Common: {"numbers": dict[str, float], "month": int},
    Backlog: kinds(Backlog),
    Fleets: {"machines": Machines, "produced": Column, "retired": Column, "elsewhere": Column},
    ShareRegister: kinds(ShareRegister),
    News: kinds(News),
    LastMonth: kinds(LastMonth),
    # firms, investors, regions of outside sectors; the numbers that an event may set (traits) are added to each
    Chipmaker: {**FIRM, "capacity": float, "pipeline": list[tuple[int, float]], "orders": Trend},
    Cloud: {**FIRM, "asked": Trend, "asked_last": int, "capacity": int, "chip_share": dict[int, float]},
    Lab: {
        **FIRM,
        **{"knowledge": float, "load": float, "budget": float, "trained": int, "served": float},
        **{"cloud_share": dict[int, float], "hour_price": float},
    },
    App: {
        **FIRM,
        **{"quota": float, "marketing": float, "lab_share": dict[int, float], "quality": float, "query_cost": float},
        **{name: int for name in ("asked_paid", "asked_free", "served_paid", "served_free", "seats")},
    },
    Investor: {"hype": float},
    Regional: {},
    # layers, sectors and offices
    Chips: {"delivered": dict[int, int], "billed": dict[int, int]},
    Clouds: {"sold_hours": Column, "buyers": BUYERS},
    Labs: {"got": Column, "asked": dict[tuple[int, int], int], "buyers": BUYERS},
    Apps: {"free_by_region": dict[tuple[int, int], int], "got": dict[tuple[int, int], int]},
    Users: {"counted": Counted},
    Population: {"app": Column, "tier": Column, "known": Column},
    Advertisers: {"slots": dict[tuple[int, int], int]},
    Investors: {"tracks": dict[int, Track], "raised": list[tuple[str, str, int]]},
    Court: {"late": dict[int, int], "news": list[tuple[str, str, str]]},
    Happenings: {"today": list[Event]},
    Recorder: {"reached": dict[int, int]},
    Record: {"operations": Rows(OPERATIONS), "apps": Rows(APPS), "users": Rows(USERS), "events": Rows(EVENTS)},
}
