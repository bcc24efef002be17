"""Workbooks as files that are the same, byte for byte, for the same content."""

import re
from collections.abc import Iterable
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import IO
from zipfile import ZIP64_LIMIT, ZIP_DEFLATED, ZipFile, ZipInfo

from openpyxl import Workbook
from openpyxl.writer.excel import ExcelWriter

PART_DATE = (1980, 1, 1, 0, 0, 0)
"""The date of every part inside the file; a real one would make two equal runs differ."""
_MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*(</dcterms:modified>)")


class DatedZip(ZipFile):
    """The file that openpyxl writes a workbook's parts to, with fixed dates; `stamp` is its last change."""

    def __init__(self, file: Path | IO[bytes], stamp: datetime, longest: int = 0) -> None:
        """Open a new file, or one that is open; `longest` is how many bytes its longest part has, if many."""
        self._long = longest > ZIP64_LIMIT // 2
        super().__init__(file, "w", ZIP_DEFLATED, compresslevel=6)
        self._stamp = f"{stamp:%Y-%m-%dT%H:%M:%SZ}".encode()

    def write(  # type: ignore[override]
        self, filename: str | PathLike[str], arcname: str | PathLike[str] | None = None
    ) -> None:
        """Take a part from a file: openpyxl hands its sheets over this way."""
        self.writestr(str(arcname), Path(filename).read_bytes())

    def writestr(  # type: ignore[override]
        self, name: str | ZipInfo, data: str | bytes
    ) -> None:
        """Take a part and write it with a fixed date."""
        part = name if isinstance(name, str) else name.filename
        info = ZipInfo(part, PART_DATE)
        info.compress_type = ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self.open(info, "w", force_zip64=self._long) as file:
            for piece in self.completed(part, data.encode("utf-8") if isinstance(data, str) else data):
                file.write(piece)

    def completed(self, part: str, payload: bytes) -> Iterable[bytes]:
        """A part as it is written, piece by piece."""
        if part != "docProps/core.xml":
            return [payload]
        return [_MODIFIED.sub(rb"\g<1>" + self._stamp + rb"\g<2>", payload)]


def write_book(book: Workbook, archive: DatedZip) -> None:
    """Write a workbook into the file, and close it."""
    with archive:
        ExcelWriter(book, archive).write_data()
