"""Rules with dates of validity: a run reads the rules of its own day, and a check looks at every time."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from engine import assess
from engine.prove import check_soundness
from engine.prove.people import Person, roster_of
from rules import PackError, RulePack, load_pack
from rules.decision_tables import read_tables, write_tables
from rules.handbook import pack_as_markdown
from rules.writer import write_pack
from tests.command_line import succeeded
from tests.small import pack, rule, signal

OLD, NEW = "2025-12-31", "2026-01-01"
LOG = ("2026-01-01: a point in place of half a point, as decided in December",)


def _dated(developing: str | None = NEW, ready: str | None = NEW) -> RulePack:
    rules = (
        rule("T-R2", "core_shortfall > 0.5", recommendation="developing", valid_until=OLD),
        rule("T-R3", "core_shortfall <= 0.5", recommendation="ready_now", valid_until=OLD),
        rule("T-R4", "core_shortfall > 1", recommendation="developing", valid_from=developing, changes=LOG),
        rule("T-R5", "core_shortfall <= 1", recommendation="ready_now", valid_from=ready),
        rule("T-C1", "always", confidence="high"),
    )
    return pack((signal("drive"),), rules)


def _band(dated: RulePack, day: date) -> list[str]:
    person = Person("E1", dated.promotions[0], {"drive": Decimal(3)}, {}, 24, None, None)
    return assess(roster_of(dated, [person]), dated, day).recommendations["recommendation"].to_list()


def test_a_run_of_last_year_reads_the_rules_of_last_year() -> None:
    assert _band(_dated(), date(2025, 12, 31)) == ["developing"]
    assert _band(_dated(), date(2026, 1, 1)) == ["ready_now"]


def test_each_time_is_checked_and_a_flaw_says_in_which_it_is() -> None:
    assert check_soundness(_dated()).flaws == ()
    gap = check_soundness(_dated(developing="2026-02-01")).flaws
    assert {flaw.kind for flaw in gap} == {"gap"}
    assert all(flaw.text.startswith("from 2026-01-01 on: ") for flaw in gap)
    both = check_soundness(_dated(ready=None)).flaws
    assert {flaw.text.partition(":")[0] for flaw in both} == {"before 2026-01-01"}
    assert {flaw.kind for flaw in both} == {"contradiction"}


def test_dates_and_change_log_go_through_files_workbooks_and_the_handbook(tmp_path: Path) -> None:
    write_pack(_dated(), tmp_path / "ours")
    ours = load_pack(tmp_path / "ours")
    assert ours.rules == _dated().rules
    write_tables(ours, tmp_path / "ours.xlsx")
    assert read_tables(tmp_path / "ours.xlsx").pack.rules == ours.rules
    told = pack_as_markdown(ours)
    assert "- Read: until 2025-12-31" in told
    assert f"- Changes: {LOG[0]}" in told


def test_the_policy_of_a_day_is_told_by_the_rules_of_that_day(tmp_path: Path) -> None:
    write_pack(_dated(), tmp_path / "ours")
    for day, words in ((OLD, "0.5"), (NEW, "1")):
        told = succeeded("pack", "explain", tmp_path / "ours", "--as-of", day)
        assert f"{words} or less" in told.output or f"at most {words}" in told.output


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        (f'valid_from: "{NEW}"', "valid_from: 2026-01-01", "2026-01-01"),
        (f'valid_from: "{NEW}"', 'valid_from: "2026-02-30"', "is not a day"),
        (
            f'valid_from: "{NEW}"',
            f'valid_from: "{NEW}"\n    valid_until: "2025-06-30"',
            "before `valid_from`",
        ),
        ("2026-01-01: a point", "in January: a point", "changes"),
    ],
)
def test_a_day_that_is_none_is_refused(old: str, new: str, words: str, tmp_path: Path) -> None:
    write_pack(_dated(), tmp_path / "ours")
    file = tmp_path / "ours" / "rules.yaml"
    text = file.read_text(encoding="utf-8").replace("'", '"')
    assert old in text
    file.write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(PackError) as refusal:
        load_pack(tmp_path / "ours")
    assert any("rules.yaml:" in problem and words in problem for problem in refusal.value.args)
