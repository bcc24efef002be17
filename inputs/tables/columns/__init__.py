"""What each column of a table is: resolved by its values where those decide, else asked."""
