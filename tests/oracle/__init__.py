"""The whole economy a second time, slow and plain, written from the decision log and not from the code.

``run`` lives a scenario and returns its journal: rows of the twelve whole numbers of section 3.3, in their order.
"""

from tests.oracle import evening, morning, noon
from tests.oracle.books import JournalRow
from tests.oracle.world import Economy, open_books
from watersellers.agents.setting import Setting

# Section 6, the month at a glance
PHASES = (
    morning.events,
    morning.arrivals,
    morning.expectations,
    morning.prices,
    noon.orders,
    noon.goods,
    noon.attention,
    noon.money,
    evening.invest,
    evening.finance,
    evening.exits,
    evening.close,
)


def run(setting: Setting, users: int, seed: int, months: int) -> list[JournalRow]:
    economy = Economy(setting, users, seed)
    open_books(economy)
    for month in range(months):
        economy.month = economy.books.month = month
        for phase, live in enumerate(PHASES, start=1):
            economy.books.phase = phase
            live(economy)
    return economy.books.journal
