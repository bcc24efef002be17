"""The same decision by other rule engines, person by person; writes two tables of docs/benchmarks.md.

    pip install -r benchmarks/requirements.txt
    python benchmarks/engines.py [PEOPLE ...]      (10,000, 100,000, 1,000,000 and 2,100,000 unless given)

`hand_tuned` is the same decision as polars expressions, the floor; everybody's band and confidence are
compared with ours. Then the rules alone, from facts that are worked out already to the rules that fired: ours
finds the distinct cases and asks durable-rules for each; durable-rules, GoRules zen and CLIPS are asked for
every person. Everybody's rules that fired are compared. All in one run, in processor time; firmness is in no
column. Ratings are those of a generated company, and at worst any quarter of a point, so that hardly two
people are one case.
"""

import gc
import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from time import process_time
from typing import Any
from unittest.mock import patch

import clips
import hand_tuned
import numpy as np
import polars as pl
import zen
from tables import write_table

from engine import Assessment, assess, vocabulary_of
from engine.decide import assessing, recommending
from engine.decide.cases import DistinctCases, distinct_cases
from engine.decide.discretization import Cut, runs_of
from engine.decide.inference import CompiledRule, fire
from inputs import UNITS_PER_POINT, Roster
from inputs.loading import load_roster
from inputs.samples import SAMPLE_DAY
from rules import load_pack
from tests.company_files import write_sample_parquet

SIZES = (10_000, 100_000, 1_000_000, 2_100_000)
ASKED = 10_000
"""People up to whom the other engines are asked: they take as long for each."""
Gather = Callable[[pl.DataFrame, Mapping[str, Cut]], DistinctCases]
Fire = Callable[[Sequence[CompiledRule], Sequence[Mapping[str, int]]], list[tuple[str, ...]]]
Ranges = tuple[tuple[str, tuple[tuple[int, int], ...]], ...]


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or list(SIZES)
    heads = (
        "people",
        "ratings",
        "distinct cases",
        "floor, s",
        "ours, s",
        "ours to floor",
        "peak, GB",
    )
    found = [_in_child(people, worst=worst) for people in sizes for worst in (False, True)]
    write_table("engines", _table(heads, map(_cells, found)))
    each = {one["worst"]: one["others"] for one in found if one["others"]}
    heads = ("people", "ratings", "ours, µs a person", *(f"{name}, µs a person" for name in ENGINES))
    write_table("rules", _table(heads, (_compared(one, each.get(one["worst"], {})) for one in found)))


def _table(heads: Sequence[str], rows: Iterable[Iterable[str]]) -> list[str]:
    return [_line(heads), _line(["---"] * len(heads)), *map(_line, rows)]


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _cells(found: dict[str, Any]) -> Iterator[str]:
    yield from _whom(found)
    yield f"{found['cases']:,}"
    yield from (f"{found[name]:.2f}" for name in ("floor", "ours"))
    yield f"{found['ours'] / found['floor']:.2f}"
    yield f"{found['peak']:.2f}"


def _compared(found: dict[str, Any], others: Mapping[str, float]) -> Iterator[str]:
    """The rules alone, beside what the other engines take for each person: as long for one as for many."""
    ours = found["rules"] / found["people"]
    yield from _whom(found)
    yield f"{ours * 1e6:.2f}"
    yield from (f"{seconds * 1e6:,.0f}: {seconds / ours:,.0f} times ours" for seconds in others.values())


def _whom(found: dict[str, Any]) -> Iterator[str]:
    yield f"{found['people']:,}"
    yield "any quarter of a point" if found["worst"] else "of a company"


def _in_child(people: int, *, worst: bool) -> dict[str, Any]:
    command = [sys.executable, __file__, "--child", str(people), str(int(worst))]
    found: dict[str, Any] = json.loads(subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout)
    print(found, file=sys.stderr)
    return found


