"""What a sheet's part tells apart from its cells: what is hidden, merged, not calculated, struck through or
shown otherwise, and what may be entered.

A parser reads the part piece by piece, so its size does not matter. Most tables tell nothing of this kind: a
part that holds none of the bytes which that would take is not parsed.
"""

import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from html import unescape
from xml.parsers.expat import ExpatError, ParserCreate

from inputs.files.number_formats import NumberFormat
from inputs.files.rich_texts import RichText, Runs, left_of, pieces_of, refuse_declarations
from inputs.files.sheets import Place, letter

_MERGES = 20_000
_FILLS = 50_000
_HIDDEN_SIDE_BY_SIDE = 500
_STRUCK = 50_000
_ROUNDED = 50_000
_RULES = 1_000
_LONGEST_RULE = 10_000
_LONGEST_MARK = 32
_FEW_STYLES = 20
"""Up to so many styles, looking for each takes less time than parsing."""
_MARKS = (
    b'hidden="1"',
    b"hidden='1'",
    b'hidden="true"',
    b"hidden='true'",
    b"mergeCell",
    b"<f",
    b":f",
    b"dataV",
    b"strike",
)
_YES = ("1", "true")

_Attributes = dict[str, str]


@dataclass(frozen=True)
class Styles:
    """The numbers of cell styles that change how a number reads, or that an empty cell speaks by."""

    shown: Mapping[str, NumberFormat] = field(default_factory=dict)
    """Those by which numbers are seen otherwise than they are stored."""
    filled: Mapping[str, str] = field(default_factory=dict)
    """Those with a colour behind the text, to its name."""
    struck: frozenset[str] = frozenset()
    """Those whose text is struck through."""
    strings: Mapping[str, Runs] = field(default_factory=dict)
    """The shared strings in which a part may be struck through, by their numbers."""
    shown_by_rules: frozenset[str] = frozenset()
    """The numbers of the looks that rules give to cells by which their numbers are seen otherwise."""
    rounding: Mapping[str, int] = field(default_factory=dict)
    """Those that show few decimals, to how many."""


@dataclass(frozen=True)
class EntryRule:
    """A rule for what may be entered into cells, as the part writes it."""

    kind: str
    """`list`, `whole`, `decimal` and others."""
    cells: str
    """`D2:M8 D10:M20`."""
    first: str
    """The list, or where it stands; the lowest number."""
    second: str
    """The highest number."""


@dataclass
class SheetFacts:
    """What a sheet's part, and the notes beside it, tell apart from its cells."""

    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[str] = field(default_factory=set)
    merged: list[tuple[Place, Place]] = field(default_factory=list)
    uncalculated: set[Place] = field(default_factory=set)
    """Cells with a formula whose result was never stored."""
    shown: list[tuple[Place, NumberFormat]] = field(default_factory=list)
    """Cells whose number may be seen otherwise than it is stored."""
    rounding: list[tuple[Place, int]] = field(default_factory=list)
    """The first `_ROUNDED` cells whose number may be seen with fewer decimals than it has, with how many."""
    hidden_texts: list[Place] = field(default_factory=list)
    """Cells, empty or not, whose text their format hides."""
    fills: dict[Place, str] = field(default_factory=dict)
    """The colours of empty cells; none where there are more than `_FILLS`."""
    struck: list[Place] = field(default_factory=list)
    """The first `_STRUCK` cells, empty or not, whose text is struck through."""
    partly_struck: dict[Place, str] = field(default_factory=dict)
    """Cells of whose text a part is struck through, with the rest of it."""
    rules: list[EntryRule] = field(default_factory=list)
    shown_by_rules: list[str] = field(default_factory=list)
    """Where rules show some numbers otherwise than they are stored: `D2:M8 D10:M20`."""
    notes: Mapping[Place, str] = field(default_factory=dict)
    captions: tuple[str, ...] = ()
    """The lines of text boxes on the sheet, and of the headers and footers of its printed pages."""


def read_sheet_xml(package: zipfile.ZipFile, part: str, styles: Styles, until: float) -> SheetFacts:
    """What a part tells, up to where it can be understood.

    Raises TimeoutError when the clock (`monotonic`) passes `until`, and DTDForbidden when the part declares
    entities, which no spreadsheet program does.
    """
    reading, end = _Reading(styles), _End()
    if _may_tell(end.of(pieces_of(package, part, until)), styles):
        reading.read(end.of(pieces_of(package, part, until)))
    if reading.looks_inside:
        reading = _Reading(styles, parts=True)
        reading.read(pieces_of(package, part, until))
    if len(reading.facts.fills) > _FILLS:
        reading.facts.fills.clear()
    return replace(reading.facts, captions=tuple(end.page_headers()))


