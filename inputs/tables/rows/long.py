"""Tables with one row per rating or per rater, put together to one row per person."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import polars as pl

from inputs.fields import EMPLOYEE_NAME, MANAGER, RATER_NAME, REVIEW_DATE, Field, Role
from inputs.tables.contents import (
    RATERS_OF_ROWS,
    Exclusion,
    SourceColumn,
    TableContent,
    source_columns,
    sum_of_others,
)
from inputs.tables.keys import are_ids, match_within, why_no_id
from inputs.tables.layout import Table
from inputs.tables.raters import Managers, by_manager
from inputs.tables.review_cycles import moments, report_behind, row_order
from inputs.tables.review_status import cycles, finished, is_beside_finished
from inputs.tables.rows.long_people import person_columns
from inputs.tables.rows.long_ratings import rating_columns, ratings_of
from inputs.tables.rows.managers_of_rows import managers_who_rated, report_new_managers
from inputs.tables.table_issues import TableIssues
from inputs.words.lexicon import Lexicon
from inputs.words.names import Names
from inputs.words.spelling import person_key
from inputs.words.stand_ins import sums_up
from inputs.words.texts import each


def long_content(
    table: Table, key: Field, lexicon: Lexicon, levels: Names, day: date, managers: Managers
) -> TableContent:
    """A table with several rows per person, one row per person: the latest of repeated ratings counts."""
    log = TableIssues(table)
    own = source_columns(table)
    written = own[key].texts
    ids = _one_way_of_writing(log, own, key)
    own[key] = replace(own[key], cells=ids)
    order = row_order(table, log, day)
    ratings, others = ratings_of(log, lexicon, ids, order, moments(table, day), managers)
    if REVIEW_DATE in own and REVIEW_DATE not in table.by_role:
        own[REVIEW_DATE] = _of_managers(own[REVIEW_DATE], ids, ratings)
    report_behind(log, ids, day)
    report_new_managers(log, ids, order, ratings)
    first = pl.DataFrame({"id": ids, "row": table.rows}).with_row_index("place")
    nobodys = first.filter(pl.col("id").is_null())
    first = first.drop_nulls("id").unique("id", keep="first", maintain_order=True)
    people = pl.concat([first, nobodys])
    keys = people["id"]
    columns, exclusions = person_columns(log, own, ids, _without_drafts(table, ids, order), keys, levels)
    columns[key] = replace(own[key], cells=keys, rows=table.rows_in(own[key].letter, people["row"]))
    columns |= rating_columns(log, ratings, keys, lexicon)
    if not managers and MANAGER not in own:
        columns |= managers_who_rated(log, own, ratings, keys)
    exclusions += [
        _of_nobody(at, table.cells.row(place), written[place], key)
        for at, place in enumerate(nobodys["place"], first.height)
    ]
    return TableContent(
        table,
        key,
        keys,
        people["row"],
        columns,
        tuple(log.issues),
        tuple(log.questions),
        tuple(exclusions),
        tuple(log.open_words),
        others=others,
    )


def _of_nobody(at: int, cells: Sequence[object], written: str | None, key: Field) -> Exclusion:
    """Why a row without an id is left out."""
    texts = [text for cell in cells if cell is not None and (text := str(cell).strip())]
    if any(map(sums_up, texts[:2])):
        return sum_of_others(at, texts[0])
    if written is not None:
        return Exclusion(at, *why_no_id(written), key)
    problem = "The row does not say whose rating it is."
    return Exclusion(at, "missing_employee_id", problem, "Write the id.", key)


def _of_managers(dates: SourceColumn, ids: pl.Series, ratings: pl.DataFrame) -> SourceColumn:
    """The dates of ratings, those by the manager alone where there are any: a review is as old as these."""
    rated = by_manager(ratings)
    theirs = dates.table.rows.is_in(rated["row"].implode()) | ~ids.is_in(rated["id"].implode())
    return replace(dates, cells=pl.select(pl.when(theirs).then(dates.cells)).to_series())


def _one_way_of_writing(log: TableIssues, own: dict[Role, SourceColumn], key: Field) -> pl.Series:
    """Who each row is about, each person by one way of writing."""
    nothing = pl.Series(dtype=pl.String).clear(len(log.table.rows))
    names = own[EMPLOYEE_NAME].texts if EMPLOYEE_NAME in own else nothing
    raters = next((log.table.texts(one) for one in RATERS_OF_ROWS if one in log.table.by_role), nothing)
    if raters is nothing and key is EMPLOYEE_NAME and RATER_NAME in log.table.by_role:
        given = each(log.table.texts(RATER_NAME), person_key)
        raters = (given == each(names, person_key)).replace_strict({True: "self", False: "other"})
    matched = match_within(own[key].texts, key, names, raters)
    for problem in matched.notes:
        log.note("ids_joined", problem, "Nothing to do if that is right.", key)
    return matched.keys.set(~are_ids(matched.keys), None)


def _without_drafts(table: Table, ids: pl.Series, order: pl.Series) -> pl.Series:
    """The order of the rows without unfinished reviews of people who have a finished one of the cycle."""
    frame = pl.DataFrame({"id": ids, "order": order, "finished": finished(table), "cycle": cycles(table)})
    return frame.select(order=pl.when(~is_beside_finished("id")).then("order")).to_series()
