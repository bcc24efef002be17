"""The jobs: what each of them runs, in the environment that it needs."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from building.environment import Environment
from building.machine import ROOT, unfit
from building.pins import write_pins
from building.running import SetUpError
from building.wheelhouse import write_wheelhouse

Work = Callable[[Environment, Sequence[str]], int]


class Job(NamedTuple):
    """One word after `make.py`."""

    does: str
    work: Work
    tools: bool = True
    """Whether it needs the tools of developers beside the product."""


def main(words: Sequence[str]) -> None:
    """Do one job; further words go to the program that it runs, such as the tests to run."""
    _show_any_letter()
    job = JOBS.get(words[0]) if words else None
    if job is None:
        print(
            "\n".join(
                [*_unknown(words), *(f"python make.py {name:9} {one.does}" for name, one in JOBS.items())]
            )
        )
        sys.exit(2 if words and words[0] not in ("help", "-h", "--help") else 0)
    environment = Environment(ROOT / ".venv")
    try:
        if job.work is not _clean:
            _check_machine()
            environment.make_ready(tools=job.tools)
        sys.exit(job.work(environment, words[1:]))
    except SetUpError as error:
        said = "".join(f"\n    {line}" for line in error.said.splitlines())
        sys.exit(f"Stopped: {error}{said}")
    except KeyboardInterrupt:
        sys.exit("Stopped.")


def _unknown(words: Sequence[str]) -> list[str]:
    known = not words or words[0] in ("help", "-h", "--help")
    return [] if known else [f"There is no job {words[0]!r}. There are:"]


def _show_any_letter() -> None:
    """A console or a file that cannot hold a letter shows its number instead of ending the program."""
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _check_machine() -> None:
    wrong = unfit()
    if wrong is not None:
        raise SetUpError(wrong)


def _demo(environment: Environment, words: Sequence[str]) -> int:
    return _run([environment.program("readiness"), "demo", "--out", "demo", *words])


def _set_up(environment: Environment, _: Sequence[str]) -> int:
    print(f"Ready: {environment.program('readiness').relative_to(ROOT)}")
    return 0


def _keep_bytecode() -> None:
    """Let none of thousands of processes compile all modules anew."""
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)


def _test(environment: Environment, words: Sequence[str]) -> int:
    _keep_bytecode()
    parallel = () if words else ("-n", "auto", "--dist", "worksteal")
    return _run([environment.python, "-m", "pytest", "-q", *parallel, *words])


def _check(environment: Environment, _: Sequence[str]) -> int:
    ruff, mypy, imports = map(environment.program, ("ruff", "mypy", "lint-imports"))
    return _each((ruff, "format", "--check", "."), (ruff, "check", "."), (mypy,), (imports,))


def _format(environment: Environment, _: Sequence[str]) -> int:
    ruff = environment.program("ruff")
    return _each((ruff, "format", "."), (ruff, "check", "--fix", "."))


_MEASURED_WITH = ("hand_tuned.py", "tables.py")
"""What benchmarks use, and is none."""


def _bench(environment: Environment, _: Sequence[str]) -> int:
    _keep_bytecode()
    measured = sorted(path for path in (ROOT / "benchmarks").glob("*.py") if path.name not in _MEASURED_WITH)
    pip = (environment.python, "-m", "pip", "install", "-q", "-r")
    others = (*pip, ROOT / "benchmarks" / "requirements.txt")
    return _each(others, *((environment.python, path) for path in measured))


def _torture(environment: Environment, words: Sequence[str]) -> int:
    _keep_bytecode()
    pip = (environment.python, "-m", "pip", "install", "-q", "-r")
    others = (*pip, ROOT / "torture" / "requirements.txt")
    return _each(others, (environment.python, "-m", "torture", *(words or ("--record",))))


def _pictures(environment: Environment, _: Sequence[str]) -> int:
    return _run([environment.python, "docs/take_pictures.py"])


def _schema(environment: Environment, _: Sequence[str]) -> int:
    return _run([environment.python, "docs/write_schema.py"])


def _pins(environment: Environment, _: Sequence[str]) -> int:
    write_pins(environment.python)
    return 0


def _wheels(environment: Environment, words: Sequence[str]) -> int:
    write_wheelhouse(environment.python, ROOT / "dist", words)
    return 0


MADE = (".venv", "demo", "dist", *(f".{name}_cache" for name in ("pytest", "mypy", "ruff", "import_linter")))


def _clean(_: Environment, __: Sequence[str]) -> int:
    for name in (*MADE, ".hypothesis"):
        shutil.rmtree(ROOT / name, ignore_errors=True)
    return 0


def _each(*commands: Sequence[str | Path]) -> int:
    """Run one after the other, until one fails."""
    return next((code for code in map(_run, commands) if code), 0)


def _run(command: Sequence[str | Path]) -> int:
    sys.stdout.flush()
    return subprocess.run(
        [str(part) for part in command], cwd=ROOT, env=dict(os.environ), check=False
    ).returncode


JOBS = {
    "demo": Job("assess the shipped sample into demo/ (open demo/report.html)", _demo, tools=False),
    "setup": Job("set everything up for `readiness`, and do no more", _set_up, tools=False),
    "test": Job("run the tests", _test),
    "check": Job("formatting, lint, types and import contracts", _check),
    "format": Job("let the formatter change the files", _format),
    "bench": Job("run the benchmarks", _bench),
    "torture": Job("kill, fill, fuzz and compare it for hours; write docs/reliability.md anew", _torture),
    "pictures": Job("take the README's pictures anew", _pictures),
    "schema": Job("write the published JSON Schema anew", _schema),
    "pins": Job(
        "write requirements.txt and requirements-dev.txt anew, with versions and hashes", _pins, tools=False
    ),
    "wheels": Job(
        "build wheels for all systems, and dist/wheelhouse for machines without a network", _wheels
    ),
    "clean": Job("remove the environment and everything that was made", _clean),
}
