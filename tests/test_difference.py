import json
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import openpyxl
import polars as pl
import pytest

from engine import assess
from engine.session import Decision, Origin, append
from engine.simulation import with_settings
from inputs import NOT_ASSESSABLE_SCHEMA, FileSource, InputError, Issue, Severity
from reports.calibration import write_decisions
from reports.comparison import compare_runs, difference_lines, read_compared
from reports.run import read_run
from reports.run.writing import write_run
from rules import BANDS, load_pack
from tests.command_line import call, succeeded
from tests.made_files import write_sheet
from tests.small import DAY, RULES, pack, roster, rule, signal

HELD = (
    rule("T-R1", "present_shortfall > 0", recommendation="developing"),
    rule("T-R2", "present_shortfall == 0", recommendation="ready_now"),
    RULES[-1],
)


def a_run(folder, people, day=DAY, rules=None):
    write_run(assess(roster(people), rules or pack(), day), folder)
    return read_compared(folder)


def other_rules():
    return with_settings(pack(), [("bar.core", "3")])


def causes(before, after):
    found = compare_runs(before, after)
    return {one.employee_id: (one.before, one.after, one.cause, one.exact) for one in found.changed}


def test_where_only_a_rating_differs_the_data_did_it(tmp_path):
    before = a_run(tmp_path / "a", [{"drive:manager": 3}, {"drive:manager": 4}])
    after = a_run(tmp_path / "b", [{"drive:manager": 4}, {"drive:manager": 4}])
    assert causes(before, after) == {"E1": ("developing", "ready_now", "data", True)}
    found = compare_runs(before, after)
    assert found.same == 1
    assert found.changed[0].details[0] == "Drive, manager: 3, then 4"


def test_another_manager_is_told_beside_the_ratings_and_is_no_cause(tmp_path):
    ines, uno = ({"manager_id": who, "manager_name": name} for who, name in (("M1", "Ines"), ("M2", "Uno")))
    before = a_run(tmp_path / "a", [{"drive:manager": 4, **ines}, {"drive:manager": 4, **ines}])
    after = a_run(tmp_path / "b", [{"drive:manager": 3, **uno}, {"drive:manager": 4, **uno}])
    (one,) = compare_runs(before, after).changed
    assert (one.cause, one.exact) == ("data", True)
    assert one.details[:2] == ("Drive, manager: 4, then 3", "manager: Ines, then Uno")


def test_a_rating_that_only_the_present_level_expects_is_data_whatever_time_has_passed(tmp_path):
    rules = pack(expects={"care": "3"}, signals=(signal("drive"),), beside=("care",), rules=HELD)
    before = a_run(tmp_path / "a", [{"drive:manager": 4, "care:manager": 3}], rules=rules)
    after = a_run(tmp_path / "b", [{"drive:manager": 4, "care:manager": 2}], date(2026, 7, 31), rules)
    (one,) = compare_runs(before, after).changed
    assert (one.before, one.after, one.causes, one.exact) == (
        *("ready_now", "developing"),
        *(("data", "time"), False),
    )
    assert one.details[0] == "Care, manager: 3, then 2"


@pytest.mark.parametrize(("day", "causes_"), [(DAY, ("data",)), (date(2026, 7, 31), ("data", "time"))])
def test_a_date_that_was_corrected_is_data_and_not_time_that_has_passed(tmp_path, day, causes_):
    gated = (
        rule("T-R1", 'observation == "too_short"', recommendation="insufficient_evidence"),
        rule("T-R2", 'observation != "too_short"', recommendation="ready_now"),
        RULES[-1],
    )
    since = (date(2026, 5, 1), date(2020, 1, 1))
    people = [[{"drive:manager": 4, "level_since": one}] for one in since]
    before = a_run(tmp_path / "a", people[0], DAY, pack(rules=gated))
    after = a_run(tmp_path / "b", people[1], day, pack(rules=gated))
    found = compare_runs(before, after)
    (one,) = found.changed
    assert (one.causes, one.exact) == (causes_, len(causes_) == 1)
    told = " ".join(difference_lines(found, dict(zip(BANDS, BANDS, strict=True))))
    assert ("(not certain: give both spreadsheets" in told) == (not one.exact)


def test_what_only_one_run_looks_at_is_named(tmp_path):
    people = [{"drive:manager": 4, "care:manager": 1}]
    before = a_run(tmp_path / "a", people, rules=pack((signal("drive"),), beside=("care",)))
    after = a_run(tmp_path / "b", people, rules=pack((signal("drive"), signal("care"))))
    (one,) = compare_runs(before, after).changed
    assert one.details[:2] == (
        "only the second run looks at these signals: Care",
        "only the second run looks at these ratings: Care",
    )


