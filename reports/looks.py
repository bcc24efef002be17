"""The one visual language: colours, symbols and letters of bands and statuses, for pages and workbook."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Look:
    """How one value is shown. Colours are `RRGGBB`; text on its ground has at least 4.5 to 1."""

    symbol: str
    """Tells the value without colour, beside its label."""
    letter: str
    """The same in a narrow cell."""
    ground: str
    text: str
    dark_ground: str
    dark_text: str


BANDS: dict[str, Look] = {
    "ready_now": Look("●", "A", "CDEBD8", "0B4A2B", "12402A", "B9F0D0"),
    "ready_soon": Look("◕", "B", "D3E4FA", "123C70", "16345C", "C4DEFF"),
    "developing": Look("◔", "C", "FCE7C3", "5F3A05", "4A3208", "FFE0AA"),
    "insufficient_evidence": Look("?", "?", "E4E4EC", "3A3A4A", "34343F", "DDDDE8"),
}

STATUSES: dict[str, Look] = {
    "met": Look("✓", "M", "CDEBD8", "0B4A2B", "12402A", "B9F0D0"),
    "near": Look("≈", "N", "FCE7C3", "5F3A05", "4A3208", "FFE0AA"),
    "gap": Look("✗", "G", "F8D3CF", "7A1712", "571B17", "FFCEC8"),
    "unrated": Look("?", "?", "E4E4EC", "3A3A4A", "34343F", "DDDDE8"),
}

SEVERITIES: dict[str, Look] = {
    "error": Look("✗", "E", "F8D3CF", "7A1712", "571B17", "FFCEC8"),
    "warning": Look("!", "W", "FCE7C3", "5F3A05", "4A3208", "FFE0AA"),
    "note": Look("i", "N", "D3E4FA", "123C70", "16345C", "C4DEFF"),
}

ACCENT = "2B4C9B"
"""Headings, links and the heads of tables, on white; white on it has a contrast of 8 to 1."""
INK = "1D2130"
PAPER = "FFFFFF"
SHADE = "F3F4F8"
"""The ground of quiet areas."""
LINE = "C9CCD8"
"""Borders."""
ENTRY = "FFF8D6"
"""The ground of cells that people fill in."""
