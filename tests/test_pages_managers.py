import re
from dataclasses import replace
from decimal import Decimal

import pytest
from markupsafe import escape

from engine import assess, explain
from engine.explain import advice_on
from engine.phrases import number
from reports.pages.individuals import render_person
from reports.pages.managers import lines_of, render_manager
from reports.pages.rows import Rows
from reports.shown import NotAssessable
from reports.shown.content import run_of
from reports.shown.crux import crux_of
from reports.shown.saying import what_to_say
from reports.workbook.agenda_items import running_order
from reports.workbook.details import show_text
from rules.pack import BANDS
from tests.sample_run import sample, write_manager_pages
from tests.small import DAY, pack, roster, rule, signal


def run_with(people, not_assessable=()):
    assessment = assess(roster(people), pack(), DAY)
    made = run_of(assessment, explain(assessment), "f")
    return replace(made, not_assessable=tuple(not_assessable))


@pytest.fixture(scope="module")
def sample_pages(tmp_path_factory):
    folder = tmp_path_factory.mktemp("managers")
    lines = lines_of(sample())
    paths = write_manager_pages(sample(), folder)
    texts = [path.read_text(encoding="utf-8") for path in paths]
    by_name = {re.search(r"<h1>Your people, (.*?)</h1>", text)[1]: text for text in texts}
    assert len(by_name) == len(lines)
    return [(line, by_name[line.name.replace("'", "&#39;")]) for line in lines]


def test_no_page_of_the_sample_names_anybody_outside_the_manager_s_own_people(sample_pages):
    run = sample()
    everybody = {(one.employee_id, one.employee_name) for one in run.explanations}
    everybody |= {(one.employee_id, one.employee_name) for one in run.not_assessable}
    managers = {(one.manager_id, one.manager_name) for one in run.explanations}
    for line, text in sample_pages:
        own = {(one.employee_id, one.employee_name) for one in line.own}
        own |= {(one.employee_id, one.employee_name) for one in line.not_assessable}
        own.add((line.manager_id, line.name))
        mine = {word for pair in own for word in pair if word}
        for name in {word for pair in (everybody | managers) - own for word in pair if word} - mine:
            assert name not in text, f"{name} is on the page of {line.name}"


def test_no_page_of_the_sample_cites_a_cell_of_anybody_else(sample_pages):
    for line, text in sample_pages:
        cited = {int(row) for row in re.findall(r"<td>[A-Z]{1,3}([0-9]+)\b", text)}
        cells = {
            rating.manager_cell or rating.self_cell
            for one in line.own
            for signal in one.evidence
            for rating in signal.ratings
        }
        assert cited == {cell.row for cell in cells if cell}


def test_everybody_with_a_manager_is_on_exactly_one_page(sample_pages):
    shown = [one.employee_id for line, _ in sample_pages for one in line.own]
    assert sorted(shown) == sorted(
        one.employee_id for one in sample().explanations if one.manager_id or one.manager_name
    )


TEAM = (
    {
        "employee_name": "Own One",
        "manager_id": "M1",
        "manager_name": "Ada",
        "drive:manager": 4,
        "drive:self": 3,
    },
    {
        "employee_name": "Own Two",
        "manager_id": "M1",
        "manager_name": "Ada",
        "drive:manager": 2,
        "drive:self": 3,
    },
)
OTHERS = (
    (
        {
            "employee_name": "Else",
            "manager_id": "M2",
            "manager_name": "Bo",
            "drive:manager": 5,
            "drive:self": 1,
        },
    ),
    (
        {
            "employee_name": "Other",
            "manager_id": "M3",
            "manager_name": "Cy",
            "drive:manager": 1,
            "drive:self": 5,
        },
        {"employee_name": "More", "manager_id": "M2", "department": "X", "drive:manager": 3, "drive:self": 3},
        {"employee_name": "Nobody's", "drive:manager": 3, "drive:self": 4},
    ),
)


def test_whatever_stands_in_other_people_s_rows_a_manager_s_page_keeps_every_byte(tmp_path):
    texts = []
    for at, others in enumerate(OTHERS):
        folder = tmp_path / str(at)
        write_manager_pages(run_with(TEAM + others), folder)
        texts.append((folder / "ada.html").read_bytes())
    assert texts[0] == texts[1]
    assert b"Own Two" in texts[0]


