"""What is shown, decided once: the workbook and the pages are made from the same `Run`."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from itertools import groupby
from typing import Generic, TypeVar

from engine import Assessment, Explanations
from engine.explain import SignalCase
from engine.session import Decision
from engine.words import Explanation, Key, Recommendation
from inputs import FileSource, Issue
from reports.shown.decided import Decided
from reports.shown.grouped import grouped
from reports.shown.session import EMPTY_SESSION, Session
from reports.shown.votes import Votes
from rules.pack import AGREEMENTS, BANDS, IMPORTANCES, STATUSES, Band, Promotion, RulePack

_T = TypeVar("_T")
_Kind = TypeVar("_Kind", bound=str)


@dataclass(frozen=True)
class Tally(Generic[_Kind]):
    """How much of each kind a group holds, such as recommendations of each band."""

    name: str
    counts: Mapping[_Kind, int]
    """Kind to count, every kind present, in the order that the pack or the session gives them."""

    @property
    def total(self) -> int:
        """All kinds together."""
        return sum(self.counts.values())


@dataclass(frozen=True)
class SignalTally:
    """The statuses of one signal of one promotion."""

    signal: str
    title: str
    importance: str
    counts: dict[str, int]
    """Status to count, every status present, in the order of `rules.pack.STATUSES`."""

    @property
    def total(self) -> int:
        """All statuses together."""
        return sum(self.counts.values())

    @property
    def short(self) -> int:
        """Those below the bar: near it or further away. The unrated are not among them."""
        return self.counts["near"] + self.counts["gap"]


@dataclass(frozen=True)
class Holding:
    """The signals of one promotion, the one that holds most people back first."""

    promotion: Promotion
    signals: tuple[SignalTally, ...]


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
    manager_id: str | None = None


@dataclass(frozen=True)
class Pages:
    """The pages that a run has beside the report and those of managers."""

    people: bool = False
    """One for each person, which they may read themselves."""
    packets: bool = False
    """A promotion packet for each person, linked from the managers' pages."""
    include_indirect_reports: bool = False
    """Managers' pages also hold the people below their own people."""


