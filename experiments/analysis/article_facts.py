"""The article's arithmetic, recomputed from its inputs: figures that agree, that disagree, and that have no support.

Rows ``S...`` of ``facts.csv`` are the article's own figures, rows ``C...`` were published elsewhere, and rows ``A...``
complete a sum; each row's note names its source.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from watersellers.experiments.input.errors import refuse
from watersellers.experiments.input.text_files import read_csv, rows_named_twice

TABLE = Path(__file__).parents[1] / "facts.csv"
AGREES, DISAGREES, UNSUPPORTED = "agrees", "disagrees", "not supported"
MILLION = 1e6
CNY_PER_USD = 7.28  # a rate that fits the article's three pairs of figures within their rounding
DAYS = 30  # a month of the article's daily figures


@dataclass(frozen=True, slots=True)
class Fact:
    """A published figure."""

    id: str
    subject: str
    layer: str
    period: str
    quantity: str
    value: str
    unit: str
    currency: str
    note: str

    @property
    def measure(self) -> str:
        """The unit, preceded by the currency if the unit does not name it."""
        return f"{self.currency} {self.unit}" if self.currency not in self.unit else self.unit


@dataclass(frozen=True, slots=True)
class Check:
    """A published figure, and its derivation from others.

    ``formula`` takes the values of the rows in ``inputs``; the result may differ from the published figure by the share
    ``within``. ``reading`` gives the reason for that tolerance and the meaning of the comparison.
    """

    claim: str
    row: str
    inputs: tuple[str, ...]
    formula: Callable[..., float]
    within: float
    reading: str
    scale: float = 1.0  # units of the published figure in one unit of the formula's result
    upper: str = ""  # row of the upper end if the article gives a range


@dataclass(frozen=True, slots=True)
class Unsupported:
    """A statement of the article that no figure in the table supports."""

    claim: str
    rows: tuple[str, ...]
    reading: str


@dataclass(frozen=True, slots=True)
class Finding:
    """The result for one claim; figures are None if there is nothing to compute."""

    claim: str
    verdict: str
    published: float | None
    recomputed: float | None
    unit: str
    rows: tuple[str, ...]
    reading: str


def _day_revenue(read: float, cached: float, written: float, hit: float, miss: float, output: float) -> float:
    """Return a day's revenue in dollars at list prices of cached input, other input and output."""
    return (cached * hit + (read - cached) * miss + written * output) / MILLION


DEEPSEEK = (
    Check(
        "DeepSeek's revenue per day if every token had been billed at R1's list price",
        "S004",
        ("C001", "C002", "C003", "C011", "C012", "C013"),
        _day_revenue,
        0.002,
        "Volumes are published in whole billions of tokens; half a billion of output is worth 1,095 dollars.",
    ),
    Check(
        "DeepSeek's bill per day: nodes of 8 GPUs, 24 hours, 2 dollars per hour",
        "S002",
        ("C004", "S001"),
        lambda nodes, rent: nodes * 8 * 24 * rent,
        0.0,
        "To the dollar. It covers rent alone: no staff, no training, no marketing.",
    ),
    Check("Profit is revenue less that bill", "S006", ("S004", "S002"), lambda a, b: a - b, 0.0, "To the dollar."),
    Check(
        "Profit over cost",
        "S008",
        ("S006", "S002"),
        lambda profit, cost: profit / cost,
        0.001,
        "545 % of cost is 84.5 % of revenue: a gross margin, although it is called a net one.",
        scale=100,
    ),
    Check(
        "The nodes that are needed at the published speeds of reading and writing",
        "C004",
        ("C001", "C006", "C003", "C007"),
        lambda read, prefill, written, decode: (read / prefill + written / decode) / 86400,
        0.005,
        "Volumes, speeds and nodes were published separately and are consistent.",
    ),
    *(
        Check(
            f"The {what} in yuan at one rate, {CNY_PER_USD}",
            yuan,
            (dollars,),
            lambda amount: amount * CNY_PER_USD,
            0.0079,
            f"Implied rate {rate}; the yuan figure is rounded to 10,000, so one rate of 7.274 to 7.286 fits all three.",
        )
        for what, yuan, dollars, rate in (
            ("bill", "S003", "S002", "7.235"),
            ("revenue", "S005", "S004", "7.277"),
            ("profit", "S007", "S006", "7.285"),
        )
    ),
    Check(
        "Running R1 costs 17 % of GPT-4 Turbo",
        "S011",
        ("C013", "C034"),
        lambda r1, turbo: r1 / turbo,
        0.1,
        "List prices give 7 % for output and 6 % for input (C012 over C033). 17 % would need costs that neither firm"
        " has published.",
        scale=100,
    ),
)

