"""What a ladder says in passing, such as versions, tracks and what is optional: read, told or asked about."""

from pathlib import Path

import pytest

from rules import RulePack
from tests.ladder_books import made, refused

CRAFT = "Skill | L1 | L2 | L3\nCoding | 1 | 2 | 3\nTesting | 1 | 2 | 3"
OTHER = "Skill | L1 | L2 | L3\nReviewing | 1 | 2 | 3\nPlanning | 1 | 2 | 4"


@pytest.mark.parametrize(
    "names",
    [
        ("v2", "v3"),
        ("Ladder v1.0", "Ladder v1.1"),
        ("Draft", "Final"),
        ("Ladder", "Archive"),
        ("Ladder 2024", "Ladder 2025"),
        ("2025-03", "2026-03"),
        ("Ladder", "Ladder (old)"),
        ("Copy of Ladder", "Ladder"),
        ("Stufen Entwurf", "Stufen"),
        ("Grille", "Grille ancienne"),
    ],
)
def test_sheets_that_are_called_as_versions_are_asked_about(names: tuple[str, str], tmp_path: Path) -> None:
    first, second = names
    said = refused(tmp_path, {first: CRAFT, second: OTHER})
    assert f"the sheets {first}, {second} are called as versions of one ladder are; which one holds?" in said
    assert f'Say --sheet "{first}" for one of them' in said
    pack, _ = made(tmp_path, {first: CRAFT, second: OTHER}, "--sheet", second)
    assert [one.title for one in pack.competencies] == ["Reviewing", "Planning"]


def test_an_old_version_of_one_area_is_no_area_and_numbered_parts_are(tmp_path: Path) -> None:
    old = "Skill | L1 | L2 | L3\nFixing | 1 | 1 | 2\nLogging | 1 | 2 | 2"
    said = refused(tmp_path, {"Technical": CRAFT, "People": OTHER, "Technical (old)": old})
    assert "the sheets Technical, People, Technical (old) are called as versions" in said
    pack, _ = made(tmp_path, {"Part 1": CRAFT, "Part 2": OTHER})
    assert len(pack.competencies) == 4


@pytest.mark.parametrize(
    ("levels", "ways"),
    [
        (("P1", "P2", "M1"), "P1, P2; P1, M1"),
        (("L3", "L4", "L5", "M5"), "L3, L4, L5; L4, M5"),
        (("Engineer 1", "Engineer 2", "Manager 1"), "Engineer 1, Engineer 2; Engineer 1, Manager 1"),
    ],
)
def test_levels_whose_numbers_begin_again_are_asked_about(
    levels: tuple[str, ...], ways: str, tmp_path: Path
) -> None:
    row = " | ".join(str(number) for number in range(1, len(levels) + 1))
    text = f"Skill | {' | '.join(levels)}\nCoding | {row}\nHiring | {row}"
    said = refused(tmp_path, {"Matrix": text})
    assert f"the numbers of the levels begin again ({', '.join(levels)}); are they one way up, or" in said
    assert f'for two ways up, such as --levels "{ways}"' in said
    pack, _ = made(tmp_path, {"Matrix": text}, "--levels", ", ".join(levels))
    assert len(pack.promotions) == len(levels) - 1
    pack, _ = made(tmp_path, {"Matrix": text}, "--levels", ways)
    assert pack.promotions[-1].from_level == pack.levels[len(levels) - 3].id


def test_numbers_that_begin_again_below_a_senior_title_are_one_way_up(tmp_path: Path) -> None:
    levels = "Engineer 1 | Engineer 2 | Senior Engineer 1 | Senior Engineer 2"
    _, said = made(tmp_path, {"Matrix": f"Skill | {levels}\nCoding | 1 | 2 | 3 | 4\nHiring | 1 | 1 | 2 | 3"})
    assert "The levels stand in groups (Engineer, Senior Engineer) and are read as one way up." in said


