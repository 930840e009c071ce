"""Conflicts between both halves of an environment: lines for conda and lines for pip that exclude each other."""
