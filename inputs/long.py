"""Tables with one row per rating or per rater, put together to one row per person."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from inputs.cycles import cycle_order
from inputs.dates import read_dates
from inputs.layout import Column, Table
from inputs.lexicon import RATER_UNKNOWN, Lexicon
from inputs.parts import Part, Refusal, Strand, full_name, shape_of, strand_of, text_of
from inputs.roster import RATERS, Issue, Severity
from inputs.spelling import counted

_PERSON_FIELDS = (
    "employee_id",
    "email",
    "employee_name",
    "level",
    "target_level",
    "manager_id",
    "manager_name",
    "department",
    "speciality",
    "hire_date",
    "level_since",
    "product_since",
    "review_date",
    "status",
    "leaving_date",
)
_IDENTITY = ("employee_name", "level")
"""Fields that must not differ between the rows of one person."""
_LISTED = 200
"""Issues of one kind that are listed one by one; the rest is counted."""


@dataclass
class _Work:
    """What was met while a table was put together."""

    table: Table
    issues: list[Issue]
    questions: list[str]

    def issue(
        self,
        kind: str,
        severity: Severity,
        problem: str,
        remedy: str,
        role: str | None = None,
        row: int | None = None,
        value: str | None = None,
        employee_id: str | None = None,
    ) -> None:
        column = self.table.by_role.get(role) if role else None
        self.issues.append(
            Issue(
                kind,
                severity,
                problem,
                remedy,
                sheet=self.table.sheet.name,
                row=row,
                column=column.letter if column else None,
                header=column.header if column else None,
                value=value,
                employee_id=employee_id,
            )
        )


def long_part(table: Table, key: str, lexicon: Lexicon, day: date) -> Part:
    """A table with several rows per person, one row per person: the latest of repeated ratings counts."""
    work = _Work(table, [], [])
    own = {
        role: strand_of(table, column, table.cells[column.letter]) for role, column in table.by_role.items()
    }
    own |= full_name(own)
    ids = text_of(own[key].cells)
    order = _order(work, day)
    ratings = _ratings(work, lexicon, ids, order)
    keys = ids.drop_nulls().unique(maintain_order=True)
    first = (
        pl.DataFrame({"id": ids, "row": table.rows})
        .drop_nulls("id")
        .unique("id", keep="first", maintain_order=True)
    )
    strands, refusals = _person_strands(work, own, ids, order, keys)
    strands[key] = Strand(
        key, own[key].header, table.sheet.name, own[key].letter, own[key].why, keys, first["row"]
    )
    strands |= _pivoted(work, ratings, keys)
    homeless = ids.is_null()
    if homeless.any():
        rows = table.rows.filter(homeless)
        nothing = pl.Series([None], dtype=pl.String).new_from_index(0, len(rows))
        start = len(keys)
        refusals += [
            Refusal(
                start + at,
                "missing_employee_id",
                "The row does not say whose rating it is.",
                "Write the id.",
                key,
            )
            for at in range(len(rows))
        ]
        keys = pl.concat([keys, nothing.alias(keys.name)])
        strands = {role: _longer(strand, len(rows)) for role, strand in strands.items()}
        first = pl.concat([first.select("row"), rows.alias("row").to_frame()])
    return Part(
        table, key, keys, first["row"], strands, tuple(work.issues), tuple(work.questions), tuple(refusals)
    )


def _longer(strand: Strand, by: int) -> Strand:
    cells = pl.concat([strand.cells, pl.Series([None], dtype=strand.cells.dtype).new_from_index(0, by)])
    rows = strand.rows
    if rows is not None:
        rows = pl.concat([rows, pl.Series([None], dtype=pl.UInt32).new_from_index(0, by)])
    return Strand(
        strand.role, strand.header, strand.sheet, strand.letter, strand.why, cells, rows, strand.scale
    )


def _order(work: _Work, day: date) -> pl.Series:
    """A number per row, higher for later reviews; null where the row does not say when it was."""
    table = work.table
    nothing = pl.Series("order", [None], dtype=pl.Int64).new_from_index(0, len(table.rows))
    cycles = table.values("cycle")
    if cycles is not None:
        texts = text_of(cells=cycles)
        names = texts.drop_nulls().unique().sort().to_list()
        order = cycle_order(names)
        if order is not None:
            return texts.replace_strict(order, default=None, return_dtype=pl.Int64).alias("order")
        if len(names) > 1 and not table.by_role.keys() & {"review_date", "date"}:
            seen = ", ".join(f"'{name}'" for name in names[:6])
            work.questions.append(
                f"{table.place}, column {table.by_role['cycle'].letter}: which of the cycles is to be "
                f"read: {seen}? "
                "Their order cannot be told from their names. Keep the rows of one cycle."
            )
    dates = table.values("date" if "date" in table.by_role else "review_date")
    if dates is None:
        return nothing
    read = read_dates(dates, day, epoch_1904=table.sheet.epoch_1904)
    return read.readings.values.to_physical().cast(pl.Int64).alias("order")


def _ratings(work: _Work, lexicon: Lexicon, ids: pl.Series, order: pl.Series) -> pl.DataFrame:
    """One row per rating: id, role (`communication:self`), text, comment, row, letter, order."""
    table = work.table
    raters = _raters(work, lexicon, ids)
    blocks = _blocks(work, lexicon, raters)
    if not blocks:
        return pl.DataFrame(schema=_RATING_SCHEMA)
    frame = pl.concat(
        [
            pl.DataFrame(
                {
                    "id": ids,
                    "competency": competency,
                    "rater": rater,
                    "text": text,
                    "comment": comment,
                    "row": table.rows,
                    "order": order,
                }
            ).with_columns(letter=pl.lit(letter))
            for competency, rater, text, comment, letter in blocks
        ]
    )
    frame = frame.filter(
        pl.col("id").is_not_null() & (pl.col("text").is_not_null() | pl.col("comment").is_not_null())
    )
    return _once(work, frame)


_RATING_SCHEMA = {
    "id": pl.String(), "competency": pl.String(), "rater": pl.String(), "text": pl.String(),
    "comment": pl.String(), "row": pl.UInt32(), "order": pl.Int64(), "letter": pl.String(),
}  # fmt: skip
_Block = tuple[pl.Series, pl.Series, pl.Series, pl.Series, str]
"""Competency ids, raters, texts, comments, and the column letter of the texts."""


def _blocks(work: _Work, lexicon: Lexicon, raters: pl.Series | None) -> list[_Block]:
    table = work.table
    height = len(table.rows)
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, height)
    comments = table.values("rating_comment")
    comment = nothing if comments is None else text_of(comments)
    blocks: list[_Block] = []
    if shape_of(table) == "rater rows":
        assert raters is not None
        for column in table.columns:
            if (column.role or "").startswith(RATER_UNKNOWN):
                name = (column.role or "").removeprefix(RATER_UNKNOWN)
                competency = pl.Series([name]).new_from_index(0, height)
                blocks.append(
                    (competency, raters, text_of(table.cells[column.letter]), nothing, column.letter)
                )
        return blocks
    competencies = _competencies(work, lexicon)
    for rater in RATERS:
        one = table.by_role.get(f"{rater}_rating")
        if one is not None:
            own = pl.Series([rater]).new_from_index(0, height)
            blocks.append((competencies, own, text_of(table.cells[one.letter]), nothing, one.letter))
    single = table.by_role.get("rating")
    if single is not None and not blocks:
        if raters is None:
            work.questions.append(
                f"{table.place}, column {single.letter} ('{single.header}'): whose ratings are they, "
                "the person's "
                "own or the manager's? Add a column 'Rater' with 'Self' or 'Manager' in every row."
            )
        else:
            blocks.append((competencies, raters, text_of(table.cells[single.letter]), comment, single.letter))
    return blocks


def _competencies(work: _Work, lexicon: Lexicon) -> pl.Series:
    """The competency of each row; a warning per name that the rule pack does not know."""
    texts = text_of(work.table.cells[work.table.by_role["competency"].letter])
    distinct = texts.drop_nulls().unique().to_list()
    known = {text: lexicon.competency(text) for text in distinct}
    for text in sorted(text for text, found in known.items() if found is None):
        rows = work.table.rows.filter((texts == text).fill_null(value=False))
        near = lexicon.suggestion(f"{text} manager")
        meant = "Nothing to do if no rule uses it."
        if near is not None and ":" in near.role:
            meant = f"If {lexicon.titles[near.role.split(':')[0]]} is meant, write that."
        work.issue(
            "unknown_competency",
            Severity.WARNING,
            f"'{text[:60]}' is no competency that the rule pack knows; {len(rows)} rows with it were "
            "not used.",
            meant,
            "competency",
            rows[0],
            text,
        )
    return texts.replace_strict(known, default=None, return_dtype=pl.String) if known else texts


def _raters(work: _Work, lexicon: Lexicon, ids: pl.Series) -> pl.Series | None:
    """`self`, `manager` or `other` for each row; None when the table has no such column."""
    table = work.table
    role = next((name for name in ("rater", "relationship", "ratee_role") if name in table.by_role), None)
    if role is None:
        return _raters_by_id(table, ids)
    texts = text_of(table.cells[table.by_role[role].letter])
    known = {text: lexicon.rater(text) for text in texts.drop_nulls().unique().to_list()}
    if role == "relationship" and not _direction_known(table, texts, known, ids):
        column = table.by_role[role]
        work.questions.append(
            f"{table.place}, column {column.letter} ('{column.header}'): does 'Manager' there mean that "
            "the manager "
            "gave the rating, or that the rated person is the manager? Name the column 'Rater' in the "
            "first case; "
            "in the second, keep only the rows that the manager and the person gave, and name who gave "
            "them."
        )
    for text in sorted(text for text, found in known.items() if found is None):
        rows = table.rows.filter((texts == text).fill_null(value=False))
        work.issue(
            "unknown_rater",
            Severity.WARNING,
            f"'{text[:60]}' does not say who rated; {counted(len(rows), 'row')} with it not used.",
            "Write 'Self' or 'Manager', or 'Peer' for anybody else.",
            role,
            rows[0],
            text,
        )
    others = sum(int((texts == text).sum()) for text, found in known.items() if found == "other")
    if others:
        names = ", ".join(f"'{text}'" for text, found in sorted(known.items()) if found == "other")
        work.issue(
            "other_raters",
            Severity.NOTE,
            f"{counted(others, 'row')} by other raters ({names}) kept apart: not part of the "
            "manager's rating.",
            "Nothing to do.",
            role,
        )
    raters = texts.replace_strict(known, default=None, return_dtype=pl.String) if known else texts
    if role != "ratee_role":
        return raters
    return raters.replace({"manager": "other", "other": "manager"})


def _raters_by_id(table: Table, ids: pl.Series) -> pl.Series | None:
    """Who rated, from the ids of rater, person and manager."""
    rater_ids, manager_ids = table.values("rater_id"), table.values("manager_id")
    if rater_ids is None:
        return None
    rater = text_of(rater_ids)
    manager = (
        text_of(manager_ids) if manager_ids is not None else pl.Series([None] * len(ids), dtype=pl.String)
    )
    return (
        pl.DataFrame({"rater": rater, "id": ids, "manager": manager})
        .select(
            pl.when(pl.col("rater") == pl.col("id"))
            .then(pl.lit("self"))
            .when(pl.col("rater") == pl.col("manager"))
            .then(pl.lit("manager"))
            .otherwise(pl.lit("other"))
        )
        .to_series()
    )


def _direction_known(table: Table, texts: pl.Series, known: dict[str, str | None], ids: pl.Series) -> bool:
    """Whether the raters called manager are the people's managers, by their ids."""
    by_id = _raters_by_id(table, ids)
    if by_id is None or "manager_id" not in table.by_role:
        return False
    managers = texts.is_in([text for text, found in known.items() if found == "manager"]).fill_null(
        value=False
    )
    return bool(managers.any()) and bool((by_id.filter(managers) == "manager").all())


