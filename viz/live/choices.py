"""What there is to choose on a page: which numbers and strategies can be reached, and how things can be shown."""

from collections.abc import Collection, Mapping, Sequence

from watersellers.experiments.errors import BadInput, shown, unknown
from watersellers.viz.live.address import LOOKS
from watersellers.viz.live.levers import AT_THE_START, CHOICES, LEVERS
from watersellers.viz.words import LANGUAGES

PATHS: Mapping[str, Collection[str]] = {  # that controls name after a colon
    "lever": {lever.path for lever in LEVERS},
    "start": {lever.path for lever in AT_THE_START},
    "pick": CHOICES,
}
SHOWN: Mapping[str, Sequence[str]] = {
    "language": tuple(LANGUAGES),
    "theme": LOOKS,
    "by": ("pro-rata", "fifo"),
    "statement": ("income", "cash_flow", "balance_sheet"),
    "period": ("months", "quarters", "years"),
}


def parted(key: str) -> tuple[str, str]:
    """Part a control's name into what it does and the path it does it to, if it has one.

    Raises
    ------
    BadInput
        If no page has such a control.
    """
    head, _, path = key.partition(":")
    if path not in PATHS.get(head, ("",)):
        raise BadInput(f"page: {unknown('control', key, SHOWN)}")
    return head, path


def check_choice(key: str, value: str) -> None:
    """Refuse to show something in a way that there is not.

    Raises
    ------
    BadInput
        If there is no such control, or no such choice.
    """
    if key not in SHOWN:
        raise BadInput(f"page: {unknown('control', key, SHOWN)}")
    if value not in SHOWN[key]:
        raise BadInput(f"{key}: found {shown(value)}, expected one of {', '.join(SHOWN[key])}")
