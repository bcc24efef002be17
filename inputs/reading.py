"""Files to tables: every cell as text (Parquet keeps its types), with the place it came from."""

import csv
import hashlib
import io
import json
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from inputs.packages import check_package
from inputs.roster import InputError

MEMORY_LIMIT = 3 * 1024**3
"""Bytes of address space that reading one workbook may take."""
TIME_LIMIT = 120
"""Seconds that reading one workbook may take."""

_ERROR_TEXTS = {
    "Div0": "#DIV/0!",
    "NA": "#N/A",
    "Name": "#NAME?",
    "Null": "#NULL!",
    "Num": "#NUM!",
    "Ref": "#REF!",
    "Value": "#VALUE!",
    "GettingData": "#GETTING_DATA",
}
_ENCODINGS = ("utf-8-sig", "cp1252")
_SEPARATORS = (",", ";", "\t", "|")


@dataclass(frozen=True)
class Sheet:
    """One sheet of a file, or a file without sheets, before its header is known."""

    file: str
    sha256: str
    name: str | None
    visible: bool
    cells: pl.DataFrame
    """One column per column of the sheet, named by its letter; String, except for typed formats."""
    first_row: int
    """The number of the first row of `cells`, as the spreadsheet program shows it."""
    headers: tuple[str, ...] | None = None
    """The headers, for formats that keep them apart from the cells."""
    errors: frozenset[tuple[int, str]] = frozenset()
    """Row number and letter of the cells that hold a spreadsheet error; their text is such as `#N/A`."""


def read_file(path: Path) -> tuple[Sheet, ...]:
    """The sheets of a file, in its order. Raises InputError when it cannot be read."""
    if not path.exists():
        raise InputError(f"{path}: there is no such file. Check the name and the folder.")
    if path.is_dir():
        raise InputError(f"{path}: this is a folder. Give the spreadsheet in it.")
    read = _READERS.get(path.suffix.lower())
    if read is None:
        known = ", ".join(sorted(_READERS))
        raise InputError(
            f"{path.name}: files ending in '{path.suffix}' cannot be read. Save it as one of these: {known}."
        )
    if path.stat().st_size == 0:
        raise InputError(f"{path.name}: the file is empty (0 bytes). Export or save it again.")
    return read(path)


def letter(index: int) -> str:
    """The letter of a column counted from 0: `A`, `Z`, `AA`."""
    text = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        text = chr(ord("A") + rest) + text
    return text


def _read_workbook(path: Path) -> tuple[Sheet, ...]:
    check_package(path)
    sha256 = _sha256(path)
    with tempfile.TemporaryDirectory(prefix="readiness-") as folder:
        _run_sheet_reader(path, folder)
        answers = json.loads(Path(folder, "answer.json").read_text(encoding="utf-8"))
        sheets = [_sheet(path, sha256, number, answer, folder) for number, answer in enumerate(answers)]
    return tuple(sheets)


