"""Numbers stay exact from the file's text to the status of a signal, and cases from people and back."""

import random
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import assess, vocabulary_of
from engine.decide import cases
from engine.decide.cases import distinct_combinations
from inputs import UNITS_PER_POINT
from inputs.loading import load_roster
from rules import STATUSES, PackError, Promotion, RulePack, Signal, load_pack
from rules.pack import Bars, Scale, SignalOverride, Specialisation
from tests.small import CITE, RULES, pack, roster, rule, signal

DAY = date(2026, 6, 30)
STEP = Decimal("0.0001")


def written(points: Decimal, dice: random.Random) -> str:
    """A number as people and programs write it."""
    text = dice.choice([f"{points}", f"{points:.4f}", f" {points} "])
    return f'"{text.replace(".", ",")}"' if dice.random() < 0.3 else text


def test_every_rating_of_four_decimals_is_read_exactly(tmp_path: Path) -> None:
    dice = random.Random(4)
    pack = load_pack("product_management")
    points = [Decimal(dice.randint(10_000, 50_000)) / 10_000 for _ in range(600)]
    rows = [f"E{n},Product Manager,{written(p, dice)}" for n, p in enumerate(points)]
    path = tmp_path / "ratings.csv"
    path.write_text("\n".join(["Employee ID,Level,Communication (manager)", *rows]), encoding="utf-8")

    roster = load_roster([path], vocabulary_of(pack), DAY)

    assert roster.ratings["communication:manager"].to_list() == [int(p * UNITS_PER_POINT) for p in points]


def signal_of_two(pack: RulePack) -> tuple[Promotion, Signal]:
    """A signal that rests on two competencies of equal weight."""
    return next(
        (promotion, signal)
        for promotion in pack.promotions
        for signal in promotion.signals
        if len(signal.competencies) == 2 and len(set(signal.weights.values())) == 1
    )


