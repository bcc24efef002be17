import re
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl.utils import get_column_letter

from engine import assess, explain
from engine.session import Entry
from reports.shown import GROUPINGS, read_guidelines
from reports.shown.calibration_groups import split
from reports.shown.content import run_of
from reports.shown.session import Session
from reports.workbook import write_workbook
from reports.workbook.by_group import group_workbooks
from reports.workbook.calibration import result_of
from reports.workbook.cells import MAX_TEXT, clean_text
from reports.workbook.layout import CALIBRATION_COLUMNS
from reports.workbook.topics import agenda_of
from rules.pack import BANDS, SignalOverride, Specialisation
from tests.libreoffice import saved_by_libreoffice
from tests.small import CITE, DAY, pack, roster

GUIDELINES = (
    "ready_now=10..19.99%",
    "ready_soon=..21.67%",
    "developing=40%..",
    "insufficient_evidence=20..20%",
)
HOSTILE = ("Core", "core", "=1+1", "R&D *", "00012", "12", "<5", "~x", "Q? \x07", " padded", "#N/A", None)
PEOPLE = tuple(
    {
        "drive:manager": (5, 3.5, 2, None, 4)[n % 5],
        "drive:self": (4, 5, 4.5)[n % 3],
        "specialisation_as_written": ("Growth 7", None, "~Core*")[n % 3],
        "care:manager": (4, 3)[n % 2],
        "department": HOSTILE[n % len(HOSTILE)],
        "manager_name": HOSTILE[-1 - n % len(HOSTILE)],
        "employee_id": f"{n:04d}",
        "employee_name": ("=HYPERLINK(1)", "Ann _x0041_", "Bo\nLine", "+Cy ~?*")[n % 4],
    }
    for n in range(60)
)


LONG = "account_executive_for_small_and_medium_sized_enterprises"


@pytest.fixture(scope="module")
def run():
    assessment = assess(roster(PEOPLE), pack(), DAY)
    told = Session(guidelines=read_guidelines(GUIDELINES), places=7)
    return replace(run_of(assessment, explain(assessment), "0123456789ab"), session=told)


def decisions(run):
    """Some of everything: agreed, changed up and down, aside, without a reason, without a decider."""
    entries = {}
    for n, one in enumerate(run.explanations):
        decided = BANDS[n % 4]
        entries[one.employee_id, one.promotion] = (
            Entry(),
            Entry(decision=one.recommendation, decided_by="Panel", decided_on=date(2026, 7, 1)),
            Entry(decided, "outcomes", "Seen", "Panel", date(2026, 7, 1), "Talk"),
            Entry(decision=decided),
            Entry(reason="No decision"),
        )[n % 5]
    return entries


