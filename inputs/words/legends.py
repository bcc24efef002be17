"""What a file itself says of its scale: `Scale: 1 = outstanding, 5 = unsatisfactory`, or a line for each "
"number."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from inputs.words.texts import tidy

_STEP = re.compile(r"(?<![\w.])(\d{1,3})\s*(?:[=:–—-]|\()\s*([^\W\d_][^\d=;,|/()]*)")
"""`1 = outstanding`, `5 (high)`."""
_LONGEST = 40


@dataclass(frozen=True)
class Legend:
    """The words for the numbers of a scale, and where they stand."""

    words: Mapping[Decimal, str]
    place: str
    """The cell, or the first of several."""

    @property
    def lowest(self) -> Decimal:
        """The lowest number that it explains."""
        return min(self.words)

    @property
    def highest(self) -> Decimal:
        """The highest number that it explains."""
        return max(self.words)

    @property
    def shown(self) -> str:
        """`1 = outstanding, 5 = unsatisfactory`."""
        return ", ".join(f"{number} = {self.words[number]}" for number in sorted(self.words))


def read_legend(texts: Iterable[tuple[str, str]]) -> Legend | None:
    """The legend in texts with their places: all numbers that they explain; None with fewer than two, or when
    a number is explained in two ways."""
    words: dict[Decimal, str] = {}
    first = ""
    for place, text in texts:
        for found in _STEP.finditer(tidy(text)):
            number, word = Decimal(found[1]), found[2].strip(" .-–—")[:_LONGEST]
            if words.setdefault(number, word).casefold() != word.casefold():
                return None
            first = first or place
    return Legend(words, first) if len(words) > 1 and max(words) <= 100 else None


def explains(text: str) -> bool:
    """Whether a text explains a number of a scale, and is nothing else: `0 - No knowledge`."""
    return _STEP.fullmatch(tidy(text)) is not None
