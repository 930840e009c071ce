"""One graph of Python packages, native libraries, PyPI distributions and virtual packages, and its questions.

`build` makes a `networkx.MultiDiGraph` of one platform of a lock or of a solution, `kinds` decides what each
package is. The questions: `chains` (why is it here, who needs it, what does it touch), `weight` (what would I
save), `shape` (cycles, bridges, native libraries, licences), `holds` (who holds it back), `platforms` (what
differs). `formats` writes JSON, DOT, GraphML and Mermaid. networkx is imported in this room alone.
"""
