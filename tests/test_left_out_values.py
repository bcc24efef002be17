"""What the file says of somebody and is not used: whoever reads about the person is told so."""

import csv
import io
from datetime import date
from pathlib import Path

import pytest
from openpyxl import load_workbook

from engine import vocabulary_of
from inputs.loading import load_roster
from rules import load_pack
from tests.calibration_rows import SESSION
from tests.command_line import succeeded
from tests.made_files import Row, write_lines

RATED = (
    "Communication", "Cross-functional Collaboration", "Customer Empathy", "Problem Solving",
    "Initiative and Ownership", "Independent Leadership of Projects", "Project Management", "Prioritization",
    "Delivering Results", "Decision Making", "Data and Analysis", "Technical Understanding",
    "Market and Competition", "User Research", "Product Lifecycle", "Growth Mindset", "Strategic Thinking",
    "Vision and Roadmap", "Calculated Risks", "Mentoring and Coaching", "Team Leadership",
    "Influence and Negotiation", "Executive Presentation", "Business Acumen", "Budgets and Forecasts",
    "Delegation",
)  # fmt: skip
PERSON = ("Employee ID", "Employee Name", "Level", "Target Level", "In Level Since", "In Product Since")
KIM: Row = ["E1", "Kim Holm", "Senior PM", "Director of Product", "2022-01-01", "2015-01-01"]
LEA: Row = ["E2", "Lea Berg", "Senior PM", "Director of Product", "2022-01-01", "2015-01-01"]
BOSS = ["E9", "Mona Boss"]
WHO_MANAGES = "Write who manages E1; if nobody does, whoever gave the ratings."


def wide(folder: Path, *people: Row, header: Row = PERSON) -> Path:
    """Everybody rated 4.5 by the manager and 4 by themselves."""
    heads = [*header, "Manager ID", "Manager Name", "Review Date"]
    heads += [f"{title} ({rater})" for title in RATED for rater in ("self", "manager")]
    rows = [[*person, "2026-05-01", *(4, 4.5) * len(RATED)] for person in people]
    return write_lines(folder / "people.csv", heads, *rows)


def long(folder: Path, *people: Row, more: tuple[Row, ...] = (), rater: str = "Rater ID") -> Path:
    """The same with a row for each rating; the last cell of a person is who rated as the manager."""
    heads = [*PERSON, "Manager ID", "Manager Name", "Date", "Rater", rater, "Competency", "Rating"]
    rows: list[Row] = []
    for *person, who in people:
        for title in RATED:
            rows.append([*person, "2026-05-01", "Manager", who, title, 4.5])
            rows.append([*person, "2026-05-01", "Self", person[0], title, 4])
    return write_lines(folder / "people.csv", heads, *rows, *more)


class Told:
    """What a run says of Kim."""

    def __init__(self, file: Path, employee: str = "E1") -> None:
        out = file.parent / "run"
        succeeded("assess", file, "--out", out, "--as-of", "2026-06-30", "--packets", "--people")
        with (out / "recommendations.csv").open(encoding="utf-8-sig") as lines:
            (self.row,) = (one for one in csv.DictReader(lines) if one["employee_id"] == employee)
        self.issues = (out / "issues.csv").read_text(encoding="utf-8-sig")
        self.explained = " ".join(succeeded("explain", out, employee).stdout.split())
        self.packet = _text(out / "packets" / f"{employee}.html")
        self.person = _text(out / "people" / f"{employee}.html")
        self.report = _text(out / "report.html")
        self.managers = {page.stem: _text(page) for page in (out / "managers").glob("*.html")}
        self.workbook = _cells(out / "calibration.xlsx")

    def everywhere(self) -> list[str]:
        """What the people who decide read."""
        return [" ".join(self.row.values()), self.explained, self.packet, self.report, self.workbook]


def _text(page: Path) -> str:
    return " ".join(page.read_text(encoding="utf-8").replace("&#39;", "'").split())


