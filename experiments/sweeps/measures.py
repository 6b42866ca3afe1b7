"""Measures of a run: tidy rows of month, layer or firm, measure and value.

Profits are divided by final spending, which is never near zero, and not by total profit, which may be zero. Money is
in whole cents. A measure that has no value says so by null; a NaN or an infinite number of a user's own measure becomes
null as it comes in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from traceback import format_exception_only

import polars as pl

from watersellers.experiments.input.errors import BadInput, refuse, shown, unknown
from watersellers.experiments.runs.result import Result
from watersellers.experiments.sweeps.folder.run_record import COLUMNS, without_value
from watersellers.experiments.sweeps.study import own_modules
from watersellers.market.accounting.statements import FINAL, MONEY
from watersellers.market.goods import CHAIN

YEAR = 12
UPSTREAM = CHAIN[:2]
FIRM_PREFIX = "firms."
KEYS = ("month", "layer", "firm")
EXPECTED = "expected module:function, with the module beside the study's file or script, or installed"
type Measure = Callable[[Result], pl.DataFrame]


def by_layer(column: str, result: Result) -> pl.DataFrame:
    """Take a column of the layers' table, month by month, for the layers of the chain."""
    return result.layers.filter(pl.col("layer").is_in(CHAIN)).select("month", "layer", value=column)


def by_firm(column: str, result: Result) -> pl.DataFrame:
    """Take a column of the firms' table, month by month."""
    rows = result.firms.filter(pl.col("layer").is_in(CHAIN))
    return rows.select("month", "layer", "firm", value=column)


def final_spending(result: Result) -> pl.DataFrame:
    """Add up what users, enterprises and advertisers pay the chain, month by month."""
    rows = result.layers.filter(pl.col("layer").is_in(FINAL))
    return rows.group_by("month").agg(value=pl.col("bought_from_chain").sum()).sort("month")


def year_over_spending(column: str, result: Result) -> pl.DataFrame:
    """Divide the sum of a column over the last twelve months, layer by layer, by final spending in these months."""
    rows, spent = _last_year(result)
    sums = rows.filter(pl.col("layer").is_in(CHAIN)).group_by("layer").agg(pl.col(column).sum())
    over = pl.col(column) / spent if spent else pl.lit(None, pl.Float64)
    order = pl.col("layer").replace_strict(list(CHAIN), list(range(len(CHAIN))))
    return sums.sort(order).select("layer", month=pl.lit(rows["month"].max()), value=over)


def upstream_share(result: Result) -> pl.DataFrame:
    """Divide the operating profit of chips and clouds in the last twelve months by final spending."""
    profits = year_over_spending("operating_profit", result).filter(pl.col("layer").is_in(UPSTREAM))
    known = pl.col("value").is_not_null().all()  # the sum over nothing is no value, and not 0
    return profits.select(month=pl.col("month").first(), value=pl.when(known).then(pl.col("value").sum()))


def year_spending(result: Result) -> pl.DataFrame:
    """Add up final spending in the last twelve months."""
    rows, spent = _last_year(result)
    return pl.DataFrame({"month": [rows["month"].max()], "value": [spent]})


def _last_year(result: Result) -> tuple[pl.DataFrame, int]:
    """Return the layers' rows of the last twelve months (or of all, if there are fewer) and the final spending."""
    months = result.layers["month"].unique().sort().tail(YEAR).to_list()
    rows = result.layers.filter(pl.col("month").is_in(months))
    return rows, int(rows.filter(pl.col("layer").is_in(FINAL))["bought_from_chain"].sum())


ECONOMY_WIDE = ("final_spending", "year.final_spending", "year.upstream_share")  # of no single layer or firm
YEAR_PREFIX = "year."  # begins the names of measures over the last year, which stand in the last month
RATIOS = ("operating_margin", "profit_over_final_spending")
MEASURES: Mapping[str, Measure] = {
    "year.profit_over_final_spending": partial(year_over_spending, "operating_profit"),
    "year.upstream_share": upstream_share,
    "year.final_spending": year_spending,
    "year.revenue_over_final_spending": partial(year_over_spending, "revenue"),
    "final_spending": final_spending,
    **{column: partial(by_layer, column) for column in (*RATIOS, *MONEY)},
    **{
        FIRM_PREFIX + column: partial(by_firm, column)
        for column in ("price", "quantity", "used_share", "customers", *MONEY)
    },
}