def formulas(path):
    """Every formula with the value that the file holds for it, by sheet and cell."""
    texts, values = openpyxl.load_workbook(path), openpyxl.load_workbook(path, data_only=True)
    return {
        (sheet.title, cell.coordinate): values[sheet.title][cell.coordinate].value
        for sheet in texts
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def recalculated(path, folder):
    """The workbook with its stored values dropped, calculated anew and saved by LibreOffice."""
    bare = folder / "bare.xlsx"
    openpyxl.load_workbook(path).save(bare)
    return saved_by_libreoffice(bare, folder / "out")


@pytest.mark.parametrize("decided", [False, True], ids=["before the session", "after the session"])
def test_every_formula_calculates_to_the_value_that_the_file_holds(run, tmp_path, decided):
    path = tmp_path / "calibration.xlsx"
    write_workbook(run, path, entries=decisions(run) if decided else {})
    held = formulas(path)
    calculated = openpyxl.load_workbook(recalculated(path, tmp_path), data_only=True)
    wrong = {
        place: (value, calculated[place[0]][place[1]].value)
        for place, value in held.items()
        if (value or None) != (calculated[place[0]][place[1]].value or None)
    }
    assert len(held) > 300
    assert wrong == {}


def test_spaces_around_what_was_pasted_change_no_status_result_or_count(run, tmp_path):
    """They are left out where the workbook is read, too."""
    path = tmp_path / "calibration.xlsx"
    write_workbook(run, path, entries=decisions(run))
    book, held = openpyxl.load_workbook(path), formulas(path)
    keys = [column.key for column in CALIBRATION_COLUMNS]
    decided, empty = keys.index("decision") + 1, [keys.index(key) + 1 for key in ("reason_code", "reason")]
    padded = 0
    for row in range(6, book["Calibration"].max_row + 1):
        cells = book["Calibration"][row]
        for column in (decided, *empty):
            cell = cells[column - 1]
            padded += bool(cell.value)
            cell.value = f"  {str(cell.value or '').replace(' ', '  ')} "
    book.save(path)
    assert padded > 60
    calculated = openpyxl.load_workbook(recalculated(path, tmp_path), data_only=True)
    live = [place for place in held if place[0] in ("Calibration", "Summary", "Agenda")]
    assert {p: calculated[p[0]][p[1]].value or None for p in live} == {p: held[p] or None for p in live}


def test_the_numbers_held_in_the_summary_sheet_are_those_of_the_summary(run, tmp_path):
    write_workbook(run, tmp_path / "calibration.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "calibration.xlsx", data_only=True)["Summary"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    start = next(n for n, row in enumerate(rows) if row[0] == "Band") + 1
    held = {band: rows[start + n][1] for n, band in enumerate(BANDS)}
    assert held == run.overall().counts


def test_guidelines_stand_beside_the_shares_before_and_after_and_are_called_no_quota(run, tmp_path):
    entries = decisions(run)
    write_workbook(run, tmp_path / "calibration.xlsx", entries=entries)
    sheet = openpyxl.load_workbook(tmp_path / "calibration.xlsx", data_only=True)["Summary"]
    rows = [[cell.value for cell in row[:4]] for row in sheet.iter_rows()]
    start = next(n for n, row in enumerate(rows) if row[0] == "Guideline, not a quota") + 2
    found = {row[0]: row[1:] for row in rows[start : start + 4]}
    decided = [result_of(one, entries) for one in run.explanations]
    before = run.overall().counts["ready_now"] / 60
    after = decided.count("ready_now") / 60
    assert found["ready now: 10 to 19.99%"] == [before, after, "above" if after > 0.1999 else "within"]
    assert found["insufficient evidence: 20 to 20%"][0] == 0.2
    assert "nobody has" in rows[start + 4][0]


def test_a_workbook_without_guidelines_has_no_word_of_them(run, tmp_path):
    write_workbook(replace(run, session=Session()), tmp_path / "calibration.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "calibration.xlsx")["Summary"]
    assert not [c for row in sheet.iter_rows() for c in row if c.value and "uideline" in str(c.value)]


def test_the_agenda_shows_what_the_session_has_time_for_and_keeps_the_rest_behind_its_filter(run, tmp_path):
    write_workbook(run, tmp_path / "calibration.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "calibration.xlsx")["Agenda"]
    table = sheet.tables["Agenda_table"]
    (column,) = table.autoFilter.filterColumn
    shown = [
        row[1].value for row in sheet.iter_rows(min_row=6) if not sheet.row_dimensions[row[0].row].hidden
    ]
    hidden = [row[1].value for row in sheet.iter_rows(min_row=6) if sheet.row_dimensions[row[0].row].hidden]
    assert (column.colId, column.filters.filter) == (1, ["In the session", "By consent"])
    assert shown[:7] == ["In the session"] * 7
    assert set(shown[7:]) == {"By consent"}
    assert set(hidden) == {"If time allows"}
    assert len(shown) + len(hidden) == len(agenda_of(run))
    everybody_ready = {one.key for one in run.explanations if one.recommendation == "ready_now"}
    assert everybody_ready <= {turn.known.key for turn in agenda_of(run) if turn.when != "If time allows"}


def test_a_long_name_has_room_wherever_it_stands(tmp_path):
    name = "María del Carmen Fernández de la Vega y Martínez-Bordiú"
    assessment = assess(roster([{**PEOPLE[0], "employee_name": name}]), pack(), DAY)
    write_workbook(run_of(assessment, explain(assessment), "0123456789ab"), tmp_path / "calibration.xlsx")
    book = openpyxl.load_workbook(tmp_path / "calibration.xlsx", data_only=True)
    for sheet, size, letters in (
        ("Agenda", 15, 22),
        ("Session", 30, 30),
        ("Calibration", 15, 21),
        (next(title for title in book.sheetnames if title.startswith("To ")), 15, 21),
    ):
        (cell,) = (cell for row in book[sheet].iter_rows() for cell in row if cell.value == name)
        assert cell.alignment.wrap_text
        assert book[sheet].row_dimensions[cell.row].height >= size * -(-len(name) // letters)


def test_long_titles_of_levels_and_promotions_have_room_on_every_sheet(tmp_path):
    title = "Account Executive for Small and Medium-Sized Enterprises in the North to Regional Director"
    rules = pack(levels=(LONG, "senior"))
    promotion = rules.promotions[0].model_copy(update={"title": title * 2})
    rules = rules.model_copy(update={"promotions": (promotion,)})
    found = assess(roster(PEOPLE[:3], level=LONG), rules, DAY)
    write_workbook(run_of(found, explain(found), "0123456789ab"), tmp_path / "calibration.xlsx")
    book = openpyxl.load_workbook(tmp_path / "calibration.xlsx", data_only=True)
    for sheet, begins, letters in (
        ("Read me", title, 118),
        ("Session", f"{title * 2}; ", 66),
        ("Summary", title, 34),
        ("Summary", LONG.title(), 34),
    ):
        cells = [cell for row in book[sheet].iter_rows() for cell in row]
        cell = next(cell for cell in cells if str(cell.value).startswith(begins))
        assert (book[sheet].row_dimensions[cell.row].height or 0) >= 15 * -(-len(cell.value) // letters)


def test_text_from_the_input_never_becomes_a_formula(run, tmp_path):
    write_workbook(run, tmp_path / "calibration.xlsx", entries=decisions(run))
    book = openpyxl.load_workbook(tmp_path / "calibration.xlsx")
    live = {c.header for c in CALIBRATION_COLUMNS if c.role == "live"} | {"Evidence"}
    sheet = book["Calibration"]
    heads = [cell.value for cell in sheet[5]]
    found = {heads[c.column - 1] for row in sheet.iter_rows(min_row=6) for c in row if c.data_type == "f"}
    assert found == live
    names = [sheet.cell(row, heads.index("Name") + 1) for row in range(6, sheet.max_row + 1)]
    name = next(cell for cell in names if cell.value.startswith("="))
    assert (name.value, name.data_type, name.quotePrefix) == ("=HYPERLINK(1)", "s", True)


def test_a_decision_that_is_cut_and_pasted_elsewhere_takes_no_formula_of_its_row_along(run, tmp_path):
    """Spreadsheet programs have every reference to a cell follow it when it is moved."""
    write_workbook(run, tmp_path / "calibration.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "calibration.xlsx")["Calibration"]
    entered = [get_column_letter(n) for n, c in enumerate(CALIBRATION_COLUMNS, 1) if c.role == "entry"]
    formulas = [cell.value for row in sheet.iter_rows(min_row=6) for cell in row if cell.data_type == "f"]
    assert len(formulas) > len(run.explanations)
    single = re.compile(rf"\b({'|'.join(entered)})\d")
    assert not [text for text in formulas if single.search(text.replace("$", ""))]


def test_the_same_summary_gives_the_same_bytes(run, tmp_path):
    for name in ("one.xlsx", "two.xlsx"):
        write_workbook(run, tmp_path / name, entries=decisions(run))
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()


def test_sheets_are_protected_without_a_password_but_where_the_session_writes(run, tmp_path):
    write_workbook(run, tmp_path / "calibration.xlsx")
    book = openpyxl.load_workbook(tmp_path / "calibration.xlsx")
    assert all(sheet.protection.sheet and not sheet.protection.password for sheet in book)
    locked = {
        c.header: book["Calibration"].cell(6, n).protection.locked
        for n, c in enumerate(CALIBRATION_COLUMNS, start=1)
    }
    assert locked == {c.header: c.role not in ("entry", "mark") for c in CALIBRATION_COLUMNS}


def test_every_sheet_prints_one_page_wide_and_long_tables_repeat_their_header(run, tmp_path):
    write_workbook(run, tmp_path / "calibration.xlsx")
    book = openpyxl.load_workbook(tmp_path / "calibration.xlsx")
    for sheet in book:
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert (sheet.page_setup.fitToWidth, sheet.page_setup.orientation) == (1, "landscape")
        for table in sheet.tables.values():
            header = table.ref.split(":")[0].lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
            assert sheet.print_title_rows == f"${header}:${header}"
    assert not any(sheet.merged_cells.ranges for sheet in book)


def test_every_chart_has_a_text_alternative(run, tmp_path):
    write_workbook(run, tmp_path / "calibration.xlsx")
    with zipfile.ZipFile(tmp_path / "calibration.xlsx") as parts:
        charts = [name for name in parts.namelist() if name.startswith("xl/charts/")]
        drawing = parts.read("xl/drawings/drawing1.xml").decode()
    assert len(charts) == drawing.count("descr=") == 2


def test_the_people_in_the_file_add_up_on_the_sheets(run, tmp_path):
    write_workbook(run, tmp_path / "calibration.xlsx")
    book = openpyxl.load_workbook(tmp_path / "calibration.xlsx")
    assert "60 + 0 = 60: everybody is accounted for" in book["Summary"]["A6"].value


@pytest.mark.parametrize("by", GROUPINGS)
def test_groups_hold_everybody_once_and_nobody_else(run, by):
    parts = split(run, by)
    members = [one.employee_id for _, part in parts for one in part.explanations]
    assert sorted(members) == sorted(one.employee_id for one in run.explanations)


def test_a_group_workbook_names_nobody_outside_the_group(run, tmp_path):
    for number, (group, part) in enumerate(split(run, "department")):
        path = tmp_path / f"{number}.xlsx"
        write_workbook(part, path, group=group)
        with zipfile.ZipFile(path) as parts:
            content = b"".join(parts.read(name) for name in parts.namelist()).decode()
        own = {one.employee_id for one in part.explanations}
        others = {one.employee_id for one in run.explanations} - own
        assert all(f">{one}<" in content for one in own)
        assert not [one for one in others if f">{one}<" in content or f">{one} " in content]


@given(st.text(max_size=300))
def test_cleaned_text_holds_only_what_a_sheet_can_hold_and_stays_as_it_is_when_cleaned_again(text):
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert not any(ord(c) < 32 and c not in "\t\n" for c in cleaned)
    cleaned.encode("utf-8")


@pytest.mark.parametrize("text", ["x" * 40_000, "\N{GRINNING FACE}" * 20_000, "a\n" * 20_000])
def test_text_over_the_limits_of_a_cell_is_cut_and_says_so(text):
    cleaned = clean_text(text)
    assert len(cleaned.encode("utf-16-le")) // 2 <= MAX_TEXT
    assert cleaned.endswith("(cut: a cell holds no more)")
    assert cleaned.count("\n") <= 253


def test_each_group_has_a_workbook_and_the_overview_counts_them(run, tmp_path):
    for by, below in (("level", "one"), ("manager", "several")):
        for piece in group_workbooks(run, by, tmp_path / below):
            piece()
    paths = set((tmp_path / "several").iterdir()) - {tmp_path / "several" / "overview.xlsx"}
    assert len(paths) == len({one["manager_name"] for one in PEOPLE})
    overview = openpyxl.load_workbook(tmp_path / "one" / "overview.xlsx", data_only=True)["Groups"]
    assert [cell.value for cell in overview[6]][:3] == ["Junior", 60, 0]


def test_evidence_stands_under_its_own_signal_where_a_specialisation_makes_another_one_core(tmp_path):
    asks = [
        SignalOverride(promotion="up", signal="drive", importance="supporting", reason="Less of it."),
        SignalOverride(
            promotion="up", signal="care", importance="core", bar=Decimal(3), reason="More of it."
        ),
    ]
    kind = Specialisation(id="carer", title="Carer", about="Cares.", signal_overrides=tuple(asks), cite=CITE)
    people = [{"drive:manager": 5, "care:manager": 3, "specialisation": name} for name in (None, "carer")]
    assessment = assess(roster(people), pack().model_copy(update={"specialisations": (kind,)}), DAY)
    write_workbook(run_of(assessment, explain(assessment), "0"), tmp_path / "calibration.xlsx")
    book = openpyxl.load_workbook(tmp_path / "calibration.xlsx")
    heads, plain, carer = ([cell.value for cell in row] for row in book["To Senior"].iter_rows(min_row=5))
    assert heads[6:8] == ["Drive\ncore, bar 4", "Care\nsupporting, bar 3.5"]
    assert plain[6:8] == ["M  5 | –", "N  3 | –"]
    assert carer[6:8] == ["M  5 | – *", "M  3 | – *"]
    details = [[cell.value for cell in row] for row in book["Details"].iter_rows(min_row=4)]
    asked = dict(zip(details[0], details[2], strict=True))["Asked differently"]
    assert asked.splitlines() == [
        "Of a Carer:",
        "Drive: Counts as supporting, not as core. The bar is 3.5, not 4. Less of it.",
        "Care: Counts as core, not as supporting. The bar is 3, not 3.5. More of it.",
    ]
    assert "By specialisation" in [row[0].value for row in book["Summary"].iter_rows()]
