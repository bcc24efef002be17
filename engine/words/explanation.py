"""Why a person got a recommendation: evidence and trace as one readable value."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import PlainSerializer

from inputs import Cell, Rater, rating_column
from rules.pack import TOO_EARLY, Agreement, Band, Citation, Confidence, Importance, Rule, Status

Shown = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
"""A number as it is shown; a plain number in JSON."""
ShownCell = Annotated[Cell, PlainSerializer(str, return_type=str, when_used="json")]
"""A cell of the input; in JSON a text such as `Ratings!F12`."""
Key = tuple[str, str]
"""Employee id and promotion id."""


@dataclass(frozen=True)
class RatingUsed:
    """One rating of one competency that a signal's score is made of."""

    competency: str
    competency_title: str
    weight: Shown
    self_rating: Shown | None
    self_cell: ShownCell | None
    """Also that of an empty one; None when the file has no such column."""
    manager_rating: Shown | None
    manager_cell: ShownCell | None
    self_comment: str | None
    manager_comment: str | None


@dataclass(frozen=True)
class WrittenComment:
    """What somebody wrote about the person, whichever promotion it is about."""

    about: str
    """The competency's title, or `Overall`."""
    competency: str | None
    """None for an overall comment."""
    rater: str
    """`manager` or `self`."""
    text: str
    cell: ShownCell | None


@dataclass(frozen=True)
class SignalEvidence:
    """What the ratings say about one signal."""

    signal: str
    title: str
    looks_like: str
    importance: Importance
    bar: Shown
    manager_score: Shown | None
    """On the pack's scale, rounded to four decimals for show; the status was decided exactly."""
    self_score: Shown | None
    coverage: Shown
    """Share of the signal's weight that the manager rated, 0 to 1, for show."""
    status: Status
    agreement: Agreement
    blind_spot: bool
    """Self sees it at the bar, the manager below it by a step at least."""
    hidden_strength: bool
    """The mirror."""
    ratings: tuple[RatingUsed, ...]
    grow: str
    ask: str
    cite: Citation


@dataclass(frozen=True)
class FiredRule:
    """One rule that fired, in the order of firing, with its sentence filled in."""

    code: str
    title: str
    topic: str
    """`finding`, `recommendation` or `confidence`."""
    conclusion: str
    decisive: bool
    """False for a rule that gave way to another one which is declared to win over it."""
    sentence: str
    facts: tuple[tuple[str, str], ...]
    """The facts that its condition names, with this person's values as text."""
    condition: str
    cite: Citation

    @classmethod
    def of(
        cls, rule: Rule, sentence: str, facts: Iterable[tuple[str, str]], *, decisive: bool
    ) -> "FiredRule":
        """A rule of the pack with what it says of a person."""
        about = rule.code, rule.title, rule.topic, rule.conclusion
        return cls(*about, decisive, sentence, tuple(facts), rule.when, rule.cite)


@dataclass(frozen=True)
class LensPartResult:
    """What the manager's ratings say about one part of a lens."""

    part: str
    title: str
    meaning: str
    status: str
    """As of a signal: `met`, `near`, `gap`, `unrated`."""
    score: Shown | None
    bar: Shown
    counts: bool
    """False for what the lens's rules look at beside its parts; it is not part of the value."""
    grow: str
    cite: Citation


@dataclass(frozen=True)
class LensResult:
    """One framework of the articles seen over the same ratings. It decides nothing."""

    lens: str
    key: str
    title: str
    question: str
    view: str
    """`all_of`, `ladder`, `shape` or `steps`; see `rules.pack.Lens`."""
    value: str
    value_label: str
    value_meaning: str
    parts_met: int
    """Of the parts that count."""
    parts: tuple[LensPartResult, ...]
    expected_level: str | None
    """In a ladder: the title of the part that the present level needs."""
    expected_next: str | None
    """The same for the next level."""
    findings: tuple[str, ...]
    finding_titles: tuple[str, ...]
    rules: tuple[FiredRule, ...]
    """The lens's own rules that fired."""
    cite: Citation


@dataclass(frozen=True)
class DevelopmentAction:
    """One thing to do, and what it is good for."""

    purpose: str
    """The title of the signal, or of the step of a lens, that it helps to bring to its bar."""
    status: str
    """Where that stands: `near`, `gap` or `unrated`."""
    title: str
    advice: str
    cite: Citation


@dataclass(frozen=True)
class OverriddenSignal:
    """What the person's specialisation asks differently of one signal."""

    signal: str
    title: str
    sentence: str
    """What is other than for everybody else, and what it was."""
    reason: str
    cite: Citation


@dataclass(frozen=True)
class SkillAhead:
    """A skill that the next level will ask its holders to develop."""

    title: str
    advice: str
    cite: Citation


