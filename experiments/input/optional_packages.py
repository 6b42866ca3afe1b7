"""Optional packages: loaded when a study needs them, with a sentence about the cure where one is missing."""

from importlib import import_module
from typing import Any

from watersellers.experiments.input.errors import BadInput


def load_optional(module: str, extra: str) -> Any:
    """Load a module of an optional package, which the named extra installs.

    Raises
    ------
    BadInput
        If it is not installed.
    """
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        cure = f"pip install 'watersellers[{extra}]' installs it"
        raise BadInput(f"{module}: needs the package {error.name!r}, which is not installed; {cure}") from None
