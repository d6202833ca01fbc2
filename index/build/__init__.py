"""From a folder of articles to a published snapshot.

``build.py`` reads like a table of contents: follow the last snapshot, embed what is new,
assemble, publish. Imports every other wing of the index.
"""
