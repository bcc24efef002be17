"""Where the table of a sheet begins, and what each of its columns is taken for."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from operator import itemgetter

import polars as pl

from inputs import fields
from inputs.asked import mapped
from inputs.fields import OVERALL, RATING_BY, CommentOn, Field, OpenRating, Rater, RatingOf, Role
from inputs.files.sheets import Sheet, column_index, letter
from inputs.phrases import few
from inputs.roster import Cell, Issue, Severity
from inputs.words.header_scales import without_scale
from inputs.words.lexicon import Lexicon, Meaning
from inputs.words.rating_words import is_known
from inputs.words.stand_ins import is_kind_of_value
from inputs.words.texts import text_of
from inputs.words.word_lists import word_key, word_keys
from inputs.words.written_ratings import read_written_rating

HEADER_WITHIN = 60
"""Rows from the top within which the header is looked for."""
HEADER_LINES = 4
"""Lines of a header: a rater over competencies over what is given, and the names of the rows below them."""
_ENOUGH = 4
"""The score from which a row is taken for the header: two columns that are surely recognised."""
_TITLED = 2
"""The score that is enough where more than the row speaks for it."""
_NO_MEANING = Meaning(None, "")


@dataclass(frozen=True, kw_only=True)
class Column(Meaning):
    """One column of a table, with what it is taken for."""

    letter: str
    header: str

    @property
    def called(self) -> str:
        """`'Manager' (column C)`, for messages."""
        return f"'{self.header}' (column {self.letter})"

    def mapped_as(self, name: str = "null") -> str:
        """How a mapping says what the column is, for messages."""
        return f"`columns: {mapped([(self.header, name)])}`"


@dataclass(frozen=True)
class Layer:
    """One of the tables that were put together to one list."""

    table: "Table"
    start: int
    """What its row numbers are raised by in the list."""
    letters: Mapping[str, str]
    """Letter in the list to its own letter."""

    @property
    def end(self) -> int:
        """The last row number of the table in the list."""
        return self.start + max(self.table.header_row, int(self.table.rows.max() or 0))  # type: ignore[arg-type]

    def place_of(self, letter: str) -> str:
        """The column of the sheet in which a column of the list is."""
        own = self.letters.get(letter, letter)
        return self.table.raised.get(own, (0, own))[1]


@dataclass(frozen=True, eq=False)
class Table:
    """A sheet with its header known, or several of the same kind as one list."""

    sheet: Sheet
    header_rows: tuple[int, ...]
    """The numbers of the rows that hold the header, at most `HEADER_LINES`."""
    columns: tuple[Column, ...]
    cells: pl.DataFrame
    """The rows below the header that hold anything; columns named by letter."""
    rows: pl.Series
    """The number of each row (UInt32); in a list of several sheets counted through all of them."""
    layers: tuple[Layer, ...] = ()
    """The tables of a list; empty for a sheet of its own."""
    lent: Mapping[str, Mapping[int, str]] = field(default_factory=dict)
    """By letter: for rows, the column that the cell is really in, where that is another."""
    raised: Mapping[str, tuple[int, str]] = field(default_factory=dict)
    """By letter: the row and the column of the one cell above the header that holds the value of all rows."""
    by_role: dict[Role, Column] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        known = {column.role: column for column in reversed(self.columns) if column.role is not None}
        object.__setattr__(self, "by_role", known)

    @property
    def place(self) -> str:
        """`ratings.xlsx, sheet 'Ratings'`, for messages."""
        if not self.layers:
            return self.sheet.place
        return f"{self.sheet.place} and {len(self.layers) - 1} more"

    @property
    def name(self) -> str:
        """The name of the sheet, or of a file without sheets."""
        return self.sheet.name or self.sheet.file

    @property
    def titles(self) -> tuple[str, str]:
        """The titles of the sheet (`Sheet.titles`)."""
        return self.sheet.titles

    @property
    def title(self) -> str:
        """The one of them by which a mapping says who rated."""
        return self.sheet.name or self.titles[1]

    @property
    def full_name(self) -> str:
        """The name, with that of the file where several were read."""
        return (
            f"[{self.sheet.file}]{self.name}" if self.sheet.one_of_several and self.sheet.name else self.name
        )

    @property
    def originals(self) -> tuple["Table", ...]:
        """The tables of a list, or the table itself."""
        return tuple(layer.table for layer in self.layers) or (self,)

    def layer(self, row: int) -> Layer:
        """The sheet that a row number belongs to."""
        within = (layer for layer in reversed(self.layers) if row > layer.start)
        return next(within, Layer(self, 0, {}))

    def cell(self, row: int, letter: str) -> Cell:
        """The cell of a row number, where the user sees it."""
        layer = self.layer(row)
        table, number, own = layer.table, row - layer.start, layer.letters.get(letter, letter)
        number, own = table.raised.get(own, (number, own))
        place = table.lent.get(own, {}).get(number, own)
        return Cell(table.sheet.name, number, place, table.sheet.named_file)

    def rows_in(self, letter: str, rows: pl.Series) -> pl.Series:
        """Row numbers, null where the cell of a column is really in another one; of what stands above the
        table, the number of that row."""
        layers = self.layers or (Layer(self, 0, {}),)
        for layer in layers:
            above = layer.table.raised.get(layer.letters.get(letter, letter))
            if above is not None:
                inside = (rows > layer.start) & (rows <= layer.end)
                rows = rows.set(inside.fill_null(value=False), layer.start + above[0])
        lent = [
            layer.start + row
            for layer in layers
            for row in layer.table.lent.get(layer.letters.get(letter, letter), ())
        ]
        return rows.set(rows.is_in(lent).fill_null(value=False), None) if lent else rows

    def row_label(self, row: int) -> str:
        """`12`, or `12 of 'Sales'` in a list of several sheets; of sheets with one name, with the file."""
        if not self.layers:
            return str(row)
        layer, names = self.layer(row), [one.table.name for one in self.layers]
        name = layer.table.name
        named = name if names.count(name) == 1 else f"[{layer.table.sheet.file}]{name}"
        return f"{row - layer.start} of '{named}'"

    def shown(self, rows: pl.Series) -> pl.Series:
        """Row numbers as the sheets show them."""
        found = rows
        for layer in self.layers[1:]:
            inside = (rows > layer.start).arg_true()
            found = found.scatter(inside, rows.gather(inside) - layer.start)
        return found

    @property
    def own_cells(self) -> pl.DataFrame:
        """The cells without what stands above the table."""
        return self.cells.drop(list(self.raised))

    @cached_property
    def lines(self) -> tuple[tuple[int, str], ...]:
        """The rows of which one cell alone is filled, with its text; not the last ones."""
        cells = self.own_cells
        filled = cells.select(pl.sum_horizontal(pl.all().is_not_null(), pl.lit(0))).to_series()
        alone, fuller = (filled == 1).arg_true(), (filled > 1).arg_true()
        if fuller.is_empty():
            return ()
        alone = alone.filter(alone < fuller[-1])
        texts = cells[alone].select(text=pl.coalesce(pl.all().cast(pl.String)).str.strip_chars())
        return tuple(zip(self.rows[alone].to_list(), texts["text"].to_list(), strict=True))

    def place_of(self, letter: str) -> str:
        """The column of the sheet, or of the first of a list, in which a column is."""
        return (self.layers or (Layer(self, 0, {}),))[0].place_of(letter)

    @property
    def header_row(self) -> int:
        """The number of the last row of the header."""
        return self.header_rows[-1]

    @property
    def above(self) -> pl.DataFrame:
        """The rows of the sheet above the header."""
        return self.sheet.cells.head(max(0, self.header_rows[0] - self.sheet.first_row))

    @property
    def seen(self) -> str:
        """The headers, for messages."""
        named = [f"'{column.header[:40]}'" for column in self.columns if column.header]
        return few(named, 20)

    def values(self, role: Role) -> pl.Series | None:
        """The cells of a role's column, or None when the table has no such column."""
        column = self.by_role.get(role)
        if column is None:
            return None
        cells = self.cells[column.letter]
        return cells.cast(pl.String) if isinstance(cells.dtype, pl.Categorical) else cells

    def texts(self, role: Role) -> pl.Series:
        """The cells of a role's column as tidied texts. The table has to have the column."""
        return self.texts_of(self.by_role[role])

    def texts_of(self, column: Column) -> pl.Series:
        """The cells of a column as tidied texts."""
        return text_of(self.cells[column.letter])

    @property
    def unknown(self) -> list[Column]:
        """The columns with a header that are taken for nothing."""
        return [column for column in self.columns if column.role is None and column.header]

    @property
    def unexplained(self) -> list[Column]:
        """Those of which nothing says why."""
        return [column for column in self.unknown if not column.why]

    @property
    def raters(self) -> set[Rater | None]:
        """Who rated, as the columns of competencies say; None where one does not say it."""
        return {role.rater for role in self.by_role if isinstance(role, RatingOf)}

    def taken_for(self, role: Role) -> list[Column]:
        """All columns of a role."""
        return [column for column in self.columns if column.role == role]

    def with_columns(self, columns: Iterable[Column]) -> "Table":
        """The table with some of its columns, found by their letters, taken for something else."""
        changed = {column.letter: column for column in columns}
        return replace(self, columns=tuple(changed.get(one.letter, one) for one in self.columns))

    def unused(self, reasons: Mapping[str, str]) -> "Table":
        """The table with columns taken for nothing, each for a reason by its letter."""
        unused = (column for column in self.columns if column.letter in reasons)
        return self.with_columns(replace(one, role=None, why=reasons[one.letter]) for one in unused)

    def with_value(
        self, meaning: Meaning, value: str, header: str = "", above: tuple[int, str] | None = None
    ) -> "Table":
        """The table with one more column, which has the same value in all rows; `above` are the row and the
        column of the cell that holds it, where one does."""
        free = letter(max(map(column_index, self.cells.columns)) + 1)
        column = Column(**vars(meaning), letter=free, header=header)
        cells = self.cells.with_columns(pl.lit(value, pl.String).alias(free))
        raised = self.raised if above is None else {**self.raised, free: above}
        return replace(self, columns=(*self.columns, column), cells=cells, raised=raised)

    def said_above(self, role: Role) -> str | None:
        """What a cell above the table says of all its rows; None where none does, or there are no rows."""
        column = self.by_role.get(role)
        if column is None or column.letter not in self.raised or self.cells.is_empty():
            return None
        return str(self.cells[column.letter][0])

    def filtered(self, kept: pl.Series) -> "Table":
        """The table with some of its rows."""
        return replace(self, cells=self.cells.filter(kept), rows=self.rows.filter(kept))

    def issue(
        self,
        kind: str,
        severity: Severity,
        problem: str,
        remedy: str,
        column: Column | None = None,
        *,
        row: int | None = None,
        value: str | None = None,
    ) -> Issue:
        """An issue about a cell of a column, about the column, or about the table."""
        letter = column.letter if column else ""
        place = Cell(self.sheet.name, 0, letter, self.sheet.named_file)
        if row is not None:
            place = self.cell(row, letter)
        elif self.layers:
            place = Cell(None, 0, "")  # what is about a list of several sheets is about none of them alone
        header = (column.header or None) if column else None
        return Issue.at(place, kind, severity, problem, remedy, header, value)


