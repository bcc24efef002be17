"""Ladders at random, as matrices in the shapes that companies keep them in. Whatever is read of one is what
it says: levels, competencies with their areas and weights, ratings, the ends of the scale, and years."""

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

from rules.ladders import Answers, Grid, Ladder, ladder_from_matrix, matrix_among

COMPETENCIES = ("Communication", "Delegation", "Data analysis", "Negotiation", "Writing", "Customer care")
LEVELS = (
    ("Junior", "Professional", "Senior", "Principal"),
    ("L1", "L2", "L3", "L4"),
    ("Associate", "Consultant", "Manager", "Director"),
    ("Band 5", "Band 6", "Band 7", "Band 8a"),
)
AREAS = ("Craft", "People", "Business")
WORDS = ("Basic", "Fair", "Solid", "Strong", "Expert", "Master", "Guru", "Sage", "Leading", "Top")
TITLES: Sequence[list[list[str]]] = (
    [],
    [["Our career ladder"]],
    [["Career framework 2026"], ["Owner:", "People team"]],
    [["Ladder"], []],
)
STYLES: Mapping[str, str] = {
    "numbers": "{number}",
    "numbers and words": "{number} - {word}",
    "levels": "Level {number}",
    "at least": "≥ {number}",
    "out of": "{number}/{highest}",
    "words": "{word}",
}
Rows = list[list[str]]


