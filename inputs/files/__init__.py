"""Files of every format to sheets of text, each value with its cell."""

from inputs.files.reading import read_file
from inputs.files.sheets import Sheet
from inputs.files.text_encodings import in_clear_letters

__all__ = ["Sheet", "in_clear_letters", "read_file"]
