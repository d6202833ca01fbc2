"""Which passages match a question: articles, passages, vectors, words and their storage."""
