"""The population of users as columns: each row represents a whole number of people of a region."""

from dataclasses import dataclass, field
from itertools import pairwise
from math import log
from typing import ClassVar

import numpy as np

from watersellers.agents.scenario_spec import ParticipantSpec, Traits
from watersellers.agents.users.kernel.contract import FURTHER, NO_APP, WORD, Rows
from watersellers.market.chance import Chance, exp32, normal, stir, unit
from watersellers.market.exact import Column, split, split_evenly
from watersellers.market.goods import MILLION
from watersellers.market.saved import Saved


@dataclass(frozen=True, slots=True)
class UserTraits(Traits):
    """Numbers of a region's users; see ``experiments/parameters.csv`` for units and sources."""

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
    multihoming: float
    part: float
    friends: float
    rewired: float
    budgeted: float
    income_median: float
    income_spread: float
    income_worth: float
    budget_share: float
    overdue: float
    written_off: float
    barred: float

    def set_aside(self, month: int) -> float:
        """Dollars this month that the region's people set aside for apps if none of them keeps a budget."""
        return self.income * self.people


@dataclass
class Population:
    """Columns of the users of some regions, shape (n,), except ``known`` and ``owned``: (n, words), one bit per app.

    ``worth`` is in dollars per unit of utility, ``use`` in queries per month if nothing limits them, ``app`` the row
    in the list of apps (or ``NO_APP``), ``tier`` free or paid. ``further``, shape (n, FURTHER), holds the other apps in
    use, each as 2 x its row + its tier (or ``NO_APP``). ``owned`` marks the apps whose device a user has. In months
    before ``barred_until`` a user that was in default can't pay for an app. Tastes are not stored: they are hashes,
    computed when needed, since their columns would be larger than all others together.
    """

    SAVED: ClassVar[Saved] = dict.fromkeys(("app", "tier", "known", "further", "owned", "barred_until"), Column)

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
    barred_until: Column = field(init=False)

    def __post_init__(self) -> None:
        self.owned = np.zeros_like(self.known)
        self.further = np.full((len(self.key), FURTHER), NO_APP, dtype=np.int16)
        self.barred_until = np.zeros(len(self.key), dtype=np.int16)

    def __len__(self) -> int:
        return len(self.key)

    @property
    def spans(self) -> list[slice]:
        """Rows of each region: the columns are sorted by region."""
        ends = np.searchsorted(self.region, np.arange(self.regions, dtype=self.region.dtype), side="right").tolist()
        return [slice(start, end) for start, end in pairwise([0, *ends])]

    def rows(self, span: slice, **of_users: Column) -> Rows:
        """Columns of a region that the kernel may read and change, with what else is known ``of_users``."""
        columns = {name: getattr(self, name)[span] for name in Rows._fields if name not in of_users}
        return Rows(**columns, **of_users)

    def knows(self, app: int) -> Column:
        """Whether each user knows an app."""
        return self.known[:, app // WORD] >> np.uint32(app % WORD) & np.uint32(1) != 0

    def make_known(self, app: int, marked: Column) -> None:
        """Make an app known to the marked users."""
        self.known[:, app // WORD] |= marked.astype(np.uint32) << np.uint32(app % WORD)

    def owns(self, app: int) -> Column:
        """Whether each user has the device of an app."""
        return self.owned[:, app // WORD] >> np.uint32(app % WORD) & np.uint32(1) != 0

    def give_device(self, app: int, marked: Column) -> None:
        """Give the device of an app to the marked users, who then know the app."""
        self.owned[:, app // WORD] |= marked.astype(np.uint32) << np.uint32(app % WORD)
        self.make_known(app, marked)

    def bar(self, rows: Column, until: int) -> None:
        """Let some users pay for no app in the months before one."""
        self.barred_until[rows] = until

    def take_device(self, app: int, marked: Column) -> None:
        """Take the device of an app from the marked users."""
        self.owned[:, app // WORD] &= ~(marked.astype(np.uint32) << np.uint32(app % WORD))


@dataclass(frozen=True, slots=True)
class KnownFromStart:
    """An app's key, and the share of each region's people who know it at the start."""

    key: int
    shares: tuple[float, ...]


def draw_region(number: int, member: ParticipantSpec, count: int, chance: Chance) -> tuple[Column, ...]:
    """Draw a region's users: columns region, key, weight, worth and use, each of shape (count,).

    The people most willing to pay are ``top_share`` of all and get ``top_sample`` of the rows, so that payers have
    many rows of few people each; weights are whole and add up to the region's people.
    """
    traits = UserTraits.of(member.numbers)
    key = np.arange(count, dtype=np.int64) + (np.int64(member.key) << np.int64(40))
    top = _top_rows(traits, count)
    people = int(traits.people)
    few = round(people * traits.top_share) if top else 0
    ties = chance.hashes("weights", key)
    weight = np.concatenate([split_evenly(few, ties[:top]), split_evenly(people - few, ties[top:])])
    worth = np.float32(traits.worth_median) * exp32(np.float32(traits.worth_spread) * willingness(traits, key, chance))
    deviate = normal(chance.uniform("use", key)) * np.float32(traits.use_spread)
    use = np.maximum(np.rint(np.float32(traits.use_median) * exp32(deviate)), np.float32(1)).astype(np.int64)
    return np.full(count, number, dtype=np.int16), key, weight, worth, use


def _top_rows(traits: UserTraits, count: int) -> int:
    """How many of a region's rows stand for the people most willing to pay."""
    return max(1, min(count - 1, round(count * traits.top_sample))) if count > 1 else 0


def willingness(traits: UserTraits, key: Column, chance: Chance) -> Column:
    """Willingness to pay of each user of a region, as a standard normal deviate, float32."""
    rank, top = chance.uniform("worth", key), _top_rows(traits, len(key))
    share = np.float32(traits.top_share if top else 0.0)
    quantile = np.where(np.arange(len(key)) < top, np.float32(1) - share * rank, (np.float32(1) - share) * rank)
    return normal(quantile)


def log_worth(traits: UserTraits, key: Column, chance: Chance) -> Column:
    """Logarithm of what a unit of utility is worth to each user of a region, in dollars, float32."""
    log_median = np.float32(log(traits.worth_median))
    place: Column = log_median + np.float32(traits.worth_spread) * willingness(traits, key, chance)
    return place


def logarithm(counts: Column) -> Column:
    """Natural logarithm of whole numbers as float32, computed once for each different number."""
    distinct, position = np.unique(counts, return_inverse=True)
    return np.array([log(value) for value in distinct.tolist()], dtype=np.float32)[position]


def draw(members: tuple[ParticipantSpec, ...], users: int, apps: list[KnownFromStart], chance: Chance) -> Population:
    """Draw the whole population and the apps that it knows; nobody uses an app yet."""
    weights = [round(member.numbers["sample"] * MILLION) for member in members]
    counts = [1 + more for more in split(users - len(members), weights, [member.key for member in members])]
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
            people.make_known(row, unit(stir(words, app.key)) < shares[region])
    return people
