"""Tables of the documents that the program generates: the schedule, the markets, the accounts, and the story's firms.

``python -m tests.tools.document_tables`` writes them anew; tests/docs compares what is written.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from textwrap import fill
from typing import Any

from watersellers.agents.economy_parts import Turn, accounts_of
from watersellers.agents.schedule import MARKETS, SCHEDULE
from watersellers.experiments.analysis.entities import load_entities
from watersellers.experiments.loading.loader import load_scenario
from watersellers.market.goods import CHAIN, LAYERS
from watersellers.market.month import PHASES

MARKET = Path(__file__).parents[2] / "market"
IN_MARKETS = {"prices", "orders", "goods"}  # phases in which markets are gone through, and nothing else
NAMED = 3  # accounts of a layer that are listed by name


def schedule() -> str:
    """Who acts in which phase, and who sells and buys on which market."""
    return "\n".join([*_phases(), "", *_markets()])


def accounts() -> str:
    """Who has an account in the reference world, layer by layer."""
    rows = accounts_of(load_scenario("baseline")).rows
    lines = ["| layer | accounts in the reference world |", "| --- | --- |"]
    for layer in LAYERS:
        names = [f"`{row.name}`" for row in rows if row.layer == layer]
        many = len(names) > NAMED and layer in CHAIN
        lines.append(f"| {layer} | {f'{len(names)}, one for each firm' if many else ', '.join(names)} |")
    return "\n".join(lines)


def story() -> str:
    """What the story names, each with its firms, its mechanism and its world, and the firms that it does not name."""
    entities = load_entities()
    lines = [
        "| named in the story | firms | there? | what makes it what it is | world |",
        "| --- | --- | --- | --- | --- |",
    ]
    for one in entities:
        firms = ", ".join(f"`{name}`" for name in one.firms)
        lines.append(f"| {one.title} | {firms} | yes | {one.mechanism} | `{one.scenario or 'baseline'}` |")
    named = {name for one in entities for name in one.firms}
    groups = load_scenario("baseline").groups
    others = [f"`{firm.name}`" for layer in CHAIN for firm in groups[layer] if firm.name not in named]
    told = fill(f"Firms of the reference world that the story does not name: {', '.join(others)}.", 120)
    return "\n".join([*lines, "", told])


TABLES: dict[tuple[str, str], Callable[[], str]] = {  # by document and by the mark that stands before the table
    ("ODD.md", "who acts when, of agents/schedule.py"): schedule,
    ("RULES.md", "who acts when, of agents/schedule.py"): schedule,
    ("ODD.md", "accounts of the reference world"): accounts,
    ("ODD.md", "what the story names, of experiments/entities.toml"): story,
}


def marked(mark: str) -> re.Pattern[str]:
    """A mark, the text that stands behind it, and its end."""
    return re.compile(rf"(<!-- {re.escape(mark)} -->\n\n)(.*?)(\n\n<!-- end -->)", re.DOTALL)


def _phases() -> Iterator[str]:
    yield "| phase | participant and act, in this order | comes after |"
    yield "| --- | --- | --- |"
    for number, phase in enumerate(PHASES, start=1):
        name = phase.__name__
        if name in IN_MARKETS:
            yield f"| {number} {name} | the markets below | |"
            continue
        for turn in SCHEDULE[name]:
            yield f"| {number} {name} | `{turn.part.__name__}`: {turn.does} | {_after(turn)} |"


def _markets() -> Iterator[str]:
    yield "| market | sellers | buyers, in this order | short goods |"
    yield "| --- | --- | --- | --- |"
    for name, trade in MARKETS.items():
        rule = f"by the rule of `{trade.rations.__name__}`" if trade.rations else "cut alike"
        yield f"| {name}: {trade.good} | {_listed(trade.sellers)} | {_listed(trade.buyers)} | {rule} |"


def _listed(turns: Iterable[Turn]) -> str:
    return "; ".join(f"`{turn.part.__name__}`: {turn.does}{_because(turn)}" for turn in turns)


def _because(turn: Turn) -> str:
    return f" (after {_after(turn)})" if turn.after else ""


def _after(turn: Turn) -> str:
    return "; ".join(f"`{_name(who)}`: {why}" for who, why in turn.after.items())


def _name(who: type[Any]) -> str:
    return who.__name__


def main() -> None:
    """Write the tables into the documents."""
    for (name, mark), table in TABLES.items():
        file = MARKET / name
        file.write_text(_put(table(), mark, file.read_text(encoding="utf-8")), encoding="utf-8")


def _put(table: str, mark: str, text: str) -> str:
    """Put a table behind its mark."""
    return marked(mark).sub(lambda found: found[1] + table + found[3], text)


if __name__ == "__main__":
    main()
