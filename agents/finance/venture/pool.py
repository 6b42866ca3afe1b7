"""One pool of venture money: its numbers, its belief, and what it remembers of its stakes."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from watersellers.agents.exogenous_trends import logistic
from watersellers.agents.finance.venture.news import moved
from watersellers.agents.firm import Registers, Smoothing, Trend
from watersellers.agents.scenario_spec import ParticipantSpec, Traits
from watersellers.market.saved import Saved
from watersellers.market.write_guard import FixedTable, Guarded


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
    story_weight: float
    savers_wealth: float
    savers_most: float
    savers_pace: float
    savers_chase: float
    marks_trusted: float
    call_most: float
    news_pull: float
    news_most: float
    news_upstream: float


FIRST_HYPE = 1.0


class Investor(Guarded):
    """A pool of venture money, with its beliefs about its firms."""

    SAVED: ClassVar[Saved] = {
        "hype": float,
        "usual_hype": float,
        "returns": Trend,
        "stakes": dict[int, tuple[int, float]],
        "dividends": int,
        "proceeds": int,
        "news": float,
    }

    def __init__(self, member: ParticipantSpec, registers: Registers):
        self.name, self.registers = member.name, registers
        self.traits = InvestorTraits.of(member.numbers)
        self.account = registers.account_id(member.name)
        self.strategies: FixedTable[str, Any] = FixedTable(member.strategies)
        self.hype = FIRST_HYPE
        self.usual_hype = FIRST_HYPE  # hype to which its savers have become accustomed
        self.returns = Trend(0.0)  # per month, on the last value of its stakes
        self.stakes: dict[int, tuple[int, float]] = {}  # by firm: shares, and USD per share, at the last look
        self.dividends = 0  # cents since then
        self.proceeds = 0  # cents that its stakes have brought, and that are not distributed yet
        self.news = 0.0  # logarithm of what the last month brought over what was expected of it

    def path(self) -> str:
        """Say where in the world it is."""
        return f"investors.{self.name}"

    def change(self, number: str, value: float) -> None:
        """Set one of its numbers, as a scenario event does."""
        self.traits = replace(self.traits, **{number: value})

    def take_up(self, decision: str, strategy: Any) -> None:
        """Adopt another strategy for a decision."""
        self.strategies = self.strategies.changed(decision, strategy)

    def note_return(self, earned: float, stakes: dict[int, tuple[int, float]], smoothing: Smoothing) -> None:
        """Note the return on its stakes, and the stakes as they are now."""
        self.returns.update(earned, smoothing)
        self.stakes, self.dividends = stakes, 0

    def expect(self, growth: float, news: float, failed: int) -> None:
        """Revise the belief: up with growth of its firms, returns and good news, down for each firm that failed."""
        traits = self.traits
        wanted = 1 + traits.hype_pull * (growth - traits.sober_growth)
        wanted = max(0.0, wanted + traits.return_pull * self.returns.level)
        self.usual_hype += (1 - traits.hype_memory) * (self.hype - self.usual_hype)
        self.hype += (1 - traits.hype_memory) * (wanted - self.hype)
        self.news, self.hype = news, moved(self.hype, news, traits.news_pull)
        self.hype *= (1 - traits.fear) ** failed

    def set_hype(self, hype: float) -> None:
        """Set the belief after looking at other investors."""
        self.hype = hype

    def earn(self, cents: int) -> None:
        """Note dividends received."""
        self.dividends += cents
        self.proceeds += cents

    def wind_up_stake(self, cents: int) -> None:
        """Note cents that were left of a firm that was wound up."""
        self.proceeds += cents

    def hand_over(self) -> int:
        """Give up what stakes have brought since the last time, in cents."""
        proceeds, self.proceeds = self.proceeds, 0
        return proceeds

    def income(self, month: int) -> float:
        """Dollars that savers pay into the pool this month."""
        traits = self.traits
        return logistic(traits.inflow_low, traits.inflow_high, traits.middle, traits.width, month)
