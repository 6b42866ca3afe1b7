"""The seal of a manifest: a hash of all that it says, so that a changed one is not taken for what was written."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SEAL = "seal"  # the manifest's key


def sha256(data: bytes) -> str:
    """Hash a file's content."""
    return hashlib.sha256(data).hexdigest()


def json_bytes(value: Any) -> bytes:
    """Write JSON as a file holds it: the same bytes for the same value."""
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False, default=str) + "\n").encode()


def sealed(said: Mapping[str, Any]) -> bytes:
    """Write a manifest with its seal."""
    return json_bytes({**said, SEAL: seal_of(said)})


def seal_of(said: Mapping[str, Any]) -> str:
    """Give the seal of a manifest."""
    return sha256(json_bytes({key: value for key, value in said.items() if key != SEAL}))


def unbroken(said: Mapping[str, Any]) -> bool:
    """Whether a manifest that was read says what was written."""
    return said.get(SEAL) == seal_of(said)
