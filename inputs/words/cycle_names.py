"""The names of review cycles in headers and cells: `2025`, `H1 FY26`, `2025/26`, `1H25`."""

import re
from collections.abc import Sequence

YEAR = re.compile(r"(?:20\d\d|fy(?:\d\d|\d{4}))(?:/\d\d)?")
_PART_OF_YEAR = re.compile(r"[hqs][1-4]")
_HALF = re.compile(r"\b(?:mid|end) ?(?:of )?year\b|\byear ?end\b")
_TWO_YEARS = re.compile(r"\b((?:20|fy|fy20)(\d\d)) (\d\d)\b")
_YEAR_FIRST = re.compile(r"(?<![a-z0-9])((?:fy|20)\d\d)-?([hqs][1-4]|[1-4][hq])(?![a-z0-9])", re.IGNORECASE)
_PART_FIRST = re.compile(
    r"(?<![a-z0-9])(?:([1-4])([hq])|([hqs][1-4]))['’/-]?((?:fy|20)\d\d|[23]\d)?(?![a-z0-9])", re.IGNORECASE
)


def spelled_out(text: str) -> str:
    """The text with cycles that are written in one word in two: `1H25` as `H1 2025`, `Q3FY26` as `Q3 FY26`
    and `2026H1` as `2026 H1`."""
    return _PART_FIRST.sub(_in_two, _YEAR_FIRST.sub(r"\1 \2", text))


def _in_two(found: re.Match[str]) -> str:
    part, year = found[3] or f"{found[2]}{found[1]}", found[4] or ""
    return f"{part} {'20' if len(year) == 2 else ''}{year}".strip()


def cycle_in(spoken: Sequence[str]) -> str | None:
    """The cycle that the words of a header name: `2025`, `h1 2026`, `q3`, `2025/26`."""
    joined = _HALF.sub(lambda found: found[0].replace(" ", ""), " ".join(spoken))
    joined = _TWO_YEARS.sub(lambda two: two[0].replace(" ", "/" if _follow(two) else " "), joined)
    named = [
        word for word in joined.split() if any(one.fullmatch(word) for one in (YEAR, _PART_OF_YEAR, _HALF))
    ]
    return " ".join(named) or None


def _follow(two: re.Match[str]) -> bool:
    return int(two[2]) + 1 == int(two[3])
