"""What a table holds beside what is used of it: columns like known ones, second headers, stray cells."""

import re
from collections.abc import Iterator, Mapping, Set

import polars as pl

from inputs.fields import (
    COMPETENCY,
    EMPLOYEE_ID,
    EMPLOYEE_NAME,
    LEVEL,
    LEVEL_SINCE,
    Field,
    OpenRating,
    is_rating,
)
from inputs.files.sheets import column_index
from inputs.phrases import counted, few, was
from inputs.roster import Issue, Severity
from inputs.tables.contents import RATINGS
from inputs.tables.layout import Table
from inputs.words.dates import is_length_in_level
from inputs.words.legends import read_legends, read_statements
from inputs.words.lexicon import Lexicon
from inputs.words.names import Names
from inputs.words.stand_ins import is_footer

_ROW = " row"
"""No column of a sheet begins with a space."""
_OFTEN = 20
"""Rows from which a text under `Level` that is not a header is the level of people."""
_LONGEST_FIELD = 200
"""Bytes up to which a text may be the name of a field."""
_ROWS_LOOKED_AT = 50
_LAST_ROWS = 60
_OF_A_FOOTER = 2
"""Cells that a footer has at most: `Total records:` and its number."""
_RECOGNISED = 3
"""Cells of a row that name different things from which it may be a header."""


def without_footers(table: Table, lexicon: Lexicon) -> tuple[Table, list[Issue]]:
    """The table without the last rows that hold nothing of a person, only what programs and people write
    below a table, and a note of each. A row with a name, a level, a rating or a competency is no footer, and
    neither is one that explains the scale."""
    rated = {one.letter for one in table.columns if isinstance(one.role, OpenRating) or is_rating(one.role)}
    of_rows = [one.letter for one in table.columns if one.role is COMPETENCY]
    last = zip(
        table.rows.tail(_LAST_ROWS), table.own_cells.tail(_LAST_ROWS).iter_rows(named=True), strict=True
    )
    told = {
        row: text
        for row, cells in last
        if (text := _footer(cells, rated)) is not None
        and all(lexicon.competency(str(cells[letter] or "")) is None for letter in of_rows)
    }
    notes = [
        table.issue("remark_row", Severity.NOTE, _FOOTER.format(text[:60]), "Nothing to do.", row=row)
        for row, text in told.items()
    ]
    return (table.filtered(~table.rows.is_in(list(told))) if told else table), notes


def without_headers(table: Table, lexicon: Lexicon) -> tuple[Table, list[Issue]]:
    """The table without rows that repeat the header, or a line of it, and a note of each."""
    sheet = table.sheet
    if sheet.headers is not None:
        return table, []
    first, lines = table.header_rows[0] - sheet.first_row, len(table.header_rows)
    repeats: list[int] = []
    cells = table.own_cells.with_columns(table.rows.alias(_ROW))
    for line in sheet.cells.slice(first, lines).iter_rows(named=True):
        equal = [pl.col(name) == text for name, text in line.items() if text]
        if not equal:
            continue
        same, filled = pl.sum_horizontal(equal), pl.sum_horizontal(pl.exclude(_ROW).is_not_null())
        # One of its first two cells tells of all but few rows that they are something else.
        likely = cells.filter(pl.any_horizontal(equal[:2])).filter((same > 1) & (2 * same > filled))
        told = zip(likely[_ROW], likely.drop(_ROW).iter_rows(named=True), strict=True)
        repeats += [row for row, texts in told if not _says_other(texts, line, lexicon)]
    problem = "The row repeats the header; it is not a person."
    return (table.filtered(~table.rows.is_in(repeats)) if repeats else table), [
        table.issue("repeated_header", Severity.NOTE, problem, "Nothing to do.", row=row)
        for row in sorted(repeats)
    ]


def _says_other(row: Mapping[str, object], header: Mapping[str, object], lexicon: Lexicon) -> bool:
    """Whether a text of a row means something else than that of the header in its column."""
    pairs = [(str(text), str(header[letter] or "")) for letter, text in row.items() if text]
    return any(_meant(one, lexicon) != _meant(other, lexicon) for one, other in pairs if one != other)


