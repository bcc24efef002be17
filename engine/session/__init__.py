"""The calibration session: its terms, and the decisions that people make in it."""

from engine.session.calibration import (
    FAULTY,
    SETTLED,
    AgendaTopic,
    DecisionStatus,
    Entry,
    movement,
    session_terms,
    standing,
)
from engine.session.decisions import (
    Conflict,
    Decision,
    Key,
    LogLine,
    Merge,
    append,
    decisions_in,
    merge,
    parse_log,
    render_log,
)

__all__ = [
    "FAULTY",
    "SETTLED",
    "AgendaTopic",
    "Conflict",
    "Decision",
    "DecisionStatus",
    "Entry",
    "Key",
    "LogLine",
    "Merge",
    "append",
    "decisions_in",
    "merge",
    "movement",
    "parse_log",
    "render_log",
    "session_terms",
    "standing",
]
