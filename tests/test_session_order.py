"""In which order the session goes, what each recommendation hinges on, and whether it fits a projector."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from itertools import groupby

import openpyxl
import polars as pl
import pytest

from engine import assess, explain
from inputs import comment_column
from reports.shown.content import run_of
from reports.shown.crux import crux_of
from reports.shown.session import Session
from reports.shown.votes import Votes
from reports.workbook import write_workbook
from reports.workbook.agenda_items import running_order
from reports.workbook.details import show_text
from reports.workbook.layout import CALIBRATION_COLUMNS, HIDDEN, lay_out
from reports.workbook.topics import CONSENT, LATER, NEVER, NOW, turns_of
from tests.random_packs import lacking_few, random_pack, random_roster, random_specialisations
from tests.sample_run import one_whom_a_missing_rating_decides, sample
from tests.small import DAY, RULES, pack, roster, rule, signal
from tests.test_calibration_round_trip import forking_pack

PROJECTOR = 1920 - 50
"""Pixels of a screen of 1920 by 1080 beside the rows' numbers and the scroll bar."""
PEOPLE = tuple(
    {
        "drive:manager": (5, 3.5, 2, None)[n % 4],
        "drive:self": (5, 1)[n % 2],
        "care:manager": (4, 3)[n % 3 == 0],
    }
    for n in range(40)
)


def run_with(people, rules, places=None):
    assessment = assess(roster(people), rules, DAY)
    return replace(run_of(assessment, explain(assessment), "0"), session=Session(places=places))


@pytest.fixture(scope="module")
def run():
    return run_with(PEOPLE, forking_pack(signals=(signal("drive"), signal("care"))), places=5)


def expected_topics(one):
    """Why somebody is discussed, but for earlier cycles, read from the explanation."""
    core = [signal for signal in one.evidence if signal.importance == "core"]
    opposite = [
        signal
        for signal in core
        if None not in (signal.manager_score, signal.self_score)
        and signal.status != "unrated"
        and (signal.status == "met") != (signal.self_score >= signal.bar)
        and signal.agreement != "aligned"
    ]
    reasons = {
        "disagreement": len(opposite) * 2 >= len(core) > 0,
        "gaps": one.recommendation == "insufficient_evidence" or "unrated" in {each.status for each in core},
        "borderline": one.borderline,
        "early": one.tenure == "early" and one.recommendation in ("ready_now", "ready_soon"),
        "overdue": one.tenure == "overdue" and one.recommendation in ("ready_soon", "developing"),
        "low_confidence": one.confidence == "low",
        "alike": {"straight_lined", "same_for_everybody"} & {asked.kind for asked in one.questions},
    }
    early = one.kind in ("too_new", "earlier_level")
    return {"too_early"} if early else {name for name, holds in reasons.items() if holds}


@pytest.mark.parametrize("seed", [None, 2, 3, 4])
def test_why_somebody_is_discussed_is_known_without_explaining_anybody(seed):
    run = sample()
    if seed is not None:
        rules = random_specialisations(seed, random_pack(seed, monotone=True))
        assessment = assess(lacking_few(random_roster(seed, rules, DAY, people=40), rules), rules, DAY)
        run = run_of(assessment, explain(assessment), "0")
    told = {turn.index: {topic.id for topic in turn.topics if topic.weight} for turn in turns_of(run)}
    assert [told[place] for place in range(len(told))] == [expected_topics(one) for one in run.explanations]


def test_each_persons_promotions_stand_together(run):
    people = [person for person, _ in groupby(item.known.person for item in running_order(run))]
    assert len(people) == len(set(people)) == len(PEOPLE)


def test_everybody_recommended_for_promotion_is_discussed_or_promoted_by_consent(run):
    items = running_order(run)
    ready = [item for item in items if item.known.recommendation == "ready_now"]
    assert {item.when for item in ready} <= {NOW, CONSENT}
    assert {item.when for item in items} >= {NOW, CONSENT, LATER}
    assert len(items) == len(run.explanations)


def test_those_to_discuss_come_first_and_there_is_time_for_them(run):
    whens = [item.when for item in running_order(run)]
    now = whens.count(NOW)
    assert whens[:now] == [NOW] * now
    assert 5 <= sum(item.discussed for item in running_order(run)[:now]) <= 6  # a person is not cut in two


def test_where_votes_differ_comes_first(run):
    quiet = next(item.known for item in reversed(running_order(run)) if item.when == NEVER)
    split = {quiet.key: Votes(quiet.recommendation, {"ready_now": 1, "developing": 1})}
    first = running_order(replace(run, votes=split))[:2]
    assert quiet.key in [item.known.key for item in first]


@pytest.mark.parametrize(
    ("ratings", "told", "to_manager"),
    [
        (
            {"drive:manager": 3.5, "drive:self": 5},
            "ready now if Drive were 4; G2 says 3.5; self says 5",
            "ready now if Drive were 4; you rated it 3.5 (G2); they rated it 5",
        ),
        (
            {"drive:manager": 4, "drive:self": 4},
            "Only ready soon if Drive were 3.5; G2 says 4; self says 4",
            "Only ready soon if Drive were 3.5; you rated it 4 (G2); they rated it 4",
        ),
        (
            {"drive:manager": None, "drive:self": 2},
            "Rate Drive (G2 is empty; self says 2); "
            "with 4 or better: ready now; with 3.5 or better: ready soon; otherwise: developing",
            "Rate Drive (G2 is empty; they rated it 2); "
            "with 4 or better: ready now; with 3.5 or better: ready soon; otherwise: developing",
        ),
    ],
)
def test_what_a_recommendation_hinges_on_is_a_rating_with_its_cell(ratings, told, to_manager):
    run = run_with([{**ratings, "care:manager": 4}], pack())
    (one,) = run.explanations
    assert crux_of(one, run) == told
    assert crux_of(one, run, to_manager=True) == to_manager


