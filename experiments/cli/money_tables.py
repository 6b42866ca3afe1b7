"""Tables of money: whose money each layer earned and where it is now, and what compared worlds earn."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import polars as pl

from watersellers.experiments.analysis.bands_over_runs import band_in_words
from watersellers.experiments.analysis.comparison.steps import MARK, Steps, may_be_chance
from watersellers.experiments.analysis.comparison.two_worlds import CHANGED, Comparison
from watersellers.experiments.analysis.money_trace import POOLS, MoneyTrace
from watersellers.experiments.analysis.windows import Period
from watersellers.experiments.cli.run_tables import console, dollars, print_table, share
from watersellers.experiments.loading.writer import settings_text
from watersellers.market.goods import CHAIN

WHOSE = {
    "users": "users",
    "enterprises": "enterprises",
    "advertisers": "advertisers",
    "investors": "investors",
    "older_businesses": "owners' older businesses",
    "states": "states' programmes",
    "lenders": "lenders",
    "world": "the rest of the world",
    "opening": "what firms had at the start",
}
STEPS = {
    "opening": "had at the start",
    "paid_in": "was paid by",
    "brought": "got back from",
    "funded": "put into",
    "distributed": "paid out to",
    "held": "has at the end",
    "passed_on": "paid through its firms to",
}
CAME = {"opening": "at the start", "paid_in": "paid in", "brought": "got back"}
WENT = {"funded": "put into firms", "distributed": "paid out", "held": "left"}
SAVERS = {"world": "savers"}  # by whom pools are paid
MOST_FIRMS = 12
PROFIT = "operating_profit"
WORDS = {"pro-rata": "pro rata", "fifo": "first in, first out"}


def print_followed(followed: MoneyTrace, lived: Period, resting: pl.DataFrame, stopped: pl.DataFrame) -> None:
    """Print whose money each layer received and kept, where each source's money is, and what depends on loss-makers."""
    by = f"followed {WORDS[followed.by]}, {lived}, in US dollars"
    present = followed.earned["source"].unique().to_list()
    sources = [name for name in WHOSE if name in present]
    for column, title in (
        ("received", "what each layer received for goods, by the origin of the money"),
        ("kept", "what was left of it after the layer's own purchases of goods and machines"),
    ):
        cells = {
            (layer, source): cents for layer, source, cents in followed.earned.select("layer", "source", column).rows()
        }
        rows = [[WHOSE[source], *(dollars(cells.get((layer, source), 0)) for layer in CHAIN)] for source in sources]
        sums = [sum(cells.get((layer, source), 0) for source in sources) for layer in CHAIN]
        rows.append(["all", *map(dollars, sums)])
        print_table(f"{title}: {by}", ("money of", *CHAIN), rows, figures=range(1, len(CHAIN) + 1))
    _print_held(followed, by)
    years = [column for column in resting.columns if column != "layer"]
    rows = [[layer, *map(share, values)] for layer, *values in resting.rows()]
    title = "share of a layer's sales that depends on firms that use up cash"
    print_table(title, ("layer", *years), rows, figures=range(1, len(years) + 1))
    rows = [[layer, *map(dollars, values)] for layer, *values in stopped.rows()]
    title = "sales that a layer would lose if firms that use up cash stopped buying, in US dollars"
    print_table(title, ("layer", *years), rows, figures=range(1, len(years) + 1))


def _print_held(followed: MoneyTrace, by: str) -> None:
    """Print where each source's money is at the end."""
    cells = {(source, holder): cents for source, holder, cents in followed.held.rows()}
    there = {source for source, _ in cells}
    holders = [name for name in (*CHAIN, "world") if any((source, name) in cells for source in there)]
    rows = [
        [WHOSE[source], *(dollars(cells.get((source, holder), 0)) for holder in holders)]
        for source in WHOSE
        if source in there and source != "world"
    ]
    print_table(
        f"where the money is at the end: {by}", ("money of", *holders), rows, figures=range(1, len(holders) + 1)
    )


def print_pools(pools: pl.DataFrame, by: str, lived: Period) -> None:
    """Print for each pool of venture money who paid in, which firms it funded, whom these paid, and what is left.

    ``pools`` are the steps of ``through_pools``. Below each table stands its sum, to the cent.
    """
    for pool in pools["pool"].unique().sort():
        cells = {(step, layer): cents for step, layer, cents in pools.filter(pool=pool).drop("pool").rows()}
        outside = sorted({layer for _, layer in cells} - {*CHAIN, POOLS})
        rows = [_step_row(step, cells, (*CHAIN, *outside)) for step in STEPS if any(step == each for each, _ in cells)]
        names = ("what the pool", *CHAIN, *(SAVERS.get(layer, WHOSE.get(layer, layer)) for layer in outside), "in all")
        title = f"venture money through {pool}: followed {WORDS[by]}, {lived}, in US dollars"
        print_table(title, names, rows, figures=range(1, len(names)))
        console().print(_sum_of(cells))
        if ("passed_on", CHAIN[0]) in cells:
            console().print("of what its firms paid, a dollar counts again at each layer that it reached")
        console().print()
    if pools.is_empty():
        console().print("venture money: this world has no pool of it")


def _step_row(step: str, cells: Mapping[tuple[str, str], int], layers: Sequence[str]) -> list[str]:
    """Write a step of a pool's money by layer; what firms paid is no sum, since layers pay it on."""
    by_layer = [dollars(cells[step, layer]) if (step, layer) in cells else "" for layer in layers]
    return [STEPS[step], *by_layer, "" if step == "passed_on" else dollars(_all_of(step, cells))]


