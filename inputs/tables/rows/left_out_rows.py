"""Rows that are left out because another row of the same person counts: told of, each with its person."""

from dataclasses import dataclass

import polars as pl

from inputs.fields import BY, CYCLE, DATE, REVIEW_DATE, REVIEW_STATUS, Field, Rater
from inputs.phrases import counted, few, tally, was
from inputs.tables.layout import Table
from inputs.tables.rows.repeated_rows import person_of
from inputs.tables.rows.split_rows import rows_rated
from inputs.tables.table_issues import TableIssues

TIMES = (CYCLE, DATE, REVIEW_DATE)
"""What says when a row was written, the best first."""
_LISTED = 200
"""Rows that are named one by one; the rest is counted."""
_LACKS: dict[Rater, str] = {"self": "rating of their own", "manager": "rating by the manager"}
_AS_ONE = "say in a mapping that rows which fill different cells are one: `row_that_counts: together`"


@dataclass(frozen=True)
class _LeftOut:
    """Rows of a table that are left out, and what says why."""

    table: Table
    keys: pl.Series
    rows: pl.Series
    """Whether each row is left out (Boolean)."""
    role: Field

    @property
    def texts(self) -> pl.Series:
        return self.table.texts(self.role)


def report_earlier(
    table: Table, keys: pl.Series, earlier: pl.Series, not_rated: frozenset[str], log: TableIssues
) -> None:
    """A note of how many rows of which cycles were left out, and one for each row; a warning of people who
    lack a rater's ratings without them."""
    left = _LeftOut(table, keys, earlier, next(role for role in TIMES if role in table.by_role))
    counts = left.texts.filter(earlier).value_counts(sort=True)
    shown = tally(((f"'{_day(text)}'", count) for text, count in counts.iter_rows()), 6)
    log.note(
        "earlier_row",
        f"{counted(int(earlier.sum()), 'row')} left out, each followed by a later row of the same person, "
        f"which counts: {shown}.",
        "Nothing to do if the latest row of each person is to count.",
        left.role,
    )
    _name_each(left, "earlier_row", "The row of {} is from {}; a later one counts.", log)
    same = f"write the same {left.role.label} in all of them"
    same = same if left.role is CYCLE else f"{same}, or {_AS_ONE}"
    remedy = f"If those rows are of the same review, {same}."
    _warn_of_lost_raters(left, "rated_earlier", "earlier rows", remedy, not_rated, log)


def report_drafts(
    table: Table, keys: pl.Series, drafts: pl.Series, not_rated: frozenset[str], log: TableIssues
) -> None:
    """The same of reviews that are not finished, of people who have a finished one."""
    left, count = _LeftOut(table, keys, drafts, REVIEW_STATUS), int(drafts.sum())
    log.note(
        "unfinished_review",
        f"{counted(count, 'row')} of a review that is not finished {was(count)} left out, because the same "
        "person has a finished one.",
        "Nothing to do if the finished one is to count.",
        REVIEW_STATUS,
    )
    why = "The row of {} is of a review that is not finished ('{}'); a finished one counts."
    _name_each(left, "unfinished_review", why, log)
    remedy = "If those are to count, give them the status of the others."
    _warn_of_lost_raters(left, "rated_in_draft", "reviews that are not finished", remedy, not_rated, log)


def _name_each(left: _LeftOut, kind: str, why: str, log: TableIssues) -> None:
    texts = left.texts
    for at in left.rows.arg_true().head(_LISTED).to_list():
        person, text, row = person_of(left.keys[at]), texts[at], int(left.table.rows[at])
        problem = why.format(person, _day(text))
        log.note(kind, problem, "Nothing to do.", left.role, row, text, person)


def _warn_of_lost_raters(
    left: _LeftOut, kind: str, where: str, remedy: str, not_rated: frozenset[str], log: TableIssues
) -> None:
    """A warning of people whom one of the raters has rated in rows alone that are left out."""
    people = [None if one is None else person_of(one) for one in left.keys.to_list()]
    frame = pl.DataFrame({"who": people, "text": left.texts, "left": left.rows})
    for rater, rated in rows_rated(left.table, not_rated).items():
        given = frame.filter(rated & pl.col("who").is_not_null())
        lost = given.filter(pl.col("left").all().over("who")).unique("who", keep="last", maintain_order=True)
        if lost.height:
            shown = [f"{who} ('{_day(text)}')" for who, text in lost.select("who", "text").iter_rows()]
            have = counted(lost.height, "person has", "people have")
            log.warn(
                kind,
                f"{have} no {_LACKS[rater]}, because those they have are in {where}, which were left out: "
                f"{few(shown)}.",
                f"{remedy} If not, ask {BY[rater]} for theirs.",
                left.role,
            )


def _day(text: str | None) -> str:
    """A cycle or day as it is shown, without the midnight that spreadsheets add to days."""
    return (text or "").removesuffix(" 00:00:00")
