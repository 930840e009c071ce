"""Where records come from: one seam, `source.RecordSource`, and its implementations.

`remote`, `directory` and `snapshot` implement the seam. `engine` owns the event loop and the gateways of
py-rattler, `convert` turns its records into ours, `failures` its errors. `absence` finds what was probably
meant, `record_snapshot` writes the part of a channel that specs can reach.
"""
