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


def story_of(firm: Firm) -> float:
    """Yearly revenue, in dollars, that a firm's story promises, all its companies together."""
    return firm.numbers[StoryNumbers].story * companies(firm)


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


def followed(trend: Trend, value: float, smoothing: Smoothing) -> Trend:
    """Move a trend on, or begin one with the first value above 0, so that its beginning is not taken for growth."""
    if trend.level <= 0:
        return Trend(value)
    trend.update(value, smoothing)
    return trend


@dataclass(frozen=True, slots=True)
class Month:
    """What an investor sees of a firm's last month, in dollars: revenue, gross profit, and the cash that it burned."""

    revenue: float
    gross: float
    drain: float


@dataclass
class TrackRecord:
    """An investor's memory of a firm: smoothed revenue and burn in dollars per month, its last round, the evidence."""

    revenue: Trend = field(default_factory=_flat)
    burn: Trend = field(default_factory=_flat)
    raised: int | None = None  # month of its last round
    mark: float | None = None  # USD per share at its last round
    months: int = 0  # of evidence on its revenue
    seen: float = 0.0  # USD: yearly revenue, summed over these months
    gross: Trend = field(default_factory=_flat)  # gross profit, USD a month from its first on; losses count as none
    gross_seen: float = 0.0  # USD: yearly gross profit, summed over the months of evidence
    forecast: Trend = field(default_factory=_flat)  # revenue, USD a month; it begins with the first that was seen
    told: tuple[float, float] = (0.0, 0.0)  # USD: last month's revenue, and what was expected of it

    def note_month(self, month: Month, smoothing: Smoothing, flat: Smoothing) -> None:
        """Note a month's revenue, gross profit and burn of cash."""
        self.revenue.update(month.revenue, smoothing)
        self.burn.update(month.drain, flat)
        self.gross = followed(self.gross, max(0.0, month.gross), smoothing)
        self.months += 1
        self.seen += 12 * self.revenue.level
        self.gross_seen += 12 * self.gross.level
        self.told = month.revenue, self.forecast.level * (1 + self.forecast.growth)
        self.forecast = followed(self.forecast, month.revenue, smoothing)

    def note_round(self, month: int, mark: float) -> None:
        """Note a round of this month, and its price in dollars per share."""
        self.raised, self.mark = month, mark

    def lose_mark(self) -> None:
        """Know no price of its shares any more, until somebody pays one."""
        self.mark = None

    def begin(self, mark: float) -> None:
        """Begin anew: of a firm that was wound up, only what it taught on revenue and margins stays for successors."""
        self.revenue, self.burn, self.raised, self.mark = _flat(), _flat(), None, mark
        self.gross, self.forecast, self.told = _flat(), _flat(), (0.0, 0.0)

    def expected(self, firm: Firm, weight: float) -> float:
        """Yearly revenue in dollars that is expected of the firm, all its companies together."""
        return expected_revenue(story_of(firm), weight, self.seen, self.months)

    def story_share(self, weight: float) -> float:
        """Share of what is expected of a firm that its story still says; the rest is evidence."""
        return weight / (weight + self.months) if weight + self.months > 0 else 0.0

    def gross_profit(self) -> float:
        """Yearly gross profit in dollars, the mean over the months of evidence; 0 before any."""
        return self.gross_seen / self.months if self.months else 0.0


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
