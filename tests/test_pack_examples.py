"""The worked examples of the shipped packs, and that the check of them can fail."""

from decimal import Decimal

import pytest
from click.testing import CliRunner

from engine.worked import cover_rules, run_cases
from readiness.cli import main
from rules import load_pack, pack_names


@pytest.mark.parametrize("name", pack_names())
def test_every_example_comes_out_as_it_says(name: str) -> None:
    results = run_cases(load_pack(name))
    assert results
    assert [(result.case.id, result.problems) for result in results if result.problems] == []


@pytest.mark.parametrize("name", pack_names())
def test_every_rule_has_an_example_that_fires_it_and_one_that_just_misses_it(name: str) -> None:
    pack = load_pack(name)
    coverage = cover_rules(pack, run_cases(pack))
    assert coverage
    assert [rule.code for rule in coverage if not rule.fires_in or not rule.misses_in] == []


def test_a_moved_bar_is_noticed_by_the_examples() -> None:
    pack = load_pack("product_management")
    bars = pack.standard.bars.model_copy(update={"core": Decimal("4.5")})
    stricter = pack.model_copy(update={"standard": pack.standard.model_copy(update={"bars": bars})})
    assert any(result.problems for result in run_cases(stricter))


def test_an_example_that_is_not_one_input_away_does_not_count_as_a_near_miss() -> None:
    pack = load_pack("product_management")
    code = "PM-F01"
    cases = tuple(
        case.model_copy(update={"everything": Decimal(3)}) if code in case.misses else case
        for case in pack.cases
    )
    changed = pack.model_copy(update={"cases": cases})
    covered = {rule.code: rule for rule in cover_rules(changed, run_cases(changed))}
    assert covered[code].fires_in
    assert not covered[code].misses_in


def test_the_command_tells_how_many_examples_and_rules_there_are() -> None:
    result = CliRunner().invoke(main, ["pack", "test", "product_management"])
    assert result.exit_code == 0
    assert "examples come out as they say" in result.output
