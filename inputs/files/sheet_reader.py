"""Reads the sheets of a workbook as text, in a process of its own.

`workbooks` starts this file as a program, because a damaged or hostile workbook can make the reader take all
memory or abort the interpreter. It imports nothing of the project, so that it starts quickly.

Arguments: the workbook, a folder for the answer, the memory limit in bytes and the time limit in seconds.
The folder then holds `answer.json` and, for every sheet that holds cells, `<number>.arrow`: a stream of Arrow
with all columns as text, all rows from the first row of the sheet on.
"""

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any, Self

# Both libraries take numpy in when it is there; they read without it, and start in half the time.
sys.modules["numpy"] = None  # type: ignore[assignment]

import fastexcel  # noqa: E402
import nanoarrow  # noqa: E402
from nanoarrow.c_array import CArray  # noqa: E402
from nanoarrow.c_array_stream import CArrayStream  # noqa: E402
from nanoarrow.ipc import StreamWriter  # noqa: E402

SHEET_LIMIT = 200


class _Reader:
    """Stands in for pyarrow's reader: fastexcel tells where the error cells are only together with the cells
    for pyarrow, which is ten times its own size. It gives them by the address of a stream of one array."""

    def __init__(self, cells: CArray) -> None:
        self._cells = cells

    @classmethod
    def _import_from_c(cls, address: int) -> Self:
        return cls(CArrayStream(None, address).get_next())

    def read_next_batch(self) -> CArray:
        return self._cells


_pyarrow: Any = ModuleType("pyarrow")
_pyarrow.RecordBatchReader = _Reader
sys.modules["pyarrow"] = _pyarrow


def main(workbook: str, folder: str, memory: int, seconds: int) -> None:
    """Reads every sheet of `workbook` and writes the answer to `folder`."""
    _limit(memory, seconds)
    remark = None
    try:
        # By its bytes, because some files have the wrong ending.
        reader = fastexcel.read_excel(Path(workbook).read_bytes())
        numbers = range(min(len(reader.sheet_names), SHEET_LIMIT))
        sheets = [_read_sheet(reader, number, Path(folder)) for number in numbers]
    except fastexcel.FastExcelError as refused:
        error = _with_reason(workbook, refused)
        if "password" in str(error).lower():
            raise error from None
        sheets = _read_with_openpyxl(workbook, Path(folder), error)
        remark = "The usual reader refused the workbook; a second one read it."
    answer = {"sheets": sheets, "remark": remark}
    Path(folder, "answer.json").write_text(json.dumps(answer), encoding="utf-8", newline="\n")


def _limit(memory: int, seconds: int) -> None:
    """Sets the limits of this process where the operating system has them (Windows has not)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _with_reason(workbook: str, refused: Exception) -> Exception:
    """The reader's error for the file by its name, which says more than the one for its bytes."""
    try:
        fastexcel.read_excel(workbook)
    except fastexcel.FastExcelError as error:
        return error
    return refused


def _read_sheet(reader: fastexcel.ExcelReader, number: int, folder: Path) -> dict[str, Any]:
    """Writes one sheet as text and returns its name, visibility, first column and error cells."""
    answer = _answer(reader.sheet_names[number])
    try:
        # skip_rows=0 keeps the empty rows at the top, so that the rows are numbered as the user sees them
        sheet = reader.load_sheet(number, header_row=None, skip_rows=0, dtypes="string")
    except fastexcel.FastExcelError as error:
        if "not a valid worksheet" in str(error) or "not a worksheet" in str(error).lower():
            return answer
        raise
    answer["visible"] = sheet.visible
    if sheet.height and sheet.width:
        answer["first_column"] = sheet.selected_columns[0].absolute_index
        cells, errors = sheet.to_arrow_with_errors()
        answer["errors"] = [
            [*error.position, error.detail] for error in (errors.errors if errors is not None else [])
        ]
        _write(cells, folder / f"{number}.arrow")
    return answer


def _read_with_openpyxl(workbook: str, folder: Path, refused: Exception) -> list[dict[str, Any]]:
    """The second reader, for packages that the first refuses; raises the first one's error when it
    cannot."""
    import openpyxl

    try:
        book = openpyxl.load_workbook(workbook, read_only=True, data_only=True)
    except Exception:
        raise refused from None
    answers = []
    for number, sheet in enumerate(book.worksheets):
        sheet.reset_dimensions()
        rows = [[_text(value) for value in row] for row in sheet.iter_rows(values_only=True)]
        width = max(map(len, rows), default=0)
        columns = [[row[at] if at < len(row) else None for row in rows] for at in range(width)]
        if width:
            _write(_table(columns), folder / f"{number}.arrow")
        answers.append(_answer(sheet.title) | {"visible": sheet.sheet_state})
    return answers


def _answer(name: str) -> dict[str, Any]:
    return {"name": name, "visible": "visible", "first_column": 0, "errors": []}


def _text(value: object) -> str | None:
    return None if value is None else str(value)


def _table(columns: list[list[str | None]]) -> CArray:
    text = nanoarrow.string()
    kind = nanoarrow.struct({str(at): text for at in range(len(columns))})
    parts = [nanoarrow.c_array(column, text) for column in columns]
    return nanoarrow.c_array_from_buffers(kind, len(columns[0]), [None], children=parts)


def _write(table: CArray, path: Path) -> None:
    with path.open("wb") as file, StreamWriter.from_writable(file) as out:
        out.write_array(table)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