class _End:
    """The end of a part that was read to it, where the headers and footers of its printed pages stand."""

    def __init__(self) -> None:
        self._bytes = b""

    def of(self, pieces: Iterator[bytes]) -> Iterator[bytes]:
        """The pieces, of which the last ones are kept."""
        self._bytes = b""
        for piece in pieces:
            self._bytes = (self._bytes + piece)[-_END:]
            yield piece

    def page_headers(self) -> Iterator[str]:
        """The parts of the headers and footers."""
        for one in _PAGE_HEADER.findall(self._bytes):
            for said in _SECTION.split(unescape(one.decode("utf-8", "replace"))):
                if text := _LOOKS.sub("", said).strip():
                    yield text


_END = 64 * 1024
_PAGE_HEADER = re.compile(rb"<(?:\w+:)?(?:odd|even|first)(?:Header|Footer)>(.*?)</", re.DOTALL)
_SECTION = re.compile(r"&[LCR]|\n")
_LOOKS = re.compile(r'&"[^"]*"|&K[0-9A-F]{6}|&\d+|&[A-Z]', re.IGNORECASE)
"""Fonts, colours and sizes, and what is filled in: the page, the day, the name of the file."""


def _may_tell(pieces: Iterator[bytes], styles: Styles) -> bool:
    numbers = (*styles.shown, *styles.filled, *styles.struck)
    if len(numbers) > _FEW_STYLES or styles.strings:
        return True
    marks = _MARKS + _said("s", numbers) + _said("dxfId", styles.shown_by_rules)
    rounds, decimals = _said("s", styles.rounding), False
    hidden = re.compile(rb"v>-?\d+\.\d{%d}" % (1 + min(styles.rounding.values(), default=0)))
    kept = b""
    for piece in pieces:
        kept += piece
        decimals = decimals or bool(rounds and hidden.search(kept))
        if any(mark in kept for mark in (*marks, *(rounds if decimals else ()))):
            return True
        kept = kept[-_LONGEST_MARK:]
    return False


def _said(name: str, values: Iterable[str]) -> tuple[bytes, ...]:
    return tuple(f"{name}={quote}{value}{quote}".encode() for value in values for quote in "\"'")


