"""Tables of an outlook: late years by layer, what spreads them, and how well each world meets published figures."""

from collections.abc import Sequence
from typing import Any

from watersellers.experiments.analysis.bands_over_runs import band_in_words, band_kind, band_of
from watersellers.experiments.analysis.outlook.rebound import REFERENCES
from watersellers.experiments.analysis.outlook.worlds import ROWS, SOURCES, UPSTREAM, Outlook, OutlookWorld
from watersellers.experiments.analysis.windows import Period, Window
from watersellers.experiments.cli.run_tables import console, print_table, share

CENTS = 100


def print_outlook(found: Outlook) -> None:
    """Print the profit of each layer in each window, by law and by rebound, and where its variance comes from."""
    for window in found.table.windows:
        _print_window(found, window)
    spread = [[window.words, *_shares(found.spread(window.name, UPSTREAM))] for window in found.table.windows]
    title = f"what spreads the operating profit of {UPSTREAM}: shares of its variance over all worlds and seeds"
    print_table(title, ("profit of", *SOURCES), spread, figures=range(1, len(SOURCES) + 1))
    names = [f"tokens' answer, horizon {model.horizon:g} h" for model in REFERENCES]
    worlds = [
        [
            world.law.title,
            world.rebound.title,
            *(f"{each:.2f}" for each in world.elasticities),
            _turns(world),
            *map(str, world.verdicts.values()),
        ]
        for world in found.worlds
    ]
    columns = (
        "law",
        "rebound",
        *names,
        "boom in machines turns",
        *(f"figures {name}" for name in found.worlds[0].verdicts),
    )
    print_table("the worlds, and published figures to February 2025", columns, worlds, figures=range(1, len(columns)))
    print_table(
        "the rebounds", ("rebound", "what it is"), [[each.title, each.meaning] for each in found.table.rebounds]
    )
    prices = " and ".join(f"{model.price:g}" for model in REFERENCES)
    console().print(
        "tokens' answer: elasticity of all tokens bought for work to their price, if there were one model of that"
        f" horizon, at {prices} dollars a million; the boom turns in the best quarter before vendors' sales fall to"
        " half within a year, which no date of the model says; a median is no forecast: no figure up to February 2025"
        " tells which law or rebound is true"
    )


def _print_window(found: Outlook, window: Window) -> None:
    """Print the profits of a window, in billions."""
    laws, rebounds = found.table.laws, found.table.rebounds
    rows = []
    for row in ROWS:
        low, high = band_of([float(each) for each in found.values(window.name, row)]) or (0.0, 0.0)
        by_law = [found.middle(window.name, row, law=law.name) for law in laws]
        by_rebound = [found.middle(window.name, row, rebound=rebound.name) for rebound in rebounds]
        middles = [found.middle(window.name, row), *by_law, *by_rebound]
        first, *others = map(billions, middles)
        rows.append([row, first, f"{billions(low)} to {billions(high)}", *others])
    number = len(found.worlds) * found.seeds
    title = f"operating profit of {window.words}, billions of US dollars: medians over {number} runs"
    band = band_in_words(number).replace("seeds", "runs")
    columns = ("of", "all", band, *(law.title for law in laws), *(each.title for each in rebounds))
    print_table(title, columns, rows, figures=range(1, len(columns)))


def _turns(world: OutlookWorld) -> str:
    """Write the first and the last month of turns over seeds, and how many seeds have none."""
    months, none = Period.of([turn for turn in world.turns if turn]), world.turns.count(None)
    without = f"{none} of {len(world.turns)} seeds do not" if none else ""
    return "; ".join(filter(None, (str(months or ""), without)))


def billions(cents: float) -> str:
    """Write cents in billions of dollars."""
    return f"{cents / CENTS / 1e9:.1f}"


def _shares(parts: dict[str, float] | None) -> Sequence[str]:
    return [share(parts[name] if parts else None) for name in SOURCES]


def facts_of_outlook(found: Outlook) -> dict[str, Any]:
    """Give an outlook as JSON: the profit of each run in cents, and what the tables say of them."""
    number = len(found.worlds) * found.seeds
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
        {"window": window.name, "spread": found.spread(window.name, UPSTREAM), **window.own.facts}
        for window in found.table.windows
        if window.own is not None
    ]
    return {
        "seeds": found.seeds,
        "band": band_kind(number),
        "windows": windows,
        "worlds": [_world_facts(world) for world in found.worlds],
        "profits": profits,
    }


def _world_facts(world: OutlookWorld) -> dict[str, Any]:
    elasticities = [
        {"horizon": model.horizon, "price": model.price, "elasticity": each}
        for model, each in zip(REFERENCES, world.elasticities, strict=True)
    ]
    named = {"law": world.law.name, "rebound": world.rebound.name, "scenario": world.law.scenario}
    turns = [f"{turn:%Y-%m}" if turn else None for turn in world.turns]
    return (
        named
        | {"turns": turns, "settings": dict(world.rebound.settings), "tokens_answer": elasticities}
        | dict(world.verdicts)
    )
