"""Reads the sheets of a workbook as text, in a process of its own.

`reading` starts this file as a program, because a damaged or hostile workbook can make the reader take all
memory or abort the interpreter. It imports nothing of the project, so that it starts quickly.

Arguments: the workbook, a folder for the answer, the memory limit in bytes and the time limit in seconds.
The folder then holds `answer.json` and, for every sheet that holds cells, `<number>.arrow`: all columns as
text, all rows from the first row of the sheet on.
"""

import json
import sys
from pathlib import Path
from typing import Any

import fastexcel
import pyarrow as pa


def main(workbook: str, folder: str, memory: int, seconds: int) -> None:
    """Reads every sheet of `workbook` and writes the answer to `folder`."""
    _limit(memory, seconds)
    reader = fastexcel.read_excel(workbook)
    sheets = [_read_sheet(reader, number, Path(folder)) for number in range(len(reader.sheet_names))]
    Path(folder, "answer.json").write_text(json.dumps(sheets), encoding="utf-8")


def _limit(memory: int, seconds: int) -> None:
    """Sets the limits of this process where the operating system has them (Windows has not)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _read_sheet(reader: fastexcel.ExcelReader, number: int, folder: Path) -> dict[str, Any]:
    """Writes one sheet as text and returns its name, visibility, first column and error cells."""
    name = reader.sheet_names[number]
    try:
        # skip_rows=0 keeps the empty rows at the top, so that the rows are numbered as the user sees them
        sheet = reader.load_sheet(number, header_row=None, skip_rows=0, dtypes="string")
    except fastexcel.FastExcelError as error:
        return {"name": name, "visible": "visible", "failure": str(error), "first_column": 0, "errors": []}
    answer: dict[str, Any] = {
        "name": name,
        "visible": sheet.visible,
        "failure": None,
        "first_column": 0,
        "errors": [],
    }
    if sheet.height and sheet.width:
        answer["first_column"] = sheet.selected_columns[0].absolute_index
        batch, errors = sheet.to_arrow_with_errors()
        answer["errors"] = [
            [*error.position, error.detail] for error in (errors.errors if errors is not None else [])
        ]
        with (
            pa.OSFile(str(folder / f"{number}.arrow"), "wb") as sink,
            pa.ipc.new_file(sink, batch.schema) as out,
        ):
            out.write_batch(batch)
    return answer


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))
