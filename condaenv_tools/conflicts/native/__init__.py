"""Native libraries and binary interfaces that do not go together: one rule a module, proven by records."""
