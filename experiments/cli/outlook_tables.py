"""Tables of an outlook: late years by layer, what spreads them, and how well each world meets published figures."""

from collections.abc import Iterator
from typing import Any

from watersellers.experiments.analysis.bands_over_runs import band_in_words, band_kind, band_of
from watersellers.experiments.analysis.outlook.rebound import REFERENCES
from watersellers.experiments.analysis.outlook.worlds import ROWS, SOURCES, UPSTREAM, Outlook, OutlookWorld
from watersellers.experiments.analysis.windows import Period, Window
from watersellers.experiments.cli.run_tables import console, print_table, share

CENTS, BILLION = 100, 1e9


def print_outlook(found: Outlook) -> None:
    """Print the profit of each layer in each window, by law and by rebound, and where its variance comes from."""
    for window in found.table.windows:
        _print_window(found, window)
    spread = []
    for window in found.table.windows:
        parts = found.spread(window.name, UPSTREAM)
        spread.append([window.words, *(share(parts[name] if parts else None) for name in SOURCES)])
    title = f"what spreads the operating profit of {UPSTREAM}: shares of its variance over all worlds and seeds"
    print_table(title, ("profit of", *SOURCES), spread, figures=range(1, len(SOURCES) + 1))
    names = [f"elasticity at {model.horizon:g} h" for model in REFERENCES]
    rows = [
        [
            f"{world.law.title}, {world.rebound.title}",
            *(f"{each:.2f}" for each in world.elasticities),
            _turns(world),
            *map(str, world.verdicts.values()),
        ]
        for world in found.worlds
    ]
    columns = ("law, rebound", *names, "boom turns", *(f"figures {name}" for name in found.worlds[0].verdicts))
    print_table("the worlds, and published figures up to February 2025", columns, rows, figures=range(1, len(columns)))
    meanings = [[f"law: {law.title}", law.meaning] for law in found.table.laws]
    meanings += [[f"rebound: {rebound.title}", rebound.meaning] for rebound in found.table.rebounds]
    print_table("what they are", ("name", "meaning"), meanings)
    prices = " and ".join(f"{model.price:g}" for model in REFERENCES)
    console().print(
        "elasticity: of all tokens bought for work to their price, if there were one model of that horizon, at"
        f" {prices} dollars a million; the boom turns in vendors' best quarter, if their sales fall to half of it"
        " within a year: no input names that month; a law comes with all numbers of its own fit, all worlds count"
        " alike, and a median over them is no forecast"
    )


def _print_window(found: Outlook, window: Window) -> None:
    """Print the profits of a window, in billions."""
    laws, rebounds = found.table.laws, found.table.rebounds
    rows = [
        [row["of"], _billions(row["median"]), _range(row), *map(_billions, row["by"].values())]
        for row in _rows(found, window)
    ]
    number = len(found.worlds) * found.seeds
    title = f"operating profit of {window.words}, billions of US dollars: medians over {number} runs"
    band = band_in_words(number).replace("seed", "run")
    columns = (
        "of",
        "all worlds",
        band,
        *(f"law: {law.title}" for law in laws),
        *(f"rebound: {each.title}" for each in rebounds),
    )
    print_table(title, columns, rows, figures=range(1, len(columns)))


def _rows(found: Outlook, window: Window) -> Iterator[dict[str, Any]]:
    """Yield the rows of a window: of what, the median and the band over all worlds, and medians by law and rebound."""
    for row in ROWS:
        low, high = band_of([float(each) for each in found.values(window.name, row)]) or (0.0, 0.0)
        laws = {law.name: found.median_of(window.name, row, law=law.name) for law in found.table.laws}
        rebounds = {each.name: found.median_of(window.name, row, rebound=each.name) for each in found.table.rebounds}
        middle = found.median_of(window.name, row)
        yield {"of": row, "median": middle, "low": low, "high": high, "by": laws | rebounds}


def _range(row: dict[str, Any]) -> str:
    return f"{_billions(row['low'])} to {_billions(row['high'])}"


def _billions(cents: float) -> str:
    """Write cents in billions of dollars."""
    return f"{cents / CENTS / BILLION:.1f}"


def _turns(world: OutlookWorld) -> str:
    """Write the first and the last month of turns over seeds, and in how many there is none."""
    months, none = Period.of([turn for turn in world.turns if turn]), world.turns.count(None)
    without = f"none in {none} of {len(world.turns)}" if none else ""
    return "; ".join(filter(None, (str(months or ""), without)))


def facts_of_outlook(found: Outlook) -> dict[str, Any]:
    """Give an outlook as JSON: what the tables say, and the profit of each run in cents."""
    profits = [
        {
            "law": world.law.name,
            "rebound": world.rebound.name,
            "seed": seed,
            "window": window.name,
            "of": row,
            "cents": profit[window.name, row],
        }
        for world in found.worlds
        for seed, profit in enumerate(world.profits, start=1)
        for window in found.table.windows
        for row in ROWS
    ]
    windows = [
        {
            "window": window.name,
            "rows": list(_rows(found, window)),
            "spread": found.spread(window.name, UPSTREAM),
            **window.own.facts,
        }
        for window in found.table.windows
        if window.own is not None
    ]
    return {
        "seeds": found.seeds,
        "band": band_kind(len(found.worlds) * found.seeds),
        "windows": windows,
        "worlds": [_world_facts(world) for world in found.worlds],
        "profits": profits,
    }


def _world_facts(world: OutlookWorld) -> dict[str, Any]:
    law = {"law": world.law.name, "law_meaning": world.law.meaning, "scenario": world.law.scenario}
    rebound = {
        "rebound": world.rebound.name,
        "rebound_meaning": world.rebound.meaning,
        "settings": dict(world.rebound.settings),
    }
    elasticities = [
        {"horizon": model.horizon, "price": model.price, "elasticity": each}
        for model, each in zip(REFERENCES, world.elasticities, strict=True)
    ]
    turns = [f"{turn:%Y-%m}" if turn else None for turn in world.turns]
    return law | rebound | {"elasticities": elasticities, "turns": turns} | dict(world.verdicts)
