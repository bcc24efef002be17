"""`readiness pack new --from-matrix`: a matrix becomes a sound pack, and people are judged by it."""

import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from openpyxl import Workbook, load_workbook

from engine import assess, explain, vocabulary_of
from engine.prove import check_soundness, sound_pack
from engine.words.explanation import Explanation
from inputs import Roster
from inputs.loading import load_roster
from rules import PackError, RulePack, load_pack
from rules.decision_tables import read_tables, write_tables
from rules.ladders import Answers, Grid, Ladder, ladder_from_matrix, pack_of
from tests.command_line import call, succeeded
from tests.made_files import write_sheet, write_workbook

CASES = Path(__file__).parent / "cases" / "ladders"
DAY = date(2026, 6, 30)


@pytest.fixture(scope="module")
def packs(tmp_path_factory: pytest.TempPathFactory) -> dict[str, RulePack]:
    """The packs of the three matrices, made by the command."""
    made = {}
    for name in ("1-words-matrix.xlsx", "2-prose-matrix.xlsx", "3-long-weighted.csv"):
        folder = tmp_path_factory.mktemp("packs") / "our_ladder"
        result = succeeded("pack", "new", "our_ladder", "--from-matrix", CASES / name, "--out", folder)
        assert "the rules are sound" in result.stderr
        made[name[0]] = load_pack(folder)
    return made


def test_a_pack_names_its_matrix_and_the_sheet_where_there_are_sheets(packs: dict[str, RulePack]) -> None:
    titles = {number: pack.sources[0].title for number, pack in packs.items()}
    assert titles["1"] == "1-words-matrix.xlsx, Design ladder"
    assert titles["3"] == "3-long-weighted.csv"


def test_people_on_a_ladder_in_words_are_judged_as_a_reader_of_the_matrix_would(
    packs: dict[str, RulePack],
) -> None:
    found, roster = _judged(CASES / "1-words-people.csv", packs["1"])
    bands = {name: one.recommendation for name, one in found.items()}
    assert bands == {
        "D01": "ready_now",
        "D02": "developing",
        "D03": "ready_soon",
        "D04": "developing",
        "D05": "insufficient_evidence",
        "D06": "ready_now",
        "D07": "ready_now",
        "D08": "developing",
        "D09": "ready_soon",
    }
    assert "The present level comes first" in found["D02"].reasons[0]
    assert "Visual craft" in found["D02"].reasons[0]
    assert "User research" in found["D03"].reasons[0]
    assert found["D05"].kind == "cannot_be_told"
    assert found["D01"].next_level_title == "Senior Designer"
    nowhere = assess(roster, packs["1"], DAY).not_assessable
    assert [row["employee_id"] for row in nowhere.iter_rows(named=True)] == ["D10"]


def test_nobody_is_told_half_a_step_where_there_are_four_words(packs: dict[str, RulePack]) -> None:
    found, _ = _judged(CASES / "1-words-people.csv", packs["1"])
    changes = [move for one in found.values() for change in one.outlook.changes for move in change.ratings]
    assert changes
    points = {move.after for move in changes} | {move.before for move in changes}
    assert points <= {Decimal(1), Decimal(2), Decimal(3), Decimal(4)}


def test_weights_totals_and_years_are_what_the_ladder_says(packs: dict[str, RulePack]) -> None:
    found, roster = _judged(CASES / "3-long-people.csv", packs["3"])
    bands = {name: one.recommendation for name, one in found.items()}
    assert bands == {
        "W01": "ready_now",
        "W02": "ready_soon",
        "W03": "ready_soon",
        "W04": "ready_soon",
        "W05": "ready_now",
        "W06": "insufficient_evidence",
        "W07": "ready_now",
        "W08": "ready_soon",
        "W10": "developing",
    }
    assert (
        "Time at the present level: 6 months so far; the ladder asks for 2 years." in found["W03"].reasons[0]
    )
    one = found["W06"]
    assert (one.kind, one.worst_band, one.best_band) == ("cannot_be_told", "developing", "ready_now")
    assert [rating.competency_title for rating in one.outlook.to_rate[0].ratings] == ["Goals reached"]
    signal = packs["3"].promotions[0].signals[0]
    assert dict(signal.competencies) == {
        "competency_review": 35,
        "goals_reached": 35,
        "delivery": 10,
        "overall_performance": 20,
    }
    assert [one.tenure and one.tenure.from_years for one in packs["3"].promotions] == [1, 2, 3]
    nowhere = assess(roster, packs["3"], DAY).not_assessable
    assert [row["employee_id"] for row in nowhere.iter_rows(named=True)] == ["W09"]


def test_ratings_and_a_date_that_are_missing_together_leave_a_range_of_bands(
    packs: dict[str, RulePack], tmp_path: Path
) -> None:
    people = tmp_path / "people.csv"
    header = (CASES / "3-long-people.csv").read_text("utf-8-sig").splitlines()[0]
    rows = ("A;Consultant;;;60;;;;60;;70", "B;Consultant;;;90;;74;;90;;", "C;Consultant;;;90;;90;;;;90")
    people.write_text("\n".join([header, *rows]), "utf-8")
    found, _ = _judged(people, packs["3"])
    told = {name: (one.kind, one.worst_band, one.best_band) for name, one in found.items()}
    assert told["A"] == told["B"] == ("cannot_be_told", "developing", "ready_now")
    assert told["C"][0] == "fact_missing"
    sentence = "with the weakest it would be Developing, with the strongest Ready now"
    assert sentence in found["A"].reasons[0]


def test_prose_is_what_signals_look_like_and_its_bars_are_marked_as_defaults(
    packs: dict[str, RulePack],
) -> None:
    pack = packs["2"]
    assert [one.category for one in pack.competencies] == ["Customers"] * 3 + ["Company"] * 2 + ["How"]
    assert len(pack.levels) == 4
    assert "coaching" not in {one.competency for one in pack.levels[0].expects}
    adoption = pack.promotions[0].signals[1]
    assert adoption.looks_like == "Finds unused features and agrees a plan with the customer"
    assert "nobody has decided these bars" in pack.title
    assert any("gives no ratings" in line for line in pack.undecided)
    assert all(one.cite.source == "defaults" for level in pack.levels for one in level.expects)


