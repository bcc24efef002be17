"""What the ratings say about those who rated: signals for discussion, for HR alone."""

from reports.raters.shown import RatersShown, rater_lines, show_raters
from reports.raters.writing import write_raters

__all__ = ["RatersShown", "rater_lines", "show_raters", "write_raters"]
