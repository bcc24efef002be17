"""Take the README's pictures anew: `make pictures`. Needs Chromium, LibreOffice and pdftoppm."""

import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

PICTURES = Path(__file__).with_name("pictures")
VIEWPORT = {"width": 1280, "height": 900}
PAGES = {
    "report.png": ("report.html", "light", None),
    "report-dark.png": ("report.html", "dark", None),
    "person.png": ("report.html", "light", "#people details"),
}
"""Picture: page, colour scheme, and what to open and bring into view."""
SHEETS = {
    "session.png": "Session",
    "calibration.png": "Calibration",
    "summary.png": "Summary",
    "evidence.png": "To Senior PM",
}
"""Picture: the sheet of the workbook whose first printed page it shows."""


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        demo = Path(scratch) / "demo"
        subprocess.run([sys.executable, "-m", "readiness", "demo", "--out", str(demo)], check=True)
        take_pages(demo)
        take_sheets(demo / "calibration.xlsx", Path(scratch))


def take_pages(demo: Path) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for picture, (page_name, scheme, opened) in PAGES.items():
            page = browser.new_context(viewport=VIEWPORT, color_scheme=scheme, offline=True).new_page()
            page.goto((demo / page_name).as_uri())
            if opened:
                page.evaluate(
                    "one => { const d = document.querySelector(one); d.open = true; d.scrollIntoView(); }",
                    opened,
                )
                page.wait_for_timeout(2000)
            page.screenshot(path=PICTURES / picture)
        browser.close()


def take_sheets(workbook: Path, scratch: Path) -> None:
    """Print the workbook and keep the first page whose footer names each sheet."""
    profile = (scratch / "profile").as_uri()
    subprocess.run(
        [
            *("soffice", "--headless", f"-env:UserInstallation={profile}"),
            *("--convert-to", "pdf", "--outdir", str(scratch), str(workbook)),
        ],
        check=True,
        capture_output=True,
    )
    printed = scratch / "calibration.pdf"
    text = subprocess.run(
        ["pdftotext", "-layout", str(printed), "-"], check=True, capture_output=True, text=True
    )
    pages = text.stdout.split("\f")
    for picture, sheet in SHEETS.items():
        number = next(n for n, page in enumerate(pages, 1) if _footer(page).startswith(sheet))
        target = PICTURES / Path(picture).stem
        numbers = ["-f", str(number), "-l", str(number)]
        subprocess.run(
            ["pdftoppm", "-r", "110", "-png", "-singlefile", *numbers, str(printed), str(target)], check=True
        )


def _footer(page: str) -> str:
    lines = [line for line in page.splitlines() if line.strip()]
    parts = [part.strip() for part in lines[-1].split("  ") if part.strip()] if lines else []
    return parts[1] if len(parts) > 1 else ""


if __name__ == "__main__":
    main()
