"""Runs compared: what changed, what would change, and how groups fare."""

from reports.comparison.difference import (
    Difference,
    compare_runs,
    difference_json,
    difference_lines,
    read_compared,
    render_difference,
)
from reports.comparison.fairness import FairnessShown, fairness_lines, show_fairness, write_fairness
from reports.comparison.rerun import Origin, run_crosswise
from reports.comparison.simulation import SimulationShown, write_simulation
from reports.comparison.tried import MOST_NAMED, Tried, tried_of

__all__ = [
    "MOST_NAMED",
    "Difference",
    "FairnessShown",
    "Origin",
    "SimulationShown",
    "Tried",
    "compare_runs",
    "difference_json",
    "difference_lines",
    "fairness_lines",
    "read_compared",
    "render_difference",
    "run_crosswise",
    "show_fairness",
    "tried_of",
    "write_fairness",
    "write_simulation",
]