def _once(work: _Work, frame: pl.DataFrame) -> pl.DataFrame:
    """One rating per person, competency and rater: the latest; none where two of the same time differ."""
    frame = frame.filter(pl.col("competency").is_not_null() & pl.col("rater").is_in(RATERS))
    group = ["id", "competency", "rater"]
    latest = frame.with_columns(_latest=pl.col("order").max().over(group), _all=pl.len().over(group))
    older = latest.filter(
        pl.col("_latest").is_not_null() & (pl.col("order") != pl.col("_latest")).fill_null(value=True)
    )
    if older.height:
        work.issue(
            "earlier_rating",
            Severity.NOTE,
            f"{counted(older.height, 'earlier rating')} left out, because the same person has a later "
            "one by "
            "the same "
            "rater for the same competency.",
            "Nothing to do if the latest one is to count.",
        )
    frame = latest.filter(pl.col("order").eq_missing(pl.col("_latest")))
    several = frame.filter(pl.len().over(group) > 1)
    if several.is_empty():
        return frame
    differ = several.filter(pl.struct("text").n_unique().over(group) > 1)
    _report_repeats(work, differ, group)
    frame = frame.join(differ.select(group).unique(), on=group, how="anti", maintain_order="left")
    return frame.unique(group, keep="first", maintain_order=True)


