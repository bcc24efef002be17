"""What is withheld from tables, so that no withheld number can be worked out from those that are printed.

Two steps. First whole cells: the small ones, and the fewest others without which nobody can tell how many
people a small one has. Then single figures of the cells that are shown: those from which it could be told how
many people of a withheld cell have a band, nobody included.

Whether a number can be told is found out by an attack: the search for another table that agrees with all that
is printed and differs in that number, a small integer program (HiGHS). Where there is none, the cheapest
further cells or figures are withheld that leave one. A number that follows from totals alone, such as nobody
of a group where nobody at all is ready, cannot be hidden by withholding and is left as it is.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

import highspy
import numpy as np
from numpy.typing import NDArray

FURTHEST = 2
"""By how much another table may differ in a number. Another table that differs little is enough to hide one;
where only tables that differ more would do, a cell too many is withheld."""
GUESSES = 4
"""Attacks in random directions, each of which shows many cells to be safe at once."""
MANY = 40
"""Numbers from which guessing is worth its time."""
_WHOLE = 1e-6
"""How near to a whole number counts as one."""
_SIZE = 0.001
"""What withholding the next larger cell costs more than a smaller one, where a cell costs 1."""


@dataclass(frozen=True)
class Counts:
    """What a cell holds: people, and several partitions of them, each of which has everybody once."""

    people: int
    parts: tuple[tuple[int, ...], ...] = ()
    least: tuple[tuple[int, ...], ...] = ()
    """Of each part, how many readers know of anyway."""
    known_people: int = 0
    """How many people the cell has at the least, as readers know: one for a group that is named."""

    @property
    def numbers(self) -> tuple[int, ...]:
        """People, then the parts in order."""
        return self.people, *(one for part in self.parts for one in part)


@dataclass(frozen=True)
class Figure:
    """What is printed of every cell that is shown, and is withheld together."""

    sums: Sequence[Sequence[int]]
    """Each a number that is printed: the places in `Counts.numbers` that it adds up."""
    cost: float = 1
    """What withholding it in the smallest cell costs."""


PEOPLE = Figure([[0]])


@dataclass(frozen=True)
class Tables:
    """Cells, and which of them add up to another one, or to a total that everybody knows."""

    cells: Sequence[Counts]
    sums: Sequence[tuple[Sequence[int], int | None]]
    """The places of cells, and of the cell that is their sum; None for a known total."""
    hidden: frozenset[int] = frozenset()
    """Cells that are never shown, whatever they hold."""
    open: frozenset[int] = frozenset()
    """Cells that may be worked out: they are withheld where that hides others."""
    figures: Sequence[Figure] = (PEOPLE,)
    """What is printed of a cell, how many people it has first."""
    largest_first: bool = False
    """Whether figures of larger cells are the cheaper ones to withhold."""


Printed = tuple[int, int]
"""A cell, and one of its figures."""
Place = tuple[int, int]
"""A cell, and one of its numbers."""
Row = tuple[dict[int, float], float, float]
"""Columns with what they are multiplied by, and the ends between which their sum lies."""


def withhold_in_order(tables: Tables, small: Iterable[int], first: Iterable[int]) -> frozenset[int]:
    """The cells of one list with a known total to withhold: the small ones, and while the people of any of
    them could be worked out `first` and then the next larger ones."""
    sizes = [cell.people for cell in tables.cells]
    order = [*first, *sorted(range(len(sizes)), key=lambda at: (sizes[at], at))]
    withheld = set(small)
    while withheld and _first_recovered(tables, _whole(tables, withheld), _numbers(tables, withheld)):
        more = next((at for at in order if at not in withheld), None)
        if more is None:
            break
        withheld.add(more)
    return frozenset(withheld)


def withhold_fewest(tables: Tables, small: Iterable[int], fixed: frozenset[int]) -> frozenset[int]:
    """The cells to withhold: the small ones and the fewest others that hide how many people they have; none
    of `fixed` besides those among the small ones. Of cells, the tables hold no more than that."""
    withheld = set(small)
    can = {(at, 0) for at in range(len(tables.cells)) if at not in withheld | tables.hidden | fixed}
    hidden = _hide(tables, _whole(tables, withheld), _numbers(tables, withheld), can)
    return frozenset(at for at, _ in hidden)


def withhold_figures(
    tables: Tables,
    withheld: frozenset[int],
    already: Iterable[Printed],
    fixed: frozenset[int] = frozenset(),
) -> tuple[frozenset[int], frozenset[Printed]]:
    """The figures of shown cells to withhold besides those that are `already`, so that no number of a
    withheld cell can be worked out; none of `fixed` cells. With the cells that are withheld then: more of
    them where it helps not to say that a cell is empty."""
    known = frozenset(already)
    shown = [at for at in range(len(tables.cells)) if at not in withheld | tables.hidden | fixed]
    can = {(at, figure) for at in shown for figure in _separate(tables, at)}
    pending = _numbers(tables, withheld) - _plain(tables, withheld, {at for at, _ in known})
    hidden = _hide(tables, _whole(tables, withheld) | known, pending, can)
    cells = frozenset(at for at, figure in hidden if figure == 0)
    return cells, known | {one for one in hidden if one[0] not in cells}


def _hide(tables: Tables, hidden: set[Printed], pending: set[Place], can: set[Printed]) -> set[Printed]:
    """What is `hidden`, with the cheapest of what `can` be too without which no number of `pending`, and of
    cells that are hidden besides, can be worked out."""
    pending = pending - _guessed(tables, hidden, pending)
    while solved := _first_recovered(tables, hidden, pending):
        pending.discard(solved)
        more = _cure(tables, hidden, can, solved)
        cells = {at for at, figure in more if figure == 0}
        hidden, can = hidden | more | _whole(tables, cells), can - more
        pending |= _numbers(tables, cells)
    return hidden


def _separate(tables: Tables, cell: int) -> Iterable[int]:
    """The figures of a shown cell that can be withheld: not its people, or of an empty one all together."""
    return range(1, len(tables.figures)) if tables.cells[cell].people else (0,)


def _numbers(tables: Tables, cells: Iterable[int]) -> set[Place]:
    numbers = range(len(tables.cells[0].numbers)) if tables.cells else ()
    return {(at, number) for at in cells if at not in tables.open for number in numbers}


def _plain(tables: Tables, withheld: frozenset[int], partly: set[int]) -> set[Place]:
    """The numbers that are 0 as their total is, where that is known or printed."""
    found: set[Place] = set()
    for parts, whole in tables.sums:
        if whole is None or whole not in withheld | partly | tables.hidden:
            sums = map(sum, zip(*(tables.cells[at].numbers for at in parts), strict=True))
            found.update((at, number) for number, total in enumerate(sums) if total == 0 for at in parts)
    return found


def _whole(tables: Tables, cells: Iterable[int]) -> set[Printed]:
    """All figures of cells, and of those that are never shown."""
    return {(at, figure) for at in (*cells, *tables.hidden) for figure in range(len(tables.figures))}


def _first_recovered(tables: Tables, hidden: set[Printed], pending: set[Place]) -> Place | None:
    """A number of `pending` that follows from what is printed; None where there is none. Those that are safe
    are taken out of it."""
    program = _Program(tables, hidden, set())
    while pending:
        place = min(pending)
        found = program.other(place)
        if found is None:
            return place
        pending -= found
    return None


def _guessed(tables: Tables, hidden: set[Printed], pending: set[Place]) -> set[Place]:
    """Some of `pending` that are safe."""
    program, found = _Program(tables, hidden, set()), set[Place]()
    dice = np.random.default_rng(0)
    for _ in range(GUESSES if len(pending) > MANY else 0):
        found |= program.differing(dice.choice([-1.0, 1.0], program.width))
    return found


def _cure(tables: Tables, hidden: set[Printed], can: set[Printed], place: Place) -> set[Printed]:
    """The cheapest figures that hide a number when they are withheld as well; none where nothing can hide it.

    Cells of the same table are tried first: tables touch in their totals alone.
    """
    near = _table_of(tables, place[0])
    for cells in (near, set(range(len(tables.cells)))):
        found = _Program(tables, hidden, {one for one in can if one[0] in cells}).cheapest(place)
        if found or len(near) == len(tables.cells):
            return found
    return set()


def _table_of(tables: Tables, cell: int) -> set[int]:
    """The cells of the tables that a cell stands in, or that it is a total of."""
    found = {cell}
    found.update(at for parts, whole in tables.sums if whole == cell for at in parts)
    while True:
        more = {at for parts, _ in tables.sums if found & set(parts) for at in parts} - found
        if not more:
            return found
        found |= more


class _Program:
    """Other tables that agree with what is printed: the differences from the true one, as whole numbers."""

    def __init__(self, tables: Tables, hidden: set[Printed], more: set[Printed]) -> None:
        """`hidden` figures may differ; one of `more` may where it is withheld too, which costs."""
        self._tables, self._hidden, self._more = tables, hidden, sorted(more)
        self._each = len(tables.cells[0].numbers) if tables.cells else 0
        self._cells = sorted({at for at, _ in hidden | more})
        self._column = {at: n * self._each for n, at in enumerate(self._cells)}
        self.width = len(self._cells) * self._each

    def differing(self, costs: NDArray[np.float64]) -> set[Place]:
        """The numbers that differ in the other table that costs least."""
        found = self._solve(np.concatenate([costs, np.zeros(len(self._more))]))
        return set() if found is None else self._places(found)

    def other(self, place: Place) -> set[Place] | None:
        """The numbers that differ in another table in which this one does; None where there is none."""
        found = self._others(np.zeros(self.width + len(self._more)), place)
        return next(map(self._places, found), None)

    def cheapest(self, place: Place) -> set[Printed]:
        """The cheapest of `more` to withhold so that there is another table in which a number differs."""
        way = -1 if self._tables.largest_first else 1
        people = [way * self._tables.cells[at].people for at, _ in self._more]
        sizes = np.argsort(np.argsort(people, kind="stable"))
        price = np.array([self._tables.figures[figure].cost for _, figure in self._more])
        costs = np.concatenate([np.zeros(self.width), price * (1 + _SIZE * sizes)])
        found = [
            (float(one @ costs), [self._more[at] for at in np.flatnonzero(one[self.width :] > 0.5)])
            for one in self._others(costs, place)
        ]
        return set(min(found)[1]) if found else set()

    def _others(self, costs: NDArray[np.float64], place: Place) -> Iterator[NDArray[np.float64]]:
        """The other table that costs least with a number larger, then that with it smaller."""
        found = (self._solve(costs, place, sign) for sign in (1, -1))
        return (one for one in found if one is not None)

    def _places(self, found: NDArray[np.float64]) -> set[Place]:
        differing = np.flatnonzero(np.abs(found[: self.width]) > 0.5)
        return {(self._cells[at // self._each], at % self._each) for at in differing.tolist()}

    def _solve(
        self, costs: NDArray[np.float64], place: Place | None = None, sign: int = 0
    ) -> NDArray[np.float64] | None:
        lower, upper = self._bounds[0].copy(), self._bounds[1].copy()
        if place is not None:
            at = self._column[place[0]] + place[1]
            lower[at], upper[at] = (1, upper[at]) if sign > 0 else (lower[at], -1)
            if lower[at] > upper[at]:
                return None
        model = self._rows
        model.col_cost_, model.col_lower_, model.col_upper_ = costs, lower, upper
        if not self._more:  # mostly whole numbers come out without asking for them, in less time
            model.integrality_ = []
            found = _solved(model)
            if found is None or np.abs(found - found.round()).max(initial=0.0) < _WHOLE:
                return found
        model.integrality_ = [highspy.HighsVarType.kInteger] * len(costs)
        return _solved(model)

    @cached_property
    def _bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        lower = np.full(self.width + len(self._more), -float(FURTHEST))
        upper = np.full(self.width + len(self._more), float(FURTHEST))
        for at, column in self._column.items():
            cell = self._tables.cells[at]
            least = [one for part in cell.least for one in part] or [0] * (self._each - 1)
            known = [cell.known_people, *least]
            down = [low - one for low, one in zip(known, cell.numbers, strict=True)]
            here = slice(column, column + self._each)
            lower[here] = np.maximum(lower[here], down)
        lower[self.width :], upper[self.width :] = 0, 1
        return lower, upper

    @cached_property
    def _rows(self) -> highspy.HighsLp:
        """The columns and rows of the program; costs and bounds of columns are put in for each question."""
        rows: list[Row] = []
        for column in self._column.values():
            first = column + 1
            for part in self._tables.cells[0].parts:
                rows.append(({column: -1.0, **{first + n: 1.0 for n in range(len(part))}}, 0, 0))
                first += len(part)
        for parts, whole in self._tables.sums:
            for number in range(self._each):
                row = {self._column[at] + number: 1.0 for at in parts if at in self._column}
                if whole is not None and whole in self._column:
                    row[self._column[whole] + number] = -1.0
                if row:
                    rows.append((row, 0, 0))
        return _model([*rows, *self._printed()], self.width + len(self._more))

    def _printed(self) -> Iterable[Row]:
        """Figures that are printed are as they are; one of `more` is unless it is withheld."""
        switches = {one: self.width + n for n, one in enumerate(self._more)}
        for at, column in self._column.items():
            for number, figure in enumerate(self._tables.figures):
                for places in figure.sums if (at, number) not in self._hidden else ():
                    row = {column + place: 1.0 for place in places}
                    empty = not self._tables.cells[at].people
                    switch = switches.get((at, 0 if empty else number))
                    if switch is None:
                        yield row, 0, 0
                    else:
                        yield {**row, switch: -float(FURTHEST)}, -np.inf, 0
                        yield {**row, switch: float(FURTHEST)}, 0, np.inf


def _solved(model: highspy.HighsLp) -> NDArray[np.float64] | None:
    solver = highspy.Highs()  # type: ignore[no-untyped-call]
    solver.setOptionValue("output_flag", False)
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("mip_rel_gap", 0.0)
    solver.passModel(model)
    solver.run()
    if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
        return None
    return np.array(solver.getSolution().col_value)


def _model(rows: Sequence[Row], columns: int) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, len(rows)
    model.row_lower_ = np.array([low for _, low, _ in rows], dtype=np.float64)
    model.row_upper_ = np.array([high for _, _, high in rows], dtype=np.float64)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row) for row, _, _ in rows)])
    model.a_matrix_.index_ = np.array([at for row, _, _ in rows for at in row], dtype=np.int64)
    model.a_matrix_.value_ = np.array([value for row, _, _ in rows for value in row.values()])
    return model
