"""Runs beside each other: what changed, what would change, and how groups fare."""

from reports.comparison.difference import (
    Difference,
    Rerun,
    RunRead,
    compare_runs,
    difference_json,
    difference_lines,
    read_run,
    render_difference,
)
from reports.comparison.fairness import FairnessShown, fairness_lines, show_fairness, write_fairness
from reports.comparison.simulation import SimulationSummary, write_simulation

__all__ = [
    "Difference",
    "FairnessShown",
    "Rerun",
    "RunRead",
    "SimulationSummary",
    "compare_runs",
    "difference_json",
    "difference_lines",
    "fairness_lines",
    "read_run",
    "render_difference",
    "show_fairness",
    "write_fairness",
    "write_simulation",
]
