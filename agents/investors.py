"""Investors: finite money, rounds for firms that run short, and the dividends of those that do not."""

from dataclasses import dataclass, field, replace
from typing import Any, ClassVar, Self

import numpy as np

from watersellers.agents import herding
from watersellers.agents.answers import number
from watersellers.agents.firm import Common, Firm, Smoothing, Trend
from watersellers.agents.parts import Parts
from watersellers.agents.paths import logistic
from watersellers.agents.setting import Member, Traits
from watersellers.agents.views import SeenByInvestor
from watersellers.market.dice import Chance
from watersellers.market.goods import Good, Item
from watersellers.market.ledger import Ledger
from watersellers.market.saved import Saved
from watersellers.market.units import cents, split, whole


@dataclass(frozen=True, slots=True)
class InvestorTraits(Traits):
    """An investor's numbers; see ``experiments/parameters.csv`` for units and sources."""

    opening_cash: float
    inflow_low: float
    inflow_high: float
    middle: float
    width: float
    runway: float
    raised_for: float
    between: float
    largest_stake: float
    floor: float
    hype_pull: float
    hype_memory: float
    sober_growth: float
    fear: float
    return_pull: float
    herding: float
    redemption: float
    sticky: float


class Investor:
    """A pool of venture money with a view of its firms."""

    SAVED: ClassVar[Saved] = {
        "hype": float,
        "usual": float,
        "returns": Trend,
        "stakes": dict[int, tuple[int, float]],
        "dividends": int,
    }

    def __init__(self, member: Member, common: Common):
        self.name, self.common = member.name, common
        self.traits = InvestorTraits.of(member.numbers)
        self.place = common.place(member.name)
        self.strategies = dict(member.strategies)
        self.hype = 1.0
        self.usual = 1.0  # hype that its savers have got used to
        self.returns = Trend(0.0)  # a month, on what its stakes were last worth
        self.stakes: dict[int, tuple[int, float]] = {}  # shares, and USD a share, of each firm at the last look
        self.dividends = 0  # cents since then

    def change(self, number: str, value: float) -> None:
        """Set one of its numbers, as a dated event does."""
        self.traits = replace(self.traits, **{number: value})

    def take_up(self, slot: str, strategy: Any) -> None:
        """Decide by another strategy from now on."""
        self.strategies[slot] = strategy

    def look(self, earned: float, stakes: dict[int, tuple[int, float]], smoothing: Smoothing) -> None:
        """See what its stakes have brought, and what they are now."""
        self.returns.update(earned, smoothing)
        self.stakes, self.dividends = stakes, 0

    def expect(self, growth: float, failed: int) -> None:
        """Believe more where its firms grow and pay, and less for each of them that failed."""
        traits = self.traits
        wanted = 1 + traits.hype_pull * (growth - traits.sober_growth)
        wanted = max(0.0, wanted + traits.return_pull * self.returns.level)
        self.usual += (1 - traits.hype_memory) * (self.hype - self.usual)
        self.hype += (1 - traits.hype_memory) * (wanted - self.hype)
        self.hype *= (1 - traits.fear) ** failed

    def believe(self, hype: float) -> None:
        """Take over a belief from having looked at others."""
        self.hype = hype

    def earn(self, cents: int) -> None:
        """Be paid dividends."""
        self.dividends += cents

    def income(self, month: int) -> float:
        """Dollars that savers hand to the pool this month."""
        t = self.traits
        return logistic(t.inflow_low, t.inflow_high, t.middle, t.width, month)


@dataclass
class Track:
    """What an investor remembers of a firm, in dollars a month."""

    revenue: Trend = field(default_factory=lambda: Trend(0.0))
    burn: Trend = field(default_factory=lambda: Trend(0.0))
    raised: int | None = None  # month of its last round
    mark: float | None = None  # USD a share at its last round

    def note_round(self, month: int, mark: float) -> None:
        """Note a round of this month, at so many dollars a share."""
        self.raised, self.mark = month, mark


