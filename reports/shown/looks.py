"""The one visual language: colours, symbols, letters, type scale and spacing, for pages and workbook."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Colours:
    """The colours of one value, `RRGGBB`; text on its ground has at least 4.5 to 1."""

    ground: str
    text: str
    fill: str
    """Marks and segments of charts: at least 3 to 1 on `PAPER`."""
    dark_ground: str
    dark_text: str
    dark_fill: str
    """The same on dark paper."""


@dataclass(frozen=True)
class Look:
    """How one value is shown."""

    symbol: str
    """Says the value without colour, next to its label."""
    letter: str
    """The same in a narrow cell."""
    colours: Colours
    shape: str
    """The symbol as a drawing: SVG path data in a box of 16 by 16, filled by the even-odd rule."""


@dataclass(frozen=True)
class Tone:
    """One colour of the page, `RRGGBB`, in light and in dark."""

    light: str
    dark: str


_DISC = "M8 1.5a6.5 6.5 0 1 0 0 13a6.5 6.5 0 1 0 0-13z"
_RING = _DISC + "M8 3.1a4.9 4.9 0 1 1 0 9.8a4.9 4.9 0 1 1 0-9.8z"
_QUESTION = (
    "M5.9 6.5C5.9 5.2 6.8 4.3 8.1 4.3S10.3 5.1 10.3 6.3c0 1-.6 1.5-1.2 2-.4.4-.5.6-.5 1v.2H7.3v-.4"
    "c0-.9.4-1.3 1-1.8.4-.4.6-.6.6-1 0-.5-.3-.8-.8-.8-.6 0-.9.4-.9 1zM7.3 10.3h1.4v1.4H7.3z"
)
_WAVE = "c1.9-2.3 3.9-1.9 5.8-.7 1.5.9 2.8 1 4.2-.8l1.5 1.1c-2 2.6-4.3 2.5-6.4 1.2-1.6-1-2.5-1-3.6.4z"
_CROSS = "M4.3 2.9 8 6.6l3.7-3.7 1.4 1.4L9.4 8l3.7 3.7-1.4 1.4L8 9.4l-3.7 3.7-1.4-1.4L6.6 8 2.9 4.3z"

GREEN = Colours("CDEBD8", "0B4A2B", "1E7F4F", "12402A", "B9F0D0", "52C48C")
BLUE = Colours("D3E4FA", "123C70", "2E6BC0", "16345C", "C4DEFF", "78AEF5")
AMBER = Colours("FCE7C3", "5F3A05", "B06F12", "4A3208", "FFE0AA", "E5AE4B")
RED = Colours("F8D3CF", "7A1712", "BD3A30", "571B17", "FFCEC8", "F0837A")
GREY = Colours("E4E4EC", "3A3A4A", "77788C", "34343F", "DDDDE8", "A3A4B8")

BANDS: dict[str, Look] = {
    "ready_now": Look("●", "A", GREEN, _DISC),
    "ready_soon": Look("◕", "B", BLUE, _DISC + "M8 8V3.1A4.9 4.9 0 0 0 3.1 8z"),
    "developing": Look("◔", "C", AMBER, _DISC + "M8 8h4.9A4.9 4.9 0 1 1 8 3.1z"),
    "insufficient_evidence": Look("?", "?", GREY, _RING + _QUESTION),
}
STATUSES: dict[str, Look] = {
    "met": Look("✓", "M", GREEN, "M6.3 12.9 2 8.6l1.5-1.5 2.8 2.8 6.2-6.2L14 5.2z"),
    "near": Look("≈", "N", AMBER, f"M2 5.9{_WAVE}M2 10.7{_WAVE}"),
    "gap": Look("✗", "G", RED, _CROSS),
    "unrated": Look("?", "?", GREY, _RING + _QUESTION),
}
SEVERITIES: dict[str, Look] = {
    "error": Look("✗", "E", RED, _CROSS),
    "warning": Look("!", "W", AMBER, "M7 2.5h2v7.2H7zM7 11.3h2v2.2H7z"),
    "note": Look("i", "N", BLUE, "M7 2.5h2v2.2H7zM7 6.3h2v7.2H7z"),
}

ACCENT = "2B4C9B"
"""Headings, links and the heads of tables, on white; white on it has a contrast of 8 to 1."""
INK = "1D2130"
QUIET = "565C70"
"""Secondary text: at least 4.5 to 1 on `PAPER` and on `SHADE`."""
PAPER = "FFFFFF"
SHADE = "F3F4F8"
"""The ground of quiet areas."""
LINE = "C9CCD8"
"""Borders."""
ENTRY = "FFF8D6"
"""The ground of cells that people fill in."""

TONES: dict[str, Tone] = {
    "ink": Tone(INK, "E9EBF3"),
    "quiet": Tone(QUIET, "A9AEC2"),
    "paper": Tone(PAPER, "1B1E28"),
    "shade": Tone(SHADE, "12141B"),
    "line": Tone(LINE, "3A3F50"),
    "control": Tone("7B8194", "8A90A6"),  # borders of controls and axes: 3 to 1 on paper
    "accent": Tone(ACCENT, "A9C2FF"),
    "on_accent": Tone("FFFFFF", "10131C"),
    "zone": Tone("DCE3F3", "33405F"),  # just under the bar, in charts
    "wash": Tone("E9EEF9", "232B40"),  # the ground of what is chosen or pointed at
}
"""The page's colours by role, in light and in dark."""

FONTS = '"Segoe UI", -apple-system, Roboto, "Helvetica Neue", Arial, sans-serif'
"""Fonts that people have: nothing is fetched."""
CODE_FONTS = 'ui-monospace, "SF Mono", Consolas, "Liberation Mono", monospace'

TYPE_SCALE: dict[str, float] = {
    "small": 0.8125,
    "body": 1.0,
    "lead": 1.1875,
    "subheading": 1.0625,
    "heading": 1.5,
    "title": 2.25,
    "figure": 2.75,
}
"""Sizes as multiples of the body size: 16 CSS pixels on pages, 11 points in the workbook."""

SPACES: tuple[float, ...] = (0.25, 0.5, 0.75, 1.0, 1.5, 2.5, 4.0)
"""Steps of spacing, in multiples of the body size."""
