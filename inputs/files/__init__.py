"""Files of every format to sheets of text, each value with its cell."""