def _report_repeats(work: _Work, differ: pl.DataFrame, group: Sequence[str]) -> None:
    found = differ.group_by(group, maintain_order=True).agg("row", "text", "letter")
    for employee_id, competency, rater, rows, texts, _ in found.head(_LISTED).iter_rows():
        said = ", ".join(f"{text} (row {row})" for text, row in zip(texts, rows, strict=True))
        work.issue(
            "repeated_rating",
            Severity.WARNING,
            f"{competency.replace('_', ' ')} by {rater} has several ratings of the same time: {said}. "
            "None was used.",
            "Keep the one that counts, or add the date of each.",
            "rating" if "rating" in work.table.by_role else f"{rater}_rating",
            rows[0],
            texts[0],
            employee_id,
        )
    if found.height > _LISTED:
        work.issue(
            "repeated_rating",
            Severity.WARNING,
            f"{found.height - _LISTED} more repeated ratings differ. None of them was used.",
            "Keep the one that counts, or add the date of each.",
        )


def _pivoted(work: _Work, ratings: pl.DataFrame, keys: pl.Series) -> dict[str, Strand]:
    table = work.table
    strands = {}
    parts = ratings.partition_by("competency", "rater", "letter", as_dict=True) if ratings.height else {}
    people = keys.rename("id").to_frame()
    column_at = {column.letter: column for column in table.columns}
    for (competency, rater, letter), part in sorted(parts.items()):
        column: Column = column_at[letter]
        joined = people.join(
            part.select("id", "text", "comment", "row"), on="id", how="left", maintain_order="left"
        )
        role = f"{competency}:{rater}"
        why = f"rows of {competency.replace('_', ' ')} by {rater}"
        if role in strands:
            continue
        strands[role] = Strand(
            role, column.header, table.sheet.name, letter, why, joined["text"], joined["row"], column.scale
        )
        comment = table.by_role.get("rating_comment")
        if comment is not None and joined["comment"].is_not_null().any():
            strands[f"comment:{role}"] = Strand(
                f"comment:{role}",
                comment.header,
                table.sheet.name,
                comment.letter,
                why,
                joined["comment"],
                joined["row"],
            )
    return strands


