"""`python -m torture`: one job after the other, and what they counted into docs/reliability.md."""

import argparse
import sys
import time

from torture.differential import differential
from torture.disk_full import disk_full
from torture.fuzzing import fuzzing, searched
from torture.guided import guided
from torture.injection import injection
from torture.kills import kills
from torture.tallies import write_part

JOBS = {
    "kills": kills,
    "disk-full": disk_full,
    "fuzzing": fuzzing,
    "forms": searched("forms"),
    "exports": searched("exports"),
    "answers": searched("answers"),
    "matrices": searched("matrices"),
    "guided": guided,
    "differential": differential,
    "injection": injection,
}


def main() -> int:
    """Run the jobs that were asked for; 1 when anything failed."""
    parser = argparse.ArgumentParser(prog="python -m torture", description=__doc__)
    parser.add_argument("jobs", nargs="*", metavar="JOB", help=f"all unless given: {', '.join(JOBS)}")
    parser.add_argument("--times", type=int, default=1000, help="how often each thing is tried")
    parser.add_argument("--seconds", type=float, default=3600, help="the most that each job may take")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--record", action="store_true", help="write the numbers into docs/reliability.md")
    asked = parser.parse_args()
    if unknown := set(asked.jobs) - set(JOBS):
        parser.error(f"there is no job {', '.join(sorted(unknown))}; there are {', '.join(JOBS)}")
    failures = 0
    for name in asked.jobs or JOBS:
        begun = time.monotonic()
        tallies = JOBS[name](asked.times, asked.seconds, asked.seed)
        failures += sum(len(one.failures) for one in tallies)
        print(f"== {name}", *tallies, sep="\n")
        if asked.record:
            write_part(name, tallies, time.monotonic() - begun, asked.seed)
    return int(failures > 0)


if __name__ == "__main__":
    sys.exit(main())
