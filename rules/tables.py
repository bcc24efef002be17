"""A pack as decision tables in a workbook, and back: bars, weights, rules and texts for people without YAML.

Every value of a pack stands in exactly one cell. A list stands in its cell one entry a line, a set of weights
as lines such as `communication: 2`. Reading a workbook back gives the same pack, or problems that name the
sheet and the cell.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Literal
from zipfile import BadZipFile

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from rules.loader import Contents, check_contents
from rules.pack import BANDS, CONFIDENCES, IMPORTANCES, VIEWS, PackError, RulePack
from rules.yaml_text import KeyPath, Place

Kind = Literal["text", "number", "lines", "pairs", "flag"]
Plain = dict[str, Any]
"""A pack or a part of it as dicts, tuples, text, numbers and truth values."""


@dataclass(frozen=True)
class Column:
    """One column of a table: its heading and the way to its value inside an entry."""

    heading: str
    keys: tuple[str, ...]
    kind: Kind = "text"
    width: int = 24
    choices: tuple[str, ...] = ()


@dataclass(frozen=True)
class Table:
    """One sheet: the entries of one list of the pack, or of a list inside each entry of another."""

    sheet: str
    inside: tuple[str, ...]
    """`("levels",)`, or `("transitions", "signals")` for the signals of every transition."""
    columns: tuple[Column, ...]
    owner: str = ""
    """The heading of the column that names the entry of the outer list by its id."""


@dataclass(frozen=True)
class CellPlace(Place):
    """Where a value stands in a workbook; `line` is the row."""

    column: str = "A"

    def __str__(self) -> str:
        return f"{self.file}!{self.column}{self.line}"


_CITE = (Column("Source", ("cite", "source"), width=12), Column("Section", ("cite", "section"), width=36))
_ID = Column("Id", ("id",), width=26)
_TITLE = Column("Title", ("title",), width=32)
_NAMED = (_ID, _TITLE)


def _text(heading: str, width: int = 60, *keys: str) -> Column:
    return Column(heading, keys or (heading.lower().replace(" ", "_"),), width=width)


_RULE = (
    Column("Code", ("code",), width=12),
    _TITLE,
    _text("When"),
    Column("Finding", ("finding",)),
    Column("Recommendation", ("recommendation",), choices=BANDS),
    Column("Confidence", ("confidence",), width=14, choices=CONFIDENCES),
    Column("Only for", ("only_for",), "lines"),
    Column("Wins over", ("wins_over",), "lines", width=14),
    _text("Reason"),
    _text("Next step"),
    *_CITE,
)
_FINDING_KINDS = ("strength", "concern", "evidence", "timing")
_FINDING = (*_NAMED, _text("Meaning"), Column("Kind", ("kind",), width=12, choices=_FINDING_KINDS), *_CITE)
_WEIGHTS = Column("Competencies and weights", ("competencies",), "pairs", 34)
_BAR = Column("Bar", ("bar",), "number", 8)

TABLES: tuple[Table, ...] = (
    Table(
        "Sources",
        ("sources",),
        (*_NAMED, _text("Author", 24), _text("About"), Column("Sections", ("sections",), "lines", 50)),
    ),
    Table(
        "Levels",
        ("levels",),
        (
            *_NAMED,
            Column("Track", ("track",), width=14, choices=("entry", "ic", "management")),
            Column("Aliases", ("aliases",), "lines", 34),
            _text("Summary"),
            *_CITE,
        ),
    ),
    Table(
        "Skills",
        ("levels", "skills"),
        (_TITLE, Column("Competencies", ("competencies",), "lines", 30), _text("Advice"), *_CITE),
        "Level",
    ),
    Table(
        "Competencies",
        ("competencies",),
        (*_NAMED, _text("Definition"), Column("Aliases", ("aliases",), "lines", 34), *_CITE),
    ),
    Table(
        "Promotions",
        ("transitions",),
        (
            *(_ID, Column("From", ("from",)), Column("To", ("to",)), _TITLE),
            Column("Core bar", ("bars", "core"), "number", 10),
            Column("Supporting bar", ("bars", "supporting"), "number", 16),
            Column(
                "Time measured as", ("tenure", "measure"), choices=("time_in_level", "product_experience")
            ),
            Column("From years", ("tenure", "from_years"), "number", 12),
            Column("To years", ("tenure", "to_years"), "number", 10),
            Column("Time source", ("tenure", "cite", "source"), width=14),
            Column("Time section", ("tenure", "cite", "section"), width=36),
            *_CITE,
        ),
    ),
    Table(
        "Signals",
        ("transitions", "signals"),
        (
            *_NAMED,
            Column("Importance", ("importance",), width=14, choices=IMPORTANCES),
            _WEIGHTS,
            _BAR,
            *(_text("Looks like"), _text("Grow"), _text("Ask"), *_CITE),
        ),
        "Promotion",
    ),
    Table("Findings", ("findings",), _FINDING),
    Table("Rules", ("rules",), _RULE),
    Table("Promotion rules", ("transitions", "rules"), _RULE, "Promotion"),
    Table(
        "Lenses",
        ("lenses",),
        (
            *(_ID, _text("Key", 8), _TITLE, _text("Question", 50), _text("About")),
            Column("View", ("view",), width=12, choices=VIEWS),
            Column("Transitions", ("transitions",), "lines", 34),
            _BAR,
            Column("Expects", ("expects",), "pairs", 30),
            *_CITE,
        ),
    ),
    Table(
        "Lens parts",
        ("lenses", "parts"),
        (
            *(*_NAMED, _text("Meaning"), _WEIGHTS, _BAR, Column("Counts", ("counts",), "flag", 10)),
            *(_text("Speciality", 20), _text("Grow"), *_CITE),
        ),
        "Lens",
    ),
    Table("Lens findings", ("lenses", "findings"), _FINDING, "Lens"),
    Table("Lens rules", ("lenses", "rules"), _RULE, "Lens"),
    Table(
        "Actions",
        ("actions",),
        (
            *(*_NAMED, _text("Advice"), Column("Competencies", ("competencies",), "lines", 30)),
            *(Column("Levels", ("levels",), "lines"), *_CITE),
        ),
    ),
    Table(
        "Specialities",
        ("specialities",),
        (
            *(*_NAMED, Column("Aliases", ("aliases",), "lines", 30), _text("About")),
            *_CITE,
        ),
    ),
    Table(
        "Examples",
        ("cases",),
        (
            *(
                _ID,
                _text("About"),
                _text("Transition", 34),
                Column("Everything", ("everything",), "number", 12),
            ),
            *(Column("Manager", ("manager",), "pairs", 28), Column("Self", ("self",), "pairs", 28)),
            *(Column("Unrated", ("unrated",), "lines"), Column("Self unrated", ("self_unrated",), "lines")),
            Column("Months in level", ("months_in_level",), "number", 16),
            Column("Experience months", ("experience_months",), "number", 18),
            _text("Speciality", 18),
            Column("Recommendation", ("recommendation",), choices=BANDS),
            Column("Confidence", ("confidence",), width=14, choices=CONFIDENCES),
            *(Column("Fires", ("fires",), "lines"), Column("Misses", ("misses",), "lines")),
        ),
    ),
)
"""Every list of a pack. The single values stand on the sheet `Pack`, the words for values on `Words`."""
_SETTINGS: tuple[Column, ...] = (
    *(Column(name, (name,)) for name in ("name", "version", "title", "about")),
    *(Column(f"scale {end}", ("scale", end), "number") for end in ("lowest", "highest")),
    *(Column(f"{name} bar", ("standard", "bars", name), "number") for name in ("core", "supporting")),
    *(
        Column(name.replace("_", " "), ("standard", name), "number")
        for name in ("near_margin", "agreement_margin", "minimum_coverage", "observation_months")
    ),
)
_WORDS = ("bands", "confidences", "statuses", "agreements")
_POINTS = "scale"
_HEAD = PatternFill("solid", fgColor="2B4C9B")


def write_tables(pack: RulePack, path: Path) -> None:
    """Write a pack as a workbook of decision tables."""
    plain = pack.model_dump(by_alias=True, exclude_defaults=True)
    book = Workbook()
    book.remove(book.worksheets[0])
    _write_settings(book.create_sheet("Pack"), plain)
    _write_words(book.create_sheet("Words"), plain)
    for table in TABLES:
        _write_table(book.create_sheet(table.sheet), table, plain)
    book.save(path)


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


def _write_settings(sheet: Worksheet, plain: Plain) -> None:
    _write_head(sheet, (("Setting", 30), ("Value", 90)))
    for row, setting in enumerate(_SETTINGS, start=2):
        sheet.cell(row, 1, setting.heading)
        _write_cell(sheet, row, 2, _at(plain, setting.keys), setting.kind)


def _write_words(sheet: Worksheet, plain: Plain) -> None:
    _write_head(sheet, (("Of", 20), ("Value", 26), ("Called", 26), ("Meaning", 90)))
    rows: list[tuple[str, str, str | None, str]] = [
        (_POINTS, point, None, meaning) for point, meaning in plain["scale"].get("meanings", {}).items()
    ]
    for kind in _WORDS:
        rows += [(kind, name, text["label"], text["meaning"]) for name, text in plain[kind].items()]
    for lens in plain.get("lenses", ()):
        words = lens["words"].items()
        rows += [(f"lens {lens['id']}", name, text["label"], text["meaning"]) for name, text in words]
    for row, values in enumerate(rows, start=2):
        for column, value in enumerate(values, start=1):
            _write_cell(sheet, row, column, value, "text")


def _write_table(sheet: Worksheet, table: Table, plain: Plain) -> None:
    owner = ((table.owner, 34),) if table.owner else ()
    _write_head(sheet, (*owner, *((column.heading, column.width) for column in table.columns)))
    row = 1
    for owner_id, entry in _entries(plain, table):
        row += 1
        if table.owner:
            _write_cell(sheet, row, 1, owner_id, "text")
        for number, column in enumerate(table.columns, start=1 + len(owner)):
            _write_cell(sheet, row, number, _at(entry, column.keys), column.kind)
    for number, column in enumerate(table.columns, start=1 + len(owner)):
        if column.choices:
            _offer(sheet, number, column.choices)


def _offer(sheet: Worksheet, column: int, choices: Sequence[str]) -> None:
    letter = get_column_letter(column)
    choice = DataValidation(
        "list", formula1=f'"{",".join(choices)}"', allow_blank=True, showErrorMessage=True
    )
    choice.error = f"Choose one of: {', '.join(choices)}"
    sheet.add_data_validation(choice)
    choice.add(f"{letter}2:{letter}1000")


def _entries(plain: Plain, table: Table) -> Iterator[tuple[str, Plain]]:
    if len(table.inside) == 1:
        yield from (("", entry) for entry in plain.get(table.inside[0], ()))
        return
    outer, inner = table.inside
    for owner in plain.get(outer, ()):
        yield from ((owner["id"], entry) for entry in owner.get(inner, ()))


def _write_head(sheet: Worksheet, headings: Iterable[tuple[str, int]]) -> None:
    for number, (heading, width) in enumerate(headings, start=1):
        cell = sheet.cell(1, number, heading)
        cell.font, cell.fill = Font(bold=True, color="FFFFFF"), _HEAD
        sheet.column_dimensions[get_column_letter(number)].width = width
    sheet.freeze_panes = "C2"
    sheet.auto_filter.ref = f"A1:{get_column_letter(number)}1"


def _write_cell(sheet: Worksheet, row: int, column: int, value: object, kind: Kind) -> None:
    if value is None:
        return
    cell = sheet.cell(row, column)
    cell.alignment = Alignment(wrap_text=True, vertical="top")
    if kind == "number":
        assert isinstance(value, Decimal | int)
        cell.value = float(value) if isinstance(value, Decimal) else value
    elif kind == "flag":
        cell.value = "yes" if value else "no"
    else:
        cell.value = _as_text(value, kind)
        # A text that begins with = is a text all the same.
        cell.data_type = "s"


def _as_text(value: Any, kind: Kind) -> str:
    if kind == "lines":
        return "\n".join(value)
    if kind == "pairs":
        return "\n".join(f"{name}: {entry}" for name, entry in value.items())
    return str(value)


def _at(entry: Mapping[str, Any], keys: tuple[str, ...]) -> Any:
    value: Any = entry
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value


@dataclass(frozen=True)
class _Reader:
    """What has been read of a workbook so far."""

    book: str
    values: Plain
    places: dict[KeyPath, Place]
    problems: list[tuple[Place, str]]

    def read_settings(self, sheet: Worksheet) -> None:
        settings = {setting.heading: setting for setting in _SETTINGS}
        for number, (heading, value) in enumerate(_rows(sheet, 2), start=2):
            setting = settings.get(str(heading))
            if setting is not None:
                self._take(self.values, (), setting, value, self._place(sheet, number, "B"))
            elif heading is not None:
                place = self._place(sheet, number, "A")
                self.problems.append((place, f"there is no setting “{heading}”"))

    def read_words(self, sheet: Worksheet) -> None:
        for number, row in enumerate(_rows(sheet, 4), start=2):
            of, name, label, meaning = (None if value is None else str(value) for value in row)
            place = self._place(sheet, number, "A")
            if of is None and name is None:
                continue
            path = self._words_path(of, name)
            if path is None:
                words = f"“{of}” is none of {', '.join((_POINTS, *_WORDS))} or `lens` and the id of a lens"
                self.problems.append((place, words))
                continue
            self.places[path] = place
            words_of: Any = {"label": label, "meaning": meaning} if of != _POINTS else meaning
            self._set(self.values, path, words_of)

    def _words_path(self, of: str | None, name: str | None) -> tuple[str, ...] | None:
        if of == _POINTS:
            return ("scale", "meanings", str(name))
        if of in _WORDS:
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