@dataclass(frozen=True)
class SignalMove:
    """A signal that goes from one status to another."""

    signal: str
    title: str
    before: Status
    after: Status


@dataclass(frozen=True)
class RatingMove:
    """A manager's rating that would be another one."""

    competency: str
    competency_title: str
    before: Shown | None
    """None where there is no rating yet."""
    after: Shown
    cell: ShownCell | None
    """Where the rating stands in the input."""


@dataclass(frozen=True)
class Change:
    """A smallest change of the manager's ratings that leads to another band (see `engine.outlook.search`).

    Applied to the input, it gives `recommendation` when everything is run again.
    """

    recommendation: Band
    signals: tuple[SignalMove, ...]
    """The signals whose status changes; perhaps none."""
    ratings: tuple[RatingMove, ...]
    """The weakest first."""
    steps: int
    """Rating steps in all."""
    sentence: str
    """Of an example far away that asks somebody for a leap of more than a point: its first step alone."""

    @property
    def in_full(self) -> bool:
        """Whether the sentence says where the change leads, and not its first step alone."""
        return not self.sentence.startswith("A first step")


@dataclass(frozen=True)
class RatingsNeeded:
    """Ratings that are missing; once they are given, whatever they are, the band is settled."""

    ratings: tuple[RatingMove, ...]
    """`after` is the lowest rating."""
    outcomes: tuple[tuple[Shown, str], ...]
    """From this rating on, given to all of them, the band; lowest rating first."""
    sentence: str


@dataclass(frozen=True)
class DecisiveStep:
    """One rating step up or down that alone changes the band."""

    rating: RatingMove
    recommendation: Band | None
    """None where missing ratings would leave it open."""
    sentence: str


@dataclass(frozen=True)
class Outlook:
    """What would change a recommendation, and how firmly it stands. It never decides anything."""

    summary: str
    """One sentence: how far the next band is, or what is needed before there is one."""
    next_band: Band | None
    """The next better band; None for the best one and for insufficient evidence."""
    steps_to_next: int | None
    """The fewest rating steps to it or a better one; None where no steps lead there."""
    steps_to_ready_now: int | None
    changes: tuple[Change, ...]
    """Ways to the next band with so few steps, the most human first; the first few of them."""
    changes_in_all: int | None
    """None where they were not counted, as only one way is shown to those further away."""
    first_step: RatingMove | None
    """Of the first way: the step on the rating that is weakest now."""
    to_rate: tuple[RatingsNeeded, ...]
    """Where missing ratings leave the band open: the first few sets of fewest ratings that settle it."""
    to_rate_in_all: int
    from_day: date | None
    """For who is too new in the level: from when there would be enough evidence; for whom a minimum time
    holds back whatever the ratings are: from when it is over."""
    from_day_recommendation: Band | None
    """The band then, if the ratings were the same; None where missing ratings leave it open."""
    could_lose: tuple[Change, ...]
    """The smallest changes that lose the band, of one or two rating steps; the first few of them."""
    could_lose_in_all: int
    single_steps: int
    """How many single steps of one manager's rating are possible."""
    stability: Shown | None
    """Share of the single steps that leave the band unchanged, 0 to 1, for show; None without any rating."""
    decisive_steps: tuple[DecisiveStep, ...]


@dataclass(frozen=True)
class ConfidencePart:
    """One of the things that confidence is about, with its value; the pack's rules decide what it means."""

    name: str
    """`firmness` or `age`."""
    title: str
    share: Shown | None
    """0 to 1, for show; None when there is nothing to count."""
    sentence: str


@dataclass(frozen=True)
class Expectation:
    """What the present level expects of one competency, and what the manager gave."""

    competency: str
    competency_title: str
    expected: Shown
    rating: Shown | None
    cell: ShownCell | None
    cite: Citation

    @property
    def shortfall(self) -> Decimal:
        """By how much the rating is below what is expected; 0 where it is not, and without a rating."""
        return Decimal(0) if self.rating is None else max(self.expected - self.rating, Decimal(0))


@dataclass(frozen=True)
class RatingGiven:
    """One rating of the manager."""

    competency: str
    competency_title: str
    rating: Shown
    cell: ShownCell | None


@dataclass(frozen=True)
class PersonIssue:
    """Something that is wrong with what the file says of the person."""

    about: str
    """A column of the roster, or the rater all of whose ratings it is about."""
    title: str
    place: str
    """The cell, and what it holds: `F12 (Communication)`."""
    problem: str
    remedy: str

    def is_of(self, competency: str, rater: Rater) -> bool:
        """Whether it is a rating."""
        return self.about in (rater, rating_column(competency, rater))


@dataclass(frozen=True)
class OpenQuestion:
    """A named question beside the recommendation, with what it is about."""

    kind: str
    title: str
    subjects: tuple[str, ...]
    """Titles of the signals, competencies or frameworks that it is about."""
    sentence: str


