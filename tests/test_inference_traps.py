"""Each trap of durable-rules that our use comes near, and that we do not fall into it."""

import multiprocessing
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest
from durable.engine import Host
from hypothesis import given, settings
from hypothesis import strategies as st

from engine import InferenceError, assess
from engine.decide import inference
from engine.decide.discretization import conjunctions_of, cuts_for
from engine.decide.inference import CompiledRule, fire
from rules import Fact, load_pack, parse_condition
from tests.random_packs import random_pack, random_roster

DAY = date(2026, 6, 30)
NUMBER = Fact("x", "number", "a number", unit="points", may_be_unknown=True)


@pytest.fixture(autouse=True)
def _fresh_engine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test starts without rulesets of the tests before it."""
    monkeypatch.setattr(inference, "_engine", None)


@pytest.fixture
def handed_over(monkeypatch: pytest.MonkeyPatch) -> list[tuple[str, list[dict[str, Any]]]]:
    """Every batch of facts that reaches durable-rules, with its ruleset."""
    batches: list[tuple[str, list[dict[str, Any]]]] = []
    stock = Host.assert_facts

    def watched(self: Host, ruleset: str, facts: list[dict[str, Any]]) -> Any:
        batches.append((ruleset, [dict(fact) for fact in facts]))
        return stock(self, ruleset, facts)

    monkeypatch.setattr(Host, "assert_facts", watched)
    return batches


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The name of every ruleset that durable-rules builds."""
    names: list[str] = []
    stock = Host.set_rulesets

    def watched(self: Host, definitions: dict[str, Any]) -> Any:
        names.extend(definitions)
        return stock(self, definitions)

    monkeypatch.setattr(Host, "set_rulesets", watched)
    return names


def rule(code: str, *conjunctions: Mapping[str, set[int]]) -> CompiledRule:
    return CompiledRule(code, tuple({f: frozenset(bins) for f, bins in c.items()} for c in conjunctions))


def plainly(rules: Sequence[CompiledRule], cases: Sequence[Mapping[str, int]]) -> list[tuple[str, ...]]:
    """What fires, said in plain Python."""

    def holds(each: CompiledRule, case: Mapping[str, int]) -> bool:
        return any(all(case[f] in bins for f, bins in c.items()) for c in each.conjunctions)

    return [tuple(each.code for each in rules if holds(each, case)) for case in cases]


@pytest.mark.parametrize("seed", [0, 3])
def test_only_whole_small_complete_facts_with_batch_positions_as_ids_reach_the_engine(
    seed: int, handed_over: list[tuple[str, list[dict[str, Any]]]]
) -> None:
    pack = load_pack("product_management") if seed == 0 else random_pack(seed)
    assess(random_roster(seed, pack, DAY, people=700), pack, DAY)

    assert handed_over
    for _, facts in handed_over:
        assert [fact["id"] for fact in facts] == [str(place) for place in range(len(facts))]
        assert {tuple(fact) for fact in facts} == {tuple(facts[0])}, "a field is missing somewhere"
        assert "sid" not in facts[0]
        values = {value for fact in facts for name, value in fact.items() if name != "id"}
        assert all(type(value) is int and 0 <= value < 256 for value in values)


def test_no_batch_is_larger_than_what_durable_rules_holds(
    handed_over: list[tuple[str, list[dict[str, Any]]]],
) -> None:
    cases = [{"a": n % 7, "b": n % 5} for n in range(1_000)]
    rules = [rule("LOW", {"a": {0, 1}}), rule("BOTH", {"a": {2, 4}, "b": {1, 3}})]

    assert fire(rules, cases) == plainly(rules, cases)
    assert [len(facts) for _, facts in handed_over] == [256, 256, 256, 232]


def test_rules_fire_in_the_order_of_the_pack_not_of_their_names() -> None:
    codes = ["Z-9", "A-1", *(f"M-{n}" for n in range(12)), "B-2"]
    rules = [rule(code, {"a": {1}}) for code in codes]

    assert fire(rules, [{"a": 1}]) == [tuple(codes)]


def test_more_rules_than_a_ruleset_holds_all_fire_in_order(built: list[str]) -> None:
    rules = [rule(f"R-{n}", {"a": set(range(n % 9, 10))}) for n in range(200)]
    cases = [{"a": n} for n in range(10)]

    assert fire(rules, cases) == plainly(rules, cases)
    assert len(built) >= 4


