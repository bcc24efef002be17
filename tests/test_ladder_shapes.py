"""Ladders as companies publish them: sheets for areas, other names of levels, times beside the matrix."""

from datetime import date
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment

from engine import assess, explain, vocabulary_of
from inputs import InputError
from inputs.loading import load_roster
from rules import RulePack
from tests.ladder_books import book_of, made, refused

DAY = date(2026, 6, 30)
CRAFT = """
    Competency | L1 | L2 | L3
    Coding | 2 | 3 | 4
    Testing | 1 | 2 | 3
    Design | 1 | 2 | 3"""
LEADERSHIP = """
    Competency | L1 | L2 | L3
    Coaching | 1 | 2 | 3
    Hiring | - | 1 | 3
    Vision | 1 | 2 | 3"""


def test_a_sheet_for_each_area_is_one_matrix_and_that_is_said(tmp_path: Path) -> None:
    times = "Level | Minimum time in level below\nL2 | 2\nL3 | 3"
    read_me = "Our ladder\nScale: 1 to 4"
    sheets = {"Read me": read_me, "Craft": CRAFT, "Leadership": LEADERSHIP, "Times": times}
    pack, said = made(tmp_path, sheets)
    assert {one.category for one in pack.competencies} == {"Craft", "Leadership"}
    assert [len(level.expects) for level in pack.levels] == [5, 6, 6]
    assert pack.levels[1].expects[0].cite.section == "Craft!C2"
    assert pack.scale.highest == 4
    assert [one.tenure and one.tenure.from_years for one in pack.promotions] == [2, 3]
    assert "The sheets Craft, Leadership have the same levels and are read as areas of one matrix" in said
    assert "names these levels too" not in said


def test_sheets_of_areas_keep_their_own_areas_weights_and_headings(tmp_path: Path) -> None:
    craft = """
        Competency | Area | Weight | L1 | L2
        Coding | Code | 40 | 2 | 3
        Testing | | 20 | 1 | 2
        Design | Systems | 10 | 1 | 2"""
    people = """
        People skills
        Skill | L1 | L2 | Weight
        Coaching | 1 | 2 | 20
        Hiring | 1 | 2 | 10"""
    pack, _ = made(tmp_path, {"Craft": craft, "People": people})
    assert [one.category for one in pack.competencies] == ["Code", "Code", "Systems", "People", "People"]
    assert dict(pack.promotions[0].signals[0].competencies) == {
        "coding": 40,
        "testing": 20,
        "design": 10,
        "coaching": 20,
        "hiring": 10,
    }


def test_sheets_with_different_levels_or_with_the_same_competencies_are_asked_about(tmp_path: Path) -> None:
    tracks = {"IC": CRAFT, "Management": LEADERSHIP.replace("L1 | L2 | L3", "M1 | M2 | M3")}
    asked = refused(tmp_path, tracks)
    assert "with different levels (IC: L1, L2, L3; Management: M1, M2, M3); which is the ladder?" in asked
    assert 'Say --sheet "IC" for one of them' in asked
    assert '--levels "L1, L2, L3; M1, M2, M3"' in asked
    alike = {"Engineers": CRAFT, "Designers": CRAFT.replace("Coding", "Drawing")}
    asked = refused(tmp_path, alike)
    assert "several list Testing, Design; are they parts of one matrix, or ladders of their own?" in asked
    assert '--sheet "Engineers, Designers" for parts of one matrix' in asked
    apart = {"Engineering": CRAFT, "Sales": LEADERSHIP}
    asked = refused(tmp_path, apart)
    assert "the sheets Engineering, Sales have the same levels, and are called after professions;" in asked
    pack, _ = made(tmp_path, alike, "--sheet", "Engineers, Designers")
    assert [one.title for one in pack.competencies][:2] == ["Coding", "Engineers: Testing"]
    other_scale = {"Craft": CRAFT, "Leadership": "Scale: 1 to 10\n" + LEADERSHIP}
    other_scale["Craft"] = "Scale: 1 to 5\n" + CRAFT
    assert "Craft and Leadership name different scales" in refused(tmp_path, other_scale)


def test_an_overview_of_the_areas_is_no_area(tmp_path: Path) -> None:
    overview = "Area | L1 | L2 | L3\nCraft | 1.3 | 2.3 | 3.3\nLeadership | 1 | 1.7 | 3"
    sheets = {"Overview": overview, "Craft": CRAFT, "Leadership": LEADERSHIP}
    pack, said = made(tmp_path, sheets)
    assert {one.category for one in pack.competencies} == {"Craft", "Leadership"}
    assert [len(level.expects) for level in pack.levels] == [5, 6, 6]
    assert "Not read, as it lists the other sheets: Overview." in said


def test_areas_with_means_on_the_sheets_of_levels_are_no_competencies(tmp_path: Path) -> None:
    rows = "Craft | {}.5\nCoding | {}\nTesting | {}\nPeople | {}.5\nHiring | {}\nCaring | {}"
    sheets = {f"L{n}": "Skill | Required\n" + rows.format(n, n, n + 1, n, n, n + 1) for n in (1, 2)}
    pack, _ = made(tmp_path, sheets)
    assert [(one.title, one.category) for one in pack.competencies] == [
        ("Coding", "Craft"),
        ("Testing", "Craft"),
        ("Hiring", "People"),
        ("Caring", "People"),
    ]


def test_times_below_the_table_of_one_area_are_read(tmp_path: Path) -> None:
    craft = """
        Level | Coding | Testing
        L1 | 1 | 1
        L2 | 2 | 2
        L3 | 3 | 2

        From | To | Years
        L1 | L2 | 1
        L2 | L3 | 2"""
    people = "Level | Coaching | Hiring\nL1 | 1 | 1\nL2 | 1 | 2\nL3 | 2 | 3"
    pack, _ = made(tmp_path, {"Craft": craft, "People": people})
    assert [one.category for one in pack.competencies] == ["Craft", "Craft", "People", "People"]
    assert [one.tenure and one.tenure.from_years for one in pack.promotions] == [1, 2]


def test_an_area_may_begin_at_a_higher_level_where_its_sheet_is_named(tmp_path: Path) -> None:
    sheets = {"Craft": CRAFT, "Leadership": "Competency | L2 | L3\nCoaching | 2 | 3\nHiring | 1 | 3"}
    pack, _ = made(tmp_path, sheets, "--sheet", "Craft, Leadership")
    assert [len(level.expects) for level in pack.levels] == [3, 5, 5]
    sheets["Leadership"] = "Competency | L3 | L2\nCoaching | 2 | 3\nHiring | 1 | 3"
    assert "have different levels, or the same in another order" in refused(
        tmp_path, sheets, "--sheet", "Craft, Leadership"
    )


TWO_AREAS = {
    "headings": """
        Our ladder

        Craft
        Competency | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Communication | 1 | 1 | 2

        Behaviour
        Competency | L1 | L2 | L3
        Communication | 1 | 2 | 3""",
    "a column": """
        Area | Competency | L1 | L2 | L3
        Craft | Coding | 1 | 2 | 3
        | Communication | 1 | 1 | 2
        Behaviour | Communication | 1 | 2 | 3""",
    "a row for each level": """
        Level | Area | Competency | Required
        L1 | Craft | Coding | 1
        L1 | Craft | Communication | 1
        L1 | Behaviour | Communication | 1
        L2 | Craft | Coding | 2
        L2 | Craft | Communication | 1
        L2 | Behaviour | Communication | 2
        L3 | Craft | Coding | 3
        L3 | Craft | Communication | 2
        L3 | Behaviour | Communication | 3""",
}


@pytest.mark.parametrize("name", TWO_AREAS)
def test_one_name_in_two_areas_is_two_competencies_that_ratings_name_in_full(
    name: str, tmp_path: Path
) -> None:
    pack, said = made(tmp_path, {"Matrix": TWO_AREAS[name]})
    titles = ["Coding", "Craft: Communication", "Behaviour: Communication"]
    assert [(one.title, one.category) for one in pack.competencies] == [
        (titles[0], "Craft"),
        (titles[1], "Craft"),
        (titles[2], "Behaviour"),
    ]
    assert "“Communication” stands in several areas and is read as “Craft: Communication”" in said
    for two in (titles[1:], ["Communication (Craft)", "Communication (Behaviour)"]):
        columns = " | ".join(f"{title} (manager)" for title in ["Coding", *two])
        ratings = f"Employee ID | Level | In level since | {columns}\nA | L2 | 2024-01-01 | 3 | 2 | 3\n"
        assert _bands(tmp_path, pack, ratings + "B | L2 | 2024-01-01 | 3 | 1 | 3") == {
            "A": "ready_now",
            "B": "ready_soon",
        }
    ratings = "Employee ID | Level | In level since | Coding (manager) | Communication (manager)"
    with pytest.raises(InputError, match="which competency of the rule pack is this: 'Communication'"):
        _bands(tmp_path, pack, f"{ratings}\nA | L2 | 2024-01-01 | 3 | 2")


def test_one_name_twice_in_one_area_is_refused_with_what_to_do(tmp_path: Path) -> None:
    text = "Competency | L1 | L2\nCraft\nCoding | 1 | 2\nCoding | 1 | 3"
    said = refused(tmp_path, {"Matrix": text})
    assert "Matrix!A4: the competency “Coding” is also at A3; if they are two, give each a name" in said


NAMES = {
    "a row of titles": (
        """
        Competency | L3 | L4 | L5
        Job title | Engineer | Senior Engineer / Tech Lead | Staff Engineer
        Coding | 2 | 3 | 4""",
        {"L3": ["Engineer"], "L4": ["Senior Engineer", "Tech Lead"], "L5": ["Staff Engineer"]},
    ),
    "a row of grades": (
        """
        Competency | Engineer | Senior Engineer | Staff Engineer
        Grade | 3 | 4 | 5
        Coding | 2 | 3 | 4""",
        {"Engineer": ["3", "Grade 3"], "Senior Engineer": ["4", "Grade 4"], "Staff Engineer": ["Grade 5"]},
    ),
    "titles above codes": (
        """
        | Engineer | Senior Engineer | Staff Engineer
        Competency | L3 | L4 | L5
        Coding | 2 | 3 | 4""",
        {"Engineer": ["L3"], "Staff Engineer": ["L5"]},
    ),
    "level in the corner": (
        """
        Level | L3 | L4 | L5
        Title | Engineer | Senior Engineer | Staff Engineer
        Coding | 2 | 3 | 4""",
        {"L3": ["Engineer"], "L5": ["Staff Engineer"]},
    ),
    "a number after the word for a level": (
        "Skill | Band 5 | Band 6 | Band 8a\nCoding | 1 | 2 | 3\nTesting | 1 | 2 | 3",
        {"Band 5": ["5"], "Band 8a": ["8a"]},
    ),
    "both in one heading of two lines": (
        """
        Skill | Engineer\\nL3 | Senior Engineer\\nL4
        Coding | 2 | 3
        Testing | 1 | 2""",
        {"Engineer (L3)": ["Engineer", "L3"], "Senior Engineer (L4)": ["L4"]},
    ),
    "a row whose name stands in the column of the areas": (
        """
        Area | Skill | L3 | L4
        Craft | Coding | 2 | 3
        | Testing | 1 | 2
        Also called | | Engineer | Senior Engineer""",
        {"L3": ["Engineer"], "L4": ["Senior Engineer"]},
    ),
    "both in one heading": (
        """
        Skill | Engineer (L3) | Senior Engineer (L4) | Staff Engineer (L5)
        Minimum years | - | 2 | 3
        Coding | 2 | 3 | 4""",
        {"Engineer (L3)": ["Engineer", "L3"]},
    ),
    "levels down": (
        """
        Level | Also called | Coding
        L3 | Engineer; Developer | 2
        L4 | Senior Engineer | 3""",
        {"L3": ["Engineer", "Developer"], "L4": ["Senior Engineer"]},
    ),
    "a row for each level and competency": (
        """
        Level | Job title | Competency | Required
        L3 | Engineer | Coding | 2
        L4 | Senior Engineer | Coding | 3""",
        {"L3": ["Engineer"], "L4": ["Senior Engineer"]},
    ),
    "one title for two levels": (
        """
        Competency | L3 | L4 | L5
        Job title | Engineer | Engineer | Staff Engineer
        Coding | 2 | 3 | 4""",
        {"L3": [], "L4": [], "L5": ["Staff Engineer"]},
    ),
}
"""By the name of a level what people on it may be called too."""


