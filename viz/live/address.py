"""What is on the screen, as an address: whoever opens the link sees the same."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from watersellers.experiments.errors import BadInput, shown
from watersellers.experiments.limits import check_size
from watersellers.experiments.steering import Change, Recipe, unnamed
from watersellers.viz.live.asked import whole

PAGES = ("live", "compare", "dollar", "stories", "experiments", "numbers")
LOOKS = ("auto", "light", "dark")
MOST_USERS = 100_000  # of a page; more than that is for the command line
LONGEST = 8_000  # characters of an address


@dataclass(frozen=True)
class Address:
    """A page of the lab with all that was chosen on it; ``month`` counts from 0, None while the run is followed."""

    page: str = "live"
    recipe: Recipe = field(default_factory=Recipe)
    month: int | None = None
    look: str = ""
    user: int | None = None
    with_: Recipe | None = None
    by: str = "pro-rata"
    word: str = ""
    language: str = "en"
    theme: str = "auto"

    def query(self) -> str:
        """Write it as an address's query; what is as usual is left out."""
        parts = [*_recipe_parts(self.recipe, "")]
        parts += _recipe_parts(self.with_, "b.") if self.with_ else []
        plain = Address()
        for key in ("page", "month", "look", "user", "by", "word", "language", "theme"):
            value = getattr(self, key)
            if value is not None and value != getattr(plain, key):
                parts.append((key, str(value)))
        return urlencode(parts)


def _recipe_parts(recipe: Recipe, before: str) -> list[tuple[str, str]]:
    plain = Recipe()
    parts = [
        (before + key, str(getattr(recipe, key)))
        for key in ("scenario", "seed", "users")
        if before or getattr(recipe, key) != getattr(plain, key)
    ]
    parts += [(f"{before}set", f"{path}={value}") for path, value in recipe.set.items()]
    return parts + [(f"{before}at", f"{c.month}:{c.path}={c.value!r}") for c in recipe.changes]


def read(query: str, languages: Sequence[str], own: str | None = None) -> tuple[Address, list[str]]:
    """Read an address's query: what it says, and what of it could not be understood, in words.

    ``own`` names the scenario of the run that the lab was given, which an address may name too.
    """
    if len(query) > LONGEST:
        return Address(), [f"address: found {len(query)} characters, expected at most {LONGEST}"]
    pairs = parse_qsl(query.removeprefix("?"), keep_blank_values=True)
    wrong: list[str] = []
    found = Address(recipe=_recipe(pairs, "", own, wrong))
    if any(key.startswith("b.") for key, _ in pairs):
        found = replace(found, with_=_recipe(pairs, "b.", own, wrong))
    said = dict(pairs)
    choices = {"page": PAGES, "theme": LOOKS, "language": languages, "by": ("pro-rata", "fifo")}
    for key, allowed in choices.items():
        if key in said and said[key] not in allowed:
            wrong.append(f"{key}: found {shown(said[key])}, expected one of {', '.join(allowed)}")
        elif key in said:
            found = replace(found, **{key: said[key]})  # type: ignore[arg-type]
    numbers = {key: _whole(said, key, wrong) for key in ("month", "user")}
    texts = {key: said[key] for key in ("look", "word") if key in said}
    return replace(found, **numbers, **texts), wrong  # type: ignore[arg-type]


def _recipe(pairs: Sequence[tuple[str, str]], before: str, own: str | None, wrong: list[str]) -> Recipe:
    said = {key.removeprefix(before): value for key, value in pairs if key.startswith(before)}
    plain = Recipe()
    seed, users = (_whole(said, key, wrong) for key in ("seed", "users"))
    seed, users = (plain.seed if seed is None else seed), (plain.users if users is None else users)
    try:
        check_size(seed, None, users)
        if users > MOST_USERS:
            raise BadInput(
                f"users: found {users}, expected at most {MOST_USERS} on a page; the command line takes more"
            )
    except BadInput as error:
        wrong.append(str(error))
        seed, users = plain.seed, plain.users
    scenario = said.get("scenario", plain.scenario)
    if scenario != own and (told := unnamed(scenario)):
        wrong += [before + each for each in told]
        scenario = plain.scenario
    sets = [_set(value, wrong) for key, value in pairs if key == f"{before}set"]
    changes = [_change(value, wrong) for key, value in pairs if key == f"{before}at"]
    return Recipe(
        scenario,
        seed,
        users,
        dict(one for one in sets if one),
        tuple(one for one in changes if one),
    )


def _whole(said: Mapping[str, str], key: str, wrong: list[str]) -> int | None:
    """Read a whole number from 0 on, if it is there and is one."""
    if key not in said:
        return None
    try:
        return whole(key, said[key])
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
    """Read a number; anything else stays the text that it is."""
    try:
        return float(text)
    except ValueError:
        return text


def _change(text: str, wrong: list[str]) -> Change | None:
    month, colon, rest = text.partition(":")
    path, equals, value = rest.partition("=")
    found = number(value)
    if not colon or not equals or not isinstance(found, float):
        wrong.append(f"at: found {shown(text)}, expected MONTH:PATH=VALUE, as in 2024-03:chips.lock_in=0.5")
        return None
    return Change(month, path, found)