def test_the_workbook_of_a_made_pack_shows_words_and_what_is_undecided_and_comes_back(
    packs: dict[str, RulePack], tmp_path: Path
) -> None:
    write_tables(packs["1"], tmp_path / "pack.xlsx")
    sheet = load_workbook(tmp_path / "pack.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[3]][2:] == ["Basic", "Solid", "Strong", "Strong"]
    texts = [cell.value for cell in sheet["A"] if cell.value]
    assert any("Ready soon: no requirement more than 1 short" in text for text in texts)
    read = read_tables(tmp_path / "pack.xlsx").pack
    assert read.model_dump(exclude={"sha256"}) == packs["1"].model_dump(exclude={"sha256"})


MATRICES = {
    "numbers, with areas, importance and years": """
        Engineering ladder
        Rating scale: 1 to 5
        Skill | Category | Core / supporting | L1 | L2 | L3
        Coding | Craft | core | 2 | 3 | 4
        Testing | | supporting | 1 | 3 | 3
        Talking | People | core | 2 | 2 | 4
        Coaching | | supporting | - | 1 | 3
        Minimum years | | | 0 | 1 | 2""",
    "levels down, competencies across": """
        Level | Coding | Testing | Talking | Minimum years
        L1 | 1 | 1 | 1 |
        L2 | 3 | 2 | 2 | 1
        L3 | 4 | 4 | 3 | 2""",
    "words whose order the rows tell": """
        Competency | L1 | L2 | L3
        Coding | Learner | Practitioner | Expert
        Testing | Learner | Learner | Practitioner
        Talking | Learner | Practitioner | Practitioner""",
    "a word and a sentence": """
        Scale: Strong, Solid, Basic (highest first)
        Competency | L1 | L2 | L3
        Coding | Basic: small things | Solid: large things | Strong: everything
        Testing | Basic: runs | Basic: runs | Solid: designs""",
    "numbers with labels": """
        What we ask (1-4)
        Competency | L1 | L2 | L3
        Coding | 1 - Basic | 2 - Solid | 3 - Strong
        Testing | 1 - Basic | 1 - Basic | 2 - Solid""",
    "long, in words": """
        Scale: Basic < Solid < Strong
        Level | Competency | Required level
        L1 | Coding | Basic
        | Testing | Basic
        L2 | Coding | Strong
        | Testing | Solid
        L3 | Coding | Strong
        | Testing | Strong""",
    "headings between the rows": """
        Competency | L1 | L2 | L3
        Craft
        Coding | 2 | 4 | 5
        Testing | 2 | 3 | 3
        People
        Talking | 2 | 3 | 3""",
    "weights that let one make up for another": """
        Competency | Weight | L1 | L2 | L3
        Coding | 50% | 2 | 3 | 4
        Testing | 20% | 2 | 3 | 3
        Talking | 30% | 2 | 3 | 4""",
    "words with a legend below": """
        Competency | L1 | L2 | L3
        Coding | Basic | Strong | Strong
        Testing | Basic | Solid | Strong

        1 | Basic
        2 | Solid
        3 | Strong""",
    "half points": """
        Competency | L1 | L2 | L3
        Coding | 2 | 3 | 4
        Testing | 2 | 3 | 3.5
        Talking | 2 | 3.5 | 4""",
    "totals as a row": """
        Component | Weight % | L1 | L2 | L3
        Review | 40
        Goals | 60
        Minimum total (of 100) | | 0 | 60 | 80""",
}


@pytest.mark.parametrize("name", MATRICES)
def test_a_matrix_of_another_shape_becomes_a_sound_pack(name: str) -> None:
    ladder = _ladder(MATRICES[name])
    assert [level.title for level in ladder.levels] == ["L1", "L2", "L3"]
    pack = sound_pack(ladder, "ours", "Ours", Answers())
    assert check_soundness(pack).flaws == ()
    assert [promotion.id for promotion in pack.promotions] == ["l1_to_l2", "l2_to_l3"]
    assert not [one for one in check_soundness(pack).monotony if not one.shown]


SIBLINGS: dict[str, tuple[str, tuple[str, ...], tuple[str, ...]]] = {
    "German, in words": (
        """
        Unsere Karriereleiter
        Skala: Stark, Solide, Grundlagen (höchste zuerst)
        Kompetenz | Bereich | Junior | Senior | Lead
        Coding | Handwerk | Grundlagen | Solide | Stark
        Testing | | Grundlagen | Grundlagen | Solide
        Mindestjahre | | keine | ein Jahr | 2 Jahre""",
        ("3", "2"),
        ("1", "2"),
    ),
    "German, in numbers with a comma, core and supporting": (
        """
        Kompetenz | Kern / unterstützend | Junior | Senior | Lead
        Coding | Kern | 2 | 3 | 4
        Testing | unterstützend | 2 | 3 | 3,5""",
        ("4", "3.5"),
        (),
    ),
    "French": (
        """
        Échelle : Débutant, Confirmé, Expert (du plus bas au plus haut)
        Compétence | Catégorie | Niveau 1 | Niveau 2 | Niveau 3
        Coding | Métier | Débutant | Confirmé | Expert
        Testing | | Débutant | Débutant | Confirmé
        Ancienneté minimum | | aucune | un an | deux ans""",
        ("3", "2"),
        ("1", "2"),
    ),
    "Spanish": (
        """
        Competencia | Área | Nivel 1 | Nivel 2 | Nivel 3
        Coding | Oficio | 1 | 3 | 4
        Testing | | 1 | 2 | 3
        Años mínimos | | 0 | 1 | 2""",
        ("4", "3"),
        ("1", "2"),
    ),
    "Dutch": (
        """
        Competentie | Gebied | Junior | Medior | Senior
        Coding | Vak | 1 | 3 | 4
        Testing | | 1 | 2 | 3""",
        ("4", "3"),
        (),
    ),
    "years in words and months": (
        """
        Competency | L1 | L2 | L3
        Coding | 1 | 3 | 4
        Testing | 1 | 2 | 3
        Minimum time in level | none | at least 18 months | two years""",
        ("4", "3"),
        ("1.5", "2"),
    ),
    "levels and scores by name": (
        """
        Competency | L1 | L2 | L3
        Coding | Level 2 | Level 3 | Level 4
        Testing | Level 1 | Level 2 | Level 3""",
        ("4", "3"),
        (),
    ),
    "of five": (
        """
        Competency | L1 | L2 | L3
        Coding | 2/5 | 3/5 | 4/5
        Testing | 1 of 5 | 2 of 5 | 3 of 5""",
        ("4", "3"),
        (),
    ),
    "stars": (
        """
        Competency | L1 | L2 | L3
        Coding | ★★☆☆☆ | ★★★☆☆ | ★★★★☆
        Testing | * | ** | ***""",
        ("4", "3"),
        (),
    ),
    "marks": (
        """
        Competency | L1 | L2 | L3
        Coding | x | x | x
        Testing | | x | ✓""",
        ("4", "4"),
        (),
    ),
    "long, with areas and a description beside the rating": (
        """
        Level | Category | Competency | Required level | Expectation
        L1 | Craft | Coding | 1 | Small things
        L1 | People | Testing | 1 | Runs tests
        L2 | Craft | Coding | 3 | Large things
        L2 | People | Testing | 2 | Writes tests
        L3 | Craft | Coding | 4 | Everything
        L3 | People | Testing | 3 | Designs tests""",
        ("4", "3"),
        (),
    ),
    "a must and a nice to have that can be no more than a step short": (
        """
        Competency | Must / should | L1 | L2 | L3
        Coding | must have | 2 | 3 | 4
        Testing | nice to have | 1 | 2 | 3""",
        ("4", "3"),
        (),
    ),
}
"""A matrix, the bars of coding and testing for the highest level, and the years in the level below."""


@pytest.mark.parametrize("name", SIBLINGS)
def test_a_matrix_in_another_language_or_way_of_writing_is_read_as_it_is_meant(name: str) -> None:
    text, bars, years = SIBLINGS[name]
    pack = sound_pack(_ladder(text), "ours", "Ours", Answers())
    assert [one.title for one in pack.competencies] == ["Coding", "Testing"]
    last = pack.promotions[-1]
    assert [str(pack.bar_of(last, signal)) for signal in last.signals] == list(bars)
    tenures = [one.tenure for one in pack.promotions]
    assert [str(one.from_years) for one in tenures if one] == list(years)


def test_marks_say_what_is_expected_from_which_level_on_and_that_no_rating_is_given() -> None:
    pack = sound_pack(_ladder(SIBLINGS["marks"][0]), "ours", "Ours", Answers())
    assert [[one.competency for one in level.expects] for level in pack.levels[:2]] == [
        ["coding"],
        ["coding", "testing"],
    ]
    assert pack.promotions[0].signals[1].looks_like == "Expected of L2, as the ladder marks it."
    assert any("marks what each level requires" in line for line in pack.undecided)


def test_a_description_beside_a_rating_is_what_the_signal_looks_like() -> None:
    text, *_ = SIBLINGS["long, with areas and a description beside the rating"]
    pack = sound_pack(_ladder(text), "ours", "Ours", Answers())
    assert pack.promotions[-1].signals[1].looks_like.startswith("Designs tests")
    assert [one.category for one in pack.competencies] == ["Craft", "People"]


CELLS: dict[str, tuple[str, tuple[object, ...]]] = {
    "numbers": (
        """
        Scale: 1 to 5
        Competency | L1 | L2 | L3 | L4
        Coding | >= 2 | ≥3 | 4+ | 5 (Expert)
        Testing | 1+ | at least 2 | min. 3 | 4 - Strong
        Talking | n/a | 3 or higher | Level 4 or above | mindestens 5
        Leading | – | 2 oder höher | minimum de 3 | 3-4""",
        (2, 3, 4, 5, 1, 2, 3, 4, None, 3, 4, 5, None, 2, 3, 3),
    ),
    "words of a scale": (
        """
        Scale: Novice, Capable, Proficient, Expert
        Competency | L1 | L2 | L3
        Coding | Novice | at least Capable | Proficient or above
        Testing | Novice | Capable+ | ≥ Proficient
        Talking | – | n/a | Capable (2)
        Leading | Novice | min. Capable | Proficient, or higher: leads""",
        (1, 2, 3, 1, 2, 3, None, None, 2, 1, 2, 3),
    ),
    "words whose order the rows tell": (
        """
        Competency | L1 | L2 | L3
        Coding | Novice | at least Capable | Proficient or above
        Testing | Novice | Capable | Proficient
        Talking | Novice | Capable | Proficient""",
        (1, 2, 3, 1, 2, 3, 1, 2, 3),
    ),
    "letters of which the plus is a part": (
        """
        Scale: C, B, B+, A
        Competency | L1 | L2 | L3
        Coding | C | B+ | A
        Testing | C | B | B+""",
        (1, 3, 4, 1, 2, 3),
    ),
}


@pytest.mark.parametrize("name", CELLS)
def test_what_a_cell_asks_for_at_least_is_read_whatever_it_is_written_with(name: str) -> None:
    text, ratings = CELLS[name]
    ladder = _ladder(text)
    places = [(level, one) for one in range(len(ladder.competencies)) for level in range(len(ladder.levels))]
    found = [ladder.required.get(place) for place in places]
    assert [one and one.rating for one in found] == list(ratings)


MERGED: dict[str, tuple[list[list[object]], list[str]]] = {
    "levels below one heading, and areas": (
        [
            ["Our ladder", None, None, None, None],
            ["Area", "Competency", "Levels", None, None],
            [None, None, "L1", "L2", "L3"],
            ["Craft", "Coding", 2, 3, 4],
            [None, "Testing", 1, 2, 3],
        ],
        ["A1:E1", "A2:A3", "B2:B3", "C2:E2", "A4:A5"],
    ),
    "groups of levels above them": (
        [
            ["Area", "Competency", "Individual contributor", None, "Leadership"],
            [None, None, "L1", "L2", "L3"],
            ["Craft", "Coding", 2, 3, 4],
            [None, "Testing", 1, 2, 3],
        ],
        ["A1:A2", "B1:B2", "C1:D1", "A3:A4"],
    ),
    "groups of levels above the line of the headings": (
        [
            [None, None, "Individual contributor", None, "Leadership"],
            ["Area", "Competency", "L1", "L2", "L3"],
            ["Craft", "Coding", 2, 3, 4],
            [None, "Testing", 1, 2, 3],
        ],
        ["C1:D1", "A3:A4"],
    ),
    "a level of proficiency and a description for each level": (
        [
            ["Area", "Competency", "L1", None, "L2", None, "L3", None],
            [None, None, *["Level", "Descriptor"] * 3],
            ["Craft", "Coding", 2, "Small things", 3, "Large things", 4, "Decides"],
            [None, "Testing", 1, "Runs tests", 2, "Writes tests", 3, "Designs tests"],
        ],
        ["A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:H1", "A3:A4"],
    ),
    "a rating and a description for each level": (
        [
            ["Area", "Competency", "L1", None, "L2", None, "L3", None],
            [None, None, *["Rating", "Description"] * 3],
            ["Craft", "Coding", 2, "Small things", 3, "Large things", 4, "Decides"],
            [None, "Testing", 1, "Runs tests", 2, "Writes tests", 3, "Designs tests"],
        ],
        ["A1:A2", "B1:B2", "C1:D1", "E1:F1", "G1:H1", "A3:A4"],
    ),
}


@pytest.mark.parametrize("are_merged", [True, False], ids=["merged", "each text once"])
@pytest.mark.parametrize("name", MERGED)
def test_merged_headings_and_areas_are_read_as_they_look(name: str, are_merged: bool, tmp_path: Path) -> None:
    rows, merged = MERGED[name]
    _book(tmp_path / "ladder.xlsx", rows, merged if are_merged else [])
    given = ("--from-matrix", str(tmp_path / "ladder.xlsx"), "--out", str(tmp_path / "ours"))
    succeeded("pack", "new", "ours", *given)
    pack = load_pack(tmp_path / "ours")
    assert [level.title for level in pack.levels] == ["L1", "L2", "L3"]
    assert [(one.title, one.category) for one in pack.competencies] == [
        ("Coding", "Craft"),
        ("Testing", "Craft"),
    ]
    last = pack.promotions[-1]
    assert [pack.bar_of(last, signal) for signal in last.signals] == [4, 3]
    assert any("and are read as one way up" in said for said in pack.undecided) == ("groups" in name)
    if "descript" in name:
        assert [signal.looks_like for signal in last.signals] == ["Decides", "Designs tests"]


def test_what_one_merged_cell_says_of_two_levels_is_expected_of_both(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Competency", "L1", "L2", "L3"],
        ["Coding", "Does what is agreed, in time", None, "Leads others in it"],
        ["Testing", "Runs what there is", "Writes tests of their own", "Designs how it is tested"],
    ]
    _book(tmp_path / "ladder.xlsx", rows, ["B2:C2"])
    given = ("--from-matrix", str(tmp_path / "ladder.xlsx"), "--out", str(tmp_path / "ours"))
    succeeded("pack", "new", "ours", *given)
    pack = load_pack(tmp_path / "ours")
    assert {one.competency for one in pack.levels[1].expects} == {"coding", "testing"}
    assert pack.promotions[0].signals[0].looks_like == "Does what is agreed, in time"


def test_levels_that_are_called_by_a_number_are_no_ratings() -> None:
    ladder = _ladder("""
        | Level 1 | Level 2 | Level 3
        Coding | 2 | 3 | 4
        Testing | 1 | 2 | 3""")
    assert [level.title for level in ladder.levels] == ["Level 1", "Level 2", "Level 3"]


def test_what_a_matrix_of_numbers_says_of_importance_areas_and_years_is_kept() -> None:
    ladder = _ladder(MATRICES["numbers, with areas, importance and years"])
    pack = sound_pack(ladder, "ours", "Ours", Answers())
    assert [one.category for one in pack.competencies] == ["Craft", "Craft", "People", "People"]
    last = pack.promotions[1]
    assert {signal.id: signal.importance for signal in last.signals} == {
        "coding": "core",
        "testing": "supporting",
        "talking": "core",
        "coaching": "supporting",
    }
    assert {signal.id: pack.bar_of(last, signal) for signal in last.signals}["talking"] == 4
    assert last.tenure is not None
    assert (last.tenure.measure, last.tenure.from_years) == ("time_in_level", 2)


def test_a_legend_on_another_sheet_gives_the_order_of_the_words() -> None:
    rows = [["Competency", "L1", "L2"], ["Coding", "Low", "Good"], ["Testing", "Fine", "Low"]]
    legend = [["Rating", "Meaning"], ["1", "Low"], ["2", "Fine"], ["3", "Good"]]
    scale = ladder_from_matrix(Grid("ladder.xlsx", "Matrix", rows, beside=legend), Answers()).scale
    assert scale.words == ("Low", "Fine", "Good")


def test_a_scale_with_the_highest_word_first_is_turned_round() -> None:
    scale = _ladder(MATRICES["a word and a sentence"]).scale
    assert scale.words == ("Basic", "Solid", "Strong")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (
            """
            Competency | L1 | L2 | L3
            Coding | Low | Good | Good
            Testing | Low | Fine | Fine
            Talking | Low | Good | Fine
            Reading | Low | Fine | Good""",
            "what is their order, the lowest first\\? Say it with --words",
        ),
        (
            """
            Scale: Basic, Solid, Strong
            Competency | L1 | L2
            Coding | Basic | Soild
            Testing | Basic | Solid""",
            "ladder.xlsx, Matrix!C3: “Soild” is not one of Basic, Solid, Strong; did you mean `Solid`",
        ),
        (
            """
            Competency | L1 | L1 | L2
            Coding | 1 | 2 | 3
            Coding | 2 | 3 | 4""",
            "Matrix!C1: the level “L1” is also at B1; if they are two, such as on two tracks, "
            "give each a name of its own and say with --levels which leads where\n"
            ".*Matrix!A3: the competency “Coding” is also at A2",
        ),
        (
            """
            Scale: 1 to 5
            Competency | L1 | L2
            Coding | 1 | 7""",
            "Matrix!C3: 7 is outside the scale from 1 to 5; say another with --scale",
        ),
        (
            """
            Competency | Importance | L1 | L2
            Coding | cor | 1 | 3""",
            "Matrix!B2: “cor” is neither core nor supporting; did you mean `core`",
        ),
        (
            """
            Scale: 1 to 5
            Competency | L1 | L2
            Coding | > 1 | TBD
            Testing | 2 | 3
            Talking | 2 | 3""",
            "Matrix!B3: “> 1” asks for more than 1; write the lowest rating that is enough\n"
            ".*Matrix!C3: “TBD” is not a number",
        ),
        ("Competency | L1\nCoding | 3", "a ladder needs at least two levels"),
        (
            """
            Competency | L3 | L2 | L1
            Coding | 4 | 3 | 2
            Testing | 3 | 2 | 1""",
            'which is the lowest level\\? Say it with --levels "L1, L2, L3", the lowest first',
        ),
        (
            """
            Competency | L1 | L2
            Coding | 2 | 3
            Minimum years | | a while""",
            "Matrix!C3: “a while” is no time, such as `2` or `18 months`",
        ),
        ("A line\n\nAnother line", "no matrix was found on Matrix"),
        (
            """
            Competency | Junior | Weight | Senior | Weight
            Coding | 2 | 40 | 3 | 30
            Leading | 1 | 60 | 2 | 70""",
            "Matrix!C1: “Weight” and “Weight” \\(E1\\) give one competency different weights, and a weight "
            "holds for all levels; leave one column",
        ),
        (
            """
            Competency | Junior | Junior weight | Senior | Senior weight
            Coding | 2 | 40 | 3 | 30""",
            "Matrix!C1: “Junior weight” and “Junior” \\(B1\\) are two columns of “Junior”; leave",
        ),
        (
            """
            Competency | Junior min. | Junior target | Senior min. | Senior target
            Coding | 2 | 3 | 3 | 4""",
            "Matrix!B1: “Junior min.” and “Junior target” \\(C1\\) are two columns of “Junior”",
        ),
        (
            """
            Competency | Junior | Junior | Senior | Senior
            | Minimum | Target | Minimum | Target
            Coding | 2 | 3 | 3 | 4""",
            "Matrix!B2: “Minimum” and “Target” \\(C2\\) say different things of what “Junior” requires",
        ),
        (
            """
            Level | Competency | Minimum | Target
            Junior | Coding | 2 | 3
            Senior | Coding | 3 | 5""",
            "Matrix!C1: “Minimum” and “Target” \\(D1\\) say different things of what a level requires, and a "
            "pack holds people to one rating",
        ),
        (
            """
            | IC | IC | Management | Management
            Competency | Senior | Principal | Senior | Director
            Coding | 3 | 4 | 2 | 2""",
            "Matrix!D2: the level “Senior” is also at B2; if they are two, such as on two tracks, ",
        ),
        (
            """
            Level | Competency | Required level
            L1 | Coding | 1
            L2 | Coding | 3
            L2 | Coding | 4""",
            "Matrix!C4: “L2” and “Coding” are also at ladder.xlsx, Matrix!C3",
        ),
    ],
)
def test_what_cannot_be_read_is_asked_or_told_by_its_cell(text: str, words: str) -> None:
    with pytest.raises(PackError, match=words):
        _ladder(text)


