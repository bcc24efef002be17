"""Files of every format to sheets of text, each value with its cell."""

from inputs.files.reading import read_file
from inputs.files.sheets import Sheet

__all__ = ["Sheet", "read_file"]
