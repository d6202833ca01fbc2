"""Indexes on the disk: written, verified, published, loaded.

A snapshot is one state of an index, a folder that is never changed after it was published. Imports
retrieval and all below it.

The way through: files → manifest → snapshots → publishing; pointer → loading.
"""
