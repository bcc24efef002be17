"""Runs beside each other: what changed, what would change, and how groups fare."""

from reports.comparison.difference import (
    ComparedRun,
    Difference,
    Rerun,
    compare_runs,
    difference_json,
    difference_lines,
    read_compared,
    render_difference,
)
from reports.comparison.fairness import FairnessShown, fairness_lines, show_fairness, write_fairness
from reports.comparison.simulation import SimulationShown, write_simulation

__all__ = [
    "ComparedRun",
    "Difference",
    "FairnessShown",
    "Rerun",
    "SimulationShown",
    "compare_runs",
    "difference_json",
    "difference_lines",
    "fairness_lines",
    "read_compared",
    "render_difference",
    "show_fairness",
    "write_fairness",
    "write_simulation",
]