def _meant(text: str, lexicon: Lexicon) -> tuple[object, ...]:
    found = lexicon.meaning(text)
    return () if found is None else (found.role, found.scale, found.cycle)


def _footer(cells: Mapping[str, object], rated: Set[str]) -> str | None:
    """What a row says that is a footer, or None."""
    texts = {letter: text for letter, cell in cells.items() if cell and (text := str(cell).strip())}
    said = " ".join(texts.values())
    if len(texts) > _OF_A_FOOTER or not is_footer(said):
        return None
    label, *others = texts
    of_person = any(letter in rated or any(map(str.isalpha, texts[letter])) for letter in others)
    explains = read_legends([("", said)]) or read_statements([("", said)])
    return None if explains or (of_person and not texts[label].endswith(":")) else said


_FOOTER = "The row is a footer ('{}'); it is not a person."


def similar_columns(table: Table, lexicon: Lexicon) -> Iterator[Issue]:
    """A warning for every column that looks like a known one, but is not spelled like it."""
    for column in table.unexplained:
        like = lexicon.suggestion(column.header)
        if like is None or (like.role is LEVEL_SINCE and is_length_in_level(column.header)):
            continue
        if like.role not in table.by_role:
            problem = f"The column '{column.header}' was not used. It looks like '{like.spelling}'."
            remedy = f"If it is the {like.role.label}, name it '{like.spelling}' or say so in a mapping."
            yield table.issue("similar_column", Severity.WARNING, problem, remedy, column)


def second_headers(table: Table, lexicon: Lexicon, levels: Names) -> list[int]:
    """The places of rows that are the header of another table: the rows below it would be read under the
    headers of the first. A row with a level of the rule pack, such as `Agent`, is somebody's."""
    rows = _rows_with_a_rare_level(table, lexicon, levels)
    for field in (LEVEL, EMPLOYEE_ID, EMPLOYEE_NAME):
        cells = table.values(field)
        if cells is None or cells.dtype != pl.String:
            continue
        cells = cells.gather(rows)
        is_header = cells.is_in(_fields_among(cells, lexicon)).fill_null(value=False)
        suspects = rows.gather(is_header.arg_true().head(_ROWS_LOOKED_AT)).to_list()
        found = [at for at in suspects if _is_another_header(table, at, lexicon)]
        if found:
            return found
    return []


def _is_another_header(table: Table, at: int, lexicon: Lexicon) -> bool:
    own = {column.letter: lexicon.name_key(column.header) for column in table.columns}
    row = {letter: str(text) for letter, text in table.cells.row(at, named=True).items() if text is not None}
    known = {found.role for text in row.values() if (found := lexicon.meaning(text)) is not None}
    differs = any(own.get(letter, "") != lexicon.name_key(text) for letter, text in row.items())
    return differs and len(known - {None}) >= _RECOGNISED


def _rows_with_a_rare_level(table: Table, lexicon: Lexicon, levels: Names) -> pl.Series:
    """The rows that could be a header: not those of levels of the rule pack, or that many people have."""
    cells = table.values(LEVEL)
    if cells is None or cells.dtype != pl.String:
        return pl.int_range(len(table.rows), dtype=pl.UInt32, eager=True)
    counts = cells.drop_nulls().value_counts(name="_count").iter_rows()
    people = [
        text
        for text, count in counts
        if levels.id_of(text) is not None or (count >= _OFTEN and lexicon.meaning(text) is None)
    ]
    return (~cells.is_in(people)).fill_null(value=True).arg_true()


def _fields_among(cells: pl.Series, lexicon: Lexicon) -> list[str]:
    """The texts of a column that are names of fields."""
    texts = cells.drop_nulls().unique().rename("text").to_frame()
    # The keys in one go for a column of many names; `name_key` itself has the last word.
    plain = pl.col("text").str.normalize("NFKD").str.replace_all(r"\p{M}", "").str.to_lowercase()
    keys = plain.str.replace_all("&", "and", literal=True).str.replace_all("ß", "ss", literal=True)
    likely = texts.filter(
        (pl.col("text").str.len_bytes() <= _LONGEST_FIELD)
        & keys.str.replace_all(r"[\W_]+", "").is_in(list(lexicon.fields))
    )
    return [text for text in likely["text"].to_list() if lexicon.name_key(text) in lexicon.fields]


