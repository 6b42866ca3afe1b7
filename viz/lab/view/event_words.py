"""Translation of events: the world records them in English, with names and amounts in braces."""

import re
from collections.abc import Mapping

from watersellers.experiments.runs.event_text import text_in_words
from watersellers.viz.words.catalogue import Words

WHO, CENTS, OTHER = r"\{(?P<who>\w+)\}", r"\{(?P<cents>\d+) cents\}", r"\{(?P<other>\w+)\}"
PATTERNS = {
    key: re.compile(text)
    for key, text in {
        "event.exit": rf"{WHO} is wound up owing {CENTS}",
        "event.reorganised": rf"{WHO} goes on under its creditors, who were owed {CENTS}",
        "event.entry": rf"{WHO} enters with {CENTS} from {OTHER}",
        "event.entry_failed": rf"{OTHER} has no money to found {WHO}",
        "event.round": rf"{WHO} raises {CENTS} from {OTHER}",
        "event.milestone": rf"{WHO} passes (?P<count>\d+) million users",
        "event.pivot": rf"{WHO} gives nothing away any more and sells what pays",
        "event.closing": rf"{WHO} closes down while it can pay everybody",
        "event.leaving": rf"{WHO} gives up its last capacity, and closes down",
        "event.seizure": rf"Lenders seize machines of {WHO} for {CENTS} that it owes(, and lose .+)?",
        "event.grants_stopped": rf"The owner of {WHO} stops what it pays for it",
        "event.grants_resumed": rf"The owner of {WHO} takes up again what it pays for it",
        "event.scandal": rf"{WHO} has a scandal over an ad in an answer",
        "event.breakthrough": (
            r"A breakthrough brings all labs (?P<training>[\d.]+) months of progress in training"
            r" and (?P<serving>[\d.]+) in serving"
        ),
        "event.short_of_incomes": rf"The rest of the world has run out of money and pays {CENTS} less than all incomes",
        "event.set": r"(?P<path>[a-z_0-9.]+) becomes (?P<value>\S+)",
    }.items()
}


def event_sentence(text: str, say: Words, titles: Mapping[str, str]) -> str:
    """Write a recorded event in the page's language; an event without a sentence stays as it was recorded."""
    for key, pattern in PATTERNS.items():
        if found := pattern.fullmatch(text):
            return say(key, **{name: _part(name, value, say) for name, value in found.groupdict().items()})
    return text_in_words(text, titles)


def _part(name: str, value: str, say: Words) -> str:
    """Write a part of an event: a firm's name, an amount of money, months, or the name of a lever."""
    if name in ("who", "other"):
        return say.name(value)
    if name == "cents":
        return say.money(int(value))
    if name in ("training", "serving"):
        return say.number(value)
    return say.table.get(f"lever.{value}", value)