def _cells(file: Path) -> str:
    book = load_workbook(io.BytesIO(file.read_bytes()), read_only=True)
    return " ".join(str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row)


OWN = "E1 is given as their own manager"


@pytest.mark.parametrize(
    ("manager", "cell"),
    [
        (["E1", "Kim Holm"], "G2 (Manager ID)"),
        (["E1", ""], "G2 (Manager ID)"),
        (["", "Kim Holm"], "H2 (Manager Name)"),
        (["", "Holm, Kim"], "H2 (Manager Name)"),
        (["", "Self"], "H2 (Manager Name)"),
    ],
)
def test_ratings_of_somebody_who_is_their_own_manager_are_nobodys(
    tmp_path: Path, manager: Row, cell: str
) -> None:
    told = Told(wide(tmp_path, [*KIM, *manager], [*LEA, "E1", "Kim Holm"]))
    assert told.row["recommendation"] == "insufficient_evidence"
    assert told.row["confidence"] == "low"
    assert told.row["next_step"] == f"In the file, {cell}: {WHO_MANAGES}"
    assert told.issues.count(OWN) == 1
    for text in told.everywhere():
        assert OWN in text
        assert WHO_MANAGES in text
    assert all("Ready now" in page for page in told.managers.values())
    assert all("E1 is given" not in page for page in told.managers.values())
    assert "still has to rate" not in told.explained
    assert "lowest" not in told.row["findings"]


def test_nobody_else_is_judged_otherwise_because_somebody_is_their_own_manager(tmp_path: Path) -> None:
    told = Told(wide(tmp_path, [*KIM, "E1", "Kim Holm"], [*LEA, "E1", "Kim Holm"]), "E2")
    assert told.row["recommendation"] == "ready_now"
    assert told.row["manager_name"] == "Kim Holm"
    assert OWN not in " ".join(told.row.values())


@pytest.mark.parametrize(
    ("rater", "who", "band"),
    [
        ("Rater ID", "E9", "ready_now"),
        ("Rater ID", "E1", "insufficient_evidence"),
        ("Rater ID", "", "insufficient_evidence"),
        ("Rater Name", "Nils Berg", "ready_now"),
        ("Rater Name", "Holm, Kim", "insufficient_evidence"),
    ],
)
def test_whom_a_column_of_raters_names_has_rated(tmp_path: Path, rater: str, who: str, band: str) -> None:
    kim, lea = [*KIM, "E1", "Kim Holm", who], [*LEA, "E1", "Kim Holm", "E1" if "ID" in rater else "Kim Holm"]
    told = Told(long(tmp_path, kim, lea, rater=rater))
    assert told.row["recommendation"] == band
    assert OWN in told.issues


def test_two_ratings_of_one_day_are_told_where_the_person_is_judged(tmp_path: Path) -> None:
    again: Row = [*KIM, *BOSS, "2026-05-01", "Manager", "E9", "Communication", 2]
    told = Told(long(tmp_path, [*KIM, *BOSS, "E9"], [*LEA, *BOSS, "E9"], more=(again,)))
    said = "given several times for the same time: 4.5 (M2), 2 (M106). None was used."
    assert said in told.issues
    for text in (*told.everywhere(), *told.managers.values()):
        assert said in text
        assert "Keep the one that counts" in text
        assert "no such column" not in text
    assert "manager not used (M2), self 4 (M3)" in told.explained


def test_two_ratings_of_one_day_have_a_column_also_where_nobody_else_is_rated_in_it(tmp_path: Path) -> None:
    again: Row = [*KIM, *BOSS, "2026-05-01", "Manager", "E9", "Communication", 2]
    told = Told(long(tmp_path, [*KIM, *BOSS, "E9"], more=(again,)))
    assert "manager not used (M2), self 4 (M3)" in told.explained
    for text in told.everywhere():
        assert "no such column" not in text
        assert "no column" not in text


