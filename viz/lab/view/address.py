"""The address of a page: everybody who opens it sees the same screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from watersellers.experiments.input.errors import BadInput, shown
from watersellers.experiments.loading.limits import check_size
from watersellers.experiments.runs.dated_changes import Change
from watersellers.experiments.runs.run_spec import RunSpec, unknown_scenario
from watersellers.viz.lab.view.request_values import whole_number

PAGES = ("live", "compare", "dollar", "stories", "experiments", "numbers")
THEMES = ("auto", "light", "dark")
MOST_USERS = 100_000  # of a page; the command line takes more
LONGEST = 8_000  # characters of an address


@dataclass(frozen=True)
class Address:
    """A page of the lab with all choices on it; ``month`` counts from 0, and is None for the newest month."""

    page: str = "live"
    run_spec: RunSpec = field(default_factory=RunSpec)
    month: int | None = None
    look: str = ""
    user: int | None = None
    with_: RunSpec | None = None
    by: str = "pro-rata"
    word: str = ""
    language: str = "en"
    theme: str = "auto"

    def query(self) -> str:
        """Write the address as a URL query without the default values."""
        parts = [*_run_spec_parts(self.run_spec, "")]
        parts += _run_spec_parts(self.with_, "b.") if self.with_ else []
        default = Address()
        for key in ("page", "month", "look", "user", "by", "word", "language", "theme"):
            value = getattr(self, key)
            if value is not None and value != getattr(default, key):
                parts.append((key, str(value)))
        return urlencode(parts)


def _run_spec_parts(run_spec: RunSpec, prefix: str) -> list[tuple[str, str]]:
    default = RunSpec()
    parts = [
        (prefix + key, str(getattr(run_spec, key)))
        for key in ("scenario", "seed", "users")
        if prefix or getattr(run_spec, key) != getattr(default, key)
    ]
    parts += [(f"{prefix}set", f"{path}={value}") for path, value in run_spec.set.items()]
    return parts + [(f"{prefix}at", f"{change.month}:{change.path}={change.value!r}") for change in run_spec.changes]


def read(query: str, languages: Sequence[str], own: str | None = None) -> tuple[Address, list[str]]:
    """Read a URL query; return the address and messages about the parts that are wrong.

    ``own`` names the scenario of the saved run that the lab shows, which an address may name too.
    """
    if len(query) > LONGEST:
        return Address(), [f"address: found {len(query)} characters, expected at most {LONGEST}"]
    pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    wrong: list[str] = []
    address = Address(run_spec=_run_spec(pairs, "", own, wrong))
    if any(key.startswith("b.") for key, _ in pairs):
        address = replace(address, with_=_run_spec(pairs, "b.", own, wrong))
    values = dict(pairs)
    choices = {"page": PAGES, "theme": THEMES, "language": languages, "by": ("pro-rata", "fifo")}
    for key, allowed in choices.items():
        if key in values and values[key] not in allowed:
            wrong.append(f"{key}: found {shown(values[key])}, expected one of {', '.join(allowed)}")
        elif key in values:
            address = replace(address, **{key: values[key]})  # type: ignore[arg-type]
    numbers = {key: _whole(values, key, wrong) for key in ("month", "user")}
    texts = {key: values[key] for key in ("look", "word") if key in values}
    return replace(address, **numbers, **texts), wrong  # type: ignore[arg-type]


def _run_spec(pairs: Sequence[tuple[str, str]], prefix: str, own: str | None, wrong: list[str]) -> RunSpec:
    values = {key.removeprefix(prefix): value for key, value in pairs if key.startswith(prefix)}
    default = RunSpec()
    seed, users = (_whole(values, key, wrong) for key in ("seed", "users"))
    seed, users = (default.seed if seed is None else seed), (default.users if users is None else users)
    try:
        check_size(seed, None, users)
        if users > MOST_USERS:
            raise BadInput(
                f"users: found {users}, expected at most {MOST_USERS} on a page; the command line takes more"
            )
    except BadInput as error:
        wrong.append(str(error))
        seed, users = default.seed, default.users
    scenario = values.get("scenario", default.scenario)
    if scenario != own and (messages := unknown_scenario(scenario)):
        wrong += [prefix + each for each in messages]
        scenario = default.scenario
    sets = [_set(value, wrong) for key, value in pairs if key == f"{prefix}set"]
    changes = [_change(value, wrong) for key, value in pairs if key == f"{prefix}at"]
    return RunSpec(
        scenario,
        seed,
        users,
        dict(pair for pair in sets if pair),
        tuple(change for change in changes if change),
    )


def _whole(values: Mapping[str, str], key: str, wrong: list[str]) -> int | None:
    """Read a whole number, at least 0; return None if it is missing or wrong."""
    if key not in values:
        return None
    try:
        return whole_number(key, values[key])
    except BadInput as error:
        wrong.append(str(error))
        return None


def _set(text: str, wrong: list[str]) -> tuple[str, float | str] | None:
    path, equals, value = text.partition("=")
    if not equals or not path:
        wrong.append(f"set: found {shown(text)}, expected PATH=VALUE, as in chips.lock_in=0.5")
        return None
    return path, number(value)


def number(text: str) -> float | str:
    """Read a number; return any other text as it is."""
    try:
        return float(text)
    except ValueError:
        return text


def _change(text: str, wrong: list[str]) -> Change | None:
    month, colon, assignment = text.partition(":")
    path, equals, value = assignment.partition("=")
    new_value = number(value)
    if not colon or not equals or not isinstance(new_value, float):
        wrong.append(f"at: found {shown(text)}, expected MONTH:PATH=VALUE, as in 2024-03:chips.lock_in=0.5")
        return None
    return Change(month, path, new_value)