class Investors:
    """All pools, and the firms that may turn to them."""

    SAVED: ClassVar[Saved] = {
        "tracks": dict[int, Track],
        "raised": list[tuple[str, str, int]],
        "standing": list[int],
        "seeking": list[tuple[int, int, float]],
    }

    def __init__(self, pools: list[Investor], firms: list[Firm], common: Common):
        self.pools, self.firms, self.common = pools, firms, common
        self.tracks = {firm.place: Track(mark=1 / 100 if firm.enters else None) for firm in firms}  # founded at a cent
        self.seeking: list[tuple[int, int, float]] = []  # firms that ask this month, cents, and USD a share
        self.raised: list[tuple[str, str, int]] = []  # firm, investor, cents of this month's rounds
        self.standing = self._standing()  # places of the firms in business at the last look

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the pools of the setting, and all firms."""
        pools = [Investor(member, parts.common) for member in parts.members("investors")]
        return cls(pools, parts.everybody, parts.common)

    def _standing(self) -> list[int]:
        return [firm.place for firm in self.firms if firm.alive]

    def expect(self, chance: Chance) -> None:
        """Follow revenue and burn; hype moves with the growth of a pool's firms, and falls when one of them fails."""
        last, smoothing = self.common.last, self.common.smoothing
        flat = replace(smoothing, growth=0.0, most=0.0)  # burn has no trend
        if self.common.month == 0:
            return
        for firm in self.firms:
            if firm.alive:
                track = self.tracks[firm.place]
                track.revenue.update(int(last.revenue[firm.place]) / 100, smoothing)
                track.burn.update(int(last.drain[firm.place]) / 100, flat)
        for pool in self.pools:
            mine = [self.tracks[firm.place].revenue for firm in self.firms if firm.alive and firm.founder == pool.name]
            level = sum(trend.level for trend in mine)
            growth = sum(trend.growth * trend.level for trend in mine) / level if level > 0 else 0.0
            pool.look(*herding.seen_return(pool, self._marks(), self.common.shares), flat)
            pool.expect(growth, len(self._failed(pool)))
        for pool, hype in zip(self.pools, herding.drawn_together(self.pools), strict=True):
            pool.believe(hype)
        self.standing = self._standing()

    def _marks(self) -> dict[int, float]:
        """Dollars a share of each firm in business that has a price, all firms in order."""
        marks = {firm.place: self.tracks[firm.place].mark for firm in self.firms if firm.alive}
        return {place: mark for place, mark in marks.items() if mark is not None}

    def _failed(self, pool: Investor) -> list[Firm]:
        """Firms of a pool that were wound up since the last look."""
        gone = set(self.standing) - set(self._standing())
        return [firm for firm in self.firms if firm.place in gone and firm.founder == pool.name]

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Raise rounds for firms that run short and are believed in, then pay dividends."""
        self.raised, self.seeking = [], []
        for pool in self.pools:
            asks = [(firm, *self._ask(firm, pool, ledger, chance)) for firm in self.firms if self._turns_to(firm, pool)]
            asks = [(firm, ask, worth) for firm, ask, worth in asks if ask > 0]
            self.seeking += [(f.place, ask, worth / self.common.shares.issued[f.place]) for f, ask, worth in asks]
            self._raise(pool, asks, ledger, chance)
        self._dividends(ledger)

    def _turns_to(self, firm: Firm, pool: Investor) -> bool:
        """Whether a firm may ask its pool for money: there is some time between two rounds."""
        raised = self.tracks[firm.place].raised
        rested = raised is None or self.common.month - raised >= pool.traits.between
        return firm.alive and firm.founder == pool.name and rested

    def _ask(self, firm: Firm, pool: Investor, ledger: Ledger, chance: Chance) -> tuple[int, float]:
        """Cents a firm raises from a pool if the money is there, and what it is valued at before, in dollars."""
        track, traits = self.tracks[firm.place], pool.traits
        cash, burn = int(ledger.cash[firm.place]) / 100, max(0.0, track.burn.level)
        if burn == 0 or cash > traits.runway * burn:
            return 0, 0.0
        seen = SeenByInvestor(
            revenue=12 * track.revenue.level,
            growth=track.revenue.growth,
            burn=burn,
            cash=cash,
            floor=traits.floor,
            hype=pool.hype,
        )
        worth = number(f"{pool.name}.valuation", pool.strategies["valuation"], seen, chance)
        most = worth * traits.largest_stake / (1 - traits.largest_stake)
        return cents(min(traits.raised_for * burn, most)), worth

    def _raise(self, pool: Investor, asks: list[tuple[Firm, int, float]], ledger: Ledger, chance: Chance) -> None:
        """Pay what was asked, or split what there is in proportion; issue shares at the valuation."""
        total = sum(ask for _, ask, _ in asks)
        there = int(ledger.cash[pool.place])
        paid = [ask for _, ask, _ in asks]
        if total > there:
            paid = split(there, paid, chance.order("rounds", whole(firm.key for firm, _, _ in asks)))
        rows = [(firm, pay, worth) for (firm, _, worth), pay in zip(asks, paid, strict=True) if pay > 0]
        issued = self.common.shares.issued
        self.buy_into(
            pool.name,
            [(f.place, pay, max(1, round(issued[f.place] * pay / 100 / worth))) for f, pay, worth in rows],
            {f.place: worth / issued[f.place] for f, _, worth in rows},
            ledger,
        )

    def buy_into(self, payer: str, rows: list[tuple[int, int, int]], marks: dict[int, float], ledger: Ledger) -> None:
        """Pay firms for new shares; rows are a firm's place, cents and shares, marks the dollars a share."""
        if not rows:
            return
        places, pays, shares = (whole(column) for column in zip(*rows, strict=True))
        holder, names = self.common.place(payer), self.common.accounts.names
        me = np.full(len(rows), holder, dtype=np.int64)
        ledger.transfer(me, places, pays, (Item.HOLDINGS, Item.EQUITY), Good.SHARES, quantity=shares)
        for place, pay, issued in rows:
            self.common.shares.issue(place, holder, issued)
            self.common.last.note_capital(place, pay)
            self.tracks[place].note_round(self.common.month, marks[place])
            self.raised.append((names[place], payer, pay))

    def _dividends(self, ledger: Ledger) -> None:
        """Pay out a share of the last closed month's profit, as far as cash goes, to the holders by their shares."""
        profit = self.common.last.profit
        rows: list[tuple[int, int, int]] = []
        for firm in self.firms:
            payout = firm.traits.payout
            free = min(round(payout * int(profit[firm.place])), int(ledger.cash[firm.place]))
            if firm.alive and free > 0:
                rows += [(firm.place, holder, part) for holder, part in self.common.shares.divide(firm.place, free)]
        if rows:
            firms, holders, parts = (whole(column) for column in zip(*rows, strict=True))
            ledger.transfer(firms, holders, parts, (Item.DIVIDENDS, Item.INCOME), Good.DIVIDEND)
        for pool in self.pools:
            pool.earn(sum(part for _, holder, part in rows if holder == pool.place))
