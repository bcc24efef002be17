"""The pins: which version of each package, and the hashes that its files have on every system."""

import tempfile
from pathlib import Path

from building.machine import ROOT
from building.running import pip, run


def write_pins(python: Path) -> None:
    """Write both files of pins anew; versions that still fit pyproject.toml are kept. Raises SetUpError."""
    with tempfile.TemporaryDirectory(prefix="readiness-", ignore_cleanup_errors=True) as tool:
        pip(python, "install", "--quiet", "--target", tool, "uv", wrong="The tool uv cannot be fetched")
        (uv,) = (path for path in Path(tool, "bin").iterdir() if path.stem == "uv")
        base = (uv, "pip", "compile", "--quiet", "pyproject.toml", "--universal", "--python-version", "3.11")
        form = ("--generate-hashes", "--no-annotate", "--no-emit-package", "durable-rules")
        note = ("--custom-compile-command", "python make.py pins")
        wrong = "The pins cannot be written"
        product = ("--group", "build", "--output-file", "requirements.txt")
        run([*base, *form, *note, *product], wrong, folder=ROOT)
        tools = ("--group", "dev", "--extra", "proofs", "--constraints", "requirements.txt")
        run([*base, *form, *note, *tools, "--output-file", "requirements-dev.txt"], wrong, folder=ROOT)
