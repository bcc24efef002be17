"""How the number formats of cells show numbers: `High` for 3, `4 of 5`, `100%` for 1, `00417`, or nothing."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from operator import eq, ge, gt, le, lt, ne

_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|(?P<gap>[_*].)|(?P<end>;)'
    r"|(?P<number>General|[0#?](?:[0#?.,]*[0#?])?(?:[eE][+-][0#?]+)?[.,]*)|(?P<percent>%)"
    r"|(?P<text>@)|(?P<date>[A-Za-z])|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?\d+(?:[.,]\d+)?)")
_DRESS = frozenset(" \u00a0()-–—.,:;'`^~")
"""What stands around a number and does not change what it says; so do signs of currencies."""
_SECTIONS = 3
"""Sections for numbers; the one after them is for texts."""
_Condition = tuple[str, Decimal]


@dataclass(frozen=True)
class _Section:
    """One part of a format, for some numbers: texts and places for digits in their order."""

    parts: Sequence[tuple[bool, str]]
    """Each with whether it is a place for digits."""
    percent: bool
    condition: _Condition | None

    @property
    def digits(self) -> list[str]:
        return [part for is_digits, part in self.parts if is_digits]

    @property
    def speaks(self) -> bool:
        """Whether the number would be read otherwise than it is stored."""
        said = "".join(part for is_digits, part in self.parts if not is_digits)
        dressed = all(one in _DRESS or unicodedata.category(one) == "Sc" for one in said)
        return not self.digits or self.percent or self.padded or (not dressed and len(self.digits) == 1)

    @property
    def padded(self) -> bool:
        """Whether there is a place for a certain number of digits, as in `00000` and `000-000`."""
        places = "".join(self.digits)
        return len(places) > 1 and set(places) == {"0"}

    def shown(self, number: Decimal) -> str:
        """The number as it is seen, with all its decimals."""
        if self.percent:
            number *= 100
        text = f"{number.normalize():f}"
        places = self.digits
        if self.padded and text.isdigit():
            text = text.zfill(len("".join(places)))
        else:
            places = places[:1]
        shown = list[str]()
        for is_digits, part in reversed(self.parts):
            if not is_digits:
                shown.insert(0, part)
            elif places:
                places = places[:-1]
                text, own = (text[: -len(part)], text[-len(part) :]) if places else ("", text)
                shown.insert(0, own)
        return " ".join("".join(shown).split())


@dataclass(frozen=True)
class NumberFormat:
    """A format that shows some numbers otherwise than they are stored."""

    sections: Sequence[_Section]
    hides_text: bool = False

    def shown(self, stored: str) -> str:
        """How a stored number is seen; empty where it is hidden."""
        number = Decimal(stored)
        section = self._section(number)
        if section is None or not section.speaks:
            return stored
        minus = number < 0 and section.condition is None and section is self.sections[0]
        return ("-" if minus and section.digits else "") + section.shown(abs(number))

    def _section(self, number: Decimal) -> _Section | None:
        if any(one.condition for one in self.sections):
            fitting = (one for one in self.sections if one.condition is None or _meets(number, one.condition))
            return next(fitting, None)
        at = 1 if number < 0 else 2 if number == 0 else 0
        return self.sections[at if at < len(self.sections) else 0]


def number_format(code: str) -> NumberFormat | None:
    """What a format code does to numbers; None where it only dresses them, or shows dates."""
    sections: list[_Section] = []
    for written in _split(code):
        if any(kind == "date" for kind, _ in written):
            return None
        sections.append(_section(written))
    hides_text = len(sections) > _SECTIONS and not sections[_SECTIONS].parts
    of_numbers = [one for one in sections[:_SECTIONS] if ("@" not in one.digits)]
    if not of_numbers or not (hides_text or any(one.speaks for one in of_numbers)):
        return None
    return NumberFormat(tuple(of_numbers), hides_text)


def decimals_shown(code: str) -> int | None:
    """How many decimals a format shows that only dresses a number, `0.0` or `#,##0`; None for all others."""
    sections = [_section(one) for one in _split(code) if all(kind != "date" for kind, _ in one)]
    if not sections or sections[0].speaks or sections[0].digits[0].upper() in ("GENERAL", "@"):
        return None
    return len(sections[0].digits[0].partition(".")[2])


def rounded(stored: str, decimals: int) -> str:
    """A stored number as it is seen with so many decimals; the number itself where it has no more."""
    number = Decimal(stored)
    shown = number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    return stored if shown == number else str(shown)


_Token = tuple[str, str]


def _split(code: str) -> list[list[_Token]]:
    """The tokens of each section: kind and text."""
    sections: list[list[_Token]] = [[]]
    for found in _TOKEN.finditer(code):
        kind = found.lastgroup or ""
        if kind == "end":
            sections.append([])
        else:
            sections[-1].append((kind, found[kind]))
    return sections


def _section(written: Sequence[_Token]) -> _Section:
    parts: list[tuple[bool, str]] = []
    condition: _Condition | None = None
    for kind, text in written:
        if kind in ("number", "text"):
            parts.append((True, text))
        elif kind in ("quoted", "escaped", "literal", "percent"):
            parts.append((False, text))
        elif kind == "gap" and text.startswith("_"):
            parts.append((False, " "))
        elif kind == "bracket" and (found := _CONDITION.fullmatch(text)) is not None:
            condition = (found[1], Decimal(found[2].replace(",", ".")))
    return _Section(tuple(parts), any(kind == "percent" for kind, _ in written), condition)


def _meets(number: Decimal, condition: _Condition) -> bool:
    sign, other = condition
    return bool(_SIGNS[sign](number, other))


_SIGNS = {"<": lt, "<=": le, ">": gt, ">=": ge, "<>": ne, "=": eq}
