"""What comes back from a session: edited workbooks reviewed, votes, and the final decisions."""
