"""Texts from a file do nothing to the terminal: control characters are shown, not obeyed."""

import re
from io import TextIOWrapper

_COLOUR = r"\x1b\[[0-9;]{0,12}m"
"""What click writes to colour a word."""
_CONTROL = re.compile(rf"{_COLOUR}|[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def show_controls(stream: TextIOWrapper) -> None:
    """From now on, everything written to the stream is plain text, colours aside."""
    write = stream.write
    stream.write = lambda text: write(plain(text))  # type: ignore[method-assign]


def plain(text: str) -> str:
    """The text with control characters and marks of direction shown; line ends, tabs and colours stay."""
    return text if text.isascii() and text.isprintable() else _CONTROL.sub(_shown, text)


def _shown(found: re.Match[str]) -> str:
    return found[0] if len(found[0]) > 1 else found[0].encode("unicode_escape").decode()
