"""Sheets and files to one table of people: which are read, and how they are joined."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

import polars as pl

from inputs.layout import Table
from inputs.lexicon import Lexicon
from inputs.long import long_part
from inputs.parts import (
    Part,
    Refusal,
    Strand,
    is_rating,
    key_role,
    shape_of,
    text_of,
    unused_columns,
    wide_part,
)
from inputs.roster import FileSource, InputError, Issue, Severity
from inputs.settling import said_role


@dataclass(frozen=True)
class Assembly:
    """All that is known of the people, one row each, before its values are checked."""

    main: Part
    """The part whose rows are the people."""
    tables: tuple[Table, ...]
    """The tables that were read: that of the people first."""
    keys: pl.Series
    rows: pl.Series
    strands: Mapping[str, Strand]
    issues: tuple[Issue, ...]
    questions: tuple[str, ...]
    refusals: tuple[Refusal, ...]
    sources: tuple[FileSource, ...]
    compared: pl.DataFrame | None
    """The cells by which rows with the same key are compared; None when rows were put together."""
    unused: Mapping[str, pl.Series]
    """By header: the columns that are taken for nothing."""

    @property
    def sheet(self) -> str | None:
        """The sheet of the people."""
        return self.main.table.sheet.name

    def without_values(self, rows: Collection[int]) -> "Assembly":
        """The assembly without the values of some rows; their ids and levels stay, to name them by."""
        if not rows:
            return self
        at = pl.Series(sorted(rows), dtype=pl.UInt32)
        kept = (self.main.key, "level", "employee_name", "manager_name", "department")
        strands = {
            role: strand if role in kept else replace(strand, cells=strand.cells.clone().scatter(at, None))
            for role, strand in self.strands.items()
        }
        unused = {header: cells.clone().scatter(at, None) for header, cells in self.unused.items()}
        return replace(self, strands=strands, unused=unused)

    def cells(self, role: str) -> pl.Series:
        """The cells of a role; nulls when there is none."""
        strand = self.strands.get(role)
        if strand is not None:
            return strand.cells
        return pl.Series(role, [None], dtype=pl.String).new_from_index(0, len(self.rows))

    def row_of(self, role: str, at: int) -> int:
        """The row number of a person's cell in a column."""
        strand = self.strands.get(role)
        rows = self.rows if strand is None or strand.rows is None else strand.rows
        row = rows[at]
        return int(self.rows[at] if row is None else row)


def assemble(tables: Sequence[Table], lexicon: Lexicon, day: date) -> Assembly:
    """The people of the tables that belong together. Raises InputError when there are none."""
    chosen, issues, questions = _choose(tables)
    parts = [_part(table, lexicon, day) for table in chosen]
    main, others = parts[0], parts[1:]
    assembly = Assembly(
        main,
        tuple(chosen),
        main.keys,
        main.rows,
        main.strands,
        (*issues, *main.issues),
        (*questions, *main.questions),
        main.refusals,
        tuple(_source(part.table) for part in parts),
        main.compared,
        unused_columns(main),
    )
    for other in others:
        assembly = _joined(assembly, other)
    return assembly


def _choose(tables: Sequence[Table]) -> tuple[list[Table], list[Issue], list[str]]:
    """The table of the people first, then those that are joined to it."""
    rows = [table for table in tables if table.cells.height]
    rated = [table for table in rows if shape_of(table) in ("wide", "long", "rater rows")]
    full = [table for table in rated if "level" in table.by_role]
    people = [table for table in rows if "level" in table.by_role and table not in full]
    _require(tables, rows, rated, full or people)
    questions: list[str] = []
    if full:
        chosen = [_one(full, "the ratings and the level", questions)]
        chosen += _more_about(people, chosen[0])
    else:
        chosen = [_one(people, "the people and their levels", questions)]
        chosen += _apart(rated, questions)
    unused = [table for table in tables if not any(table is one for one in chosen)]
    return chosen, [_not_used(table, chosen[0]) for table in unused], questions


def _one(tables: Sequence[Table], what: str, questions: list[str]) -> Table:
    """The one table; of several, the one that is not hidden; a question when that does not decide."""
    visible = [table for table in tables if table.sheet.visible] or list(tables)
    different = [visible[0]] + [
        table
        for table in visible[1:]
        if not table.cells.equals(visible[0].cells) or table.columns != visible[0].columns
    ]
    if len(different) > 1:
        places = " and ".join(f"'{table.sheet.name or table.sheet.file}'" for table in different[:5])
        questions.append(
            f"{tables[0].sheet.file}: {places} each hold {what}. Which one is to be read? Keep only "
            "that one in "
            "the file, or name it in a mapping."
        )
    return visible[0]


