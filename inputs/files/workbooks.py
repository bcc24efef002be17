"""Workbooks to sheets: the reader runs in a process of its own, under limits."""

import hashlib
import json
import re
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from time import monotonic
from typing import Any

import polars as pl

from inputs.files.number_formats import rounded
from inputs.files.packages import PackageFacts, check_package, package_facts
from inputs.files.sheet_xml import SheetFacts, corners
from inputs.files.sheets import Entries, Place, Sheet, column_index, letter
from inputs.roster import InputError

MEMORY_LIMIT = 3 * 1024**3
"""Bytes of address space that reading one workbook may take."""
TIME_LIMIT = 120
"""Seconds of processor time that reading one workbook may take."""
_PROGRAM = Path(__file__).with_name("sheet_reader.py")
_OUT_OF_TIME = (-24, 152)
"""Exit codes of SIGXCPU, also as a shell reports it."""
_OUT_OF_MEMORY = (-6, -9, -11, 134, 137, 139)
_PASSWORD = re.compile(r"password|encrypted", re.IGNORECASE)
_REASON = re.compile(r"^(?:[\w.]*Error|[\w.]*Exception): (?:calamine error: )?")
"""The beginning of the line of a traceback that names the error."""
_MEMORY = re.compile(r"memory allocation|MemoryError|capacity overflow|Cell limit exceeded", re.IGNORECASE)

_LONGEST_LIST = 100
"""Rows of a drop-down list."""
_PLAIN_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE]-?\d+)?")

_IN_FIGURES = re.compile(r"(?:[\d.,-]*\d%?)?")
"""How a format shows a number that stays one: `100%`, `00417`; and what it hides."""
_VALUES_ALONE = (
    "Of a workbook of this kind the values alone are read: no number formats (100% is 1 here, and 3.5 may be "
    "shown as 4), no notes of cells, no hidden rows, no merged cells, no drop-down lists and nothing of what "
    "is struck through. Where one of these matters, save the file as .xlsx."
)
_ERROR_TEXTS: Mapping[str, str] = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}


@contextmanager
def begin_workbook(path: Path) -> Iterator[Callable[[], tuple[Sheet, ...]]]:
    """Start the reader of a workbook; what this gives waits for it and returns the sheets that hold cells or
    a name. Leaving the context ends the reader. Both raise InputError when the workbook cannot be read."""
    check_package(path)
    with tempfile.TemporaryDirectory(prefix="readiness-") as folder, _start(path, folder) as reader:
        try:
            yield lambda: _sheets(path, reader, Path(folder))
        finally:
            reader.kill()


def _sheets(path: Path, reader: subprocess.Popen[bytes], folder: Path) -> tuple[Sheet, ...]:
    # The package is looked at while the reader works.
    try:
        facts = package_facts(path, monotonic() + TIME_LIMIT)
    except TimeoutError:
        raise InputError(_too_slow(path)) from None
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    message = _wait(path, reader)
    if reader.returncode != 0:
        raise InputError(_failure(path, reader.returncode, message))
    answer = json.loads((folder / "answer.json").read_text(encoding="utf-8"))
    sheets = [
        _sheet(path, sha256, sheet, folder / f"{number}.arrow", facts)
        for number, sheet in enumerate(answer["sheets"])
    ]
    sheets = [replace(one, entries=tuple(_entries(one, sheets, facts))) for one in sheets]
    if not sheets:
        raise InputError(
            f"{path.name}: the workbook has no sheet that can be read. Open it in a spreadsheet program and "
            "save it as .xlsx or CSV."
        )
    if not facts.sheets:
        sheets[0] = sheets[0].with_remark(_VALUES_ALONE)
    if answer["remark"]:
        sheets = [sheet.with_remark(answer["remark"]) for sheet in sheets]
    return tuple(sheets)


