"""Why lines exclude each other: the derivation from the records, and its sentences."""
