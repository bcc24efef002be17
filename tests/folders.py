"""What is in folders, to be compared."""

from pathlib import Path


def contents(folder: Path) -> dict[str, bytes]:
    """Every file in a folder and below it, by its name there."""
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def results(run: Path) -> dict[str, bytes]:
    """The same of a run, but for how long everything took."""
    return {name: held for name, held in contents(run).items() if not name.endswith("timings.json")}
