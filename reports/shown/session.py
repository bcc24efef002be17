"""What a run gives its calibration session beside the recommendations. None of it changes one."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from functools import cached_property
from itertools import pairwise

from engine.words import Key
from rules.pack import BANDS, Band

_GUIDELINE = re.compile(r"(\w+)=(?=.*%)(?:(\d+(?:\.\d{1,2})?)%?)?\.\.(?:(\d+(?:\.\d{1,2})?)%?|%)?")


@dataclass(frozen=True)
class Guideline:
    """A share of the recommendations that somebody expects a band to have: information, never a quota."""

    band: Band
    low: Decimal | None
    """Percent of all recommendations, at most two decimals; None: no lower end."""
    high: Decimal | None

    @property
    def words(self) -> str:
        """The range as people write it: `10 to 20%`, `at most 20%`."""
        if self.low is None:
            return f"at most {self.high}%"
        return f"at least {self.low}%" if self.high is None else f"{self.low} to {self.high}%"

    def place(self, part: int, whole: int) -> str:
        """Whether a share stands `within`, `below` or `above` the range; empty of an empty whole."""
        if not whole:
            return ""
        if self.low is not None and 100 * part < self.low * whole:
            return "below"
        return "above" if self.high is not None and 100 * part > self.high * whole else "within"


def read_guideline(text: str) -> Guideline:
    """`ready_now=10..20%`, with one end left out at will. Raises `ValueError` with what would be right."""
    found = _GUIDELINE.fullmatch(text.replace(" ", ""))
    band, low, high = found.groups() if found else ("", None, None)
    if band not in BANDS or (low is None and high is None):
        raise ValueError(
            f"'{text}' is no guideline; write a band ({', '.join(BANDS)}) and a share of all "
            f"recommendations, such as {BANDS[0]}=10..20% or {BANDS[0]}=..20%"
        )
    ends = [Decimal(end) if end is not None else None for end in (low, high)]
    if any(end is not None and end > 100 for end in ends) or (None not in ends and ends[0] > ends[1]):  # type: ignore[operator]
        raise ValueError(f"'{text}' is no range of shares; write the smaller one first, none above 100")
    return Guideline(band, *ends)


def read_guidelines(texts: Sequence[str]) -> tuple[Guideline, ...]:
    """Several of them, in the order of the bands. Raises `ValueError` also when a band has two."""
    read = sorted((read_guideline(text) for text in texts), key=lambda one: BANDS.index(one.band))
    twice = [one.band for one, other in pairwise(read) if one.band == other.band]
    if twice:
        raise ValueError(f"{twice[0]} has two guidelines; give one")
    return tuple(read)


@dataclass(frozen=True)
class GroupColumn:
    """A column of the file by which people are put into calibration groups."""

    header: str
    of_people: Mapping[int, str]
    """`Explanation.person` to what the file says; people without a value are not there."""
    of_others: Mapping[int, str]
    """The same by `NotAssessable.row`."""


@dataclass(frozen=True)
class Streak:
    """A core signal that is met, and in how many cycles without a break."""

    signal: str
    title: str
    since: date
    """The day of the first of them."""
    cycles: int
    """This one counts."""


@dataclass(frozen=True)
class PastCycle:
    """One recommendation of the run beside the earlier cycle's."""

    employee_id: str
    promotion: str
    before: Band | None
    """The band that the rules recommended; None when the person was not assessed for this promotion."""
    decided: Band | None
    """The band that the session decided, where it did."""
    change: str
    """How the recommendation moved, in words."""
    became: str
    """What became of the decision, in words."""
    open: bool
    """Something was decided or agreed that is still to be done: a promotion, or a follow-up."""
    core: int
    """Core signals in all."""
    streaks: tuple[Streak, ...]
    """The core signals that are met now."""
    finding: str | None
    """The id of a `CycleFinding` of `engine/calibration.yaml`."""
    sentence: str
    """The finding with its facts; empty without one."""

    @property
    def key(self) -> Key:
        """As `Explanation.key`."""
        return self.employee_id, self.promotion

    @property
    def sustained(self) -> int:
        """Core signals that are met now and were met in the earlier cycle."""
        return sum(streak.cycles > 1 for streak in self.streaks)


@dataclass(frozen=True)
class LastCycle:
    """An earlier cycle as this run shows it."""

    fingerprint: str
    day: date
    rules: str | None
    """What was assessed by other rules than now, in words; None when the rules are the same."""
    same_ratings: bool
    """The ratings are those of that cycle over again, so that no evidence is newer than it was then."""
    gone: int
    """People of that cycle without a recommendation in this one."""
    rows: tuple[PastCycle, ...]
    """One for each recommendation, in the order of the run."""

    @cached_property
    def by_key(self) -> Mapping[Key, PastCycle]:
        """The rows by employee id and promotion id."""
        return {row.key: row for row in self.rows}


@dataclass(frozen=True)
class Session:
    """Guidelines, groups, agenda and the earlier cycle, as the run was told of them."""

    guidelines: tuple[Guideline, ...] = ()
    places: int | None = None
    """How many recommendations the agenda has time for; None: what fits by `engine/calibration.yaml`."""
    column: GroupColumn | None = None
    cycle: LastCycle | None = None

    def past(self, key: Key) -> PastCycle | None:
        """A recommendation beside the earlier cycle's; None when no earlier cycle was given."""
        return self.cycle.by_key[key] if self.cycle is not None else None

    def of(self, people: Iterable[int], rows: Iterable[int], keys: Iterable[Key]) -> "Session":
        """The session of a part of the run, `keys` in its order: nothing of anybody else stays in it."""
        column, cycle = self.column, self.cycle
        if column is not None:
            column = replace(
                column,
                of_people={n: column.of_people[n] for n in people if n in column.of_people},
                of_others={n: column.of_others[n] for n in rows if n in column.of_others},
            )
        if cycle is not None:
            cycle = replace(cycle, gone=0, rows=tuple(cycle.by_key[key] for key in keys))
        return replace(self, column=column, cycle=cycle)


NOTHING_TOLD = Session()
