"""Text to vectors: models, the backends that run them, and the embeddings of passages.

``encoder.py`` says what the rest of Citadel needs of a model; ``transformer.py`` fulfils it with a
sentence-transformers model on one of the backends; ``bert.py`` reads those that come with Citadel
without PyTorch. Imports the corpus only.

The way through: models → backends → network → transformer → batching → embeddings.
"""
