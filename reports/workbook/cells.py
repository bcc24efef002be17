"""Values to the XML of a sheet's rows: text stays text, a formula carries the value it computes."""

import re
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from math import ceil
from xml.sax.saxutils import escape

from openpyxl.utils import get_column_letter

from reports.shown.formula_texts import starts_like_formula

MAX_TEXT = 32_767
"""Characters that a cell holds (Excel's limit)."""
MAX_LINE_FEEDS = 253
MAX_HEIGHT = 409.0
"""Points of a row."""
LOOSE_LETTERS = 1_000_000
"""So much of a sheet waits uncompressed."""
CUT = " … (cut: a cell holds no more)"


@dataclass(frozen=True)
class Formula:
    """A formula without its equals sign, and what it computes now.

    The value travels with it, so that programs which do not calculate (previews, Excel's protected view,
    data tools) show the right numbers too.
    """

    text: str
    value: str | int | float


Value = str | int | float | Decimal | date | Formula | None

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_ESCAPE_LOOKALIKE = re.compile("_(?=x[0-9A-Fa-f]{4}_)")
_EPOCH = date(1899, 12, 30)


def clean_text(text: str) -> str:
    """The text as a cell can hold it: no control characters, Excel's line ends, not over Excel's limits."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _ILLEGAL.sub("\N{REPLACEMENT CHARACTER}", text)
    if text.count("\n") > MAX_LINE_FEEDS:
        lines = text.split("\n")
        text = "\n".join(lines[:MAX_LINE_FEEDS]) + "\n" + " ".join(lines[MAX_LINE_FEEDS:])
    units = len(text.encode("utf-16-le")) // 2 if len(text) > MAX_TEXT // 2 else 0
    if units > MAX_TEXT:
        kept = text.encode("utf-16-le")[: 2 * (MAX_TEXT - len(CUT))]
        text = kept.decode("utf-16-le", errors="ignore") + CUT
    return text


def row_height(*texts: tuple[str, float], least: int = 1, line: float = 15.0) -> float:
    """Points that a row needs for texts in columns of these widths, of at least so many lines."""
    lines = (sum(max(1, ceil(len(part) / width)) for part in text.split("\n")) for text, width in texts)
    return min(line * max(least, *lines) + 4, MAX_HEIGHT)


@lru_cache(maxsize=16_384)
def _inline(text: str) -> str:
    cleaned = _ESCAPE_LOOKALIKE.sub("_x005F_", clean_text(text))
    space = ' xml:space="preserve"' if cleaned != cleaned.strip() or "\n" in cleaned else ""
    return f"<is><t{space}>{escape(cleaned)}</t></is>"


def _cell(place: str, value: Value, style: int, quoted: Callable[[int], int]) -> str:
    if value is None or value == "":
        return f'<c r="{place}" s="{style}"/>'
    if isinstance(value, str):
        number = quoted(style) if starts_like_formula(value) else style
        return f'<c r="{place}" s="{number}" t="inlineStr">{_inline(value)}</c>'
    if isinstance(value, Formula):
        formula = escape(value.text)
        if isinstance(value.value, str):
            cached = escape(_ESCAPE_LOOKALIKE.sub("_x005F_", clean_text(value.value)))
            return f'<c r="{place}" s="{style}" t="str"><f>{formula}</f><v>{cached}</v></c>'
        return f'<c r="{place}" s="{style}"><f>{formula}</f><v>{value.value!r}</v></c>'
    if isinstance(value, date):
        return f'<c r="{place}" s="{style}"><v>{(value - _EPOCH).days}</v></c>'
    return f'<c r="{place}" s="{style}"><v>{value}</v></c>'


class RowWriter:
    """Rows of one sheet, rendered as they come. About ten times as fast as a cell object each. Those of a
    long sheet wait compressed, which takes a tenth of the memory."""

    def __init__(self, quoted: Callable[[int], int]) -> None:
        """`quoted` gives the number of the style's twin with the quote prefix."""
        self._quoted = quoted
        self._letters: list[str] = []
        self._rows: list[str] = []
        self._loose_letters = 0
        self._packed: list[bytes] = []
        self.size = 0
        """Bytes of those that are packed."""
        self.last_row = 0
        self.last_column = 0

    def add(
        self,
        values: Sequence[Value],
        styles: Sequence[int],
        height: float | None = None,
        *,
        hidden: bool = False,
    ) -> int:
        """Append a row under the last one and return its number; values and styles go side by side."""
        self.last_row += 1
        if len(values) > len(self._letters):
            self._letters = [get_column_letter(i + 1) for i in range(len(values))]
        self.last_column = max(self.last_column, len(values))
        row, quoted = self.last_row, self._quoted
        cells = [
            _cell(f"{letter}{row}", value, style, quoted)
            for letter, value, style in zip(self._letters, values, styles, strict=False)
        ]
        size = f' ht="{height:g}" customHeight="1"' if height is not None else ""
        concealed = ' hidden="1"' if hidden else ""
        self._rows.append(f'<row r="{row}"{size}{concealed}>{"".join(cells)}</row>')
        self._loose_letters += len(self._rows[-1])
        if self._loose_letters > LOOSE_LETTERS:
            self._pack()
        return row

    def _pack(self) -> None:
        rows = self._loose()
        self.size += len(rows)
        self._packed.append(zlib.compress(rows, 1))
        self._rows, self._loose_letters = [], 0

    def skip(self, rows: int = 1) -> None:
        """Leave rows empty."""
        self.last_row += rows

    def xml(self) -> Iterator[bytes]:
        """All rows, piece by piece."""
        yield from map(zlib.decompress, self._packed)
        yield self._loose()

    def _loose(self) -> bytes:
        return "".join(self._rows).encode("utf-8")

    @property
    def dimension(self) -> str:
        """The used range."""
        return f"A1:{get_column_letter(max(self.last_column, 1))}{max(self.last_row, 1)}"