@pytest.mark.parametrize("name", NAMES)
def test_people_are_found_by_what_their_level_is_called_too(name: str, tmp_path: Path) -> None:
    text, names = NAMES[name]
    pack, said = made(tmp_path, {"Matrix": text})
    assert {one.title for one in pack.competencies} <= {"Coding", "Testing"}
    found = {level.title: level.aliases for level in pack.levels}
    for title, also in names.items():
        assert {*also} <= {*found[title]}
    known = [(title, called) for title, also in names.items() for called in also]
    rows = "\n".join(f"P{n} | {called} | 2024-01-01 | 2" for n, (_, called) in enumerate(known))
    path = book_of(
        tmp_path / "r.xlsx",
        {"R": f"Employee ID | Level | In level since | Coding (manager)\n{rows}"},
    )
    people = load_roster((path,), vocabulary_of(pack), DAY).people
    ids = {level.id: level.title for level in pack.levels}
    assert [ids[level] for level in people["level"]] == [title for title, _ in known]
    if name.startswith("one title"):
        assert "“Engineer” (ladder.xlsx, Matrix!B2) is another name of “L3”, “L4”" in said


def test_a_list_of_the_levels_on_another_sheet_gives_their_names_and_times(tmp_path: Path) -> None:
    levels = """
        Level | Title | Minimum years | Scope
        L1 | Engineer | 0 | A task
        L2 | Senior Engineer | 2 | A project
        L3 | Staff Engineer | 3 | An area"""
    by_level = {
        level: f"Competency | Expected\nCoding | {n}\nTesting | {n}"
        for n, level in enumerate(("L1", "L2", "L3"), start=1)
    }
    for sheets in ({"Levels": levels, "Matrix": CRAFT}, {"Levels": levels, **by_level}):
        pack, said = made(tmp_path, sheets)
        assert [one.aliases for one in pack.levels] == [
            ("Engineer",),
            ("Senior Engineer",),
            ("Staff Engineer",),
        ]
        assert [one.tenure and one.tenure.from_years for one in pack.promotions] == [2, 3]
        assert "Not read from that table, and in no rule: Scope." in said


def test_a_matrix_with_levels_down_and_their_times_is_no_list_of_levels(tmp_path: Path) -> None:
    craft = """
        Level | Job title | Coding | Testing | Minimum years
        L1 | Engineer | 1 | 1 | 0
        L2 | Senior Engineer | 2 | 1 | 1
        L3 | Staff Engineer | 3 | 2 | 2"""
    log = "Date | Author | Change\nMonday | HR | first\nTuesday | HR | second\nFriday | HR | third"
    people = "Level | Coaching | Hiring\nL1 | 1 | 1\nL2 | 1 | 2\nL3 | 2 | 3"
    for more, count in (({"Log": log}, 2), ({"People": people}, 4)):
        pack, _ = made(tmp_path, {"Craft": craft, **more})
        assert len(pack.competencies) == count
        assert [one.tenure and one.tenure.from_years for one in pack.promotions] == [1, 2]
        assert pack.levels[0].aliases == ("Engineer",)


def test_weights_on_another_sheet_are_said_to_be_in_no_rule_and_a_log_of_changes_is_nothing(
    tmp_path: Path,
) -> None:
    weights = "Skill | Weight\nCoding | 60\nTesting | 30\nDesign | 10"
    log = "Date | Author | Change\nMonday | HR | first\nTuesday | HR | second\nFriday | HR | third"
    sheets = {"Craft": CRAFT, "Leadership": LEADERSHIP, "Weights": weights, "Log": log}
    pack, said = made(tmp_path, sheets)
    assert len(pack.competencies) == 6
    assert "The sheet Weights names the competencies too (Skill, Weight). It was not read: Weight" in said


def test_another_name_that_is_the_name_of_another_level_isrefused(tmp_path: Path) -> None:
    text = "Competency | Junior | Senior\nAlso called | Beginner | Junior\nCoding | 1 | 2"
    said = refused(tmp_path, {"Matrix": text})
    assert "Matrix!C2: “Junior” is another name of “Senior” here, and “Junior” is at B1" in said


def test_a_competency_may_have_other_names_in_a_column(tmp_path: Path) -> None:
    text = "Competency | Also called | L1 | L2\nCoding | Programming | 1 | 2\nTesting | QA | 1 | 2"
    pack, _ = made(tmp_path, {"Matrix": text})
    assert pack.competencies[0].aliases == ("Programming",)


def test_a_sheet_for_each_level_keeps_the_name_and_the_area_above_its_table(tmp_path: Path) -> None:
    sheets = {
        level: f"""
            Level: {title}
            Craft
            Competency | Required
            Coding | {rating}
            Testing | {rating}

            Behaviour
            Competency | Required
            Talking | {rating}"""
        for level, title, rating in (("L1", "Engineer I", 1), ("L2", "Engineer II", 2))
    }
    pack, _ = made(tmp_path, sheets)
    assert [level.aliases for level in pack.levels] == [("Engineer I",), ("Engineer II",)]
    assert [(one.title, one.category) for one in pack.competencies] == [
        ("Coding", "Craft"),
        ("Testing", "Craft"),
        ("Talking", "Behaviour"),
    ]


TIMES = {
    "From | To | Years\nL1 | L2 | 2\nL1 | L3 | 3": (
        "Times!A3: “L1” is not the level right below “L3”; that is “L2”. "
    ),
    "From | To | Years\nL1 | L2 | 2\nL7 | L3 | 3": "Times!A3: “L7” is not a level of the matrix",
    "From | To | Years\nL3 | L1 | 2": "Times!A2: “L3” is not the level right below “L1”; there is none. ",
    "Promotion | Minimum time\nL1 → L3 | 2": "Times!A2: “L1” is not the level right below “L3”",
    "Level | Minimum years\nL2 | 2\nL2 | 3": ("Times!B3: 3 here, and 2 elsewhere for the same level, “L2”"),
}


@pytest.mark.parametrize("times", TIMES)
def test_a_time_for_a_promotion_that_the_ladder_does_not_have_is_told_with_its_cell(
    times: str, tmp_path: Path
) -> None:
    assert TIMES[times] in refused(tmp_path, {"Matrix": CRAFT, "Times": times})


def test_times_of_promotions_are_read_below_the_matrix_and_from_one_column(tmp_path: Path) -> None:
    times = "Promotion | Minimum time\nL1 → L2 | 18 months\nL2 to L3 | 3 years\nL3 to L4 | 4 years"
    sheets = (
        {"Matrix": CRAFT, "Times": times},
        {"Matrix": f"{CRAFT}\n\nMinimum times\n{times}\n\nApproved by HR"},
    )
    for one in sheets:
        pack, said = made(tmp_path, one)
        assert [str(one.tenure and one.tenure.from_years) for one in pack.promotions] == ["1.5", "3"]
        assert len(pack.competencies) == 3
        assert "in no rule: L4 (ladder.xlsx," in said


def test_a_scale_times_and_remarks_are_read_around_a_matrix_with_levels_down(tmp_path: Path) -> None:
    text = """
        Scale: 1 to 4
        Level | Coding | Testing
        L1 | 1 | 1
        L2 | 2 | 2
        L3 | 3 | 2

        Minimum times
        From | To | Years
        L1 | L2 | 1
        L2 | L3 | 2

        Approved by HR"""
    pack, _ = made(tmp_path, {"Matrix": text})
    assert [level.title for level in pack.levels] == ["L1", "L2", "L3"]
    assert pack.scale.highest == 4
    assert [one.tenure and one.tenure.from_years for one in pack.promotions] == [1, 2]
    pack, said = made(tmp_path, {"Matrix": text}, "--levels", "L2, L3")
    assert "Left out, as --levels does: L1." in said
    assert [one.tenure and one.tenure.from_years for one in pack.promotions] == [2]


def test_the_next_line_of_an_indicator_is_of_the_same_competency(tmp_path: Path) -> None:
    text = """
        Level | Competency | Behaviour
        L1 | Coding | Writes small things
        | | Asks when stuck
        L2 | Coding | Writes large things
        | | Plans the work"""
    pack, _ = made(tmp_path, {"Matrix": text})
    assert pack.promotions[0].signals[0].looks_like == "Writes large things Plans the work"


def test_two_ways_up_may_be_named_by_what_the_levels_are_called_too(tmp_path: Path) -> None:
    text = """
        Skill | L1 | L2 | L3 | M3
        Job title | Engineer | Senior Engineer | Staff Engineer | Engineering Manager
        Coding | 2 | 3 | 5 | 3
        Hiring | - | 1 | 2 | 4"""
    ways = "Engineer, Senior Engineer, Staff Engineer; L2, M3"
    pack, _ = made(tmp_path, {"Matrix": text}, "--levels", ways)
    assert [one.id for one in pack.promotions] == ["l1_to_l2", "l2_to_l3", "l2_to_m3"]


def test_levels_of_several_tracks_in_one_column_are_said_to_be_one_way_up(tmp_path: Path) -> None:
    text = """
        Track | Level | Competency | Required
        IC | L1 | Coding | 1
        IC | L2 | Coding | 2
        Manager | M3 | Coding | 3"""
    _, said = made(tmp_path, {"Matrix": text})
    assert "The levels stand in groups (IC, Manager) and are read as one way up." in said


def test_a_competency_of_several_areas_needs_one_in_each_row(tmp_path: Path) -> None:
    text = """
        Level | Competency | Area | Required
        L1 | Talking | Craft | 1
        L1 | Talking | People | 1
        L2 | Talking | | 2"""
    said = refused(tmp_path, {"Matrix": text})
    assert "B4: “Talking” is in several areas, but here in none; name the area in its row" in said


