"""Integer programs: variables, sums of them that have to be large enough, and what all of it costs. HiGHS
solves them up to a tolerance."""

from collections.abc import Mapping
from math import gcd

import highspy
import numpy as np

from engine.decide.supposed import Ints
from engine.outlook.linear import Sum


class IntegerProgram:
    """Variables, none of which is below 0, and rows: sums of them that have to be large enough."""

    # It holds no sums, which hold it: nobody looks for such circles in a program that writes a run.
    def __init__(self) -> None:
        self._costs: list[float] = []
        self._most: list[float] = []
        self._whole: list[bool] = []
        self._rows: list[tuple[Mapping[int, int], int]] = []

    def __len__(self) -> int:
        """How many variables there are."""
        return len(self._costs)

    def variable(self, most: float, cost: float = 0, *, whole: bool = True) -> int:
        """A new variable, from 0 to `most`, and what each 1 of it costs."""
        self._costs.append(cost)
        self._most.append(most)
        self._whole.append(whole)
        return len(self) - 1

    def row(self, total: Sum, amount: int) -> None:
        """The sum has to be so large."""
        if amount > total.constant or any(weight < 0 for weight in total.weights.values()):
            self._rows.append((total.weights, amount - total.constant))

    def solved(self, most_branches: int | None = None) -> Ints | None:
        """The values of all variables at the least cost; None where the rows cannot be met.

        With `most_branches` the best values that so many of them lead to, or None.
        """
        solver = highspy.Highs()  # type: ignore[no-untyped-call]
        for option, value in _OPTIONS.items():
            solver.setOptionValue(option, value)
        if most_branches is not None:
            solver.setOptionValue("mip_max_nodes", most_branches)
        solver.passModel(self._model())
        solver.run()
        if solver.getModelStatus() == highspy.HighsModelStatus.kOptimal or most_branches is not None:
            found = solver.getSolution()
            return np.rint(found.col_value).astype(np.int64) if found.value_valid else None
        return None

    def _model(self) -> highspy.HighsLp:
        """The costs and all rows."""
        model, count = highspy.HighsLp(), len(self._most)
        model.num_col_, model.num_row_ = count, len(self._rows)
        model.col_cost_ = np.array(self._costs)
        model.col_lower_, model.col_upper_ = np.zeros(count), np.array(self._most)
        model.integrality_ = [_KINDS[whole] for whole in self._whole]
        starts, places, weights, lower = [0], list[int](), list[float](), list[float]()
        for row, needed in self._rows:
            # Ratings are in units, millions to a point, but move by steps: with small numbers in its rows the
            # solver is as good as exact.
            size = gcd(*row.values()) or 1
            places += row
            weights += [weight / size for weight in row.values()]
            whole = all(self._whole[variable] for variable in row)
            lower.append(-(-needed // size) if whole else needed / size)
            starts.append(len(places))
        model.row_lower_, model.row_upper_ = np.array(lower), np.full(len(lower), highspy.kHighsInf)
        model.a_matrix_.format_ = highspy.MatrixFormat.kRowwise
        model.a_matrix_.start_ = np.array(starts, dtype=np.int32)
        model.a_matrix_.index_ = np.array(places, dtype=np.int32)
        model.a_matrix_.value_ = np.array(weights)
        return model


_KINDS = {True: highspy.HighsVarType.kInteger, False: highspy.HighsVarType.kContinuous}
_OPTIONS: Mapping[str, bool | int | float | str] = {
    "output_flag": False,
    "threads": 1,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 0.005,
    # What pays on large programs costs small ones more than it brings: presolving again below the root,
    # starting again, looking for good solutions early.
    "mip_root_presolve_only": True,
    "mip_allow_restart": False,
    "mip_detect_symmetry": False,
    "mip_heuristic_run_feasibility_jump": False,
    "mip_heuristic_run_rins": False,
    "mip_heuristic_run_rens": False,
    "mip_heuristic_run_root_reduced_cost": False,
}
