"""What is wrong with an input, in sentences: where it stands, what was found, what was expected, the likely cure."""

from collections.abc import Iterable
from difflib import get_close_matches

FEW = 12  # names that a sentence can list before it is better to say where they are listed
SLIP = 0.85  # likeness of two names (difflib's ratio) of which one is the other mistyped
LONGEST = 60  # characters of a value or of a key that a sentence shows
TOLD = 10  # sentences that are told, if more is wrong


class BadInput(ValueError):
    """Something that was given cannot be used; nothing was run and nothing written. One sentence a line.

    Its text has the first ten sentences and the count of the others; ``problems`` has all.
    """

    def __init__(self, *problems: str):
        super().__init__(*problems)

    def __str__(self) -> str:
        sentences = self.problems
        more = len(sentences) - TOLD
        return "\n".join([*sentences[:TOLD], *([f"... and {more:,} more"] if more > 0 else [])])

    @property
    def problems(self) -> list[str]:
        """The sentences, one for each thing that is wrong."""
        return [line for problem in self.args for line in str(problem).splitlines()]


CURES = {  # of what is wrong with a folder, as a script cures it; the command line has words of its own
    "taken": "force=True replaces it, or name another place",
    "closed": "name another place",
    "large": "leave firms out",
    "shared": "move it away, or name another place",
    "torn": "run it again",
}


class BadFolder(BadInput):
    """A folder can't be written or read: what is the matter with it, and by which word of ``CURES`` it is cured."""

    def __init__(self, fact: str, cure: str):
        super().__init__(f"{fact}; {CURES[cure]}")
        self.fact, self.cure = fact, cure

    def __reduce__(self) -> tuple[type, tuple[str, str]]:
        """Travel between processes: an exception is made again from its arguments."""
        return BadFolder, (self.fact, self.cure)


class CutShort(RuntimeError):
    """Long work could not go on: why. What was finished is kept."""


class WorkerLost(CutShort):
    """A process that made runs for a question was ended from outside: how. Nothing was written."""


def refuse(problems: Iterable[str]) -> None:
    """Raise BadInput with all problems at once, each said once, if there are any."""
    sentences = list(dict.fromkeys(problems))
    if sentences:
        raise BadInput(*sentences)


def shown(value: object) -> str:
    """Show a value as it was found, cut where it is long, always on one line."""
    try:
        text = repr(value)
    except (ValueError, RecursionError):  # a number of thousands of digits, a list in itself thousands of times
        return f"a value of the type {type(value).__name__} that is too long to show"
    return text if len(text) <= LONGEST else f"{text[:LONGEST]}..."


def word(text: object) -> str:
    """Write a key on one line, whatever letters somebody put into it."""
    found = str(text)
    found = found if len(found) <= LONGEST else f"{found[:LONGEST]}..."
    return found if found.isprintable() else repr(found)[1:-1]


def near(found: str, names: Iterable[str]) -> str | None:
    """Find the name that was surely meant: a slip of the fingers away, not a likeness of words."""
    names = sorted(names)
    swapped = (name for name in names if sorted(name) == sorted(found))
    return next(swapped, None) or next(iter(get_close_matches(found, names, n=1, cutoff=SLIP)), None)


def unknown(kind: str, found: str, known: Iterable[str]) -> str:
    """Say that what was found names nothing of its kind, and what was probably meant."""
    names = sorted(known)
    close = get_close_matches(found, names, n=1)
    if close:
        return f"unknown {kind} {shown(found)}. Did you mean {close[0]!r}?"
    if not names:
        return f"unknown {kind} {shown(found)}; there is none to choose from"
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return f"unknown {kind} {shown(found)}; expected one of {', '.join(names[:FEW])}{more}"