@pytest.mark.parametrize("corners", [" | ", "Skill | Skill"])
def test_tracks_whose_levels_have_the_same_names_are_refused_with_what_to_do(
    corners: str, tmp_path: Path
) -> None:
    above, below = (corner.strip() for corner in corners.split("|"))
    groups = "IC | IC | Manager | Manager" if above else "IC | | Manager |"
    text = f"{above} | {groups}\n{below or 'Skill'} | L1 | L2 | L1 | L2\nCoding | 1 | 2 | 3 | 3"
    said = refused(tmp_path, {"Matrix": text})
    assert (
        "Matrix!D2: the level “L1” is also at B2; if they are two, such as on two tracks, give each" in said
    )


@pytest.mark.parametrize("heading", ["Optional", "Optional?", "Nice to have", "Wünschenswert"])
@pytest.mark.parametrize("marks", [("x", ""), ("yes", "no")])
def test_a_column_of_marks_says_what_is_optional(
    heading: str, marks: tuple[str, str], tmp_path: Path
) -> None:
    text = f"Skill | L1 | L2 | {heading}\nCoding | 1 | 2 | {marks[1]}\nTalking | 1 | 3 | {marks[0]}"
    pack, _ = made(tmp_path, {"Matrix": text})
    assert [level.title for level in pack.levels] == ["L1", "L2"]
    assert _importance(pack) == {"Coding": "core", "Talking": "supporting"}


@pytest.mark.parametrize(
    ("sheets", "said"),
    [
        (
            {"L1": "Skill | Required\nCoding | 1", "L2": "Skill | Required\nCoding | 2"},
            "the sheets L2 and L2 (old) are called as versions of one level are; hide the one that does not",
        ),
        (
            {"Coding": "Level | Required\nL1 | 1\nL2 | 2", "L2": "Level | Required\nL1 | 1\nL2 | 3"},
            "the sheets L2 and L2 (old) are called as versions of one competency are; hide the one",
        ),
    ],
)
def test_two_versions_of_one_level_or_competency_are_refused(
    sheets: dict[str, str], said: str, tmp_path: Path
) -> None:
    assert said in refused(tmp_path, {**sheets, "L2 (old)": sheets["L2"]})


def test_what_stands_behind_a_competency_of_its_importance_is_read(tmp_path: Path) -> None:
    rows = "Talking (optional) | 1 | 3\nData (SQL) | 1 | 2\nArt - optional | 1 | 2"
    text = f"Skill | L1 | L2\nCoding | 1 | 2\n{rows}"
    pack, said = made(tmp_path, {"Matrix": text})
    assert _importance(pack) == {
        "Coding": "core",
        "Talking": "supporting",
        "Data (SQL)": "core",
        "Art": "supporting",
    }
    assert "“Talking (optional)” (A3) is read as supporting." in said
    assert pack.competencies[1].aliases == ("Talking (optional)",)


def test_optional_in_place_of_a_rating_is_refused_with_what_to_do(tmp_path: Path) -> None:
    said = refused(tmp_path, {"Matrix": "Skill | L1 | L2\nCoding | 1 | 2\nTalking | Optional | 3"})
    assert "Matrix!B3: “Optional” is not a number, as the other cells are; empty the cell if nothing" in said
    said = refused(tmp_path, {"Matrix": "Skill | L1 | L2\nCoding | x | x\nTalking | (x) | x"})
    assert "Matrix!B3: “(x)” may say that it is optional, or required in part; write x if it is" in said


@pytest.mark.parametrize("nothing", ["k. A.", "K.A.", "N.A.", "n / a", "N/A"])
def test_nothing_is_required_however_it_is_spaced(nothing: str, tmp_path: Path) -> None:
    pack, _ = made(tmp_path, {"Matrix": f"Skill | L1 | L2\nCoding | 1 | 2\nTalking | {nothing} | 3"})
    assert [len(level.expects) for level in pack.levels] == [1, 2]