def test_two_managers_of_one_name_get_a_page_each(tmp_path):
    people = (
        {"manager_id": "M1", "manager_name": "Ada", "employee_name": "Left", "drive:manager": 4},
        {"manager_id": "M2", "manager_name": "Ada", "employee_name": "Right", "drive:manager": 4},
        {"manager_name": "ADA", "employee_name": "Third", "drive:manager": 4},
    )
    missing = NotAssessable(9, "X9", "Whose", "?", "Ada", None, "Level is unknown.")
    paths = write_manager_pages(run_with(people, [missing]), tmp_path)
    assert len({path.name.casefold() for path in paths}) == 3
    held = [
        {name for name in ("Left", "Right", "Third", "Whose") if name in path.read_text(encoding="utf-8")}
        for path in paths
    ]
    assert sorted(map(sorted, held)) == [["Left"], ["Right"], ["Third"]]


def test_who_could_not_be_assessed_is_not_on_the_page_of_a_namesake_of_their_manager(tmp_path):
    people = ({"manager_id": "M1", "manager_name": "Ada", "employee_name": "Own", "drive:manager": 4},)
    other = NotAssessable(9, "X9", "Of the other Ada", "?", "Ada", None, "Level is unknown.", "M2")
    nobodys = NotAssessable(10, "X10", "Of one of the two", "?", "Ada", None, "Level is unknown.")
    own = NotAssessable(11, "X11", "Of this Ada", "?", "A. Ada", None, "Level is unknown.", "M1")
    write_manager_pages(run_with(people, [other, nobodys, own]), tmp_path)
    text = (tmp_path / "ada.html").read_text(encoding="utf-8")
    assert "Of this Ada" in text
    assert "Of the other Ada" not in text
    assert "Of one of the two" not in text


def test_people_who_could_not_be_assessed_are_on_their_manager_s_page(tmp_path):
    missing = NotAssessable(9, "X9", "Own Three", "Wizard", "Ada", None, "C9: Wizard is no level.")
    write_manager_pages(run_with(TEAM, [missing]), tmp_path)
    text = (tmp_path / "ada.html").read_text(encoding="utf-8")
    assert "Own Three" in text
    assert "C9: Wizard is no level." in text


def test_the_whole_line_holds_the_people_below_and_ends_in_a_circle():
    people = (
        {"employee_id": "A", "manager_id": "C", "manager_name": "Cy", "drive:manager": 4},
        {"employee_id": "B", "manager_id": "A", "manager_name": "Al", "drive:manager": 4},
        {"employee_id": "C", "manager_id": "B", "manager_name": "Bo", "drive:manager": 4},
        {"employee_id": "D", "manager_id": "B", "manager_name": "Bo", "drive:manager": 4},
        {"employee_id": "F", "manager_id": "E", "manager_name": "Ed", "drive:manager": 4},
    )
    lines = {line.name: {one.employee_id for one in line.own} for line in lines_of(run_with(people))}
    assert lines == {"Al": {"B"}, "Bo": {"C", "D"}, "Cy": {"A"}, "Ed": {"F"}}
    below = lines_of(run_with(people), include_indirect_reports=True)
    assert {line.name: {one.employee_id for one in line.own} for line in below} == {
        "Al": {"A", "B", "C", "D"},
        "Bo": {"A", "B", "C", "D"},
        "Cy": {"A", "B", "C", "D"},
        "Ed": {"F"},
    }


def unescaped(text):
    return text.replace("&#39;", "'").replace("&#34;", '"')


def test_a_manager_reads_what_to_say_first_and_is_addressed(sample_pages):
    for line, text in sample_pages:
        said = unescaped(text)
        for one in line.own:
            assert what_to_say(one, sample()) in said
            assert crux_of(one, sample(), to_manager=True) in said
        heads = re.findall(r"<th>(\w+)", text)
        assert {"Manager", "Self"}.isdisjoint(heads)
    assert any("you rated it" in text for _, text in sample_pages)


