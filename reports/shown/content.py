"""What is shown, decided once: the workbook and the pages are made from the same `Run`."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from engine import Assessment, Explanations
from engine.session import Decision
from engine.words import Explanation, Key
from inputs import FileSource, Issue
from reports.shown.decided import Decided
from reports.shown.session import EMPTY_SESSION, Session
from rules.pack import AGREEMENTS, BANDS, STATUSES, Band, Promotion, RulePack


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
class AgreementTally:
    """How self and manager compare over all signals of a group of recommendations."""

    name: str
    counts: dict[str, int]
    """Agreement to number of signals, in the order of `rules.pack.AGREEMENTS`."""

    @property
    def total(self) -> int:
        """All signals that were compared, and those that could not be."""
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
    explanations: Sequence[Explanation]
    """One per person and open promotion, in the order of the file."""
    not_assessable: tuple[NotAssessable, ...]
    issues: tuple[Issue, ...]
    session: Session = EMPTY_SESSION
    """What the calibration session gets in addition to the recommendations."""
    pages: Pages = Pages()
    decisions: Mapping[Key, Decision] = field(default_factory=dict)
    """What the session decided so far."""

    def only(self, employee_ids: Collection[str]) -> Sequence[Explanation]:
        """The recommendations of some people; nobody else's are made for it."""
        known = self.explanations
        if isinstance(known, Explanations):
            return known.chosen(known.people["employee_id"].is_in(list(employee_ids)))
        return tuple(one for one in known if one.employee_id in employee_ids)

    def decided(self, explanation: Explanation) -> Decided | None:
        """What was decided on a recommendation; None as long as nothing was."""
        made = self.decisions.get(explanation.key)
        return None if made is None else Decided.of(made, self.pack)

    def bands(self, decisions: Mapping[Key, Decision] | None = None) -> dict[Key, Band]:
        """The band that counts for each person and promotion: what was decided, else what is recommended."""
        made = decisions or {}
        return {
            one.key: made[one.key].decision if one.key in made else one.recommendation
            for one in self.explanations
        }

    def people_bands(self, bands: Mapping[Key, Band] | None = None) -> tuple[Band, ...]:
        """One band for each person, the best of their promotions; of the recommendations, unless others are
        given."""
        known = self.bands() if bands is None else bands
        best: dict[int, Band] = {}
        for one in self.explanations:
            band = known[one.key]
            best[one.person] = min(best.get(one.person, band), band, key=BANDS.index)
        return tuple(best.values())

    def overall(self) -> Tally:
        """All recommendations together."""
        return tally("All", self.explanations)

    def by_level(self) -> tuple[Tally, ...]:
        """Recommendations by present level, in the order of the ladder; empty levels left out."""
        titles = [level.title for level in self.pack.levels]
        groups = self._by(lambda explanation: explanation.level_title)
        return tuple(sorted(groups, key=lambda group: titles.index(group.name)))

    def by_promotion(self) -> tuple[Tally, ...]:
        """Recommendations by promotion title, in the order of the pack; empty ones left out."""
        titles = [promotion.title for promotion in self.pack.promotions]
        groups = self._by(lambda explanation: explanation.promotion_title)
        return tuple(sorted(groups, key=lambda group: titles.index(group.name)))

    def by_department(self) -> tuple[Tally, ...]:
        """Recommendations by department, in alphabetical order; people without one last."""
        return _named_last(
            self._by(lambda explanation: explanation.department or NO_DEPARTMENT), NO_DEPARTMENT
        )

    def by_manager(self) -> tuple[Tally, ...]:
        """Recommendations by manager, in alphabetical order; people without one last."""
        return _named_last(self._by(manager_of), NO_MANAGER)

    def by_specialisation(self) -> tuple[Tally, ...]:
        """Recommendations by specialisation, in alphabetical order; people without one last.

        Empty when nobody has one: the file says nothing of them.
        """
        if not any(explanation.specialisation for explanation in self.explanations):
            return ()
        return _named_last(self._by(specialisation_of), NO_SPECIALISATION)

    def issues_by_kind(self) -> tuple[tuple[str, str, int], ...]:
        """Kind, severity and count of the data issues, the most frequent first."""
        counts = Counter((issue.kind, str(issue.severity)) for issue in self.issues)
        return tuple((kind, severity, n) for (kind, severity), n in counts.most_common())

    def holding_back(self) -> tuple[Holding, ...]:
        """By promotion with people in it: its signals, by how many people are below the bar."""
        groups = self._members(lambda explanation: explanation.promotion)
        return tuple(
            Holding(promotion, _signals_by_shortness(groups[promotion.id]))
            for promotion in self.pack.promotions
            if promotion.id in groups
        )

    def agreement(self) -> tuple[AgreementTally, ...]:
        """How self and manager compare, by promotion title in the order of the pack."""
        titles = [promotion.title for promotion in self.pack.promotions]
        groups = self._members(lambda explanation: explanation.promotion_title)
        return tuple(agreement_tally(title, groups[title]) for title in sorted(groups, key=titles.index))

    def _by(self, name_of: Callable[[Explanation], str]) -> list[Tally]:
        return [tally(name, members) for name, members in self._members(name_of).items()]

    def _members(self, name_of: Callable[[Explanation], str]) -> dict[str, list[Explanation]]:
        groups: dict[str, list[Explanation]] = {}
        for explanation in self.explanations:
            groups.setdefault(name_of(explanation), []).append(explanation)
        return groups