def test_what_a_reader_of_the_sheet_would_not_see_is_said_and_formulas_need_results(tmp_path: Path) -> None:
    def hide(book: Workbook) -> None:
        sheet = book.worksheets[0]
        sheet.column_dimensions["C"].hidden = True
        book["Old"].sheet_state = "hidden"
        sheet["B2"].comment = Comment("only from 2027 on", "HR")

    _, said = made(tmp_path, {"Matrix": CRAFT, "Old": LEADERSHIP}, change=hide)
    assert "see again: Hidden columns were read like any other: C." in said
    assert "see again: Hidden sheets were not read: Old." in said
    assert "see again: Notes on cells were not read: B2." in said

    def strike(book: Workbook) -> None:
        struck = TextBlock(InlineFont(strike=True), "3")
        book.worksheets[0]["C2"] = CellRichText(struck, TextBlock(InlineFont(), "2"))

    _, said = made(tmp_path, {"Matrix": CRAFT}, change=strike)
    assert "see again: A part of a text that is struck through was left out: C2 ('32', read as '2')." in said

    def calculate(book: Workbook) -> None:
        book.worksheets[0]["C2"] = "=B2+1"

    said = refused(tmp_path, {"Matrix": CRAFT}, change=calculate)
    assert "ladder.xlsx, Matrix: a formula whose result was never stored is in C2" in said


CODING_AND_TESTING: dict[str, list[int | None]] = {"Coding": [1, 2, 3], "Testing": [1, 1, 2]}
"""What most of these matrices require, however they are written."""
READ: dict[str, tuple[str, dict[str, list[int | None]]]] = {
    "lines of the file above the table": (
        """
        Owner: | People team
        Version: | 3

        Skill | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Testing | 1 | 1 | 2""",
        CODING_AND_TESTING,
    ),
    "headings again in another order, and of some levels": (
        """
        Skill | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Skill | L3 | L2 | L1
        Testing | 3 | 2 | 1
        Skill | L2 | L3
        Hiring | 2 | 3""",
        {"Coding": [1, 2, 3], "Testing": [1, 2, 3], "Hiring": [None, 2, 3]},
    ),
    "levels that are called as their ratings are": (
        "Skill | 1 | 2 | 3\nCoding | 1 | 2 | 3\nTesting | 1 | 1 | 2",
        CODING_AND_TESTING,
    ),
    "half-levels that are numbers": (
        "Skill | 1 | 1.5 | 2\nCoding | 1 | 2 | 3\nTesting | 1 | 2 | 2\nHiring | 1 | 1 | 2",
        {"Coding": [1, 2, 3], "Testing": [1, 2, 2], "Hiring": [1, 1, 2]},
    ),
    "what it means behind the levels": (
        "Subject | L1 | L2 | L3 | Behaviour\nCoding | 1 | 2 | 3 | Writes\nTesting | 1 | 1 | 2 | Runs",
        CODING_AND_TESTING,
    ),
    "columns for a person's ratings, averages and advice beside the levels": (
        """
        Skill | L1 | L2 | L3 | Average | Self | Manager | Gap | Resources
        Coding | 1 | 2 | 3 | 2 | 2 | 2 | 1 | A book
        Testing | 1 | 1 | 2 | 1 | 2 | 2 | 0 | A course""",
        CODING_AND_TESTING,
    ),
    "a heading in all cells, ranges and a second number": (
        """
        Skill | L1 | L2 | L3
        CRAFT | CRAFT | CRAFT | CRAFT
        Coding | 1 to 2 | 2 to 3 | 3
        Testing | 1 | 1 (2 for leads) | 2""",
        CODING_AND_TESTING,
    ),
    "remarks beside competencies with levels down": (
        "Level | Coding | Testing | Comments\nL1 | 1 | 1 | 1\nL2 | 2 | 1 | 2\nL3 | 3 | 2 | 3",
        CODING_AND_TESTING,
    ),
    "numbered standards, one of them of one level": (
        """
        # | Standard | L1 | L2 | L3
        1.1 | Coding | 1 | 2 | 3
        1.2 | Testing | 1 | 1 | 2
        1.3 | Hiring | | | 2""",
        {"Coding": [1, 2, 3], "Testing": [1, 1, 2], "Hiring": [None, None, 2]},
    ),
    "numbers in the names": (
        "Skill | L1 | L2 | L3\n1. Coding | 1 | 2 | 3\n2. Testing | 1 | 1 | 2",
        CODING_AND_TESTING,
    ),
    "an area within an area": (
        """
        Domain | Sub-domain | Competency | L1 | L2 | L3
        Craft | Code | Coding | 1 | 2 | 3
        | Quality | Testing | 1 | 1 | 2""",
        CODING_AND_TESTING,
    ),
    "letters with a legend below": (
        """
        Skill | L1 | L2 | L3
        Coding | B | I | A
        Testing | B | B | I

        B | Basic
        I | Intermediate
        A | Advanced""",
        CODING_AND_TESTING,
    ),
    "what the heading says of each level": (
        "Skill | Expected at L1 | Expected at L2 | Expected at L3\nCoding | 1 | 2 | 3\nTesting | 1 | 1 | 2",
        CODING_AND_TESTING,
    ),
    "levels down, below a title and areas": (
        """
        Our ladder
        | Craft | Craft | People
        Level | Coding | Testing | Hiring
        L1 | 1 | 1 | 1
        L2 | 2 | 1 | 1
        L3 | 3 | 2 | 2""",
        {"Coding": [1, 2, 3], "Testing": [1, 1, 2], "Hiring": [1, 1, 2]},
    ),
    "rows about the levels": (
        """
        Skill | L1 | L2 | L3
        Track | IC | IC | IC
        Salary from | 40 | 50 | 60
        Summary | Learns | Works alone | Leads others
        Coding | 1 | 2 | 3
        Testing | 1 | 1 | 2""",
        CODING_AND_TESTING,
    ),
    "marks of footnotes": (
        """
        Skill | L1 | L2 | L3
        Coding | 1 | 2* | 3
        Testing | 1 | 1 | 2**
        * from 2027 on""",
        CODING_AND_TESTING,
    ),
    "totals of areas and of all": (
        """
        Skill | L1 | L2 | L3
        Technical | | |
        Coding | 1 | 2 | 3
        Testing | 1 | 1 | 2
        Total technical | 2 | 3 | 5
        People | | |
        Hiring | 1 | 1 | 2
        Caring | 1 | 2 | 2
        People total | 2 | 3 | 4
        Grand total | 4 | 6 | 9""",
        {"Coding": [1, 2, 3], "Testing": [1, 1, 2], "Hiring": [1, 1, 2], "Caring": [1, 2, 2]},
    ),
    "levels below one heading of all, as text files have it": (
        """
        Skill | Grade | | | Weight
        | G1 | G2 | G3 |
        Coding | 1 | 2 | 3 | 60
        Testing | 1 | 1 | 2 | 40""",
        CODING_AND_TESTING,
    ),
    "levels down, below areas that text files name once": (
        """
        | Craft | | Behaviour |
        Level | Coding | Testing | Hiring | Caring
        L1 | 1 | 1 | 1 | 1
        L2 | 2 | 1 | 1 | 2
        L3 | 3 | 2 | 2 | 3""",
        {"Coding": [1, 2, 3], "Testing": [1, 1, 2], "Hiring": [1, 1, 2], "Caring": [1, 2, 3]},
    ),
    "levels down and a row of weights below": (
        """
        Level | Reference | Code | Testing
        L1 | A1 | 1 | 1
        L2 | A2 | 2 | 1
        L3 | A3 | 3 | 2
        Weight | | 60 | 40""",
        {"Code": [1, 2, 3], "Testing": [1, 1, 2]},
    ),
    "a legend beside the table": (
        """
        Skill | L1 | L2 | L3 | | Rating | Meaning
        Coding | 1 | 2 | 3 | | 1 | Learns
        Testing | 1 | 1 | 2 | | 2 | Works
        Hiring | 1 | 1 | 2 | | 3 | Leads
         | | | | | 4 | Shapes""",
        {"Coding": [1, 2, 3], "Testing": [1, 1, 2], "Hiring": [1, 1, 2]},
    ),
    "a legend with headings below": (
        """
        Skill | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Testing | 1 | 1 | 2

        Rating | Meaning
        1 | Learns
        2 | Works
        3 | Leads
        4 | Shapes""",
        CODING_AND_TESTING,
    ),
    "a legend with headings below levels that go down": (
        """
        Level | Coding | Testing
        L1 | 1 | 1
        L2 | 2 | 1
        L3 | 3 | 2

        Rating | Meaning
        1 | Learns
        2 | Works
        3 | Leads
        4 | Shapes""",
        CODING_AND_TESTING,
    ),
    "a legend with headings below a list": (
        """
        Level | Skill | Required
        L1 | Coding | 1
        L1 | Testing | 1
        L2 | Coding | 2
        L2 | Testing | 1
        L3 | Coding | 3
        L3 | Testing | 2

        Score | Meaning
        1 | Learns
        2 | Works
        3 | Leads
        4 | Shapes""",
        CODING_AND_TESTING,
    ),
    "a line of words above levels that go down": (
        """
        Scale: Basic, Fair, Strong (lowest first)
        Level | Coding | Testing
        L1 | Basic | Basic
        L2 | Fair | Basic
        L3 | Strong | Fair""",
        CODING_AND_TESTING,
    ),
    "an area above each competency": (
        """
         | Craft | People
        Level | Coding | Testing
        L1 | 1 | 1
        L2 | 2 | 1
        L3 | 3 | 2""",
        CODING_AND_TESTING,
    ),
    "as many points as levels, in words of ratings": (
        "1 = Basic, 2 = Fair, 3 = Strong\nSkill | L1 | L2 | L3\nCoding | 1 | 2 | 3\nTesting | 1 | 1 | 2",
        CODING_AND_TESTING,
    ),
    "a scale in the corner": (
        "Skill (0-4) | L1 | L2 | L3\nCoding | 1 | 2 | 3\nTesting | 0 | 1 | 2",
        {"Coding": [1, 2, 3], "Testing": [0, 1, 2]},
    ),
    "a column with the scale of all": (
        "Skill | Scale | L1 | L2 | L3\nCoding | 0-4 | 1 | 2 | 3\nTesting | 0-4 | 1 | 1 | 2",
        CODING_AND_TESTING,
    ),
    "a column with the most points of all": (
        "Skill | Max points | L1 | L2 | L3\nCoding | 4 | 1 | 2 | 3\nTesting | 4 | 1 | 1 | 2",
        CODING_AND_TESTING,
    ),
    "words of which a cell gives two": (
        """
        Skill | L1 | L2 | L3
        Coding | Basic | Basic-Good | Good
        Testing | Basic | Good / Expert | Expert
        Hiring | Basic | Good | Expert""",
        {"Coding": [1, 1, 2], "Testing": [1, 2, 3], "Hiring": [1, 2, 3]},
    ),
    "sub-competencies beside what they belong to": (
        """
        Competency | Sub-competency | L1 | L2 | L3
        Craft | Coding | 1 | 2 | 3
         | Testing | 1 | 1 | 2
        People | Hiring | 1 | 1 | 2""",
        {"Coding": [1, 2, 3], "Testing": [1, 1, 2], "Hiring": [1, 1, 2]},
    ),
    "marks of what is core": (
        """
        Skill (* = core) | L1 | L2 | L3
        Coding* | 1 | 2 | 3
        Testing | 1 | 1 | 2""",
        CODING_AND_TESTING,
    ),
    "marks of something else, and weights beyond 100 %": (
        """
        Skill | Weight | L1 | L2 | L3
        Coding* | 70% | 1 | 2 | 3
        Testing | 40% | 1 | 1 | 2""",
        CODING_AND_TESTING,
    ),
    "words with their numbers": (
        """
        Skill | L1 | L2 | L3
        Coding | 1 Basic | Fair (2) | 3 Good
        Testing | 1 Basic | 1 Basic | Fair (2)""",
        CODING_AND_TESTING,
    ),
    "areas with weights of their own": (
        """
        Skill | Weight | L1 | L2 | L3
        Craft | 60% | | |
        Coding | 30% | 1 | 2 | 3
        Testing | 30% | 1 | 1 | 2
        People | 40% | | |
        Hiring | 40% | 1 | 1 | 2""",
        {"Coding": [1, 2, 3], "Testing": [1, 1, 2], "Hiring": [1, 1, 2]},
    ),
    "levels in brackets behind what all headings say": (
        "Skill | Expected level (L1) | Expected level (L2) | Expected level (L3)\n"
        "Coding | 1 | 2 | 3\nTesting | 1 | 1 | 2",
        CODING_AND_TESTING,
    ),
    "times in Portuguese": (
        """
        Competência | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Testing | 1 | 1 | 2
        Tempo mínimo no nível anterior (anos) | | 1 | 2""",
        CODING_AND_TESTING,
    ),
    "a short line of what is asked for": (
        "Minimum average: 3.5\nSkill | L1 | L2 | L3\nCoding | 1 | 2 | 3\nTesting | 1 | 1 | 2",
        CODING_AND_TESTING,
    ),
    "short units of time and times in Spanish": (
        """
        Skill | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Testing | 1 | 1 | 2
        Años mínimos en el nivel anterior | n/a | 18m | 24 mths""",
        CODING_AND_TESTING,
    ),
    "a scale that each cell names": (
        "Skill | L1 | L2 | L3\nCoding | 1/7 | 2/7 | 3/7\nTesting | 1 of 7 | 1 of 7 | 2 of 7",
        CODING_AND_TESTING,
    ),
    "a competency that is called an experience": (
        "Skill | L1 | L2 | L3\nCoding | 1 | 2 | 3\nTesting | 1 | 1 | 2\nUser experience | 1 | 2 | 2",
        CODING_AND_TESTING | {"User experience": [1, 2, 2]},
    ),
    "points": (
        "Skill | L1 | L2 | L3\nCoding | 1 pt | 2 pts | 3 pts\nTesting | 1 pt | 1 pt | 2 pts",
        CODING_AND_TESTING,
    ),
    "numbers of levels that begin again": (
        "Skill | Tester 1 | Tester 2 | Senior Tester 1\nCoding | 1 | 2 | 3\nTesting | 1 | 1 | 2",
        CODING_AND_TESTING,
    ),
    "colours that say something": (
        "Skill | L1 | L2 | L3\nCoding | 1 | 2 | 3\nTesting | 1 | 1 | 2\nYellow = core",
        CODING_AND_TESTING,
    ),
    "averages of one level alone": (
        """
        Skill | Junior PM | PM | Senior PM
        Coding | 1 | 2 | 3
        Testing | 1 | 1 | 2
        Average Senior PM | | | 3""",
        CODING_AND_TESTING,
    ),
    "means of other rows by an unknown name": (
        """
        Skill | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Testing | 1 | 1 | 2
        Keskiarvo | 1 | 1,5 | 2,5""",
        CODING_AND_TESTING | {"Keskiarvo": [1, 1.5, 2.5]},
    ),
    "times and counts that are no requirements": (
        """
        Skill | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Testing | 1 | 1 | 2
        YOE | 0-2 | 3-5 | 6+
        Experience | 0-2 years | 3-5 years | 6+ years
        Typical time at level | 1-2 years | 2-3 years | 3+ years
        Time to grow | 12 months | 24 months | 3+ years
        Direct reports | 0 | 0 | 3-5
        FTE | 4 | 3 | 1""",
        CODING_AND_TESTING,
    ),
    "areas with the means of their rows": (
        """
        Skill | L1 | L2 | L3
        1. Craft | 1 | 1,5 | 2,5
        1.1 Coding | 1 | 2 | 3
        1.2 Testing | 1 | 1 | 2
        2. People | 1 | 2 | 3
        2.1 Hiring | 1 | 2 | 3
        2.2 Caring | 1 | 2 | 3""",
        CODING_AND_TESTING | {"Hiring": [1, 2, 3], "Caring": [1, 2, 3]},
    ),
    "areas with the sums of their columns": (
        """
        Level | Craft | Coding | Testing | People | Hiring | Caring
        L1 | 2 | 1 | 1 | 2 | 1 | 1
        L2 | 3 | 2 | 1 | 4 | 2 | 2
        L3 | 5 | 3 | 2 | 6 | 3 | 3""",
        CODING_AND_TESTING | {"Hiring": [1, 2, 3], "Caring": [1, 2, 3]},
    ),
    "an overall mean above all rows": (
        "Skill | L1 | L2 | L3\nOverall | 1 | 1,5 | 2,5\nCoding | 1 | 2 | 3\nTesting | 1 | 1 | 2",
        CODING_AND_TESTING,
    ),
    "sums and means of others by accident": (
        """
        Skill | L1 | L2 | L3
        Coding | 2 | 4 | 6
        Testing | 1 | 2 | 3
        Hiring | 1 | 2 | 3""",
        {"Coding": [2, 4, 6], "Testing": [1, 2, 3], "Hiring": [1, 2, 3]},
    ),
    "people below the matrix": (
        """
        Skill | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Testing | 1 | 1 | 2
        Employee | Level | Coding | Testing
        Ann Bell | L1 | 1 | 2
        Ben Carr | L2 | 2 | 1""",
        CODING_AND_TESTING,
    ),
    "a competency that is called as people are": (
        """
        Skill | L1 | L2 | L3
        Coding | Basic | Fair | Good
        Team member | Basic | Basic | Fair""",
        {"Coding": [1, 2, 3], "Team member": [1, 1, 2]},
    ),
    "people with more about them": (
        """
        Skill | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Testing | 1 | 1 | 2

        Employee | Department | Level | Manager
        Ann Bell | 7 | 2 | 1""",
        CODING_AND_TESTING,
    ),
    "people below levels that go down": (
        """
        Level | Coding | Testing
        L1 | 1 | 1
        L2 | 2 | 1
        L3 | 3 | 2

        Name | Coding | Testing
        Ann Bell | 3 | 3""",
        CODING_AND_TESTING,
    ),
    "people beside the matrix": (
        """
        Skill | L1 | L2 | L3 | | Employee | Level
        Coding | 1 | 2 | 3 | | Ann Bell | L1
        Testing | 1 | 1 | 2 | | Ben Carr | L2""",
        CODING_AND_TESTING,
    ),
    "a log of changes below": (
        """
        Skill | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Testing | 1 | 1 | 2

        Version | Date | Change
        1 | 2 | 3""",
        CODING_AND_TESTING,
    ),
    "the ends of the scale in rows": (
        """
        Skill | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Testing | 1 | 1 | 2
        Minimum | 1 | 1 | 1
        Maximum | 5 | 5 | 5""",
        CODING_AND_TESTING,
    ),
    "names with the numbers of footnotes": (
        "Skill | L1 | L2 | L3\nCoding¹ | 1 | 2 | 3\nTesting | 1 | 1 | 2\n¹ in any language",
        CODING_AND_TESTING,
    ),
    "Markdown": (
        """
        Skill | **L1** | **L2** | **L3**
        :--- | :---: | --- | ---:
        **Coding** | 1 | 2 | 3
        **Testing** | 1 | 1 | 2""",
        CODING_AND_TESTING,
    ),
    "a list whose headings say nothing": (
        """
        Grade | Facet | Points
        L1 | Coding | 1
        L1 | Testing | 1
        L2 | Coding | 2
        L2 | Testing | 1
        L3 | Coding | 3
        L3 | Testing | 2""",
        CODING_AND_TESTING,
    ),
    "rows about levels in a list": (
        """
        Level | Skill | Required
        L1 | Coding | 1
        L1 | Testing | 1
        L1 | Average | 1
        L2 | Coding | 2
        L2 | Testing | 1
        L2 | Average | 1,5
        L2 | Minimum years | 2
        L2 | Typical time in level | 3 years
        L3 | Coding | 3
        L3 | Testing | 2
        L3 | Average | 2,5""",
        CODING_AND_TESTING,
    ),
    "a first competency that is called as headings are": (
        "Skill | L1 | L2 | L3\nQuality | 1 | 2 | 3\nTesting | 4 | 4 | 5",
        {"Quality": [1, 2, 3], "Testing": [4, 4, 5]},
    ),
    "ranges of percentages": (
        "Skill | L1 | L2 | L3\nCoding | 20-40% | 40-60% | 60-80%\nTesting | 0-20% | 20-40% | 40-60%",
        {"Coding": [20, 40, 60], "Testing": [0, 20, 40]},
    ),
    "what is needed on average": (
        "Skill | L1 | L2 | L3\nCoding | 1 | 2 | 3\nTesting | 1 | 1 | 2\nPromotion threshold | 1 | 1,5 | 2,5",
        CODING_AND_TESTING,
    ),
    "a sentence with a number that is no scale": (
        """
        Skill | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Testing | 1 | 1 | 2

        A minimum of 2 in every skill is needed.""",
        CODING_AND_TESTING,
    ),
}
"""A matrix, and what its levels require of each competency."""


