"""Formulas that count rows of the Calibration sheet, exact for whatever text a name holds."""

from collections import Counter
from collections.abc import Iterable

from reports.workbook.layout import name_of

_WILD = frozenset("*?~")
_OPERATORS = ("=", "<", ">")


class NameCounts:
    """How to count rows by one column of names, such as departments.

    `COUNTIFS` is quick and readable, but reads `*`, `?` and `~` as wildcards, a leading `=`, `<` or `>` as a
    comparison, `007` as a number, and ignores case. Names of that kind are counted by `EXACT`.
    """

    def __init__(self, key: str, names: Iterable[str]) -> None:
        """`key` is a column of the Calibration sheet, `names` all its values."""
        distinct = set(names)
        folded = Counter(name.casefold() for name in distinct)
        self._column = name_of(key)
        self._awkward = {name for name in distinct if _is_awkward(name) or folded[name.casefold()] > 1}

    def formula(self, name: str, cell: str, *conditions: tuple[str, str]) -> str:
        """Count the rows whose name is the one in `cell` and for which each of `conditions` holds: a column
        and a cell with the value it must have."""
        if name in self._awkward:
            others = "".join(f"*({name_of(key)}={value})" for key, value in conditions)
            return f"SUMPRODUCT(EXACT({self._column},{cell}){others or '*1'})"
        others = "".join(f",{name_of(key)},{value}" for key, value in conditions)
        return f"COUNTIFS({self._column},{cell}{others})"


def _is_awkward(name: str) -> bool:
    return (
        bool(_WILD & set(name))
        or name.startswith(_OPERATORS)
        or len(name) > 200
        or any(c.isdigit() for c in name)
        or name.casefold() in ("true", "false")
        or name != name.strip()
        or not name.isprintable()
    )
