"""What comes back from a session: edited workbooks reviewed, votes, and the final decisions."""

from reports.calibration.answer import outcome_json, outcome_lines, vote_lines, votes_json
from reports.calibration.ballots import write_vote_agenda
from reports.calibration.decision_files import write_decisions
from reports.calibration.review import Outcome, calibrate
from reports.calibration.votes import count_votes, twins

__all__ = [
    "Outcome",
    "calibrate",
    "count_votes",
    "outcome_json",
    "outcome_lines",
    "twins",
    "vote_lines",
    "votes_json",
    "write_decisions",
    "write_vote_agenda",
]
