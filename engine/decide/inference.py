"""The rule engine: distinct cases in, the rules that fire on each of them out.

The only module that talks to durable-rules. It stays inside what was measured to be safe: rules as data,
facts that are small whole numbers and always complete, batches of at most 256 facts whose ids are their
positions in the batch, no threads, a catch-all rule that proves that each case ran to its end, and actions
that do nothing but append to a list.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from threading import Lock

from engine.decide.discretization import Conjunction, runs_of
from rules.pack import PackError

try:
    from durable.engine import Host
except ImportError as error:  # on Python 3.13 a build of upstream's sources succeeds and the import fails
    raise ImportError(
        "the rule engine (durable-rules) cannot be loaded: set everything up anew with python make.py setup, "
        f"or install it from a wheelhouse (the import said: {error})"
    ) from error

LARGEST_BATCH = 256
"""Facts handed over at once; larger batches lost matches."""
LARGEST_RULESET = 59
"""Rules in one ruleset besides the catch-all; the 65th sibling condition that is true at once is refused."""
GUARD = "k"
"""A field that is 1 in every fact; first in every rule, so that no rule can match the engine's own state."""
CATCH_ALL = "~"
CATCH_ALL_PRIORITY = 65_535


class InferenceError(PackError):
    """The pack's rules cannot be run: durable-rules did not behave as measured, so no result is trusted."""


@dataclass(frozen=True)
class CompiledRule:
    """A rule over bins: it fires where one of its conjunctions holds."""

    code: str
    conjunctions: tuple[Conjunction, ...]


def fire(rules: Sequence[CompiledRule], cases: Sequence[Mapping[str, int]]) -> list[tuple[str, ...]]:
    """The codes of the rules that fire on each case, in the order of `rules`.

    `cases` give for each fact that a rule names the bin it is in. Raises `InferenceError` when the engine
    misbehaves.
    """
    if not cases:
        return []
    facts, rulesets = _compiled(rules)
    fired: list[tuple[str, ...]] = []
    with _lock:
        for start in range(0, len(cases), LARGEST_BATCH):
            batch = [[case[fact] for fact in facts] for case in cases[start : start + LARGEST_BATCH]]
            fired += _fire_batch(rulesets, batch)
    return fired


_Compiled = tuple[list[str], list["_Ruleset"]]
_known: dict[object, _Compiled] = {}


def _compiled(rules: Sequence[CompiledRule]) -> _Compiled:
    """The facts in their order and the rulesets; made once for the same rules."""
    key = tuple((rule.code, *(tuple(some.items()) for some in rule.conjunctions)) for rule in rules)
    if key not in _known:
        facts = sorted({fact for rule in rules for conjunction in rule.conjunctions for fact in conjunction})
        _known[key] = facts, [_ruleset(chunk, facts) for chunk in _chunks(rules, facts)]
    return _known[key]


@dataclass(frozen=True)
class _Entry:
    """One rule of durable-rules: a range of bins for each fact it limits. Several may share a code."""

    code: str
    ranges: tuple[tuple[int, int, int], ...]
    """Position of the fact, lowest and highest bin."""


@dataclass(frozen=True)
class _Ruleset:
    name: str
    entries: tuple[_Entry, ...]


class _Host(Host):  # type: ignore[misc]
    """A host without the two timer threads, which can run an action on their own."""

    def _run(self) -> None:
        pass


class _Recorder:
    """What fired since the last `clear`: position in the batch and index of the entry, in order."""

    def __init__(self) -> None:
        self.fired: list[tuple[int, int]] = []
        self.errors: list[BaseException] = []

    def clear(self) -> None:
        self.fired.clear()
        self.errors.clear()

    def action(self, index: int) -> Callable[[object], None]:
        def record(closure: object) -> None:
            try:
                matched = closure.m  # type: ignore[attr-defined]
                self.fired += [(int(fact.id), index) for fact in matched]
            except BaseException as error:  # durable-rules swallows whatever an action raises
                self.errors.append(error)

        return record


@dataclass
class _Engine:
    host: _Host
    recorders: dict[str, _Recorder]


_lock = Lock()
_engine: _Engine | None = None


def _chunks(rules: Sequence[CompiledRule], facts: Sequence[str]) -> list[list[_Entry]]:
    """The rules as entries, in chunks that one ruleset can hold; entries of a rule may be parted."""
    position = {fact: n for n, fact in enumerate(facts)}
    entries = [_Entry(rule.code, ranges) for rule in rules for ranges in _ranges_of(rule, position)]
    return [entries[n : n + LARGEST_RULESET] for n in range(0, len(entries), LARGEST_RULESET)] or [[]]