@pytest.mark.parametrize("name", READ)
def test_what_stands_around_the_ratings_of_a_matrix_does_not_become_one(name: str, tmp_path: Path) -> None:
    text, required = READ[name]
    pack, said = made(tmp_path, {"Matrix": text})
    titles = {one.id: one.title for one in pack.competencies}
    found = [{titles[one.competency]: one.rating for one in level.expects} for level in pack.levels]
    assert {title: [level.get(title) for level in found] for title in titles.values()} == required
    for text_of, sentence in SAID.items():
        assert (sentence in said) == (text_of == name)
    assert name not in SCALES or (pack.scale.lowest, pack.scale.highest) == SCALES[name]


def test_what_may_say_that_nothing_is_required_is_told_among_sentences(tmp_path: Path) -> None:
    text = """
        Skill | L1 | L2 | L3
        Coding | Writes small changes with help | Writes features alone | Designs what others write
        Hiring | Ei vaadita | Sits in on interviews | Interviews candidates alone
        Vision | | Asks where we want to go | """
    _, said = made(tmp_path, {"Matrix": text})
    assert "Read as requirements among sentences: “Ei vaadita” (B3). Empty cells say that nothing is" in said
    assert "Vision: L3 requires nothing, where L2 requires something (C4)." in said


def test_a_sheet_that_explains_the_words_of_the_matrix_is_a_legend(tmp_path: Path) -> None:
    text = "Skill | L1 | L2 | L3\nCoding | Aware | Working | Expert\nTesting | Aware | Aware | Skilled"
    points = ["Level | Name | Meaning", "1 | Aware | Knows", "2 | Working | Does", "3 | Skilled | Owns"]
    legend = "\n".join([*points, "4 | Expert | Teaches"])
    pack, _ = made(tmp_path, {"Matrix": text, "Scale": legend})
    assert pack.scale.words == ("Aware", "Working", "Skilled", "Expert")