def match_table(sheet: Sheet, lexicon: Lexicon, *, doubtful: bool = False) -> Table | None:
    """The sheet's table, or None when no row of it looks like the header of one; with `doubtful`, by one name
    of a column that is known."""
    # A title such as `Manager review` says that there are ratings, whatever the competencies are called.
    titled = (lexicon.rater_of_title(one, of_file=one != sheet.name) for one in sheet.titles if one)
    enough = _TITLED if doubtful or any(titled) else _ENOUGH
    if sheet.headers is not None:
        table = table_at(sheet, (sheet.first_row - 1,), lexicon)
        return table if _score(sheet.headers, lexicon) >= _TITLED else None
    head = [one_line(row) for row in sheet.cells.head(HEADER_WITHIN).iter_rows()]
    # Of two that are as good the shorter one: a title above the header is no part of it.
    found = sorted(_scored_headers(head, lexicon), key=itemgetter(2))
    others = [
        (score, at, lines)
        for score, at, lines in found
        if score >= enough and not any(_are_fields_with_values(one, lexicon) for one in head[at : at + lines])
    ]
    score, at, lines = max(others or found, key=itemgetter(0), default=(0, 0, 1))
    first = sheet.first_row + at
    return table_at(sheet, range(first, first + lines), lexicon) if score >= enough else None


