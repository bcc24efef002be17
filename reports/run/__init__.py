"""A run as a folder: written whole, read back."""

from reports.run.decision_log import read_log
from reports.run.parts import Share, merge_parts, write_part
from reports.run.replacing import require_replaceable, whole_file, whole_files, whole_folder
from reports.run.saved import cycles_in, read_run
from reports.run.writing import Stopwatch

__all__ = [
    "Share",
    "Stopwatch",
    "cycles_in",
    "merge_parts",
    "read_log",
    "read_run",
    "require_replaceable",
    "whole_file",
    "whole_files",
    "whole_folder",
    "write_part",
]
