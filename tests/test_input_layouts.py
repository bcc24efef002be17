"""Random rosters in random layouts, and every word of the lexicon where it may stand.

`READINESS_LAYOUTS=10000` tries as many layouts; `python -m tests.random_layouts 10000` tells of each kind.
"""

import os
from collections.abc import Iterator

import pytest

from inputs.fields import FIELDS, Field, OpenRating, RatingOf
from inputs.words.lexicon import Lexicon, load_lexicon
from inputs.words.spelling import words
from inputs.words.word_lists import column_words
from tests.random_layouts import RATERS, WORDS, tried

LAYOUTS = int(os.environ.get("READINESS_LAYOUTS", "30"))
"""Layouts of a run of the suite; more are tried by hand."""
LEXICON = load_lexicon(WORDS)
TITLE = "Customer Empathy"


def test_what_is_read_equals_what_was_written_or_it_is_asked() -> None:
    wrong, counts = tried(range(LAYOUTS))
    assert not wrong
    read = sum(one for one, _ in counts.values())
    assert read > LAYOUTS / 2, "most layouts are read without a question"


def rater_words() -> Iterator[tuple[str, str]]:
    words = column_words()
    for rater, people in (("self", "employee"), ("manager", "manager")):
        for word in (*words["people"][people], *words["raters"][rater]):
            yield rater, word


@pytest.mark.parametrize(
    "header", ["{title} ({word})", "{title} - {word}", "{word}: {title}", "{word} {title}", "{title} {word}"]
)
def test_every_word_for_a_rater_is_understood_beside_a_competency(header: str) -> None:
    for rater, word in rater_words():
        meaning = LEXICON.meaning(header.format(title=TITLE, word=word))
        assert meaning is not None, word
        assert meaning.role == RatingOf("user_empathy", rater), word  # type: ignore[arg-type]


def test_every_word_for_a_rater_is_understood_in_a_column_of_raters() -> None:
    for rater, word in rater_words():
        assert LEXICON.rater(word) == rater, word


def test_every_name_of_a_field_is_understood_in_whatever_case() -> None:
    tried_words = 0
    for name, listed in column_words()["fields"].items():
        for word in listed:
            meaning = LEXICON.meaning(word.upper())
            assert meaning is not None, word
            assert meaning.role is FIELDS[name], word
            tried_words += 1
    assert tried_words > 1000


def test_no_word_means_two_things_in_two_languages() -> None:
    known = column_words()
    fields: dict[str, set[str]] = {}
    for name, listed in known["fields"].items():
        for word in listed:
            fields.setdefault(WORDS.name_key(word), set()).add(name)
    raters: dict[str, set[str]] = {}
    for rater, word in (*rater_words(), *(("other", word) for word in known["other_raters"])):
        raters.setdefault(" ".join(words(word)), set()).add(rater)
    assert {word: meant for word, meant in (fields | raters).items() if len(meant) > 1} == {}


@pytest.mark.parametrize(
    ("field", "headers"),
    [
        ("employee_id", ("Personalnummer", "工号", "社員番号", "sicil no", "numer pracownika", "matricule")),
        ("level", ("Stufe", "niveau", "nivel", "livello", "nível", "poziom", "职级", "等級", "المستوى")),
        ("manager", ("Führungskraft", "jefe", "responsabile", "gestor", "przełożony", "yönetici", "المدير")),
    ],
)
def test_every_language_has_the_words_that_a_sheet_needs(field: str, headers: tuple[str, ...]) -> None:
    assert about(LEXICON, *headers) == {field}


def about(lexicon: Lexicon, *headers: str) -> set[str]:
    """What the headers are, by name."""
    meanings = [lexicon.meaning(header) for header in headers]
    return {one.role.name for one in meanings if one is not None and isinstance(one.role, Field)}


@pytest.mark.parametrize("rater", RATERS)
def test_a_competency_wins_over_words_for_raters_in_its_name(rater: str) -> None:
    for header in (f"{TITLE} ({rater})", f"{rater}: {TITLE}"):
        meaning = LEXICON.meaning(header)
        assert meaning is not None
        assert meaning.role == RatingOf("user_empathy", rater)  # type: ignore[arg-type]


def test_words_behind_a_rater_are_asked_about_whatever_the_competency_is_called() -> None:
    for title in (TITLE, "Communication"):
        meaning = LEXICON.meaning(f"{title} manager (before calibration)")
        assert meaning is not None
        assert meaning.role == OpenRating("manager (before calibration)", meaning.role.competency)  # type: ignore


@pytest.mark.parametrize(
    "name", ["External Communication", "Stakeholder Communication", "Customer Collaboration"]
)
def test_a_name_that_begins_like_another_rater_is_asked_about_and_not_dropped(name: str) -> None:
    for rater in RATERS:
        for header in (f"{name} ({rater})", f"{name} - {rater}", f"{rater}: {name}"):
            meaning = LEXICON.meaning(header)
            assert meaning is not None, header
            assert meaning.role == OpenRating(name, None, rater), header  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("field", "headers"),
    [
        (
            "level_since",
            ("Start date in current role", "Job Entry Date", "Grade entry date", "Date d'entrée en poste"),
        ),
        ("hire_date", ("Start date", "Company start date", "Date d'entrée")),
        ("manager", ("Current manager",)),
    ],
)
def test_the_day_of_the_level_is_not_that_of_the_hire(field: str, headers: tuple[str, ...]) -> None:
    assert about(LEXICON, *headers) == {field}
