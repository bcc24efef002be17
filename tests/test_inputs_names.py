"""Names of levels, competencies and specialisations: packs and sheets compare them by one rule."""

import unicodedata
from dataclasses import replace
from pathlib import Path
from shutil import copytree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import assess, explain, vocabulary_of
from inputs import UNITS_PER_POINT, InputError, Issue, Roster, Term, Vocabulary
from inputs.inspection import inspect_files
from inputs.loading import load_roster
from inputs.mapping import FileMapping
from inputs.words.spelling import normalise
from rules import PackError, load_pack
from rules.pack import SignalOverride, Specialisation
from rules.spelling import name_key
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.made_files import write_workbook
from tests.small import CITE, pack

BASE = Path(__file__).parent / "broken_packs" / "base"
KINDS = replace(
    VOCABULARY,
    specialisations=(
        Term("core_pm", "Core PM", ("Feature PM",)),
        Term("growth_pm", "Growth PM", ("Growth",)),
        Term("technical_pm", "Technical PM", ("TPM",)),
    ),
)


def made(folder: Path, *specialisations: str, header: str = "Specialisation") -> Path:
    rows = "".join(f"E{at},PM,{text},3,4\n" for at, text in enumerate(specialisations, start=1))
    path = folder / "export.csv"
    path.write_text(f"Employee ID,Level,{header},Communication (self),Communication (manager)\n{rows}")
    return path


def loaded(
    folder: Path, *specialisations: str, vocabulary: Vocabulary = KINDS, mapping: FileMapping | None = None
) -> Roster:
    return load_roster([made(folder, *specialisations)], vocabulary, DAY, mapping)


def unknown(roster: Roster) -> list[Issue]:
    return [issue for issue in roster.issues if issue.kind == "unknown_specialisation"]


@pytest.mark.parametrize("alias", ["Journey-Man", "Journéyman", "J.ourneyman", "JOURNEY_MAN"])
def test_a_pack_whose_level_names_a_sheet_cannot_tell_apart_is_refused(alias: str, tmp_path: Path) -> None:
    copytree(BASE, tmp_path / "pack")
    ladder = tmp_path / "pack" / "ladder.yaml"
    text = ladder.read_text()
    first, rest = text.split("title: Apprentice\n", 1)
    ladder.write_text(f"{first}title: Apprentice\n    aliases: [{alias}]\n{rest}")
    with pytest.raises(PackError, match="names both `journeyman` and `apprentice`"):
        load_pack(tmp_path / "pack")


def _without_plus(name: str) -> bool:
    """A plus at the end makes another name."""
    return "+" not in unicodedata.normalize("NFKC", name)


@given(st.text(max_size=30).filter(_without_plus))
def test_a_name_has_one_key_in_any_spelling_that_a_header_may_have(name: str) -> None:
    assert name_key(name_key(name)) == name_key(name) == name_key(normalise(name))
    assert name_key(f" {name.upper()}-") == name_key(f"{name.upper()}")


@pytest.mark.parametrize("text", ["Technical PM", "technical p.m.", "Téchnical PM", "TECHNICAL_PM", "TPM"])
def test_a_specialisation_is_found_however_it_is_written(text: str, tmp_path: Path) -> None:
    roster = loaded(tmp_path, text, "")
    assert roster.people["specialisation"].to_list() == ["technical_pm", None]
    assert unknown(roster) == []


def test_people_are_asked_what_their_specialisation_asks_however_it_is_written(tmp_path: Path) -> None:
    asked = SignalOverride(promotion="up", signal="drive", importance="supporting", reason="Less of it.")
    kind = Specialisation(
        id="technical_pm", title="Technical PM", about="Builds.", signal_overrides=(asked,), cite=CITE
    )
    small = pack().model_copy(update={"specialisations": (kind,)})
    path = tmp_path / "export.csv"
    path.write_text(
        "Employee ID,Level,Specialisation,In Level Since,Drive (manager),Care (manager)\n"
        "E1,Junior,téchnical p.m.,2024-01-01,4,4\nE2,Junior,Gardener,2024-01-01,4,4\n",
        encoding="utf-8",
    )
    one, other = explain(assess(load_roster([path], vocabulary_of(small), DAY), small, DAY))
    assert (one.specialisation, len(one.signal_overrides)) == ("Technical PM", 1)
    assert (other.specialisation, other.signal_overrides) == ("Gardener", ())


