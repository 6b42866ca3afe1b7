"""The tables of the documents that say who acts when, made of the schedule.

``python -m tests.schedule_tables`` writes them anew into the documents, between the marks that stand there.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from watersellers.agents.schedule import MARKETS, SCHEDULE, Turn
from watersellers.market.month import PHASES

DOCUMENTS = [Path(__file__).parents[1] / "market" / name for name in ("ODD.md", "DECISIONS.md")]
MARKED = re.compile(r"(?<=<!-- who acts when, of agents/schedule\.py -->\n\n).*?(?=\n\n<!-- end -->)", re.DOTALL)
IN_MARKETS = {"prices", "orders", "goods"}  # phases in which markets are gone through, and nothing else
ACTING = {  # the phases of the month, by whose list of the schedule acts in them
    "events": "happening",
    "arrivals": "arriving",
    "expectations": "expecting",
    "attention": "attending",
    "money": "spending",
    "invest": "investing",
    "finance": "financing",
    "exits": "exiting",
    "close": "closing",
}


def tables() -> str:
    """Both tables in Markdown: who acts in which phase, and who sells and buys on which market."""
    return "\n".join([*_phases(), "", *_markets()])


def _phases() -> Iterator[str]:
    yield "| phase | who does what, in this order | comes after |"
    yield "| --- | --- | --- |"
    for number, phase in enumerate(PHASES, start=1):
        name = phase.__name__
        if name in IN_MARKETS:
            yield f"| {number} {name} | the markets below | |"
            continue
        for turn in SCHEDULE[ACTING[name]]:
            yield f"| {number} {name} | `{turn.who.__name__}`: {turn.does} | {_after(turn)} |"


def _markets() -> Iterator[str]:
    yield "| market | sellers | buyers, in this order | short goods |"
    yield "| --- | --- | --- | --- |"
    for name, trade in MARKETS.items():
        rule = f"by the rule of `{trade.rations.__name__}`" if trade.rations else "cut alike"
        yield f"| {name}: {trade.good} | {_listed(trade.sellers)} | {_listed(trade.buyers)} | {rule} |"


def _listed(turns: Iterable[Turn]) -> str:
    return "; ".join(f"`{turn.who.__name__}`: {turn.does}{_because(turn)}" for turn in turns)


def _because(turn: Turn) -> str:
    return f" (after {_after(turn)})" if turn.after else ""


def _after(turn: Turn) -> str:
    return "; ".join(f"`{_name(who)}`: {why}" for who, why in turn.after.items())


def _name(who: type[Any]) -> str:
    return who.__name__


def main() -> None:
    """Write the tables into the documents."""
    for document in DOCUMENTS:
        text = document.read_text(encoding="utf-8")
        document.write_text(MARKED.sub(lambda _: tables(), text), encoding="utf-8")


if __name__ == "__main__":
    main()
