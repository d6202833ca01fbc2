"""From files to articles: each file is read by another process, within limits."""

SECONDS = 20
"""A file that takes longer is given up."""

MEMORY_BYTES = 1_000_000_000
"""The address space of a process that reads files (RLIMIT_AS)."""

PICTURE_PIXELS = 1_600
"""The longer side of the picture of a page."""

RETIREMENT_BYTES = 500_000_000
"""A process that holds this much after a file is replaced: the next file could not use it."""
