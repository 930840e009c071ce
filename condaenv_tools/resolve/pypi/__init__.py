"""The PyPI half: lines of a pip section and what conda provides in, the exact archives out.

`request` holds the values and the seam, `engine` the engines by name. `uv_engine` is one: `uv_project` writes
its question down, `uv_binary` runs it, `pylock_reading` reads its answer, `closure` proves the answer with the
metadata of every archive and the machine's real environment (`markers`, `tags`, `metadata`), and `core`,
`index_pages` and `failures` say why there is none.
"""
