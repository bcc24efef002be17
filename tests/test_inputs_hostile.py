"""Files that are damaged, hostile, or not what their name says: a sentence, or read and said."""

import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from datetime import date
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from inputs import InputError
from inputs.loading import load_roster
from tests.inputs_formats import make_strict, write_compound, write_xls, write_xlsb
from tests.inputs_outcome import LACKING
from tests.inputs_vocabulary import DAY, VOCABULARY

HEADER = ["Employee ID", "Level", "Hire Date", "Communication (manager)"]
ROW = ["E1", "Senior PM", date(2020, 1, 31), 4]
CSV = "Employee ID,Level,Communication (manager)\nE1,Senior PM,4\n"
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"


def workbook(path: Path) -> Path:
    book = openpyxl.Workbook()
    book.active.append(HEADER)
    book.active.append(ROW)
    book.save(path)
    return path


def with_part(path: Path, part: str, change: Callable[[bytes], bytes]) -> Path:
    """The workbook with one of its parts changed."""
    workbook(path)
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist()}
    parts[part] = change(parts[part])
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return path


def sheet_with(path: Path, rows: str) -> Path:
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData>{rows}</sheetData></worksheet>'.encode()
    return with_part(path, "xl/worksheets/sheet1.xml", lambda _: sheet)


