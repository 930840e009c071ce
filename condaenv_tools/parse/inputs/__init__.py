"""Other files to the same model: requirements, explicit lists, exports, Pipfile, poetry, PEP 621, pixi.

Way in: `registry.parse_input`. Beneath it, from text up: `spots` (where each value of a TOML or JSON text
stands), `items` (values with their places), `draft` (what a format gathers); then one module a format.
"""
