"""`report.html`: the whole population, for HR, with every person behind it."""

from pathlib import Path

from reports.pages.people import entries_of
from reports.pages.rendering import Rows, render
from reports.summary import NO_DEPARTMENT, Summary

MARKS = 400
"""The ladder's picture draws at most about this many marks; above, one mark stands for several."""


def write_report(summary: Summary, path: Path) -> None:
    """Write the page for HR: one file that opens from disk, with nothing fetched."""
    path.write_text(render_report(summary), encoding="utf-8", newline="\n")


def render_report(summary: Summary) -> str:
    """The page for HR, as text."""
    by_level = {group.name: group for group in summary.by_level()}
    return render(
        "report.html",
        {
            "summary": summary,
            "pack": summary.pack,
            "rows": Rows(summary.pack),
            "no_department": NO_DEPARTMENT,
            "entries": entries_of(summary.explanations, summary.pack),
            "rungs": [(level, by_level.get(level.title)) for level in reversed(summary.pack.levels)],
            "per_mark": -(-len(summary.explanations) // MARKS) or 1,
        },
    )
