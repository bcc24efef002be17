"""Met in two cycles in a row: earlier cycles as a fact that rules, lenses and examples may name."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

import readiness
from engine import Assessment, assess, explain
from engine.decide import cycles_through
from engine.decide.program import Programs
from engine.decide.recommending import Recommender
from engine.prove import check_soundness, run_examples
from engine.prove.unknown import passed_without_a_number
from inputs import EarlierCycle, Roster
from rules import RulePack
from rules.pack import Example, Finding, Lens, LensPart
from rules.writer import write_pack
from tests.command_line import succeeded
from tests.small import CITE, DAY, pack, roster, rule, signal

LASTING = (
    rule("T-R2", "core_gap >= 1", recommendation="developing"),
    rule("T-R3", "core_gap == 0 and core_shortfall > 0", recommendation="ready_soon"),
    rule("T-R4", "core_shortfall == 0 and cycles_met_before >= 1", recommendation="ready_now"),
    rule(
        "T-R5",
        "core_shortfall == 0 and cycles_met_before < 1",
        recommendation="ready_soon",
        reason="Met for the first time; earlier cycles that met it: {cycles_met_before}.",
    ),
    rule(
        "T-R6",
        "core_shortfall == 0 and not known(cycles_met_before)",
        recommendation="insufficient_evidence",
        kind="fact_missing",
    ),
    rule("T-C1", "always", confidence="high"),
)
"""Ready now is who met every core signal in two cycles in a row."""
PACK = pack((signal("drive"),), LASTING)
LAST_YEAR = date(2025, 6, 30)


def rated(*ratings: object) -> Roster:
    """People E1, E2 ... of whom the manager gave these."""
    return roster([{"drive:manager": rating} for rating in ratings])


def with_cycles(now: Roster, *earlier: Roster) -> Roster:
    ends = [date(2026 - number, 6, 30) for number in range(len(earlier), 0, -1)]
    cycles = zip(ends, earlier, strict=True)
    return replace(now, earlier=tuple(EarlierCycle(str(end.year), end, then) for end, then in cycles))


def bands(roster: Roster, earlier: pl.DataFrame | None = None, rules: RulePack = PACK) -> list[str]:
    return list(assess(roster, rules, DAY, earlier=earlier).recommendations["recommendation"])


def known(assessment: Assessment) -> list[int | None]:
    return list(assessment.judged["up"].evidence["cycles_met_before"])


def test_who_met_it_in_the_cycle_before_too_is_ready_and_who_did_not_is_soon() -> None:
    assert bands(with_cycles(rated(4, 4, 3.5), rated(4.5, 3, 4.5))) == [
        "ready_now",
        "ready_soon",
        "ready_soon",
    ]


def test_without_an_earlier_cycle_the_fact_is_unknown_as_any_other() -> None:
    assert bands(rated(4, 3)) == ["insufficient_evidence", "developing"]
    assert [one.kind for one in explain(assess(rated(4), PACK, DAY))] == ["fact_missing"]


def test_cycles_are_counted_back_from_the_last_and_stop_where_it_was_not_met() -> None:
    history = [rated(4, 4, 3), rated(4.5, 3, 4), rated(4, 4, 4.5)]
    assert known(assess(with_cycles(rated(5, 5, 5), *history), PACK, DAY)) == [3, 1, 2]


def test_a_missing_rating_or_a_review_of_an_earlier_level_tells_nothing_of_its_cycle() -> None:
    then = rated(None, 4, 4)
    then = replace(then, people=then.people.with_columns(review_date=date(2023, 6, 30)))
    assert known(assess(with_cycles(rated(5, 5, 5), then), PACK, DAY)) == [None, None, None]
    assert known(assess(with_cycles(rated(5, 5), rated(None, 2)), PACK, DAY)) == [None, 0]


def test_the_same_ratings_given_twice_are_one_cycle() -> None:
    assert known(assess(with_cycles(rated(4, 4), rated(4, 3), rated(4, 4)), PACK, DAY)) == [1, 0]


def test_whoever_was_not_there_before_is_not_known() -> None:
    now = rated(4, 4)
    assert bands(with_cycles(now, rated(4.5))) == ["ready_now", "insufficient_evidence"]


def test_the_band_is_left_open_where_the_rating_of_now_is_missing() -> None:
    (found,) = assess(with_cycles(rated(None), rated(4)), PACK, DAY).recommendations.iter_rows(named=True)
    assert (found["worst_band"], found["best_band"]) == ("developing", "ready_now")


def test_the_sentence_and_the_condition_say_how_many_cycles() -> None:
    (one,) = explain(assess(with_cycles(rated(4), rated(3)), PACK, DAY))
    assert one.reasons[0] == "Met for the first time; earlier cycles that met it: 0."
    assert ("cycles_met_before", "0") in one.rules[0].facts


def test_pack_check_proves_rules_on_cycles_and_shows_somebody_whom_they_leave_out() -> None:
    assert check_soundness(PACK).flaws == ()
    without = pack((signal("drive"),), [one for one in LASTING if one.code != "T-R5"])
    (flaw,) = check_soundness(without).flaws
    assert flaw.kind == "gap"
    assert "earlier cycles in a row that met every core signal: 0" in str(flaw.example)


def test_pack_check_names_a_rule_on_cycles_that_whoever_has_none_passes() -> None:
    rules = pack(
        (signal("drive"),),
        (
            rule("T-R2", "core_shortfall > 0 or cycles_met_before < 1", recommendation="developing"),
            rule("T-R3", "core_shortfall == 0 and not cycles_met_before < 1", recommendation="ready_now"),
            rule("T-R4", "core_shortfall == 0 and not known(cycles_met_before)", recommendation="ready_now"),
            rule("T-C1", "always", confidence="high"),
        ),
    )
    programs = Programs.of(rules, rules.promotions[0])
    assert [one.fact for one in passed_without_a_number(programs, Recommender(programs.band))] == [
        "cycles_met_before"
    ]


@pytest.mark.parametrize(
    ("cycles", "band"), [(1, "ready_now"), (0, "ready_soon"), (None, "insufficient_evidence")]
)
def test_worked_examples_say_how_many_cycles(cycles: int | None, band: str) -> None:
    example = Example(
        id="lasting",
        about="Met before too.",
        promotion="up",
        everything=Decimal(4),
        months_in_level=24,
        cycles_met_before=cycles,
        recommendation=band,  # type: ignore[arg-type]
        confidence="high",
    )
    (result,) = run_examples(PACK.model_copy(update={"examples": (example,)}))
    assert result.problems == ()


def lens(when: str) -> RulePack:
    """The pack with a lens of which one rule looks at cycles."""
    drive = {"drive": Decimal(1)}
    part = LensPart(id="pull", title="Pull", meaning="It pulls.", competencies=drive, grow="Pull.", cite=CITE)
    finding = Finding(id="lasting", title="It lasts", meaning="It lasts.", kind="strength", cite=CITE)
    drawn = rule("T-L1", when, finding="lasting", reason="Earlier cycles: {cycles_met_before}.")
    view = Lens(
        id="view",
        key="V",
        title="View",
        question="Does it last?",
        about="What lasts.",
        view="steps",
        parts=(part,),
        findings=(finding,),
        rules=(drawn,),
        words={name: {"label": name, "meaning": name} for name in ("open", "done")},  # type: ignore[dict-item]
        cite=CITE,
    )
    return PACK.model_copy(update={"lenses": (view,)})


def test_a_lens_may_look_at_earlier_cycles() -> None:
    seen = lens('value == "done" and cycles_met_before >= 1')
    found = explain(assess(with_cycles(rated(4, 4, 3), rated(5, 3, 5)), seen, DAY))
    assert [one.lenses[0].findings for one in found] == [("lasting",), (), ()]
    assert found[0].lenses[0].rules[0].sentence == "Earlier cycles: 1."
    assert check_soundness(seen).flaws == ()


def test_pack_check_finds_a_rule_of_a_lens_that_no_number_of_cycles_fires() -> None:
    flaws = check_soundness(lens("cycles_met_before >= 2 and cycles_met_before < 1")).flaws
    assert {flaw.kind for flaw in flaws} == {"dead_rule", "unreachable_finding"}


def run(*arguments: object) -> str:
    said = succeeded(*arguments)
    return said.output


def sheet(path: Path, ratings: Sequence[float]) -> Path:
    lines = ["Employee ID,Level,In Level Since,Drive (self),Drive (manager)"]
    lines += [f"E{number},Junior,2024-01-01,{one},{one}" for number, one in enumerate(ratings, 1)]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def test_earlier_runs_count_in_runs_simulations_and_differences(tmp_path: Path) -> None:
    folder = tmp_path / "lasting"
    write_pack(PACK, folder, None)
    first, second = sheet(tmp_path / "first.csv", [4, 3]), sheet(tmp_path / "second.csv", [5, 4])
    then, now = tmp_path / "then", tmp_path / "now"
    run("assess", first, "--out", then, "--as-of", LAST_YEAR, "--pack", folder)
    run("assess", second, "--out", now, "--as-of", DAY, "--pack", folder, "--previous", then)
    assert [one.recommendation for one in readiness.read_run(now).explanations] == ["ready_now", "ready_soon"]

    third = sheet(tmp_path / "third.csv", [4, 4.5])
    later = readiness.load_roster(third, readiness.load_pack(folder), "2026-12-31")
    told = readiness.assess(later, readiness.load_pack(folder), "2026-12-31", previous=now)
    assert known(told) == [2, 1]

    setting = "rule.T-R4.when=core_shortfall == 0 and cycles_met_before >= 2"
    other = "rule.T-R5.when=core_shortfall == 0 and cycles_met_before < 2"
    tried = ("simulate", third, "--out", tmp_path / "tried", "--pack", folder, "--previous", now)
    output = run(*tried, "--as-of", "2026-12-31", "--set", setting, "--set", other)
    assert "1 of 2 recommendations would change" in output

    data, packs = (
        ("--data-before", first, "--data-after", second),
        ("--pack-before", folder, "--pack-after", folder),
    )
    assert "Drive" in run("diff", then, now, *data, *packs)


def test_columns_of_earlier_cycles_count_as_well(tmp_path: Path) -> None:
    folder, path = tmp_path / "lasting", tmp_path / "cycles.csv"
    write_pack(PACK, folder, None)
    rated = ",".join(f"Drive ({who}) {year}" for year in (2025, 2026) for who in ("self", "manager"))
    rows = ["E1,Junior,2023-01-01,4,4,4,4", "E2,Junior,2023-01-01,3,3,4,4"]
    path.write_text("\n".join([f"Employee ID,Level,In Level Since,{rated}", *rows]), encoding="utf-8")
    run("assess", path, "--out", tmp_path / "out", "--as-of", DAY, "--pack", folder)
    found = readiness.read_run(tmp_path / "out").explanations
    assert [one.recommendation for one in found] == ["ready_now", "ready_soon"]


def test_cycles_through_a_stored_run_are_those_of_the_run_itself() -> None:
    now = rated(5, 5)
    then = assess(with_cycles(rated(4, 3), rated(4.5, 4)), PACK, LAST_YEAR)
    told = dict(cycles_through(then, now).select("employee_id", "cycles_met_before").iter_rows())
    assert told == {"E1": 2, "E2": 0}


def test_an_earlier_run_of_the_same_ratings_is_no_cycle_of_its_own() -> None:
    """Also where nobody has a date of review; one rating that moved says that they were rated again."""
    then = assess(rated(4, 4), PACK, LAST_YEAR)
    for now, met in ((rated(4, 4), [None, None]), (rated(4, 4.5), [1, 1])):
        assert known(assess(now, PACK, DAY, earlier=cycles_through(then, now))) == met
