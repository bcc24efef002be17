"""The record as a page to print."""

from pathlib import Path

from reports.pages.rendering import render, write_page
from reports.record.shown import RecordShown


def write_record(shown: RecordShown, path: Path) -> None:
    """Write the page."""
    write_page(path, render("record.html", {"shown": shown, "pack": shown.pack}))
