"""Rows that have the sums or means of other rows, and are no competencies."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from rules.ladders.cells import number_in
from rules.ladders.headings import means, role_of, speaks_of
from rules.ladders.matrix import Matrix

_Numbers = Sequence[Decimal | None]


def sums_up(matrix: Matrix, title: str, texts: Sequence[str], levels: Iterable[str]) -> bool:
    """Whether a row is called a sum or mean, or has those of the rows above, as `Total technical` may."""
    if means("summary", title):
        return True
    asks = role_of(title) == "total"
    written = [number for text in texts if (number := number_in(text)) is not None]
    if asks and not any(one.weight for one in matrix.competencies.values()):
        return False
    if len(written) < len(texts) or not written:
        return False
    named = any(speaks_of(words, title) for words in ("summary", "may_sum_up", "total"))
    above = [_numbers_of(matrix, key, levels) for key in reversed(matrix.competencies)]
    for count, what in _summed(above, written):
        # A total may ask for a mean.
        if count < _FEWEST or (asks and what == "means"):
            continue
        if named:
            return True
        if len(written) > 1 and _is_no_accident(what, written):
            _say_that_it_may_sum_up(matrix, title, f"{what} of the {count} rows above it")
            return False
    return False


def take_out_areas(matrix: Matrix) -> None:
    """Rows with the sums or means of those right below them are areas, where all rows are in some and it is
    no accident; another row of that kind is a competency, and that is told."""
    keys = list(matrix.competencies)
    rows = [_numbers_of(matrix, key, matrix.levels) for key in keys]
    areas = _areas_in(rows)
    if _are_certain(areas, [matrix.competencies[keys[area.head]].title for area in areas]):
        _take_out(matrix, areas, keys)
        return
    for place, key in enumerate(keys):
        if area := next((one for one in _areas_from(rows, place) if one.is_no_accident), None):
            said = f"{area.what} of the {area.count} rows below it"
            _say_that_it_may_sum_up(matrix, matrix.competencies[key].title, said)


def _take_out(matrix: Matrix, areas: Sequence["_Area"], keys: Sequence[str]) -> None:
    heads = [matrix.competencies.pop(keys[area.head]) for area in areas]
    matrix.written = {at: one for at, one in matrix.written.items() if at[1] in matrix.competencies}
    matrix.prose = {at: one for at, one in matrix.prose.items() if at[1] in matrix.competencies}
    for area, head in zip(areas, heads, strict=True):
        for key in area.below(keys) if not speaks_of("may_sum_up", head.title) else ():
            one = matrix.competencies[key]
            matrix.competencies[key] = replace(one, category=one.category or head.title)
    shown = ", ".join(f"“{one.title}” ({one.cell})" for one in heads)
    what = " or ".join(dict.fromkeys(area.what for area in areas if area.is_no_accident))
    weights = "; weights of areas are in no rule" if any(one.weight for one in heads) else ""
    matrix.notes.append(f"Read as areas, with the {what} of the rows below each: {shown}{weights}.")


@dataclass(frozen=True)
class _Area:
    """A row with the sums or means of the rows right below it."""

    head: int
    numbers: Sequence[Decimal]
    count: int
    """Of how many rows below."""
    what: str
    """`sums` or `means`."""

    @property
    def is_no_accident(self) -> bool:
        """Whether several rows have one of two levels or more."""
        several = self.count >= _FEWEST and len(self.numbers) > 1
        return several and _is_no_accident(self.what, self.numbers)

    def below(self, keys: Sequence[str]) -> Sequence[str]:
        """Of the keys of all rows those of the rows below."""
        return keys[self.head + 1 : self.head + 1 + self.count]

    @property
    def has_odd_decimals(self) -> bool:
        """Whether its numbers are finer than halves, as ratings are not."""
        return any(2 * one % 1 for one in self.numbers)


def _are_certain(areas: Sequence[_Area], titles: Sequence[str]) -> bool:
    """Whether several rows, or one by its name or its decimals, can be nothing but areas."""
    told = [(area, title) for area, title in zip(areas, titles, strict=True) if area.is_no_accident]
    several = sum(area.count >= _FEWEST for area in areas) >= _FEWEST
    return any(several or area.has_odd_decimals or speaks_of("may_sum_up", title) for area, title in told)


def _areas_in(rows: Sequence[_Numbers]) -> list[_Area]:
    """The areas that all rows are in; none where some row is in none."""
    found: dict[int, list[_Area]] = {len(rows): []}
    for head in reversed(range(len(rows))):
        for area in _areas_from(rows, head):
            rest = found.get(head + 1 + area.count)
            if rest is not None:
                found[head] = [area, *rest]
                break
    return found.get(0, [])


def _areas_from(rows: Sequence[_Numbers], head: int) -> Iterator[_Area]:
    numbers = [one for one in rows[head] if one is not None]
    if len(numbers) == len(rows[head]):
        for count, what in _summed(rows[head + 1 :], numbers):
            yield _Area(head, numbers, count, what)


def _is_no_accident(what: str, written: Sequence[Decimal]) -> bool:
    return any(written) if what == "sums" else any(one % 1 for one in written)


_FEWEST = 2


def _summed(rows: Sequence[_Numbers], written: Sequence[Decimal]) -> Iterator[tuple[int, str]]:
    """How many of the first rows have sums or means like the numbers written: each such count, and which."""
    sums, counts = [Decimal(0)] * len(written), [0] * len(written)
    for count, row in enumerate(rows, start=1):
        for place, one in enumerate(row):
            sums[place] += one or 0
            counts[place] += one is not None
        middles = [total / max(number, 1) for total, number in zip(sums, counts, strict=True)]
        if written == sums:
            yield count, "sums"
        elif all(map(_is_about, middles, written)):
            yield count, "means"


def _is_about(number: Decimal, written: Decimal) -> bool:
    """Whether a number may be written so with fewer decimals."""
    return 2 * abs(number - written) <= Decimal(1).scaleb(int(written.as_tuple().exponent))


def _numbers_of(matrix: Matrix, key: str, levels: Iterable[str]) -> list[Decimal | None]:
    """What levels require of a competency; None for anything but a number."""
    cells = (matrix.written.get((level, key)) for level in levels)
    return [number_in(one.text) if one else None for one in cells]


def _say_that_it_may_sum_up(matrix: Matrix, title: str, what: str) -> None:
    matrix.notes.append(
        f"“{title}” has the {what} and is read as a competency; if it is no more than that, take it out."
    )