def test_an_unknown_specialisation_is_an_issue_with_its_cell_and_stays_visible(tmp_path: Path) -> None:
    roster = loaded(tmp_path, "Growht PM", "Astrology", "Growth PM", "n/a")
    assert roster.people["specialisation"].to_list() == [None, None, "growth_pm", None]
    assert roster.people["specialisation_as_written"].to_list()[:2] == ["Growht PM", "Astrology"]
    first, second = unknown(roster)
    assert (first.severity, first.cell, first.employee_id) == ("warning", "C2", "E1")
    assert first.problem == "'Growht PM' is not a specialisation in this rule pack."
    assert first.remedy == "If Growth PM is meant, write that, or say so in a mapping."
    assert (second.cell, second.remedy) == ("C3", "Write one of: Core PM, Growth PM, Technical PM.")


def test_a_mapping_says_which_specialisation_a_name_means(tmp_path: Path) -> None:
    mapping = FileMapping(specialisations={"Payments": "growth_pm"})
    roster = loaded(tmp_path, "payments", mapping=mapping)
    assert roster.people["specialisation"].to_list() == ["growth_pm"]
    assert roster.people["specialisation_as_written"].to_list() == ["payments"]
    with pytest.raises(InputError, match="for the specialisation 'wizard', which is not one of: core_pm"):
        loaded(tmp_path, "x", mapping=FileMapping(specialisations={"x": "wizard"}))


def test_a_pack_without_specialisations_has_no_unknown_ones(tmp_path: Path) -> None:
    roster = loaded(tmp_path, "Growth", vocabulary=VOCABULARY)
    assert roster.people["specialisation_as_written"].to_list() == ["Growth"]
    assert unknown(roster) == []


def test_two_different_columns_of_specialisations_are_asked_about(tmp_path: Path) -> None:
    path = made(tmp_path, "Growth,Core", header="Specialisation,Type of PM")
    with pytest.raises(InputError, match="could both be the specialisation"):
        load_roster([path], KINDS, DAY)


def test_marks_of_direction_neither_part_an_id_from_itself_nor_turn_a_name_round(tmp_path: Path) -> None:
    """Ids that are copied from some programs begin with one; a name may hide one on purpose."""
    rows = "\u200eE1,\u202eevil\u2066,PM,E2,4\nE2,Ada,Senior PM\u200f,,4\n"
    (tmp_path / "a.csv").write_text(
        f"Employee ID,Name,Level,Manager ID,Communication (manager)\n{rows}", encoding="utf-8"
    )
    people = load_roster([tmp_path / "a.csv"], KINDS, DAY).people
    assert people.select("employee_id", "employee_name", "level", "manager_name").rows() == [
        ("E1", "evil", "product_manager", "Ada"),
        ("E2", "Ada", "senior_pm", None),
    ]


@pytest.mark.parametrize(
    "name", ["علی\u200cرضا کیا", "ක්\u200dෂේම", "Kim 👩\u200d🚀", "👨\u200d👩\u200d👧 Fox", "ന്\u200d"]
)
def test_a_name_keeps_the_joiners_that_shape_it_and_no_two_ids_or_managers_differ_by_them(
    tmp_path: Path, name: str
) -> None:
    bare = name.replace("\u200c", "").replace("\u200d", "")
    rows = f"E1,{name},PM,,{name},4\nE\u200d2,A\u200dda,PM,{name},{name},4\nE3,Bo,PM,{bare},{bare},4\n"
    (tmp_path / "a.csv").write_text(
        f"Employee ID,Name,Level,Manager,Department,Communication (manager)\n{rows}", encoding="utf-8"
    )
    people = load_roster([tmp_path / "a.csv"], KINDS, DAY).people
    assert people.select(
        "employee_id", "employee_name", "manager_id", "manager_name", "department"
    ).rows() == [
        ("E1", name, None, None, name),
        ("E2", "Ada", "E1", name, name),
        ("E3", "Bo", "E1", name, name),
    ]


