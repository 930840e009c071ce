"""Lock files and their proof: text to `model.Lock` and back, and what is wrong with a lock.

`registry` knows the formats; each has a module (or folder) of its own that reads and writes. `build` makes a
lock of solutions, `verify` proves one, `content_hash` and `peer` speak conda-lock's language. No network and
no solver here.
"""
