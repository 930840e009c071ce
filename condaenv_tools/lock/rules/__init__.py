"""The rules that a lock is held to: one module for each kind of question, each a function of a `Case`."""
