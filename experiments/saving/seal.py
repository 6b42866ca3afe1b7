"""The seal of a manifest: a hash of its content, by which a changed manifest is recognised."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

SEAL = "seal"  # the manifest's key


def sha256(data: bytes) -> str:
    """Hash a file's content."""
    return hashlib.sha256(data).hexdigest()


def json_bytes(value: Any) -> bytes:
    """Write JSON; the same value always gives the same bytes."""
    return (json.dumps(value, indent=1, ensure_ascii=False, allow_nan=False, default=str) + "\n").encode()


def sealed_bytes(manifest: Mapping[str, Any]) -> bytes:
    """Write a manifest with its seal."""
    return json_bytes({**manifest, SEAL: seal_of(manifest)})


def seal_of(manifest: Mapping[str, Any]) -> str:
    """Compute the seal of a manifest."""
    return sha256(json_bytes({key: value for key, value in manifest.items() if key != SEAL}))


def seal_holds(manifest: Mapping[str, Any]) -> bool:
    """Say whether a manifest that was read is unchanged."""
    return manifest.get(SEAL) == seal_of(manifest)
