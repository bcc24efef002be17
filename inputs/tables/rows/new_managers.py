"""People whose manager is another one in their latest row than in those before."""

import polars as pl

from inputs.fields import KEYS_OF_MANAGERS
from inputs.phrases import counted, few
from inputs.roster import Severity
from inputs.tables.contents import source_columns
from inputs.tables.raters import by_manager, tell_who_rated
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
