"""What rows say of managers: who has another one than before, and who rated where no column names any."""

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from inputs.fields import KEYS_OF_MANAGERS, RATER_ID, Role
from inputs.phrases import counted, few
from inputs.roster import Severity
from inputs.tables.contents import SourceColumn, source_columns
from inputs.tables.raters import OF_MANAGER, by_manager, plain, tell_who_rated
from inputs.tables.table_issues import TableIssues
from inputs.words.spelling import person_key
from inputs.words.texts import each


def report_new_managers(
    log: TableIssues, keys: pl.Series, order: pl.Series, ratings: pl.DataFrame | None = None
) -> None:
    """Says whose manager changed between rows, by what tells people apart and the order of the rows, and how
    many of the `ratings` that count were given under the former one."""
    columns = source_columns(log.table)
    field = next((one for one in KEYS_OF_MANAGERS if one in columns), None)
    if field is None:
        return
    texts = columns[field].texts
    rows = pl.DataFrame({"key": keys, "order": order, "row": log.table.rows, "manager": texts}).drop_nulls()
    rows = rows.with_columns(who=each(rows["manager"], person_key))
    latest = rows.filter(pl.col("order") == pl.col("order").max().over("key"))
    latest = latest.filter(pl.col("who").n_unique().over("key") == 1).unique("key", maintain_order=True)
    former = rows.join(latest.select("key", now="manager", here="who"), on="key", maintain_order="left")
    former = former.filter(pl.col("who") != pl.col("here")).sort(
        "order", descending=True, maintain_order=True
    )
    people = former.unique("key", keep="first", maintain_order=True).sort("row")
    if people.is_empty():
        return
    named = [
        f"{one} ('{then}', now '{now}')"
        for one, then, now in people.select("key", "manager", "now").iter_rows()
    ]
    kept = 0
    if ratings is not None:
        theirs = by_manager(ratings).join(
            former.select("row", "manager", "now"), on="row", maintain_order="left"
        )
        kept = theirs.height
        each_one = theirs.group_by("id", "manager", "now", maintain_order=True)
        tell_who_rated(log, each_one.agg(pl.len(), pl.col("row").first()).iter_rows(), field)
    count = counted(kept, "rating")
    under = f" {count} by the former manager {'counts' if kept == 1 else 'count'}: no later row has another."
    log.add(
        Severity.WARNING if kept else Severity.NOTE,
        "new_manager",
        f"{counted(people.height, 'person has', 'people have')} another manager in the latest row than "
        f"before: {few(named)}. The latest one counts and gets the page.{under if kept else ''}",
        f"Nothing to do if that is right{'; otherwise take those ratings out' if kept else ''}.",
        field,
    )


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