def test_weights_that_miss_100_are_told(tmp_path: Path) -> None:
    _, said = made(tmp_path, {"Matrix": READ["marks of something else, and weights beyond 100 %"][0]})
    assert "The weights add up to 110, not 100; they count in proportion." in said


def test_a_mark_beside_competencies_is_importance_where_the_matrix_says_so(tmp_path: Path) -> None:
    pack, _ = made(tmp_path, {"Matrix": READ["marks of what is core"][0]})
    assert [one.importance for one in pack.promotions[1].signals] == ["core", "supporting"]


SCALES = {
    "a scale that each cell names": (1, 7),
    "a legend beside the table": (1, 4),
    "a legend with headings below": (1, 4),
    "a line of words above levels that go down": (1, 3),
    "a legend with headings below levels that go down": (1, 4),
    "a legend with headings below a list": (1, 4),
    "as many points as levels, in words of ratings": (1, 3),
    "a scale in the corner": (0, 4),
    "a column with the scale of all": (0, 4),
    "a column with the most points of all": (1, 4),
    "words of which a cell gives two": (1, 3),
    "words with their numbers": (1, 3),
}

SAID = {
    "numbers of levels that begin again": (
        "The levels stand in groups (Tester, Senior Tester) and are read as one way up."
    ),
    "colours that say something": "may be a rule (A4): Yellow = core",
    "averages of one level alone": "“Average Senior PM” (A4) sums up other rows and is not a competency.",
    "means of other rows by an unknown name": (
        "“Keskiarvo” has the means of the 2 rows above it and is read as a competency; if it is no"
    ),
    "times and counts that are no requirements": (
        "Time to grow (A7: 12 months, 24 months, 3+ years): a time, and in no rule. If it is a minimum,"
    ),
    "areas with the means of their rows": (
        "Read as areas, with the means of the rows below each: “1. Craft” (A2), “2. People” (A5)."
    ),
    "areas with the sums of their columns": (
        "Read as areas, with the sums of the rows below each: “Craft” (B1), “People” (E1)."
    ),
    "an overall mean above all rows": "with the means of the rows below each: “Overall” (A2).",
    "sums and means of others by accident": (
        "“Coding” has the sums of the 2 rows below it and is read as a competency; if it is no more"
    ),
    "people below the matrix": "Another table was not read (A4 to D6: Employee, Level, Coding, Testing).",
    "people with more about them": "was not read (A5 to D6: Employee, Department, Level, Manager).",
    "people below levels that go down": "Another table was not read (A6 to C7: Name, Coding, Testing).",
    "people beside the matrix": "Another table was not read (F1 to G3: Employee, Level).",
    "a log of changes below": "Another table was not read (A5 to C6: Version, Date, Change).",
    "the ends of the scale in rows": "“Maximum” (A5) is about the levels and is not a competency;",
    "rows about levels in a list": "“Average” (B4) sums up other rows and is not a competency.",
    "ranges of percentages": "Where a cell gives a range, such as 20-40% (B2), its lower end is required.",
    "what is needed on average": "The totals are in no rule, because the competencies have no weights.",
    "a short line of what is asked for": "may be a rule (A1): Minimum average: 3.5",
    "areas with weights of their own": "“Craft” (A2) is read as an area, and its weight is in no rule.",
    "levels down and a row of weights below": "“Reference” (B1) is not read as a competency.",
    "marks of something else, and weights beyond 100 %": (
        "Competencies are read without their marks, such as Coding* (A2): what it says is in no rule."
    ),
    "words of which a cell gives two": "Where a cell gives two words, such as Basic-Good (C2), the lower is",
    "columns for a person's ratings, averages and advice beside the levels": (
        "The column “Manager” (G1) is in no rule."
    ),
    "a heading in all cells, ranges and a second number": (
        "Where a cell has a second number, such as 1 (2 for leads) (C4), the first is required."
    ),
    "rows about the levels": "“Track” (A2) is about the levels and is not a competency; it is in no rule.",
    "marks of footnotes": "without their footnote marks, such as 2* (C2): what it says is in no rule.",
    "a sentence with a number that is no scale": "may be a rule (A5): A minimum of 2",
}

