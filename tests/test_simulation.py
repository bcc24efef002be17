import json
import shutil
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest

from engine import assess, explain, vocabulary_of
from engine.simulation import (
    Simulation,
    Trial,
    marked,
    parse_settings,
    parse_sweep,
    settings_of,
    simulate,
    sweep,
    with_settings,
)
from inputs import InputError
from inputs.loading import load_roster
from inputs.samples import shipped_sample
from reports.comparison import tried, tried_of, write_simulation
from reports.comparison.simulation import show_simulation
from reports.run import read_run
from rules import load_pack
from rules.pack import PackError, Tenure
from tests.command_line import call, succeeded
from tests.made_files import write_lines, write_sheet
from tests.random_packs import (
    lacking_few,
    random_pack,
    random_roster,
    random_specialisations,
    with_earlier_cycles,
)
from tests.sample_run import write_few
from tests.small import CITE, DAY, pack, roster, signal

HOUSE = Path(__file__).parents[1]
PEOPLE = [
    {"drive:manager": rating, "department": place, "manager_name": boss}
    for rating, place, boss in ((4, "A", "Ada"), ("3.75", "A", "Bob"), ("3.5", "B", "Bob"), (2, None, None))
]


def bands(rules_pack):
    return assess(roster(PEOPLE), rules_pack, DAY).recommendations["recommendation"].to_list()


def what_if(*texts):
    small = pack()
    settings = parse_settings(texts)
    other = marked(with_settings(small, settings))
    return simulate(roster(PEOPLE), small, other, DAY, settings)


def test_a_bar_can_be_set():
    assert bands(pack()) == ["ready_now", "ready_soon", "ready_soon", "developing"]
    assert bands(with_settings(pack(), [("bar.core", "3.75")])) == [
        "ready_now",
        "ready_now",
        "ready_soon",
        "developing",
    ]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("margin.near", "0.25", ["ready_now", "ready_soon", "developing", "developing"]),
        ("bar.up.drive", "2", ["ready_now"] * 4),
        ("bar.up.core", "3.5", ["ready_now", "ready_now", "ready_now", "developing"]),
        ("rule.T-R3.when", "core_near >= 2", None),
        ("rule.T-R4.when", "core_unrated == 0 and core_gap == 0 and core_met >= 1", None),
    ],
)
def test_what_is_set_is_what_the_rules_then_see(key, value, expected):
    changed = with_settings(pack(), [(key, value)])
    assert settings_of(changed)[key].present == value
    if expected is not None:
        assert bands(changed) == expected


def test_every_key_can_be_set_to_its_present_value_and_changes_nothing():
    guidance = Tenure(measure="time_in_level", from_years=Decimal(1), to_years=Decimal(3), cite=CITE)
    small = pack(tenure=guidance)
    keys = settings_of(small)
    assert {key.partition(".")[0] for key in keys} == {
        "bar",
        "margin",
        "coverage",
        "observation",
        "review",
        "firmness",
        "question",
        "letter",
        "importance",
        "weight",
        "tenure",
        "rule",
    }
    for key, setting in keys.items():
        same = with_settings(small, [(key, setting.present)])
        assert bands(same) == bands(small)
        assert same.sha256 != small.sha256


def test_the_bar_of_an_importance_is_that_of_the_signals_which_it_would_move():
    """A signal with a bar of its own keeps it, whatever the bar of its importance is."""
    small = pack([signal("drive"), signal("lead", bar=Decimal(3)), signal("care", "supporting")])
    for key, present in (("bar.up.core", "4"), ("bar.up.supporting", "3.5"), ("bar.up.lead", "3")):
        assert settings_of(small)[key].present == present
    moved = with_settings(small, [("bar.up.core", "4.5")])
    bars = [moved.bar_of(moved.promotions[0], one) for one in moved.promotions[0].signals]
    assert bars == [Decimal("4.5"), Decimal(3), Decimal("3.5")]


