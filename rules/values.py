"""What a pack is made of: parts, exact numbers, texts and days, each checked as it comes in."""

import re
from datetime import date
from decimal import Decimal
from typing import Annotated

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError


class Part(BaseModel):
    """A part of a pack: frozen, strict about types, and without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, populate_by_name=True)


def _whole_as_decimal(value: object) -> object:
    return Decimal(value) if isinstance(value, int) and not isinstance(value, bool) else value


DECIMALS = 4
"""Decimals of a pack's numbers at the most: sums and comparisons then stay whole numbers of 64 bits."""


def is_exact(number: Decimal) -> bool:
    """Whether a finite number has no more than `DECIMALS` decimals."""
    exponent = number.normalize().as_tuple().exponent
    return isinstance(exponent, int) and exponent >= -DECIMALS


def _of_few_decimals(value: Decimal) -> Decimal:
    if value.is_finite() and not is_exact(value):
        raise PydanticCustomError("decimals", "has more than four decimals")
    return value


Number = Annotated[Decimal, BeforeValidator(_whole_as_decimal), AfterValidator(_of_few_decimals)]
"""An exact number; a pack may write `4` for `4.0`."""
Identifier = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]


def _plain(value: str) -> str:
    """Texts go to terminals, pages and workbooks, where such characters do something that nobody sees."""
    found = _CONTROL.search(value)
    if found is not None:
        code = f"U+{ord(found[0]):04X}"
        raise PydanticCustomError("control", "holds the control character {code}; remove it", {"code": code})
    return value


_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")
Text = Annotated[str, Field(min_length=1), AfterValidator(_plain)]


def _real_day(value: str) -> str:
    try:
        date.fromisoformat(value)
    except ValueError:
        raise PydanticCustomError("day", 'is not a day; write it like "2026-01-31"') from None
    return value


Day = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}$"), AfterValidator(_real_day)]
"""A day as text: `"2026-01-31"`."""
Change = Annotated[str, Field(pattern=r"^\d{4}-\d{2}-\d{2}: \S"), AfterValidator(_plain)]
"""An entry of a change log: the day, a colon, and what was changed."""
