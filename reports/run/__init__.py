"""A run as a folder: written whole, read back."""
