"""What a matrix says and no rule holds, or not as it may be meant: sentences to see again."""

import re
from collections.abc import Callable, Iterator
from decimal import Decimal

from rules.ladders.cells import is_sentence, two_words
from rules.ladders.headings import means, role_of, speaks_of
from rules.ladders.ladder import Ladder
from rules.ladders.legends import explains_a_sign
from rules.ladders.level_names import series_of
from rules.ladders.matrix import Matrix
from rules.ladders.scale import FoundScale
from rules.ladders.times import speaks_of_time
from rules.spelling import name_key

_ABOUT_ALL = 30
"""Weights that miss 100 by no more are meant as percentages."""
_LISTED = 12
"""So many notes of one kind are listed, and the others counted."""
_RANGE = re.compile(r"\d+(?:[.,]\d+)?\s*%?\s*(?:[-–—→]|->|to|bis|à|au?|tot|t/m|hasta)\s*\d+(?:[.,]\d+)?\s*%?")
_COUNT = re.compile(r"\d\s*(?:of|out of|/|von|sur|de|van|su|di|av|z)\s*\d", re.IGNORECASE)
"""`3 of 5` competencies."""
_MORE = re.compile(r"\d+(?:[.,]\d+)?\s*[(:].*\d.*", re.DOTALL)


def unread(matrix: Matrix, found: FoundScale) -> Iterator[str]:
    """What is undecided of a matrix beside its scale."""
    yield from _in_part(matrix, found)
    yield from _short_in_prose(matrix, found)
    yield from matrix.undecided
    yield from _groups(matrix)
    yield from _lines(matrix)
    yield from () if matrix.has_times_beside else _levels_elsewhere(matrix)
    yield from _competencies_elsewhere(matrix)


def notes_of(ladder: Ladder) -> Iterator[str]:
    """Weights that do not add up to 100, and requirements that fall from one level to the next."""
    weights = sum((one.weight or Decimal(0) for one in ladder.competencies), Decimal(0))
    if 1 <= abs(weights - 100) <= _ABOUT_ALL:
        yield f"The weights add up to {weights}, not 100; they count in proportion."
    falls = [*_falls(ladder)]
    yield from falls[:_LISTED]
    if len(falls) > _LISTED:
        more = f"In {len(falls) - _LISTED} more places a level requires less than the one below"
        yield f"{more}, or nothing."


def _falls(ladder: Ladder) -> Iterator[str]:
    """That a level requires less of a competency than the one below it, or nothing."""
    for place, one in enumerate(ladder.competencies):
        for lower, higher in ladder.promotions:
            here, above = (ladder.required.get((level, place)) for level in (lower, higher))
            falls = here and above and (above.rating or 0) < (here.rating or 0)
            if here and (falls or not above):
                what = "less" if above else "nothing"
                more = "more" if above or here.rating else "something"
                wanted = f"{ladder.levels[higher].title} requires {what}, where {ladder.levels[lower].title}"
                yield f"{one.title}: {wanted} requires {more} ({here.cell})."


def _in_part(matrix: Matrix, found: FoundScale) -> Iterator[str]:
    """That of a cell with two ratings, such as `2-3`, one is required."""
    words = found.scale.words
    kinds: tuple[tuple[str, Callable[[str], object], str], ...] = (
        ("numbers", _RANGE.fullmatch, "Where a cell gives a range, such as {}, its lower end is required."),
        (
            "words",
            lambda text: two_words(text, words),
            "Where a cell gives two words, such as {}, the lower is required.",
        ),
        ("numbers", _MORE.fullmatch, "Where a cell has a second number, such as {}, the first is required."),
    )
    for kind, has_two, said in kinds:
        cells = (one for one in matrix.written.values() if kind == found.kind and has_two(one.text.strip()))
        if first := next(cells, None):
            yield said.format(f"{' '.join(first.text.split())} ({first.cell})")


def _short_in_prose(matrix: Matrix, found: FoundScale) -> Iterator[str]:
    """That a word or two among sentences is read as a requirement: it may say that there is none."""
    cells = [one for one in matrix.written.values() if found.kind == "prose" and not means("mark", one.text)]
    short = [one for one in cells if len(one.text.split()) < 3]
    if short and 3 * len(short) < len(cells):
        shown = ", ".join(f"“{one.text}” ({one.cell})" for one in short[:3])
        yield f"Read as requirements among sentences: {shown}. Empty cells say that nothing is expected."


def _groups(matrix: Matrix) -> Iterator[str]:
    """That groups above the levels, such as tracks, were read as one way up."""
    table = matrix.table
    above = table.grid.texts_in(table.head - 1) if table.head else []
    groups = list(dict.fromkeys(one.text for one in above if one.column not in table.roles))
    families = {text for column in table.columns("family") for text in table.said(column)}
    for others in (matrix.groups, sorted(families)):
        if len(others) > 1:
            groups, above = others, [*above, *table.grid.texts_in(table.head)]
    if len(groups) < 2 and (series := series_of(matrix.titles)):
        groups, above = series, table.grid.texts_in(table.head)
    if len(above) > len(groups) > 1 and not matrix.answers.levels:
        yield (
            f"The levels stand in groups ({', '.join(groups)}) and are read as one way up. "
            "If there are several, say so with --levels."
        )


def _lines(matrix: Matrix) -> Iterator[str]:
    """That a line above or below the table speaks of a time or a limit: it may be a rule."""
    table = matrix.table
    for row in range(len(table.grid.rows)):
        texts = table.grid.texts_in(row)
        for one in texts if row <= table.head or len(texts) == 1 else ():
            counts = speaks_of("counts", one.text) or _COUNT.search(one.text) is not None
            limit = speaks_of("rule_words", one.text) or "%" in one.text
            limit = limit or (counts and speaks_of("counted", one.text))
            says_how_much = is_sentence(one.text) or any(map(str.isdigit, one.text)) or "=" in one.text
            is_level = row == table.head and one.column not in table.roles
            if is_level or explains_a_sign(one.text):
                continue
            if speaks_of_time(one.text) or (limit and says_how_much and row != table.head):
                yield f"A line was not read and may be a rule ({one.cell}): {one.text}"


def _levels_elsewhere(matrix: Matrix) -> Iterator[str]:
    """That the levels stand on another sheet too, which is not read: it may ask for years or totals."""
    titles = {name_key(level.title) for level in matrix.levels.values()}
    rows = [[text for text in row if text] for row in matrix.table.grid.beside]
    named = {n: titles & {*map(name_key, row)} for n, row in enumerate(rows)}
    places = [n for n, keys in named.items() if keys]
    if len(set().union(*named.values())) < 2:
        return
    above = rows[places[0] - 1] if places[0] else []
    said = f" ({', '.join(above)})" if above else ""
    yield (
        f"Another sheet names these levels too{said}. It was not read: what it asks for is in no rule. "
        "Minimum years and totals are read from the sheet of the matrix, as rows or columns."
    )


def _competencies_elsewhere(matrix: Matrix) -> Iterator[str]:
    """That another sheet says more of the competencies than what they mean, such as their weights."""
    titles = {name_key(one.title) for one in matrix.competencies.values()}
    for other in matrix.table.grid.others:
        named = [row for row, texts in enumerate(other.rows) if titles & {*map(name_key, texts)}]
        headings = other.said_in(named[0] - 1) if len(named) > 1 and named[0] else []
        said = [text for text in headings if role_of(text) in ("weight", "importance", "required", "total")]
        if said:
            yield (
                f"The sheet {other.name} names the competencies too ({', '.join(headings)}). "
                f"It was not read: {', '.join(said)} is in no rule."
            )
