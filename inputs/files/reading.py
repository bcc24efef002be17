"""Files to sheets: every cell as text (Parquet keeps its types), with the place it came from."""

import hashlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext
from functools import partial
from pathlib import Path
from typing import TypeVar

import polars as pl

from inputs.files.sheets import Sheet, letter
from inputs.files.text_files import read_text_file
from inputs.files.workbooks import begin_workbook
from inputs.roster import InputError

_WORKBOOK_STARTS = (b"PK\x03\x04", bytes.fromhex("d0cf11e0a1b11ae1"))
_MARKUP_STARTS = (b"<html", b"<!doctype html", b"<table", b"<?xml", b"<workbook", b"mime-version:")

_OPEN_MARKS = ("~$", ".~lock.")
_ADVICE: Mapping[str, str] = {
    ".numbers": "Apple Numbers files cannot be read. In Numbers: File, Export To, Excel or CSV.",
    ".fods": "Flat OpenDocument files cannot be read. Save the file as .ods, .xlsx or CSV.",
    ".pdf": "A PDF holds a picture of a table. Ask for the export as .xlsx or CSV.",
    ".doc": "Word files cannot be read. Copy the table into a workbook.",
    ".docx": "Word files cannot be read. Copy the table into a workbook.",
    ".json": "JSON cannot be read. Export a table as .xlsx or CSV.",
    ".xml": "XML cannot be read. Export a table as .xlsx or CSV.",
    ".html": "Web pages cannot be read. Open it in a spreadsheet program and save it as .xlsx.",
    ".htm": "Web pages cannot be read. Open it in a spreadsheet program and save it as .xlsx.",
    ".zip": "Unpack the zip file and give the spreadsheet in it.",
    ".gz": "Unpack the file and give the spreadsheet in it.",
    ".gsheet": "This is a link to a Google sheet. In Google Sheets: File, Download, Microsoft Excel.",
}


Waiting = Callable[[], tuple[Sheet, ...]]
"""Waits for what was begun, and returns the sheets."""
_T = TypeVar("_T")


def read_file(path: Path) -> tuple[Sheet, ...]:
    """The sheets of a file, in its order. Raises InputError when it cannot be read."""
    with begin_file(path) as sheets:
        return sheets()


@contextmanager
def begin_file(path: Path) -> Iterator[Waiting]:
    """Begin to read a file: a workbook is read by another process while this one does other things. Raises
    InputError when it cannot be read, at once where its name or its first bytes tell that."""
    if not path.exists():
        raise InputError(f"{path}: there is no such file. Check the name and the folder.")
    if not path.is_file():
        raise InputError(f"{path}: this is a folder. Give the spreadsheet in it.")
    if path.name != (name := path.name.encode("utf-8", "backslashreplace").decode()):
        raise InputError(f"{name}: the name of the file has bytes that are not text. Rename it.")
    if path.name.startswith(_OPEN_MARKS):
        raise InputError(
            f"{path.name}: this is what Excel or LibreOffice keeps beside a workbook while it is open. Close "
            "the workbook there, and give the workbook itself."
        )
    if path.stat().st_size == 0:
        raise InputError(f"{path.name}: the file is empty (0 bytes). Export or save it again.")
    suffix = path.suffix.lower()
    if suffix in _ADVICE:
        raise InputError(f"{path.name}: {_ADVICE[suffix]}")
    with path.open("rb") as file:
        start = file.read(512)
    begin, note = _reader(path, suffix, start)
    with ExitStack() as stack:
        sheets = _or_input_error(path, lambda: stack.enter_context(begin(path)))
        yield lambda: _noted(_or_input_error(path, sheets), note)


def _or_input_error(path: Path, read: Callable[[], _T]) -> _T:
    """What a reader returns; whatever stops it becomes an InputError."""
    try:
        return read()
    except InputError:
        raise
    except BaseException as error:
        # A crash inside a reader written in Rust arrives as a PanicException, which is not an Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise InputError(_crash(path, error)) from None
        raise