ASKED = {
    "a sentence without the number that others end with": (
        "Skill | L1 | L2\nCoding | Writes with help (1) | Writes alone\nArt | Draws (1) | Paints (2)",
        "Matrix!C2: “Writes alone” is not a number, as the other cells are",
    ),
    "shares of somebody's time": (
        "Task area | L1 | L2\nCoding | 80% | 40%\nMeetings | 10% | 30%\nMentoring | 10% | 30%",
        "Matrix!B2: what stands below each level adds up to 100 %, as shares of somebody's time do.",
    ),
    "a list of two versions": (
        "Version | Level | Skill | Bar\n2025 | L1 | Coding | 1\n2025 | L2 | Coding | 2\n2026 | L1 | Art | 1",
        "Matrix!A1: the column “Version” has rows of 2025, 2026; whose ladder is it?",
    ),
    "levels in two languages": (
        "Skill | L1 (EN) | L1 (DE)\nCoding | Writes with help | Schreibt mit Hilfe\nArt | Draws it | Malt",
        "Matrix!B1: “L1 (EN)” and “L1 (DE)” (C1) are two columns of “L1”; leave one for each level",
    ),
    "levels of two years": (
        "Skill | L1 (2025) | L1 (2026) | L2 (2025) | L2 (2026)\nCoding | 1 | 2 | 2 | 3\nArt | 1 | 1 | 1 | 2",
        "Matrix!B1: “L1 (2025)” and “L1 (2026)” (C1) are two columns of “L1”",
    ),
    "an old and a new level": (
        "Skill | L1 old | L1 new | L2 old | L2 new\nCoding | 1 | 2 | 2 | 3\nTesting | 1 | 1 | 1 | 2",
        "Matrix!B1: “L1 old” and “L1 new” (C1) are two columns of “L1”",
    ),
    "competencies in two languages": (
        "Skill | L1 | L2\nCoding (EN) | 1 | 2\nCoding (FR) | 1 | 2\nArt (EN) | 1 | 1\nArt (FR) | 1 | 1",
        "Matrix!A3: “Coding (FR)” and “Coding (EN)” (A2) are one competency in two languages or versions;",
    ),
    "the same as nothing": (
        "Skill | L1 | L2\nCoding | Writes small changes with help | Same as above\nArt | Draws | Paints",
        "Matrix!C2: “Same as above” says nothing of what is required; write it, or empty the cell",
    ),
    "empty cells where levels build on each other": (
        "Each level builds on the previous one\nSkill | L1 | L2 | L3\nCoding | 1 | | 3\nTesting | 1 | 2 | 3",
        "“Each level builds on the previous one” But empty cells are read as nothing required; write what",
    ),
    "levels from which on points of a scale are required": (
        "Skill | Foundation | Solid from | Expert\nCoding | L1 | L2 | L3\nTesting | L1 | L3 | L4",
        "are Foundation, Solid from, Expert levels of a ladder, or ratings that one level describes?",
    ),
    "what is desired and required": (
        "Skill | L1 | L2 | L3\nCoding | Desired | Required | Required\nTesting | | Desired | Required",
        "the cells say Desired and Required: what is required and what is optional, or ratings?",
    ),
    "a list without what is required": (
        "Level | Skill | Watch | Ask\nL1 | Coding | This | That\nL2 | Coding | Those | These",
        "no column of the list on Matrix says what is required; call it Required, or Behaviour where it has",
    ),
    "empty cells for what the level before requires": (
        "Blank cells: same as the level before\nSkill | L1 | L2 | L3\nCoding | 1 | | 3\nTesting | 1 | 2 |",
        "write what is required of “Coding” at L2, “Testing” at L3, and take this line out",
    ),
    "what is open yet": (
        """
        Skill | L1 | L2
        Coding | Writes small changes with help | Writes whole features alone
        Hiring | TBD | Interviews candidates alone""",
        "Matrix!B3: “TBD” says nothing of what is required; write it, or empty the cell if nothing is",
    ),
    "a question mark among sentences": (
        "Skill | L1 | L2\nCoding | Writes small changes with help | ?\nHiring | Sits in | Leads talks alone",
        "Matrix!C2: “?” says nothing of what is required",
    ),
    "parts in tasks": (
        "Process | Junior | Manager | Director\nBudget | I | R | A\nHiring | C | R/A | A",
        "Matrix!B2: “I” is a part in a task, as responsible, accountable, consulted and informed are",
    ),
    "amounts of money beside ratings": (
        "Skill | L1 | L2 | L3\nCoding | 1 | 2 | 3\nRevenue owned | 900 | 5000 | 20000",
        "Matrix!B3: “Revenue owned” is on a different scale from other rows; write it on theirs, take",
    ),
    "a column before the levels that is none": (
        """
        Skill | Why it matters | L1 | L2
        Coding | Our customers rely on it | Writes with help | Writes alone""",
        "is “Why it matters” a level, as L1, L2 are?",
    ),
    "a column of marks before a junior level": (
        "Skill | Optional | Junior | Mid | Senior\nCoding | | x | x | x\nHiring | x | | x | x",
        "Matrix!B1: is “Optional” a level, as Junior, Mid, Senior are?",
    ),
    "a column behind the levels that is none": (
        "Skill | L1 | L2 | Questions to ask\nCoding | Writes with help | Writes alone | What did you write?",
        "Matrix!D1: is “Questions to ask” a level, as L1, L2 are?",
    ),
    "professions above rows": (
        """
        Skill | L1 | L2
        Engineering
        Coding | 1 | 2
        Design
        Drawing | 1 | 2""",
        "the areas on Matrix are called after professions (Engineering, Design); whose ladder is it?",
    ),
    "families in a column": (
        "Family | Skill | L1 | L2\nEngineering | Coding | 1 | 2\nDesign | Drawing | 1 | 2",
        "the areas on Matrix are called after professions (Engineering, Design); whose ladder is it?",
    ),
    "levels down below a word that is not known": (
        """
        Taso | Vastuu | Yhteistyö
        Taso 1 | Vastaa omista tehtävistä joka päivä | Kysyy kun jokin on epäselvää
        Taso 2 | Vastaa koko hankkeesta ja sen laadusta | Auttaa muita eteenpäin työssä""",
        "Matrix!A1: are Taso 1 and Taso 2 the levels, or Vastuu and Yhteistyö? Write “Level” here",
    ),
    "words that differ by a sign alone": (
        "Scale: C, B-, B, B+\nSkill | L1 | L2\nCoding | B- | B+\nHiring | C | B",
        "“B-” and “B” read alike; tell them apart by letters, as in B minus",
    ),
    "two tables side by side": (
        "Skill | L1 | L2 | | Skill | M1 | M2\nCoding | 1 | 2 | | Hiring | 1 | 2\nTesting | 1 | 2",
        "Matrix!A1 and E1: two tables stand side by side; give each a sheet of its own",
    ),
    "tracks in a column": (
        "Track | Skill | L1 | L2\nIC | Coding | 1 | 2\nIC | Testing | 1 | 2\nManager | Hiring | 1 | 2",
        "Matrix!A1: the column “Track” has rows of IC, Manager; whose ladder is it?",
    ),
    "professions in a column": (
        """
        Job family | Level | Competency | Required
        Engineering | L1 | Coding | 1
        Engineering | L2 | Coding | 2
        Design | L1 | Drawing | 1
        Design | L2 | Drawing | 2""",
        "the column “Job family” has rows of Design, Engineering; whose ladder is it?",
    ),
    "weights that differ by level": (
        """
        Level | Criterion | Weight | Minimum score
        L1 | Coding | 40 | 2
        L1 | Testing | 60 | 2
        L2 | Coding | 60 | 3
        L2 | Testing | 40 | 3""",
        "Matrix!C4: 60 here, and 40 in the row of B2 for the same competency, “Coding”; give it one for all",
    ),
    "totals on another scale than ratings": (
        """
        Level | Criterion | Weight | Minimum score | Pass mark
        L1 | Coding | 40 | 3 | 50
        L1 | Testing | 60 | 3 | 50
        L2 | Coding | 40 | 4 | 70
        L2 | Testing | 60 | 3 | 70""",
        "single ratings go up to 4 and totals to 70; which scale is it?",
    ),
    "points of a scale for levels": (
        "Skill | 1 Below | 2 Meets | 3 Exceeds\nCoding | Seldom | Done | Led\nTesting | Seldom | Done | Led",
        "are 1 Below, 2 Meets, 3 Exceeds levels of a ladder, or ratings that one level describes?",
    ),
    "a percentage among points": (
        "Skill | L1 | L2\nQuota | 80% | 100%\nCoding | 1 | 2\nTesting | 1 | 2",
        "Matrix!B2: “Quota” is on a different scale from other rows; write it on theirs, take it out, or say",
    ),
    "ratings among words": (
        "Skill | L1 | L2\nCoding | 1 | 2\nCertificate | BLS | ACLS\nEducation | Diploma | MSc",
        "Matrix!B2: “1” is a number, and other cells are words, such as “BLS” (B3); say in words what",
    ),
    "signs for ratings": (
        "Skill | L1 | L2\nCoding | ▽ | ▲\nTesting | ▽ | ▽",
        "Matrix!B2: “▽” holds neither a word nor a number",
    ),
    "levels that differ by a sign": (
        "Skill | SE1 | SE1* | SE2\nCoding | 1 | 1 | 2\nTesting | 1 | 2 | 2",
        "Matrix!C1: the level “SE1*” is also at B1, as “SE1”: signs alone tell no levels apart",
    ),
    "essential and desirable": (
        "Criterion | Band 5 | Band 6\nMentoring | D | E\nLeading | D | E",
        "the cells say D and E: what is required and what is optional, or ratings?",
    ),
    "a level without a heading": (
        "Skill | L1 | | L3\nCoding | 1 | 2 | 3\nTesting | 1 | 1 | 2",
        "Matrix!C1: the column has no heading, and “2” stands in it (C2); write which level it is of",
    ),
    "a last level without a heading": (
        "Skill | L1 | L2 |\nCoding | 1 | 2 | 3\nTesting | 1 | 1 | 2",
        "Matrix!D1: the column has no heading, and “3” stands in it (D2); write which level it is of",
    ),
    "two numbers in a cell": (
        "Skill | L1 (min/target) | L2 (min/target)\nCoding | 1/2 | 3/4\nTesting | 1/2 | 2/3",
        "Matrix!B2: “1/2” holds two numbers, and so do 3 more cells; write in each the one rating",
    ),
    "more than all of it": (
        "KPI | L1 | L2\nQuota | 80% | 110%\nReturns | 70% | 90%",
        "the matrix asks for up to 110 and does not name its scale; what is the highest rating? "
        "Say the ends of the scale, such as --scale 0..110",
    ),
    "a minimum and a target in a list": (
        "Job level | Skill | Minimum proficiency | Target proficiency\n"
        "L1 | Coding | 1 | 2\nL2 | Coding | 2 | 3",
        "“Minimum proficiency” and “Target proficiency” (D1) say different things of what a level requires",
    ),
    "points of a scale with their numbers for levels": (
        "Skill | 1 - Needs improvement | 2 - Developing | 3 - Meets | 4 - Exceeds\n"
        "Coding | Seldom | At times | Done | Led\nTesting | Seldom | At times | Done | Led",
        "levels of a ladder, or ratings that one level describes?",
    ),
    "a beginner's and an expert's work for levels": (
        "Skill | Beginner | Intermediate | Advanced | Expert\n"
        "Coding | Reads it | Writes it | Reviews it | Teaches it\n"
        "Testing | Sees it | Does it | Plans it | Leads it",
        "are Beginner, Intermediate, Advanced, Expert levels of a ladder, or ratings that one level",
    ),
    "a range that became a day": (
        "Skill | L1 | L2\nCoding | 2026-02-01 00:00:00 | 4\nTesting | 1 | 3",
        "Matrix!B2: “2026-02-01” is a day; spreadsheet programs make one of 1-2 or 2/1: write what is",
    ),
    "a range that became a day and a month": (
        "Skill | L1 | L2\nCoding | 2-Mar | 4\nTesting | 1 | 03. Mrz",
        "Matrix!B2: “2-Mar” is a day; spreadsheet programs make one",
    ),
    "ratings below 0": (
        "Skill | L1 | L2\nCoding | -1 | 1\nTesting | -2 | 2",
        "Matrix!B2: “-1” is below 0; write the scale from 0 or 1 on, such as 1 for the lowest",
    ),
    "another ladder below the first": (
        "Skill | IC1 | IC2\nCoding | 1 | 3\nTesting | 1 | 2\nSkill | M1 | M2\nHiring | 2 | 3\nCare | 1 | 3",
        "Matrix!A4: a second table begins here, with other levels (M1, M2); write both as one",
    ),
    "items of lists that begin with a 1": (
        "Skill | L1 | L2\nCoding | 1. Writes it | 3\nTesting | 1. Sees it | 2",
        "Matrix!C2: “3” is a number, and other cells are",
    ),
    "competencies with scales of their own": (
        "Skill | Scale | L1 | L2\nCoding | 1-5 | 1 | 3\nSelling | 0-100 | 20 | 50",
        "Matrix!B1: “Scale” gives the competencies different scales (1-5, 0-100); write all on one, such as",
    ),
    "competencies with different most points": (
        "Skill | Weight | Max points | L1 | L2\nCoding | 60 | 40 | 20 | 30\nSelling | 40 | 35 | 20 | 30",
        "Matrix!C1: “Max points” gives the competencies different scales (40, 35); write all on one",
    ),
    "levels down beside an empty corner": (
        " | Talking | Selling | Caring\nTrainee | 1 | 2 | 2\nSenior | 2 | 3 | 4",
        "Matrix!A1: are Trainee and Senior the levels, or Talking and Selling? Write “Level” here",
    ),
    "a minimum and a target below levels, as text files have it": (
        "Skill | L1 | | L2 |\n | Min | Target | Min | Target\nCoding | 1 | 2 | 3 | 4\nHiring | 1 | 2 | 2 | 3",
        "Matrix!B2: “Min” and “Target” (C2) say different things of what “L1” requires",
    ),
    "more than a number beside at least": (
        "Skill | L1 | L2\nCoding | >1 | >3\nTesting | >=1 | >=2",
        "Matrix!B2: “>1” asks for more than 1; write the lowest rating that is enough",
    ),
    "promotions for levels": (
        "Skill | L1 to L2 | L2 to L3\nCoding | 2 | 3\nTesting | 1 | 2",
        "Matrix!B1: “L1 to L2” is a promotion, and a ladder has levels: head each column with the level that",
    ),
    "a rating beside no competency": (
        "Skill | L1 | L2\nCoding | 1 | 2\n | 2 | 3\nTesting | 1 | 2",
        "Matrix!B3: “2” stands beside no competency; name it in its row",
    ),
}


@pytest.mark.parametrize("name", ASKED)
def test_what_would_be_judged_wrongly_is_asked_or_told(name: str, tmp_path: Path) -> None:
    text, words = ASKED[name]
    assert words in refused(tmp_path, {"Matrix": text})


@pytest.mark.parametrize(
    ("cells", "ratings", "highest"),
    [
        (("Level 2: works with help", "Level 3: works alone", "Level 4: leads"), [2, 3, 4], 5),
        (("Stufe 1 - kennt es", "Stufe 2 - kann es", "Stufe 3 - lehrt es"), [1, 2, 3], 5),
        (("●○○○", "●●○○", "●●●●"), [1, 2, 4], 4),
        (("•", "••", "••••"), [1, 2, 4], 5),
        (("▮▯▯▯", "▮▮▯▯", "▮▮▮▮"), [1, 2, 4], 4),
        (("★☆☆", "★★☆", "★★★"), [1, 2, 3], 3),
        (("1 → 2", "2 -> 3", "3-4"), [1, 2, 3], 5),
        (("Writes with help (1)", "Writes alone (2)", "Leads [3]"), [1, 2, 3], 5),
        (("~1", "ca. 2", "≈ 3"), [1, 2, 3], 5),
    ],
)
def test_a_rating_is_read_however_a_cell_shows_it(
    cells: tuple[str, ...], ratings: list[int], highest: int, tmp_path: Path
) -> None:
    row = " | ".join(cells)
    pack, _ = made(tmp_path, {"Matrix": f"Skill | L1 | L2 | L3\nCoding | {row}\nHiring | {row}"})
    assert [level.expects[0].rating for level in pack.levels] == ratings
    assert pack.scale.highest == highest


LEGENDS = (
    "0 = Not required, 1 = Awareness, 2 = Working, 3 = Expert",
    "Scale: 0 = Not required, 1 = Awareness, 2 = Working, 3 = Expert",
    "0: none; 1: basic; 2: good; 3: expert",
    "0=none 1=basic 2=good 3=expert",
    "0 = none | 1 = basic | 2 = good | 3 = expert",
    "Legend: none (0), basic (1), good (2), expert (3)",
    "Ratings run from 0 (none) to 3 (expert)",
)


@pytest.mark.parametrize("above", [True, False], ids=["above", "below"])
@pytest.mark.parametrize("legend", LEGENDS)
def test_a_scale_that_one_line_explains_is_that_of_the_matrix(
    legend: str, above: bool, tmp_path: Path
) -> None:
    matrix = "Skill | L1 | L2 | L3\nCoding | 1 | 2 | 2\nHiring | 0 | 1 | 2"
    if not above:
        legend = legend.replace(" | ", ", ")
    pack, _ = made(tmp_path, {"Matrix": f"{legend}\n\n{matrix}" if above else f"{matrix}\n\n{legend}"})
    assert (pack.scale.lowest, pack.scale.highest) == (0, 3)
    assert [level.title for level in pack.levels] == ["L1", "L2", "L3"]