def _start(path: Path, folder: str) -> subprocess.Popen[bytes]:
    arguments = [str(path.resolve()), folder, str(MEMORY_LIMIT), str(TIME_LIMIT)]
    return subprocess.Popen(
        [sys.executable, "-I", "-X", "utf8", str(_PROGRAM), *arguments],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )


def _wait(path: Path, reader: subprocess.Popen[bytes]) -> str:
    try:
        _, message = reader.communicate(timeout=2 * TIME_LIMIT)
    except subprocess.TimeoutExpired:
        raise InputError(_too_slow(path)) from None
    return message.decode("utf-8", "replace").strip()


def _too_slow(path: Path) -> str:
    return (
        f"{path.name}: reading took more than {TIME_LIMIT} seconds and was stopped. Copy the table into a "
        "new workbook, or save it as CSV."
    )


def _failure(path: Path, code: int, message: str) -> str:
    if _PASSWORD.search(message):
        return f"{path.name}: the workbook is protected by a password. Save a copy without the password."
    if code in _OUT_OF_TIME:
        return _too_slow(path)
    if _MEMORY.search(message) or code in _OUT_OF_MEMORY:
        return (
            f"{path.name}: reading needs more than {MEMORY_LIMIT // 1024**3} GB of memory. Often a stray "
            "cell far below or right of the table is the cause. Copy the table into a new workbook, or save "
            "it as CSV."
        )
    reasons = [line for line in message.splitlines() if _REASON.match(line)] or message.splitlines()[-1:]
    detail = _REASON.sub("", reasons[-1])[:160] if reasons else "no reason given"
    return (
        f"{path.name}: the file cannot be read as a workbook ({detail}). Open it in a spreadsheet program "
        "and save it as .xlsx or CSV."
    )


def _sheet(path: Path, sha256: str, answer: Mapping[str, Any], arrow: Path, facts: PackageFacts) -> Sheet:
    name = str(answer["name"])
    cells = pl.read_ipc_stream(arrow.read_bytes()) if arrow.exists() else pl.DataFrame()
    first = int(answer["first_column"])
    cells = cells.rename({old: letter(first + at) for at, old in enumerate(cells.columns)})
    known = facts.sheets.get(name, SheetFacts())
    cells = _with_errors(cells, answer["errors"])
    whole = {
        (row, column): cells[column][row - 1]
        for row, column in known.partly_struck
        if column in cells.columns and row <= cells.height
    }
    cells = _with_texts(cells, {place: known.partly_struck[place] for place in whole})
    shown = _as_shown(cells, known)
    hidden = [place for place, text in shown.items() if not text] + known.hidden_texts
    stored = {(row, column): str(cells[column][row - 1]) for (row, column) in shown}
    cells = _with_texts(cells, {place: text for place, text in shown.items() if text})
    return Sheet(
        file=path.name,
        sha256=sha256,
        name=name,
        cells=_filled_down(cells, known),
        visible=answer["visible"] == "visible",
        epoch_1904=facts.epoch_1904,
        hidden_rows=frozenset(known.hidden_rows),
        hidden_columns=frozenset(known.hidden_columns),
        merged=tuple(known.merged),
        uncalculated=frozenset(known.uncalculated),
        notes=known.notes,
        captions=known.captions,
        fills=known.fills,
        struck=frozenset(known.struck),
        hidden=frozenset(hidden),
        worded={place: text for place, text in stored.items() if not _IN_FIGURES.fullmatch(shown[place])},
        rounded=_rounded(cells, known),
        shown_by_rules=tuple(dict.fromkeys(known.shown_by_rules)),
        partly_struck={place: text or "" for place, text in whole.items()},
    )


def _entries(sheet: Sheet, sheets: Sequence[Sheet], facts: PackageFacts) -> Iterator[Entries]:
    """What may be entered into cells of a sheet, where its rules say it by themselves or by cells."""
    for rule in facts.sheets.get(sheet.name or "", SheetFacts()).rules:
        values = _listed(rule.first, sheet, sheets, facts) if rule.kind == "list" else []
        if rule.kind in ("whole", "decimal"):
            values = [end for end in (rule.first, rule.second) if _PLAIN_NUMBER.fullmatch(end)]
        ranges = tuple(found for one in rule.cells.split() if (found := corners(one)) is not None)
        if len(values) > 1 and ranges:
            yield Entries(ranges, tuple(values), rule.kind == "list")


