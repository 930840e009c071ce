"""Text to model: `environment.yml` (CEP 24) and files of virtual packages, all faults told at once.

Ways in: `environment_yml` (one file), `merge` (several), `virtual_packages_yml`. Beneath them, from bytes up:
`text` (encodings, places), `yaml_nodes` (bounded YAML), `yaml_causes` and `yaml_faults` (what is no YAML, and
why), `report` and `codes` (findings), `selectors`, `reading` (what all sections share), and one file for each
kind of section: `sections`, `dependencies_section`, `specs`, `pip_section`.
"""