@pytest.mark.parametrize("legend", ["1 = never, 7 = always", "Scale: never (1) ... always (7)"])
def test_a_line_that_explains_only_the_ends_of_a_scale_names_it(legend: str, tmp_path: Path) -> None:
    pack, _ = made(tmp_path, {"Matrix": f"{legend}\n\nSkill | L1 | L2\nCoding | 2 | 5\nHiring | 1 | 4"})
    assert (pack.scale.lowest, pack.scale.highest) == (1, 7)


@pytest.mark.parametrize(
    "matrix",
    [
        "1 = Junior, 2 = Mid, 3 = Senior\nSkill | L1 | L2 | L3",
        "Skill | 1 - Junior | 2 - Mid | 3 - Senior",
        " | 1 - Junior | 2 - Mid | 3 - Senior",
        "Skill | Junior (1) | Mid (2) | Senior (3)",
    ],
)
def test_a_line_that_explains_levels_is_no_scale(matrix: str, tmp_path: Path) -> None:
    pack, said = made(tmp_path, {"Matrix": f"{matrix}\nCoding | 1 | 2 | 3\nHiring | 1 | 1 | 2"})
    assert len(pack.levels) == 3
    assert "The matrix does not name its scale. Default: from 1 to 5." in said


def test_requirement_may_stand_above_what_is_required_by_yes_and_no(tmp_path: Path) -> None:
    text = "Requirement | L1 | L2\nRuns a project alone | No | Yes\nPresents | Yes | Yes"
    pack, _ = made(tmp_path, {"Matrix": text})
    assert [level.title for level in pack.levels] == ["L1", "L2"]
    assert [one.title for one in pack.competencies] == ["Runs a project alone", "Presents"]


def test_a_grade_with_a_plus_is_a_level_of_its_own(tmp_path: Path) -> None:
    text = "Skill | SE1 | SE1+ | SE2\nCoding | 1 | 1 | 2\nTesting | 1 | 2 | 2"
    pack, _ = made(tmp_path, {"Matrix": text})
    assert [level.title for level in pack.levels] == ["SE1", "SE1+", "SE2"]


def test_a_minimum_or_a_first_level_beside_the_levels_is_said_to_be_in_no_rule(tmp_path: Path) -> None:
    text = "Skill | Minimum | Needed from | L1 | L2\nCoding | 2 | L1 | 1 | 2\nHiring | 2 | L2 | 1 | 2"
    pack, said = made(tmp_path, {"Matrix": text})
    assert [level.title for level in pack.levels] == ["L1", "L2"]
    assert "The column “Minimum” (B1) is in no rule." in said
    assert "The column “Needed from” (C1) is in no rule." in said


def test_a_bare_number_of_a_time_is_in_the_unit_of_its_heading(tmp_path: Path) -> None:
    row = f"{CRAFT}\n    Minimum time in level below (months) | - | 18 | 10"
    sheet = "Level | Months in level below\nL2 | 18\nL3 | 10"
    for sheets in ({"Matrix": row}, {"Matrix": CRAFT, "Times": sheet}):
        pack, _ = made(tmp_path, sheets)
        years = [str(one.tenure and one.tenure.from_years) for one in pack.promotions]
        assert years == ["1.5", "0.8333"]


@pytest.mark.parametrize("what", ["Typical", "Normal", "Recommended", "Suggested", "Average"])
def test_a_usual_time_is_no_minimum(what: str, tmp_path: Path) -> None:
    for rest in ("time in level | - | 2 years | 3 years", "time before promotion | 1 year | 2 years | -"):
        pack, said = made(tmp_path, {"Matrix": f"{CRAFT}\n    {what} {rest}"})
        assert [one.tenure for one in pack.promotions] == [None, None]
        assert "a usual time, not a minimum; in no rule." in said
    levels = "L1 | Engineer | 1 year\nL2 | Senior | 2 years\nL3 | Staff | 3 years"
    times = f"Level | Title | {what} time in level\n{levels}"
    pack, said = made(tmp_path, {"Matrix": CRAFT, "Levels": times})
    assert [one.tenure for one in pack.promotions] == [None, None]
    assert "Another sheet names these levels too" in said
    pack, _ = made(tmp_path, {"Matrix": f"{CRAFT}\n    {what} minimum time in level below | - | 2 | 3"})
    assert [one.tenure and one.tenure.from_years for one in pack.promotions] == [2, 3]


def test_rows_of_a_list_that_are_about_levels_give_these_times_and_names(tmp_path: Path) -> None:
    text = """
        Level | Skill | Required
        L1 | Job title | Engineer
        L1 | Coding | 1
        L2 | Job title | Senior Engineer
        L2 | Coding | 2
        L2 | Minimum years | 2"""
    pack, _ = made(tmp_path, {"Matrix": text})
    assert [one.title for one in pack.competencies] == ["Coding"]
    assert [one.aliases for one in pack.levels] == [("Engineer",), ("Senior Engineer",)]
    assert [one.tenure and one.tenure.from_years for one in pack.promotions] == [2]


def test_people_below_the_table_of_each_level_are_no_part_of_it(tmp_path: Path) -> None:
    sheets = {
        level: f"Skill | Required\nCoding | {n}\n\nEmployee | Level\nAnn Bell | {level}"
        for n, level in enumerate(("L1", "L2"), start=1)
    }
    pack, said = made(tmp_path, sheets)
    assert [one.title for one in pack.levels] == ["L1", "L2"]
    assert [one.title for one in pack.competencies] == ["Coding"]
    assert "Another table was not read (A4 to B5: Employee, Level)." in said