def rows_above(table: Table) -> Iterator[Issue]:
    """A warning of rows above the header that are like those below it, as when all were sorted."""
    if table.above.is_empty():
        return
    headed = [one for one in table.columns if one.header and one.letter not in table.raised]
    fields = [one.letter for one in headed if isinstance(one.role, Field) and one.role not in RATINGS]
    above = table.above.select(pl.col(one.letter).cast(pl.String) for one in headed)
    repeated = [
        above[letter].is_in(table.cells[letter].drop_nulls().cast(pl.String).unique().implode())
        & above[letter].str.contains(r"\p{L}")
        for letter in fields
    ]
    if not repeated:
        return
    filled = 2 * above.select(pl.sum_horizontal(pl.all().is_not_null())).to_series() > len(headed)
    alike = pl.select(pl.any_horizontal(repeated)).to_series().fill_null(value=False) & filled
    if alike.any():
        numbers = [str(table.sheet.first_row + at) for at in alike.arg_true().to_list()]
        look = "looks" if len(numbers) == 1 else "look"
        problem = (
            f"{counted(len(numbers), 'row')} above the header in row {table.header_rows[0]} {look} like "
            f"those below it and {was(len(numbers))} not read: {few(numbers)}."
        )
        yield table.issue("row_above", Severity.WARNING, problem, "Move the header to the top of the table.")


_A_RATING = re.compile(r"\d([.,]\d)?")
"""A header that is a rating."""


def stray_cells(table: Table) -> Iterator[Issue]:
    """A warning for cells in columns without a header: a remark, or a row that is shifted; and for those
    below a single number, which somebody may have typed over the header."""
    typed_over = [one for one in table.unexplained if _A_RATING.fullmatch(one.header)]
    if len(typed_over) == 1:
        cells = table.cells[typed_over[0].letter]
        problem = (
            f"{counted(cells.count(), 'cell')} below {typed_over[0].called} {was(cells.count())} not used."
        )
        remedy = "If the number was typed over the header, write the header again."
        yield table.issue("stray_cells", Severity.WARNING, problem, remedy, typed_over[0])
    for column in table.columns:
        if column.header or column.role:
            continue
        cells = table.cells[column.letter].cast(pl.String)
        at = (cells.str.contains(r"\S")).fill_null(value=False).arg_true().to_list()
        if len(at) > max(3, len(cells) // 20):
            problem = f"{counted(len(at), 'cell')} in a column without a header {was(len(at))} not used."
            yield table.issue("stray_cells", Severity.WARNING, problem, _OF_STRAYS, column)
            continue
        problem = "A value in a column without a header was not used."
        for place in at:
            row, text = table.rows[place], cells[place]
            yield table.issue(
                "stray_cells", Severity.WARNING, problem, _OF_STRAYS, column, row=row, value=text
            )


_OF_STRAYS = (
    "If it is a remark, nothing to do; if the row is shifted, move its values back under their headers."
)


def over_ratings(table: Table) -> Iterator[Issue]:
    """A warning of merged cells that cover several ratings: the first of them alone has the value."""
    rated = {column_index(one.letter) for one in table.columns if is_rating(one.role) or one.role in RATINGS}
    wide = [
        f"{left}{top}:{right}{bottom}"
        for (top, left), (bottom, right) in table.sheet.merged
        if bottom > table.header_row
        and len(rated.intersection(range(column_index(left), column_index(right) + 1))) > 1
    ]
    if wide:
        problem = (
            f"{counted(len(wide), 'group')} of merged cells over several ratings, such as {wide[0]}, "
            f"{was(len(wide))} read as the first of these ratings alone."
        )
        remedy = "If each of them is meant, unmerge the cells and write it into all of them."
        yield table.issue("merged_cells", Severity.WARNING, problem, remedy)