def test_the_present_level_is_what_to_show_only_where_it_decides():
    run = sample()
    told = {"held": 0, "not held": 0}
    for one in run.explanations:
        below = [place for place in one.present_level if place.rating and place.rating < place.expected]
        if one.recommendation not in ("ready_soon", "developing") or not below:
            continue
        first = "present_level_not_held" in one.findings
        told["not held" if first else "held"] += 1
        assert what_to_say(one, run).startswith("Still to show as ") == first, one.employee_id
    assert all(told.values())


OF_THE_MANAGER = {
    "straight_lined": "You gave them one rating on everything.",
    "same_for_everybody": "You gave nearly all of your people one rating.",
}


TO_THE_MANAGER = ("blind_spot", "hidden_strength", "views_apart", "one_view", "unwritten")
"""Questions that are put to the manager in other words than to the room, with what they are about."""


def test_questions_about_how_a_manager_rates_say_you_on_their_own_page():
    rules = pack([signal(f"skill{at}") for at in range(8)])
    fours = {f"skill{at}:manager": 4 for at in range(8)}
    people = [{"manager_id": "M1", "manager_name": "Ada", **fours} for _ in range(26)]
    assessment = assess(roster(people), rules, DAY)
    run = run_of(assessment, explain(assessment), "f")
    kinds = {asked.kind for one in run.explanations for asked in one.questions}
    assert OF_THE_MANAGER.keys() <= kinds
    page = render_manager(run, lines_of(run)[0], Rows(rules), set())
    assert [page.count(words) for words in OF_THE_MANAGER.values()] == [len(people), len(people)]
    assert "Ada gave" not in page
    assert "Ada gives" not in page


def test_who_does_not_hold_the_present_level_is_told_what_would_show_it_everywhere():
    """In the manager's plan, in the person's own, and in the session."""
    run = sample()
    one = max(run.explanations, key=lambda one: "present_level_not_held" in one.findings)
    missed = next(e for e in one.present_level if e.rating and e.rating < e.expected)
    advice = escape(advice_on(run.pack, run.pack.promotion(one.promotion), missed.competency) or "")
    wanted = f"<strong>{missed.competency_title}, as {one.level_title}.</strong> {advice}"
    line = next(line for line in lines_of(run) if one in line.own)
    for page, heading in (
        (render_manager(run, line, Rows(run.pack), set()), "To grow"),
        (render_person(run, [one]), "What would help"),
    ):
        plan = page[page.index(wanted) - 200 : page.index(wanted)]
        assert heading in plan
    rating, expected = (number(value) for value in (missed.rating, missed.expected))
    line = f"{missed.competency_title}: {rating}, {one.level_title} expects {expected}"
    assert show_text(run, one, "").splitlines()[0] == line


def test_what_the_present_level_expects_is_grown_by_what_led_there_else_by_an_action():
    library = sample().pack
    step = library.promotion("associate_pm_to_product_manager")
    before = library.promotion("aspiring_pm_to_associate_pm").signals
    assert advice_on(library, step, "communication") in {signal.grow for signal in before}
    ordering = next(action for action in library.actions if action.competencies[0] == "prioritization")
    assert advice_on(library, step, "prioritization") == ordering.advice
    directors = next(one for one in library.promotions if one.from_level == "director")
    assert advice_on(library, directors, "project_management") is None


def test_who_does_not_hold_the_present_level_is_spoken_with_about_it_first(sample_pages):
    told = 0
    for line, text in sample_pages:
        said = unescaped(text)
        rests = [one for one in line.own if "Still to show as " in what_to_say(one, sample())]
        assert said.count("<strong>First, as ") == len(rests)
        assert said.count("<strong>Then, for ") == len(rests)
        for one in rests:
            missed = next(e for e in one.present_level if e.rating and e.rating < e.expected)
            begun = f"<strong>First, as {one.level_title}:</strong></p>\n<ul><li>{missed.competency_title} "
            assert begun in said
        told += len(rests)
    assert told


