"""Tables with several rows per person: what they say about the person, apart from ratings."""

import itertools
from collections.abc import Callable, Mapping
from dataclasses import replace

import polars as pl

from inputs.fields import EMPLOYEE_NAME, FIELDS, LEVEL, REVIEW_DATE, Field, Role
from inputs.phrases import few
from inputs.tables.contents import IDENTITY, Exclusion, SourceColumn
from inputs.tables.table_issues import TableIssues
from inputs.words.names import Names
from inputs.words.people_names import share_a_word
from inputs.words.spelling import person_key
from inputs.words.written_ratings import is_unrated


def person_columns(
    log: TableIssues,
    own: Mapping[Role, SourceColumn],
    ids: pl.Series,
    order: pl.Series,
    keys: pl.Series,
    levels: Names,
) -> tuple[dict[Role, SourceColumn], list[Exclusion]]:
    """What the rows of one person agree on; where they do not, the latest, or an exclusion."""
    columns: dict[Role, SourceColumn] = {}
    exclusions: list[Exclusion] = []
    index = {key: at for at, key in enumerate(keys.to_list())}
    for field in FIELDS.values():
        if field not in own or field.use == "rating":
            continue
        column = own[field]
        frame = pl.DataFrame(
            {"id": ids, "value": column.cells, "text": column.texts, "row": log.table.rows, "order": order}
        ).drop_nulls(["id", "text"])
        nothing = [text for text in frame["text"].unique().to_list() if is_unrated(text)]
        frame = frame.filter(~pl.col("text").is_in(nothing))
        frame = frame.sort("order", descending=True, nulls_last=True, maintain_order=True)
        chosen = frame.unique("id", keep="first", maintain_order=True)
        whole = field is EMPLOYEE_NAME
        latest = (
            frame if whole else frame.filter(pl.col("order").eq_missing(pl.col("order").max().over("id")))
        )
        differing = latest.group_by("id").agg("text", "row").filter(pl.col("text").list.n_unique() > 1)
        plain = levels.plain if field is LEVEL else levels.name_key
        differing = differing.filter(_differ(differing["text"], plain))
        if whole and differing.height:
            differing = _other_people(log, differing.sort("id"))
        if field is not REVIEW_DATE and differing.height:
            chosen = chosen.join(differing, on="id", how="anti")
            exclusions += _differences(log, field, differing.sort("id"), index)
        found = keys.rename("id").to_frame()
        found = found.join(chosen.select("id", "value", "row"), on="id", how="left", maintain_order="left")
        rows = log.table.rows_in(column.letter, found["row"])
        columns[field] = replace(column, cells=found["value"], rows=rows)
    return columns, exclusions


def _differ(texts: pl.Series, plain: Callable[[str], str]) -> pl.Series:
    """Whether the texts of each list are more than spellings of one name."""
    return pl.Series([len(set(map(plain, listed))) > 1 for listed in texts.to_list()], dtype=pl.Boolean)


def _other_people(log: TableIssues, differing: pl.DataFrame) -> pl.DataFrame:
    """The ids with names that have no word in common: those are two people. Other names are told of where
    they are more than another spelling."""
    other = []
    for employee_id, texts, rows in differing.iter_rows():
        if not all(itertools.starmap(share_a_word, itertools.combinations(set(texts), 2))):
            other.append(employee_id)
        elif len({person_key(text) for text in texts}) > 1:
            names = ", ".join(f"'{text}'" for text in sorted(set(texts)))
            log.warn(
                "conflicting_value",
                f"The rows of {employee_id} have different names: {names}. They were read as one person, "
                "with the latest name.",
                "If they are two people, give each their own id.",
                EMPLOYEE_NAME,
                rows[0],
                texts[0],
                employee_id,
            )
    return differing.filter(pl.col("id").is_in(other))


def _differences(
    log: TableIssues, field: Field, differing: pl.DataFrame, index: Mapping[str | None, int]
) -> list[Exclusion]:
    exclusions = []
    for employee_id, texts, rows in differing.iter_rows():
        pairs = list(dict(zip(texts, rows, strict=True)).items())
        shown = few([f"'{text}' (row {log.table.row_label(row)})" for text, row in pairs], 4)
        problem = f"The rows of {employee_id} differ in the {field.label}: {shown}."
        remedy = "Write the same in all rows of the person, or give each person their own id."
        if field in IDENTITY:
            exclusions.append(Exclusion(index[employee_id], "conflicting_rows", problem, remedy, field))
        else:
            log.warn(
                "conflicting_value",
                f"{problem} None was used.",
                remedy,
                field,
                rows[0],
                texts[0],
                employee_id,
            )
    return exclusions
