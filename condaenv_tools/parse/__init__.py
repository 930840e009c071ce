"""Text to model: `environment.yml` (CEP 24) and files of virtual packages, all faults told at once.

Ways in: `environment_yml` (one file), `merge` (several), `virtual_packages_yml`. Beneath them, from bytes up:
`text` (encodings, places); `yaml_nodes` (bounded YAML); `yaml_faults`, `yaml_causes`, `yaml_cause` and
`foreign_lines` (what is no YAML, why, and reading on); `report` and `codes` (findings); `selectors` and
`platform_words`; `reading` (what all sections share); and the sections themselves: `sections`,
`dependencies_section`, `specs`, `pip_section`, `pip_faults`.
"""
