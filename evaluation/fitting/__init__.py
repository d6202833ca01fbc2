"""What is learned: the weights of the ranking, the confidence, and their ablations."""
