"""All words that users see, one table per language, and the format of numbers.

A new language is a new table with the same keys in ``LANGUAGES``; a test compares the keys.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from watersellers.viz.words.en import ENGLISH_WORDS
from watersellers.viz.words.fr import FRENCH_WORDS
from watersellers.viz.words.names_en import ENGLISH_FIRMS, ENGLISH_MONTHS
from watersellers.viz.words.names_fr import FRENCH_FIRMS, FRENCH_MONTHS

MINUS = "\N{MINUS SIGN}"
SPACE = "\N{NO-BREAK SPACE}"
MISSING = "\N{EN DASH}"
CENTS = 100  # in a dollar
THOUSAND = 1000
DIGITS = 3  # of a number that is neither money nor a share


@dataclass(frozen=True)
class Signs:
    """The number format of a language: its signs, its thousands steps, and the form of dollar amounts."""

    decimal: str
    group: str
    steps: tuple[str, ...]  # each a thousand times the previous
    dollars: str


ENGLISH_SIGNS = Signs(".", ",", ("", "k", "m", "bn", "tn"), "${}")
FRENCH_SIGNS = Signs(",", "\N{NARROW NO-BREAK SPACE}", ("", "k", "M", "Md"), f"{{}}{SPACE}$")


@dataclass(frozen=True)
class Words:
    """The words and number format of one language."""

    language: str
    table: Mapping[str, str]
    months: tuple[str, ...]
    firms: Mapping[str, str]
    signs: Signs = ENGLISH_SIGNS

    def __call__(self, key: str, **values: object) -> str:
        """Return a text of the table with its values filled in."""
        return self.table[key].format(**values)

    def name(self, key: str) -> str:
        """Name a layer, firm or good; for an id without an entry, replace underscores by spaces."""
        if key in self.table:
            return self.table[key]
        return self.firms.get(key) or key.replace("_", " ")

    def kind(self, key: str) -> str:
        """Name a kind of good; one without an entry is named as by ``name``."""
        return self.table.get(f"kind.{key}") or self.name(key)

    def segment(self, key: str) -> str:
        """Name a segment of customers; one without an entry is named as by ``name``."""
        return self.table.get(f"segment.{key}") or self.name(key)

    def line(self, key: str) -> str:
        """Name a line of the books; for one without an entry, replace underscores by spaces."""
        return self.table.get(f"line.{key}") or key.replace("_", " ").capitalize()

    def month(self, day: date) -> str:
        """Name a month, such as February 2025."""
        return f"{self.months[day.month - 1]} {day.year}"

    def short_month(self, day: date) -> str:
        """Name a month briefly: the year for January, or else as in Jul 25."""
        return str(day.year) if day.month == 1 else f"{self.months[day.month - 1][:3]} {day.year % CENTS:02d}"

    def together(self, parts: list[str]) -> str:
        """Join names as in a sentence: a, b and c."""
        if len(parts) < len("ab"):
            return "".join(parts)
        return ", ".join(parts[:-1]) + self.table["and"] + parts[-1]

    def number(self, text: str) -> str:
        """Convert a number that Python has formatted, such as -1,234.5, to this language's signs."""
        return text.replace("-", MINUS).translate({ord("."): self.signs.decimal, ord(","): self.signs.group})

    def count(self, value: float) -> str:
        """Write a number briefly, such as 3.2 bn."""
        size, step = _stepped(abs(value), self.signs.steps)
        sign = "-" if value < 0 and size != "0" else ""
        return self.number(sign + size) + (SPACE + step if step else "")

    def plain(self, value: float | None) -> str:
        """Write a number with three digits, large ones briefly; a dash for an unknown value."""
        if value is None or not math.isfinite(value):
            return MISSING
        return self.count(value) if abs(value) >= THOUSAND else self.number(f"{value:.{DIGITS}g}")

    def money(self, cents: float | None) -> str:
        """Write cents as dollars briefly, such as $3.2 bn; a dash for an unknown value."""
        if cents is None:
            return MISSING
        small = abs(cents) < CENTS and cents  # under a dollar
        size = self.number(f"{abs(cents) / CENTS:.2f}") if small else self.count(abs(cents) / CENTS)
        return (MINUS if cents < 0 and size != "0" else "") + self.signs.dollars.format(size)

    def change(self, cents: float) -> str:
        """Write a difference of cents as dollars briefly, with its sign, such as +$3.2 bn."""
        return ("+" if cents > 0 else "") + self.money(cents)

    def dollars(self, cents: int) -> str:
        """Write cents as dollars to the cent, such as 1,234.50."""
        whole, rest = divmod(abs(cents), CENTS)
        return self.number(f"{'-' if cents < 0 else ''}{whole:,}.{rest:02d}")

    def share(self, value: float | None) -> str:
        """Write a share (1 is all) as a percentage; a dash for an undefined value."""
        if value is None:
            return MISSING
        per_cent = value * CENTS
        decimals = 0 if abs(per_cent) >= 10 or per_cent == round(per_cent) else 1
        text = f"{abs(per_cent):,.{decimals}f}"
        sign = "-" if value < 0 and float(text.replace(",", "")) else ""
        return f"{self.number(sign + text)}{SPACE}%"

    def cents_of_a_dollar(self, value: float) -> str:
        """Write a share of spending as cents per dollar, to a tenth of a cent."""
        return self.number(f"{abs(value) * CENTS:,.1f}".removesuffix(".0"))

    def brief(self, text: str) -> str:
        """Leave out a zero fraction, as on an axis: $5 bn for $5.0 bn."""
        return text.replace(f"{self.signs.decimal}0{SPACE}", SPACE)


ENGLISH = Words("en", ENGLISH_WORDS, ENGLISH_MONTHS, ENGLISH_FIRMS, ENGLISH_SIGNS)
FRENCH = Words("fr", FRENCH_WORDS, FRENCH_MONTHS, FRENCH_FIRMS, FRENCH_SIGNS)
LANGUAGES = {"en": ENGLISH, "fr": FRENCH}


def _stepped(value: float, steps: tuple[str, ...]) -> tuple[str, str]:
    """Return the text and the thousands step of a number of at least 0, such as 3.2 and bn."""
    step = 0
    while step < len(steps) - 1 and round(value, 0 if value >= CENTS else 1) >= THOUSAND:
        value /= THOUSAND
        step += 1
    return f"{value:,.{1 if step and value < CENTS else 0}f}", steps[step]