def _are_fields_with_values(line: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether a line of a form has fields of one person, each with its value beside it."""
    roles = [_role(text, lexicon) for text in line if text]
    of_people = [isinstance(role, Field) and role.use in ("person", "kept") for role in roles]
    return len(roles) > 3 and all(of_people[::2]) and not any(roles[1::2])


def _scored_headers(head: Sequence[Sequence[str]], lexicon: Lexicon) -> Iterator[tuple[int, int, int]]:
    """Every header that there could be: how much speaks for it, its first row, and how many lines it has. The
    questions of a form are the header above the line that its program writes below them."""
    scores = [_score(line, lexicon) for line in head]
    below = next((at for at, line in enumerate(head) if any(one.startswith(_OF_FORM) for one in line)), 0)
    if below:
        yield scores[below - 1], below - 1, 1
        return
    for at, alone in enumerate(scores):
        # Of two lines that are a header together, one is recognised by itself too.
        if not any(scores[at : at + 2]):
            continue
        yield alone, at, 1
        for lines in range(2, HEADER_LINES + 1):
            together = head[at : at + lines]
            if len(together) < lines or not any(together[-1]) or _is_title(together, lexicon):
                break
            if _holds_values(together[-2], together[-1], lexicon):
                break
            yield (
                _score(joined_lines(together, lexicon), lexicon) + _says_how_rated(together[-1], lexicon),
                at,
                lines,
            )


def _is_title(lines: Sequence[Sequence[str]], lexicon: Lexicon) -> bool:
    """Whether the first of lines is one text over a field of people, and so over everything: `By HR`."""
    under = [_role(beneath, lexicon) for text, beneath, *_ in zip(*lines, strict=True) if text]
    return len(under) == 1 and isinstance(under[0], Field) and under[0] not in (*_GIVEN, *_BY_WHOM)


def _says_how_rated(line: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether a line below a header holds nothing but scales, `1-10` and `Scale 1-5`, or what is given."""
    texts = [text for text in line if text]
    return bool(texts) and all(
        (without_scale(text)[1] is not None and len(text) <= _OF_SCALE) or _role(text, lexicon) in _GIVEN
        for text in texts
    )


_GIVEN = (fields.RATING, fields.RATING_COMMENT)
"""What stands below whoever rated, or what was rated."""
_BY_WHOM = (*RATING_BY.values(), fields.MANAGER)
_OF_SCALE = 20
"""Letters of a cell that names a scale and nothing else."""


def _holds_values(line: Sequence[str], below: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether the line below a header holds ratings, or a competency of its rows."""
    named = (
        top
        for top, text in zip(line, below, strict=True)
        if top and text and not isinstance(_role(text, lexicon), Field)
    )
    return any(map(_is_rating, below)) or any(_role(top, lexicon) is fields.COMPETENCY for top in named)


_LETTER = re.compile(r"[A-F][+-]?")
_HIGHEST = 100


def _is_rating(text: str) -> bool:
    """Whether a text is what no second line of a header holds; `2026` and `1. Planning` are."""
    found = read_written_rating(text)
    if found.number is None:
        return _LETTER.fullmatch(text) is not None
    return found.number <= _HIGHEST and (not found.label or is_known(found.label))


def says_header(texts: Sequence[str], lexicon: Lexicon) -> bool:
    """Whether texts beside each other, or one below the other, are surely the header of a table."""
    return _score(texts, lexicon) >= _ENOUGH


def seen_tables(sheets: Iterable[Sheet], lexicon: Lexicon) -> list[Table | None]:
    """The table of each sheet, or what may be one where nothing is recognised; None for an empty sheet."""
    return [match_table(sheet, lexicon) or _likely_table(sheet, lexicon) for sheet in sheets]


def _likely_table(sheet: Sheet, lexicon: Lexicon) -> Table | None:
    """The table whose header is the first of the fullest rows at the top."""
    if sheet.headers is not None:
        return table_at(sheet, (sheet.first_row - 1,), lexicon)
    filled = [
        sum(bool(text) for text in one_line(row)) for row in sheet.cells.head(HEADER_WITHIN).iter_rows()
    ]
    if not any(filled):
        return None
    return table_at(sheet, (sheet.first_row + filled.index(max(filled)),), lexicon)


def table_at(sheet: Sheet, header_rows: Sequence[int], lexicon: Lexicon) -> Table | None:
    """The table whose header is in given rows, or None when the sheet has no such rows."""
    letters = list(sheet.cells.columns)
    if sheet.headers is not None:
        return _table(sheet, tuple(header_rows), 0, _match(sheet.headers, letters, lexicon))
    at = header_rows[0] - sheet.first_row
    if not 0 <= at < sheet.cells.height or len(header_rows) > HEADER_LINES:
        return None
    head = [one_line(row) for row in sheet.cells.slice(at, len(header_rows)).iter_rows()]
    merged = [_merged_until(sheet, line) for line in range(at, at + len(head))]
    headers = joined_lines(head, lexicon, merged)
    skip = at + len(header_rows)
    return _table(sheet, tuple(header_rows), skip, _match(headers, letters, lexicon))


def one_line(row: Sequence[str | None]) -> list[str]:
    """The cells of a row as texts without line breaks."""
    return [" ".join(cell.split()) if cell else "" for cell in row]


def _merged_until(sheet: Sheet, at: int) -> dict[int, int]:
    """The columns in which a merged cell of a row begins and ends, from 0, where it covers several."""
    number = {letter: place for place, letter in enumerate(sheet.cells.columns)}
    return {
        number[left]: number[right]
        for (top, left), (_, right) in sheet.merged
        if top == sheet.first_row + at and left != right and left in number and right in number
    }


def joined_lines(
    head: Sequence[Sequence[str]], lexicon: Lexicon, merged: Sequence[Mapping[int, int]] = ()
) -> list[str]:
    """The headers that lines are together, each joined to those above it.

    One that says nothing of what is below it, such as kinds of competencies, is passed over where only the
    others are a rating. `merged` are the merged cells of each line.
    """
    merged = merged or [{} for _ in head]
    headers, until = list(head[0]), merged[0]
    for line, own in zip(head[1:], merged[1:], strict=True):
        headers, until = _two_lines(headers, line, lexicon, until), own
    for at, line in enumerate(head[:-1] if len(head) > 2 else ()):
        over = [text for text, beneath in zip(line, head[-1], strict=True) if beneath]
        if not any(_says_something(text, lexicon) for text in over):
            without = joined_lines([*head[:at], *head[at + 1 :]], lexicon, [*merged[:at], *merged[at + 1 :]])
            headers = [
                other if _is_rated(lexicon.meaning(other)) > _is_rated(lexicon.meaning(header)) else header
                for header, other in zip(headers, without, strict=True)
            ]
    return headers


def _says_something(text: str, lexicon: Lexicon) -> bool:
    return lexicon.meaning(text) is not None or lexicon.rater(text) is not None


def _two_lines(
    above: Sequence[str], below: Sequence[str], lexicon: Lexicon, merged_until: Mapping[int, int]
) -> list[str]:
    """The headers when a competency stands over `Self` and `Manager`, or a rater over competencies: over
    all columns up to the next one; no competency beyond its merged cell is by that rater."""
    headers = []
    over, until = "", len(above)
    answers = word_keys("columns", "answers")
    beneath_one = ["" if word_key(bottom) in answers else bottom for bottom in below]
    for place, (top, bottom) in enumerate(zip(above, beneath_one, strict=True)):
        if top:
            over, until = top, merged_until.get(place, len(above))
        if place > until and isinstance(_role(bottom, lexicon), RatingOf):
            over = ""
        both, beneath = f"{top} {bottom}".strip(), f"{over} {bottom}".strip() if bottom else top
        alone = ("" if top else bottom, "" if bottom else top, bottom)
        # A rating is tried first: `Manager` under `Communication` is not a column with the manager.
        told = _is_told if _role(bottom, lexicon) in _GIVEN else _is_rated
        if _role(bottom, lexicon) in _BY_WHOM:
            told = _is_of_cycle
        rated = [text for text in (both, beneath) if bottom and told(lexicon.meaning(text))]
        # `Self comment` under `Communication` is about that, and not about everything; below `2025`, of 2025.
        rated.sort(key=lambda text: _vagueness(lexicon.meaning(text)))
        known = (text for text in (*alone, both, beneath) if text and _weight(lexicon.meaning(text)) > 1)
        opened = beneath if bottom and _is_open_or_nothing(lexicon.meaning(beneath)) else both
        # What a mapping names is what was the header when it was written.
        named = [text for text in (both, beneath, bottom) if lexicon.name_key(text) in lexicon.declared]
        headers.append(next(iter(named or rated), None) or next(known, opened))
    return headers


def _role(header: str, lexicon: Lexicon) -> Role | None:
    meaning = lexicon.meaning(header)
    return None if meaning is None else meaning.role


def _is_rated(meaning: Meaning | None) -> bool:
    """Whether it is a rating by a known rater, or a comment on a competency, by whomever."""
    role = None if meaning is None else meaning.role
    if isinstance(role, CommentOn) and role.competency != OVERALL:
        return True
    return _weight(meaning) > 1 and not isinstance(role, Field)


def _is_told(meaning: Meaning | None) -> bool:
    """Whether it is a rating or a comment of which more is known, or asked, than that it is one."""
    return meaning is not None and meaning.role is not None and meaning.role not in _GIVEN


def _is_of_cycle(meaning: Meaning | None) -> bool:
    """Whether it is rated, or in a cycle: `2025` over `Self` and `Manager`."""
    return _is_rated(meaning) or (meaning is not None and None not in (meaning.cycle, meaning.role))


def _is_open_or_nothing(meaning: Meaning | None) -> bool:
    """Whether it is a rating by an unknown rater, or known to be nothing that is read, such as a peer's."""
    if meaning is None or meaning.role is None:
        return meaning is not None
    return isinstance(meaning.role, OpenRating) and meaning.role.competency is not None


def _vagueness(meaning: Meaning | None) -> tuple[bool, bool]:
    """Whether it is a comment on everything, and whether it is of no cycle in particular."""
    role = None if meaning is None else meaning.role
    of_everything = isinstance(role, CommentOn) and role.competency == OVERALL
    return of_everything, meaning is None or meaning.cycle is None


def _weight(meaning: Meaning | None) -> int:
    """How much a recognised header speaks for a row being the header."""
    if meaning is None:
        return 0
    if isinstance(meaning.role, Field):
        return 1 if meaning.role in RATING_BY.values() else 2
    if isinstance(meaning.role, OpenRating):
        return 1 if meaning.role.competency is not None else 0
    return 1 if meaning.role is None or meaning.role.rater is None else 2


def _score(headers: Sequence[str], lexicon: Lexicon) -> int:
    """How much texts speak for being a header: by what they mean, each thing once, or once in each cycle."""
    meanings = filter(None, map(lexicon.meaning, _without_marks(headers, lexicon)))
    different = {(meaning.role, meaning.cycle): meaning for meaning in meanings if meaning.role is not None}
    return sum(map(_weight, different.values()))


def _match(headers: Sequence[str], letters: Sequence[str], lexicon: Lexicon) -> tuple[Column, ...]:
    meanings = map(lexicon.meaning, _without_marks(headers, lexicon))
    return tuple(
        Column(**vars(meaning or _NO_MEANING), letter=letter, header=header)
        for letter, header, meaning in zip(letters, headers, meanings, strict=False)
    )


def _without_marks(headers: Sequence[str], lexicon: Lexicon) -> list[str]:
    """The headers without brackets that stand behind most of them, a field of people among these: there
    `(required)` says how a form is filled in, and not that a rating is."""
    marks = Counter(found[0].casefold() for header in headers if (found := _MARK.search(header)))
    mark, count = next(iter(marks.most_common(1)), ("", 0))
    if 2 * count <= len(list(filter(None, headers))) or count < _ENOUGH or lexicon.rater(mark.strip(" ([])")):
        return [*headers]
    bare = [_MARK.sub("", one).strip() if one.casefold().endswith(mark) else one for one in headers]
    people = (_role(one, lexicon) for one, header in zip(bare, headers, strict=True) if one != header)
    return bare if any(isinstance(one, Field) and one.use != "rating" for one in people) else [*headers]


_MARK = re.compile(r"\s*[(\[][^()\[\]]*[)\]]\s*$")


def _table(sheet: Sheet, header_rows: tuple[int, ...], skip: int, columns: tuple[Column, ...]) -> Table:
    cells = sheet.cells.slice(skip)
    first = header_rows[-1] + 1
    if _is_of_columns(cells, columns):
        cells, first = cells.slice(1), first + 1
    rows = pl.Series("row", range(first, first + cells.height), dtype=pl.UInt32)
    filled = _filled(cells)
    if filled is not None and not filled.all():
        cells, rows = cells.filter(filled), rows.filter(filled)
    return Table(sheet, header_rows, columns, cells, rows)


def _is_of_columns(cells: pl.DataFrame, columns: Sequence[Column]) -> bool:
    """Whether the line below the header is about the columns: programs write one, such as what they are to be
    filled with, or dashes; and people number them. Where that could be somebody's ratings, there have to be
    many."""
    row = next(cells.head(1).iter_rows(), ())
    filled = [str(cell).strip() for cell in row if cell is not None]
    if any(text.startswith(_OF_FORM) for text in filled):
        return True
    if len(filled) >= _NUMBERED and (
        all(map(is_kind_of_value, filled)) or all(map(_DASHES.fullmatch, filled))
    ):
        return True
    texts = [text.strip("()[]. ").removesuffix(".0") for text in filled]
    if texts != [str(at + 1) for at in range(len(texts))]:
        return False
    below = cells.to_series(0).slice(1, _LOOKED_AT).cast(pl.String).drop_nulls() if texts else ()
    # Nobody is 1 where the others are AB-007 and AB-008.
    alone = len(below) > 0 and not any(text.strip().removesuffix(".0").isdigit() for text in below)
    named = alone or any(column.role in _NEVER_NUMBERS for column in columns)
    return len(texts) >= (_NUMBERED if named else _MANY)


_LOOKED_AT = 50
"""Rows whose first cells are looked at."""
_DASHES = re.compile(r"[-=_–—]{2,}")
_OF_FORM = '{"ImportId"'
"""How the line begins that a survey program writes below the questions of a form."""
_NEVER_NUMBERS = (fields.EMPLOYEE_NAME, fields.COMPETENCY, fields.RATER, fields.LEVEL_SINCE, fields.HIRE_DATE)
_NUMBERED, _MANY = 3, 8


def _filled(cells: pl.DataFrame) -> pl.Series | None:
    """Whether each row holds anything but spaces; None when there are no columns."""
    if not cells.width:
        return None
    holds = [
        pl.col(name).is_not_null()
        if kind.is_numeric() or kind.is_temporal()
        else pl.col(name).cast(pl.String).str.contains(r"\S").fill_null(value=False)
        for name, kind in cells.schema.items()
    ]
    # Most rows hold something in their first columns: the others are looked at for the rest alone.
    some = cells.select(pl.any_horizontal(holds[:8])).to_series()
    if some.all() or len(holds) <= 8:
        return some
    rest = cells.with_row_index("_at").filter(~some)
    found = rest.filter(pl.any_horizontal(holds[8:]))["_at"]
    return some.scatter(found, True)