def test_a_second_line_of_headings_has_other_names_or_times(tmp_path: Path) -> None:
    rows = "Coding | 1 | 2 | 3\nTesting | 1 | 2 | 3"
    pack, said = made(tmp_path, {"Matrix": f"Skill | L1 | L2 | L3\n | Junior | Mid | Senior\n{rows}"})
    assert [level.aliases for level in pack.levels] == [("Junior",), ("Mid",), ("Senior",)]
    assert "The line below the headings (B2) is read as other names of the levels." in said
    times = " | 0-2 years | 2-5 years | 5+ years"
    pack, said = made(tmp_path, {"Matrix": f"Skill | L1 | L2 | L3\n{times}\n{rows}"})
    assert not any(one.tenure for one in pack.promotions)
    assert "The line below the headings (B2: 0-2 years, 2-5 years, 5+ years): a time, and in no rule." in said


@pytest.mark.parametrize(
    "line",
    [
        "Meets bar: 3 of 5 competencies at Exceeds",
        "To be promoted, 2 of 3 skills are at the level",
        "Number of skills to show: 4",
    ],
)
def test_a_line_that_says_how_many_are_needed_is_told(line: str, tmp_path: Path) -> None:
    _, said = made(tmp_path, {"Matrix": f"{CRAFT}\n\n{line}"})
    assert f"A line was not read and may be a rule (A5): {line}" in said


@pytest.mark.parametrize(
    "title", ["Minimum competencies met", "Number of skills at level", "Anzahl Kompetenzen"]
)
def test_a_row_that_counts_competencies_is_none(title: str, tmp_path: Path) -> None:
    pack, said = made(tmp_path, {"Matrix": f"{CRAFT}\n{title} | 1 | 2 | 2"})
    assert [one.title for one in pack.competencies] == ["Coding", "Testing"]
    assert f"“{title}” (A4) says how many are required and is no competency; it is in no rule." in said


LEGENDS = (
    "1 | 2 | 3 | 4\nAware | Working | Skilled | Expert\n",
    "Aware | Working | Skilled | Expert\n1 | 2 | 3 | 4\n",
    "Rating | 1 | 2 | 3 | 4\nMeaning | Aware | Working | Skilled | Expert\n",
    "Our ladder\n\n1 | 2 | 3 | 4\nAware | Working | Skilled | Expert",
)


@pytest.mark.parametrize("legend", LEGENDS)
def test_a_scale_in_two_lines_above_a_matrix_is_no_row_of_levels(legend: str, tmp_path: Path) -> None:
    rows = "Coding | Aware | Working | Skilled\nTalking | Aware | Aware | Working"
    pack, _ = made(tmp_path, {"Matrix": f"{legend}\nCompetency | L1 | L2 | L3\n{rows}"})
    assert [level.title for level in pack.levels] == ["L1", "L2", "L3"]
    assert pack.scale.words == ("Aware", "Working", "Skilled", "Expert")
    assert [[one.rating for one in level.expects] for level in pack.levels] == [[1, 1], [2, 1], [3, 2]]


def test_words_alone_above_a_matrix_are_no_levels(tmp_path: Path) -> None:
    text = f"Aware | Working | Skilled | Expert\n\n{CRAFT}"
    pack, said = made(tmp_path, {"Matrix": text})
    assert [level.title for level in pack.levels] == ["L1", "L2", "L3"]
    assert [one.title for one in pack.competencies] == ["Coding", "Testing"]
    assert "A line above the headings was not read (A1: Aware, Working, Skilled, Expert)." in said


def test_a_competency_that_is_called_like_a_heading_is_none(tmp_path: Path) -> None:
    rows = "Quality | Level 1 | Level 2 | Level 3\nCare | Level 1 | Level 1 | Level 2"
    text = f"Ability | Junior | Mid | Senior\n{rows}"
    pack, _ = made(tmp_path, {"Matrix": text})
    assert [level.title for level in pack.levels] == ["Junior", "Mid", "Senior"]
    assert [one.title for one in pack.competencies] == ["Quality", "Care"]


@pytest.mark.parametrize("title", ["Cycles at level before promotion", "Last performance rating"])
def test_rows_of_cycles_and_reviews_are_no_competencies(title: str, tmp_path: Path) -> None:
    pack, said = made(tmp_path, {"Matrix": f"{CRAFT}\n{title} | 2 | 3 | 3"})
    assert [one.title for one in pack.competencies] == ["Coding", "Testing"]
    assert f"“{title}” (A4)" in said


