"""What a column of a spreadsheet can be: a field of the table below, or a rating or comment on a competency.

A new column is a row of the table here, and what people call it in `words/columns.yaml`. Everything else
follows: it is read in every shape of file, checked by its kind, kept in the roster, inspected and mapped, and
stands in the record for counsel and works council.
"""

from collections.abc import Mapping
from dataclasses import KW_ONLY, dataclass
from datetime import date
from typing import Literal

import polars as pl

Rater = Literal["self", "manager"]
AnyRater = Rater | Literal["other"]
RATERS: tuple[Rater, ...] = ("self", "manager")
BY: Mapping[Rater, str] = {"self": "the person", "manager": "the manager"}
OVERALL = "overall"
"""Stands where a comment is on no single competency."""


@dataclass(frozen=True)
class Heading:
    """How the template shows a field."""

    header: str
    note: str
    width: int
    example: str | date | None = None
    """None where the rule pack gives the example, or where the cell stays empty."""


Audience = Literal["hr", "manager", "committee", "person"]
"""HR and the members of the session; the manager, of their own people; readers of the packet; the person, on
their own page."""
EVERYBODY: frozenset[Audience] = frozenset({"hr", "manager", "committee", "person"})
BUT_THE_PERSON: frozenset[Audience] = EVERYBODY - {"person"}
HR: frozenset[Audience] = frozenset({"hr"})
NOBODY: frozenset[Audience] = frozenset()

_DTYPES: Mapping[str, pl.DataType] = {"date": pl.Date(), "yes_no": pl.Boolean()}


@dataclass(frozen=True, eq=False)
class Field:
    """One thing that a column can say, apart from ratings and comments; one object for each."""

    name: str
    """What the roster and mappings call it."""
    kind: Literal["text", "id", "date", "level", "specialisation", "yes_no"] = "text"
    """How its cells are checked, and so what they become: ids of the vocabulary for levels and
    specialisations. A yes/no field is read where the rule pack asks about it (`Vocabulary.facts`)."""
    use: Literal["kept", "person", "rating"] = "kept"
    """A column of `Roster.people`; something else about a person; or about the rating in the same row, in
    files with one row per rating."""
    needed: bool = False
    absence_costs: str | None = None
    """What a file without it loses: the end of a sentence. None when nothing is lost."""
    first_counts: bool = False
    """Whether the first of several columns for it is taken, with a note. Else people are asked which one it
    is, unless the columns hold the same."""
    heading: Heading | None = None
    """None when the template does not have it."""
    words: str | None = None
    """What sentences call it, where that is not its name."""
    _: KW_ONLY
    why: str
    """What it is read for: what the record says of it."""
    seen_by: frozenset[Audience]

    @property
    def dtype(self) -> pl.DataType:
        """The type of its column in `Roster.people`."""
        return _DTYPES.get(self.kind, pl.String())

    @property
    def label(self) -> str:
        """The words for it in a sentence."""
        return self.words or self.name.replace("_", " ")


def _yes_no(name: str, meaning: str) -> Field:
    note = f"{meaning} Write yes or no; leave it empty if nobody has asked."
    return Field(
        name,
        "yes_no",
        heading=Heading(name.replace("_", " ").title(), note, 13),
        why="a fact that rules of the pack ask for, answered yes or no",
        seen_by=EVERYBODY,
    )


def _person(name: str, why: str, seen_by: frozenset[Audience], *, first_counts: bool = True) -> Field:
    return Field(name, use="person", first_counts=first_counts, why=why, seen_by=seen_by)


def _rating(
    name: str,
    why: str,
    seen_by: frozenset[Audience] = NOBODY,
    *,
    words: str | None = None,
    first_counts: bool = False,
) -> Field:
    return Field(name, use="rating", words=words, first_counts=first_counts, why=why, seen_by=seen_by)


