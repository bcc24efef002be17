"""A rating in two columns, as a number and as its word: `4` in `Rating Value` and `Exceeds` in `Rating`."""

from collections.abc import Iterator
from dataclasses import replace

import polars as pl

from inputs.fields import OpenRating
from inputs.tables.contents import holds_ratings
from inputs.tables.layout import Column, Table
from inputs.tables.table_issues import TableIssues
from inputs.tables.values import hold_numbers
from inputs.words.lexicon import BY_MAPPING
from inputs.words.spelling import words
from inputs.words.word_lists import word_keys

_FEW_WORDS = 12
"""Different words that ratings have at most."""
_LONGEST = 40


def words_beside_numbers(table: Table, log: TableIssues) -> Table:
    """The table in which numbers have the words that stand for them in another column; that one is not used.
    Where a word stands beside a number that usually goes with another word, the cell holds two ratings."""
    cells, told = table.cells, list[tuple[Column, Column]]()
    for numbers in table.columns:
        for named in _called_alike(table, numbers):
            both = _both(table, numbers, named)
            if both is not None:
                cells = cells.with_columns(both)
                told.append((named, numbers))
                break
    for named, numbers in told:
        log.put_aside(named, f"{numbers.called} has the numbers of its words")
    return replace(log.left_in(table), cells=cells) if told else table


def _called_alike(table: Table, numbers: Column) -> Iterator[Column]:
    """The columns that may have the words for the numbers of one: of the same ratings, or called so."""
    if not holds_ratings(numbers.role):
        return
    for column in table.columns:
        unknown = column.role is None or isinstance(column.role, OpenRating)
        called = unknown and column.header and _bare(column) == _bare(numbers)
        same = (column.role == numbers.role or called) and column.cycle == numbers.cycle
        if same and column is not numbers and column.why != BY_MAPPING:
            yield column


def _bare(column: Column) -> tuple[str, ...]:
    """The words of a header but for those that say whether numbers or words stand below it."""
    return tuple(word for word in words(column.header) if word not in word_keys("columns", "how_written"))


def _both(table: Table, numbers: Column, named: Column) -> pl.Series | None:
    """The ratings as `4 - Exceeds`; None where the columns do not hold numbers, and words for them."""
    texts, given = (table.texts_of(one) for one in (named, numbers))
    distinct = texts.drop_nulls().unique()
    plain = (distinct.str.len_chars() <= _LONGEST) & ~distinct.str.contains(r"\d")
    if not 0 < len(distinct) <= _FEW_WORDS or not plain.all() or not hold_numbers(table, numbers):
        return None
    frame = pl.DataFrame({"word": texts, "given": given}).with_row_index("at")
    number = pl.col("given").str.replace(",", ".", literal=True).cast(pl.Float64, strict=False)
    pairs = frame.with_columns(number=number).drop_nulls()
    usual = pairs.group_by("word").agg(pl.col("number").median().alias("usual"))
    # A number is that of the word to whose usual one it is nearest.
    near = pairs.join(usual.rename({"word": "other"}), how="cross")
    near = near.with_columns(apart=(pl.col("number") - pl.col("usual")).abs())
    own = pl.col("apart").filter(pl.col("word") == pl.col("other")).min()
    wrong = near.group_by("at").agg(own > pl.col("apart").min()).filter("apart")["at"]
    filled = frame.filter(pl.col("word").is_not_null() | pl.col("given").is_not_null()).height
    if 2 * pairs.height <= filled or 2 * len(wrong) > pairs.height or len(usual) > pairs["number"].n_unique():
        return None
    between = pl.when(pl.col("at").is_in(wrong.implode())).then(pl.lit(" / ")).otherwise(pl.lit(" - "))
    together = pl.concat_str("given", between, "word")
    return frame.select(pl.coalesce(together, "given", "word").alias(numbers.letter)).to_series()
