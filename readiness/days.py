"""Days as people write them: which of them somebody can mean."""

from datetime import date

YEARS = range(1950, 2101)
"""Of days that somebody can mean."""


def likely(day: date) -> date:
    """The day. Raises ValueError for one that nobody can mean: a date field makes 0026 of the year 26."""
    if day.year in YEARS:
        return day
    first, last = YEARS[0], YEARS[-1]
    raise ValueError(f"{day} is not between {first} and {last}; write the year in full, such as 2026-06-30")
