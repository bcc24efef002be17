"""An joined to a roster: typed values, and one issue per cell that does not fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from inputs.checks.date_columns import date_column
from inputs.checks.gaps import report_gaps
from inputs.checks.identity import check_ids, clean_ids, exclusions, nobodys_rows
from inputs.checks.issue_log import IssueLog
from inputs.checks.people import check_people, leavers
from inputs.checks.ratings import RatedCells, choose_scales, rated_cells, rated_column
from inputs.roster import (
    NOT_ASSESSABLE_SCHEMA,
    PEOPLE_SCHEMA,
    ColumnPlace,
    ColumnSource,
    InputError,
    Rater,
    Roster,
    Severity,
    Vocabulary,
)
from inputs.tables.contents import Exclusion, SourceColumn, is_comment, is_rating
from inputs.tables.joining import JoinedTables
from inputs.tables.layout import Layer
from inputs.words.dates import DateOrder
from inputs.words.levels import LevelNames
from inputs.words.scales import RaterScale, RatingsSeen, ScaleChoice
from inputs.words.texts import ERROR_TEXTS, Fault

TEXT_FIELDS = ("employee_name", "manager_id", "manager_name", "department", "specialisation")
_OWN = ("row", "employee_id")
_OWN_VALUE = "Write the value itself."
DATE_FIELDS = ("hire_date", "level_since", "product_since", "review_date")


@dataclass(frozen=True)
class Declared:
    """What a person declared about the values of a file."""

    scales: Mapping[Rater, RaterScale] = field(default_factory=dict)
    not_rated: frozenset[str] = frozenset()
    date_order: DateOrder | None = None


@dataclass(frozen=True)
class Checked:
    """A roster, and what has to be answered before it may be used."""

    roster: Roster
    questions: tuple[str, ...]
    seen: Mapping[Rater, RatingsSeen]
    scales: Mapping[Rater, ScaleChoice]


def check(
    joined: JoinedTables,
    vocabulary: Vocabulary,
    names: LevelNames,
    day: date,
    declared: Declared,
) -> Checked:
    """Checks every value. Raises InputError when no level of the rule pack is in the file."""
    ids, shortened = clean_ids(joined)
    nobodys = nobodys_rows(joined, ids, names)
    joined = joined.without_values(nobodys)
    log = IssueLog(joined, ids)
    check_ids(joined, ids, log, shortened=shortened)
    fields: dict[str, pl.Series] = {
        "row": joined.shown_rows().alias("row"),
        "employee_id": ids.alias("employee_id"),
    }
    fields |= {role: _text(joined, role, log) for role in TEXT_FIELDS}
    if shortened:
        fields["manager_id"] = fields["manager_id"].str.replace(r"\.0+$", "")
    fields |= {role: date_column(joined, role, day, declared.date_order, log) for role in DATE_FIELDS}
    fields["level"] = _levels(joined, names)
    fields["target_level"] = _target_levels(joined, names, fields["level"], log)
    ratings, cells, choices = _ratings(joined, vocabulary, declared, log)
    left_on = _left_on(joined, day, declared, log)
    report_gaps(joined, vocabulary, log)
    check_people(fields, joined, log)
    excluded = nobodys | {
        at: exclusion
        for at, exclusion in exclusions(joined, ids, fields["level"], names).items()
        if at not in nobodys
    }
    for exclusion in leavers(joined, left_on, day):
        excluded.setdefault(exclusion.at, exclusion)
    for exclusion in excluded.values():
        log.cells(exclusion.role, [_as_fault(joined, exclusion)], _severity(exclusion))
    keep = pl.select(~pl.int_range(len(ids)).is_in(list(excluded))).to_series() if excluded else None
    people = _kept(_people(fields, joined), keep)
    roster = Roster(
        people=people,
        ratings=_beside(people, ratings, keep),
        comments=_beside(people, _comments(joined), keep),
        not_assessable=_not_assessable(joined, fields, excluded),
        issues=log.issues(),
        columns=_columns(joined),
        sources=joined.sources,
        unused=pl.DataFrame([fields["row"], fields["employee_id"]]).with_columns(
            cells.alias(header) for header, cells in joined.unused.items() if header not in _OWN
        ),
    )
    questions = tuple(choice.question for choice in choices.values() if choice.question is not None)
    return Checked(roster, questions, cells.seen, choices)


def _kept(frame: pl.DataFrame, keep: pl.Series | None) -> pl.DataFrame:
    return frame if keep is None else frame.filter(keep)


def _beside(people: pl.DataFrame, columns: list[pl.Series], keep: pl.Series | None) -> pl.DataFrame:
    """The columns as a frame of the same height as the people, also when there are none."""
    return _kept(pl.DataFrame(columns), keep) if columns else pl.DataFrame(height=people.height)


def _text(joined: JoinedTables, role: str, log: IssueLog) -> pl.Series:
    if role not in joined.columns:
        return joined.cells(role)
    values = joined.texts(role).alias(role)
    wrong = values.is_in(list(ERROR_TEXTS)).fill_null(value=False)
    if not wrong.any():
        return values
    log.cells(
        role,
        [
            Fault(
                at,
                values[at],
                "error_cell",
                f"The cell holds the spreadsheet error {values[at]}.",
                _OWN_VALUE,
            )
            for at in wrong.arg_true().to_list()
        ],
    )
    return values.set(wrong, None)


def _left_on(joined: JoinedTables, day: date, declared: Declared, log: IssueLog) -> pl.Series | None:
    if "leaving_date" not in joined.columns:
        return None
    return date_column(joined, "leaving_date", day, declared.date_order, log, future=True)


def _levels(joined: JoinedTables, names: LevelNames) -> pl.Series:
    """Level ids, null where unknown. Raises InputError when no row holds a known level."""
    written = joined.texts("level")
    known = {text: names.level(text) for text in written.drop_nulls().unique().to_list()}
    if not any(known.values()):
        column = joined.columns["level"]
        seen = ", ".join(f"'{text[:40]}'" for text in sorted(known)[:8]) or "nothing"
        raise InputError(
            f"{joined.main.table.place}, column {column.letter} ('{column.header}'): no level of the "
            "rule pack was "
            f"found. Seen: {seen}. Known: {', '.join(names.titles.values())}. If these are other names "
            "for them, say "
            'so in a mapping: `levels: {"name in the file": "level"}`.'
        )
    return written.replace_strict(known, default=None, return_dtype=pl.String).alias("level")


def _target_levels(joined: JoinedTables, names: LevelNames, levels: pl.Series, log: IssueLog) -> pl.Series:
    written = joined.texts("target_level")
    known = {text: names.level(text) for text in written.drop_nulls().unique().to_list()}
    if not known:
        return written.alias("target_level")
    targets = written.replace_strict(known, default=None, return_dtype=pl.String).alias("target_level")
    steps = [(level, target) for level, nexts in names.vocabulary.next_levels.items() for target in nexts]
    allowed = pl.DataFrame(steps, schema={"level": pl.String, "target": pl.String}, orient="row")
    pairs = pl.DataFrame({"level": levels, "target": targets})
    fits = pairs.join(
        allowed.with_columns(fits=True), on=["level", "target"], how="left", maintain_order="left"
    )["fits"].fill_null(value=False)
    wrong = (~fits & written.is_not_null() & levels.is_not_null()).arg_true().to_list()
    log.cells(
        "target_level", [_target_fault(names, at, written[at], levels[at], targets[at]) for at in wrong]
    )
    return targets.set(~fits, None)


def _target_fault(names: LevelNames, at: int, text: str, level: str, target: str | None) -> Fault:
    steps = [names.titles[step] for step in names.vocabulary.next_levels.get(level, ())]
    here = names.titles[level]
    if target is None:
        kind, problem = "unknown_target_level", f"'{text[:60]}' is no level that the rule pack knows."
    else:
        kind, problem = "target_not_next", f"{names.titles[target]} does not follow {here}."
    right = (
        f"Write a next level of {here} ({', '.join(steps)})" if steps else f"{here} is the top of the ladder"
    )
    return Fault(at, text, kind, problem, f"{right}, or leave it empty.")


def _ratings(
    joined: JoinedTables, vocabulary: Vocabulary, declared: Declared, log: IssueLog
) -> tuple[list[pl.Series], RatedCells, dict[Rater, ScaleChoice]]:
    """The rating columns in the order of the vocabulary, what they hold, and the scales they are on."""
    pack = vocabulary.scale
    order = {term.id: at for at, term in enumerate(vocabulary.competencies)}
    roles = sorted(
        (role for role in joined.columns if is_rating(role)),
        key=lambda role: (order[role.split(":")[0]], role.endswith(":manager")),
    )
    cells = rated_cells(
        {role: joined.columns[role] for role in roles},
        pack,
        declared.not_rated,
        declared=bool(declared.scales),
    )
    choices = choose_scales(cells, pack, declared.scales)
    ratings = []
    unrated: dict[str, int] = {}
    for role in roles:
        rater: Rater = "self" if role.endswith(":self") else "manager"
        column = rated_column(role, cells, choices[rater].scale, pack)
        if choices[rater].question is None:
            log.cells(role, column.faults)
        if column.rounded:
            log.note(
                "rounded_rating",
                f"Ratings with more than four decimals, such as {column.rounded[0]}, were rounded to four.",
                "Nothing to do if four decimals are enough.",
                role,
            )
        for text, count in column.unrated.items():
            unrated[text] = unrated.get(text, 0) + count
        ratings.append(column.units)
    for choice in choices.values():
        if choice.note is not None:
            log.note("scale_read", choice.note, "If that is wrong, say the scale in a mapping.")
    if unrated:
        said = ", ".join(f"'{text}' ({count})" for text, count in sorted(unrated.items()))
        log.note(
            "declared_unrated", f"Read as not rated: {said}.", "Nothing to do if that is what they mean."
        )
    return ratings, cells, choices


def _comments(joined: JoinedTables) -> list[pl.Series]:
    return [_comment(column.cells).alias(role) for role, column in joined.columns.items() if is_comment(role)]


def _comment(cells: pl.Series) -> pl.Series:
    texts = cells.cast(pl.String).str.strip_chars()
    return texts.set((texts == "") | texts.is_in(list(ERROR_TEXTS)), None)


def _people(fields: dict[str, pl.Series], joined: JoinedTables) -> pl.DataFrame:
    if "manager_name" not in joined.columns:
        fields["manager_name"] = _names_of_managers(fields)
    people = pl.DataFrame({name: fields[name] for name in PEOPLE_SCHEMA}, schema=PEOPLE_SCHEMA)
    places = {
        f"row:{role}": column.rows for role, column in joined.columns.items() if column.rows is not None
    }
    if joined.main.table.layers:
        places["row_in_list"] = joined.rows
    return people.with_columns(**places) if places else people


def _names_of_managers(fields: dict[str, pl.Series]) -> pl.Series:
    """The names of managers who have a row of their own."""
    known = pl.DataFrame({"id": fields["employee_id"], "manager_name": fields["employee_name"]}).drop_nulls()
    known = known.unique("id", keep="none")
    above = fields["manager_id"].cast(pl.String).rename("id").to_frame()
    return above.join(known, on="id", how="left", maintain_order="left")["manager_name"]


def _as_fault(joined: JoinedTables, exclusion: Exclusion) -> Fault:
    text = None
    if exclusion.role is not None and exclusion.role in joined.columns:
        text = joined.columns[exclusion.role].cells[exclusion.at]
    return Fault(
        exclusion.at, None if text is None else str(text), exclusion.kind, exclusion.problem, exclusion.remedy
    )


def _severity(exclusion: Exclusion) -> Severity:
    return Severity.NOTE if exclusion.kind in _NO_LOSS else Severity.ERROR


_NO_LOSS = frozenset(["totals_row", "remark_row", "repeated_header", "exact_repeat"])
"""Rows behind which there is nobody to assess, or who is assessed by another row."""


def _not_assessable(
    joined: JoinedTables, fields: dict[str, pl.Series], excluded: Mapping[int, Exclusion]
) -> pl.DataFrame:
    at = sorted(excluded)
    reasons = [_reason(joined, excluded[index]) for index in at]
    return pl.DataFrame(
        {
            "row": fields["row"].gather(at),
            "employee_id": fields["employee_id"].gather(at),
            "employee_name": fields["employee_name"].gather(at),
            "level_as_written": joined.texts("level").gather(at),
            "manager_name": fields["manager_name"].gather(at),
            "department": fields["department"].gather(at),
            "kind": [excluded[index].kind for index in at],
            "reason": reasons,
        },
        schema=NOT_ASSESSABLE_SCHEMA,
    )


def _reason(joined: JoinedTables, exclusion: Exclusion) -> str:
    """`Ratings!C14: what is wrong. What would be right.`"""
    cell = joined.place(exclusion.role, exclusion.at)
    parts = [part for part in (cell.file, cell.sheet, f"row {cell.row}") if part is not None]
    place = str(cell) if cell.column else ", ".join(parts)
    return f"{place}: {exclusion.problem} {exclusion.remedy}"


def _columns(joined: JoinedTables) -> tuple[ColumnSource, ...]:
    return tuple(
        ColumnSource(
            role,
            column.header,
            column.sheet.name,
            column.letter,
            column.why,
            _row_column(role, column),
            column.sheet.named_file,
            tuple(_place(layer, column.letter) for layer in column.table.layers),
        )
        for role, column in joined.columns.items()
    )


def _row_column(role: str, column: SourceColumn) -> str:
    """The column of the people that holds the row numbers of a column."""
    if column.rows is not None:
        return f"row:{role}"
    return "row_in_list" if column.table.layers else "row"


def _place(layer: Layer, letter: str) -> ColumnPlace:
    sheet = layer.table.sheet
    return ColumnPlace(layer.start, sheet.named_file, sheet.name, layer.letters.get(letter, letter))