def _child(people: int, *, worst: bool) -> None:
    pack = load_pack("product_management")
    roster = _roster(people, worst=worst)
    assess(roster.share(slice(0, 2_000)), pack, SAMPLE_DAY)  # rulesets are built once per process
    rounds = 3 if people <= 1_000_000 else 1
    with _without_firmness():
        ours, assessment = min(
            (_timed(lambda: assess(roster, pack, SAMPLE_DAY)) for _ in range(rounds)), key=lambda one: one[0]
        )
    peak = _peak()
    with _without_firmness():
        floor, decided = min(
            (_timed(lambda: hand_tuned.decide(roster, pack, SAMPLE_DAY)) for _ in range(rounds)),
            key=lambda one: one[0],
        )
    _same(assessment, decided)
    asked = ENGINES if people <= ASKED else {}
    found = {
        "people": people,
        "worst": worst,
        "ours": ours,
        "floor": floor,
        "peak": peak,
        "cases": sum(len(one.outcomes) for one in assessment.judged.values()),
        "rules": min(_asked(distinct_cases, fire, roster, assessment) for _ in range(rounds)),
        "others": {
            name: _asked(each_alone, engine, roster, assessment) / people for name, engine in asked.items()
        },
    }
    json.dump(found, sys.stdout)


def _roster(people: int, *, worst: bool) -> Roster:
    path = Path("/dev/shm" if Path("/dev/shm").is_dir() else ".") / f"engines-{people}.parquet"
    vocabulary = vocabulary_of(load_pack("product_management"))
    write_sample_parquet(path, vocabulary, people)
    try:
        roster = load_roster([path], vocabulary, SAMPLE_DAY)
    finally:
        path.unlink()
    if not worst:
        return roster
    draw = np.random.default_rng(7)
    quarters = UNITS_PER_POINT // 4
    ratings = pl.DataFrame(
        {name: draw.integers(4, 21, roster.people.height) * quarters for name in roster.ratings.columns}
    )
    return replace(roster, ratings=ratings)


def _timed(work: Callable[[], Any]) -> tuple[float, Any]:
    gc.collect()
    started = process_time()
    result = work()
    return process_time() - started, result


def _peak() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmHWM:"):
            return int(line.split()[1]) / 1e6
    return float("nan")


@contextmanager
def _without_firmness() -> Iterator[None]:
    """The band alone, as the floor decides it: how firm it is is measured elsewhere."""
    whole = pl.Series([64], dtype=pl.UInt8)
    ours = patch.object(assessing, "firm_in", lambda people, _: whole.new_from_index(0, len(people)))
    floor = patch.object(
        hand_tuned, "_kept", lambda *_, found: whole.new_from_index(0, found.height).alias("kept")
    )
    with ours, floor:
        yield


def _same(ours: Assessment, floor: Mapping[str, pl.DataFrame]) -> None:
    """End where the floor comes to another band or confidence for anybody."""
    for name, found in floor.items():
        mine = ours.recommendations.filter(pl.col("promotion") == name)
        theirs = mine.select("person").join(found, "person", maintain_order="left")
        for column in ("recommendation", "confidence"):
            if mine[column].cast(pl.String).to_list() != theirs[column].cast(pl.String).to_list():
                raise SystemExit(f"{name}: the floor comes to another {column}")


def _asked(gather: Gather, engine: Fire, roster: Roster, ours: Assessment) -> float:
    """The seconds from everybody's bins to the rules that fired; they must be the ones of ours.

    To make everybody a case of their own costs nothing: no other engine needs it.
    """
    spent = 0.0

    def gathered(bins: pl.DataFrame, cuts: Mapping[str, Cut]) -> DistinctCases:
        nonlocal spent
        seconds, found = _timed(lambda: gather(bins, cuts))
        spent += seconds if gather is not each_alone else 0.0
        return found

    def fired(rules: Sequence[CompiledRule], cases: Sequence[Mapping[str, int]]) -> list[tuple[str, ...]]:
        nonlocal spent
        seconds, found = _timed(lambda: engine(rules, cases))
        spent += seconds
        return found

    with (
        _without_firmness(),
        patch.object(recommending, "distinct_cases", gathered),
        patch.object(recommending, "fire", fired),
    ):
        found = assess(roster, ours.pack, ours.day)
    for name, judged in ours.judged.items():
        other = found.judged[name]
        pairs = zip(judged.found["case"], other.found["case"], strict=True)
        if any(judged.outcomes[one] != other.outcomes[two] for one, two in pairs):
            raise SystemExit(f"{name}: the other engine comes to another result")
    return spent


