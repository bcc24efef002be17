"""What a specialisation asks differently: of whom, with what result, and how it is said."""

from decimal import Decimal
from shutil import copytree

import pytest

from engine import assess, explain, vocabulary_of
from engine.prove import check_soundness
from inputs import UNITS_PER_POINT
from inputs.samples import SAMPLE_DAY
from rules import PackError, load_pack
from rules.pack import SignalOverride, Specialisation
from tests.broken import BASE
from tests.company import generate_people
from tests.oracle import Asked, Dates, rules_for
from tests.small import CITE, DAY, pack, roster, rule, signal

SIGNALS = (signal("drive"), signal("care", "supporting"), signal("craft", weights={"a": "2", "b": "1"}))


def asking(**asked):
    emphasis = SignalOverride(promotion="up", reason="Because.", **asked)
    special = Specialisation(
        id="gardener",
        title="Gardener",
        about="Gardens.",
        signal_overrides=(emphasis,),
        cite=CITE,
    )
    return pack(SIGNALS).model_copy(update={"specialisations": (special,)})


def explained(asked_pack, *specialisations, **ratings):
    rated = {
        f"{name}:manager": value
        for name, value in ({"drive": 4, "care": 4, "a": 4, "b": 4} | ratings).items()
    }
    people = [{**rated, "specialisation": specialisation} for specialisation in specialisations]
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
            "B counts for 75%, not 33%.",
        ),
    ],
)
def test_a_specialisation_asks_more_of_its_own_people_and_it_is_said(asked, ratings, said):
    special, other = explained(asking(**asked), "gardener", None, **({"b": 4} | ratings))
    assert special.recommendation != "ready_now"
    assert [one.sentence for one in special.signal_overrides] == [said]
    assert special.signal_overrides[0].reason == "Because."
    assert (special.specialisation, other.specialisation) == ("Gardener", None)
    assert other.signal_overrides == ()


def test_whoever_names_no_specialisation_is_asked_what_everybody_is_asked():
    (nobody,) = explained(asking(signal="drive", bar=Decimal(5)), None)
    assert (nobody.recommendation, nobody.specialisation, nobody.signal_overrides) == ("ready_now", None, ())


def test_the_evidence_shows_the_bar_and_the_importance_that_were_asked():
    asked = asking(signal="care", importance="core", bar=Decimal("4.5"))
    (one,) = explained(asked, "gardener")
    care = next(shown for shown in one.evidence if shown.signal == "care")
    assert (care.importance, care.bar, care.status) == ("core", Decimal("4.5"), "near")


def test_people_of_all_specialisations_are_judged_and_advised_as_by_hand():
    shipped = load_pack("product_management")
    organisation = generate_people(vocabulary_of(shipped), n=120, seed=5)
    people = organisation.roster
    overridden = 0
    for one in explain(assess(people, shipped, SAMPLE_DAY)):
        person, rated = people.people.row(one.person, named=True), people.ratings.row(one.person, named=True)
        promotion = shipped.promotion(one.promotion)
        rules = rules_for(shipped, promotion, person["specialisation"])
        overridden += rules.promotion != promotion
        dates = Dates(person["level_since"], person["product_since"], person["review_date"], SAMPLE_DAY)
        verdict = Asked(rules, rated, dates).verdict()
        assert one.recommendation == verdict.recommendation
        assert {signal.signal: signal.status for signal in one.evidence} == {
            name: signal.status for name, signal in verdict.signals.items()
        }
        for change in (*one.outlook.changes, *one.outlook.could_lose):
            moved = {
                f"{move.competency}:manager": int(move.after * UNITS_PER_POINT) for move in change.ratings
            }
            assert Asked(rules, rated | moved, dates).band().band == change.recommendation
    assert overridden > 20


def test_a_pack_is_checked_for_every_specialisation():
    rules = (
        rule("T-R1", "supporting_total == 1", recommendation="developing"),
        rule("T-C1", "always", confidence="high"),
    )
    emphasis = SignalOverride(promotion="up", signal="care", importance="core", reason="Because.")
    special = Specialisation(
        id="gardener", title="Gardener", about="Gardens.", signal_overrides=(emphasis,), cite=CITE
    )
    flaws = check_soundness(pack(SIGNALS, rules).model_copy(update={"specialisations": (special,)})).flaws
    gaps = [flaw.text for flaw in flaws if flaw.kind == "gap"]
    assert len(gaps) == 1
    assert "for the specialisation Gardener: no rule gives a recommendation" in gaps[0]


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (
            "{promotion: apprentice_to_journeyman, signal: god_dough, bar: 4, reason: r}",
            "`god_dough` is not a signal of the promotion `apprentice_to_journeyman`",
        ),
        (
            "{promotion: down, signal: good_dough, bar: 4, reason: r}",
            "`down` is not a promotion of this pack",
        ),
        (
            "{promotion: apprentice_to_journeyman, signal: good_dough, reason: r}",
            "at least one of `importance`, `bar` and `competencies`",
        ),
        (
            "{promotion: apprentice_to_journeyman, signal: good_dough, bar: 9, reason: r}",
            "the bar 9 is outside the scale from 1 to 4",
        ),
        (
            "{promotion: apprentice_to_journeyman, signal: good_dough, competencies: {x: 1}, reason: r}",
            "`x` is not a competency of this pack",
        ),
    ],
)
def test_what_a_specialisation_asks_of_nothing_is_refused_with_file_and_line(tmp_path, asked, said):
    folder = tmp_path / "base"
    copytree(BASE, folder)
    (folder / "specialisations.yaml").write_text(
        "specialisations:\n  - id: gardener\n    title: Gardener\n    about: Gardens.\n"
        "    signal_overrides:\n"
        f"      - {asked}\n    cite: {{source: handbook, section: Rules}}\n"
    )
    with pytest.raises(PackError) as caught:
        load_pack(folder)
    assert any("specialisations.yaml:6: " in line and said in line for line in str(caught.value).splitlines())


def test_a_signal_that_counts_for_nothing_in_a_specialisation_is_found():
    def flaws(**asked):
        special = {"specialisations": asking(signal="drive", **asked).specialisations}
        return [flaw.text for flaw in check_soundness(pack(SIGNALS[::2]).model_copy(update=special)).flaws]

    (said,) = flaws(importance="supporting")
    assert "the signal `drive`, as Gardener asks for it, can never change a band" in said
    assert not flaws(bar=Decimal("4.5"))
