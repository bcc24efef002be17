"""Tables in the form that New York City's Local Law 144 asks for (6 RCNY § 5-301): by sex, by race or
ethnicity, and by both together.

The impact ratio there is to the category with the highest selection rate, whatever its size. Categories that
are withheld are in no table; the rules allow to leave out those with fewer than 2 % of people.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from engine.fairness.groups import CROSS, SENSIBLE_SHARE, Fairness

SEX = frozenset({"sex", "gender"})
RACE = frozenset({"race", "ethnicity", "ethnic"})
"""Words of the headers of a file of groups that name these attributes."""


@dataclass(frozen=True)
class LawRow:
    """One category."""

    category: str
    people: int
    selected: int
    rate: Fraction
    impact_ratio: Fraction | None
    """None where nobody in any category is selected."""
    pooled: bool
    """Whether the people of withheld categories are counted too."""


@dataclass(frozen=True)
class LawTable:
    """The categories of sex, of race or ethnicity, or of both."""

    attribute: str
    time: str
    rows: tuple[LawRow, ...]
    unknown: int | None
    """People without a value; None where that is withheld, or where two attributes are looked at."""


def local_law_tables(fairness: Fairness) -> tuple[LawTable, ...]:
    """The tables, by attribute and time, of two categories or more; none where the file of groups names
    neither attribute."""
    sex, race = (next(_named(fairness, words), None) for words in (SEX, RACE))
    wanted = [name for name in (sex, race) if name is not None]
    if sex is not None and race is not None:
        first, second = sorted((sex, race), key=fairness.attributes.index)
        wanted.append(f"{first}{CROSS}{second}")
    tables = (_table(fairness, name, at) for name in wanted for at in range(len(fairness.times)))
    return tuple(table for table in tables if len(table.rows) > 1)


def _named(fairness: Fairness, words: frozenset[str]) -> Iterator[str]:
    return (one for one in fairness.attributes if words & set(re.findall(r"[a-z]+", one.casefold())))


def _table(fairness: Fairness, attribute: str, time: int) -> LawTable:
    groups = [one for one in fairness.groups if one.attribute == attribute and one.level is None]
    known = [
        (str(one.group), ratio)
        for one in groups
        if not one.withheld and one.group is not None and (ratio := one.measures[0][time]) is not None
    ]
    least = SENSIBLE_SHARE * sum(one.people for one in groups if one.group is not None)
    best = max((one.share for _, one in known if one.counted.people >= least), default=Fraction(0))
    rows = tuple(
        LawRow(
            *(name, one.counted.people, one.ready, one.share),
            one.share / best if best else None,
            one.pooled,
        )
        for name, one in known
    )
    nameless = [one for one in groups if one.group is None]
    unknown = sum(one.people for one in nameless) if not any(one.withheld for one in nameless) else None
    crossed = attribute not in fairness.attributes
    return LawTable(attribute, fairness.times[time], rows, None if crossed else unknown)