def _ranges_of(rule: CompiledRule, position: Mapping[str, int]) -> Iterator[tuple[tuple[int, int, int], ...]]:
    """One conjunction of ranges for each choice of neighbouring bins."""
    for conjunction in rule.conjunctions:
        for chosen in product(*(runs_of(bins) for bins in conjunction.values())):
            yield tuple(
                (position[fact], low, high) for fact, (low, high) in zip(conjunction, chosen, strict=True)
            )


def _ruleset(entries: Sequence[_Entry], facts: Sequence[str]) -> _Ruleset:
    """A ruleset named by its content, so that each is built once per process: rebuilding leaks memory."""
    content = json.dumps([len(facts), [[entry.code, entry.ranges] for entry in entries]])
    return _Ruleset("r" + hashlib.sha256(content.encode()).hexdigest()[:24], tuple(entries))


def _fire_batch(rulesets: Sequence[_Ruleset], batch: Sequence[Sequence[int]]) -> list[tuple[str, ...]]:
    codes: list[dict[str, None]] = [{} for _ in batch]
    for ruleset in rulesets:
        for number, index in _run(ruleset, batch):
            codes[number][ruleset.entries[index].code] = None  # a rule's alternatives share its code
    return [tuple(case) for case in codes]


def _run(ruleset: _Ruleset, batch: Sequence[Sequence[int]]) -> list[tuple[int, int]]:
    """What fires in one ruleset, checked; on any doubt the host is given up."""
    global _engine
    engine = _engine = _engine or _Engine(_Host(), {})
    try:
        recorder = _recorder_of(ruleset, engine)
        facts = [_fact(number, bins) for number, bins in enumerate(batch)]
        state = None
        try:
            state = engine.host.assert_facts(ruleset.name, [dict(fact) for fact in facts])
        finally:
            engine.host.retract_facts(ruleset.name, [dict(fact) for fact in facts])
        fired = list(recorder.fired)
        _check(ruleset, recorder, state, fired, len(batch))
    except BaseException as error:
        _engine = None
        if isinstance(error, InferenceError) or not isinstance(error, Exception):
            raise
        raise InferenceError(f"the rule engine failed on ruleset {ruleset.name}: {error}") from error
    finished = len(ruleset.entries)
    return [(number, index) for number, index in fired if index != finished]


def _recorder_of(ruleset: _Ruleset, engine: _Engine) -> _Recorder:
    """The recorder of a ruleset, emptied; the ruleset is built when it is new."""
    recorder = engine.recorders.get(ruleset.name)
    if recorder is None:
        recorder = _Recorder()
        engine.host.set_rulesets({ruleset.name: _definition(ruleset, recorder)})
        engine.recorders[ruleset.name] = recorder
    recorder.clear()
    return recorder


def _definition(ruleset: _Ruleset, recorder: _Recorder) -> dict[str, object]:
    rules: dict[str, object] = {
        f"r{index}": _rule(index, [{GUARD: 1}, *_terms(entry)], recorder.action(index))
        for index, entry in enumerate(ruleset.entries)
    }
    last = len(ruleset.entries)
    rules[CATCH_ALL] = _rule(CATCH_ALL_PRIORITY, [{GUARD: 1}], recorder.action(last))
    return rules


def _rule(priority: int, terms: list[object], action: Callable[[object], None]) -> dict[str, object]:
    return {"pri": priority, "cap": LARGEST_BATCH, "all": [{"m": {"$and": terms}}], "run": action}


def _terms(entry: _Entry) -> list[object]:
    terms: list[object] = []
    for position, low, high in entry.ranges:
        if low == high:
            terms.append({_field(position): low})
        else:
            terms += [{"$gte": {_field(position): low}}, {"$lte": {_field(position): high}}]
    return terms


def _field(position: int) -> str:
    return f"f{position}"


def _fact(number: int, bins: Sequence[int]) -> dict[str, object]:
    return {"id": str(number), GUARD: 1, **{_field(position): value for position, value in enumerate(bins)}}


def _check(
    ruleset: _Ruleset,
    recorder: _Recorder,
    state: Mapping[str, object] | None,
    fired: Sequence[tuple[int, int]],
    size: int,
) -> None:
    if recorder.errors:
        raise InferenceError(f"an action failed in ruleset {ruleset.name}: {recorder.errors[0]!r}")
    if state is None or "exception" in state:
        raise InferenceError(f"ruleset {ruleset.name} came back without a clean state: {state}")
    last = len(ruleset.entries)
    ends = [number for number, index in fired if index == last]
    if sorted(ends) != list(range(size)):
        raise InferenceError(
            f"ruleset {ruleset.name} did not run to its end on each of {size} cases (on {len(ends)})"
        )
    order: dict[int, int] = {}
    for number, index in fired:
        if index <= order.get(number, -1):
            raise InferenceError(f"ruleset {ruleset.name} fired its rules out of order or twice")
        order[number] = index
