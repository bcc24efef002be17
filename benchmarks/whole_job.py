"""`readiness assess` from a spreadsheet to everything, as a whole command: seconds by stage, memory, files.

    python benchmarks/whole_job.py [PEOPLE ...] [-- OPTIONS OF ASSESS]   (2,000 and 10,000 unless given)

The spreadsheet is a generated export of a company, as .csv. Memory is that of the largest process; the
seconds are of the wall, and other work on the machine lengthens them. The last line of each run is what
`readiness explain` of one person takes in it.
"""

import json
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from engine import vocabulary_of
from inputs.samples import SAMPLE_DAY
from rules import load_pack
from tests.company_files import write_sample_csv

SIZES = (2_000, 10_000)
READINESS = (sys.executable, "-m", "readiness")


def main() -> None:
    sizes, options = arguments()
    for people in sizes:
        with tempfile.TemporaryDirectory() as folder:
            measure(people, options, Path(folder))


def arguments() -> tuple[list[int], list[str]]:
    given = sys.argv[1:]
    cut = given.index("--") if "--" in given else len(given)
    return [int(size) for size in given[:cut]] or list(SIZES), given[cut + 1 :]


def measure(people: int, options: list[str], folder: Path) -> None:
    vocabulary = vocabulary_of(load_pack("product_management"))
    export, out = folder / "export.csv", folder / "results"
    write_sample_csv(export, vocabulary, people)
    day = SAMPLE_DAY.isoformat()
    seconds = timed("assess", str(export), "--as-of", day, "--out", str(out), *options)
    about = json.loads((out / "run.json").read_text(encoding="utf-8"))
    stages = json.loads((out / "timings.json").read_text(encoding="utf-8"))
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1e6
    print(f"{people:,} people, {about['counts']['recommendations']:,} recommendations: {seconds:.1f} s")
    print(f"  at most {peak:.2f} GB in one process (of all runs so far)")
    for name, spent in stages.items():
        print(f"  {spent:8.1f} s  {name}")
    sizes: Counter[str] = Counter()
    for path in (path for path in out.rglob("*") if path.is_file()):
        sizes[path.relative_to(out).parts[0]] += path.stat().st_size
    for name, size in sizes.most_common(8):
        print(f"  {size / 1e6:8.1f} MB {name}")
    somebody = (out / "recommendations.csv").read_text(encoding="utf-8-sig").splitlines()[1].partition(",")[0]
    print(f"  {timed('explain', str(out), somebody):8.1f} s  explain {somebody}", flush=True)


def timed(*command: str) -> float:
    started = time.perf_counter()
    subprocess.run([*READINESS, *command], check=True, capture_output=True)
    return time.perf_counter() - started


if __name__ == "__main__":
    main()
