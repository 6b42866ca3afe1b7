"""Words for the months over which figures are added up, and for measures with their months."""

from collections.abc import Sequence
from datetime import date

from watersellers.experiments.analysis.windows import DatedMeasure
from watersellers.viz.words.catalogue import ENGLISH, Words


def period_words(months: Sequence[date], say: Words = ENGLISH) -> str:
    """Name the period of a sum, such as 'the 12 months to February 2025'."""
    if len(months) == 1:
        return say("period.one", month=say.month(months[0]))
    return say("period.many", months=len(months), month=say.month(months[-1]))


def measure_words(dated: DatedMeasure, say: Words = ENGLISH) -> str:
    """Write a measure with the months over which it is taken; one that names its month, or is drawn by month, alone."""
    if dated.months is None:
        return dated.text
    return say("measure.dated", measure=dated.text, period=period_words(dated.months.months, say))
