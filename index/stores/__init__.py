"""Where vectors are kept and searched: FAISS in memory, PostgreSQL or Milvus on a server.

``base.py`` says what a store does; ``opening.py`` chooses one. Imports encoders and the corpus.
"""
