"""Texts of which parts look otherwise: the shared strings of a workbook with a part struck through."""

import zipfile
from collections.abc import Iterator, Mapping
from time import monotonic
from xml.parsers.expat import ExpatError, ParserCreate

from defusedxml.common import DTDForbidden

from inputs.roster import InputError

Runs = tuple[tuple[str, bool | None], ...]
"""The parts of a text, each with whether it is struck through; None where the cell's style says it."""

_PART = "xl/sharedStrings.xml"
_PIECE = 1024**2
_LONGEST_MARK = 8
_MOST = 100_000
"""Texts of this kind that a workbook may have."""


class RichText:
    """The parts of one text, as the elements of it come by."""

    def __init__(self) -> None:
        self.runs: list[tuple[str, bool | None]] = []
        self._text = ""
        self._struck: bool | None = None
        self._inside = self._listening = False

    def begin(self, name: str, attributes: Mapping[str, str]) -> None:
        """An element begins."""
        self._listening = name == "t" and self._inside
        if name == "r":
            self._text, self._struck, self._inside = "", None, True
        elif name == "rPr":
            self._struck = False
        elif name == "strike":
            self._struck = attributes.get("val") not in ("0", "false")

    def add(self, text: str) -> None:
        """More text."""
        if self._listening:
            self._text += text

    def end(self, name: str) -> None:
        """An element ends."""
        self._listening = False
        if name == "r":
            self.runs.append((self._text, self._struck))
            self._inside = False


def left_of(runs: Runs, *, struck: bool) -> str:
    """What of a text is not struck through, in a cell whose style is `struck` or not."""
    return "".join(text for text, own in runs if not (struck if own is None else own))


def partly_struck(package: zipfile.ZipFile, until: float, *, by_style: bool) -> dict[str, Runs]:
    """The shared strings in which a part may be struck through, by their numbers as cells give them; also
    those where the style of the cell does it, if `by_style`.

    Raises TimeoutError when the clock (`monotonic`) passes `until`, and InputError where there are too many.
    """
    marks = (b"strike", b"rPr") if by_style else (b"strike",)
    if _PART not in package.namelist() or not _holds(package, marks, until):
        return {}
    reading = _SharedStrings()
    try:
        for piece in pieces_of(package, _PART, until):
            reading.feed(piece)
    except ExpatError:
        pass  # The reader of the cells decides whether the workbook can be read.
    return reading.found


class _SharedStrings:
    """The strings of a part, as the elements of it come by."""

    def __init__(self) -> None:
        self.found: dict[str, Runs] = {}
        self._number = -1
        self._one = RichText()
        self._parser = ParserCreate()
        self._parser.StartElementHandler = self._begin
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self._text
        self._parser.StartDoctypeDeclHandler = refuse_declarations

    def feed(self, piece: bytes) -> None:
        """Read on. Raises ExpatError where the part is no XML."""
        self._parser.Parse(piece)

    def _begin(self, tag: str, attributes: Mapping[str, str]) -> None:
        name = tag.rpartition(":")[2]
        if name == "si":
            self._one = RichText()
            self._number += 1
        self._one.begin(name, attributes)

    def _text(self, piece: str) -> None:
        self._one.add(piece)

    def _end(self, tag: str) -> None:
        name = tag.rpartition(":")[2]
        self._one.end(name)
        if name == "si" and {struck for _, struck in self._one.runs} - {False}:
            self.found[str(self._number)] = tuple(self._one.runs)
            if len(self.found) > _MOST:
                raise InputError(
                    f"the workbook has more than {_MOST:,} texts of which a part may be struck through. Copy "
                    "the values alone into a new workbook."
                )


def _holds(package: zipfile.ZipFile, marks: tuple[bytes, ...], until: float) -> bool:
    before = b""
    for piece in pieces_of(package, _PART, until):
        if any(mark in before + piece for mark in marks):
            return True
        before = piece[-_LONGEST_MARK:]
    return False


def pieces_of(package: zipfile.ZipFile, part: str, until: float) -> Iterator[bytes]:
    """The bytes of a part. Raises TimeoutError when the clock (`monotonic`) passes `until`."""
    with package.open(part) as stream:
        while piece := stream.read(_PIECE):
            if monotonic() > until:
                raise TimeoutError(part)
            yield piece


def refuse_declarations(name: str, system: str | None, public: str | None, _: bool) -> None:
    """Raises DTDForbidden: no spreadsheet program declares entities."""
    raise DTDForbidden(name, system, public)
