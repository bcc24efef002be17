"""Texts that a spreadsheet program would take for formulas."""

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "\uff1d", "\uff0b", "\uff0d", "\uff20")
"""A text that starts with one of these would run as a formula when it is typed, or opened from a CSV file
(OWASP ASVS 1.2.10)."""


def starts_like_formula(text: str) -> bool:
    """Whether typing this text into a cell would make a formula of it."""
    return text.startswith(FORMULA_STARTS)
