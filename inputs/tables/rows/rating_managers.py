"""Managers whom no column names: those who gave the manager's ratings."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from inputs.fields import RATER_ID, Role
from inputs.phrases import counted
from inputs.tables.contents import SourceColumn
from inputs.tables.raters import OF_MANAGER, by_manager, plain
from inputs.tables.table_issues import TableIssues
from inputs.words.texts import each


def managers_who_rated(
    log: TableIssues, own: Mapping[Role, SourceColumn], ratings: pl.DataFrame, keys: pl.Series
) -> dict[Role, SourceColumn]:
    """The manager of everybody whose ratings by the manager, of those that count, are by one rater: by each
    thing that identifies raters, in the order of `keys`."""
    rated = by_manager(ratings)
    columns: dict[Role, SourceColumn] = {}
    for field, (of_person, of_manager) in OF_MANAGER.items():
        if field not in own or not _are_people(own[field], own.get(of_person), ratings):
            continue
        column = own[field]
        rows = pl.DataFrame({"row": log.table.rows, "value": column.cells, "who": each(column.texts, plain)})
        by = rated.select("id", "row").join(rows.drop_nulls(), on="row", maintain_order="left")
        by = by.filter(pl.col("who").n_unique().over("id") == 1).unique("id", keep="first")
        if by.is_empty():
            continue
        found = keys.rename("id").to_frame().join(by, on="id", how="left", maintain_order="left")
        columns[of_manager] = replace(column, role=of_manager, cells=found["value"], rows=found["row"])
    if columns:
        first = next(iter(columns.values()))
        people = first.texts.count()
        log.note(
            "managers_found",
            f"No column names managers: who gave the manager's ratings, in {first.called}, is taken for the "
            f"manager of {counted(people, 'person', 'people')}.",
            "Nothing to do if that is right; otherwise add a column with each person's manager.",
            None,
        )
    return columns


def _are_people(raters: SourceColumn, people: SourceColumn | None, ratings: pl.DataFrame) -> bool:
    """Whether a column identifies people who rate: those who rated themselves stand in it as they do among
    the people. The number of an answer does not, nor does `Anonymous`."""
    by_self = raters.table.rows.is_in(ratings.filter(pl.col("rater") == "self")["row"].implode())
    if people is None or not by_self.any():
        return raters.role is not RATER_ID
    pairs = zip(raters.texts.filter(by_self), people.texts.filter(by_self), strict=True)
    return any(one is not None and plain(one) == plain(other) for one, other in pairs)
