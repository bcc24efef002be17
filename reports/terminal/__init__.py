"""One person explained in the terminal."""
