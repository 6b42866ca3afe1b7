"""Tables of a run, of parameters and of facts, and the same as JSON."""

import json
import sys
from collections.abc import Iterable, Sequence
from typing import Any

import polars as pl
from rich import box
from rich.console import Console
from rich.measure import Measurement
from rich.padding import Padding
from rich.table import Table

from watersellers.experiments.analysis.article_facts import AGREES, DISAGREES, UNSUPPORTED, Finding
from watersellers.experiments.analysis.windows import (
    YEAR,
    Period,
    Window,
    calendar_year_names,
    headline_window,
    last_months,
)
from watersellers.experiments.input.plain_values import json_value
from watersellers.experiments.loading.parameters import Parameter
from watersellers.experiments.runs.result import Result
from watersellers.experiments.saving.data_dictionary import ColumnMeaning
from watersellers.market.accounting.consolidation import BOOKED_BEYOND
from watersellers.market.accounting.statements import FINAL
from watersellers.market.goods import CHAIN
from watersellers.market.money_origin.pinned_payments import OF_RECEIPTS, mean_share

INDENT = (0, 0, 0, 2)  # lines and columns around the cells below a row's first cell
WIDEST = 10_000  # letters; the width at which a table's least width is measured
LEGIBLE = 16  # letters per line, the least for a legible column of text
WIDE = 160  # columns, if the output goes into a file
MOST_EVENTS = 30
YEAR_AND_LAYER = 2  # columns of a table of one year; a table needs more
SUMS = ("revenue", "operating_profit", "free_cash_flow")
RATIOS = ("operating_margin", "profit_over_final_spending")
SHOWN_SHARES = (*RATIOS, "input_share")


def console() -> Console:
    """Make a console that prints every text as it is."""
    width = None if sys.stdout.isatty() else WIDE
    return Console(markup=False, highlight=False, emoji=False, soft_wrap=False, width=width)


def print_json(facts: Any) -> None:
    """Print facts as JSON (RFC 8259); characters that the console can't show are escaped.

    JSON has no NaN and no infinite number: a value that is no number is null.
    """
    strict = json_value(facts)
    text = json.dumps(strict, indent=2, ensure_ascii=False, default=str, allow_nan=False)
    if not _can_show(text):
        text = json.dumps(strict, indent=2, ensure_ascii=True, default=str, allow_nan=False)
    sys.stdout.write(text + "\n")


def _can_show(text: str) -> bool:
    """Say whether the console can show each character."""
    try:
        text.encode(getattr(sys.stdout, "encoding", None) or "utf-8")
    except UnicodeEncodeError:
        return False
    return True


def dollars(cents: float) -> str:
    """Write an amount of cents in dollars: 12.3 billion."""
    return dollars_joined("", cents)


def dollars_joined(joint: str, *cents: float) -> str:
    """Write amounts of cents in dollars, in the unit of the largest: -0.4 to 12.3 billion."""
    largest = max(map(abs, cents)) / 100
    for size, word in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"), (1e3, " thousand")):
        if largest >= size * 0.9995:
            return joint.join(f"{round(each / 100 / size, 1) + 0:,.1f}" for each in cents) + word
    return joint.join(f"{each / 100:,.0f}" for each in cents)


def share(value: float | None) -> str:
    """Write a share with two decimals, or a dash for None."""
    return "-" if value is None else f"{round(value, 2) + 0:.2f}"  # + 0 turns -0.00 into 0.00


def plain(text: str) -> str:
    """Remove characters that move a terminal's cursor or change its colours."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


def windows_of(result: Result) -> list[tuple[Window, Period]]:
    """Return the windows of a run's tables: that of its headline, and its last twelve months where these are others."""
    lived = Period.of(result.layers["month"].unique())
    if lived is None:
        return []
    windows = [headline_window(lived), last_months(YEAR)]
    found = [(window, window.months(lived)) for window in windows]
    return found[:1] if found[1][1] == found[0][1] or not lived.covers(found[1][1]) else found


