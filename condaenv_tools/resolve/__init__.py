"""Requests to solutions.

`request` holds the values and the seam, `solve` asks an engine, `rattler_solver` is one, `solver_specs` speaks
its language, and `absence` says why no record answers a spec.
"""
