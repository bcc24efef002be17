"""What a file does not have, and what that costs: ratings of competencies, whole raters, comments."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import polars as pl

from inputs.checks.issue_log import IssueLog
from inputs.fields import RATERS, Rater, RatingOf, Role, is_comment
from inputs.phrases import few, join
from inputs.roster import Severity, Term, Vocabulary
from inputs.tables.columns.resolving import NOBODYS
from inputs.tables.contents import shape_of
from inputs.tables.joining.joined_tables import JoinedTables
from inputs.words.lexicon import NO_RATING_OF_IT
from inputs.words.texts import text_of

WITHOUT_RATER: Mapping[Rater, tuple[str, str]] = {
    "manager": (
        "No ratings by the manager at all",
        "they are what is compared with the bar, so nobody can be found ready",
    ),
    "self": ("No ratings by the person at all", "agreement between person and manager is unknown"),
}
"""By rater: what is missing, and what that costs."""
COSTS: Mapping[Rater, str] = {
    "manager": "the signals that rest on them may stay unrated",
    "self": "how far person and manager agree on the signals that rest on them may stay unknown",
}
"""By rater: what it costs that some ratings are missing."""
WITHOUT_COMMENTS = "No comments", "no rating has an example of what was seen"
_SEVERITY: Mapping[Rater, Severity] = {"manager": Severity.WARNING, "self": Severity.NOTE}
"""Only the manager's ratings are held to a bar."""
_ADJECTIVE: Mapping[Rater, str] = {"manager": "manager's", "self": "person's own"}
_SIGNALS_NAMED = 3
_NAMED = 2
"""Columns named in one sentence."""
_FIRST = 1000


@dataclass(frozen=True)
class Gap:
    """Ratings of one competency, or all ratings by one rater, that the file does not have."""

    raters: tuple[Rater, ...]
    """Who did not rate: the manager, both, or the person."""
    term: Term | None
    """None when the rater has no ratings at all."""


def rating_gaps(roles: Collection[Role], vocabulary: Vocabulary) -> tuple[Gap, ...]:
    """The ratings that the rule pack looks at and that none of the roles is, the manager's first."""
    rated_by = {role.rater for role in roles if isinstance(role, RatingOf)}
    present = [rater for rater in sorted(RATERS) if rater in rated_by]
    gaps = [Gap((rater,), None) for rater in RATERS if rater not in present]
    for term in looked_at(vocabulary):
        without = (rater for rater in present if RatingOf(term.id, rater) not in roles)
        if raters := tuple(without):
            gaps.append(Gap(raters, term))
    return tuple(sorted(gaps, key=lambda gap: gap.raters))


def looked_at(vocabulary: Vocabulary) -> tuple[Term, ...]:
    """The competencies that the rule pack looks at: all of them when it does not say which signals rest on
    which."""
    if not vocabulary.signals:
        return vocabulary.competencies
    return tuple(term for term in vocabulary.competencies if vocabulary.signals.get(term.id))


def report_gaps(joined: JoinedTables, vocabulary: Vocabulary, log: IssueLog) -> None:
    """One issue for each gap, and one when nothing in the file is a comment."""
    filled = {role for role, column in joined.columns.items() if _holds_anything(column.cells)}
    for gap in rating_gaps(filled, vocabulary):
        roles = [] if gap.term is None else [RatingOf(gap.term.id, rater) for rater in gap.raters]
        column = next((role for role in roles if role in joined.columns), None)
        problem = _problem(gap, vocabulary, empty=column is not None)
        log.about(_SEVERITY[gap.raters[0]], "missing_column", problem, _remedy(gap, joined), column)
    of_nobody = any(column.why == NOBODYS for table in joined.tables for column in table.columns)
    if not of_nobody and not any(map(is_comment, filled)):
        what, cost = WITHOUT_COMMENTS
        remedy = (
            "Nothing to do; where there are comments, add columns such as 'Communication (manager comment)'."
        )
        log.note("no_comments", f"{what} in the file: {cost}.", remedy)


def _holds_anything(cells: pl.Series) -> bool:
    # Nearly always one of the first cells does.
    parts = (cells.head(_FIRST), cells.slice(_FIRST))
    return any(bool(text_of(part).is_not_null().any()) for part in parts)


def _problem(gap: Gap, vocabulary: Vocabulary, *, empty: bool) -> str:
    rater = gap.raters[0]
    if gap.term is None:
        what, cost = WITHOUT_RATER[rater]
        return f"{what}: {cost}."
    ratings = f"the {_ADJECTIVE[rater]} ratings of {gap.term.title}"
    what = f"The column with {ratings} is empty" if empty else f"No column with {ratings}"
    if len(gap.raters) > 1:
        what = f"No ratings of {gap.term.title}, by the manager or by the person"
    return f"{what}: {_cost(rater, vocabulary.signals.get(gap.term.id, ()))}."


def _cost(rater: Rater, signals: Sequence[str]) -> str:
    named = few([f"“{signal}”" for signal in signals], _SIGNALS_NAMED)
    return f"{COSTS[rater]} ({named})" if signals else COSTS[rater]


def _remedy(gap: Gap, joined: JoinedTables) -> str:
    if gap.term is None:
        example = f"'Communication ({gap.raters[0]})'"
        remedy = (
            f"Add a column such as {example} for each competency, or say in a mapping which ones they are."
        )
        columns = (column for table in joined.tables for column in table.columns)
        beside = [f"'{column.header}'" for column in columns if column.why.endswith(NO_RATING_OF_IT)]
        return f"{remedy} Not taken for ratings: {few(beside, _NAMED)}." if beside else remedy
    if shape_of(joined.table) == "long":
        return f"Add rows with {gap.term.title}, or say in a mapping which name in the file means it."
    headers = join([f"'{gap.term.title} ({rater})'" for rater in gap.raters])
    if len(gap.raters) > 1:
        return f"Add the columns {headers}, or say in a mapping which columns they are."
    return f"Add a column {headers}, or say in a mapping which column it is."
