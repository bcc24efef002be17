"""A reader who wants to know what is withheld: everything that is published, put to a solver (z3).

It knows the table of groups as it is printed, how many people there are on each level and in all, and how
many of them have which band; it does not know how the program chooses what to withhold.
"""

from collections import Counter
from collections.abc import Mapping
from itertools import combinations
from typing import Any

import polars as pl
import z3

CATEGORIES = ("ready_now", "ready_soon", "insufficient_evidence", "other")
OF_BAND = {"developing": "other"}
NO_VALUE = "No value given"
Cell = tuple[str, str | None, str]
"""Attribute, level and group as printed."""


class Attack:
    """What can be worked out from a printed table; `hide` takes further rows away."""

    def __init__(
        self,
        shown: pl.DataFrame,
        groups: pl.DataFrame,
        bands: Mapping[str, Mapping[tuple[str, str], str]],
        levels: Mapping[str, str],
        hide: set[Cell] = frozenset(),  # type: ignore[assignment]
    ) -> None:
        self.solver, self.numbers = z3.Solver(), {}
        self.times, self.levels = tuple(bands), levels
        self.truth = _truth(groups, bands, levels)
        self.printed = [row for row in shown.iter_rows(named=True) if _cell(row) not in hide]
        listed = {_cell(row) for row in self.printed} | hide
        open_ = {_cell(row) for row in self.printed if row["people"] is not None}
        self.withheld = sorted(listed - open_, key=str)
        attributes = {
            name: sorted({group for of, level, group in listed if of == name and level is None})
            for name in groups.columns[1:]
        }
        self._totals(bands, attributes, listed)
        for row in self.printed:
            if row["people"] is not None:
                self._read(row)

    def recovered(self) -> set[tuple[Cell, str, str]]:
        """Withheld cells with the time and the band for which the number of people is certain, nobody
        included."""
        assert self.solver.check() == z3.sat
        pending = {
            (cell, time, category): self.truth.get(cell, {}).get((time, category), 0)
            for cell in self.withheld
            if cell[2] != NO_VALUE
            for time, category in [
                (self.times[0], "people"),
                *((time, category) for time in self.times for category in CATEGORIES),
            ]
        }
        found = set()
        while pending:
            place = next(iter(pending))
            if self.solver.check(self._number(*place) != pending[place]) == z3.unsat:
                found.add(place)
                del pending[place]
                continue
            model = self.solver.model()
            pending = {
                one: number
                for one, number in pending.items()
                if model.eval(self._number(*one), model_completion=True).as_long() == number
            }
        return found

    def _number(self, cell: Cell, time: str, category: str) -> Any:
        if category == "people":
            return z3.Sum([self._number(cell, time, one) for one in CATEGORIES])
        key = (cell, time, category)
        if key not in self.numbers:
            self.numbers[key] = z3.Int(f"n{len(self.numbers)}")
            self.solver.add(self.numbers[key] >= 0)
        return self.numbers[key]

    def _totals(self, bands: Any, attributes: dict[str, list[str]], listed: set[Cell]) -> None:
        """What adds up to what; groups that are not in a table have nobody there."""
        levels = sorted(set(self.levels.values()))
        for name, groups in attributes.items():
            for group in groups:
                self.solver.add(self._number((name, None, group), self.times[0], "people") >= 1)
                self._table([(name, level, group) for level in levels], (name, None, group), listed)
            for level in [None, *levels]:
                known = _counts(bands, [one for one in self.levels if level in (None, self.levels[one])])
                for key, number in known.items():
                    whole = z3.Sum([self._number((name, level, group), *key) for group in groups])
                    self.solver.add(whole == number)
        for (one, rows), (two, columns) in combinations(attributes.items(), 2):
            cells = {(a, b): (f"{one} × {two}", None, f"{a} × {b}") for a in rows for b in columns}
            nameless = {cell for pair, cell in cells.items() if NO_VALUE in pair}
            for row in rows:
                self._table([cells[row, column] for column in columns], (one, None, row), listed | nameless)
            for column in columns:
                self._table([cells[row, column] for row in rows], (two, None, column), listed | nameless)

    def _table(self, parts: list[Cell], whole: Cell, listed: set[Cell]) -> None:
        for cell in (*parts, whole):
            self._same_people(cell)
            if cell not in listed:
                self.solver.add(self._number(cell, self.times[0], "people") == 0)
        self._sum(parts, whole)

    def _same_people(self, cell: Cell) -> None:
        people = [self._number(cell, time, "people") for time in self.times]
        self.solver.add(*(one == people[0] for one in people[1:]))

    def _sum(self, parts: list[Cell], whole: Cell) -> None:
        for time in self.times:
            for category in CATEGORIES:
                added = z3.Sum([self._number(part, time, category) for part in parts])
                self.solver.add(added == self._number(whole, time, category))

    def _read(self, row: dict[str, Any]) -> None:
        cell, time = _cell(row), row["time"]
        self.solver.add(self._number(cell, time, "people") == row["people"])
        if row["insufficient_evidence"] is not None:
            self.solver.add(self._number(cell, time, "insufficient_evidence") == row["insufficient_evidence"])
        if row["counted"] is None:
            return
        places = [cell]
        if row["counted"] > row["people"]:  # together with all that is withheld of the attribute
            places += [one for one in self.withheld if one[:2] == cell[:2]]
            places += self._pooled(row)
            counted = z3.Sum([self._number(one, time, "people") for one in places])
            self.solver.add(counted == row["counted"])
        measured = CATEGORIES[:1] if row["measure"] == "ready_now" else CATEGORIES[:2]
        ready = [self._number(one, time, category) for one in places for category in measured]
        self.solver.add(z3.Sum(ready) == row["ready"])

    def _pooled(self, row: dict[str, Any]) -> list[Cell]:
        """Other groups that are shown and counted together with those that are not."""
        same = ("attribute", "level", "time", "measure")
        return [
            _cell(one)
            for one in self.printed
            if _cell(one) != _cell(row)
            and all(one[key] == row[key] for key in same)
            and one["counted"] is not None
            and one["counted"] > one["people"]
        ]