def test_a_name_in_two_columns_keeps_its_joiners_too(tmp_path: Path) -> None:
    rows = "E1,علی\u200cرضا,کیا,PM,4\n"
    (tmp_path / "a.csv").write_text(
        f"Employee ID,First name,Last name,Level,Communication (manager)\n{rows}", encoding="utf-8"
    )
    names = load_roster([tmp_path / "a.csv"], KINDS, DAY).people["employee_name"].to_list()
    assert names == ["علی\u200cرضا کیا"]


def test_a_message_that_names_the_first_of_many_texts_says_how_many_more_there_are(tmp_path: Path) -> None:
    rows = "".join(f"E{at},Trade {at},3,3\n" for at in range(10))
    path = tmp_path / "export.csv"
    path.write_text(f"Employee ID,Level,Communication (self),Communication (manager)\n{rows}")
    with pytest.raises(InputError, match=r"'Trade 6', 'Trade 7' and 2 more\. Known: "):
        load_roster([path], VOCABULARY, DAY)
    rows = "".join(f"E{at},PM,3,grade {at}\n" for at in range(10))
    path.write_text(f"Employee ID,Level,Communication (self),Communication (manager)\n{rows}")
    with pytest.raises(InputError, match=r"'grade 6' \(1\), 'grade 7' \(1\) and 2 more\. Correct the cells"):
        load_roster([path], VOCABULARY, DAY)
    rows = "".join(f"{written},PM,3,3\n" for written in ("ab-1", "AB-1", "ab1", "Ab1", "aB1", "AB1"))
    path.write_text(f"Employee ID,Level,Communication (self),Communication (manager)\n{rows}")
    problems = [
        one.problem for one in load_roster([path], VOCABULARY, DAY).issues if one.kind == "similar_ids"
    ]
    assert problems == [
        "The ids AB-1, AB1, Ab1, aB1 and 2 more differ only in case, spaces or hyphens; they were read as "
        "different people."
    ]


def with_a_senior(folder: Path, level: str) -> Roster:
    """E1 on a level as it is written, and E2, a Senior PM."""
    path = folder / "export.csv"
    path.write_text(f'Employee ID,Level,Communication (manager)\nE1,"{level}",4\nE2,Senior PM,4\n')
    return load_roster([path], VOCABULARY, DAY)


@pytest.mark.parametrize(
    "written",
    [
        *(
            "P3 - Senior PM",
            "P3-Senior PM",
            "Senior PM (P3)",
            "PM3 / Senior PM",
            "IC5 Senior PM",
            "Senior PM L5",
        ),
        *(
            "Senior PM, Grade 7",
            "Grade 7: Senior PM",
            "50012345 - Senior PM",
            "[G07] Senior PM",
            "Senior PM | IC-5",
        ),
        "Senior PM (Senior Product Manager)",
    ],
)
def test_a_level_beside_a_code_is_read_with_a_note(written: str, tmp_path: Path) -> None:
    roster = with_a_senior(tmp_path, written)
    assert roster.people["level"].to_list() == ["senior_pm", "senior_pm"]
    (note,) = [issue.problem for issue in roster.issues if issue.kind == "level_codes"]
    assert f"'{written}' is Senior PM" in note


@pytest.mark.parametrize(
    "written",
    [
        "Senior PM 2",
        "Senior PM - 2",
        "Senior PM - Payments",
        "Senior PM / Product Manager",
        "P3",
        "Senior P3",
    ],
)
def test_a_step_a_team_or_a_code_alone_beside_a_level_is_not_guessed(written: str, tmp_path: Path) -> None:
    roster = with_a_senior(tmp_path, written)
    assert roster.people["employee_id"].to_list() == ["E2"]
    assert [issue.kind for issue in roster.issues if issue.employee_id == "E1"] == ["unknown_level"]


