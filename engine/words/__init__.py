"""The values and phrases in which recommendations are told."""
