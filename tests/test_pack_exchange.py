"""Packs as workbooks of decision tables and back, copies of packs, and the reference of a pack."""

from collections.abc import Iterator
from decimal import Decimal
from difflib import ndiff
from pathlib import Path
from types import UnionType
from typing import Any, get_args, get_origin
from zipfile import ZipFile

import pytest
from openpyxl import load_workbook
from openpyxl.cell import Cell
from openpyxl.worksheet.worksheet import Worksheet

from reports.handbook import render_reference
from rules import PackError, RulePack, load_pack, pack_names
from rules.decision_tables import read_tables, write_tables
from rules.decision_tables.layout import SETTINGS, TABLES, WORDS
from rules.loader import SHIPPED
from rules.schema import LINE
from rules.values import Part
from rules.writer import write_pack
from tests.command_line import call, succeeded
from tests.libreoffice import saved_by_libreoffice


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The product management pack as a workbook; not to be written to."""
    path = tmp_path_factory.mktemp("exported") / "pack.xlsx"
    write_tables(load_pack("product_management"), path)
    return path


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A smaller pack as a workbook, which is read in a third of the time; not to be written to."""
    path = tmp_path_factory.mktemp("short") / "pack.xlsx"
    write_tables(load_pack("software_engineering"), path)
    return path


@pytest.mark.parametrize("name", pack_names())
def test_a_pack_as_a_workbook_and_as_files_again_loses_nothing(name: str, tmp_path: Path) -> None:
    pack = load_pack(name)
    write_tables(pack, tmp_path / "pack.xlsx")
    read = read_tables(tmp_path / "pack.xlsx").pack
    assert _values(read) == _values(pack)
    write_pack(read, tmp_path / "files")
    assert _values(load_pack(tmp_path / "files")) == _values(pack)


def test_a_title_that_begins_like_a_formula_is_a_text_on_every_sheet(tmp_path: Path) -> None:
    pack = load_pack("product_management").model_copy(update={"title": "=1+1", "about": "=cmd|' /C calc'!A0"})
    write_tables(pack, tmp_path / "pack.xlsx")
    book = load_workbook(tmp_path / "pack.xlsx")
    assert [cell.coordinate for page in book for row in page for cell in row if cell.data_type == "f"] == []
    assert read_tables(tmp_path / "pack.xlsx").pack.title == "=1+1"


@pytest.mark.parametrize(
    ("value", "kind", "words"),
    [
        ("=1+2", "f", "`=1+2` is a formula; write what it comes to"),
        ("#REF!", "e", "`#REF!` is an error; write the value"),
        (10.0**300, "n", "is not a number that a pack can hold"),
        (10**60, "n", "is not a number that a pack can hold"),
    ],
)
def test_a_cell_that_holds_no_value_is_named_and_refused(
    short: Path, tmp_path: Path, value: Any, kind: str, words: str
) -> None:
    book = load_workbook(short)
    bar = next(cell.column for cell in book["Signals"][1] if cell.value == "Bar")
    cell = book["Signals"].cell(5, bar)
    cell.value, cell.data_type = value, kind
    book.save(tmp_path / "pack.xlsx")
    with pytest.raises(PackError) as told:
        read_tables(tmp_path / "pack.xlsx")
    assert words in str(told.value)
    assert f"{cell.column_letter}5" in str(told.value)