def by_values(folder: Path, header: str, *values: str, level: str = "Level") -> Roster:
    """One person for each value below a header, each on the level Senior PM."""
    rows = "".join(f"E1,{value},Senior PM,{at}\n" for at, value in enumerate(values, start=3))
    path = folder / "export.csv"
    path.write_text(f"Employee ID,{header},{level},Communication (manager)\n{rows}")
    return load_roster([path], VOCABULARY, DAY)


@pytest.mark.parametrize("header", ["Band", "Job Band", "Salary band", "Stufe/Band", "Puesto"])
def test_a_header_that_may_be_the_level_is_it_where_its_values_are_levels(
    header: str, tmp_path: Path
) -> None:
    assert by_values(tmp_path, "Team", "A", level=header).people["level"].to_list() == ["senior_pm"]


def test_of_two_columns_with_levels_that_may_be_the_level_none_is_taken(tmp_path: Path) -> None:
    said = r"'(Plan|Band)' .* and '(Plan|Band)' .*hold levels of the rule pack"
    with pytest.raises(InputError, match=said):
        by_values(tmp_path, "Plan", "Senior PM", level="Band")


@pytest.mark.parametrize("header", ["Review", "Appraisal", "Campagne"])
def test_a_header_that_may_be_the_cycle_is_it_where_its_values_are_cycles(
    header: str, tmp_path: Path
) -> None:
    roster = by_values(tmp_path, header, "H1 2025", "H1 2026")
    assert roster.ratings["communication:manager"].to_list() == [4 * UNITS_PER_POINT]
    assert any("H1 2025" in issue.problem for issue in roster.issues if issue.kind == "earlier_row")


def test_a_review_in_words_is_no_cycle_also_where_it_names_a_year(tmp_path: Path) -> None:
    wrote = "Led the launch of 2026 and the one before it with care"
    assert all(column.name != "cycle" for column in by_values(tmp_path, "Review", wrote).columns)


