"""Paths into a pack: what stands at one, and a pack with another value there."""

from decimal import Decimal

import pytest
from pydantic import ValidationError

from rules.pack import Tenure
from rules.paths import replaced, type_at, value_at
from tests.small import pack

SMALL = pack()


def test_a_path_is_spelled_as_in_the_files_of_a_pack() -> None:
    assert value_at(SMALL, ("promotions", 0, "from")) == SMALL.promotions[0].from_level
    assert value_at(SMALL, ("standard", "bars", "core")) == SMALL.standard.bars.core
    assert value_at(SMALL, ()) is SMALL


@pytest.mark.parametrize(
    "path", [("promotion",), ("promotions", 9), ("promotions", "from"), ("title", 0), ("title", "x", "y")]
)
def test_where_nothing_stands_there_is_none(path: tuple[str | int, ...]) -> None:
    assert value_at(SMALL, path) is None
    assert value_at({"promotions": ({"from": "a"},), "title": "x"}, path) is None


def test_a_pack_with_another_value_differs_in_that_value_alone() -> None:
    path = ("promotions", 0, "to")
    other = replaced(SMALL, path, "elsewhere")
    assert value_at(other, path) == "elsewhere"
    assert replaced(other, path, SMALL.promotions[0].to_level) == SMALL


def test_a_value_that_the_part_does_not_take_is_refused() -> None:
    with pytest.raises(ValidationError, match="greater than or equal to 0"):
        replaced(SMALL, ("standard", "near_margin"), Decimal(-1))


def test_plain_values_get_the_groups_and_entries_that_are_missing_on_the_way() -> None:
    values = replaced({}, ("levels", 0, "cite", "source"), "handbook")
    values = replaced(values, ("levels", 1, "id"), "master")
    assert values == {"levels": ({"cite": {"source": "handbook"}}, {"id": "master"})}


def test_the_type_at_a_path_is_known_without_a_value() -> None:
    assert type_at(("promotions", 3, "tenure")) == Tenure | None
    assert type_at(("promotions", 3, "tenor")) is None
