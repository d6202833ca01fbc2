"""Long runs against a server of its own process; ``make soak`` runs them and writes a report."""
