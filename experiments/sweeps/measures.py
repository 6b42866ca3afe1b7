"""Measures of a run: tidy rows of month, layer or firm, measure and value.

A measure is monthly, or its name begins with the window over which it is taken: ``calibrated.upstream_share``.

Profits are divided by final spending, which is never near zero, and not by total profit, which may be zero. Money is
in whole cents. A measure that has no value says so by null; a NaN or an infinite number of a user's own measure becomes
null as it comes in.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from traceback import format_exception_only

import polars as pl

from watersellers.experiments.analysis import venture_money
from watersellers.experiments.analysis.windows import (
    CALIBRATED,
    WINDOW_NAMES,
    Period,
    Window,
    headline_window,
    split_window,
    uncovered,
)
from watersellers.experiments.input.errors import OLD_YEAR, BadInput, nearest, refuse, renamed, shown, unknown
from watersellers.experiments.own_code import own_modules
from watersellers.experiments.runs.result import Result
from watersellers.experiments.sweeps.folder.run_record import COLUMNS, without_value
from watersellers.experiments.sweeps.table_measures import (
    MARKET_PREFIX,
    MONTHLY_OF_TABLES,
    OVER_TABLES,
    OverMonths,
    over_rows,
)
from watersellers.market.accounting.statements import FINAL, MONEY
from watersellers.market.goods import CHAIN
from watersellers.market.money_origin.pinned_payments import OF_RECEIPTS, mean_share

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


def over_spending(column: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Divide the sum of a column over some months, layer by layer, by final spending in these months."""
    spent = _spent(rows)
    sums = rows.group_by("layer").agg(pl.col(column).sum())
    layers = pl.DataFrame({"layer": CHAIN}).join(sums, on="layer", how="left", maintain_order="left")
    return layers.select("layer", value=pl.col(column) / spent if spent else pl.lit(None, pl.Float64))


def of_receipts(column: str, rows: pl.DataFrame) -> pl.DataFrame:
    """Average a share of what each layer of the chain received over some months, weighted by what it received."""
    sums = rows.group_by("layer").agg(value=mean_share(column))
    return pl.DataFrame({"layer": CHAIN}).join(sums, on="layer", how="left", maintain_order="left")


def upstream_share(rows: pl.DataFrame) -> pl.DataFrame:
    """Divide the operating profit of chips and clouds in some months by final spending."""
    spent, profit = _spent(rows), rows.filter(pl.col("layer").is_in(UPSTREAM))["operating_profit"].sum()
    return pl.DataFrame({"value": [profit / spent if spent else None]})


def spending(rows: pl.DataFrame) -> pl.DataFrame:
    """Add up final spending in some months."""
    return pl.DataFrame({"value": [_spent(rows)]})


def _spent(rows: pl.DataFrame) -> int:
    """Add up final spending in some months of the layers' table, in cents."""
    return int(rows.filter(pl.col("layer").is_in(FINAL))["bought_from_chain"].sum())


def summed(monthly: Measure, result: Result, months: Period) -> pl.DataFrame:
    """Add up a measure of the whole economy over some months."""
    return months.rows(monthly(result)).select(pl.col("value").sum())


def over_window(window: Window, of: OverMonths, result: Result) -> pl.DataFrame:
    """Measure a run over a window, and date the figures by its last month; null where the run lacks some of it."""
    lived = Period.of(result.layers["month"].unique())
    if lived is None:
        return pl.DataFrame(schema={"month": pl.Date, "value": pl.Float64})
    months = window.months(lived)
    dated = of(result, months).with_columns(month=pl.lit(months.last))
    return dated if lived.covers(months) else dated.with_columns(value=pl.lit(None, pl.Float64))