class _Reading:
    """The elements of a part as they come by; text and end are asked for only of cells that may be empty."""

    def __init__(self, styles: Styles, *, parts: bool = False) -> None:
        self.facts = SheetFacts()
        self.looks_inside = False
        """Whether texts in the cells themselves have parts that may be struck through: then they have to be
        read, by a second reading."""
        self._styles = styles
        self._parts = parts
        self._row = self._column = 0
        self._cell: _Attributes = {}
        self._formula = self._empty = False
        self._string: str | None = None
        self._rich: RichText | None = None
        self._rule: dict[str, str] | None = None
        self._rule_part = ""
        self._ruled = ""
        self._parser = ParserCreate()
        self._parser.StartElementHandler = self._begin
        self._parser.StartDoctypeDeclHandler = refuse_declarations
        self._beginnings = {
            "row": self._begin_row,
            "c": self._begin_cell,
            "f": self._begin_formula,
            "v": self._begin_text,
            "t": self._begin_text,
            "col": self._begin_columns,
            "mergeCell": self._begin_merge,
            "dataValidation": self._begin_rule,
            "conditionalFormatting": self._begin_looks_by_rule,
            "cfRule": self._begin_look_by_rule,
            "rPr": self._begin_looks,
            "strike": self._begin_strike,
        }

    def read(self, pieces: Iterator[bytes]) -> None:
        """Read on, as far as the part is XML."""
        try:
            for piece in pieces:
                self._parser.Parse(piece)
        except ExpatError:
            pass  # The reader of the cells decides whether the workbook can be read.

    def _begin(self, tag: str, attributes: _Attributes) -> None:
        if self._rule is not None:
            name = tag.rpartition(":")[2]
            self._rule_part = name if name in self._rule else self._rule_part
            return
        if self._rich is not None:
            self._rich.begin(tag.rpartition(":")[2], attributes)
        begin = self._beginnings.get(tag) or self._beginnings.get(tag.rpartition(":")[2])
        if begin is not None:
            begin(attributes)

    def _begin_row(self, attributes: _Attributes) -> None:
        self._row = _number(attributes.get("r")) or self._row + 1
        self._column = 0
        if attributes.get("hidden") in _YES:
            self.facts.hidden_rows.add(self._row)

    def _begin_cell(self, attributes: _Attributes) -> None:
        self._cell = attributes
        self._column += 1
        style = attributes.get("s", "")
        if (form := self._styles.shown.get(style)) is not None:
            if attributes.get("t", "n") == "n":
                self.facts.shown.append((self._place(), form))
            elif form.hides_text:
                self.facts.hidden_texts.append(self._place())
        elif style in self._styles.rounding and len(self.facts.rounding) < _ROUNDED:
            self.facts.rounding.append((self._place(), self._styles.rounding[style]))
        if style in self._styles.filled:
            self._wait_for_text()
        if style in self._styles.struck and len(self.facts.struck) < _STRUCK:
            self.facts.struck.append(self._place())
        self._string, self._rich = None, None
        if attributes.get("t") == "s" and self._styles.strings:
            self._string = ""
        elif attributes.get("t") == "inlineStr" and self._parts:
            self._rich = RichText()
        if self._string is not None or self._rich is not None:
            self._parser.EndElementHandler = self._end

    def _begin_looks(self, _: _Attributes) -> None:
        if self._cell.get("s", "") in self._styles.struck:
            self.looks_inside = not self._parts

    def _begin_strike(self, _: _Attributes) -> None:
        self.looks_inside = not self._parts

    def _begin_formula(self, _: _Attributes) -> None:
        self._formula = True
        self._wait_for_text()

    def _wait_for_text(self) -> None:
        self._empty = True
        self._parser.EndElementHandler = self._end

    def _begin_text(self, _: _Attributes) -> None:
        if self._cell.get("t") == "str":
            self._empty = False  # A formula whose result is a text without letters.
        elif self._empty or self._string is not None or self._rich is not None:
            self._parser.CharacterDataHandler = self._text

    def _text(self, piece: str) -> None:
        self._empty = False
        if self._string is not None:
            self._string += piece
        if self._rich is not None:
            self._rich.add(piece)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        if self._rich is not None:
            self._rich.end(name)
        if name in ("v", "t"):
            self._parser.CharacterDataHandler = None
        elif name == "c":
            self._parser.EndElementHandler = None
            self._end_cell()

    def _end_cell(self) -> None:
        if self._empty and self._formula:
            self.facts.uncalculated.add(self._place())
        elif self._empty and len(self.facts.fills) <= _FILLS:
            self.facts.fills[self._place()] = self._styles.filled[self._cell["s"]]
        self._empty = self._formula = False
        runs = self._styles.strings.get(self._string, ()) if self._string else ()
        self._end_runs(runs if self._rich is None else tuple(self._rich.runs))
        self._rich = None

    def _end_runs(self, runs: Runs) -> None:
        """What is told of a cell by the parts of its text."""
        by_style = self._cell.get("s", "") in self._styles.struck
        whole, left = "".join(text for text, _ in runs), left_of(runs, struck=by_style)
        if left == whole:
            return
        place = self._place()
        if by_style and place in self.facts.struck[-1:]:
            self.facts.struck.pop()
        if left.strip():
            self.facts.partly_struck[place] = " ".join(left.split())
        elif len(self.facts.struck) < _STRUCK:
            self.facts.struck.append(place)

    def _place(self) -> Place:
        """Where the cell is: as it says, or after the one before it."""
        return _place(self._cell.get("r")) or (self._row, letter(self._column - 1))

    def _begin_columns(self, attributes: _Attributes) -> None:
        first, last = _number(attributes.get("min")), _number(attributes.get("max"))
        if attributes.get("hidden") in _YES and first and last:
            last = min(last, first + _HIDDEN_SIDE_BY_SIDE)
            self.facts.hidden_columns.update(letter(number - 1) for number in range(first, last + 1))

    def _begin_merge(self, attributes: _Attributes) -> None:
        area = corners(attributes.get("ref", ""))
        if area is not None and len(self.facts.merged) < _MERGES:
            self.facts.merged.append(area)

    def _begin_looks_by_rule(self, attributes: _Attributes) -> None:
        self._ruled = attributes.get("sqref", "")

    def _begin_look_by_rule(self, attributes: _Attributes) -> None:
        if attributes.get("dxfId") in self._styles.shown_by_rules and len(self.facts.shown_by_rules) < _RULES:
            self.facts.shown_by_rules.append(self._ruled)

    def _begin_rule(self, attributes: _Attributes) -> None:
        self._rule = {"sqref": attributes.get("sqref", ""), "formula1": "", "formula2": ""}
        kind, rule = attributes.get("type", ""), self._rule
        usual = attributes.get("operator", "between") == "between"

        def text(piece: str) -> None:
            if self._rule_part and len(rule[self._rule_part]) < _LONGEST_RULE:
                rule[self._rule_part] += piece

        def end(tag: str) -> None:
            if tag.rpartition(":")[2] != "dataValidation":
                return
            if usual and len(self.facts.rules) < _RULES:
                self.facts.rules.append(EntryRule(kind, *(one.strip() for one in rule.values())))
            self._rule, self._rule_part = None, ""
            self._parser.CharacterDataHandler = self._parser.EndElementHandler = None

        self._parser.CharacterDataHandler, self._parser.EndElementHandler = text, end


def corners(area: str) -> tuple[Place, Place] | None:
    """The upper left and the lower right cell of `B2:D8`; of one cell that cell twice."""
    first, _, last = area.partition(":")
    begin, end = _place(first), _place(last or first)
    return (begin, end) if begin and end else None


def _place(reference: str | None) -> Place | None:
    """`(12, "AB")` for `AB12`; None for what is no place of a cell."""
    letters = (reference or "").rstrip("0123456789")
    row = _number((reference or "")[len(letters) :])
    known = letters.isascii() and letters.isalpha() and letters.isupper() and len(letters) <= 3
    return (row, letters) if known and row else None


def _number(text: str | None) -> int | None:
    return int(text) if text and len(text) <= 7 and text.isascii() and text.isdigit() else None
