"""Sheets to tables of people and ratings: which column is which, and how tables join."""
