"""What a speciality asks differently: of whom, with what result, and how it is said."""

from decimal import Decimal
from pathlib import Path
from shutil import copytree

import pytest

from engine import assess, explain, vocabulary_of
from engine.prove.soundness import check_soundness
from inputs.roster import UNITS_PER_POINT
from inputs.samples.company import SAMPLE_DAY, generate_people
from rules import PackError, load_pack
from rules.pack import Emphasis, Speciality
from tests.oracle import as_asked, judge
from tests.random_packs import roster_of
from tests.small import CITE, DAY, pack, roster, rule, sign

BASE = Path(__file__).parent / "broken_packs" / "base"
SIGNS = (sign("drive"), sign("care", "supporting"), sign("craft", weights={"a": "2", "b": "1"}))


def asking(**asked):
    emphasis = Emphasis(transition="up", reason="Because.", **asked)
    special = Speciality(
        id="gardener",
        title="Gardener",
        aliases=("Garden",),
        about="Gardens.",
        emphases=(emphasis,),
        cite=CITE,
    )
    return pack(SIGNS).model_copy(update={"specialities": (special,)})


def explained(asked_pack, *specialities, **ratings):
    rated = {
        f"{name}:manager": value
        for name, value in ({"drive": 4, "care": 4, "a": 4, "b": 4} | ratings).items()
    }
    people = [{**rated, "speciality": speciality} for speciality in specialities]
    return explain(assess(roster(people), asked_pack, DAY))


@pytest.mark.parametrize(
    ("asked", "ratings", "said"),
    [
        (
            {"signal": "care", "importance": "core"},
            {"care": 3},
            "Counts as core, not as supporting. The bar is 4, not 3.5.",
        ),
        ({"signal": "drive", "bar": Decimal("4.5")}, {}, "The bar is 4.5, not 4."),
        (
            {"signal": "craft", "competencies": {"a": Decimal(1), "b": Decimal(3)}},
            {"b": 3},
            "B counts for 75 %, not 33 %.",
        ),
    ],
)
def test_a_speciality_asks_more_of_its_own_people_and_it_is_said(asked, ratings, said):
    special, other = explained(asking(**asked), "Garden", "Baker", **({"b": 4} | ratings))
    assert special.recommendation != "ready_now"
    assert [one.sentence for one in special.adjustments] == [said]
    assert special.adjustments[0].reason == "Because."
    assert (special.speciality, other.speciality) == ("Gardener", "Baker")
    assert other.adjustments == ()


def test_whoever_names_no_speciality_is_asked_what_everybody_is_asked():
    (nobody,) = explained(asking(signal="drive", bar=Decimal(5)), None)
    assert (nobody.recommendation, nobody.speciality, nobody.adjustments) == ("ready_now", None, ())


def test_the_evidence_shows_the_bar_and_the_importance_that_were_asked():
    asked = asking(signal="care", importance="core", bar=Decimal("4.5"))
    (one,) = explained(asked, "gardener")
    care = next(shown for shown in one.evidence if shown.signal == "care")
    assert (care.importance, care.bar, care.status) == ("core", Decimal("4.5"), "near")


def test_people_of_all_specialities_are_judged_and_advised_as_by_hand():
    shipped = load_pack("product_management")
    organisation = generate_people(vocabulary_of(shipped), n=240, seed=5)
    people = roster_of(organisation.people, organisation.ratings)
    asked_differently = 0
    for one in explain(assess(people, shipped, SAMPLE_DAY)):
        person, rated = people.people.row(one.person, named=True), people.ratings.row(one.person, named=True)
        promotion = shipped.transition(one.transition)
        asked = as_asked(shipped, promotion, person["speciality"])
        asked_differently += asked != promotion
        dates = (person["level_since"], person["product_since"], SAMPLE_DAY)
        verdict = judge(shipped, asked, rated, *dates)
        assert one.recommendation == verdict.recommendation
        assert {sign.signal: sign.status for sign in one.evidence} == {
            name: sign.status for name, sign in verdict.signs.items()
        }
        for change in (*one.outlook.changes, *one.outlook.could_lose):
            moved = {
                f"{move.competency}:manager": int(move.after * UNITS_PER_POINT) for move in change.ratings
            }
            assert judge(shipped, asked, rated | moved, *dates).recommendation == change.recommendation
    assert asked_differently > 20


def test_a_pack_is_checked_for_every_speciality():
    rules = (
        rule("T-R1", "supporting_total == 1", recommendation="developing"),
        rule("T-C1", "always", confidence="high"),
    )
    emphasis = Emphasis(transition="up", signal="care", importance="core", reason="Because.")
    special = Speciality(id="gardener", title="Gardener", about="Gardens.", emphases=(emphasis,), cite=CITE)
    flaws = check_soundness(pack(SIGNS, rules).model_copy(update={"specialities": (special,)})).flaws
    gaps = [flaw.text for flaw in flaws if flaw.kind == "gap"]
    assert len(gaps) == 1
    assert "for the speciality Gardener: no rule gives a recommendation" in gaps[0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            "{transition: apprentice_to_journeyman, signal: god_dough, bar: 4, reason: r}",
            "no signal of this transition `god_dough`",
        ),
        ("{transition: down, signal: good_dough, bar: 4, reason: r}", "no transition `down`"),
        (
            "{transition: apprentice_to_journeyman, signal: good_dough, reason: r}",
            "at least one of `importance`, `bar` and `competencies`",
        ),
        (
            "{transition: apprentice_to_journeyman, signal: good_dough, bar: 9, reason: r}",
            "the bar 9 lies outside the scale from 1 to 4",
        ),
        (
            "{transition: apprentice_to_journeyman, signal: good_dough, competencies: {x: 1}, reason: r}",
            "there is no competency `x`",
        ),
    ],
)
def test_what_a_speciality_asks_of_nothing_is_refused_with_file_and_line(tmp_path, asked, said):
    folder = tmp_path / "base"
    copytree(BASE, folder)
    (folder / "specialities.yaml").write_text(
        "specialities:\n  - id: gardener\n    title: Gardener\n    about: Gardens.\n    emphases:\n"
        f"      - {asked}\n    cite: {{source: handbook, section: Rules}}\n"
    )
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    assert any("specialities.yaml:6: " in line and said in line for line in str(caught.value).splitlines())
