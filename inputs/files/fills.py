"""What styles show: the colours of cells, by the names that people give them, and text struck through."""

import colorsys
import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element

_RGB = re.compile(r"(?:[0-9A-Fa-f]{2})?([0-9A-Fa-f]{6})")
_INDEXED = ("000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF")
"""The first of the colours that every workbook has, which stand twice."""
_HUES = ((15, "red"), (47, "orange"), (70, "yellow"), (165, "green"), (260, "blue"), (330, "purple"))
"""Up to which degree of the circle a colour is called so; beyond it is red again."""
_THEME = ("lt1", "dk1", "lt2", "dk2", *(f"accent{number}" for number in range(1, 7)))


def filled_styles(styles: Element, theme: Element | None) -> dict[str, str]:
    """The numbers of cell styles with a colour behind the text, and what the colour is called."""
    colors = [_color(one, theme) for one in _inside(styles, "fills", "fill")]
    found = {}
    for number, style in enumerate(_inside(styles, "cellXfs", "xf")):
        fill = int(style.get("fillId") or 0)
        name = None if fill >= len(colors) else color_name(colors[fill])
        if name is not None:
            found[str(number)] = name
    return found


def struck_styles(styles: Element) -> frozenset[str]:
    """The numbers of cell styles whose text is struck through."""
    struck = [
        any(_tag(one) == "strike" and one.get("val") not in ("0", "false") for one in font)
        for font in _inside(styles, "fonts", "font")
    ]
    return frozenset(
        str(number)
        for number, style in enumerate(_inside(styles, "cellXfs", "xf"))
        if (font := int(style.get("fontId") or 0)) < len(struck) and struck[font]
    )


def color_name(rgb: str | None) -> str | None:
    """`green` for `C6EFCE`; None for white, and where there is no colour."""
    if rgb is None:
        return None
    red, green, blue = (int(rgb[at : at + 2], 16) / 255 for at in (0, 2, 4))
    hue, light, strong = colorsys.rgb_to_hls(red, green, blue)
    if light > _WHITE:
        return None
    if strong < _GREY:
        return "black" if light < _BLACK else "grey"
    return next((name for end, name in _HUES if hue * 360 < end), "red")


_WHITE, _GREY, _BLACK = 0.97, 0.12, 0.15


def _color(fill: Element, theme: Element | None) -> str | None:
    pattern = next(iter(named(fill, "patternFill")), None)
    if pattern is None or pattern.get("patternType") != "solid":
        return None
    color = next(iter(named(pattern, "fgColor")), None)
    if color is None:
        return None
    written = _RGB.fullmatch(color.get("rgb") or "")
    if written is not None:
        return written[1]
    if color.get("theme") is not None:
        return _of_theme(theme, int(color.get("theme") or 0))
    indexed = int(color.get("indexed") or len(_INDEXED) * 2)
    return _INDEXED[indexed % len(_INDEXED)] if indexed < len(_INDEXED) * 2 else None


def _of_theme(theme: Element | None, number: int) -> str | None:
    if theme is None or number >= len(_THEME):
        return None
    known = next(iter(named(theme, _THEME[number])), None)
    for one in known if known is not None else ():
        written = _RGB.fullmatch(one.get("val") or one.get("lastClr") or "")
        if written is not None:
            return written[1]
    return None


def _inside(root: Element, outer: str, inner: str) -> Sequence[Element]:
    holder = next(iter(named(root, outer)), None)
    return [] if holder is None else [one for one in holder if _tag(one) == inner]


def named(root: Element, tag: str) -> list[Element]:
    """The elements of this name below another, in whatever name space."""
    return [one for one in root.iter() if _tag(one) == tag]


def _tag(element: Element) -> str:
    return str(element.tag).rpartition("}")[2]
