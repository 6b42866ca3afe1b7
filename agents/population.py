"""The users as columns: people of two regions, each row standing for a whole number of them."""

from dataclasses import dataclass, field
from itertools import pairwise
from math import log
from typing import ClassVar

import numpy as np

from watersellers.agents.kernel.contract import FURTHER, NO_APP, WORD, Rows
from watersellers.agents.setting import Member, Traits
from watersellers.market.dice import Chance, exp32, normal, stir, unit
from watersellers.market.goods import MILLION
from watersellers.market.saved import Saved
from watersellers.market.units import Column, split, split_evenly


@dataclass(frozen=True, slots=True)
class UserTraits(Traits):
    """A region's numbers; see ``experiments/parameters.csv`` for units and sources."""

    people: float
    sample: float
    top_share: float
    top_sample: float
    income: float
    worth_median: float
    worth_spread: float
    use_median: float
    use_spread: float
    outside: float
    quality_weight: float
    price_weight: float
    quota_weight: float
    paid_bonus: float
    habit: float
    taste: float
    network: float
    ad_aversion: float
    limit_aversion: float
    innovators: float
    imitators: float
    contest: float
    chart_reach: float
    marketing_unit: float
    several: float
    part: float
    friends: float
    rewired: float

    def set_aside(self, month: int) -> float:
        """Dollars this month that the region's people are ready to spend on apps."""
        return self.income * self.people


@dataclass
class Population:
    """Columns of the users of some regions, shape (n,) but for ``known``, which is (n, words), a bit an app.

    ``worth`` is in dollars for a unit of utility, ``use`` in queries a month if nothing limits them,
    ``app`` the place in the list of apps (or ``NO_APP``), ``tier`` free or paid. ``further``, shape (n, FURTHER),
    are the other apps in use, each as 2 x its place + its tier (or ``NO_APP``). Tastes are not kept: they are
    hashes, made when they are needed, for the columns would be longer than all others together.
    """

    SAVED: ClassVar[Saved] = dict.fromkeys(("app", "tier", "known", "further", "owned"), Column)

    regions: int
    region: Column
    key: Column
    weight: Column
    worth: Column
    use: Column
    log_use: Column
    app: Column
    tier: Column
    known: Column
    further: Column = field(init=False)
    owned: Column = field(init=False)

    def __post_init__(self) -> None:
        self.owned = np.zeros_like(self.known)
        self.further = np.full((len(self.key), FURTHER), NO_APP, dtype=np.int16)

    def __len__(self) -> int:
        return len(self.key)

    @property
    def spans(self) -> list[slice]:
        """Rows of each region: the columns stand region by region."""
        ends = np.searchsorted(self.region, np.arange(self.regions, dtype=self.region.dtype), side="right").tolist()
        return [slice(start, end) for start, end in pairwise([0, *ends])]

    def rows(self, span: slice, friends: Column) -> Rows:
        """What the kernel may see and change of a region, whose users have these friends."""
        mine = {name: getattr(self, name)[span] for name in Rows._fields if name != "friends"}
        return Rows(**mine, friends=friends)

    def knows(self, app: int) -> Column:
        """Who knows an app."""
        return self.known[:, app // WORD] >> np.uint32(app % WORD) & np.uint32(1) != 0

    def tell(self, app: int, who: Column) -> None:
        """Let the rows marked in ``who`` know an app."""
        self.known[:, app // WORD] |= who.astype(np.uint32) << np.uint32(app % WORD)

    def owns(self, app: int) -> Column:
        """Who has the device of an app."""
        return self.owned[:, app // WORD] >> np.uint32(app % WORD) & np.uint32(1) != 0

    def hand(self, app: int, who: Column) -> None:
        """Give the rows marked in ``who`` the device of an app, which they then know."""
        self.owned[:, app // WORD] |= who.astype(np.uint32) << np.uint32(app % WORD)
        self.tell(app, who)

    def take(self, app: int, who: Column) -> None:
        """Take the device of an app from the rows marked in ``who``."""
        self.owned[:, app // WORD] &= ~(who.astype(np.uint32) << np.uint32(app % WORD))


@dataclass(frozen=True, slots=True)
class Known:
    """An app's key, and the share of each region's people who know it at the start."""

    key: int
    shares: tuple[float, ...]


def draw_region(number: int, member: Member, count: int, chance: Chance) -> tuple[Column, ...]:
    """Draw a region's users: key, weight, worth and use.

    The people most willing to pay are ``top_share`` of all and get ``top_sample`` of the rows, so that
    payers are many rows of few people each; weights are whole and add up to the region's people.
    """
    traits = UserTraits.of(member.numbers)
    key = np.arange(count, dtype=np.int64) + (np.int64(member.key) << np.int64(40))
    top = max(1, min(count - 1, round(count * traits.top_sample))) if count > 1 else 0
    rich = np.arange(count) < top
    people = int(traits.people)
    few = round(people * traits.top_share) if top else 0
    ties = chance.hashes("weights", key)
    weight = np.concatenate([split_evenly(few, ties[:top]), split_evenly(people - few, ties[top:])])
    place = chance.uniform("worth", key)
    share = np.float32(traits.top_share if top else 0.0)
    quantile = np.where(rich, np.float32(1) - share * place, (np.float32(1) - share) * place)
    worth = np.float32(traits.worth_median) * exp32(np.float32(traits.worth_spread) * normal(quantile))
    drawn = normal(chance.uniform("use", key)) * np.float32(traits.use_spread)
    use = np.maximum(np.rint(np.float32(traits.use_median) * exp32(drawn)), np.float32(1)).astype(np.int64)
    return np.full(count, number, dtype=np.int16), key, weight, worth, use


def logarithm(counts: Column) -> Column:
    """Natural logarithm of whole numbers as float32, one value computed for each different number."""
    different, place = np.unique(counts, return_inverse=True)
    return np.array([log(value) for value in different.tolist()], dtype=np.float32)[place]


def draw(members: tuple[Member, ...], users: int, apps: list[Known], chance: Chance) -> Population:
    """Draw the whole population and what it knows; nobody uses any app yet."""
    weights = [round(member.numbers["sample"] * MILLION) for member in members]
    counts = [1 + rest for rest in split(users - len(members), weights, [member.key for member in members])]
    parts = [draw_region(n, m, count, chance) for n, (m, count) in enumerate(zip(members, counts, strict=True))]
    region, key, weight, worth, use = (np.concatenate(columns) for columns in zip(*parts, strict=True))
    people = Population(
        regions=len(members),
        region=region,
        key=key,
        weight=weight,
        worth=worth,
        use=use,
        log_use=logarithm(use),
        app=np.full(users, NO_APP, dtype=np.int16),
        tier=np.zeros(users, dtype=np.int8),
        known=np.zeros((users, 1 + len(apps) // WORD), dtype=np.uint32),
    )
    words = chance.hashes("known", key)
    for row, app in enumerate(apps):
        shares = np.array(app.shares, dtype=np.float32)
        if shares.any():
            people.tell(row, unit(stir(words, app.key)) < shares[region])
    return people
