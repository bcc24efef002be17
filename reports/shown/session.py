"""What a calibration session gets in addition to the recommendations; it changes none of them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from engine.words import Key
from reports.shown.guidelines import Guideline
from rules.pack import Band


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
    """One recommendation of the run, compared with the earlier cycle's."""

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


SAME_RATINGS = "The ratings are the same as then, so nothing can be said about lasting or new evidence."


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
    name: str | None
    """What the file calls it, where it stands in the same file; None for a run of its own."""
    rows: tuple[PastCycle, ...]
    """One for each recommendation, in the order of the run."""
    promised: tuple[str, ...] = ()
    """Those of whom are `gone` whom the room promoted, by name and id."""

    @cached_property
    def by_key(self) -> Mapping[Key, PastCycle]:
        """The rows by employee id and promotion id."""
        return {row.key: row for row in self.rows}


@dataclass(frozen=True)
class Session:
    """Guidelines, groups, agenda and the earlier cycle, as they were given to the run."""

    guidelines: tuple[Guideline, ...] = ()
    places: int | None = None
    """How many recommendations the agenda has time for; None: what fits by `engine/calibration.yaml`."""
    column: GroupColumn | None = None
    cycle: LastCycle | None = None

    def past(self, key: Key) -> PastCycle | None:
        """A recommendation compared with the earlier cycle's; None when no earlier cycle was given."""
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
            cycle = replace(cycle, gone=0, promised=(), rows=tuple(cycle.by_key[key] for key in keys))
        return replace(self, column=column, cycle=cycle)


EMPTY_SESSION = Session()