WATER = (
    Check(
        "NVIDIA's net income grew by 109 %",
        "S052",
        ("S051", "A001"),
        lambda now, before: now / before - 1,
        0.005,
        "The quarter ended on 27 October 2024 (fiscal 2025), so it is no figure for the calendar year 2025.",
        scale=100,
    ),
    Check(
        "NVIDIA's data-centre revenue grew by 112 %",
        "S050",
        ("S049", "C084"),
        lambda now, before: now / before - 1,
        0.01,
        "The same quarter in two successive years.",
        scale=100,
    ),
    Check(
        "NVIDIA's gross margin rose by 0.6 points",
        "S054",
        ("C093", "C085"),
        lambda now, before: now - before,
        0.01,
        "From 74.0 to 74.6 %.",
    ),
    Check(
        "Alibaba Cloud's adjusted margin",
        "C250",
        ("S059", "S057"),
        lambda profit, revenue: profit / revenue,
        0.005,
        "Adjusted EBITA over revenue: before interest, taxes and share-based pay.",
        scale=100,
    ),
    Check(
        "How many of NVIDIA's H20 cards Tencent's 2 billion dollars buy",
        "S033",
        ("S035", "C123"),
        lambda total, price: total / price,
        0.0,
        "At 12,000 dollars each: between the article's 100,000 and 200,000 cards, which imply 20,000 to 10,000 dollars"
        " per card. The sum is possible; the number of cards remains a rumour.",
        upper="S034",
    ),
)

APPS = (
    Check(
        "Liang Bin's cost of a million output tokens",
        "A002",
        ("S028", "S027"),
        lambda cost, tokens: cost / (tokens * DAYS / MILLION),
        0.0,
        "120 yuan, 7.5 times the 16 yuan that the model's own maker charges.",
    ),
    Check(
        "The monthly revenue from 100 billion tokens per day at 16 yuan per million",
        "C029",
        ("S027",),
        lambda tokens: tokens * DAYS / MILLION * 16,
        0.07,
        "48 million yuan; the source says 45. With Liang Bin's cost of 360 million, the loss is 312 million per month.",
    ),
    Check(
        "Liang Bin's 360 million yuan per month, at DeepSeek's own cost of a token",
        "S028",
        ("S027", "S002", "C003"),
        lambda tokens, bill, written: tokens * DAYS * bill / written * CNY_PER_USD,
        0.25,
        "360 million is 120 yuan per million output tokens; DeepSeek's own bill is 3.77 yuan (0.52 dollars), 32 times"
        " less: one host runs at scale and full load, the other does not. No single unit cost fits all hosts.",
    ),
    Check(
        "360's cost in nine months, from its revenue and its gross margin",
        "S041",
        ("S043", "C392"),
        lambda revenue, margin: revenue * (1 - margin / 100),
        0.02,
        "The reported margin of 62.89 % leaves 2.081 billion of cost; 2.608 billion would be a margin of 53.5 %."
        " The article's figure either includes more than the cost of sales, or is wrong.",
    ),
    Check(
        "Perplexity's price per month, from its revenue and its paying users",
        "S078",
        ("S080", "S079"),
        lambda revenue, payers: revenue / payers / 12,
        0.05,
        "19.24 dollars: yearly plans at 16.67 per month pull it below 20.",
    ),
)

STATEMENTS = (
    Unsupported(
        "DeepSeek's 474,955 dollars are a net profit",
        ("S006", "S010"),
        "They leave out staff, training and marketing, and count free use, the cheaper V3 and night discounts at R1's"
        " list price: an upper bound on gross profit.",
    ),
    Unsupported(
        "360's operating cost grew by 31.92 %",
        ("S042", "S041", "S044"),
        "It implies 1.977 billion one year earlier on 6.738 billion of revenue, a gross margin of 70.7 % that would"
        " have fallen; the reported one rose.",
    ),
    Unsupported(
        "Nami AI search had 308 million visits in January 2025",
        ("S075", "S076"),
        "One ranking says so; it does not state the unit, and no other source was found.",
    ),
    Unsupported(
        "Tencent ordered 100,000 to 200,000 cards",
        ("S033", "S034"),
        "A rumour from one account. Only the implied price per card can be checked, see above.",
    ),
)


@cache
def facts(path: Path = TABLE) -> dict[str, Fact]:
    """Read the table of published figures, by id.

    Raises
    ------
    BadInput
        If the table can't be read, lacks a column, or has two rows of one id.
    """
    header, rows = read_csv(path)
    names = Fact.__dataclass_fields__
    refuse(f"{path.name}, line 1: has no column {name}; every figure has one" for name in names if name not in header)
    refuse(rows_named_twice(path.name, [row["id"] for row in rows]))
    return {row["id"]: Fact(**{name: row[name] for name in names}) for row in rows}


def findings() -> Iterator[Finding]:
    """Recompute every claim from its inputs."""
    for check in (*DEEPSEEK, *WATER, *APPS):
        yield check_claim(check, facts())
    for statement in STATEMENTS:
        yield Finding(statement.claim, UNSUPPORTED, None, None, "", statement.rows, statement.reading)


def check_claim(check: Check, table: dict[str, Fact]) -> Finding:
    """Recompute one claim."""
    published = float(table[check.row].value)
    highest = float(table[check.upper].value) if check.upper else published
    recomputed = check.formula(*(float(table[row].value) for row in check.inputs)) * check.scale
    slack = check.within * abs(published)
    verdict = AGREES if published - slack <= recomputed <= highest + slack else DISAGREES
    rows = tuple(row for row in (check.row, check.upper, *check.inputs) if row)
    return Finding(check.claim, verdict, published, recomputed, table[check.row].measure, rows, check.reading)
