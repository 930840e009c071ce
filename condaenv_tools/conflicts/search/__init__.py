"""Which lines exclude each other: questions to the solver, and what the records show without it."""
