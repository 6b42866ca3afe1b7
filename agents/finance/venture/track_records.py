"""Track records: what an investor remembers of a firm, and the revenue that it expects of it."""

from dataclasses import dataclass, field

from watersellers.agents.firm import Firm, Smoothing, Trend
from watersellers.agents.labs.lab import Lab
from watersellers.agents.public_information import PublicInformation
from watersellers.agents.scenario_spec import Traits


@dataclass(frozen=True, slots=True)
class StoryNumbers(Traits):
    """Yearly revenue, in dollars, that investors expected of a company before they saw any of it: its story."""

    story: float


def companies(firm: Firm) -> float:
    """How many companies a firm stands for."""
    return firm.companies if isinstance(firm, Lab) else 1.0


def expected_revenue(story: float, weight: float, seen: float, months: int) -> float:
    """Yearly revenue that an investor expects: the mean of the story and of what it has seen, month by month.

    Parameters
    ----------
    story : float
        USD a year that was expected before any was seen.
    weight : float
        Months of evidence that the story counts for: at 0 evidence is all, and the larger, the slower it fades.
    seen : float
        Sum over months of yearly revenue, USD.
    months : int
        How many months were seen.

    Returns
    -------
    float
        USD a year; 0 where there is neither a story nor a month.
    """
    return (weight * story + seen) / (weight + months) if weight + months > 0 else 0.0


def _flat() -> Trend:
    """Return a trend of a firm that nobody has seen yet."""
    return Trend(0.0)


@dataclass
class TrackRecord:
    """An investor's memory of a firm: smoothed revenue and burn in dollars per month, its last round, the evidence."""

    revenue: Trend = field(default_factory=_flat)
    burn: Trend = field(default_factory=_flat)
    raised: int | None = None  # month of its last round
    mark: float | None = None  # USD per share at its last round
    months: int = 0  # of evidence on its revenue
    seen: float = 0.0  # USD: yearly revenue, summed over these months

    def note_month(self, revenue: float, drain: float, smoothing: Smoothing, flat: Smoothing) -> None:
        """Note a month's revenue and burn of cash in dollars."""
        self.revenue.update(revenue, smoothing)
        self.burn.update(drain, flat)
        self.months += 1
        self.seen += 12 * self.revenue.level

    def note_round(self, month: int, mark: float) -> None:
        """Note a round of this month, and its price in dollars per share."""
        self.raised, self.mark = month, mark

    def begin(self, mark: float) -> None:
        """Begin anew: of a firm that was wound up, only what it taught on revenue stays for its successors."""
        self.revenue, self.burn, self.raised, self.mark = _flat(), _flat(), None, mark

    def expected(self, firm: Firm, weight: float) -> float:
        """Yearly revenue in dollars that is expected of the firm, all its companies together."""
        story = firm.numbers[StoryNumbers].story * companies(firm)
        return expected_revenue(story, weight, self.seen, self.months)


def tell_expected(
    public: PublicInformation, firms: list[Firm], tracks: dict[int, TrackRecord], weights: dict[str, float]
) -> None:
    """Tell labs what revenue investors expect of them: each its founder, and the mean investor where that is none.

    ``weights`` are the months of evidence that a story counts for, by investor.
    """
    usual = sum(weights.values()) / len(weights) if weights else 0.0
    for firm in firms:
        if firm.alive and isinstance(firm, Lab):
            expected = tracks[firm.account].expected(firm, weights.get(firm.founder, usual))
            public.report_expected_revenue(firm.account, expected)