def _more_about(people: Sequence[Table], main: Table) -> list[Table]:
    """The one table of people without ratings that can say more about the people of the main table."""
    fitting = [
        table
        for table in people
        if table.sheet.visible
        and key_role(table) == key_role(main)
        and table.by_role.keys() - main.by_role.keys()
    ]
    return fitting if len(fitting) == 1 else []


def _apart(rated: Sequence[Table], questions: list[str]) -> list[Table]:
    """The tables with ratings, as long as no two hold the same rating."""
    visible = [table for table in rated if table.sheet.visible] or list(rated)
    seen: dict[str, Table] = {}
    for table in visible:
        for role in table.by_role:
            if is_rating(role) and role in seen:
                questions.append(
                    f"{table.place} and {seen[role].place} both hold the {said_role(role)}. Which one "
                    "is to be "
                    "read? Keep only that one, or name it in a mapping."
                )
                return list(visible)
            if is_rating(role):
                seen[role] = table
    return list(visible)


def _require(
    tables: Sequence[Table], rows: Sequence[Table], rated: Sequence[Table], levelled: Sequence[Table]
) -> None:
    """Raises InputError when ratings, levels or people are missing altogether."""
    if not rows:
        where = "; ".join(f"{table.place}, header in row {table.header_row}" for table in tables[:3])
        raise InputError(f"{where}: there are no rows below the header. Is it the right file?")
    seen = "; ".join(f"{table.place}, row {table.header_row}: {table.seen}" for table in rows[:3])
    if not rated:
        raise InputError(
            f"No column with ratings was found. Columns seen in {seen}. Ratings need two columns per "
            "competency, "
            "such as 'Communication (self)' and 'Communication (manager)', or a column each for "
            "competency, rater "
            "and rating. `readiness template` writes a workbook with all of them."
        )
    if not levelled:
        raise InputError(
            f"No column with the level was found. Columns seen in {seen}. Name the column 'Level', or "
            "say which "
            "one it is in a mapping (`readiness inspect --write-mapping`)."
        )


def _not_used(table: Table, main: Table) -> Issue:
    hidden = "" if table.sheet.visible else " (hidden)"
    name = table.sheet.name or table.sheet.file
    return Issue(
        "sheet_not_used",
        Severity.NOTE,
        f"The sheet '{name}'{hidden} was not used: the people are in '{main.sheet.name or main.sheet.file}'.",
        "Nothing to do if that is right.",
        sheet=table.sheet.name,
    )


def _part(table: Table, lexicon: Lexicon, day: date) -> Part:
    key = key_role(table)
    if key is None:
        raise InputError(
            f"{table.place}, row {table.header_row}: no column says who each row is about. Columns seen: "
            f"{table.seen}. Name one 'Employee ID', or say which one it is in a mapping "
            "(`readiness inspect --write-mapping`)."
        )
    part = (
        wide_part(table, key)
        if shape_of(table) in ("wide", "people")
        else long_part(table, key, lexicon, day)
    )
    said = _KEY_NOTES.get(key)
    if said is None:
        return part
    strand = part.strands[key]
    issue = Issue(
        said[0], said[1], said[2], "Add a column 'Employee ID' if there are ids.",
        sheet=strand.sheet, column=strand.letter, header=strand.header,
    )  # fmt: skip
    return replace(part, issues=(*part.issues, issue))


_KEY_NOTES = {
    "email": (
        "email_as_id",
        Severity.NOTE,
        "There is no employee id; the e-mail address tells people apart.",
    ),
    "employee_name": (
        "name_as_id",
        Severity.WARNING,
        "There is no employee id; the name tells people apart. Two people of one name cannot be assessed.",
    ),
}


def _joined(assembly: Assembly, other: Part) -> Assembly:
    """The people with the columns of another part, found by the same key."""
    key = _shared_key(assembly, other)
    own = assembly.keys if key == assembly.main.key else assembly.cells(key).cast(pl.String)
    theirs = pl.DataFrame({"key": other.keys, "at": pl.Series(range(len(other.keys)), dtype=pl.UInt32)})
    theirs = theirs.drop_nulls("key")
    first = theirs.unique("key", keep="first", maintain_order=True)
    at = own.rename("key").to_frame().join(first, on="key", how="left", maintain_order="left")["at"]
    refusals = [*assembly.refusals, *_carried(other, own), *_repeated(other, own, theirs)]
    strays = first.join(
        own.rename("key").drop_nulls().unique().to_frame(), on="key", how="anti", maintain_order="left"
    )
    if not other.has_ratings:
        # More people than were rated: they are nobody's business here.
        strays = strays.clear()
        refusals += _contradictions(assembly, other, at)
    start = len(assembly.rows)
    refusals += [_stray(start + index, other, row) for index, row in enumerate(strays.iter_rows(named=True))]
    at = pl.concat([at, strays["at"]])
    strands = {role: _padded(strand, strays.height) for role, strand in assembly.strands.items()}
    for role, strand in other.strands.items():
        if role not in strands:
            rows = other.rows if strand.rows is None else strand.rows
            strands[role] = replace(strand, cells=strand.cells.gather(at), rows=rows.gather(at))
    unused = {header: _extended(cells, strays.height) for header, cells in assembly.unused.items()}
    unused = {header: cells.gather(at) for header, cells in unused_columns(other).items()} | unused
    keys = pl.concat([assembly.keys, strays["key"].alias(assembly.keys.name)])
    compared = assembly.compared
    if compared is not None and strays.height:
        compared = pl.concat([compared, pl.DataFrame(schema=compared.schema).clear(strays.height)])
    missing = at[:start].is_null().sum()
    issues = [*assembly.issues, *other.issues]
    if missing:
        issues.append(_without_ratings(other, int(missing)))
    return replace(
        assembly,
        keys=keys,
        rows=pl.concat([assembly.rows, other.rows.gather(strays["at"]).alias(assembly.rows.name)]),
        strands=strands,
        issues=tuple(issues),
        questions=(*assembly.questions, *other.questions),
        refusals=tuple(refusals),
        compared=compared,
        unused=unused,
    )