def test_alternatives_that_hold_at_once_name_the_rule_once() -> None:
    several = rule("OR", {"a": {1}}, {"b": {1}}, {"a": {0, 1}, "b": {0, 1}})

    assert fire([several], [{"a": 1, "b": 1}, {"a": 0, "b": 2}]) == [("OR",), ()]


def test_bins_with_holes_match_exactly_their_bins() -> None:
    holed = rule("HOLES", {"a": {0, 2, 3, 7}})

    assert fire([holed], [{"a": n} for n in range(9)]) == [
        ("HOLES",) if n in {0, 2, 3, 7} else () for n in range(9)
    ]


def test_a_rule_without_conditions_fires_on_everybody_and_an_impossible_one_on_nobody() -> None:
    rules = [rule("NEVER"), rule("ALWAYS", {})]

    assert fire(rules, [{}, {}]) == [("ALWAYS",), ("ALWAYS",)]


def test_nobody_in_nothing_out() -> None:
    assert fire([rule("ANY", {"a": {1}})], []) == []


def test_equal_cases_are_told_apart() -> None:
    assert fire([rule("ONE", {"a": {1}})], [{"a": 1}, {"a": 1}, {"a": 0}]) == [("ONE",), ("ONE",), ()]


@pytest.mark.parametrize("name", ["id", "sid", "$s", "k", "m", "$and", "$m", "f0"])
def test_a_fact_may_be_called_what_durable_rules_calls_its_own(name: str) -> None:
    rules = [rule("SEEN", {name: {2}}), rule("OTHER", {name: {0}})]

    assert fire(rules, [{name: 2}, {name: 1}, {name: 0}]) == [("SEEN",), (), ("OTHER",)]


def test_a_missing_number_makes_neither_a_comparison_nor_its_opposite_true() -> None:
    texts = [
        "x >= 3",
        "not (x >= 3)",
        "x < 3",
        "x != 3",
        "not (x != 3)",
        "not (x == 3)",
        "not (not (x > 3))",
        "known(x)",
        "not known(x)",
        "x >= 3 or not known(x)",
        "not (x >= 3 and known(x))",
    ]
    conditions = {text: parse_condition(text, {"x": NUMBER}) for text in texts}
    cuts = cuts_for(conditions.values(), {"x": NUMBER})
    rules = [CompiledRule(text, conjunctions_of(tree, cuts)) for text, tree in conditions.items()]
    missing = cuts["x"].size - 1

    assert fire(rules, [{"x": missing}]) == [
        ("not known(x)", "x >= 3 or not known(x)", "not (x >= 3 and known(x))")
    ]


def test_a_ruleset_is_built_once_however_often_it_runs(built: list[str]) -> None:
    pack = random_pack(3)
    for seed in range(3):
        assess(random_roster(seed, pack, DAY, people=60), pack, DAY)

    assert built
    assert len(built) == len(set(built))


def test_no_thread_is_started() -> None:
    before = threading.active_count()
    fire([rule("ONE", {"a": {1}})], [{"a": 1}])

    assert threading.active_count() == before


def test_threads_that_ask_at_once_get_their_own_answers() -> None:
    rules = [rule(f"R-{n}", {"a": {n}}) for n in range(5)]

    def ask(shift: int) -> bool:
        cases = [{"a": (n + shift) % 5} for n in range(300)]
        return all(fire(rules, cases) == plainly(rules, cases) for _ in range(5))

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(ask, range(4)))


def _ask_in_child(shift: int) -> bool:
    rules = [rule(f"R-{n}", {"a": {n}}) for n in range(5)]
    cases = [{"a": (n + shift) % 5} for n in range(300)]
    return fire(rules, cases) == plainly(rules, cases)


def test_a_forked_process_gets_right_answers_from_the_engine_it_inherits() -> None:
    assert _ask_in_child(0)
    with multiprocessing.get_context("fork").Pool(2) as pool:
        assert pool.map(_ask_in_child, range(4)) == [True] * 4


class _Broken:
    """An action that fails the first time."""

    def __init__(self, error: BaseException) -> None:
        self.error = error

    def __call__(self, _: object) -> None:
        raise self.error


