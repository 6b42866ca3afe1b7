"""Text that people read: the characters and lengths that a title, a question or an event may have."""

import unicodedata
from typing import Annotated

from pydantic import AfterValidator, Field

INVISIBLE = "value_error"  # pydantic's kind for this error; nothing else here raises it
VISIBLE_TEXT = "text that can be seen, on one line and without control characters"
TITLE_LIMIT, TEXT_LIMIT = 80, 500  # letters of a title, and of an event's text or a question
CONTROLS = {"Cc", "Cs", "Zl", "Zp"}  # Unicode categories: controls, surrogates, line and paragraph separators


def is_visible(text: str) -> bool:
    """Whether a text shows something, and contains nothing that breaks a line or disturbs a terminal."""
    if text.isascii() and text.isprintable():
        return bool(text.strip())
    kinds = {unicodedata.category(letter) for letter in text}
    return not kinds & CONTROLS and any(kind[0] not in "CZ" for kind in kinds)


def _checked(text: str) -> str:
    """Return a visible text, and refuse any other."""
    if is_visible(text):
        return text
    raise ValueError(VISIBLE_TEXT)


VisibleText = Annotated[str, AfterValidator(_checked)]
Title = Annotated[str, Field(min_length=1, max_length=TITLE_LIMIT), AfterValidator(_checked)]
LongText = Annotated[str, Field(max_length=TEXT_LIMIT), AfterValidator(_checked)]
