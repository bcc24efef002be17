"""Puts the rule engine on trial: is it imported, does it fire, and as plain Python says?

A program of its own, so that a crash of the engine is a failed trial: `python trial.py CASES [SEED]`. It says
how many cases agreed, and a digest of all that fired, by which two builds can be compared.
"""

import hashlib
import random
import sys
import threading
from collections.abc import Callable, Iterator, Sequence

from durable.engine import Host

BATCH = 256
"""As many facts at once as `engine.decide.inference` hands over."""
CATCH_ALL = "~"

Range = tuple[int, int, int]
"""A fact, and the lowest and highest bin."""
Rules = Sequence[Sequence[Range]]
Cases = Sequence[Sequence[int]]
Fired = list[list[int]]
"""For each case the rules that fired on it, in order."""


class _Host(Host):  # type: ignore[misc]
    """A host without its two timer threads."""

    def _run(self) -> None:
        pass


class Engine:
    """The engine inside the fence: small whole numbers, batches, and a last rule that fires on everything."""

    def __init__(self) -> None:
        """Start without rules."""
        self._host = _Host()
        self._fired: list[tuple[int, int]] = []

    def learn(self, name: str, rules: Rules) -> None:
        """Take a ruleset in."""
        terms = [
            [
                {key: {f"f{fact}": bin_}}
                for fact, low, high in rule
                for key, bin_ in (("$gte", low), ("$lte", high))
            ]
            for rule in rules
        ]
        ruleset = {f"r{n}": self._rule(n, n, some) for n, some in enumerate(terms)}
        ruleset[CATCH_ALL] = self._rule(65_535, len(rules), [])
        self._host.set_rulesets({name: ruleset})

    def _rule(self, priority: int, number: int, terms: Sequence[object]) -> dict[str, object]:
        return {
            "pri": priority,
            "cap": BATCH,
            "all": [{"m": {"$and": [{"k": 1}, *terms]}}],
            "run": self._action(number),
        }

    def _action(self, number: int) -> Callable[[object], None]:
        def record(closure: object) -> None:
            self._fired += [(int(fact.id), number) for fact in closure.m]  # type: ignore[attr-defined]

        return record

    def ask(self, name: str, rules: Rules, cases: Cases) -> Fired:
        """What fires on at most `BATCH` cases."""
        facts = [
            {"id": str(place), "k": 1, **{f"f{fact}": bin_ for fact, bin_ in enumerate(case)}}
            for place, case in enumerate(cases)
        ]
        self._fired.clear()
        state = self._host.assert_facts(name, [dict(fact) for fact in facts])
        self._host.retract_facts(name, [dict(fact) for fact in facts])
        expect(state is not None and "exception" not in state, "the state that came back is not clean")
        fired: Fired = [[] for _ in cases]
        for place, number in self._fired:
            fired[place].append(number)
        expect(all(one[-1:] == [len(rules)] for one in fired), "a case did not run to its end")
        return [one[:-1] for one in fired]


def main(cases: int, seed: int) -> None:
    """Everything, on so many random cases."""
    threads = threading.active_count()
    engine = Engine()
    _order(engine)
    _largest(engine)
    digest = hashlib.sha256()
    for fired in _random(engine, cases, random.Random(seed)):
        digest.update(repr(fired).encode())
    expect(threading.active_count() == threads, "a thread was started")
    print(f"{cases:,} cases agree with plain Python; digest {digest.hexdigest()[:16]}")


def _order(engine: Engine) -> None:
    """Rules fire in the order of their priority, however they are called, and on equal facts each."""
    rules = [[(0, 1, 1)]] * 12
    engine.learn("order", rules)
    for _ in range(3):
        expect(engine.ask("order", rules, [[1]] * 5) == [list(range(12))] * 5, "the rules fire out of order")
        expect(engine.ask("order", rules, [[0]] * BATCH) == [[]] * BATCH, "facts stay behind in the engine")


def _largest(engine: Engine) -> None:
    """As many rules and facts as it is ever given at once, all of them true."""
    rules = [[(0, 0, 9)] for _ in range(59)]
    engine.learn("largest", rules)
    expect(engine.ask("largest", rules, [[3]] * BATCH) == [list(range(59))] * BATCH, "matches are lost")


def _random(engine: Engine, cases: int, chance: random.Random) -> Iterator[Fired]:
    """Random rules on random cases; each ruleset serves many batches, as building one leaks memory."""
    sizes = [min(BATCH, cases - begun) for begun in range(0, cases, BATCH)]
    served = min(40, 1 + len(sizes) // 20)
    for number, start in enumerate(range(0, len(sizes), served)):
        facts = chance.randint(1, 10)
        rules = [_ranges(facts, chance) for _ in range(chance.randint(1, 40))]
        engine.learn(f"random{number}", rules)
        for size in sizes[start : start + served]:
            asked = [[chance.randint(0, 5) for _ in range(facts)] for _ in range(size)]
            fired = engine.ask(f"random{number}", rules, asked)
            expect(fired == [_plainly(rules, case) for case in asked], "it fires otherwise than plain Python")
            yield fired


def _ranges(facts: int, chance: random.Random) -> list[Range]:
    chosen = chance.sample(range(facts), chance.randint(0, min(4, facts)))
    ends = (sorted((chance.randint(0, 5), chance.randint(0, 5))) for _ in chosen)
    return [(fact, low, high) for fact, (low, high) in zip(chosen, ends, strict=True)]


def _plainly(rules: Rules, case: Sequence[int]) -> list[int]:
    return [n for n, rule in enumerate(rules) if all(low <= case[fact] <= high for fact, low, high in rule)]


def expect(holds: bool, otherwise: str) -> None:
    """End the trial where something does not hold."""
    if not holds:
        sys.exit(f"The rule engine does not work as it should: {otherwise}.")


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 1)