def test_a_rating_that_is_not_used_is_told_as_that_with_the_reason(tmp_path):
    unread = Issue(
        *("unreadable_rating", Severity.WARNING, "'??' cannot be read as a rating.", "Write a number."),
        *("Ratings", 2, "F", "Drive", "??", "E1"),
        about="drive:manager",
    )
    before = a_run(tmp_path / "a", [{"drive:manager": 4, "care:manager": 4}])
    people = roster([{"drive:manager": None, "care:manager": 4}], issues=(unread,))
    write_run(assess(people, pack(), DAY), tmp_path / "b")
    (one,) = compare_runs(before, read_compared(tmp_path / "b")).changed
    assert one.details[:2] == (
        "Ratings!F2 (Drive): '??' cannot be read as a rating.",
        "Drive, manager: 4, then not used",
    )


def test_the_deciding_rule_is_that_of_the_recommendation_and_no_finding(tmp_path):
    rules = pack(rules=(rule("T-F1", "always", finding="seen"), *RULES), findings=("seen",))
    before = a_run(tmp_path / "a", [{"drive:manager": 3}], rules=rules)
    after = a_run(tmp_path / "b", [{"drive:manager": 4}], rules=rules)
    (one,) = compare_runs(before, after).changed
    assert one.details[-1] == "deciding rule: T-R2 (T-R2), then T-R4 (T-R4)"


def test_another_specialisation_is_another_piece_of_data(tmp_path):
    shipped = load_pack("product_management")
    # What is a supporting signal for others is a core one for those who work on platforms.
    rated = {f"{one.id}:manager": 5 for one in shipped.competencies} | {"technical_understanding:manager": 1}
    runs = []
    for name, specialisation in (("a", None), ("b", "platform_pm")):
        people = roster([{**rated, "specialisation": specialisation}], level="aspiring_pm")
        write_run(assess(people, shipped, DAY), tmp_path / name)
        runs.append(read_compared(tmp_path / name))
    (one,) = compare_runs(*runs).changed
    assert (one.before, one.after) == ("ready_now", "developing")
    assert (one.cause, one.exact) == ("data", True)
    assert one.details[0] == "specialisation: none, then Platform PM"


def test_where_only_the_pack_differs_the_rules_did_it(tmp_path):
    before = a_run(tmp_path / "a", [{"drive:manager": 3}])
    after = a_run(tmp_path / "b", [{"drive:manager": 3}], rules=other_rules())
    assert causes(before, after) == {"E1": ("developing", "ready_now", "rules", True)}
    found = compare_runs(before, after)
    assert "bar of Drive: 4, then 3" in found.changed[0].details
    assert "The rule pack small was changed." in found.remarks


def test_where_both_differ_the_cause_is_not_claimed(tmp_path):
    before = a_run(tmp_path / "a", [{"drive:manager": 3}])
    after = a_run(tmp_path / "b", [{"drive:manager": "3.5"}], rules=other_rules())
    assert causes(before, after) == {"E1": ("developing", "ready_now", "several", False)}


@pytest.mark.parametrize(
    ("crossed", "cause"),
    [
        (("developing", "ready_now"), "data"),
        (("ready_now", "developing"), "rules"),
        (("ready_now", "ready_now"), "several"),
        (("developing", "developing"), "several"),
    ],
)
def test_running_both_again_under_the_others_rules_decides(tmp_path, crossed, cause):
    before = a_run(tmp_path / "a", [{"drive:manager": 3}])
    after = a_run(tmp_path / "b", [{"drive:manager": 4}], rules=other_rules())
    (one,) = compare_runs(before, after, {("E1", "up"): crossed}).changed
    assert (one.before, one.after, one.cause, one.exact) == ("developing", "ready_now", cause, True)
    assert one.causes == (("data", "rules") if cause == "several" else (cause,))


def test_time_that_has_passed_is_told_apart_from_ratings(tmp_path):
    gated = (
        rule("T-R1", 'observation == "too_short"', recommendation="insufficient_evidence"),
        rule("T-R2", 'observation != "too_short"', recommendation="ready_now"),
        RULES[-1],
    )
    people = [{"drive:manager": 4, "level_since": date(2026, 1, 1)}]
    before = a_run(tmp_path / "a", people, date(2026, 6, 30), pack(rules=gated))
    after = a_run(tmp_path / "b", people, date(2026, 7, 1), pack(rules=gated))
    assert causes(before, after) == {"E1": ("insufficient_evidence", "ready_now", "time", True)}


