"""From files to articles: each file is read by another process, within limits."""
