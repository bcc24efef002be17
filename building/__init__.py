"""Sets the project up on a machine that has Python and nothing else, with the standard library alone."""
