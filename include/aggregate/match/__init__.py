"""Which reports tell of one incident: record linkage over columns.

accounts -> blocking -> score -> clusters -> link: what each report says in a form that compares; the pairs that are worth
comparing; their score with its reasons; groups of reports; the whole. Built here rather than taken from a library of record
linkage: see "Why not a library" in docs/METHODOLOGY.md.
"""
