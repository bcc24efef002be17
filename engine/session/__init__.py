"""The calibration session: its terms, and the decisions that people make in it."""

from engine.session.calibration import (
    FAULTY,
    SETTLED,
    AgendaTopic,
    DecisionStatus,
    Entry,
    decision_status,
    movement,
    session_terms,
)
from engine.session.decisions import (
    Conflict,
    Decision,
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
    "LogLine",
    "Merge",
    "append",
    "decision_status",
    "decisions_in",
    "merge",
    "movement",
    "parse_log",
    "render_log",
    "session_terms",
]
