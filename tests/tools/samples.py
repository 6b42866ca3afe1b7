"""Samples of long lists: a usual run of the tests takes some of what could be tried, ``EVERY_NUMBER`` takes all.

Which are taken is decided by their own text, so that one more in the list changes nothing about the others. For lists
of values and of numbers only: a law is tried on all that it speaks of.
"""

import os
from collections.abc import Iterable
from hashlib import sha256

EVERY = "EVERY_NUMBER" in os.environ  # `make verify`


def some[T](things: Iterable[T], one_in: int, beside: str = "") -> list[T]:
    """Take one of so many things, by their text and by that of what they stand beside."""
    return [each for each in things if EVERY or _number(f"{beside} {each!r}") % one_in == 0]


def _number(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:8])