def test_a_specialisation_can_be_made_to_ask_for_nothing_else():
    rules = load_pack("product_management")
    rated = {f"{one.id}:manager": 5 for one in rules.competencies} | {"technical_understanding:manager": 1}
    people = roster([{**rated, "specialisation": "platform_pm"}], level="aspiring_pm")
    settings = parse_settings(["specialisation.platform_pm.enabled=false"])
    found = simulate(people, rules, marked(with_settings(rules, settings)), DAY, settings)
    assert found.moved.select("before", "after").rows() == [("developing", "ready_now")]
    with pytest.raises(PackError, match="write true or false"):
        with_settings(rules, [("specialisation.platform_pm.enabled", "no")])


def test_every_value_of_the_standard_can_be_set_or_is_a_word():
    rules = load_pack("product_management")
    numbers = {name for name, value in rules.standard if not isinstance(value, str) and name != "bars"}
    settable = {setting.path[1] for setting in settings_of(rules).values() if setting.path[0] == "standard"}
    assert numbers <= settable
    changed = with_settings(rules, [("review.stale_months", "18"), ("firmness.borderline_below", "0.4")])
    assert (changed.standard.stale_months, changed.standard.borderline_below) == (18, Decimal("0.4"))


def test_a_rule_can_be_left_out():
    rules = load_pack("product_management")
    without = with_settings(rules, [("rule.PM-F17.enabled", "false")])
    assert "PM-F17" in {rule.code for rule in rules.rules}
    assert "PM-F17" not in {rule.code for rule in without.rules}


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ([("near_margin", "1")], "near_margin: there is no such setting .* did you mean `margin.near`"),
        ([("bar.cor", "3")], "bar.cor: there is no such setting .* did you mean `bar.core`"),
        ([("bar.core", "high")], "bar.core=high: write a number, such as 3.75"),
        ([("bar.core", "nan")], "bar.core=nan: write a number"),
        ([("bar.core", "3.33333")], "bar.core=3.33333: a number may have at most four decimals"),
        ([("bar.core", "7")], "bar.core=7: a bar is on the rating scale, from 1 to 5"),
        ([("margin.near", "-1")], "margin.near=-1: `-1` is too small; it must be 0 or more"),
        (
            [("observation.months", "half")],
            "observation.months=half: write a whole number of months, such as 6",
        ),
        ([("rule.T-R2.enabled", "no")], "rule.T-R2.enabled=no: write true or false"),
        ([("rule.T-R2.when", "core_gapp >= 1")], "rule.T-R2.when=core_gapp >= 1: .*core_gap"),
        (
            [("importance.up.drive", "vital")],
            "importance.up.drive=vital: `vital` is not allowed; write 'core' or 'supporting'",
        ),
    ],
)
def test_a_setting_that_does_not_fit_is_refused_in_words(settings, words):
    with pytest.raises(PackError, match=words):
        with_settings(pack(), settings)


def test_a_rule_left_out_may_leave_a_case_without_recommendation_and_the_case_is_told():
    changed = with_settings(pack(), [("rule.T-R4.enabled", "false")])
    with pytest.raises(PackError, match="no rule gives a recommendation for this case"):
        bands(changed)


LEAVES_OPEN = ("rule.T-R4.enabled=false", "bar.core=3.75")
OPEN_CASE = (
    "no rule gives a recommendation where core signals further below their bar than the margin: exactly 0; "
    "points that the core signals lack to their bars, added up: at most 0"
)


def test_people_whom_the_simulated_rules_do_not_cover_are_told_and_the_others_judged():
    found = what_if(*LEAVES_OPEN)
    assert found.moved.select("person", "before", "after").rows() == [
        (0, "ready_now", None),
        (1, "ready_soon", None),
    ]
    assert found.after.not_assessable.select("employee_id", "kind").rows() == [
        ("E1", "no_recommendation"),
        ("E2", "no_recommendation"),
    ]
    assert len(explain(found.after)) == 2
    shown = show_simulation(found)
    assert shown.flows["ready_now", "not assessed"] == 1
    assert [(one.people, one.reason) for one in shown.uncovered] == [(2, OPEN_CASE)]
    assert sum(shown.flows.values()) == 4


def test_people_whom_the_simulated_rules_contradict_are_told_with_what_they_say():
    cases = show_simulation(what_if("rule.T-R3.when=core_unrated == 0")).uncovered
    assert [case.people for case in cases] == [1, 1]
    assert all("rules contradict each other where core signals" in case.reason for case in cases)
    assert cases[0].reason.endswith(": T-R3 says ready_soon, T-R4 says ready_now")


