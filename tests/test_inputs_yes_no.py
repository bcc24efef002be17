"""Yes/no columns: read in every shape of file where the rule pack asks for them, and never guessed."""

from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest
from openpyxl import load_workbook

from engine import vocabulary_of
from inputs import Roster
from inputs.fields import FIELDS
from inputs.loading import load_roster
from inputs.template import write_template
from inputs.words.word_lists import column_words
from rules import load_pack
from tests.inputs_vocabulary import DAY, VOCABULARY
from tests.made_files import write_workbook

ASKING = replace(VOCABULARY, facts=("side_project", "certificate"))
HEAD = "Employee ID,Level,Side Project,Communication (self),Communication (manager)\n"


def read(tmp_path: Path, *texts: str) -> Roster:
    paths = [tmp_path / f"{number}.csv" for number, _ in enumerate(texts)]
    for path, text in zip(paths, texts, strict=True):
        path.write_text(text, encoding="utf-8")
    return load_roster(paths, ASKING, DAY)


def answers(roster: Roster, fact: str = "side_project") -> list[bool | None]:
    return roster.people[fact].to_list()


YES = ("yes", "Y", "TRUE", "x", "1", "ja", "oui", "Sí", "sim", "tak", "evet", "是", "はい", "نعم", "✓")
NO = ("no", "N", "False", "0", "nein", "non", "não", "nee", "nie", "hayır", "否", "いいえ", "لا", "✗")
NOTHING = ("", "n/a", "-", "k.A.")


@pytest.mark.parametrize(
    ("texts", "answer"), [(YES, True), (NO, False), (NOTHING, None)], ids=["yes", "no", "nothing"]
)
def test_yes_and_no_are_read_in_many_languages_and_nothing_is_nothing(
    texts: tuple[str, ...], answer: bool | None, tmp_path: Path
) -> None:
    rows = "".join(f"E{number},SPM,{text},3,4\n" for number, text in enumerate(texts))
    roster = read(tmp_path, HEAD + rows)
    assert answers(roster) == [answer] * len(texts)
    assert [one for one in roster.issues if one.kind == "unclear_answer"] == []


def test_anything_else_is_an_issue_that_names_the_cell_and_no_answer(tmp_path: Path) -> None:
    roster = read(tmp_path, HEAD + "E1,SPM,yes,3,4\nE2,SPM,a blog since 2024,3,4\nE3,SPM,2,3,4\n")
    assert answers(roster) == [True, None, None]
    found = [one for one in roster.issues if one.kind == "unclear_answer"]
    assert [one.cell for one in found] == ["C3", "C4"]
    assert found[0].problem == (
        "'a blog since 2024' is neither yes nor no, so the side project counts as not answered."
    )
    assert "Write yes or no" in found[0].remedy


def test_an_answer_stands_once_or_in_every_row_of_a_person(tmp_path: Path) -> None:
    head = "Employee ID,Level,Side Project,Competency,Rater,Rating\n"
    rows = "E1,SPM,Yes,Communication,Self,3\nE1,SPM,,Communication,Manager,4\n"
    assert answers(read(tmp_path, head + rows)) == [True]
    rows = "E1,SPM,Yes,Communication,Self,3\nE1,SPM,No,Communication,Manager,4\n"
    roster = read(tmp_path, head + rows)
    assert answers(roster) == [None]
    assert any(
        "differ in the side project: 'Yes' (row 2), 'No' (row 3)" in one.problem for one in roster.issues
    )


def test_an_answer_is_joined_from_another_file(tmp_path: Path) -> None:
    ratings = "Employee ID,Level,Communication (self),Communication (manager)\nE1,SPM,3,4\nE2,SPM,3,4\n"
    roster = read(tmp_path, ratings, "Employee ID,Certificate\nE2,no\nE1,yes\n")
    assert answers(roster, "certificate") == [True, False]
    assert str(roster.cell(0, "certificate")) == "[1.csv]B3"


