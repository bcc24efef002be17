"""What is shown, decided once: the workbook and the pages are drawn from the same summary."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date

from engine.explanation import Explanation
from inputs.roster import FileSource, Issue
from rules.pack import BANDS, RulePack


@dataclass(frozen=True)
class Tally:
    """How many recommendations of each band a group holds."""

    name: str
    counts: dict[str, int]
    """Band to count, every band present, in the order of `rules.pack.BANDS`."""

    @property
    def total(self) -> int:
        """All bands together."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class NotAssessable:
    """One person of the file who has no recommendation, and why."""

    row: int
    employee_id: str | None
    employee_name: str | None
    level: str | None
    """As written in the file."""
    manager_name: str | None
    department: str | None
    reason: str


@dataclass(frozen=True)
class Summary:
    """A whole run, ready to be drawn."""

    pack: RulePack
    day: date
    sources: tuple[FileSource, ...]
    fingerprint: str
    """Short hash over input, pack and day: the same on every output of a run."""
    people_in_file: int
    people_recommended: int
    """People with at least one recommendation; a forking ladder gives some people two."""
    explanations: tuple[Explanation, ...]
    """One per person and open transition, in the order of the file."""
    not_assessable: tuple[NotAssessable, ...]
    issues: tuple[Issue, ...]

    def overall(self) -> Tally:
        """All recommendations together."""
        return tally("All", self.explanations)

    def by_level(self) -> tuple[Tally, ...]:
        """Recommendations by present level, in the order of the ladder; empty levels left out."""
        titles = [level.title for level in self.pack.levels]
        groups = self._by(lambda explanation: explanation.level_title)
        return tuple(sorted(groups, key=lambda group: titles.index(group.name)))

    def by_transition(self) -> tuple[Tally, ...]:
        """Recommendations by transition title, in the order of the pack; empty ones left out."""
        titles = [transition.title for transition in self.pack.transitions]
        groups = self._by(lambda explanation: explanation.transition_title)
        return tuple(sorted(groups, key=lambda group: titles.index(group.name)))

    def by_department(self) -> tuple[Tally, ...]:
        """Recommendations by department, in alphabetical order; people without one last."""
        return _named_last(
            self._by(lambda explanation: explanation.department or NO_DEPARTMENT), NO_DEPARTMENT
        )

    def by_manager(self) -> tuple[Tally, ...]:
        """Recommendations by manager, in alphabetical order; people without one last."""
        return _named_last(self._by(manager_of), NO_MANAGER)

    def issues_by_kind(self) -> tuple[tuple[str, str, int], ...]:
        """Kind, severity and count of the data issues, the most frequent first."""
        counts = Counter((issue.kind, str(issue.severity)) for issue in self.issues)
        return tuple((kind, severity, n) for (kind, severity), n in counts.most_common())

    def _by(self, name_of: Callable[[Explanation], str]) -> list[Tally]:
        groups: dict[str, list[Explanation]] = {}
        for explanation in self.explanations:
            groups.setdefault(name_of(explanation), []).append(explanation)
        return [tally(name, members) for name, members in groups.items()]


NO_DEPARTMENT = "No department given"
NO_MANAGER = "No manager given"


def manager_of(explanation: Explanation) -> str:
    """The manager as shown: the name, else the id, else that there is none."""
    return explanation.manager_name or explanation.manager_id or NO_MANAGER


def tally(name: str, explanations: Iterable[Explanation]) -> Tally:
    """Count recommendations by band."""
    counts = Counter(explanation.recommendation for explanation in explanations)
    return Tally(name, {band: counts[band] for band in BANDS})


def _named_last(groups: list[Tally], last: str) -> tuple[Tally, ...]:
    return tuple(sorted(groups, key=lambda group: (group.name == last, group.name.casefold())))
