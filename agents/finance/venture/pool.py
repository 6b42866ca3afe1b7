"""One pool of venture money: its numbers, its belief, and what it remembers of its stakes."""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from watersellers.agents.exogenous_trends import logistic
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


FIRST_HYPE = 1.0


class Investor(Guarded):
    """A pool of venture money, with its beliefs about its firms."""

    SAVED: ClassVar[Saved] = {
        "hype": float,
        "usual_hype": float,
        "returns": Trend,
        "stakes": dict[int, tuple[int, float]],
        "dividends": int,
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

    def expect(self, growth: float, failed: int) -> None:
        """Revise the belief: up with growth of its firms and returns, down for each firm that failed."""
        traits = self.traits
        wanted = 1 + traits.hype_pull * (growth - traits.sober_growth)
        wanted = max(0.0, wanted + traits.return_pull * self.returns.level)
        self.usual_hype += (1 - traits.hype_memory) * (self.hype - self.usual_hype)
        self.hype += (1 - traits.hype_memory) * (wanted - self.hype)
        self.hype *= (1 - traits.fear) ** failed

    def set_hype(self, hype: float) -> None:
        """Set the belief after looking at other investors."""
        self.hype = hype

    def earn(self, cents: int) -> None:
        """Note dividends received."""
        self.dividends += cents

    def income(self, month: int) -> float:
        """Dollars that savers pay into the pool this month."""
        traits = self.traits
        return logistic(traits.inflow_low, traits.inflow_high, traits.middle, traits.width, month)