def _run_sheet_reader(path: Path, folder: str) -> None:
    program = Path(__file__).with_name("sheet_reader.py")
    arguments = [str(path.resolve()), folder, str(MEMORY_LIMIT), str(TIME_LIMIT)]
    try:
        done = subprocess.run(
            [sys.executable, "-I", str(program), *arguments],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=2 * TIME_LIMIT,
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise InputError(_too_slow(path)) from None
    if done.returncode == 0:
        return
    said = done.stderr.decode("utf-8", "replace").strip().splitlines()
    raise InputError(_reader_failure(path, done.returncode, said))


def _too_slow(path: Path) -> str:
    return (
        f"{path.name}: reading took more than {TIME_LIMIT} seconds and was stopped. "
        "Copy the table into a new workbook, or save it as CSV."
    )


def _reader_failure(path: Path, code: int, said: list[str]) -> str:
    last = said[-1] if said else ""
    everything = " ".join(said)
    if "password protected" in everything.lower():
        return f"{path.name}: the workbook is protected by a password. Save a copy without the password."
    if code in (-24, 152):  # SIGXCPU, also as a shell reports it
        return _too_slow(path)
    if "memory allocation" in everything or "MemoryError" in everything or code in (-6, -9):
        return (
            f"{path.name}: reading needs more than {MEMORY_LIMIT // 1024**3} GB of memory. Often a stray "
            "cell far below or right of the table is the cause. Copy the table into a new workbook, or "
            "save it as CSV."
        )
    detail = re.sub(r"^[\w.]+(Error|Exception): ", "", last)[:200]
    return (
        f"{path.name}: the file cannot be read as a spreadsheet ({detail}). Open it in a spreadsheet program "
        "and save it as .xlsx or CSV."
    )


def _sheet(path: Path, sha256: str, number: int, answer: Mapping[str, object], folder: str) -> Sheet:
    name = str(answer["name"])
    if answer["failure"] is not None:
        raise InputError(
            f"{path.name}, sheet '{name}': the sheet cannot be read ({answer['failure']}). "
            "Copy its table into a new workbook."
        )
    arrow = Path(folder, f"{number}.arrow")
    cells = pl.read_ipc(arrow.read_bytes()) if arrow.exists() else pl.DataFrame()
    first = int(str(answer["first_column"]))
    cells = cells.rename({old: letter(first + at) for at, old in enumerate(cells.columns)})
    errors: set[tuple[int, str]] = set()
    texts: dict[str, list[tuple[int, str]]] = {}
    listed = answer["errors"]
    for row, column, detail in listed if isinstance(listed, list) else []:
        found = re.search(r"Error\((\w+)\)", detail)
        text = _ERROR_TEXTS.get(found.group(1), "#ERROR!") if found else "#ERROR!"
        place = cells.columns[column]
        errors.add((row + 1, place))
        texts.setdefault(place, []).append((row, text))
    for place, found_errors in texts.items():
        rows, marks = zip(*found_errors, strict=True)
        cells = cells.with_columns(cells[place].clone().scatter(rows, marks))
    return Sheet(
        file=path.name,
        sha256=sha256,
        name=name,
        visible=answer["visible"] == "visible",
        cells=cells,
        first_row=1,
        errors=frozenset(errors),
    )


def _read_text(path: Path) -> tuple[Sheet, ...]:
    data = path.read_bytes()
    text = _decoded(path, data)
    separator = "\t" if path.suffix.lower() in (".tsv", ".tab") else _separator(text)
    try:
        cells = pl.read_csv(
            io.BytesIO(text.encode()),
            has_header=False,
            separator=separator,
            infer_schema=False,
        )
    except pl.exceptions.PolarsError:
        cells = _read_records(path, text, separator)
    names = {old: letter(at) for at, old in enumerate(cells.columns)}
    return (Sheet(path.name, hashlib.sha256(data).hexdigest(), None, True, cells.rename(names), first_row=1),)


def _read_records(path: Path, text: str, separator: str) -> pl.DataFrame:
    """Lines of different lengths, which the fast reader refuses."""
    try:
        records = list(csv.reader(io.StringIO(text, newline=""), delimiter=separator))
    except csv.Error as error:
        raise InputError(f"{path.name}: the text cannot be read as CSV ({error}). Export it again.") from None
    width = max((len(record) for record in records), default=0)
    rows = [[value or None for value in record] + [None] * (width - len(record)) for record in records]
    return pl.DataFrame(rows, schema={f"{at}": pl.String for at in range(width)}, orient="row")


def _decoded(path: Path, data: bytes) -> str:
    if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return data.decode("utf-16", "replace")
    for encoding in _ENCODINGS:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise InputError(f"{path.name}: the characters cannot be read. Save it as CSV in UTF-8.")


def _separator(text: str) -> str:
    """The separator that splits the first lines into the most, and equally many, fields."""
    lines = [line for line in text[:20_000].splitlines()[:20] if line.strip()]

    def fit(separator: str) -> int:
        return min((line.count(separator) for line in lines), default=0) * 1000 + sum(
            line.count(separator) for line in lines
        )

    return max(_SEPARATORS, key=fit)


def _read_parquet(path: Path) -> tuple[Sheet, ...]:
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError) as error:
        raise InputError(
            f"{path.name}: the file cannot be read as Parquet ({error}). Export it again."
        ) from None
    headers = tuple(frame.columns)
    cells = frame.rename({old: letter(at) for at, old in enumerate(headers)})
    return (Sheet(path.name, _sha256(path), None, True, cells, first_row=2, headers=headers),)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_READERS: Mapping[str, Callable[[Path], tuple[Sheet, ...]]] = {
    ".xlsx": _read_workbook,
    ".xlsm": _read_workbook,
    ".xls": _read_workbook,
    ".xlsb": _read_workbook,
    ".ods": _read_workbook,
    ".csv": _read_text,
    ".tsv": _read_text,
    ".txt": _read_text,
    ".parquet": _read_parquet,
}
