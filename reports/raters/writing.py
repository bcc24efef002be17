"""The raters as `raters.html` and `raters.xlsx`, in a folder that is HR's alone."""

from pathlib import Path

from engine.phrases import day, percent
from reports.pages.rendering import render, write_page
from reports.raters.shown import RatersShown
from reports.raters.workbook import write_raters_workbook


def write_raters(shown: RatersShown, folder: Path) -> tuple[Path, Path]:
    """Write both files into a folder."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    text = render(
        "raters.html",
        {
            "shown": shown,
            "run": shown.run,
            "pack": shown.run.pack,
            "share": percent,
            "place": lambda value: f"{110 + value / shown.reach * 100:.1f}",
            "as_of": day(shown.run.day),
        },
    )
    book = folder / "raters.xlsx"
    write_raters_workbook(shown, book)
    return write_page(folder / "raters.html", text), book
