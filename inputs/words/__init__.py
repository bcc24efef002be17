"""What people write: headers, rater words, levels, scales, dates; the words themselves are YAML files."""

from inputs.words.dates import read_dates
from inputs.words.spelling import person_key, plain_id
from inputs.words.texts import ERROR_TEXTS

__all__ = ["ERROR_TEXTS", "person_key", "plain_id", "read_dates"]
