"""Raters: figures equal to independent libraries', honest intervals, and nothing that reaches a manager."""

import json
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random
from typing import Any

import openpyxl
import pytest

from engine import assess, explain, vocabulary_of
from engine.raters import Raters, raters_of
from inputs import UNITS_PER_POINT, OwnScale
from inputs.loading import load_roster
from inputs.mapping import FileMapping
from reports.raters import rater_lines, show_raters, write_raters
from reports.run import read_run
from reports.run.writing import write_run
from reports.shown.content import run_of
from reports.workbook.agenda_items import running_order
from rules.pack import RulePack
from tests.command_line import succeeded
from tests.small import DAY, pack, roster, signal

INDEPENDENT = json.loads(
    (Path(__file__).parent / "cases" / "independent_figures.json").read_text(encoding="utf-8")
)
"""Made by tests/independent_figures.py."""
LEVELS = ("l0", "l1", "l2", "l3")
MANY = pack([signal(f"skill{at}") for at in range(8)])
"""As many competencies as a straight line needs."""


def raters(people: list[dict[str, Any]], rules: RulePack | None = None) -> Raters:
    return raters_of(assess(roster(people), rules or pack(), DAY))


def rated(scores: list[float], levels: list[int], managers: list[int]) -> list[dict[str, Any]]:
    return [
        {"drive:manager": score, "level": LEVELS[level], "manager_id": f"M{manager:02}"}
        for score, level, manager in zip(scores, levels, managers, strict=True)
    ]


@pytest.mark.parametrize("case", INDEPENDENT["severity"])
def test_differences_are_those_of_the_mixed_model_of_statsmodels(case: dict[str, Any]) -> None:
    people = rated(case["scores"], case["levels"], case["managers"])
    found = raters(people, pack(levels=LEVELS))
    assert found.severity is not None
    assert found.severity.between == pytest.approx(case["between"], abs=2e-4)
    assert found.severity.within == pytest.approx(case["within"], abs=2e-4)
    differences = [one.difference for one in found.raters]
    assert [one and one.shrunken for one in differences] == pytest.approx(case["shrunken"], abs=2e-4)


@pytest.mark.parametrize("case", INDEPENDENT["kappa"])
def test_kappa_is_that_of_scikit_learn(case: dict[str, Any]) -> None:
    pairs = zip(case["own"], case["given"], strict=True)
    people = [{"drive:self": own / 2, "drive:manager": given / 2, "manager_id": "M"} for own, given in pairs]
    both = raters(people).both_views
    assert both is not None
    assert both.competencies["Drive"].kappa == pytest.approx(case["kappa"])
    assert both.managers["M"] == both.overall


def test_intervals_of_simulated_leniency_hold_the_truth_in_95_of_100_cases() -> None:
    held = tried = 0
    for seed in range(40):
        dice = Random(seed)
        lenience = [dice.gauss(0, 0.28) for _ in range(20)]
        managers = [at for at in range(20) for _ in range(dice.randint(4, 16))]
        levels = [dice.randint(0, 3) for _ in managers]
        scores = [
            round(3.4 + 0.2 * level + lenience[manager] + dice.gauss(0, 0.5), 2)
            for manager, level in zip(managers, levels, strict=True)
        ]
        for one, truth in zip(_severities(scores, levels, managers), lenience, strict=True):
            tried += 1
            held += one.low <= truth <= one.high
    assert 0.93 <= held / tried <= 0.97


def _severities(scores: list[float], levels: list[int], managers: list[int]) -> list[Any]:
    found = raters(rated(scores, levels, managers), pack(levels=LEVELS))
    return [one.difference for one in found.raters]


def test_levels_and_missing_ratings_make_no_manager_strict() -> None:
    """Seniors are rated a point higher, and every other person lacks the competency that is rated low."""
    easy = pack([signal("drive"), signal("care")], levels=("junior", "senior"))
    people = [
        {
            "drive:manager": 3 + at % 2 + (0.5 if at % 3 == 0 else 0),
            "care:manager": None if manager and at % 4 < 2 else 2 + at % 2 + (0.5 if at % 3 == 0 else 0),
            "level": ("junior", "senior")[at % 2],
            "manager_id": f"M{manager}",
        }
        for manager in range(2)
        for at in range(12)
    ]
    found = raters(people, easy)
    differences = [one.difference for one in found.raters if one.difference is not None]
    assert [one.difference for one in differences] == pytest.approx([0, 0], abs=1e-9)
    assert found.raters[1].habit.mean > found.raters[0].habit.mean


