"""The record as a page to print."""

from pathlib import Path

from reports.pages.rendering import render
from reports.record.shown import RecordShown


def write_record(shown: RecordShown, path: Path) -> None:
    """Write the page."""
    path.write_text(
        render("record.html", {"shown": shown, "pack": shown.pack}), encoding="utf-8", newline="\n"
    )
