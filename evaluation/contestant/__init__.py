"""Citadel as a contestant of the benchmark."""
