"""Which of several tables are read, and how they become one table of people."""
