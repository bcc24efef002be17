"""What comes back from a session: edited workbooks reviewed, votes, and the final decisions."""

from reports.calibration.answer import (
    differing,
    kept_json,
    kept_lines,
    outcome_json,
    outcome_lines,
    vote_lines,
    vote_notes,
    votes_json,
    withdrawn_line,
)
from reports.calibration.applying import apply_workbooks, keep_decisions, withdraw
from reports.calibration.deciding import (
    UNASKED,
    MeanwhileError,
    agree_to_rest,
    decide,
    follow_log,
    rest_of,
    said_of_rest,
    take_back,
    take_back_rest,
    versions_in,
)
from reports.calibration.decision_files import write_decisions
from reports.calibration.outcome import Outcome
from reports.calibration.review import review_votes
from reports.calibration.sitting import (
    Seat,
    SeatDetails,
    Sitting,
    minutes,
    progress_of,
    seat_details,
    sitting_of,
)
from reports.calibration.votes import count_votes, write_voted

__all__ = [
    "UNASKED",
    "MeanwhileError",
    "Outcome",
    "Seat",
    "SeatDetails",
    "Sitting",
    "agree_to_rest",
    "apply_workbooks",
    "count_votes",
    "decide",
    "differing",
    "follow_log",
    "keep_decisions",
    "kept_json",
    "kept_lines",
    "minutes",
    "outcome_json",
    "outcome_lines",
    "progress_of",
    "rest_of",
    "review_votes",
    "said_of_rest",
    "seat_details",
    "sitting_of",
    "take_back",
    "take_back_rest",
    "versions_in",
    "vote_lines",
    "vote_notes",
    "votes_json",
    "withdraw",
    "withdrawn_line",
    "write_decisions",
    "write_voted",
]