def check_name(name: str) -> None:
    """Check that a name is on the menu of measures or has the form ``module:function``; nothing is loaded.

    Raises
    ------
    BadInput
        If it is neither, or names a function that other processes can't find.
    """
    if name in MEASURES:
        return
    module, colon, function = name.partition(":")
    if not colon:
        raise BadInput(f"{unknown('measure', name, MEASURES)}; one of your own is named module:function")
    if function in CHAIN or module.startswith((FIRM_PREFIX, YEAR_PREFIX)):  # a slip in a name of the menu, and :who
        raise BadInput(unknown("measure", module, MEASURES))
    if module == "__main__":
        raise BadInput(
            f"{shown(name)} is in the script itself, where other processes can't find it; put it into a module"
        )
    if not (function.isidentifier() and all(part.isidentifier() for part in module.split("."))):
        cure = "expected module:function, a function at the top of a module that Python finds"
        raise BadInput(f"found {shown(name)}, {cure}")


def find_measure(name: str) -> Measure:
    """Find a measure on the menu, or load one of the user's own by ``module:function``.

    Raises
    ------
    BadInput
        If there is none. Any other exception of its module, and SystemExit, propagates.
    """
    check_name(name)
    if name in MEASURES:
        return MEASURES[name]
    module, _, function = name.partition(":")
    try:
        found = getattr(own_modules.load_module(module), function)
    except (ImportError, AttributeError) as error:
        raise BadInput(f"{name!r}: can't be loaded: {error}; {EXPECTED}") from None
    if not callable(found):
        cure = "expected one of a Result that gives a table with a column value"
        raise BadInput(f"{name!r} is no function: found {shown(found)}, {cure}")
    measure: Measure = found
    return measure


def load_measures(names: Iterable[str]) -> None:
    """Load the modules of all measures that are the user's own.

    Raises
    ------
    BadInput
        If one of them can't be loaded or lacks the function; all at once.
    """
    problems = []
    for name in names:
        try:
            find_measure(name)
        except BadInput as error:
            problems += [f"measures: {problem}" for problem in error.problems]
        except (Exception, SystemExit) as error:  # noqa: BLE001 - a user's module may raise anything
            module, raised = name.partition(":")[0], "".join(format_exception_only(error)).strip()
            problems.append(f"measures: {name!r}: can't be loaded: its module {module} raised {raised}; mend it")
    refuse(problems)


def own_measures(names: Iterable[str]) -> list[str]:
    """Return the measures that are the user's own."""
    return [name for name in names if name not in MEASURES]


def name_of_measure(measure: str | Measure) -> str:
    """Return the name by which other processes find a measure."""
    if isinstance(measure, str) or not callable(measure):
        return measure
    return f"{measure.__module__}:{getattr(measure, '__qualname__', measure)}"


def measure_run(result: Result, measures: Sequence[str], run: str) -> pl.DataFrame:
    """Measure a run: run, month, layer, firm, measure (under its full name), value (null where there is none).

    Raises
    ------
    ValueError
        If a measure returns no table with a column ``value``, or two values for one month, layer and firm.
    """
    frames = list(_measurements(result, measures, run))
    return pl.concat(frames) if frames else pl.DataFrame(schema=COLUMNS)


def _measurements(result: Result, measures: Sequence[str], run: str) -> Iterator[pl.DataFrame]:
    for each in measures:
        frame = find_measure(each)(result)
        if not isinstance(frame, pl.DataFrame) or "value" not in frame.columns:
            raise ValueError(f"measure {each!r}: found {type(frame).__name__}, expected a table with a column 'value'")
        keys = [pl.col(key) if key in frame.columns else pl.lit(None).alias(key) for key in KEYS]
        named = frame.select(pl.lit(run).alias("run"), *keys, pl.lit(each).alias("measure"), "value")
        yield _checked(named.cast(COLUMNS).with_columns(value=without_value()), each)


def _checked(rows: pl.DataFrame, measure: str) -> pl.DataFrame:
    """Refuse rows that would count twice: two values for one month, layer and firm."""
    twice = rows.filter(rows.select(KEYS).is_duplicated()).select(KEYS).head(1).rows(named=True)
    if twice:
        place = ", ".join(f"{key} {value}" for key, value in twice[0].items() if value is not None) or "the whole run"
        raise ValueError(f"measure {measure!r}: found two values for {place}, expected one")
    return rows
