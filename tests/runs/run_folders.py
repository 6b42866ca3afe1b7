"""Contents of the folder of a saved run, and why a folder is refused."""

import json

import pytest

from watersellers import BadInput, Result
from watersellers.experiments.saving.run_folder import COLUMNS
from watersellers.experiments.saving.seal import sealed_bytes

FILES = ["manifest.json", *(f"{name}.parquet" for name in COLUMNS)]


def refusal(folder):
    with pytest.raises(BadInput) as refused:
        Result.open(folder)
    return str(refused.value)


def manifest_of(folder):
    return json.loads((folder / "manifest.json").read_text())


def change(folder, **values):
    (folder / "manifest.json").write_bytes(sealed_bytes(manifest_of(folder) | values))
