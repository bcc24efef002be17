"""People whose manager changed between rows: the latest counts, and whose ratings count is told."""

from tests.read_rosters import points, read, told

HEAD = "Employee ID,Level,Manager Name,Date,Rater,Competency,Rating"


def file(folder, head, *rows):
    path = folder / "managers.csv"
    path.write_text("\n".join([head, *rows]) + "\n", encoding="utf-8")
    return path


def test_ratings_by_a_former_manager_that_still_count_are_told(tmp_path):
    before = [
        f"E1,Senior PM,Ada Roth,2025-06-01,Manager,{skill},2" for skill in ("Communication", "Delegation")
    ]
    now = ["E1,Senior PM,Ben Ortiz,2026-06-01,Manager,Communication,4"]
    roster = read(
        file(tmp_path, HEAD, *before, *now, "E2,Senior PM,ada  roth,2026-06-01,Manager,Delegation,3")
    )
    assert roster.people["manager_name"].to_list() == ["Ben Ortiz", "ada roth"]
    assert points(roster, "communication:manager") == [4, None]
    assert points(roster, "delegation:manager") == [2, 3]
    assert [(one.employee_id, one.problem) for one in roster.issues_of["E1"]] == [
        ("E1", "1 rating by the manager was given by 'Ada Roth'; the manager is 'Ben Ortiz'.")
    ]
    assert "E2" not in roster.issues_of
    assert told(roster, "new_manager") == [
        "1 person has another manager in the latest row than before: E1 ('Ada Roth', now 'Ben Ortiz'). "
        "The latest one counts and gets the page. 1 rating by the former manager counts: no later row has "
        "another."
    ]


def test_a_new_manager_in_a_later_row_is_told(tmp_path):
    head = "Employee ID,Level,Manager Name,Cycle,Communication (manager)"
    roster = read(file(tmp_path, head, "E1,Senior PM,Ada Roth,2025,2", "E1,Senior PM,Ben Ortiz,2026,4"))
    assert (points(roster, "communication:manager"), roster.people["manager_name"].to_list()) == (
        [4],
        ["Ben Ortiz"],
    )
    (said,) = told(roster, "new_manager")
    assert said.endswith("The latest one counts and gets the page.")
