"""Labels that fit a picture: long names are cut, but never so that two of them look the same."""

from collections import Counter
from collections.abc import Iterable, Mapping

CUT = "\N{HORIZONTAL ELLIPSIS}"


def short_labels(names: Iterable[str], letters: int, keep_end: bool = False) -> Mapping[str, str]:
    """Shorten each name to so many letters; names that would look the same keep a number, as in ``…lock_in (2)``.

    Parameters
    ----------
    names : iterable of str
        The full names, which are the keys of what is returned.
    letters : int
        The most that a label has, but for its number.
    keep_end : bool
        Whether the end of a name is kept, and not its beginning.
    """
    whole = list(dict.fromkeys(names))
    cut = {name: _cut(name, letters, keep_end) for name in whole}
    shared = {label for label, count in Counter(cut.values()).items() if count > 1}
    seen: Counter[str] = Counter()
    labels = {}
    for name in whole:
        seen[cut[name]] += 1
        labels[name] = f"{cut[name]} ({seen[cut[name]]})" if cut[name] in shared else cut[name]
    return labels


def _cut(name: str, letters: int, keep_end: bool) -> str:
    if len(name) <= letters:
        return name
    return CUT + name[1 - letters :] if keep_end else name[: letters - 1] + CUT
