"""Tables of causes and of verdicts: shares of profit with their bands, and counts of seeds."""

from collections.abc import Sequence
from typing import Any

from watersellers.experiments.analysis.bands_over_runs import band_in_words, band_kind, band_of
from watersellers.experiments.analysis.decomposition.decompose import ALL, PAIR, Decomposition
from watersellers.experiments.analysis.verdicts import Verdict
from watersellers.experiments.cli.run_tables import console, dollars, dollars_joined, print_table
from watersellers.market.goods import CHAIN

ENDS = ("with none of the causes", "with all of them")


def facts_of(found: Decomposition) -> dict[str, Any]:
    """Give a decomposition as JSON: each share of each seed in cents and as an exact fraction, and the two ends."""
    shares = [
        {"seed": seed, "layer": layer, "cause": cause, "cents": float(share), "exact": str(share)}
        | {"error": found.error(seed, layer, cause)}
        for (seed, layer, cause), share in found.shares.items()
    ]
    ends = [
        {"seed": seed, "layer": layer, "all": found.ends(seed, layer)[0], "none": found.ends(seed, layer)[1]}
        for seed in range(1, found.seeds + 1)
        for layer in CHAIN
    ]
    causes = [{"cause": cause.name, "title": cause.title, "meaning": cause.meaning} for cause in found.causes]
    taken = {"window": found.window.name} | found.window.months(found.lived).facts
    named = {"seeds": found.seeds, "band": band_kind(found.seeds), "orders": found.orders or ALL}
    return named | taken | {"causes": causes, "shares": shares, "ends": ends}


def print_decomposed(found: Decomposition) -> None:
    """Print what each cause adds to the operating profit of each layer: the mean over seeds, its error, the band."""
    seeds = range(1, found.seeds + 1)
    rows = [[cause.title, *(_share(found, layer, cause.name) for layer in CHAIN)] for cause in found.causes]
    ends = [[found.ends(seed, layer) for seed in seeds] for layer in CHAIN]
    rows.append(
        ["all causes together", *(_mean_and_band([float(there - gone) for there, gone in layer]) for layer in ends)]
    )
    rows += [
        [words, *(_mean_and_band([float(pair[end]) for pair in layer]) for layer in ends)]
        for words, end in zip(ENDS, (1, 0), strict=True)
    ]
    taken = f"{found.window.words} ({found.window.months(found.lived)})"
    title = f"operating profit of {taken} that each cause adds, in US dollars, {found.seeds} seeds"
    print_table(title, ("cause", *CHAIN), rows, figures=range(1, len(CHAIN) + 1), lines=True)
    print_table("the causes", ("cause", "what it is"), [[cause.title, cause.meaning] for cause in found.causes])
    console().print(_reading(found))


def _reading(found: Decomposition) -> str:
    """Say what a cell of the table of shares holds, and what its figures are taken from."""
    error, drawn = "", f" For each seed the causes were put back in {found.orders} orders, one and its reverse in turn."
    if found.orders is None:
        drawn = ""
    elif found.orders == PAIR:
        drawn += " One pair does not tell how far a share is off."
    else:
        error = " ± its standard error from the orders that were drawn"
    below = f", below it the {band_in_words(found.seeds)}" if found.seeds > 1 else ""
    return f"mean over seeds{error}{below}; the shares of each seed add up to the cent.{drawn}"


def _share(found: Decomposition, layer: str, cause: str) -> str:
    """Write what a cause adds to a layer's profit."""
    cents = [float(found.shares[seed, layer, cause]) for seed in range(1, found.seeds + 1)]
    return _mean_and_band(cents, found.mean_error(layer, cause) if found.orders else None)


def _mean_and_band(cents: Sequence[float], error: float | None = None) -> str:
    """Write a mean over seeds, with its error if it has one, and below it the band of several seeds."""
    ends = band_of(cents) if len(cents) > 1 else None
    band = f"\n{dollars_joined(' to ', *ends)}" if ends else ""
    mean = sum(cents) / len(cents)
    return (dollars(mean) if error is None else dollars_joined(" ± ", mean, error)) + band


def print_verdicts(found: Sequence[Verdict]) -> None:
    """Print in how many seeds each claim held, whether that is enough, and the sizes of those that have any."""
    rows = [
        [each.group, each.claim, f"{each.held} of {each.of}", _asked(each), "yes" if each.comes_out else "NO"]
        for each in found
    ]
    print_table("verdicts", ("of", "claim", "seeds", "share needed", "comes out"), rows, figures=(2, 3))
    if sizes := [[each.claim, each.figure] for each in found if each.figure]:
        print_table("sizes, mean over seeds", ("claim", "change"), sizes, lines=True)


def _asked(verdict: Verdict) -> str:
    """Write the share of seeds that a claim needs, or that it is asked of the mean over seeds."""
    return f"{verdict.needed:.2f}" if verdict.mean is None else "the mean"
