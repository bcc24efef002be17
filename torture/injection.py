"""The hostile set in every place where somebody writes a text: it is shown as it is, and does nothing.

Each place has a run of its own, in which every text is somebody's. Looked at are all files of the run, what
the terminal says, and the pages in Chromium.
"""

import csv
import io
import json
import re
import shutil
import sys
import tempfile
import time
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from dataclasses import dataclass
from dataclasses import field as field_of
from pathlib import Path

import openpyxl
import yaml
from lxml import etree
from openpyxl.utils.escape import unescape
from openpyxl.utils.exceptions import IllegalCharacterError
from playwright.sync_api import Page, sync_playwright

from tests.broken import BASE
from tests.calibration_rows import COLUMNS, FIRST, SESSION
from tests.chromium import CHROMIUM
from tests.libreoffice import saved_by_libreoffice
from torture.bakery import ASSESS, HEADERS, SESSION_DAY
from torture.children import Ended, command_line, import_everything, in_child
from torture.hostile import TEXTS
from torture.tallies import Tally

FIELDS = {"id": 0, "name": 1, "level": 2, "department": 4, "manager id": 5, "manager": 6, "comment": 13}
"""Places in a row of the sheet."""
ONE_IN = 5
SECRETS = {"Gender": "SecretGender", "Ethnicity": "SecretEthnicity", "Salary": "SecretSalary"}
"""Columns that the product does not read, with what is in them."""
BEGINS_FORMULA = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20"
CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
EVERYTHING = ("--people", "--packets", "--group-by", "manager", *ASSESS)


def injection(times: int, seconds: float, seed: int) -> list[Tally]:  # noqa: ARG001 - as every job
    """Every text in every place, as long as the seconds last; `times` limits the texts."""
    import_everything()
    texts, end = TEXTS[:times], time.monotonic() + seconds
    with tempfile.TemporaryDirectory(prefix="torture-") as folder, _browser() as page:
        looking = Looking(Path(folder), page)
        tallies = []
        for place, act in _places(texts):
            if time.monotonic() < end:
                tally = Tally(f"hostile texts: {place}")
                act(looking, tally)
                tally.remark = f"{looking.pages:,} pages in {'Chromium' if page else 'no browser'}"
                if looking.sheets:
                    tally.remark += f", {looking.sheets} files in LibreOffice"
                looking.pages = looking.sheets = 0
                print(tally, file=sys.stderr, flush=True)
                tallies.append(tally)
    return tallies


def _browser() -> "object":
    return _Chromium() if CHROMIUM.exists() else nullcontext()


class _Chromium:
    def __enter__(self) -> Page:
        self.playwright = sync_playwright().start()
        browser = self.playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        return browser.new_page()

    def __exit__(self, *_: object) -> None:
        self.playwright.stop()


Act = Callable[["Looking", Tally], None]


def _places(texts: Sequence[str]) -> Iterator[tuple[str, Act]]:
    for place in FIELDS:
        yield place, lambda looking, tally, place=place: looking.field(texts, place, tally)
    yield (
        "edited workbook: reason, decided by, follow-up",
        lambda looking, tally: looking.edited(texts, tally),
    )
    for place in ("header", "sheet name", "file name", "mapping", "pack"):
        yield place, lambda looking, tally, place=place: looking.single(texts, place, tally)


