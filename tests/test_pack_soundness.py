"""Proving a pack sound, and that the examples it shows are real people to the engine."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from random import Random

import polars as pl
import pytest
import z3
from click.testing import CliRunner

from engine.decide.answers import answer_columns, answers_of
from engine.decide.discretization import CategoryCut, Cut, NumberCut
from engine.decide.evidence import CompletedRatings, KnownRatings, compute_evidence, count_lowest
from engine.decide.facts import compute_bins
from engine.decide.meaning import PromotionMeaning
from engine.decide.monotony import is_monotone
from engine.decide.program import Programs
from engine.decide.recommending import Recommender
from engine.decide.tenure import compute_tenure
from engine.decide.variants import variants_of
from engine.lenses.evaluation import LensProfile, fired_in_cases
from engine.prove import Barred, Flaw, Soundness, check_soundness, hollow_sentences
from engine.prove.confirming import UnconfirmedExampleError, assessed
from engine.prove.flaws import LARGEST_ENUMERATION
from engine.prove.lens_soundness import check_lens
from engine.prove.people import DAY, Person, roster_of
from engine.prove.possible import Found, Possible, Reading
from engine.prove.possible_lens import PossibleLens
from engine.prove.verdicts import Bands, Confidences
from inputs import UNITS_PER_POINT
from readiness.commands.pack import command
from rules import Promotion, RulePack, facts_of, load_pack, pack_names, parse_condition
from rules.conditions import facts_named
from rules.facts import CYCLES_MET, Fact, Topic
from rules.lens_facts import facts_of_lens
from rules.pack import STATUSES
from tests.broken import BASE, write_broken_pack
from tests.small import pack, rule, signal

SURE = rule("T-C1", "always", confidence="high")


def only_flaw(pack: RulePack) -> Flaw:
    (flaw,) = check_soundness(pack).flaws
    return flaw


def test_a_band_that_nobody_can_get_is_no_flaw_and_is_said_of_its_promotion(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    rules = (
        rule("T-R2", "core_gap >= 1 or core_shortfall > 0", recommendation="developing"),
        rule("T-R4", "core_gap == 0 and core_shortfall == 0", recommendation="ready_now"),
        SURE,
    )
    found = check_soundness(pack((signal("drive"),), rules))
    assert (found.flaws, [(one.promotion, one.bands) for one in found.barred]) == (
        (),
        [("up", ("ready_soon",))],
    )
    barred = Soundness((), (), (), (), (Barred("senior_pm_to_director", ("ready_soon",)),))
    monkeypatch.setattr("readiness.commands.pack.check_soundness", lambda _pack: barred)
    said = CliRunner().invoke(command, ["check", "product_management"])
    assert said.exit_code == 0
    assert "Director of Product, bands: nobody can be Ready soon, whatever" in " ".join(said.output.split())


@pytest.mark.parametrize(
    ("listed", "empty"),
    [("core_gap_signals", True), ("core_near_signals", True), ("core_short_signals", False)],
)
def test_a_list_that_can_be_empty_where_its_sentence_is_shown_is_named(listed: str, empty: bool) -> None:
    rules = (
        rule("T-R2", "core_shortfall > 0", recommendation="developing", reason=f"Short: {{{listed}}}."),
        rule("T-R4", "core_shortfall == 0", recommendation="ready_now", reason="There.", next_step="Go on."),
        SURE,
    )
    asked = pack((signal("drive"),), rules)
    assert check_soundness(asked).flaws == ()
    told = [(one.promotion, one.rule, one.placeholder) for one in hollow_sentences(asked)]
    assert told == ([("up", "T-R2", listed)] if empty else [])


@pytest.mark.parametrize("name", pack_names())
def test_every_shipped_pack_is_sound_complete_and_monotone(name: str) -> None:
    pack = load_pack(name)
    soundness = check_soundness(pack)
    assert soundness.flaws == ()
    searched = {(proof.promotion or proof.lens, proof.topic) for proof in soundness.proofs}
    assert searched == {
        *((t.id, topic) for t in pack.promotions for topic in ("recommendation", "confidence")),
        *((lens.id, "findings") for lens in pack.lenses),
    }
    for proof in soundness.proofs:
        assert proof.method == ("enumeration" if proof.cases <= LARGEST_ENUMERATION else "solver")
    assert (soundness.barred, hollow_sentences(pack)) == ((), ())
    # By cases and not by a solver alone: only then a run tries two completions of missing ratings, not all.
    shown = [(one.promotion, one.shown, one.method) for one in soundness.monotony]
    assert shown == [(t.id, True, "enumeration") for t in pack.promotions]


def test_the_solver_finds_the_same_flaws_where_there_are_too_many_cases(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = load_pack(write_broken_pack("contradiction", tmp_path / "bakery"))
    enumerated = check_soundness(broken)
    for searched in ("engine.prove.enumeration", "engine.prove.lens_soundness"):
        monkeypatch.setattr(f"{searched}.LARGEST_ENUMERATION", 0)
    solved = check_soundness(broken)
    assert {proof.method for proof in solved.proofs} == {"solver"}
    assert [(flaw.kind, flaw.rules) for flaw in solved.flaws] == [
        (flaw.kind, flaw.rules) for flaw in enumerated.flaws
    ]
    assert enumerated.flaws


def test_a_gap_that_no_person_can_fall_into_is_no_flaw() -> None:
    pack = load_pack(BASE)
    # With one core signal in each promotion nobody has two core gaps, though the bins of the fact allow it.
    rules = tuple(
        rule.model_copy(update={"when": f"({rule.when}) and core_gap <= 1"}) if rule.recommendation else rule
        for rule in pack.rules
    )
    # What holds for everybody is told, and nothing else.
    flaws = check_soundness(pack.model_copy(update={"rules": rules})).flaws
    assert {flaw.kind for flaw in flaws} == {"vain_condition"}


@pytest.mark.parametrize("fault", ["contradiction", "gap_in_the_cases"])
def test_an_example_that_the_engine_does_not_confirm_is_never_shown(
    fault: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    broken = load_pack(write_broken_pack(fault, tmp_path / "bakery"))
    assert [flaw.example for flaw in check_soundness(broken).flaws if flaw.example]
    highest = dict.fromkeys((one.id for one in broken.competencies), broken.scale.highest)
    find = Possible.find

    def somebody(possible: Possible, *wanted: z3.BoolRef) -> Found | None:
        found = find(possible, *wanted)
        return found and Found(replace(found.person, manager=highest, months_in_level=60), found.model)

    monkeypatch.setattr(Possible, "find", somebody)
    with pytest.raises(UnconfirmedExampleError, match="a defect of readiness and not of the pack bakery"):
        check_soundness(broken)


def test_examples_of_flaws_in_both_topics_at_once_are_confirmed() -> None:
    pack = load_pack("product_management")
    without = tuple(rule for rule in pack.rules if rule.code not in ("PM-R05", "PM-C03"))
    one = {"rules": without, "lenses": (), "promotions": pack.promotions[2:3]}
    flaws = check_soundness(pack.model_copy(update=one)).flaws
    assert {flaw.kind for flaw in flaws if flaw.example} == {"gap"}
    assert any("recommendation" in flaw.text for flaw in flaws if flaw.example)
    assert any("confidence" in flaw.text for flaw in flaws if flaw.example)


def test_what_is_expected_of_the_highest_level_waits_for_no_rule() -> None:
    pack = load_pack(BASE)
    expected = pack.levels[0].expects
    levels = (*pack.levels[:-1], pack.levels[-1].model_copy(update={"expects": expected}))
    assert check_soundness(pack.model_copy(update={"levels": levels})).flaws == ()


def test_rules_on_the_band_see_every_rating_and_those_that_wait_for_a_missing_one_never_fire() -> None:
    waiting = rule("T-R9", "core_unrated >= 1", recommendation="insufficient_evidence", kind="cannot_be_told")
    flaw = only_flaw(pack(rules=(waiting, *pack().rules)))
    assert (flaw.kind, flaw.rules) == ("dead_rule", ("T-R9",))
    assert "to rules on the band every competency is rated" in flaw.text


def test_findings_see_the_ratings_as_they_are() -> None:
    findings = (
        rule("T-F1", "core_unrated >= 1 and coverage < 0.5", finding="thin"),
        rule("T-F2", "core_gap >= 1 and missing_ratings >= 1", finding="thin_and_short"),
    )
    weights = {"code": "1", "design": "3"}
    sound = pack((signal("craft", weights=weights),), (*findings, *pack().rules), ("thin", "thin_and_short"))
    assert check_soundness(sound).flaws == ()


@pytest.mark.parametrize(
    ("when", "shown"),
    [
        # Who is at both bars loses one of them in most re-ratings; who is far below stays there in all.
        ("firmness >= 0.5 or recommendation == 'insufficient_evidence'", True),
        ("firmness < 0.9 or recommendation == 'insufficient_evidence'", True),
        # Nobody's band stays in none of the re-ratings, and none is shown.
        ("firmness >= 0.02 or recommendation == 'insufficient_evidence'", False),
    ],
)
def test_a_gap_in_the_confidence_is_shown_by_somebody_who_is_so_firm_or_told_as_a_case(
    when: str, shown: bool
) -> None:
    sure = rule("T-C1", when.replace("'", '"'), confidence="high")
    flaw = only_flaw(pack((signal("drive"), signal("care")), (*pack().rules[:-1], sure)))
    assert (flaw.kind, flaw.rules) == ("gap", ("T-C1",))
    assert (flaw.example is not None) == shown
    assert ("re-ratings" in flaw.text) != shown


def test_confidence_is_complete_when_it_is_for_every_band_that_the_ratings_can_lead_to() -> None:
    # Nobody with a core gap is ready now, so no rule has to say how sure that would be.
    rules = (
        rule("T-F1", "core_gap >= 1", finding="far"),
        *pack().rules[:-1],
        rule("T-C1", 'finding.far and recommendation != "ready_now"', confidence="high"),
        rule("T-C2", "not finding.far", confidence="medium"),
    )
    assert check_soundness(pack((signal("drive"),), rules, findings=("far",))).flaws == ()


def test_a_higher_rating_that_leads_to_a_lower_band_is_shown_with_two_people_and_is_no_flaw() -> None:
    # A supporting signal that is too good for the step: not a policy to recommend.
    rules = (
        rule("T-R2", "supporting_met == 1 and core_met == 0", recommendation="developing"),
        rule("T-R3", "supporting_met == 0 and core_met == 0", recommendation="ready_soon"),
        rule("T-R4", "core_met == 1", recommendation="ready_now"),
        SURE,
    )
    soundness = check_soundness(pack(rules=rules))
    (monotony,) = soundness.monotony
    assert soundness.flaws == ()
    assert (monotony.shown, monotony.method) == (False, "solver")
    assert monotony.example == (
        "manager 3 on everything; 36 months in the level: ready soon; with 3.5 on care: developing"
    )


def test_a_fall_that_only_cases_show_and_no_ratings_is_none() -> None:
    # By the cases alone, fewer signals near could as well be more signals in a gap.
    rules = (
        rule("T-R2", "core_gap >= 1 or core_near >= 2", recommendation="developing"),
        rule("T-R3", "core_gap == 0 and core_near == 1", recommendation="ready_soon"),
        rule("T-R4", "core_gap == 0 and core_near == 0", recommendation="ready_now"),
        SURE,
    )
    ours = pack((signal("drive"), signal("care")), rules)
    program = Programs.of(ours, ours.promotions[0]).band
    assert not is_monotone(Recommender(program))
    (monotony,) = check_soundness(ours).monotony
    assert (monotony.shown, monotony.method, monotony.example) == (True, "solver", None)


@pytest.mark.parametrize("name", pack_names())
def test_solver_and_engine_agree_on_every_fact_of_people_at_random(name: str) -> None:
    pack, dice = load_pack(name), Random(7)
    compared = 0
    asked = [variant for promotion in pack.promotions for variant in variants_of(pack, promotion)]
    for variant in (asked[0], asked[len(asked) // 2]):
        people = [_anybody(pack, variant.base, dice) for _ in range(12)]
        meaning, possible = PromotionMeaning.of(pack, variant.promotion), Possible(pack, variant)
        readings: tuple[tuple[Topic, Reading, KnownRatings], ...] = (
            ("finding", possible.given, KnownRatings()),
            ("recommendation", possible.at_worst, CompletedRatings(meaning, best=False)),
            ("recommendation", possible.at_best, CompletedRatings(meaning, best=True)),
        )
        for topic, reading, told in readings:
            named = facts_of(pack, variant.base, topic).values()
            cuts = {fact.name: _cut(fact) for fact in named if fact.kind != "flag"}
            facts = possible.facts(reading)
            expected = _bins(pack, variant.base, meaning, cuts, people, told)
            for person, bins in zip(people, expected, strict=True):
                found = Found(person, _only(possible, person))
                inside = {name: facts.within(cut, frozenset({bins[name]})) for name, cut in cuts.items()}
                assert [name for name, there in inside.items() if not found.holds(there)] == [], str(person)
                compared += len(cuts)
    assert compared > 2_000


@pytest.mark.parametrize("name", pack_names())
def test_the_example_of_every_rule_makes_it_fire_in_the_engine(name: str) -> None:
    pack = load_pack(name)
    promotion = pack.promotions[1]
    programs, variant = Programs.of(pack, promotion), variants_of(pack, promotion)[0]
    bands = Bands.of(pack, variant, programs)
    sides = [(bands.possible, bands.topic.fires)]
    told = Confidences.of(pack, variant, programs, monotone=True)
    sides.append((told.possible, told.findings))
    shown = {
        code: found.person
        for possible, fires in sides
        for code, fired in fires.items()
        if (found := possible.find(fired)) is not None
    }
    assert len(shown) >= len(pack.rules_of(promotion)) - len(told.topic.rules) - 1
    judged = assessed(pack, list(shown.values())).judged[promotion.id]
    for code, case in zip(shown, judged.found["case"], strict=True):
        assert code in judged.outcomes[case].fired, (code, str(shown[code]))


def test_a_finding_of_a_lens_that_no_rule_concludes_is_a_flaw() -> None:
    pack = load_pack(BASE)
    lens = load_pack("product_management").lenses[0].model_copy(update={"rules": (), "promotions": ()})
    flaws = check_soundness(pack.model_copy(update={"lenses": (lens,)})).flaws
    assert [flaw.part for flaw in flaws] == [finding.id for finding in lens.findings]
    assert {flaw.kind for flaw in flaws} == {"unreachable_finding"}


@pytest.mark.parametrize(
    ("lens_id", "when", "found"),
    [
        ("altitude", 'value == "none" and against_next == "above"', True),
        ("altitude", 'part.planning == "unrated" and value == "strategic"', True),
        ("altitude", 'against_level == "above" and against_next == "below"', True),
        ("altitude", 'against_level == "at" and against_next == "below"', False),
        ("work_types", 'value == "broad" and strongest == "unknown"', True),
        ("work_types", 'part.growth_work == "gap" and parts_met == 1 and strongest == "growth_work"', True),
        ("work_types", 'parts_met == 2 and strongest == "several"', False),
        ("work_types", 'specialisation == "matches" and strongest == "several"', True),
        ("work_types", 'specialisation == "differs" and value == "unknown"', True),
        ("bavaro", 'value == "unknown" and parts_gap >= 1', True),
        ("way_in_inside", 'part.volunteer == "near"', True),
        ("way_in_inside", 'value == "done" and part.apply_inside == "gap"', True),
        ("way_in_inside", 'value == "open" and parts_met == 3', False),
    ],
)
def test_a_rule_of_a_lens_that_cannot_fire_is_found_by_enumeration_and_by_solver(
    lens_id: str, when: str, found: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    pack = load_pack("product_management")
    whole = next(lens for lens in pack.lenses if lens.id == lens_id)
    rules = (whole.rules[0].model_copy(update={"when": when}),)
    lens = whole.model_copy(update={"rules": rules, "findings": ()})
    changed = pack.model_copy(update={"lenses": (lens,)})
    for method, limit in (("enumeration", 100_000), ("solver", 0)):
        monkeypatch.setattr("engine.prove.lens_soundness.LARGEST_ENUMERATION", limit)
        flaws, proof = check_lens(changed, lens)
        assert proof is not None
        assert proof.method == method
        assert [flaw.rules for flaw in flaws] == ([(rules[0].code,)] if found else [])


@pytest.mark.parametrize("lens_id", ["altitude", "bavaro", "work_types", "way_in_inside"])
def test_the_solver_and_the_rule_engine_agree_on_every_case_of_a_lens(lens_id: str) -> None:
    pack = load_pack("product_management")
    lens = next(lens for lens in pack.lenses if lens.id == lens_id)
    promotion = next(t for t in pack.promotions if lens in pack.lenses_for(t))
    facts = facts_of_lens(lens)
    dice = Random(5)
    cases = [
        LensProfile(
            tuple(
                dice.choice(STATUSES if part.competencies else ("met", "gap", "unrated"))
                for part in lens.parts
            ),
            dice.choice(facts["strongest"].values) if "strongest" in facts else "unknown",
            None,
        )
        for _ in range(120)
    ]
    possible = PossibleLens(pack, promotion, lens)
    fired = fired_in_cases(pack, promotion, lens, cases)
    conditions = {rule.code: parse_condition(rule.when, facts) for rule in lens.rules}
    fires = possible.fires()
    compared = 0
    for case, codes in fired.items():
        shown = possible.shows(case)
        if possible.is_possible(shown):
            compared += 1
            for code, condition in conditions.items():
                can_hold = possible.is_possible(shown, fires[code])
                assert can_hold or code not in codes, (case, code)
                if not {"specialisation"} & set(facts_named(condition)):
                    assert can_hold == (code in codes), (case, code)
    assert compared >= 15


def _anybody(pack: RulePack, promotion: Promotion, dice: Random) -> Person:
    scale = pack.scale
    finest = int((scale.highest - scale.lowest) * 20)

    def ratings(missing: float) -> dict[str, Decimal | None]:
        return {
            part.id: None
            if dice.random() < missing
            else scale.lowest + Decimal(dice.choice([0, 10, 20, 30, 40, 50, dice.randint(0, finest)])) / 20
            for part in pack.competencies
        }

    def months() -> int | None:
        return dice.choice([None, 0, 1, 5, 6, 7, 12, 13, 24, 36, 60, 120])

    few = dice.choice([0, 0.1, 0.5])
    answers = {fact.id: dice.choice([None, True, False]) for fact in pack.facts_for(promotion)}
    return Person(
        *("somebody", promotion, ratings(few), ratings(few), months(), months(), months()),
        answers={name: answer for name, answer in answers.items() if answer is not None},
        half_a_month_earlier=dice.random() < 0.5,
        cycles_met_before=dice.choice([None, 0, 1, 2, 4, 5]),
    )


def _only(possible: Possible, person: Person) -> z3.ModelRef:
    """The model in which everybody is this person."""
    times, solver = possible.times, z3.Solver()
    wanted = [times.earlier == person.half_a_month_earlier]
    for given, months in (
        (times.since, person.months_in_level),
        (times.review, person.review_months),
        (times.product, person.experience_months),
        (times.cycles, person.cycles_met_before),
    ):
        wanted += [given.known == (months is not None), given.value == (months or 0)]
    for who, ratings in (("manager", person.manager), ("self", person.own)):
        for name, rating in ratings.items():
            given = possible.given("self" if who == "self" else "manager", name)
            units = 0 if rating is None else int(rating * UNITS_PER_POINT)
            wanted += [given.rated == int(rating is not None), given.total == units]
    for fact in possible.answers.codes:
        answer = {True: "yes", False: "no", None: "unknown"}[person.answers.get(fact)]
        wanted.append(possible.answers.is_(fact, answer))
    assert solver.check(*wanted) == z3.sat
    return solver.model()


def _cut(fact: Fact) -> Cut:
    """A fact cut at a few places of its range."""
    if fact.kind != "number":
        return CategoryCut(fact.name, fact.values)
    places = {"share": ("0.6", 1), "points": ("0.3", "2.5", "3.95")}.get(fact.unit, (0, 1, 4))
    breaks = [(Fraction(one), after) for one in places for after in (False, True)]
    return NumberCut(fact.name, tuple(breaks), fact.may_be_unknown)


def _bins(
    pack: RulePack,
    promotion: Promotion,
    meaning: PromotionMeaning,
    cuts: Mapping[str, Cut],
    people: Sequence[Person],
    told: KnownRatings,
) -> list[dict[str, int]]:
    """The bins of these people as polars tells them."""
    roster = roster_of(pack, people)
    ratings = roster.ratings.with_row_index("person").hstack(count_lowest(roster.ratings, pack).get_columns())
    times = compute_tenure(roster.people, pack, promotion, DAY)
    answers = answers_of(roster.people, answer_columns(pack.facts_for(promotion)))
    cycles = pl.Series(CYCLES_MET, [one.cycles_met_before for one in people], dtype=pl.Int32)
    given = [*times.get_columns(), *answers.get_columns(), cycles]
    evidence = compute_evidence(ratings, meaning).hstack(given)
    return compute_bins(evidence, cuts, meaning, told).drop("person").to_dicts()