def _contradictions(assembly: Assembly, other: Part, at: pl.Series) -> list[Refusal]:
    """People whose name or level is another one in the second table: nobody can say which is right."""
    refusals = []
    for role in ("employee_name", "level"):
        if role not in assembly.strands or role not in other.strands:
            continue
        here, there = text_of(assembly.cells(role)), text_of(other.strands[role].cells).gather(at)
        differs = (here.str.to_lowercase() != there.str.to_lowercase()).fill_null(value=False)
        for index in differs.arg_true().to_list():
            problem = f"'{here[index]}' here, but '{there[index]}' in {other.table.place}."
            remedy = "Write the same in both."
            refusals.append(Refusal(index, "conflicting_rows", problem, remedy, role))
    return refusals


def _shared_key(assembly: Assembly, other: Part) -> str:
    if other.key == assembly.main.key or other.key in assembly.strands:
        return other.key
    raise InputError(
        f"{assembly.main.table.place} and {other.table.place} cannot be joined: the first tells people "
        "apart by "
        f"'{assembly.strands[assembly.main.key].header}', the second by "
        f"'{other.strands[other.key].header}'. "
        "Give both an employee id."
    )


def _carried(other: Part, own: pl.Series) -> list[Refusal]:
    """The other part's refusals, for the people that they are about."""
    index = {key: at for at, key in enumerate(own.to_list()) if key is not None}
    return [
        replace(refusal, at=index[other.keys[refusal.at]])
        for refusal in other.refusals
        if other.keys[refusal.at] in index
    ]


def _repeated(other: Part, own: pl.Series, theirs: pl.DataFrame) -> list[Refusal]:
    """People with several rows in the other part that differ: nobody can say which one counts."""
    several = theirs.filter(pl.col("key").is_duplicated())
    if several.is_empty() or other.compared is None:
        return []
    index = {key: at for at, key in enumerate(own.to_list()) if key is not None}
    groups = (
        several.hstack(other.compared[several["at"]])
        .group_by("key", maintain_order=True)
        .agg(pl.col("at"), pl.struct(other.compared.columns).n_unique().alias("_different"))
    )
    refusals = []
    for key, at, different in groups.iter_rows():
        if different > 1 and key in index:
            rows = ", ".join(str(other.rows[row]) for row in at[:5])
            problem = f"{other.table.place} has several rows for {key} with different values: rows {rows}."
            refusals.append(
                Refusal(index[key], "duplicate_employee_id", problem, "Keep the row that is right.", None)
            )
    return refusals


def _stray(at: int, other: Part, row: Mapping[str, object]) -> Refusal:
    return Refusal(
        at,
        "not_among_people",
        f"{other.table.place} rates {row['key']}, who is not among the people with a level.",
        "Add the person to the list of people, or correct the id; leading zeros count.",
        None,
    )


def _padded(strand: Strand, by: int) -> Strand:
    if not by:
        return strand
    rows = None if strand.rows is None else _extended(strand.rows, by)
    return replace(strand, cells=_extended(strand.cells, by), rows=rows)


def _extended(cells: pl.Series, by: int) -> pl.Series:
    """The column with nulls below it."""
    return pl.concat([cells, pl.Series([None], dtype=cells.dtype).new_from_index(0, by)]) if by else cells


def _without_ratings(other: Part, count: int) -> Issue:
    kind = "not rated" if other.has_ratings else "not found"
    return Issue(
        "person_without_ratings",
        Severity.NOTE,
        f"{count} of the people are {kind} in {other.table.place}.",
        "Nothing to do if they were not reviewed.",
        sheet=other.table.sheet.name,
    )


def _source(table: Table) -> FileSource:
    sheet = table.sheet
    return FileSource(sheet.file, sheet.sha256, sheet.name, table.header_row, len(table.rows))