@dataclass
class Looking:
    """A folder to work in, and what looks at what comes out."""

    folder: Path
    page: Page | None
    pages: int = 0
    sheets: int = 0
    number: int = 0
    seen: Counter[Path] = field_of(default_factory=Counter)
    asked: list[str] = field_of(default_factory=list)
    """What pages ask the browser for, and what they ask people."""

    def __post_init__(self) -> None:
        if self.page is not None:
            self.page.on("request", lambda request: self.asked.append(request.url))
            self.page.on("dialog", lambda dialog: (self.asked.append("a dialog"), dialog.dismiss()))

    def field(self, texts: Sequence[str], field: str, tally: Tally) -> None:
        """A run in which the field of each person is one of the texts."""
        cwd = self._new(texts, field)
        ended = self._command(cwd, "assess", "ratings.csv", "--out", "run", *EVERYTHING)
        problems = [*self._problems(cwd, ended), *_mislabelled(cwd / "run", texts, field)]
        problems += [
            *self._in_libreoffice(cwd, "calibration.xlsx"),
            *self._in_libreoffice(cwd, "recommendations.csv"),
        ]
        self._count(tally, texts, problems)

    def edited(self, texts: Sequence[str], tally: Tally) -> None:
        """Decisions with the texts, made final; and once more, which reads them back."""
        cwd = self._new(["Core"] * len(texts), "department")
        self._command(cwd, "assess", "ratings.csv", "--out", "run", *EVERYTHING)
        problems = [*self._problems(cwd, self._decide(cwd, texts))]
        again = self._apply(cwd)
        if again.code or "already final" not in again.said:
            problems.append(f"once more: {again.said[-400:]}")
        problems += self._in_libreoffice(cwd, "calibration.xlsx")
        self._count(tally, texts, problems)

    def _decide(self, cwd: Path, texts: Sequence[str]) -> Ended:
        book = openpyxl.load_workbook(cwd / "run" / "calibration.xlsx")
        sheet = book["Calibration"]
        sheet[SESSION["decided_on"]] = SESSION_DAY
        for row, text in enumerate(texts, start=FIRST):
            band = sheet.cell(row, COLUMNS["recommendation"]).value
            sheet.cell(row, COLUMNS["decision"]).value = "Developing" if band != "Developing" else "Ready now"
            sheet.cell(row, COLUMNS["reason_code"]).value = "New evidence brought to the room"
            for key in ("reason", "decided_by", "follow_up"):
                cell = sheet.cell(row, COLUMNS[key])
                try:
                    cell.value = re.sub("[\ufffe\uffff]", "\ufffd", text) if text.strip() else "nothing"
                except (IllegalCharacterError, ValueError):
                    cell.value = "what no cell can hold"
                cell.data_type = "s"
        book.save(cwd / "edited.xlsx")
        return self._apply(cwd)

    def _apply(self, cwd: Path) -> Ended:
        return self._command(cwd, "calibrate", "run", "edited.xlsx", "--apply", "--today", "2026-07-02")

    def single(self, texts: Sequence[str], place: str, tally: Tally) -> None:
        """A run for each text, of which every fifth has to do."""
        for text in texts[::ONE_IN]:
            cwd = self._new(["Ada", "Bo", "Cy"], "department")
            made = _WAYS[place](cwd, text)
            if made is None:
                continue
            wanted = ("--people", *ASSESS) if place == "pack" else ASSESS
            ended = self._command(cwd, "assess", *made, "--out", "run", *wanted)
            problems = [*self._problems(cwd, ended, refusable=True)]
            shutil.rmtree(cwd)
            tally.passed(f"{text[:60]!r}: {'; '.join(problems[:3])}" if problems else None)

    def _count(self, tally: Tally, texts: Sequence[str], problems: list[str]) -> None:
        tally.times += len(texts)
        tally.failures += problems

    def _new(self, texts: Sequence[str], field: str) -> Path:
        self.number += 1
        cwd = self.folder / f"{self.number:04}"
        cwd.mkdir()
        (cwd / "bakery").symlink_to(BASE)
        rows = [_person(number, text, field) for number, text in enumerate(texts)]
        rows.append(_person(len(texts), "Apprentice", "level"))  # somebody whom all is well with
        with (cwd / "ratings.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([[*HEADERS, *SECRETS], *rows])
        return cwd

    def _command(self, cwd: Path, *words: str) -> Ended:
        return in_child(command_line(*words), cwd, self.folder / "temporary")

    def _problems(self, cwd: Path, ended: Ended, *, refusable: bool = False) -> Iterator[str]:
        if ended.code not in ((0, 1, 2) if refusable else (0,)):
            yield f"ends with {ended.code}: {ended.said[-400:]}"
        if CONTROLS.search(re.sub("\x1b\\[[0-9;]*m", "", ended.said)):
            yield f"the terminal is told {CONTROLS.search(ended.said)!r}"
        if any("run" not in path.parts for path in self.folder.rglob("attacked*")):
            yield "a file named `attacked` was written"
        run = cwd / "run"
        for path in sorted(one for one in run.rglob("*") if one.is_file()):
            yield from (f"{path.relative_to(run)}: {one}" for one in self._of_file(path))

    def _of_file(self, path: Path) -> Iterator[str]:
        if not _fits_every_system(path.name):
            yield "no name of a file on every system"
        content = _content(path)
        yield from (f"holds a {name}" for name, secret in SECRETS.items() if secret.encode() in content)
        if path.suffix == ".xlsx":
            yield from (f"the formula {one[:80]}" for one in _formulas(path) if _is_somebodys(one))
            if b"127.0.0.1" in b"".join(_parts(path, ".rels")):
                yield "a link outwards"
        elif path.suffix == ".csv":
            yield from _csv_problems(path)
        elif path.suffix == ".json":
            json.loads(content)
        elif path.suffix == ".html" and self.page is not None:
            yield from self._of_page(path, self.page)

    def _in_libreoffice(self, cwd: Path, name: str) -> Iterator[str]:
        """Whether another program shows each text as it is written, and calculates none."""
        if shutil.which("soffice") is None:
            return
        self.sheets += 1
        before, after = cwd / "run" / name, saved_by_libreoffice(cwd / "run" / name, cwd / "libreoffice")
        if any(_is_somebodys(formula) for formula in _formulas(after)):
            yield f"{name} in LibreOffice: calculates a text"
        if b"127.0.0.1" in b"".join(_parts(after, ".rels")):
            yield f"{name} in LibreOffice: a link outwards"
        if before.suffix == ".xlsx":
            written = {_letters(unescape(text)) for text in _texts(before)}
            # It writes what looks like an escape as it is, which our reader would take for one.
            shown = {_letters(one) for text in _texts(after) for one in (text, unescape(text))}
            yield from (f"{name} in LibreOffice: {text[:60]!r} is lost" for text in sorted(written - shown))

    def _of_page(self, path: Path, page: Page) -> Iterator[str]:
        if path.parent.name in _MANY and self.seen[path.parent] >= MOST_PAGES:
            return
        self.seen[path.parent] += 1
        self.pages += 1
        self.asked.clear()
        page.goto(path.as_uri(), wait_until="domcontentloaded")
        found = page.evaluate(_LOOK)
        yield from (f"asks for {url}" for url in self.asked if url != path.as_uri())
        yield from (f"the page has {what}" for what, count in found.items() if count)


MOST_PAGES = 15
"""Pages of one kind that are looked at in one run: they differ in whose they are alone."""
_MANY = ("managers", "people", "packets", "letters")
_LOOK = """() => ({
  attacked: window.attacked ? 1 : 0,
  frames: document.querySelectorAll("iframe, object, embed, base, link[href^=http]").length,
  images: document.querySelectorAll("img").length,
  handlers: [...document.querySelectorAll("*")].filter(
    one => [...one.attributes].some(a => a.name.startsWith("on"))).length,
  outside: [...document.querySelectorAll("a[href]")].filter(
    one => /^(javascript|data|vbscript):|127\\\\.0\\\\.0\\\\.1/i.test(one.getAttribute("href"))).length,
  refreshes: document.querySelectorAll("meta[http-equiv=refresh]").length,
})"""


def _person(number: int, text: str, field: str) -> list[object]:
    ratings = [3, 1 + number % 4, 3, 4 - number % 3, 2, 1 + number % 4]
    level = ("Apprentice", "Journeyman")[number % 2]
    row: list[object] = [f"E{number}", f"Person {number}", level, "2023-01-01", f"D{number % 3}"]
    row += [f"M{number}", f"Boss {number}", *ratings, "Rises well.", *SECRETS.values()]
    row[FIELDS[field]] = text
    return row


def _file_name(cwd: Path, text: str) -> tuple[str, ...] | None:
    name = text.replace("/", "_").replace("\0", "")[:60] + ".csv"
    if name.startswith("-"):
        return None
    (cwd / "ratings.csv").rename(cwd / name)
    return (name,)


def _header(cwd: Path, text: str) -> tuple[str, ...]:
    with (cwd / "ratings.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))
    rows[0][-1] = rows[0][4] = text
    with (cwd / "ratings.csv").open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(rows)
    return ("ratings.csv",)


def _mapping(cwd: Path, text: str) -> tuple[str, ...]:
    made = {"columns": {"Gender": text}, "not_rated": [text], "levels": {text: "master"}, "date_order": text}
    chosen = dict([list(made.items())[len(text) % 3 + len(text) % 2]])
    (cwd / "map.yaml").write_text(yaml.safe_dump(chosen), encoding="utf-8")
    return ("ratings.csv", "--mapping", "map.yaml")


def _sheet_name(cwd: Path, text: str) -> tuple[str, ...] | None:
    book = openpyxl.Workbook()
    with (cwd / "ratings.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.reader(file):
            book.active.append(row)
    try:
        book.active.title = re.sub(r"[\[\]*?:/\\\x00-\x1f]", "_", text)[:31]
        book.save(cwd / "ratings.xlsx")
    except ValueError:  # no workbook can hold it
        return None
    return ("ratings.xlsx",)


def _pack(cwd: Path, text: str) -> tuple[str, ...]:
    (cwd / "bakery").unlink()
    for source in BASE.rglob("*.yaml"):
        value = yaml.safe_load(source.read_text(encoding="utf-8"))
        target = cwd / "bakery" / source.relative_to(BASE)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(yaml.safe_dump(_written(value, text), allow_unicode=True), encoding="utf-8")
    return ("ratings.csv",)


_TEXT_KEYS = ("title", "about", "summary", "definition", "looks_like", "grow", "ask", "meaning", "author")


def _written(value: object, text: str) -> object:
    """The texts of a pack, each with the text behind it."""
    if isinstance(value, list):
        return [_written(one, text) for one in value]
    if isinstance(value, dict):
        return {
            key: f"{one} {text}" if key in _TEXT_KEYS and isinstance(one, str) else _written(one, text)
            for key, one in value.items()
        }
    return value


_WAYS: dict[str, Callable[[Path, str], tuple[str, ...] | None]] = {
    "header": _header,
    "sheet name": _sheet_name,
    "file name": _file_name,
    "mapping": _mapping,
    "pack": _pack,
}


def _mislabelled(run: Path, texts: Sequence[str], field: str) -> Iterator[str]:
    """People whose text is somebody else's, or who are nowhere."""
    with (run / "recommendations.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = {row["employee_id"]: row for row in csv.DictReader(file)}
    about = json.loads((run / "run.json").read_text(encoding="utf-8"))["counts"]
    if about["people_in_file"] != len(texts) + 1:
        yield f"{len(texts) + 1} people, of whom {about['people_in_file']} are told"
    column = {"name": "employee_name", "department": "department", "manager": "manager_name"}.get(field)
    for number, text in enumerate(texts):
        row = rows.get(f"E{number}")
        if column and row and row[column] and _letters(row[column]) != _letters(text):
            yield f"E{number}'s {field} {text[:40]!r} is shown as {row[column][:40]!r}"


def _letters(text: str) -> str:
    return "".join(one for one in unicodedata.normalize("NFKC", text) if one.isalnum())


def _fits_every_system(name: str) -> bool:
    return bool(re.fullmatch(r"[\w.-]{1,150}", name, re.ASCII)) and not re.fullmatch(
        r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", name, re.IGNORECASE
    )


def _parts(path: Path, ending: str) -> list[bytes]:
    with zipfile.ZipFile(path) as parts:
        return [parts.read(name) for name in parts.namelist() if name.endswith(ending)]


def _content(path: Path) -> bytes:
    return b"".join(_parts(path, "")) if path.suffix == ".xlsx" else path.read_bytes()


def _formulas(path: Path) -> Iterator[str]:
    """Of cells, and of rules for them."""
    for part in _parts(path, ".xml"):
        for one in etree.fromstring(part).iter(
            "{*}f", "{*}formula", "{*}formula1", "{*}formula2", "{*}definedName"
        ):
            yield one.text or ""


def _is_somebodys(formula: str) -> bool:
    """Whether it calculates something of the hostile set, outside quotation marks."""
    return (
        re.search(r"WEBSERVICE|IMPORT|DDE|cmd|127\.0|1\+1|7\*|attacked", _QUOTED.sub("", formula)) is not None
    )


def _texts(path: Path) -> Iterator[str]:
    """The texts of a workbook's cells."""
    for sheet in openpyxl.load_workbook(path).worksheets:
        for row in sheet.iter_rows():
            yield from (str(cell.value) for cell in row if cell.data_type == "s")


_QUOTED = re.compile(r"""\"(?:[^"]|"")*\"|'(?:[^']|'')*'""")


def _csv_problems(path: Path) -> Iterator[str]:
    rows = list(csv.reader(io.StringIO(path.read_text(encoding="utf-8-sig"), newline="")))
    if len({len(row) for row in rows}) > 1:
        yield "rows of different lengths"
    for row in rows:
        for cell in row:
            if cell[:1] and cell[0] in BEGINS_FORMULA and not re.fullmatch(r"[+-]?\d+(\.\d+)?", cell):
                yield f"{cell[:60]!r} begins like a formula"