def sums_over(result: Result, window: Window, period: Period) -> list[dict[str, Any]]:
    """Add up the months of a window for each layer of the chain, in cents and shares."""
    year, dated = period.rows(result.layers), {"window": window.name, "months": len(period)} | period.facts
    spent = year.filter(pl.col("layer").is_in(FINAL))["bought_from_chain"].sum()
    rows = []
    for layer in CHAIN:
        sums = year.filter(pl.col("layer") == layer).select(pl.col(SUMS).sum()).row(0, named=True)
        margin = sums["operating_profit"] / sums["revenue"] if sums["revenue"] else None
        over = sums["operating_profit"] / spent if spent else None
        ratios = dict(zip(RATIOS, (margin, over), strict=True))
        rows.append({"layer": layer} | dated | sums | ratios | _of_receipts(year.filter(pl.col("layer") == layer)))
    return rows


def _of_receipts(rows: pl.DataFrame) -> dict[str, float | None]:
    """Average the shares of what a layer received for its sales that are an input, and that a ceiling holds."""
    return rows.select(mean_share(name).alias(name) for name in OF_RECEIPTS).row(0, named=True)


def chain_over(result: Result, window: Window, period: Period) -> dict[str, Any]:
    """Add up the months of a window for the chain as one company, in cents."""
    rows = period.rows(result.chain)
    names = ("external_revenue", "consolidated_profit", "bad_debts")
    sums = rows.select(pl.col(names).sum(), BOOKED_BEYOND.sum()).row(0, named=True)
    return {"window": window.name} | period.facts | sums


def chain_in_words(sums: dict[str, Any]) -> str:
    """Say what the chain earned as one company."""
    earned = f"the chain as one company: a consolidated profit of {dollars(sums['consolidated_profit'])}"
    paid = f"on {dollars(sums['external_revenue'])} that others were billed"
    gap = f"{dollars(abs(sums['unearned']))} {'more' if sums['unearned'] >= 0 else 'less'}"
    return f"{earned} {paid}; its firms book {gap}, as profit on machines counts for the chain only when others pay"


def yearly_profit(result: Result) -> list[dict[str, Any]]:
    """Add up each layer's operating profit by calendar year, in cents; a year that is cut is named by its months."""
    lived = Period.of(result.layers["month"].unique())
    names = calendar_year_names(lived) if lived else {}
    year = pl.col("month").dt.year().replace_strict(names, return_dtype=pl.String).alias("year")
    rows = result.layers.select("layer", year, "operating_profit")
    sums = rows.sort("year").pivot("year", index="layer", values="operating_profit", aggregate_function="sum")
    found = {row["layer"]: row for row in sums.rows(named=True)}
    return [found[layer] for layer in CHAIN]


def print_run(result: Result, saved: str) -> None:
    """Print who earned what in the headline's year and in the last twelve months, the events, and the run folder."""
    out = console()
    for window, period in windows_of(result):
        _print_sums(result, window, period)
        out.print(chain_in_words(chain_over(result, window, period)))
    years = yearly_profit(result)
    if len(years[0]) > YEAR_AND_LAYER:
        cells = [[str(row["layer"]), *(dollars(row[year]) for year in list(row)[1:])] for row in years]
        title = "operating profit by calendar year, in US dollars"
        print_table(title, list(years[0]), cells, figures=range(1, len(years[0])))
    events = result.events.select("month", "text").rows()
    if events:
        shown = [(f"{month:%Y-%m}", plain(text)) for month, text in events[-MOST_EVENTS:]]
        earlier = len(events) - len(shown)
        more = f": the last {len(shown)}; {earlier} earlier ones are in {saved}/events.parquet" if earlier else ""
        print_table(f"what happened{more}", ("month", "event"), shown)
    for note in result.manifest.get("notes", ()):
        out.print(f"note: {plain(note)}")
    out.print(f"saved in {saved}", soft_wrap=True)
    out.print(f"all figures in pictures: watersellers report {saved}", soft_wrap=True)


def _print_sums(result: Result, window: Window, period: Period) -> None:
    """Print who earned what in a window."""
    ratios = ("margin", "profit over final spending", "still an input")
    names = ("layer", "revenue", "operating profit", "free cash flow", *ratios)
    title = f"{result.manifest['scenario']['name']}, seed {result.manifest['seed']}: {window.words}"
    cells = [
        [str(row["layer"]), *(dollars(row[key]) for key in SUMS), *(share(row[key]) for key in SHOWN_SHARES)]
        for row in sums_over(result, window, period)
    ]
    print_table(f"{title}, in US dollars ({period})", names, cells, figures=range(1, len(names) - 1))