def run_of(assessment: Assessment, explanations: Explanations, fingerprint: str) -> Run:
    """Everything that the reports show of an assessment.

    People are counted, not rows: who is assessed is not among the others because of a second row, such as a
    repeated one, which is an issue of the file.
    """
    roster = assessment.roster
    assessed = set(explanations.people["employee_id"])
    others = [
        row for row in assessment.not_assessable.iter_rows(named=True) if row["employee_id"] not in assessed
    ]
    return Run(
        pack=assessment.pack,
        day=assessment.day,
        sources=roster.sources,
        fingerprint=fingerprint,
        people_in_file=explanations.people["person"].n_unique() + len(others),
        people_recommended=assessment.recommendations["person"].n_unique(),
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


def manager_of(explanation: Explanation) -> str:
    """The manager as shown: the name, else the id, else that there is none."""
    return explanation.manager_name or explanation.manager_id or NO_MANAGER


def specialisation_of(explanation: Explanation) -> str:
    """The specialisation as shown: its title, or that there is none."""
    return explanation.specialisation or NO_SPECIALISATION


def by_person(explanations: Iterable[Explanation]) -> list[list[Explanation]]:
    """The recommendations of each person together, people and recommendations in the order given."""
    people: dict[int, list[Explanation]] = {}
    for one in explanations:
        people.setdefault(one.person, []).append(one)
    return list(people.values())


def tally(name: str, explanations: Iterable[Explanation]) -> Tally:
    """Count recommendations by band."""
    counts = Counter(explanation.recommendation for explanation in explanations)
    return Tally(name, {band: counts[band] for band in BANDS})


def agreement_tally(name: str, explanations: Iterable[Explanation]) -> AgreementTally:
    """Count signals by how self and manager compare."""
    counts = Counter(signal.agreement for explanation in explanations for signal in explanation.evidence)
    return AgreementTally(name, {agreement: counts[agreement] for agreement in AGREEMENTS})


def _signals_by_shortness(explanations: list[Explanation]) -> tuple[SignalTally, ...]:
    """Explanations of one promotion to its signals; ties in the order of the pack."""
    counts: dict[str, Counter[str]] = {}
    titles: dict[str, tuple[str, str]] = {}
    for explanation in explanations:
        for signal in explanation.evidence:
            counts.setdefault(signal.signal, Counter())[signal.status] += 1
            titles[signal.signal] = (signal.title, signal.importance)
    tallies = (
        SignalTally(signal, *titles[signal], {status: found[status] for status in STATUSES})
        for signal, found in counts.items()
    )
    return tuple(sorted(tallies, key=lambda signal: -signal.short))


def _named_last(groups: list[Tally], last: str) -> tuple[Tally, ...]:
    return tuple(sorted(groups, key=lambda group: (group.name == last, group.name.casefold())))
