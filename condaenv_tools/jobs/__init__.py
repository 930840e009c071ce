"""The whole jobs, from files to files, without printing: what the command line and a notebook both call.

`read`: files to one environment. `lock_files`: files to a proven lock. `verify_files`: a lock to its faults.
`snapshot_files`: the reachable part of the channels to a folder.
"""
