"""A minimum of years that whoever has no date passes is told by `pack check`; one that is decided is not."""

from functools import cache

import pytest
from click.testing import CliRunner

from engine.decide.program import Programs
from engine.decide.recommending import Recommender
from engine.prove import Passed, Soundness
from engine.prove.unknown import passed_without_a_number
from readiness.commands.pack import command
from rules import RulePack, load_pack, pack_names


@cache
def undecided() -> RulePack:
    """The software pack without the rules on years that nobody knows."""
    pack = load_pack("software_engineering")
    promotions = tuple(
        one.model_copy(update={"rules": tuple(rule for rule in one.rules if "unknown" not in _about(rule))})
        for one in pack.promotions
    )
    return pack.model_copy(update={"promotions": promotions, "examples": ()})


def _about(rule: object) -> str:
    return f"{getattr(rule, 'when', '')} {getattr(rule, 'finding', '')}".replace("not known", "unknown")


def passed(pack: RulePack) -> list[Passed]:
    programs = [Programs.of(pack, promotion) for promotion in pack.promotions]
    return [one for each in programs for one in passed_without_a_number(each, Recommender(each.band))]


def test_a_minimum_of_years_that_an_unknown_date_passes_is_named_with_its_rule() -> None:
    (found,) = passed(undecided())
    assert (found.promotion, found.fact) == ("engineer_2_to_engineer_3", "experience_years")
    assert found.rules == ("SE-F21",)
    assert (found.band, found.instead) == ("ready_now", "developing")


def test_the_shipped_packs_decide_what_they_do_not_know() -> None:
    assert [one for name in pack_names() for one in passed(load_pack(name))] == []


def test_pack_check_says_which_rule_somebody_without_a_date_passes(monkeypatch: pytest.MonkeyPatch) -> None:
    found = Soundness((), (), (), tuple(passed(undecided())))
    monkeypatch.setattr("readiness.commands.pack.check_soundness", lambda _pack: found)
    said = CliRunner().invoke(command, ["check", "software_engineering"])
    assert said.exit_code == 0
    assert (
        "people whose `experience_years` is unknown pass SE-F21, and can be Ready now where somebody "
        "alike with a number is Developing; a rule on `not known(experience_years)` would decide it"
    ) in " ".join(said.output.split())