def test_an_answer_settles_what_a_matrix_leaves_open() -> None:
    text = """
        Competency | L2 | L1
        Coding | Good | Low
        Testing | Low | Good"""
    ladder = _ladder(text, Answers(words=("Low", "Good"), levels=("L1", "L2")))
    assert [level.title for level in ladder.levels] == ["L1", "L2"]
    assert {at: one.rating for at, one in ladder.required.items()}[1, 0] == 2
    assert ladder.notes == ("Testing: L2 requires less, where L1 requires more (C3).",)


def test_a_word_of_the_scale_is_a_rating_also_where_it_usually_means_that_nobody_rated(
    tmp_path: Path,
) -> None:
    matrix = tmp_path / "matrix.csv"
    rows = (
        '"Scale: None, Learning, Able (lowest first)"',
        "",
        "Competency,Junior,Senior",
        "SQL,Learning,Able",
    )
    matrix.write_text("\n".join([*rows, "Advice,None,Learning"]), "utf-8")
    succeeded("pack", "new", "ours", "--from-matrix", matrix, "--out", tmp_path / "ours")
    people = tmp_path / "people.csv"
    header = "Employee ID,Level,In level since,SQL (manager),Advice (manager)"
    people.write_text(
        "\n".join([header, "A,Junior,2024-01-01,Able,None", "B,Junior,2024-01-01,Able,"]), "utf-8"
    )
    found, roster = _judged(people, load_pack(tmp_path / "ours"))
    assert found["A"].recommendation == "ready_soon"
    assert [one.competency_title for one in found["A"].lowest] == ["Advice"]
    assert found["B"].recommendation == "insufficient_evidence"
    assert "declared_unrated" not in {issue.kind for issue in roster.issues}


