"""Units of theory and the chain of tiers that theory solves, for tests of known answers.

Profits are cents of income statements. Where nothing else is said, an answer may miss theory by a millionth:
quantities are whole units, of which a unit of theory has a million, and prices whole nano-dollars.
"""

from hypothesis import settings

from tests.worlds.toy_layers import UNITS, cournot_chain, live_months, straight
from watersellers.market.chance import Chance
from watersellers.market.goods import CHAIN

quick = settings(max_examples=40)
MILLIONTH = 1e-6
THEORY = 100 * UNITS  # cents for each dollar and unit of theory
DEMAND, COST = straight(100, 1), 20.0
DICE = Chance(1, 0)
LAB, APP = 2, 3  # accounts of a chain of one lab and one app


def margins(firms, a=100.0, c=20.0):
    """Give the margin of each tier under successive Cournot, upstream first."""
    found, passed_on = [], 1.0
    for n in firms:
        found.append((a - c) / (n + 1) * passed_on)
        passed_on *= n / (n + 1)
    return found


def simulate_chain(firms, demand=DEMAND, cost=COST, labels=CHAIN):
    economy, layers = cournot_chain(firms, demand, cost, labels)
    live_months(economy, 1)
    return economy, layers
