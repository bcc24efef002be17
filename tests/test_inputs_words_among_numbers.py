"""Ratings of which some are numbers and some are words: a person says what each word stands for."""

from fractions import Fraction
from pathlib import Path

import pytest
import yaml

from inputs import UNITS_PER_POINT, InputError
from inputs.answering import answers_text, understand, with_answer
from inputs.inspection import inspect_files
from inputs.loading import load_roster, read_files
from inputs.mapping import FileMapping, read_mapping
from inputs.roster import MappingError
from inputs.transcript import mapping_text
from tests.inputs_vocabulary import DAY, VOCABULARY

WORDS = {"Fair": "2", "Good": "4", "Solid": "4"}


def file(folder: Path, *ratings: object) -> Path:
    rows = [f"E{at},Senior PM,{rating}" for at, rating in enumerate(ratings)]
    path = folder / "ratings.csv"
    path.write_text("\n".join(["Employee ID,Level,Communication (manager)", *rows]), encoding="utf-8")
    return path


def mixed(folder: Path, top: int = 5) -> Path:
    return file(folder, *range(1, top + 1), 1, top, "Fair", "Good", "Solid", "Good")


def rated(path: Path, mapping: FileMapping) -> list[Fraction | None]:
    cells = load_roster([path], VOCABULARY, DAY, mapping).ratings["communication:manager"]
    return [None if one is None else Fraction(one, UNITS_PER_POINT) for one in cells]


def scale(**said: object) -> FileMapping:
    return FileMapping.model_validate({"scales": {"manager": said}})


def test_each_word_among_numbers_is_read_as_the_number_that_a_mapping_gives_it(tmp_path: Path) -> None:
    mapping = scale(worst=1, best=5, points=WORDS)
    path = mixed(tmp_path)
    assert rated(path, mapping) == [1, 2, 3, 4, 5, 1, 5, 2, 4, 4, 4]
    (note,) = [
        one for one in load_roster([path], VOCABULARY, DAY, mapping).issues if one.kind == "scale_read"
    ]
    assert note.problem == (
        "Ratings by the manager were read as the mapping says: 'Fair' (1) as 2, 'Good' (2) as 4, "
        "'Solid' (1) as 4."
    )


def test_the_points_of_words_among_numbers_are_on_the_scale_of_the_numbers(tmp_path: Path) -> None:
    assert rated(mixed(tmp_path, 10), scale(worst=1, best=10, points={**WORDS, "Good": 7}))[-4:] == [
        Fraction(13, 9),
        Fraction(11, 3),
        Fraction(7, 3),
        Fraction(11, 3),
    ]
    assert rated(mixed(tmp_path, 6), scale(worst=6, best=1, points=WORDS))[-4] == Fraction(21, 5)


def test_words_are_asked_about_where_a_header_names_the_scale_of_the_numbers(tmp_path: Path) -> None:
    path = mixed(tmp_path, 10)
    text = path.read_text(encoding="utf-8").replace("(manager)", "(manager) (1-10)")
    path.write_text(text, encoding="utf-8")
    with pytest.raises(InputError, match=r"mix numbers \(1 to 10\) and words: 'Fair' \(1\), 'Good' \(2\)"):
        load_roster([path], VOCABULARY, DAY)
    assert rated(path, scale(worst=1, best=10, points={**WORDS, "Good": 10}))[-3:] == [5, Fraction(7, 3), 5]


def test_the_question_proposes_a_mapping_that_answers_it(tmp_path: Path) -> None:
    path = mixed(tmp_path)
    with pytest.raises(InputError, match=r"mix numbers .* which number each word stands for") as stopped:
        load_roster([path], VOCABULARY, DAY)
    proposed = yaml.safe_load(str(stopped.value).split("`")[1])
    assert proposed == {
        "scales": {"manager": {"worst": "...", "best": "...", "points": dict.fromkeys(WORDS, "...")}}
    }
    proposed["scales"]["manager"] |= {"worst": 1, "best": 5, "points": WORDS}
    assert rated(path, FileMapping.model_validate(proposed))[-4:] == [2, 4, 4, 4]


def test_the_mapping_that_is_written_down_has_a_place_for_each_word(tmp_path: Path) -> None:
    path, mapping = mixed(tmp_path), tmp_path / "map.yaml"
    text = mapping_text(inspect_files([path], VOCABULARY, DAY))
    line = '  manager: {worst: ?, best: ?, points: {"Fair": ?, "Good": ?, "Solid": ?}}\n'
    assert line in text
    mapping.write_text(text, encoding="utf-8")
    with pytest.raises(MappingError, match="still has to be answered"):
        read_mapping(mapping)
    filled = (
        line.replace("worst: ?, best: ?", "worst: 1, best: 5")
        .replace('Fair": ?', 'Fair": 2')
        .replace("?", "4")
    )
    mapping.write_text(text.replace(line, filled), encoding="utf-8")
    assert rated(path, read_mapping(mapping))[-4:] == [2, 4, 4, 4]