@pytest.mark.parametrize(
    "line",
    [
        "Scale: Basic, Solid, Strong",
        '"Scale: Basic, Solid, Strong"',
        "Scale,Basic,Solid,Strong",
        "Scale:,Basic,Solid,Strong,(lowest first)",
        'Scale:,"Basic, Solid, Strong"',
        "Scale (highest first):,Strong,Solid,Basic",
        "Scale (highest first),Strong,Solid,Basic",
        "Scale: Strong, Solid, Basic (highest first)",
        "Scale: Strong,Solid,Basic,(highest first)",
    ],
)
def test_no_word_of_the_scale_is_lost_however_its_line_falls_into_cells(line: str) -> None:
    rest = ("Competency,Junior,Senior", "SQL,Solid,Strong", "Advice,Solid,Solid")
    ladder = _ladder("\n".join("|".join(cells) for cells in csv.reader([line, *rest])))
    assert ladder.scale.words == ("Basic", "Solid", "Strong")
    assert ladder.required[1, 0].rating == 3


def test_another_sheet_about_the_levels_and_the_end_of_a_range_are_not_passed_over_in_silence() -> None:
    rows = [["Competency", "Junior", "Senior"], ["SQL", "2-3", "3-4"], ["Advice", "1", "2"]]
    rules = [["Level", "Minimum years"], ["Junior", ""], ["Senior", "2"]]
    ladder = ladder_from_matrix(Grid("ladder.xlsx", "Matrix", rows, beside=rules), Answers())
    assert ladder.required[1, 0].rating == 3
    ranges, elsewhere = ladder.undecided[-2:]
    assert ranges == "Where a cell gives a range, such as 2-3 (B2), its lower end is required."
    assert elsewhere.startswith(
        "Another sheet names these levels too (Level, Minimum years). It was not read"
    )
    alone = ladder_from_matrix(Grid("ladder.xlsx", "Matrix", rows, beside=[["1", "Senior staff"]]), Answers())
    assert not [said for said in alone.undecided if "Another sheet" in said]


