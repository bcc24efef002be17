"""What comes back from a session: edited workbooks reviewed, votes, and the final decisions."""

from reports.calibration.ballots import write_vote_agenda
from reports.calibration.decision_files import write_decisions
from reports.calibration.review import Outcome, calibrate
from reports.calibration.votes import STANDS, Ballot, count_votes, twins

__all__ = [
    "STANDS",
    "Ballot",
    "Outcome",
    "calibrate",
    "count_votes",
    "twins",
    "write_decisions",
    "write_vote_agenda",
]