def test_on_the_page_a_number_is_chosen_for_each_word_and_none_is_guessed(tmp_path: Path) -> None:
    path = mixed(tmp_path)
    sheets = read_files([path])
    (question,) = understand(sheets, VOCABULARY, DAY, FileMapping()).questions
    assert question.title == "Which number does each word stand for (the manager)?"
    assert question.choices == ()
    blanks = {one.label: one for one in question.blanks if one.label}
    assert list(blanks) == ["The worst rating", "The best rating", "Fair", "Good", "Solid"]
    assert {one.likely for one in blanks.values()} == {"", "?"}
    given = {"whose": "manager", "worst": "1", "best": "5"}
    given |= {blanks[word].name: number for word, number in WORDS.items()}
    mapping = with_answer(FileMapping(), question.kind, given)
    after = understand(sheets, VOCABULARY, DAY, mapping)
    assert (after.questions, after.consequence.manager_ratings) == ((), 11)
    kept = tmp_path / "answers.yaml"
    kept.write_text(answers_text(mapping), encoding="utf-8")
    assert rated(path, read_mapping(kept))[-4:] == [2, 4, 4, 4]
    unrated = with_answer(FileMapping(), question.kind, given | {blanks["Solid"].name: ""})
    assert rated(path, unrated)[-4:] == [2, 4, None, 4]


@pytest.mark.parametrize(
    ("word", "number", "wrong"),
    [
        ("“Good”", "?", "Choose points for every word"),
        ("“Good”", "7", "'Good' is given 7, but the scale runs from 1 to 5"),
        ("“Good”", "much", "cannot be used"),
        ("best", "1", "two different numbers"),
    ],
)
def test_an_answer_that_leaves_a_word_out_or_is_off_the_scale_is_refused(
    word: str, number: str, wrong: str
) -> None:
    given = {"whose": "manager", "worst": "1", "best": "5", "“Fair”": "2", "“Good”": "4"}
    with pytest.raises(InputError, match=wrong):
        with_answer(FileMapping(), "scale", {**given, word: number})


@pytest.mark.parametrize(
    ("points", "wrong"),
    [
        ({"Good": 7}, "'Good' is given 7, but its scale runs from 1 to 5"),
        ({"Good": 4, "good ": 3}, "'Good' is given 4, and 'good ' 3: that is one word"),
    ],
)
def test_a_mapping_that_contradicts_itself_about_words_is_refused(
    points: dict[str, int], wrong: str, tmp_path: Path
) -> None:
    with pytest.raises(MappingError, match=wrong):
        rated(mixed(tmp_path), scale(worst=1, best=5, points=points))


def test_words_that_a_mapping_leaves_out_are_asked_about_again(tmp_path: Path) -> None:
    path = file(tmp_path, *[1, 2, 3, 4, 5] * 2, *["Good", "Fair"] * 3)
    with pytest.raises(InputError, match=r"or one of Good, but 3 of 16 are not: 'Fair' \(3\)"):
        rated(path, scale(worst=1, best=5, points={"Good": 4}))
    with pytest.raises(InputError, match=r"one of Good, Fair, but 10 of 16 are not") as stopped:
        rated(path, scale(points={"Good": 4, "Fair": 2}))
    (question,) = understand(
        read_files([path]), VOCABULARY, DAY, scale(points={"Good": 4, "Fair": 2})
    ).questions
    assert [one.label for one in question.blanks][:4] == [
        "The worst rating",
        "The best rating",
        "Fair",
        "Good",
    ]
    assert "Correct the mapping" in str(stopped.value)


def test_words_of_a_mapping_that_are_not_in_the_file_are_named(tmp_path: Path) -> None:
    mapping = scale(worst=1, best=5, points={**WORDS, "Exelent": 5})
    notes = inspect_files([mixed(tmp_path)], VOCABULARY, DAY, mapping).notes
    assert any("'Exelent' (0) as 5" in note for note in notes)


def test_words_with_points_are_shown_with_them_from_the_worst_to_the_best(tmp_path: Path) -> None:
    path = file(tmp_path, "Below", "Meets", "Meets+", "Exceeds")
    mapping = scale(points={"Below": 1, "Exceeds": 5, "Meets": 3, "Meets+": 3.5})
    (seen,) = [one for one in inspect_files([path], VOCABULARY, DAY, mapping).ratings if one.cells]
    assert seen.read_as == "words: Below = 1, Meets = 3, Meets+ = 3.5, Exceeds = 5"
