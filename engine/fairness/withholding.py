"""Which cells of tables are withheld, so that no withheld number can be worked out from those that are shown.

Small cells are withheld first. What they hold could still follow from totals, so an attack looks for another
table that agrees with everything that is shown and differs in the cell: a small integer program (HiGHS).
Where there is none, the fewest further cells are withheld that leave one. Numbers that follow from totals
alone, such as nobody of a group where nobody at all is ready, cannot be hidden by withholding cells and are
left as they are.
"""

from collections.abc import Iterable, Sequence
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
_SIZE = 0.001
"""What withholding the next larger cell costs more than a smaller one, where a cell costs 1."""


@dataclass(frozen=True)
class Counts:
    """What a cell holds: people, in several partitions, each of which has everybody once."""

    parts: tuple[tuple[int, ...], ...]
    least: tuple[tuple[int, ...], ...] = ()
    """Of each part, how many readers know of anyway."""
    known_people: int = 0
    """How many people the cell has at the least, as readers know: one for a group that is named."""

    @property
    def people(self) -> int:
        """Everybody in the cell."""
        return sum(self.parts[0])


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


def withhold_in_order(tables: Tables, small: Iterable[int], first: Iterable[int] = ()) -> frozenset[int]:
    """The cells of one list with a known total to withhold: the small ones, and while any of them could be
    worked out `first` and then the next larger ones.

    Which is next depends on the numbers of people alone, so that two reports about the same people withhold
    the same cells, or one of them some more.
    """
    sizes = [cell.people for cell in tables.cells]
    order = [*first, *sorted(range(len(sizes)), key=lambda at: (sizes[at], at))]
    withheld = set(small)
    while withheld and _first_recovered(tables, withheld) is not None:
        more = next((at for at in order if at not in withheld), None)
        if more is None:
            break
        withheld.add(more)
    return frozenset(withheld)


def withhold_fewest(tables: Tables, small: Iterable[int], fixed: frozenset[int]) -> frozenset[int]:
    """The cells to withhold: the small ones and the fewest others that hide them; none of `fixed` besides
    those among the small ones."""
    withheld = set(small)
    pending = _to_hide(tables, withheld)
    while True:
        solved = _first_recovered(tables, withheld, pending)
        if solved is None:
            return frozenset(withheld)
        pending.discard(solved)
        more = _cure(tables, withheld, fixed, solved)
        withheld |= more
        pending |= _to_hide(tables, more)


def _numbers(tables: Tables) -> int:
    """How many numbers a cell has: people, then each part."""
    return 1 + sum(len(parts) for parts in tables.cells[0].parts) if tables.cells else 0


Place = tuple[int, int]
"""A cell, and which of its numbers: 0 for people, then the parts in order."""


def _to_hide(tables: Tables, withheld: Iterable[int]) -> set[Place]:
    """How many people withheld cells have, and how many of them are in each part that is not empty."""
    return {
        (at, number)
        for at in withheld
        if at not in tables.open
        for number, people in enumerate([1, *(one for part in tables.cells[at].parts for one in part)])
        if people
    }


def _first_recovered(tables: Tables, withheld: set[int], pending: set[Place] | None = None) -> Place | None:
    """A withheld number that follows from what is shown; None where there is none. Those of `pending` that
    are safe are taken out of it."""
    if pending is None:
        pending = _to_hide(tables, withheld)
    program = _Program(tables, sorted(withheld | tables.hidden), [])
    dice = np.random.default_rng(0)
    for _ in range(GUESSES if len(pending) > MANY else 0):
        pending -= program.differing(dice.choice([-1.0, 1.0], program.width))
    while pending:
        place = min(pending)
        found = program.other(place)
        if found is None:
            return place
        pending -= found
    return None


