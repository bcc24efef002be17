"""Where a file explains its scale: above, below and beside a table, in notes of its header, or on a sheet
without a table."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain, pairwise

import polars as pl

from inputs.asked import Asked, ask_about_columns
from inputs.fields import RATING, RATING_BY, RatingOf, is_rating
from inputs.files.sheets import Sheet, column_index, letter
from inputs.phrases import tally
from inputs.roster import Cell
from inputs.tables.layout import Column, Table
from inputs.words.header_scales import Scale, without_scale
from inputs.words.legends import (
    Legend,
    Texts,
    completed,
    entries_legend,
    explained_in,
    explains,
    header_statement,
    names_scale,
    names_top,
    read_legends,
    read_letters,
    read_statements,
    speaks_of_scales,
)
from inputs.words.lexicon import BY_MAPPING
from inputs.words.stand_ins import is_figure

_LOOKED_AT = 60
"""Rows of a sheet without a table, and rows above a header, that are looked at."""
_SCALES = 5
"""Different values of a column that may name scales, at most."""
_FEWEST = 3
"""Steps of a scale that the first cell below a header may name: `1-2` may be two ratings."""
_USUAL_BEST, _PERCENT = 10, 100
"""Where scales end that the name of a file may name."""
_BELOW = 4
"""Cells of a row below a table that can hold a legend."""
_BESIDE = 12
"""Cells that a legend beside a table has in a column, at most."""


def legends_of(
    sheets: Sequence[Sheet], tables: Sequence[Table], earlier: Sequence[Table] = ()
) -> tuple[Legend, ...]:
    """What the files say of their scales, each once; the ends alone where no word explains a number.
    `earlier` are tables on these sheets that are not read."""
    entered = [one for table in tables for one in _entered(table)]
    lists = [one for one in entered if one.is_list]
    lists += _letters(sheets, tables)
    known = {id(one.sheet): one for table in (*tables, *earlier) for one in table.originals}
    by_sheet = {id(sheet): list(_texts(sheet, known.get(id(sheet)))) for sheet in sheets}
    read = {at: [one for part in parts for one in read_legends(part)] for at, parts in by_sheet.items()}
    found = [replace(one, silent=_silent(one, at, read, tables)) for at, some in read.items() for one in some]
    if all(len(one.words) < 2 for one in found):
        names = [(f"The name of the sheet '{one}'", one) for table in tables if (one := table.sheet.name)]
        by_sheet_said = {at: read_statements([*chain(*parts)]) for at, parts in by_sheet.items()}
        said = [
            replace(one, silent=_silent(one, at, by_sheet_said, tables))
            for at, some in by_sheet_said.items()
            for one in some
        ]
        said += read_statements([*chain(*map(_everywhere, tables)), *names])
        said += chain(*map(_headers, tables), _file_names(tables))
        said += [one for one in entered if not one.is_list]
        said = [completed(one, found) for one in said]
        found = [one for one in found if not any(one.words.keys() <= other.words.keys() for other in said)]
        said = list({tuple(one.words): one for one in reversed(said)}.values())[::-1]
        return (*found, *said, *lists)
    different = {
        tuple(sorted((number, word.casefold()) for number, word in {**one.words, **one.unrated}.items())): one
        for one in reversed(found)
    }
    return (*reversed(different.values()), *lists)


def _silent(
    legend: Legend, sheet: int, read: Mapping[int, Sequence[Legend]], tables: Sequence[Table]
) -> tuple[str, ...]:
    """The tables of ratings on whose sheets a legend does not stand that stands beside other ratings."""
    rated = [one for table in tables for one in table.originals if any(map(_rates, one.columns))]
    if all(id(one.sheet) != sheet for one in rated):
        return ()
    return tuple(
        one.full_name
        for one in rated
        if not any(other.words == legend.words for other in read[id(one.sheet)])
    )


def _letters(sheets: Sequence[Sheet], tables: Sequence[Table]) -> list[Legend]:
    """What the files say of letters as ratings, each once."""
    read = {id(one.sheet): one for table in tables for one in table.originals}
    found = [read_letters([*_about_letters(sheet, read.get(id(sheet)))]) for sheet in sheets]
    return [*{one.shown: one for one in found[::-1] if one is not None}.values()][::-1]


def _about_letters(sheet: Sheet, table: Table | None) -> Iterator[tuple[str, str]]:
    """The texts of a sheet that can explain letters, with their cells: each letter with what stands beside
    it, or below it in a row of letters."""
    yield from ((f"{sheet.place} (text box or page header)", text) for text in sheet.captions)
    if table is not None:
        heads = [(table.header_row, one.letter, one.header) for one in table.columns]
        heads += [(row, name, note) for (row, name), note in sheet.notes.items() if row in table.header_rows]
        yield from ((_place(sheet, row, name), text) for row, name, text in heads)
    lines = list(_lines(sheet, table))
    for row, cells in lines:
        each = pairwise(cells.items())
        beside = [(name, f"{one} = {text}") for (name, one), (_, text) in each if len(one) == 1]
        yield from ((_place(sheet, row, name), text) for name, text in beside or cells.items())
    for (_, letters), (row, below) in pairwise(lines):
        if len(letters) > 1 and all(len(text) == 1 for text in letters.values()):
            pairs = ((name, f"{letters[name]} = {text}") for name, text in below.items() if name in letters)
            yield from ((_place(sheet, row, name), text) for name, text in pairs)


def _lines(sheet: Sheet, table: Table | None) -> Iterator[tuple[int, dict[str, str]]]:
    """The first and the last rows of a sheet: all cells of those that are not of people or ratings, and those
    in columns that hold little of the others."""
    height = sheet.cells.height
    spare = set(sheet.cells.columns if table is None else _spare(table))
    for at in dict.fromkeys((*range(min(_LOOKED_AT, height)), *range(max(0, height - _LOOKED_AT), height))):
        values = sheet.cells.row(at, named=True)
        cells = {name: str(value).strip() for name, value in values.items() if value is not None}
        is_row = table is not None and sheet.first_row + at >= table.header_row and len(cells) > 1
        if is_row and (len(cells) > _BELOW or len(next(iter(cells.values()))) > 1):
            cells = {name: text for name, text in cells.items() if name in spare}
        yield sheet.first_row + at, cells


def with_entered_scales(table: Table) -> Table:
    """The table in which each rating has the scale that may be entered below its header, where that is not
    the same for all ratings of a rater."""
    changed = []
    for rater in {one.role.rater for one in table.columns if isinstance(one.role, RatingOf)}:
        rated = [one for one in table.columns if isinstance(one.role, RatingOf) and one.role.rater == rater]
        spans = {one: _span(table, one) for one in rated if one.scale is None}
        if len(set(spans.values())) > 1:
            changed += [replace(one, scale=span) for one, span in spans.items()]
    return table.with_columns(changed)


def _span(table: Table, column: Column) -> Scale | None:
    """The lowest and the highest number that may be entered into the cells of a column."""
    at = column_index(column.letter)
    for one in table.sheet.entries:
        inside = (column_index(left) <= at <= column_index(right) for (_, left), (_, right) in one.ranges)
        legend = entries_legend("", one.values) if any(inside) else None
        if legend is not None and not legend.is_list:
            return legend.lowest, legend.highest
    return None


def _entered(table: Table) -> Iterator[Legend]:
    """What may be entered into the cells of ratings."""
    for place, values in _entries(table):
        legend = entries_legend(place, values)
        if legend is not None:
            yield legend


def _entries(table: Table) -> Iterator[tuple[str, Sequence[str]]]:
    """The values that may be entered into the cells of ratings, each with the first of them."""
    open_ones = (column for column in table.columns if _rates(column) and column.scale is None)
    rated = [column_index(column.letter) for column in open_ones]
    for one in table.sheet.entries:
        for (_, left), (bottom, right) in one.ranges:
            within = [at for at in rated if column_index(left) <= at <= column_index(right)]
            if within and bottom > table.header_row:
                place = _place(table.sheet, table.header_row + 1, letter(within[0]))
                yield f"The {'list' if one.is_list else 'rule'} of {place}", one.values
                break


def _rates(column: Column) -> bool:
    return is_rating(column.role) or column.role in (RATING, *RATING_BY.values())


def _texts(sheet: Sheet, table: Table | None) -> Iterator[Texts]:
    """The texts of each part of a sheet that can hold a legend, with their cells."""
    yield [(f"{sheet.place} (text box or page header)", text) for text in sheet.captions]
    if table is None:
        yield list(_rows(sheet, 0, _LOOKED_AT))
        return
    yield from ([(place, value) for value in values] for place, values in _entries(table))
    yield list(_rows(sheet, 0, min(_LOOKED_AT, table.header_rows[0] - sheet.first_row)))
    yield list(_below(table))
    yield list(_beside(table))
    yield from ([one] for one in _in_every_row(table))
    for one in _below_headers(table):
        if any(len(legend.words) > 1 for legend in read_legends([one])):
            yield [one]
    yield [
        (_place(sheet, row, letter), note)
        for (row, letter), note in sheet.notes.items()
        if row in table.header_rows
    ]


def _file_names(tables: Sequence[Table]) -> Iterator[Legend]:
    """The scales that names of files surely name: `Ratings 1-4`; other numbers may be days or versions."""
    for file in dict.fromkeys(one.sheet.file for table in tables for one in table.originals):
        name = file.rpartition(".")[0].replace("_", " ")
        for one in read_statements([(f"The name of the file '{file}'", name)]):
            usual = one.lowest in (0, 1) and (one.highest <= _USUAL_BEST or one.highest == _PERCENT)
            if one.is_sure and usual:
                yield one


def _headers(table: Table) -> Iterator[Legend]:
    """What headers of ratings say of a scale beside its ends: `Selbst (Note)`, `Communication (self) /10`."""
    for column in table.columns:
        if _rates(column) and column.scale is None:
            place = _place(table.sheet, table.header_rows[-1], column.letter)
            said = header_statement(place, column.header)
            yield from () if said is None else (said,)


def _everywhere(table: Table) -> Iterator[tuple[str, str]]:
    """The columns that are taken for nothing and say the same in every row, with their headers:
    `Scale: 1-10`, `Max rating: 10`; headers above nothing, lines among the rows, and scales below headers."""
    for place, said in _below_headers(table):
        plain, scale = without_scale(said)
        if scale is not None and not plain.strip() and min(scale) <= 1 and max(scale) >= _FEWEST:
            yield place, f"Scale: {said}"
    for column in table.columns:
        empty = table.cells[column.letter].null_count() == len(table.rows)
        if column.role is None and empty and speaks_of_scales(column.header):
            yield _place(table.sheet, table.header_row, column.letter), column.header
    for row, text in table.lines:
        if speaks_of_scales(text):
            yield _place(table.sheet, row, ""), text
    for column, texts in _of_scales(table):
        if len(texts) == 1:
            yield _place(table.sheet, int(table.rows[0]), column.letter), next(iter(texts))


def scales_by_row(table: Table) -> Iterator[Asked]:
    """A question for each column that names one scale in some rows and another one in others."""
    for column, texts in _of_scales(table):
        named = [read_statements([("", text)]) for text in texts] if len(texts) <= _SCALES else []
        if len({tuple(one[0].words) for one in named if one}) > 1 and all(named) and column.why != BY_MAPPING:
            shown = tally((text.removeprefix(f"{column.header}: "), count) for text, count in texts.items())
            yield ask_about_columns(
                f"{table.place}: {column.called} names different scales from row to row, {shown}, "
                "but a column of ratings is read on one scale.",
                "Put all ratings on one scale, or assess the rows of each scale in a file of their own. If "
                "the column says nothing of the ratings, say so in a mapping: "
                f"{column.mapped_as()}.",
                frozenset([table.sheet.column(column.letter)]),
                (("It says nothing of the ratings", ""),),
            )


def _below_headers(table: Table) -> Iterator[tuple[str, str]]:
    """What stands in the first row below the headers of ratings."""
    for column in filter(_rates, table.columns if len(table.rows) else ()):
        if said := str(table.cells[column.letter][0] or ""):
            yield _place(table.sheet, int(table.rows[0]), column.letter), said


def _of_scales(table: Table) -> Iterator[tuple[Column, dict[str, int]]]:
    """The columns that are taken for nothing and speak of scales, with their different values behind their
    header. A `Highest score` that differs may be anybody's own."""
    for column in table.columns:
        header, speaks = column.header, speaks_of_scales(column.header)
        if column.role is None and (speaks or names_top(header)) and not any(map(str.isdigit, header)):
            counts = table.cells[column.letter].cast(pl.String).drop_nulls().value_counts(sort=True)
            if speaks or len(counts) == 1:
                yield column, {f"{header}: {text.removesuffix('.0')}": n for text, n in counts.iter_rows()}


