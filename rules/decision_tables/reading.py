"""A workbook of decision tables back into a pack; problems name sheet and cell."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
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
        reader.refuse_cells(book[name])
    for name, headings in _HEADINGS.items():
        reader.require_headings(book[name], headings)
    reader.read_settings(book["Pack"])
    for table in TABLES:
        reader.read_table(book[table.sheet], table)
    reader.read_matrix(book[matrix.SHEET], reader.read_sources(book[matrix.SOURCES_SHEET]))
    reader.read_words(book["Words"])
    places = {(): CellPlace(f"{path.name}, Pack", 1), **reader.places}
    pack = check_contents(Contents(reader.values, places, reader.problems))
    return LoadedPack(pack, places, tuple(reader.remarks))


@dataclass(frozen=True)
class _Cell:
    """What a cell holds, and where it is."""

    value: Any
    number: int
    """The column, the first 0."""
    place: CellPlace

    @property
    def text(self) -> str | None:
        """None where it holds nothing."""
        return None if self.value is None else str(self.value).strip() or None


_Sources = Mapping[tuple[str, str], tuple[object, Place]]
"""By level and competency what an expectation cites, and where that is written."""


@dataclass
class _Reader:
    """What has been read of a workbook so far."""

    book: str
    values: Plain
    places: dict[KeyPath, Place]
    problems: list[tuple[Place, str]]
    remarks: list[str] = field(default_factory=list)
    """What was not read, and is no problem."""

    def read_settings(self, sheet: Worksheet) -> None:
        settings = {setting.heading: setting for setting in SETTINGS}
        self._refuse_again(heading for heading, _ in self._rows(sheet, 2))
        for heading, value in self._rows(sheet, 2):
            setting = settings.get(str(heading.value))
            if setting is not None:
                self._take((), setting, value)
            elif heading.value is not None:
                self._refuse(heading, f"there is no setting “{heading.value}”")

    def refuse_cells(self, sheet: Worksheet) -> None:
        """What a formula comes to is not in the file as it is read here, and an error is no value; 80% is in
        the file as 0.8, and of merged cells all but the first are empty."""
        kinds = {"f": "a formula; write what it comes to", "e": "an error; write the value"}
        for cell in (cell for row in sheet.iter_rows() for cell in row):
            if said := kinds.get(cell.data_type):
                self._refuse(self._cell(sheet, cell), f"`{cell.value}` is {said}")
            elif isinstance(cell.value, int | float) and "%" in cell.number_format:
                said = "a percentage; write it without %, in the format General"
                self._refuse(self._cell(sheet, cell), f"`{cell.value * 100:g}%` is {said}")
        for merged in sheet.merged_cells.ranges:
            first = self._cell(sheet, sheet.cell(merged.min_row, merged.min_col))
            self._refuse(first, f"{merged.coord} are merged; unmerge them, and write into each what it holds")

    def require_headings(self, sheet: Worksheet, headings: Sequence[str]) -> None:
        """On sheets whose columns are read in their order."""
        head = next(self._rows(sheet, len(headings), 1))
        for cell, heading in zip(head, headings, strict=True):
            if cell.text != heading:
                self._refuse(cell, f"“{cell.text or ''}” stands where the column “{heading}” belongs")

    def read_words(self, sheet: Worksheet) -> None:
        seen: set[KeyPath] = set()
        for row in self._rows(sheet, 4 + len(TALK)):
            of, name, label, meaning, *talk = (None if one.value is None else str(one.value) for one in row)
            if of is None and name is None:
                continue
            path = self._words_path(str(of), str(name))
            if path is None:
                words = f"“{of}” is not one of {', '.join((POINTS, *WORDS))}, or `lens` and the id of a lens"
                self._refuse(row[0], words)
                continue
            if path in seen:
                self._refuse(row[1], f"“{name}” is here twice")
            seen.add(path)
            self.places[path] = row[0].place
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
        head = [cell for cell in next(self._rows(sheet, first=1)) if cell.value is not None]
        known = [column.heading for column in table.all_columns]
        for cell in head:
            if str(cell.value) not in known:
                self._refuse(cell, f"there is no column “{cell.value}”; known are {', '.join(known)}")
        if not table.owner:
            self.values = replaced(self.values, table.inside, ())
        self._refuse_again(head)
        where = {str(cell.value): cell.number for cell in head}
        lost = [heading for heading in known if heading not in where]
        if lost:
            place = CellPlace(f"{self.book}, {sheet.title}", 1)
            self.problems.append((place, f"missing columns: {', '.join(lost)}"))
            return
        for row in self._rows(sheet):
            if any(cell.text for cell in row):
                self._read_entry(table, row[0].place, {name: row[number] for name, number in where.items()})

    def read_sources(self, sheet: Worksheet) -> _Sources:
        found: dict[tuple[str, str], tuple[object, Place]] = {}
        for row in self._rows(sheet, 4):
            level, competency, source, section = (one.value for one in row)
            if level is not None and competency is not None:
                cite = {"source": str(source or ""), "section": str(section or "")}
                found.setdefault((str(level), str(competency)), (cite, row[2].place))
        return found

    def read_matrix(self, sheet: Worksheet, sources: _Sources) -> None:
        """Take what each level expects, in the order of the sources, then of the rows."""
        levels = [entry.get("id") for entry in self.values["levels"]]
        rows = list(self._rows(sheet, first=1))
        for head in rows[1][2:] if len(rows) > 1 else ():
            if head.text is None and any(row[head.number].value is not None for row in rows):
                self._refuse(head, "the id of the level is missing here, below its title")
            elif head.text is not None and head.text not in levels:
                self._refuse(head, f"“{head.text}” is not an id on the sheet of the levels")
        for line in ([row[1] for row in rows[2:]], rows[1][2:] if len(rows) > 1 else ()):
            self._refuse_again(line)
        titles = {entry.get("id"): entry.get("title") for entry in self.values["levels"]}
        for title, name in zip(*(row[2:] for row in rows[:2]), strict=True) if len(rows) > 1 else ():
            self._require_title(title, titles.get(name.text), "Levels")
        cells = self._matrix_cells(rows)
        order = {key: place for place, key in enumerate(sources)}
        for key in sorted(cells, key=lambda key: order.get(key, len(order))):
            if key[0] in levels:
                self._expect(levels.index(key[0]), key[1], *cells[key], sources.get(key))

    def _matrix_cells(self, rows: Sequence[Sequence[_Cell]]) -> dict[tuple[str, str], tuple[object, Place]]:
        """By level and competency each rating of the matrix, with its cell."""
        competencies = {entry.get("id"): entry.get("title") for entry in self.values["competencies"]}
        words = self._words_of_scale()
        cells: dict[tuple[str, str], tuple[object, Place]] = {}
        for title, name, *values in rows[2:]:
            competency = name.text or ""
            if all(cell.value is None for cell in (name, *values)):
                continue
            if competency not in competencies:
                self._refuse(name, f"“{competency}” is not an id on the sheet of the competencies")
                continue
            self._require_title(title, competencies[competency], "Competencies")
            for cell in (cell for cell in values if cell.text is not None):
                level = rows[1][cell.number].text
                try:
                    if level is not None:
                        cells[level, competency] = matrix.rating_in(cell.value, words), cell.place
                except ValueError as error:
                    self._refuse(cell, f"{competencies[competency]}, {rows[0][cell.number].value}: {error}")
        return cells

    def _require_title(self, cell: _Cell, title: object, sheet: str) -> None:
        """A title stands beside an id to be read; it is changed where the id is at home."""
        if title is not None and cell.text not in (None, str(title).strip()):
            self.remarks.append(
                f"{cell.place}: “{cell.text}” was not read; the title is that on the sheet {sheet}, “{title}”"
            )

    def _refuse_again(self, cells: Iterable[_Cell]) -> None:
        """Refuse names that stand in one line twice: which of the two holds is open."""
        seen: dict[str, _Cell] = {}
        for cell in (cell for cell in cells if cell.text):
            if (first := seen.setdefault(str(cell.text), cell)) is not cell:
                self._refuse(
                    cell, f"“{cell.text}” is also at {first.place.column}{first.place.line}; leave one"
                )

    def _expect(
        self, level: int, competency: str, rating: object, place: Place, source: tuple[object, Place] | None
    ) -> None:
        entry = self.values["levels"][level]
        cite, cited = source or (entry.get("cite"), place)
        path = ("levels", level, "expects", len(entry.get("expects", ())))
        self.values = replaced(self.values, path, {"competency": competency, "rating": rating, "cite": cite})
        self.places |= {path: place, (*path, "rating"): place, (*path, "cite", "source"): cited}
        self.places |= {(*path, "cite"): cited, (*path, "cite", "section"): cited}

    def _words_of_scale(self) -> dict[str, Decimal]:
        scale = self.values.get("scale", {})
        words, lowest, step = (scale.get(key) for key in ("words", "lowest", "step"))
        if not words or not isinstance(lowest, int | Decimal):
            return {}
        step = Decimal("0.5") if step is None else step
        return {word: Decimal(lowest + step * place) for place, word in enumerate(words)}

    def _read_entry(self, table: Table, place: Place, cells: Mapping[str, _Cell]) -> None:
        entries = self._entries_for(table, cells)
        if entries is not None:
            path = (*entries, len(value_at(self.values, entries) or ()))
            self.values = replaced(self.values, path, {})
            self.places[path] = place
            for column in table.columns:
                self._take(path, column, cells[column.heading])

    def _entries_for(self, table: Table, cells: Mapping[str, _Cell]) -> KeyPath | None:
        """The path of the list that an entry belongs to."""
        if not table.owner:
            return table.inside
        (outer, inner), owner = table.inside, cells[table.owner]
        ids = [entry.get("id") for entry in self.values[outer]]
        if owner.value in ids:
            return (outer, ids.index(owner.value), inner)
        self._refuse(owner, f"“{owner.value}” is not an id on the sheet of the {outer}")
        return None

    def _take(self, path: KeyPath, column: Column, cell: _Cell) -> None:
        path = (*path, *column.keys)
        self.places[path] = cell.place
        if cell.text is not None:
            try:
                self.values = replaced(self.values, path, _READ[column.kind](cell.value))
            except ValueError as error:
                self._refuse(cell, f"{column.heading}: {error}")

    def _refuse(self, cell: _Cell, words: str) -> None:
        self.problems.append((cell.place, words))

    def _rows(self, sheet: Worksheet, width: int | None = None, first: int = 2) -> Iterator[list[_Cell]]:
        """The rows below the headings, or from the first on, so many columns of them."""
        for row in sheet.iter_rows(min_row=first, max_col=width):
            yield [self._cell(sheet, cell) for cell in row]

    def _cell(self, sheet: Worksheet, cell: Any) -> _Cell:
        place = CellPlace(f"{self.book}, {sheet.title}", cell.row, get_column_letter(cell.column))
        return _Cell(cell.value, cell.column - 1, place)


TOO_LARGE = 10**9
"""No scale, bar or weight comes near it, and arithmetic with numbers far beyond does not end."""


def _read_number(value: object) -> Decimal | int:
    matrix.refuse_number_as_text(value)
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
_HEADINGS = {
    "Pack": ("Setting", "Value"),
    "Words": ("Of", "Value", "Called", "Meaning", *(heading for heading, _ in TALK)),
    matrix.SOURCES_SHEET: matrix.SOURCE_HEADINGS,
    matrix.SHEET: matrix.HEADINGS,
}