TIMES: dict[str, list[list[str]]] = {
    "below": [["Level", "Minimum time in level below"], ["L1", "-"], ["L2", "2 years"], ["L3", "36 months"]],
    "in the level itself": [
        ["Level", "Minimum time in level"],
        ["L1", "2 years"],
        ["L2", "3 years"],
        ["L3", ""],
    ],
    "levels across": [["", "L1", "L2", "L3"], ["Years in the previous level", "0", "2", "3"]],
    "promotions": [
        ["From", "To", "Minimum time in level"],
        ["L1", "L2", "2 years"],
        ["L2", "L3", "drei Jahre"],
    ],
    "German": [["Stufe", "Mindestzeit in der Stufe darunter"], ["L1", "–"], ["L2", "2 Jahre"], ["L3", "3"]],
}


@pytest.mark.parametrize("name", TIMES)
def test_minimum_times_on_another_sheet_are_read_where_it_is_certain_what_they_are(
    name: str, tmp_path: Path
) -> None:
    matrix = [["Competency", "L1", "L2", "L3"], ["Coding", 2, 3, 4], ["Testing", 1, 2, 3]]
    write_workbook(tmp_path / "ladder.xlsx", {"Matrix": matrix, "Rules": TIMES[name]})
    given = ("--from-matrix", str(tmp_path / "ladder.xlsx"), "--out", str(tmp_path / "ours"))
    said = succeeded("pack", "new", "ours", *given).stderr
    pack = load_pack(tmp_path / "ours")
    assert [one.tenure and one.tenure.from_years for one in pack.promotions] == [2, 3]
    assert "is read from another sheet (ladder.xlsx, Rules!" in said