def run_facts(result: Result, saved: str) -> dict[str, Any]:
    """Give the content of ``print_run`` as JSON."""
    named = {key: result.manifest[key] for key in ("seed", "months", "users", "digest", "wall_s")}
    events = [row | {"month": f"{row['month']:%Y-%m}"} for row in result.events.rows(named=True)]
    name = result.manifest["scenario"]["name"]
    of_scenario = {key: result.manifest.get(key, []) for key in ("notes", "warnings")}
    sums = [sums_over(result, *each) for each in windows_of(result)]
    tables = {"layers": sums[0], "latest": sums[-1], "years": yearly_profit(result), "events": events}
    tables["chain"] = [chain_over(result, *each) for each in windows_of(result)]
    return {"scenario": name} | named | of_scenario | {"saved": saved} | tables


def print_scenarios(questions: Sequence[tuple[str, str]]) -> None:
    """Print scenarios with their questions."""
    print_table("scenarios", ("name", "question"), [(name, plain(text)) for name, text in questions])


def print_parameters(rows: Iterable[Parameter]) -> None:
    """Print parameters with unit, range and source."""
    cells = [(r.name, f"{r.value:g}", r.unit, f"{r.low:g} to {r.high:g}", r.source, r.note) for r in rows]
    print_table("parameters", ("name", "value", "unit", "range", "source", "note"), cells, figures=(1,))


def print_columns(rows: Iterable[ColumnMeaning]) -> None:
    """Print columns of tables with type, unit and meaning."""
    cells = [(r.table, r.column, r.type, r.unit, r.meaning, r.null or "never") for r in rows]
    print_table("columns of tables", ("table", "column", "type", "unit", "meaning", "missing if"), cells)


def print_findings(found: Sequence[Finding]) -> None:
    """Print the recomputed figures, with the verdict on each claim and a count of verdicts."""
    out = console()
    cells = []
    for each in found:
        figures = (_figure(each.published), _figure(each.recomputed), each.unit)
        cells.append((each.verdict, f"{each.claim}\n{each.reading}", *figures, " ".join(each.rows)))
    names = ("verdict", "claim, and what the comparison means", "published", "recomputed", "unit", "rows of facts.csv")
    print_table("the article's arithmetic, done again", names, cells, figures=(2, 3), lines=True)
    verdicts = [each.verdict for each in found]
    words = {AGREES: "agree", DISAGREES: "disagree", UNSUPPORTED: "are not supported"}
    counts = ", ".join(f"{verdicts.count(verdict)} {word}" for verdict, word in words.items())
    out.print(f"{len(found)} claims: {counts}")


def _figure(value: float | None) -> str:
    """Write a figure with four significant digits."""
    if value is None:
        return "-"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"


def print_table(
    title: str, names: Sequence[str], rows: Iterable[Sequence[str]], figures: Iterable[int] = (), lines: bool = False
) -> None:
    """Print a table under its title; if it is too wide for the terminal, print each row below its first cell."""
    cells, out = list(rows), console()
    table = _table(names, cells, set(figures), lines)
    out.print(title)
    needed = Measurement.get(out, out.options.update(max_width=WIDEST), table).minimum
    if needed <= out.width:
        out.print(table)
        return
    for row in cells:
        out.print(f"\n{row[0]}", soft_wrap=True)
        out.print(Padding(_card(names, row), INDENT))
    out.print()


def _table(names: Sequence[str], rows: Sequence[Sequence[str]], figures: set[int], lines: bool) -> Table:
    """Lay out a table; figures are aligned right, and neither they nor the first cells are ever broken."""
    table = Table(show_lines=lines, box=box.SQUARE if lines else box.SIMPLE_HEAD, pad_edge=lines)
    for number, name in enumerate(names):
        whole = number == 0 or number in figures
        written = (line for row in rows for line in row[number].splitlines())
        longest = max(len(each) for each in (*written, *name.split(), ""))
        table.add_column(
            name,
            justify="right" if number in figures else "left",
            no_wrap=whole,
            min_width=longest if whole else min(longest, LEGIBLE),
        )
    for row in rows:
        table.add_row(*row)
    return table


def _card(names: Sequence[str], row: Sequence[str]) -> Table:
    """Lay out a row as lines of name and value, without empty values."""
    card = Table.grid(padding=(0, 2))
    card.add_column(max_width=LEGIBLE)
    card.add_column(overflow="fold")
    for name, value in zip(names[1:], row[1:], strict=True):
        if value:
            card.add_row(name, value)
    return card
