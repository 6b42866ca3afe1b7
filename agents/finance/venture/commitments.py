"""Commitments: what savers have promised to each pool, what of it was called, and what came back to them.

A promise moves no money. Savers sign out of a finite wealth, a pool calls what it needs for its firms, and what it
earns it distributes. At every moment, in whole cents,

    signed = released + called + uncalled
    wealth outside = savers' wealth - called + distributed

so that what firms burn lowers the wealth for good, what they earn raises it, and no cent is promised twice.
"""

from dataclasses import dataclass, field, replace
from typing import ClassVar, Protocol

from watersellers.market.elementary import exp_of, log_of
from watersellers.market.exact import cents
from watersellers.market.saved import EVERY_FIELD, Saved


class Numbers(Protocol):
    """The numbers of a pool that its savers go by."""

    @property
    def savers_wealth(self) -> float:
        """USD that they had when the run began."""

    @property
    def savers_most(self) -> float:
        """Share of their wealth that they promise or hold in the pool at most."""

    @property
    def savers_pace(self) -> float:
        """Share of what they want and have not promised yet that they sign for in a month."""

    @property
    def savers_chase(self) -> float:
        """Elasticity of that pace to what the pool has made of their money."""

    @property
    def call_most(self) -> float:
        """Share of all that was signed which the pool calls in a month at most."""


@dataclass(frozen=True, slots=True)
class Promises:
    """What the savers of one pool have promised and paid, in whole cents, since the run began or in one month.

    ``released`` are promises that they could no longer keep. ``distributed`` is all that they got back.
    """

    SAVED: ClassVar[Saved] = EVERY_FIELD

    signed: int = 0
    released: int = 0
    called: int = 0
    distributed: int = 0

    @property
    def uncalled(self) -> int:
        """Cents that the pool may still call."""
        return self.signed - self.released - self.called

    @property
    def in_force(self) -> int:
        """Cents that were signed and not released."""
        return self.signed - self.released

    def outside(self, wealth: float) -> int:
        """Cents that savers have outside the pool, of a wealth in dollars."""
        return cents(wealth) - self.called + self.distributed

    def less(self, before: "Promises") -> "Promises":
        """What was added since a moment before."""
        return Promises(
            self.signed - before.signed,
            self.released - before.released,
            self.called - before.called,
            self.distributed - before.distributed,
        )


@dataclass
class PromiseRegister:
    """What was promised to each pool, by its account, now and at the end of the month before."""

    SAVED: ClassVar[Saved] = EVERY_FIELD

    now: dict[int, Promises] = field(default_factory=dict)
    before: dict[int, Promises] = field(default_factory=dict)

    def of(self, pool: int) -> Promises:
        """What was promised to a pool."""
        return self.now.get(pool, Promises())

    def this_month(self, pool: int) -> Promises:
        """What was added this month."""
        return self.of(pool).less(self.before.get(pool, Promises()))

    def begin_month(self) -> None:
        """Take what there is as the state before the month."""
        self.before = dict(self.now)

    def sign(self, pool: int, cents: int) -> None:
        """Note a promise."""
        self.now[pool] = replace(self.of(pool), signed=self.of(pool).signed + cents)

    def release(self, pool: int, cents: int) -> None:
        """Note that savers are let off a promise."""
        self.now[pool] = replace(self.of(pool), released=self.of(pool).released + cents)

    def call(self, pool: int, cents: int) -> None:
        """Note a call that was paid.

        Raises
        ------
        ValueError
            If more is called than was promised.
        """
        if cents > self.of(pool).uncalled:
            raise ValueError(f"{cents} cents are called of {self.of(pool).uncalled} that were promised")
        self.now[pool] = replace(self.of(pool), called=self.of(pool).called + cents)

    def distribute(self, pool: int, cents: int) -> None:
        """Note what savers got back."""
        self.now[pool] = replace(self.of(pool), distributed=self.of(pool).distributed + cents)


def let_off(numbers: Numbers, promises: Promises) -> int:
    """Cents of promises that savers need not keep: those beyond their wealth, or all where the pool calls no longer."""
    if numbers.call_most <= 0:
        return promises.uncalled
    return max(0, promises.uncalled - max(0, promises.outside(numbers.savers_wealth)))


def multiple(value: float, paid_in: float) -> float:
    """What a pool has made of each dollar paid in: what came back, what it has, and its stakes; 1 before any."""
    return value / paid_in if paid_in > 0 else 1.0


def eagerness(made: float, chase: float) -> float:
    """How much faster savers sign than they would at a return of nothing: ``made`` to the power ``chase``."""
    if chase == 0:
        return 1.0
    return exp_of(chase * log_of(made)) if made > 0 else 0.0


def signs(numbers: Numbers, promises: Promises, worth: float, held: int, made: float) -> int:
    """Cents for which savers sign this month.

    They want to hold what the pool's firms are believed to be worth, and at most a share of their wealth, wherever it
    is; what is in the pool or promised to it counts as held. They sign for a part of what is missing, the faster the
    more the pool has made of their money, and never for what they do not have.

    Parameters
    ----------
    numbers : Numbers
        Of the pool.
    promises : Promises
        So far.
    worth : float
        USD: what the pool believes that its firms are worth together.
    held : int
        Cents in the pool: its cash, and its stakes at what they cost.
    made : float
        What it has made of each dollar paid in (``multiple``).
    """
    outside = promises.outside(numbers.savers_wealth)
    wealth = max(0, outside + held) / 100
    missing = max(0.0, min(worth, numbers.savers_most * wealth) - (held + promises.uncalled) / 100)
    pace = min(1.0, numbers.savers_pace * eagerness(made, numbers.savers_chase))
    return min(cents(pace * missing), max(0, outside - promises.uncalled))


def calls(numbers: Numbers, promises: Promises, need: int, cash: int) -> int:
    """Cents that a pool calls: what it needs beyond its cash, as far as promises and the largest call of a month go.

    ``cash`` is without what it is to distribute: below 0 where redemptions have taken some of that, for which it does
    not call.
    """
    most = int(numbers.call_most * promises.in_force)
    return max(0, min(need - max(0, cash), promises.uncalled, most))
