"""The door of what writes a run; `reports.run`, which reads one, is imported without what writing needs."""

from reports.run.parts import Share, merge_parts, write_part
from reports.run.writing import Stopwatch, Wanted, about_run, write_run
from reports.shown.content import Run, run_of

__all__ = [
    "Run",
    "Share",
    "Stopwatch",
    "Wanted",
    "about_run",
    "merge_parts",
    "run_of",
    "write_part",
    "write_run",
]