def test_a_simulation_with_open_cases_says_so_in_every_form(tmp_path):
    small, settings = pack(), parse_settings(LEAVES_OPEN)
    span = sweep(roster(PEOPLE), small, "bar.core", [Decimal(3), Decimal(4)], DAY, settings[:1])
    assert [(point.undecided, sum(point.counts.values())) for point in span.points] == [(3, 1), (1, 3)]
    write_simulation(what_if(*LEAVES_OPEN), tmp_path / "out", span)
    files = {path.name: path.read_text(encoding="utf-8") for path in (tmp_path / "out").glob("*.[chjs]*")}
    assert "2 recommendations would be missing" in files["simulation.html"]
    assert "<svg" in files["simulation.html"]
    assert OPEN_CASE[1:] in files["simulation.html"]
    assert OPEN_CASE in files["report.html"]
    assert files["sweep.csv"].splitlines()[0].endswith(",not assessed")
    assert "what a column lacks is without one" in files["sweep.svg"]
    about = json.loads(files["run.json"])
    assert about["simulation"]["uncovered"] == [{"promotion": "Up", "reason": OPEN_CASE, "people": 2}]
    counts = about["counts"]
    assert counts["people_in_file"] == counts["people_recommended"] + counts["people_not_assessable"] == 4


def test_the_example_of_the_help_works_on_the_sample_and_names_who_is_left_open(tmp_path):
    arguments = ["simulate", str(shipped_sample()), "--as-of", "2026-06-30"]
    arguments += ["--set", "bar.core=3.75", "--set", "rule.PM-R02.enabled=false"]
    done = succeeded(*arguments, "--out", tmp_path / "out")
    assert "would have no recommendation, because the rules leave cases open" in done.stderr
    assert "points that the supporting signals lack to their bars" in done.stderr


def test_people_are_counted_as_assess_counts_them_not_rows(tmp_path):
    header = "Employee ID,Name,Level,Communication (self),Communication (manager)\n"
    rows = "1,Ann,Senior PM,4,4\n1,Ann,Senior PM,4,4\n2,Bo,Wizard,4,4\n"
    (tmp_path / "twice.csv").write_text(header + rows)
    arguments = [tmp_path / "twice.csv", "--as-of", "2026-06-30", "--out"]
    run = call("assess", *arguments, tmp_path / "run")
    assert "2 people in the file = 1 assessed + 1 not assessable" in run.output
    tried = call("simulate", *arguments, tmp_path / "what_if", "--set", "bar.core=4")
    assert "1 of 2 people in the file" in tried.output


def test_movements_hold_everybody_and_the_moved_are_those_whose_band_differs():
    found = what_if("bar.core=3.75")
    assert found.movements.height == 4
    assert found.moved.select("person", "before", "after").rows() == [(1, "ready_soon", "ready_now")]


def test_counts_by_level_department_and_manager_add_up():
    shown = show_simulation(what_if("bar.core=3.75"))
    assert shown.flows == {
        ("ready_now", "ready_now"): 1,
        ("ready_soon", "ready_now"): 1,
        ("ready_soon", "ready_soon"): 1,
        ("developing", "developing"): 1,
    }
    for groups in (shown.by_level, shown.by_department, shown.by_manager):
        assert sum(group.moved for group in groups) == 1
        assert sum(sum(group.after.values()) for group in groups) == 4
    assert [group.name for group in shown.by_manager if group.moved] == ["Bob"]
    assert [group.name for group in shown.by_department] == ["A", "B", "No department given"]
    assert shown.in_words() == "bar.core=3.75 (now 4)"


def test_a_second_pack_without_the_promotion_shows_nobody_assessed():
    small = pack()
    other = small.promotions[0].model_copy(update={"id": "across"})
    elsewhere = marked(small.model_copy(update={"promotions": (other,)}))
    shown = show_simulation(simulate(roster(PEOPLE[:1]), small, elsewhere, DAY))
    assert sorted(shown.flows) == [("not assessed", "ready_now"), ("ready_now", "not assessed")]
    assert shown.in_words() == "rules of Small pack"