def _person_strands(
    work: _Work, own: dict[str, Strand], ids: pl.Series, order: pl.Series, keys: pl.Series
) -> tuple[dict[str, Strand], list[Refusal]]:
    """What the rows of one person agree on; where they do not, the latest, or a refusal."""
    strands: dict[str, Strand] = {}
    refusals: list[Refusal] = []
    index = {key: at for at, key in enumerate(keys.to_list())}
    for role in _PERSON_FIELDS:
        if role not in own:
            continue
        frame = pl.DataFrame(
            {
                "id": ids,
                "value": own[role].cells,
                "text": text_of(own[role].cells),
                "row": work.table.rows,
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
            refusals += _differences(work, role, differing.sort("id"), index)
        joined = (
            keys.rename("id")
            .to_frame()
            .join(chosen.select("id", "value", "row"), on="id", how="left", maintain_order="left")
        )
        strands[role] = Strand(
            role,
            own[role].header,
            own[role].sheet,
            own[role].letter,
            own[role].why,
            joined["value"],
            joined["row"],
        )
    return strands, refusals


def _differences(work: _Work, role: str, differing: pl.DataFrame, index: dict[str, int]) -> list[Refusal]:
    refusals = []
    for employee_id, _, texts, rows in differing.iter_rows():
        pairs = dict(zip(texts, rows, strict=True))
        said = ", ".join(f"'{text}' (row {row})" for text, row in list(pairs.items())[:4])
        problem = f"The rows of {employee_id} differ in the {role.replace('_', ' ')}: {said}."
        remedy = "Write the same in all rows of the person, or give each person their own id."
        if role in _IDENTITY:
            refusals.append(Refusal(index[employee_id], "conflicting_rows", problem, remedy, role))
        else:
            work.issue(
                "conflicting_value",
                Severity.WARNING,
                problem + " None was used.",
                remedy,
                role,
                rows[0],
                texts[0],
                employee_id,
            )
    return refusals