def test_a_rating_that_cannot_be_read_is_told_where_the_person_is_judged(tmp_path: Path) -> None:
    file = wide(tmp_path, [*KIM, *BOSS], [*LEA, *BOSS])
    file.write_text(file.read_text("utf-8").replace("4.5", "9", 1), "utf-8")
    told = Told(file)
    for text in (*told.everywhere(), *told.managers.values()):
        assert "K2 (Communication): " in text
        assert "is outside" in text


def test_a_target_that_skips_a_level_is_told_to_those_who_decide(tmp_path: Path) -> None:
    kim: Row = [*KIM[:3], "VP of Product", *KIM[4:]]
    file = wide(tmp_path, [*kim, *BOSS], [*LEA, *BOSS])
    succeeded("assess", file, "--out", tmp_path / "run", "--as-of", "2026-06-30", "--packets")
    with (tmp_path / "run" / "recommendations.csv").open(encoding="utf-8-sig") as lines:
        rows = [one for one in csv.DictReader(lines) if one["employee_id"] == "E1"]
    said = "D2 (Target Level): VP of Product does not follow Senior PM, so it was not used. Write a level"
    assert [one["recommendation"] for one in rows] == ["ready_now", "ready_now"]
    assert all(said in one["open_questions"] for one in rows)
    assert said in _text(tmp_path / "run" / "packets" / "E1.html")
    assert said in _text(tmp_path / "run" / "managers" / "mona-boss.html")
    assert said in _cells(tmp_path / "run" / "calibration.xlsx")
    calibration = load_workbook(tmp_path / "run" / "calibration.xlsx", read_only=True)["Calibration"]
    rows = [str(row) for row in calibration.iter_rows(values_only=True)]
    own = [row for row in rows if "Kim Holm" in row]
    assert len(own) == 2
    assert all("VP of Product does not follow Senior PM, so it was not used" in row for row in own)


def test_nobody_is_said_to_have_rated_all_the_same_beside_a_rating_that_is_not_used(tmp_path: Path) -> None:
    again: Row = [*KIM, *BOSS, "2026-05-01", "Manager", "E9", "Communication", 2]
    told = Told(long(tmp_path, [*KIM, *BOSS, "E9"], [*LEA, *BOSS, "E9"], more=(again,)))
    assert "Every rating that" not in told.row["open_questions"]


def test_whoever_rates_themselves_as_the_manager_of_somebody_else_is_told_so(tmp_path: Path) -> None:
    told = Told(long(tmp_path, [*KIM, *BOSS, "E1"], [*LEA, *BOSS, "E9"]))
    assert told.row["recommendation"] == "insufficient_evidence"
    assert (
        "26 rows say that they are by the manager, but 'Rater ID' (column K) names the person" in told.issues
    )
    for text in told.everywhere():
        assert "names the person, such as 'E1' for E1. They were not used." in text
    assert (
        told.row["next_step"] == "In the file, K2 (Rater ID): Correct who rated there, or take the rows out."
    )


def test_nobody_is_told_that_a_level_of_the_future_began(tmp_path: Path) -> None:
    kim: Row = [*KIM[:4], "2026-09-01", KIM[5]]
    told = Told(wide(tmp_path, [*kim, *BOSS], [*LEA, *BOSS]))
    assert "the present level counts from 1 September 2026" in told.row["reasons"]
    assert (
        "E2 (In Level Since): 1 September 2026 is after the day of the assessment"
        in told.row["open_questions"]
    )


def test_the_agenda_asks_nothing_about_ratings_alike_where_one_is_not_used(tmp_path: Path) -> None:
    file = wide(tmp_path, [*KIM, *BOSS], [*LEA, *BOSS])
    file.write_text(file.read_text("utf-8").replace("4.5", "9", 1), "utf-8")
    succeeded("assess", file, "--out", tmp_path / "run", "--as-of", "2026-06-30")
    agenda = load_workbook(tmp_path / "run" / "calibration.xlsx", read_only=True)["Agenda"]
    alike = [row for row in agenda.iter_rows(values_only=True) if "rated alike" in str(row)]
    assert ["Lea Berg" in str(row) for row in alike] == [True]