def test_who_alone_rates_a_level_is_compared_with_nobody() -> None:
    people = rated([3, 4, 3.5, 4, 5, 4.5], [0, 0, 0, 0, 1, 1], [0, 0, 1, 1, 2, 2])
    found = raters(people, pack(levels=LEVELS))
    assert [one.difference and one.difference.peers for one in found.raters] == [2, 2, 0]
    run = run_of(assess(roster(people), pack(levels=LEVELS), DAY), (), "0")
    assert not show_raters(found, run).observations


@pytest.mark.parametrize(
    ("scores", "managers"),
    [([3, 4, 5], [0, 0, 0]), ([3, 4, 5], [0, 1, 2]), ([4] * 6, [0, 0, 0, 1, 1, 1])],
    ids=["one manager", "one person each", "everybody the same"],
)
def test_no_difference_is_told_where_none_can_be(scores: list[float], managers: list[int]) -> None:
    found = raters(rated(scores, [0] * len(scores), managers), pack(levels=LEVELS))
    assert found.severity is None
    assert [one.difference for one in found.raters] == [None] * len(set(managers))


def test_use_of_the_scale_is_counted_exactly() -> None:
    people: list[dict[str, Any]] = [
        {"manager_id": "M", **{f"skill{at}:manager": rating for at, rating in enumerate(ratings)}}
        for ratings in ([3] * 8, [4] * 8, [3, 4] * 4, [3, 3, 3, None, None, None, None, None])
    ]
    people.append({"manager_id": None, "manager_name": None, "skill0:manager": 5})
    found = raters(people, MANY)
    (one,) = found.raters
    assert (one.people, one.habit.ratings, found.without) == (4, 27, 1)
    assert (one.habit.commonest, one.habit.commonest_share) == (3, 15 / 27)
    assert one.habit.midpoint_share == 15 / 27
    assert (one.habit.straight, one.habit.straight_of) == (2, 3)


def test_how_far_the_ratings_of_one_person_spread_is_pooled_over_people() -> None:
    """Both competencies are rated alike everywhere; four of five people lie 1 from their mean twice."""
    people = [
        {"manager_id": "M", "skill0:manager": one, "skill1:manager": other}
        for one, other in ((2, 4), (4, 2), (3, 3), (2, 4), (4, 2))
    ]
    (one,) = raters(people, MANY).raters
    assert one.habit.halo == pytest.approx((4 * 2 / 5) ** 0.5)


def test_of_each_manager_it_is_counted_who_is_recommended_and_who_is_ready() -> None:
    ratings = {"A": (5, 5, 1), "B": (1, 5, None)}
    people = [{"manager_id": who, "drive:manager": one} for who in ratings for one in ratings[who]]
    counts = [(one.people, one.recommended, one.ready) for one in raters(people).raters]
    assert counts == [(3, 3, 2), (2, 2, 1)]


def all_fours(count: int = 26) -> list[dict[str, Any]]:
    fours = {f"skill{at}:manager": 4 for at in range(8)}
    mixed = {f"skill{at}:manager": 3 + at % 3 / 2 for at in range(8)}
    own = [{"manager_id": "M1", "manager_name": "Ada", **fours} for _ in range(count)]
    return own + [{"manager_id": "M2", "manager_name": "Ben", **mixed} for _ in range(8)]


def test_a_manager_who_rates_26_people_4_is_an_open_question_for_each_of_them() -> None:
    assessment = assess(roster(all_fours()), MANY, DAY)
    run = run_of(assessment, explain(assessment), "0123456789ab")
    asked = {
        item.known.employee_id: topic.question
        for item in running_order(run)
        for topic in item.topics
        if topic.title == "Question to ask: rated alike"
    }
    assert list(asked) == [f"E{at}" for at in range(1, 27)]
    assert "Ada gives 4 to nearly all of 26 people. Ask how Person 1 compares with them." in asked["E1"]
    (seen, *_) = show_raters(raters_of(assessment), run).observations
    assert (seen.manager, seen.title) == ("Ada (M1)", "26 people, all 4s")


