"""Investors: finite money, rounds for firms that run short of cash, and dividends of profitable firms."""

from collections.abc import Mapping
from dataclasses import replace
from typing import ClassVar, Self

import numpy as np

from watersellers.agents.decision_bounds import BOUNDS
from watersellers.agents.decision_checks import number
from watersellers.agents.economy_parts import Parts
from watersellers.agents.finance.venture import herding
from watersellers.agents.finance.venture.news import mixed, surprise
from watersellers.agents.finance.venture.pool import Investor
from watersellers.agents.finance.venture.track_records import Month, StoryNumbers, TrackRecord, story_of, tell_expected
from watersellers.agents.firm import Firm, Registers
from watersellers.agents.proration import what_there_is
from watersellers.agents.strategies.funding import SeenByInvestor
from watersellers.market.accounting.ledger import Ledger
from watersellers.market.chance import Chance
from watersellers.market.chart_of_accounts import Item
from watersellers.market.exact import Column, cents, whole
from watersellers.market.goods import CHAIN, Good
from watersellers.market.saved import Saved

type Cash = Column | Mapping[int, int]  # cents by account

FOUNDERS_MARK = 1 / 100  # USD per share: founders pay a cent


class Investors:
    """All investors, and the firms that may ask them for money."""

    NUMBERS: ClassVar = dict.fromkeys(CHAIN, (StoryNumbers,))

    SAVED: ClassVar[Saved] = {
        "tracks": dict[int, TrackRecord],
        "raised": list[tuple[str, str, int]],
        "in_business_before": list[int],
        "seeking": list[tuple[int, int, float]],
        "lost": list[int],
    }

    def __init__(self, pools: list[Investor], firms: list[Firm], registers: Registers):
        self.pools, self.firms, self.registers = pools, firms, registers
        marks = {firm.account: FOUNDERS_MARK if firm.enters else None for firm in firms}
        self.tracks = {account_id: TrackRecord(mark=mark) for account_id, mark in marks.items()}
        self.seeking: list[tuple[int, int, float]] = []  # this month's requests: firm, cents, USD per share
        self.raised: list[tuple[str, str, int]] = []  # this month's rounds: firm, investor, cents
        self.in_business_before = self._in_business()  # accounts of firms in business at the last look
        self.lost: list[int] = []  # accounts of firms that creditors took over since the last look

    @classmethod
    def build(cls, parts: Parts) -> Self:
        """Take the investors of the scenario, and all firms."""
        pools = [Investor(member, parts.registers) for member in parts.members("investors")]
        return cls(pools, parts.all_firms, parts.registers)

    def _in_business(self) -> list[int]:
        """Accounts of the firms in business."""
        return [firm.account for firm in self.firms if firm.alive]

    def expect(self, chance: Chance) -> None:
        """Update track records and beliefs: hype follows growth, returns and failures of a pool's firms."""
        last, smoothing = self.registers.last, self.registers.smoothing
        flat = replace(smoothing, growth=0.0, most=0.0)  # burn has no trend
        for firm in self.firms if self.registers.month > 0 else ():
            if firm.alive:
                seen = Month(*(int(column[firm.account]) / 100 for column in (last.revenue, last.gross, last.drain)))
                self.tracks[firm.account].note_month(seen, smoothing, flat)
        tell_expected(
            self.registers.public, self.firms, self.tracks, {p.name: p.traits.story_weight for p in self.pools}
        )
        for pool in self.pools if self.registers.month > 0 else ():
            revenues = [
                self.tracks[firm.account].revenue for firm in self.firms if firm.alive and firm.founder == pool.name
            ]
            level = sum(trend.level for trend in revenues)
            growth = sum(trend.growth * trend.level for trend in revenues) / level if level > 0 else 0.0
            pool.note_return(*herding.return_since_last_look(pool, self.marks(), self.registers.shares), flat)
            pool.expect(growth, self._news(pool), len(self._failed(pool)))
        for pool, hype in zip(self.pools, herding.pull_together(self.pools), strict=True):
            pool.set_hype(hype)
        self.in_business_before, self.lost = self._in_business(), []

    def _news(self, pool: Investor) -> float:
        """What last month brought against what the pool expected: of its own firms, and of all vendors of machines."""
        mine = [firm for firm in self.firms if self._backs(firm, pool)]
        vendors = [firm for firm in self.firms if firm.alive and firm.layer == CHAIN[0]]
        most, told = pool.traits.news_most, {firm.account: self.tracks[firm.account].told for firm in mine + vendors}
        own, upstream = (surprise((told[firm.account] for firm in firms), most) for firms in (mine, vendors))
        return mixed(own, upstream, pool.traits.news_upstream)

    def marks(self) -> dict[int, float]:
        """Dollars per share of each firm in business that has a price, by account, in the order of firms."""
        marks = {firm.account: self.tracks[firm.account].mark for firm in self.firms if firm.alive}
        return {account_id: mark for account_id, mark in marks.items() if mark is not None}

    def _failed(self, pool: Investor) -> list[Firm]:
        """Firms of a pool that closed, or that creditors took over, since the last look."""
        failed = set(self.in_business_before) - set(self._in_business()) | set(self.lost)
        return [firm for firm in self.firms if firm.account in failed and firm.founder == pool.name]

    def finance(self, ledger: Ledger, chance: Chance) -> None:
        """Fund rounds of firms that run short of cash, then pay dividends."""
        self.raised, self.seeking = [], []
        for pool in self.pools:
            asks = self.requests(pool, ledger.cash, chance)
            self.seeking += [
                (f.account, ask, worth / self.registers.shares.issued[f.account]) for f, ask, worth in asks
            ]
            self._raise(pool, asks, ledger, chance)
        self._dividends(ledger)

    def requests(self, pool: Investor, cash: Cash, chance: Chance) -> list[tuple[Firm, int, float]]:
        """Firms that ask a pool for money this month: each with cents, and its value before the round in dollars.

        ``cash`` are the cents that each account has.
        """
        asking = [firm for firm in self.firms if self._turns_to(firm, pool)]
        asks = [(firm, *self._ask(firm, pool, int(cash[firm.account]) / 100, chance)) for firm in asking]
        return [(firm, ask, worth) for firm, ask, worth in asks if ask > 0]

    def _backs(self, firm: Firm, pool: Investor) -> bool:
        """Whether a pool has founded a firm that is in business."""
        return firm.alive and firm.founder == pool.name

    def _turns_to(self, firm: Firm, pool: Investor) -> bool:
        """Whether a firm may ask an investor for money: its founder, if its last round is long enough ago."""
        raised = self.tracks[firm.account].raised
        waited = raised is None or self.registers.month - raised >= pool.traits.between
        return self._backs(firm, pool) and waited

    def _ask(self, firm: Firm, pool: Investor, cash: float, chance: Chance) -> tuple[int, float]:
        """Cents that a firm asks of a pool, and its value before the round in dollars; (0, 0.0) if it needs none."""
        track, traits = self.tracks[firm.account], pool.traits
        burn = max(0.0, track.burn.level)
        if burn == 0 or cash > traits.runway * burn:
            return 0, 0.0
        worth = self.value(firm, pool, cash, chance)
        most = worth * traits.largest_stake / (1 - traits.largest_stake)
        return cents(min(traits.raised_for * burn, most)), worth

    def value(self, firm: Firm, pool: Investor, cash: float, chance: Chance) -> float:
        """Value a firm with so many dollars of cash in the eyes of an investor, in dollars."""
        track, traits = self.tracks[firm.account], pool.traits
        seen = SeenByInvestor(
            revenue=12 * track.revenue.level,
            growth=track.revenue.growth,
            burn=max(0.0, track.burn.level),
            cash=cash,
            floor=traits.floor,
            hype=self._hype(pool) * self.registers.public.sentiment.factor(),
            expected=track.expected(firm, traits.story_weight),
            story=story_of(firm),
            story_share=track.story_share(traits.story_weight),
            gross_profit=track.gross_profit(),
            gross_growth=track.gross.growth,
        )
        return number(
            f"{pool.name}.valuation", BOUNDS["investors.valuation"], pool.strategies["valuation"], seen, chance
        )

    def _hype(self, pool: Investor) -> float:
        """A pool's belief, as a multiple of what figures say."""
        return pool.hype

    def worth_of_all(self, pool: Investor, cash: Cash, chance: Chance) -> float:
        """Value all firms in business that an investor founded, in dollars; ``cash`` are cents by account."""
        firms = [firm for firm in self.firms if self._backs(firm, pool)]
        return sum(self.value(firm, pool, int(cash[firm.account]) / 100, chance) for firm in firms)

    def return_rest(self, parts: list[tuple[int, int]]) -> None:
        """Tell pools what was left of a firm that was wound up: accounts of holders, and cents."""
        for pool in self.pools:
            pool.wind_up_stake(sum(part for holder, part in parts if holder == pool.account))

    def forget(self, firm: Firm) -> None:
        """Forget a firm that was wound up, except for what it taught on revenue."""
        self.tracks[firm.account].begin(FOUNDERS_MARK)

    def lose(self, firm: Firm) -> None:
        """Note that creditors took over a firm: its shares have no price until somebody pays one."""
        self.tracks[firm.account].lose_mark()
        self.lost.append(firm.account)

    def _raise(self, pool: Investor, asks: list[tuple[Firm, int, float]], ledger: Ledger, chance: Chance) -> None:
        """Pay all requests in full, or pro rata when cash is short; issue shares at the valuation."""
        paid = what_there_is(int(ledger.cash[pool.account]), [(firm.key, ask) for firm, ask, _ in asks], chance)
        rows = [(firm, pay, worth) for (firm, _, worth), pay in zip(asks, paid, strict=True) if pay > 0]
        issued = self.registers.shares.issued
        self.buy_into(
            pool.name,
            [(f.account, pay, max(1, round(issued[f.account] * pay / 100 / worth))) for f, pay, worth in rows],
            {f.account: worth / issued[f.account] for f, _, worth in rows},
            ledger,
        )

    def buy_into(self, payer: str, rows: list[tuple[int, int, int]], marks: dict[int, float], ledger: Ledger) -> None:
        """Pay firms for new shares: rows are (firm's account, cents, shares), marks are dollars per share by firm."""
        if not rows:
            return
        account_ids, pays, shares = (whole(column) for column in zip(*rows, strict=True))
        holder, names = self.registers.account_id(payer), self.registers.accounts.names
        holders = np.full(len(rows), holder, dtype=np.int64)
        ledger.transfer(holders, account_ids, pays, (Item.HOLDINGS, Item.EQUITY), Good.SHARES, quantity=shares)
        for account_id, pay, issued in rows:
            self.registers.shares.issue(account_id, holder, issued)
            self.registers.last.note_capital(account_id, pay)
            self.tracks[account_id].note_round(self.registers.month, marks[account_id])
            self.raised.append((names[account_id], payer, pay))

    def _dividends(self, ledger: Ledger) -> None:
        """Pay out a share of the last closed month's profit, as far as cash goes, to shareholders by their shares."""
        profit = self.registers.last.profit
        rows: list[tuple[int, int, int]] = []
        for firm in self.firms:
            payout = firm.traits.payout
            dividend = min(round(payout * int(profit[firm.account])), int(ledger.free_cash[firm.account]))
            if firm.alive and dividend > 0:
                rows += [
                    (firm.account, holder, part)
                    for holder, part in self.registers.shares.divide(firm.account, dividend)
                ]
        if rows:
            firms, holders, parts = (whole(column) for column in zip(*rows, strict=True))
            ledger.transfer(firms, holders, parts, (Item.DIVIDENDS, Item.INCOME), Good.DIVIDEND)
        for pool in self.pools:
            pool.earn(sum(part for _, holder, part in rows if holder == pool.account))
