"""Cases that Hypothesis draws for laws of markets, always the same ones."""

from hypothesis import settings
from hypothesis import strategies as draw

from watersellers.market.chance import Chance
from watersellers.market.exact import whole

quick = settings(max_examples=80)
DICE = Chance(3, 14)
KEYS = whole(range(100, 200))
dollars_of = draw.floats(0.01, 1e6)
few_asked = draw.lists(draw.integers(0, 9), min_size=2, max_size=7)
units_of = draw.integers(0, 10**12)
