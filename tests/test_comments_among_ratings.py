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


def test_a_comment_in_the_line_below_a_rating_is_one_on_it(tmp_path):
    cells = ('"4.5\nbecause of the launch"', '"3 \n\n led 2 of them"', "3 projects", '"3\n4"')
    roster = read(file(tmp_path, *cells))
    assert points(roster, "communication:manager") == [4.5, 3, None, None]
    comments = roster.comments["comment:communication:manager"].to_list()
    assert comments[:2] == ["because of the launch", "led 2 of them"]
    assert len(told(roster, "unreadable_rating")) == 2


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


SENTENCES = (
    "I led the launch",
    "We shipped on time",
    "Could do this better",
    "Ran workshops in May",
    "Helped others to grow",
)


def written(folder: Path, header: str, *cells: str) -> Path:
    lines = [
        f"Employee ID;Level;{header};Delegation (manager)",
        *(f"E{at};Senior PM;{c};3" for at, c in enumerate(cells)),
    ]
    path = folder / "texts.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_sentences_below_the_header_of_a_rating_are_comments(tmp_path):
    roster = read(written(tmp_path, "Communication (self)", *SENTENCES))
    assert roster.comments["comment:communication:self"].to_list() == list(SENTENCES)
    assert "communication:self" not in roster.ratings.columns
    assert told(roster, "comment_alone") == [
        "1 column headed like ratings, such as 'Communication (self)', was read as comments: there are "
        "sentences and no ratings below."
    ]


def test_words_of_a_scale_that_nobody_knows_are_no_comments(tmp_path):
    labels = ("Far from it still", "Nearly there now", "Well beyond it all") * 2
    assert "What is their order" in question(written(tmp_path, "Communication (self)", *labels))


def test_what_stands_behind_a_word_of_a_scale_is_a_comment(tmp_path):
    cells = ("Poor", "Good - led the launch", "Very good: ran it alone", "Fair", "Excellent (all of it)")
    roster = read(written(tmp_path, "Communication (self)", *cells))
    assert points(roster, "communication:self") == [1, 3, 4, 2, 5]
    assert roster.comments["comment:communication:self"].to_list() == [
        None, "led the launch", "ran it alone", None, "all of it"
    ]  # fmt: skip
    assert roster.scales["self"].words[2][1] == "Good"


def test_comments_beside_ratings_on_scales_of_their_own_are_kept(tmp_path):
    path = tmp_path / "own.csv"
    head = "Employee ID,Level,Communication (manager) (1-10),Delegation (manager) (1-4)"
    path.write_text(f"{head}\nE1,Senior PM,8 - led the launch,3\nE2,Senior PM,9 - ran it alone,2\n")
    assert read(path).comments["comment:communication:manager"].to_list() == [
        "led the launch",
        "ran it alone",
    ]
