"""How names are compared, and suggestions for those that are not known."""

from collections.abc import Iterable
from difflib import get_close_matches


def plain(name: str) -> str:
    """A name without what people write differently: capitals, hyphens, underscores, blanks."""
    return " ".join(name.casefold().replace("_", " ").replace("-", " ").split())


def closest(written: str, known: Iterable[str]) -> str:
    """`; did you mean `x`?` for the known name that is written most like this one, or nothing."""
    names = sorted(known)
    same_ending = [name for name in names if name.split(".")[-1] == written.split(".")[-1]]
    found = same_ending or get_close_matches(written, names, n=1, cutoff=0.6)
    return f"; did you mean `{found[0]}`?" if found else ""
