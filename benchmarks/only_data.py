"""`readiness assess --only-data` beside polars, which reads the file and writes the same columns and no more.

    python benchmarks/only_data.py [PEOPLE ...]   (100,000 and 2,100,000 unless given)

The bare program reads the same Parquet or CSV file, then the tables of the run, and writes them again: what a
whole run could take if nothing had to be checked and decided. Both are whole commands, in processor time; the
peak is the most memory that the command's largest process held at once. The table of docs/benchmarks.md is
written anew.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tables import write_table

from engine import vocabulary_of
from inputs.samples import SAMPLE_DAY
from rules import load_pack
from tests.company_files import write_sample_csv, write_sample_parquet

SIZES = (100_000, 2_100_000)
WRITERS = {"parquet": write_sample_parquet, "csv": write_sample_csv}
BARE = """
import sys
from pathlib import Path
import polars as pl
source, run, out = map(Path, sys.argv[1:])
read = pl.read_parquet(source) if source.suffix == ".parquet" else pl.read_csv(source, infer_schema=False)
del read
(out / "columns").mkdir(parents=True)
for path in sorted(run.rglob("*.parquet")):
    pl.read_parquet(path).write_parquet(out / path.relative_to(run))
pl.read_csv(run / "recommendations.csv", infer_schema=False).write_csv(out / "recommendations.csv")
"""


def main() -> None:
    sizes = [int(size) for size in sys.argv[1:]] or SIZES
    lines = [
        "| people | file | ours, s | a person | bare polars, s | ours to bare polars | ours, peak |",
        "| --- | --- | --- | --- | --- | --- | --- |",
        *(measured(people, form) for people in sizes for form in WRITERS),
    ]
    write_table("only data", lines)


def measured(people: int, form: str) -> str:
    """A line of the table."""
    with tempfile.TemporaryDirectory() as scratch:
        path, run, again = (Path(scratch) / name for name in (f"people.{form}", "run", "again"))
        WRITERS[form](path, vocabulary_of(load_pack("product_management")), people)
        options = ("--only-data", "--out", str(run), "--as-of", SAMPLE_DAY.isoformat())
        ours, peak = measure("-m", "readiness", "assess", str(path), *options)
        bare, _ = measure("-c", BARE, str(path), str(run), str(again))
    each = f"{ours / people * 1e6:.0f} µs"
    line = f"| {people:,} | {form} | {ours:.1f} | {each} | {bare:.1f} | {ours / bare:.1f} | {peak:.1f} GiB |"
    print(line, file=sys.stderr, flush=True)
    return line


def measure(*command: str) -> tuple[float, float]:
    """Seconds of processor time of a command and of all processes that it starts, and GiB of memory."""
    with subprocess.Popen(
        [sys.executable, *command], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)
    return used.ru_utime + used.ru_stime, used.ru_maxrss / 1024**2


if __name__ == "__main__":
    main()
