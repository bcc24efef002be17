"""A workbook of decision tables back into a pack; problems name sheet and cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from rules.decision_tables import matrix
from rules.decision_tables.layout import (
    POINTS,
    SETTINGS,
    TABLES,
    TALK,
    WORDS,
    CellPlace,
    Column,
    Kind,
    Plain,
    Table,
)
from rules.loader import Contents, LoadedPack, check_contents
from rules.pack import PackError
from rules.paths import KeyPath, Place, replaced, value_at


def read_tables(path: Path) -> LoadedPack:
    """Read a workbook of decision tables back into a pack, with the cell of each of its values.

    Raises `PackError` with every problem found, each with sheet and cell. The fingerprint is of its values.
    """
    try:
        book = load_workbook(path)
    except Exception as error:  # whatever a damaged file makes openpyxl raise
        raise PackError(
            f"{path}: cannot be read as a workbook; give the .xlsx that `pack export` wrote"
        ) from error
    reader = _Reader(path.name, {}, {}, [])
    names = ["Pack", "Words", *(table.sheet for table in TABLES), matrix.SHEET, matrix.SOURCES_SHEET]
    missing = [name for name in names if name not in book.sheetnames]
    if missing:
        raise PackError(*(f"{path.name}: the sheet {name} is missing" for name in missing))
    for name in names:
        reader.refuse_formulas(book[name])
    reader.read_settings(book["Pack"])
    for table in TABLES:
        reader.read_table(book[table.sheet], table)
    reader.read_matrix(book[matrix.SHEET], reader.read_sources(book[matrix.SOURCES_SHEET]))
    reader.read_words(book["Words"])
    places = {(): CellPlace(f"{path.name}, Pack", 1), **reader.places}
    return LoadedPack(check_contents(Contents(reader.values, places, reader.problems)), places)


@dataclass
class _Reader:
    """What has been read of a workbook so far."""

    book: str
    values: Plain
    places: dict[KeyPath, Place]
    problems: list[tuple[Place, str]]

    def read_settings(self, sheet: Worksheet) -> None:
        settings = {setting.heading: setting for setting in SETTINGS}
        for number, (heading, value) in enumerate(_rows(sheet, 2), start=2):
            setting = settings.get(str(heading))
            if setting is not None:
                self._take((), setting, value, self._place(sheet, number, "B"))
            elif heading is not None:
                self._refuse(sheet, number, "A", f"there is no setting “{heading}”")

    def refuse_formulas(self, sheet: Worksheet) -> None:
        """What a formula comes to is not in the file as it is read here, and an error is no value."""
        kinds = {"f": "a formula; write what it comes to", "e": "an error; write the value"}
        for number, row in enumerate(sheet.iter_rows(), start=1):
            for place, cell in enumerate(row, start=1):
                if said := kinds.get(cell.data_type):
                    self._refuse(sheet, number, get_column_letter(place), f"`{cell.value}` is {said}")

    def read_words(self, sheet: Worksheet) -> None:
        for number, row in enumerate(_rows(sheet, 4 + len(TALK)), start=2):
            of, name, label, meaning, *talk = (None if value is None else str(value) for value in row)
            if of is None and name is None:
                continue
            path = self._words_path(str(of), str(name))
            if path is None:
                words = f"“{of}” is not one of {', '.join((POINTS, *WORDS))}, or `lens` and the id of a lens"
                self._refuse(sheet, number, "A", words)
                continue
            self.places[path] = self._place(sheet, number, "A")
            said = {key: text for (_, key), text in zip(TALK, talk, strict=True) if text is not None}
            called, meant = WORDS.get(str(of), ("label", "meaning"))
            words_of: Any = {called: label, meant: meaning, **said} if of != POINTS else meaning
            self.values = replaced(self.values, path, words_of)

    def _words_path(self, of: str, name: str) -> KeyPath | None:
        if of == POINTS:
            return ("scale", "meanings", name)
        if of in WORDS:
            return (of, name)
        lenses = [f"lens {lens.get('id')}" for lens in self.values["lenses"]]
        return ("lenses", lenses.index(of), "words", name) if of in lenses else None

    def read_table(self, sheet: Worksheet, table: Table) -> None:
        headings = [None if cell.value is None else str(cell.value) for cell in sheet[1]]
        known = [*([table.owner] if table.owner else []), *(column.heading for column in table.columns)]
        for number, heading in enumerate(headings, start=1):
            if heading is not None and heading not in known:
                words = f"there is no column “{heading}”; known are {', '.join(known)}"
                self._refuse(sheet, 1, get_column_letter(number), words)
        if not table.owner:
            self.values = replaced(self.values, table.inside, ())
        lost = [heading for heading in known if heading not in headings]
        if lost:
            self._refuse(sheet, 1, "A", f"missing columns: {', '.join(lost)}")
            return
        where = {heading: number for number, heading in enumerate(headings) if heading is not None}
        for row, cells in enumerate(_rows(sheet, len(headings)), start=2):
            if any(value is not None and str(value).strip() for value in cells):
                self._read_entry(sheet, table, where, cells, row)

    def read_sources(self, sheet: Worksheet) -> dict[tuple[str, str], tuple[object, int]]:
        """By level and competency what an expectation cites, with its row."""
        found: dict[tuple[str, str], tuple[object, int]] = {}
        for row, (level, competency, source, section) in enumerate(_rows(sheet, 4), start=2):
            if level is not None and competency is not None:
                cite = {"source": str(source or ""), "section": str(section or "")}
                found.setdefault((str(level), str(competency)), (cite, row))
        return found

    def read_matrix(self, sheet: Worksheet, sources: Mapping[tuple[str, str], tuple[object, int]]) -> None:
        """Take what each level expects, in the order of the sources, then of the rows."""
        levels, width = [entry.get("id") for entry in self.values["levels"]], sheet.max_column
        heads = [self._text(value) for value in next(_rows(sheet, width), ())]
        for number, level in enumerate(heads[2:], start=2):
            column = get_column_letter(number + 1)
            if level is None and any(cell.value is not None for cell in sheet[column]):
                self._refuse(sheet, 2, column, "the id of the level is missing here, below its title")
            elif level is not None and level not in levels:
                self._refuse(sheet, 2, column, f"“{level}” is not an id on the sheet of the levels")
        cells = self._matrix_cells(sheet, heads)
        order = {key: place for place, key in enumerate(sources)}
        for key in sorted(cells, key=lambda key: order.get(key, len(order))):
            rating, place = cells[key]
            if key[0] in levels:
                self._expect(levels.index(key[0]), key, rating, place, sources)

    def _matrix_cells(
        self, sheet: Worksheet, heads: Sequence[str | None]
    ) -> dict[tuple[str, str], tuple[object, Place]]:
        """By level and competency each rating of the matrix, with its cell."""
        competencies = {entry.get("id"): entry.get("title") for entry in self.values["competencies"]}
        words = self._words_of_scale()
        cells: dict[tuple[str, str], tuple[object, Place]] = {}
        for row, (_, name, *values) in enumerate(_rows(sheet, len(heads)), start=2):
            competency = self._text(name) or ""
            if row == 2 or not any(value is not None for value in (name, *values)):
                continue
            if competency not in competencies:
                self._refuse(sheet, row, "B", f"“{competency}” is not an id on the sheet of the competencies")
                continue
            for number, value in enumerate(values, start=2):
                level = heads[number]
                if level is None or value is None or not str(value).strip():
                    continue
                place = self._place(sheet, row, get_column_letter(number + 1))
                try:
                    cells[level, competency] = matrix.rating_in(value, words), place
                except ValueError as error:
                    self.problems.append(
                        (place, f"{competencies[competency]}, {sheet.cell(1, number + 1).value}: {error}")
                    )
        return cells

    def _expect(
        self,
        level: int,
        key: tuple[str, str],
        rating: object,
        place: Place,
        sources: Mapping[tuple[str, str], tuple[object, int]],
    ) -> None:
        entry = self.values["levels"][level]
        cite, row = sources.get(key, (entry.get("cite"), 0))
        path = ("levels", level, "expects", len(entry.get("expects", ())))
        self.values = replaced(self.values, path, {"competency": key[1], "rating": rating, "cite": cite})
        cited = CellPlace(f"{self.book}, {matrix.SOURCES_SHEET}", row, "C") if row else place
        self.places |= {path: place, (*path, "rating"): place, (*path, "cite", "source"): cited}
        self.places |= {(*path, "cite"): cited, (*path, "cite", "section"): cited}

    def _words_of_scale(self) -> dict[str, Decimal]:
        scale = self.values.get("scale", {})
        words, lowest, step = (scale.get(key) for key in ("words", "lowest", "step"))
        if not words or not isinstance(lowest, int | Decimal):
            return {}
        step = Decimal("0.5") if step is None else step
        return {word: Decimal(lowest + step * place) for place, word in enumerate(words)}

    @staticmethod
    def _text(value: object) -> str | None:
        return None if value is None else str(value).strip() or None

    def _read_entry(
        self, sheet: Worksheet, table: Table, where: Mapping[str, int], cells: Sequence[object], row: int
    ) -> None:
        entries = self._entries_for(sheet, table, where, cells, row)
        if entries is None:
            return
        path = (*entries, len(value_at(self.values, entries) or ()))
        self.values = replaced(self.values, path, {})
        self.places[path] = self._place(sheet, row, "A")
        for column in table.columns:
            number = where[column.heading]
            self._take(path, column, cells[number], self._place(sheet, row, get_column_letter(number + 1)))

    def _entries_for(
        self, sheet: Worksheet, table: Table, where: Mapping[str, int], cells: Sequence[object], row: int
    ) -> KeyPath | None:
        """The path of the list that an entry belongs to."""
        if not table.owner:
            return table.inside
        outer, inner = table.inside
        owner = cells[where[table.owner]]
        ids = [entry.get("id") for entry in self.values[outer]]
        if owner in ids:
            return (outer, ids.index(owner), inner)
        words = f"“{owner}” is not an id on the sheet of the {outer}"
        self._refuse(sheet, row, get_column_letter(where[table.owner] + 1), words)
        return None

    def _take(self, path: KeyPath, column: Column, value: object, place: Place) -> None:
        path = (*path, *column.keys)
        self.places[path] = place
        if value is None or not str(value).strip():
            return
        try:
            self.values = replaced(self.values, path, _READ[column.kind](value))
        except ValueError as error:
            self.problems.append((place, f"{column.heading}: {error}"))

    def _refuse(self, sheet: Worksheet, row: int, column: str, words: str) -> None:
        self.problems.append((self._place(sheet, row, column), words))

    def _place(self, sheet: Worksheet, row: int, column: str) -> CellPlace:
        return CellPlace(f"{self.book}, {sheet.title}", row, column)


TOO_LARGE = 10**9
"""No scale, bar or weight comes near it, and arithmetic with numbers far beyond does not end."""


def _rows(sheet: Worksheet, width: int) -> Iterator[tuple[Any, ...]]:
    """The values below the headings, so many columns of them."""
    yield from sheet.iter_rows(min_row=2, max_col=width, values_only=True)


def _read_number(value: object) -> Decimal | int:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError(f"`{value}` is not a number")
    number = Decimal(str(value))
    if not abs(number) < TOO_LARGE:
        raise ValueError(f"`{value}` is not a number that a pack can hold; they are below {TOO_LARGE:,}")
    return int(number) if number == number.to_integral_value() else number


def _read_lines(value: object) -> tuple[str, ...]:
    return tuple(line.strip() for line in str(value).splitlines() if line.strip())


def _read_pairs(value: object) -> dict[str, object]:
    pairs: dict[str, object] = {}
    for line in _read_lines(value):
        name, colon, entry = line.partition(":")
        if not colon or not entry.strip():
            raise ValueError(f"`{line}` is not a name, a colon and a value, such as `communication: 2`")
        if name.strip() in pairs:
            raise ValueError(f"`{name.strip()}` is here twice")
        pairs[name.strip()] = _number_or_text(entry.strip())
    return pairs


def _number_or_text(text: str) -> object:
    try:
        number = Decimal(text)
        return number if abs(number) < TOO_LARGE else text
    except ArithmeticError:
        return text


def _read_flag(value: object) -> bool:
    flags = {"yes": True, "no": False}
    if str(value).strip().lower() not in flags:
        raise ValueError(f"`{value}` is neither yes nor no")
    return flags[str(value).strip().lower()]


_READ: dict[Kind, Any] = {
    "text": lambda value: str(value),
    "number": _read_number,
    "lines": _read_lines,
    "pairs": _read_pairs,
    "flag": _read_flag,
}