def test_a_sweep_counts_every_band_for_every_value_both_ends_included():
    key, values = parse_sweep("bar.core=3.5..4.0:0.25")
    assert (key, values) == ("bar.core", (Decimal("3.5"), Decimal("3.75"), Decimal("4.00")))
    found = sweep(roster(PEOPLE), pack(), key, values, DAY)
    assert [(point.counts["ready_now"], sum(point.counts.values())) for point in found.points] == [
        (3, 4),
        (2, 4),
        (1, 4),
    ]
    assert found.present == "4"


@pytest.mark.parametrize(
    "text", ["bar.core", "bar.core=3", "bar.core=3..4", "bar.core=3..x:1", "=3..4:1", "bar.core=3..inf:1"]
)
def test_a_text_that_is_no_sweep_is_refused_in_words(text):
    with pytest.raises(PackError, match=r"KEY=FROM..TO:STEP|the step must be above 0"):
        parse_sweep(text)


@pytest.mark.parametrize("text", ["bar.core=4..3:0.5", "bar.core=3..4:0", "bar.core=1..5:0.0001"])
def test_a_sweep_without_end_is_refused(text):
    with pytest.raises(PackError, match=r"the step must be above 0|a sweep may have 200"):
        parse_sweep(text)


def test_every_file_of_a_simulation_says_that_it_is_one(tmp_path):
    found = what_if("bar.core=3.75")
    span = sweep(roster(PEOPLE), pack(), "bar.core", [Decimal(3), Decimal(4)], DAY)
    write_simulation(found, tmp_path / "out", span)
    files = {path.name: path for path in (tmp_path / "out").iterdir()}
    assert "calibration.xlsx" not in files
    for name in ("simulation.html", "report.html", "recommendations.csv", "recommendations.json"):
        assert "SIMULATION, not in force" in files[name].read_text(encoding="utf-8")
    for name in ("movements.csv", "sweep.csv", "sweep.svg", "run.json"):
        assert "SIMULATION, not in force" in files[name].read_text(encoding="utf-8")
    for name in ("recommendations.parquet", "evidence.parquet"):
        marks = pl.read_parquet(files[name])["simulation"].unique().to_list()
        assert marks == ["SIMULATION, not in force: bar.core=3.75 (now 4)"]


def test_a_simulation_can_be_explained_and_compared_and_nothing_can_be_decided_on_it(tmp_path):
    out = tmp_path / "what_if"
    write_simulation(what_if("bar.core=3.75"), out)
    assert read_run(out, simulated=True).pack.title.startswith("SIMULATION, not in force")
    with pytest.raises(InputError, match="holds a simulation, which is not in force; give the folder that"):
        read_run(out)
    told = succeeded("explain", out, "E1")
    assert told.stdout.startswith("SIMULATION, not in force: "), told.output


def test_the_command_writes_a_marked_folder_and_tells_who_moves(tmp_path):
    arguments = ["simulate", str(shipped_sample()), "--as-of", "2026-06-30", "--set", "bar.core=3.75"]
    done = succeeded(*arguments, "--out", tmp_path / "out")
    assert "Developing -> Ready soon" in done.stderr
    about = json.loads((tmp_path / "out" / "run.json").read_text(encoding="utf-8"))
    assert about["simulation"]["settings"] == [{"key": "bar.core", "before": "3.95", "after": "3.75"}]
    flows = {(one["before"], one["after"]): one["count"] for one in about["simulation"]["flows"]}
    plain = assess_sample()
    assert sum(flows.values()) == len(plain)
    assert sum(n for (before, _), n in flows.items() if before == "ready_now") == plain.count("ready_now")