def _cell(row: dict[str, Any]) -> Cell:
    return row["attribute"], row["level"], row["group"]


def _truth(groups: pl.DataFrame, bands: Any, levels: Mapping[str, str]) -> dict[Cell, dict[Any, int]]:
    """What every cell holds, in plain Python."""
    members: dict[Cell, list[str]] = {}
    names = groups.columns[1:]
    for row in groups.iter_rows(named=True):
        values = {name: row[name] or NO_VALUE for name in names}
        cells = [
            (name, level, values[name]) for name in names for level in (None, levels[row["employee_id"]])
        ]
        cells += [(f"{a} × {b}", None, f"{values[a]} × {values[b]}") for a, b in combinations(names, 2)]
        for cell in cells:
            members.setdefault(cell, []).append(row["employee_id"])
    found = {cell: _counts(bands, ids) for cell, ids in members.items()}
    time = next(iter(bands))
    for cell, ids in members.items():
        found[cell][time, "people"] = len(ids)
    return found


def _counts(bands: Any, ids: list[str]) -> dict[tuple[str, str], int]:
    return {
        (time, category): count
        for time, given in bands.items()
        for counts in [Counter(OF_BAND.get(given[one, "up"], given[one, "up"]) for one in ids)]
        for category in CATEGORIES
        for count in [counts[category]]
    }


def changes_recovered(
    shown: Mapping[str | None, tuple[bool, Counter[str]]], truth: Mapping[str | None, Counter[str]]
) -> set[tuple[str, str]]:
    """Groups that are not shown with what decisions did to a number of their people that is certain, beyond
    what nobody's decision did. `shown` rows say whether the people of groups not shown are counted too."""
    solver = z3.Solver()
    kinds = sorted({kind for one in truth.values() for kind in one})
    numbers = {(group, kind): z3.Int(f"{group}.{kind}") for group in truth for kind in kinds}
    hidden = [group for group in truth if group not in shown]
    pools = [group for group, (pooled, _) in shown.items() if pooled]
    for group in hidden:
        solver.add(z3.Sum([numbers[group, kind] for kind in kinds]) >= 1)
    for kind in kinds:
        solver.add(*(numbers[group, kind] >= 0 for group in truth))
        total = sum(one[kind] for one in truth.values())
        solver.add(z3.Sum([numbers[group, kind] for group in truth]) == total)
        for group, (pooled, counts) in shown.items():
            counted = [*hidden, *pools] if pooled else [group]
            solver.add(z3.Sum([numbers[one, kind] for one in counted]) == counts[kind])
    for group in pools:  # how many people a group that is shown has stands in the other tables
        solver.add(z3.Sum([numbers[group, kind] for kind in kinds]) == sum(truth[group].values()))
    assert solver.check() == z3.sat
    return {
        (group, kind)
        for group in hidden
        if group is not None
        for kind in kinds
        if solver.check(numbers[group, kind] != truth[group][kind]) == z3.unsat
    }
