"""A run as a folder: read back, and replaced whole. `reports.writing` is the door to writing one."""

from reports.run.asked_for import person_asked_for
from reports.run.decision_log import read_log
from reports.run.replacing import (
    is_open,
    locked,
    require_replaceable,
    require_settled,
    whole_file,
    whole_files,
    whole_folder,
)
from reports.run.saved import read_run, with_cycles_in

__all__ = [
    "is_open",
    "locked",
    "person_asked_for",
    "read_log",
    "read_run",
    "require_replaceable",
    "require_settled",
    "whole_file",
    "whole_files",
    "whole_folder",
    "with_cycles_in",
]
