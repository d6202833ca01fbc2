"""How fast and how large: timings, scale, and other libraries next to Citadel."""
