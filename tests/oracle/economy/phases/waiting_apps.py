"""Chapter 9.67 of the rules: apps that enter once models are good enough."""

from tests.oracle.economy.elementary import exp64, log64
from tests.oracle.economy.formulas import sells_to
from tests.oracle.economy.participants import Participant
from tests.oracle.economy.state import Economy


def date_entries(economy: Economy) -> None:
    """Let each app that waits enter this month if last month's best model is good enough for it."""
    for app in economy.apps:
        if app.numbers["enters_at"] > 0 and app.enters > economy.month:
            qualities = [
                card["quality"]
                for card in economy.cards.values()
                if sells_to(card, app.account) and app.may_buy_from("labs", card["lab"].name, card["region"])
            ]
            if qualities and longest_task(economy, max(qualities)) >= app.numbers["enters_at"]:
                app.enters = economy.month


def longest_task(economy: Economy, quality: float) -> float:
    """Hours of the longest task of which half succeeds on a model of this quality."""
    return max([half_done(segment, quality) for segment in economy.segments], default=0.0)


def half_done(segment: Participant, quality: float) -> float:
    numbers = segment.numbers
    if numbers["ceiling"] <= 1 / 2:
        return 0.0
    better = numbers["horizon_growth"] * (quality - numbers["start_quality"])
    over_horizon = exp64(log64(2 * numbers["ceiling"] - 1) / numbers["slope"])
    return exp64(log64(numbers["start_horizon"]) + better) * over_horizon
