"""What mends a conflict: the fewest changes of lines, and what can be changed beside them, each proven."""
