"""The worked examples of the shipped packs, and that the check of them can fail."""

from decimal import Decimal
from functools import cache
from pathlib import Path

import pytest

from engine.prove import ExampleResult, cover_rules, run_examples
from rules import load_pack, pack_names
from rules.pack import Example
from tests.command_line import call, succeeded
from tests.small import pack, rule


@cache
def of_shipped(name: str) -> tuple[ExampleResult, ...]:
    return run_examples(load_pack(name))


@pytest.mark.parametrize("name", pack_names())
def test_every_example_comes_out_as_it_says(name: str) -> None:
    results = of_shipped(name)
    assert results
    assert [(result.example.id, result.problems) for result in results if result.problems] == []


@pytest.mark.parametrize("name", pack_names())
def test_every_rule_has_an_example_that_fires_it_and_one_that_just_misses_it(name: str) -> None:
    coverage = cover_rules(load_pack(name), of_shipped(name))
    assert coverage
    assert [rule.code for rule in coverage if not rule.fires_in or not rule.misses_in] == []


def test_a_moved_bar_is_noticed_by_the_examples() -> None:
    pack = load_pack("product_management")
    bars = pack.standard.bars.model_copy(update={"core": Decimal("4.5")})
    stricter = pack.model_copy(update={"standard": pack.standard.model_copy(update={"bars": bars})})
    assert any(result.problems for result in run_examples(stricter))


def test_an_example_that_is_not_one_input_away_does_not_count_as_a_near_miss() -> None:
    pack = load_pack("product_management")
    code = "PM-F01"
    examples = tuple(
        example.model_copy(update={"everything": Decimal("1.5")}) if code in example.misses else example
        for example in pack.examples
    )
    changed = pack.model_copy(update={"examples": examples})
    covered = {rule.code: rule for rule in cover_rules(changed, run_examples(changed))}
    assert covered[code].fires_in
    assert not covered[code].misses_in


def test_the_command_tells_how_many_examples_and_rules_there_are() -> None:
    result = succeeded("pack", "test", "product_management")
    assert "all examples come out as they say" in result.output


def test_what_a_moved_bar_does_to_the_examples_can_be_accepted(tmp_path: Path) -> None:
    ours = tmp_path / "ours"
    succeeded("pack", "new", "ours", "--from", "software_engineering", "--out", ours)
    text = (ours / "pack.yaml").read_text()
    (ours / "pack.yaml").write_text(text.replace("bar_tolerance: 0.05", "bar_tolerance: 1.05"))
    noticed = call("pack", "test", ours)
    comments = [line for line in (ours / "examples.yaml").read_text().splitlines() if "#" in line]
    assert noticed.exit_code == 1
    assert "Examples that do not come out as examples.yaml says" in noticed.stderr
    assert "run the command again with --accept" in noticed.stderr
    accepted = call("pack", "test", ours, "--accept")
    assert "changed to what comes out" in accepted.stderr
    assert "do not come out" not in accepted.stderr
    assert [result.problems for result in run_examples(load_pack(ours)) if result.problems] == []
    assert comments
    assert comments == [line for line in (ours / "examples.yaml").read_text().splitlines() if "#" in line]
    before, after = load_pack("software_engineering").examples, load_pack(ours).examples
    inputs = {"recommendation", "confidence", "fires", "misses"}
    assert [example.model_dump(exclude=inputs) for example in before] == [
        example.model_dump(exclude=inputs) for example in after
    ]


def test_the_examples_of_a_shipped_pack_are_not_written_over() -> None:
    refused = call("pack", "test", "software_engineering", "--accept")
    assert refused.exit_code == 1
    assert "readiness pack new NAME --from software_engineering" in refused.stderr


def test_an_example_may_lack_ratings_and_say_when_the_review_was() -> None:
    stale = rule("T-F1", 'review == "stale"', finding="old")
    ours = pack(rules=(stale, *pack().rules), findings=("old",))
    plain = Example(
        id="ready",
        about="Everything at the bar.",
        promotion="up",
        everything=Decimal(4),
        months_in_level=36,
        recommendation="ready_now",
        confidence="high",
        fires=("T-R4",),
        misses=("T-F1", "T-R1"),
    )
    old = {"id": "old", "review_months": 13, "fires": ("T-F1", "T-R4"), "misses": ()}
    open_ = {
        "id": "open",
        "unrated": ("drive",),
        "recommendation": "insufficient_evidence",
        "fires": ("T-R1",),
    }
    examples = [plain.model_copy(update=changes) for changes in ({}, old, {**open_, "misses": ("T-R4",)})]
    results = run_examples(ours.model_copy(update={"examples": tuple(examples)}))
    assert [result.problems for result in results] == [(), (), ()]
    covered = {one.code: (one.fires_in, one.misses_in) for one in cover_rules(ours, results)}
    assert covered["T-F1"] == (("old",), ("ready",))
