"""Measures as tables, pages, plots, and floors that must hold."""