EMPLOYEE_ID = Field(
    "employee_id",
    "id",
    needed=True,
    heading=Heading("Employee ID", "Required. One id per person; it is kept as text.", 14, "EXAMPLE-1"),
    why="to tell people apart and to put their columns, decisions and cycles together",
    seen_by=EVERYBODY,
)
EMPLOYEE_NAME = Field(
    "employee_name",
    absence_costs="reports show the id instead of a name",
    first_counts=True,
    heading=Heading("Name", "The name that reports show.", 26, "Example, to be deleted"),
    why="so that people read a name and not an id",
    seen_by=EVERYBODY,
)
EMPLOYEE = _person("employee", "an id or a name, whichever it holds", EVERYBODY, first_counts=False)
FIRST_NAME = _person("first_name", "part of the name", EVERYBODY)
LAST_NAME = _person("last_name", "part of the name", EVERYBODY)
EMAIL = _person("email", "to join tables that name people by their address", NOBODY)
LEVEL = Field(
    "level",
    "level",
    needed=True,
    heading=Heading("Level", "Required. Choose from the list.", 22),
    why="says which next levels are open and what the present one expects",
    seen_by=EVERYBODY,
)
TARGET_LEVEL = Field(
    "target_level",
    "level",
    absence_costs="where the ladder forks, people get one recommendation for each way",
    heading=Heading(
        "Target Level",
        "Only where the ladder forks: the next level to look at. Leave it empty to look at all.",
        22,
    ),
    why="which next level to look at where there are several",
    seen_by=EVERYBODY,
)
MANAGER_ID = Field(
    "manager_id",
    "id",
    absence_costs="reporting lines cannot be followed",
    heading=Heading("Manager ID", "The manager's employee id.", 14),
    why="to make one page for each manager, with their own people and nobody else",
    seen_by=HR,
)
MANAGER_NAME = Field(
    "manager_name",
    absence_costs="there are no pages per manager",
    first_counts=True,
    heading=Heading("Manager Name", "Reports are put together per manager.", 24, "Example Manager"),
    why="the same, and so that questions can name who rated",
    seen_by=BUT_THE_PERSON,
)
MANAGER = _person("manager", "an id or a name, whichever it holds", BUT_THE_PERSON, first_counts=False)
MANAGER_EMAIL = _person(
    "manager_email", "to find the manager where tables name people by their address", NOBODY
)
MANAGER_FIRST_NAME = _person("manager_first_name", "part of the manager's name", BUT_THE_PERSON)
MANAGER_LAST_NAME = _person("manager_last_name", "part of the manager's name", BUT_THE_PERSON)
DEPARTMENT = Field(
    "department",
    absence_costs="nothing can be shown by department",
    first_counts=True,
    heading=Heading("Department", "Reports compare departments.", 20, "Example department"),
    why="to count by department and to prepare sessions; no rule sees it",
    seen_by=HR | {"committee"},
)
SPECIALISATION = Field(
    "specialisation",
    "specialisation",
    absence_costs="everybody is held to the same bars, and no work type is compared with their own",
    heading=Heading("Specialisation", "Only if the rule pack has specialisations.", 18),
    why="which signals are judged differently in this kind of role",
    seen_by=EVERYBODY,
)
HIRE_DATE = Field(
    "hire_date",
    "date",
    absence_costs="a review before the hire would not be noticed",
    first_counts=True,
    heading=Heading("Hire Date", "As a date: 2022-03-01.", 13, date(2021, 3, 1)),
    why="to notice a review before the hire",
    seen_by=HR,
)
LEVEL_SINCE = Field(
    "level_since",
    "date",
    absence_costs="time in the level is unknown, so moves that are early or long overdue are not noticed, "
    "and nobody can be held to a minimum time under observation",
    heading=Heading(
        "In Level Since", "The day from which the person has been at this level.", 15, date(2023, 3, 1)
    ),
    words="starting date in the level",
    why="how long the person has been observed on the level",
    seen_by=EVERYBODY,
)
PRODUCT_SINCE = Field(
    "product_since",
    "date",
    absence_costs="years of experience are unknown, and promotions that look at them say so",
    heading=Heading(
        "In Profession Since",
        "The day from which the person has done this kind of work.",
        16,
        date(2020, 3, 1),
    ),
    words="starting date in the profession",
    why="years of experience, where a promotion has guidance on them",
    seen_by=EVERYBODY,
)
REVIEW_DATE = Field(
    "review_date",
    "date",
    absence_costs="how old the ratings are is unknown",
    heading=Heading("Review Date", "When the ratings were given.", 13, date(2026, 1, 1)),
    why="how old the ratings are, and whether they are about this level",
    seen_by=EVERYBODY,
)
OWNED_PROJECT = _yes_no("owned_project", "A project was theirs from beginning to end.")
VOLUNTEERED = _yes_no("volunteered", "Took on a problem beyond their own job.")
WRITTEN_RECORD = _yes_no("written_record", "Keeps a record of what they tried and found.")
SIDE_PROJECT = _yes_no("side_project", "Finished a side project, and wrote it up.")
CERTIFICATE = _yes_no("certificate", "Finished a course, with a certificate to show.")
NETWORK = _yes_no("network", "Has talked with people who do the work about it.")
PROGRAMME_APPLICATION = _yes_no("programme_application", "Applied for an associate programme.")
ROLE_APPLICATION = _yes_no("role_application", "Applied for an opening in the role.")
STATUS = _person("status", "to leave out who has left", NOBODY)
REVIEW_STATUS = _rating(
    "review_status",
    "so that a draft is not taken for what was submitted",
    words="status of the review",
    first_counts=True,
)
LEAVING_DATE = Field("leaving_date", "date", use="person", why="to leave out who has left", seen_by=NOBODY)
COMPETENCY = _rating("competency", "what a rating in the row is about")
_WHO_RATED = "whether the person or the manager gave a rating"
RATER = _rating("rater", _WHO_RATED)
RELATIONSHIP = _rating("relationship", _WHO_RATED)
RATEE_ROLE = _rating("ratee_role", _WHO_RATED, words="role of the rated person")
RATER_ID = _rating("rater_id", _WHO_RATED)
RATER_NAME = _rating("rater_name", _WHO_RATED, first_counts=True)
RATER_FIRST_NAME = _rating("rater_first_name", _WHO_RATED)
RATER_LAST_NAME = _rating("rater_last_name", _WHO_RATED)
RATER_EMAIL = _rating("rater_email", _WHO_RATED, first_counts=True)
RATING = _rating("rating", "a rating, held to the bars if the manager gave it", EVERYBODY)
SELF_RATING = _rating(
    "self_rating",
    "shown beside the manager's; it never raises or lowers a band",
    EVERYBODY,
    words="rating by the person",
)
MANAGER_RATING = _rating(
    "manager_rating", "held to the bars that the rule pack sets", EVERYBODY, words="rating by the manager"
)
RATING_COMMENT = _rating("rating_comment", "the example behind a rating", BUT_THE_PERSON, first_counts=True)
DATE = _rating("date", "how old a rating is", EVERYBODY, words="date of the rating", first_counts=True)
CYCLE = _rating("cycle", "which round of reviews a row is about", HR, words="review cycle")

