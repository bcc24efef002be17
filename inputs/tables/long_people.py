"""Tables with several rows per person: what the rows of one person say about the person."""

from dataclasses import replace

import polars as pl

from inputs.roster import Severity
from inputs.tables.contents import Exclusion, SourceColumn, text_of
from inputs.tables.table_issues import TableIssues

_PERSON_FIELDS = (
    "employee_id",
    "email",
    "employee_name",
    "level",
    "target_level",
    "manager_id",
    "manager_name",
    "department",
    "specialisation",
    "hire_date",
    "level_since",
    "product_since",
    "review_date",
    "status",
    "leaving_date",
)
_IDENTITY = ("employee_name", "level")
"""Fields that must not differ between the rows of one person."""


def person_columns(
    log: TableIssues, own: dict[str, SourceColumn], ids: pl.Series, order: pl.Series, keys: pl.Series
) -> tuple[dict[str, SourceColumn], list[Exclusion]]:
    """What the rows of one person agree on; where they do not, the latest, or a exclusion."""
    columns: dict[str, SourceColumn] = {}
    exclusions: list[Exclusion] = []
    index = {key: at for at, key in enumerate(keys.to_list())}
    for role in _PERSON_FIELDS:
        if role not in own:
            continue
        frame = pl.DataFrame(
            {
                "id": ids,
                "value": own[role].cells,
                "text": text_of(own[role].cells),
                "row": log.table.rows,
                "order": order,
            }
        ).filter(pl.col("id").is_not_null() & pl.col("text").is_not_null())
        frame = frame.sort("order", descending=True, nulls_last=True, maintain_order=True)
        top = frame.filter(pl.col("order").eq_missing(pl.col("order").max().over("id")))
        differing = (
            top.group_by("id")
            .agg(pl.col("text").n_unique().alias("n"), "text", "row")
            .filter(pl.col("n") > 1)
        )
        chosen = frame.unique("id", keep="first", maintain_order=True)
        if role != "review_date" and differing.height:
            chosen = chosen.join(differing.select("id"), on="id", how="anti")
            exclusions += _differences(log, role, differing.sort("id"), index)
        joined = (
            keys.rename("id")
            .to_frame()
            .join(chosen.select("id", "value", "row"), on="id", how="left", maintain_order="left")
        )
        columns[role] = replace(own[role], role=role, cells=joined["value"], rows=joined["row"], scale=None)
    return columns, exclusions


def _differences(
    log: TableIssues, role: str, differing: pl.DataFrame, index: dict[str, int]
) -> list[Exclusion]:
    exclusions = []
    for employee_id, _, texts, rows in differing.iter_rows():
        pairs = dict(zip(texts, rows, strict=True))
        said = ", ".join(f"'{text}' (row {log.table.said_row(row)})" for text, row in list(pairs.items())[:4])
        problem = f"The rows of {employee_id} differ in the {role.replace('_', ' ')}: {said}."
        remedy = "Write the same in all rows of the person, or give each person their own id."
        if role in _IDENTITY:
            exclusions.append(Exclusion(index[employee_id], "conflicting_rows", problem, remedy, role))
        else:
            log.issue(
                "conflicting_value",
                Severity.WARNING,
                problem + " None was used.",
                remedy,
                role,
                rows[0],
                texts[0],
                employee_id,
            )
    return exclusions
