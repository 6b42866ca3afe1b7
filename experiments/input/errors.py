"""Errors of input, as sentences: the place, the value found, what was expected, and the likely cure."""

from collections.abc import Iterable
from difflib import get_close_matches

FEW = 12  # names that a sentence lists at most
SLIP = 0.85  # similarity of two names (difflib's ratio) from which on one is a misspelling of the other
LONGEST = 60  # characters of a value or of a key that a sentence shows
PROBLEMS_SHOWN = 10  # sentences that an error's text shows; ``problems`` has all


class BadInput(ValueError):
    """An input cannot be used; nothing was run and nothing was written. One sentence per line.

    Its text holds the first ten sentences and the number of the others; ``problems`` holds all of them.
    """

    def __init__(self, *problems: str):
        super().__init__(*problems)

    def __str__(self) -> str:
        sentences = self.problems
        more = len(sentences) - PROBLEMS_SHOWN
        return "\n".join([*sentences[:PROBLEMS_SHOWN], *([f"... and {more:,} more"] if more > 0 else [])])

    @property
    def problems(self) -> list[str]:
        """All sentences, one per problem."""
        return [line for problem in self.args for line in str(problem).splitlines()]


CURES = {  # by the problem of a folder, in the words of a script; the command line has its own
    "exists": "force=True replaces it, or choose another path",
    "unwritable": "choose another path",
    "too_large": "leave firms out",
    "foreign_files": "move it away, or choose another path",
    "damaged": "run it again",
}


class BadFolder(BadInput):
    """A folder can't be written or read: the fact, and the key of its cure in ``CURES``."""

    def __init__(self, fact: str, cure: str):
        super().__init__(f"{fact}; {CURES[cure]}")
        self.fact, self.cure = fact, cure

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        """Rebuild the exception from its arguments in another process."""
        return BadFolder, (self.fact, self.cure)


class CutShort(RuntimeError):
    """A long computation could not continue; its text says why. Finished work is kept."""


class WorkerLost(CutShort):
    """A worker process was ended from outside; its text says how. Nothing was written."""


def refuse(problems: Iterable[str]) -> None:
    """Raise BadInput with all problems at once, each of them once, if there are any."""
    sentences = list(dict.fromkeys(problems))
    if sentences:
        raise BadInput(*sentences)


def shown(value: object) -> str:
    """Write a value as it was found, on one line; a long one is cut off."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, or lists nested thousands deep
        return f"a value of the type {type(value).__name__} that is too long to show"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def on_one_line(text: object) -> str:
    """Write a key on one line, whatever characters it contains."""
    found = str(text)
    found = found if len(found) <= LONGEST else f"{found[:LONGEST]}..."
    return found if found.isprintable() else repr(found)[1:-1]


def likely_name(found: str, names: Iterable[str]) -> str | None:
    """Find the name that was almost certainly meant: one typing error away, not merely similar."""
    names = sorted(names)
    swapped = (name for name in names if sorted(name) == sorted(found))
    return next(swapped, None) or next(iter(get_close_matches(found, names, n=1, cutoff=SLIP)), None)


RENAMED = {"boxing": "appliance_pricing", "several": "multihoming"}  # keys of scenarios


OLD_YEAR = "year."  # began the names of measures over the last twelve months of whatever ran


def renamed(measure: str) -> str:
    """Say what a measure whose name began with ``year.`` is called now that measures name their months."""
    what = measure.removeprefix(OLD_YEAR)
    return f"calibrated.{what} (2024-03 to 2025-02) or last12.{what} (the last twelve months of each run)"


def nearest(found: str, names: Iterable[str], most: int = 3) -> list[str]:
    """Return the names most like one that is not among them: those of the same last part first; none may be near."""
    listed, last = sorted(names), found.rpartition(".")[2]
    same = [name for name in listed if name.rpartition(".")[2] == last]
    begin = [name for name in listed if name.rpartition(".")[2].startswith(f"{last}_")]
    close = get_close_matches(last, listed, n=most)
    return list(dict.fromkeys([*same, *begin, *close]))[:most]


def unknown(kind: str, found: str, known: Iterable[str]) -> str:
    """Say that a name is unknown, and which one was probably meant."""
    names = sorted(known)
    if RENAMED.get(found) in names:
        return f"unknown {kind} {shown(found)}: it is called {RENAMED[found]!r} now"
    close = get_close_matches(found, names, n=1)
    if close:
        return f"unknown {kind} {shown(found)}. Did you mean {close[0]!r}?"
    if not names:
        return f"unknown {kind} {shown(found)}; there is none to choose from"
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return f"unknown {kind} {shown(found)}; expected one of {', '.join(names[:FEW])}{more}"
