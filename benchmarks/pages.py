"""Time and size of the pages for 240, 2,000 and 10,000 people, and how fast they open in a browser.

On two busy cores, the best of several openings, browser start not counted; writing in processor time:

people   report.html          department sheets    managers' pages     largest sheet, manager's page
240      3.0 MB, opens 1.3 s  none                 19, 3.0 MB          -, 1.0 s
2,000    0.5 MB, opens 0.7 s  16, 24 MB            159, 25 MB          1.4 s, 0.3 s
10,000   2.0 MB               56, 115 MB           794, 118 MB

Writing takes about 10 ms a recommendation, report and managers' pages together, most of it to explain.
"""

import os
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from engine import Assessment, assess, explain, vocabulary_of
from engine.outlook import search_outlooks, searched_frame
from inputs import FileSource
from inputs.samples import SAMPLE_DAY
from reports.pages import write_report
from reports.pages.managers import manager_pages
from reports.pages.rows import Rows
from reports.shown.content import run_of
from rules import load_pack
from tests.company import generate_people

SIZES = (240, 2_000, 10_000)
CHROMIUM = os.environ.get("CHROMIUM", "/usr/bin/chromium")
FILTER = """async () => {
  const field = document.querySelector(".finder [name=text]");
  const start = performance.now();
  field.value = "senior";
  field.dispatchEvent(new Event("input", { bubbles: true }));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  return performance.now() - start;
}"""


def assessed(people: int) -> Assessment:
    pack = load_pack("product_management")
    made = generate_people(vocabulary_of(pack), people)
    source = FileSource("people.parquet", "0" * 64, None, 1, people)
    return assess(replace(made.roster, sources=(source,)), pack, SAMPLE_DAY)


def megabytes(paths: list[Path]) -> str:
    return f"{sum(path.stat().st_size for path in paths) / 1e6:.1f} MB"


def opened(browser: Browser, path: Path) -> float:
    """The best of three, which other work disturbs least."""
    return min(opened_once(browser, path) for _ in range(3))


def opened_once(browser: Browser, path: Path) -> float:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    start = time.perf_counter()
    page.goto(path.as_uri())
    page.evaluate("() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    seconds = time.perf_counter() - start
    page.close()
    return seconds


def filtered(browser: Browser, path: Path) -> float:
    page = browser.new_page(viewport={"width": 1280, "height": 900})
    page.goto(path.as_uri())
    milliseconds = float(page.evaluate(FILTER))
    page.close()
    return milliseconds


def measure(people: int, browser: Browser, folder: Path) -> None:
    assessment = assessed(people)
    searched = searched_frame(search_outlooks(assessment))
    run = run_of(assessment, explain(assessment, searched), "benchmark")
    run = replace(run, issues=())
    report = folder / "report.html"
    start = time.process_time()
    write_report(run, report)
    reported = time.process_time() - start
    start = time.process_time()
    pieces = manager_pages(run, folder / "managers", rows=Rows(run.pack))
    managers = [path for piece in pieces for path in piece()]
    managed = time.process_time() - start
    sheets = sorted((folder / "report").glob("*.html"))
    print(f"{people:,} people, {len(run.explanations):,} recommendations")
    print(f"  report.html {megabytes([report])}, {len(sheets)} sheets {megabytes(sheets)}: {reported:.1f} s")
    print(f"  {len(managers)} managers' pages {megabytes(managers)}: {managed:.1f} s")
    print(
        f"  report.html opens in {opened(browser, report):.2f} s, "
        f"filters in {filtered(browser, report):.0f} ms"
    )
    for kind, paths in (("sheet", sheets), ("manager's page", managers)):
        if paths:
            largest = max(paths, key=lambda path: path.stat().st_size)
            print(f"  the largest {kind}, {megabytes([largest])}, opens in {opened(browser, largest):.2f} s")


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        opened(browser, Path(__file__))
        for people in sizes:
            with tempfile.TemporaryDirectory() as folder:
                measure(people, browser, Path(folder))
        browser.close()


if __name__ == "__main__":
    main()