OF_EMPLOYEE = (EMPLOYEE_ID, EMAIL, EMPLOYEE_NAME, FIRST_NAME, LAST_NAME)
OF_MANAGER = (MANAGER_ID, MANAGER_EMAIL, MANAGER_NAME, MANAGER_FIRST_NAME, MANAGER_LAST_NAME)
OF_RATER = (RATER_ID, RATER_EMAIL, RATER_NAME, RATER_FIRST_NAME, RATER_LAST_NAME)
"""What identifies people, and the halves of their names, in the same order."""
KEYS, KEYS_OF_MANAGERS, KEYS_OF_RATERS = (of[:3] for of in (OF_EMPLOYEE, OF_MANAGER, OF_RATER))
"""What tells people apart, the best first."""
FIELDS: Mapping[str, Field] = {one.name: one for one in tuple(vars().values()) if isinstance(one, Field)}
"""The fields above by name."""
RATING_BY: Mapping[Rater, Field] = {"self": SELF_RATING, "manager": MANAGER_RATING}
"""The rating of the competency that another column of the row names."""


@dataclass(frozen=True)
class RatingOf:
    """Ratings of one competency by one rater."""

    competency: str
    rater: Rater | None
    """None when the header does not say who rated."""

    @property
    def known_rater(self) -> Rater:
        """The rater, where one is known."""
        assert self.rater is not None
        return self.rater

    @property
    def name(self) -> str:
        """What the roster and mappings call it."""
        return (
            rating_column(self.competency, self.rater) if self.rater else f"rater_unknown:{self.competency}"
        )

    @property
    def label(self) -> str:
        """The words for it in a sentence."""
        by = f" by {BY[self.rater]}" if self.rater else ""
        return f"rating of {self.competency.replace('_', ' ')}{by}"


@dataclass(frozen=True)
class CommentOn:
    """Comments on one competency, or `OVERALL`, by one rater."""

    competency: str
    rater: Rater | None
    """None when the header does not say who wrote it."""

    @property
    def name(self) -> str:
        """What the roster and mappings call it."""
        if self.rater is None:
            return f"comment_rater_unknown:{self.competency}"
        return comment_column(rating_column(self.competency, self.rater))

    @property
    def label(self) -> str:
        """The words for it in a sentence."""
        by = f" by {BY[self.rater]}" if self.rater else ""
        if self.competency == OVERALL:
            return f"overall comment{by}"
        return f"comment{by} on {self.competency.replace('_', ' ')}"


@dataclass(frozen=True)
class OpenRating:
    """A rating or comment whose header has words that nobody has explained yet: who rated, or what was rated.

    No table that was resolved has one.
    """

    word: str
    """As the header writes it."""
    competency: str | None = None
    """None when the word stands for it."""
    rater: Rater | Literal["other"] | None = None
    """None when the word stands for it."""
    is_comment: bool = False

    @property
    def name(self) -> str:
        """What mappings call it."""
        return BY_HEADER

    @property
    def label(self) -> str:
        """The words for it in a sentence."""
        return f"rating that '{self.word}' says something about"


BY_HEADER = "as its header says"
"""Stands in a mapping for a column whose header is understood once the mapping explains its words."""

Role = Field | RatingOf | CommentOn | OpenRating
"""What a column is taken for."""


def is_rating(role: Role | None) -> bool:
    """Whether a role is a rating of a competency by a known rater."""
    return isinstance(role, RatingOf) and role.rater is not None


def is_comment(role: Role | None) -> bool:
    """Whether a role is a comment by a known rater."""
    return isinstance(role, CommentOn) and role.rater is not None


def rating_column(competency: str, rater: Rater) -> str:
    """The name of a rating column in `Roster.ratings`, such as `communication:self`."""
    return f"{competency}:{rater}"


def comment_column(of: str) -> str:
    """The name of the comments beside a rating column, or beside `overall:manager`."""
    return f"comment:{of}"
