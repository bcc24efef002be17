"""The pack of general competencies: a home for any company's export, with the rules of made ladders."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from rules import load_pack, pack_names
from rules.ladders import Answers, pack_of
from rules.ladders.ladder import Ladder, LadderCompetency, LadderLevel, LadderScale, Required
from tests.command_line import call, succeeded

PACK = load_pack("general_competencies")


def test_its_rules_are_those_that_every_ladder_in_words_begins_with() -> None:
    ladder = Ladder(
        source="any.xlsx",
        sheet="Ladder",
        scale=LadderScale(Decimal(1), Decimal(5), Decimal("0.5")),
        levels=tuple(LadderLevel(level.title, "A1") for level in PACK.levels),
        competencies=tuple(
            LadderCompetency(one.title, "A1", importance="core" if n < 5 else "supporting")
            for n, one in enumerate(PACK.competencies)
        ),
        required={(a, b): Required("A1", prose="As described.") for a in range(5) for b in range(10)},
        kind="prose",
    )
    made = pack_of(ladder, PACK.name, PACK.title, Answers())
    assert [(rule.code, rule.when, rule.reason) for rule in PACK.rules] == [
        (rule.code, rule.when, rule.reason) for rule in made.rules
    ]


def test_each_step_has_its_own_words_and_says_which_competencies_it_rests_on() -> None:
    assert len(PACK.levels) == 5
    for promotion in PACK.promotions:
        core = [signal for signal in promotion.signals if signal.importance == "core"]
        assert (len(promotion.signals), len(core)) == (10, 5)
    assert PACK.undecided


@pytest.mark.parametrize("name", ["general_competencies", "software_engineering"])
@pytest.mark.parametrize("field", ["looks_like", "grow", "ask"])
def test_no_two_signals_share_their_advice(name: str, field: str) -> None:
    pack = load_pack(name)
    texts = [getattr(signal, field) for promotion in pack.promotions for signal in promotion.signals]
    assert len(set(texts)) == len(texts) >= 29


@pytest.mark.parametrize("name", pack_names())
def test_sentences_with_a_list_are_right_for_a_list_of_one(name: str) -> None:
    pack = load_pack(name)
    rules = [rule for several in (pack, *pack.promotions, *pack.lenses) for rule in several.rules]
    listing = [rule for rule in rules if re.search(r"_(signals|competencies|parts)}", rule.reason)]
    said = [f"{rule.reason} {rule.next_step or ''}" for rule in listing]
    assert listing
    assert [words for words in said if re.search(r"\bthese\b(?! ratings)|signals (are|that)", words)] == []


def test_shipped_packs_say_who_wrote_what_they_rest_on_and_where_it_is() -> None:
    for name in ("general_competencies", "software_engineering"):
        public = [source for source in load_pack(name).sources if source.id != "policy"]
        assert public
        assert all("https://" in source.about for source in public)


def test_the_export_of_a_company_that_has_no_ladder_is_read_and_judged(tmp_path: Path) -> None:
    headings = ["Communication", "Teamwork", "Customer Focus", "Results Orientation", "Decision Making"]
    headings += ["Strategy", "Innovation", "Leadership", "Coaching", "Business Acumen"]
    rated = [f"{one} ({who})" for one in headings for who in ("Self", "Manager")]
    rows = [["Employee ID", "Name", "Manager", "Grade", "In grade since", "Review date", *rated]]
    for number, rating in enumerate(("4", "3.5", "3", "2"), start=1):
        known = [f"E{number}", f"Person {number}", "Ada Boss", "Grade 2", "2023-01-01", "2026-06-01"]
        rows.append([*known, *(rating for _ in rated)])
    file = tmp_path / "export.csv"
    file.write_text("\n".join(",".join(row) for row in rows) + "\n", encoding="utf-8")
    out = tmp_path / "run"
    arguments = ["assess", str(file), "--pack", PACK.name, "--as-of", "2026-06-30", "--out", str(out)]
    succeeded(*arguments)
    told = (out / "recommendations.csv").read_text(encoding="utf-8").splitlines()
    place = told[0].split(",").index("recommendation")
    bands = [line.split(",")[place] for line in told[1:]]
    assert bands == ["ready_now", "developing", "developing", "developing"]


def test_the_list_of_packs_names_all_that_are_shipped() -> None:
    listed = call("pack", "list").output
    assert [line.split("  ")[0] for line in listed.splitlines()] == list(pack_names())
    assert set(pack_names()) == {"general_competencies", "product_management", "software_engineering"}
