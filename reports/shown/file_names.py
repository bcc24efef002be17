"""What a file may be called on every system."""

import re

LONGEST_STEM = 80
"""Letters of a name before its ending; a whole path on Windows may have 260."""
_RESERVED = re.compile(r"con|prn|aux|nul|(com|lpt)[0-9¹²³]", re.IGNORECASE)


def is_reserved(stem: str) -> bool:
    """Whether Windows takes the name, with any ending, for a device: no such file can be made there."""
    return _RESERVED.fullmatch(stem) is not None
