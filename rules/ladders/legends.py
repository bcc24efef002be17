"""What lines around a matrix say of its scale: its words, its ends, and which rating is the best."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from rules.ladders.cells import SPAN, number_in, without_number
from rules.ladders.headings import means

LARGEST = 100
"""Scales that nobody names end here at most."""
Ends = tuple[Decimal, Decimal]
_SCALE_LINE = re.compile(
    r"\s*(?:the\s+)?(?:rating\s+)?(?:scale|ratings?|legend|words|proficiency|skala|bewertungsskala|legende|stufen"
    r"|échelle|barème|escala|leyenda|schaal|scala)\b[^:=]*[:=]\s*(.+)",
    re.IGNORECASE,
)
_OF = re.compile(r"(?:\(\s*of|\d\s*of|\bout of|\bmax\.?|\d\s*/)\s*(\d+)\b")
_WORST_LAST = re.compile(
    r"highest first|best first|from the highest|descending|(?:höchste|beste)[rs]? zuerst|absteigend"
    r"|du plus haut|(?:plus haut|meilleur) d'abord|décroissant|de mayor a menor|hoogste eerst",
    re.IGNORECASE,
)
_RANKED = re.compile(
    r"(\d+)\s*(?:[=:(–—-]|is|ist|est|es|è)?\s*(?:the|der|die|das|le|la|el|de|het|il|o)?\s*"
    r"([^\W\d]+(?:\s+[^\W\d]+)?)",
    re.IGNORECASE,
)
"""A number and what it is: `1 is best`, `6 (the worst)`, `1 = very good`."""
_POINTS = (
    re.compile(r"(?<![\w.,(])(?P<number>\d+)\s*[=:–—-]\s*(?P<word>[^\W\d][^\d,;|\n]*)"),
    re.compile(r"(?P<word>[^\W\d][^\d,;|\n(]*)\((?P<number>\d+)\)"),
)
"""The points of a scale with their words, in one line: `0 = none, 1 = basic` or `none (0), basic (1)`."""
_SIGN, _EQUALS = r"[^\w\s=:–—,;|()\[\]\"“”'.-]+", r"\s*[=:–—-]\s*"
_NUMBERED = re.compile(
    rf"(?P<sign>{_SIGN}){_EQUALS}(?P<number>\d+)|(?P<before>\d+){_EQUALS}(?P<behind>{_SIGN})"
)
"""A sign and its number: `○ = 1` or `1 = ○`."""
_EXPLAINED = re.compile(rf"{_SIGN}{_EQUALS}\S.*|\S.*{_EQUALS}{_SIGN}")
_PARENTHESES = re.compile(r"\([^)]*\)|[.]\s*$")
_HEAD = re.compile(r"[^:=]*[:=]?\s*")
"""A cell that only says that a scale follows in the next ones."""
_SPLIT = re.compile(r"\s*(?:[,;/|<>→]|->|\bthen\b)\s*")


@dataclass(frozen=True)
class Legend:
    """All that lines say of one scale."""

    lines: Sequence[Sequence[str]]

    @cached_property
    def words(self) -> tuple[str, ...]:
        """The words of the scale, the lowest first."""
        named = (words for line in self.lines if len(words := words_of_line(line)) > 1)
        words = next(named, ()) or tuple(self.points.values())
        return words[::-1] if self.falls else words

    @cached_property
    def points(self) -> dict[Decimal, str]:
        """The words by their numbers, the lowest first; none where these leave one out."""
        rows = {number_in(texts[0]) or Decimal(0): texts[1] for texts in self.lines if is_of_legend(texts)}
        return _without_gap(rows) or next(filter(None, map(points_in, self.lines)), {})

    @cached_property
    def ranked(self) -> Mapping[str, set[Decimal]]:
        """The numbers that are called the best and the worst rating."""
        found: dict[str, set[Decimal]] = {"best": set(), "worst": set()}
        for number, said in (one for texts in self.lines for one in _RANKED.findall(" ".join(texts))):
            for name, numbers in found.items():
                if means(name, " ".join(said.split())) or means(name, said.split()[0]):
                    numbers.add(Decimal(number))
        return found

    @property
    def falls(self) -> bool:
        """Whether the lowest number is the best rating."""
        best, worst = self.ranked["best"], self.ranked["worst"]
        return bool(best) and max(best) < min(worst, default=2)

    def ends(self, numbers: Sequence[Decimal], stars: Ends | None) -> Ends | None:
        """The ends of a scale that has all these numbers; `stars` are those that the cells show."""
        points = [*self.points]
        best, worst = self.ranked["best"], self.ranked["worst"]
        ranked = (min(best), max(worst)) if worst and self.falls else None
        return span_in(self.lines) or _around(numbers, points) or ranked or stars or self._two_ends(numbers)

    def _two_ends(self, numbers: Sequence[Decimal]) -> Ends | None:
        """Those of which one line explains no other points: `1 = never, 7 = always`."""
        for points in (sorted(found) for texts in self.lines for found in _points(texts)):
            ends = len(points) == 2 and points[0] <= 1 and points[0] + 1 < points[1] <= LARGEST
            if ends and _around(numbers, points):
                return points[0], points[1]
        return None


def _around(numbers: Sequence[Decimal], points: Sequence[Decimal]) -> Ends | None:
    """The first and the last point where all numbers are between them."""
    fits = points and all(points[0] <= number <= points[-1] for number in numbers)
    return (points[0], points[-1]) if fits else None


def words_of_line(texts: Sequence[str]) -> tuple[str, ...]:
    """The words of a line such as `Scale: Basic, Solid, Strong (lowest first)`, the lowest first."""
    head, *rest = texts or ("",)
    if rest and _HEAD.fullmatch(head) and _SCALE_LINE.fullmatch(f"{head.rstrip(' :=')}: x"):
        said = rest if len(rest) > 1 else _SPLIT.split(_PARENTHESES.sub("", rest[0]))
        said = [word for word in said if not word.startswith("(")]
    else:
        line = _SCALE_LINE.fullmatch(", ".join(texts))
        said = _SPLIT.split(_PARENTHESES.sub("", line[1])) if line else []
    words = tuple(word for one in said if (word := without_number(one)))
    return words[::-1] if _WORST_LAST.search(" ".join(texts)) else words


def is_of_legend(texts: Sequence[str]) -> bool:
    """Whether a row is one of a legend: a number and what it means, and perhaps more about it."""
    return len(texts) in (2, 3) and number_in(texts[0]) is not None and number_in(texts[1]) is None


def explains_a_sign(text: str) -> bool:
    """Whether a text is nothing but a sign and what it means, such as `○ = basic`."""
    return _EXPLAINED.fullmatch(text) is not None


def numbers_of_signs(lines: Iterable[str]) -> dict[str, Decimal]:
    """The number of each sign that lines give one, such as `○ = 1, ● = 3`, the lowest first."""
    found: dict[str, set[Decimal]] = {}
    for one in (one for line in lines for one in _NUMBERED.finditer(line)):
        found.setdefault(one["sign"] or one["behind"], set()).add(Decimal(one["number"] or one["before"]))
    alone = {sign: next(iter(numbers)) for sign, numbers in found.items() if len(numbers) == 1}
    return dict(sorted(alone.items(), key=lambda one: one[1]))


def named_scale(lines: Iterable[Sequence[str]]) -> tuple[object, ...] | None:
    """The words or the ends of the scale that lines name; None where they name none."""
    lines = list(lines)
    words = (some for line in lines if len(some := words_of_line(line)) > 1)
    return next(words, None) or span_in(lines)


def points_in(texts: Sequence[str]) -> dict[Decimal, str]:
    """The words of a scale by their numbers, the lowest first, where one line has two or more of them; none
    where these leave one out."""
    return next(filter(None, map(_without_gap, _points(texts))), {})


def _points(texts: Sequence[str]) -> Iterator[dict[Decimal, str]]:
    """Numbers and their words in one line, by each way to write them."""
    line = " | ".join(texts)
    for pattern in _POINTS:
        yield {Decimal(one["number"]): one["word"].strip(" .") for one in pattern.finditer(line)}


def _without_gap(found: Mapping[Decimal, str]) -> dict[Decimal, str]:
    numbers = sorted(found)
    if len(numbers) < 2 or [number - numbers[0] for number in numbers] != [*range(len(numbers))]:
        return {}
    return {number: found[number] for number in numbers}


def span_in(lines: Sequence[Sequence[str]]) -> Ends | None:
    """The ends of the scale that one of the lines names."""
    for texts in lines:
        for text in (" ".join(texts), *texts, _PARENTHESES.sub("", " ".join(texts))):
            said = _SCALE_LINE.fullmatch(text) or re.search(r"scale|rat(ed|ing)", text, re.IGNORECASE)
            if said and (span := SPAN.search(text)):
                low, high = sorted(map(Decimal, span.groups()))
                return low, high
    tops = (Decimal(top[1]) for texts in lines for text in texts if (top := _OF.search(text)))
    highest = next(tops, None)
    return None if highest is None else (Decimal(0 if highest > 10 else 1), highest)
