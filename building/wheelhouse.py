"""Wheels to hand on: the rule engine's, the product's, and all that a machine without a network needs.

A folder `wheelhouse-SYSTEM` holds all that one system needs, for each Python that is supported, and
`requirements.txt` with the hash of every file in it.
"""

import hashlib
import re
import shutil
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from building.machine import ANY_PYTHON, PYTHONS, ROOT
from building.rule_engine import TARGETS, all_wheels, this_machine
from building.running import SetUpError, pip, run

PLATFORMS: Mapping[str, tuple[str, ...]] = {
    "linux-x86_64": ("manylinux_2_28_x86_64", "manylinux_2_17_x86_64", "manylinux2014_x86_64"),
    "linux-aarch64": ("manylinux_2_28_aarch64", "manylinux_2_17_aarch64", "manylinux2014_aarch64"),
    "windows-x86_64": ("win_amd64",),
    "macos-x86_64": tuple(f"macosx_{version}_x86_64" for version in ("13_0", "12_0", "11_0", "10_13")),
    "macos-arm64": tuple(f"macosx_{version}_arm64" for version in ("13_0", "12_0", "11_0")),
}
"""The names of wheels that a system takes."""
INSTALL = """\
This folder holds all that promotion readiness needs on {system}, with Python {pythons}.
Nothing is fetched from a network, and nothing is compiled. In a terminal, in this folder:

    python -m venv readiness
    {python} -m pip install --no-index --find-links . --require-hashes -r requirements.txt
    {readiness} demo --out demo

Or, where uv is installed:

    uv tool install --no-index --find-links . promotion-readiness
"""


def write_wheelhouse(python: Path, dist: Path, systems: Sequence[str]) -> None:
    """Write all wheels, what their libraries ask for and offer, and a wheelhouse for each of the systems.

    Without systems, for this machine's. Raises SetUpError.
    """
    chosen = tuple(systems) or tuple(filter(None, [this_machine()]))
    unknown = sorted(set(chosen) - set(TARGETS))
    if unknown:
        raise SetUpError(f"There is no system {unknown[0]!r}; there are {', '.join(TARGETS)}.")
    shutil.rmtree(dist, ignore_errors=True)
    engines = all_wheels(python, dist)
    wrong = "A library is not as it should be"
    tables = run([python, "-m", "building.libraries", *engines.values()], wrong, folder=ROOT)
    (dist / "libraries.txt").write_text(tables, encoding="utf-8", newline="\n")
    wrong = "The product's own wheel cannot be built"
    said = run([python, "-m", "hatchling", "build", "--directory", dist], wrong, folder=ROOT)
    own = next(ROOT / line.strip() for line in said.splitlines() if line.strip().endswith(".whl"))
    for system in chosen:
        _write_folder(python, dist / f"wheelhouse-{system}", system, (own, engines[system]))
    for path in sorted(dist.iterdir()):
        print(path.relative_to(ROOT).as_posix())


def _write_folder(python: Path, folder: Path, system: str, own: Sequence[Path]) -> None:
    folder.mkdir()
    for path in own:
        shutil.copy(path, folder)
    platforms = [word for name in PLATFORMS[system] for word in ("--platform", name)]
    fixed = ("--quiet", "--no-deps", "--only-binary", ":all:", "--require-hashes")
    for version in PYTHONS:
        where: tuple[str | Path, ...] = (
            *platforms,
            "--python-version",
            version,
            "--implementation",
            "cp",
            "--dest",
            folder,
        )
        wrong = f"The packages for {system} with Python {version} cannot be fetched"
        pip(python, "download", *fixed, *where, "-r", ROOT / "requirements.txt", wrong=wrong)
    (folder / "requirements.txt").write_text(_pinned(folder.glob("*.whl")), encoding="utf-8", newline="\n")
    windows = system.startswith("windows")
    programs = "readiness\\Scripts\\" if windows else "readiness/bin/"
    text = INSTALL.format(
        system=system,
        pythons=ANY_PYTHON,
        python=f"{programs}python",
        readiness=f"{programs}readiness",
    )
    (folder / "INSTALL.txt").write_text(text, encoding="utf-8", newline="\r\n" if windows else "\n")


def _pinned(wheels: Iterable[Path]) -> str:
    """A line for each package: its version, and the hashes of its files."""
    hashes: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(wheels):
        name, version, *_ = path.name.split("-")
        plain = re.sub(r"[-_.]+", "-", name).lower()
        hashes[f"{plain}=={version}"].append(hashlib.sha256(path.read_bytes()).hexdigest())
    return "".join(
        " \\\n".join([pin, *(f"    --hash=sha256:{one}" for one in some)]) + "\n"
        for pin, some in hashes.items()
    )
