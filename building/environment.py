"""The environment: a folder with Python, the rule engine, the pinned dependencies, and the product itself."""

import hashlib
import json
import os
import sys
import time
import tomllib
from pathlib import Path

from building.machine import ROOT, cache
from building.rule_engine import RECIPE, own_wheel
from building.running import SetUpError, pip, run

CASES = 10_000
"""Random cases of the trial; `python building/trial.py 1000000` by hand takes some minutes."""
PRODUCT = "requirements.txt"
TOOLS = "requirements-dev.txt"


class Environment:
    """A virtual environment that knows what is in it."""

    def __init__(self, folder: Path) -> None:
        """Name the folder; nothing is made yet."""
        self.folder = folder
        self._programs = folder / ("Scripts" if os.name == "nt" else "bin")
        self._ready = folder / ".ready"

    @property
    def python(self) -> Path:
        """Its Python."""
        return self.program("python")

    def program(self, name: str) -> Path:
        """One of its programs."""
        return self._programs / (f"{name}.exe" if os.name == "nt" else name)

    def make_ready(self, *, tools: bool) -> None:
        """Set up what is missing or has changed. Raises SetUpError."""
        wanted = {"product": _fingerprint(PRODUCT)} | ({"tools": _fingerprint(TOOLS)} if tools else {})
        there = self._state()
        if there.get("product") != wanted["product"]:
            there = {}
        if wanted.items() <= there.items():
            return
        began = time.monotonic()
        if not there:
            _say(f"Setting up {self.folder.name} with Python {sys.version.partition(' ')[0]}, once")
            self._begin()
            self._install_rule_engine()
            self._install_product()
        if tools:
            _say("Installing the tools for tests and checks, once")
            self._install(TOOLS)
        self._ready.write_text(json.dumps(there | wanted), encoding="utf-8", newline="\n")
        _say(f"Set up in {time.monotonic() - began:.0f} seconds")

    def _state(self) -> dict[str, str]:
        try:
            state = json.loads(self._ready.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return state if isinstance(state, dict) and self.python.exists() else {}

    def _begin(self) -> None:
        wrong = (
            f"The folder {self.folder.name} cannot be made: a program may be using it, or Python's own "
            "module venv is missing (on Debian and Ubuntu: the package python3-venv)"
        )
        # Not that of an environment, which may be this very one.
        python = getattr(sys, "_base_executable", sys.executable)
        run([python, "-m", "venv", "--clear", self.folder], wrong)

    def _install_rule_engine(self) -> None:
        wheel = own_wheel(self.python, cache(), _say)
        wrong = "The rule engine's wheel cannot be installed"
        pip(self.python, "install", "--quiet", "--no-deps", "--no-index", wheel, wrong=wrong)
        wrong = "The rule engine that was built does not pass its trial and was thrown away"
        try:
            run([self.python, "-I", ROOT / "building" / "trial.py", str(CASES)], wrong, seconds=600)
        except SetUpError:
            wheel.unlink(missing_ok=True)
            raise

    def _install_product(self) -> None:
        self._install(PRODUCT)
        options = ("--no-deps", "--no-index", "--no-build-isolation")
        wrong = "The product itself cannot be installed"
        pip(self.python, "install", "--quiet", *options, "--editable", ROOT, wrong=wrong)

    def _install(self, pins: str) -> None:
        wrong = f"The packages of {pins} cannot be installed"
        # Not compiled: half of what is installed is never imported.
        options = ("--no-deps", "--no-compile", "--require-hashes", "--only-binary", ":all:")
        pip(self.python, "install", "--quiet", *options, "-r", ROOT / pins, wrong=wrong)


def _fingerprint(pins: str) -> str:
    """A name for all that an environment is made from."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    recipe = sorted(path for path in RECIPE.iterdir() if path.is_file())
    digest = hashlib.sha256(
        repr((project["build-system"], project["project"], sys.version, sys.base_prefix)).encode()
    )
    for path in (ROOT / pins, *recipe):
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:16]


def _say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
