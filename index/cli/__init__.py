"""The command line of the index: its commands by what they work on, and the program of them all.

Imports every wing of the index; nothing imports it but the entry points.
"""