def _listed(source: str, sheet: Sheet, sheets: Sequence[Sheet], facts: PackageFacts) -> list[str]:
    """The values of a drop-down list: written down, or in cells that it names."""
    if source.startswith('"'):
        return [value.strip() for value in source.strip('"').split(",") if value.strip()]
    source = facts.names.get(source.lstrip("="), source).lstrip("=")
    name, _, place = source.rpartition("!")
    named = name.removeprefix("'").removesuffix("'").replace("''", "'") if name else sheet.name
    found, area = next((one for one in sheets if one.name == named), None), corners(place.replace("$", ""))
    if found is None or area is None:
        return []
    (top, left), (bottom, right) = area
    across = range(column_index(left), column_index(right) + 1)
    inside = found.cells.select(name for name in found.cells.columns if column_index(name) in across)
    rows = inside.slice(top - found.first_row, min(bottom - top + 1, _LONGEST_LIST))
    return [value for row in rows.iter_rows() for cell in row if (value := " ".join((cell or "").split()))]


def _as_shown(cells: pl.DataFrame, facts: SheetFacts) -> dict[Place, str]:
    """How numbers are seen: `100%` for 1, `00417` for 417; empty where their format hides them."""
    shown: dict[Place, str] = {}
    seen: dict[tuple[int, str], str] = {}
    for (row, column), form in facts.shown:
        text = cells[column][row - 1] if column in cells.columns and row <= cells.height else None
        if text is None or not _PLAIN_NUMBER.fullmatch(text):
            continue
        if (key := (id(form), text)) not in seen:
            seen[key] = form.shown(text)
        if seen[key] != text:
            shown[row, column] = seen[key]
    return shown


def _rounded(cells: pl.DataFrame, facts: SheetFacts) -> dict[Place, str]:
    """How numbers are seen of which not all decimals are shown."""
    found: dict[Place, str] = {}
    for (row, column), decimals in facts.rounding:
        text = cells[column][row - 1] if column in cells.columns and row <= cells.height else None
        if text and _PLAIN_NUMBER.fullmatch(text) and (shown := rounded(text, decimals)) != text:
            found[row, column] = shown
    return found


def _with_texts(cells: pl.DataFrame, texts: Mapping[Place, str]) -> pl.DataFrame:
    """The cells with other texts in some places."""
    by_column: defaultdict[str, dict[int, str]] = defaultdict(dict)
    for (row, column), text in texts.items():
        by_column[column][row - 1] = text
    for column, of_column in by_column.items():
        changed = cells[column].clone().scatter(list(of_column), list(of_column.values()))
        cells = cells.with_columns(changed)
    return cells


def _with_errors(cells: pl.DataFrame, errors: Sequence[tuple[int, int, str]]) -> pl.DataFrame:
    """The cells with the text of spreadsheet errors, which the reader leaves empty, in their places."""
    texts = {}
    for row, column, detail in errors:
        found = re.search(r"Error\((\w+)\)", detail)
        texts[row + 1, cells.columns[column]] = _ERROR_TEXTS.get(found[1] if found else "", "#ERROR!")
    return _with_texts(cells, texts)


def _filled_down(cells: pl.DataFrame, facts: SheetFacts) -> pl.DataFrame:
    """The cells with the value of merged cells in every row that they cover, as the eye reads them."""
    for (top, left), (bottom, _) in facts.merged:
        if left not in cells.columns or bottom == top or top > cells.height:
            continue
        covered = list(range(top, min(bottom, cells.height)))
        values = [cells.item(top - 1, left)] * len(covered)
        if covered:
            cells = cells.with_columns(cells[left].clone().scatter(covered, values))
    return cells