def test_ratings_of_a_file_on_which_one_is_best_are_shown_as_the_file_writes_them(tmp_path: Path) -> None:
    """Whoever wrote 2 is not told of 4s, and a person's own 1 is not shown as a 5 alone."""
    header = "Employee ID,Level,Manager ID," + ",".join(f"Skill {at} (manager)" for at in range(8))
    lines = [f"E{at},Junior,M1," + ",".join("2" * 8) for at in range(26)]
    lines += [f"F{at},Junior,M2," + ",".join("2354"[at % 4] for at in range(8)) for at in range(8)]
    ratings = tmp_path / "ratings.csv"
    own = ",Skill 0 (self)"
    ratings.write_text("\n".join([header + own, *(f"{line},5" for line in lines)]) + "\n")
    mapping = FileMapping.model_validate({"scales": {"both": {"worst": 5, "best": 1}}})
    assessment = assess(load_roster((ratings,), vocabulary_of(MANY), DAY, mapping), MANY, DAY)
    shown = show_raters(raters_of(assessment), run_of(assessment, (), "0"))
    assert shown.observations[0].title == "26 people, all 2 (= 4)"
    assert shown.links[0].startswith(
        "The ratings of the file are numbers from 5 to 1. After “=” is the rating"
    )
    write_raters(shown, tmp_path / "out")
    page = (tmp_path / "out" / "raters.html").read_text(encoding="utf-8")
    assert '<td class="number">5 (= 1)</td><td class="number">2 (= 4)</td>' in page


def test_people_who_changed_managers_connect_them_and_rank_nobody() -> None:
    def year(*managers: str) -> list[dict[str, Any]]:
        return [{"drive:manager": 3 + at % 3, "manager_id": one} for at, one in enumerate(managers)]

    then, now = year("A", "A", "B", "C", "X"), year("A", "B", "B", "C", "C")
    assessments = [assess(roster(people), pack(), DAY) for people in (now, then)]
    found = raters_of(assessments[0], assessments[1:])
    assert (found.links.people, found.links.largest, found.links.whole) == (1, 2, False)
    words = " ".join(show_raters(found, run_of(assessments[0], (), "0")).links)
    assert "1 person was rated by another manager of this run in an earlier cycle" in words
    assert "they connect 2 of the 3 managers" in words
    alone = show_raters(raters_of(assessments[0]), run_of(assessments[0], (), "0"))
    assert "so nobody is ranked" in alone.links[0]


def test_over_and_underestimators_lie_half_a_standard_deviation_from_everybody() -> None:
    """Mean differences 0, 0, 0, 0, 1, 3: their mean is 2/3, half a standard deviation 0.6055."""
    skills = [f"skill{at}" for at in range(8)]
    people = [
        {f"{name}:{rater}": 2 + gap * (rater == "self") for name in skills for rater in ("self", "manager")}
        for gap in (0, 0, 0, 0, 1, 3)
    ]
    both = raters(people, MANY).both_views
    assert both is not None
    assert (both.people, both.over, both.under) == (6, 1, 4)
    assert both.gap == pytest.approx(2 / 3)
    assert both.gap_spread == pytest.approx(1.2110601)
    assert [(gap.employee_id, gap.own, gap.given) for gap in both.largest[:9:8]] == [
        ("E6", 5.0, 2.0),
        ("E5", 3.0, 2.0),
    ]


def test_the_largest_differences_are_on_the_scale_that_each_of_the_two_rated_on() -> None:
    points = UNITS_PER_POINT
    people = roster([{"drive:self": 5, "drive:manager": 3}])
    marks = OwnScale(points, 5 * points, worst=Decimal(6), best=Decimal(1), step=Decimal("0.5"))
    ten = OwnScale(points, 5 * points, worst=Decimal(2), best=Decimal(10))
    rated = replace(people, scales={"self": marks, "manager": ten})
    found = raters_of(assess(rated, pack(), DAY)).both_views
    assert found is not None
    assert [(gap.own.own, gap.given.own) for gap in found.largest] == [("1", "6")]


def test_views_that_agree_or_lie_a_step_apart_are_counted_exactly() -> None:
    pairs = ((3, 3), (3.5, 3), (2.5, 3), (4, 3), (5, 2))
    both = raters([{"drive:self": own, "drive:manager": given, "manager_id": "M"} for own, given in pairs])
    assert both.both_views is not None
    found = both.both_views.overall
    assert (found.pairs, found.exact, found.within_step) == (5, 1, 3)
    assert found.difference == pytest.approx((0 + 0.5 - 0.5 + 1 + 3) / 5)


def told(people: list[dict[str, Any]]) -> str:
    """All that the reports say of the raters, in sentences."""
    shown = show_raters(raters(people, MANY), run_of(assess(roster(people), MANY, DAY), (), "0"))
    return " ".join((*rater_lines(shown), shown.variance, *shown.views))


def of_both(gap: float, manager: str | None = "M1") -> dict[str, Any]:
    both = {f"skill{at}:{rater}": 2 + at % 2 + gap * (rater == "self") for at in range(8) for rater in VIEWS}
    return {"manager_id": manager, "manager_name": manager, **both}


