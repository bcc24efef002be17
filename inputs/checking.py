"""Tables to a roster: typed values, and one issue per cell that does not fit."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from inputs.dates import DateColumn, read_dates
from inputs.layout import Column, Table
from inputs.levels import LevelNames, level_names
from inputs.lexicon import Lexicon
from inputs.readings import ERROR_TEXTS, Fault, Readings, read_distinct, tidy
from inputs.roster import (
    NOT_ASSESSABLE_SCHEMA,
    PEOPLE_SCHEMA,
    RATERS,
    ColumnSource,
    FileSource,
    InputError,
    Issue,
    Roster,
    Severity,
    Vocabulary,
    rating_column,
)
from inputs.scales import is_rounded, is_unrated, rating_reader

TEXT_FIELDS = ("employee_id", "employee_name", "manager_id", "manager_name", "department", "speciality")
DATE_FIELDS = ("hire_date", "level_since", "product_since", "review_date")


@dataclass
class Check:
    """The work on one table: what was read so far, and the issues met."""

    table: Table
    vocabulary: Vocabulary
    lexicon: Lexicon
    day: date
    ids: pl.Series = field(default_factory=lambda: pl.Series(dtype=pl.String))
    issues: list[Issue] = field(default_factory=list)

    def note(self, kind: str, problem: str, remedy: str, column: Column | None = None) -> None:
        """Adds a note about a column or the whole sheet."""
        self.issues.append(
            Issue(
                kind,
                Severity.NOTE,
                problem,
                remedy,
                sheet=self.table.sheet.name,
                column=column.letter if column else None,
                header=column.header if column else None,
            )
        )

    def cell(self, at: int, column: Column, fault: Fault, severity: Severity = Severity.WARNING) -> None:
        """Adds the issue of one cell."""
        self.issues.append(
            Issue(
                fault.kind,
                severity,
                fault.problem,
                fault.remedy,
                sheet=self.table.sheet.name,
                row=self.table.rows[at],
                column=column.letter,
                header=column.header,
                value=fault.text,
                employee_id=self.ids[at],
            )
        )


def check_table(table: Table, vocabulary: Vocabulary, lexicon: Lexicon, day: date) -> Roster:
    """The roster that a table with one row per person holds. Raises InputError when nobody can be read."""
    check = Check(table, vocabulary, lexicon, day)
    names = level_names(vocabulary)
    _require(table)
    check.ids = _text(table, "employee_id")
    fields: dict[str, pl.Series] = {"row": table.rows, "employee_id": check.ids}
    fields |= _texts(check)
    fields |= _dates(check)
    levels = _levels(check, names)
    fields["level"] = levels
    fields["target_level"] = _target_levels(check, names, levels)
    ratings = _ratings(check)
    comments = _comments(table)
    refused = _refused(check, names, levels)
    keep = refused["kind"].is_null()
    people = pl.DataFrame({name: fields[name] for name in PEOPLE_SCHEMA}, schema=PEOPLE_SCHEMA).filter(keep)
    return Roster(
        people=people,
        ratings=pl.DataFrame(ratings).filter(keep) if ratings else pl.DataFrame(height=people.height),
        comments=pl.DataFrame(comments).filter(keep) if comments else pl.DataFrame(height=people.height),
        not_assessable=_not_assessable(check, refused, fields),
        issues=_in_order(check.issues, table),
        columns=_sources(table),
        sources=(
            FileSource(
                table.sheet.file, table.sheet.sha256, table.sheet.name, table.header_row, len(table.rows)
            ),
        ),
    )


def _require(table: Table) -> None:
    seen = ", ".join(f"'{column.header}'" for column in table.columns if column.header)
    place = table.sheet.file + (f", sheet '{table.sheet.name}'" if table.sheet.name else "")
    for role, name in (("employee_id", "an employee id"), ("level", "the level")):
        if role not in table.by_role:
            raise InputError(
                f"{place}, row {table.header_row}: no column with {name} was found. Columns seen: {seen}. "
                f"Name one of them '{name.split(' ', 1)[1].capitalize()}', or say which it is in a mapping "
                "(`readiness inspect --write-mapping`)."
            )
    if not any(":" in role for role in table.by_role):
        raise InputError(
            f"{place}, row {table.header_row}: no column with ratings was found. Columns seen: {seen}. "
            "Ratings need two columns per competency, such as 'Communication (self)' and "
            "'Communication (manager)'."
        )
    if table.cells.is_empty():
        raise InputError(f"{place}: there are no rows below the header in row {table.header_row}.")


def _text(table: Table, role: str) -> pl.Series:
    """A column of texts: tidied, null where there is none."""
    cells = table.values(role)
    if cells is None:
        return pl.Series(role, [None], dtype=pl.String).new_from_index(0, len(table.rows))
    if cells.dtype != pl.String:
        cells = cells.cast(pl.String)
    tidied = cells.str.normalize("NFKC").str.replace_all(r"\s+", " ").str.strip_chars()
    return tidied.set(tidied == "", None).alias(role)


def _texts(check: Check) -> dict[str, pl.Series]:
    texts = {}
    for role in TEXT_FIELDS[1:]:
        column = check.table.by_role.get(role)
        values = _text(check.table, role)
        if column is not None:
            wrong = values.is_in(list(ERROR_TEXTS)).fill_null(value=False)
            for at in wrong.arg_true().to_list():
                problem = f"The cell holds the spreadsheet error {values[at]}."
                check.cell(
                    at, column, Fault(at, values[at], "error_cell", problem, "Write the value itself.")
                )
            values = values.set(wrong, None)
        texts[role] = values
    return texts


def _dates(check: Check) -> dict[str, pl.Series]:
    dates = {}
    for role in DATE_FIELDS:
        column = check.table.by_role.get(role)
        cells = check.table.values(role)
        if column is None or cells is None:
            dates[role] = pl.Series(role, [None], dtype=pl.Date).new_from_index(0, len(check.table.rows))
            continue
        read = read_dates(cells, check.day)
        _report_dates(check, column, read)
        dates[role] = read.readings.values
    return dates


def _report_dates(check: Check, column: Column, read: DateColumn) -> None:
    for fault in read.readings.faults:
        check.cell(fault.at, column, fault)
    if read.order is not None:
        check.note(
            "date_order",
            f"{read.ordered} different dates could be read in two ways; they were read {read.order}, "
            "as the other dates of the column show.",
            "If that is wrong, write the dates as YYYY-MM-DD.",
            column,
        )


def _levels(check: Check, names: LevelNames) -> pl.Series:
    """Level ids, null where unknown. Raises InputError when no row holds a known level."""
    written = _text(check.table, "level")
    distinct = written.unique().drop_nulls()
    ids = [names.level(text) for text in distinct.to_list()]
    if not any(ids):
        place = check.table.sheet.file + (
            f", sheet '{check.table.sheet.name}'" if check.table.sheet.name else ""
        )
        column = check.table.by_role["level"]
        seen = ", ".join(f"'{text}'" for text in distinct.sort().head(8).to_list()) or "nothing"
        known = ", ".join(term.title for term in check.vocabulary.levels)
        raise InputError(
            f"{place}, column {column.letter} ('{column.header}'): no level of the rule pack was found. "
            f"Seen: {seen}. Known: {known}."
        )
    new = pl.Series(ids, dtype=pl.String)
    return written.replace_strict(distinct, new, default=None, return_dtype=pl.String).alias("level")


def _target_levels(check: Check, names: LevelNames, levels: pl.Series) -> pl.Series:
    column = check.table.by_role.get("target_level")
    written = _text(check.table, "target_level")
    if column is None:
        return written
    distinct = written.unique().drop_nulls()
    new = pl.Series([names.level(text) for text in distinct.to_list()], dtype=pl.String)
    targets = (
        written.replace_strict(distinct, new, default=None, return_dtype=pl.String).alias("target_level")
        if len(distinct)
        else written
    )
    pairs = pl.DataFrame({"level": levels, "target": targets, "written": written})
    open_pairs = pl.DataFrame(
        [(level, target) for level, nexts in check.vocabulary.next_levels.items() for target in nexts],
        schema={"level": pl.String, "target": pl.String},
        orient="row",
    ).with_columns(fits=True)
    fits = pairs.join(open_pairs, on=["level", "target"], how="left", maintain_order="left")[
        "fits"
    ].fill_null(value=False)
    wrong = (~fits) & written.is_not_null() & levels.is_not_null()
    for at in wrong.arg_true().to_list():
        _report_target(check, column, names, at, written[at], levels[at], targets[at])
    return targets.set(~fits, None)


def _report_target(
    check: Check, column: Column, names: LevelNames, at: int, text: str, level: str, target: str | None
) -> None:
    steps = check.vocabulary.next_levels.get(level, ())
    allowed = ", ".join(names.titles[step] for step in steps) or "none: it is the top of the ladder"
    here = names.titles[level]
    if target is None:
        kind, problem = "unknown_target_level", f"'{text[:60]}' is no level that the rule pack knows."
    else:
        kind, problem = "target_not_next", f"{names.titles[target]} does not follow {here}."
    remedy = f"Write a next level of {here} ({allowed}), or leave it empty."
    check.cell(at, column, Fault(at, text, kind, problem, remedy))


def _ratings(check: Check) -> list[pl.Series]:
    read = rating_reader(check.vocabulary.scale)
    ratings = []
    unrated: dict[str, int] = {}
    for term in check.vocabulary.competencies:
        for rater in RATERS:
            name = rating_column(term.id, rater)
            cells = check.table.values(name)
            if cells is None:
                continue
            readings = read_distinct(cells, read, pl.Int64())
            for fault in readings.faults:
                check.cell(fault.at, check.table.by_role[name], fault)
            _report_rounded(check, check.table.by_role[name], readings)
            _count_unrated(cells, readings, unrated)
            ratings.append(readings.values.alias(name))
    if unrated:
        said = ", ".join(f"'{text}' ({count})" for text, count in sorted(unrated.items()))
        check.note(
            "declared_unrated", f"Read as not rated: {said}.", "Nothing to do if that is what they mean."
        )
    return ratings


def _report_rounded(check: Check, column: Column, readings: Readings[int]) -> None:
    rounded = [
        text for text, reading in readings.by_text.items() if reading.value is not None and is_rounded(text)
    ]
    if rounded:
        check.note(
            "rounded_rating",
            f"Ratings with more than four decimals, such as {rounded[0]}, were rounded to four.",
            "Nothing to do if four decimals are enough.",
            column,
        )


def _count_unrated(cells: pl.Series, readings: Readings[int], unrated: dict[str, int]) -> None:
    for text, reading in readings.by_text.items():
        tidied = tidy(text)
        if reading.value is None and reading.kind is None and tidied and is_unrated(tidied):
            unrated[tidied] = unrated.get(tidied, 0) + int((cells == text).sum())


def _comments(table: Table) -> list[pl.Series]:
    comments = []
    for column in table.columns:
        if column.role is not None and column.role.startswith("comment:"):
            cells = table.cells[column.letter].cast(pl.String).str.strip_chars()
            comments.append(cells.set(cells == "", None).alias(column.role.removeprefix("comment:")))
    return comments


def _refused(check: Check, names: LevelNames, levels: pl.Series) -> pl.DataFrame:
    """For every row: why it cannot be assessed (`kind`, null when it can), with problem and remedy."""
    ids, height = check.ids, len(check.ids)
    kinds: list[str | None] = [None] * height
    problems: list[str | None] = [None] * height
    remedies: list[str | None] = [None] * height

    def refuse(at: int, role: str, kind: str, problem: str, remedy: str, text: str | None) -> None:
        kinds[at], problems[at], remedies[at] = kind, problem, remedy
        check.cell(at, check.table.by_role[role], Fault(at, text, kind, problem, remedy), Severity.ERROR)  # type: ignore[arg-type]

    written = _text(check.table, "level")
    for at in levels.is_null().arg_true().to_list():
        kind, problem, remedy = _level_problem(names, written[at])
        refuse(at, "level", kind, problem, remedy, written[at])
    missing = ids.is_null()
    for at in missing.arg_true().to_list():
        refuse(at, "employee_id", "missing_employee_id", "The row has no employee id.", "Write the id.", None)
    for at, kind, problem, remedy in _duplicates(check):
        refuse(at, "employee_id", kind, problem, remedy, ids[at])
    return pl.DataFrame(
        {"kind": kinds, "problem": problems, "remedy": remedies},
        schema={"kind": pl.String, "problem": pl.String, "remedy": pl.String},
    )


def _level_problem(names: LevelNames, written: str | None) -> tuple[str, str, str]:
    if written is None:
        return "missing_level", "The row has no level.", "Write a level that the rule pack knows."
    near = names.suggestion(written)
    remedy = (
        f"If {near} is meant, write that." if near else f"Write one of: {', '.join(names.titles.values())}."
    )
    return "unknown_level", f"'{written[:60]}' is no level that the rule pack knows.", remedy


def _duplicates(check: Check) -> list[tuple[int, str, str, str]]:
    """The rows that share an id: row index, kind, problem, remedy. The first of identical rows is not among
    them."""
    ids = check.ids
    shared = ids.is_duplicated() & ids.is_not_null()
    if not shared.any():
        return []
    at = shared.arg_true()
    cells = check.table.cells.filter(shared)
    letters = cells.columns
    groups = (
        cells.with_columns(_id=ids.filter(shared), _at=at)
        .group_by("_id", maintain_order=True)
        .agg(pl.col("_at"), pl.struct(letters).n_unique().alias("_different"))
    )
    found = []
    for _, rows, different in groups.iter_rows():
        for row in rows if different > 1 else rows[1:]:
            others = [str(check.table.rows[other]) for other in rows if other != row]
            if different > 1:
                problem = f"The id {ids[row]} is also in row {', '.join(others[:5])}, with other values."
                remedy = "Keep the row that is right, or give each person their own id."
                found.append((row, "duplicate_employee_id", problem, remedy))
            else:
                problem = f"The row says exactly what row {check.table.rows[rows[0]]} says, which counts."
                found.append((row, "exact_repeat", problem, "Remove the repeated row."))
    return found


def _not_assessable(check: Check, refused: pl.DataFrame, fields: dict[str, pl.Series]) -> pl.DataFrame:
    columns = {column.letter: column for column in check.table.columns}
    by_kind = {
        "missing_level": "level",
        "unknown_level": "level",
    }
    sheet = check.table.sheet.name
    frame = pl.DataFrame(
        {
            "row": fields["row"],
            "employee_id": fields["employee_id"],
            "employee_name": fields["employee_name"],
            "level_as_written": _text(check.table, "level"),
            "manager_name": fields["manager_name"],
            "department": fields["department"],
        }
    )
    frame = pl.concat([frame, refused], how="horizontal").filter(pl.col("kind").is_not_null())
    letters = {
        role: column.letter for role, column in check.table.by_role.items() if column.letter in columns
    }
    place = pl.col("kind").replace_strict(by_kind, default="employee_id").replace_strict(letters, default="")
    prefix = "" if sheet is None else f"{sheet}!"
    return frame.with_columns(
        reason=pl.lit(prefix)
        + place
        + pl.col("row").cast(pl.String)
        + ": "
        + pl.col("problem")
        + " "
        + pl.col("remedy")
    ).select(*NOT_ASSESSABLE_SCHEMA)


def _in_order(issues: Sequence[Issue], table: Table) -> tuple[Issue, ...]:
    place = {column.letter: at for at, column in enumerate(table.columns)}
    return tuple(sorted(issues, key=lambda issue: (issue.row or 0, place.get(issue.column or "", -1))))


def _sources(table: Table) -> tuple[ColumnSource, ...]:
    return tuple(
        ColumnSource(column.role, column.header, table.sheet.name, column.letter, column.why)
        for column in table.columns
        if column.role is not None
    )
