"""Why an environment cannot be solved: the lines to blame, the chain of requirements, and what mends it.

Nothing here knows of files beyond the places of their lines, nor of terminals.
"""
