"""What is fitted: the weights of the ranking, the confidence, and their ablations."""
