"""Which rows of a table count, and the one row per person that they make."""