@pytest.mark.parametrize(
    "title", ["Time in previous level (months)", "Months at level below", "Years on level"]
)
def test_times_in_a_level_are_found_by_more_words(title: str, tmp_path: Path) -> None:
    times = "12 | 24" if "months" in title.lower() else "1 | 2"
    pack, _ = made(tmp_path, {"Matrix": f"{CRAFT}\n{title} | | {times}"})
    assert [one.tenure and one.tenure.from_years for one in pack.promotions] == [1, 2]


def test_areas_that_alone_have_weights_are_areas(tmp_path: Path) -> None:
    text = """
        Skill | Weight | L1 | L2
        Craft | 60
        Coding | | 1 | 2
        Testing | | 1 | 2
        People | 40
        Talking | | 1 | 3"""
    pack, said = made(tmp_path, {"Matrix": text})
    assert {one.title: one.category for one in pack.competencies} == {
        "Coding": "Craft",
        "Testing": "Craft",
        "Talking": "People",
    }
    assert "“Craft” (A2) is read as an area, and its weight is in no rule." in said


def _importance(pack: RulePack) -> dict[str, str]:
    return {one.title: one.importance for one in pack.promotions[0].signals}


def test_tags_and_entities_of_copied_pages_are_no_text(tmp_path: Path) -> None:
    text = (
        "Competency | L1 | L2\n"
        "R&amp;D | <ul><li>Helps with trials</li><li>Asks often</li></ul> | <p>Runs trials on their own</p>\n"
        "Testing&nbsp;skills | Runs <b>all</b> tests of a < b | Writes tests<br/>and plans R&D"
    )
    pack, _ = made(tmp_path, {"Ladder": text})
    assert [one.title for one in pack.competencies] == ["R&D", "Testing skills"]
    signals = pack.promotions[0].signals
    assert [one.looks_like for one in signals] == ["Runs trials on their own", "Writes tests and plans R&D"]


def test_sentences_that_begin_with_their_own_level_are_no_ratings(tmp_path: Path) -> None:
    text = (
        "Competency | L1 | L2\nDelivery | L1: delivers small tasks | L2: delivers projects\n"
        "Quality | L1: checks own work | L2: checks the work of others"
    )
    pack, said = made(tmp_path, {"Ladder": text})
    assert [one.looks_like for one in pack.promotions[0].signals][1] == "checks the work of others"
    assert "The matrix says in words what each level requires" in said


def test_examples_below_each_competency_are_in_no_rule(tmp_path: Path) -> None:
    text = """
        Competency | L1 | L2
        Coding | Writes small changes with help | Writes features on their own
        Examples | Fixed the login page | Built the report page
        Testing | Runs the tests there are | Writes tests for own work
        Examples | Ran the nightly tests | Wrote the load tests"""
    pack, said = made(tmp_path, {"Ladder": text})
    assert [one.title for one in pack.competencies] == ["Coding", "Testing"]
    assert "“Examples” (A3) says more about the row above and is no competency" in said


def test_tracks_with_levels_of_one_name_and_no_competencies_are_asked_about(tmp_path: Path) -> None:
    text = "\n".join(
        f"{track} | {level} | Works on {track} at step {level}"
        for track in ("Mobile", "Web")
        for level in (1, 2)
    )
    asked = refused(tmp_path, {"Ladder": f"Track | Level | Description\n{text}"})
    assert "Ladder!A1: are Mobile, Web what somebody at a level is asked for, or ladders" in asked
    pack, _ = made(tmp_path, {"Ladder": f"Competency | Level | Description\n{text}"})
    assert [one.title for one in pack.competencies] == ["Mobile", "Web"]


def test_years_in_a_heading_of_a_level_are_no_line_that_was_not_read(tmp_path: Path) -> None:
    _, said = made(tmp_path, {"Ladder": "Competency | L1\\n0-2 years | L2\\n2-4 years\nCoding | 1 | 2"})
    assert "A line was not read" not in said


