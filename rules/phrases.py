"""How time is written, the same in every part of the product."""


def span(months: int) -> str:
    """So much time: `7 months`, `2 years`, `1 year and 6 months`."""
    years, left = divmod(months, 12)
    parts = [(n, unit) for n, unit in ((years, "year"), (left, "month")) if n] or [(0, "month")]
    return " and ".join(f"{n} {unit}" + "s" * (n != 1) for n, unit in parts)
