"""What Markdown and HTML leave in the cells of a table that was copied as text."""

import re
from collections.abc import Sequence
from dataclasses import replace

from rules.ladders.grid import Grid

_LINE = re.compile(r":?-{2,}:?")
_BREAK = re.compile(r"\s*<br\s*/?>\s*", re.IGNORECASE)
_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL)


def without_markup(grid: Grid) -> Grid:
    """A sheet without the line below headings, `**bold**` and `<br>`."""
    rows = [
        [""] * len(row) if _is_line(row) else [_STRONG.sub(r"\1", _BREAK.sub("\n", text)) for text in row]
        for row in grid.rows
    ]
    return replace(grid, rows=rows)


def _is_line(row: Sequence[str]) -> bool:
    said = [text for text in row if text]
    return len(said) > 1 and all(map(_LINE.fullmatch, said))