LISTS = {
    "a theme and a narrative": """
        Band | Theme | Narrative
        L1 | Coding | Writes small changes with help
        L1 | Testing | Runs the tests that are there
        L2 | Coding | Writes features without any help
        L2 | Testing | Writes tests for own work""",
    "levels named once": """
        Band | Theme | Narrative
        L1 | Coding | Writes small changes with help
        | Testing | Runs the tests that are there
        L2 | Coding | Writes features without any help
        | Testing | Writes tests for own work""",
    "an indicator": """
        Competency | Level | Indicator
        Coding | L1 | Writes small changes with help
        Coding | L2 | Writes features without any help
        Testing | L1 | Runs the tests that are there
        Testing | L2 | Writes tests for own work""",
    "a description": """
        Level | Competency | Description
        L1 | Coding | Writes small changes with help
        L1 | Testing | Runs the tests that are there
        L2 | Coding | Writes features without any help
        L2 | Testing | Writes tests for own work""",
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_is_one_of_competencies_whatever_its_headings_are(name: str, tmp_path: Path) -> None:
    pack, _ = made(tmp_path, {"Matrix": LISTS[name]})
    assert [(one.title, one.looks_like) for one in pack.promotions[0].signals] == [
        ("Coding", "Writes features without any help"),
        ("Testing", "Writes tests for own work"),
    ]
    assert [one.title for one in pack.levels] == ["L1", "L2"]


def test_as_above_is_the_level_before_where_levels_go_down(tmp_path: Path) -> None:
    text = """
        Level | Coding | Testing
        L1 | Writes small changes with help | Runs the tests that are there
        L2 | Same as above | Writes tests for own work
        L3 | Designs what others write here | as above"""
    pack, _ = made(tmp_path, {"Matrix": text})
    assert pack.promotions[0].signals[0].looks_like == "Writes small changes with help"
    assert pack.promotions[1].signals[1].looks_like == "Writes tests for own work"


def test_a_line_that_html_breaks_is_one_that_goes_on(tmp_path: Path) -> None:
    text = "Skill | L1 | L2\nCoding | Writes it<br>Asks about it | Writes it alone<br/>Tests it too"
    pack, _ = made(tmp_path, {"Matrix": text})
    assert pack.promotions[0].signals[0].looks_like == "Writes it alone Tests it too"


def test_the_longest_time_is_no_minimum_and_of_a_range_the_lower_end_is(tmp_path: Path) -> None:
    text = f"{CRAFT}\n    Time in level below | - | 1-2 years | 2 to 3 years"
    pack, said = made(tmp_path, {"Matrix": f"{text}\n    Maximum time in level | 3 | 4 | 5"})
    assert [one.tenure and one.tenure.from_years for one in pack.promotions] == [1, 2]
    assert "Where a time is a range, such as 1-2 years, its lower end is the minimum." in said
    assert "Maximum time in level (A6: 3, 4, 5): a longest time, not a minimum; in no rule." in said


def test_a_row_of_tracks_says_that_several_ways_up_are_read_as_one(tmp_path: Path) -> None:
    text = "Skill | P1 | P2 | M3\nTrack | IC | IC | Manager\nCoding | 1 | 2 | 3\nHiring | 1 | 2 | 4"
    _, said = made(tmp_path, {"Matrix": text})
    assert "The levels stand in groups (IC, Manager) and are read as one way up." in said


def test_a_sentence_may_go_on_in_the_next_row_of_a_matrix(tmp_path: Path) -> None:
    text = """
        Skill | Junior | Senior
        Coding | Writes small things with help | Writes large things alone
        | Asks when stuck for an hour | Reviews what others wrote
        Talking | Listens to what others say | Explains it to everybody"""
    pack, _ = made(tmp_path, {"Matrix": text})
    looks = pack.promotions[0].signals[0].looks_like
    assert looks == "Writes large things alone Reviews what others wrote"


def test_sentences_beside_one_name_in_several_rows_are_of_one_competency(tmp_path: Path) -> None:
    text = """
        Area | Skill | Junior | Senior
        Craft | Coding | Writes small things with help | Writes large things alone
        Craft | Coding | Asks when stuck for an hour | Reviews what others wrote
        Craft | Talking | Listens to what others say | Explains it to everybody"""
    pack, _ = made(tmp_path, {"Matrix": text})
    assert [one.title for one in pack.competencies] == ["Coding", "Talking"]
    looks = pack.promotions[0].signals[0].looks_like
    assert looks == "Writes large things alone Reviews what others wrote"


@pytest.mark.parametrize("heading", ["Category", "Area"])
@pytest.mark.parametrize(
    "rows",
    [
        "Junior | Mid | Senior\nCoding | 1 | 2 | 3\nTesting | 1 | 2 | 4",
        "Consultant | Expert | Partner\nCoding | 1 | 2 | 3\nTesting | 1 | - | 4",
        "Designer (L2) | Senior Designer (L3) | Lead (L4)\nSkill\nCoding | Writes it | Plans it | Decides it",
        "L1 | L2 | L3\nCoding | Writes small parts of it | Plans all of it | Decides what is built and why",
    ],
)
def test_a_category_beside_levels_alone_names_the_competencies(
    heading: str, rows: str, tmp_path: Path
) -> None:
    pack, _ = made(tmp_path, {"Ladder": f"{heading} | {rows}"})
    assert len(pack.levels) == 3
    assert {one.title for one in pack.competencies} <= {"Coding", "Testing"}


def test_headings_that_come_back_between_levels_are_no_level(tmp_path: Path) -> None:
    first = "Level | Coding | Testing\nL1 | Writes it | Runs tests\nL2 | Plans it | Writes tests"
    pack, _ = made(
        tmp_path, {"Ladder": f"{first}\n\nLevel | Coding | Testing\nL3 | Decides it | Plans tests"}
    )
    assert [level.title for level in pack.levels] == ["L1", "L2", "L3"]
    said = refused(tmp_path, {"Ladder": f"{first}\n\nLevel | Scope | Impact\nL3 | A team | Large"})
    assert "Ladder!A5: a second table begins here, with other competencies" in " ".join(said.split())


def test_a_first_column_of_sentences_is_asked_about_and_no_level_is_lost(tmp_path: Path) -> None:
    first, second = (
        "Works on small tasks and asks for help when needed",
        "Leads work that takes months with several people",
    )
    said = refused(tmp_path, {"Ladder": f"Junior | Senior | Lead\n{first} | {second} | {second} at once"})
    assert "Ladder!A1: which column names the competencies? “Junior” has sentences" in " ".join(said.split())
    said = refused(tmp_path, {"Ladder": f"Area | Consultant | Partner | Owner\nCraft | {f'{first} | ' * 3}"})
    assert "“Consultant” has sentences, as “Partner” has: it may be a level" in " ".join(said.split())


def test_a_competency_with_its_code_is_found_by_either(tmp_path: Path) -> None:
    text = "Role | Programming (PROG) | Design (DESN)\nJunior | 1 | 1\nSenior | 2 | 2\nLead | 3 | 2"
    pack, _ = made(tmp_path, {"Matrix": text})
    assert [one.aliases for one in pack.competencies] == [("Programming", "PROG"), ("Design", "DESN")]


def test_a_grade_that_is_a_number_is_found_with_the_word_before_it(tmp_path: Path) -> None:
    for text in (
        "Grade | Competency | Required\n5 | Coding | 1\n6 | Coding | 2\n7 | Coding | 3",
        "Grade | Coding | Testing\n5 | 1 | 1\n6 | 2 | 1\n7 | 3 | 2",
    ):
        pack, _ = made(tmp_path, {"Matrix": text})
        assert [level.aliases for level in pack.levels] == [("Grade 5",), ("Grade 6",), ("Grade 7",)]


@pytest.mark.parametrize("text", ["", "Area | Required\nCraft | 2\nPeople | 3"])
def test_a_file_without_competencies_is_refused_as_no_matrix(text: str, tmp_path: Path) -> None:
    assert "ladder.xlsx: no matrix was found on Matrix; give a sheet" in refused(tmp_path, {"Matrix": text})


def test_sentences_in_two_columns_below_merged_levels_are_all_kept_and_examples_are_said_to_be_left_out(
    tmp_path: Path,
) -> None:
    text = """
        Competency | Junior | | | Senior | |
        | What it looks like | Expectations | Examples | What it looks like | Expectations | Examples
        Coding | Writes small things | Asks | A fix | Writes large things | Decides | A service
        | Tests what was written | | A test | Plans how it is tested | | A plan"""

    def merge(book: Workbook) -> None:
        for cells in ("A1:A2", "B1:D1", "E1:G1", "A3:A4"):
            book.worksheets[0].merge_cells(cells)

    for change in (None, merge):
        pack, said = made(tmp_path, {"Matrix": text}, change=change)
        assert [level.title for level in pack.levels] == ["Junior", "Senior"]
        looks = pack.promotions[0].signals[0].looks_like
        assert looks == "Writes large things Decides Plans how it is tested"
        assert "The column “Examples” (D2) is in no rule." in said


@pytest.mark.parametrize("is_merged", [True, False])
def test_one_heading_over_areas_and_names_is_of_both(is_merged: bool, tmp_path: Path) -> None:
    text = """
        Competency | | Junior | Senior
        Craft | Coding | Writes small things | Writes large things
         | Testing | Runs tests | Plans tests
        People | Talking | Speaks in the team | Speaks to customers"""

    def merge(book: Workbook) -> None:
        for cells in ("A1:B1", "A2:A3"):
            book.worksheets[0].merge_cells(cells)

    pack, _ = made(tmp_path, {"Matrix": text}, change=merge if is_merged else None)
    named = [(one.category, one.title) for one in pack.competencies]
    assert named == [("Craft", "Coding"), ("Craft", "Testing"), ("People", "Talking")]


def test_sentences_of_a_level_may_go_on_in_the_next_row(tmp_path: Path) -> None:
    text = """
        Level | Craft | Impact
        Designer | Designs single screens | Helps the team
        | Asks early | Ships often
        Senior Designer | Designs whole products | Helps several teams
        | Teaches others |"""
    pack, _ = made(tmp_path, {"Ladder": text})
    assert [level.title for level in pack.levels] == ["Designer", "Senior Designer"]
    looks = [signal.looks_like for signal in pack.promotions[0].signals]
    assert looks == ["Designs whole products Teaches others", "Helps several teams"]
    pack, said = made(
        tmp_path,
        {"Ladder": text.replace("| Asks early |", "Designer | Asks early whenever it is unclear |")},
    )
    assert "see again: Rows of one level below each other are read as one: Designer." in said
    assert [level.title for level in pack.levels] == ["Designer", "Senior Designer"]
    said = refused(tmp_path, {"Ladder": "Level | Craft | Impact\nL1 | 1 | 2\n | 2 | 3\nL2 | 3 | 4"})
    assert "Ladder!A3: the column has no heading" in said


def test_a_sheet_for_each_competency_is_one_matrix(tmp_path: Path) -> None:
    sheets = {
        name: f"Level | What we expect\nJunior | {name} with help\nSenior | {name} alone"
        for name in ("Talking", "Coding")
    }
    pack, said = made(tmp_path, {"Read me": "How to use it", **sheets})
    assert [level.title for level in pack.levels] == ["Junior", "Senior"]
    assert [one.title for one in pack.competencies] == ["Talking", "Coding"]
    assert pack.promotions[0].signals[1].looks_like == "Coding alone"
    assert pack.levels[1].cite.section == "Talking!A3"
    assert "The sheets Talking, Coding are read as competencies, with a row for each level." in said
    behaviour = "Level | Behaviour\nJunior | Asks when stuck\n | Listens\nSenior | Leads others"
    levels = "Level | Title | Minimum years\nJunior | Engineer | 0\nSenior | Senior Engineer | 2"
    caring = "Why it counts\n\nLevel | Behaviour\nJunior | Offers help\nSenior | Builds a team"
    pack, _ = made(tmp_path, {"Levels": levels, "Talking": behaviour, "Caring": caring})
    assert [one.tenure and one.tenure.from_years for one in pack.promotions] == [2]
    assert [one.looks_like for one in pack.promotions[0].signals] == ["Leads others", "Builds a team"]
    assert len(pack.levels[0].expects) == 2
    sheets["Coding"] = sheets["Coding"].replace("Junior", "Beginner")
    assert "no sheet holds a matrix" in refused(tmp_path, sheets)
    professions = dict.fromkeys(("Design", "Engineering"), sheets["Talking"])
    assert "no sheet holds a matrix" in refused(tmp_path, professions)


@pytest.mark.parametrize("is_merged", [True, False])
def test_sentences_on_a_sheet_of_a_level_may_go_on_in_the_next_row(is_merged: bool, tmp_path: Path) -> None:
    """The second sentence was taken for the area of what follows."""
    sheets = {
        level: f"Competency | What we expect\nCoding | Writes {what}\n | Reviews {what}\nTalking | Speaks"
        for level, what in (("Junior", "small things"), ("Senior", "large things"))
    }

    def merge(book: Workbook) -> None:
        for sheet in book.worksheets:
            sheet.merge_cells("A2:A3")

    pack, _ = made(tmp_path, sheets, change=merge if is_merged else None)
    assert pack.promotions[0].signals[0].looks_like == "Writes large things Reviews large things"
    assert [(one.title, one.category) for one in pack.competencies] == [("Coding", None), ("Talking", None)]


def test_headings_that_come_back_in_another_order_keep_the_area_above_the_first(tmp_path: Path) -> None:
    text = """
        Craft
        Competency | Junior | Mid | Senior
        Coding | 1 | 2 | 3

        People
        Competency | Senior | Mid | Junior
        Caring | 4 | 3 | 1"""
    pack, _ = made(tmp_path, {"Matrix": text})
    assert [one.category for one in pack.competencies] == ["Craft", "People"]


def test_words_before_sentences_are_ratings_also_where_no_line_names_them(tmp_path: Path) -> None:
    text = """
        Skill | L1 | L2 | L3
        Coding | Basic: writes small things | Solid: writes features | Strong: designs systems
        Talking | Basic: listens | Basic: speaks up | Solid: wins others over"""
    pack, said = made(tmp_path, {"Matrix": text})
    assert [[one.rating for one in level.expects] for level in pack.levels] == [[1, 1], [2, 1], [3, 2]]
    assert "which rise: Basic, Solid, Strong (lowest first)." in said
    assert pack.promotions[0].signals[0].looks_like.endswith("writes features")
    same = "Skill | L1 | L2\nQuota | Quota: half of it | Quota: all of it\nCare | Care: some | Care: much"
    pack, _ = made(tmp_path, {"Matrix": same})
    assert pack.promotions[0].signals[0].looks_like == "Quota: all of it"


@pytest.mark.parametrize(
    ("titles", "upwards"),
    [
        ("Jefe | Sénior | Júnior", "Júnior, Sénior, Jefe"),
        ("Teamleider | Medewerker | Leerling", "Leerling, Medewerker, Teamleider"),
        ("Teamleiterin | Fachkraft | Auszubildende", "Auszubildende, Fachkraft, Teamleiterin"),
        ("Directrice | Confirmée | Débutante", "Débutante, Confirmée, Directrice"),
    ],
)
def test_a_senior_level_that_comes_first_is_asked_about_in_other_languages(
    titles: str, upwards: str, tmp_path: Path
) -> None:
    text = f"Skill | {titles}\nCoding | Decides | Writes | Reads\nTalking | Leads | Speaks | Listens"
    assert f'Say it with --levels "{upwards}", the lowest first' in refused(tmp_path, {"Matrix": text})


@pytest.mark.parametrize("scale", ["Échelle : 1 à 4", "Escala: 1 a 4", "Schaal: 1 tot 4", "Skala: 1 bis 4"])
def test_the_ends_of_a_scale_are_read_in_other_languages(scale: str, tmp_path: Path) -> None:
    pack, _ = made(tmp_path, {"Matrix": f"{scale}\nSkill | L1 | L2\nCoding | 1 | 2\nTalking | 2 | 3"})
    assert (pack.scale.lowest, pack.scale.highest) == (1, 4)


def _bands(folder: Path, pack: RulePack, ratings: str) -> dict[str, str]:
    roster = load_roster((book_of(folder / "ratings.xlsx", {"R": ratings}),), vocabulary_of(pack), DAY)
    return {one.employee_id: one.recommendation for one in explain(assess(roster, pack, DAY))}