def _in_every_row(table: Table) -> Iterator[tuple[str, str]]:
    """What columns that are taken for nothing say alike in every row of ratings: `1 = best, 5 = worst`."""
    for column in table.columns if len(table.rows) else ():
        said = str(table.cells[column.letter][0] or "") if column.role is None else ""
        if not any(map(str.isdigit, said)) or not (names_scale(said) or read_legends([("", said)])):
            continue
        given = table.cells[column.letter].drop_nulls()
        if 2 * len(given) > len(table.rows) > 1 and given.n_unique() == 1:
            yield _place(table.sheet, int(table.rows[0]), column.letter), said


def _below(table: Table) -> list[tuple[str, str]]:
    last = zip(table.rows.tail(_LOOKED_AT), table.cells.tail(_LOOKED_AT).iter_rows(named=True), strict=True)
    below = [(row, {name: str(value) for name, value in cells.items() if value}) for row, cells in last]
    texts: list[tuple[str, str]] = []
    for row, cells in reversed(below):
        if len(cells) > _BELOW or (len(cells) > 2 and not explained_in(list(cells.items()))):
            break
        texts = [*_joined(table.sheet, row, cells), *texts]
    return texts


def _beside(table: Table) -> Iterator[tuple[str, str]]:
    """The texts of columns that are taken for nothing, for no known reason, and hold little, row by row."""
    first, few = table.cells.head(_LOOKED_AT), _spare(table)
    rows = table.rows.head(_LOOKED_AT)
    for row, values in zip(rows, first.select(few).iter_rows() if few else [()] * len(rows), strict=True):
        listed = [(name, str(value)) for name, value in zip(few, values, strict=True) if value is not None]
        found = explained_in(listed) or _labelled(listed)
        found = found or [(name, text) for name, text in listed if explains(text) or names_scale(text)]
        yield from ((_place(table.sheet, row, letter), text) for letter, text in found)


