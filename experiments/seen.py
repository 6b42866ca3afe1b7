"""Text that people will see: what a title, a question or an event may be called."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

UNSEEN = "value_error"  # the kind of pydantic's error; nothing else raises one
EXPECTED = "text that can be seen, on one line and without control characters"
TITLE_LIMIT, TEXT_LIMIT = 80, 500  # letters of a title, and of what an event or a question is called
CONTROLS = {"Cc", "Cs", "Zl", "Zp"}  # Unicode's categories: controls, halves of letters, ends of lines


def can_be_seen(text: str) -> bool:
    """Whether there is anything to see, and nothing that breaks the line or a terminal."""
    if text.isascii() and text.isprintable():
        return bool(text.strip())
    kinds = {unicodedata.category(letter) for letter in text}
    return not kinds & CONTROLS and any(kind[0] not in "CZ" for kind in kinds)


def _seen(text: str) -> str:
    """Let pass what can be seen."""
    if can_be_seen(text):
        return text
    raise ValueError(EXPECTED)


Seen = Annotated[str, AfterValidator(_seen)]
Title = Annotated[str, Field(min_length=1, max_length=TITLE_LIMIT), AfterValidator(_seen)]
Told = Annotated[str, Field(max_length=TEXT_LIMIT), AfterValidator(_seen)]
