"""Reliability, measured: kills, full disks, fuzzing, the oracle, hostile texts."""
