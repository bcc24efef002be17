"""A million people from Parquet and from CSV through loading, evidence and inference, without reports.

For each: seconds and peak memory per stage, and in the same run the hand-tuned expressions of `hand_tuned`
that reach the same decision, checked person by person. Give another number of people as the argument.
"""

import gc
import json
import subprocess
import sys
import tempfile
import threading
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from time import perf_counter, process_time, sleep
from typing import Any

import polars as pl
from hand_tuned import decide

from engine import Assessment, assess, vocabulary_of
from engine.decide import assessing, recommending
from inputs.loading import load_roster
from inputs.samples import SAMPLE_DAY
from rules import load_pack
from tests.company_files import write_sample_csv, write_sample_parquet

PEOPLE = 1_000_000
ROUNDS = 5
FIRMNESS = "firmness, counted apart"
STAGES = {
    "evidence": (assessing, "compute_evidence"),
    "time": (assessing, "compute_tenure"),
    "inference": (assessing, "run"),
    "  durable-rules in it": (recommending, "fire"),
    FIRMNESS: (assessing, "firm_in"),
}
WRITERS = {"parquet": write_sample_parquet, "csv": write_sample_csv}


def main() -> None:
    people = int(sys.argv[1]) if len(sys.argv) > 1 else PEOPLE
    with tempfile.TemporaryDirectory() as folder:
        for form in WRITERS:
            path = Path(folder) / f"people.{form}"
            _in_child("write", path, people)
            print(f"\n{people:,} people from {path.name} ({path.stat().st_size / 1e6:.0f} MB)")
            _show(json.loads(_in_child("measure", path, people)))


def _in_child(task: str, path: Path, people: int) -> str:
    """Run a task in a process of its own, so that peak memory is that of the task."""
    command = [sys.executable, __file__, "--child", task, str(path), str(people)]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def _child(task: str, path: Path, people: int) -> None:
    pack = load_pack("product_management")
    vocabulary = vocabulary_of(pack)
    if task == "write":
        WRITERS[path.suffix[1:]](path, vocabulary, people)
        return
    with _peak() as loading:
        started = perf_counter()
        roster = load_roster([path], vocabulary, SAMPLE_DAY)
        load_seconds = perf_counter() - started
    assess(roster.share(slice(0, 2_000)), pack, SAMPLE_DAY)  # rulesets are built once per process
    stages: dict[str, list[float]] = defaultdict(list)
    ours, floor = [], []
    with _peak() as assessing_peak:
        for _ in range(ROUNDS):
            with _timed_stages(stages):
                assessment, wall, processor = _timed(lambda: assess(roster, pack, SAMPLE_DAY))
            apart = stages[FIRMNESS][-1]
            ours.append((wall - apart, processor - apart))
    with _peak() as floor_peak:
        for _ in range(ROUNDS):
            decided, *spent = _timed(lambda: decide(roster, pack, SAMPLE_DAY, confidence=False))
            floor.append(spent)
    compared = _compare(assessment, decided)
    best, quickest = min(ours), min(floor)
    json.dump(
        {
            "load": [load_seconds, loading[0]],
            "stages": {name: min(stages[name]) for name in STAGES},
            "ours": [*best, assessing_peak[0]],
            "floor": [*quickest, floor_peak[0]],
            "recommendations": compared,
            "cases": sum(len(one.outcomes) for one in assessment.judged.values()),
        },
        sys.stdout,
    )


def _timed(work: Callable[[], Any]) -> tuple[Any, float, float]:
    """What the work returns, wall seconds and processor seconds."""
    gc.collect()
    wall, processor = perf_counter(), process_time()
    result = work()
    return result, perf_counter() - wall, process_time() - processor


@contextmanager
def _timed_stages(stages: dict[str, list[float]]) -> Iterator[None]:
    """While active, each stage's seconds of one assessment are summed over promotions."""
    spent: dict[str, float] = defaultdict(float)

    def watched(name: str, stage: Callable[..., Any]) -> Callable[..., Any]:
        @wraps(stage)
        def run(*args: Any, **kwargs: Any) -> Any:
            started = perf_counter()
            try:
                return stage(*args, **kwargs)
            finally:
                spent[name] += perf_counter() - started

        return run

    stock = {name: getattr(module, attribute) for name, (module, attribute) in STAGES.items()}
    for name, (module, attribute) in STAGES.items():
        setattr(module, attribute, watched(name, stock[name]))
    try:
        yield
    finally:
        for name, (module, attribute) in STAGES.items():
            setattr(module, attribute, stock[name])
        for name, seconds in spent.items():
            stages[name].append(seconds)


@contextmanager
def _peak() -> Iterator[list[float]]:
    """The largest resident memory in GB while active, in a list of one."""
    found = [_resident()]
    done = threading.Event()

    def watch() -> None:
        while not done.is_set():
            found[0] = max(found[0], _resident())
            sleep(0.005)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield found
    finally:
        done.set()
        watcher.join()


def _resident() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1e6
    raise OSError("no resident memory in /proc/self/status")


def _compare(assessment: Assessment, decided: dict[str, pl.DataFrame]) -> int:
    """How many recommendations there are; every one must be the same both ways, findings included."""
    count = 0
    for promotion, frame in decided.items():
        ours = assessment.recommendations.filter(pl.col("promotion") == promotion).sort("person")
        theirs = frame.sort("person")
        outcomes = assessment.judged[promotion].outcomes
        findings = [name for name in theirs.columns if name.startswith("finding.")]
        drawn = pl.DataFrame(
            {
                name: [name.removeprefix("finding.") in outcome.findings for outcome in outcomes]
                for name in findings
            },
            schema=dict.fromkeys(findings, pl.Boolean),
        )
        rebuilt = ours.select("person", "recommendation").hstack(drawn[ours["case"]].get_columns())
        if not rebuilt.equals(theirs.with_columns(pl.col("person").cast(pl.UInt32)).select(rebuilt.columns)):
            raise SystemExit(f"{promotion}: the hand-tuned decision is another one")
        count += ours.height
    return count


def _show(measured: dict[str, Any]) -> None:
    load_seconds, load_peak = measured["load"]
    wall, processor, peak = measured["ours"]
    floor_wall, floor_processor, floor_peak = measured["floor"]
    print(f"  {'':32}{'seconds':>9}{'processor':>11}{'peak GB':>9}")
    print(f"  {'load and check':32}{load_seconds:9.2f}{'':11}{load_peak:9.2f}")
    print(f"  {'evidence and inference':32}{wall:9.2f}{processor:11.2f}{peak:9.2f}")
    for name, seconds in measured["stages"].items():
        print(f"    {name:30}{seconds:9.2f}")
    print(f"  {'hand-tuned polars expressions':32}{floor_wall:9.2f}{floor_processor:11.2f}{floor_peak:9.2f}")
    print(
        f"  {measured['recommendations']:,} recommendations from {measured['cases']:,} outcomes, "
        f"all the same both ways\n  {wall / floor_wall:.1f} times the hand-tuned time, "
        f"{processor / floor_processor:.1f} times its processor time"
    )


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        _child(sys.argv[2], Path(sys.argv[3]), int(sys.argv[4]))
    else:
        main()