def _all_of(step: str, cells: Mapping[tuple[str, str], int]) -> int:
    return sum(cents for (each, _), cents in cells.items() if each == step)


def _sum_of(cells: Mapping[tuple[str, str], int]) -> str:
    """Write that what came to a pool is what became of it, in dollars and cents."""
    came, went = ([_all_of(step, cells) for step in steps] for steps in (CAME, WENT))
    words = " = ".join(" + ".join(steps.values()) for steps in (CAME, WENT))
    figures = " = ".join(" + ".join(map(_to_the_cent, side)) for side in (came, went))
    if sum(came) != sum(went):
        return f"{words} does NOT hold, {_to_the_cent(sum(came) - sum(went))} are missing:\n{figures}"
    return f"{words}, to the cent:\n{figures}"


def _to_the_cent(cents: int) -> str:
    """Write an amount in dollars and cents."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100:,}.{abs(cents) % 100:02}"


def print_compared(found: Comparison) -> None:
    """Print what the second scenario changes: operating profit by layer, and the firms that change most."""
    first, second = found.names
    lived = f"{found.months_lived} months, {found.seeds} seeds"
    head = f"{second} against {first}: operating profit over {lived}, means over seeds in US dollars ({found.lived})"
    names = (first, second, "difference", f"{band_in_words(found.seeds)}, of the difference", "same sign")
    profit = pl.col("measure") == "operating_profit"
    layers = found.layers.filter(profit)
    figures = (1, 2, 3, 5)
    print_table(head, ("layer", *names), [_changed(row, "layer") for row in layers.rows(named=True)], figures=figures)
    if found.set:
        console().print(f"{second} is {_with_settings(found)}")
    if not found.differs:
        console().print(
            "no figure of any firm differs in these months: where the scenarios differ comes later, or never"
        )
    moved = found.firms.filter(profit, pl.col("difference") != 0)
    most = moved.sort(pl.col("difference").abs(), descending=True).head(MOST_FIRMS)
    if len(most):
        title = f"the firms that it changes most, {len(most)} of {len(moved)} ({found.lived})"
        print_table(title, ("firm", *names), [_changed(row, "firm") for row in most.rows(named=True)], figures=figures)


def _with_settings(found: Comparison) -> str:
    """Say which scenario the second world is, and what was set in it."""
    base = found.names[0] if found.names[1] == CHANGED else "this scenario"
    return f"{base} with {settings_text(found.set)}"


def facts_of_comparison(found: Comparison) -> dict[str, Any]:
    """Say the same for machines, with revenue, free cash flow, and months."""
    head: dict[str, Any] = {"first": found.names[0], "second": found.names[1], "seeds": found.seeds}
    head |= {"set": dict(found.set), "lived": found.months_lived, "statistic": "mean over seeds", "band": found.band}
    head |= found.lived.facts
    tables = {"layers": found.layers, "firms": found.firms, "months": found.months}
    return head | {name: table.to_dicts() for name, table in tables.items()}


def _changed(row: dict[str, Any], key: str) -> list[str]:
    """Write a row of a comparison."""
    band = f"{dollars(row['low'])} to {dollars(row['high'])}"
    return [
        row[key],
        dollars(row["first"]),
        dollars(row["second"]),
        dollars(row["difference"]),
        band,
        share(row["agree"]),
    ]


def print_steps(found: Steps) -> None:
    """Print what each step changes in operating profit, a row per step, between the profits of the two worlds."""
    first, second = found.names
    lived = f"{len(found.lived)} months, {found.seeds} seeds"
    head = f"from {first} to {second}: operating profit over {lived}, means over seeds in US dollars ({found.lived})"
    whole = [found.whole(PROFIT, layer) for layer in CHAIN]
    steps = zip(*(found.of(PROFIT, layer) for layer in CHAIN), strict=True)
    rows = [
        [first, *(_level(row["before"]) for row in whole)],
        *([f"+ {name}", *map(_step, step)] for name, step in zip(found.scenarios, steps, strict=True)),
        ["all steps", *map(_step, whole)],
        [second, *(_level(row["after"]) for row in whole)],
    ]
    print_table(head, ("world, and what each step adds", *CHAIN), rows, figures=range(1, len(CHAIN) + 1))
    for sentence in _key(found):
        console().print(sentence)


def facts_of_steps(found: Steps) -> dict[str, Any]:
    """Say the same for machines, with revenue and free cash flow."""
    first, second = found.names
    head = {"first": first, "second": second, "seeds": found.seeds, "users": found.users, "lived": len(found.lived)}
    head |= {"statistic": "mean over seeds", "band": found.band} | found.lived.facts
    tables = {"path": found.path, "steps": found.steps, "layers": found.layers}
    return head | {name: table.to_dicts() for name, table in tables.items()}


def _level(cents: float) -> str:
    """Write the profit of a world, in line with differences that may have a mark behind them."""
    return f"{dollars(cents)}  "


def _step(row: dict[str, Any]) -> str:
    """Write what a step changes, with a mark where chance alone may do as much."""
    return f"{dollars(row['difference'])} {MARK if may_be_chance(row) else ' '}"


def _key(found: Steps) -> Iterator[str]:
    """Say what the mark means, how far the seeds go, and that the order of steps is part of the answer."""
    if found.seeds == 1:
        yield "one seed tells nothing of chance: any of these differences may be luck"
    else:
        band = f"the band of the differences ({band_in_words(found.seeds)}) holds zero"
        yield f"{MARK} within chance: {band}, so that one seed can't tell its sign; the mean is surer than that"
        if found.one_in:
            yield f"with so few seeds, one in {found.one_in} differences without a cause would bear no {MARK}"
    yield "a step is given those above it, and in another order it may do something else"