LEVEL_SHEETS: dict[str, tuple[dict[str, list[list[object]]], list[list[int | None]]]] = {
    "words": (
        {
            "PM I": [
                ["Competency", "Expected"],
                ["Coding", "Basic"],
                ["Testing", "Basic"],
                ["Talking", "Basic"],
            ],
            "PM II": [
                ["Competency", "Expected"],
                ["Coding", "Solid"],
                ["Testing", "Basic"],
                ["Talking", "Solid"],
            ],
            "PM III": [
                ["Competency", "Expected"],
                ["Coding", "Strong"],
                ["Testing", "Solid"],
                ["Talking", "Solid"],
            ],
        },
        [[1, 1, 1], [2, 1, 2], [3, 2, 2]],
    ),
    "areas, a sheet to read first, times above and a competency from the second level on": (
        {
            "Read me": [["Our ladder"], ["Scale: 1 to 5"]],
            "L1": [
                ["Minimum years in previous level: 0"],
                ["Area", "Competency", "Required"],
                ["Craft", "Coding", 2],
                [None, "Testing", 1],
                ["People", "Talking", "-"],
            ],
            "L2": [
                ["Minimum years in previous level", "2"],
                ["Area", "Competency", "Required"],
                ["Craft", "Coding", 3],
                [None, "Testing", 2],
                ["People", "Talking", 2],
            ],
        },
        [[2, 1, None], [3, 2, 2]],
    ),
    "each level's own name above its ratings, headings between": (
        {
            "Nurse I": [
                ["Competency", "Nurse I"],
                ["CLINICAL"],
                ["Coding", 1],
                ["Testing", 1],
                ["TEAM"],
                ["Talking"],
            ],
            "Nurse II": [
                ["Competency", "Nurse II"],
                ["CLINICAL"],
                ["Coding", 2],
                ["Testing", 3],
                ["TEAM"],
                ["Talking", 1],
            ],
            "Times": [["Level", "Minimum time in level below"], ["Nurse II", "2 years"]],
        },
        [[1, 1, None], [2, 3, 1]],
    ),
}
"""By sheet its rows; by level and competency the rating."""


@pytest.mark.parametrize("name", LEVEL_SHEETS)
def test_a_ladder_with_a_sheet_for_each_level_is_one_matrix(name: str, tmp_path: Path) -> None:
    sheets, ratings = LEVEL_SHEETS[name]
    write_workbook(tmp_path / "ladder.xlsx", sheets)
    given = ("--from-matrix", str(tmp_path / "ladder.xlsx"), "--out", str(tmp_path / "ours"))
    succeeded("pack", "new", "ours", *given)
    pack = load_pack(tmp_path / "ours")
    expected = [{one.competency: one.rating for one in level.expects} for level in pack.levels]
    found = [[level.get(one) for one in ("coding", "testing", "talking")] for level in expected]
    assert found == ratings
    assert pack.levels[1].expects[0].cite.section.startswith(f"{pack.levels[1].title}!")
    if name != "words":
        assert [one.tenure and one.tenure.from_years for one in pack.promotions] == [2]
        assert len({one.category for one in pack.competencies}) == 2


def test_sheets_in_sentences_are_levels_and_those_of_professions_are_none(tmp_path: Path) -> None:
    sentences = {
        level: [
            ["Competency", "What we expect"],
            ["Coding", f"Does {what}"],
            ["Advice", f"Advises on {what}"],
        ]
        for level, what in {"Associate": "small things", "Consultant": "large things"}.items()
    }
    write_workbook(tmp_path / "ladder.xlsx", sentences)
    given = ("--from-matrix", str(tmp_path / "ladder.xlsx"), "--out", str(tmp_path / "ours"))
    succeeded("pack", "new", "ours", *given)
    assert load_pack(tmp_path / "ours").promotions[0].signals[0].looks_like == "Does large things"
    professions: dict[str, list[list[object]]] = {
        "Engineering": [["Competency", "Required"], ["Coding", 3], ["Testing", 2]],
        "Sales": [["Competency", "Required"], ["Closing", 3], ["Forecasts", 2]],
    }
    write_workbook(tmp_path / "others.xlsx", professions)
    refused = call("pack", "new", "x", "--from-matrix", tmp_path / "others.xlsx", "--out", tmp_path / "x")
    assert "no sheet holds a matrix of levels and competencies" in refused.output


