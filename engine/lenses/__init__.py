"""The frameworks of the articles as views over the same ratings."""
