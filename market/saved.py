"""What a checkpoint keeps of an object: its class says it, in ``SAVED``.

That is the type of each attribute to keep, by its name, or ``EVERY_FIELD`` of a dataclass. Whatever else an object has
is made again when the world is built, or follows from the journal.
"""

from collections.abc import Mapping
from typing import Any, Final, Literal

EVERY_FIELD: Final = "every field"
type Saved = Mapping[str, Any] | Literal["every field"]