OVER_WINDOWS: Mapping[str, OverMonths] = {  # named after a window and a point
    "profit_over_final_spending": partial(over_rows, "layers", partial(over_spending, "operating_profit")),
    "upstream_share": partial(over_rows, "layers", upstream_share),
    "final_spending": partial(over_rows, "layers", spending),
    "revenue_over_final_spending": partial(over_rows, "layers", partial(over_spending, "revenue")),
    **{name: partial(over_rows, "layers", partial(of_receipts, name)) for name in OF_RECEIPTS},
    "venture_money": partial(summed, venture_money.of_all),
    "venture_money_net": partial(summed, venture_money.net_of_named_labs),
    **OVER_TABLES,
}
# of no single layer or firm, over a window or by month
ECONOMY_WIDE = ("final_spending", "upstream_share", "venture_money", "venture_money_net", *OVER_TABLES)
RATIOS = ("operating_margin", "profit_over_final_spending", *OF_RECEIPTS)
MONTHLY: Mapping[str, Measure] = {
    "final_spending": final_spending,
    **MONTHLY_OF_TABLES,
    "venture_money": venture_money.of_all,
    "venture_money_net": venture_money.net_of_named_labs,
    FIRM_PREFIX + "venture_raised": venture_money.of_firms,
    **{column: partial(by_layer, column) for column in (*RATIOS, *MONEY)},
    **{
        FIRM_PREFIX + column: partial(by_firm, column)
        for column in ("price", "quantity", "used_share", "customers", "quality", *MONEY)
    },
}
MENU = (*(f"{CALIBRATED}.{name}" for name in OVER_WINDOWS), *MONTHLY)  # each measure under one of its names
HEADLINES = ("profit_over_final_spending", "upstream_share")  # measured over the headline's window unless a study says


def default_measures(lived: Period) -> tuple[str, ...]:
    """Return what a study measures that does not say: profits by month, and the headlines of runs of its length."""
    window = headline_window(lived).name
    return ("profit_over_final_spending", *(f"{window}.{name}" for name in HEADLINES))


def on_menu(name: str) -> Measure | None:
    """Find a measure on the menu, by month or over a window; None if the name is not on it."""
    window, rest = split_window(name)
    if window is not None and rest in OVER_WINDOWS:
        return partial(over_window, window, OVER_WINDOWS[rest])
    return MONTHLY.get(name)


def check_covered(name: str, lived: Period) -> None:
    """Refuse a measure over a window that runs do not cover.

    Raises
    ------
    BadInput
        If they do not; it names the months that they would need, and windows that they cover.
    """
    if on_menu(name) is not None and (problem := uncovered(name, lived)):
        raise BadInput(problem)


def check_name(name: str) -> None:
    """Check that a name is on the menu of measures or has the form ``module:function``; nothing is loaded.

    Raises
    ------
    BadInput
        If it is neither, or names a function that other processes can't find.
    """
    if on_menu(name) is not None:
        return
    module, colon, function = name.partition(":")
    if not colon:
        raise BadInput(_unknown_measure(name))
    if (
        function in CHAIN or module.startswith((FIRM_PREFIX, MARKET_PREFIX)) or split_window(module)[0]
    ):  # a slip in a name, and :who
        raise BadInput(_unknown_measure(module))
    if module == "__main__":
        raise BadInput(
            f"{shown(name)} is in the script itself, where other processes can't find it; put it into a module"
        )
    if not (function.isidentifier() and all(part.isidentifier() for part in module.split("."))):
        cure = "expected module:function, a function at the top of a module that Python finds"
        raise BadInput(f"found {shown(name)}, {cure}")


def _unknown_measure(name: str) -> str:
    """Say that a name is not on the menu; one over a window is compared with those over that window."""
    window, rest = split_window(name)
    if window is not None:
        return unknown("measure", name, [f"{window.name}.{each}" for each in OVER_WINDOWS])
    if name.startswith(OLD_YEAR):
        return of_a_year(name)
    head, point, rest = name.partition(".")
    if point and rest in OVER_WINDOWS:
        return f"unknown window {shown(head)} of the measure {rest}; expected {WINDOW_NAMES}"
    problem = unknown("measure", name, MENU)
    return f"{problem}{'' if problem.endswith('?') else ';'} one of your own is named module:function"


def of_a_year(name: str) -> str:
    """Say what a measure is called whose name begins with ``year.``; or, if none ever was, which ones are nearest."""
    what = name.removeprefix(OLD_YEAR)
    if what in OVER_WINDOWS:
        return f"unknown measure {shown(name)}: its months depended on the run's length; name them: {renamed(name)}"
    near = nearest(what, MENU)
    cure = f"the nearest are {', '.join(near)}" if near else f"over a window there are {', '.join(OVER_WINDOWS)}"
    return f"unknown measure {shown(name)}: there is none of that name over a year; {cure}"


def find_measure(name: str) -> Measure:
    """Find a measure on the menu, or load one of the user's own by ``module:function``.

    Raises
    ------
    BadInput
        If there is none. Any other exception of its module, and SystemExit, propagates.
    """
    check_name(name)
    if (known := on_menu(name)) is not None:
        return known
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
    return [name for name in names if on_menu(name) is None]


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