@dataclass(frozen=True)
class Run:
    """A whole run: everything that its reports show."""

    pack: RulePack
    day: date
    sources: tuple[FileSource, ...]
    fingerprint: str
    """Short hash over input, pack and day: the same on every output of a run."""
    people_in_file: int
    people_recommended: int
    """People with at least one recommendation; a forking ladder gives some people two."""
    explanations: Explanations
    """One per person and open promotion, in the order of the file."""
    not_assessable: tuple[NotAssessable, ...]
    issues: tuple[Issue, ...]
    session: Session = EMPTY_SESSION
    """What the calibration session gets in addition to the recommendations."""
    pages: Pages = Pages()
    decisions: Mapping[Key, Decision] = field(default_factory=dict)
    """What the session decided so far."""
    votes: Mapping[Key, Votes] = field(default_factory=dict)
    """What was voted before the session, where anything was."""

    @property
    def at_once(self) -> int:
        """Recommendations whose pages or workbooks are one piece of the work: a large one looks up once what
        is the same for all, small ones are divided evenly among processes."""
        return min(max(len(self.explanations) // 20, 300), 1_000)

    def pieces(self, things: Iterable[_T], size: Callable[[_T], int]) -> Iterator[list[_T]]:
        """Pages or workbooks, in pieces of the work; `size` is how many recommendations are on one."""
        piece, held = list[_T](), 0
        for thing in things:
            piece.append(thing)
            held += size(thing)
            if held >= self.at_once:
                yield piece
                piece, held = [], 0
        if piece:
            yield piece

    def manager_label(self, one: Recommendation | NotAssessable) -> str:
        """The manager as groups and counts name them: by id, which stands behind a name that others have."""
        names, shared = self._manager_names
        if not one.manager_id:
            name = one.manager_name or NO_MANAGER
            return f"{name} (no id)" if shared[name.casefold()] else name
        name = names[one.manager_id]
        return f"{name} ({one.manager_id})" if shared[name.casefold()] > 1 else name

    @cached_property
    def _manager_names(self) -> tuple[Mapping[str, str], Counter[str]]:
        """A name for each manager's id, however the rows spell it, and how many ids have each name."""
        names: dict[str, str] = {}
        everybody: list[Recommendation | NotAssessable] = [*self.recommendations, *self.not_assessable]
        for one in everybody:
            if one.manager_id and names.get(one.manager_id, one.manager_id) == one.manager_id:
                names[one.manager_id] = one.manager_name or one.manager_id
        return names, Counter(name.casefold() for name in names.values())

    @cached_property
    def names(self) -> Mapping[str, str]:
        """Employee id to name, on one line; empty where there is none."""
        return {one.employee_id: " ".join((one.employee_name or "").split()) for one in self.recommendations}

    @property
    def recommendations(self) -> Sequence[Recommendation]:
        """The same without what led to them: all that counts and lists need."""
        return self.explanations.recommendations

    def only(self, employee_ids: Collection[str]) -> Explanations:
        """The recommendations of some people; nobody else's are made for it."""
        return self.explanations.chosen(self.explanations.people["employee_id"].is_in(list(employee_ids)))

    def at(self, places: Sequence[int]) -> Explanations:
        """The recommendations at some places, each explained when it is asked for."""
        return self.explanations.at(places)

    def decided(self, explanation: Explanation) -> Decided | None:
        """What was decided on a recommendation; None as long as nothing was."""
        made = self.decisions.get(explanation.key)
        return None if made is None else Decided.of(made, self.pack)

    def bands(self, decisions: Mapping[Key, Decision] | None = None) -> dict[Key, Band]:
        """The band that counts for each person and promotion: what was decided, else what is recommended."""
        made = decisions or {}
        return {
            one.key: made[one.key].decision if one.key in made else one.recommendation
            for one in self.recommendations
        }

    def people_bands(self, bands: Mapping[Key, Band] | None = None) -> tuple[Band, ...]:
        """One band for each person, as `best_bands`; of the recommendations, unless others are given."""
        return tuple(self.best_bands(self.bands() if bands is None else bands).values())

    def best_bands(self, bands: Mapping[Key, Band]) -> dict[int, Band]:
        """The best band of each person's promotions, by `Explanation.person`."""
        best: dict[int, Band] = {}
        for one in self.recommendations:
            band = bands[one.key]
            best[one.person] = min(best.get(one.person, band), band, key=BANDS.index)
        return best

    def overall(self) -> Tally[Band]:
        """All recommendations together."""
        return Tally("All", self.explanations.bands())

    def by_level(self) -> tuple[Tally[Band], ...]:
        """Recommendations by present level, in the order of the ladder; empty levels left out."""
        titles = [level.title for level in self.pack.levels]
        groups = self._by(lambda one: one.level_title)
        return tuple(sorted(groups, key=lambda group: titles.index(group.name)))

    def by_promotion(self) -> tuple[Tally[Band], ...]:
        """Recommendations by promotion title, in the order of the pack; empty ones left out."""
        titles = [promotion.title for promotion in self.pack.promotions]
        groups = self._by(lambda one: one.promotion_title)
        return tuple(sorted(groups, key=lambda group: titles.index(group.name)))

    def by_department(self) -> tuple[Tally[Band], ...]:
        """Recommendations by department, in alphabetical order; people without one last."""
        return _named_last(self._by(lambda one: one.department or NO_DEPARTMENT), NO_DEPARTMENT)

    def by_manager(self) -> tuple[Tally[Band], ...]:
        """Recommendations by manager, in alphabetical order; people without one last."""
        return _named_last(self._by(self.manager_label), NO_MANAGER)

    def by_specialisation(self) -> tuple[Tally[Band], ...]:
        """Recommendations by specialisation, in alphabetical order; people without one last.

        Empty when nobody has one: the file says nothing of them.
        """
        if not any(one.specialisation for one in self.recommendations):
            return ()
        return _named_last(self._by(specialisation_of), NO_SPECIALISATION)

    def issues_by_kind(self) -> tuple[tuple[str, str, int], ...]:
        """Title, severity and count of the kinds of data issues, the most frequent first."""
        counts = Counter((issue.title, str(issue.severity)) for issue in self.issues)
        return tuple((title, severity, n) for (title, severity), n in counts.most_common())

    def holding_back(self) -> tuple[Holding, ...]:
        """By promotion with people in it: its signals, by how many people are below the bar."""
        statuses = Counter[tuple[str, str, str]]()
        for (promotion, signal, status, _), n in self._signal_counts.items():
            statuses[promotion, signal, status] += n
        present = {promotion for promotion, _, _ in statuses}
        return tuple(
            Holding(promotion, _signals_by_shortness(promotion, statuses))
            for promotion in self.pack.promotions
            if promotion.id in present
        )

    def agreement(self) -> tuple[Tally[str], ...]:
        """How self and manager compare over all signals, by promotion title in the order of the pack."""
        counts: dict[str, Counter[str]] = {}
        for (promotion, _, _, agreement), n in self._signal_counts.items():
            counts.setdefault(promotion, Counter())[agreement] += n
        return tuple(
            Tally(promotion.title, {name: counts[promotion.id][name] for name in AGREEMENTS})
            for promotion in self.pack.promotions
            if promotion.id in counts
        )

    @cached_property
    def _signal_counts(self) -> Counter[SignalCase]:
        return self.explanations.signal_counts()

    def _by(self, name_of: Callable[[Recommendation], str]) -> list[Tally[Band]]:
        return [tally(name, members) for name, members in grouped(self.recommendations, name_of).items()]


def run_of(assessment: Assessment, explanations: Explanations, fingerprint: str) -> Run:
    """Everything that the reports show of an assessment.

    People are counted, not rows: who is assessed is not among the others because of a second row, such as a
    repeated one, which is an issue of the file.
    """
    roster = assessment.roster
    people = assessment.recommendations["person"].unique()
    assessed = set(roster.people["employee_id"].gather(people))
    others = [
        row for row in assessment.not_assessable.iter_rows(named=True) if row["employee_id"] not in assessed
    ]
    return Run(
        pack=assessment.pack,
        day=assessment.day,
        sources=roster.sources,
        fingerprint=fingerprint,
        people_in_file=people.len() + len(others),
        people_recommended=people.len(),
        explanations=explanations,
        not_assessable=tuple(
            NotAssessable(
                row=row["row"],
                employee_id=row["employee_id"],
                employee_name=row["employee_name"],
                level=row["level_as_written"],
                manager_name=row["manager_name"],
                department=row["department"],
                reason=row["reason"],
                manager_id=row["manager_id"],
            )
            for row in others
        ),
        issues=roster.issues,
    )


NO_DEPARTMENT = "No department given"
NO_MANAGER = "No manager given"
NO_SPECIALISATION = "No specialisation given"


def specialisation_of(recommendation: Recommendation) -> str:
    """The specialisation as shown: its title, or that there is none."""
    return recommendation.specialisation or NO_SPECIALISATION


def by_person(explanations: Iterable[Explanation]) -> Iterator[list[Explanation]]:
    """The recommendations of each person together, which they are in a run."""
    return (list(own) for _, own in groupby(explanations, key=lambda one: one.person))


def tally(name: str, recommendations: Iterable[Recommendation]) -> Tally[Band]:
    """Count recommendations by band."""
    counts = Counter(one.recommendation for one in recommendations)
    return Tally(name, {band: counts[band] for band in BANDS})


def _signals_by_shortness(
    promotion: Promotion, counts: Counter[tuple[str, str, str]]
) -> tuple[SignalTally, ...]:
    """The signals of a promotion, those that most people are below first; ties in the order of the pack."""
    ordered = sorted(promotion.signals, key=lambda signal: IMPORTANCES.index(signal.importance))
    tallies = (
        SignalTally(
            signal.id,
            signal.title,
            signal.importance,
            {status: counts[promotion.id, signal.id, status] for status in STATUSES},
        )
        for signal in ordered
    )
    return tuple(sorted(tallies, key=lambda signal: -signal.short))


def _named_last(groups: list[Tally[Band]], last: str) -> tuple[Tally[Band], ...]:
    return tuple(sorted(groups, key=lambda group: (group.name == last, group.name.casefold())))
