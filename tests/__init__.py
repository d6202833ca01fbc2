"""The tests of Citadel."""
