"""Layouts that are not read, told from what is in the cells, with what to do about them."""

from collections.abc import Sequence
from itertools import combinations

import polars as pl

from inputs import fields
from inputs.fields import KEYS, OVERALL, OpenRating, RatingOf
from inputs.files.sheets import Sheet
from inputs.phrases import counted
from inputs.tables.contents import RATINGS, SAY_WHO_RATED, shape_of
from inputs.tables.layout import HEADER_WITHIN, Column, Table, one_line, says_header
from inputs.tables.values import HIGHEST_RATING, hold_numbers
from inputs.words.lexicon import Lexicon
from inputs.words.spelling import normalise
from inputs.words.texts import text_of
from inputs.words.word_lists import word_key, word_keys

_PEOPLE_ACROSS = 3
"""Columns of numbers from which on people may be columns."""
_LOOKED_AT = 200
"""Rows whose values are looked at."""


def not_read(table: Table, lexicon: Lexicon) -> str | None:
    """Why a table cannot be read as it is laid out, and what to do; None where nothing speaks against it."""
    return _people_across(table, lexicon) or _numbered(table, lexicon)


def side_by_side(table: Table) -> str | None:
    """The message for a sheet with two tables beside each other; None where there is one. What a mapping says
    of their columns does not put their rows in order."""
    people = [column for column in table.columns if column.role in _PEOPLE]
    named = {normalise(column.header) for column in people if column.header}
    again = [column for column in table.columns if column in people or normalise(column.header) in named]
    for one, other in combinations(again, 2):
        if one in people and (_names_others(table, one, other) or _is_beyond_a_gap(table, other)):
            return (
                f"{table.place}: there are two tables side by side: people are named in column {one.letter} "
                f"('{one.header}') and again in column {other.letter} ('{other.header}'), so one row "
                "may be about two people. Put each on a sheet of its own."
            )
    rated = [
        one for one in table.columns if isinstance(one.role, RatingOf) and one.role.competency != OVERALL
    ]
    if len(rated) > 1 and shape_of(table) == "long":
        by_row = table.by_role[fields.COMPETENCY]
        return (
            f"{table.place}: there are two tables side by side: {rated[0].called} holds the ratings of one "
            f"competency, and {by_row.called} names another one in each row. Put each on a sheet of its own. "
            f"If {by_row.called} belongs to a summary, say so in a mapping: {by_row.mapped_as()}."
        )
    return None


_PEOPLE = (fields.EMPLOYEE, *KEYS)


def split_numbers(table: Table) -> str | None:
    """The message for a text file whose numbers fall into two fields each, `3,5` into 3 and 5, so that values
    are not under their headers; None where there is none."""
    named = [at for at, column in enumerate(table.columns) if column.header]
    if table.sheet.name is not None or not named:
        return None
    beyond = [table.texts_of(column) for column in table.columns[named[-1] + 1 :]]
    filled = [texts.drop_nulls() for texts in beyond if 2 * texts.count() > len(texts)]
    digits = _DECIMALS if len(filled) == 1 else r"^\d{1,2}$"
    if not filled or not all(texts.str.contains(digits).all() for texts in filled):
        return None
    return (
        f"{table.place}: most rows have {counted(len(filled), 'number')} beyond the last header "
        f"('{table.columns[named[-1]].header}'), so their values are under the wrong headers. Where commas "
        "stand between the fields, a decimal comma (3,5) makes two fields of a number. Save the file with "
        "semicolons between the fields, or as .xlsx."
    )


_DECIMALS = r"^(0|5|25|50|75)$"
"""What is behind the comma of halves and quarters."""


def _names_others(table: Table, one: Column, other: Column) -> bool:
    """Whether two columns for the same thing name the same people in another order, or two ids with ratings
    after either of them name different people."""
    if one.role != other.role and normalise(one.header) != normalise(other.header):
        return False
    if one.weak and not other.weak and table.by_role.keys() & SAY_WHO_RATED:
        return _rated_on_both_sides(table, other)  # `Name` of whoever answered, and `Name of the employee`
    pair = pl.DataFrame({"one": table.texts_of(one), "other": table.texts_of(other)})
    both = pair.drop_nulls()
    if 2 * both.filter(pl.col("one") == pl.col("other")).height >= max(both.height, 1):
        return False
    people = set(pair["one"].drop_nulls())
    if 2 * len(people & set(pair["other"].drop_nulls())) >= len(people):
        return True
    ids = (fields.EMPLOYEE, fields.EMPLOYEE_ID)
    return one.role in ids and other.role in ids and _rated_on_both_sides(table, other)


def _is_beyond_a_gap(table: Table, column: Column) -> bool:
    """Whether a column begins a second table after an empty one, with ratings on both sides."""
    at = table.columns.index(column)
    before = table.columns[at - 1] if at else column
    alone = column.role in _PEOPLE and len(table.taken_for(column.role)) == 1
    empty = not before.header and table.texts_of(before).null_count() == len(table.rows)
    return alone and empty and _rated_on_both_sides(table, column)


def _rated_on_both_sides(table: Table, column: Column) -> bool:
    at = table.columns.index(column)
    return _has_ratings(table.columns[:at]) and _has_ratings(table.columns[at:])


def _has_ratings(columns: Sequence[Column]) -> bool:
    return any(isinstance(one.role, RatingOf | OpenRating) or one.role in RATINGS for one in columns)


def pivoted(sheet: Sheet) -> str | None:
    """The message for a pivot table whose first column holds people, and what was rated of them below each;
    None for other sheets."""
    for row, cells in enumerate(sheet.cells.head(HEADER_WITHIN).iter_rows(), sheet.first_row):
        first = next((str(cell) for cell in cells if cell), "")
        if word_key(first) in word_keys("columns", "pivot_rows"):
            return (
                f"{sheet.place}, row {row}: '{first}' is the first column of a pivot table, in which nothing "
                "says which rows are people. Give the sheet that it was made from. If there is none, choose "
                "'Show in Tabular Form', 'Repeat All Item Labels' and 'Do Not Show Subtotals' in Excel under "
                "Design, with the employee id and the level in the first columns, and copy the values."
            )
    return None


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
        "Copy the table, paste it with 'Transpose' into a new sheet, write only 'Employee ID' or 'Name' "
        "above the people, and give that."
    )


def _people_across(table: Table, lexicon: Lexicon) -> str | None:
    """Competencies and the level stand one below the other, and no column holds ratings or says who rated;
    or nothing says whom the rows are about, and several columns hold numbers."""
    someone = table.by_role.keys() & {fields.EMPLOYEE, *KEYS}
    if table.by_role.keys() & {*RATINGS, *(SAY_WHO_RATED if someone else ()), fields.LEVEL}:
        return None
    if fields.COMPETENCY not in table.by_role:
        return None
    numbers = [] if someone else [one for one in table.unknown if hold_numbers(table, one, HIGHEST_RATING)]
    if len(numbers) >= _PEOPLE_ACROSS:
        return _turn(table.sheet, table.by_role[fields.COMPETENCY].letter)
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
        if (texts := text_of(below[letter]).drop_nulls().unique().to_list())
        and None not in map(lexicon.competency, texts)
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
