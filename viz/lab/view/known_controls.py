"""The choices on a page: the numbers and strategies that controls can change, and the ways of showing things."""

from collections.abc import Collection, Mapping, Sequence

from watersellers.experiments.input.errors import BadInput, shown, unknown
from watersellers.viz.lab.view.address import THEMES
from watersellers.viz.lab.view.levers import AT_THE_START, CHOICES, LEVERS
from watersellers.viz.words.catalogue import LANGUAGES

PATHS: Mapping[str, Collection[str]] = {  # that a control's key may name after a colon
    "lever": {lever.path for lever in LEVERS},
    "start": {lever.path for lever in AT_THE_START},
    "pick": CHOICES,
}
SHOWN: Mapping[str, Sequence[str]] = {
    "language": tuple(LANGUAGES),
    "theme": THEMES,
    "by": ("pro-rata", "fifo"),
    "statement": ("income", "cash_flow", "balance_sheet"),
    "period": ("months", "quarters", "years"),
}


def control_parts(key: str) -> tuple[str, str]:
    """Return what a control does and the path that it changes, from its key; the path is empty if it has none.

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
    """Refuse a way of showing things that does not exist.

    Raises
    ------
    BadInput
        If the control or the choice does not exist.
    """
    if key not in SHOWN:
        raise BadInput(f"page: {unknown('control', key, SHOWN)}")
    if value not in SHOWN[key]:
        raise BadInput(f"{key}: found {shown(value)}, expected one of {', '.join(SHOWN[key])}")