def test_the_next_band_is_where_somebody_may_go_beside_the_band_they_are_in(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(
        "EEID,Legal name,Next band,Band,Communication (manager)\n7,Ana Brook,Lead PM,Senior PM,4\n"
    )
    roster = load_roster([path], VOCABULARY, DAY)
    columns = "employee_id", "employee_name", "level", "target_level"
    assert roster.people.select(columns).rows() == [("7", "Ana Brook", "senior_pm", "lead_pm")]


@pytest.mark.parametrize(
    ("header", "proposed"), [("Signed", None), ("Resignd", "status"), ("Signed off", None)]
)
def test_a_header_that_lacks_the_beginning_of_a_word_is_not_proposed_for_it(
    header: str, proposed: str | None, tmp_path: Path
) -> None:
    inspection = inspect_files([made(tmp_path, "yes", header=header)], VOCABULARY, DAY)
    assert [one.suggestion for one in inspection.columns if one.header == header] == [proposed]


@pytest.mark.parametrize("written", ["{} ({})", "{} - {}", "{} [{}]", "{1}: {0}"])
@pytest.mark.parametrize("title", ["People", "Reporting", "Line", "Email", "Person"])
def test_a_competency_beside_a_rater_is_rated_also_where_the_two_name_a_manager(
    title: str, written: str, tmp_path: Path
) -> None:
    vocabulary = replace(VOCABULARY, competencies=(*VOCABULARY.competencies, Term("other", title, ())))
    mine, theirs = written.format(title, "self"), written.format(title, "manager")
    path = tmp_path / "export.csv"
    path.write_text(f"Employee ID,Manager,Level,{mine},{theirs}\nE1,Ana Brook,PM,2,3\nE2,Ana Brook,PM,4,5\n")
    roster = load_roster([path], vocabulary, DAY)
    given = roster.ratings.select("other:self", "other:manager")
    assert given.rows() == [
        (2 * UNITS_PER_POINT, 3 * UNITS_PER_POINT),
        (4 * UNITS_PER_POINT, 5 * UNITS_PER_POINT),
    ]
    assert roster.people["manager_name"].to_list() == ["Ana Brook"] * 2


def test_a_row_of_a_level_that_is_a_word_for_people_is_not_the_header_of_a_second_table(
    tmp_path: Path,
) -> None:
    vocabulary = replace(VOCABULARY, levels=(Term("agent", "Agent", ()), Term("senior", "Senior agent", ())))
    path = tmp_path / "export.csv"
    path.write_text(
        "Employee ID,Name,Manager,Level,Communication (self),Communication (manager)\n"
        "E1,Person One,M. Boss,Agent,2,3\nE2,Person Two,M. Boss,Senior agent,4,5\n"
    )
    assert load_roster([path], vocabulary, DAY).people["level"].to_list() == ["agent", "senior"]


def test_a_target_that_is_not_the_next_level_says_why_and_what_would_be_right(tmp_path: Path) -> None:
    levels = (Term("junior", "Junior", ()), Term("senior", "Senior", ()))
    vocabulary = replace(VOCABULARY, levels=levels, next_levels={"junior": ("senior",)})
    path = tmp_path / "export.csv"
    path.write_text(
        "Employee ID,Level,Target level,Communication (manager)\nE1,Junior,Junior,3\nE2,Senior,Junior,3\n"
    )
    issues = [one for one in load_roster([path], vocabulary, DAY).issues if one.header == "Target level"]
    assert [(one.problem, one.remedy) for one in issues] == [
        (
            "Junior is the present level, so it was not used.",
            "Write a level that follows Junior (Senior), or leave it empty.",
        ),
        ("Junior does not follow Senior, so it was not used.", "No level follows Senior; leave it empty."),
    ]


def test_one_name_with_two_ids_behind_it_is_two_people(tmp_path: Path) -> None:
    header = ["Worker", "Level", "Rater", "Dough"]
    people = ["Runa Falk (K1)", "Falk, Runa (K2)", "Timo Abel (K3)"]
    rows = [
        [name, "Apprentice", rater, 2 + at] for at, name in enumerate(people) for rater in ("Self", "Manager")
    ]
    path = write_workbook(tmp_path / "people.xlsx", {"Sheet": [header, *rows]})
    roster = load_roster([path], vocabulary_of(load_pack(BASE)), DAY)
    assert roster.people["employee_name"].to_list() == people
    given = [units / UNITS_PER_POINT for units in roster.ratings["dough:self"].to_list()]
    assert given == [2, 3, 4]


def test_a_manager_of_the_same_name_with_another_id_behind_it_is_not_the_person(tmp_path: Path) -> None:
    header = ["Employee", "Level", "Manager", "Reviewer", "Dough"]
    rows = [
        [name, "Apprentice", "Runa Falk (K1)", rater, rating]
        for name in ("Runa Falk (K2)", "Ola Berg (K3)")
        for rater, rating in (("Runa Falk (K1)", 2), (name, 4))
    ]
    path = write_workbook(tmp_path / "people.xlsx", {"Sheet": [header, *rows]})
    ratings = load_roster([path], vocabulary_of(load_pack(BASE)), DAY).ratings
    assert [units / UNITS_PER_POINT for units in ratings["dough:manager"].to_list()] == [2, 2]
    assert [units / UNITS_PER_POINT for units in ratings["dough:self"].to_list()] == [4, 4]


def test_the_id_behind_a_name_is_no_part_of_it(tmp_path: Path) -> None:
    header = ["Employee ID", "Worker", "Level", "Manager", "Dough (manager)"]
    rows = [["K1", "Runa Falk (K1)", "Apprentice", "Timo Abel (K2)", 3]]
    rows += [["K2", "Timo Abel (K2)", "Apprentice", "", 3], ["K3", "Ines Duarte (she)", "Apprentice", "", 3]]
    path = write_workbook(tmp_path / "people.xlsx", {"Sheet": [header, *rows]})
    people = load_roster([path], vocabulary_of(load_pack(BASE)), DAY).people
    assert people["employee_name"].to_list() == ["Runa Falk", "Timo Abel", "Ines Duarte (she)"]
    assert people["manager_name"].to_list()[0] == "Timo Abel"