def test_the_person_is_told_to_ask_hr_and_not_to_correct_cells(tmp_path: Path) -> None:
    told = Told(wide(tmp_path, [*KIM, "E1", "Kim Holm"], [*LEA, "E1", "Kim Holm"]))
    assert "Tell HR, so that it can be corrected." in told.person
    assert "Write who manages" not in told.person
    assert "No signal can be judged yet." in told.packet
    assert "No signal can be judged yet." in told.workbook


def test_a_letter_says_what_is_to_be_corrected_in_the_file(tmp_path: Path) -> None:
    own, far = [*KIM, "E1", "Kim Holm"], [*LEA, *BOSS]
    file = wide(tmp_path, own, far)
    lines = file.read_text("utf-8").splitlines()
    lines[2] = lines[2].replace("4.5", "9", 1).replace("4.5", "1")
    file.write_text("\n".join(lines), "utf-8")
    run = tmp_path / "run"
    succeeded("assess", file, "--out", run, "--as-of", "2026-06-30")
    book = load_workbook(run / "calibration.xlsx")
    sheet = book["Calibration"]
    for key, value in (("decided_by", "Panel"), ("decided_on", "2026-07-01"), ("rest", "yes")):
        sheet[SESSION[key]] = value
    book.save(tmp_path / "decided.xlsx")
    succeeded("calibrate", run, tmp_path / "decided.xlsx", "--apply")
    kim, lea = (_text(run / "letters" / f"{name}.html") for name in ("E1", "E2"))
    assert "What would change it:</strong> Tell HR, so that it can be corrected." in kim
    assert "Write who manages" not in kim
    assert "To be corrected" not in kim
    assert "To be corrected in the file: K3 (Communication): 9 is outside the scale from 1 to 5." in lea


def test_everybody_is_told_what_is_not_used_however_many_there_are(tmp_path: Path) -> None:
    heads = ["Employee ID", "Level", "Manager ID", "In Level Since", "Communication (manager)"]
    rows = [
        [
            f"E{at}",
            "Product Manager",
            f"E{at ^ 1}",
            "2030-01-01",
            f"abc{at % 7}" if at % 3 == 0 else 3 + at % 3,
        ]
        for at in range(3_300)
    ]
    path = write_lines(tmp_path / "many.csv", heads, *rows)
    known = load_roster([path], vocabulary_of(load_pack("product_management")), date(2026, 6, 30))
    told = [sorted(one.kind for one in known.issues_of[f"E{at}"]) for at in (1, 3, 3_298, 3_297)]
    dated = ["future_date", "reporting_loop"]
    assert told == [dated, [*dated, "unreadable_rating"]] * 2
    assert not [one for one in known.issues if "more cells of this column" in one.problem]


def test_people_of_one_name_are_counted_where_there_are_very_many(tmp_path: Path) -> None:
    heads = ["Employee ID", "Name", "Hire Date", "Level", "Communication (manager)"]
    rows = [
        [f"E{at}", f"Runa {at // 2:04}falk", "2020-01-01", "Product Manager", 3 + at % 3]
        for at in range(2_010)
    ]
    path = write_lines(tmp_path / "many.csv", heads, *rows)
    known = load_roster([path], vocabulary_of(load_pack("product_management")), date(2026, 6, 30))
    found = [one for one in known.issues if one.kind == "perhaps_twice"]
    assert len([one for one in found if one.employee_id]) == 2_000
    (rest,) = [one.problem for one in found if not one.employee_id]
    assert rest == "10 more people have the same name and the same hire date as somebody else."
