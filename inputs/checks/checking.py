"""An assembly to a roster: typed values, and one issue per cell that does not fit."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

import polars as pl

from inputs.checks.date_columns import date_column
from inputs.checks.gaps import report_gaps
from inputs.checks.identity import check_ids, clean_ids, nobodys_rows, refusals
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
    assembly: JoinedTables,
    vocabulary: Vocabulary,
    names: LevelNames,
    day: date,
    declared: Declared,
) -> Checked:
    """Checks every value. Raises InputError when no level of the rule pack is in the file."""
    ids, shortened = clean_ids(assembly)
    nobodys = nobodys_rows(assembly, ids, names)
    assembly = assembly.without_values(nobodys)
    findings = IssueLog(assembly, ids)
    check_ids(assembly, ids, findings, shortened=shortened)
    fields: dict[str, pl.Series] = {
        "row": assembly.shown_rows().alias("row"),
        "employee_id": ids.alias("employee_id"),
    }
    fields |= {role: _text(assembly, role, findings) for role in TEXT_FIELDS}
    if shortened:
        fields["manager_id"] = fields["manager_id"].str.replace(r"\.0+$", "")
    fields |= {role: date_column(assembly, role, day, declared.date_order, findings) for role in DATE_FIELDS}
    fields["level"] = _levels(assembly, names)
    fields["target_level"] = _target_levels(assembly, names, fields["level"], findings)
    ratings, cells, choices = _ratings(assembly, vocabulary, declared, findings)
    left_on = _left_on(assembly, day, declared, findings)
    report_gaps(assembly, vocabulary, findings)
    check_people(fields, assembly, findings)
    refused = nobodys | {
        at: refusal
        for at, refusal in refusals(assembly, ids, fields["level"], names).items()
        if at not in nobodys
    }
    for refusal in leavers(assembly, left_on, day):
        refused.setdefault(refusal.at, refusal)
    for refusal in refused.values():
        findings.cells(refusal.role, [_as_fault(assembly, refusal)], _severity(refusal))
    keep = pl.select(~pl.int_range(len(ids)).is_in(list(refused))).to_series() if refused else None
    people = _kept(_people(fields, assembly), keep)
    roster = Roster(
        people=people,
        ratings=_beside(people, ratings, keep),
        comments=_beside(people, _comments(assembly), keep),
        not_assessable=_not_assessable(assembly, fields, refused),
        issues=findings.issues(),
        columns=_columns(assembly),
        sources=assembly.sources,
        unused=pl.DataFrame([fields["row"], fields["employee_id"]]).with_columns(
            cells.alias(header) for header, cells in assembly.unused.items() if header not in _OWN
        ),
    )
    questions = tuple(choice.question for choice in choices.values() if choice.question is not None)
    return Checked(roster, questions, cells.seen, choices)


def _kept(frame: pl.DataFrame, keep: pl.Series | None) -> pl.DataFrame:
    return frame if keep is None else frame.filter(keep)


def _beside(people: pl.DataFrame, columns: list[pl.Series], keep: pl.Series | None) -> pl.DataFrame:
    """The columns as a frame of the same height as the people, also when there are none."""
    return _kept(pl.DataFrame(columns), keep) if columns else pl.DataFrame(height=people.height)


def _text(assembly: JoinedTables, role: str, findings: IssueLog) -> pl.Series:
    if role not in assembly.strands:
        return assembly.cells(role)
    values = assembly.texts(role).alias(role)
    wrong = values.is_in(list(ERROR_TEXTS)).fill_null(value=False)
    if not wrong.any():
        return values
    findings.cells(
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


def _left_on(assembly: JoinedTables, day: date, declared: Declared, findings: IssueLog) -> pl.Series | None:
    if "leaving_date" not in assembly.strands:
        return None
    return date_column(assembly, "leaving_date", day, declared.date_order, findings, future=True)


def _levels(assembly: JoinedTables, names: LevelNames) -> pl.Series:
    """Level ids, null where unknown. Raises InputError when no row holds a known level."""
    written = assembly.texts("level")
    known = {text: names.level(text) for text in written.drop_nulls().unique().to_list()}
    if not any(known.values()):
        strand = assembly.strands["level"]
        seen = ", ".join(f"'{text[:40]}'" for text in sorted(known)[:8]) or "nothing"
        raise InputError(
            f"{assembly.main.table.place}, column {strand.letter} ('{strand.header}'): no level of the "
            "rule pack was "
            f"found. Seen: {seen}. Known: {', '.join(names.titles.values())}. If these are other names "
            "for them, say "
            'so in a mapping: `levels: {"name in the file": "level"}`.'
        )
    return written.replace_strict(known, default=None, return_dtype=pl.String).alias("level")


def _target_levels(
    assembly: JoinedTables, names: LevelNames, levels: pl.Series, findings: IssueLog
) -> pl.Series:
    written = assembly.texts("target_level")
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
    findings.cells(
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
    assembly: JoinedTables, vocabulary: Vocabulary, declared: Declared, findings: IssueLog
) -> tuple[list[pl.Series], RatedCells, dict[Rater, ScaleChoice]]:
    """The rating columns in the order of the vocabulary, what they hold, and the scales they are on."""
    pack = vocabulary.scale
    order = {term.id: at for at, term in enumerate(vocabulary.competencies)}
    roles = sorted(
        (role for role in assembly.strands if is_rating(role)),
        key=lambda role: (order[role.split(":")[0]], role.endswith(":manager")),
    )
    cells = rated_cells(
        {role: assembly.strands[role] for role in roles},
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
            findings.cells(role, column.faults)
        if column.rounded:
            findings.note(
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
            findings.note("scale_read", choice.note, "If that is wrong, say the scale in a mapping.")
    if unrated:
        said = ", ".join(f"'{text}' ({count})" for text, count in sorted(unrated.items()))
        findings.note(
            "declared_unrated", f"Read as not rated: {said}.", "Nothing to do if that is what they mean."
        )
    return ratings, cells, choices


def _comments(assembly: JoinedTables) -> list[pl.Series]:
    return [
        _comment(strand.cells).alias(role) for role, strand in assembly.strands.items() if is_comment(role)
    ]


def _comment(cells: pl.Series) -> pl.Series:
    texts = cells.cast(pl.String).str.strip_chars()
    return texts.set((texts == "") | texts.is_in(list(ERROR_TEXTS)), None)


def _people(fields: dict[str, pl.Series], assembly: JoinedTables) -> pl.DataFrame:
    if "manager_name" not in assembly.strands:
        fields["manager_name"] = _names_of_managers(fields)
    people = pl.DataFrame({name: fields[name] for name in PEOPLE_SCHEMA}, schema=PEOPLE_SCHEMA)
    places = {
        f"row:{role}": strand.rows for role, strand in assembly.strands.items() if strand.rows is not None
    }
    if assembly.main.table.layers:
        places["row_in_list"] = assembly.rows
    return people.with_columns(**places) if places else people


def _names_of_managers(fields: dict[str, pl.Series]) -> pl.Series:
    """The names of managers who have a row of their own."""
    known = pl.DataFrame({"id": fields["employee_id"], "manager_name": fields["employee_name"]}).drop_nulls()
    known = known.unique("id", keep="none")
    above = fields["manager_id"].cast(pl.String).rename("id").to_frame()
    return above.join(known, on="id", how="left", maintain_order="left")["manager_name"]


def _as_fault(assembly: JoinedTables, refusal: Exclusion) -> Fault:
    text = None
    if refusal.role is not None and refusal.role in assembly.strands:
        text = assembly.strands[refusal.role].cells[refusal.at]
    return Fault(
        refusal.at, None if text is None else str(text), refusal.kind, refusal.problem, refusal.remedy
    )


def _severity(refusal: Exclusion) -> Severity:
    return Severity.NOTE if refusal.kind in _NO_LOSS else Severity.ERROR


_NO_LOSS = frozenset(["totals_row", "remark_row", "repeated_header", "exact_repeat"])
"""Rows behind which there is nobody to assess, or who is assessed by another row."""


def _not_assessable(
    assembly: JoinedTables, fields: dict[str, pl.Series], refused: Mapping[int, Exclusion]
) -> pl.DataFrame:
    at = sorted(refused)
    reasons = [_reason(assembly, refused[index]) for index in at]
    return pl.DataFrame(
        {
            "row": fields["row"].gather(at),
            "employee_id": fields["employee_id"].gather(at),
            "employee_name": fields["employee_name"].gather(at),
            "level_as_written": assembly.texts("level").gather(at),
            "manager_name": fields["manager_name"].gather(at),
            "department": fields["department"].gather(at),
            "kind": [refused[index].kind for index in at],
            "reason": reasons,
        },
        schema=NOT_ASSESSABLE_SCHEMA,
    )


def _reason(assembly: JoinedTables, refusal: Exclusion) -> str:
    """`Ratings!C14: what is wrong. What would be right.`"""
    cell = assembly.place(refusal.role, refusal.at)
    parts = [part for part in (cell.file, cell.sheet, f"row {cell.row}") if part is not None]
    place = str(cell) if cell.column else ", ".join(parts)
    return f"{place}: {refusal.problem} {refusal.remedy}"


def _columns(assembly: JoinedTables) -> tuple[ColumnSource, ...]:
    return tuple(
        ColumnSource(
            role,
            strand.header,
            strand.sheet.name,
            strand.letter,
            strand.why,
            _row_column(role, strand),
            strand.sheet.named_file,
            tuple(_place(layer, strand.letter) for layer in strand.table.layers),
        )
        for role, strand in assembly.strands.items()
    )


def _row_column(role: str, strand: SourceColumn) -> str:
    """The column of the people that holds the row numbers of a strand."""
    if strand.rows is not None:
        return f"row:{role}"
    return "row_in_list" if strand.table.layers else "row"


def _place(layer: Layer, letter: str) -> ColumnPlace:
    sheet = layer.table.sheet
    return ColumnPlace(layer.start, sheet.named_file, sheet.name, layer.letters.get(letter, letter))