def test_a_lowest_rating_is_named_to_the_manager_in_the_row_and_below_whatever_the_band():
    rules = pack([signal("drive", weights={"drive": "9", "care": "1"})])
    people = [
        {"manager_id": "M1", "manager_name": "Ada", "drive:manager": 5, "care:manager": rating}
        for rating in (1, 2)
    ]
    assessment = assess(roster(people), rules, DAY)
    run = run_of(assessment, explain(assessment), "f")
    low, fine = run.explanations
    assert [one.recommendation for one in (low, fine)] == ["ready_now", "ready_now"]
    assert what_to_say(low, run).endswith(" Rated lowest on the scale: Care.")
    assert "lowest" not in what_to_say(fine, run)
    page = render_manager(run, lines_of(run)[0], Rows(rules), set())
    assert page.count('<p class="lowest"><strong>Lowest rating:</strong> Care') == 1


def test_all_of_it_is_there_only_where_no_supporting_signal_is_left_to_show():
    rules = pack([signal("drive"), signal("care", importance="supporting")])
    found = assess(roster([{"drive:manager": 5, "care:manager": 1.5}]), rules, DAY)
    run = run_of(found, explain(found), "f")
    (one,) = run.explanations
    assert [signal.status for signal in one.evidence] == ["met", "gap"]
    assert one.recommendation == "ready_now"
    assert what_to_say(one, run) == "What it rests on is there. Have an example ready for Drive."


def test_a_row_is_a_person_and_begins_with_what_to_say():
    run = sample()
    by_band = {one.recommendation: one for one in run.explanations if one.tenure == "typical"}
    assert what_to_say(by_band["ready_now"], run).startswith("All of it is there. Have an example ready for ")
    assert what_to_say(by_band["ready_soon"], run).startswith("Still to show: ")
    missing = next(one for one in run.explanations if one.kind == "cannot_be_told")
    assert what_to_say(missing, run).startswith("Rate first: ")
    early = {one.outlook.from_day: one for one in run.explanations if one.outlook.from_day}
    assert min(early) < run.day < max(early)
    assert what_to_say(early[max(early)], run).startswith("Too early to say; a review on or after ")
    passed = "The review came too early; a new one would be enough to judge."
    assert what_to_say(early[min(early)], run) == passed


def test_a_row_says_nothing_twice(sample_pages):
    same = 0
    for _, text in sample_pages:
        for row in re.findall(r"<summary>.*?</summary>", text):
            gists = re.findall(r'<span class="gist">(.*?)</span>', row)
            assert len({*gists}) == len(gists), gists
            same += "The same." in gists
    assert same


def test_a_manager_reads_what_would_change_it_and_what_to_ask(sample_pages):
    for line, text in sample_pages:
        said = unescaped(text)
        for one in line.own:
            assert one.outlook.summary in said
            words = sample().pack.bands[one.recommendation]
            assert words.talk in said
            assert f"“{words.answer}”" in said
            assert all(lens.value_label in said for lens in one.lenses)
            gaps = [
                signal for signal in one.evidence if signal.status == "gap" and signal.importance == "core"
            ]
            assert all(signal.ask in said for signal in gaps[:3])


def test_a_manager_reads_what_a_specialisation_changed_and_what_is_open(sample_pages):
    changed = asked = 0
    for line, text in sample_pages:
        said = unescaped(text)
        for one in line.own:
            changed += len(one.signal_overrides)
            for override in one.signal_overrides:
                assert f"{override.sentence} {override.reason}" in said
            for question in one.questions[:3]:
                asked += question.kind == "unwritten"
                usual = question.subjects[0] if question.kind in TO_THE_MANAGER else question.sentence
                assert OF_THE_MANAGER.get(question.kind, usual) in said
            for question in one.questions[3:]:
                assert question.title in said
    assert changed
    assert asked


def words(text):
    return len(re.sub(r"<[^>]+>", " ", text).split())


def test_a_page_is_short_and_its_first_screen_shorter(sample_pages):
    """The reader has ten minutes: about a hundred words a step to begin with, the rest folded."""
    for line, text in sample_pages:
        body = re.sub(r"<(style|script).*?</\1>", " ", text, flags=re.DOTALL)
        shown = re.sub(r"<noscript.*?</noscript>", " ", body, flags=re.DOTALL)
        assert words(shown) < 500 + 100 * len(line.own)
        assert words(body) < 1_500 + 1_200 * len(line.own)
        for plan in re.findall(r'<section class="plan">.*?</section>', text, re.DOTALL):
            assert plan.count("<li>") <= 5


