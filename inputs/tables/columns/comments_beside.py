"""Columns such as `Comments` or `Evidence` that stand right of each rating, and comments below the headers of
ratings: what each of them is about."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

import polars as pl

from inputs.fields import COMPETENCY, OVERALL, RATING_COMMENT, CommentOn, RatingOf
from inputs.phrases import counted, was
from inputs.roster import Severity
from inputs.tables.layout import Column, Table
from inputs.tables.table_issues import TableIssues
from inputs.words.lexicon import BY_MAPPING, BY_OTHERS
from inputs.words.spelling import words
from inputs.words.texts import text_of
from inputs.words.written_ratings import read_written_rating

_MOST = 0.5
_WORDS = 3
"""Of a sentence, at least."""
_FEWEST = 5
"""Sentences of which nearly all differ, as the words of a scale do not."""
_DIFFERENT = 0.9


def comments_beside(table: Table) -> Table:
    """The table in which columns of one name, one right of each rating, are comments on that by whoever gave
    it, or by whom they say. Where not every rating has its own and they do not say it, nobody knows by whom
    the comments on a competency are."""
    if COMPETENCY in table.by_role:
        return table
    rated = sum(isinstance(one.role, RatingOf) for one in table.columns)
    left_of = _beside_what(table)
    named: defaultdict[Sequence[str], list[Column]] = defaultdict(list)
    for column in table.columns:
        unknown = column.role is None and not column.why and column.header
        if column.role is RATING_COMMENT or _by_somebody(column) or unknown:
            named[_without_number(column.header)].append(column)
    changed = []
    for columns in named.values():
        theirs = {one: left for one in columns if (left := left_of.get(one, one)).why.endswith(BY_OTHERS)}
        own = {
            one: left.role for one in columns if isinstance((left := left_of.get(one, one)).role, RatingOf)
        }
        of_each = len(own) == rated
        rest = [one for one in columns if one not in own and one not in theirs]
        called = columns[0].role is not None and (not rest or (_by_somebody(rest[0]) and len(rest) == 1))
        if len(own) > 1 and (of_each or called) and all(_are_comments(table, one) for one in own):
            changed += [
                _comment(one, of, of_each=of_each) for one, of in own.items() if isinstance(of, RatingOf)
            ]
            changed += [replace(one, role=None, why=left.why) for one, left in theirs.items()]
    return table.with_columns(changed)


def _beside_what(table: Table) -> dict[Column, Column]:
    """What stands left of each column; `Self comment` and `Manager comment` may both stand right of one."""
    found: dict[Column, Column] = {}
    left: Column | None = None
    for column in table.columns:
        if left is not None:
            found[column] = left
        left = left if _by_somebody(column) else column
    return found


def _by_somebody(column: Column) -> bool:
    """Whether a column is a comment on everything by a known rater, as far as its header says."""
    return isinstance(column.role, CommentOn) and column.role.competency == OVERALL


def sentences_as_comments(table: Table, log: TableIssues) -> Table:
    """The table in which columns that are headed like ratings and hold sentences alone, each another one, are
    comments, with a warning. Not where nothing else is by the manager: then it is asked."""
    rated = {one: one.role for one in table.columns if isinstance(one.role, RatingOf)}
    texts = {one: _sentences(table.cells[one.letter]) for one in rated if one.why != BY_MAPPING}
    told = {one: cells for one, cells in texts.items() if len(cells)}
    if not any(role.rater == "manager" for one, role in rated.items() if one not in told):
        told = {one: cells for one, cells in told.items() if rated[one].rater != "manager"}
    everything = pl.concat(told.values()) if told else pl.Series(dtype=pl.String)
    if len(everything) < _FEWEST or everything.n_unique() < _DIFFERENT * len(everything):
        return table
    count, first = len(told), next(iter(told))
    problem = (
        f"{counted(count, 'column')} headed like ratings, such as '{first.header}', {was(count)} read as "
        "comments: there are sentences and no ratings below."
    )
    remedy = (
        "Nothing to do if that is right; otherwise write the ratings in front of them, as in '4 - led it'."
    )
    log.issues.append(table.issue("comment_alone", Severity.WARNING, problem, remedy, first))
    why = "sentences below the header of a rating"
    comments = {one: CommentOn(rated[one].competency, rated[one].rater) for one in told}
    return table.with_columns(replace(one, role=comment, why=why) for one, comment in comments.items())


def _sentences(cells: pl.Series) -> pl.Series:
    """The texts of a column that holds sentences alone; none of another, whose first cells tell it mostly."""
    for some in (cells.drop_nulls().head(_FEWEST), cells):
        texts = text_of(some).drop_nulls()
        if not all(map(_is_sentence, texts)):
            return texts.clear()
    return texts


def _is_sentence(text: str) -> bool:
    found = read_written_rating(text)
    return found.kind in ("word", "unreadable") and not found.label and len(text.split()) >= _WORDS


def _without_number(header: str) -> tuple[str, ...]:
    """The words of `Comments.1` and of `Comments`."""
    spoken = words(header)
    return spoken[:-1] if len(spoken) > 1 and spoken[-1].isdigit() else spoken


def _are_comments(table: Table, column: Column) -> bool:
    """Whether a column is called so, or holds more than single words."""
    texts = table.texts_of(column).drop_nulls()
    return column.role is not None or bool(texts.str.contains(r"\w\s+\w").sum() > _MOST * len(texts))


def _comment(column: Column, of: RatingOf, *, of_each: bool) -> Column:
    said = column.role.rater if isinstance(column.role, CommentOn) else None
    comment = CommentOn(of.competency, said or (of.rater if of_each else None))
    return replace(column, role=comment, why=f"{comment.label}: right of that rating")
