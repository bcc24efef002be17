"""How names are compared, and suggestions for those that are not known."""

from collections.abc import Iterable

from rapidfuzz import fuzz, process

LEAST_ALIKE = 60
"""Of 100: less alike names are not suggested."""


def plain(name: str) -> str:
    """A name without what people write differently: capitals, hyphens, underscores, blanks."""
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def closest(written: str, known: Iterable[str]) -> str:
    """`; did you mean `x`?` for the known name that is written most like this one, or nothing."""
    names = sorted(known)
    same_ending = [name for name in names if name.split(".")[-1] == written.split(".")[-1]]
    found = same_ending or process.extractOne(written, names, scorer=fuzz.ratio, score_cutoff=LEAST_ALIKE)
    return f"; did you mean `{found[0]}`?" if found else ""
