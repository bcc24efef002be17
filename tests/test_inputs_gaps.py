"""What a file does not have is said once for each competency, with what it costs."""

from dataclasses import replace
from pathlib import Path

import pytest

from engine import vocabulary_of
from inputs import Issue, Vocabulary
from inputs.inspection import inspect_files
from inputs.loading import load_roster
from rules import load_pack
from tests.inputs_vocabulary import DAY, VOCABULARY

TITLES = ("Communication", "Delegation", "Prioritization", "Team Leadership", "Strategic Thinking")


def issues_of(
    folder: Path, text: str, kind: str = "missing_column", vocabulary: Vocabulary = VOCABULARY
) -> list[Issue]:
    path = folder / "export.csv"
    path.write_text(text, encoding="utf-8")
    return [issue for issue in load_roster([path], vocabulary, DAY).issues if issue.kind == kind]


def full(*, without: str = "", raters: tuple[str, ...] = ("self", "manager")) -> str:
    headers = [f"{title} ({rater})" for title in TITLES for rater in raters]
    headers = [header for header in headers if header != without]
    return f"Employee ID,Level,{','.join(headers)}\nE1,Senior PM,{','.join('3' for _ in headers)}\n"


def test_a_file_with_every_rating_lacks_nothing(tmp_path: Path) -> None:
    assert issues_of(tmp_path, full()) == []


@pytest.mark.parametrize(("rater", "severity"), [("manager", "warning"), ("self", "note")])
def test_a_rating_without_a_column_is_one_issue_that_names_it(
    rater: str, severity: str, tmp_path: Path
) -> None:
    (issue,) = issues_of(tmp_path, full(without=f"Delegation ({rater})"))
    assert issue.severity == severity
    assert "ratings of Delegation" in issue.problem
    assert f"'Delegation ({rater})'" in issue.remedy
    assert (issue.row, issue.column, issue.employee_id) == (None, None, None)


@pytest.mark.parametrize(("rater", "severity"), [("manager", "warning"), ("self", "note")])
def test_a_rater_without_any_rating_is_one_issue_and_not_one_for_each_competency(
    rater: str, severity: str, tmp_path: Path
) -> None:
    other = ("self",) if rater == "manager" else ("manager",)
    (issue,) = issues_of(tmp_path, full(raters=other))
    assert issue.severity == severity
    assert "at all" in issue.problem


def test_a_column_of_ratings_that_is_empty_is_named_with_its_letter(tmp_path: Path) -> None:
    text = full().replace("Senior PM,3,3,3,3", "Senior PM,3,3,3,")
    (issue,) = issues_of(tmp_path, text)
    assert (issue.column, issue.header) == ("F", "Delegation (manager)")
    assert "is empty" in issue.problem


def test_rows_of_ratings_lack_the_competencies_that_no_row_names(tmp_path: Path) -> None:
    rows = "".join(
        f"E1,Senior PM,{title},{rater},3\n"
        for title in TITLES
        for rater in ("Self", "Manager")
        if (title, rater) != ("Delegation", "Manager")
    )
    (issue,) = issues_of(tmp_path, f"Employee ID,Level,Competency,Rater,Rating\n{rows}")
    assert "the manager's ratings of Delegation" in issue.problem
    assert issue.remedy.startswith("Add rows with Delegation")


def test_only_what_the_rule_pack_looks_at_is_missed_and_its_signals_are_named(tmp_path: Path) -> None:
    told = replace(VOCABULARY, signals={"communication": ("Writes clearly",), "delegation": ("Lets go",)})
    text = "Employee ID,Level,Communication (self),Communication (manager)\nE1,Senior PM,3,4\n"
    (issue,) = issues_of(tmp_path, text, vocabulary=told)
    assert "“Lets go”" in issue.problem


def test_a_competency_that_nobody_rates_is_one_warning(tmp_path: Path) -> None:
    titles = [title for title in TITLES if title != "Delegation"]
    headers = [f"{title} ({rater})" for title in titles for rater in ("self", "manager")]
    text = f"Employee ID,Level,{','.join(headers)}\nE1,Senior PM,{','.join('3' for _ in headers)}\n"
    (issue,) = issues_of(tmp_path, text)
    assert issue.severity == "warning"
    assert issue.problem.startswith("No ratings of Delegation, by the manager or by the person: ")
    assert "'Delegation (manager)' and 'Delegation (self)'" in issue.remedy


def test_a_pack_tells_which_signals_rest_on_each_competency() -> None:
    pack = load_pack("product_management")
    vocabulary = vocabulary_of(pack)
    for promotion in pack.promotions:
        for signal in promotion.signals:
            assert all(signal.title in vocabulary.signals[name] for name in signal.competencies)


@pytest.mark.parametrize(
    ("header", "cell", "said"), [("", "", 1), (",Overall comment (manager)", ",Good year", 0)]
)
def test_a_file_without_comments_says_so_once(header: str, cell: str, said: int, tmp_path: Path) -> None:
    text = f"Employee ID,Level,Communication (manager){header}\nE1,Senior PM,4{cell}\nE2,Senior PM,4\n"
    assert len(issues_of(tmp_path, text, "no_comments")) == said


def test_inspect_says_the_same_gaps_once_and_only_under_what_is_missing(tmp_path: Path) -> None:
    path = tmp_path / "export.csv"
    path.write_text(full(without="Delegation (manager)"), encoding="utf-8")
    seen = inspect_files([path], VOCABULARY, DAY)
    assert [text for text in seen.missing if "Delegation" in text] == [
        "No rating by the manager of Delegation: the signals that rest on them may stay unrated."
    ]
    assert "No comments: no rating has an example of what was seen." in seen.missing
    assert not any("Delegation" in text or "omment" in text for text in seen.notes)
