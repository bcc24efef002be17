"""Formats that no library at hand writes, written by hand for tests: .xlsb, .xls, Strict, protected."""

import struct
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path

_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_XLSB = {
    "[Content_Types].xml": f"""<Types xmlns="{_PACKAGE}/content-types">
        <Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
        <Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/>
        </Types>""",
    "_rels/.rels": f"""<Relationships xmlns="{_PACKAGE}/relationships">
        <Relationship Id="rId1" Type="{_OFFICE}/officeDocument" Target="xl/workbook.bin"/></Relationships>""",
}
_STRICT = (
    (
        "http://schemas.openxmlformats.org/spreadsheetml/2006/main",
        "http://purl.oclc.org/ooxml/spreadsheetml/main",
    ),
    (_OFFICE, "http://purl.oclc.org/ooxml/officeDocument/relationships"),
)


def write_xlsb(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """A binary workbook: records of [MS-XLSB], texts inline, numbers as doubles, `#N/A` as an error."""
    names = list(sheets)
    bundles = b"".join(
        _record(156, struct.pack("<II", 0, at) + _wide(f"rId{at}") + _wide(name))
        for at, name in enumerate(names, start=1)
    )
    workbook = _record(131) + _record(143) + bundles + _record(144) + _record(132)
    relations = "".join(
        f'<Relationship Id="rId{at}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{at}.bin"/>'
        for at in range(1, len(names) + 1)
    )
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, text in _XLSB.items():
            package.writestr(name, text)
        package.writestr("xl/workbook.bin", workbook)
        package.writestr(
            "xl/_rels/workbook.bin.rels",
            f'<Relationships xmlns="{_PACKAGE}/relationships">{relations}</Relationships>',
        )
        for at, rows in enumerate(sheets.values(), start=1):
            package.writestr(f"xl/worksheets/sheet{at}.bin", _sheet(rows))
    return path


def _sheet(rows: Sequence[Sequence[object]]) -> bytes:
    size = struct.pack("<IIII", 0, len(rows) - 1, 0, max(map(len, rows)) - 1)
    body = b""
    for number, row in enumerate(rows):
        body += _record(0, struct.pack("<I", number) + bytes(13))
        body += b"".join(_cell(at, value) for at, value in enumerate(row) if value is not None)
    return _record(129) + _record(148, size) + _record(145) + body + _record(146) + _record(130)


def _cell(at: int, value: object) -> bytes:
    place = struct.pack("<II", at, 0)
    if value == "#N/A":
        return _record(3, place + bytes([42]))
    if isinstance(value, bool):
        return _record(4, place + bytes([value]))
    if isinstance(value, int | float):
        return _record(5, place + struct.pack("<d", value))
    return _record(6, place + _wide(str(value)))


def _record(kind: int, data: bytes = b"") -> bytes:
    head = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    length = len(data)
    size = b""
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return head + size + data


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def write_xls(path: Path, rows: Sequence[Sequence[object]], lock: bytes = b"") -> Path:
    """An old workbook of one sheet, Ratings: records of [MS-XLS], texts as labels, numbers as doubles. With a
    `lock`, which tells the way of encrypting, the rest of it is nonsense."""
    bof = struct.pack("<HHHHII", 0x600, 0x0010, 0, 0x07CC, 0, 6)
    globals_bof = struct.pack("<HHHHII", 0x600, 0x0005, 0, 0x07CC, 0, 6)
    title = struct.pack("<BB", len("Ratings"), 1) + "Ratings".encode("utf-16-le")
    head = _old(0x809, globals_bof) + (_old(0x2F, lock) if lock else b"")
    head += _old(0x42, struct.pack("<H", 1200))
    start = len(head) + len(_old(0x85, bytes(6) + title)) + len(_old(0x0A))
    cells = b"".join(
        _old_cell(row, column, value)
        for row, values in enumerate(rows)
        for column, value in enumerate(values)
        if value is not None
    )
    sheet = _old(0x809, bof) + cells + _old(0x0A)
    kind = 0x5A if lock else 0
    book = head + _old(0x85, struct.pack("<IBB", start, kind, kind) + title) + _old(0x0A) + sheet
    return write_compound(path, {"Workbook": book})


def _old_cell(row: int, column: int, value: object) -> bytes:
    place = struct.pack("<HHH", row, column, 0)
    if isinstance(value, int | float):
        return _old(0x203, place + struct.pack("<d", value))
    text = str(value)
    return _old(0x204, place + struct.pack("<HB", len(text), 1) + text.encode("utf-16-le"))


def _old(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def make_strict(path: Path) -> Path:
    """The workbook at `path` with the namespaces of Strict Office Open XML."""
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            for ours, strict in _STRICT:
                data = data.replace(ours.encode(), strict.encode())
            new.writestr(name, data)
    return path


def write_compound(path: Path, streams: Mapping[str, bytes]) -> Path:
    """A compound file ([MS-CFB], version 3) with streams in its root, each of at least 4,096 bytes, as Office
    wraps a protected workbook."""
    sector = 512
    starts: dict[str, int] = {}
    chain: list[int] = []
    data = b""
    for name, content in streams.items():
        content = content.ljust(4096, b"\0")
        count = -(-len(content) // sector)
        starts[name] = len(chain)
        chain += [*range(len(chain) + 1, len(chain) + count), 0xFFFFFFFE]
        data += content.ljust(count * sector, b"\0")
    entries = [_entry("Root Entry", 5, 1, 0xFFFFFFFE, 0)]
    for at, (name, content) in enumerate(streams.items(), start=1):
        following = at + 1 if at < len(streams) else 0xFFFFFFFF
        entries.append(_entry(name, 2, 0xFFFFFFFF, starts[name], max(len(content), 4096), following))
    while len(entries) % 4:
        entries.append(_entry("", 0, 0xFFFFFFFF, 0, 0))
    directory = len(chain)
    count = len(entries) // 4
    chain += [*range(directory + 1, directory + count), 0xFFFFFFFE]
    table = len(chain)
    chain.append(0xFFFFFFFD)
    fat = struct.pack(f"<{len(chain)}I", *chain).ljust(sector, b"\xff")
    head = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16)
    head += struct.pack("<HHHHH6xIIIIIIIII", 0x3E, 3, 0xFFFE, 9, 6, 0, 1, directory, 0, 4096, 0xFFFFFFFE, 0,
                        0xFFFFFFFE, 0)  # fmt: skip
    head += struct.pack("<109I", table, *[0xFFFFFFFF] * 108)
    path.write_bytes(head + data + b"".join(entries) + fat)
    return path


def _entry(name: str, kind: int, child: int, start: int, size: int, right: int = 0xFFFFFFFF) -> bytes:
    text = name.encode("utf-16-le")
    length = len(text) + 2 if name else 0
    return (
        text.ljust(64, b"\0")
        + struct.pack("<HBBIII", length, kind, 1, 0xFFFFFFFF, right, child)
        + bytes(36)
        + struct.pack("<IQ", start, size)
    )