def test_who_is_in_one_run_only_is_listed(tmp_path):
    before = a_run(tmp_path / "a", [{"drive:manager": 4}, {"drive:manager": 4}])
    after = a_run(tmp_path / "b", [{"drive:manager": 4}])
    assert causes(before, after) == {"E2": ("ready_now", None, "gone", True)}
    assert causes(after, before) == {"E2": (None, "ready_now", "appeared", True)}


def test_who_could_not_be_assessed_in_the_other_run_is_told_with_the_reason(tmp_path):
    before = a_run(tmp_path / "a", [{"drive:manager": 4}, {"drive:manager": 4}])
    left = {"row": 3, "employee_id": "E2", "reason": "The row has no level."}
    people = replace(
        roster([{"drive:manager": 4}]), not_assessable=pl.DataFrame([left], schema=NOT_ASSESSABLE_SCHEMA)
    )
    write_run(assess(people, pack(), DAY), tmp_path / "b")
    (one,) = compare_runs(before, read_compared(tmp_path / "b")).changed
    assert (one.employee_id, one.cause) == ("E2", "gone")
    assert one.details == ("could not be assessed in the other run: The row has no level.",)


def test_other_rule_packs_are_named(tmp_path):
    before = a_run(tmp_path / "a", [{"drive:manager": 4}])
    other = pack().model_copy(update={"name": "ours", "sha256": "1" * 64})
    after = a_run(tmp_path / "b", [{"drive:manager": 4}], rules=other)
    assert compare_runs(before, after).remarks == ("Different rule packs: small, then ours.",)


def test_a_run_that_no_longer_says_what_it_was_made_of_is_refused_in_words(tmp_path):
    a_run(tmp_path / "a", [{"drive:manager": 4}])
    (tmp_path / "a" / "run.json").unlink()
    with pytest.raises(InputError, match=r"run.json cannot be read as the description of a run"):
        read_compared(tmp_path / "a")


def named_otherwise(of):
    """The pack with its promotion under another id and title."""
    (promotion,) = of.promotions
    return of.model_copy(
        update={"promotions": (promotion.model_copy(update={"id": "step", "title": "The step"}),)}
    )


def test_promotions_of_one_runs_rules_alone_are_told_once_and_nobody_twice(tmp_path):
    before = a_run(tmp_path / "a", [{"drive:manager": 4}, {"drive:manager": 4}])
    after = a_run(tmp_path / "b", [{"drive:manager": 4}], rules=named_otherwise(pack()))
    found = compare_runs(before, after)
    assert [(one.employee_id, one.cause) for one in found.changed] == [("E2", "gone")]
    assert found.same == 0
    only = "Only the {} run's rules have this promotion, so it is not compared: {} (1 recommendation)."
    assert found.remarks[-2:] == (only.format("first", "Up"), only.format("second", "The step"))


def test_two_equal_runs_have_no_difference(tmp_path):
    before = a_run(tmp_path / "a", [{"drive:manager": 4}])
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    found = compare_runs(before, read_compared(tmp_path / "b"))
    assert (found.changed, found.remarks, found.same) == ((), (), 1)


def test_another_version_of_the_program_is_named(tmp_path):
    before = a_run(tmp_path / "a", [{"drive:manager": 4}])
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    about = json.loads((tmp_path / "b" / "run.json").read_text(encoding="utf-8"))
    about["versions"]["promotion-readiness"] = "9.9"
    (tmp_path / "b" / "run.json").write_text(json.dumps(about), encoding="utf-8")
    remarks = compare_runs(before, read_compared(tmp_path / "b")).remarks
    assert remarks == (
        f"Different versions of promotion-readiness: {before.versions['promotion-readiness']}, then 9.9.",
    )


def decide(folder, *decisions):
    """Make decisions final in a run, as `calibrate --apply` logs them: each a band and what differs."""
    made = [
        Decision(
            **{
                "employee_id": "E1",
                "promotion": "up",
                "recommendation": "developing",
                "reason_code": "scope",
                "reason": "Holds the scope since May.",
                "decided_by": "Ada",
                "decided_on": date(2026, 7, 1),
                "follow_up": None,
                "decision": band,
                **more,
            }
        )
        for band, more in decisions
    ]
    log = append((), made, Origin("calibration.xlsx", "2" * 64), datetime(2026, 7, 1, tzinfo=UTC))
    write_decisions(read_run(folder), log, folder)
    return read_compared(folder)