FALLING = [
    ("Director", "Manager", "Senior Consultant", "Consultant", "Analyst"),
    ("Staff Engineer", "Senior Engineer", "Engineer"),
    ("Senior Consultant", "Consultant"),
    ("Partner", "Associate Partner", "Leiterin", "Spezialist"),
    ("Engineer", "Associate Engineer"),
]
RISING = [
    ("Lead Engineer", "Architect"),
    ("Engineer", "Principal Engineer", "Lead Engineer"),
    ("Associate Director", "Director", "Vice President"),
    ("Team Member", "Expert"),
    ("Senior Manager", "Associate Director", "Manager of Managers"),
]


def described(levels: tuple[str, ...]) -> str:
    cells = [f"Does work of kind {place} for customers" for place in range(len(levels))]
    return f"Skill | {' | '.join(levels)}\nCraft | {' | '.join(cells)}"


@pytest.mark.parametrize("levels", FALLING)
def test_levels_that_are_named_from_higher_to_lower_ones_are_asked_about(
    levels: tuple[str, ...], tmp_path: Path
) -> None:
    said, upwards = refused(tmp_path, {"Matrix": described(levels)}), ", ".join(reversed(levels))
    assert f'which is the lowest level? Say it with --levels "{upwards}", the lowest first' in said
    pack, _ = made(tmp_path, {"Matrix": described(levels)}, "--levels", upwards)
    assert [level.title for level in pack.levels] == [*reversed(levels)]


@pytest.mark.parametrize("levels", RISING)
def test_levels_whose_names_do_not_fall_are_taken_as_they_stand(
    levels: tuple[str, ...], tmp_path: Path
) -> None:
    pack, _ = made(tmp_path, {"Matrix": described(levels)})
    assert [level.title for level in pack.levels] == [*levels]


@pytest.mark.parametrize(
    ("words", "names"),
    [
        (("Expert", "Advanced", "Intermediate", "Basic"), ("Onyx", "Opal", "Jade", "Quartz")),
        (("Immer", "Oft", "Selten"), ("Onyx", "Opal", "Jade")),
        (("Solid", "Limited"), ("Onyx", "Opal")),
    ],
)
def test_words_that_fall_from_the_best_one_say_that_the_first_level_is_the_highest(
    words: tuple[str, ...], names: tuple[str, ...], tmp_path: Path
) -> None:
    rows = "\n".join(f"{skill} | {' | '.join(words)}" for skill in ("Craft", "Teamwork"))
    text = f"Skill | {' | '.join(names)}\n{rows}"
    upwards = ", ".join(reversed(names))
    assert f'which is the lowest level? Say it with --levels "{upwards}"' in refused(tmp_path, {"M": text})
    _, said = made(tmp_path, {"M": text}, "--levels", upwards)
    assert f"the rows, which rise: {', '.join(reversed(words))} (lowest first)" in said


@pytest.mark.parametrize(
    "jobs",
    [
        ("Data Engineer", "Backend Dev", "QA Engineer", "Tech Lead", "Product Owner"),
        ("Sales", "Customer Support"),
        ("Software Engineer", "QA Engineer"),
        ("Vertrieb", "Design"),
    ],
)
def test_jobs_side_by_side_are_no_ladder_unless_somebody_says_so(
    jobs: tuple[str, ...], tmp_path: Path
) -> None:
    rising = " | ".join(map(str, range(1, len(jobs) + 1)))
    text = f"Skill | {' | '.join(jobs)}\nCraft | {rising}\nTeamwork | {rising}"
    listed = ", ".join(jobs)
    assert f"are {listed} levels of one ladder, or jobs side by side?" in refused(tmp_path, {"M": text})
    pack, _ = made(tmp_path, {"M": text}, "--levels", listed)
    assert len(pack.promotions) == len(jobs) - 1


def test_levels_of_one_profession_are_no_jobs_side_by_side(tmp_path: Path) -> None:
    text = "Skill | Data Analyst | Data Scientist\nCraft | 2 | 3"
    pack, _ = made(tmp_path, {"M": text})
    assert [level.title for level in pack.levels] == ["Data Analyst", "Data Scientist"]
