"""From a question and its history to an answer: quoted sentences, or an honest no.

``answering.py`` is the main path. Imports the index only, knows nothing of pages or servers.

The way through: intent → follow_ups → finding → confidence → quoting → answers.
"""
