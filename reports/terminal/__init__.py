"""One person explained in the terminal."""

from reports.terminal.aloud import aloud_lines
from reports.terminal.explanation import explanation_lines

__all__ = ["aloud_lines", "explanation_lines"]
