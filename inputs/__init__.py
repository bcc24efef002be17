"""Spreadsheets of ratings, read and checked: a file goes in, a `Roster` comes out."""