@pytest.mark.parametrize("error", [ValueError("lost"), KeyboardInterrupt(), SystemExit(3)])
def test_what_an_action_raises_is_not_swallowed_and_the_next_run_is_right(
    error: BaseException, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as broken:
        broken.setattr(inference._Recorder, "action", lambda _, __: _Broken(error))
        with pytest.raises(InferenceError):
            fire([rule("ONE", {"a": {1}})], [{"a": 1}])

    assert fire([rule("ONE", {"a": {1}})], [{"a": 1}, {"a": 0}]) == [("ONE",), ()]


def test_an_error_inside_our_own_action_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    class Unreadable(inference._Recorder):
        def action(self, index: int) -> Any:
            record = super().action(index)
            return lambda _: record(object())

    monkeypatch.setattr(inference, "_Recorder", Unreadable)
    with pytest.raises(InferenceError, match="action"):
        fire([rule("ONE", {"a": {1}})], [{"a": 1}])


def losing(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return facts[:-1]


def doubling(facts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [facts[0] | {"id": "1"}, *facts[1:]]


@pytest.mark.parametrize("harm", [losing, doubling])
def test_a_case_that_does_not_run_to_its_end_stops_the_work(
    harm: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    stock = Host.assert_facts
    with monkeypatch.context() as broken:
        broken.setattr(Host, "assert_facts", lambda self, name, facts: stock(self, name, harm(facts)))
        with pytest.raises(InferenceError):
            fire([rule("ONE", {"a": {1}})], [{"a": 1}, {"a": 0}, {"a": 1}])

    assert fire([rule("ONE", {"a": {1}})], [{"a": 1}, {"a": 0}]) == [("ONE",), ()]


@pytest.mark.parametrize("state", [None, {"exception": "something"}])
def test_a_state_that_is_not_clean_stops_the_work(state: object, monkeypatch: pytest.MonkeyPatch) -> None:
    stock = Host.assert_facts

    def unclean(self: Host, name: str, facts: list[dict[str, Any]]) -> object:
        stock(self, name, facts)
        return state

    monkeypatch.setattr(Host, "assert_facts", unclean)
    with pytest.raises(InferenceError, match="state"):
        fire([rule("ONE", {"a": {1}})], [{"a": 1}])


def test_rules_that_fire_out_of_order_stop_the_work(monkeypatch: pytest.MonkeyPatch) -> None:
    stock = inference._rule

    def same_priority(priority: int, terms: list[object], action: Any) -> dict[str, object]:
        return stock(priority if priority == inference.CATCH_ALL_PRIORITY else 50 - priority, terms, action)

    monkeypatch.setattr(inference, "_rule", same_priority)
    with pytest.raises(InferenceError, match="order"):
        fire([rule("ONE", {"a": {1}}), rule("TWO", {"a": {1}})], [{"a": 1}])


def test_facts_of_one_batch_are_gone_in_the_next() -> None:
    rules = [rule("ONE", {"a": {1}})]
    for _ in range(3):
        assert fire(rules, [{"a": 1}] * 256) == [("ONE",)] * 256
        assert fire(rules, [{"a": 0}] * 256) == [()] * 256


def bins() -> st.SearchStrategy[frozenset[int]]:
    return st.frozensets(st.integers(0, 4), min_size=1)


def compiled_rules() -> st.SearchStrategy[list[CompiledRule]]:
    conjunction = st.dictionaries(st.sampled_from("abc"), bins(), max_size=3)
    alternatives = st.lists(conjunction, max_size=3).map(tuple)
    return st.lists(alternatives, max_size=12).map(
        lambda rules: [CompiledRule(f"R-{n}", conjunctions) for n, conjunctions in enumerate(rules)]
    )


def cases() -> st.SearchStrategy[list[dict[str, int]]]:
    return st.lists(st.fixed_dictionaries(dict.fromkeys("abc", st.integers(0, 4))), max_size=8)


@settings(max_examples=60)
@given(rules=compiled_rules(), asked=cases())
def test_what_fires_is_what_plain_python_says(rules: list[CompiledRule], asked: list[dict[str, int]]) -> None:
    assert fire(rules, asked) == plainly(rules, asked)
