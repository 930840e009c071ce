"""The PyPI half: lines of a pip section and what conda provides in, the exact archives out.

`given`, `request` and `answer` hold the values and the seam, `engine` the engines by name. `uv_engine` is one:
`uv_session` knows one request, `uv_project` writes its question down, `uv_binary` runs it, `pylock_reading` reads
its answer. Where there is none because an index has a source archive only, `source_search` finds it and `sources`
offers it as a stub (`stubs`), with what `source_archives` and `source_metadata` read of it: nothing is built. The
answer is finished by `finishing`, and proven: `closure` follows the requirements of every archive (`metadata`,
`source_metadata`) on the real machine (`markers`, `tags`). Where there is none, `failures` says why: `core` finds
the part that is at fault, `descent` and `shortage` what the index lacks (`index_pages`), `conda_conflict` what
conda can be asked for.
"""
