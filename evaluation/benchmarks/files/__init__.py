"""How faithfully files are read: files are written whose text is known, read, and compared."""