def test_a_ladder_that_forks_is_asked_about_and_gives_each_way_its_promotions(tmp_path: Path) -> None:
    rows: list[list[object]] = [
        ["Competency", "Engineer", "Senior", "Staff", "Manager"],
        ["Coding", 2, 3, 5, 3],
        ["Design", 2, 3, 5, 3],
        ["People", 1, 2, 2, 4],
        ["Hiring", "-", 1, 2, 4],
    ]
    write_workbook(tmp_path / "ladder.xlsx", {"Matrix": rows})
    given = [
        "pack",
        "new",
        "ours",
        "--from-matrix",
        str(tmp_path / "ladder.xlsx"),
        "--out",
        str(tmp_path / "ours"),
    ]
    asked = call(*given).output
    assert "“Manager” requires less than “Staff” of Coding, Design; is it the next level" in asked
    branch = "Engineer, Senior, Staff; Senior, Manager"
    assert f'--levels "{branch}"' in asked
    said = succeeded(*given, "--levels", branch).stderr
    assert "4 levels: Engineer < Senior; Senior < Staff; Senior < Manager" in said
    pack = load_pack(tmp_path / "ours")
    assert [one.id for one in pack.promotions] == [
        "engineer_to_senior",
        "senior_to_staff",
        "senior_to_manager",
    ]
    manager = pack.promotions[-1]
    assert [pack.bar_of(manager, one) for one in manager.signals] == [3, 3, 4, 4]


def test_whose_time_a_matrix_means_is_read_off_its_ends_or_asked() -> None:
    matrix = "Competency | L1 | L2 | L3\nCoding | 1 | 2 | 3\nTesting | 1 | 2 | 3\n"
    own = _ladder(f"{matrix}Minimum time in level | 1 year | 2 years | -")
    assert [level.years for level in own.levels] == [None, 1, 2]
    assert "“Minimum time in level” is read as the time in each level before the next one." in own.undecided
    with pytest.raises(PackError, match="is it the time in the level itself, or in the level below"):
        _ladder(f"{matrix}Minimum time in level | 1 year | 2 years | 3 years")
    said = _ladder(f"{matrix}Minimum time in level below | 1 year | 2 years | 3 years")
    assert [level.years for level in said.levels] == [1, 2, 3]


def test_years_of_experience_are_neither_a_competency_nor_time_in_a_level() -> None:
    ladder = _ladder("""
        Competency | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Typical years of experience | 0-2 | 2-5 | 5+""")
    assert [one.title for one in ladder.competencies] == ["Coding"]
    assert [level.years for level in ladder.levels] == [None, None, None]
    assert any("not time in a level, and in no rule" in said for said in ladder.undecided)


def test_what_weights_decide_is_not_said_to_be_core_each_by_itself(packs: dict[str, RulePack]) -> None:
    said = [sentence for name in ("1", "3") for sentence in packs[name].undecided if "is core" in sentence]
    assert said == ["Every requirement is core: none makes up for another."]
    assert not [sentence for sentence in packs["3"].undecided if "is core" in sentence]


def test_headings_that_come_back_averages_and_totals_are_no_competencies() -> None:
    ladder = _ladder("""
        Competency | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Testing | 1 | 2 | 4
        Average | 1 | 2 | 3.5
        Total | 2 | 4 | 7

        Behaviour
        Competency | L1 | L2 | L3
        Talking | 1 | 2 | 3""")
    assert [(one.title, one.category) for one in ladder.competencies] == [
        ("Coding", None),
        ("Testing", None),
        ("Talking", "Behaviour"),
    ]
    assert (ladder.scale.highest, ladder.scale.step) == (5, 1)
    assert ladder.notes[0] == "“Average” (A4) sums up other rows and is not a competency."
    assert ladder.notes[1] == "The totals are in no rule, because the competencies have no weights."


def test_a_no_among_marks_is_an_empty_cell() -> None:
    ladder = _ladder("Competency | L1 | L2\nCoding | yes | yes\nOn call | no | yes\nDesign | no | no")
    assert (ladder.kind, [*ladder.required]) == ("prose", [(0, 0), (1, 0), (1, 1)])


def test_an_arrow_is_what_stands_before_it() -> None:
    ladder = _ladder("""
        Competency | L1 | L2 | L3
        Coding | Basic | Solid | →
        Testing | Basic | same as L1 | Strong
        Talking | Basic | Solid | Strong""")
    assert ladder.scale.words == ("Basic", "Solid", "Strong")
    assert [ladder.required[at, 0].rating for at in range(3)] == [1, 2, 2]
    assert [ladder.required[at, 1].rating for at in range(3)] == [1, 1, 3]


def test_an_arrow_is_the_time_and_the_name_that_stand_before_it() -> None:
    ladder = _ladder("""
        Competency | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Testing | 1 | 2 | 3
        Minimum years in level below | | 2 | →
        Reports to | Lead | → | Head""")
    assert [level.years for level in ladder.levels] == [None, 2, 2]


def test_no_name_is_no_other_name() -> None:
    ladder = _ladder("""
        Competency | L1 | L2 | L3
        Coding | 1 | 2 | 3
        Testing | 1 | 2 | 3
        Job title | Engineer | n/a | Staff""")
    assert [level.aliases for level in ladder.levels] == [("Engineer",), (), ("Staff",)]


def test_circles_filled_by_quarters_are_ratings_from_0_to_4() -> None:
    text = """
        Competency | L1 | L2 | L3
        Coding | ○ | ◔ | ◑
        Testing | ◔ | ◕ | ●"""
    ladder = _ladder(text)
    assert [ladder.required[level, one].rating for one in (0, 1) for level in range(3)] == [0, 1, 2, 1, 3, 4]
    assert (ladder.scale.lowest, ladder.scale.highest) == (0, 4)
    assert "Circles are read as ratings from 0 (○) to 4 (●)." in ladder.undecided
    with pytest.raises(PackError, match="“○” holds neither a word nor a number"):
        _ladder(f"{text}\n\n1 and 2 are ○ and ◔")


@pytest.mark.parametrize(
    ("line", "lowest", "highest"),
    [("○ = 1, ◔ = 2, ● = 3", 1, 3), ("1: ○ | 2: ◔ | 5: ●", 1, 5), ("○ = 0, ◔ = 1, ◑ = 2, ● = 3", 0, 3)],
)
def test_signs_are_the_ratings_that_a_line_gives_them(line: str, lowest: int, highest: int) -> None:
    ladder = _ladder(f"""
        {line} |
        Competency | L1 | L2 | L3
        Coding | ○ | ◔ | ●
        Testing | ○ | ○ | ●""")
    assert [ladder.required[level, 0].rating for level in (0, 2)] == [lowest, highest]
    assert (ladder.scale.lowest, ladder.scale.highest) == (lowest, highest)
    assert any("Signs are read as the ratings that a line gives them" in said for said in ladder.undecided)