@dataclass
class Matrix:
    """What a ladder says, and how it is written."""

    dice: random.Random
    highest: int
    levels: Sequence[str]
    competencies: Sequence[str]
    style: str
    shape: str
    areas: str
    """Whether areas have a column, rows of their own, or are not named."""
    ratings: dict[tuple[str, str], int | None] = field(default_factory=dict)
    """By competency and level."""
    weights: Mapping[str, int] = field(default_factory=dict)
    years: Mapping[str, int] = field(default_factory=dict)

    def area(self, competency: str) -> str:
        """Several competencies that stand together have one."""
        return AREAS[self.competencies.index(competency) * 3 // len(self.competencies)]

    def cell(self, competency: str, level: str) -> str:
        """What one level requires of one competency."""
        number = self.ratings[competency, level]
        if number is None:
            return self.dice.choice(("", "-", "n/a"))
        return STYLES[self.style].format(number=number, word=WORDS[number - 1], highest=self.highest)

    def weight(self, competency: str) -> list[str]:
        """The cell of its weight, where there are weights."""
        return [f"{self.weights[competency]}%"] if self.weights else []


def random_matrix(dice: random.Random) -> Matrix:
    """A ladder of two to four levels on which every competency is required of some level."""
    style, highest = dice.choice((*STYLES, "numbers")), dice.choice((4, 5, 5, 10))
    competencies = dice.sample(COMPETENCIES, dice.randint(3, 6))
    levels = dice.choice(LEVELS)[: dice.randint(2, 4)]
    highest = min(highest, 5) if style == "words" else highest
    shape = dice.choice(("wide", "wide", "down", "long"))
    matrix = Matrix(dice, highest, levels, competencies, style, shape, dice.choice(("", "column", "rows")))
    for one in competencies:
        numbers = sorted(
            dice.sample(range(1, highest + 1), 2) + [dice.randint(1, highest) for _ in levels[2:]]
        )
        given = [*numbers[:-1], max(numbers[-1], numbers[0] + 1)]
        matrix.ratings |= {(one, level): number for level, number in zip(levels, given, strict=True)}
        if dice.random() < 0.15 and one != competencies[0]:
            matrix.ratings[one, levels[0]] = None
    if dice.random() < 0.25:
        matrix.weights = dict(zip(competencies, _shares(len(competencies)), strict=True))
    if dice.random() < 0.25 and matrix.shape == "wide":
        matrix.years = {level: dice.randint(1, 3) for level in levels[1:]}
    return matrix


def _shares(count: int) -> list[int]:
    return [*[100 // count] * (count - 1), 100 - 100 // count * (count - 1)]


def written(matrix: Matrix) -> tuple[Rows, bool]:
    """Its cells, and whether they name the scale."""
    dice, words = matrix.dice, matrix.style == "words"
    rows = _SHAPES[matrix.shape](matrix)
    points = [(str(number), word) for number, word in enumerate(WORDS[: matrix.highest], 1)]
    legend = dice.choice(
        ("words", "below", "beside") if words else ("", "line", "points", "ends", "below", "beside")
    )
    above = {
        "line": [f"Scale: 1 to {matrix.highest}"],
        "points": [", ".join(f"{number} = {word}" for number, word in points)],
        "ends": [f"1 = never, {matrix.highest} = always"],
        "words": [f"Scale: {', '.join(word for _, word in points)} (lowest first)"],
    }
    table = [["Rating", "Meaning"], *map(list, points)]
    if legend == "below":
        rows = [*rows, [], *table]
    elif legend == "beside":
        rows = _even(rows)
        rows += [[""] * len(rows[0]) for _ in range(len(table) - len(rows))]
        rows = [[*row, "", *beside] for row, beside in zip(rows, table + [[]] * len(rows), strict=False)]
    top = [above[legend], []] if legend in above else []
    return _even([*dice.choice(TITLES), *top, *rows]), bool(legend)


def _even(rows: Rows) -> Rows:
    width = max(map(len, rows))
    return [row + [""] * (width - len(row)) for row in rows]


def _wide(matrix: Matrix) -> Rows:
    dice = matrix.dice
    corner = dice.choice(("Competency", "Skill", "Kompetenz", "Criterion"))
    definition, notes = dice.random() < 0.25, dice.random() < 0.2
    lead = ["Area"] if matrix.areas == "column" else []
    between = ["Definition"] * definition + ["Weight"] * bool(matrix.weights)
    rows, area = [[*lead, corner, *between, *matrix.levels, *["Notes"] * notes]], ""
    for one in matrix.competencies:
        own = matrix.area(one)
        if matrix.areas == "rows" and own != area:
            rows.append([own])
        said = ["What it is, in a few words"] * definition + matrix.weight(one)
        cells = [matrix.cell(one, level) for level in matrix.levels]
        rows.append([own if own != area else ""] * len(lead) + [one, *said, *cells, *["ask HR"] * notes])
        area = own
    empty = [""] * len(between)
    numbers = [[matrix.ratings[one, level] or 0 for one in matrix.competencies] for level in matrix.levels]
    if matrix.style == "numbers" and not matrix.weights and dice.random() < 0.2:
        rows.append([*[""] * len(lead), "Total", *empty, *(str(sum(column)) for column in numbers)])
    if matrix.years:
        years = [str(matrix.years.get(level, "")) for level in matrix.levels]
        rows.append([*[""] * len(lead), "Minimum years in level below", *empty, *years])
    return rows


def _down(matrix: Matrix) -> Rows:
    areas = [matrix.area(one) for one in matrix.competencies]
    once = [area if area not in areas[:place] else "" for place, area in enumerate(areas)]
    rows = [["", *once]] if matrix.areas else []
    rows.append([matrix.dice.choice(("Level", "Grade")), *matrix.competencies])
    rows += [[level, *(matrix.cell(one, level) for one in matrix.competencies)] for level in matrix.levels]
    weights = [cell for one in matrix.competencies for cell in matrix.weight(one)]
    return [*rows, ["Weight", *weights]] if weights else rows


def _long(matrix: Matrix) -> Rows:
    area, weight = ["Area"] * bool(matrix.areas), ["Weight"] * bool(matrix.weights)
    rows = [["Level", *area, "Skill", "Required", *weight]]
    for level in matrix.levels:
        for one in matrix.competencies:
            said = [level, *[matrix.area(one)] * len(area), one, matrix.cell(one, level), *matrix.weight(one)]
            rows += [said] if matrix.ratings[one, level] is not None else []
    return rows


_SHAPES: Mapping[str, Callable[[Matrix], Rows]] = {"wide": _wide, "down": _down, "long": _long}


def matrices(folder: Path) -> Callable[[random.Random], Ladder]:
    """Reads the matrix of these dice. Raises AssertionError where it is read as something else."""
    folder.mkdir()

    def read(dice: random.Random) -> Ladder:
        matrix = random_matrix(dice)
        rows, names_scale = written(matrix)
        sheet = matrix_among("ladder.xlsx", [Grid("ladder.xlsx", "Ladder", rows)], None)
        ladder = ladder_from_matrix(sheet, Answers())
        if wrong := list(differences(matrix, ladder, names_scale=names_scale)):
            shown = "\n".join(" | ".join(row) for row in rows)
            raise AssertionError(f"{matrix.shape}, {matrix.style}: {'; '.join(wrong)}\n{shown}")
        return ladder

    return read


def differences(matrix: Matrix, ladder: Ladder, *, names_scale: bool) -> Iterator[str]:
    """Where a ladder is not what its matrix says."""
    levels = [level.title for level in ladder.levels]
    places = {one.title: place for place, one in enumerate(ladder.competencies)}
    if levels != [*matrix.levels] or {*places} != {*matrix.competencies}:
        yield f"levels {levels}, competencies {[*places]}"
        return
    for (one, level), number in matrix.ratings.items():
        required = ladder.required.get((levels.index(level), places[one]))
        rating = None if required is None else required.rating
        if rating != (None if number is None else Decimal(number)):
            yield f"{one} at {level} is {rating}, not {number}"
    if names_scale and ladder.scale.highest != matrix.highest:
        yield f"the scale ends at {ladder.scale.highest}, not {matrix.highest}"
    for one in ladder.competencies:
        if matrix.areas and one.category != matrix.area(one.title):
            yield f"{one.title} is in {one.category}"
        if one.weight != matrix.weights.get(one.title):
            yield f"{one.title} weighs {one.weight}"
    if {level.title: level.years for level in ladder.levels if level.years} != matrix.years:
        yield "other years"
