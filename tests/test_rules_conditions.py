"""The condition language: what it reads, what it refuses and in which words, and that it prints back."""

import re
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules import Fact, PackError, facts_named, parse_condition, show
from rules.conditions import DEEPEST, All, Always, Any, Compare, Condition, Flag, Known, Not, OneOf

TENURES = ("early", "typical", "overdue", "unknown")
FACTS = {
    fact.name: fact
    for fact in (
        Fact("core_gap", "number", "core gaps", unit="signals"),
        Fact("score", "number", "mean score", unit="points", may_be_unknown=True),
        Fact("coverage", "number", "share rated", unit="share"),
        Fact("tenure", "category", "time so far", values=TENURES),
        Fact("finding.overdue", "flag", "overdue was found"),
    )
}


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("always", Always()),
        ("finding.overdue", Flag("finding.overdue")),
        ("known(score)", Known("score")),
        ("core_gap >= 1", Compare("core_gap", ">=", Decimal(1))),
        ("score < 3.75", Compare("score", "<", Decimal("3.75"))),
        ('tenure == "early"', OneOf("tenure", frozenset({"early"}))),
        ("tenure != 'early'", OneOf("tenure", frozenset({"typical", "overdue", "unknown"}))),
        ('tenure in ("early", "overdue")', OneOf("tenure", frozenset({"early", "overdue"}))),
        ('tenure not in ("early", "overdue")', OneOf("tenure", frozenset({"typical", "unknown"}))),
        ("not finding.overdue", Not(Flag("finding.overdue"))),
        (
            "always or finding.overdue and not known(score)",
            Any((Always(), All((Flag("finding.overdue"), Not(Known("score")))))),
        ),
        (
            "(always or finding.overdue) and known(score)",
            All((Any((Always(), Flag("finding.overdue"))), Known("score"))),
        ),
    ],
)
def test_a_condition_is_read_as_its_grammar_says(text: str, tree: Condition) -> None:
    assert parse_condition(text, FACTS) == tree


@pytest.mark.parametrize(
    ("text", "column", "words"),
    [
        ("1 <= core_gap <= 3", 1, "a range is written as two comparisons"),
        ("core_gap >= 1 >= 0", 15, "comparisons cannot be chained"),
        ("core_gap + 1 > 2", 10, "does not calculate"),
        ("core_gap >= 1 && always", 15, "write `and`"),
        ("core_gap >= 1 AND always", 15, "write `and` in small letters"),
        ("core_gap = 1", 10, "write `==` to compare"),
        ("core_gap >= 1.", 13, "write a plain number"),
        ("core_gap >= 1e3", 13, "write a plain number"),
        ("core_gap", 9, "expected a comparison of the number `core_gap`"),
        ("core_gap in (1, 2)", 10, "`core_gap` is a number"),
        ("core_gap == score", 13, "two facts cannot be compared"),
        ('core_gap == "1"', 13, "is compared with a number"),
        ("coverage >= 60", 13, "sixty per cent is `0.6`"),
        ("core_gaps >= 1", 1, "did you mean `core_gap`?"),
        ("overdue", 1, "did you mean `finding.overdue`?"),
        ("finding.overdue == 1", 17, "needs no comparison"),
        ('tenure < "early"', 8, "have no order"),
        ("tenure == early", 11, "in quotes"),
        ('tenure == "erly"', 11, "did you mean `early`?"),
        ('tenure in ("early", "typical", "overdue", "unknown")', 12, "holds always"),
        ('tenure not in ("early", "typical", "overdue", "unknown")', 16, "holds never"),
        ('tenure in "early"', 11, "expected `(`"),
        ("known(tenure)", 7, 'write `tenure != "unknown"`'),
        ("known(core_gap)", 7, "would always hold"),
        ("known score", 7, "expected `(` after `known`"),
        ("(always", 8, "expected `)` to close the bracket"),
        ("always)", 7, "closes no bracket"),
        ("always always", 8, "expected `and`, `or` or the end"),
        ("not", 4, "expected a fact"),
        ("(" * 2000, 31, "more than 30 brackets"),
        ("not " * 2000, 121, "more than 30 brackets"),
        ("", 1, "expected a fact"),
    ],
)
def test_a_mistake_is_told_with_its_column_and_what_would_be_right(
    text: str, column: int, words: str
) -> None:
    with pytest.raises(PackError) as refusal:
        parse_condition(text, FACTS)
    assert str(refusal.value).startswith(f"column {column}: ")
    assert words in str(refusal.value)


def _atoms() -> st.SearchStrategy[Condition]:
    numbers = st.decimals(min_value=-99, max_value=99, places=2, allow_nan=False)
    counts = st.sampled_from(["core_gap", "score"])
    operators = st.sampled_from(["==", "!=", "<", "<=", ">", ">="])
    shares = st.decimals(min_value=0, max_value=1, places=2)
    return st.one_of(
        st.just(Always()),
        st.just(Flag("finding.overdue")),
        st.just(Known("score")),
        st.builds(Compare, counts, operators, numbers),
        st.builds(Compare, st.just("coverage"), operators, shares),
        st.builds(OneOf, st.just("tenure"), st.frozensets(st.sampled_from(TENURES), min_size=1, max_size=3)),
    )


def _joined(parts: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    several = st.lists(parts, min_size=2, max_size=4).map(tuple)
    return st.one_of(st.builds(Not, parts), st.builds(All, several), st.builds(Any, several))


def _can_be_read(tree: Condition) -> bool:
    text = show(tree)
    return text.count("(") + len(re.findall(r"\bnot\b", text)) <= DEEPEST


CONDITIONS: st.SearchStrategy[Condition] = st.recursive(_atoms(), _joined, max_leaves=12).filter(_can_be_read)


@given(CONDITIONS)
def test_every_tree_printed_and_read_again_is_the_same_tree(tree: Condition) -> None:
    assert parse_condition(show(tree), FACTS) == tree


@given(CONDITIONS)
def test_the_facts_named_are_those_of_the_text(tree: Condition) -> None:
    text = show(tree)
    assert set(facts_named(tree)) == {name for name in FACTS if name in text}


@given(st.text(alphabet="acdefgnorstuy_.()<>=!\"' 0123456789", max_size=40))
def test_any_text_is_read_or_refused_in_words(text: str) -> None:
    try:
        tree = parse_condition(text, FACTS)
    except PackError as refusal:
        words = str(refusal)
    else:
        words = f"column 0: {show(tree)}"
        assert parse_condition(show(tree), FACTS) == tree
    assert words.startswith("column ")
