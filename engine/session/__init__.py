"""The calibration session: its terms, and the decisions that people make in it."""