def test_a_pack_that_reads_the_file_otherwise_is_not_compared_on_the_reading_of_the_other(tmp_path):
    """Another name for a level, and E10012 is assessed: the numbers are not those of two runs."""
    shutil.copytree(HOUSE / "rules" / "packs" / "product_management", tmp_path / "ours")
    ladder = tmp_path / "ours" / "ladder.yaml"
    written = ladder.read_text(encoding="utf-8")
    ladder.write_text(written.replace("aliases: [", "aliases: [Senoir PM, ", 1), encoding="utf-8")
    few = write_few(tmp_path / "few.xlsx", 20)
    told = ["simulate", str(few), "--as-of", "2026-06-30", "--out", str(tmp_path / "out"), "--with-pack"]
    done = call(*told, tmp_path / "ours")
    assert done.exit_code == 1, done.output
    assert "who is assessed, or the level, of E10012" in done.stderr
    assert "`readiness assess` with each pack, then `readiness diff`" in done.stderr
    ladder.write_text(written, encoding="utf-8")
    bars = tmp_path / "ours" / "pack.yaml"
    bars.write_text(bars.read_text(encoding="utf-8").replace("core: 3.95", "core: 3.75"), encoding="utf-8")
    done = succeeded(*told, tmp_path / "ours")
    assert "about 1 of 20 people in the file, who cannot be assessed" in done.stderr
    page = (tmp_path / "out" / "simulation.html").read_text(encoding="utf-8")
    assert "about 1 of 20 people in the file, who cannot be assessed" in page


def test_whoever_is_at_the_top_of_the_ladder_is_in_no_number(tmp_path):
    header = ["Employee ID", "Level", "Communication (manager)"]
    rows = (["E1", "Product Manager", 3], ["E2", "Chief Product Officer", 5], ["E3", "Chief Wizard", 4])
    path = write_lines(tmp_path / "few.csv", header, *rows)
    told = ["simulate", str(path), "--as-of", "2026-06-30", "--out", str(tmp_path / "out"), "--set"]
    done = succeeded(*told, "observation.months=12")
    assert "about 2 of 3 people in the file, who cannot be assessed" in done.stderr


def test_a_pack_without_the_levels_of_the_people_is_told_not_to_fit(tmp_path):
    done = call(
        "simulate", shipped_sample(), "--out", tmp_path / "out", "--with-pack", "general_competencies"
    )
    assert done.exit_code == 1
    assert "no level of the rule pack was found" in done.stderr
    small = pack()
    with pytest.raises(PackError, match=r"has no level .*, on which people of this file are"):
        simulate(roster(PEOPLE), small, load_pack("general_competencies"), DAY)


def test_a_range_alone_does_not_say_that_nobody_would_move(tmp_path):
    few = write_few(tmp_path / "few.xlsx", 12)
    told = ["simulate", str(few), "--as-of", "2026-06-30", "--out", str(tmp_path / "out")]
    done = succeeded(*told, "--sweep", "bar.core=3.5..4:0.5")
    page = (tmp_path / "out" / "simulation.html").read_text(encoding="utf-8")
    assert "What if: other values of bar.core" in page
    for text in (done.stderr, page):
        assert "would change" not in text
        assert "rules of Product management" not in text


def assess_sample():
    rules = load_pack("product_management")
    people = load_roster((shipped_sample(),), vocabulary_of(rules), date(2026, 6, 30))
    return assess(people, rules, date(2026, 6, 30)).recommendations["recommendation"].to_list()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--set", "bar.cor=3"], "did you mean `bar.core`"),
        (["--set", "bar.core"], "a setting is written as KEY=VALUE"),
        ([], "say what to simulate with --set, --sweep or --with-pack"),
        (["--set", "bar.core=3", "--with-pack", "product_management"], "leave out --set and --sweep"),
    ],
)
def test_wrong_usage_is_told_with_exit_code_2(tmp_path, arguments, words):
    done = call("simulate", shipped_sample(), "--out", tmp_path / "out", *arguments)
    assert done.exit_code == 2
    assert words in done.stderr
    assert not (tmp_path / "out").exists()


def test_a_file_that_needs_a_mapping_can_be_simulated_with_it(tmp_path):
    headers = ["Employee ID", "Level", "Level since", "Communication (Manager)"]
    write_sheet(tmp_path / "ratings.xlsx", headers, ["E1", "Tier 7", date(2024, 1, 1), 4])
    mapping = tmp_path / "map.yaml"
    mapping.write_text("levels: {Tier 7: product_manager}\n", encoding="utf-8")
    plain = ["simulate", str(tmp_path / "ratings.xlsx"), "--set", "coverage.minimum=0.1"]
    plain += ["--as-of", "2026-06-30", "--out", str(tmp_path / "what")]
    assert call(*plain).exit_code == 1
    succeeded(*plain, "--mapping", mapping)
    assert set(pl.read_parquet(tmp_path / "what" / "recommendations.parquet")["employee_id"]) == {"E1"}