def test_a_workbook_whose_parts_are_cut_is_refused_in_one_sentence(short: Path, tmp_path: Path) -> None:
    with ZipFile(short) as old, ZipFile(tmp_path / "pack.xlsx", "w") as new:
        for name in old.namelist():
            part = old.read(name)
            new.writestr(name, part[: len(part) // 2] if name.endswith("sheet5.xml") else part)
    with pytest.raises(PackError, match="cannot be read as a workbook"):
        read_tables(tmp_path / "pack.xlsx")


def test_one_bar_edited_in_the_workbook_is_the_only_thing_that_changes(tmp_path: Path) -> None:
    succeeded("pack", "export", tmp_path / "pack.xlsx", "--pack", "software_engineering")
    book = load_workbook(tmp_path / "pack.xlsx")
    sheet = book["Signals"]
    bar = next(cell.column for cell in sheet[1] if cell.value == "Bar")
    title = sheet.cell(5, 3).value
    sheet.cell(5, bar, 3.75)
    book.save(tmp_path / "pack.xlsx")
    succeeded("pack", "import", tmp_path / "pack.xlsx", "--out", tmp_path / "ours")
    differing = list(
        _differing(_values(load_pack("software_engineering")), _values(load_pack(tmp_path / "ours")))
    )
    assert differing == [("promotions", 0, "signals", 3, "bar")]
    changed = load_pack(tmp_path / "ours").promotions[0].signals[3]
    assert (changed.title, changed.bar) == (title, Decimal("3.75"))


def test_one_bar_edited_and_saved_by_libreoffice_is_the_only_thing_that_changes(tmp_path: Path) -> None:
    succeeded("pack", "export", tmp_path / "pack.xlsx", "--pack", "software_engineering")
    book = load_workbook(tmp_path / "pack.xlsx")
    sheet = book["Signals"]
    bar = next(cell.column for cell in sheet[1] if cell.value == "Bar")
    sheet.cell(4, bar, 4.25)
    book.save(tmp_path / "pack.xlsx")
    opened = saved_by_libreoffice(tmp_path / "pack.xlsx", tmp_path / "ods", "ods")
    saved = saved_by_libreoffice(opened, tmp_path / "saved")
    succeeded("pack", "import", saved, "--out", tmp_path / "ours")
    before, after = load_pack("software_engineering"), load_pack(tmp_path / "ours")
    assert list(_differing(_values(before), _values(after))) == [("promotions", 0, "signals", 2, "bar")]
    assert after.promotions[0].signals[2].bar == Decimal("4.25")


@pytest.mark.parametrize(
    ("code", "when", "words"),
    [
        ("SE-F05", "lowest_ratings >= 1 and score <= 50", "SE-F05: `score <= 50` is true of everybody"),
        ("SE-R01", "finding.earlier_level and lowest_ratings < 1", "or widen SE-R01, which misses it by"),
    ],
)
def test_what_a_check_finds_after_an_import_is_told_by_sheet_and_row_with_the_nearest_rule(
    code: str, when: str, words: str, tmp_path: Path
) -> None:
    write_tables(load_pack("software_engineering"), tmp_path / "pack.xlsx")
    book = load_workbook(tmp_path / "pack.xlsx")
    sheet = book["Rules"]
    column = next(cell.column for cell in sheet[1] if cell.value == "When")
    row = next(cell.row for cell in sheet["A"] if cell.value == code)
    sheet.cell(row, column).value = when
    book.save(tmp_path / "pack.xlsx")
    told = succeeded("pack", "import", tmp_path / "pack.xlsx", "--out", tmp_path / "o")
    assert any(f"pack.xlsx, Rules!A{row}: " in line and words in line for line in told.stderr.splitlines())


def _cell_of(sheet: Worksheet, level: str, competency: str) -> Cell:
    """The cell of the matrix that says what a level expects of a competency."""
    column = next(cell.column for cell in sheet[2] if cell.value == level)
    row = next(cell.row for cell in sheet["B"] if cell.value == competency)
    return sheet.cell(row, column)


def test_the_workbook_opens_on_the_matrix_of_what_levels_expect_with_titles_beside_ids(
    exported: Path,
) -> None:
    book, pack = load_workbook(exported), load_pack("product_management")
    sheet = book.worksheets[0]
    assert (book.active.title, sheet.title) == ("Expectations", "Expectations")
    assert [cell.value for cell in sheet[1]][2:] == [level.title for level in pack.levels]
    assert [cell.value for cell in sheet["A"]][2:] == [one.title for one in pack.competencies]
    for level in pack.levels:
        expected = {one.competency: one.rating for one in level.expects}
        for competency in pack.competencies:
            assert _cell_of(sheet, level.id, competency.id).value == expected.get(competency.id)


def test_an_edit_of_the_matrix_is_the_only_thing_that_changes(tmp_path: Path) -> None:
    pack = load_pack("software_engineering")
    write_tables(pack, tmp_path / "pack.xlsx")
    book = load_workbook(tmp_path / "pack.xlsx")
    sheet = book["Expectations"]
    _cell_of(sheet, "engineer_3", "design").value = 3.5
    _cell_of(sheet, "engineer_2", "testing").value = None
    _cell_of(sheet, "engineer_1", "direction").value = 2
    book.save(tmp_path / "edited.xlsx")
    read = read_tables(tmp_path / "edited.xlsx").pack
    junior, engineer, senior = read.levels[:3]
    assert {one.competency: one.rating for one in senior.expects}["design"] == Decimal("3.5")
    assert "testing" not in {one.competency for one in engineer.expects}
    assert (junior.expects[-1].competency, junior.expects[-1].cite) == ("direction", pack.levels[0].cite)
    assert read.levels[3:] == pack.levels[3:]
    design = read.promotion("engineer_2_to_engineer_3").signals[1]
    assert read.bar_of(read.promotion("engineer_2_to_engineer_3"), design) == Decimal("3.45")


def test_a_mistake_in_the_matrix_is_told_by_cell_and_title(tmp_path: Path) -> None:
    write_tables(load_pack("software_engineering"), tmp_path / "pack.xlsx")
    book = load_workbook(tmp_path / "pack.xlsx")
    sheet = book["Expectations"]
    sheet["E4"], sheet["B5"], sheet["H1"], sheet["H3"], sheet["D6"] = "high", "tests", "Fellow", 4, 9
    book.save(tmp_path / "pack.xlsx")
    with pytest.raises(PackError) as refused:
        read_tables(tmp_path / "pack.xlsx")
    told = str(refused.value)
    assert "pack.xlsx, Expectations!E4: System Design, Senior Engineer: `high` is not a number" in told
    assert "pack.xlsx, Expectations!B5: “tests” is not an id on the sheet of the competencies" in told
    assert "pack.xlsx, Expectations!H2: the id of the level is missing here, below its title" in told
    sheet["E4"], sheet["B5"], sheet["H1"], sheet["H3"] = 4, "testing", None, None
    book.save(tmp_path / "pack.xlsx")
    with pytest.raises(PackError, match="Expectations!D6: the rating 9 is outside the scale from 1 to 5"):
        read_tables(tmp_path / "pack.xlsx")


def test_every_value_of_a_pack_has_its_cell() -> None:
    """Whatever a part of a pack can hold has a column, so that nothing is lost on the way."""
    written = {("sha256",), *(setting.keys for setting in SETTINGS), *((kind,) for kind in WORDS)}
    written |= {("scale", "meanings"), ("lenses", "words")}
    written |= {
        ("levels", "expects", *key)
        for key in (("competency",), ("rating",), ("cite", "source"), ("cite", "section"))
    }
    for table in TABLES:
        written |= {(*table.inside, *column.keys) for column in table.columns}
    assert [path for path in _leaves(RulePack) if path not in written] == []


def _leaves(part: type[Part], path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The ways to everything that a part holds; the entries of a list stand under the list's own name."""
    for name, field in part.model_fields.items():
        here = (*path, field.alias or name)
        inner = [
            kind for kind in _kinds(field.annotation) if isinstance(kind, type) and issubclass(kind, Part)
        ]
        if inner:
            yield from _leaves(inner[0], here)
        else:
            yield here


def _kinds(annotation: Any) -> list[Any]:
    """What may stand there, or in each place of a list that stands there."""
    if get_origin(annotation) in (tuple, UnionType):
        return [kind for argument in get_args(annotation) for kind in _kinds(argument)]
    return [annotation]


def test_the_step_of_the_scale_and_leading_equals_signals_come_back(tmp_path: Path) -> None:
    pack = load_pack("software_engineering")
    scale = pack.scale.model_copy(update={"step": Decimal("0.25")})
    write_tables(pack.model_copy(update={"scale": scale, "about": "=1+1"}), tmp_path / "pack.xlsx")
    read = read_tables(tmp_path / "pack.xlsx").pack
    assert (read.scale.step, read.about) == (Decimal("0.25"), "=1+1")


def test_importance_and_bands_are_chosen_from_drop_downs(exported: Path) -> None:
    book = load_workbook(exported)
    offered = {
        v.formula1 for sheet in ("Signals", "Rules") for v in book[sheet].data_validations.dataValidation
    }
    assert '"core,supporting"' in offered
    assert "'Promotions'!$A$2:$A$1000" in offered
    assert '"ready_now,ready_soon,developing,insufficient_evidence"' in offered


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "words"),
    [
        ("Signals", "D2", "cor", "`cor` is not allowed"),
        ("Signals", "E2", "codin: 1", "did you mean `coding`?"),
        ("Signals", "E2", "coding", "is not a name, a colon and a value"),
        ("Signals", "F3", "high", "`high` is not a number"),
        ("Signals", "F3", 7, "the bar 7 is outside the scale"),
        ("Signals", "A2", "nowhere", "“nowhere” is not an id"),
        ("Rules", "C2", "observation = 1", "write `==` to compare"),
        ("Pack", "B7", "four", "`four` is not a number"),
        ("Pack", "A7", "core bars", "there is no setting “core bars”"),
        ("Words", "A3", "band", "“band” is not one of"),
        ("Lens parts", "G2", "perhaps", "`perhaps` is neither yes nor no"),
        ("Levels", "B1", "Tittle", "there is no column “Tittle”"),
        (
            "Signals",
            "F2",
            "3,75",
            "`3,75` is text and not a number; write it once more, in the format General",
        ),
        ("Signals", "L1", "Bar", "“Bar” is also at F1; leave one"),
        ("Expectations", "C3", "4", "`4` is text and not a number"),
        ("Expectations", "B4", "coding", "“coding” is also at B3; leave one"),
        ("Expectations", "D2", "engineer_1", "“engineer_1” is also at C2; leave one"),
        ("Pack", "A18", "Near margin", "“Near margin” is also at"),
        ("Words", "C1", "Meaning", "“Meaning” stands where the column “Called” belongs"),
        ("Expectation sources", "A1", "Competency", "stands where the column “Level” belongs"),
    ],
)
def test_a_mistake_in_a_workbook_is_told_with_sheet_and_cell(
    sheet: str, cell: str, value: object, words: str, exported: Path, short: Path, tmp_path: Path
) -> None:
    book = load_workbook(exported if sheet == "Lens parts" else short)
    book[sheet][cell] = value
    book.save(tmp_path / "pack.xlsx")
    with pytest.raises(PackError) as refusal:
        read_tables(tmp_path / "pack.xlsx")
    problems = [problem for problem in refusal.value.args if words in problem]
    assert problems, refusal.value.args
    assert problems[0].startswith(f"pack.xlsx, {sheet}!{cell}: ")


def test_what_merged_cells_and_percentages_hold_is_not_guessed(short: Path, tmp_path: Path) -> None:
    book = load_workbook(short)
    signals, expectations = book["Signals"], book["Expectations"]
    signals.merge_cells("F2:F3")
    expectations["D3"].value, expectations["D3"].number_format = 0.8, "0%"
    book.save(tmp_path / "pack.xlsx")
    with pytest.raises(PackError) as told:
        read_tables(tmp_path / "pack.xlsx")
    assert {*told.value.args} >= {
        "pack.xlsx, Expectations!D3: `80%` is a percentage; write it without %, in the format General",
        "pack.xlsx, Signals!F2: F2:F3 are merged; unmerge them, and write into each what it holds",
    }


def test_a_title_that_is_changed_in_the_matrix_alone_is_said_not_to_be_read(
    short: Path, tmp_path: Path
) -> None:
    book = load_workbook(short)
    book["Expectations"]["A3"] = "Programming"
    book.save(tmp_path / "pack.xlsx")
    result = succeeded("pack", "import", tmp_path / "pack.xlsx", "--out", tmp_path / "ours")
    said = "“Programming” was not read; the title is that on the sheet Competencies, “Coding”"
    assert f"pack.xlsx, Expectations!A3: {said}" in result.stderr


def test_a_file_that_is_no_workbook_and_a_missing_sheet_are_refused(short: Path, tmp_path: Path) -> None:
    (tmp_path / "note.xlsx").write_text("not a workbook")
    with pytest.raises(PackError, match="cannot be read as a workbook"):
        read_tables(tmp_path / "note.xlsx")
    book = load_workbook(short)
    del book["Rules"]
    book.save(tmp_path / "pack.xlsx")
    with pytest.raises(PackError, match="the sheet Rules is missing"):
        read_tables(tmp_path / "pack.xlsx")


def test_a_new_pack_is_a_copy_under_its_own_name(tmp_path: Path) -> None:
    folder = tmp_path / "our_ladder"
    succeeded("pack", "new", "our_ladder", "--from", "software_engineering", "--out", folder)
    ours, theirs = _values(load_pack(folder)), _values(load_pack("software_engineering"))
    assert list(_differing(theirs, ours)) == [("name",), ("title",)]
    assert ours["title"] == "Our ladder"
    assert "# Engineers from junior to principal" in (folder / "pack.yaml").read_text()
    again = call("pack", "new", "our_ladder", "--out", folder)
    assert again.exit_code == 1
    assert "exists and is not empty" in again.stderr


def test_a_new_pack_differs_from_its_source_in_name_and_title_alone(tmp_path: Path) -> None:
    source, ours = tmp_path / "source", tmp_path / "ours"
    succeeded("pack", "new", "source", "--out", source)
    text = (source / "pack.yaml").read_text()
    assert "title: Source\n" in text
    folded = "title: >-  # folded\n  A title over\n  two lines\n# name: not the name\n"
    (source / "pack.yaml").write_text(text.replace("title: Source\n", folded))
    succeeded("pack", "new", "ours", "--from", source, "--title", "Yes: ours", "--out", ours)
    assert load_pack(ours).title == "Yes: ours"
    assert _lines_taken_out(source, ours) == ["name: source", "  A title over", "  two lines"]


@pytest.mark.parametrize("title", ["no", "1:30", "010", "2026-01-01", "0.50", "~", "a: b #c", "- x", "é\nb"])
def test_a_text_that_yaml_would_change_comes_back_as_it_was(title: str, tmp_path: Path) -> None:
    succeeded(
        "pack",
        "new",
        "ours",
        "--from",
        "general_competencies",
        "--title",
        title,
        "--out",
        tmp_path / "new",
    )
    ours = load_pack(tmp_path / "new")
    assert ours.title == title
    write_pack(ours, tmp_path / "written")
    assert _values(load_pack(tmp_path / "written")) == _values(ours)


def test_an_import_keeps_the_comments_and_layout_of_what_stays(exported: Path, tmp_path: Path) -> None:
    book = load_workbook(exported)
    signals, findings = book["Signals"], book["Findings"]
    section = load_pack("product_management").source("glasp").sections[0]
    findings.append(["new_finding", "A new one", "strength", "It is new.", "glasp", section])
    signals.cell(3, [cell.value for cell in signals[1]].index("Bar") + 1, 3.75)
    book.save(tmp_path / "pack.xlsx")
    out = tmp_path / "ours"
    succeeded("pack", "import", tmp_path / "pack.xlsx", "--from", "product_management", "--out", out)
    assert load_pack(out).finding("new_finding").title == "A new one"
    assert load_pack(out).promotions[0].signals[1].bar == Decimal("3.75")
    assert _lines_taken_out(SHIPPED / "product_management", out) == []
    assert "#" in (out / "ladder.yaml").read_text()


def _lines_taken_out(before: Path, after: Path) -> list[str]:
    """The lines of the YAML files of one folder that those of the other no longer have; each names the schema
    where its own folder has it."""
    return [
        line[2:]
        for file in sorted(before.rglob("*.yaml"))
        for line in ndiff(
            file.read_text().splitlines(), (after / file.relative_to(before)).read_text().splitlines()
        )
        if line.startswith("- ") and not line.startswith(f"- {LINE}")
    ]


@pytest.mark.parametrize(
    ("name", "words"),
    [("Our Ladder", "such as our_ladder"), ("_ours", "such as ours"), ("9", "begins with a")],
)
def test_a_name_that_is_none_is_refused_with_one_that_is(name: str, words: str, tmp_path: Path) -> None:
    refused = call("pack", "new", name, "--out", tmp_path / "ours")
    assert refused.exit_code == 1
    assert words in refused.stderr
    assert not (tmp_path / "ours").exists()


@pytest.mark.parametrize("name", pack_names())
def test_the_reference_holds_every_rule_with_reason_and_citation(name: str) -> None:
    text = succeeded("pack", "show", name).stdout
    pack = load_pack(name)
    rules = [
        *pack.rules,
        *(r for t in pack.promotions for r in t.rules),
        *(r for x in pack.lenses for r in x.rules),
    ]
    for rule in rules:
        assert f"#### {rule.code} {rule.title}" in text
        assert " ".join(rule.reason.split()) in text
        assert f"{rule.cite.source}: {rule.cite.section}" in text


def test_the_reference_as_a_page_is_self_contained_and_takes_no_markup_from_the_pack() -> None:
    pack = load_pack("software_engineering")
    page = render_reference(pack.model_copy(update={"about": "<script>alert(1)</script> of ours"}))
    assert "&lt;script&gt;alert(1)&lt;/script&gt; of ours" in page
    assert "<h1>Software engineering</h1>" in page
    assert "http://" not in page.replace("http://www.w3.org", "")
    assert 'scope="col"' in page


def _values(pack: RulePack) -> dict[str, Any]:
    return pack.model_dump(exclude={"sha256"})


def _differing(one: Any, other: Any, path: tuple[str | int, ...] = ()) -> Any:
    if isinstance(one, dict) and isinstance(other, dict) and one.keys() == other.keys():
        for key in one:
            yield from _differing(one[key], other[key], (*path, key))
    elif isinstance(one, tuple) and isinstance(other, tuple) and len(one) == len(other):
        for number, (mine, theirs) in enumerate(zip(one, other, strict=True)):
            yield from _differing(mine, theirs, (*path, number))
    elif one != other:
        yield path
