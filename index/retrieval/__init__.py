"""From a question to hits: candidates, features, scores, ranking.

``search.py`` is the main path; ``passage_index.py`` holds what it searches. Imports stores,
encoders and the corpus.

The way through: search → features (candidates of the dense and the lexical search) → ranking →
hits and quotable sentences → signals, for the confidence.
"""