@pytest.mark.parametrize(("under", "status"), [(0, "met"), (1, "near")])
def test_a_score_that_equals_the_bar_is_met_and_a_ten_thousandth_less_is_not(
    under: int, status: str, tmp_path: Path
) -> None:
    pack = load_pack("product_management")
    promotion, signal = signal_of_two(pack)
    bar = pack.bar_of(promotion, signal)
    level = pack.level(promotion.from_level).title
    first, second = (pack.competency(name).title for name in signal.competencies)
    room = int((pack.scale.highest - bar) * 10_000)
    rows = [
        f"E{n},{level},{bar + STEP * n},{bar - STEP * (n + under)}"
        for n in range(0, room - under, room // 300)
    ]
    path = tmp_path / "ratings.csv"
    head = f"Employee ID,Level,{first} (manager),{second} (manager)"
    path.write_text("\n".join([head, *rows]), encoding="utf-8")

    assessment = assess(load_roster([path], vocabulary_of(pack), DAY), pack, DAY)

    seen = assessment.of(promotion).evidence[f"{signal.id}.status"]
    assert len(seen) > 250
    assert {STATUSES[code] for code in seen} == {status}


def test_thirds_of_a_point_add_up_to_the_bar() -> None:
    third = UNITS_PER_POINT // 3
    assert 3 * third == UNITS_PER_POINT
    assert all(UNITS_PER_POINT % parts == 0 for parts in range(1, 11))


@pytest.mark.parametrize(("constant", "band"), [("0.7777", "ready_now"), ("0.7778", "developing")])
def test_a_share_is_compared_exactly_to_the_last_decimal(constant: str, band: str) -> None:
    names = "abcdefghi"
    rules = (
        rule("T-R1", f"core_met_share >= {constant}", recommendation="ready_now"),
        rule("T-R2", f"core_met_share < {constant}", recommendation="developing"),
        RULES[-1],
    )
    person = {f"{name}:manager": 4 if place < 7 else 1 for place, name in enumerate(names)}
    assessed = assess(roster([person]), pack([signal(name) for name in names], rules), DAY)
    assert assessed.recommendations["recommendation"].to_list() == [band]


@pytest.mark.parametrize("people", [1, cases.FEW_PEOPLE + 1])
def test_sums_that_do_not_fit_into_32_bits_are_compared_exactly(people: int) -> None:
    """A specialisation with such weights stands beside everybody else, whose sums fit."""
    light = signal("drive", weights={"a": "1", "b": "1"})
    heavy = SignalOverride(
        promotion="up",
        reason="Because.",
        signal="drive",
        competencies={"a": Decimal(1001), "b": Decimal(1000)},
    )
    special = Specialisation(id="heavy", title="Heavy", about="Weighs.", signal_overrides=(heavy,), cite=CITE)
    asked = pack([light], expects={"a": "2"}, bars=Bars(core=Decimal("3.5"), supporting=Decimal(3)))
    asked = asked.model_copy(update={"specialisations": (special,)})
    above, below = {"a:manager": 4, "b:manager": 3}, {"a:manager": 3, "b:manager": 4}
    given = [{**one, "specialisation": name} for name in ("heavy", None) for one in (above, below)] * people

    found = assess(roster(given), asked, DAY).recommendations["recommendation"].to_list()

    # (1001 * 3 + 1000 * 4) / 2001 is 3.49975
    assert found == ["ready_now", "ready_soon", "ready_now", "ready_now"] * people


@pytest.mark.parametrize(
    ("rating", "band"), [("3.9999", "developing"), ("4", "ready_now"), ("5", "ready_now")]
)
@pytest.mark.parametrize("fact", ["score", "lowest_score"])
def test_scores_over_many_signals_of_different_weights_are_compared_exactly(
    fact: str, rating: str, band: str
) -> None:
    weights = [{"a": "2", "b": "3"}, {"a": "1", "b": "4"}, {"a": "4"}, {"b": "1"}, {"a": "3"}]  # 60 in common
    signals = [signal(f"s{place}", weights=some) for place, some in enumerate(weights)]
    rules = (
        rule("T-R1", f"{fact} >= 4", recommendation="ready_now"),
        rule("T-R2", f"{fact} < 4 or not known({fact})", recommendation="developing"),
        RULES[-1],
    )
    person = {"a:manager": rating, "b:manager": rating}
    assessed = assess(roster([person]), pack(signals, rules), DAY)
    assert assessed.recommendations["recommendation"].to_list() == [band]


frames = st.dictionaries(st.sampled_from("abcd"), st.integers(1, 6), min_size=1, max_size=4).flatmap(
    lambda sizes: st.tuples(
        st.just(sizes),
        st.lists(st.tuples(*(st.integers(0, size - 1) for size in sizes.values())), max_size=30),
    )
)


@pytest.mark.parametrize(
    ("few", "table", "key"),
    [(2_000, 0, 0), (0, 2**20, 2**62), (0, 1, 2**62), (0, 1, 7), (0, 40, 40), (0, 2**20, 7)],
)
def test_people_and_their_distinct_combinations_belong_together(
    few: int, table: int, key: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One by one, through the table, through a join, and through several keys."""
    monkeypatch.setattr(cases, "FEW_PEOPLE", few)
    monkeypatch.setattr(cases, "LARGEST_TABLE", table)
    monkeypatch.setattr(cases, "LARGEST_KEY", key)

    @settings(max_examples=40)
    @given(drawn=frames)
    def belong_together(drawn: tuple[Mapping[str, int], list[tuple[int, ...]]]) -> None:
        sizes, rows = drawn
        frame = pl.DataFrame(rows, schema=dict.fromkeys(sizes, pl.UInt8), orient="row")
        case, distinct = distinct_combinations(frame, sizes)
        combinations = distinct.rows()
        assert [combinations[n] for n in case] == rows
        assert combinations == sorted(set(rows))

    belong_together()


def test_more_combinations_than_whole_numbers_of_64_bits_are_told_apart(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(cases, "FEW_PEOPLE", 0)
    sizes = {f"fact {number}": 2 for number in range(70)}
    rows = [tuple(int(place == one) for place in range(70)) for one in (None, 0, 69, 35, 0)]
    case, distinct = distinct_combinations(
        pl.DataFrame(rows, schema=dict.fromkeys(sizes, pl.UInt8), orient="row"), sizes
    )
    assert [distinct.row(n) for n in case] == rows


@pytest.mark.parametrize("bar", ["3.33333", "3.3333333333333333"])
def test_a_bar_that_could_not_be_compared_exactly_is_refused(bar):
    assert Bars(core=Decimal("3.3333"), supporting=Decimal(3)).core == Decimal("3.3333")
    with pytest.raises(ValueError, match="four decimals"):
        Bars(core=Decimal(bar), supporting=Decimal(3))


def test_weights_that_could_not_be_added_up_exactly_are_refused_with_what_to_do():
    uneven = signal("drive", weights={name: f"{n}.{n}{n}{n}7" for n, name in enumerate("abcdefgh", start=1)})
    people = roster([{"a:manager": 4}])
    scale = Scale(lowest=Decimal(0), highest=Decimal(1000))
    with pytest.raises(PackError, match=r"Drive.*round them to small whole numbers"):
        assess(people, pack((uneven,)).model_copy(update={"scale": scale}), DAY)
