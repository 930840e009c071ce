"""Changes of an environment file, applied to its text: what is not asked for keeps its bytes.

Ways in: `edit` (changes in, a new text out). Beneath it: `changes` (what may be asked for), `document` (where
lists and items stand), `choose` (which item is meant), `items` (new items, read on trial), `scalars` (how a text
is written), `block` and `flow` (lines and items put in and taken out), `making` (sections that are not there
yet), `selecting` (which selector says a set of platforms), `plan` and `pairs` (one change as edits), `meaning`
(what an edit must mean, held against what it does) and `patchwork` (edits on edits).
"""
