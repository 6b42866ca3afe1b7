"""The form of a manifest: its keys with their types and ranges, checked by pydantic."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from watersellers.experiments.loading.limits import BACKENDS, SEEDS, THREADS_LIMIT, USERS_LEAST, USERS_LIMIT
from watersellers.experiments.loading.schema import MONTHS_LIMIT
from watersellers.experiments.loading.schema_messages import DAY, MONTH, SHA256, dotted, schema_problems
from watersellers.market.goods import LAYERS

Hash = Annotated[str, Field(pattern=SHA256)]
Seconds = Annotated[float, Field(ge=0)]


class Form(BaseModel):
    """A part of the manifest: types are strict, and unknown keys are ignored, since later versions may add some."""

    model_config = ConfigDict(extra="ignore", strict=True, allow_inf_nan=False)


class ScenarioForm(Form):
    """The scenario: its name, and its text with everything resolved."""

    name: Annotated[str, Field(min_length=1)]
    text: Annotated[str, Field(min_length=1)]


class AccountForm(Form):
    """An account of the books."""

    key: Annotated[int, Field(ge=1)]
    name: Annotated[str, Field(min_length=1)]
    layer: Literal[*LAYERS]  # type: ignore[valid-type]
    owner: str
    region: str


class StrategyForm(Form):
    """A strategy of the user's own; what is missing of its source is null."""

    module: Annotated[str, Field(min_length=1)]
    name: Annotated[str, Field(min_length=1)]
    numbers: dict[str, str]
    source: str | None = None
    source_sha256: Hash | None
    module_sha256: Hash | None = None


class ChangeForm(Form):
    """What somebody changed in a running world by ``World.set``."""

    month: Annotated[str, Field(pattern=MONTH)]
    path: Annotated[str, Field(min_length=1)]
    value: Any


class ManifestForm(Form):
    """The manifest of a run."""

    scenario: ScenarioForm
    seed: Annotated[int, Field(ge=0, le=SEEDS - 1)]
    months: Annotated[int, Field(ge=1, le=MONTHS_LIMIT)]
    users: Annotated[int, Field(ge=USERS_LEAST, le=USERS_LIMIT)]
    set: dict[str, Any]
    strategies: dict[str, StrategyForm]
    backend: Literal[*BACKENDS]  # type: ignore[valid-type]
    threads: Annotated[int, Field(ge=1, le=THREADS_LIMIT)]
    start: Annotated[str, Field(pattern=DAY)]
    accounts: Annotated[list[AccountForm], Field(min_length=1)]
    titles: dict[str, str]
    versions: dict[str, str]
    git: str | None
    digest: Hash
    notes: list[str] = []
    warnings: list[str] = []
    changes: list[ChangeForm] = []  # what follows is not in manifests of earlier builds
    code: Hash | None = None
    inputs_sha256: dict[str, Hash] = {}
    started: str | None
    status: Literal["done"]
    wall_s: Seconds | None
    peak_rss_mb: Seconds | None
    files: dict[str, Hash]


class CheckpointForm(Form):
    """The manifest of a half-run world."""

    scenario: ScenarioForm
    seed: Annotated[int, Field(ge=0, le=SEEDS - 1)]
    months: Annotated[int, Field(ge=1, le=MONTHS_LIMIT)]
    users: Annotated[int, Field(ge=USERS_LEAST, le=USERS_LIMIT)]
    set: dict[str, Any]
    month: Annotated[int, Field(ge=0, le=MONTHS_LIMIT)]
    notes: list[str] = []
    warnings: list[str] = []
    strategies: dict[str, StrategyForm]
    versions: dict[str, str]
    changes: list[ChangeForm] = []
    code: Hash | None = None
    files: dict[str, Hash]


def manifest_problems(manifest: Mapping[str, Any], form: type[Form] = ManifestForm) -> Iterator[str]:
    """Yield ``key: sentence`` for each problem of a manifest."""
    return schema_problems(form, manifest, {}, dotted)
