"""The check of a workbook's zip directory before anything is unpacked: is it a workbook, and how large?"""

import zipfile
from pathlib import Path

from inputs.roster import InputError

UNPACKED_LIMIT = 1024**3
"""Bytes that a workbook may unpack to."""
RATIO_LIMIT = 200
"""How many times larger than its file a workbook of more than 100 MB unpacked may be."""
_RATIO_FROM = 100 * 1024**2
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")


def check_package(path: Path) -> None:
    """Raises InputError when the file is no workbook or would unpack to more than the limit."""
    with path.open("rb") as file:
        start = file.read(8)
    if start == _OLE:
        if path.suffix.lower() == ".xls":
            return
        raise InputError(
            f"{path.name}: this is an old .xls workbook or one protected by a password. "
            "Save a copy as .xlsx without a password."
        )
    if not start.startswith(b"PK"):
        if path.suffix.lower() == ".xls":
            return
        raise InputError(
            f"{path.name}: this is not a workbook, whatever its name says. Save it again as .xlsx."
        )
    try:
        with zipfile.ZipFile(path) as package:
            entries = package.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError) as error:
        raise InputError(
            f"{path.name}: the workbook is damaged ({error}). Open it and save it again."
        ) from None
    unpacked = sum(entry.file_size for entry in entries)
    too_dense = unpacked > _RATIO_FROM and unpacked > RATIO_LIMIT * path.stat().st_size
    if unpacked > UNPACKED_LIMIT or too_dense:
        raise InputError(
            f"{path.name}: the workbook unpacks to {unpacked / 1024**2:,.0f} MB, more than can be real. "
            "Copy the table into a new workbook, or save it as CSV."
        )
