"""Layouts that are not read, told from what is in the cells, with what to do about them."""

from collections.abc import Callable

from inputs import fields
from inputs.files.sheets import Sheet
from inputs.tables.contents import RATINGS, SAY_WHO_RATED
from inputs.tables.layout import HEADER_WITHIN, Table, one_line, says_header
from inputs.words.lexicon import Lexicon
from inputs.words.texts import text_of

_LOOKED_AT = 200
"""Rows whose values are looked at."""


def not_read(table: Table, lexicon: Lexicon) -> str | None:
    """Why a table cannot be read as it is laid out, and what to do; None where nothing speaks against it."""
    return _people_across(table, lexicon) or _numbered(table, lexicon)


def transposed(sheet: Sheet, lexicon: Lexicon) -> str | None:
    """The message for a sheet whose headers stand one below the other; None where they do not."""
    for name in sheet.cells.columns[:3]:
        column = sheet.cells[name].head(HEADER_WITHIN)
        if says_header(one_line([None if cell is None else str(cell) for cell in column]), lexicon):
            return _turn(sheet, name)
    return None


def _turn(sheet: Sheet, letter: str) -> str:
    return (
        f"{sheet.place}: the headers are one below the other in column {letter}, and people are columns. "
        "Copy the table, paste it with 'Transpose' into a new sheet, and give that."
    )


def _people_across(table: Table, lexicon: Lexicon) -> str | None:
    """Competencies and the level stand one below the other, and no column holds ratings or says who rated."""
    if table.by_role.keys() & {*RATINGS, *SAY_WHO_RATED, fields.LEVEL}:
        return None
    if fields.COMPETENCY not in table.by_role:
        return None
    named = table.texts(fields.COMPETENCY).head(HEADER_WITHIN).drop_nulls().to_list()
    meanings = (lexicon.meaning(text) for text in named if lexicon.competency(text) is None)
    if not any(meaning is not None and meaning.role is fields.LEVEL for meaning in meanings):
        return None
    return _turn(table.sheet, table.by_role[fields.COMPETENCY].letter)


def _numbered(table: Table, lexicon: Lexicon) -> str | None:
    """`Competency 1 Name` names a competency in each row, whose ratings stand in the columns beside it."""
    sheet, at = table.sheet, table.header_rows[0] - table.sheet.first_row
    if sheet.headers is not None:
        headers, below = list(sheet.headers), sheet.cells.head(_LOOKED_AT)
    else:
        headers = one_line(sheet.cells.row(at))
        below = sheet.cells.slice(at + 1, _LOOKED_AT)
    found = [
        (letter, header, texts)
        for letter, header in zip(sheet.cells.columns, headers, strict=False)
        if any(char.isdigit() for char in header) and lexicon.competency(header) is None
        if _all(texts := text_of(below[letter]).drop_nulls().unique().to_list(), lexicon.competency)
    ]
    if len(found) < 2:
        return None
    letter, header, texts = found[0]
    return (
        f"{table.place}: '{header}' (column {letter}) says in each row which competency it is, such as "
        f"'{min(texts)[:40]}', and the ratings are in the columns next to it. {len(found)} such sets of "
        "columns cannot be read. Give a row for each person and competency ('Employee ID', 'Competency', "
        "'Self rating', 'Manager rating'), or two columns for each competency, 'Communication (self)' and "
        "'Communication (manager)'."
    )


def _all(texts: list[str], known: Callable[[str], str | None]) -> bool:
    return bool(texts) and all(known(text) is not None for text in texts)
