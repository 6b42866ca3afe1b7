"""Figures of a run that verdicts on causes in doses and comparative statics are about."""

from collections.abc import Sequence

import polars as pl

from watersellers.experiments.analysis.leader_changes import leader_changes
from watersellers.experiments.runs.result import Result
from watersellers.market.goods import ALL_TOKENS, GOODS, HOME, Good

UPSTREAM = ("chips", "cloud")
PROFIT = "profit"  # of all months together, beside those of the years


def dose_figures(result: Result) -> dict[str, float]:
    """Return upstream profit in cents, by year and in all, and what comparative statics are about."""
    upstream = result.layers.filter(pl.col("layer").is_in(UPSTREAM))
    by_year = upstream.group_by(year=pl.col("month").dt.year().cast(pl.String))
    profit = dict(by_year.agg(pl.col("operating_profit").sum()).iter_rows())
    return profit | {PROFIT: sum(profit.values())} | _of_demand(result) | _of_supply(result) | _of_rivals(result)


def _of_demand(result: Result) -> dict[str, float]:
    """Figures of demand over all months.

    ``tokens`` are those that enterprises buy, ``own_hours`` those that owners rent for themselves, ``paid_seats`` are
    seat-months, and ``adopted`` is the mean share of firms that use models.
    """
    return {
        "tokens": _bought(result, "enterprises", [GOODS[good].name for good in ALL_TOKENS]),
        "own_hours": _bought(result, "world", [GOODS[Good.HOURS].name]),
        "paid_seats": float(result.users["paid"].sum()),
        "adopted": float(result.adoption["firms"].mean() or 0.0),  # type: ignore[arg-type]
    }


def _of_supply(result: Result) -> dict[str, float]:
    """Figures of vendors over all months.

    ``machines`` are delivered, also those of 2024 and NVIDIA's, ``machine_price`` is US cents paid for each,
    ``chips_margin`` the vendors' gross margin, ``wait`` the mean over months of backlog over capacity, in months, and
    ``capacity_kept`` capacity of the last month over that of the best.
    """
    vendors = result.firms.filter(pl.col("layer") == "chips")
    revenue, machines = int(vendors["revenue"].sum()), int(vendors["quantity"].sum())
    queues = result.markets.filter(pl.col("good") == "accelerators").group_by("month", maintain_order=True)
    queue = queues.agg(pl.col("backlog").sum(), pl.col("capacity").sum()).filter(pl.col("capacity") > 0)
    capacity = vendors.group_by("month", maintain_order=True).agg(pl.col("capacity").sum())["capacity"]
    return {
        "machines": float(machines),
        "machines_2024": float(vendors.filter(pl.col("month").dt.year() == 2024)["quantity"].sum()),
        "nvidia_machines": float(vendors.filter(pl.col("firm") == "nvidia")["quantity"].sum()),
        "machine_price": revenue / machines if machines else 0.0,
        "chips_margin": 1 - int(vendors["cost_of_sales"].sum()) / revenue if revenue else 0.0,
        "wait": float((queue["backlog"] / queue["capacity"]).mean() or 0.0),  # type: ignore[arg-type]
        "capacity_kept": int(capacity[-1]) / max(1, int(capacity.max())),  # type: ignore[arg-type]
    }


def _bought(result: Result, layer: str, goods: Sequence[str]) -> float:
    bought = result.flows.filter((pl.col("payer_layer") == layer) & pl.col("good").is_in(goods))
    return float(bought["quantity"].sum())


def _of_rivals(result: Result) -> dict[str, float]:
    """Figures of who rivals whom.

    ``entry`` are months, of all vendors that came in after the start together, from a vendor's first to the last of the
    run; ``own_machines`` are those that owners had made for their own clouds, ``abroad`` those that vendors of the West
    delivered to China; ``leaders`` is how often the best model of the West became another lab's.
    """
    months = result.layers["month"].unique().sort()
    vendors = result.firms.filter(pl.col("layer") == "chips", pl.col("alive")).group_by("firm")
    first = vendors.agg(pl.col("month").min())["month"]
    machines = pl.col("good") == GOODS[Good.ACCELERATORS].name, pl.col("credit_item") == "revenue"
    rows = result.books.accounts.rows
    owner, region = {row.name: row.owner for row in rows}, {row.name: row.region for row in rows}
    sold = result.journal.filter(*machines).select(
        "quantity",
        own=pl.col("debit_account").replace_strict(owner) == pl.col("credit_account").replace_strict(owner),
        abroad=pl.col("debit_account").replace_strict(region) != pl.col("credit_account").replace_strict(region),
        western=pl.col("credit_account").replace_strict(region) == HOME,
    )
    return {
        "entry": float(sum((months >= month).sum() for month in first if month > months[0])),
        "own_machines": float(sold.filter("own")["quantity"].sum()),
        "abroad": float(sold.filter("abroad", "western")["quantity"].sum()),
        "leaders": float(leader_changes(result)),
    }
