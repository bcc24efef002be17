"""The decision log of a run, read from its folder."""

from pathlib import Path

from engine.session import LogLine, parse_log

LOG = "decisions-log.jsonl"


def read_log(folder: Path) -> tuple[LogLine, ...]:
    """The decision log of a run; empty when nothing was decided. Raises `InputError` when it was altered."""
    path = folder / LOG
    return parse_log(path.read_text(encoding="utf-8"), str(path)) if path.is_file() else ()
