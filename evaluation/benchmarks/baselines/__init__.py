"""What other libraries find and cost, each in a process of its own."""
