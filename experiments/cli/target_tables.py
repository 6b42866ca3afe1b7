"""Tables of published figures: each beside the model's band, and the score."""

from collections.abc import Sequence
from dataclasses import asdict

from watersellers.experiments.analysis.bands_over_runs import band_in_words
from watersellers.experiments.analysis.validation import TargetResult, coverage, score
from watersellers.experiments.cli.run_tables import console, print_json, print_table, share

FIGURES = (1, 2)
RULES = (
    "inside: off by no more than a quarter (flows), five points (margins) or a factor of two (firms below 100 million"
    " dollars, and what is published no more closely); near: by no more than twice that; in brackets and not scored:"
    " figures of a whole company, for the books here are those of its AI business"
)


def report_targets(found: Sequence[TargetResult], seeds: int, seconds: float, as_json: bool) -> None:
    """Print how well the model fits, as tables or JSON."""
    if as_json:
        facts = {"seeds": seeds, "seconds": round(seconds, 1)}
        print_json(
            facts
            | {
                "targets": [asdict(each) | {"band": each.band} for each in found],
                "score": score(list(found)).to_dicts(),
                "coverage": dict(zip(("inside", "of"), coverage(found), strict=True)),
            }
        )
    else:
        print_targets(found, seeds, seconds)


def print_targets(found: Sequence[TargetResult], seeds: int, seconds: float) -> None:
    """Print each target with its verdict, the score by layer and in all, and the reasons for misfits."""
    rows = [
        [
            f"{each.target.target}, {each.target.period}\n{each.target.rows} {each.target.source}",
            f"{figure_in_words(each.target.value)}\n{each.target.unit}",
            f"{figure_in_words(each.simulated)}\n{figure_in_words(each.low)} to {figure_in_words(each.high)}",
            f"{each.verdict if each.scored else f'({each.verdict})'}\n{each.target.confidence}",
        ]
        for each in found
    ]
    simulated = f"simulated: median, {band_in_words(seeds)}"
    names = ("target, its months, and its source", "published", simulated, "verdict, and confidence")
    print_table(f"published figures beside the model's, {seeds} seeds", names, rows, figures=FIGURES, lines=True)
    counts = [[*map(str, row[:-1]), share(row[-1])] for row in score(list(found)).rows()]
    print_table("score", ("of", "targets", "inside", "near", "outside", "inside or near"), counts, figures=range(1, 6))
    console().print(RULES)
    console().print(coverage_in_words(found))
    whys = [(each.target.target, each.reason) for each in found if each.reason]
    print_table("what does not fit, and why", ("target", "why"), whys)
    console().print(f"{seeds} seeds took {seconds:.0f} seconds")


def coverage_in_words(found: Sequence[TargetResult]) -> str:
    """Say how many figures the band over seeds encloses, and how that is read."""
    inside, told = coverage(found)
    if not told:
        return "coverage: not known, for a band of eight seeds in ten takes nine seeds at least"
    return (
        f"coverage: {inside} of {told} scored figures lie inside the band of eight seeds in ten, where 80 % would if"
        " seeds differed as years can and the model were right in the mean; fewer: seeds are too alike, or the model is"
        " off by more than they differ"
    )


def figure_in_words(value: float | None) -> str:
    """Write a figure with three significant digits, in thousands to trillions."""
    if value is None:
        return "-"
    for size, word in ((1e12, " trillion"), (1e9, " billion"), (1e6, " million"), (1e3, " thousand")):
        if abs(value) >= size:
            return f"{value / size:.3g}{word}"
    return f"{value:.3g}"
