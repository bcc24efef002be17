"""`readiness pack explain`: the whole policy in sentences, complete and with nothing too much."""

from pathlib import Path

import pytest

from engine.prove import policies_of
from rules import load_pack, pack_names
from rules.pack import BANDS
from tests.command_line import succeeded
from tests.small import RULES, pack, rule, signal


@pytest.mark.parametrize("name", pack_names())
def test_every_promotion_of_a_shipped_pack_is_told_with_a_way_to_every_band(name: str) -> None:
    shipped = load_pack(name)
    policies = policies_of(shipped)
    assert {one for policy in policies for one in policy.promotions} == {one.id for one in shipped.promotions}
    for policy in policies:
        assert [band.band for band in policy.bands] == list(BANDS)
        assert all(way for band in policy.bands for way in band.ways)


def test_ways_are_as_few_as_can_be_and_no_condition_is_there_in_vain() -> None:
    rules = (
        rule("T-R1", "core_gap >= 1 and supporting_gap >= 1", recommendation="developing"),
        rule("T-R2", "core_gap >= 1 and supporting_gap == 0", recommendation="developing"),
        rule("T-R3", "core_gap == 0 and supporting_gap >= 1", recommendation="ready_soon"),
        rule("T-R4", "core_gap == 0 and supporting_gap == 0", recommendation="ready_now"),
        RULES[-1],
    )
    (policy,) = policies_of(pack((signal("drive"), signal("care", "supporting")), rules))
    ways = {band.band: band.ways for band in policy.bands}
    assert ways["developing"] == (("core signals further below their bar than the margin: one or more",),)
    assert ways["ready_now"] == (
        (
            "core signals further below their bar than the margin: none",
            "supporting signals further below their bar than the margin: none",
        ),
    )
    assert policy.cases - policy.empty == 4


def test_the_text_says_bands_conditions_proof_and_what_is_asked(tmp_path: Path) -> None:
    out = tmp_path / "policy.md"
    succeeded("pack", "explain", "software_engineering", "--out", out)
    text = out.read_text(encoding="utf-8")
    for words in (
        "# Software engineering: when is what recommended?",
        "### Ready now",
        "combinations of what the rules compare were put to the rule engine",
        "- Coding (core): 3.95 or more",
        "The present level, Engineer, expects: Coding 3.5",
    ):
        assert words in text
