"""Take the README's pictures anew: `make pictures`. Needs Chromium, LibreOffice and pdftoppm.

python docs/take_pictures.py served    takes those of the upload page alone
"""

import base64
import html
import re
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, ViewportSize, sync_playwright

PICTURES = Path(__file__).with_name("pictures")
ROOT = Path(__file__).parents[1]
VIEWPORT: ViewportSize = {"width": 1280, "height": 900}
PHONE: ViewportSize = {"width": 390, "height": 844}
PROJECTOR: ViewportSize = {"width": 1920, "height": 1080}
PATIENCE = 600_000
"""Milliseconds: a machine that is busy takes long to make a run."""
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


FIRST_RUN = PICTURES / "first-run.txt"
"""What `make.py demo` printed where there was no compiler, from nothing; a test holds it against the demo."""
LONGEST = 12
"""Lines of it that a picture shows from its beginning; the last two follow."""
TERMINALS = {
    "terminal-windows.png": (
        "Windows PowerShell",
        "background: #012456; color: #eeedf0",
        "border-radius: 0; background: #f3f3f3; text-align: left",
        ("PS C:\\readiness> py make.py demo",),
        "\\",
    ),
    "terminal-macos.png": (
        "readiness — -zsh — 100×24",
        "background: #ffffff; color: #1d1d1f",
        "border-radius: 10px 10px 0 0; background: #e4e3e4; text-align: center",
        ("you@your-mac ~ % cd readiness", "you@your-mac readiness % python3 make.py demo"),
        "/",
    ),
}
"""Picture: the window's title and looks, what is typed, and what stands between folders. They are
drawn, as nobody has taken them on these systems."""


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        if sys.argv[1:] == ["served"]:
            take_served(Path(scratch))
            return
        demo = Path(scratch) / "demo"
        subprocess.run([sys.executable, "-m", "readiness", "demo", "--out", str(demo)], check=True)
        take_pages(demo)
        take_terminals()
        take_served(Path(scratch))
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


def take_terminals() -> None:
    """Draw the windows in which somebody sets everything up for the first time."""
    lines = FIRST_RUN.read_text(encoding="utf-8").splitlines()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        for picture, (title, looks, bar, typed, between) in TERMINALS.items():
            end = lines[-1].replace("/", between)
            text = html.escape("\n".join([*typed, *lines[:LONGEST], "  …", lines[-2], end]))
            page = browser.new_page(viewport={"width": 960, "height": 460})
            page.set_content(
                f"""<style>
                body {{ margin: 0; padding: 14px; background: #fff }}
                #window {{ border: 1px solid #999; border-radius: 10px 10px 0 0; width: 900px }}
                #window {{ overflow: hidden }}
                #bar {{ {bar}; padding: 8px 14px; font: 14px sans-serif; color: #333 }}
                pre {{ {looks}; margin: 0; padding: 12px 14px; white-space: pre-wrap }}
                pre {{ font: 13px/1.45 'DejaVu Sans Mono', monospace }}
                </style><div id="window"><div id="bar">{title}</div><pre>{text}</pre></div>"""
            )
            page.locator("#window").screenshot(path=PICTURES / picture)
        browser.close()


def take_served(scratch: Path) -> None:
    """The upload page, from the first step to the session, as a desk, a phone and a projector show it."""
    command = [sys.executable, "-m", "readiness", "serve", "--no-browser", "--today", "2026-07-01"]
    asks = ROOT / "tests" / "cases" / "inputs" / "named-calibrators.csv"
    with (
        subprocess.Popen(
            [*command, "--data", str(scratch / "data")], stderr=subprocess.PIPE, text=True
        ) as server,
        sync_playwright() as playwright,
    ):
        assert server.stderr is not None
        said = iter(server.stderr.readline, "")
        address = next(found for line in said if (found := re.search(r"http://\S+", line))).group(0)
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        page = browser.new_context(viewport=VIEWPORT).new_page()
        page.set_default_timeout(PATIENCE)
        page.goto(address)
        take(page, "upload")
        page.set_input_files("#files", asks)
        page.get_by_role("button", name="Look at it").click()
        page.wait_for_selector(".question")
        take(page, "questions", phone=True)
        page.locator(".brand").click()
        page.get_by_role("button", name="Try it with an invented company").click()
        page.get_by_role("button", name=re.compile("Assess")).click()
        page.locator(".stages .done").nth(2).wait_for()
        take(page, "progress")
        page.wait_for_url("**/results")
        take(page, "results", phone=True)
        page.get_by_role("link", name="Try other bars").click()
        page.locator("[data-show]").wait_for(state="hidden")  # its script hears the sliders from then on
        page.get_by_label("Bar of core signals").fill("3.7")
        page.wait_for_selector(".moves")
        take(page, "what-if")
        page.get_by_role("link", name="Results").last.click()
        page.get_by_role("link", name="Start the session").click()
        page.wait_for_selector("html.scripted #person-h")
        page.keyboard.press("4")
        page.locator("#decided_by").fill("Calibration panel")
        page.evaluate("document.activeElement.blur()")
        take(page, "session-page", phone=True, projector=True)
        browser.close()
        server.send_signal(signal.SIGINT)


def take(page: Page, name: str, *, phone: bool = False, projector: bool = False) -> None:
    """A picture of the page at a desk, and others where they are wanted."""
    sizes = (
        {"": VIEWPORT}
        | ({"-phone": PHONE} if phone else {})
        | ({"-projector": PROJECTOR} if projector else {})
    )
    for suffix, size in sizes.items():
        page.set_viewport_size(size)
        whole = base64.b64encode(page.screenshot()).decode()
        blank = page.context.new_page()
        made = blank.evaluate(SMALLER, f"data:image/png;base64,{whole}").partition(",")[2]
        (PICTURES / f"{name}{suffix}.webp").write_bytes(base64.b64decode(made))
        blank.close()
    page.set_viewport_size(VIEWPORT)


SMALLER = """async (address) => {
  const image = new Image();
  image.src = address;
  await image.decode();
  const share = Math.min(1, 1440 / image.width);
  const [width, height] = [image.width * share, image.height * share];
  const canvas = Object.assign(document.createElement("canvas"), { width, height });
  canvas.getContext("2d").drawImage(image, 0, 0, width, height);
  return canvas.toDataURL("image/webp", 0.85);
}"""
"""A third of the bytes, and no tool that is not there already."""


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