def test_trying_one_value_after_another_moves_the_same_people_as_a_simulation():
    ratings = [None, *(Decimal(step) / 2 for step in range(2, 11))]
    people = [{"drive:manager": one, "care:manager": other} for one in ratings for other in (None, 2, 5)]
    trial = Trial.of(assess(roster(people), pack(), DAY))
    given = trial.present.roster
    for settings in (
        [("bar.core", "3.5")],
        [("margin.near", "1"), ("bar.supporting", "2")],
        [("observation.months", "0")],
        [],
        [("rule.T-R3.enabled", "false")],
        [("bar.core", "3.5")],
    ):
        simulated = simulate(given, pack(), with_settings(pack(), settings), DAY).movements
        assert trial.movements(settings).equals(simulated)
        assert (simulated["after"].null_count() > 0) == (settings == [("rule.T-R3.enabled", "false")])


@pytest.mark.parametrize("level", ["junior", "senior"])
def test_values_can_be_tried_where_a_promotion_is_open_to_nobody(level):
    trial = Trial.of(assess(roster(PEOPLE, level=level), pack(), DAY))
    assert trial.movements([("bar.core", "3")]).height == (len(PEOPLE) if level == "junior" else 0)


@pytest.mark.parametrize("seed", range(1, 4))
def test_what_is_tried_on_random_packs_moves_the_same_people_as_a_simulation(seed):
    other = random_pack(seed, monotone=seed % 2 == 0, answers=True, cycles=True)
    other = random_specialisations(seed, other)
    given = lacking_few(random_roster(seed, other, DAY, people=20), other)
    given = with_earlier_cycles(seed, other, DAY, given)
    trial = Trial.of(assess(given, other, DAY, gaps_allowed=True))
    known = settings_of(trial.present.pack)
    special = next((key for key in known if key.startswith("specialisation.")), "bar.core")
    for settings in (
        [("bar.core", "3"), ("margin.near", "0.25")],
        [("observation.months", "24")],
        [(special, "false" if special != "bar.core" else "4")],
        [("bar.supporting", "4.5")],
    ):
        after = with_settings(trial.present.pack, settings)
        again = assess(given, after, DAY, gaps_allowed=True)
        expected = Simulation(trial.present, again, ()).movements
        assert trial.movements(settings).equals(expected)


def test_what_is_tried_is_counted_by_band_and_names_the_first_who_would_move(monkeypatch):
    named = [
        {**one, "employee_name": name} for one, name in zip(PEOPLE, ("Ada", "Bo", None, "Cy"), strict=True)
    ]
    trial = Trial.of(assess(roster(named), pack(), DAY))

    def shown(*texts):
        return tried_of(trial.present, trial.movements([tuple(one.split("=", 1)) for one in texts]))

    found = shown("bar.core=3.5")
    assert {band: (now, then) for band, _, now, then in found.bands} == {
        "ready_now": (1, 3),
        "ready_soon": (2, 0),
        "developing": (1, 1),
        "insufficient_evidence": (0, 0),
    }
    assert (found.moved, found.of, found.undecided) == (2, 4, 0)
    assert found.people == (
        ("Bo", "E2", "Up", "ready_soon", "ready_now"),
        ("E3", "E3", "Up", "ready_soon", "ready_now"),
    )
    monkeypatch.setattr(tried, "MOST_NAMED", 1)
    assert (shown("bar.core=3.5").moved, shown("bar.core=3.5").people) == (2, found.people[:1])
    still = shown()
    assert (still.moved, still.people) == (0, ())
    open_now = shown("rule.T-R3.enabled=false")
    assert (open_now.moved, open_now.undecided) == (2, 2)
    assert {open_now.labels[then] for *_, then in open_now.people} == {"No recommendation"}
