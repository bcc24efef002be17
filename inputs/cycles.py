"""The order of review cycles that people name: `2025`, `H1 2026`, `Q3 FY25`, `Mid-Year 2025`."""

import re
from collections.abc import Sequence

from inputs.spelling import words

_YEAR = re.compile(r"20\d\d")
_FISCAL = re.compile(r"fy(\d\d|\d{4})")
_PARTS = {
    "q1": 1, "h1": 2, "q2": 2, "mid": 2, "midyear": 2, "s1": 2, "q3": 3, "h2": 4, "q4": 4, "s2": 4, "end": 4,
    "yearend": 4, "endyear": 4, "annual": 4,
}  # fmt: skip


def cycle_order(names: Sequence[str]) -> dict[str, int] | None:
    """A number per cycle name, later cycles higher; None when a name does not say when it was."""
    order = {}
    for name in names:
        spoken = words(name)
        years = [int(word) for word in spoken if _YEAR.fullmatch(word)]
        fiscal = [int(found[1][-2:]) + 2000 for word in spoken if (found := _FISCAL.fullmatch(word))]
        parts = {_PARTS[word] for word in spoken if word in _PARTS}
        if len(years or fiscal) != 1 or len(parts) > 1:
            return None
        order[name] = (years or fiscal)[0] * 10 + (parts.pop() if parts else 4)
    return order if len(set(order.values())) == len(order) else None
