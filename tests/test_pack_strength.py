"""The strength of worked examples as a number, and examples that are proposed for what none notices."""

from decimal import Decimal

import pytest

from engine.prove import changing_nothing, proposed_examples, strength_of
from rules import load_pack, pack_names
from rules.pack import Example, RulePack
from tests.small import pack, rule, signal


@pytest.mark.parametrize("name", pack_names())
def test_the_examples_of_a_shipped_pack_notice_nearly_every_change_that_somebody_could(name: str) -> None:
    # One in three: `readiness pack test --strength` makes all changes, and takes three times as long.
    found = strength_of(load_pack(name), every=3)
    counted = found.without(changing_nothing(load_pack(name), found))
    assert counted.share >= 0.95, [one.what for one in counted.unnoticed]


def _with(examples: tuple[Example, ...]) -> RulePack:
    rules = (
        rule("T-R1", "core_shortfall > 1", recommendation="developing"),
        rule("T-R2", "core_shortfall > 0 and core_shortfall <= 1", recommendation="ready_soon"),
        rule("T-R3", "core_shortfall <= 0", recommendation="ready_now"),
        rule("T-C1", "coverage >= 0", confidence="high"),
    )
    return pack((signal("drive"),), rules).model_copy(update={"examples": examples})


def _example(name: str, rating: str, band: str) -> Example:
    return Example(
        id=name,
        about="As it is.",
        promotion="up",
        everything=Decimal(rating),
        months_in_level=24,
        recommendation=band,  # type: ignore[arg-type]
        confidence="high",
    )


def test_an_example_at_a_limit_notices_that_it_moves() -> None:
    without, beside = strength_of(_with(())), strength_of(_with((_example("one", "4", "ready_now"),)))
    assert without.share == 0
    assert 0 < beside.share < 1
    assert "T-R1: core_shortfall > 1.5, not core_shortfall > 1" in {one.what for one in beside.unnoticed}


def test_proposed_examples_notice_what_none_noticed_and_come_out_as_they_say() -> None:
    small = _with((_example("one", "4", "ready_now"),))
    before = strength_of(small)
    proposed = proposed_examples(small, before)
    after = strength_of(small.model_copy(update={"examples": (*small.examples, *proposed)}))
    assert after.share > before.share
    assert all(one.about.startswith("Would come out otherwise with") for one in proposed)


def test_a_change_that_nobody_can_notice_is_shown_to_be_none_and_not_counted() -> None:
    rules = (
        rule("T-R1", "score < 3", recommendation="developing"),
        rule("T-R2", "score >= 3", recommendation="ready_now"),
        rule("T-C1", "coverage >= 0", confidence="high"),
    )
    found = strength_of(pack((signal("drive"),), rules))
    idle = {one.what for one in changing_nothing(pack((signal("drive"),), rules), found)}
    assert idle == {"Up, Drive: the bar 3.5, not 4", "Up, Drive: the bar 4.5, not 4"}
    counted = found.without(changing_nothing(pack((signal("drive"),), rules), found))
    assert counted.mutants == found.mutants - 2