def test_who_is_furthest_along_comes_first_and_each_person_stays_together(sample_pages):
    for line, text in sample_pages:
        ids = re.findall(r'<details id="person-(E\d+)', text)
        best = {}
        for one in line.own:
            rank = BANDS.index(one.recommendation)
            best[one.employee_id] = min(rank, best.get(one.employee_id, rank))
        assert sorted(ids) == sorted({one.employee_id for one in line.own})
        ranks = [best[employee_id] for employee_id in ids]
        assert ranks == sorted(ranks)


def test_namesakes_on_one_page_have_their_ids(tmp_path):
    own = {"drive:manager": 4, "manager_name": "Mo", "manager_id": "M1"}
    people = [{**own, "employee_name": name} for name in ("Sam Lee", "Sam Lee", "Ann Ray")]
    (path,) = write_manager_pages(run_with(people), tmp_path)
    text = path.read_text("utf-8")
    assert "<strong>Sam Lee (E1)</strong>" in text
    assert "<strong>Sam Lee (E2)</strong>" in text
    assert "<strong>Ann Ray</strong>" in text


def test_nothing_is_still_to_show_for_somebody_who_was_not_judged(sample_pages):
    seen = 0
    for line, text in sample_pages:
        for one in line.own:
            part = unescaped(text).partition(f"{crux_of(one, sample(), to_manager=True)}.</p>")[2]
            talk = part.partition("</section>")[0]
            if one.recommendation == "insufficient_evidence":
                assert "<strong>Still to show:</strong>" not in talk
                seen += "none of it is held against them" in talk
    assert seen


def test_what_the_present_level_misses_or_is_rated_lowest_is_no_strength():
    """A bar may be lower than what the present level expects, as on a way to another track."""
    bars = {"drive": "3", "care": "3", "luck": "1"}
    rules = pack(
        [signal(name, bar=Decimal(bar)) for name, bar in bars.items()],
        [
            rule("T-R2", "present_below >= 1", recommendation="developing"),
            rule("T-R3", "present_below == 0", recommendation="ready_now"),
            rule("T-C1", "always", confidence="high"),
        ],
        expects={"drive": "4"},
    )
    line = {"manager_id": "M1", "manager_name": "Ada"}
    low = {"drive:manager": 3, "luck:manager": 1}
    people = [{**line, **low, "care:manager": care} for care in (4, 2)]
    found = assess(roster(people), rules, DAY)
    run = run_of(found, explain(found), "f")
    assert [len([s for s in one.evidence if s.status == "met"]) for one in run.explanations] == [3, 2]
    page = render_manager(run, lines_of(run)[0], Rows(rules), set())
    assert re.findall("to start with:</strong> (.*?)</p>", page) == ["Care."]
    strong = [item.texts["strong"] for item in running_order(run)]
    assert sorted(strong) == [
        "Care: 4, the bar is 3",
        "None: what is at its bar is rated lowest, or too low for the present level.",
    ]


def test_who_is_ready_without_a_signal_at_its_bar_is_asked_for_no_example():
    rules = pack(
        [signal("drive")],
        [rule("T-R2", "always", recommendation="ready_now"), rule("T-C1", "always", confidence="high")],
    )
    found = assess(roster([{"drive:manager": "3.5"}]), rules, DAY)
    run = run_of(found, explain(found), "f")
    assert [what_to_say(one, run) for one in run.explanations] == ["What it rests on is there."]


@pytest.mark.parametrize(("margin", "told"), [("0", False), ("0.5", True)])
def test_a_pack_without_a_margin_calls_nothing_near_on_the_pages(margin, told):
    rules = pack([signal("drive")], near_margin=Decimal(margin))
    found = assess(roster([{"drive:manager": 3, "manager_name": "Ada"}]), rules, DAY)
    run = run_of(found, explain(found), "f")
    for page in (
        render_manager(run, lines_of(run)[0], Rows(rules), set()),
        render_person(run, run.explanations),
    ):
        assert ("“near” when it is at most" in page) == told
