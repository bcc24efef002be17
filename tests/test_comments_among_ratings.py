"""Comments in a column of ratings: read beside the rating, kept where they stand alone, asked about where
words could be ratings."""

from pathlib import Path

from tests.read_rosters import points, question, read, told

CELLS = (
    "4 - strong quarter",
    "Good work, all in all",
    "3",
    "Needs more structure",
    "5",
    "2",
    "Led the teams well",
)


def file(folder: Path, *cells: str) -> Path:
    lines = [
        "Employee ID;Level;Communication (manager)",
        *(f"E{at};Senior PM;{c}" for at, c in enumerate(cells)),
    ]
    path = folder / "mixed.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_comment_without_a_rating_is_told_with_its_cell_and_kept(tmp_path):
    roster = read(file(tmp_path, *CELLS))
    assert points(roster, "communication:manager") == [4, None, 3, None, 5, 2, None]
    found = [one for one in roster.issues if one.kind == "comment_alone"]
    assert [one.cell for one in found] == ["C3", "C5", "C8"]
    assert "'Good work, all in all' is a comment without a rating" in found[0].problem
    comments = roster.comments["comment:communication:manager"].to_list()
    assert comments == ["strong quarter", CELLS[1], None, CELLS[3], None, None, CELLS[6]]


def test_words_that_may_be_ratings_are_asked_about_with_their_cells(tmp_path):
    asked = question(file(tmp_path, "4", "Rock star", "3", "Rock star", "Meets", "Exceeds", "2"))
    assert "'Rock star' (2), as in C3, C6, C7." in asked
    assert "numbers, with a comment behind where there is one ('4 - led it alone'), or words" in asked


def test_what_the_file_calls_its_ratings_is_no_comment(tmp_path):
    path = file(tmp_path, "4", "Solid all round", "3", "Hardly there yet", "2", "Far beyond it", "5")
    legend = ["1 = poor; 2 = Hardly there yet; 3 = Solid all round; 4 = Far beyond it; 5 = excellent", ""]
    path.write_text("\n".join([*legend, path.read_text(encoding="utf-8")]), encoding="utf-8")
    roster = read(path)
    assert (len(told(roster, "unreadable_rating")), told(roster, "comment_alone")) == (3, [])


def test_why_nobody_rated_is_no_rating(tmp_path):
    roster = read(
        file(tmp_path, "4", "N/A – too new", "3", "not rated (on leave)", "n.a.: joined in May", "5")
    )
    assert points(roster, "communication:manager") == [4, None, 3, None, None, 5]
    assert told(roster, "declared_unrated")
    assert not told(roster, "comment_alone")