def test_an_answer_is_joined_from_another_sheet_and_truth_values_count(tmp_path: Path) -> None:
    headers = ["Employee ID", "Level", "Communication (self)", "Communication (manager)"]
    facts = [["Employee ID", "Side Project", "Certificate"], ["E1", True, 0]]
    two = {"Ratings": [headers, ["E1", "SPM", 3, 4]], "Facts": facts}
    roster = load_roster([write_workbook(tmp_path / "two.xlsx", two)], ASKING, DAY)
    assert (answers(roster), answers(roster, "certificate")) == ([True], [False])


def test_a_column_that_the_pack_does_not_ask_for_is_kept_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "export.csv").write_text(HEAD + "E1,SPM,AWS since 2024,3,4\n", encoding="utf-8")
    roster = load_roster([tmp_path / "export.csv"], VOCABULARY, DAY)
    assert roster.unused["Side Project"].to_list() == ["AWS since 2024"]
    assert [one for one in roster.issues if one.kind == "unclear_answer"] == []


def test_a_column_of_which_no_value_is_yes_or_no_is_something_else_and_kept(tmp_path: Path) -> None:
    head = "Employee ID,Level,Certificate,Communication (self),Communication (manager)\n"
    roster = read(tmp_path, head + "E1,SPM,Scrum,3,4\nE2,SPM,,3,4\nE3,SPM,SQL,3,4\n")
    assert answers(roster, "certificate") == [None] * 3
    assert roster.unused["Certificate"].to_list() == ["Scrum", None, "SQL"]
    assert "none of its values is yes or no" in "".join(one.problem for one in roster.issues)


def spellings() -> list[tuple[str, str]]:
    asked = [name for name, field in FIELDS.items() if field.kind == "yes_no"]
    return [(name, header) for name in asked for header in column_words()["fields"][name]]


def test_every_spelling_in_every_language_is_read_for_its_fact(tmp_path: Path) -> None:
    vocabulary = vocabulary_of(load_pack("product_management"))
    by_fact: dict[str, list[str]] = {}
    for name, header in spellings():
        by_fact.setdefault(name, []).append(header)
    for headers in zip(*(listed[:20] for listed in by_fact.values()), strict=False):
        cells = pl.DataFrame(
            {"Employee ID": ["E1"], "Level": ["Aspiring PM"], **{header: ["yes"] for header in headers}}
        )
        cells = cells.with_columns(
            pl.lit(3).alias("Communication (self)"), pl.lit(4).alias("Communication (manager)")
        )
        cells.write_csv(tmp_path / "one.csv")
        roster = load_roster([tmp_path / "one.csv"], vocabulary, DAY)
        assert [roster.people[name][0] for name in by_fact] == [True] * len(by_fact), headers


def test_the_template_of_a_pack_offers_what_the_pack_asks_for_and_nothing_else(tmp_path: Path) -> None:
    write_template(tmp_path / "with.xlsx", ASKING)
    write_template(tmp_path / "without.xlsx", VOCABULARY)
    sheet = load_workbook(tmp_path / "with.xlsx")["Ratings"]
    notes = {cell.value: cell.comment.text for cell in sheet[1]}
    assert "Write yes or no; leave it empty if nobody has asked." in notes["Side Project"]
    assert "Network" not in notes
    lists = [one for one in sheet.data_validations.dataValidation if one.formula1 == '"yes,no"']
    assert len(lists) == 1
    plain = load_workbook(tmp_path / "without.xlsx")["Ratings"]
    assert notes.keys() - {cell.value for cell in plain[1]} == {"Side Project", "Certificate"}


def test_the_template_names_the_profession_only_where_years_in_it_count_and_is_read_back(
    tmp_path: Path,
) -> None:
    for name, asked in {"software_engineering": True, "general_competencies": False}.items():
        vocabulary = vocabulary_of(load_pack(name))
        write_template(tmp_path / "empty.xlsx", vocabulary)
        sheet = load_workbook(tmp_path / "empty.xlsx")["Ratings"]
        headers = [str(cell.value) for cell in sheet[1]]
        assert ("In Profession Since" in headers) == asked
        assert not [one for one in headers if "Product" in one and "(" not in one]
        people = load_roster([tmp_path / "empty.xlsx"], vocabulary, DAY).people
        assert people["product_since"].is_not_null().all() == asked
