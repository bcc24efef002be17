"""Signs in place of ratings, such as ✓ and ✗ or ○ and ●: numbers where a line or circles give
them, else whether something is expected."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from rules.ladders.headings import means
from rules.ladders.legends import numbers_of_signs
from rules.ladders.matrix import Matrix

_CIRCLES = "○◔◑◕●"
"""Filled by quarters."""
_WORD = re.compile(r"\w")


def take_signs(matrix: Matrix) -> None:
    """Ratings in place of the signs that stand for them; a sign that says no is an empty cell."""
    signs = {one.text.strip() for one in matrix.written.values()}
    marks = all(means("cross", sign) or means("mark", sign) for sign in signs)
    if not any(map(_WORD.search, signs)):
        lines = [(" = " if len(line) == 2 else " ").join(line) for line in matrix.table.lines_around]
        explained = [line for line in lines if any(sign in line for sign in signs)]
        numbers = numbers_of_signs(lines)
        if signs and signs <= {*numbers}:
            said = ", ".join(f"{sign} is {number}" for sign, number in numbers.items())
            _take_numbers(matrix, numbers, f"Signs are read as the ratings that a line gives them: {said}.")
            return
        if signs & {*_CIRCLES[1:-1]} and signs <= {*_CIRCLES} and not any(map(_has_digit, explained)):
            circles = {sign: Decimal(number) for number, sign in enumerate(_CIRCLES)}
            _take_numbers(matrix, circles, "Circles are read as ratings from 0 (○) to 4 (●).")
            return
        if marks:
            said = "Signs are read as whether something is expected, and this line was not read"
            matrix.undecided += [f"{said}: {line}" for line in explained]
    if marks:
        matrix.written = {at: one for at, one in matrix.written.items() if not means("cross", one.text)}


def _take_numbers(matrix: Matrix, numbers: Mapping[str, Decimal], said: str) -> None:
    for at, one in matrix.written.items():
        matrix.written[at] = replace(one, text=str(numbers[one.text.strip()]))
    ends = min(numbers.values()), max(numbers.values())
    matrix.answers = replace(matrix.answers, scale=matrix.answers.scale or ends)
    matrix.undecided.append(said)


def _has_digit(line: str) -> bool:
    return any(map(str.isdigit, line))
