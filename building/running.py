"""Other programs, run quietly: what they say is shown only when they fail."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

LAST_LINES = 12
"""Lines of a failed program that are shown."""
_UNREACHED = (
    "Could not find a version that satisfies",
    "No matching distribution found",
    "Failed to establish a new connection",
    "Temporary failure in name resolution",
    "Read timed out",
)


class SetUpError(Exception):
    """The set-up cannot go on: one sentence, and what a program said, which may be empty."""

    def __init__(self, sentence: str, said: str = "") -> None:
        """Keep the last lines of what was said."""
        super().__init__(sentence)
        self.said = "\n".join(said.strip().splitlines()[-LAST_LINES:])


def run(
    command: Sequence[str | Path],
    wrong: str,
    *,
    folder: Path | None = None,
    variables: Mapping[str, str] | None = None,
    seconds: float | None = None,
) -> str:
    """Run a program to its end and return what it said. Raises SetUpError, which begins with `wrong`."""
    try:
        ran = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env={**os.environ, **(variables or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            errors="replace",
            timeout=seconds,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise SetUpError(f"{wrong}: it did not end within {seconds:.0f} seconds.") from error
    except OSError as error:
        raise SetUpError(f"{wrong}: {error.strerror or error}.") from error
    if ran.returncode < 0 or ran.returncode > 1 << 30:
        raise SetUpError(f"{wrong}: it crashed.", ran.stdout)
    if ran.returncode:
        raise SetUpError(f"{wrong}.", ran.stdout)
    return ran.stdout


def pip(python: Path, *arguments: str | Path, wrong: str, variables: Mapping[str, str] | None = None) -> str:
    """Run pip; where the package index cannot be reached, the sentence says so."""
    command = [python, "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments]
    try:
        return run(command, wrong, variables=variables)
    except SetUpError as error:
        if any(text in error.said for text in _UNREACHED):
            sentence = (
                f"{wrong}: the package index gave no answer, or does not have it. Check the connection, or "
                "tell pip where to look (PIP_INDEX_URL, PIP_FIND_LINKS)."
            )
            raise SetUpError(sentence, error.said) from error
        raise