@dataclass(frozen=True)
class Recommendation:
    """One person and one promotion: the recommendation, without what led to it."""

    person: int
    """The row index in `Roster.people`."""
    employee_id: str
    employee_name: str | None
    department: str | None
    manager_id: str | None
    manager_name: str | None
    level: str
    level_title: str
    promotion: str
    promotion_title: str
    next_level: str
    next_level_title: str
    specialisation: str | None
    """The title of the pack's specialisation, or what the sheet says where the pack knows none of that
    name."""
    overridden: bool
    """Whether the specialisation asks anything differently for this promotion."""
    recommendation: Band
    confidence: Confidence
    firm_in: int | None
    """In how many plausible re-ratings the band stays; None for insufficient evidence."""
    borderline: bool
    """Whether these are fewer than the pack asks for."""

    @property
    def key(self) -> Key:
        """The person and the promotion: no other recommendation of a run has both."""
        return self.employee_id, self.promotion


@dataclass(frozen=True)
class Explanation(Recommendation):
    """A recommendation and everything that led to it."""

    findings: tuple[str, ...]
    rules: tuple[FiredRule, ...]
    reasons: tuple[str, ...]
    """The sentences to show: the recommendation's, then findings that it does not already speak of."""
    missing: tuple[str, ...]
    """Competencies of which no rating by the manager counts and that this promotion's signals or the present
    level look at, by title."""
    next_step: str
    evidence: tuple[SignalEvidence, ...]
    """Core signals first, each group in the pack's order."""
    months_in_level: int | None
    experience_months: int | None
    """By the measure of the promotion's tenure guidance, in whole months."""
    tenure: str
    outlook: Outlook
    confidence_parts: tuple[ConfidencePart, ...]
    """How firm the band is, and how old the review."""
    kind: str | None = None
    """Why the evidence is insufficient, one of `rules.pack.InsufficientKind`; else None."""
    worst_band: Band | None = None
    """Whatever the missing ratings are, the band is no worse than this."""
    best_band: Band | None = None
    """Nor better than this."""
    re_ratings: int = 64
    """Of so many plausible re-ratings."""
    review_date: date | None = None
    """None where the file has none; then the day of the run counts."""
    observed_months: int | None = None
    """Whole months in the level up to the review."""
    present_level: tuple[Expectation, ...] = ()
    """What the present level expects, in the pack's order."""
    lowest: tuple[RatingGiven, ...] = ()
    """Every competency with the lowest rating of the scale, whichever promotion looks at it."""
    questions: tuple[OpenQuestion, ...] = ()
    """What is open beside the recommendation; it changes neither band nor confidence."""
    comments: tuple[WrittenComment, ...] = ()
    """Everything that was written about the person: overall first, then by competency in the pack's order."""
    lenses: tuple[LensResult, ...] = ()
    """What each framework that applies shows, in the order of the pack."""
    actions: tuple[DevelopmentAction, ...] = ()
    """What to do, in the order of its effect on the next band."""
    skills_ahead: tuple[SkillAhead, ...] = ()
    """What the next level will ask to develop."""
    signal_overrides: tuple[OverriddenSignal, ...] = ()
    """What the specialisation asks differently for this promotion."""
    issues: tuple[PersonIssue, ...] = ()
    """What is wrong with what the file says of the person."""
    scale_note: str = ""
    """How the ratings of the file and the rule pack's scale go together; empty where they are the same."""

    def is_not_used(self, competency: str, rater: Rater) -> bool:
        """Whether the file has a rating that is not used."""
        return any(one.is_of(competency, rater) for one in self.issues)

    @property
    def missing_because(self) -> str:
        """Why competencies are `missing`."""
        unused = any(self.is_not_used(name, "manager") for name in self._looked_at)
        return f"Not rated by the manager{', or not used' if unused else ''}"

    @property
    def _looked_at(self) -> frozenset[str]:
        """The competencies that the signals and the present level look at."""
        signals = (used.competency for signal in self.evidence for used in signal.ratings)
        return frozenset((*signals, *(one.competency for one in self.present_level)))

    @property
    def corrects_file(self) -> bool:
        """Whether the next step begins with a value of the file that is not used."""
        return any(one.remedy in self.next_step for one in self.issues)

    @property
    def came_too_early(self) -> bool:
        """Whether the ratings came too early to say anything for or against the person."""
        return self.kind in TOO_EARLY

    @property
    def short_of_present(self) -> tuple[Expectation, ...]:
        """What the present level expects and the ratings do not show; nothing where they came too early to
        say so."""
        return () if self.came_too_early else tuple(one for one in self.present_level if one.shortfall)

    @property
    def confidence_reason(self) -> str:
        """The sentence of the rule that settled the confidence."""
        return next(rule.sentence for rule in self.rules if rule.topic == "confidence" and rule.decisive)
