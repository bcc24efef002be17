"""Typed values, and an issue for every cell that does not fit."""