def test_a_decision_in_one_run_and_not_in_the_other_is_told_with_who_when_and_why(tmp_path):
    before = a_run(tmp_path / "a", [{"drive:manager": 3}, {"drive:manager": 4}])
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    after = decide(tmp_path / "b", ("ready_now", {}))
    found = compare_runs(before, after)
    (one,) = found.changed
    assert (one.cause, one.causes, one.exact, found.same) == ("decision", ("decision",), True, 1)
    assert (one.before, one.after) == ("developing", "developing")
    assert [run.in_force(("E1", "up"))[1] for run in (before, after)] == ["developing", "ready_now"]
    assert one.details == (
        "first run: nothing was decided",
        "second run: Ada decided ready now on 1 July 2026; the recommendation was developing; "
        "Already working at the next level: Holds the scope since May.",
    )
    lines = list(difference_lines(found, {"ready_now": "Ready now"}))
    assert "Because of a decision" in lines
    assert "  Person 1 (E1), Up: developing -> Ready now (decided, recommended developing)" in lines
    assert "The first run has no decision, the second 1 decision." in found.remarks
    assert [one.cause for one in compare_runs(after, before).changed] == ["decision"]


def test_of_a_decision_as_recommended_and_another_one_both_are_told(tmp_path):
    a_run(tmp_path / "a", [{"drive:manager": 3}])
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    before = decide(tmp_path / "a", ("developing", {"reason_code": None, "reason": None}))
    (one,) = compare_runs(before, decide(tmp_path / "b", ("ready_now", {}))).changed
    assert one.details[0] == "first run: Ada decided developing on 1 July 2026; as recommended"


def test_a_decision_as_recommended_changes_nothing(tmp_path):
    before = a_run(tmp_path / "a", [{"drive:manager": 3}])
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    after = decide(tmp_path / "b", ("developing", {"reason": None, "reason_code": None}))
    assert compare_runs(before, after).changed == ()


def test_decisions_that_differ_are_told_for_both_runs(tmp_path):
    a_run(tmp_path / "a", [{"drive:manager": 3}])
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    before = decide(tmp_path / "a", ("ready_soon", {"decided_by": "Bo"}))
    after = decide(tmp_path / "b", ("ready_soon", {}), ("ready_now", {}))
    (one,) = compare_runs(before, after).changed
    assert one.cause == "decision"
    assert [run.in_force(("E1", "up"))[1] for run in (before, after)] == ["ready_soon", "ready_now"]
    assert [detail.partition(" decided")[0] for detail in one.details] == ["first run: Bo", "second run: Ada"]


@pytest.mark.parametrize(
    ("rating", "decided", "causes", "exact"),
    [
        (4, "developing", ("data", "decision"), True),
        (4, "ready_soon", ("data", "decision"), True),
        (4, "ready_now", ("data",), True),
        (3, "ready_now", ("decision",), True),
    ],
)
def test_a_mixture_of_data_and_decision_is_told_as_such(tmp_path, rating, decided, causes, exact):
    before = a_run(tmp_path / "a", [{"drive:manager": 3}])
    a_run(tmp_path / "b", [{"drive:manager": rating}])
    (one,) = compare_runs(before, decide(tmp_path / "b", (decided, {}))).changed
    assert (one.causes, one.exact) == (causes, exact)
    assert one.cause == (causes[0] if len(causes) == 1 else "several")


def test_a_log_that_was_changed_by_hand_is_refused(tmp_path):
    a_run(tmp_path / "a", [{"drive:manager": 3}])
    decide(tmp_path / "a", ("ready_now", {}), ("ready_soon", {}))
    log = tmp_path / "a" / "decisions-log.jsonl"
    log.write_text(log.read_text().replace('"ready_now"', '"developing"', 1))
    with pytest.raises(InputError, match="the log was changed by hand"):
        read_compared(tmp_path / "a")


def test_the_page_and_the_json_tell_the_same_as_the_terminal(tmp_path):
    a_run(tmp_path / "a", [{"drive:manager": 3, "employee_name": "<b>Ana</b>"}])
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    decide(tmp_path / "b", ("ready_now", {}))
    folders = [str(tmp_path / "a"), str(tmp_path / "b")]
    page = tmp_path / "difference.html"
    done = succeeded("diff", *folders, "--out", page, "--json")
    (one,) = json.loads(done.stdout)["changed"]
    assert one["decided_after"] == {
        "band": "ready_now",
        "by": "Ada",
        "on": "2026-07-01",
        "reason_code": "scope",
        "reason": "Holds the scope since May.",
    }
    text = page.read_text(encoding="utf-8")
    assert "Because of a decision: 1" in text
    assert "Ada decided ready now on 1 July 2026" in text
    assert "&lt;b&gt;Ana&lt;/b&gt;" in text
    assert "<b>Ana" not in text


