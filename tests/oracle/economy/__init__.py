"""A second implementation of the whole economy, slow and plain, written from the rules and not from the code.

Imports go one way: arithmetic, books, participants, state; then the opening, strategies and formulas; then mechanisms
and the work that models do; then phases. Of the program it imports the scenario alone.
"""

from tests.oracle.economy.books import JournalRow
from tests.oracle.economy.handed_over_work import open_shares
from tests.oracle.economy.opening_books import open_books
from tests.oracle.economy.phases import (
    close,
    events_and_arrivals,
    exits,
    expectations,
    finance,
    goods,
    investment,
    money,
    orders,
    own_use,
    prices,
)
from tests.oracle.economy.population import draw_population
from tests.oracle.economy.state import Economy
from watersellers.agents.scenario_spec import ScenarioSpec

# Chapter 6, the month at a glance
PHASES = (
    events_and_arrivals.events,
    events_and_arrivals.arrivals,
    expectations.expectations,
    prices.prices,
    orders.orders,
    goods.goods,
    money.attention,
    money.money,
    investment.invest,
    finance.finance,
    exits.exits,
    close.close,
)


def run(spec: ScenarioSpec, users: int, seed: int, months: int) -> list[JournalRow]:
    """Run a scenario and return its journal: rows of twelve whole numbers (3.3), in order."""
    economy = begin(spec, users, seed)
    for _ in range(months):
        pass_month(economy)
    return economy.books.journal


def begin(spec: ScenarioSpec, users: int, seed: int) -> Economy:
    """Open an economy, as it is before its first month."""
    economy = Economy(spec, seed)
    draw_population(economy, users)
    open_shares(economy)
    open_books(economy)
    own_use.open_own_use(economy)
    economy.month = -1
    return economy


def pass_month(economy: Economy) -> None:
    """Go through all phases of the next month."""
    economy.month += 1
    economy.books.month = economy.month
    for phase, act in enumerate(PHASES, start=1):
        economy.books.phase = phase
        act(economy)
