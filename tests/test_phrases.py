"""Numbers, shares, days, counts and lists are written one way."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from pathlib import Path

import pytest

from engine import assess, explain, vocabulary_of
from engine.phrases import count, day, few, figure, join, number, percent, whole
from inputs.loading import load_roster
from inputs.phrases import tally
from rules import load_pack


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("4.125"), "4.13"),
        (Decimal("-4.125"), "-4.13"),
        (Decimal("3.50"), "3.5"),
        (Decimal("1E+1"), "10"),
        (Fraction(2, 3), "0.67"),
        (Fraction(1, 1000), "0"),
        (120, "120"),
    ],
)
def test_a_number_has_two_decimals_at_most_and_halves_go_away_from_zero(value, text):
    assert number(value) == text


@pytest.mark.parametrize(
    ("part", "whole", "places", "text"),
    [
        (1, 8, 0, "13%"),
        (3, 8, 0, "38%"),
        (1, 8, 1, "12.5%"),
        (1, 4, 1, "25%"),
        (0, 7, 0, "0%"),
        (0, 0, 0, "–"),
    ],
)
def test_a_share_is_a_percentage_without_a_space(part, whole, places, text):
    assert percent(part, whole, places) == text
    assert percent(Decimal(part), Decimal(whole), places) == text


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 people"),
        (1, "1 person"),
        (1204, "1,204 people"),
        (Decimal("1.0"), "1 person"),
        (Decimal("1.5"), "1.5 people"),
    ],
)
def test_a_count_agrees_with_its_noun(value, text):
    assert count(value, "person", "people") == text


def test_a_regular_noun_gets_an_s():
    assert [count(n, "signal") for n in (1, 2)] == ["1 signal", "2 signals"]


def test_a_figure_of_statistics_keeps_its_decimals_and_has_the_sign_of_print():
    assert [figure(one) for one in (3.5, Fraction(1, 8), -0.001, 1.005)] == ["3.50", "0.13", "0.00", "1.00"]
    assert [figure(one, signed=True) for one in (0.3, -0.3, 0, -0.004)] == ["+0.30", "−0.30", "0.00", "0.00"]
    assert figure(Fraction(5, 2), 1) == "2.5"


def test_a_day_is_written_in_english():
    assert day(date(2026, 3, 1)) == "1 March 2026"


def test_a_list_is_heard_where_each_of_its_parts_ends():
    assert [join(list("abc")[:n]) for n in range(4)] == ["none", "a", "a and b", "a, b and c"]
    assert join(["a, b", "c and d", "e"]) == "a, b; c and d; and e"


def test_of_a_long_list_the_first_are_named_and_the_others_counted():
    letters = list("abcdef")
    assert [few(letters, most) for most in (6, 2)] == ["a, b, c, d, e, f", "a, b and 4 more"]
    assert few(letters, 2, "; ") == "a; b; and 4 more"
    assert [join(letters[:3], most=most) for most in (3, 2)] == ["a, b and c", "a, b and 1 more"]


def test_texts_that_were_counted_are_written_with_their_counts():
    found = [("'Draft'", 1204), ("no entry", 1)]
    assert [tally(found), tally(found, 1)] == ["'Draft' (1,204), no entry (1)", "'Draft' (1,204) and 1 more"]


def test_a_count_on_a_page_has_the_same_separators_as_in_a_sentence():
    pages = Path(__file__).parents[1] / "reports" / "pages" / "templates"
    assert whole(1204) == "1,204"
    assert [page.name for page in pages.rglob("*.html") if ':,}"' in page.read_text(encoding="utf-8")] == []


def test_a_sentence_about_a_manager_without_a_name_begins_with_a_capital(tmp_path):
    (tmp_path / "few.csv").write_text(
        "Employee ID,Level,Communication (manager)\nE1,PM,4\n", encoding="utf-8"
    )
    pack, on = load_pack("product_management"), date(2026, 6, 30)
    people = load_roster([tmp_path / "few.csv"], vocabulary_of(pack), on)
    (told,) = explain(assess(people, pack, on))
    assert told.next_step.startswith("The manager still has to rate ")
