"""The words for a band over seeds: nine in ten of them, or with few seeds the range of all."""

from watersellers.experiments.analysis.bands_over_runs import NINE_IN_TEN, band_kind
from watersellers.viz.words.catalogue import Words


def band_in_words(seeds: int, say: Words) -> str:
    """Name a band over so many seeds."""
    return say("band.nine_in_ten" if band_kind(seeds) == NINE_IN_TEN else "band.all", seeds=seeds)