def test_a_lowest_rating_is_named_wherever_somebody_is_decided_on_and_once():
    rules = pack((signal("drive", weights={"drive": "9", "care": "1"}),))
    said = "rated lowest on the scale: Care"
    run = run_with([{"drive:manager": 5, "care:manager": 1}, {"drive:manager": 5, "care:manager": 2}], rules)
    low, fine = (crux_of(one, run) for one in run.explanations)
    assert low.endswith(f"; {said}")
    assert "lowest" not in fine
    assert "lowest" not in crux_of(run.explanations[0], run, to_manager=True)  # the page names it below
    assert said in running_order(run)[0].texts["crux"]
    (named,) = run_with([{"drive:manager": 1, "care:manager": 3}], rules).explanations
    assert "lowest" not in crux_of(named, run)  # the step to the next band already names it


def hinges(people, wrote=None):
    """What the first person hinges on, where their manager `wrote` that of Drive in a file with comments."""
    known = roster([{"care:manager": 4, "drive:manager": 3.5, **person} for person in people])
    if wrote is not None:
        known = replace(known, comments=pl.DataFrame({comment_column("drive:manager"): wrote}))
    assessment = assess(known, pack(), DAY)
    run = run_of(assessment, explain(assessment), "0")
    return crux_of(run.explanations[0], run)


def test_nobody_is_said_to_have_left_out_what_the_file_has_no_column_for():
    told = "ready now if Drive were 4; G2 says 3.5"
    assert hinges([{}, {}]) == told
    assert hinges([{}, {"drive:self": 4}]) == f"{told}; no self rating"
    assert hinges([{}, {}], [None, "Led the move"]) == f"{told}; nobody wrote an example"
    assert hinges([{}, {}], ["Led the move", None]) == told


def test_nothing_is_said_to_be_better_than_the_highest_rating():
    asked = pack((signal("drive", bar=Decimal(5)),))
    run = run_with([{"drive:manager": None}], asked)
    (one,) = run.explanations
    said = "with 5: ready now; with 4.5 or better: ready soon; otherwise: developing"
    assert crux_of(one, run).endswith(said)
    assert one.outlook.to_rate[0].sentence == f"Rate Drive. {said.capitalize()}."


def test_a_change_of_many_ratings_is_told_by_its_first_step():
    run = sample()
    one = next(iter(run.only({"E10003"})))
    told = "6 rating steps to Ready soon; first Delivering Results to 3.5; AF4 says 3; self says 3"
    assert crux_of(one, run) == told  # the manager wrote about it


def test_what_is_still_to_show_is_never_nothing_where_a_missing_rating_decides():
    run = sample()
    open_ = one_whom_a_missing_rating_decides(run)
    assert show_text(run, open_, "") == f"Not rated, and needed: {open_.missing[0]}"


def test_nothing_is_still_to_show_of_whom_was_reviewed_too_early():
    low = {"drive:manager": 2, "level_since": date(2026, 6, 1), "review_date": date(2026, 6, 2)}
    gated = (
        rule("T-R1", 'observation == "too_short"', recommendation="insufficient_evidence"),
        rule("T-R2", 'observation != "too_short"', recommendation="developing"),
        RULES[-1],
    )
    run = run_with([low], pack(rules=gated))
    said = show_text(run, run.explanations[0], "")
    assert said == "Too early to say; a review on or after 1 December 2026 would be enough to judge."


def test_steps_whose_titles_begin_alike_have_sheets_of_their_own_with_whole_words():
    fork, long = forking_pack(), "Distinguished Engineer of Platforms and "
    renamed = {
        name: tuple(one.model_copy(update={"title": f"{long}{one.title}"}) for one in getattr(fork, name))
        for name in ("levels", "promotions")
    }
    sheets = lay_out(run_with(PEOPLE[:2], fork.model_copy(update=renamed)), ()).evidence_sheets
    assert sheets == {
        "up": "To Distinguished Engineer of",
        "across": "To Distinguished Engineer of 2",
    }


def test_the_deciding_columns_fit_a_projector_and_no_tab_is_cut(run, tmp_path):
    write_workbook(run, tmp_path / "calibration.xlsx")
    book = openpyxl.load_workbook(tmp_path / "calibration.xlsx")
    zoom = book["Calibration"].sheet_view.zoomScale / 100
    keys = [column.key for column in CALIBRATION_COLUMNS]
    deciding = CALIBRATION_COLUMNS[: keys.index("follow_up") + 1]
    wide = sum(7 * column.width + 5 for column in deciding if column.key not in HIDDEN)
    assert wide * zoom <= PROJECTOR
    at = keys.index("recommendation")
    assert [key for key in keys[at : at + 4] if key not in HIDDEN] == ["recommendation", "decision", "status"]
    for name in ("Session", "Agenda", "People"):
        sheet = book[name]
        across = sum(7 * one.width + 5 for one in sheet.column_dimensions.values())
        assert across * sheet.sheet_view.zoomScale / 100 <= PROJECTOR
    assert {"To Senior", "To Expert"} <= set(book.sheetnames)
    assert all(len(name) <= 31 for name in book.sheetnames)