def _noted(sheets: tuple[Sheet, ...], note: str | None) -> tuple[Sheet, ...]:
    return sheets if note is None else tuple(sheet.with_remark(note) for sheet in sheets)


def _begin_text_file(path: Path) -> AbstractContextManager[Waiting]:
    return nullcontext(partial(read_text_file, path))


def _begin_parquet(path: Path) -> AbstractContextManager[Waiting]:
    return nullcontext(partial(_read_parquet, path))


def _reader(
    path: Path, suffix: str, start: bytes
) -> tuple[Callable[[Path], AbstractContextManager[Waiting]], str | None]:
    """The reader for what the file is, and a note when its ending says something else."""
    is_workbook = start.startswith(_WORKBOOK_STARTS)
    if suffix == ".parquet" or start.startswith(b"PAR1"):
        return (
            _begin_parquet,
            None if suffix == ".parquet" else "The file is Parquet, whatever its name says.",
        )
    # Without the marks and zeros of UTF-16.
    plain = start.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t").lower()
    if suffix in (*_WORKBOOKS, *_TEXTS) and plain.startswith(_MARKUP_STARTS):
        named = "workbook" if suffix in _WORKBOOKS else "table"
        raise InputError(
            f"{path.name}: this is a web page named like a {named}, as some HR systems export. Open it in a "
            "spreadsheet program and save it as .xlsx."
        )
    if suffix in _WORKBOOKS:
        if is_workbook:
            old = start.startswith(_WORKBOOK_STARTS[1]) and suffix != ".xls"
            return (
                begin_workbook,
                "The file is an old .xls workbook, whatever its name says." if old else None,
            )
        if _is_text(start):
            return _begin_text_file, "The file is text with separators, not a workbook; it was read as CSV."
        return begin_workbook, None
    if suffix in _TEXTS:
        if is_workbook:
            return begin_workbook, "The file is a workbook, whatever its name says; it was read as one."
        return _begin_text_file, None
    known = ", ".join(sorted((*_WORKBOOKS, *_TEXTS, ".parquet")))
    kind = f"files ending in '{suffix}'" if suffix else "files without an ending such as .xlsx"
    raise InputError(f"{path.name}: {kind} cannot be read. Save it as one of these: {known}.")


_WORKBOOKS = (".xlsx", ".xlsm", ".xltx", ".xls", ".xlsb", ".ods")
_TEXTS = (".csv", ".tsv", ".tab", ".psv", ".txt")


def _is_text(start: bytes) -> bool:
    if start.startswith((b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf")):
        return True
    return not any(byte < 9 or 13 < byte < 32 for byte in start) and any(mark in start for mark in b",;\t|")


def _crash(path: Path, error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return (
        f"{path.name}: the file cannot be read ({lines[0][:160] if lines else type(error).__name__}). Open "
        "it in a spreadsheet program and save it as .xlsx or CSV."
    )


def _read_parquet(path: Path) -> tuple[Sheet, ...]:
    frame = pl.read_parquet(path)
    nested = [name for name, kind in frame.schema.items() if kind.is_nested()]
    frame = frame.drop(nested)
    headers = tuple(frame.columns)
    cells = frame.rename({old: letter(at) for at, old in enumerate(headers)})
    cells = cells.with_columns(
        pl.col(name).cast(pl.String) for name, kind in cells.schema.items() if _is_odd(kind)
    )
    sheet = Sheet(path.name, _sha256(path), None, cells, first_row=2, headers=headers)
    if nested:
        sheet = sheet.with_remark(f"Columns with lists or structures were not read: {', '.join(nested)}.")
    return (sheet,)


def _is_odd(kind: pl.DataType) -> bool:
    """Types that are neither numbers, dates nor text: they are read by their text."""
    return not (kind.is_numeric() or kind in (pl.Date, pl.Datetime, pl.String))


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
