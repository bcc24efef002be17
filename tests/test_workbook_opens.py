"""What Excel would offer to repair: rules of the file format that LibreOffice lets pass, held part by part.

The schemas of ECMA-376 say how parts are built; here stands what they do not say and Excel insists on.
"""

import posixpath
import re
import zipfile
from itertools import combinations

import openpyxl
import pytest
from lxml import etree
from openpyxl.formula import Tokenizer
from openpyxl.utils.cell import range_boundaries

from tests.command_line import succeeded
from tests.sample_run import write_few

RELATIONS = "{http://schemas.openxmlformats.org/package/2006/relationships}"
TYPES = "{http://schemas.openxmlformats.org/package/2006/content-types}"
MAIN = {"m": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
CALCULATED = {
    *(
        "AND",
        "COUNTIF",
        "COUNTIFS",
        "EXACT",
        "HYPERLINK",
        "IF",
        "INDEX",
        "INT",
        "ISNA",
        "ISNUMBER",
        "MATCH",
        "OR",
        "ROW",
        "SUM",
    ),
    "SUMPRODUCT",
    "TRIM",
}
"""Functions that every version of Excel and LibreOffice computes alike."""


@pytest.fixture(scope="module", params=["calibration.xlsx", "issues.xlsx", "groups/overview.xlsx", "final"])
def path(request, folder):
    return folder / request.param if request.param != "final" else folder / "calibration-final.xlsx"


@pytest.fixture(scope="module")
def book(path):
    """As openpyxl reads it, for tests that change nothing."""
    return openpyxl.load_workbook(path)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A run of half the shipped sample with groups and guidelines, and two decisions made final."""
    out = tmp_path_factory.mktemp("run") / "out"
    ratings = write_few(out.parent / "ratings.xlsx", people=120)
    assess = ["assess", str(ratings), "--as-of", "2026-06-30", "--group-by", "department"]
    succeeded(*assess, "--guideline", "ready_now=10..20%", "--out", out)
    edited = out.parent / "edited.xlsx"
    book = openpyxl.load_workbook(out / "calibration.xlsx")
    sheet = book["Calibration"]
    header = next(row for row in sheet.iter_rows() if "Decision" in [cell.value for cell in row])
    column = {cell.value: cell.column for cell in header}
    for row in (header[0].row + 1, header[0].row + 2):
        decided = sheet.cell(row, column["Recommendation"]).value
        for name, value in (("Decision", decided), ("Decided by", "Panel"), ("Decided on", "2026-07-01")):
            sheet.cell(row, column[name]).value = value
    book.save(edited)
    succeeded("calibrate", out, edited, "--apply")
    return out


def parts(path):
    with zipfile.ZipFile(path) as archive:
        names = archive.namelist()
        assert len(names) == len(set(names))
        return {name: archive.read(name) for name in names}


def sheets(path):
    """Each sheet's parsed part by its name in the package."""
    held = parts(path)
    return {
        name: etree.fromstring(data) for name, data in held.items() if name.startswith("xl/worksheets/sheet")
    }


def test_every_part_is_declared_and_every_link_between_parts_leads_somewhere(path):
    held = parts(path)
    types = etree.fromstring(held["[Content_Types].xml"])
    extensions = {one.get("Extension") for one in types.findall(f"{TYPES}Default")}
    declared = {one.get("PartName").lstrip("/") for one in types.findall(f"{TYPES}Override")}
    assert declared <= held.keys()
    for name, data in held.items():
        assert name == "[Content_Types].xml" or name in declared or name.rpartition(".")[2] in extensions
        if name.endswith(".rels"):
            folder = posixpath.dirname(posixpath.dirname(name))
            for one in etree.fromstring(data).findall(f"{RELATIONS}Relationship"):
                target = one.get("Target")
                if one.get("TargetMode") != "External":
                    reached = target.lstrip("/") if target.startswith("/") else posixpath.join(folder, target)
                    assert posixpath.normpath(reached) in held


def test_sheets_have_names_that_excel_accepts(book):
    names = book.sheetnames
    assert len({name.lower() for name in names}) == len(names)
    for name in names:
        assert 0 < len(name) <= 31
        assert not re.search(r"[\[\]:*?/\\]|^'|'$", name)
        assert name.lower() != "history"


def test_tables_say_what_stands_in_their_headers_and_keep_apart(book):
    taken = []
    for sheet in book:
        tables = list(sheet.tables.values())
        for table in tables:
            taken += [table.displayName.lower(), f"id {table.id}"]
            assert re.fullmatch(r"[A-Za-z_][A-Za-z0-9_.]*", table.displayName)
            assert not re.fullmatch(r"(?i)[a-z]{1,3}\d+|r\d*c\d*|[rc]", table.displayName)
            left, top, right, bottom = range_boundaries(table.ref)
            assert bottom > top
            shown = [sheet.cell(top, column).value for column in range(left, right + 1)]
            assert [column.name for column in table.tableColumns] == shown
            assert all(isinstance(text, str) and text for text in shown)
            assert len({text.lower() for text in shown}) == len(shown)
            assert len({column.id for column in table.tableColumns}) == len(shown)
            assert table.autoFilter is None or table.autoFilter.ref == table.ref
        areas = [table.ref for table in tables] + [str(merged) for merged in sheet.merged_cells.ranges]
        areas += [sheet.auto_filter.ref] if sheet.auto_filter.ref else []
        assert not [pair for pair in combinations(areas, 2) if overlap(*pair)]
    assert len(set(taken)) == len(taken)


def overlap(one, other):
    left, top, right, bottom = range_boundaries(one)
    left2, top2, right2, bottom2 = range_boundaries(other)
    return left <= right2 and left2 <= right and top <= bottom2 and top2 <= bottom


def test_texts_of_drop_downs_and_messages_are_within_their_limits(book):
    for sheet in book:
        for one in sheet.data_validations.dataValidation:
            formula = one.formula1 or ""
            assert len(formula) <= 255
            limits = ((one.promptTitle, 32), (one.errorTitle, 32), (one.prompt, 255), (one.error, 225))
            assert all(len(text or "") <= most for text, most in limits)


def test_cells_point_at_formats_that_exist(path):
    styles = etree.fromstring(parts(path)["xl/styles.xml"])
    formats = len(styles.findall("m:cellXfs/m:xf", MAIN))
    differential = len(styles.findall("m:dxfs/m:dxf", MAIN))
    assert formats <= 65_490
    for sheet in sheets(path).values():
        assert max((int(cell.get("s", 0)) for cell in sheet.iterfind(".//m:c", MAIN)), default=0) < formats
        for rule in sheet.iterfind(".//m:cfRule", MAIN):
            assert int(rule.get("dxfId", 0)) < max(differential, 1)
            assert int(rule.get("priority")) >= 1


def test_rows_and_columns_and_texts_are_within_the_limits_of_a_sheet(path):
    for sheet in sheets(path).values():
        heights = [float(row.get("ht", 0)) for row in sheet.iterfind(".//m:row", MAIN)]
        widths = [float(column.get("width", 0)) for column in sheet.iterfind(".//m:col", MAIN)]
        assert max(heights, default=0) <= 409
        assert max(widths, default=0) <= 255
        assert len(sheet.findall(".//m:hyperlink", MAIN)) <= 65_530
        rows = [int(row.get("r")) for row in sheet.iterfind(".//m:row", MAIN)]
        assert rows == sorted(set(rows))
        for row in sheet.iterfind(".//m:row", MAIN):
            places = [range_boundaries(cell.get("r"))[0] for cell in row.iterfind("m:c", MAIN)]
            assert places == sorted(set(places))
        for text in sheet.iterfind(".//m:t", MAIN):
            assert len((text.text or "").encode("utf-16-le")) // 2 <= 32_767


def test_formulas_name_what_there_is_and_call_what_every_excel_has(book):
    names = set(book.defined_names)
    tables = {name for sheet in book for name in sheet.tables}
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    check_formula(cell.value, book.sheetnames, names | tables | set(sheet.defined_names))


def check_formula(formula, sheet_names, names):
    assert len(formula) <= 8192
    depth = 0
    for token in Tokenizer(formula).items:
        if token.subtype == "OPEN":
            depth += 1
            if token.type == "FUNC":
                assert token.value.rstrip("(").upper() in CALCULATED, formula
        elif token.subtype == "CLOSE":
            depth -= 1
        elif token.type == "OPERAND" and token.subtype == "RANGE":
            place, mark, area = token.value.rpartition("!")
            if mark:
                assert place.strip("'").replace("''", "'") in sheet_names, formula
            plain = area.replace("$", "")
            known = plain in names or plain.partition("[")[0] in names
            assert known or re.fullmatch(r"[A-Z]{1,3}\d+(:[A-Z]{1,3}\d+)?|[A-Z]+:[A-Z]+|\d+:\d+", plain), (
                formula
            )
    assert depth == 0


def test_links_inside_the_workbook_lead_to_cells_of_its_sheets(book):
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.hyperlink is not None and cell.hyperlink.location:
                    place, _, area = cell.hyperlink.location.rpartition("!")
                    assert place.strip("'").replace("''", "'") in book.sheetnames
                    assert range_boundaries(area)


def test_names_that_are_defined_lead_to_cells(book):
    for name, defined in book.defined_names.items():
        assert re.fullmatch(r"[A-Za-z_\\][A-Za-z0-9_.\\]*", name)
        assert not re.fullmatch(r"(?i)[a-z]{1,3}\d+|r\d*c\d*", name)
        for title, area in defined.destinations:
            assert title in book.sheetnames
            assert range_boundaries(area)
