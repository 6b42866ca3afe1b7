"""Funding: how investors value a firm that asks for money."""

from dataclasses import dataclass

from watersellers.agents.decision_bounds import asked
from watersellers.market.chance import Chance


@dataclass(frozen=True, slots=True)
class SeenByInvestor:
    """An investor's view of a firm that asks for money."""

    revenue: float  # USD per year, at the smoothed monthly rate
    growth: float  # of revenue, share per month, smoothed
    burn: float  # USD per month, smoothed, positive when cash flows out
    cash: float  # USD
    floor: float  # USD: value of a team and a story before any revenue
    hype: float  # 1 is neutral
    expected: float  # USD per year: revenue that it expects, the mean of the firm's story and of what it has seen
    story: float  # USD per year: revenue that the firm's story promises
    story_share: float  # of what it expects, the share that the story still says; the rest is evidence
    gross_profit: float  # USD per year, the mean over all months of evidence; sales below cost count as none
    gross_growth: float  # of gross profit, share per month, smoothed


@dataclass(frozen=True, slots=True)
class RevenueMultiple:
    """Value a firm at years of revenue, more with growth, less future burn, and at least at the value of its story."""

    multiple: float = 2.0  # years of revenue at neutral hype and no growth
    per_growth: float = 60.0  # share added to the multiple per unit of monthly growth
    patience: float = 60.0  # months for which today's burn is taken off

    def __call__(self, seen: SeenByInvestor, chance: Chance) -> float:
        grown = self.multiple * (1 + self.per_growth * max(0.0, seen.growth))
        worth = seen.hype * max(seen.floor, grown * seen.revenue - self.patience * seen.burn)
        return asked(worth, "investors.valuation")


@dataclass(frozen=True, slots=True)
class StoryAndEvidence:
    """Value a firm at years of the revenue that is expected of it, more with growth, less future burn.

    Expected is the mean of its story and of the evidence, so that a story which nothing bears out fades by itself.
    """

    multiple: float = 9.24  # years of expected revenue at neutral hype and no growth
    per_growth: float = 10.0  # share added to the multiple per unit of monthly growth
    patience: float = 6.0  # months for which today's burn is taken off

    def __call__(self, seen: SeenByInvestor, chance: Chance) -> float:
        grown = self.multiple * (1 + self.per_growth * max(0.0, seen.growth))
        worth = seen.hype * max(0.0, grown * seen.expected - self.patience * seen.burn)
        return asked(worth, "investors.valuation")


@dataclass(frozen=True, slots=True)
class ExpectedGrossProfit:
    """Value a firm at years of the gross profit that is expected of it, more with growth, less future burn.

    The expectation begins with what the firm was said to be worth, and each month of evidence weighs that down: a
    normal prior with known variance. Of a firm that sells below its cost the fading rest of that is left, and no more.
    """

    multiple: float = 15.0  # years of expected gross profit at neutral hype and no growth
    story_years: float = 10.0  # years of its story's revenue at which a firm was valued before any evidence
    per_growth: float = 10.0  # share added to the multiple per unit of monthly growth of gross profit
    patience: float = 6.0  # months for which today's burn is taken off

    def __call__(self, seen: SeenByInvestor, chance: Chance) -> float:
        prior = self.story_years * seen.story
        evidence = self.multiple * seen.gross_profit
        grown = (1 + self.per_growth * max(0.0, seen.gross_growth)) * (1 - seen.story_share) * evidence
        worth = seen.hype * max(0.0, seen.story_share * prior + grown - self.patience * seen.burn)
        return asked(worth, "investors.valuation")


@dataclass(frozen=True, slots=True)
class CashBack:
    """Value a firm at a few years of revenue and its story at nothing, as a cautious lender would. Ends most rounds."""

    multiple: float = 4.0  # years of revenue

    def __call__(self, seen: SeenByInvestor, chance: Chance) -> float:
        return asked(self.multiple * seen.revenue, "investors.valuation")
