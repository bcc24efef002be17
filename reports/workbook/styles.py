"""Cell styles as values, each registered once in the workbook and used by its number."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

from openpyxl import Workbook
from openpyxl.cell import Cell
from openpyxl.styles import Alignment, Border, Font, PatternFill, Protection, Side
from openpyxl.styles.cell_style import StyleArray
from openpyxl.styles.differential import DifferentialStyle

from reports.shown.looks import ACCENT, ENTRY, INK, LINE, PAPER, SHADE, Look


@dataclass(frozen=True)
class Style:
    """How a cell looks. Colours are `RRGGBB`."""

    size: float = 11
    bold: bool = False
    color: str = INK
    ground: str | None = None
    line: bool = False
    """A thin border all round."""
    across: str = "left"
    down: str = "center"
    wrap: bool = False
    number_format: str = "General"
    underline: bool = False
    unlocked: bool = False
    """People may type into it although the sheet is protected."""


QUIET = "4A4F63"
"""Text of less weight; on white and on the shade its contrast is above 7 to 1."""

TITLE = Style(size=20, bold=True, color=ACCENT)
SUBTITLE = Style(color=QUIET)
HEADING = Style(size=14, bold=True, color=ACCENT, down="bottom")
TEXT = Style()
PROSE = Style(wrap=True, down="top")
LABEL = Style(bold=True, down="top")
FIGURE = Style(size=20, bold=True, color=ACCENT, across="center", ground=SHADE, number_format="#,##0")
FIGURE_LABEL = Style(size=9, color=QUIET, across="center", ground=SHADE, wrap=True, down="top")
HEAD = Style(bold=True, color=PAPER, ground=ACCENT, line=True, wrap=True)
HEAD_CENTER = replace(HEAD, across="center")
ENTRY_HEAD = Style(bold=True, ground="F2DC8B", line=True, wrap=True)
CELL = Style(line=True, down="top", wrap=True)
CELL_CENTER = Style(line=True, down="top", across="center", wrap=True)
CELL_SMALL = Style(size=9, color=QUIET, line=True, down="top", wrap=True)
CELL_BOLD = Style(line=True, bold=True, down="top", wrap=True)
COUNT = Style(line=True, across="right", number_format="#,##0;-#,##0;–")
COUNT_BOLD = replace(COUNT, bold=True, ground=SHADE)
ROW_HEAD = Style(line=True, wrap=True)
ROW_HEAD_BOLD = Style(line=True, bold=True, ground=SHADE)
LINK = Style(color=ACCENT, underline=True, line=True, down="top")
ENTRY_CELL = Style(ground=ENTRY, line=True, down="top", wrap=True, unlocked=True)
ENTRY_DATE = replace(ENTRY_CELL, wrap=False, number_format="yyyy-mm-dd")


def in_colors_of(look: Look, style: Style = CELL_CENTER) -> Style:
    """The style in bold and in the colours of a band, status or severity."""
    return replace(style, bold=True, ground=look.colours.ground, color=look.colours.text)


def highlight(look: Look) -> DifferentialStyle:
    """The same colours for a conditional format."""
    fill = PatternFill(bgColor=look.colours.ground, fill_type="solid")
    return DifferentialStyle(font=Font(color=look.colours.text, bold=True), fill=fill)


class StyleNumbers:
    """The numbers under which a workbook knows the styles; a style is registered when first asked for."""

    def __init__(self, workbook: Workbook) -> None:
        self._workbook = workbook
        self._probe = Cell(workbook.create_sheet("Styles"), row=1, column=1)
        workbook.remove(workbook["Styles"])
        self._numbers: dict[tuple[Style, bool], int] = {}
        self._parts: dict[tuple[object, ...], int] = {}

    def number(self, style: Style, *, quoted: bool = False) -> int:
        """The number of a style; `quoted` keeps text that starts like a formula text when it is edited."""
        key = (style, quoted)
        if key not in self._numbers:
            self._numbers[key] = self._register(style, quoted)
        return self._numbers[key]

    def _register(self, style: Style, quoted: bool) -> int:
        array = StyleArray()
        for name, key, made, values in _parts(style):
            known = (name, *values)
            if known not in self._parts:  # openpyxl compares with all that it has, field by field
                setattr(self._probe, name, made(*values))
                self._parts[known] = getattr(self._probe._style, key)  # type: ignore[attr-defined]
            setattr(array, key, self._parts[known])
        array.quotePrefix = int(quoted)
        number: int = self._workbook._cell_styles.add(array)  # type: ignore[attr-defined]
        return number


def _parts(style: Style) -> Iterator[tuple[str, str, Callable[..., object], tuple[object, ...]]]:
    """What openpyxl keeps apart: its name, that of its number, and what makes it of which values."""
    yield "font", "fontId", _font, (style.size, style.bold, style.color, style.underline)
    yield "fill", "fillId", _fill, (style.ground,)
    yield "border", "borderId", _border, (style.line,)
    yield "alignment", "alignmentId", Alignment, (style.across, style.down, 0, style.wrap)
    yield "number_format", "numFmtId", str, (style.number_format,)
    yield "protection", "protectionId", Protection, (not style.unlocked,)


def _font(size: float, bold: bool, color: str, underline: bool) -> Font:
    return Font(name="Calibri", size=size, bold=bold, color=color, underline="single" if underline else None)


def _fill(ground: str | None) -> PatternFill:
    return PatternFill("solid", fgColor=ground) if ground else PatternFill()


def _border(line: bool) -> Border:
    side = Side("thin", color=LINE) if line else Side()
    return Border(left=side, right=side, top=side, bottom=side)
