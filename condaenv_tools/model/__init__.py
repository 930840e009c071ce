"""Frozen values without I/O: what every other room speaks of.

The files, in the order in which they build on each other: `names`, `version`, `version_spec`, `match_spec`,
`platform`, `virtual`, `record`, `selector`, `span`, `finding`, `environment`, `channel`, `solution`, `lock`.
"""
