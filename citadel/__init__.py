"""Citadel: answers quoted from your own articles, each with its place, or an honest no."""
