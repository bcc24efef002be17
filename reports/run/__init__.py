"""A run as a folder: written whole, read back."""

from reports.run.replacing import require_replaceable
from reports.run.saved import read_run
from reports.run.writing import Stopwatch

__all__ = ["Stopwatch", "read_run", "require_replaceable"]