def test_the_terminal_groups_people_by_cause(tmp_path):
    before = a_run(tmp_path / "a", [{"drive:manager": 3}])
    after = a_run(tmp_path / "b", [{"drive:manager": 4}])
    lines = list(difference_lines(compare_runs(before, after), {"ready_now": "Ready now"}))
    assert "Because of the data" in lines
    assert "  Person 1 (E1), Up: developing -> Ready now" in lines


RATED = ["Communication", "Mentoring and Coaching"]


def a_sheet(path, rating):
    headers = ["Employee ID", "Level", "Level since", *(f"{name} (Manager)" for name in RATED)]
    return write_sheet(path, headers, ["E1", "Product Manager", date(2024, 1, 1), rating, rating])


def test_the_command_tells_the_same_for_programs(tmp_path):
    for name, rating in (("a", 3), ("b", 4)):
        sheet = a_sheet(tmp_path / f"{name}.xlsx", rating)
        out = ["--out", str(tmp_path / name), "--as-of", "2026-06-30"]
        succeeded("assess", sheet, *out)
    done = succeeded("diff", tmp_path / "a", tmp_path / "b", "--json")
    assert json.loads(done.stdout)["changed"] == []
    assert json.loads(done.stdout)["same"] == 1
    again = ["--data-before", str(tmp_path / "b.xlsx"), "--data-after", str(tmp_path / "b.xlsx")]
    done = call("diff", tmp_path / "a", tmp_path / "b", *again)
    assert done.exit_code == 1
    assert "is not the file that" in done.stderr


def test_a_folder_that_is_no_run_is_refused_in_words(tmp_path):
    done = call("diff", tmp_path, tmp_path)
    assert done.exit_code == 1
    assert "is not the folder of a run" in done.stderr


def test_the_inputs_of_a_run_are_read_back(tmp_path):
    source = FileSource("ratings.xlsx", "1" * 64, "Ratings", 1, 1)
    assert a_run(tmp_path / "a", [{"drive:manager": 3}]).inputs == (source.sha256,)


def test_running_again_reads_the_files_with_their_mappings(tmp_path):
    mapping = tmp_path / "map.yaml"
    mapping.write_text("levels: {Tier 7: product_manager}\n", encoding="utf-8")
    for name, rating in (("a", 3), ("b", 4)):
        sheet = a_sheet(tmp_path / f"{name}.xlsx", rating)
        book = openpyxl.load_workbook(sheet)
        book.active["B2"] = "Tier 7"
        book.save(sheet)
        out = ["--out", str(tmp_path / name), "--as-of", "2026-06-30", "--mapping", str(mapping)]
        succeeded("assess", sheet, *out)
    data = ["--data-before", str(tmp_path / "a.xlsx"), "--data-after", str(tmp_path / "b.xlsx")]
    plain = ["diff", str(tmp_path / "a"), str(tmp_path / "b"), *data]
    assert call(*plain).exit_code == 1
    maps = ["--mapping-before", str(mapping), "--mapping-after", str(mapping)]
    succeeded(*plain, *maps)


def test_running_again_takes_the_rule_pack_that_is_given_and_says_what_it_needs(tmp_path):
    own = Path(
        shutil.copytree(Path(__file__).parents[1] / "rules/packs/product_management", tmp_path / "own")
    )
    rules = own / "rules.yaml"
    rules.write_text(rules.read_text(encoding="utf-8") + "# Ours now\n", encoding="utf-8")
    for name, pack_ in (("a", "product_management"), ("b", str(own))):
        sheet = a_sheet(tmp_path / f"{name}.xlsx", 4)
        out = ["--out", str(tmp_path / name), "--as-of", "2026-06-30", "--pack", pack_]
        succeeded("assess", sheet, *out)
    folders = [str(tmp_path / "a"), str(tmp_path / "b")]
    data = ["--data-before", str(tmp_path / "a.xlsx"), "--data-after", str(tmp_path / "b.xlsx")]
    refused = call("diff", *folders, *data)
    assert refused.exit_code == 1
    assert "the rule pack product_management is not the one that" in refused.stderr
    succeeded("diff", *folders, *data, "--pack-after", str(own))
    alone = call("diff", *folders, "--pack-after", str(own))
    assert alone.exit_code == 2
    assert "to run both again, give both spreadsheets" in alone.stderr
