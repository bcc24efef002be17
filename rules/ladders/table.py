"""The table of a matrix: where it lies in a sheet, and what its columns are.

Wide: competencies down, levels across. Long: a row for each level and competency.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from rules.ladders.cells import number_in
from rules.ladders.grid import Grid, Text
from rules.ladders.headings import keys, speaks_of
from rules.ladders.legends import is_of_legend, span_in, words_of_line
from rules.spelling import name_key


@dataclass(frozen=True)
class Table:
    """Where the table lies in a sheet, and what its columns are."""

    grid: Grid
    head: int
    """The row of the headings."""
    roles: Mapping[int, str]
    """By column its role; those without one are levels, in a wide table."""
    parts: Mapping[int, tuple[str, str]]
    """Where each level has several columns: by column the level's title, and `required`, `text` or
    `unread`."""

    def columns(self, role: str) -> list[int]:
        """The columns with this role."""
        return [column for column, one in self.roles.items() if one == role]

    def text(self, row: int, role: str) -> str:
        """The first text of a row in a column of this role."""
        texts = (self.grid.rows[row][column] for column in self.columns(role))
        return next((text for text in texts if text), "")

    def said(self, column: int) -> list[str]:
        """The texts of a column, without empty ones."""
        return [text for row in self.below if (text := self.grid.rows[row][column])]

    def heading(self, column: int) -> Text:
        """What a column is called."""
        return self.grid.at(self.head, column)

    def name(self, row: int) -> Text:
        """The cell of a row that names the competency."""
        return self.grid.at(row, self.columns("competency")[0])

    def of_levels(self, row: int) -> list[Text]:
        """What a row has in columns without a role, which are those of the levels in a wide table."""
        return [one for one in self.grid.texts_in(row) if one.column not in self.roles]

    def cell(self, row: int, role: str) -> Text | None:
        """The same at the first such column; None where there is no text."""
        text = self.text(row, role)
        return replace(self.grid.at(row, self.columns(role)[0]), text=text) if text else None

    def is_of_legend(self, row: int) -> bool:
        """Whether a row below the headings is one of a legend: a number, or a word of the cells, and what it
        means; beside a column of numbers a competency of one level looks alike."""
        texts, title = self.grid.said_in(row), self.text(row, "competency")
        levels = [column for column in range(len(self.grid.rows[row])) if column not in self.roles]
        if is_of_legend(texts):
            return number_in(title) is not None or not any(self.grid.rows[row][column] for column in levels)
        others = (self.grid.rows[other][column] for other in self.below for column in levels if other != row)
        return len(texts) == 2 and texts[0] == title and name_key(title) in set(map(name_key, others))

    @property
    def corner(self) -> str:
        """What the column of the competencies is called."""
        return next((self.heading(column).text for column in self.columns("competency")), "")

    @property
    def is_bilingual(self) -> bool:
        """Whether the corner has two words for a competency, as in `Competency / Kompetenz`."""
        words = re.split(r"[/\n]", self.corner)
        return len(words) > 1 and all(name_key(one) in keys("names_of_names") for one in words)

    @property
    def below(self) -> list[int]:
        """The rows of the table."""
        return [*range(self.head + 1 + bool(self.parts), len(self.grid.rows))]

    @property
    def lines_around(self) -> Iterator[list[str]]:
        """What stands in rows above the table, and in rows below it that have one cell."""
        for row in range(len(self.grid.rows)):
            texts = self.grid.said_in(row)
            if row < self.head or (row > self.head and (len(texts) == 1 or self.is_of_legend(row))):
                yield texts
        yield self.grid.said_in(self.head)
        yield from ([text for text in row if text] for row in self.grid.beside)
        yield from ([f"scale out of {text}"] for text in self.scales)

    @property
    def scales(self) -> list[str]:
        """The scales that a column gives the competencies, and that of the corner, as in `Skill (0-4)`."""
        column = [self.text(row, "scale") for row in self.below]
        return [*dict.fromkeys([*_SPAN_OF_CORNER.findall(self.corner), *filter(None, column)])]


_SPAN_OF_CORNER = re.compile(r"\((\d+\s*(?:-|–|to)\s*\d+)\)")


def is_long(roles: Mapping[int, str]) -> bool:
    """Whether columns with these roles have a row for each level and competency."""
    return {"level", "competency"} <= set(roles.values())


def heading_above(table: Table) -> str | None:
    """The area that stands above the headings: where other headings stand between the rows, and where it is
    no title of the sheet."""
    grid = table.grid
    lines = [grid.said_in(row) for row in range(table.head)]
    named = [texts for texts in lines if texts and not words_of_line(texts) and span_in([texts]) is None]
    head = sorted(grid.rows[table.head])
    again = [row for row in table.below if sorted(grid.rows[row]) == head]
    between = [row for row in table.below[:-1] if len(grid.texts_in(row)) == 1 and grid.texts_in(row + 1)]
    if not between or not named or len(named[-1]) > 1 or (len(named) == 1 and not again):
        return None
    text = named[-1][0]
    is_title = speaks_of("titles_of_ladders", text) or len(text.split()) > _MOST_WORDS or ":" in text
    return None if is_title else text


_MOST_WORDS = 6
