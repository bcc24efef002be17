"""Columns such as `Comments` or `Evidence` that stand right of each rating: what each of them is about."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from inputs.fields import COMPETENCY, RATING_COMMENT, CommentOn, RatingOf
from inputs.tables.layout import Column, Table
from inputs.words.lexicon import BY_OTHERS
from inputs.words.spelling import words
from inputs.words.texts import text_of

_MOST = 0.5


def comments_beside(table: Table) -> Table:
    """The table in which columns of one name, one right of each rating, are comments on that by whoever gave
    it. Where not every rating has its own, nobody knows by whom the comments on a competency are."""
    if COMPETENCY in table.by_role:
        return table
    rated = sum(isinstance(one.role, RatingOf) for one in table.columns)
    left_of = dict(zip(table.columns[1:], table.columns, strict=False))
    named: defaultdict[Sequence[str], list[Column]] = defaultdict(list)
    for column in table.columns:
        if column.role is RATING_COMMENT or (column.role is None and not column.why and column.header):
            named[_without_number(column.header)].append(column)
    changed = []
    for columns in named.values():
        theirs = {one: left for one in columns if (left := left_of.get(one, one)).why.endswith(BY_OTHERS)}
        own = {
            one: left.role for one in columns if isinstance((left := left_of.get(one, one)).role, RatingOf)
        }
        of_each = len(own) == rated
        called = columns[0].role is RATING_COMMENT and len(own) + len(theirs) == len(columns)
        if len(own) > 1 and (of_each or called) and all(_are_comments(table, one) for one in own):
            changed += [
                _comment(one, of, of_each=of_each) for one, of in own.items() if isinstance(of, RatingOf)
            ]
            changed += [replace(one, role=None, why=left.why) for one, left in theirs.items()]
    return table.with_columns(changed)


def _without_number(header: str) -> tuple[str, ...]:
    """The words of `Comments.1` and of `Comments`."""
    spoken = words(header)
    return spoken[:-1] if len(spoken) > 1 and spoken[-1].isdigit() else spoken


def _are_comments(table: Table, column: Column) -> bool:
    """Whether a column is called so, or holds more than single words."""
    texts = text_of(table.cells[column.letter]).drop_nulls()
    return column.role is RATING_COMMENT or bool(texts.str.contains(r"\w\s+\w").sum() > _MOST * len(texts))


def _comment(column: Column, of: RatingOf, *, of_each: bool) -> Column:
    comment = CommentOn(of.competency, of.rater if of_each else None)
    return replace(column, role=comment, why=f"{comment.label}: right of that rating")