def _cure(tables: Tables, withheld: set[int], fixed: frozenset[int], place: Place) -> set[int]:
    """The fewest cells that hide a number when they are withheld as well; none where nothing can hide it.

    Cells of the same table are tried first: tables touch in their totals alone.
    """
    free = withheld | tables.hidden
    near = _table_of(tables, place[0])
    for cells in (near, set(range(len(tables.cells)))):
        more = [at for at in sorted(cells) if at not in free and at not in fixed]
        found = _Program(tables, sorted(free), more).cheapest(place)
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
    """Other tables that agree with what is shown: the differences from the true one, as whole numbers."""

    def __init__(self, tables: Tables, free: Sequence[int], more: Sequence[int]) -> None:
        """`free` cells may differ; one of `more` may where it is withheld too, which costs."""
        self._tables, self._free, self._more = tables, free, more
        self._each = _numbers(tables)
        self._cells = [*free, *more]
        self._column = {at: n * self._each for n, at in enumerate(self._cells)}
        self.width = len(self._cells) * self._each

    def differing(self, costs: NDArray[np.float64]) -> set[Place]:
        """The numbers that differ in the other table that costs least."""
        found = self._solve(np.concatenate([costs, np.zeros(len(self._more))]))
        return set() if found is None else self._places(found)

    def other(self, place: Place) -> set[Place] | None:
        """The numbers that differ in another table in which this one does; None where there is none."""
        for sign in (1, -1):
            found = self._solve(np.zeros(self.width + len(self._more)), place, sign)
            if found is not None:
                return self._places(found)
        return None

    def cheapest(self, place: Place) -> set[int]:
        """The fewest of `more` to withhold so that there is another table in which a number differs."""
        sizes = np.argsort(np.argsort([self._tables.cells[at].people for at in self._more], kind="stable"))
        costs = np.concatenate([np.zeros(self.width), 1 + _SIZE * sizes])
        chosen = []
        for sign in (1, -1):
            found = self._solve(costs, place, sign)
            if found is not None:
                taken = {at for at, given in zip(self._more, found[self.width :], strict=True) if given > 0.5}
                chosen.append((float(found @ costs), sorted(taken)))
        return set(min(chosen)[1]) if chosen else set()

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
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        solver.setOptionValue("output_flag", False)
        solver.setOptionValue("threads", 1)
        solver.setOptionValue("mip_rel_gap", 0.0)
        solver.passModel(model)
        solver.run()
        if solver.getModelStatus() != highspy.HighsModelStatus.kOptimal:
            return None
        return np.array(solver.getSolution().col_value)

    @cached_property
    def _bounds(self) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        lower = np.full(self.width + len(self._more), -float(FURTHEST))
        upper = np.full(self.width + len(self._more), float(FURTHEST))
        for at, column in self._column.items():
            cell = self._tables.cells[at]
            parts = [one for part in cell.parts for one in part]
            least = [one for part in cell.least for one in part] or [0] * len(parts)
            down = [cell.known_people - cell.people]
            down += [low - one for low, one in zip(least, parts, strict=True)]
            here = slice(column, column + self._each)
            lower[here] = np.maximum(lower[here], down)
        lower[self.width :], upper[self.width :] = 0, 1
        return lower, upper

    @cached_property
    def _rows(self) -> highspy.HighsLp:
        """The columns and rows of the program; costs and bounds of columns are put in for each question."""
        rows: list[tuple[dict[int, float], float, float]] = []
        for column in self._column.values():
            first = column + 1
            for part in self._tables.cells[0].parts:
                row = {column: -1.0, **{first + n: 1.0 for n in range(len(part))}}
                rows.append((row, 0, 0))
                first += len(part)
        for parts, whole in self._tables.sums:
            for number in range(self._each):
                row = {self._column[at] + number: 1.0 for at in parts if at in self._column}
                if whole is not None and whole in self._column:
                    row[self._column[whole] + number] = -1.0
                if row:
                    rows.append((row, 0, 0))
        for n, at in enumerate(self._more):
            switch = self.width + n
            for column in range(self._column[at], self._column[at] + self._each):
                rows.append(({column: 1.0, switch: -float(FURTHEST)}, -np.inf, 0))
                rows.append(({column: 1.0, switch: float(FURTHEST)}, 0, np.inf))
        return _model(rows, self.width + len(self._more))


def _model(rows: Sequence[tuple[dict[int, float], float, float]], columns: int) -> highspy.HighsLp:
    model = highspy.HighsLp()
    model.num_col_, model.num_row_ = columns, len(rows)
    model.row_lower_ = np.array([low for _, low, _ in rows], dtype=np.float64)
    model.row_upper_ = np.array([high for _, _, high in rows], dtype=np.float64)
    model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
    model.a_matrix_.start_ = np.cumsum([0, *(len(row) for row, _, _ in rows)])
    model.a_matrix_.index_ = np.array([at for row, _, _ in rows for at in row], dtype=np.int64)
    model.a_matrix_.value_ = np.array([value for row, _, _ in rows for value in row.values()])
    model.integrality_ = [highspy.HighsVarType.kInteger] * columns
    return model