VIEWS = ("self", "manager")


@pytest.mark.parametrize(
    ("people", "words"),
    [
        ([of_both(0)], "All ratings are one manager's. There are no peers to compare with"),
        ([of_both(0), of_both(1)], "underestimates themselves from 2 people who rated themselves"),
        ([of_both(1)] * 6, "underestimates themselves from 6 people who rated themselves"),
        (
            [of_both(0, None)],
            "Nobody can tell how managers rate: the file does not say whose ratings they are",
        ),
        ([of_both(0), of_both(0, None)], "1 person has ratings but no manager in the file"),
        (
            [{"skill0:self": 3, "manager_id": "M1"}],
            "Nobody can tell how managers rate: no manager rated any",
        ),
        ([of_both(0, "M1"), of_both(1, "M2")], "Nobody can tell how managers differ"),
    ],
    ids=["one manager", "two people", "all alike", "whose", "one without", "nobody rated", "one person each"],
)
def test_of_a_tiny_group_it_is_said_what_nobody_can_tell(people: list[dict[str, Any]], words: str) -> None:
    found = told(people)
    assert words in found
    for nonsense in ("connects the 1 ", "connects the 0 ", "show that they differ", "1 agree"):
        assert nonsense not in found


def test_one_pair_of_ratings_has_no_kappa() -> None:
    one = raters([{"drive:self": 4, "drive:manager": 3, "manager_id": "M"}]).both_views
    two = raters([{"drive:self": at, "drive:manager": at, "manager_id": "M"} for at in (3, 4)]).both_views
    assert one is not None
    assert two is not None
    assert (one.overall.kappa, two.overall.kappa) == (None, 1)


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A run and what HR gets of it."""
    folder = tmp_path_factory.mktemp("raters")
    write_run(assess(roster(all_fours()), MANY, DAY), folder / "run")
    before = {path: path.read_bytes() for path in (folder / "run").rglob("*") if path.is_file()}
    done = succeeded("fairness", folder / "run", "--out", folder / "hr")
    assert "Ada (M1): 26 people, all 4s." in done.stdout
    assert {path: path.read_bytes() for path in before} == before
    return folder / "run", folder / "hr"


def test_the_page_and_the_workbook_are_hrs_alone_and_show_the_same(written: tuple[Path, Path]) -> None:
    run, hr = written
    assert {path.name for path in hr.iterdir()} == {"raters.html", "raters.xlsx"}
    page = (hr / "raters.html").read_text(encoding="utf-8")
    for words in ("26 people, all 4s", "For HR alone", "Raters: questions to ask", "nobody is ranked"):
        assert words in page
    sheet = openpyxl.load_workbook(hr / "raters.xlsx")["Raters"]
    head, *rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=4)]
    ada = dict(zip(head, rows[0], strict=True))
    found = raters_of(read_run(run).explanations.assessment).raters[0]
    assert (ada["Manager"], ada["People"], ada["Given most"], ada["Share of it"]) == ("Ada (M1)", 26, 4, 1)
    assert ada["One rating on everything"] == found.habit.straight == 26
    assert found.difference is not None
    assert ada["Likely difference"] == pytest.approx(found.difference.shrunken, abs=1e-4)
    for path in (run / "managers").iterdir():
        assert "questions to ask" not in path.read_text(encoding="utf-8")


def test_the_same_run_gives_the_same_bytes(written: tuple[Path, Path], tmp_path: Path) -> None:
    run, hr = written
    succeeded("fairness", run, "--out", tmp_path)
    for path in hr.iterdir():
        assert (tmp_path / path.name).read_bytes() == path.read_bytes()


def test_the_axis_reaches_as_far_as_what_is_drawn_on_it() -> None:
    """Managers whose levels nobody else rates are drawn nowhere, however wide their interval is."""
    people = rated([2, 4] * 4, [0, 0, 1, 1, 2, 2, 2, 2], [0, 0, 1, 1, 2, 2, 3, 3])
    assessment = assess(roster(people), pack(levels=LEVELS), DAY)
    shown = show_raters(raters_of(assessment), run_of(assessment, (), "0"))
    drawn = [one.rater.difference for one in shown.raters if one.rater.difference.peers]
    widest = [one.rater.difference.high for one in shown.raters]
    assert 0 < len(drawn) < len(shown.raters)
    assert max(one.high for one in drawn) <= shown.reach < max(one.high for one in drawn) + 0.5
    assert max(widest) > max(one.high for one in drawn)
