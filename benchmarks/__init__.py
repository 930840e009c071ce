"""Benchmarks: what condaenv_tools costs beside the engine it stands on and the tools it can stand in for.

`python -m benchmarks` runs them and prints a table; `--write FILE` keeps it. Both sides of a row are measured
in the same run, in turn, and only their ratio means something on another machine.
"""