def made(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


def bomb(path: Path) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        package.writestr("xl/worksheets/sheet1.xml", b" " * (120 * 1024**2))
    return path


def numbers(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("Index/Document.iwa", b"x")
    return path


def broken_parquet(path: Path) -> Path:
    pl.DataFrame({"Employee ID": ["E1"] * 500}).write_parquet(path)
    data = bytearray(path.read_bytes())
    data[4 : len(data) // 2] = bytes(byte ^ 0x5A for byte in data[4 : len(data) // 2])
    return made(path, bytes(data))


ENTITY = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + b"".join(b'<!ENTITY %s "%s">' % (bytes([98 + n]), b"&%s;" % bytes([97 + n]) * 10) for n in range(12))
    + b']><worksheet xmlns="%s"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&m;</t></is></c></row>'
    b"</sheetData></worksheet>" % MAIN.encode()
)
SECRET = (
    b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY s SYSTEM "file:///etc/hostname">]>'
    b'<worksheet xmlns="%s"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>&s;</t></is></c></row>'
    b"</sheetData></worksheet>" % MAIN.encode()
)

STOPS: dict[str, tuple[Callable[[Path], Path], str]] = {
    "no file": (lambda folder: folder / "absent.xlsx", "there is no such file"),
    "a folder": (lambda folder: folder, "this is a folder"),
    "an empty file": (lambda folder: made(folder / "a.xlsx", b""), "the file is empty"),
    "random bytes": (lambda folder: made(folder / "a.xlsx", bytes(range(256)) * 20), "not a workbook"),
    "a workbook cut off": (
        lambda folder: made(folder / "b.xlsx", workbook(folder / "a.xlsx").read_bytes()[:-400]),
        "damaged or cut off",
    ),
    "a zip that is no workbook": (
        lambda folder: numbers_free_zip(folder / "a.xlsx"),
        "cannot be read as a workbook",
    ),
    "a zip bomb": (lambda folder: bomb(folder / "a.xlsx"), "unpacks to 120 MB"),
    "an Apple Numbers file": (lambda folder: numbers(folder / "a.xlsx"), "Apple Numbers"),
    "a .numbers name": (lambda folder: made(folder / "a.numbers", b"x"), "Apple Numbers"),
    "a flat OpenDocument": (lambda folder: made(folder / "a.fods", b"x"), "Flat OpenDocument"),
    "a PDF": (lambda folder: made(folder / "a.pdf", b"%PDF"), "A PDF holds a picture"),
    "an unknown ending": (lambda folder: made(folder / "a.dat", b"x,y"), "files ending in '.dat'"),
    "no ending": (lambda folder: made(folder / "ratings", b"x,y"), "files without an ending"),
    "a web page named .xls": (
        lambda folder: made(folder / "a.xls", b"<html><table><tr><td>id</td></tr></table></html>"),
        "this is a web page",
    ),
    "a web page in UTF-16 named .xls": (
        lambda folder: made(folder / "a.xls", "<html><table><tr><td>id</td></tr></table>".encode("utf-16")),
        "this is a web page named like a workbook",
    ),
    "a web page named .csv": (
        lambda folder: made(folder / "a.csv", b"\r\n<table><tr><td>id</td></tr></table>"),
        "this is a web page named like a table",
    ),
    "a protected workbook": (
        lambda folder: write_compound(folder / "a.xlsx", PROTECTED),
        "the workbook is protected by a password",
    ),
    "a protected workbook named .xls": (
        lambda folder: write_compound(folder / "a.xls", PROTECTED),
        "the workbook is protected by a password",
    ),
    "a protected workbook named .csv": (
        lambda folder: write_compound(folder / "a.csv", PROTECTED),
        "the workbook is protected by a password",
    ),
    "a workbook of Excel 97 with a password": (
        lambda folder: write_xls(folder / "a.xls", [HEADER], lock=bytes((1, 0, 1, 0, 1, 0))),
        "the workbook is protected by a password",
    ),
    "a workbook of Excel 97 with a password of the oldest kind": (
        lambda folder: write_xls(folder / "a.xls", [HEADER], lock=bytes((0, 0, 52, 18, 120, 86))),
        "the workbook is protected by a password",
    ),
    "a protected OpenDocument": (
        lambda folder: protected_ods(folder / "a.ods"),
        "the workbook is protected by a password",
    ),
    "a Word file named .xls": (
        lambda folder: write_compound(folder / "a.xls", {"WordDocument": b""}),
        "this is a Word file",
    ),
    "an old Office file that is no workbook": (
        lambda folder: write_compound(folder / "a.xls", {"Contents": b""}),
        "but not a workbook",
    ),
    "a damaged old workbook": (
        lambda folder: write_compound(folder / "a.xls", {"Workbook": b"\xff" * 9000}),
        "cannot be read as a workbook",
    ),
    "a binary workbook without its sheets": (
        lambda folder: without_part(
            write_xlsb(folder / "a.xlsb", {"Ratings": [HEADER]}), "xl/worksheets/sheet1.bin"
        ),
        "a.xlsb: ",
    ),
    "a cell at the far corner": (
        lambda folder: sheet_with(
            folder / "a.xlsx",
            '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row><row r="1"><c r="A1"><v>1</v></c></row>',
        ),
        "more than 3 GB of memory",
    ),
    "a row number beyond the sheet": (
        lambda folder: sheet_with(
            folder / "a.xlsx",
            '<row r="1"><c r="A1"><v>1</v></c></row>'
            '<row r="4000000000"><c r="A4000000000"><v>1</v></c></row>',
        ),
        "a.xlsx",
    ),
    "a billion laughs": (
        lambda folder: with_part(folder / "a.xlsx", "xl/worksheets/sheet1.xml", lambda _: ENTITY),
        "a.xlsx",
    ),
    "an external entity": (
        lambda folder: with_part(folder / "a.xlsx", "xl/worksheets/sheet1.xml", lambda _: SECRET),
        "a.xlsx",
    ),
    "a sheet that is no XML": (
        lambda folder: with_part(folder / "a.xlsx", "xl/worksheets/sheet1.xml", lambda _: b"<worksheet><"),
        "a.xlsx",
    ),
    "a broken Parquet file": (lambda folder: broken_parquet(folder / "a.parquet"), "cannot be read"),
    "text named .parquet": (lambda folder: made(folder / "a.parquet", CSV.encode()), "cannot be read"),
    "zero bytes in a text file": (lambda folder: made(folder / "a.csv", b"a\0b,c\n" * 50), "not a text file"),
}


PROTECTED = {"EncryptionInfo": bytes(200), "EncryptedPackage": bytes(range(256)) * 40}


def without_part(path: Path, part: str) -> Path:
    with zipfile.ZipFile(path) as old:
        parts = {name: old.read(name) for name in old.namelist() if name != part}
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return path


def protected_ods(path: Path) -> Path:
    manifest = "urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        package.writestr("content.xml", bytes(range(256)))
        package.writestr(
            "META-INF/manifest.xml",
            f'<manifest:manifest xmlns:manifest="{manifest}"><manifest:file-entry '
            'manifest:full-path="content.xml" manifest:media-type="text/xml"><manifest:encryption-data/>'
            "</manifest:file-entry></manifest:manifest>",
        )
    return path


def numbers_free_zip(path: Path) -> Path:
    with zipfile.ZipFile(path, "w") as package:
        package.writestr("hello.txt", "hello")
    return path


@pytest.mark.parametrize("name", STOPS)
def test_what_cannot_be_read_ends_in_a_sentence(name: str, tmp_path: Path) -> None:
    make, words = STOPS[name]
    with pytest.raises(InputError) as stopped:
        load_roster([make(tmp_path)], VOCABULARY, DAY)
    assert words in str(stopped.value)
    assert "Traceback" not in str(stopped.value)


def test_the_content_of_other_files_never_reaches_the_message(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the-secret-word")
    hostile = SECRET.replace(b"/etc/hostname", str(secret).encode())
    path = with_part(tmp_path / "a.xlsx", "xl/worksheets/sheet1.xml", lambda _: hostile)
    with pytest.raises(InputError) as stopped:
        load_roster([path], VOCABULARY, DAY)
    assert "the-secret-word" not in str(stopped.value)


def read(path: Path) -> tuple[list[str], list[str]]:
    roster = load_roster([path], VOCABULARY, DAY)
    kinds = [issue.kind for issue in roster.issues if issue.kind not in LACKING]
    return roster.people["employee_id"].to_list(), kinds


def test_a_text_file_named_like_a_workbook_is_read_and_said(tmp_path: Path) -> None:
    assert read(made(tmp_path / "a.xls", CSV.encode())) == (["E1"], ["file_read"])


def test_a_workbook_named_like_a_text_file_is_read_and_said(tmp_path: Path) -> None:
    assert read(workbook(tmp_path / "a.xlsx").rename(tmp_path / "a.csv")) == (["E1"], ["file_read"])


def test_a_wrong_dimension_loses_no_cell(tmp_path: Path) -> None:
    path = with_part(
        tmp_path / "a.xlsx",
        "xl/worksheets/sheet1.xml",
        lambda part: part.replace(b'<dimension ref="A1:D2"', b'<dimension ref="A1:A1"'),
    )
    assert read(path) == (["E1"], [])


def test_dates_count_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(HEADER)
    book.active.append(["E1", "Senior PM", 42399, 4])
    book.active.append(["E2", "Senior PM", date(2020, 1, 31), 4])
    book.save(tmp_path / "mac.xlsx")
    roster = load_roster([tmp_path / "mac.xlsx"], VOCABULARY, DAY)
    assert roster.people["hire_date"].to_list() == [date(2020, 1, 31), date(2020, 1, 31)]


@pytest.mark.parametrize("mac", [False, True])
def test_a_date_in_digits_that_a_cell_shows_as_a_date_is_that_date(mac: bool, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    if mac:
        book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(HEADER)
    for at, number in enumerate((20200131, "20200131", 20209999)):
        book.active.append([f"E{at}", "Senior PM", number, 4])
        book.active.cell(at + 2, 3).number_format = "yyyy-mm-dd"
    book.save(tmp_path / "digits.xlsx")
    roster = load_roster([tmp_path / "digits.xlsx"], VOCABULARY, DAY)
    assert roster.people["hire_date"].to_list() == [date(2020, 1, 31), date(2020, 1, 31), None]
    (issue,) = (one for one in roster.issues if one.kind == "unreadable_date")
    assert (issue.value, issue.problem) == ("20209999", "'20209999' is not a date.")


def test_a_date_beyond_all_calendars_is_told(tmp_path: Path) -> None:
    path = made(
        tmp_path / "a.csv", b"Employee ID,Level,Hire Date,Delegation (manager)\nE1,PM,+57317-02-30,4\n"
    )
    assert "unreadable_date" in [issue.kind for issue in load_roster([path], VOCABULARY, DAY).issues]


def test_a_far_stray_cell_in_the_last_row_is_read(tmp_path: Path) -> None:
    rows = "".join(
        f'<row r="{number}">'
        + "".join(
            f'<c r="{column}{number}" t="inlineStr"><is><t>{text}</t></is></c>'
            for column, text in zip("ABC", texts, strict=True)
        )
        + "</row>"
        for number, texts in (
            (1, ("Employee ID", "Level", "Communication (manager)")),
            (2, ("E1", "Senior PM", "4")),
            (900_000, ("E2", "Senior PM", "3")),
        )
    )
    roster = load_roster([sheet_with(tmp_path / "a.xlsx", rows)], VOCABULARY, DAY)
    assert roster.people["row"].to_list() == [2, 900_000]


def test_typed_parquet_columns_are_read_exactly(tmp_path: Path) -> None:
    frame = pl.DataFrame(
        {
            "Employee ID": [7, 8],
            "Level": ["Senior PM", "PM"],
            "Hire Date": [date(2020, 1, 31), None],
            "Communication (self)": [3.45, float("nan")],
            "Communication (manager)": [4, 5],
            "Tags": [["a"], ["b"]],
        }
    )
    frame.write_parquet(tmp_path / "a.parquet")
    roster = load_roster([tmp_path / "a.parquet"], VOCABULARY, DAY)
    assert roster.people["employee_id"].to_list() == ["7", "8"]
    assert roster.ratings["communication:self"].to_list() == [345 * 252_000, None]
    assert str(roster.cell(1, "communication:manager")) == "E3"
    assert {issue.kind for issue in roster.issues} >= {"file_read"}


@pytest.mark.skipif(sys.platform == "win32", reason="the process of the reader has no limits there")
def test_the_reader_of_workbooks_runs_in_a_process_of_its_own(tmp_path: Path) -> None:
    rows = '<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'
    path = sheet_with(tmp_path / "a.xlsx", rows)
    program = (
        "from pathlib import Path\nfrom inputs import InputError\nfrom inputs.files import read_file\n"
        f"try:\n    read_file(Path({str(path)!r}))\nexcept InputError:\n    print('alive')\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "alive"


def test_a_zip_that_lies_about_its_sizes_is_stopped(tmp_path: Path) -> None:
    path = bomb(tmp_path / "a.xlsx")
    data = bytearray(path.read_bytes())
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = struct.pack("<I", 1000)  # the unpacked size that the directory tells
    with pytest.raises(InputError):
        load_roster([made(tmp_path / "b.xlsx", bytes(data))], VOCABULARY, DAY)


def test_a_binary_workbook_is_read_with_the_places_of_its_cells(tmp_path: Path) -> None:
    rows = [
        ["Ratings of May"],
        ["Employee ID", "Level", "Communication (self)", "Communication (manager)"],
        ["E1", "Senior PM", 3.5, 4],
        ["E2", "Senior PM", True, "#N/A"],
    ]
    path = write_xlsb(tmp_path / "a.xlsb", {"Notes": [["By Friday"]], "Ratings": rows})
    roster = load_roster([path], VOCABULARY, DAY)
    assert roster.people["employee_id"].to_list() == ["E1", "E2"]
    assert roster.ratings["communication:self"].to_list() == [35 * 2_520_000, None]
    assert str(roster.cell(0, "communication:manager")) == "Ratings!D3"
    said = [f"{issue.kind} {issue.cell}" for issue in roster.issues if issue.kind not in LACKING]
    told = ["sheet_not_used Notes", "unreadable_rating Ratings!C4", "error_cell Ratings!D4"]
    assert said == ["file_read Notes", *told]


@pytest.mark.parametrize(("name", "said"), [("a.xls", ["file_read"]), ("a.xlsx", ["file_read"] * 2)])
def test_an_old_workbook_is_read_whatever_its_name_says(name: str, said: list[str], tmp_path: Path) -> None:
    rows = [["Employee ID", "Level", "Communication (manager)"], ["007", "Senior PM", 4.5]]
    path = write_xls(tmp_path / name, rows)
    assert read(path) == (["007"], said)
    roster = load_roster([path], VOCABULARY, DAY)
    assert str(roster.cell(0, "communication:manager")) == "Ratings!C2"


def test_a_strict_workbook_is_read_with_what_its_parts_say_beside_the_cells(tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    book.epoch = openpyxl.utils.datetime.CALENDAR_MAC_1904
    book.active.append(HEADER)
    book.active.append(ROW)
    book.active.append(["E2", "Senior PM", None, 4])
    book.active.row_dimensions[3].hidden = True
    book.save(tmp_path / "a.xlsx")
    roster = load_roster([make_strict(tmp_path / "a.xlsx")], VOCABULARY, DAY)
    assert roster.people["hire_date"].to_list() == [date(2020, 1, 31), None]
    assert "hidden_rows" in {issue.kind for issue in roster.issues}


TEXT = "<c t='inlineStr'><is><t>{}</t></is></c>"
HEADED = f"<row>{''.join(map(TEXT.format, HEADER[:2] + HEADER[3:]))}</row>"
PERSON = TEXT.format("E1") + TEXT.format("Senior PM")


@pytest.mark.parametrize(
    ("row", "kinds"),
    [
        ("<row hidden='1'>{}<c><v>4</v></c></row>", ["hidden_rows"]),
        ("<x:row xmlns:x='" + MAIN + "' hidden='true'>{}<x:c><x:v>4</x:v></x:c></x:row>", ["hidden_rows"]),
        ("<row hidden='&#49;'>{}<c><v>4</v></c></row><!-- <f -->", ["hidden_rows"]),
        ("<!-- <row r='2' hidden='1'> --><row>{}<c><v>4</v></c></row>", []),
        ("<row>{}<c><v>4</v></c><c><f>A1</f><v/></c></row>", ["formula_without_value"]),
        ("<row>{}<c><v>4</v></c><c t='str'><f>IF(A1=1,1,\"\")</f><v></v></c></row>", []),
        ("<row>{}<c><f t='shared' si='0'/><v>4</v></c></row>", []),
    ],
)
def test_what_a_sheet_says_of_its_rows_and_formulas_is_read_as_xml(
    row: str, kinds: list[str], tmp_path: Path
) -> None:
    path = sheet_with(tmp_path / "a.xlsx", HEADED + row.format(PERSON))
    assert read(path) == (["E1"], kinds)


def test_dates_that_a_strict_workbook_writes_out_are_read(tmp_path: Path) -> None:
    rows = (
        '<row r="1"><c r="A1" t="inlineStr"><is><t>Employee ID</t></is></c>'
        '<c r="B1" t="inlineStr"><is><t>Level</t></is></c>'
        '<c r="C1" t="inlineStr"><is><t>Hire Date</t></is></c>'
        '<c r="D1" t="inlineStr"><is><t>Communication (manager)</t></is></c></row>'
        '<row r="2"><c r="A2" t="inlineStr"><is><t>E1</t></is></c>'
        '<c r="B2" t="inlineStr"><is><t>Senior PM</t></is></c><c r="C2" t="d"><v>2020-01-31</v></c>'
        '<c r="D2"><v>4</v></c></row>'
    )
    path = make_strict(sheet_with(tmp_path / "a.xlsx", rows))
    assert load_roster([path], VOCABULARY, DAY).people["hire_date"].to_list() == [date(2020, 1, 31)]
