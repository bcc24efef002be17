"""A workbook of decision tables back into a pack; what is wrong is told with sheet and cell."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any
from zipfile import BadZipFile

from openpyxl import load_workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.worksheet import Worksheet

from rules.loader import Contents, check_contents
from rules.pack import PackError, RulePack
from rules.tables import POINTS, SETTINGS, TABLES, TALK, WORDS, CellPlace, Column, Kind, Plain, Table
from rules.yaml_text import KeyPath, Place


def read_tables(path: Path) -> RulePack:
    """Read a workbook of decision tables back into a pack.

    Raises `PackError` with every problem found, each with sheet and cell. The fingerprint is of its values.
    """
    try:
        book = load_workbook(path)
    except (InvalidFileException, BadZipFile, KeyError, OSError) as error:
        raise PackError(
            f"{path}: cannot be read as a workbook; give the .xlsx that `pack export` wrote"
        ) from error
    reader = _Reader(path.name, {}, {}, [])
    names = ["Pack", "Words", *(table.sheet for table in TABLES)]
    missing = [name for name in names if name not in book.sheetnames]
    if missing:
        raise PackError(*(f"{path.name}: the sheet {name} is missing" for name in missing))
    reader.read_settings(book["Pack"])
    reader.read_words(book["Words"])
    for table in TABLES:
        reader.read_table(book[table.sheet], table)
    places = {(): CellPlace(f"{path.name}, Pack", 1), **reader.places}
    return check_contents(Contents(_as_tuples(reader.values), places, reader.problems))


@dataclass(frozen=True)
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
                self._take(self.values, (), setting, value, self._place(sheet, number, "B"))
            elif heading is not None:
                place = self._place(sheet, number, "A")
                self.problems.append((place, f"there is no setting “{heading}”"))

    def read_words(self, sheet: Worksheet) -> None:
        for number, row in enumerate(_rows(sheet, 4 + len(TALK)), start=2):
            of, name, label, meaning, *talk = (None if value is None else str(value) for value in row)
            place = self._place(sheet, number, "A")
            if of is None and name is None:
                continue
            path = self._words_path(of, name)
            if path is None:
                words = f"“{of}” is none of {', '.join((POINTS, *WORDS))} or `lens` and the id of a lens"
                self.problems.append((place, words))
                continue
            self.places[path] = place
            said = {key: text for (_, key), text in zip(TALK, talk, strict=True) if text is not None}
            words_of: Any = {"label": label, "meaning": meaning, **said} if of != POINTS else meaning
            self._set(self.values, path, words_of)

    def _words_path(self, of: str | None, name: str | None) -> tuple[str, ...] | None:
        if of == POINTS:
            return ("scale", "meanings", str(name))
        if of in WORDS:
            return (str(of), str(name))
        if of and of.startswith("lens "):
            return ("lens words", of.removeprefix("lens "), str(name))
        return None

    def read_table(self, sheet: Worksheet, table: Table) -> None:
        headings = [None if cell.value is None else str(cell.value) for cell in sheet[1]]
        known = [*([table.owner] if table.owner else []), *(column.heading for column in table.columns)]
        for number, heading in enumerate(headings, start=1):
            if heading is not None and heading not in known:
                place = self._place(sheet, 1, get_column_letter(number))
                self.problems.append((place, f"there is no column “{heading}”; known are {', '.join(known)}"))
        lost = [heading for heading in known if heading not in headings]
        if lost:
            words = f"the column “{', '.join(lost)}” is missing"
            self.problems.append((self._place(sheet, 1, "A"), words))
            return
        where = {heading: number for number, heading in enumerate(headings) if heading is not None}
        if len(table.inside) == 1:
            self.values.setdefault(table.inside[0], [])
        for row, cells in enumerate(_rows(sheet, len(headings)), start=2):
            if any(value is not None and str(value).strip() for value in cells):
                self._read_entry(sheet, table, where, cells, row)

    def _read_entry(
        self, sheet: Worksheet, table: Table, where: Mapping[str, int], cells: Sequence[object], row: int
    ) -> None:
        entries, path = self._list_for(sheet, table, where, cells, row)
        if entries is None:
            return
        entry: Plain = {}
        path = (*path, len(entries))
        entries.append(entry)
        self.places[path] = self._place(sheet, row, "A")
        for column in table.columns:
            number = where[column.heading]
            place = self._place(sheet, row, get_column_letter(number + 1))
            self._take(entry, path, column, cells[number], place)
        if table.inside == ("lenses",):
            entry["words"] = self.values.get("lens words", {}).get(entry.get("id"), {})

    def _list_for(
        self, sheet: Worksheet, table: Table, where: Mapping[str, int], cells: Sequence[object], row: int
    ) -> tuple[list[Plain] | None, KeyPath]:
        """The list that an entry belongs to, and the way to it."""
        outer = table.inside[0]
        if not table.owner:
            return self.values[outer], (outer,)
        owner = cells[where[table.owner]]
        for number, candidate in enumerate(self.values.get(outer, ())):
            if candidate.get("id") == owner:
                return candidate.setdefault(table.inside[1], []), (outer, number, table.inside[1])
        place = self._place(sheet, row, get_column_letter(where[table.owner] + 1))
        self.problems.append((place, f"“{owner}” is not an id on the sheet of the {outer}"))
        return None, ()

    def _take(self, entry: Plain, path: KeyPath, column: Column, value: object, place: Place) -> None:
        self.places[(*path, *column.keys)] = place
        if value is None or not str(value).strip():
            return
        try:
            read = _READ[column.kind](value)
        except ValueError as error:
            self.problems.append((place, f"{column.heading}: {error}"))
            return
        self._set(entry, column.keys, read)

    def _set(self, entry: Plain, keys: Sequence[str], value: object) -> None:
        for key in keys[:-1]:
            entry = entry.setdefault(key, {})
        entry[keys[-1]] = value

    def _place(self, sheet: Worksheet, row: int, column: str) -> CellPlace:
        return CellPlace(f"{self.book}, {sheet.title}", row, column)


def _rows(sheet: Worksheet, width: int) -> Iterator[tuple[Any, ...]]:
    """The values below the headings, so many columns of them."""
    yield from sheet.iter_rows(min_row=2, max_col=width, values_only=True)


def _read_number(value: object) -> Decimal | int:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise ValueError(f"`{value}` is not a number")
    if isinstance(value, int):
        return value
    number = Decimal(str(value))
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
            raise ValueError(f"`{name.strip()}` stands here twice")
        pairs[name.strip()] = _number_or_text(entry.strip())
    return pairs


def _number_or_text(text: str) -> object:
    try:
        return Decimal(text)
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


def _as_tuples(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_as_tuples(entry) for entry in value)
    if isinstance(value, dict):
        return {key: _as_tuples(entry) for key, entry in value.items() if key != "lens words"}
    return value
