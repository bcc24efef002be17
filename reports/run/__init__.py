"""A run as a folder: written whole, read back."""

from reports.run.data import read_recommendations
from reports.run.decision_log import read_log
from reports.run.replacing import require_replaceable
from reports.run.saved import read_pack, read_run
from reports.run.writing import Stopwatch

__all__ = ["Stopwatch", "read_log", "read_pack", "read_recommendations", "read_run", "require_replaceable"]