@pytest.mark.parametrize(("no", "yes"), [("○", "●"), ("✗", "✓"), ("", "●")])
def test_signs_without_numbers_say_whether_something_is_expected(no: str, yes: str) -> None:
    ladder = _ladder(f"""
        {yes} = shown | {no or "✗"} = not yet | ✘ = never
        Competency | L1 | L2 | L3
        Coding | {yes} | {yes} | {yes}
        Testing | {no} | {yes} | {yes}
        Leading | {no} | {no} | {yes}""")
    assert ladder.kind == "prose"
    assert [*ladder.required] == [(0, 0), (1, 0), (2, 0), (1, 1), (2, 1), (2, 2)]
    assert any(f"this line was not read: {yes} = shown" in said for said in ladder.undecided)


def test_a_number_and_its_word_are_a_rating_also_without_a_dash() -> None:
    ladder = _ladder("""
        Competency | L1 | L2 | L3
        Coding | 1 Basic | 3 Good | 5 Expert
        Testing | 1 Basic | 3 Good | 3 Good""")
    assert (ladder.kind, ladder.scale.highest) == ("numbers", 5)
    required = [ladder.required[level, 0] for level in range(3)]
    assert [(one.rating, one.prose) for one in required] == [(1, None), (3, None), (5, None)]
    times = _ladder("""
        Competency | L1 | L2 | L3
        Leading | 1 year | 2 years | 2 years
        Coaching | 1 year | 2 years | 2 years""")
    assert times.kind == "words"


def test_the_numbers_of_a_legend_are_the_ends_of_the_scale() -> None:
    rows = [["Skill", "L1", "L2"], ["Coding", "1", "3"], ["Talking", "0", "1"]]
    legend = [
        ["Score", "Meaning"],
        ["0", "None"],
        ["1", "Basic"],
        ["2", "Able"],
        ["3", "Good"],
        ["4", "Best"],
    ]
    scale = ladder_from_matrix(Grid("ladder.xlsx", "Matrix", rows, beside=legend), Answers()).scale
    assert (scale.lowest, scale.highest) == (0, 4)


def test_shares_of_one_are_percentages() -> None:
    ladder = _ladder("Competency | L1 | L2\nCoding | 0.5 | 0.75\nTesting | 0.5 | 1")
    assert (ladder.scale.highest, ladder.required[1, 0].rating, ladder.required[1, 1].rating) == (
        100,
        75,
        100,
    )


def test_required_and_optional_are_importance_also_by_their_letters() -> None:
    ladder = _ladder("Competency | Required/Optional | L1 | L2\nCoding | R | 1 | 2\nTesting | O | 1 | 2")
    assert [one.importance for one in ladder.competencies] == ["core", "supporting"]


def test_a_line_that_speaks_of_months_is_not_passed_over_in_silence() -> None:
    ladder = _ladder(
        "Competency | L1 | L2\nCoding | 1 | 2\n\nEach level is held for 12 months before the next."
    )
    assert ladder.undecided[-1].startswith("A line was not read and may be a rule (A4): Each level")


def test_a_senior_level_that_comes_first_is_asked_about_whatever_the_cells_say() -> None:
    for cells in ("Strong | Basic", "Leads the design of systems | Writes code that others designed"):
        with pytest.raises(
            PackError, match='which is the lowest level\\? Say it with --levels "Junior, Senior"'
        ):
            _ladder(f"Competency | Senior | Junior\nCoding | {cells}\nTesting | {cells}")
    with pytest.raises(PackError, match='--levels "PM I, PM II, PM III"'):
        _ladder("Competency | PM III | PM II | PM I\nCoding | Strong | Solid | Basic")


def test_cells_that_say_required_and_optional_are_no_ratings_until_somebody_says_so() -> None:
    with pytest.raises(PackError, match="the cells say R and O: what is required and what is optional"):
        _ladder("Competency | L1 | L2\nCoding | R | R\nTesting | O | R\nTalking | O | R")


def test_a_level_that_requires_nothing_is_refused() -> None:
    ladder = _ladder("Competency | L1 | L2\nCoding | 1 | 1\nTesting | 1 | 1")
    with pytest.raises(PackError, match="L2 requires nothing above the lowest rating"):
        sound_pack(ladder, "ours", "Ours", Answers())


def test_a_competency_of_which_no_level_requires_anything_is_named_with_its_cell() -> None:
    ladder = _ladder("Competency | Core or supporting | L1 | L2\nCoding | core | 2 | 3\nTesting | core | | ")
    with pytest.raises(PackError, match=r"ladder\.xlsx, Matrix, A3: no level requires anything of Testing"):
        sound_pack(ladder, "ours", "Ours", Answers())


def _ladder(text: str, answers: Answers = Answers()) -> Ladder:  # noqa: B008 - frozen
    rows = [[cell.strip() for cell in line.split("|")] for line in text.strip("\n").splitlines()]
    width = max(map(len, rows))
    return ladder_from_matrix(
        Grid("ladder.xlsx", "Matrix", [row + [""] * (width - len(row)) for row in rows]), answers
    )


def _book(path: Path, rows: list[list[object]], merged: list[str]) -> None:
    def merge(book: Workbook) -> None:
        for cells in merged:
            book.worksheets[0].merge_cells(cells)

    write_sheet(path, *rows, change=merge)


def _judged(people: Path, pack: RulePack) -> tuple[dict[str, Explanation], Roster]:
    roster = load_roster((people,), vocabulary_of(pack), DAY)
    return {one.employee_id: one for one in explain(assess(roster, pack, DAY))}, roster


def test_a_pack_speaks_of_totals_only_where_the_ladder_has_some(packs: dict[str, RulePack]) -> None:
    assert "a rating of each competency and a total at each level" in packs["3"].about
    ladder = _ladder("Competency | L1 | L2\nCoding | 1 | 2\nTesting | 1 | 3")
    pack = pack_of(ladder, "ours", "Ours", Answers())
    assert "requires a rating of each competency at each level" in pack.about