def each_alone(bins: pl.DataFrame, cuts: Mapping[str, Cut]) -> DistinctCases:
    """Everybody as a case of their own."""
    case = pl.int_range(bins.height, dtype=pl.UInt32, eager=True)
    return DistinctCases(case, bins.select(*cuts).to_dicts() if cuts else ({},) * bins.height)


def _ranges(rules: Sequence[CompiledRule]) -> tuple[tuple[str, Ranges], ...]:
    """Each conjunction with the code of its rule: the runs of bins by fact."""
    return tuple(
        (rule.code, tuple((fact, tuple(runs_of(bins))) for fact, bins in some.items()))
        for rule in rules
        for some in rule.conjunctions
    )


def fire_zen(rules: Sequence[CompiledRule], cases: Sequence[Mapping[str, int]]) -> list[tuple[str, ...]]:
    """GoRules zen: a decision table that collects every row that matches."""
    table, fields = _zen_table(_ranges(rules))
    codes = [rule.code for rule in rules]
    fired = []
    for case in cases:
        found = table.evaluate({field: case[fact] for fact, field in fields.items()})["result"]
        matched = {row["code"] for row in found}
        fired.append(tuple(code for code in codes if code in matched))
    return fired


@cache
def _zen_table(entries: tuple[tuple[str, Ranges], ...]) -> tuple[Any, dict[str, str]]:
    facts = sorted({fact for _, ranges in entries for fact, _ in ranges})
    fields = {fact: f"f{number}" for number, fact in enumerate(facts)}
    rows = [
        {
            "_id": f"r{number}",
            **{fields[fact]: ", ".join(f"[{low}..{high}]" for low, high in runs) for fact, runs in ranges},
            "code": json.dumps(code),
        }
        for number, (code, ranges) in enumerate(entries)
    ]
    content = {
        "hitPolicy": "collect",
        "inputs": [{"id": field, "name": field, "field": field} for field in fields.values()],
        "outputs": [{"id": "code", "name": "code", "field": "code"}],
        "rules": rows,
    }
    nodes = [
        {"id": "in", "type": "inputNode", "name": "in"},
        {"id": "table", "type": "decisionTableNode", "name": "table", "content": content},
        {"id": "out", "type": "outputNode", "name": "out"},
    ]
    edges = [
        {"id": "e1", "sourceId": "in", "targetId": "table", "type": "edge"},
        {"id": "e2", "sourceId": "table", "targetId": "out", "type": "edge"},
    ]
    return zen.ZenEngine().create_decision(json.dumps({"nodes": nodes, "edges": edges})), fields


def fire_clips(rules: Sequence[CompiledRule], cases: Sequence[Mapping[str, int]]) -> list[tuple[str, ...]]:
    """CLIPS: a fact for the person, a rule for each conjunction."""
    environment, template, fields, heard = _clips(_ranges(rules))
    codes = [rule.code for rule in rules]
    fired = []
    for case in cases:
        heard.clear()
        fact = template.assert_fact(**{field: case[name] for name, field in fields.items()})
        environment.run()
        fact.retract()
        fired.append(tuple(code for code in codes if code in heard))
    return fired


@cache
def _clips(entries: tuple[tuple[str, Ranges], ...]) -> tuple[Any, Any, dict[str, str], set[str]]:
    facts = sorted({fact for _, ranges in entries for fact, _ in ranges})
    fields = {fact: f"f{number}" for number, fact in enumerate(facts)}
    environment, heard = clips.Environment(), set[str]()
    environment.define_function(heard.add, "hear")
    slots = " ".join(f"(slot {field} (type INTEGER))" for field in fields.values())
    environment.build(f"(deftemplate person (slot alone (default 1)) {slots})")
    for number, (code, ranges) in enumerate(entries):
        tests = " ".join(
            f"({fields[fact]} ?{fields[fact]}&:(or FALSE "
            + " ".join(f"(<= {low} ?{fields[fact]} {high})" for low, high in runs)
            + "))"
            for fact, runs in ranges
        )
        environment.build(f'(defrule r{number} (person {tests}) => (hear "{code}"))')
    return environment, environment.find_template("person"), fields, heard


ENGINES: Mapping[str, Fire] = {"durable-rules": fire, "zen": fire_zen, "CLIPS": fire_clips}


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child(int(sys.argv[2]), worst=bool(int(sys.argv[3])))
    else:
        main()