def _spare(table: Table) -> list[str]:
    """The columns that are taken for nothing, for no known reason, and hold little."""
    taken = {column.letter for column in table.columns if column.role is not None or column.why}
    rest = (name for name in table.cells.columns if name not in taken)
    return [name for name in rest if 0 < table.cells[name].count() <= _BESIDE]


def _labelled(cells: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Of the cells of a row, with their letters: those that name a scale together, `Scale` and `1-7`."""
    pairs = [
        (letter, f"{label.rstrip(' :')}: {text.removesuffix('.0')}")
        for (letter, label), (_, text) in pairwise(cells)
        if not is_figure(label)
    ]
    return [(letter, text) for letter, text in pairs if names_scale(text)]


def _rows(sheet: Sheet, start: int, end: int) -> Iterator[tuple[str, str]]:
    for at, row in enumerate(sheet.cells.slice(start, max(0, end - start)).iter_rows(named=True), start):
        cells = {name: str(value) for name, value in row.items() if value is not None}
        yield from _joined(sheet, sheet.first_row + at, cells)


def _joined(sheet: Sheet, row: int, cells: dict[str, str]) -> list[tuple[str, str]]:
    """The texts of a row; a number and the text beside it are one, and so are `Scale` and `1-7`."""
    listed = list(cells.items())
    if named := _labelled(listed):
        return [(_place(sheet, row, letter), text) for letter, text in named]
    if len(listed) == 2 and explains(text := f"{listed[0][1].removesuffix('.0')} - {listed[1][1]}"):
        return [(_place(sheet, row, listed[0][0]), text)]
    return [(_place(sheet, row, letter), text) for letter, text in explained_in(listed) or listed]


def _place(sheet: Sheet, row: int, letter: str) -> str:
    return str(Cell(sheet.name, row, letter, sheet.named_file))
