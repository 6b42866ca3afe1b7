"""Chapters 9.59 and 9.60 of the rules: sentiment, and breakthroughs that all labs can use."""

import math

from tests.oracle.economy.arithmetic import hashed, uniform
from tests.oracle.economy.elementary import exp64, log64, normal_deviate
from tests.oracle.economy.state import Economy


def quantile(economy: Economy, month: int, purpose: str, *keys: int) -> float:
    return float(uniform(hashed(economy.seed, month, purpose, *keys)))


def move_sentiment(economy: Economy) -> None:
    numbers = economy.numbers
    drawn = {
        name: numbers[name] * exp64(numbers[f"{name}_spread"] * normal_deviate(quantile(economy, 0, name)))
        for name in ("sentiment_size", "sentiment_half_life")
    }
    size, half_life = drawn["sentiment_size"], drawn["sentiment_half_life"]
    memory = 2.0 ** (-1 / half_life) if half_life > 0 else 0.0
    news = 1 - memory * memory
    level, variance = economy.sentiment
    level = memory * level + size * math.sqrt(news) * normal_deviate(quantile(economy, economy.month, "sentiment"))
    economy.sentiment = level, memory * memory * variance + size * size * news


def feeling(economy: Economy, weight: float = 1.0) -> float:
    """Factor on a valuation, or on the demand that a cloud expects."""
    level, variance = economy.sentiment
    return exp64(weight * level - weight * weight * variance / 2)


def seeds_rate(economy: Economy) -> float:
    rate, spread = economy.numbers["breakthrough_rate"], economy.numbers["breakthrough_rate_spread"]
    if spread < 1e-6:
        return rate
    shape = 1 / (spread * spread)
    d, attempt = shape - 1 / 3, 0
    while True:
        x = normal_deviate(quantile(economy, 0, "breakthrough_rate", attempt))
        w = 1 + x / math.sqrt(9 * d)
        v = w * w * w
        u = quantile(economy, 0, "breakthrough_rate_kept", attempt)
        if w > 0 and log64(u) < x * x / 2 + d * (1 - v + log64(v)):
            return rate * d * v / shape
        attempt += 1


def improve_methods(economy: Economy) -> None:
    numbers, month = economy.numbers, economy.month
    shares = {of: numbers[f"breakthrough_{of}"] for of in ("training", "serving")}
    if month == 0 or not any(shares.values()):
        return
    rate, at, happened = seeds_rate(economy), quantile(economy, month, "breakthroughs"), 0
    term = cumulated = exp64(-rate)
    while at > cumulated:
        happened += 1
        term *= rate / happened
        cumulated += term
    spread, sizes = numbers["breakthrough_size_spread"], 0.0
    for which in range(happened):
        deviate = normal_deviate(quantile(economy, month, "breakthrough_size", which))
        sizes += exp64(spread * deviate - spread * spread / 2)
    for lab in economy.labs:
        for of, share in shares.items():
            pace = (1 - lab.numbers["progress_fade"]) ** (month - 1)
            lab.ahead[of] += pace * (share * (sizes / numbers["breakthrough_rate"] - 1))
