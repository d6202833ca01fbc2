"""From files to articles to passages.

A file of any supported format is read in a sandboxed process (``sandbox/``, ``formats/``) into an
``Article``, a text with its layout; ``passages.py`` and ``sentences.py`` cut that into what is
embedded, found and quoted. ``corpus.py`` reads a whole folder. Imports no other wing.

The way through: source_files → sandbox → formats → articles → passages → sentences.
"""
