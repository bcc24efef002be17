"""What Markdown and HTML leave in the cells of a table that was copied as text."""

import re
from collections.abc import Sequence
from dataclasses import replace
from html import unescape

from rules.ladders.grid import Grid

_LINE = re.compile(r":?-{2,}:?")
_ITEM = re.compile(r"\s*<li\b[^<>]*>\s*", re.IGNORECASE)
_BREAK = re.compile(r"\s*</?(?:br|p|div|ul|ol|li)\b[^<>]*>\s*", re.IGNORECASE)
_TAG = re.compile(r"</?(?:b|i|u|em|strong|span|a|font|code|h[1-6]|t[dhr])\b[^<>]*>", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[A-Za-z]+);")
_STRONG = re.compile(r"\*\*(?=\S)(.+?)(?<=\S)\*\*", re.DOTALL)


def without_markup(grid: Grid) -> Grid:
    """A sheet without the line below headings, `**bold**`, tags such as `<br>` and entities (`&amp;`)."""
    rows = [[""] * len(row) if _is_line(row) else [*map(_bare, row)] for row in grid.rows]
    return replace(grid, rows=rows)


def _bare(text: str) -> str:
    if "<" in text:
        lines = _TAG.sub("", _BREAK.sub("\n", _ITEM.sub("\n• ", text)))
        text = re.sub(r"\n\s*", "\n", lines).strip()
    return _STRONG.sub(r"\1", _ENTITY.sub(lambda one: unescape(one[0]), text)).replace("\xa0", " ")


def _is_line(row: Sequence[str]) -> bool:
    said = [text for text in row if text]
    return len(said) > 1 and all(map(_LINE.fullmatch, said))
