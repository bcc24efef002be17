"""Runs beside each other: what changed, what would change, and how groups fare."""
