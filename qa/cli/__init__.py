"""The command line: options, batch files, plain text, and the composition of a server.

Imports answer, service and page; nothing imports it but the entry points.
"""
