"""What every shipped pack recommends to known people, line by line: no change comes unseen.

Where a recommendation is meant to change, tell of it in CHANGELOG.md, then write the files anew:

    READINESS_RENEW="A line of the changelog" pytest tests/test_golden_runs.py
"""

import os
from difflib import unified_diff
from pathlib import Path

import pytest

from engine import assess, vocabulary_of
from inputs.loading import load_roster
from inputs.samples import SAMPLE_DAY, shipped_sample
from rules import load_pack, pack_names
from tests.company import generate_people

HOUSE = Path(__file__).parents[1]
RENEWED_FOR = os.environ.get("READINESS_RENEW")
PEOPLE = 120
"""Of packs without a sample of their own."""


def people(pack):
    """The shipped sample for its pack; for the others an organisation that is made up, always the same."""
    if pack.name == "product_management":
        return load_roster([shipped_sample()], vocabulary_of(pack), SAMPLE_DAY)
    return generate_people(vocabulary_of(pack), n=PEOPLE, seed=21).roster


def lines(name):
    """One for each recommendation: who, which promotion, band and confidence."""
    pack = load_pack(name)
    roster = people(pack)
    ids = roster.people["employee_id"]
    found = assess(roster, pack, SAMPLE_DAY).recommendations.sort("person", "promotion")
    told = found.select("person", "promotion", "recommendation", "confidence").iter_rows()
    return [f"{ids[person]} {promotion} {band} {confidence}" for person, promotion, band, confidence in told]


def told_in_changelog(line):
    text = " ".join((HOUSE / "CHANGELOG.md").read_text(encoding="utf-8").split())
    return bool(line.strip("- ")) and " ".join(line.strip("- ").split()) in text


@pytest.mark.parametrize("name", pack_names())
def test_nobody_is_recommended_anything_else_without_a_line_in_the_changelog(name):
    path = HOUSE / "tests" / "golden" / f"{name}.txt"
    now = lines(name)
    if RENEWED_FOR:
        assert told_in_changelog(RENEWED_FOR), "first tell in CHANGELOG.md what changes for whom, and why"
        path.write_text("\n".join([RENEWED_FOR, *now, ""]), encoding="utf-8", newline="\n")
    reason, *before = path.read_text(encoding="utf-8").splitlines()
    assert told_in_changelog(reason), f"the first line of {path.name} is a line of CHANGELOG.md"
    changed = [
        line for line in unified_diff(before, now, "before", "now", n=0, lineterm="") if line[0] != "@"
    ]
    assert not changed, "\n".join(
        [
            f"{name}: {sum(line.startswith('+') for line in changed[2:])} recommendations differ:",
            *changed[2:],
            "If that is meant, tell in CHANGELOG.md what changes and why, then write the files anew:",
            '    READINESS_RENEW="that line" pytest tests/test_golden_runs.py',
        ]
    )
