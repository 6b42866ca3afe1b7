"""Orders in which causes are switched on: drawn with the seed of a run, in pairs of an order and its reverse.

With many causes there are too many combinations to run, so that shares are estimated from some orders (Castro, Gómez
and Tejada 2009, from memory). An order and its reverse are antithetic (Mitchell, Cooper, Frank and Holmes 2022, from
memory): what a cause adds early in one, it adds late in the other. Their mean is exact where causes act on one another
by twos alone.
"""

from collections.abc import Sequence
from zlib import crc32

from watersellers.market.chance import Chance
from watersellers.market.exact import whole

type Causes = frozenset[str]  # the active ones
type Order = tuple[str, ...]  # in which causes are switched on
type Pair = tuple[Order, Order]  # an order and its reverse


def drawn_pairs(causes: Sequence[str], seed: int, number: int) -> list[Pair]:
    """Draw pairs of orders for a seed. More pairs leave the first ones as they are.

    A cause has its own draw in each pair, by its name: a further cause leaves the others in their order.
    """
    keys, chance = whole(crc32(cause.encode()) for cause in causes), Chance(seed, 0)
    pairs = []
    for pair in range(number):
        drawn = chance.hashes("order_of_causes", pair, keys).tolist()
        order = tuple(cause for _, cause in sorted(zip(drawn, causes, strict=True)))
        pairs.append((order, order[::-1]))
    return pairs


def chain_of(order: Order) -> list[Causes]:
    """List the active causes from none to all, as they are switched on in an order."""
    return [frozenset(order[:size]) for size in range(len(order) + 1)]


def combinations_in(pairs: Sequence[Pair]) -> list[Causes]:
    """List the different combinations of active causes that come up in orders, from none to all."""
    found = {active for pair in pairs for order in pair for active in chain_of(order)}
    return sorted(found, key=lambda active: (len(active), sorted(active)))
